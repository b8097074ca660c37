"""Whole messages: avatar, name, badge and time, what was said, and the line that only the asker sees."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sandbox.html import icons
from sandbox.html.components import components_of, file_card, number_of, picture, render_components, text_of
from sandbox.html.elements import NOTHING, Html, element, escape, join, link_target
from sandbox.html.embeds import render_embed
from sandbox.html.markdown import render_markdown
from sandbox.html.timestamps import formatted, heading, parsed
from sandbox.html.view import View

Message = Mapping[str, Any]

CROSSPOSTED, EPHEMERAL, LOADING, COMPONENTS_V2 = 1 << 0, 1 << 6, 1 << 7, 1 << 15

# Discord gathers what one author says within seven minutes under one name.
GROUPED_WITHIN = timedelta(minutes=7)

_AVATAR_COLORS = ("#5865f2", "#757e8a", "#3ba55c", "#faa61a", "#ed4245", "#eb459f")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a channel: a message or the divider of a new day. `key` is stable as long as it is shown."""

    key: str
    html: Html


def render_messages(messages: Sequence[Message], view: View) -> tuple[Entry, ...]:
    """Return a channel's entries, oldest first, with day dividers and an author's messages gathered.

    Args:
        messages: Message objects as Discord sends them, oldest first. Without a `timestamp` a message is from now;
            without an `author` it is the bot's.
        view: Who reads.
    """
    entries: list[Entry] = []
    last: tuple[str, datetime] | None = None
    day: date | None = None
    for index, message in enumerate(messages):
        moment = parsed(message.get("timestamp"), view) or view.now
        local_day = moment.astimezone(view.timezone).date()
        if local_day != day:
            shown = formatted(moment, "D", view)
            divider = element(
                "div", element("span", escape(shown)), class_="dc-day", role="separator", aria_label=shown
            )
            entries.append(Entry(f"day-{local_day.isoformat()}-{index if day and local_day < day else 0}", divider))
            day, last = local_day, None
        author = _author_key(message)
        alone = _interaction(message) is not None or number_of(message, "flags") & EPHEMERAL
        grouped = last is not None and not alone and last[0] == author and moment - last[1] < GROUPED_WITHIN
        entries.append(
            Entry(text_of(message, "id") or f"message-{index}", render_message(message, view, grouped=grouped))
        )
        last = (author, moment)
    return tuple(entries)


def render_message(message: Message, view: View, *, grouped: bool = False) -> Html:
    """Return one message's markup; a grouped one leaves out avatar and name, as the one above shows them."""
    flags = number_of(message, "flags")
    author = _author(message)
    moment = parsed(message.get("timestamp"), view) or view.now
    ident = text_of(message, "id")
    classes = ["dc-message"]
    if grouped:
        classes.append("dc-grouped")
    if flags & EPHEMERAL:
        classes.append("dc-ephemeral")
    elif _mentions(message, view):
        classes.append("dc-mentioned")
    parts = [_used_command(message)]
    if grouped:
        clock = element(
            "time", escape(formatted(moment, "t", view)), datetime=moment.isoformat(), class_="dc-aside-time"
        )
        parts.append(clock)
    else:
        parts.append(avatar(_name(author), str(author.get("id", "")), bot=author.get("bot") is True))
        parts.append(_header(author, moment, view, published=bool(flags & CROSSPOSTED)))
    body = _thinking(_name(author)) if flags & LOADING else _body(message, view)
    parts.append(element("div", body, class_="dc-body"))
    if flags & EPHEMERAL:
        parts.append(_only_you())
    elif view.live:
        parts.append(_more())
    spoken = f"{_name(author)}, {heading(moment, view)}"
    return element(
        "article",
        join(parts),
        class_=" ".join(classes),
        data_message_id=ident or None,
        data_author=_name(author) if view.live else None,
        aria_label=spoken,
    )


def avatar(name: str, ident: str, *, bot: bool) -> Html:
    """Return a round picture: the newspaper for a bot, a person's initial on a colour that is theirs."""
    if bot:
        return element("span", icons.NEWSPAPER, class_="dc-avatar", aria_hidden="true")
    digest = hashlib.sha256(ident.encode("utf-8", "replace")).digest()
    color = _AVATAR_COLORS[digest[0] % len(_AVATAR_COLORS)]
    initial = escape((name.strip() or "?")[0].upper())
    return element("span", initial, class_="dc-avatar dc-initial", style=f"--dc-avatar: {color}", aria_hidden="true")


def _author(message: Message) -> Mapping[str, Any]:
    found = message.get("author")
    return found if isinstance(found, Mapping) else {"id": "0", "username": "Broadsheet", "bot": True}


def _author_key(message: Message) -> str:
    return str(_author(message).get("id", ""))


def _name(author: Mapping[str, Any]) -> str:
    return text_of(author, "global_name") or text_of(author, "username") or "Unknown"


def _mentions(message: Message, view: View) -> bool:
    roles = message.get("mention_roles")
    return (
        message.get("mention_everyone") is True
        or any(text_of(each, "id") == view.reader_id for each in components_of(message, "mentions"))
        or (isinstance(roles, Sequence) and any(role in view.reader_roles for role in roles if isinstance(role, str)))
    )


def _header(author: Mapping[str, Any], moment: datetime, view: View, *, published: bool) -> Html:
    name = element("span", escape(_name(author)), class_="dc-author")
    badge = element("span", escape("APP"), class_="dc-app") if author.get("bot") is True else NOTHING
    clock = element(
        "time",
        escape(heading(moment, view)),
        class_="dc-clock",
        datetime=moment.isoformat(),
        title=formatted(moment, "F", view),
    )
    mark = NOTHING
    if published:
        words = "Published to the channel's followers"
        mark = element("span", icons.MEGAPHONE, class_="dc-published", role="img", title=words, aria_label=words)
    return element("h3", join([name, badge, clock, mark]), class_="dc-header")


def _interaction(message: Message) -> Mapping[str, Any] | None:
    found = message.get("interaction_metadata") or message.get("interaction")
    # Only a command's own answer has this line; what a button sends does not.
    return found if isinstance(found, Mapping) and found.get("type", 2) == 2 else None


def _used_command(message: Message) -> Html:
    interaction = _interaction(message)
    if interaction is None:
        return NOTHING
    older = message.get("interaction")
    command = text_of(interaction, "name") or (text_of(older, "name") if isinstance(older, Mapping) else "")
    user = interaction.get("user")
    if not command or not isinstance(user, Mapping):
        return NOTHING
    name = _name(user)
    words = [
        avatar(name, str(user.get("id", "")), bot=False),
        element("span", escape(name), class_="dc-used-by"),
        escape(" used "),
        element("span", escape(command if _from_menu(message) else f"/{command}"), class_="dc-used-command"),
    ]
    return element("div", join(words), class_="dc-used")


def _from_menu(message: Message) -> bool:
    about = message.get("interaction_metadata")
    return isinstance(about, Mapping) and ("target_message_id" in about or "target_user" in about)


def _thinking(name: str) -> Html:
    dots = element("span", join([element("span")] * 3), class_="dc-dots", aria_hidden="true")
    return element("div", join([dots, escape(f"{name} is thinking…")]), class_="dc-thinking")


def _only_you() -> Html:
    dismiss = element("button", escape("Dismiss message"), type="button", class_="dc-dismiss")
    words = [icons.EYE, escape("Only you can see this • "), dismiss]
    return element("div", join(words), class_="dc-only-you")


def _more() -> Html:
    return element(
        "button", icons.DOTS, type="button", class_="dc-more", aria_label="More", title="More", aria_haspopup="menu"
    )


def _body(message: Message, view: View) -> Html:
    attachments = components_of(message, "attachments")
    components = components_of(message)
    if number_of(message, "flags") & COMPONENTS_V2 or not (
        message.get("content") or message.get("embeds") or attachments
    ):
        urls = {text_of(each, "filename"): text_of(each, "url") for each in attachments}
        return join([render_components(components, view, urls), _edited(message)])
    drawn: list[Html] = []
    if content := text_of(message, "content"):
        drawn.append(element("div", render_markdown(content, view), class_="dc-text"))
    drawn.extend(_attachment(each, view) for each in attachments)
    drawn.extend(render_embed(each, view) for each in components_of(message, "embeds"))
    drawn.append(render_components(components, view))
    drawn.append(_edited(message))
    return join(drawn)


def _edited(message: Message) -> Html:
    if not message.get("edited_timestamp"):
        return NOTHING
    return element("span", escape("(edited)"), class_="dc-edited")


def _attachment(attachment: Mapping[str, Any], view: View) -> Html:
    url = link_target(attachment.get("url"))
    if url and view.images and text_of(attachment, "content_type").startswith("image/"):
        return picture(url, text_of(attachment, "description"), "dc-media dc-attachment")
    return file_card(text_of(attachment, "filename"), number_of(attachment, "size"), url)
