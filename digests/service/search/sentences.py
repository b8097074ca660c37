"""Finds the sentences that an answer shows: the one that matched, and the one that answers a question."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace

from digests.corpus.excerpts import prose_of
from digests.models import Quote, Story
from digests.store.articles import ArticleStore
from digests.store.search import Condition, Either, Every, Expression, Pattern
from digests.typed.answering import is_question, quote_for
from digests.typed.finder import Finder, Sought, with_sentence

READ_CHARS = 6_000
"""How much text is searched for a sentence: 2 to 3 ms."""
QUOTED_COUNT = 12
"""How many of the best articles are searched for a sentence that answers the question."""


def finder_of(condition: Condition) -> Finder:
    """Return a finder for a condition's words; one of those in a larger expression is enough."""
    sought = [
        ((pattern.text, pattern.prefix), *((other.text, other.prefix) for other, _share in pattern.others))
        for pattern in condition.wanted
    ]
    sought += (tuple((one.text, one.prefix) for one in _patterns_in(each)) for each in condition.required)
    return Finder(Sought(forms) for forms in sought if forms)


def _patterns_in(expression: Expression) -> Iterator[Pattern]:
    """Yield the words of an expression that articles may hold because of it."""
    if isinstance(expression, Pattern):
        yield expression
    elif isinstance(expression, Either):
        for part in expression.parts:
            yield from _patterns_in(part)
    elif isinstance(expression, Every):
        for part in expression.wanted:
            yield from _patterns_in(part)


async def with_sentences(store: ArticleStore, stories: Sequence[Story], finder: Finder) -> tuple[Story, ...]:
    """Add the matching sentence of the text to stories whose headlines and excerpts have none of the words."""
    found_in_text = {
        article.id: number
        for number, story in enumerate(stories)
        if story.match is not None and not story.match.title_spans and not story.match.sentence
        for article in (story.lead, *story.folded, *story.also)
        if article.path == story.match.path
    }
    if not found_in_text:
        return tuple(stories)
    articles = await store.find_by_ids(list(found_in_text), with_body=True)

    def add() -> tuple[Story, ...]:
        completed = list(stories)
        for article in articles:
            story = stories[found_in_text[article.id]]
            # A word that only a topic or provider has is in no text: checking that costs a twentieth of reading it.
            if story.match is not None and finder.may_hold(article.body[:READ_CHARS]):
                match = with_sentence(story.match, _as_read(article.body), finder)
                completed[found_in_text[article.id]] = replace(story, match=match)
        return tuple(completed)

    return await asyncio.to_thread(add)


async def find_quote(store: ArticleStore, asked: str, condition: Condition, stories: Sequence[Story]) -> Quote | None:
    """Return the sentence from the best stories that answers a question; None if none does."""
    if not condition.wanted or not is_question(asked):
        return None
    ids = [article.id for story in stories for article in (story.lead, *story.folded)][:QUOTED_COUNT]
    articles = await store.find_by_ids(ids, with_body=True)
    in_order = sorted(articles, key=lambda article: ids.index(article.id))
    return await asyncio.to_thread(quote_for, asked, in_order, finder_of(condition), _as_read)


def _as_read(body: str) -> str:
    return "\n".join(prose_of(body[:READ_CHARS]))
