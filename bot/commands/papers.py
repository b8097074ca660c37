"""`/papers`: which channels get a paper, for every member."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.interactions.host import BotInteraction
from bot.interactions.resolve_subscription import next_due
from bot.interactions.responses import begin, reply
from bot.render.subscriptions import render_papers
from digests.models import Subscription


@app_commands.command(name="papers", description=locale_str("Which channels get a paper, when and about what"))
async def papers(interaction: BotInteraction) -> None:
    """Show the papers of the channels that the user can see, and their own orders."""
    await begin(interaction)
    services = interaction.client.services
    now = services.now()
    bot_is_here = interaction.guild_id is not None and interaction.is_guild_integration()
    here = await services.subscriptions.list_for(guild_id=interaction.guild_id) if bot_is_here else ()
    own = await services.subscriptions.list_for(user_id=interaction.user.id)
    seen = [one for one in here if may_see(interaction, one)]
    await reply(
        interaction,
        render_papers(
            [(one, next_due(services, one, now)) for one in seen], [(one, next_due(services, one, now)) for one in own]
        ),
    )


def may_see(interaction: BotInteraction, subscription: Subscription) -> bool:
    """Check whether the user can see a subscription's channel; an unknown channel counts as hidden."""
    if interaction.guild is None or not isinstance(interaction.user, discord.Member):
        return False
    channel = interaction.guild.get_channel_or_thread(subscription.channel_id)
    if channel is None:
        return False
    if isinstance(channel, discord.Thread) and channel.is_private():
        return channel.permissions_for(interaction.user).manage_threads
    return channel.permissions_for(interaction.user).view_channel
