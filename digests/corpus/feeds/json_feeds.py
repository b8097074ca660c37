"""JSON Feed, versions 1 and 1.1, and what else comes as JSON: exports of Ghost."""

from __future__ import annotations

import json
from typing import Any

from digests.corpus.feeds import ghost
from digests.corpus.feeds.entry import MAX_ENTRIES, Entry, Feed, NoFeed
from digests.corpus.problems import Unreadable
from digests.i18n import _

_VERSION = "jsonfeed.org/version/"
_LABELS = {
    "canonicalurl": "url",
    "link": "external_url",
    "date": "date_published",
    "summary": "summary",
    "images": "attachments",
    "banner": "banner_image",
}


def parse(text: str) -> Feed:
    """Parse a feed.

    Raises:
        NoFeed: It is JSON of another kind.
        Unreadable: It is not JSON.
    """
    try:
        data = json.loads(text)
    except ValueError as error:
        line = getattr(error, "lineno", None)
        raise Unreadable(line, _("the feed is not valid JSON: {detail}").format(detail=error)) from error
    tables = ghost.tables_of(data)
    if tables is not None:
        return ghost.parse(tables)
    version = data.get("version") if isinstance(data, dict) else None
    if not isinstance(version, str) or _VERSION not in version:
        raise NoFeed
    items = data.get("items")
    feed = Feed(_text(data.get("title")), _text(data.get("home_page_url")))
    authors = _authors(data)
    feed.cut_count = max(0, len(items) - MAX_ENTRIES) if isinstance(items, list) else 0
    for item in items[:MAX_ENTRIES] if isinstance(items, list) else ():
        feed.entries.append(_entry(item if isinstance(item, dict) else {}, authors))
    return feed


def _entry(item: dict[str, Any], feed_authors: list[Any]) -> Entry:
    own_id = item.get("id")
    id_ = str(own_id) if isinstance(own_id, (str, int, float)) else ""
    url = _text(item.get("url"))
    if not url and not _text(item.get("external_url")) and id_.startswith(("http://", "https://")):
        url = id_
    html = _text(item.get("content_html"))
    attachments = item.get("attachments")
    fields = {
        "title": item.get("title"),
        "canonicalUrl": url,
        "link": item.get("external_url"),
        "date": item.get("date_published"),
        "summary": item.get("summary"),
        "tags": item.get("tags"),
        "image": item.get("image"),
        "banner": item.get("banner_image"),
        "thumbnail": [
            {"url": each.get("url")}
            for each in (attachments[:20] if isinstance(attachments, list) else ())
            if isinstance(each, dict) and _text(each.get("mime_type")).startswith("image/")
        ],
        "authors": _authors(item) or feed_authors,
    }
    body = html or _text(item.get("content_text"))
    return Entry(id_, {name: value for name, value in fields.items() if value}, _LABELS, body, bool(html))


def _authors(holder: dict[str, Any]) -> list[Any]:
    several = holder.get("authors")
    one = holder.get("author")
    found = several if isinstance(several, list) else [one]
    return [each["name"] for each in found[:20] if isinstance(each, dict) and isinstance(each.get("name"), str)]


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
