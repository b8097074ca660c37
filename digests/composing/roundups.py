"""Collects a story's round-up of links, and the providers that carry it. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence, Set
from datetime import UTC, datetime

from digests.composing.evidence import is_market_report
from digests.composing.headlines import Headline, headline, plain_words, say_the_same
from digests.composing.memo import Roundup
from digests.composing.same_event import SameEvent
from digests.composing.stories import Cluster
from digests.models import Article, Link, Provider

LINKED_PROVIDERS = 5
"""How many providers related links can add at most to those that carry a story; anybody can list any number."""

_DISTANT_PAST = datetime(1, 1, 1, tzinfo=UTC)


def gather(
    articles: Sequence[Article],
    lead: Article,
    *,
    delivered: Set[str] = frozenset(),
    taken: Set[str] = frozenset(),
    contested: Set[str] = frozenset(),
    judge: SameEvent | None = None,
) -> Roundup:
    """Collect the round-up of a story: its other articles and everybody's related links.

    Args:
        articles: The story's articles including the lead, and others whose links are wanted.
        lead: The story's lead.
        delivered: Addresses that must not appear.
        taken: Further such addresses.
        contested: Addresses that several different headlines claim: they identify nothing.
        judge: Compares headlines; without it only nearly equal ones count as repetitions.

    Returns:
        Links by quality, then newest first, market reports last; no address twice, not the lead's own, and no headline
        that says the same as the lead's or an earlier link's.
    """
    heads = _heads(_with_several(articles, contested))
    own = heads.get(lead.key, lead.key)
    barred = {own}
    barred.update(head for address, head in heads.items() if address in delivered or address in taken)
    entries: dict[str, Link] = {}
    for article in articles:
        head = heads.get(article.key, article.key)
        if article.url is not None and not any(head in addresses for addresses in (barred, delivered, taken)):
            entries.setdefault(head, link_to(article))
    for article in articles:
        for link in article.related:
            head = heads.get(link.key, link.key)
            if any(head in addresses for addresses in (barred, delivered, taken)):
                continue
            known = entries.get(head)
            if known is None:
                entries[head] = Link(link.title, link.url, link.key, link.provider, link.published_at, link.quality)
            elif known.quality is None and link.quality is not None:
                entries[head] = Link(
                    known.title,
                    known.url,
                    known.key,
                    known.provider,
                    known.published_at or link.published_at,
                    link.quality,
                )
    seen = _Seen(lead.title, judge)
    chosen: list[Link] = []
    doubles: set[str] = set()
    for entry in sorted(entries.values(), key=_best_first):
        if seen.says(entry.title):
            doubles.add(entry.key)
        else:
            chosen.append(entry)
    aliases = frozenset([address for address, head in heads.items() if head == own or head in entries])
    return Roundup(tuple(chosen), frozenset(doubles), aliases)


def without_headlines(roundup: Roundup, printed: Set[str], earlier: Set[str]) -> Roundup:
    """Return a round-up without the links whose headline, as `plain_words`, was printed elsewhere or earlier."""
    echoes = [link for link in roundup.links if (words := plain_words(link.title)) in printed or words in earlier]
    if not echoes:
        return roundup
    links = tuple(link for link in roundup.links if link not in echoes)
    return Roundup(links, roundup.same_headline.union(link.key for link in echoes), roundup.aliases)


class _Seen:
    """The headlines that a reader of a story has seen so far."""

    def __init__(self, title: str, judge: SameEvent | None) -> None:
        self._judge = judge
        self._plain = {plain_words(title)}
        self._titles = [(title, headline(title))]

    def says(self, title: str) -> bool:
        """Check whether a headline only repeats earlier ones; if not, add it to them."""
        plain = plain_words(title)
        if plain in self._plain:
            return True
        taken_apart = headline(title)
        if any(self._echoes(title, taken_apart, other, other_apart) for other, other_apart in self._titles):
            return True
        self._plain.add(plain)
        self._titles.append((title, taken_apart))
        return False

    def _echoes(self, title: str, taken_apart: Headline, other: str, other_apart: Headline) -> bool:
        if say_the_same(taken_apart, other_apart):
            return True
        if self._judge is None or taken_apart.words.isdisjoint(other_apart.words):
            return False
        return self._judge.headlines_agree(title, other)


def touched(articles: Iterable[Article]) -> frozenset[str]:
    """Return all addresses of articles and of their related links."""
    found = {key for article in articles for key in article.keys}
    found.update(key for article in articles for link in article.related for key in link.keys)
    return frozenset(found)


def roundup(story: Cluster, *, delivered: Set[str] = frozenset()) -> tuple[Link, ...]:
    """Return a story's related links and folded articles, best first, without those in `delivered`."""
    return gather(story.articles, story.lead, delivered=delivered).links


def link_to(article: Article) -> Link:
    """Return an article that has an address as a link for a round-up."""
    assert article.url is not None
    return Link(article.title, article.url, article.key, article.provider, article.published_at, article.quality)


def carriers(lead: Article, articles: Sequence[Article], *, but: Container[str] = ()) -> tuple[Provider, ...]:
    """Return the providers that carry a story, the lead's first, each domain once.

    Args:
        lead: The story's lead.
        articles: All of the story's articles. Their related links add at most `LINKED_PROVIDERS`.
        but: Addresses of related links that don't count: those of articles, which were compared themselves.
    """
    found: dict[str, Provider] = {}
    if lead.provider is not None:
        found[lead.provider.domain] = lead.provider
    for article in articles:
        provider = article.provider
        if provider is not None and article is not lead:
            found.setdefault(provider.domain, provider)
    most = len(found) + LINKED_PROVIDERS
    for article in articles:
        for link in article.related:
            if len(found) >= most:
                return tuple(found.values())
            provider = link.provider
            if provider is not None and provider.domain not in found and link.key not in but:
                found[provider.domain] = provider
    return tuple(found.values())


def _with_several(articles: Iterable[Article], contested: Set[str]) -> Iterator[tuple[str, ...]]:
    """Yield the addresses of articles and related links with more than one, without contested ones."""
    for article in articles:
        if article.aliases:
            yield (article.key, *(alias for alias in article.aliases if alias not in contested))
        for link in article.related:
            if link.aliases:
                yield (link.key, *(alias for alias in link.aliases if alias not in contested))


def _heads(several: Iterable[Sequence[str]]) -> dict[str, str]:
    """Map each address to one that represents all that it shares an article or link with (union-find)."""
    heads: dict[str, str] = {}

    def head(key: str) -> str:
        while (above := heads.setdefault(key, key)) != key:
            heads[key] = heads[above]  # path compression
            key = above
        return key

    for first, *others in several:
        for other in others:
            heads[head(other)] = head(first)
    return {key: head(key) for key in list(heads)}


def _best_first(link: Link) -> tuple[bool, float, float, str]:
    quality = link.quality if link.quality is not None else -1
    published_at = link.published_at or _DISTANT_PAST
    return (is_market_report(link.title), -quality, -published_at.timestamp(), link.key)
