"""The panel: an order by choosing, from the first press to the last."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest

from digests.models import Style, Subscription
from sandbox.driver.reply import Reply
from tests.bot.commands.articles import BYTE, article, write
from tests.bot.commands.newsroom import Newsroom

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("no_subscriptions_left")]


async def order(newsroom: Newsroom, command: str = "subscribe", **options: object) -> Reply:
    return await newsroom.sandbox.invoke(
        f"digest {command}", options, member=newsroom.manager, channel=newsroom.channel
    )


async def all_of(newsroom: Newsroom) -> tuple[Subscription, ...]:
    return await newsroom.services.subscriptions.list_for(guild_id=newsroom.guild.id)


def custom_id(reply: Reply, ending: str) -> str:
    (found,) = [menu["custom_id"] for menu in reply.selects if menu["custom_id"].endswith(ending)]
    return str(found)


async def choose(newsroom: Newsroom, reply: Reply, what: str, *values: object) -> Reply:
    return await newsroom.sandbox.select(reply, custom_id(reply, f":{what}"), list(values))


async def press(newsroom: Newsroom, reply: Reply, label: str) -> Reply:
    return await newsroom.sandbox.click(reply, label=label)


async def test_three_presses_order_a_paper(newsroom: Newsroom) -> None:
    panel = await order(newsroom)
    assert panel.ephemeral
    assert "In the last 14 days:" in panel.text
    assert not await all_of(newsroom)
    chosen = await choose(newsroom, panel, "topics", "AI")
    saved = await press(newsroom, chosen, "Save")
    (made,) = await all_of(newsroom)
    assert made.topics == ("AI",)
    assert made.channel_id == newsroom.channel.id
    assert "Subscribed" in saved.text


@pytest.mark.slow
async def test_every_part_can_be_filled_in(newsroom: Newsroom) -> None:
    other = newsroom.sandbox.add_channel(newsroom.guild, "panel-target")
    panel = await order(newsroom)
    panel = await choose(newsroom, panel, "channel", other)
    panel = await choose(newsroom, panel, "providers", "byte.example")
    panel = await choose(newsroom, panel, "days", "12345")
    panel = await choose(newsroom, panel, "style", "headlines")
    panel = await choose(newsroom, panel, "quiet", "note")
    form = await press(newsroom, panel, "Time, zone and words")
    written = {
        "time": "7:30 pm",
        "timezone": "Tokyo",
        "keywords": "robot -ferry",
        "max_stories": "4, , 2",
        "min_quality": "",
    }
    panel = await newsroom.sandbox.submit(form, written)
    assert "Asia/Tokyo" in panel.text
    again = await press(newsroom, panel, "Time, zone and words")
    assert again.modal is not None
    assert "robot -ferry" in [part.get("value") for part in again.modal.inputs()]
    await press(newsroom, panel, "Save")
    (made,) = await all_of(newsroom)
    assert (made.channel_id, made.providers, made.style) == (other.id, ("byte.example",), Style.HEADLINES)
    assert (made.cadence.times, made.cadence.timezone) == ((time(19, 30),), "Asia/Tokyo")
    assert made.cadence.weekdays == (1, 2, 3, 4, 5)
    assert (made.query, made.max_stories, made.min_quality) == ("robot -ferry", 4, None)
    assert (made.per_topic, made.per_provider) == (None, 2)


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("time", "25:99", "not a time"),
        ("timezone", "Atlantis", "Atlantis"),
        ("keywords", "topic:Nosuchtopic", "There is no topic"),
        ("max_stories", "many", "Type one from 1 to 25"),
        ("max_stories", "5, none", "Type one from 1 to 25"),
        ("min_quality", "201", "Type one from 0 to 200"),
        ("max_stories", "9, 8, 7, 6", "too many numbers"),
    ],
)
async def test_a_wrong_value_says_what_to_type_and_changes_nothing(
    newsroom: Newsroom, field: str, typed: str, said: str
) -> None:
    panel = await order(newsroom)
    form = await press(newsroom, panel, "Time, zone and words")
    again = await newsroom.sandbox.submit(form, {"time": "6:00", "timezone": "UTC", field: typed})
    assert said in again.text
    assert "06:00" not in again.text
    mended = await press(newsroom, again, "Time, zone and words")
    assert mended.modal is not None
    assert {"6:00", "UTC", typed} >= {part.get("value") for part in mended.modal.inputs() if part.get("value")}
    assert typed in [part.get("value") for part in mended.modal.inputs()]
    assert not await all_of(newsroom)


async def test_a_channel_where_the_bot_may_not_post_is_refused_at_once(newsroom: Newsroom) -> None:
    shut = newsroom.sandbox.add_channel(newsroom.guild, "panel-shut")
    newsroom.sandbox.set_permissions(shut, deny=["send_messages"])
    panel = await order(newsroom)
    panel = await choose(newsroom, panel, "channel", shut)
    assert "Send Messages" in panel.text
    await press(newsroom, panel, "Save")
    (made,) = await all_of(newsroom)
    assert made.channel_id == newsroom.channel.id


async def test_it_opens_where_the_bot_may_not_post_and_saves_only_for_another_channel(newsroom: Newsroom) -> None:
    shut = newsroom.sandbox.add_channel(newsroom.guild, "staff-only")
    newsroom.sandbox.set_permissions(shut, deny=["send_messages"])
    panel = await newsroom.sandbox.invoke("digest subscribe", {}, member=newsroom.manager, channel=shut)
    assert "Send Messages" in panel.text
    refused = await press(newsroom, panel, "Save")
    assert "Send Messages" in refused.text
    assert not await all_of(newsroom)
    panel = await choose(newsroom, refused, "channel", newsroom.channel)
    await press(newsroom, panel, "Save")
    assert (await all_of(newsroom))[0].channel_id == newsroom.channel.id


async def test_a_right_that_is_lost_while_the_panel_is_open_is_noticed(newsroom: Newsroom) -> None:
    place = newsroom.sandbox.add_channel(newsroom.guild, "soon-shut")
    panel = await choose(newsroom, await order(newsroom), "channel", place)
    newsroom.sandbox.set_permissions(place, deny=["send_messages"])
    refused = await press(newsroom, panel, "Save")
    assert "Send Messages" in refused.text
    assert not await all_of(newsroom)


async def test_a_day_ticked_beside_every_day_is_that_day(newsroom: Newsroom) -> None:
    panel = await choose(newsroom, await order(newsroom), "days", "1234567", "1")
    assert "on Mondays at" in panel.text.casefold().replace("monday", "Monday")
    panel = await choose(newsroom, panel, "days", "1", "3")
    panel = await choose(newsroom, panel, "days", "1", "3", "67")
    await press(newsroom, panel, "Save")
    assert (await all_of(newsroom))[0].cadence.weekdays == (6, 7)


@pytest.mark.slow
async def test_the_form_shows_what_it_takes_and_leaves_alone_what_was_not_touched(newsroom: Newsroom) -> None:
    await order(newsroom, per_provider=2, time="9:00")
    (made,) = await all_of(newsroom)
    before = await newsroom.services.subscriptions.edit(made.id, newsroom.clock.moment, keywords=("-robot", "a & b"))
    form = await press(newsroom, await order(newsroom, "edit"), "Time, zone and words")
    assert form.modal is not None
    fields = [label["component"] for label in form.modal.components]
    filled = {field["custom_id"]: field.get("value", "") for field in fields}
    assert filled["max_stories"] == "usual, usual, 2"
    panel = await newsroom.sandbox.submit(form, filled | {"time": "10:00"})
    await press(newsroom, panel, "Save")
    (after,) = await all_of(newsroom)
    assert (after.keywords, after.query, after.per_provider) == (before.keywords, "", 2)
    assert after.cadence.times == (time(10, 0),)
    form = await press(newsroom, await order(newsroom, "edit"), "Time, zone and words")
    panel = await newsroom.sandbox.submit(form, filled | {"keywords": ""})
    await press(newsroom, panel, "Save")
    assert (await all_of(newsroom))[0].keywords == ()


async def test_edit_opens_filled_in_and_changes_what_was_changed(newsroom: Newsroom) -> None:
    await order(newsroom, topics="-AI", time="9:00", keywords="robot")
    panel = await order(newsroom, "edit")
    assert "not AI" in panel.text
    panel = await choose(newsroom, panel, "days", "1", "3")
    saved = await press(newsroom, panel, "Save")
    assert "Days every day" in saved.text
    (after,) = await all_of(newsroom)
    assert (after.excluded_topics, after.query, after.cadence.weekdays) == (("AI",), "robot", (1, 3))


async def test_two_admins_who_edit_at_once_lose_nothing_silently(newsroom: Newsroom) -> None:
    await order(newsroom, time="9:00")
    panel = await order(newsroom, "edit")
    await order(newsroom, "edit", time="11:00")
    panel = await choose(newsroom, panel, "style", "headlines")
    warned = await press(newsroom, panel, "Save")
    assert "Someone changed this subscription" in warned.text
    assert "09:00 → 11:00" in warned.text
    assert (await all_of(newsroom))[0].cadence.times == (time(11, 0),)
    await press(newsroom, warned, "Save")
    assert (await all_of(newsroom))[0].cadence.times == (time(9, 0),)


@pytest.mark.slow
async def test_it_still_works_after_a_restart(newsroom: Newsroom) -> None:
    panel = await order(newsroom)
    form = await press(newsroom, panel, "Time, zone and words")
    await newsroom.restart()
    panel = await newsroom.sandbox.submit(form, {"time": "6:15", "timezone": "UTC"})
    assert "06:15" in panel.text
    await press(newsroom, panel, "Save")
    assert (await all_of(newsroom))[0].cadence.times == (time(6, 15),)


async def test_cancel_leaves_everything_as_it_was(newsroom: Newsroom) -> None:
    panel = await order(newsroom)
    said = await press(newsroom, panel, "Cancel")
    assert "Nothing was ordered" in said.text
    assert not await all_of(newsroom)


@pytest.mark.slow
async def test_more_topics_than_a_menu_holds_are_turned_page_by_page_and_none_is_lost(newsroom: Newsroom) -> None:
    many = [
        article(
            f"Report {number} from the topic desk", provider=BYTE, topics=[f"Desk {number:02}"], age=timedelta(days=9)
        )
        for number in range(60)
    ]
    write(newsroom.folder / "desks", many)
    await newsroom.services.corpus.load(now=newsroom.clock.moment)
    panel = await order(newsroom)
    first = {option["value"] for option in _options(panel)}
    assert len(first) == 25
    panel = await choose(newsroom, panel, "topics", "AI", "…")
    second = {option["value"] for option in _options(panel)}
    assert first & second == {"…"}
    chosen = sorted(second - {"…"})[0]
    panel = await choose(newsroom, panel, "topics", chosen, "…")
    panel = await choose(newsroom, panel, "topics", "…")
    assert {option["value"] for option in _options(panel)} == first
    assert [option["value"] for option in _options(panel) if option.get("default")] == ["AI"]
    await press(newsroom, panel, "Save")
    (made,) = await all_of(newsroom)
    assert set(made.topics) == {"AI", chosen}


def _options(panel: Reply) -> list[dict[str, Any]]:
    (found,) = [menu["options"] for menu in panel.selects if menu["custom_id"].endswith(":topics")]
    return list(found)
