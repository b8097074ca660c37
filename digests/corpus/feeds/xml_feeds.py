"""Parses RSS of all versions and Atom with feedparser; dangerous XML is refused beforehand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from typing import Any
from xml.sax import SAXException
from xml.sax.handler import ContentHandler

from digests.corpus.feeds import entities
from digests.corpus.feeds.entry import MAX_ENTRIES, Entry, Feed, NoFeed
from digests.corpus.problems import Unreadable
from digests.i18n import _

_ROOT = re.compile(rb"<(?![?!])(?:[A-Za-z_][\w.-]*:)?([A-Za-z][\w.-]*)")
_ROOTS = frozenset({b"rss", b"feed", b"rdf", b"channel"})
_HEAD_BYTES = 64 * 1024
_ENTITY = re.compile(rb"<!\s*(?:ENTITY|\[)", re.IGNORECASE)
_LABELS = {
    "canonicalurl": "link",
    "date": "published",
    "summary": "description",
    "categories": "category",
    "images": "enclosure",
    "authors": "author",
    "publication": "source",
}
_WP_AUTHOR = re.compile(
    rb"<wp:author_login>(?:<!\[CDATA\[)?([^<\]]{1,100})(?:\]\]>)?</wp:author_login>.{0,600}?"
    rb"<wp:author_display_name>(?:<!\[CDATA\[)?([^<\]]{1,200})(?:\]\]>)?</wp:author_display_name>",
    re.DOTALL,
)
_BLOGGERS_KIND = "http://schemas.google.com/g/2005#kind"
_POST_TYPES = frozenset({"", "post"})


def parse(data: bytes) -> Feed:
    """Parse a feed, or a WordPress export, which is a feed too.

    Args:
        data: The file.

    Raises:
        NoFeed: It is XML of another kind.
        Unreadable: It is not XML, or declares entities.
    """
    import feedparser

    _check_root(data)
    data = entities.with_plain_entities(data)
    _refuse_entities(data)
    data, too_many = _first_entries(data)
    # Always pass a stream: feedparser would take text for an address or a file name.
    try:
        # Texts are cleaned as those of all articles; its own cleaning takes thirty times as long as its parsing.
        parsed = feedparser.parse(BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    except (ValueError, LookupError, TypeError, AttributeError, SAXException) as failure:
        # feedparser is not prepared for some hostile text, such as a reference to half a surrogate pair.
        detail = type(failure).__name__
        raise Unreadable(None, _("the feed is not valid XML: {detail}").format(detail=detail)) from failure
    head = parsed.get("feed", {})
    entries = parsed.get("entries", [])
    if not entries and parsed.get("bozo"):
        error = parsed.get("bozo_exception")
        line = error.getLineNumber() if hasattr(error, "getLineNumber") else None
        detail = error.getMessage() if hasattr(error, "getMessage") else type(error).__name__
        raise Unreadable(line, _("the feed is not valid XML: {detail}").format(detail=detail))
    if not parsed.get("version") and not entries:
        raise NoFeed
    feed = Feed(_text(head.get("title")), _text(head.get("link")))
    feed.cut_count = too_many + max(0, len(entries) - MAX_ENTRIES)
    authors = _authors_of_export(data)
    for each in entries[:MAX_ENTRIES]:
        entry = _entry(each, head, is_atom=str(parsed.get("version", "")).startswith("atom"))
        written = entry.fields.get("authors")
        if authors and isinstance(written, list):
            entry.fields["authors"] = [authors.get(name, name) for name in written]
        feed.entries.append(entry)
    return feed


def _first_entries(data: bytes) -> tuple[bytes, int]:
    """Return a feed with only as many entries as are read, and how many were cut off: parsing is what takes time."""
    for closing in (b"</item>", b"</entry>"):
        count = data.count(closing)
        if count <= MAX_ENTRIES:
            continue
        end = -1
        for _entry_number in range(MAX_ENTRIES):
            end = data.find(closing, end + 1)
        # RSS 1 and RSS 2 end with the tags that close their lists, so the rest is well-formed in both.
        cut = data[: end + len(closing)] + data[data.rfind(closing) + len(closing) :]
        if _is_well_formed(cut):  # else one of the marks is text, as in a feed about feeds
            return cut, count - MAX_ENTRIES
    return data, 0


def _is_well_formed(data: bytes) -> bool:
    from defusedxml.sax import parseString

    try:
        parseString(data, ContentHandler())
    except (SAXException, UnicodeError, LookupError, ValueError):
        return False
    return True


def _authors_of_export(data: bytes) -> dict[str, str]:
    """Return the names of the authors of a WordPress export by their logins, which its posts have."""
    head = data[:_HEAD_BYTES]
    if b"<wp:author_login>" not in head:
        return {}
    found: dict[str, str] = {}
    for match in _WP_AUTHOR.finditer(head):
        login, name = (unescape(part.decode("utf-8", "replace")).strip() for part in match.groups())
        if login and name:
            found[login] = name
    return found


def _check_root(data: bytes) -> None:
    head = data[:_HEAD_BYTES]
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"---") or b"{%" in head[:2000]:
        raise NoFeed  # the template of one
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        head = head.replace(b"\0", b"")
    head = re.sub(rb"(?s)<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>", b"", head)
    root = _ROOT.search(head)
    if root is None:
        if not data.strip():
            raise Unreadable(None, _("the file is empty: an article needs at least a title"))
        raise NoFeed
    if root[1].lower() not in _ROOTS:
        raise NoFeed


def _refuse_entities(data: bytes) -> None:
    """Check that no entities are declared: a few lines of them can expand to gigabytes, or read files."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.sax import parseString

    try:
        parseString(data, ContentHandler(), forbid_dtd=False, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as error:
        raise Unreadable(None, _("the feed declares entities, so it is not read")) from error
    except (SAXException, UnicodeError, LookupError, ValueError) as error:
        # Not well-formed: feedparser falls back to a lenient parser.
        plain = data.replace(b"\0", b"")
        if _ENTITY.search(plain[:_HEAD_BYTES].replace(b"<![CDATA[", b"")) or b"<!ENTITY" in plain.upper():
            raise Unreadable(None, _("the feed declares entities, so it is not read")) from error


def _entry(entry: Any, head: Any, *, is_atom: bool) -> Entry:
    source = entry.get("source") or {}
    content = _content(entry)
    summary = _text(entry.get("summary")) if "summary" in entry else ""
    if content == summary:
        summary = ""
    summary = _text(entry.get("excerpt_encoded")) or summary
    # feedparser returns `updated` for `published` and vice versa; `in` tells what is really there.
    date = _text(dict.get(entry, "published")) or _text(dict.get(entry, "created"))
    labels = dict(_LABELS)
    if not date:
        date = _text(dict.get(entry, "updated"))
        labels["date"] = "updated" if is_atom else "date"
    authors = [_text(each.get("name")) for each in entry.get("authors", [])] or [_text(entry.get("author"))]
    if not any(authors):
        authors = [_text(head.get("author"))]
    link = _link(entry)
    fields: dict[str, object] = {
        "title": _text(entry.get("title")),
        "canonicalUrl": link,
        "date": date,
        "summary": summary if content else "",
        "categories": list(dict.fromkeys(_categories(entry))),
        "image": list(_pictures(entry)),
        "authors": [each for each in authors if each],
        "status": _text(entry.get("wp_status")).replace("publish", "published"),
        "publication": _text(source.get("title")),
    }
    left_out = _left_out(entry)
    kept = {name: value for name, value in fields.items() if value}
    body = content or _text(entry.get("summary"))
    return Entry(_text(entry.get("id")) or link, kept, labels, body, left_out=left_out)


def _categories(entry: Any) -> Iterator[str]:
    for tag in entry.get("tags", []):
        if tag.get("scheme") not in {_BLOGGERS_KIND, "post_format"}:
            yield _text(tag.get("label") or tag.get("term"))


def _left_out(entry: Any) -> str:
    """Return why an entry of an export is not an article; "" if it is one."""
    kind = _text(entry.get("wp_post_type"))
    for tag in entry.get("tags", []):
        if tag.get("scheme") == _BLOGGERS_KIND:
            kind = _text(tag.get("term")).rpartition("#")[2]
    kind = kind or _text(entry.get("blogger_type")).lower()
    if kind not in _POST_TYPES:
        return _("not a post: its type is {kind}").format(kind=kind[:40])
    if _text(entry.get("wp_post_password")):
        return _("it is protected by a password")
    if _text(entry.get("app_draft")) == "yes" or _text(entry.get("blogger_status")) in {"DRAFT", "SCHEDULED"}:
        return _("a draft")
    if "TRASH" in _text(entry.get("blogger_status")):
        return _("its status is {status}").format(status="trash")
    return ""


def _content(entry: Any) -> str:
    found = [
        _text(each.get("value"))
        for each in entry.get("content", [])
        if str(each.get("type", "text/html")).startswith(("text/", "application/xhtml"))
    ]
    return max(found, key=len, default="")


def _link(entry: Any) -> str:
    """Return an entry's address: FeedBurner's original link, the link, or an id that is an address."""
    own = _text(entry.get("feedburner_origlink")) or _text(entry.get("link"))
    if not own:
        id_ = _text(entry.get("id"))
        if _text(entry.get("blogger_filename")).startswith("/"):
            return _text(entry["blogger_filename"])
        own = id_ if id_.startswith(("http://", "https://")) and entry.get("guidislink", True) else ""
    return own


def _pictures(entry: Any) -> Iterator[dict[str, str]]:
    for each in [*entry.get("media_content", []), *entry.get("enclosures", [])][:20]:
        url = _text(each.get("url") or each.get("href"))
        kind = f"{each.get('medium', '')} {each.get('type', '')}"
        if url and ("image" in kind or re.search(r"(?i)\.(?:jpe?g|png|gif|webp|avif)(?:\?|\Z)", url)):
            yield {"url": url}
    for each in entry.get("media_thumbnail", [])[:5]:
        if _text(each.get("url")):
            yield {"url": _text(each["url"])}
    image = entry.get("image")
    if isinstance(image, dict) and _text(image.get("href")):
        yield {"url": _text(image["href"])}


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
