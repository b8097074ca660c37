"""The buttons with which members order something for themselves, and end it."""

from __future__ import annotations

import discord

from bot.interactions import own_orders
from bot.interactions.host import BotInteraction
from bot.interactions.responses import begin_press, reply
from bot.views.item import Press

_REF = r"(?P<ref>[0-9a-f]{16}(?:-[0-9a-f]{8})?)"


class GetByDm(Press, template=r"getdm:(?P<composition>\d{1,19})"):
    """The *Get this by DM* under a digest."""

    async def press(self, interaction: BotInteraction) -> None:
        """Order the paper for the member."""
        await begin_press(interaction, separately=True)
        await reply(interaction, await own_orders.order_paper(interaction, int(self.match["composition"])))


class Follow(Press, template=r"follow:(?P<composition>\d{1,19})"):
    """The *Follow a story* under a digest."""

    async def press(self, interaction: BotInteraction) -> None:
        """Follow the only story, or ask which."""
        await begin_press(interaction, separately=True)
        number = int(self.match["composition"])
        ref, menu = await own_orders.choose_story(interaction.client.services, number)
        await reply(interaction, menu if ref is None else await own_orders.follow_story(interaction, ref))


class FollowPick(Press, template=r"followpick:(?P<composition>\d{1,19})"):
    """Selects a story to follow."""

    async def press(self, interaction: BotInteraction) -> None:
        """Follow it."""
        await begin_press(interaction)
        assert isinstance(self.item, discord.ui.Select)
        await reply(interaction, await own_orders.follow_story(interaction, self.item.values[0]))


class FollowStory(Press, template=rf"followstory:{_REF}"):
    """The *Follow this story* of an opened story."""

    async def press(self, interaction: BotInteraction) -> None:
        """Follow it."""
        await begin_press(interaction, separately=True)
        await reply(interaction, await own_orders.follow_story(interaction, self.match["ref"]))


class More(Press, template=r"more:(?P<token>\d{1,19})"):
    """The *Tell me when there is more* under an answer."""

    async def press(self, interaction: BotInteraction) -> None:
        """Save the question."""
        await begin_press(interaction, separately=True)
        await reply(interaction, await own_orders.order_more(interaction, self.match["token"]))


class Stop(Press, template=r"stop:(?P<composition>\d{1,19})"):
    """The *Stop* under a direct message."""

    async def press(self, interaction: BotInteraction) -> None:
        """End the order that it came from."""
        await begin_press(interaction, separately=True)
        services, user_id = interaction.client.services, interaction.user.id
        number, channel_id = int(self.match["composition"]), interaction.channel_id
        await reply(interaction, await own_orders.stop_from_message(services, number, channel_id, user_id))


class OwnStop(Press, template=r"own:stop:(?P<id>\d{1,18})"):
    """The *Stop* of an order in `/papers`, or under its first message."""

    async def press(self, interaction: BotInteraction) -> None:
        """End it."""
        await begin_press(interaction, separately=True)
        services = interaction.client.services
        await reply(interaction, await own_orders.stop_own(services, int(self.match["id"]), interaction.user.id))


class OwnPick(Press, template=r"ownpick"):
    """Selects an order that has no button of its own in `/papers`."""

    async def press(self, interaction: BotInteraction) -> None:
        """End it."""
        await begin_press(interaction, separately=True)
        assert isinstance(self.item, discord.ui.Select)
        id = int(self.item.values[0])
        await reply(interaction, await own_orders.stop_own(interaction.client.services, id, interaction.user.id))


class OwnHour(Press, template=r"ownhour:(?P<id>\d{1,18})"):
    """Selects the hour at which an order comes."""

    async def press(self, interaction: BotInteraction) -> None:
        """Move it to that hour."""
        await begin_press(interaction)
        assert isinstance(self.item, discord.ui.Select)
        services, id = interaction.client.services, int(self.match["id"])
        shown = await own_orders.change_hour(services, id, interaction.user.id, self.item.values[0])
        await reply(interaction, shown)
