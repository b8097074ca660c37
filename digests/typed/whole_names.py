"""Names of several words behind a filter, typed without quotes. Pure."""

from __future__ import annotations

import re

from digests.typed.name_resolver import NameResolver

MOST_WORDS = 6
"""A name has at most so many."""

# Behind `From: ` and `Source: ` the words of a headline go on.
_FILTER = re.compile(r"(?i)(?<![^\s(-])(?P<field>provider|site|topic|from(?=:\S)|source(?=:\S)):[ ]?(?=[^\s\"“„«:,])")
_WORD = re.compile(r"(?![-−–—!])[^\s\"“”„«»:,;()]+")
_OPERATORS = frozenset({"OR", "AND", "NOT"})


def may_name(text: str) -> bool:
    """Check whether text contains a filter."""
    return _FILTER.search(text) is not None


def with_whole_names(text: str, resolver: NameResolver) -> str:
    """Return a query with quotes around names of several words after `provider:` and the like.

    `provider:New York Times tesla` means the New York Times where the corpus has it: only who knows the names can say
    where one ends.
    """
    pieces: list[str] = []
    position = 0
    for match in _FILTER.finditer(text):
        ends: list[int] = []
        words: list[str] = []
        at = match.end()
        while len(words) < MOST_WORDS and (word := _WORD.match(text, at)) and word[0] not in _OPERATORS:
            if text[word.end() : word.end() + 1] == ":":
                break
            words.append(word[0])
            ends.append(word.end())
            if text[word.end() : word.end() + 1] != " ":
                break
            at = word.end() + 1
        count = resolver.name_length(words, topic=match["field"].lower() == "topic") if len(words) > 1 else 1
        if count > 1:
            end = ends[count - 1]
            pieces += [text[position : match.end()].rstrip(), f'"{text[match.end() : end]}"']
            position = end
    return "".join([*pieces, text[position:]])
