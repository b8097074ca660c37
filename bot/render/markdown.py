"""The only module that escapes text from outside for Discord and makes links.

Nothing returned by `escape` or used as a `link` title can format, link, ping or show an emoji, a timestamp or a
mention: Discord shows the characters as they are. Our own layout is in the other modules.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Literal

from bot.render.limits import length
from digests import urls
from digests.bounded_cache import cached

StampStyle = Literal["t", "T", "d", "D", "f", "F", "R"]

LINK_URL_CHARS = 1800
"""Longer addresses do not become links, so that a story always fits into a message."""
ELLIPSIS = "…"

# Control characters except white space, directional overrides and isolates (they would reverse our own words),
# zero-width spaces, byte order marks, unassigned tag controls, lone surrogates.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_COMBINING = r"[\u0300-\u036f\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_PILED_UP = re.compile(f"({_COMBINING}{{3}}){_COMBINING}+")
_SPECIAL = re.compile(
    r"""
      [\\*_~`|<\[\]@]            # emphasis, spoilers, code, links, mentions and all else in angle brackets
    | \A[#>+-]                    # headings, subtext, quotes, lists: only at a line's start
    | :(?=//|:|[^\s:]+:)          # bare addresses, emoji by name
    """,
    re.VERBOSE,
)
_LIST_NUMBER = re.compile(r"\A(\d+)(?=[.)])")
_MENTION_IN_CODE = re.compile(r"@(?=everyone|here|[!&]?\d)", re.IGNORECASE)
_CODE = re.compile(r"(`[^`]+`)")
_OPEN_COLON = re.compile(r":(?=[^\s:]*\Z)")
_EVERYONE = re.compile(r"@(?=everyone|here)", re.IGNORECASE)
_IN_TARGET = re.compile(r"[()\[\]<>*`\\\"\s]")
_EVERYONE_IN_TARGET = re.compile(r"@(?=everyone|here|&|!|\d)", re.IGNORECASE)
# Removed before an ellipsis: punctuation that expects more, and combining characters whose base was cut off.
_LOOSE = " ,;:.-–—/([{\"'“‘\u200d\ufe0e\ufe0f" + "".join(
    map(chr, (*range(0x300, 0x370), *range(0x1F3FB, 0x1F400), *range(0x1F1E6, 0x1F200)))
)


@cached(8192)
def plain(text: str) -> str:
    """Return text on one line, without control characters and the like; nothing is escaped.

    For places where Discord renders no markdown (labels, options, alt texts), and as the first step of `escape`.
    """
    return _PILED_UP.sub(r"\1", " ".join(_UNSEEN.sub("", text).split()))


@cached(8192)
def escape(text: str) -> str:
    """Return text on one line, escaped so that Discord shows exactly its characters."""
    return _escaped(plain(text))


def sentence_of(text: str) -> str:
    """Escape a sentence of ours that may quote user input; `code` stays code."""
    parts = _CODE.split(plain(text))
    message = ""
    for index, part in enumerate(parts):
        if index % 2:
            message += _MENTION_IN_CODE.sub("@\u200b", part)
        elif index + 1 < len(parts):
            # A colon before code could start an emoji name that ends inside it.
            message += _OPEN_COLON.sub(r"\\:", _escaped(part))
        else:
            message += _escaped(part)
    return message


@cached(8192)
def clip(text: str, chars: int) -> str:
    """Clip text (before escaping) to `chars`, at the end of a word and with an ellipsis.

    A trailing "..." becomes the same ellipsis. If `chars` has no room for a word the result is empty.
    """
    text = plain(text)
    body = text.rstrip(" .…")
    ending = text[len(body) :]
    ended = body + (ELLIPSIS if "..." in ending or ELLIPSIS in ending else ending)
    if length(ended) <= chars:
        return ended if body else ""
    room = chars - len(ELLIPSIS)
    if room <= 0:
        return ""
    cut = text[:room]
    while (over := length(cut) - room) > 0:
        cut = cut[: -((over + 1) // 2)]
    if not text[len(cut)].isspace():
        head, space, tail = cut.rpartition(" ")
        # A word longer than a third of the room (or a script without spaces) is cut anywhere.
        if space and len(tail) <= max(24, room // 3):
            cut = head
    cut = cut.rstrip(_LOOSE)
    return cut + ELLIPSIS if cut else ""


@cached(8192)
def target(url: str | None) -> str | None:
    """Return an address in a form that is safe between a link's parentheses; None if impossible or too long."""
    safe = urls.safe(url) if url else None
    if safe is None:
        return None
    scheme, separator, rest = safe.partition("://")
    host, slash, tail = _split_host(rest)
    if "[" in host:
        return None
    tail = _IN_TARGET.sub(lambda found: f"%{ord(found[0]):02X}", tail)
    tail = _EVERYONE_IN_TARGET.sub("%40", tail)
    whole = f"{scheme}{separator}{host}{slash}{tail}"
    return whole if length(whole) <= LINK_URL_CHARS else None


def link(title: str, url: str | None, *, chars: int | None = None) -> str:
    """Return a masked link, or just the escaped title if there is no usable address.

    Args:
        title: Clipped to `chars` before it is escaped. Square brackets become round ones, because Discord pairs them in
            a link's title even if they are escaped.
        url: http(s) only; anything else is not made a link.
        chars: None for no limit.
    """
    words = plain(title)
    if chars is not None:
        words = clip(words, chars)
    address = target(url)
    if address is None:
        return escape(words)
    words = words.replace("[", "(").replace("]", ")")
    if not words:
        words = urls.domain_of(address) or address
    return f"[{escape(words)}]({address})"


def stamp(moment: datetime, style: StampStyle = "R") -> str:
    """Return a timestamp that Discord shows in each reader's time zone and language.

    Args:
        moment: Aware.
        style: t, T: time; d, D: date; f, F: both, short and long; R: how long ago.
    """
    return f"<t:{int(moment.timestamp())}:{style}>"


def _escaped(text: str) -> str:
    escaped = _LIST_NUMBER.sub(r"\1\\", _SPECIAL.sub(lambda found: "\\" + found[0], text))
    # A backslash stops the client from showing this mention, but not Discord's servers: only a gap does.
    return _EVERYONE.sub("@\u200b", escaped)


def _split_host(rest: str) -> tuple[str, str, str]:
    found = re.search(r"[/?#]", rest)
    if found is None:
        return rest, "", ""
    return rest[: found.start()], found[0], rest[found.end() :]
