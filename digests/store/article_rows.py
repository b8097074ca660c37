"""Articles as rows and back. Encoding runs in the worker processes, so nothing here opens a database."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic_core import from_json, to_json

from digests.errors import StoreError
from digests.handles import reference
from digests.i18n import _
from digests.models import Article, Image, Provider, RelatedLink
from digests.words import extras

Value = str | int | None
Row = tuple[Value, ...]

WRITTEN_COLUMNS = (
    "path",
    "key",
    "ref",
    "aliases",
    "url",
    "title",
    "excerpt",
    "body",
    "provider",
    "topics",
    "related",
    "extras",
    "provider_name",
    "provider_domain",
    "topic_list",
    "related_list",
    "image_list",
    "kind",
    "category",
    "quality",
    "heat",
    "published",
    "published_at",
    "author_list",
    "due_at",
    "expires_at",
)
"""What `encode` fills, in this order."""

READ_COLUMNS = (
    "id, path, title, key, excerpt, url, aliases, provider_name, provider_domain, topic_list, kind, category,"
    " quality, heat, published, published_at, arrived_at, image_list, related_list,"
    " author_list, due_at, expires_at"
)
"""What `decode` reads, in this order; `body` may follow."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _to_json(value: object) -> str:
    return to_json(value).decode()


def seconds(moment: datetime | None) -> int | None:
    """Return Unix seconds (before 1970 too)."""
    return None if moment is None else math.floor(moment.timestamp())


def moment(unix_seconds: int | None) -> datetime | None:
    """Return aware UTC for Unix seconds."""
    if unix_seconds is None:
        return None
    if unix_seconds < 0:
        return _EPOCH + timedelta(seconds=unix_seconds)
    return datetime.fromtimestamp(unix_seconds, UTC)


def encode(article: Article) -> Row:
    """Return an article's values for `WRITTEN_COLUMNS`."""
    provider = article.provider
    related = "\n".join([link.title for link in article.related]) if article.related else ""
    return (
        article.path,
        article.key,
        reference(article.key),
        _to_json(article.aliases) if article.aliases else "[]",
        article.url,
        article.title,
        article.excerpt,
        article.body,
        f"{provider.name}\n{provider.domain}" if provider else "",
        "\n".join(article.topics),
        related,
        extras(article.title, article.excerpt, article.body, related),
        provider.name if provider else None,
        provider.domain if provider else None,
        _to_json(article.topics) if article.topics else "[]",
        _to_json([_related_values(link) for link in article.related]) if article.related else "[]",
        _to_json([tuple(image) for image in article.images]) if article.images else "[]",
        article.kind,
        article.category,
        article.quality,
        article.heat,
        int(article.published),
        seconds(article.published_at),
        _to_json(article.authors) if article.authors else "[]",
        seconds(article.due_at),
        seconds(article.expires_at),
    )


INDEXED = slice(WRITTEN_COLUMNS.index("title"), WRITTEN_COLUMNS.index("extras") + 1)
"""The values that the full-text index reads: title, excerpt, body, provider, topics, related, extras."""


def _related_values(link: RelatedLink) -> tuple[object, ...]:
    title, url, key, provider, published_at, quality, aliases = link
    return (
        title,
        url,
        key if key != url else None,
        provider.name if provider else None,
        provider.domain if provider else None,
        int(published_at.timestamp()) if published_at is not None else None,
        quality,
        *aliases,
    )


def _read_json(text: object) -> Any:
    """Parse a list that this module wrote.

    Raises:
        StoreError: It is not a list any more: bits of the file have changed, which SQLite does not notice.
    """
    try:
        return from_json(text)  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        raise StoreError(
            _("corpus.db is damaged: {error}. It is a cache: delete the file and run `broadsheet load`.").format(
                error=_("a list in it can't be read")
            )
        ) from error


class Decoder:
    """Turns rows into articles; providers get the name that most of their articles use.

    Providers and topic lists are cached, as they occur again and again.
    """

    def __init__(self, provider_names: Mapping[str, str]) -> None:
        self._names = provider_names
        self._providers: dict[str, Provider] = {}
        self._unknown: dict[tuple[str, str], Provider] = {}
        self._topics: dict[str, tuple[str, ...]] = {"[]": ()}

    def decode_all(self, rows: Iterable[Sequence[Value]], *, with_body: bool = False) -> tuple[Article, ...]:
        """Return the articles of rows of `READ_COLUMNS` (and `body`), in their order."""
        return tuple([self.decode(row, with_body=with_body) for row in rows])

    def decode(self, row: Sequence[Value], *, with_body: bool = False) -> Article:
        """Return the article of one row."""
        (
            id_,
            path,
            title,
            key,
            excerpt,
            url,
            aliases,
            provider_name,
            provider_domain,
            topic_list,
            kind,
            category,
            quality,
            heat,
            published,
            published_at,
            arrived_at,
            image_list,
            related_list,
            author_list,
            due_at,
            expires_at,
            *rest,
        ) = row
        topics = self._topics.get(topic_list)  # type: ignore[arg-type]
        if topics is None:
            topics = self._topics[topic_list] = tuple(_read_json(topic_list))  # type: ignore[index]
        when = moment(published_at)  # type: ignore[arg-type]
        return Article(
            path,  # type: ignore[arg-type]
            title,  # type: ignore[arg-type]
            key,  # type: ignore[arg-type]
            id_,  # type: ignore[arg-type]
            excerpt,  # type: ignore[arg-type]
            rest[0] if with_body else "",  # type: ignore[arg-type]
            url,  # type: ignore[arg-type]
            tuple(_read_json(aliases)) if aliases != "[]" else (),
            self._provider(provider_name, provider_domain),  # type: ignore[arg-type]
            topics,
            kind,  # type: ignore[arg-type]
            category,  # type: ignore[arg-type]
            quality,  # type: ignore[arg-type]
            heat,  # type: ignore[arg-type]
            published == 1,
            when,
            # At a first load they are equal.
            when if arrived_at == published_at else moment(arrived_at),  # type: ignore[arg-type]
            tuple([Image(*values) for values in _read_json(image_list)]) if image_list != "[]" else (),
            tuple([self._related(values) for values in _read_json(related_list)]) if related_list != "[]" else (),
            tuple(_read_json(author_list)) if author_list != "[]" else (),
            moment(due_at),  # type: ignore[arg-type]
            moment(expires_at),  # type: ignore[arg-type]
        )

    def _related(self, values: list[str | int | None]) -> RelatedLink:
        title, url, key, provider_name, provider_domain, published_at, quality, *aliases = values
        return RelatedLink(
            title,  # type: ignore[arg-type]
            url,  # type: ignore[arg-type]
            key or url,  # type: ignore[arg-type]
            self._provider(provider_name, provider_domain),  # type: ignore[arg-type]
            moment(published_at),  # type: ignore[arg-type]
            quality,  # type: ignore[arg-type]
            tuple(aliases),  # type: ignore[arg-type]
        )

    def _provider(self, name: str | None, domain: str | None) -> Provider | None:
        if domain is None:
            return None
        found = self._providers.get(domain)
        if found is not None:
            return found
        known_name = self._names.get(domain)
        if known_name is not None:
            found = self._providers[domain] = Provider(known_name, domain)
            return found
        # It only occurs in related lists: its names were not counted, so each article keeps its own.
        found = self._unknown.get((name or domain, domain))
        if found is None:
            found = self._unknown[name or domain, domain] = Provider(name or domain, domain)
        return found
