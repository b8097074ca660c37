"""Relaxes a query that hardly any article matches completely. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from digests.store.search.conditions import Pattern, pattern_text

MOST_LEFT_OUT = 6
"""How many of the rarest words are left out in turn."""
MOST_WALKED = 16_000
"""In a corpus that is not large, words are combined as long as at most this many articles contain them."""
RARE_SHARE = 0.01
"""In a large corpus, a single word is enough if it is this rare."""


def fewer_words(
    patterns: Sequence[Pattern], shares: Sequence[float], total: int, *, is_large: bool
) -> Iterator[tuple[str, bool]]:
    """Yield queries in FTS5's language, and whether they are worth ranking with bm25.

    Args:
        shares: The share of articles in which each pattern occurs; 0 if none is known.
    """
    by_share = dict(zip(patterns, shares, strict=True))
    held = [pattern for pattern in by_share if by_share[pattern] or pattern.others or pattern.prefix]
    rarest = sorted(held, key=lambda pattern: by_share[pattern])
    if not rarest:
        return
    if len(rarest) > 2:
        few = rarest[:MOST_LEFT_OUT]
        if len(few) < len(rarest) or len(rarest) < len(patterns):
            yield " AND ".join(map(pattern_text, few)), False
        yield _all_but_one(few), False
    if is_large:
        rare = [pattern for pattern in rarest if by_share[pattern] <= RARE_SHARE] or rarest[:1]
        yield " OR ".join(map(pattern_text, rare)), False
        return
    asked = rarest[:1]
    walked = by_share[rarest[0]] * total
    for pattern in rarest[1:]:
        if walked + by_share[pattern] * total > MOST_WALKED:
            break
        walked += by_share[pattern] * total
        asked.append(pattern)
    yield " OR ".join(map(pattern_text, asked)), walked <= MOST_WALKED


def all_but_one_in_title(patterns: Sequence[Pattern]) -> str:
    """Return the query in FTS5's language for headlines that hold all patterns but one."""
    return f"title : ({_all_but_one(patterns)})"


def _all_but_one(patterns: Sequence[Pattern]) -> str:
    without = (
        "(" + " AND ".join(pattern_text(one) for one in patterns if one is not left_out) + ")" for left_out in patterns
    )
    return " OR ".join(without)
