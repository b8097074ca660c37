"""The articles around an edition's candidates: what may belong to the stories that those begin or go on with."""

from __future__ import annotations

from datetime import datetime

from digests.models import Article, Window
from digests.store.articles import ArticleStore


class NeighbourStore:
    """Reads what a composition needs besides its candidates, and none of the candidates over again."""

    def __init__(self, articles: ArticleStore) -> None:
        self._articles = articles

    async def find_around(
        self, since: datetime, until: datetime, window: Window, *, by_publication: bool
    ) -> tuple[Article, ...]:
        """Returns all articles published in `[since, until]`, unpublished ones too, but the candidates; newest first.

        Args:
            since: The earliest moment.
            until: The latest moment.
            window: As in `ArticleStore.find_candidates`, and so is `by_publication`.
        """
        return await self._articles._find(
            f"WHERE published_at BETWEEN :first AND :last AND NOT ({_candidate('articles', window, by_publication)})"
            " ORDER BY id DESC",
            {"first": since.timestamp(), "last": until.timestamp(), **_bounds(window)},
        )

    async def find_doubles(self, window: Window, *, by_publication: bool) -> tuple[Article, ...]:
        """Returns the articles that answer to the address of a candidate, but the candidates; newest first."""
        candidate = _candidate("candidate", window, by_publication)
        where = (
            "WHERE id IN ("  # noqa: S608 - constants of ours; values are parameters
            " SELECT other.id FROM articles AS candidate CROSS JOIN articles AS other"
            " ON other.ref = candidate.ref AND other.id != candidate.id AND other.key = candidate.key"
            f" WHERE {candidate}"
            f" UNION SELECT article_id FROM articles AS candidate CROSS JOIN aliases USING (key) WHERE {candidate}"
            f") AND NOT ({_candidate('articles', window, by_publication)}) ORDER BY id DESC"
        )
        return await self._articles._find(where, _bounds(window))


def _candidate(table: str, window: Window, by_publication: bool) -> str:
    """Returns the condition under which `ArticleStore.find_candidates` finds a row."""
    column = f"{table}.published_at" if by_publication else f"{table}.arrived_at"
    lower, upper = (">=", "<") if window.closed_left else (">", "<=")
    return (
        f"{table}.published = 1 AND {table}.published_at IS NOT NULL AND {column} IS NOT NULL"
        f" AND {column} {lower} :since AND {column} {upper} :until"
    )


def _bounds(window: Window) -> dict[str, object]:
    return {"since": window.since.timestamp(), "until": window.until.timestamp()}
