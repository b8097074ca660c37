"""What an answer says about misspelt words: the corrections, and how to search for exactly what was typed. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from digests.models import Story
from digests.typed.evaluate import ArticleWords
from digests.typed.query import replaced
from digests.typed.query_tree import Query, Term
from digests.words import folded


def as_typed(query: Query, put_right: Mapping[Term, str]) -> str | None:
    """Return the query with misspelt words in quotes, so that they are not corrected; None if there are none."""
    misspelt = [term for term, written in put_right.items() if not term.phrase and not written.endswith("*")]
    return replaced(query, {term: f'"{term.text}"' for term in misspelt}) if misspelt else None


def put_right_in(corrections: Mapping[Term, Sequence[str]], stories: Sequence[Story]) -> dict[Term, str]:
    """Return the words in the first story that replaced misspelt ones."""
    if not corrections or not stories:
        return {}
    first = stories[0]
    texts = [ArticleWords(article) for article in (first.lead, *first.folded)]
    found: dict[Term, str] = {}
    for term, words in corrections.items():
        # The index compares stems: `moders` would begin `modern`.
        is_beginning = not term.phrase and any(word.startswith(folded(term.text)) for word in words)
        if is_beginning and any(text.holds(replace(term, prefix=True)) for text in texts):
            found[term] = f"{term.text}*"
            continue
        held = next((word for word in words if any(text.holds(replace(term, text=word)) for text in texts)), None)
        if held is not None:
            found[term] = held
    return found
