"""Finds the provider or topic that a person means. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from digests.models import Provider
from digests.typed.name_index import Names

_ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?([^/\s?#]+)(?:[/?#]\S*)?", re.IGNORECASE)


class NameResolver:
    """All providers and topics of a corpus, those with most articles first.

    Args:
        providers: By their domains.
        topics: As most articles spell them.
        channels: Who publishes on platforms, under the platform's domain.
    """

    def __init__(
        self, providers: Sequence[Provider] = (), topics: Sequence[str] = (), channels: Sequence[Provider] = ()
    ) -> None:
        self._channels = frozenset(channels)
        providers = (*providers, *channels)
        self._providers = providers
        self._topics = tuple(topics)
        self._provider_names = Names(
            (name, number)
            for number, provider in enumerate(providers)
            for name in (provider.domain, provider.name)
            if name == provider.name or provider not in self._channels
        )
        self._topic_names = Names((topic, number) for number, topic in enumerate(topics))

    def providers(self, text: str, *, exactly: bool = False) -> tuple[Provider, ...]:
        """Return the providers that the text names: none, one, or those that share the name.

        A domain (or an address on it, with or without `www.`) or a name, in any case; else the only provider that
        begins with it, contains its words, or is spelt almost the same (unless `exactly`).
        """
        names = self._provider_names
        return tuple(self._providers[number] for number in (names.called if exactly else names.meant)(_ways(text)))

    def is_channel(self, provider: Provider) -> bool:
        """Check whether a provider is one of many on a platform, so that its domain is not enough."""
        return provider in self._channels

    def written(self, provider: Provider) -> str:
        """Return a provider as written in a filter: the domain, or the name on a platform."""
        return provider.name if self.is_channel(provider) else provider.domain

    def topics(self, text: str, *, exactly: bool = False) -> tuple[str, ...]:
        """Return the topic that the text names, in the corpus's spelling, or nothing."""
        names = self._topic_names
        return tuple(self._topics[number] for number in (names.called if exactly else names.meant)((text,)))

    def respelt_provider(self, text: str) -> str | None:
        """Return the domain (or name on a platform) that the text names if it is misspelt; else None."""
        if self._provider_names.meant(_ways(text), misspelt=False):
            return None
        return next(map(self.written, self.providers(text)), None)

    def respelt_topic(self, text: str) -> str | None:
        """Return the topic that the text names if it is misspelt; else None."""
        return None if self._topic_names.meant((text,), misspelt=False) else next(iter(self.topics(text)), None)

    def name_length(self, words: Sequence[str], *, topic: bool) -> int:
        """Return how many words, from the first on, name a provider (or a `topic`): 1 where no more of them do.

        The longest name counts; else, where the first word alone is not a name, the most words that one name holds.
        """
        names = self._topic_names if topic else self._provider_names
        beginnings = [" ".join(words[:count]) for count in range(len(words), 1, -1)]
        for text in beginnings:
            if names.called((text,)):
                return len(text.split())
        if not names.called((words[0],)):
            for text in beginnings:
                if names.meant((text,), misspelt=False):
                    return len(text.split())
        return 1

    def nearest_providers(self, text: str, limit: int = 3) -> tuple[Provider, ...]:
        """Return the providers most similar to the text."""
        return tuple(self._providers[number] for number in self._provider_names.find(text, limit))

    def nearest_topics(self, text: str, limit: int = 3) -> tuple[str, ...]:
        """Return the topics most similar to the text."""
        return tuple(self._topics[number] for number in self._topic_names.find(text, limit))


def _ways(text: str) -> tuple[str, ...]:
    """Return the spellings to look up: the host if the text may be an address, and the text itself."""
    address = _ADDRESS.fullmatch(text.strip())
    return (address[1], text) if address else (text,)
