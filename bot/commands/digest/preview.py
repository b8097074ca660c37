"""`/digest preview` and `/digest now`: show a digest without sending it, or send one early."""

from __future__ import annotations

from discord import app_commands
from discord.app_commands import Range, locale_str

from bot.commands.autocomplete import (
    complete_edition,
    complete_providers,
    complete_subscription,
    complete_timezone,
    complete_topics,
)
from bot.commands.digest import option_descriptions
from bot.interactions.destination import check_still_open
from bot.interactions.explaining import (
    PreviewRequest,
    edition_asked_for,
    explained_subscription,
    is_last,
    show_past,
    show_upcoming,
)
from bot.interactions.host import BotInteraction
from bot.interactions.orders import send_order_now
from bot.interactions.parse_options import Typed
from bot.interactions.resolve_subscription import resolve_subscription
from bot.interactions.responses import begin, reply
from digests.typed.options import MAX_QUALITY, MAX_STORIES


@app_commands.command(name="preview", description=locale_str("Show a digest without sending it, or explain one"))
@app_commands.describe(
    subscription=locale_str("Preview this subscription; without one, the filters you give"),
    date=locale_str("The digest of this day: 2021-02-04, yesterday; last for the last one sent; now if left out"),
    explain=locale_str("Show each story's numbers, and why others are missing; of the last digest that was sent"),
    address=locale_str("Why was this article not in it? Its address: https://…"),
    topics=option_descriptions.TOPICS,
    providers=option_descriptions.PROVIDERS,
    keywords=option_descriptions.KEYWORDS,
    min_quality=option_descriptions.MIN_QUALITY,
    max_stories=option_descriptions.MAX_STORIES,
    per_topic=option_descriptions.PER_TOPIC,
    per_provider=option_descriptions.PER_PROVIDER,
    timezone=locale_str("The time zone of the day, such as Europe/Berlin"),
)
@app_commands.autocomplete(
    subscription=complete_subscription,
    date=complete_edition,
    topics=complete_topics,
    providers=complete_providers,
    timezone=complete_timezone,
)
async def preview(
    interaction: BotInteraction,
    subscription: str | None = None,
    date: str | None = None,
    explain: bool = False,
    address: str | None = None,
    topics: str | None = None,
    providers: str | None = None,
    keywords: str | None = None,
    min_quality: Range[int, 0, MAX_QUALITY] | None = None,
    max_stories: Range[int, 1, MAX_STORIES] | None = None,
    timezone: str | None = None,
    per_topic: Range[int, 1, MAX_STORIES] | None = None,
    per_provider: Range[int, 1, MAX_STORIES] | None = None,
) -> None:
    """Show a digest, the numbers behind it, or why an article is not in it."""
    await begin(interaction)
    typed = Typed(
        timezone=timezone,
        topics=topics,
        providers=providers,
        keywords=keywords,
        min_quality=min_quality,
        max_stories=max_stories,
        per_topic=per_topic,
        per_provider=per_provider,
    )
    looks_back = explain or address is not None or is_last(date)
    chosen = await explained_subscription(interaction, subscription, date, may_guess=looks_back and typed == Typed())
    asked = PreviewRequest(chosen, typed, date, explain, address)
    services = interaction.client.services
    edition = await edition_asked_for(services, asked) if looks_back else None
    if edition is not None and chosen is not None:
        await reply(interaction, *await show_past(services, chosen, edition, asked))
    else:
        await reply(interaction, *await show_upcoming(services, asked))


@app_commands.command(
    name="now", description=locale_str("Send this moment's edition early; the regular one won't repeat it")
)
@app_commands.describe(subscription=option_descriptions.SUBSCRIPTION)
@app_commands.autocomplete(subscription=complete_subscription)
async def now_command(interaction: BotInteraction, subscription: str | None = None) -> None:
    """Put an early edition into the outbox."""
    await begin(interaction)
    services = interaction.client.services
    chosen = await resolve_subscription(interaction, subscription)
    await check_still_open(interaction, chosen)
    await reply(interaction, await send_order_now(services, chosen))
