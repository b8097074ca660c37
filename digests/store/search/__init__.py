"""The full-text index: keeping it in step with the articles, verifying it, and asking it.

Three FTS5 tables read the same rows: `article_index` holds every article by word stems, `recent_index` the
newest ones of a large corpus once more, `word_index` whole words for spelling.
"""

from digests.store.search.conditions import Condition, Either, Every, Expression, Hit, Hits, Named, Pattern
from digests.store.search.fts_maintenance import (
    MOST_WITH_WORDS,
    Filling,
    IndexedRow,
    index,
    rebuild,
    renew_recent,
    unindex,
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
    "index",
    "rebuild",
    "renew_recent",
    "unindex",
]
