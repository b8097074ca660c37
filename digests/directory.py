"""Which provider or topic a person means by what was typed. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz

from digests.models import Provider
from digests.names import Names, typed_line

SAME_NAME = 85
"""How alike (0 to 100) a name has to be to be taken for a slip of the keyboard."""

_ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?([^/\s?#]+)(?:[/?#]\S*)?", re.IGNORECASE)


class Directory:
    """All providers and topics of a corpus, those with most articles first."""

    def __init__(self, providers: Sequence[Provider] = (), topics: Sequence[str] = ()) -> None:
        self._providers = tuple(providers)
        self._topics = tuple(topics)
        self._provider_names = [
            (name, number) for number, provider in enumerate(providers) for name in (provider.domain, provider.name)
        ]
        self._topic_names = [(topic, number) for number, topic in enumerate(topics)]
        self._find_provider = Names(self._provider_names)
        self._find_topic = Names(self._topic_names)

    def providers(self, text: str) -> tuple[Provider, ...]:
        """Returns the providers that a text means: none, one, or those that share the name.

        A domain (an address of it will do, `www.` or not) or a name, in any case; else the one provider that
        begins so, holds those words, or is spelt almost so.
        """
        address = _ADDRESS.fullmatch(text.strip())
        typed = [typed_line(address[1])] if address else []
        return tuple(self._providers[number] for number in _meant([*typed, typed_line(text)], self._provider_names))

    def topics(self, text: str) -> tuple[str, ...]:
        """Returns the topic that a text means in the corpus's spelling, or nothing."""
        return tuple(self._topics[number] for number in _meant([typed_line(text)], self._topic_names))

    def nearest_providers(self, text: str, limit: int = 3) -> tuple[Provider, ...]:
        """Returns providers that come closest to a text."""
        return tuple(self._providers[number] for number in self._find_provider.find(text, limit))

    def nearest_topics(self, text: str, limit: int = 3) -> tuple[str, ...]:
        """Returns topics that come closest to a text."""
        return tuple(self._topics[number] for number in self._find_topic.find(text, limit))


def _meant(typed: Iterable[str], names: Sequence[tuple[str, int]]) -> list[int]:
    """Numbers of the things named; the first way of comparing that gives exactly one decides."""
    wanted = list(dict.fromkeys(filter(None, typed)))
    folded = [(typed_line(name), number) for name, number in names]
    exact = list(dict.fromkeys(number for name, number in folded if name in wanted))
    if exact or not wanted:
        return exact
    for text in wanted:
        words = text.split()
        beginning = {number for name, number in folded if name.startswith(text)}
        holding = {number for name, number in folded if all(f" {word}" in f" {name}" for word in words)}
        alike = {number for name, number in folded if fuzz.ratio(text, name) >= SAME_NAME}
        for numbers in (beginning, holding, alike):
            if len(numbers) == 1:
                return list(numbers)
    return []
