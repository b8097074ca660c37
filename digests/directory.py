"""Which provider or topic a person means by what was typed. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from digests.models import Provider
from digests.names import Names

_ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?([^/\s?#]+)(?:[/?#]\S*)?", re.IGNORECASE)


class Directory:
    """All providers and topics of a corpus, those with most articles first."""

    def __init__(self, providers: Sequence[Provider] = (), topics: Sequence[str] = ()) -> None:
        self._providers = tuple(providers)
        self._topics = tuple(topics)
        self._provider_names = Names(
            (name, number) for number, provider in enumerate(providers) for name in (provider.domain, provider.name)
        )
        self._topic_names = Names((topic, number) for number, topic in enumerate(topics))

    def providers(self, text: str) -> tuple[Provider, ...]:
        """Returns the providers that a text means: none, one, or those that share the name.

        A domain (an address of it will do, `www.` or not) or a name, in any case; else the one provider that
        begins so, holds those words, or is spelt almost so.
        """
        address = _ADDRESS.fullmatch(text.strip())
        typed = (address[1], text) if address else (text,)
        return tuple(self._providers[number] for number in self._provider_names.meant(typed))

    def topics(self, text: str) -> tuple[str, ...]:
        """Returns the topic that a text means in the corpus's spelling, or nothing."""
        return tuple(self._topics[number] for number in self._topic_names.meant((text,)))

    def nearest_providers(self, text: str, limit: int = 3) -> tuple[Provider, ...]:
        """Returns providers that come closest to a text."""
        return tuple(self._providers[number] for number in self._provider_names.find(text, limit))

    def nearest_topics(self, text: str, limit: int = 3) -> tuple[str, ...]:
        """Returns topics that come closest to a text."""
        return tuple(self._topics[number] for number in self._topic_names.find(text, limit))
