"""Which articles tell one story, and the round-up of links around it. Pure; knows nothing of stores or editions."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

from digests.models import Article, Join, Link


@dataclass(frozen=True, slots=True)
class Cluster:
    """A lead and the articles folded into it, with the reason for each join."""

    lead: Article
    folded: tuple[Article, ...] = ()
    joins: tuple[Join, ...] = ()


def cluster(articles: Sequence[Article]) -> tuple[Cluster, ...]:
    """Groups articles into stories; every article stands in exactly one."""
    return tuple(Cluster(article) for article in articles)


def roundup(story: Cluster, *, told: Set[str] = frozenset()) -> tuple[Link, ...]:
    """Returns the story's related links and folded articles, best first, none that stands in `told`."""
    return ()
