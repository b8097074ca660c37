"""The vocabulary of the news domain: frozen values shared by all modules, without behaviour of their own.

All times are aware UTC datetimes without microseconds. Keys are canonical addresses (`digests.urls.canonical`)
or `file:PATH` for an article without an address.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digests.models.corpus import (
        YEARS,
        Article,
        CorpusStatus,
        CorpusTrouble,
        FolderSummary,
        Image,
        LoadReport,
        Problem,
        Provider,
        RelatedLink,
    )
    from digests.models.delivery import (
        Cadence,
        ChannelKind,
        Delivery,
        DeliveryState,
        Edition,
        EditionState,
        FailedEdition,
        Failure,
        LatestEditions,
        PastEdition,
        Purpose,
        Silence,
        Subscription,
        SubscriptionLimits,
        SubscriptionState,
    )
    from digests.models.editions import (
        Digest,
        Dropped,
        DropReason,
        LeftOut,
        LeftOutReason,
        Policy,
        Presentation,
        QuietDay,
        Section,
        Style,
        Weights,
        Window,
    )
    from digests.models.memory import Delivered, DeliveredStory
    from digests.models.questions import Quote, SearchAnswer, SearchRequest, SearchSort, Suggestion
    from digests.models.stories import Join, JoinReason, Link, Match, Score, Spans, Story, Update

__all__ = [
    "YEARS",
    "Article",
    "Cadence",
    "ChannelKind",
    "CorpusStatus",
    "CorpusTrouble",
    "Delivered",
    "DeliveredStory",
    "Delivery",
    "DeliveryState",
    "Digest",
    "DropReason",
    "Dropped",
    "Edition",
    "EditionState",
    "FailedEdition",
    "Failure",
    "FolderSummary",
    "Image",
    "Join",
    "JoinReason",
    "LatestEditions",
    "LeftOut",
    "LeftOutReason",
    "Link",
    "LoadReport",
    "Match",
    "PastEdition",
    "Policy",
    "Presentation",
    "Problem",
    "Provider",
    "Purpose",
    "QuietDay",
    "Quote",
    "RelatedLink",
    "Score",
    "SearchAnswer",
    "SearchRequest",
    "SearchSort",
    "Section",
    "Silence",
    "Spans",
    "Story",
    "Style",
    "Subscription",
    "SubscriptionLimits",
    "SubscriptionState",
    "Suggestion",
    "Update",
    "Weights",
    "Window",
]

_MODULES = ("corpus", "stories", "memory", "questions", "editions", "delivery")
"""The modules of the names; those that every process needs come first."""


def __getattr__(name: str) -> object:
    """Import the module of a name at its first use: a process that reads files needs only one of them."""
    if name in __all__:
        for module in _MODULES:
            found = vars(import_module(f"{__name__}.{module}")).get(name)
            if found is not None:
                globals()[name] = found
                return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
