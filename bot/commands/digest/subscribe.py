"""`/digest subscribe` and `/digest edit`: ordering a daily paper, and changing the order."""

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
from bot.commands.digest import wording
from bot.commands.digest.destination import (
    Channel,
    DestinationOption,
    bot_permissions,
    check_mention,
    destination,
)
from bot.commands.digest.orders import Typed, understood
from bot.commands.digest.picking import next_due, picked, scope
from bot.permissions import check_asker_is_manager
from bot.render.subscriptions import render_subscribed, render_subscription
from bot.replies import Asked, begin, reply
from digests.errors import InvalidInput
from digests.i18n import _
from digests.models import Subscription
from digests.options import MAX_QUALITY, MAX_STORIES


@app_commands.command(name="subscribe", description=locale_str("Send a channel its own daily paper"))
@app_commands.describe(
    channel=wording.CHANNEL,
    time=wording.TIME,
    timezone=wording.TIMEZONE,
    days=wording.DAYS,
    topics=wording.TOPICS,
    providers=wording.PROVIDERS,
    keywords=wording.KEYWORDS,
    min_quality=wording.MIN_QUALITY,
    max_stories=wording.MAX_STORIES,
    quiet_day=wording.QUIET_DAY,
    mention=wording.MENTION,
)
@app_commands.choices(quiet_day=wording.QUIET_DAYS)
@app_commands.autocomplete(timezone=complete_timezone, topics=complete_topics, providers=complete_providers)
async def subscribe(
    interaction: Asked,
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
) -> None:
    """Makes a subscription."""
    check_asker_is_manager(interaction)
    await begin(interaction)
    services = interaction.client.services
    place = await destination(interaction, channel)
    if mention is not None:
        check_mention(mention, place.permissions)
    typed = Typed(time, timezone, days, topics, providers, keywords, min_quality, max_stories, quiet_day)
    now = services.now()
    fields = await understood(typed, services.default_cadence, services.search, now)
    order: dict[str, Any] = {"cadence": services.default_cadence, "quiet_day": services.default_quiet_day, **fields}
    made = await services.subscriptions.subscribe(
        Subscription(
            guild_id=interaction.guild_id,
            channel_id=place.channel_id,
            channel_kind=place.kind,
            channel_name=place.name,
            creator_id=interaction.user.id,
            created_at=now,
            mention_role_id=mention.id if mention is not None else None,
            language=str(interaction.guild_locale or interaction.locale),
            **order,
        ),
        now=now,
    )
    here = await services.subscriptions.list_for(**scope(interaction))
    others = [other for other in here if other.channel_id == made.channel_id and other.id != made.id]
    await reply(interaction, render_subscribed(made, next_due(services, made, now), others))


@app_commands.command(name="edit", description=locale_str("Change a subscription; what you leave out stays as it is"))
@app_commands.describe(
    subscription=wording.SUBSCRIPTION,
    channel=locale_str("Where the digest goes from now on"),
    time=wording.TIME,
    timezone=wording.TIMEZONE,
    days=wording.DAYS,
    topics=wording.TOPICS,
    providers=wording.PROVIDERS,
    keywords=wording.KEYWORDS,
    min_quality=wording.MIN_QUALITY,
    max_stories=wording.MAX_STORIES,
    quiet_day=wording.QUIET_DAY,
    mention=wording.MENTION,
    no_mention=locale_str("Mention no role any more"),
)
@app_commands.choices(quiet_day=wording.QUIET_DAYS)
@app_commands.autocomplete(
    subscription=complete_subscription,
    timezone=complete_timezone,
    topics=complete_topics,
    providers=complete_providers,
)
async def edit(
    interaction: Asked,
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
    no_mention: bool = False,
) -> None:
    """Changes a subscription."""
    check_asker_is_manager(interaction)
    await begin(interaction)
    services = interaction.client.services
    before = await picked(interaction, subscription)
    if mention is not None and no_mention:
        raise InvalidInput(_("Mention a role or none: leave out mention or no_mention."))
    typed = Typed(time, timezone, days, topics, providers, keywords, min_quality, max_stories, quiet_day)
    if typed == Typed() and channel is None and mention is None and not no_mention:
        raise InvalidInput(_("Nothing was changed. Say what to change, such as time:08:00 or days:weekdays."))
    now = services.now()
    changes: dict[str, Any] = {**await understood(typed, before.cadence, services.search, now)}
    if channel is not None:
        place = await destination(interaction, channel)
        changes |= {"channel_id": place.channel_id, "channel_kind": place.kind, "channel_name": place.name}
    if no_mention:
        changes["mention_role_id"] = None
    elif mention is not None:
        check_mention(mention, await bot_permissions(interaction, replace(before, **changes)))
        changes["mention_role_id"] = mention.id
    after = await services.subscriptions.edit(before.id, now, **changes)
    failed = await services.editions.failed(after.id)
    await reply(interaction, render_subscription(after, next_due(services, after, now), failed.get(after.id)))
