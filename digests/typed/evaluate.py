"""Decides whether an article matches a query. Pure; agrees with the full-text index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from digests.bounded_cache import cached
from digests.models import Article
from digests.typed.query_tree import And, Filter, Node, Not, Or, Query, Term
from digests.words import Token, folded, joined_names, stem, tokens


class ArticleWords:
    """The words of one article, split once for any number of queries."""

    def __init__(self, article: Article) -> None:
        self.article = article
        provider = article.provider
        names = f"{provider.name}\n{provider.domain}" if provider else ""
        self._texts: tuple[str, ...] = (
            article.title,
            article.excerpt,
            article.body,
            names,
            *article.topics,
            *(link.title for link in article.related),
        )
        self._read: list[list[str] | None] = [None] * len(self._texts)
        self._stems: list[frozenset[str] | None] = [None] * len(self._texts)

    def holds(self, term: Term) -> bool:
        """Check whether a word or phrase occurs in one of the texts."""
        wanted = _wanted(term.text)
        if not wanted:
            return False
        places = range(1) if term.title else range(len(self._texts))
        return any(self._stands_in(place, wanted, prefix=term.prefix) for place in places)

    def _stands_in(self, place: int, wanted: tuple[str, ...], *, prefix: bool) -> bool:
        words = self._words(place)
        if len(wanted) == 1:
            if not prefix:
                stems = self._stems[place]
                if stems is None:
                    stems = self._stems[place] = frozenset(words)
                return wanted[0] in stems
            return any(word.startswith(wanted[0]) for word in words)
        count = len(wanted)
        first, *_rest = wanted
        for start, word in enumerate(words[: len(words) - count + 1]):
            if word == first and _same(words[start : start + count], wanted, prefix=prefix):
                return True
        return False

    def _words(self, place: int) -> list[str]:
        words = self._read[place]
        if words is None:
            text = self._texts[place]
            words = self._read[place] = [*map(_stem, tokens(text)), *map(stem, joined_names(text))]
        return words


def matches(query: Query, article: Article | ArticleWords, same_name: Callable[[str, str], bool] | None = None) -> bool:
    """Check whether an article matches a query.

    The whole query has to match: misspellings and missing words are only allowed in a search, where a person sees
    the result.

    Args:
        query: As `digests.typed.query.parse_query` returns it.
        article: Wrap it in `ArticleWords` to compare it with several queries.
        same_name: Decides whether a typed name (first) means a provider's domain (second); without it a provider
            matches by its domain or name, or the beginning of either.
    """
    words = article if isinstance(article, ArticleWords) else ArticleWords(article)
    moment = words.article.published_at
    if query.since is not None and (moment is None or moment < query.since):
        return False
    if query.until is not None and (moment is None or moment >= query.until):
        return False
    return _holds(query.root, words, same_name)


def _holds(node: Node, words: ArticleWords, same_name: Callable[[str, str], bool] | None) -> bool:
    if isinstance(node, And):
        return all(_holds(part, words, same_name) for part in node.parts)
    if isinstance(node, Or):
        return any(_holds(part, words, same_name) for part in node.parts)
    if isinstance(node, Not):
        return not _holds(node.part, words, same_name)
    if isinstance(node, Filter):
        return _is_named(node, words.article, same_name)
    return words.holds(node)


def _is_named(wanted: Filter, article: Article, same_name: Callable[[str, str], bool] | None) -> bool:
    if wanted.field == "topic":
        topics = {folded(topic) for topic in article.topics}
        return any(folded(value) in topics for value in wanted.values)
    provider = article.provider
    if provider is None:
        return False
    if same_name is not None:
        return any(same_name(value, provider.domain) for value in wanted.values)
    return any(_names_provider(value, (provider.domain, provider.name)) for value in wanted.values)


def _names_provider(typed: str, names: Iterable[str]) -> bool:
    wanted = folded(typed).removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")
    return any(name == wanted or name.startswith((f"{wanted} ", f"{wanted}.")) for name in map(folded, names))


@cached(4096)
def _wanted(text: str) -> tuple[str, ...]:
    return tuple(_stem(token) for token in tokens(text))


def _stem(token: Token) -> str:
    return token.text if token.in_run or token.is_sign else stem(token.text)


def _same(words: Sequence[str], wanted: Sequence[str], *, prefix: bool) -> bool:
    *before, last = wanted
    if list(words[:-1]) != before:
        return False
    return words[-1].startswith(last) if prefix else words[-1] == last
