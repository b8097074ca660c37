"""Results that all digests of a window share: computed for the first one, cached for the others. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

from digests.models import Link, Provider, Score, Story, Weights, Window


@dataclass(frozen=True, slots=True)
class Roundup:
    """A story's links, and the addresses that they cover.

    Attributes:
        links: Best first.
        same_headline: Addresses left out because their headline was already there.
        aliases: Further addresses of all of these and of the lead.
    """

    links: tuple[Link, ...]
    same_headline: frozenset[str]
    aliases: frozenset[str]


@dataclass(slots=True)
class Memo:
    """The cache for one window. Two threads may compute the same entry.

    Attributes:
        going_on: Delivered lead -> the window's articles that report its event, each with the margin.
        scores: (weights, window, article) -> providers and rank of a single article without ties.
        alone: (weights, window) -> article and topic -> the story of a single article without ties.
        roundups: Articles, lead first -> the addresses of them and their links, and the story's round-up as it is if
            nothing in it was delivered before.
        stories: Articles, those shown beneath them, topic, score -> the story with that round-up.
    """

    going_on: dict[int, Mapping[int, float]] = field(default_factory=dict)
    scores: dict[tuple[Weights, Window], dict[int, tuple[tuple[Provider, ...], Score]]] = field(default_factory=dict)
    alone: dict[tuple[Weights, Window], dict[tuple[int, str | None], Story]] = field(default_factory=dict)
    roundups: dict[tuple[int | str, ...], tuple[frozenset[str], Roundup]] = field(default_factory=dict)
    stories: dict[tuple[Hashable, ...], Story] = field(default_factory=dict)
