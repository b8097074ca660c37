"""The vocabulary of the news domain: frozen values that every room shares, with no behaviour of their own.

All times are aware UTC datetimes without microseconds. Keys are canonical addresses (`digests.urls.canonical`)
or `file:PATH` for an article without an address.
"""

from __future__ import annotations

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
    Subscription,
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
from digests.models.memory import Told, ToldStory
from digests.models.questions import Quote, SearchAnswer, SearchRequest, SearchSort, Suggestion
from digests.models.stories import Join, JoinReason, Link, Match, Score, Spans, Story, Update

__all__ = [
    "YEARS",
    "Article",
    "Cadence",
    "ChannelKind",
    "CorpusStatus",
    "CorpusTrouble",
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
    "LeftOut",
    "LeftOutReason",
    "Link",
    "LoadReport",
    "Match",
    "Policy",
    "Presentation",
    "Problem",
    "Provider",
    "QuietDay",
    "Quote",
    "RelatedLink",
    "Score",
    "SearchAnswer",
    "SearchRequest",
    "SearchSort",
    "Section",
    "Spans",
    "Story",
    "Style",
    "Subscription",
    "SubscriptionState",
    "Suggestion",
    "Told",
    "ToldStory",
    "Update",
    "Weights",
    "Window",
]
