"""Names in articles, known by their capitals, and whether another article mentions them. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

from digests.bounded_cache import cached
from digests.composing.evidence import EXCERPT_CHARS, Evidence
from digests.composing.headlines import differing_names
from digests.composing.languages import LANGUAGES
from digests.composing.terms import COMMON_TERMS, terms
from digests.text import fold

LEAST_LETTERS = 4
"""Two words of the same root (`Korea`, `Korean`) start with at least this many equal letters."""
MOST_INITIALS = 4
"""A longer word in capitals is not an abbreviation of several words."""
NOUN_WORDS = 3
"""Text with this many different stop words of a language that capitalises all nouns is written in it."""

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_SENTENCE = re.compile(r"(?<=[.!?…:])\s+|[\"“”„«»]|(?<!\w)['‘]|\s[-–—|]\s")
_PUBLISHER = " | "
_PLAIN = frozenset().union(*(language.stop_words for language in LANGUAGES if not language.capitalises_nouns))
_NOUN_LANGUAGES = [language.stop_words - _PLAIN for language in LANGUAGES if language.capitalises_nouns]


def names_another(article: Evidence, other: Evidence, is_distinctive: Callable[[str], bool]) -> bool:
    """Check whether a headline names something that another article doesn't mention."""
    missing = [term for term in article.headline if term not in other.counts and is_distinctive(term)]
    # Most often all of a headline is in the other article: no need to look for its names.
    return bool(missing) and any(
        name in names_of(article.title, article.excerpt) and not _is_mentioned(name, other) for name in missing
    )


def differ_in_names_alone(first: Evidence, second: Evidence) -> bool:
    """Check whether two headlines are equal but for names, and neither article mentions the other's: two events."""
    if len(first.headline & second.headline) * 2 < max(len(first.headline), len(second.headline)):
        return False
    names = differing_names(first.title, second.title)
    return bool(names) and all(
        any(not _is_mentioned(term, other) for word in words for term in terms(word) if term not in other.counts)
        for words, other in zip(names, (second, first), strict=True)
    )


def _is_mentioned(name: str, other: Evidence) -> bool:
    """Check whether another article holds a form of a name, or the words that it abbreviates."""
    least = max(LEAST_LETTERS, len(name) - 1)
    root = name[:least]
    if len(name) >= LEAST_LETTERS and any(term.startswith(root) for term in other.counts):
        return True
    if len(name) > MOST_INITIALS:
        return False
    if any(term[:-1] == name or name[:-1] == term for term in other.counts):
        return True
    words = r"\w* ".join(map(re.escape, name))
    return re.search(rf"\b{words}", f"{other.title} {other.excerpt[:EXCERPT_CHARS]}", re.IGNORECASE) is not None


@cached(8192, longest=4096)
def names_of(title: str, excerpt: str) -> frozenset[str]:
    """Return the terms of a headline that are names: written with a capital where other words are not.

    Where all words of a headline have capitals, the excerpt has to show which are names. In a language that
    capitalises all nouns, names can't be recognised.
    """
    title = title.partition(_PUBLISHER)[0]
    text = f"{title} {excerpt[:EXCERPT_CHARS]}"
    plain = {fold(word) for word in _WORD.findall(text) if word[0].islower()}
    if any(len(words & plain) >= NOUN_WORDS for words in _NOUN_LANGUAGES):
        return frozenset()
    capital, small = _cases(excerpt[:EXCERPT_CHARS])
    if _is_plainly_written(title):
        ours, others = _cases(title)
        capital |= ours
        small |= others
    written = _WORD.findall(title)
    if not title.isupper():
        capital.update(term for word in written if len(word) > 1 and word.isupper() for term in terms(word))
    found = {term for word in written if word[0].isupper() for term in terms(word)}
    return frozenset(
        term for term in (found & capital) - small - COMMON_TERMS if len(term) > 1 and not any(map(str.isdigit, term))
    )


def _cases(text: str) -> tuple[set[str], set[str]]:
    """Return the terms that are written with a capital, and those without.

    What starts a sentence shows neither.
    """
    capital: set[str] = set()
    small: set[str] = set()
    for sentence in _SENTENCE.split(text):
        words = _WORD.findall(sentence)
        for word in words[1:]:
            (capital if word[0].isupper() else small).update(terms(word))
    return capital, small


def _is_plainly_written(title: str) -> bool:
    """Check whether most longer words of a headline are in lower case, as in a sentence."""
    longer = [word for word in _WORD.findall(title)[1:] if len(word) >= LEAST_LETTERS and word[0].isalpha()]
    return bool(longer) and sum(word[0].islower() for word in longer) * 2 >= len(longer)
