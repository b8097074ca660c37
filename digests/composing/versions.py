"""What tells products and the news about them apart: their models, and a rumour from the announcement. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from digests.bounded_cache import cached
from digests.composing.evidence import Evidence
from digests.composing.languages import LANGUAGES

_MODELS = "pro|plus|max|ultra|mini|lite|air|slim|fold|flip|xl|xt|xs|ti|super|se|fe"
"""What makers everywhere add to a product's name and number."""
_MODEL = re.compile(rf"\b(\w*\d\w*)((?:[ -](?:{_MODELS})\b|\+)*)")


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(sorted(words))})\b")


_RUMOUR = _any_of(word for language in LANGUAGES for word in language.rumours)
_ANNOUNCEMENT = _any_of(word for language in LANGUAGES for word in language.announcements)


def are_other_models(first: Evidence, second: Evidence) -> bool:
    """Check whether two headlines name two models with one number (`Phone 17`, `Phone 17 Pro`).

    A headline or an excerpt that names both models reports on either.
    """
    ours, theirs = _models(first.title), _models(second.title)
    if not ours or not theirs:
        return False
    return any(
        theirs[number].isdisjoint(models) and not _says(second, models) | _says(first, theirs[number])
        for number, models in ours.items()
        if number in theirs
    )


def _says(article: Evidence, models: frozenset[str]) -> bool:
    text = f"{article.title} {article.excerpt}".lower()
    return any(model and model in text for model in models)


@cached(8192)
def _models(title: str) -> dict[str, frozenset[str]]:
    """Return the numbers in a headline, each with the models named behind it; an empty name for the plain one."""
    found: dict[str, set[str]] = {}
    for number, model in _MODEL.findall(title.lower()):
        found.setdefault(number, set()).add(model.strip())
    return {number: frozenset(models) for number, models in found.items()}


def are_rumour_and_fact(first: Evidence, second: Evidence) -> bool:
    """Check whether one headline reports a rumour and the other one the announcement: two events."""
    ours, theirs = is_rumour(first.title), is_rumour(second.title)
    if ours is theirs:
        return False
    return _is_announcement((second if ours else first).title) and not _is_announcement(
        (first if ours else second).title
    )


@cached(8192)
def is_rumour(title: str) -> bool:
    """Check whether a headline calls its news a rumour or a leak."""
    return _RUMOUR.search(title.lower()) is not None


@cached(8192)
def _is_announcement(title: str) -> bool:
    return _ANNOUNCEMENT.search(title.lower()) is not None
