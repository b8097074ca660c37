"""One self-contained page that shows messages as a channel does: for previews, screenshots and tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from functools import cache
from pathlib import Path

from sandbox.html import icons
from sandbox.html.elements import NOTHING, Html, element, escape, join
from sandbox.html.messages import Message, render_messages
from sandbox.html.view import View

_WEB = Path(__file__).parent.parent / "web"

# Pictures of articles are the only thing a page may fetch; no script runs in it at all.
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src http: https: data:; base-uri 'none'; form-action 'none'"
)


@dataclass(frozen=True, slots=True)
class Author:
    """Who posts the messages of a page, where a message does not say so itself."""

    name: str = "Broadsheet"
    id: str = "0"
    bot: bool = True


@cache
def message_style() -> str:
    """Return the style sheet of messages, which every page that shows some includes."""
    return (_WEB / "discord.css").read_text(encoding="utf-8")


def render_page(
    messages: Sequence[Message],
    *,
    title: str,
    channel_name: str,
    now: datetime,
    timezone: tzinfo,
    author: Author | None = None,
    topic: str = "",
    channel_kind: int = 0,
    images: bool = True,
    view: View | None = None,
    composer: bool = True,
) -> str:
    """Return a complete HTML document with inline styles and no script.

    Args:
        messages: Message objects as for `render_messages`; `{"components": […], "flags": 32768}` is enough.
        title: What the browser's tab says.
        channel_name: Without `#`.
        now: Aware; relative times count from it.
        timezone: In which all other times are written.
        author: Of messages that name none.
        topic: Beside the channel's name; empty for none.
        channel_kind: Discord's channel type, for the icon.
        images: False draws neutral boxes in place of pictures.
        view: Names for mentions; its now, timezone and images give way to the arguments.
        composer: Whether the box to write in is drawn below; it cannot be used.
    """
    names = view or View(now, timezone)
    reader = replace(names, now=now, timezone=timezone, images=images)
    poster = author or Author()
    signed = {"author": {"id": poster.id, "username": poster.name, "bot": poster.bot}}
    entries = render_messages([{**signed, **message} for message in messages], reader)
    head = join(
        [
            element("meta", charset="utf-8"),
            element("meta", name="viewport", content="width=device-width, initial-scale=1"),
            element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
            element("meta", name="referrer", content="no-referrer"),
            element("meta", name="color-scheme", content="dark light"),
            element("title", escape(title)),
            element("style", Html(message_style())),
        ],
        "\n",
    )
    name = element("h1", escape(channel_name))
    about = element("p", escape(topic), class_="dc-topic") if topic else NOTHING
    bar = element("header", join([icons.channel_icon(channel_kind), name, about]), class_="dc-bar")
    listed = join((element("li", entry.html) for entry in entries), "\n")
    main = element("main", element("ol", listed, class_="dc-messages"), class_="dc-channel")
    box = element("div", join([icons.PLUS, escape(f"Message #{channel_name}")]), class_="dc-box", aria_hidden="true")
    body = element("body", join([bar, main, box if composer else NOTHING], "\n"), class_="dc-page")
    return f"<!DOCTYPE html>\n{element('html', join([element('head', head), body], chr(10)), lang='en')}\n"
