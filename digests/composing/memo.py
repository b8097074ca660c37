"""What is the same for every digest of a window: found when the first one asks, kept for the others. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from digests.models import Link, Provider, Score, Story, Weights, Window


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


@dataclass(slots=True)
class Memo:
    """What is the same for every digest of a window, found when the first one asks. Threads may find it twice.

    Attributes:
        going_on: Told lead -> the articles at hand that report its event, each with the margin.
        scores: (weights, window, article) -> who carries the article that nothing is tied to, and its rank.
        alone: (weights, window) -> article and topic -> the story of that article, which nothing is tied to.
        roundups: Articles, lead first -> the addresses that they and their links have, and the round-up of a story of
            them that nothing was told of.
    """

    going_on: dict[int, Mapping[int, float]] = field(default_factory=dict)
    scores: dict[tuple[Weights, Window], dict[int, tuple[tuple[Provider, ...], Score]]] = field(default_factory=dict)
    alone: dict[tuple[Weights, Window], dict[tuple[int, str | None], Story]] = field(default_factory=dict)
    roundups: dict[tuple[int | str, ...], tuple[frozenset[str], Roundup]] = field(default_factory=dict)
