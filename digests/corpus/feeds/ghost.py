"""Exports of Ghost: one JSON file with the tables of the blog."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from digests.corpus.feeds.entry import MAX_ENTRIES, Entry, Feed
from digests.i18n import _
from digests.models import YEARS

_HOME = "__GHOST_URL__"
_LABELS = {
    "canonicalurl": "slug",
    "date": "published_at",
    "summary": "custom_excerpt",
    "image": "feature_image",
    "tags": "tags",
    "authors": "authors",
}
_MOST_OF_ONE = 20

Row = dict[str, Any]


def tables_of(data: object) -> dict[str, Any] | None:
    """Return the tables of an export; None if the data is none."""
    if not isinstance(data, dict):
        return None
    holders = data.get("db")
    holder = holders[0] if isinstance(holders, list) and holders else data
    tables = holder.get("data") if isinstance(holder, dict) else None
    if not isinstance(tables, dict) or not isinstance(tables.get("posts"), list):
        return None
    is_ghosts = isinstance(tables.get("posts_tags"), list) or isinstance(tables.get("posts_authors"), list)
    return tables if is_ghosts else None


def parse(tables: dict[str, Any]) -> Feed:
    """Return the posts of an export, the newest first."""
    settings = {_text(row.get("key")): _text(row.get("value")) for row in _rows(tables, "settings")}
    feed = Feed(settings.get("title", ""), settings.get("url", "").rstrip("/"))
    tags = _linked(tables, "posts_tags", "tag_id", _named(tables, "tags"))
    authors = _linked(tables, "posts_authors", "author_id", _named(tables, "users"))
    metas = {_key(row.get("post_id")): row for row in _rows(tables, "posts_meta")}
    posts = [(_moment(row.get("published_at")), row) for row in _rows(tables, "posts")]
    posts.sort(key=lambda each: each[0], reverse=True)
    feed.cut_count = max(0, len(posts) - MAX_ENTRIES)
    for date, row in posts[:MAX_ENTRIES]:
        id_ = _key(row.get("id"))
        feed.entries.append(
            _entry(row, date, metas.get(id_, {}), tags.get(id_, []), authors.get(id_, []), home=feed.url)
        )
    return feed


def _entry(row: Row, date: str, meta: Row, tags: list[str], authors: list[str], *, home: str) -> Entry:
    slug = _text(row.get("slug"))
    html = _text(row.get("html")).replace(_HOME, home)
    fields: dict[str, object] = {
        "title": _text(row.get("title")),
        "canonicalUrl": _text(row.get("canonical_url")).replace(_HOME, home) or (f"/{slug}/" if slug else ""),
        "date": date,
        "summary": _text(row.get("custom_excerpt"))
        or _text(meta.get("meta_description") or row.get("meta_description")),
        "image": _text(row.get("feature_image") or row.get("image") or meta.get("og_image")).replace(_HOME, home),
        "tags": tags,
        "authors": authors,
    }
    body = html or _text(row.get("plaintext"))
    kept = {name: value for name, value in fields.items() if value}
    return Entry(_key(row.get("id")) or slug, kept, _LABELS, body, bool(html), _left_out(row, meta))


def _left_out(row: Row, meta: Row) -> str:
    kind = _text(row.get("type")) or ("page" if row.get("page") in {1} else "post")
    if kind != "post":
        return _("not a post: its type is {kind}").format(kind=kind[:40])
    status = _text(row.get("status"))
    if status not in {"", "published"}:
        return (
            _("a draft") if status in {"draft", "scheduled"} else _("its status is {status}").format(status=status[:40])
        )
    visibility = _text(row.get("visibility"))
    if visibility not in {"", "public"}:
        return _("for members of the site only ({visibility})").format(visibility=visibility[:40])
    return _("sent by mail only") if meta.get("email_only") in {1} else ""


def _rows(tables: dict[str, Any], name: str) -> list[Row]:
    rows = tables.get(name)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _named(tables: dict[str, Any], name: str) -> dict[str, str]:
    """Return the names of a table's rows by their ids; internal tags (`#…`) have none."""
    return {
        _key(row.get("id")): _text(row.get("name"))
        for row in _rows(tables, name)
        if row.get("visibility") != "internal" and not _text(row.get("name")).startswith("#")
    }


def _linked(tables: dict[str, Any], name: str, column: str, names: dict[str, str]) -> dict[str, list[str]]:
    """Return the names that a table links to each post, in their order."""
    found: dict[str, list[tuple[int, str]]] = {}
    for row in _rows(tables, name):
        linked = names.get(_key(row.get(column)))
        place = row.get("sort_order")
        if linked:
            rows = found.setdefault(_key(row.get("post_id")), [])
            if len(rows) < _MOST_OF_ONE:
                rows.append((place if isinstance(place, int) else 0, linked))
    return {post: [each for _place, each in sorted(rows, key=lambda row: row[0])] for post, rows in found.items()}


def _moment(value: object) -> str:
    """Return a date as text; the first versions wrote milliseconds."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**14:
        moment = datetime.fromtimestamp(value // 1000, UTC)
        return moment.isoformat() if moment.year in YEARS else ""
    return _text(value)


def _key(value: object) -> str:
    """Return an id as text; the first versions numbered their rows."""
    is_number = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18
    return str(value) if is_number else _text(value)


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
