"""The full-text index: keeping it in step with the articles, verifying it, and asking it.

Three FTS5 tables read the same rows: `article_index` holds every article by word stems, `recent_index` the
newest ones of a large corpus once more, `word_index` whole words for spelling.
"""

from digests.store.search.conditions import Condition, Hit, Hits, Pattern
from digests.store.search.fts_maintenance import (
    Filling,
    IndexedRow,
    index,
    rebuild,
    renew_recent,
    unindex,
)
from digests.store.search.searching import SearchStore

__all__ = [
    "Condition",
    "Filling",
    "Hit",
    "Hits",
    "IndexedRow",
    "Pattern",
    "SearchStore",
    "index",
    "rebuild",
    "renew_recent",
    "unindex",
]
