"""What is stored of a server or a member can be erased, at once or in time, and nothing of others goes with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from digests.models import ChannelKind
from digests.service.exchange import ExchangeService
from digests.service.privacy import ABSENCE, PrivacyService
from digests.store.forgetting import ForgettingStore, Forgotten
from tests.digests.service.editions.making import DAY, EIGHT, HOUR, Newsroom


@pytest.fixture
def privacy(newsroom: Newsroom) -> PrivacyService:
    return PrivacyService(ForgettingStore(newsroom.database))


def bytes_of(newsroom: Newsroom) -> bytes:
    path = Path(newsroom.database.path)
    return b"".join(file.read_bytes() for file in path.parent.glob("state.db*"))


async def test_a_server_is_forgotten_whole_and_its_neighbour_stays(newsroom: Newsroom, privacy: PrivacyService) -> None:
    await newsroom.subscribe(1, guild_id=1, channel_name="secret-room", topics=("AI",))
    other = await newsroom.subscribe(2, guild_id=2)
    newsroom.wire.bring("one", EIGHT - HOUR, topics=("AI",))
    await newsroom.texts(EIGHT)
    assert b"secret-room" in bytes_of(newsroom)
    forgotten = await privacy.forget_guild(1)
    assert forgotten == Forgotten(subscriptions=1, editions=1, compositions=1)
    assert await newsroom.subscriptions.list_for() == (await newsroom.subscriptions.get(other.id),)
    assert len(await newsroom.editions.recent(other.id)) == 1
    assert b"secret-room" not in bytes_of(newsroom)
    assert await privacy.forget_guild(1) == Forgotten()


async def test_a_member_takes_their_own_digests_along_and_the_servers_stay_unsigned(
    newsroom: Newsroom, privacy: PrivacyService
) -> None:
    await newsroom.subscribe(1, guild_id=None, channel_kind=ChannelKind.DM, creator_id=9)
    kept = await newsroom.subscribe(2, guild_id=1, creator_id=9)
    paused = await newsroom.subscribe(3, guild_id=1, creator_id=8)
    await newsroom.subscriptions.pause(paused.id, "", EIGHT, by=9)
    assert await privacy.forget_user(9) == Forgotten(subscriptions=1, unsigned=2)
    assert (await newsroom.subscriptions.get(kept.id)).creator_id == 0
    paused = await newsroom.subscriptions.get(paused.id)
    assert (paused.creator_id, paused.paused_by) == (8, None)
    assert await privacy.forget_user(9) == Forgotten()


async def test_what_waits_for_a_server_that_is_forgotten_is_never_sent(
    newsroom: Newsroom, privacy: PrivacyService
) -> None:
    await newsroom.subscribe(1)
    newsroom.wire.bring("one", EIGHT - HOUR)
    await newsroom.prepare(EIGHT)
    await privacy.forget_guild(1)
    assert await newsroom.deliver(EIGHT) == []


async def test_a_server_that_removed_the_bot_is_erased_after_thirty_days(
    newsroom: Newsroom, privacy: PrivacyService
) -> None:
    await newsroom.subscribe(1, guild_id=1)
    await newsroom.subscribe(2, guild_id=2)
    await privacy.guild_left(1, EIGHT)
    assert await privacy.erase_absent({2}, EIGHT + ABSENCE - HOUR) == 0
    assert len(await newsroom.subscriptions.list_for()) == 2
    assert await privacy.erase_absent({2}, EIGHT + ABSENCE) == 1
    assert [one.guild_id for one in await newsroom.subscriptions.list_for()] == [2]
    assert await privacy.erase_absent({2}, EIGHT + 2 * ABSENCE) == 0


async def test_a_server_that_comes_back_begins_to_count_again(newsroom: Newsroom, privacy: PrivacyService) -> None:
    await newsroom.subscribe(1, guild_id=1)
    await privacy.erase_absent(set(), EIGHT)
    await privacy.erase_absent({1}, EIGHT + 10 * DAY)
    await privacy.erase_absent(set(), EIGHT + 20 * DAY)
    assert await privacy.erase_absent(set(), EIGHT + 20 * DAY + ABSENCE - HOUR) == 0
    assert await privacy.erase_absent(set(), EIGHT + 20 * DAY + ABSENCE) == 1


async def test_an_export_after_a_member_was_forgotten_can_be_imported(
    newsroom: Newsroom, privacy: PrivacyService
) -> None:
    await newsroom.subscribe(1, creator_id=9)
    await privacy.forget_user(9)
    exchange = ExchangeService(newsroom.subscription_store)
    assert (await exchange.import_(await exchange.export(), now=EIGHT)).unchanged == 1


@pytest.mark.parametrize("whose", ["member", "server"])
async def test_previews_of_what_is_forgotten_go_with_it(
    newsroom: Newsroom, privacy: PrivacyService, whose: str
) -> None:
    dm = {"guild_id": None, "channel_kind": ChannelKind.DM, "creator_id": 9} if whose == "member" else {"guild_id": 9}
    mine, other = await newsroom.subscribe(1, **dm), await newsroom.subscribe(2, guild_id=2)
    kept = [
        await newsroom.button_state.save("preview", {"subscription_id": id, "policy": {"query": words}}, EIGHT)
        for id, words in ((mine.id, "secret words"), (other.id, "other words"), (None, "typed words"))
    ]
    await (privacy.forget_user(9) if whose == "member" else privacy.forget_guild(9))
    assert b"secret words" not in bytes_of(newsroom)
    found = [await newsroom.button_state.find("preview", token) for token in kept]
    assert [value is not None for value in found] == [False, True, True]
