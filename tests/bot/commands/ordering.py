"""What a manager does with subscriptions, for the tests of the commands that order them."""

from __future__ import annotations

from digests.models import Subscription
from sandbox.driver.reply import Reply
from tests.bot.commands.newsroom import Newsroom


async def subscribe(newsroom: Newsroom, **options: object) -> Reply:
    # Without any option a panel opens.
    options = {"time": "8:00"} | options
    return await newsroom.sandbox.invoke("digest subscribe", options, member=newsroom.manager, channel=newsroom.channel)


async def edit(newsroom: Newsroom, **options: object) -> Reply:
    return await newsroom.sandbox.invoke("digest edit", options, member=newsroom.manager, channel=newsroom.channel)


async def only(newsroom: Newsroom) -> Subscription:
    """Return the server's one subscription."""
    (subscription,) = await newsroom.services.subscriptions.list_for(guild_id=newsroom.guild.id)
    return subscription
