"""What the bot may do in a channel is known from events, without a request."""

from __future__ import annotations

from bot.delivery.access import OPEN, AccessState, cached_access
from tests.bot.delivery.making import Office


async def test_an_open_and_a_shut_channel_are_known_without_asking(office: Office) -> None:
    channels = [office.sandbox.add_channel(office.guild, name) for name in ("open", "shut")]
    first, second = [await office.subscribe(channel) for channel in channels]
    await office.permit(channels[1], deny=["send_messages"])
    await office.client.wait_until_ready()
    assert cached_access(office.client, first) == OPEN
    shut = cached_access(office.client, second)
    assert shut is not None
    assert shut.state is AccessState.LACKING


async def test_a_channel_that_is_gone_is_known_without_asking(office: Office) -> None:
    channel = office.sandbox.add_channel(office.guild, "news")
    subscription = await office.subscribe(channel)
    office.sandbox.remove_channel(channel)
    await office.client.wait_until_ready()
    await office.until(lambda: office.client.get_channel(channel.id) is None)
    found = cached_access(office.client, subscription)
    assert found is not None
    assert found.state is AccessState.NO_CHANNEL
