"""Articles as stored before a reload, as far as it needs them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import aiosqlite

ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as stored before the reload, as far as the reload needs it."""

    id: int
    folder: str
    path: str
    key: str
    published_at: int | None
    arrived_at: int | None
    topic_list: str
    provider_domain: str | None


COLUMNS = ", ".join(f"articles.{name}" for name in StoredArticle.__slots__)


async def stored_at(
    connection: aiosqlite.Connection, places: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], StoredArticle]:
    """Return the articles at some places (folder, path), if they exist."""
    rows = await connection.execute_fetchall(
        f"SELECT {COLUMNS} FROM json_each(:places) AS place CROSS JOIN articles"  # noqa: S608 - constants of ours
        " ON articles.folder = json_extract(place.value, '$[0]')"
        " AND articles.path = json_extract(place.value, '$[1]')",
        {"places": json.dumps(places)},
    )
    return {(row[1], row[2]): StoredArticle(*row) for row in rows}


def batches(places: list[tuple[str, str]]) -> Iterable[list[tuple[str, str]]]:
    """Split places into batches for one statement each."""
    for start in range(0, len(places), ROWS_AT_ONCE):
        yield places[start : start + ROWS_AT_ONCE]
