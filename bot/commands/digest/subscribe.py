"""`/digest subscribe` and `/digest edit`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Range, Transform, locale_str

from bot.commands.autocomplete import (
    complete_providers,
    complete_subscription,
    complete_timezone,
    complete_topics,
)
from bot.commands.digest import option_descriptions
from bot.interactions.destination import (
    Channel,
    DestinationOption,
    bot_permissions,
    check_destination,
    check_mention,
    destination,
    find_destination,
)
from bot.interactions.host import BotInteraction
from bot.interactions.orders import edit_order, trial_of
from bot.interactions.panel import Panel, show_panel
from bot.interactions.parse_options import Typed, parse_options
from bot.interactions.resolve_subscription import next_due, resolve_subscription, scope
from bot.interactions.responses import begin, reply
from bot.render.subscriptions import render_already_ordered, render_own, render_subscribed
from digests.errors import Forbidden, InvalidInput
from digests.i18n import _
from digests.models import Purpose, Subscription
from digests.typed.likely_zone import likely_timezone
from digests.typed.options import MAX_QUALITY, MAX_STORIES


@app_commands.command(name="subscribe", description=locale_str("Send a channel its own daily paper"))
@app_commands.describe(channel=option_descriptions.CHANNEL, **option_descriptions.ORDER)
@app_commands.choices(quiet_day=option_descriptions.QUIET_DAYS, style=option_descriptions.STYLES)
@app_commands.autocomplete(timezone=complete_timezone, topics=complete_topics, providers=complete_providers)
async def subscribe(
    interaction: BotInteraction,
    channel: Transform[Channel, DestinationOption] | None = None,
    time: str | None = None,
    timezone: str | None = None,
    days: str | None = None,
    topics: str | None = None,
    providers: str | None = None,
    keywords: str | None = None,
    min_quality: Range[int, 0, MAX_QUALITY] | None = None,
    max_stories: Range[int, 1, MAX_STORIES] | None = None,
    quiet_day: str | None = None,
    mention: discord.Role | None = None,
    style: str | None = None,
    per_topic: Range[int, 1, MAX_STORIES] | None = None,
    per_provider: Range[int, 1, MAX_STORIES] | None = None,
) -> None:
    """Make a subscription."""
    await begin(interaction)
    services = interaction.client.services
    place = await find_destination(interaction, channel)
    likely = likely_timezone(str(interaction.locale)) if services.default_cadence.timezone == "UTC" else None
    typed = Typed(
        *(time, timezone, days, topics, providers, keywords),
        *(min_quality, max_stories, quiet_day, style, per_topic, per_provider),
    )
    opens_panel = typed == Typed() and mention is None
    fault = ""
    try:
        check_destination(place)
    except Forbidden as error:
        # The panel offers to choose another channel.
        if not opens_panel:
            raise
        fault = str(error)
    if mention is not None:
        check_mention(mention, place.permissions)
    now = services.now()
    fields = await parse_options(typed, services.default_cadence, services.search, now)
    order: dict[str, Any] = {
        "cadence": services.default_cadence,
        "quiet_day": services.default_quiet_day,
        "style": services.default_style,
        **fields,
    }
    draft = Subscription(
        guild_id=interaction.guild_id,
        channel_id=place.channel_id,
        channel_kind=place.kind,
        channel_name=place.name,
        creator_id=interaction.user.id,
        created_at=now,
        mention_role_id=mention.id if mention is not None else None,
        language=str(interaction.guild_locale or interaction.locale),
        **order,
    )
    if opens_panel:
        at_home = replace(draft.cadence, timezone=likely or draft.cadence.timezone)
        panel = Panel(replace(draft, cadence=at_home), fault=fault, is_zone_guessed=True)
        await reply(interaction, await show_panel(services, panel))
        return
    equal = await services.subscriptions.find_equal(draft)
    if equal is not None:
        await reply(interaction, render_already_ordered(equal, next_due(services, equal, now)))
        return
    made = await services.subscriptions.subscribe(draft, now=now)
    here = await services.subscriptions.list_for(**scope(interaction))
    others = [other for other in here if other.channel_id == made.channel_id and other.id != made.id]
    trial, due = await trial_of(services, made), next_due(services, made, now)
    asked = likely if timezone is None and likely != made.cadence.timezone else None
    unknown = timezone is None and likely is None and services.default_cadence.timezone == "UTC"
    await reply(interaction, render_subscribed(made, due, others, trial, asked, is_zone_unknown=unknown))


@app_commands.command(name="edit", description=locale_str("Change a subscription; what you leave out stays as it is"))
@app_commands.describe(
    subscription=option_descriptions.SUBSCRIPTION,
    channel=locale_str("Where the digest goes from now on"),
    no_mention=locale_str("Stop mentioning a role"),
    **option_descriptions.ORDER,
)
@app_commands.choices(quiet_day=option_descriptions.QUIET_DAYS, style=option_descriptions.STYLES)
@app_commands.autocomplete(
    subscription=complete_subscription,
    timezone=complete_timezone,
    topics=complete_topics,
    providers=complete_providers,
)
async def edit(
    interaction: BotInteraction,
    subscription: str | None = None,
    channel: Transform[Channel, DestinationOption] | None = None,
    time: str | None = None,
    timezone: str | None = None,
    days: str | None = None,
    topics: str | None = None,
    providers: str | None = None,
    keywords: str | None = None,
    min_quality: Range[int, 0, MAX_QUALITY] | None = None,
    max_stories: Range[int, 1, MAX_STORIES] | None = None,
    quiet_day: str | None = None,
    mention: discord.Role | None = None,
    style: str | None = None,
    no_mention: bool = False,
    per_topic: Range[int, 1, MAX_STORIES] | None = None,
    per_provider: Range[int, 1, MAX_STORIES] | None = None,
) -> None:
    """Change a subscription."""
    await begin(interaction)
    services = interaction.client.services
    before = await resolve_subscription(interaction, subscription)
    if mention is not None and no_mention:
        raise InvalidInput(_("Type either mention or no_mention, not both."))
    typed = Typed(
        *(time, timezone, days, topics, providers, keywords),
        *(min_quality, max_stories, quiet_day, style, per_topic, per_provider),
    )
    if typed == Typed() and channel is None and mention is None and not no_mention:
        if before.purpose is Purpose.STORY:
            await reply(interaction, render_own(before, next_due(services, before, services.now())))
            return
        await reply(interaction, await show_panel(services, Panel(before, before)))
        return
    now = services.now()
    changes: dict[str, Any] = {**await parse_options(typed, before.cadence, services.search, now)}
    if channel is not None:
        place = await destination(interaction, channel)
        changes |= {"channel_id": place.channel_id, "channel_kind": place.kind, "channel_name": place.name}
    if no_mention:
        changes["mention_role_id"] = None
    elif mention is not None:
        check_mention(mention, await bot_permissions(interaction, replace(before, **changes)))
        changes["mention_role_id"] = mention.id
    await reply(interaction, await edit_order(services, before, changes))
