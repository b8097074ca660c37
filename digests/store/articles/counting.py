"""Providers and topics with their counts and usual names, updated by each reload."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping

import aiosqlite

from digests.bounded_cache import cached


def count_topics(counts: Counter[tuple[str, str]], topic_list: str, by: int) -> None:
    """Add the topics of one article (a JSON list) to the changes in spellings."""
    for spelling in _spellings(topic_list):
        counts[spelling] += by


@cached(4096)
def _spellings(topic_list: str) -> tuple[tuple[str, str], ...]:
    return tuple((name.casefold(), name) for name in json.loads(topic_list))


async def renew_providers(connection: aiosqlite.Connection, domains: Iterable[str]) -> None:
    """Recount the articles of some providers; the name is the most common one, or the latest of several."""
    listed = {"domains": json.dumps(sorted(domains))}
    await connection.execute(
        "DELETE FROM providers WHERE domain IN (SELECT value FROM json_each(:domains))",
        listed,
    )
    await connection.execute(
        """
        INSERT INTO providers (domain, name, article_count, name_count, named_count)
        SELECT provider_domain, provider_name, total, names, own
        FROM (
            SELECT provider_domain, provider_name, COUNT(*) AS own,
                SUM(COUNT(*)) OVER (PARTITION BY provider_domain) AS total,
                COUNT(*) OVER (PARTITION BY provider_domain) AS names,
                ROW_NUMBER() OVER (
                    PARTITION BY provider_domain
                    ORDER BY COUNT(*) DESC, MAX(published_at) DESC, provider_name
                ) AS place
            FROM articles
            WHERE provider_domain IN (SELECT value FROM json_each(:domains))
            GROUP BY provider_domain, provider_name
        )
        WHERE place = 1
        """,
        listed,
    )


async def renew_topics(connection: aiosqlite.Connection, changes: Mapping[tuple[str, str], int]) -> None:
    """Apply changes in spellings, and name each topic as most of its articles spell it."""
    changed = [(folded, name, by) for (folded, name), by in changes.items() if by]
    await connection.executemany(
        "INSERT INTO topic_spellings (folded, name, article_count) VALUES (?, ?, ?)"
        " ON CONFLICT (folded, name) DO UPDATE SET article_count = article_count + excluded.article_count",
        changed,
    )
    await connection.execute("DELETE FROM topic_spellings WHERE article_count <= 0")
    listed = {"topics": json.dumps(sorted({folded for folded, _name, _by in changed}))}
    await connection.execute("DELETE FROM topics WHERE folded IN (SELECT value FROM json_each(:topics))", listed)
    await connection.execute(
        """
        INSERT INTO topics (folded, name, article_count)
        SELECT folded, name, total
        FROM (
            SELECT folded, name,
                SUM(article_count) OVER (PARTITION BY folded) AS total,
                ROW_NUMBER() OVER (PARTITION BY folded ORDER BY article_count DESC, name) AS place
            FROM topic_spellings
            WHERE folded IN (SELECT value FROM json_each(:topics))
        )
        WHERE place = 1
        """,
        listed,
    )
