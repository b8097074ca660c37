"""Finds an article's pictures in its fields, with absolute addresses."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import NamedTuple

from digests import text as texts
from digests import urls
from digests.corpus.addresses import note_dropped
from digests.corpus.schema import ArticleFields, Remarks
from digests.corpus.site import Site
from digests.corpus.vocabulary import PICTURE_KEYS, PICTURES, Vocabulary, folded
from digests.corpus.yaml import Path
from digests.models import Image

MAX_PIXELS = 1_000_000
MAX_PICTURES = 20
_OBJECTS = frozenset({"header", "resources"})
_FEATURED = re.compile(r"(?i)feature|cover|thumb|hero|banner|header")
_PLACED = re.compile(r"(?:\{(?:static|attach|filename|photo)\}|\|(?:static|filename)\|)(.{1,2000})\Z")
_PICTURE_FILE = re.compile(r"(?i)\.(?:png|jpe?g|gif|webp|avif|svg)\Z")


class PictureField(NamedTuple):
    """Pictures and the field that they are from."""

    name: str
    place: Path
    images: tuple[Image, ...]


def of_dialect(fields: ArticleFields, remarks: Remarks) -> tuple[Image, ...]:
    """Return the pictures of the publisher's `images`."""
    kept = []
    for position, entry in enumerate(fields.get("images") or ()):
        written = entry.get("url") if entry else None
        if not entry or not written:
            continue
        link = urls.safe(written)
        if link is None:
            note_dropped(("images", position, "url"), written, remarks)
            continue
        title = entry.get("title")
        shown = texts.one_line(title) if title else None
        kept.append(Image(link, _size(entry.get("width")), _size(entry.get("height")), shown))
    return tuple(kept)


def of_words(words: Vocabulary, site: Site, path: str, page_url: str | None) -> PictureField | None:
    """Return the pictures of the first field that has any."""
    for name, place, value in words.each(PICTURES):
        if name in _OBJECTS:
            value = _of_object(name, value)
        kept: dict[str, Image] = {}
        for written, title in _written(value):
            link = joined(site, path, page_url, written)
            if link is not None and len(kept) < MAX_PICTURES:
                kept.setdefault(link, Image(link, None, None, texts.one_line(title) if title else None))
        if kept:
            return PictureField(name, place, tuple(kept.values()))
    return None


def joined(site: Site, path: str, page_url: str | None, written: str) -> str | None:
    """Return a picture's absolute address; None if it is unknown or invalid."""
    written = written.strip()
    if written[:1] in {"{", "|"} and (placed := _PLACED.match(written)) is not None:
        written = _from_content(site, path, placed[1])
    if " " in written and not urls.is_web(written) and _PICTURE_FILE.search(written) is None:
        return None  # text, not a name of a file
    if not written or len(written) > urls.MAX_URL_CHARS or written.startswith(("data:", "#", "{")):
        return None
    if not urls.is_web(written):
        if written.startswith("//"):
            written = f"https:{written}"
        elif site.url:
            from digests.corpus.permalinks import image_of

            found = image_of(site, path, page_url, written)
            if found is None:
                return None
            written = found
        else:
            return None
    return urls.safe(written)


def _from_content(site: Site, path: str, written: str) -> str:
    """Return the path on the site of a file that Pelican copies: the same as in the content folder."""
    if written.startswith("/"):
        return written
    place = (site.prefix + path).removeprefix(dict(site.options).get("content", ""))
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(place), written))


def _of_object(name: str, value: object) -> object:
    """Return the picture in a theme's `header`, or the one of a page's `resources` in Hugo that stands for the page."""
    if name == "header":
        return value if isinstance(value, dict) else None
    entries = [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
    return [each for each in entries if _FEATURED.search(str(each.get("name") or each.get("src") or "")[:200])]


def _written(value: object) -> Iterator[tuple[str, str]]:
    """Yield address and title of the pictures in a field: text, an object, or a list of them."""
    entries = value if isinstance(value, list) else [value]
    for entry in entries[:MAX_PICTURES]:
        if isinstance(entry, str):
            yield entry, ""
        elif isinstance(entry, dict):
            found = {folded(key): each for key, each in entry.items() if isinstance(key, str)}
            address = next((found[key] for key in PICTURE_KEYS if isinstance(found.get(key), str)), None)
            if address is None:
                nested = next((found[key] for key in PICTURE_KEYS if isinstance(found.get(key), dict)), None)
                address = nested.get("src") or nested.get("url") if isinstance(nested, dict) else None
            if isinstance(address, str):
                title = next((found[key] for key in ("alt", "title", "caption") if isinstance(found.get(key), str)), "")
                yield address, title


def _size(pixels: int | None) -> int | None:
    return pixels if pixels is not None and 0 < pixels <= MAX_PIXELS else None
