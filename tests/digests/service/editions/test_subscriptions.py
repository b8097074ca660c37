from __future__ import annotations

import json
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest

from digests.errors import InvalidInput, NotFound, StoreError
from digests.models import Cadence, ChannelKind, SubscriptionState
from digests.service.exchange import ExchangeService
from tests.digests.service.editions.making import DAY, EIGHT, HOUR, MADE_AT, MINUTE, Newsroom


async def test_a_subscription_comes_back_as_it_was_made(newsroom: Newsroom) -> None:
    made = await newsroom.subscribe(
        channel_kind=ChannelKind.FORUM,
        channel_name="news",
        cadence=Cadence((time(8), time(18, 30)), (1, 3), "Europe/Berlin"),
        topics=("AI", "Ü"),
        providers=("bbc.com",),
        keywords=("clearview",),
        min_quality=20,
        max_stories=7,
        per_topic=2,
        per_provider=3,
        mention_role_id=5,
        language="de",
    )
    assert await newsroom.subscriptions.get(made.id) == made
    assert made.topics == ("AI", "Ü")
    policy = newsroom.editions.policy_for(made)
    assert (policy.max_stories, policy.per_topic, policy.per_provider) == (7, 2, 3)
    due = newsroom.subscriptions.next_due(made, MADE_AT)
    assert [f"{moment:%a %H:%M}" for moment in due] == ["Wed 07:00", "Wed 17:30", "Mon 07:00", "Mon 17:30", "Wed 07:00"]


async def test_a_guild_sees_its_own_and_a_member_their_dms(newsroom: Newsroom) -> None:
    in_guild = await newsroom.subscribe(1, guild_id=1)
    other = await newsroom.subscribe(2, guild_id=2)
    own = await newsroom.subscribe(3, guild_id=None, channel_kind=ChannelKind.DM, creator_id=9)
    assert await newsroom.subscriptions.list_for(guild_id=1) == (in_guild,)
    assert await newsroom.subscriptions.list_for(user_id=9) == (own,)
    with pytest.raises(NotFound):
        await newsroom.subscriptions.get(other.id, guild_id=1)
    with pytest.raises(NotFound):
        await newsroom.subscriptions.get(own.id, user_id=8)
    with pytest.raises(NotFound):
        await newsroom.subscriptions.get(in_guild.id, user_id=7)
    assert await newsroom.subscriptions.get(own.id, user_id=9) == own


async def test_a_guild_can_not_subscribe_without_end(newsroom: Newsroom) -> None:
    for channel in range(25):
        await newsroom.subscribe(channel + 1)
    with pytest.raises(InvalidInput, match="This server has 25 subscriptions already"):
        await newsroom.subscribe(99)
    await newsroom.subscribe(99, guild_id=2)


async def test_a_new_time_counts_from_now_on(newsroom: Newsroom) -> None:
    made = await newsroom.subscribe()
    newsroom.wire.bring("one", EIGHT - HOUR)
    await newsroom.subscriptions.edit(made.id, EIGHT - MINUTE, cadence=Cadence((time(9, 0),)))
    assert await newsroom.texts(EIGHT) == []
    assert len(await newsroom.texts(EIGHT + HOUR)) == 1
    await newsroom.subscriptions.edit(made.id, EIGHT + 2 * HOUR, topics=("Energy",))
    scheduled = await newsroom.subscription_store.find_scheduled(made.id)
    assert scheduled is not None
    assert scheduled.next_due_at == EIGHT + DAY + HOUR


async def test_only_the_order_can_be_edited(newsroom: Newsroom) -> None:
    made = await newsroom.subscribe()
    with pytest.raises(TypeError):
        await newsroom.subscriptions.edit(made.id, EIGHT, creator_id=5)
    with pytest.raises(InvalidInput, match="08:00"):
        await newsroom.subscriptions.edit(made.id, EIGHT, cadence=Cadence(()))
    with pytest.raises(InvalidInput, match="Nowhere"):
        await newsroom.subscriptions.edit(made.id, EIGHT, cadence=Cadence(timezone="Nowhere/Land"))


async def test_a_pause_keeps_the_articles_for_the_edition_after_it(newsroom: Newsroom) -> None:
    made = await newsroom.subscribe()
    newsroom.wire.bring("one", EIGHT - HOUR)
    await newsroom.texts(EIGHT)
    paused = await newsroom.subscriptions.pause(made.id, "Paused by Ann.", EIGHT + HOUR)
    assert (paused.state, paused.paused_reason) == (SubscriptionState.PAUSED, "Paused by Ann.")
    newsroom.wire.bring("two", EIGHT + 2 * HOUR)
    assert await newsroom.texts(EIGHT + DAY) == []
    resumed = await newsroom.subscriptions.resume(made.id, EIGHT + DAY + HOUR)
    assert (resumed.state, resumed.paused_reason) == (SubscriptionState.ACTIVE, None)
    assert await newsroom.texts(EIGHT + DAY + 2 * HOUR) == []
    assert await newsroom.texts(EIGHT + 2 * DAY) == ["Two stands alone in 1 respects"]


async def test_a_pause_before_anything_was_sent_withdraws_the_edition(newsroom: Newsroom) -> None:
    made = await newsroom.subscribe()
    newsroom.wire.bring("one", EIGHT - HOUR)
    await newsroom.prepare(EIGHT)
    await newsroom.subscriptions.pause(made.id, "wait", EIGHT)
    assert await newsroom.deliver(EIGHT) == []
    await newsroom.subscriptions.resume(made.id, EIGHT + HOUR)
    assert await newsroom.deliver(EIGHT + HOUR) == []
    assert await newsroom.texts(EIGHT + DAY) == ["One stands alone in 0 respects"]


async def test_unsubscribing_takes_back_what_was_not_sent(newsroom: Newsroom) -> None:
    made = await newsroom.subscribe()
    newsroom.wire.bring("one", EIGHT - HOUR)
    await newsroom.prepare(EIGHT)
    assert await newsroom.subscriptions.unsubscribe(made.id) == replace(made, covered_until=EIGHT)
    assert await newsroom.deliver(EIGHT) == []
    with pytest.raises(NotFound):
        await newsroom.subscriptions.get(made.id)
    assert (await newsroom.subscribe()).id > made.id


async def test_whoever_asked_hears_of_changes(newsroom: Newsroom) -> None:
    heard: list[str] = []
    newsroom.subscriptions.on_change(lambda: heard.append("change"))
    made = await newsroom.subscribe()
    await newsroom.subscriptions.edit(made.id, EIGHT, topics=("AI",))
    await newsroom.subscriptions.pause(made.id, "x", EIGHT)
    await newsroom.subscriptions.resume(made.id, EIGHT)
    await newsroom.subscriptions.resume(made.id, EIGHT)
    await newsroom.subscriptions.unsubscribe(made.id)
    assert len(heard) == 5


async def test_export_and_import_move_subscriptions_without_doubling_them(newsroom: Newsroom, tmp_path: Path) -> None:
    await newsroom.subscribe(1, topics=("AI",))
    paused = await newsroom.subscribe(2**60, mention_role_id=2**61)
    newsroom.wire.bring("one", EIGHT - HOUR)
    await newsroom.texts(EIGHT)
    await newsroom.subscriptions.pause(paused.id, "on holiday", EIGHT)
    document = json.loads(json.dumps(await ExchangeService(newsroom.subscription_store).export()))
    (tmp_path / "other").mkdir()
    other = await Newsroom.open(tmp_path / "other")
    exchange = ExchangeService(other.subscription_store)
    report = await exchange.import_(document, now=EIGHT + HOUR)
    assert (report.new, report.changed, report.unchanged) == (2, 0, 0)
    assert [replace(item, id=0) for item in await other.subscriptions.list_for()] == [
        replace(item, id=0) for item in await newsroom.subscriptions.list_for()
    ]
    assert await exchange.export() == document
    report = await exchange.import_(document, now=EIGHT + HOUR)
    assert (report.new, report.changed, report.unchanged) == (0, 0, 2)
    document["subscriptions"][0]["topics"] = ["Energy"]
    document["subscriptions"][1]["paused"] = False
    report = await exchange.import_(document, now=EIGHT + HOUR)
    assert (report.new, report.changed, report.unchanged) == (0, 2, 0)
    first, second = await other.subscriptions.list_for()
    assert first.topics == ("Energy",)
    assert second.state is SubscriptionState.ACTIVE
    await other.database.close()


async def test_an_import_that_cannot_be_finished_changes_nothing(newsroom: Newsroom) -> None:
    first = await newsroom.subscribe(1)
    document = await ExchangeService(newsroom.subscription_store).export()
    (entry,) = document["subscriptions"]
    entry["topics"] = ["Energy"]
    more = [
        entry | {"uid": f"u{number}", "guild_id": str(number + 2), "keywords": ["word" * 20] * 100}
        for number in range(50)
    ]
    document["subscriptions"] += more
    async with newsroom.database.transaction() as writer:
        pages = next(iter(await writer.execute_fetchall("PRAGMA page_count")))[0]
    await writer.execute(f"PRAGMA max_page_count = {pages + 10}")
    with pytest.raises(StoreError, match="full"):
        await ExchangeService(newsroom.subscription_store).import_(document, now=EIGHT)
    assert await newsroom.subscriptions.list_for() == (first,)
    await writer.execute("PRAGMA max_page_count = 1000000")
    report = await ExchangeService(newsroom.subscription_store).import_(document, now=EIGHT)
    assert (report.new, report.changed) == (50, 1)


@pytest.mark.parametrize("is_there_already", [False, True])
async def test_what_lost_its_access_resumes_by_itself_after_an_import_too(
    newsroom: Newsroom, is_there_already: bool
) -> None:
    exchange = ExchangeService(newsroom.subscription_store)
    made = await newsroom.subscribe(1)
    await newsroom.subscriptions.guild_gone(1, "Invite me again, and the digest goes on.")
    document = json.loads(json.dumps(await exchange.export()))
    if is_there_already:
        await newsroom.subscriptions.resume(made.id, EIGHT)
    else:
        await newsroom.subscriptions.unsubscribe(made.id)
    await exchange.import_(document, now=EIGHT)
    ((waiting, _cause),) = await newsroom.subscriptions.without_access()
    assert waiting.paused_reason == "Invite me again, and the digest goes on."
    assert await exchange.export() == document
    del document["subscriptions"][0]["pause_cause"]  # as an older program wrote it
    await newsroom.subscriptions.unsubscribe(waiting.id)
    assert (await exchange.import_(document, now=EIGHT)).new == 1
    assert await newsroom.subscriptions.without_access() == ()


async def test_an_entry_written_by_hand_needs_no_uid_and_is_not_doubled(newsroom: Newsroom) -> None:
    exchange = ExchangeService(newsroom.subscription_store)
    entry = {
        "channel_id": "5",
        "channel_kind": "text",
        "creator_id": 7,
        "times": ["08:00"],
        "created_at": "2026-01-01T00:00:00Z",
    }
    document = {"kind": "broadsheet-subscriptions", "version": 1, "subscriptions": [entry]}
    assert (await exchange.import_(document, now=EIGHT)).new == 1
    assert (await exchange.import_(document, now=EIGHT)).unchanged == 1


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {},
        {"kind": "something-else", "version": 1, "subscriptions": []},
        {"kind": "broadsheet-subscriptions", "version": 2, "subscriptions": []},
        {"kind": "broadsheet-subscriptions", "version": 1, "subscriptions": [{"channel_id": "x"}]},
    ],
)
async def test_a_document_that_is_no_export_is_refused_in_words(
    newsroom: Newsroom, document: dict[str, object]
) -> None:
    with pytest.raises(InvalidInput, match="not an export"):
        await ExchangeService(newsroom.subscription_store).import_(document, now=EIGHT)


async def test_cached_values_are_shared_and_dropped(newsroom: Newsroom) -> None:
    store = newsroom.button_state
    token = await store.save("search", {"query": "clearview", "page": 1}, EIGHT)
    assert await store.save("search", {"page": 1, "query": "clearview"}, EIGHT + DAY) == token
    assert await store.save("preview", {"query": "clearview", "page": 1}, EIGHT) != token
    assert await store.find("search", token) == {"query": "clearview", "page": 1}
    assert await store.find("preview", token) is None
    assert len(str(token)) <= 18
    assert await store.forget_before(EIGHT + HOUR) == 1
    assert await store.find("search", token) is not None


async def test_settings_outlive_and_the_installation_keeps_its_id(newsroom: Newsroom) -> None:
    assert await newsroom.settings.find("x") is None
    await newsroom.settings.set("x", "1")
    await newsroom.settings.set("x", "2")
    assert await newsroom.settings.find("x") == "2"
    await newsroom.settings.set("x", None)
    assert await newsroom.settings.find("x") is None
    assert await newsroom.settings.get_installation() == await newsroom.settings.get_installation()
