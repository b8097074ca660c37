"""`/news` and `/latest`: search the articles, or list the newest."""

from __future__ import annotations

from discord import app_commands
from discord.app_commands import Choice, Range, locale_str

from bot.commands.autocomplete import complete_providers, complete_query, complete_topics
from bot.interactions import pages
from bot.interactions.host import BotInteraction
from bot.interactions.responses import begin, reply, reply_privately
from digests.models import SearchRequest, SearchSort

_MAX_QUERY_CHARS = 300

_PROVIDER = locale_str("Only news of this provider: its name or its domain")
_TOPIC = locale_str("Only news on this topic")
_SINCE = locale_str("Only news from this day on: 2021-02-04, yesterday, last week, 7d")
_UNTIL = locale_str("Only news up to this day: 2021-02-04, yesterday, last week, 7d")
_SHARE = locale_str("Show the answer to everybody in this channel, not only to you")


@app_commands.command(name="news", description=locale_str("Find news: words, phrases, providers, topics, dates"))
@app_commands.describe(
    query=locale_str('What to look for: words, "a phrase", -not, provider:, topic:, before:, after:'),
    provider=_PROVIDER,
    topic=_TOPIC,
    since=_SINCE,
    until=_UNTIL,
    sort=locale_str("What comes first"),
    share=_SHARE,
)
@app_commands.choices(
    sort=[
        Choice(name=locale_str("Best match first"), value=SearchSort.RELEVANCE.value),
        Choice(name=locale_str("Newest first"), value=SearchSort.NEWEST.value),
        Choice(name=locale_str("Best quality first"), value=SearchSort.QUALITY.value),
    ]
)
@app_commands.autocomplete(query=complete_query, provider=complete_providers, topic=complete_topics)
async def news(
    interaction: BotInteraction,
    query: Range[str, 1, _MAX_QUERY_CHARS],
    provider: str | None = None,
    topic: str | None = None,
    since: str | None = None,
    until: str | None = None,
    sort: str = SearchSort.RELEVANCE.value,
    share: bool = False,
) -> None:
    """Find stories."""
    await begin(interaction, share=share)
    request = SearchRequest(query, provider, topic, since, until, SearchSort(sort))
    shown, found = await pages.new_search(interaction.client.services, request, shared=share)
    # An empty result is not worth showing to the whole channel.
    await (reply if found else reply_privately)(interaction, shown)


@app_commands.command(name="latest", description=locale_str("The newest stories"))
@app_commands.describe(provider=_PROVIDER, topic=_TOPIC, since=_SINCE, share=_SHARE)
@app_commands.autocomplete(provider=complete_providers, topic=complete_topics)
async def latest(
    interaction: BotInteraction,
    provider: str | None = None,
    topic: str | None = None,
    since: str | None = None,
    share: bool = False,
) -> None:
    """List the newest stories."""
    await begin(interaction, share=share)
    request = SearchRequest(provider=provider, topic=topic, since=since, sort=SearchSort.NEWEST)
    shown, found = await pages.new_search(interaction.client.services, request, latest=True, shared=share)
    await (reply if found else reply_privately)(interaction, shown)
