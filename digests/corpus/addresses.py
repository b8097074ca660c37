"""Finds an article's address in its fields, and all keys that identify it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple, cast
from urllib.parse import urljoin

from digests import urls
from digests.corpus.schema import ArticleFields, RelatedFields, Remarks, name_of
from digests.corpus.site import Site
from digests.corpus.vocabulary import CANONICALS, LINKS, OWN_ADDRESSES, Vocabulary
from digests.corpus.yaml import Path
from digests.i18n import _

_DIALECT = ("webUrl", "originalUrl", "ampWebUrl", "cdnAmpWebUrl")
_MARKED_UP = re.compile(r"<([^<>\s]+)>|\[[^\[\]]*\]\(<?([^()<>\s]+)>?\)")
_AMP_CACHE = re.compile(r"https://[a-z0-9-]+\.cdn\.ampproject\.org/c/s/")


class Address(NamedTuple):
    """An address as published and the keys of all addresses, its own first.

    `name` is the field it came from; `is_link` that it may lead to somebody else's page.
    """

    url: str | None
    keys: tuple[str, ...]
    name: str = ""
    is_link: bool = False


def of_dialect(fields: ArticleFields | RelatedFields, remarks: Remarks, place: Path = ()) -> Address:
    """Return the address in the publisher's fields."""
    url: str | None = None
    keys: dict[str, None] = {}
    taken = source = ""
    for name in _DIALECT:
        if name not in fields:
            continue
        written = cast("str | None", fields.get(name))
        if not written or (taken and _is_evidently(written, taken)):
            continue
        link = urls.resolve(written)
        if link is None:
            note_dropped((*place, name), written, remarks)
            continue
        if url is None:
            url, source = link[0], name
        taken = written
        keys[link[1]] = None
    return Address(url, tuple(keys), source)


def of_words(words: Vocabulary, site: Site, remarks: Remarks, label: Callable[[str, Path], str]) -> Address | None:
    """Return the address in other generators' fields, if one is absolute or canonical."""
    for name, place, value in words.each(CANONICALS):
        written = value.strip() if isinstance(value, str) else ""
        if written.startswith("/") and site.url:
            written = urljoin(f"{site.url}/", written)
        if written and (link := urls.resolve(written)) is not None:
            return Address(link[0], (link[1],), label(name, place))
        if urls.is_web(written):
            note_dropped(place, written, remarks)
    for names, is_link in ((LINKS, True), (OWN_ADDRESSES, False)):
        for name, place, value in words.each(names):
            texts = value if isinstance(value, list) else [value]
            for each in texts[:3]:
                written = _unwrapped(each)
                if not urls.is_web(written):
                    continue
                link = urls.resolve(written)
                if link is not None:
                    return Address(link[0], (link[1],), label(name, place), is_link)
                note_dropped(place, written, remarks)
    return None


def _unwrapped(value: object) -> str:
    """Return a bare address: without an object or Markdown around it, and with its scheme."""
    if isinstance(value, dict):
        value = value.get("url") or value.get("href")
    written = value.strip() if isinstance(value, str) and len(value) <= 2 * urls.MAX_URL_CHARS else ""
    if written[:1] in {"<", "["} and (link := _MARKED_UP.fullmatch(written)) is not None:
        written = link[1] or link[2]
    return f"https:{written}" if written.startswith("//") else written


def note_dropped(place: Path, written: str, remarks: Remarks) -> None:
    """Add a remark on an address that was dropped."""
    if not written.strip():
        return
    if not urls.is_web(written):
        reason = _("{field} is not an http or https address and is left out")
    elif urls.is_too_long(written):
        reason = _("{field} is longer than {count} characters and is left out")
    else:
        reason = _("{field} is not a valid address and is left out")
    remarks.add(place, reason.format(field=name_of(place), count=urls.MAX_URL_CHARS))


def _is_evidently(other: str, taken: str) -> bool:
    """Check, without the cost of canonical forms, whether an address is the one just taken or an AMP form of it."""
    if not other.startswith(taken):
        cached = _AMP_CACHE.match(other)
        if cached is None:
            return False
        other = f"https://{other[cached.end() :]}"
    if other == taken:
        return True
    if other.startswith(taken):
        return other[len(taken) :].strip("/") == "amp" and "?" not in taken and "#" not in taken
    return False
