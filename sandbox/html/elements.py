"""The one place where markup is written: every tag of the sandbox comes from `element`, every text passes `escape`.

Content comes from feeds and is hostile; nothing here knows what a message is.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import NewType
from urllib.parse import urlsplit

Html = NewType("Html", str)
"""Markup that is safe to send: made by `element` or `escape`, never by hand from content."""

NOTHING = Html("")

VOID_TAGS = frozenset({"br", "hr", "img", "input", "meta"})
ALLOWED_LINK = re.compile(r"https?://[^\s\x00-\x20]+", re.IGNORECASE)

# C0 and C1 controls have no picture and confuse parsers; a lone surrogate cannot be sent as UTF-8 at all.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def escape(text: str) -> Html:
    """Return `text` in a form that is safe between tags or inside a quoted attribute."""
    return Html(html.escape(_UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text), quote=True))


def join(parts: Iterable[Html], separator: str = "") -> Html:
    """Return the parts one after another; `separator` is markup of ours, never content."""
    return Html(separator.join(parts))


def element(tag: str, content: Html = NOTHING, /, **attributes: str | int | bool | None) -> Html:
    """Return one element.

    Args:
        tag: A tag name of ours, never content.
        content: What is inside; ignored for void tags.
        attributes: `class_` for class, `data_x` for data-x; None and False are left out, True becomes a bare attribute,
            other values are escaped.
    """
    written = [tag]
    for name, value in attributes.items():
        if value is None or value is False:
            continue
        name = name.rstrip("_").replace("_", "-")
        written.append(name if value is True else f'{name}="{escape(str(value))}"')
    opening = f"<{' '.join(written)}>"
    return Html(opening if tag in VOID_TAGS else f"{opening}{content}</{tag}>")


def link_target(url: object) -> str | None:
    """Return `url` when it is an http or https address with a host, else None."""
    if not isinstance(url, str) or not ALLOWED_LINK.fullmatch(url):
        return None
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    return url if host else None


def link(url: str, content: Html, **attributes: str | int | bool | None) -> Html:
    """Return a link that opens in a new tab and tells the target nothing; `url` has passed `link_target`."""
    return element("a", content, href=url, target="_blank", rel="noopener noreferrer nofollow", **attributes)
