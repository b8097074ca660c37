"""Autocomplete for the options of commands, from memory. Pure, and never an error."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from digests.models import Provider, Suggestion
from digests.typed.minus import SIGNS
from digests.typed.name_index import Names
from digests.typed.query import TIMES_ALONE, clean
from digests.typed.timezones import find_timezones

LONGEST_CHARS = 100
"""Discord's limit for the name and value of a choice."""
_HEADLINES_LOOKED_AT = 20
"""How many headlines are searched for the best example."""


def cut(text: str, limit: int = LONGEST_CHARS) -> str:
    """Shorten text to `limit` characters, with an ellipsis if something is missing."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def headline_query(headline: str) -> str:
    """Return a headline as a query that finds it: whole words, at most 100 characters, no query syntax."""
    words: list[str] = []
    length = -1
    for word in _DASH.sub(" ", clean(headline).translate(_MEANING)).split():
        word = word.rstrip("*")
        if not any(char.isalnum() for char in word):
            continue
        length += 1 + len(word)
        if length > LONGEST_CHARS:
            # In some scripts a whole headline has no spaces: its beginning has to do.
            return " ".join(words) or word[: LONGEST_CHARS - 1] + "*"
        words.append(word)
    query = " ".join(words)
    # In quotes a day is a word, not a time.
    return f'"{query}"' if query.lower() in TIMES_ALONE else query


# The last filter of a query, while its value is being typed; after `From: ` and `Source: ` a headline may follow.
_OPEN_FILTER = re.compile(
    r"""(?ix) (?:^|[\s(-]) (?P<field>provider|site|from|source|topic): (?:(?<!from:)(?<!source:)[ ])? (?:[^\s",]+,)*
    (?P<value> ["“] (?P<quoted>[^"“”]*) | (?P<bare>[^\s"“”,]*) ) $"""
)
# A dash that doesn't join two words would mean "not".
_DASH = re.compile(rf"(?<!\w)[{SIGNS}]+|[{SIGNS}]+(?!\w)")
_MEANING = str.maketrans(dict.fromkeys('"“”„«»:', " "))


@dataclass(frozen=True, slots=True)
class Examples:
    """Examples of queries that find something in the current corpus; None for those that don't exist.

    `words` are one or two adjacent words of a recent headline.
    """

    words: tuple[str, ...] = ()
    provider: str | None = None
    topic: str | None = None


def search_words(headline: str) -> tuple[str, ...]:
    """Return a headline's longest name (a capitalised word inside the sentence) and the word after it."""
    words = headline_query(headline).split()
    names = [place for place, word in enumerate(words) if place and word[:1].isupper() and word.isalpha()]
    if not names:
        return ()
    best = max(names, key=lambda place: len(words[place]))
    return tuple(word for word in words[best : best + 2] if word.isalpha() and len(word) > 2)


@dataclass(frozen=True, slots=True)
class _Choices:
    names: Names
    choices: tuple[Suggestion, ...]

    def find(self, text: str) -> tuple[Suggestion, ...]:
        return tuple(self.choices[number] for number in self.names.find(text))


class Suggestions:
    """The autocomplete choices, as an immutable snapshot of one state of the corpus.

    Args:
        providers: All, those with most articles first.
        topics: All, those with most articles first.
        headlines: The newest, newest first.
        channels: Who publishes on platforms, under the platform's domain.

    Attributes:
        examples: Examples of queries.
    """

    def __init__(
        self,
        providers: Sequence[Provider] = (),
        topics: Sequence[str] = (),
        headlines: Sequence[str] = (),
        channels: Sequence[Provider] = (),
    ) -> None:
        known = [provider for provider in providers if 0 < len(provider.domain) <= LONGEST_CHARS]
        self._providers = _Choices(
            Names((name, number) for number, provider in enumerate(known) for name in (provider.name, provider.domain)),
            tuple(Suggestion(provider_label(provider), provider.domain) for provider in known),
        )
        asked = [
            *((provider, provider.domain) for provider in known),
            *((channel, channel.name) for channel in channels),
        ]
        self._asked = _Choices(
            Names(
                (name, number)
                for number, (provider, _value) in enumerate(asked)
                for name in ((provider.name, provider.domain) if number < len(known) else (provider.name,))
            ),
            tuple(Suggestion(cut(value), value) for _provider, value in asked),
        )
        short = [topic for topic in topics if 0 < len(topic) <= LONGEST_CHARS]
        self._topics = _Choices(
            Names((topic, number) for number, topic in enumerate(short)),
            tuple(Suggestion(topic, topic) for topic in short),
        )
        searchable = [(headline, query) for headline in dict.fromkeys(headlines) if (query := headline_query(headline))]
        self._headlines = _Choices(
            Names((headline, number) for number, (headline, _query) in enumerate(searchable)),
            tuple(Suggestion(cut(clean(headline)), query) for headline, query in searchable),
        )
        candidates = (
            words for headline, _query in searchable[:_HEADLINES_LOOKED_AT] if (words := search_words(headline))
        )
        self.examples = Examples(
            words=max(candidates, key=lambda words: (len(words), len(words[0])), default=()),
            provider=known[0].domain if known else None,
            topic=short[0] if short else None,
        )

    def queries(self, text: str) -> tuple[Suggestion, ...]:
        """Complete a search to recent headlines; after `provider:` and `topic:` to existing names."""
        filtered = _OPEN_FILTER.search(text)
        if filtered is None:
            return self._headlines.find(text)
        values = self._topics if filtered["field"].lower() == "topic" else self._asked
        typed = filtered["quoted"] if filtered["quoted"] is not None else filtered["bare"]
        head = text[: filtered.start("value")]
        return tuple(
            Suggestion(query, query)
            for choice in values.find(typed)
            if len(query := head + as_value(choice.value)) <= LONGEST_CHARS
        )

    def providers(self, text: str) -> tuple[Suggestion, ...]:
        """Complete a list of providers separated by commas; values are domains."""
        return _complete_list(self._providers, text)

    def topics(self, text: str) -> tuple[Suggestion, ...]:
        """Complete a list of topics separated by commas."""
        return _complete_list(self._topics, text)

    @staticmethod
    def timezones(text: str, now: datetime) -> tuple[Suggestion, ...]:
        """Complete to IANA zones, shown with their offset from UTC at `now`."""
        return find_timezones(text, now)


def as_value(name: str) -> str:
    """Return a name as written after a filter: in quotes if it has spaces or commas."""
    return f'"{name}"' if re.search(r"[\s,()]", name) else name


def provider_label(provider: Provider) -> str:
    """Return a provider's label: its name, and its domain if that adds something."""
    if not provider.name or provider.name.casefold() == provider.domain:
        return provider.domain
    domain = f" ({provider.domain})"
    return cut(provider.name, max(1, LONGEST_CHARS - len(domain))) + domain if len(domain) < 90 else provider.domain


def _complete_list(choices: _Choices, text: str) -> tuple[Suggestion, ...]:
    """Complete the last item of a list and keep the earlier ones."""
    *earlier, last = (item.strip() for item in text.split(","))
    earlier = [item for item in earlier if item]
    if not earlier:
        return choices.find(last)
    chosen = {item.casefold() for item in earlier}
    head = ", ".join(earlier) + ", "
    return tuple(
        Suggestion(cut(head + choice.name), head + choice.value)
        for choice in choices.find(last)
        if choice.value.casefold() not in chosen and len(head + choice.value) <= LONGEST_CHARS
    )
