"""The round-up of links around a story, and who carries it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime

from digests.composing.headlines import plain_words
from digests.composing.stories import Cluster
from digests.models import Article, Link, Provider

_DISTANT_PAST = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Roundup:
    """A story's links, best first, and what they settle besides.

    Attributes:
        links: Best first.
        same_headline: The addresses left away because their headline stood there already.
        aliases: Further addresses of all these and of the lead.
    """

    links: tuple[Link, ...]
    same_headline: frozenset[str]
    aliases: frozenset[str]


def gather(
    articles: Sequence[Article], lead: Article, *, told: Set[str] = frozenset(), taken: Set[str] = frozenset()
) -> Roundup:
    """Collects the round-up of a story: its other articles and everybody's related links.

    Args:
        articles: The story's articles, lead included.
        told: Addresses that must not appear.
        taken: More of them.

    Returns:
        Links in order of quality, then newest; no address and no headline twice, nor the lead's own.
    """
    heads = _heads(_with_several(articles))
    own = heads.get(lead.key, lead.key)
    barred = {own}
    barred.update(head for address, head in heads.items() if address in told or address in taken)
    entries: dict[str, Link] = {}
    for article in articles:
        head = heads.get(article.key, article.key)
        if article.url is not None and not any(head in addresses for addresses in (barred, told, taken)):
            entries.setdefault(head, link_to(article))
    for article in articles:
        for link in article.related:
            head = heads.get(link.key, link.key)
            if any(head in addresses for addresses in (barred, told, taken)):
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
    seen = {plain_words(lead.title)}
    chosen: list[Link] = []
    doubles: set[str] = set()
    for entry in sorted(entries.values(), key=_best_first):
        plain = plain_words(entry.title)
        if plain in seen:
            doubles.add(entry.key)
        else:
            seen.add(plain)
            chosen.append(entry)
    aliases = frozenset([address for address, head in heads.items() if head == own or head in entries])
    return Roundup(tuple(chosen), frozenset(doubles), aliases)


def roundup(story: Cluster, *, told: Set[str] = frozenset()) -> tuple[Link, ...]:
    """Returns a story's related links and folded articles, best first, none that stands in `told`."""
    return gather(story.articles, story.lead, told=told).links


def link_to(article: Article) -> Link:
    """Returns an article with an address as a line of a round-up."""
    assert article.url is not None
    return Link(article.title, article.url, article.key, article.provider, article.published_at, article.quality)


def carriers(lead: Article, articles: Iterable[Article], told: Set[str] = frozenset()) -> tuple[Provider, ...]:
    """Returns the providers that carry a story, the lead's first, each domain once.

    Args:
        lead: The story's lead.
        articles: All of the story's articles.
        told: Addresses of related links that don't count.
    """
    found: dict[str, Provider] = {}
    if lead.provider is not None:
        found[lead.provider.domain] = lead.provider
    for article in articles:
        provider = article.provider
        if provider is not None and article is not lead:
            found.setdefault(provider.domain, provider)
        for link in article.related:
            provider = link.provider
            if provider is not None and link.key not in told:
                found.setdefault(provider.domain, provider)
    return tuple(found.values())


def _with_several(articles: Iterable[Article]) -> Iterator[tuple[str, ...]]:
    """Yields the addresses of the articles and related links that have more than one."""
    for article in articles:
        if article.aliases:
            yield article.keys
        for link in article.related:
            if link.aliases:
                yield link.keys


def _heads(several: Iterable[Sequence[str]]) -> dict[str, str]:
    """Maps each address of what has several of them to one that stands for them all, through shared ones too."""
    heads: dict[str, str] = {}

    def head(key: str) -> str:
        while (above := heads.setdefault(key, key)) != key:
            heads[key] = heads[above]  # the way gets shorter for the next one
            key = above
        return key

    for first, *others in several:
        for other in others:
            heads[head(other)] = head(first)
    return {key: head(key) for key in list(heads)}


def _best_first(link: Link) -> tuple[float, float, str]:
    quality = link.quality if link.quality is not None else -1
    published_at = link.published_at or _DISTANT_PAST
    return (-quality, -published_at.timestamp(), link.key)
