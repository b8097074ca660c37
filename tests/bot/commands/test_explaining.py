"""Silence is visible: what last arrived, why a day was quiet, why an article was not in a digest."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
import pytest_asyncio

from digests.models import Subscription
from digests.service.outbox import OutboxService, Sent
from digests.store.outbox.deliveries import DeliveryStore
from sandbox.driver.reply import Reply
from tests.bot.commands.articles import BYTE, HARBOUR, NOW, TIMES, article, write
from tests.bot.commands.newsroom import Newsroom, render_edition

DREDGING = "https://harbour.example/dredging-uncovers-a-sunken-customs-ledger"
FERRY = "https://harbour.example/ferry-fares-frozen-until-midsummer"
SPEECH = "https://byte.example/speech-models-trained-on-parliament-recordings"
ROBOTS = "https://byte.example/robot-gardeners-water-the-botanical-collection"
CLEARVIEW = "https://times.example/clearview-told-to-delete-photographs-taken-without-consent"

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def back_to_the_beginning(newsroom: Newsroom) -> AsyncIterator[None]:
    yield
    newsroom.clock.moment = NOW
    for subscription in await newsroom.services.subscriptions.list_for():
        await newsroom.services.subscriptions.unsubscribe(subscription.id)
    added = [folder for folder in newsroom.folder.iterdir() if folder.is_dir()]
    for folder in added:
        shutil.rmtree(folder)
    if added:
        await newsroom.services.corpus.load(now=NOW, force=True)


async def order(newsroom: Newsroom, **options: object) -> Subscription:
    await ask(newsroom, "digest subscribe", time="13:00", **options)
    *_others, made = await newsroom.services.subscriptions.list_for(guild_id=newsroom.guild.id)
    return made


async def ask(newsroom: Newsroom, command: str, **options: object) -> Reply:
    return await newsroom.sandbox.invoke(command, options, member=newsroom.manager, channel=newsroom.channel)


async def deliver(newsroom: Newsroom, moment: datetime) -> None:
    """Make what is due at a moment and let it arrive."""
    newsroom.clock.moment = moment
    await newsroom.services.editions.prepare(moment, render_edition)
    outbox = OutboxService(DeliveryStore(newsroom.databases[1]))
    number = int(moment.timestamp())
    while claimed := await outbox.claim(moment, limit=50, busy=()):
        await outbox.record([Sent(delivery, number + place) for place, delivery in enumerate(claimed)], moment)


async def test_the_list_says_what_last_arrived_and_why_a_day_was_quiet(newsroom: Newsroom) -> None:
    await order(newsroom, topics="AI")
    await deliver(newsroom, NOW + timedelta(hours=1))
    listed = await ask(newsroom, "digest list")
    arrived_s = int((NOW + timedelta(hours=1)).timestamp())
    assert f"Last arrived: <t:{arrived_s}:R>, with 2 stories" in listed.text
    assert "Quiet" not in listed.text
    fresh = [
        article(title, provider=HARBOUR, topics=["Harbour"], age=timedelta(hours=-20))
        for title in ("Buoys painted overnight", "Pilot boat wins a medal")
    ]
    write(newsroom.folder / "later", fresh)
    await newsroom.services.corpus.load(now=NOW + timedelta(hours=22))
    await deliver(newsroom, NOW + timedelta(days=1, hours=1))
    listed = await ask(newsroom, "digest list")
    quiet_s = arrived_s + 86_400
    assert f"Quiet on <t:{quiet_s}:D>: no story passed the filters; 2 did not." in listed.text
    assert f"Last arrived: <t:{arrived_s}:R>, with 2 stories" in listed.text
    await deliver(newsroom, NOW + timedelta(days=2, hours=1))
    assert "no news at all arrived" in (await ask(newsroom, "digest list")).text


async def test_explain_explains_the_digest_that_was_delivered(newsroom: Newsroom) -> None:
    await order(newsroom, topics="AI", max_stories=1)
    await deliver(newsroom, NOW + timedelta(hours=1))
    explained = await ask(newsroom, "digest preview", explain=True)
    assert "How Wednesday, 10 February 2021 was composed" in explained.text
    assert "Robot gardeners" in explained.text
    assert "the digest is full" in explained.text
    by_day = await ask(newsroom, "digest preview", explain=True, date="2021-02-10")
    assert by_day.text == explained.text
    menu = next(one["custom_id"] for one in explained.selects if one["custom_id"].startswith("explainedition:"))
    ahead = await newsroom.sandbox.select(explained, menu, ["next"])
    assert "already told" in ahead.text or "There was nothing to choose from" in ahead.text
    again = await newsroom.sandbox.select(ahead, menu, ["The last one"])
    assert "Robot gardeners" in again.text


async def test_the_last_one_is_shown_as_it_was_delivered(newsroom: Newsroom) -> None:
    refused = await ask(newsroom, "digest preview", date="last")
    assert "/digest subscribe" in refused.text
    await order(newsroom, topics="AI")
    refused = await ask(newsroom, "digest preview", date="last")
    assert "Nothing has been delivered yet" in refused.text
    await deliver(newsroom, NOW + timedelta(hours=1))
    shown = await ask(newsroom, "digest preview", date="last")
    assert "Robot gardeners" in shown.text
    choices = await newsroom.sandbox.autocomplete(
        "digest preview", {"date": ""}, member=newsroom.manager, channel=newsroom.channel
    )
    assert [choice.value for choice in choices][:2] == ["last", "next"]


@pytest.mark.parametrize(
    ("options", "address", "said"),
    [
        ({"topics": "AI"}, DREDGING, "only has AI"),
        ({"topics": "-Harbour"}, DREDGING, "leaves out Harbour"),
        ({"providers": "byte.example"}, FERRY, "by Harbour News"),
        ({"providers": "-Harbour News"}, FERRY, "which this digest"),
        ({"keywords": "robot"}, FERRY, "match the keywords “robot”"),
        ({"min_quality": 90}, SPEECH, "lower `min_quality` to 40"),
        ({"max_stories": 1}, SPEECH, "raise `max_stories`"),
        ({"topics": "AI"}, ROBOTS, "It leads a story"),
        ({}, CLEARVIEW, "before the time that this digest covers"),
        ({}, "https://nobody.example/nothing", "No article with this address"),
    ],
)
async def test_why_it_was_not_in_it_names_the_reason_and_what_would_have_to_change(
    newsroom: Newsroom, options: dict[str, object], address: str, said: str
) -> None:
    await order(newsroom, **options)
    await deliver(newsroom, NOW + timedelta(hours=1))
    answer = await ask(newsroom, "digest preview", address=address)
    assert said in answer.text


async def test_the_delivered_digest_leads_to_the_same_answer(newsroom: Newsroom) -> None:
    await order(newsroom, max_stories=1)
    await deliver(newsroom, NOW + timedelta(hours=1))
    explained = await ask(newsroom, "digest preview", explain=True)
    form = await newsroom.sandbox.click(explained, label="Why was this not in it?")
    wrong = await newsroom.sandbox.submit(form, {"address": "the robots"})
    assert "is not an address" in wrong.text
    form = await newsroom.sandbox.click(explained, label="Why was this not in it?")
    answer = await newsroom.sandbox.submit(form, {"address": SPEECH.removeprefix("https://")})
    assert "The digest was full: 1 story ranked before it" in answer.text


async def test_an_article_of_an_earlier_digest_says_so(newsroom: Newsroom) -> None:
    await order(newsroom, topics="AI")
    await deliver(newsroom, NOW + timedelta(hours=1))
    write(
        newsroom.folder / "next-day",
        [article("Robots now prune hedges", provider=BYTE, topics=["AI"], age=timedelta(hours=-20))],
    )
    await newsroom.services.corpus.load(now=NOW + timedelta(hours=22))
    await deliver(newsroom, NOW + timedelta(days=1, hours=1))
    answer = await ask(newsroom, "digest preview", address=ROBOTS)
    assert "before the time that this digest covers" in answer.text
    late = await ask(
        newsroom, "digest preview", date="2021-02-10", address="https://byte.example/robots-now-prune-hedges"
    )
    assert "it is for the next one" in late.text
    assert TIMES["name"] not in late.text
