"""Puts articles straight into a corpus database, with the row ids that the store would give them, and asks for them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

from digests.models import Article, SearchSort
from digests.store import search
from digests.store.connection import Database
from digests.store.search import Condition, Pattern, SearchStore
from digests.words import extras
from tests.digests.making import NOON, hours
from tests.patience import PATIENCE_S

NOW = NOON + hours(1)


def unhurried(database: Database) -> SearchStore:
    """Make a search that is never cut short, however busy the machine is."""
    return SearchStore(database, time_limit_s=PATIENCE_S, count_time_s=PATIENCE_S)


def row_id(article: Article, number: int) -> int:
    if article.published_at is None:
        return number + 1
    return int(article.published_at.timestamp()) // 60 * 64 + number % 64


async def put(database: Database, articles: Iterable[Article], *, whole: bool = False) -> list[int]:
    """Store and index articles; `whole` rebuilds the index instead of adding to it."""
    ids: list[int] = []
    articles = list(articles)
    async with database.transaction() as connection:
        for number, article in enumerate(articles):
            ids.append(row_id(article, number))
            await connection.execute(
                "INSERT INTO articles (id, folder, path, key, ref, url, title, excerpt, body, provider, topics,"
                " related, extras, provider_name, provider_domain, topic_list, quality, published, published_at)"
                " VALUES (:id, 'news', :path, :key, :id, :url, :title, :excerpt, :body, :provider, :topics, :related,"
                " :extras, :name, :domain, :topic_list, :quality, :published, :published_at)",
                {
                    "id": ids[-1],
                    "path": article.path,
                    "key": article.key,
                    "url": article.url,
                    "title": article.title,
                    "excerpt": article.excerpt,
                    "body": article.body,
                    "provider": f"{article.provider.name} {article.provider.domain}" if article.provider else "",
                    "topics": " ".join(article.topics),
                    "related": " ".join(link.title for link in article.related),
                    "extras": texts_of(article)[-1],
                    "name": article.provider.name if article.provider else None,
                    "domain": article.provider.domain if article.provider else None,
                    "topic_list": json.dumps(article.topics),
                    "quality": article.quality,
                    "published": article.published,
                    "published_at": int(article.published_at.timestamp()) if article.published_at else None,
                },
            )
        if whole:
            await search.rebuild(connection)
        else:
            await search.update(
                connection, (), [(id_, *texts_of(article)) for id_, article in zip(ids, articles, strict=True)]
            )
            await search.renew_recent(connection)
    return ids


def texts_of(article: Article) -> tuple[str, str, str, str, str, str, str]:
    """What the index reads of an article."""
    return (
        article.title,
        article.excerpt,
        article.body,
        f"{article.provider.name} {article.provider.domain}" if article.provider else "",
        " ".join(article.topics),
        " ".join(link.title for link in article.related),
        extras(article.title, article.excerpt, article.body),
    )


async def take_out(database: Database, ids: list[int]) -> None:
    async with database.transaction() as connection:
        await search.update(connection, await search.rows_of(connection, ids), ())
        await connection.executemany("DELETE FROM articles WHERE id = ?", [(id_,) for id_ in ids])


def holding(*words: str, **filters: object) -> Condition:
    return replace(Condition(tuple(Pattern(word) for word in words)), **filters)  # type: ignore[arg-type]


async def ids(store: SearchStore, condition: Condition, sort: SearchSort = SearchSort.RELEVANCE) -> list[int]:
    return [hit.id for hit in (await store.find(condition, sort=sort, now=NOW, limit=50)).hits]
