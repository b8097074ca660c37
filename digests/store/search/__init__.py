"""The full-text index: keeping it in sync with the articles, verifying it, and querying it.

Three FTS5 tables index the same rows: `article_index` has all articles by word stems, `recent_index` the newest ones of
a large corpus again, `word_index` whole words for spelling.
"""

from digests.store.search.conditions import Condition, Either, Every, Expression, Hit, Hits, Named, Pattern
from digests.store.search.fts_maintenance import (
    MOST_WITH_WORDS,
    Filling,
    IndexedRow,
    rebuild,
    renew_recent,
    rows_of,
    update,
)
from digests.store.search.searching import SearchStore

__all__ = [
    "MOST_WITH_WORDS",
    "Condition",
    "Either",
    "Every",
    "Expression",
    "Filling",
    "Hit",
    "Hits",
    "IndexedRow",
    "Named",
    "Pattern",
    "SearchStore",
    "rebuild",
    "renew_recent",
    "rows_of",
    "update",
]
