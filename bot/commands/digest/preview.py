"""`/digest preview` and `/digest now`: seeing a digest, and having one before its time."""

from __future__ import annotations

from discord import app_commands
from discord.app_commands import Range, locale_str

from bot.commands.autocomplete import (
    complete_providers,
    complete_subscription,
    complete_timezone,
    complete_topics,
)
from bot.commands.digest import option_names
from bot.interactions import pages
from bot.interactions.destination import check_still_open
from bot.interactions.host import BotInteraction
from bot.interactions.orders import send_order_now
from bot.interactions.parse_options import Typed, narrowed, parse_options
from bot.interactions.previews import preview_of_day, preview_of_now
from bot.interactions.resolve_subscription import resolve_subscription
from bot.interactions.responses import begin, reply
from bot.render.digest import render_digest
from digests.editions import local_date
from digests.models import Presentation
from digests.typed.options import MAX_QUALITY, MAX_STORIES


@app_commands.command(name="preview", description=locale_str("Show a digest without sending it"))
@app_commands.describe(
    subscription=locale_str("What this subscription would be sent; without one the filters count"),
    date=locale_str("The digest of this day: 2021-02-04, yesterday; what would be sent now if left out"),
    explain=locale_str("Show each story's numbers, and why others are missing"),
    topics=option_names.TOPICS,
    providers=option_names.PROVIDERS,
    keywords=option_names.KEYWORDS,
    min_quality=option_names.MIN_QUALITY,
    max_stories=option_names.MAX_STORIES,
    timezone=locale_str("The time zone of the day, such as Europe/Berlin"),
)
@app_commands.autocomplete(
    subscription=complete_subscription,
    topics=complete_topics,
    providers=complete_providers,
    timezone=complete_timezone,
)
async def preview(
    interaction: BotInteraction,
    subscription: str | None = None,
    date: str | None = None,
    explain: bool = False,
    topics: str | None = None,
    providers: str | None = None,
    keywords: str | None = None,
    min_quality: Range[int, 0, MAX_QUALITY] | None = None,
    max_stories: Range[int, 1, MAX_STORIES] | None = None,
    timezone: str | None = None,
) -> None:
    """Show a digest, and the numbers behind it."""
    await begin(interaction)
    services = interaction.client.services
    chosen = await resolve_subscription(interaction, subscription) if subscription is not None else None
    cadence = chosen.cadence if chosen is not None else services.default_cadence
    policy = services.editions.policy_for(chosen) if chosen is not None else services.policy
    typed = Typed(None, timezone, None, topics, providers, keywords, min_quality, max_stories)
    now = services.now()
    fields = await parse_options(typed, cadence, services.search, now)
    policy, zone = narrowed(policy, fields), fields.get("cadence", cadence).timezone
    asked = (
        preview_of_now(services, policy, zone, now, chosen) if date is None else preview_of_day(policy, date, zone, now)
    )
    token, digest = await pages.new_preview(services, asked)
    so_far = asked.day >= local_date(now, zone)
    style = chosen.style if chosen is not None else services.default_style
    is_post = chosen is not None and chosen.channel_kind.has_posts
    parts = render_digest(digest, Presentation(style, is_post), composition_id=token, look=services.look, so_far=so_far)
    shown = [part.components for part in parts]
    if explain:
        shown.append(pages.explanation(digest, token, 0))
    await reply(interaction, *shown)


@app_commands.command(
    name="now", description=locale_str("Send this moment's edition early; the regular one won't repeat it")
)
@app_commands.describe(subscription=option_names.SUBSCRIPTION)
@app_commands.autocomplete(subscription=complete_subscription)
async def now_command(interaction: BotInteraction, subscription: str | None = None) -> None:
    """Put an early edition into the outbox."""
    await begin(interaction)
    services = interaction.client.services
    chosen = await resolve_subscription(interaction, subscription)
    await check_still_open(interaction, chosen)
    await reply(interaction, await send_order_now(services, chosen))
