"""Choices while a person types: from memory, or one small read for subscriptions. An error means no choices."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

from discord.app_commands import Choice

from bot.interactions.explaining import suggest_editions
from bot.interactions.host import BotInteraction
from bot.interactions.resolve_subscription import suggest_subscriptions
from digests.models import Suggestion

_log = logging.getLogger(__name__)

MAX_CHOICES = 25
MAX_CHOICE_CHARS = 100

Suggest = Callable[[BotInteraction, str], Awaitable[Sequence[Suggestion]]]
Autocomplete = Callable[[BotInteraction, str], Coroutine[Any, Any, list[Choice[str]]]]


def completing(suggest: Suggest) -> Autocomplete:
    """Wrap a source of suggestions: an error becomes an empty list, and no more are sent than Discord accepts."""

    async def complete(interaction: BotInteraction, current: str) -> list[Choice[str]]:
        try:
            suggestions = await suggest(interaction, current)
        except Exception:  # noqa: BLE001 - a border: the person keeps typing without choices
            _log.exception("Autocomplete %s failed", suggest.__name__)
            return []
        return [
            Choice(name=suggestion.name, value=suggestion.value)
            for suggestion in suggestions
            if 0 < len(suggestion.name) <= MAX_CHOICE_CHARS and 0 < len(suggestion.value) <= MAX_CHOICE_CHARS
        ][:MAX_CHOICES]

    return complete


async def _queries(interaction: BotInteraction, current: str) -> Sequence[Suggestion]:
    return interaction.client.services.suggestions.queries(current)


async def _providers(interaction: BotInteraction, current: str) -> Sequence[Suggestion]:
    return interaction.client.services.suggestions.providers(current)


async def _topics(interaction: BotInteraction, current: str) -> Sequence[Suggestion]:
    return interaction.client.services.suggestions.topics(current)


async def _timezones(interaction: BotInteraction, current: str) -> Sequence[Suggestion]:
    services = interaction.client.services
    return services.suggestions.timezones(current, services.now())


async def _editions(interaction: BotInteraction, current: str) -> Sequence[Suggestion]:
    return await suggest_editions(interaction, str(getattr(interaction.namespace, "subscription", None) or ""), current)


complete_query = completing(_queries)
complete_providers = completing(_providers)
complete_topics = completing(_topics)
complete_timezone = completing(_timezones)
complete_subscription = completing(suggest_subscriptions)
complete_edition = completing(_editions)
