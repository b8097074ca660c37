from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digests.errors import StoreError
from digests.models import Delivery, DeliveryState, EditionState, FailedEdition, Failure, SubscriptionState
from digests.service.outbox import Barred, GaveUp, OutboxService, PauseCause, Refused, Released, Retry, Sent
from digests.store.connection import Database
from digests.store.database_kinds import STATE
from digests.store.outbox.deliveries import DeliveryStore
from tests.digests.service.editions.making import DAY, EIGHT, HOUR, MINUTE, Newsroom, text_of
from tests.examples import examples


async def two_days(newsroom: Newsroom) -> int:
    """Make two editions of two parts each for one subscription; return its id."""
    subscription = await newsroom.subscribe()
    for day in range(2):
        for name in ("one", "two"):
            newsroom.wire.bring(f"{name}{day}", EIGHT + day * DAY - HOUR, title=f"{name}{day}", provider=f"{name}{day}")
        await newsroom.prepare(EIGHT + day * DAY)
    return subscription.id


async def test_editions_of_one_subscription_go_out_one_after_the_other(newsroom: Newsroom) -> None:
    await two_days(newsroom)
    sent = await newsroom.deliver(EIGHT + DAY)
    assert [text[-1] for _channel, text in sent] == ["0", "0", "1", "1"]
    assert len({text for _channel, text in sent}) == 4


async def test_a_channel_of_two_subscriptions_gets_one_part_at_a_time(newsroom: Newsroom) -> None:
    await newsroom.subscribe(5)
    await newsroom.subscribe(5, topics=("Harbours",))
    newsroom.wire.bring("one", EIGHT - HOUR)
    await newsroom.prepare(EIGHT)
    (first,) = await newsroom.outbox.claim(EIGHT, limit=10)
    assert await newsroom.outbox.claim(EIGHT, limit=10, busy=[5]) == ()
    await newsroom.outbox.record([Sent(first, 1)], EIGHT)
    (second,) = await newsroom.outbox.claim(EIGHT, limit=10)
    assert second.subscription_id != first.subscription_id


async def test_a_part_waits_for_its_retry_and_holds_the_ones_behind_it(newsroom: Newsroom) -> None:
    await two_days(newsroom)
    now = EIGHT + DAY
    (first,) = await newsroom.outbox.claim(now, limit=10)
    await newsroom.outbox.record([Retry(first, now + MINUTE, "busy", certain=True)], now)
    assert await newsroom.outbox.claim(now, limit=10) == ()
    assert await newsroom.outbox.find_next_ready_at() == now + MINUTE
    (again,) = await newsroom.outbox.claim(now + MINUTE, limit=10)
    assert (again.number, again.attempt_count, again.attempted_at) == (1, 1, None)
    await newsroom.outbox.record([Retry(again, now + 2 * MINUTE, "lost", certain=False)], now)
    (third,) = await newsroom.outbox.claim(now + 3 * MINUTE, limit=10)
    assert third.attempted_at == now + MINUTE


async def test_a_claim_given_back_is_as_if_it_never_was(newsroom: Newsroom) -> None:
    await two_days(newsroom)
    (first,) = await newsroom.outbox.claim(EIGHT + DAY, limit=10)
    await newsroom.outbox.record([Released(first)], EIGHT + DAY)
    assert await newsroom.outbox.claim(EIGHT + DAY, limit=10) == (first,)


async def test_giving_up_withdraws_an_edition_of_which_nothing_arrived(newsroom: Newsroom) -> None:
    id = await two_days(newsroom)
    now = EIGHT + DAY
    (first,) = await newsroom.outbox.claim(now, limit=10)
    await newsroom.outbox.record([GaveUp(first, "too often", certain=True)], now)
    assert await newsroom.editions.failed(id) == {id: FailedEdition(EIGHT, 0, 2, Failure.GAVE_UP, comes_again=True)}
    assert [text[-1] for _channel, text in await newsroom.deliver(now)] == ["1", "1"]  # the next day's goes on
    assert sorted(await newsroom.texts(EIGHT + 2 * DAY)) == ["one0", "two0"]  # and what was lost comes back
    states = [edition.state for edition in await newsroom.editions.recent(id)]
    assert states == [EditionState.DELIVERED, EditionState.DELIVERED, EditionState.FAILED]


async def test_giving_up_in_doubt_fails_the_edition_and_repeats_nothing(newsroom: Newsroom) -> None:
    id = await two_days(newsroom)
    now = EIGHT + DAY
    (first,) = await newsroom.outbox.claim(now, limit=10)
    await newsroom.outbox.record([GaveUp(first, "lost", certain=False)], now)
    assert await newsroom.editions.failed(id) == {id: FailedEdition(EIGHT, 0, 2, Failure.DOUBTFUL)}
    assert [text[-1] for _channel, text in await newsroom.deliver(now)] == ["1", "1"]
    assert await newsroom.texts(EIGHT + 2 * DAY) == []
    assert (await newsroom.editions.recent(id))[-1].state is EditionState.FAILED


@pytest.mark.parametrize("certain", [True, False])
async def test_a_refusal_before_the_end_counts_as_a_doubt_only_where_there_is_one(
    newsroom: Newsroom, certain: bool
) -> None:
    await two_days(newsroom)
    now = EIGHT + DAY
    (first,) = await newsroom.outbox.claim(now, limit=10)
    await newsroom.outbox.record([Refused(first, "invalid", certain=certain)], now)
    (second,) = await newsroom.outbox.claim(now, limit=10)
    await newsroom.outbox.record([GaveUp(second, "too often", certain=True)], now)
    assert len(await newsroom.deliver(now)) == 2
    assert len(await newsroom.texts(EIGHT + 2 * DAY)) == (2 if certain else 0)


async def test_giving_up_midway_fails_the_edition_and_repeats_nothing(newsroom: Newsroom) -> None:
    id = await two_days(newsroom)
    now = EIGHT + DAY
    (first,) = await newsroom.outbox.claim(now, limit=10)
    await newsroom.outbox.record([Sent(first, 1)], now)
    (second,) = await newsroom.outbox.claim(now, limit=10)
    await newsroom.outbox.record([GaveUp(second, "too often", certain=True)], now)
    assert len(await newsroom.deliver(now)) == 2
    assert await newsroom.texts(EIGHT + 2 * DAY) == []
    assert (await newsroom.editions.recent(id))[-1].state is EditionState.FAILED


async def test_a_barred_channel_pauses_and_holds_everything_behind(newsroom: Newsroom) -> None:
    id = await two_days(newsroom)
    now = EIGHT + DAY
    (first,) = await newsroom.outbox.claim(now, limit=10)
    await newsroom.outbox.record([Barred(first, "403", "I may not.", PauseCause.ACCESS)], now)
    paused = await newsroom.subscriptions.get(id)
    assert (paused.state, paused.paused_reason) == (SubscriptionState.PAUSED, "I may not.")
    assert paused.covered_until == EIGHT - DAY
    assert await newsroom.editions.failed(id) == {}  # nothing is lost: the pause itself is what is shown
    assert await newsroom.deliver(now) == []
    await newsroom.subscriptions.resume(id, now)
    assert sorted(await newsroom.texts(EIGHT + 2 * DAY)) == ["one0", "one1", "two0", "two1"]


async def test_a_part_in_flight_while_its_subscription_is_paused_is_recorded(newsroom: Newsroom) -> None:
    id = await two_days(newsroom)
    now = EIGHT + DAY
    (first,) = await newsroom.outbox.claim(now, limit=10)
    await newsroom.subscriptions.pause(id, "stop", now)
    await newsroom.outbox.record([Sent(first, 1)], now)
    assert await newsroom.deliver(now) == []
    await newsroom.subscriptions.resume(id, now)
    assert len(await newsroom.deliver(now)) == 1  # the rest of the edition that was begun
    assert len(await newsroom.texts(EIGHT + 2 * DAY)) == 2  # the other one was withdrawn


async def test_a_part_in_flight_while_its_subscription_is_deleted_harms_nothing(newsroom: Newsroom) -> None:
    id = await two_days(newsroom)
    (first,) = await newsroom.outbox.claim(EIGHT + DAY, limit=10)
    await newsroom.subscriptions.unsubscribe(id)
    await newsroom.outbox.record([Sent(first, 1)], EIGHT + DAY)
    assert (await newsroom.outbox.status()).claimed == 0


async def test_the_claims_of_a_dead_process_come_back_as_doubts(newsroom: Newsroom) -> None:
    await two_days(newsroom)
    (first,) = await newsroom.outbox.claim(EIGHT + DAY, limit=10)
    assert await newsroom.outbox.claim(EIGHT + DAY, limit=10) == ()
    assert await newsroom.outbox.recover(EIGHT + DAY + HOUR) == 1
    (again,) = await newsroom.outbox.claim(EIGHT + DAY + HOUR, limit=10)
    assert (again.nonce, again.attempted_at) == (first.nonce, EIGHT + DAY)
    assert await newsroom.outbox.recover(EIGHT + DAY + HOUR) == 1


async def test_however_often_the_process_dies_no_part_is_given_up_for_it(newsroom: Newsroom) -> None:
    await two_days(newsroom)
    for _death in range(50):
        await newsroom.outbox.claim(EIGHT + DAY, limit=10)
        assert await newsroom.outbox.recover(EIGHT + DAY) == 1
    (again,) = await newsroom.outbox.claim(EIGHT + DAY, limit=10)
    assert (again.attempt_count, again.attempted_at) == (0, EIGHT + DAY)


async def test_a_clock_set_back_midway_keeps_no_part_waiting_for_the_hour_to_come_again(newsroom: Newsroom) -> None:
    await two_days(newsroom)
    (first,) = await newsroom.outbox.claim(EIGHT, limit=10)
    back = EIGHT - HOUR
    await newsroom.outbox.record([Sent(first, 1)], back)
    (second,) = await newsroom.outbox.claim(back, limit=10)
    assert second.number == 2
    assert await newsroom.outbox.recover(back - HOUR) == 1
    (again,) = await newsroom.outbox.claim(back - HOUR, limit=10)
    assert again.marker == second.marker


async def test_parts_that_wait_are_let_go_when_the_clock_was_set_back(newsroom: Newsroom) -> None:
    for channel_id in (1, 2):
        await newsroom.subscribe(channel_id)
    newsroom.wire.bring("one", EIGHT - HOUR)
    await newsroom.prepare(EIGHT)
    (first,) = await newsroom.outbox.claim(EIGHT, limit=1)
    await newsroom.outbox.record([Retry(first, EIGHT + MINUTE, "busy", certain=True)], EIGHT)
    back = EIGHT - HOUR + MINUTE
    assert await newsroom.deliver(back) == []
    await newsroom.prepare(back)
    assert len(await newsroom.deliver(back)) == 2


async def test_a_retry_of_an_edition_older_than_the_step_goes_when_the_step_was_seen(newsroom: Newsroom) -> None:
    await newsroom.subscribe(1)
    newsroom.wire.bring("one", EIGHT - HOUR)
    await newsroom.prepare(EIGHT)
    later = EIGHT + 5 * HOUR
    (first,) = await newsroom.outbox.claim(later, limit=1)
    await newsroom.outbox.record([Retry(first, later + MINUTE, "busy", certain=True)], later)
    back = later - HOUR
    await newsroom.prepare(back)  # by itself this can't tell that the clock went back
    assert await newsroom.deliver(back) == []
    await newsroom.editions.release_waiting(back)
    assert len(await newsroom.deliver(back)) == 1


async def test_a_part_that_was_never_tried_has_no_cause_to_wait_and_one_that_was_has(newsroom: Newsroom) -> None:
    for channel_id in (1, 2):
        await newsroom.subscribe(channel_id)
    newsroom.wire.bring("one", EIGHT - HOUR)
    await newsroom.prepare(EIGHT + 3 * HOUR)
    (first,) = await newsroom.outbox.claim(EIGHT + 3 * HOUR, limit=1)
    await newsroom.outbox.record([Retry(first, EIGHT + 4 * HOUR, "limited", certain=True)], EIGHT + 3 * HOUR)
    await newsroom.prepare(EIGHT + 2 * HOUR)  # later than all that was due: nothing else tells of the step
    assert len(await newsroom.deliver(EIGHT + 2 * HOUR)) == 1
    assert len(await newsroom.deliver(EIGHT + 4 * HOUR)) == 1


async def test_the_status_counts_parts(newsroom: Newsroom) -> None:
    await two_days(newsroom)
    (first,) = await newsroom.outbox.claim(EIGHT + DAY, limit=10)
    await newsroom.outbox.record([Refused(first, "invalid")], EIGHT + DAY)
    await newsroom.outbox.claim(EIGHT + DAY, limit=10)
    status = await newsroom.outbox.status()
    assert (status.pending, status.claimed, status.sent, status.failed) == (2, 1, 0, 1)


async def test_a_store_that_is_out_of_order_is_said_in_words(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "state.db", STATE)
    outbox = OutboxService(DeliveryStore(database))
    async with database.transaction() as connection:
        pass
    await connection.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreError, match=r"state\.db .*readonly"):
        await outbox.claim(EIGHT, limit=1)
    await connection.execute("PRAGMA query_only = OFF")
    assert await outbox.claim(EIGHT, limit=1) == ()
    await database.close()


@settings(max_examples=examples(30), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**9))
async def test_whatever_becomes_of_claims_parts_are_sent_in_order_and_never_twice(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    chance = random.Random(seed)
    newsroom = await Newsroom.open(tmp_path_factory.mktemp("newsroom"), is_inline=True)
    try:
        ids = [(await newsroom.subscribe(channel % 3 + 1)).id for channel in range(4)]
        now = EIGHT
        held: list[Delivery] = []
        sent: dict[int, list[tuple[int, int]]] = {id: [] for id in ids}
        delivered: dict[int, list[str]] = {id: [] for id in ids}
        for step in range(40):
            now += timedelta(minutes=chance.randint(0, 400))
            for _article in range(chance.randint(0, 2)):
                name = f"a{len(newsroom.wire.articles)}"
                newsroom.wire.bring(name, now, title=name, provider=name, topics=(name,))
            happening = ("prepare", "claim", "claim", "settle", "settle", "settle", "die", "pause", "resume", "move")
            match chance.choice(happening):
                case "prepare":
                    await newsroom.prepare(now)
                case "claim":
                    held += await newsroom.outbox.claim(
                        now, limit=chance.randint(1, 5), busy=[delivery.channel_id for delivery in held]
                    )
                    assert len({delivery.channel_id for delivery in held}) == len(held)
                case "settle" if held:
                    delivery = held.pop(chance.randrange(len(held)))
                    outcome = chance.choice(
                        (
                            Sent(delivery, step),
                            Sent(delivery, step),
                            Sent(delivery, step),
                            Retry(delivery, now + MINUTE, "again", certain=chance.random() < 0.5),
                            Released(delivery),
                            Refused(delivery, "invalid"),
                            GaveUp(delivery, "too often", certain=chance.random() < 0.5),
                            Barred(delivery, "403", "no", PauseCause.FINAL),
                        )
                    )
                    await newsroom.outbox.record([outcome], now)
                    if isinstance(outcome, Sent):
                        sent[delivery.subscription_id].append((delivery.edition_id, delivery.number))
                        delivered[delivery.subscription_id].append(text_of(delivery))
                case "die":
                    held.clear()
                    await newsroom.outbox.recover(now)
                case "pause":
                    await newsroom.subscriptions.pause(chance.choice(ids), "x", now)
                case "resume":
                    await newsroom.subscriptions.resume(chance.choice(ids), now)
                case "move":
                    await newsroom.subscriptions.edit(chance.choice(ids), now, channel_id=chance.randint(1, 3))
        held.clear()
        await newsroom.outbox.recover(now)
        for id in ids:
            await newsroom.subscriptions.resume(id, now)
        while claimed := await newsroom.outbox.claim(now + HOUR, limit=9):
            await newsroom.outbox.record([Sent(delivery, 1) for delivery in claimed], now)
            for delivery in claimed:
                sent[delivery.subscription_id].append((delivery.edition_id, delivery.number))
                delivered[delivery.subscription_id].append(text_of(delivery))
        for id in ids:
            assert sent[id] == sorted(set(sent[id]))
            assert len(delivered[id]) == len(set(delivered[id]))
            for edition in await newsroom.editions.recent(id, 99):
                parts = [state for state, _error in await newsroom.delivery_store.list_parts(edition.id)]
                assert DeliveryState.PENDING not in parts
                assert DeliveryState.CLAIMED not in parts
                assert edition.state is not EditionState.PENDING
    finally:
        await newsroom.database.close()
