"""Adds synonyms, and words of the same family, to those that were typed. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from digests.store.search import Pattern
from digests.typed.query_tree import Query, Term
from digests.typed.synonyms import alike, same_as
from digests.words import Token, folded, stem, tokens

SYNONYM = 0.9
"""Weight of another name for the same thing: `Britain` for `UK`."""
RELATED = 0.6
"""Weight of a word of the same family, if no article contains what was typed: `scanning` for `scanner`."""
ALIKE = 0.5
"""Weight of another word that means nearly the same."""

_TITLES = frozenset({"capt", "dr", "drs", "gov", "lt", "mr", "mrs", "prof", "sen", "sgt"})
"""Most articles leave these out before a name. In capitals they are names themselves."""

_MADE_FROM = ("ments", "ment", "ors", "or", "ers", "er", "ing", "ation", "ations", "ness")
_MADE_TO = ("", "e", "ing", "er", "ment", "ation")
LEAST_ROOT_CHARS = 4
LARGE_COUNT = 20_000
COMMON_SHARE = 0.01
"""With more than `LARGE_COUNT` articles, words of similar meaning in more than this share of them are left out: they
would cost more than everything that was typed."""
MOST_ALIKE = 2
"""How many words of similar meaning are searched in a corpus of that size."""


def family_of(word: str) -> list[str]:
    """Return possible words derived from the same verb, whether or not they exist: `scan` for `scanner`."""
    ending = next((ending for ending in _MADE_FROM if word.endswith(ending)), "")
    root = word.removesuffix(ending)
    if not ending or not root.isascii() or len(root) < LEAST_ROOT_CHARS:
        return []
    roots = [root, root[:-1]] if root[-1] == root[-2] else [root]
    made = dict.fromkeys(root + other for root in roots for other in _MADE_TO)
    return [other for other in made if stem(other) != stem(word)]


def other_words(
    query: Query, terms: Sequence[Term], read: Sequence[Sequence[Token]]
) -> list[tuple[tuple[str, float], ...]]:
    """Return other words for each term, with their weights."""
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
        near = alike(held[0].text) if len(held) == 1 and not same else ()
        found.append((*((other, SYNONYM) for other in same), *((other, ALIKE) for other in near)))
    return found


def as_patterns(
    synonyms: Sequence[tuple[str, float]],
    term: Term,
    held: Sequence[tuple[Pattern, float]],
    count: Callable[[str], int],
    total: int,
    *,
    alone: bool,
) -> list[tuple[Pattern, float]]:
    """Return synonyms that articles contain, except those in `held` already, as patterns.

    Args:
        count: Returns how many articles contain a word.
        total: The number of articles.
        alone: Nothing else is searched for: a word that articles contain then means itself.
    """
    least = SYNONYM if alone and all(count(token.text) for token in tokens(term.text)) else 0.0
    most, most_words = (total * COMMON_SHARE, MOST_ALIKE) if total > LARGE_COUNT else (total, len(synonyms))
    texts = {folded(other.text) for other, _share in held}
    found = [(other, share) for other, share in synonyms if share >= least and folded(other) not in texts]
    rarest = {other: min((count(token.text) for token in tokens(other)), default=0) for other, _share in found}
    same = [(Pattern(other, title=term.title), share) for other, share in found if rarest[other] and share >= SYNONYM]
    near = [
        (Pattern(other, title=term.title), share)
        for other, share in found
        if share < SYNONYM and 0 < rarest[other] <= most
    ]
    return same + near[:most_words]


def with_title(query: Query, title: Term, name: Term) -> str:
    """Return a title and the name behind it, such as `Dr. Fauci`, as a phrase; empty for other words.

    Args:
        query: The query that contains both.
        title: The first word.
        name: The word after it.
    """
    is_title = title.text.lower() in _TITLES and (not title.text.isupper() or query.text.isupper())
    is_plain = not (title.phrase or title.prefix or title.title or name.phrase or name.title)
    if not is_title or not is_plain or query.text[title.end : name.start].strip(". "):
        return ""
    return f"{title.text} {name.text}" if name.text.isalpha() and len(tokens(name.text)) == 1 else ""
