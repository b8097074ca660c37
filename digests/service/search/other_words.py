"""Gives typed words others that mean the same, from the list of synonyms. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from digests.store.search import Pattern
from digests.typed.query_tree import Query, Term
from digests.typed.synonyms import alike, same_as
from digests.words import Token, folded, tokens

SYNONYM = 0.9
"""Weight of another name for the same: `UK` and `Britain`."""
ALIKE = 0.5
"""Weight of another word that means nearly the same."""


def other_words(
    query: Query, terms: Sequence[Term], read: Sequence[Sequence[Token]], *, alone: bool
) -> list[tuple[tuple[str, float], ...]]:
    """Return other words for each term, with their weights; only other names for the same if a term is `alone`."""
    found: list[tuple[tuple[str, float], ...]] = []
    # `U.S.` is read as two letters.
    words = [
        "" if term.phrase else "".join(token.text for token in held) for term, held in zip(terms, read, strict=True)
    ]
    for number, (term, held) in enumerate(zip(terms, read, strict=True)):
        if term.phrase or term.prefix:
            found.append(())
            continue
        first, last = number, number + 1
        while first and not query.text[terms[first - 1].end : terms[first].start].strip():
            first -= 1
        while last < len(terms) and not query.text[terms[last - 1].end : terms[last].start].strip():
            last += 1
        same = same_as(words[first:last], number - first)
        near = alike(held[0].text) if len(held) == 1 and not alone and not same else ()
        found.append((*((other, SYNONYM) for other in same), *((other, ALIKE) for other in near)))
    return found


def as_patterns(
    synonyms: Sequence[tuple[str, float]],
    term: Term,
    held: Sequence[tuple[Pattern, float]],
    known: Callable[[str], bool],
) -> list[tuple[Pattern, float]]:
    """Return synonyms that articles may contain, and that are not among those held, as patterns."""
    texts = {folded(other.text) for other, _share in held}
    return [
        (Pattern(other, title=term.title), share)
        for other, share in synonyms
        if folded(other) not in texts and all(known(token.text) for token in tokens(other))
    ]
