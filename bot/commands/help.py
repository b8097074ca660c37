"""`/help`: what the bot can do for the person who asks."""

from __future__ import annotations

from discord import app_commands
from discord.app_commands import locale_str

from bot.interactions.host import BotInteraction
from bot.interactions.permissions import asker_is_operator, can_order_here
from bot.interactions.responses import begin, reply
from bot.render.help import HelpContext, render_help
from digests.editions import local_date


@app_commands.command(name="help", description=locale_str("What I can do, and how to ask"))
async def help_command(interaction: BotInteraction) -> None:
    """List the commands."""
    await begin(interaction)
    services = interaction.client.services
    newest_at = (await services.corpus.status()).newest_at or services.now()
    context = HelpContext(
        masthead=services.look.masthead,
        manager=can_order_here(interaction),
        operator=asker_is_operator(interaction),
        examples=services.suggestions.examples,
        day=local_date(newest_at, services.default_cadence.timezone),
    )
    await reply(interaction, render_help(interaction.client.command_ids(interaction.guild_id), context))
