from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digests.errors import InvalidInput, NotFound, Overtaken
from digests.models import Cadence, Delivery, Digest, Presentation, Style
from digests.service.edition_run import Rendered
from digests.service.outbox import Sent
from digests.store.connection import scalar
from tests.digests.service.editions.making import DAY, EIGHT, HOUR, MADE_AT, MINUTE, Newsroom, render
from tests.examples import examples


async def test_an_edition_comes_at_its_due_time_with_what_arrived_in_its_window(newsroom: Newsroom) -> None:
    await newsroom.subscribe()
    newsroom.wire.bring("before", EIGHT - DAY)  # the window is open at its beginning
    newsroom.wire.bring("early", EIGHT - DAY + MINUTE)
    newsroom.wire.bring("last", EIGHT)
    newsroom.wire.bring("next", EIGHT + MINUTE)
    assert await newsroom.texts(EIGHT - MINUTE) == []
    assert sorted(await newsroom.texts(EIGHT)) == [
        "Early stands alone in 1 respects",
        "Last stands alone in 2 respects",
    ]
    assert await newsroom.texts(EIGHT + HOUR) == []
    assert await newsroom.texts(EIGHT + DAY) == ["Next stands alone in 3 respects"]


async def test_preparing_twice_makes_nothing_twice(newsroom: Newsroom) -> None:
    await newsroom.subscribe()
    newsroom.wire.bring("one", EIGHT - HOUR)
    assert await newsroom.prepare(EIGHT) == 1
    assert await newsroom.prepare(EIGHT) == 0
    assert len(await newsroom.deliver(EIGHT)) == 1


@pytest.mark.slow
async def test_channels_of_one_order_share_one_rendering_and_each_style_has_its_own(newsroom: Newsroom) -> None:
    for number in range(40):
        await newsroom.subscribe(
            100 + number, guild_id=number + 1, style=Style.HEADLINES if number % 4 == 0 else Style.COMPACT
        )
    newsroom.wire.bring("one", EIGHT - HOUR)
    rendered: list[Style] = []

    def count(digest: Digest, composition_id: int, presentation: Presentation) -> Rendered:
        rendered.append(presentation.style)
        return render(digest, composition_id, presentation)

    assert await newsroom.editions.prepare(EIGHT, count) == 40
    assert sorted(rendered) == [Style.COMPACT, Style.HEADLINES]
    assert len(await newsroom.deliver(EIGHT)) == 40


async def test_several_missed_editions_are_made_up_as_one_that_loses_no_article(newsroom: Newsroom) -> None:
    subscription = await newsroom.subscribe()
    for number in range(4):
        newsroom.wire.bring(f"day{number}", EIGHT + number * DAY - HOUR, provider=f"press{number}")
    late = EIGHT + 3 * DAY + 11 * HOUR
    assert len(await newsroom.texts(late)) == 4
    (edition,) = await newsroom.editions.recent(subscription.id)
    assert edition.due_at == EIGHT + 3 * DAY
    assert await newsroom.texts(late + HOUR) == []


async def test_an_edition_too_late_to_be_made_up_flows_into_the_next(newsroom: Newsroom) -> None:
    subscription = await newsroom.subscribe()
    newsroom.wire.bring("missed", EIGHT - HOUR)
    assert await newsroom.texts(EIGHT + 13 * HOUR) == []
    assert len(await newsroom.texts(EIGHT + DAY)) == 1
    newsroom.wire.bring("later", EIGHT + DAY + HOUR)
    assert await newsroom.texts(EIGHT + 2 * DAY + 13 * HOUR) == []
    assert len(await newsroom.texts(EIGHT + 3 * DAY)) == 1
    assert [edition.due_at for edition in await newsroom.editions.recent(subscription.id)] == [
        EIGHT + 3 * DAY,
        EIGHT + DAY,
    ]


@pytest.mark.slow
async def test_ten_thousand_channels_with_one_order_share_one_composition(newsroom: Newsroom) -> None:
    for channel in range(600):  # more than two pages
        await newsroom.subscribe(channel + 1000, guild_id=channel)
    newsroom.wire.bring("one", EIGHT - HOUR)
    newsroom.wire.bring("two", EIGHT - HOUR, provider="wire")
    assert await newsroom.prepare(EIGHT) == 600
    assert newsroom.wire.composed_count == 1
    sent = await newsroom.deliver(EIGHT)
    assert len(sent) == 1200
    newsroom.wire.bring("three", EIGHT + HOUR)
    assert await newsroom.prepare(EIGHT + DAY) == 600
    assert newsroom.wire.composed_count == 2


async def test_subscriptions_with_different_deliveries_share_nothing(newsroom: Newsroom) -> None:
    await newsroom.subscribe(1)
    newsroom.wire.bring("one", EIGHT - HOUR)
    await newsroom.texts(EIGHT)
    second = await newsroom.subscribe(2, now=EIGHT + MINUTE)
    newsroom.wire.bring("one", EIGHT + HOUR, title="One stands alone in 0 respects")  # the same address again
    await newsroom.prepare(EIGHT + DAY)
    assert [channel for channel, _text in await newsroom.deliver(EIGHT + DAY)] == [second.channel_id]


async def test_each_topic_order_gets_its_own_digest(newsroom: Newsroom) -> None:
    await newsroom.subscribe(1, topics=("Energy",))
    await newsroom.subscribe(2, topics=("Harbours",))
    newsroom.wire.bring("port", EIGHT - HOUR, topics=("Harbours",))
    newsroom.wire.bring("grid", EIGHT - HOUR, topics=("Energy",))
    await newsroom.prepare(EIGHT)
    assert dict(await newsroom.deliver(EIGHT)) == {
        1: "Grid stands alone in 1 respects",
        2: "Port stands alone in 0 respects",
    }


async def test_digest_now_is_not_repeated_by_the_regular_one(newsroom: Newsroom) -> None:
    subscription = await newsroom.subscribe()
    newsroom.wire.bring("one", EIGHT - 50 * MINUTE)
    edition = await newsroom.editions.send_now(subscription.id, EIGHT - 30 * MINUTE, render)
    assert edition is not None
    assert edition.early
    assert len(await newsroom.deliver(EIGHT - 30 * MINUTE)) == 1
    newsroom.wire.bring("two", EIGHT - 10 * MINUTE)
    assert await newsroom.texts(EIGHT) == ["Two stands alone in 1 respects"]


async def test_digest_now_with_nothing_new_sends_nothing(newsroom: Newsroom) -> None:
    subscription = await newsroom.subscribe()
    assert await newsroom.editions.send_now(subscription.id, EIGHT, render) is None
    newsroom.wire.bring("one", EIGHT - HOUR)
    assert await newsroom.editions.send_now(subscription.id, EIGHT, render) is not None
    assert await newsroom.editions.send_now(subscription.id, EIGHT, render) is None
    assert await newsroom.texts(EIGHT) == ["One stands alone in 0 respects"]


async def test_digest_now_goes_ahead_of_a_backlog(newsroom: Newsroom) -> None:
    for channel in range(30):
        await newsroom.subscribe(channel + 1, guild_id=channel)
    waiting = await newsroom.subscribe(99, cadence=Cadence((time(20, 0),)))
    newsroom.wire.bring("one", EIGHT - HOUR)
    await newsroom.prepare(EIGHT)
    await newsroom.editions.send_now(waiting.id, EIGHT + MINUTE, render)
    (first, *_rest) = await newsroom.outbox.claim(EIGHT + MINUTE, limit=5)
    assert first.channel_id == 99


async def test_digest_now_of_a_paused_or_unknown_subscription_is_refused(newsroom: Newsroom) -> None:
    subscription = await newsroom.subscribe()
    await newsroom.subscriptions.pause(subscription.id, "on holiday", EIGHT)
    with pytest.raises(InvalidInput, match="resume"):
        await newsroom.editions.send_now(subscription.id, EIGHT, render)
    with pytest.raises(NotFound):
        await newsroom.editions.send_now(12345, EIGHT, render)


async def test_a_clock_that_goes_back_an_hour_makes_nothing_twice_and_loses_nothing(newsroom: Newsroom) -> None:
    subscription = await newsroom.subscribe()
    newsroom.wire.bring("one", EIGHT - HOUR)
    assert len(await newsroom.texts(EIGHT + MINUTE)) == 1
    back = EIGHT - 59 * MINUTE
    assert await newsroom.texts(back) == []
    newsroom.wire.bring("two", back + 10 * MINUTE)  # arrives in the hour that comes again
    assert await newsroom.texts(EIGHT + MINUTE) == []
    assert await newsroom.texts(EIGHT + DAY) == ["Two stands alone in 1 respects"]
    assert len(await newsroom.editions.recent(subscription.id)) == 2


async def test_a_look_at_due_times_right_after_something_was_served_is_no_clock_that_went_back(
    newsroom: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    second = timedelta(seconds=1)
    subscription = await newsroom.subscribe(now=EIGHT - HOUR)
    await newsroom.prepare(EIGHT - HOUR - second)
    newsroom.wire.bring("one", EIGHT - HOUR - MINUTE)
    assert await newsroom.editions.send_now(subscription.id, EIGHT - HOUR, render) is not None
    before = await newsroom.subscription_store.find_scheduled(subscription.id)
    await newsroom.prepare(EIGHT - HOUR - second)
    assert await newsroom.subscription_store.find_scheduled(subscription.id) == before
    assert "clock" not in caplog.text
    await newsroom.prepare(EIGHT - HOUR - 2 * second)
    assert "The clock went back" in caplog.text


async def test_digest_now_between_a_due_time_and_its_edition_looks_at_no_day_again(newsroom: Newsroom) -> None:
    subscription = await newsroom.subscribe(max_stories=1)
    newsroom.wire.bring("one", EIGHT - HOUR, quality=90)
    newsroom.wire.bring("two", EIGHT - HOUR, quality=10)
    await newsroom.editions.send_now(subscription.id, EIGHT + timedelta(seconds=1), render)
    await newsroom.deliver(EIGHT + timedelta(seconds=1))
    assert await newsroom.texts(EIGHT) == []
    newsroom.wire.bring("three", EIGHT + MINUTE)
    assert await newsroom.texts(EIGHT + DAY) == ["Three stands alone in 2 respects"]


@pytest.mark.slow
async def test_a_clock_that_jumped_years_ahead_and_back_stops_no_schedule(newsroom: Newsroom) -> None:
    await newsroom.subscribe()
    await newsroom.prepare(EIGHT + 20_000 * DAY)
    newsroom.wire.bring("one", EIGHT - MINUTE)
    assert len(await newsroom.texts(EIGHT)) == 1


async def test_a_digest_that_cannot_be_composed_keeps_no_other_back(
    newsroom: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    await newsroom.subscribe(1)
    newsroom.wire.bring("one", EIGHT - HOUR)
    newsroom.wire.broken = True
    assert await newsroom.prepare(EIGHT) == 0
    assert "on fire" in caplog.text
    newsroom.wire.broken = False
    assert await newsroom.prepare(EIGHT + MINUTE) == 1


async def test_an_edition_composed_for_a_subscription_that_changed_meanwhile_is_not_written(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscription = await newsroom.subscribe(topics=("Harbours",))
    newsroom.wire.bring("port", EIGHT - HOUR, topics=("Harbours",))
    newsroom.wire.bring("grid", EIGHT - HOUR, topics=("Energy",))
    compose = newsroom.wire.compose

    async def compose_while_somebody_edits(*args: Any, **fields: Any) -> Any:
        monkeypatch.setattr(newsroom.wire, "compose", compose)
        await newsroom.subscription_store.change(replace(subscription, topics=("Energy",)))
        return await compose(*args, **fields)

    monkeypatch.setattr(newsroom.wire, "compose", compose_while_somebody_edits)
    assert await newsroom.prepare(EIGHT) == 0
    assert await newsroom.texts(EIGHT) == ["Grid stands alone in 1 respects"]
    async with newsroom.database.read() as connection:
        assert await scalar(connection, "SELECT COUNT(*) FROM compositions") == 1  # nor is what it was to tell


async def test_a_composition_whose_first_subscriber_changed_meanwhile_is_there_for_the_others(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("digests.service.editions.PAGE", 1)
    first = await newsroom.subscribe(1)
    await newsroom.subscribe(2)
    await newsroom.subscribe(3)
    newsroom.wire.bring("port", EIGHT - HOUR, title="port")
    compose = newsroom.wire.compose

    async def compose_while_somebody_edits(*args: Any, **fields: Any) -> Any:
        monkeypatch.setattr(newsroom.wire, "compose", compose)
        await newsroom.subscription_store.change(replace(first, topics=("Energy",)))
        return await compose(*args, **fields)

    monkeypatch.setattr(newsroom.wire, "compose", compose_while_somebody_edits)
    assert await newsroom.prepare(EIGHT) == 2
    assert await newsroom.deliver(EIGHT) == [(2, "port"), (3, "port")]


async def test_digest_now_says_that_it_was_overtaken_rather_than_that_nothing_is_new(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscription = await newsroom.subscribe()
    newsroom.wire.bring("one", EIGHT - HOUR)
    compose = newsroom.wire.compose

    async def compose_while_somebody_edits(*args: Any, **fields: Any) -> Any:
        await newsroom.subscription_store.change(subscription)
        return await compose(*args, **fields)

    monkeypatch.setattr(newsroom.wire, "compose", compose_while_somebody_edits)
    with pytest.raises(Overtaken, match="again"):
        await newsroom.editions.send_now(subscription.id, EIGHT, render)
    monkeypatch.setattr(newsroom.wire, "compose", compose)
    assert await newsroom.editions.send_now(subscription.id, EIGHT, render) is not None


async def test_what_a_digest_left_out_can_be_read_again(newsroom: Newsroom) -> None:
    await newsroom.subscribe(max_stories=1)
    newsroom.wire.bring("one", EIGHT - HOUR, body="long" * 100, quality=90)
    newsroom.wire.bring("two", EIGHT - HOUR, quality=10)
    await newsroom.prepare(EIGHT)
    (delivery,) = await newsroom.outbox.claim(EIGHT, limit=5)
    digest = await newsroom.editions.get_digest(delivery.composition_id)
    assert digest.story_count == 1
    assert digest.stories[0].lead.body == ""
    assert [item.story.lead.title for item in digest.left_out] == ["Two stands alone in 1 respects"]
    with pytest.raises(NotFound):
        await newsroom.editions.get_digest(5)


async def test_markers_and_nonces_differ_between_parts_and_fit_discord(newsroom: Newsroom) -> None:
    for channel in range(40):
        await newsroom.subscribe(channel + 1, guild_id=channel)
    for number in range(3):
        newsroom.wire.bring(f"item{number}", EIGHT - HOUR, provider=f"press{number}")
    await newsroom.prepare(EIGHT)
    with sqlite3.connect(newsroom.database.path) as connection:
        rows = connection.execute("SELECT marker, nonce FROM deliveries").fetchall()
    connection.close()
    assert len({marker for marker, _nonce in rows}) == len({nonce for _marker, nonce in rows}) == 120
    assert all(0 < marker < 2**31 and len(nonce) <= 25 for marker, nonce in rows)


async def test_old_memories_are_forgotten_and_young_ones_kept(newsroom: Newsroom) -> None:
    await newsroom.subscribe()
    newsroom.wire.bring("one", EIGHT - HOUR)
    await newsroom.prepare(EIGHT)
    (delivery,) = await newsroom.outbox.claim(EIGHT, limit=5)
    await newsroom.editions.prune(EIGHT + 500 * DAY)
    assert await newsroom.editions.get_digest(delivery.composition_id)  # still on its way
    await newsroom.outbox.record([_sent(delivery)], EIGHT)
    await newsroom.editions.prune(EIGHT + 80 * DAY)
    assert await newsroom.editions.get_digest(delivery.composition_id)
    delivered = newsroom.editions.ask_delivered(delivery.subscription_id, EIGHT)
    key = newsroom.wire.articles[0].key
    await newsroom.editions.prune(EIGHT + 100 * DAY)
    with pytest.raises(NotFound):
        await newsroom.editions.get_digest(delivery.composition_id)
    assert (await delivered(frozenset({key, "other"}))).keys == {key}
    assert await newsroom.editions.prune(EIGHT + 500 * DAY) == 1
    assert (await delivered(frozenset({key}))).keys == frozenset()


def _sent(delivery: Delivery) -> Sent:
    return Sent(delivery, 1)


async def test_delivered_stories_keep_what_was_shown_of_them(newsroom: Newsroom) -> None:
    subscription = await newsroom.subscribe()
    newsroom.wire.bring("one", EIGHT - HOUR)
    await newsroom.prepare(EIGHT)
    delivered = await newsroom.editions.ask_delivered(subscription.id, EIGHT)(frozenset())
    (story,) = delivered.stories
    assert story.lead_key == "ledger.example/one"
    assert story.headlines == (story.lead.title,)
    assert story.lead.title == newsroom.wire.articles[0].title
    assert delivered.paths == {newsroom.wire.articles[0].path: newsroom.wire.articles[0].published_at}
    assert (story.root, story.is_update) == (story.lead_key, False)
    assert story.domains == {"ledger.example"}
    assert story.told_at == EIGHT


TICKS = st.lists(st.integers(1, 40 * 60), min_size=1, max_size=25)


@pytest.mark.slow
@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    gaps=TICKS,
    arrivals=st.lists(st.integers(0, 10 * 24 * 60), max_size=25),
    zone=st.sampled_from(["UTC", "Europe/Berlin"]),
)
async def test_whenever_the_bot_is_awake_every_article_is_delivered_exactly_once(
    tmp_path_factory: pytest.TempPathFactory, gaps: list[int], arrivals: list[int], zone: str
) -> None:
    newsroom = await Newsroom.open(tmp_path_factory.mktemp("newsroom"), is_inline=True)
    try:
        start = datetime(2026, 3, 26, 20, tzinfo=UTC)  # a change of clocks comes
        subscription = await newsroom.subscribe(
            cadence=Cadence((time(2, 30), time(8, 0)), timezone=zone), now=start, max_stories=50
        )
        await newsroom.subscriptions.edit(subscription.id, start, max_stories=50)
        for number, minutes in enumerate(arrivals):
            newsroom.wire.bring(f"a{number}", start + timedelta(minutes=minutes), provider=f"p{number}", topics=())
        newsroom.editions._composer._policy = replace(
            newsroom.editions._composer._policy, per_topic=99, per_provider=99, max_age_hours=9999
        )
        delivered: list[str] = []
        now = start
        for gap in [*gaps, 14 * 24 * 60]:
            now += timedelta(minutes=gap)
            delivered += await newsroom.texts(now)
        for _day in range(3):
            now += HOUR * 12
            delivered += await newsroom.texts(now)
        assert sorted(delivered) == sorted(item.title for item in newsroom.wire.articles)
        due = [edition.due_at for edition in await newsroom.editions.recent(subscription.id, 99)]
        assert len(due) == len(set(due))
    finally:
        await newsroom.database.close()


async def test_an_edition_is_made_for_a_subscription_made_a_minute_before(newsroom: Newsroom) -> None:
    await newsroom.subscribe(now=MADE_AT + 59 * MINUTE)
    newsroom.wire.bring("one", MADE_AT)
    assert len(await newsroom.texts(EIGHT)) == 1
