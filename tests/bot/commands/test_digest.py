"""`/digest list`, `next`, `pause`, `resume`, `unsubscribe`, `preview` and `now` through the real client."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import discord
import pytest

from digests.models import Failure, Subscription, SubscriptionState
from digests.service.outbox import OutboxService, Refused, Sent
from digests.store.outbox.deliveries import DeliveryStore
from digests.store.subscription_rows import PauseCause
from digests.store.subscriptions import SubscriptionStore
from sandbox.driver.reply import Impossible, Reply
from tests.bot.commands.articles import HARBOUR_TITLES, NOW
from tests.bot.commands.newsroom import Newsroom

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("no_subscriptions_left")]

CLEARVIEW = "Clearview told to delete photographs"


async def digest(newsroom: Newsroom, command: str, **options: Any) -> Reply:
    return await newsroom.sandbox.invoke(
        f"digest {command}", options, member=newsroom.manager, channel=newsroom.channel
    )


async def subscribed(newsroom: Newsroom, **options: Any) -> Subscription:
    # Without any option a panel opens.
    await digest(newsroom, "subscribe", **({"time": "8:00"} | options))
    return (await newsroom.services.subscriptions.list_for(guild_id=newsroom.guild.id))[-1]


# --------------------------------------------------------------------------- looking after


async def test_who_may_use_it_is_up_to_the_servers_own_settings(newsroom: Newsroom) -> None:
    (registered,) = [one for one in newsroom.sandbox.registered_commands() if one["name"] == "digest"]
    assert int(registered["default_member_permissions"]) == discord.Permissions(manage_guild=True).value
    with pytest.raises(Impossible):
        await newsroom.sandbox.invoke("digest list", {}, member=newsroom.reader, channel=newsroom.channel)
    # Discord lets somebody through whom Server Settings → Integrations allow it; so does the bot.
    allowed = await newsroom.sandbox.invoke(
        "digest list", {}, member=newsroom.reader, channel=newsroom.channel, force=True
    )
    assert "Subscriptions" in allowed.text


@pytest.mark.parametrize("command", ["next", "edit", "pause", "resume", "unsubscribe", "now"])
async def test_a_subscription_of_another_server_does_not_exist_here(newsroom: Newsroom, command: str) -> None:
    made = await subscribed(newsroom)
    elsewhere = newsroom.sandbox.add_guild("Elsewhere", bot_permissions=["administrator"])
    channel = newsroom.sandbox.add_channel(elsewhere, "general")
    await newsroom.sandbox.wait_until(lambda: newsroom.client.get_guild(elsewhere.id))
    await newsroom.sandbox.invoke("digest subscribe", {"time": "8"}, channel=channel)
    reply = await newsroom.sandbox.invoke(f"digest {command}", {"subscription": str(made.id)}, channel=channel)
    assert "no such subscription" in reply.text
    assert (await newsroom.services.subscriptions.get(made.id)).state is SubscriptionState.ACTIVE
    newsroom.sandbox.remove_guild(elsewhere)


@pytest.mark.slow
async def test_list_shows_every_subscription_and_pages_them(newsroom: Newsroom) -> None:
    assert "/digest subscribe" in (await digest(newsroom, "list")).text
    for number in range(7):
        await subscribed(newsroom, time=f"{number}:00")
    reply = await digest(newsroom, "list")
    assert reply.ephemeral
    assert "7 subscriptions" in reply.text
    assert "00:00" in reply.text
    assert "06:00" not in reply.text
    turned = await newsroom.sandbox.click(reply, label="Next ▶")
    assert turned.updated
    assert "06:00" in turned.text


async def test_next_shows_five_due_times(newsroom: Newsroom) -> None:
    made = await subscribed(newsroom, time="13:00", days="daily")
    reply = await digest(newsroom, "next", subscription=str(made.id))
    first = int((NOW + timedelta(hours=1)).timestamp())
    assert [f"<t:{first + 86400 * day}:F>" in reply.text for day in range(6)] == [True] * 5 + [False]


async def test_pause_and_resume(newsroom: Newsroom) -> None:
    made = await subscribed(newsroom)
    paused = await digest(newsroom, "pause", subscription=str(made.id))
    assert "Paused" in paused.text
    assert f"**Paused** by <@{newsroom.manager.user.id}>. </digest resume:" in paused.text
    assert (await newsroom.services.subscriptions.get(made.id)).state is SubscriptionState.PAUSED
    assert "Paused" in (await digest(newsroom, "list")).text
    assert "Paused" in (await digest(newsroom, "next")).text
    resumed = await digest(newsroom, "resume", subscription=str(made.id))
    assert "Paused" not in resumed.text
    assert "Next edition" in resumed.text
    assert (await newsroom.services.subscriptions.get(made.id)).state is SubscriptionState.ACTIVE


async def test_resume_is_refused_while_a_permission_lacks(newsroom: Newsroom) -> None:
    target = newsroom.sandbox.add_channel(newsroom.guild, "closing")
    made = await subscribed(newsroom, channel=target)
    await digest(newsroom, "pause")
    newsroom.sandbox.set_permissions(target, deny=["send_messages"])
    assert "Send Messages" in (await digest(newsroom, "resume")).text
    newsroom.sandbox.remove_channel(target)
    gone = await digest(newsroom, "resume")
    assert "closing is gone" in gone.text
    assert "/digest edit" in gone.text
    assert (await newsroom.services.subscriptions.get(made.id)).state is SubscriptionState.PAUSED


async def test_a_digest_whose_channel_is_gone_resumes_when_it_is_given_another(newsroom: Newsroom) -> None:
    target = newsroom.sandbox.add_channel(newsroom.guild, "short-lived")
    made = await subscribed(newsroom, channel=target)
    newsroom.sandbox.remove_channel(target)
    # As the publisher pauses it when Discord says that the channel is unknown.
    reason = "The channel is gone. Choose another one with /digest edit and the digest will continue."
    assert await SubscriptionStore(newsroom.databases[1]).pause(made.id, reason, PauseCause.FINAL)
    listed = await digest(newsroom, "list")
    assert "**Paused:** The channel is gone." in listed.text
    assert "/digest resume" not in listed.text
    moved = await digest(newsroom, "edit", channel=newsroom.channel)
    assert "Paused" not in moved.text
    assert "Next edition" in moved.text
    assert (await newsroom.services.subscriptions.get(made.id)).state is SubscriptionState.ACTIVE


async def test_a_digest_that_a_person_paused_stays_so_when_it_is_given_another_channel(newsroom: Newsroom) -> None:
    await subscribed(newsroom)
    await digest(newsroom, "pause")
    other = newsroom.sandbox.add_channel(newsroom.guild, "elsewhere")
    await newsroom.sandbox.wait_until(lambda: newsroom.client.get_channel(other.id))
    assert "Paused" in (await digest(newsroom, "edit", channel=other)).text


async def test_a_number_means_the_subscription_even_where_a_channel_is_called_so(newsroom: Newsroom) -> None:
    made = await subscribed(newsroom)
    channel = newsroom.sandbox.add_channel(newsroom.guild, str(made.id))
    await newsroom.sandbox.wait_until(lambda: newsroom.client.get_channel(channel.id))
    await subscribed(newsroom, channel=channel)
    reply = await digest(newsroom, "next", subscription=str(made.id))
    assert f"Next editions for <#{newsroom.channel.id}>" in reply.text


async def test_unsubscribe_says_what_was_removed(newsroom: Newsroom) -> None:
    made = await subscribed(newsroom, time="7:45")
    reply = await digest(newsroom, "unsubscribe", subscription=str(made.id))
    assert f"<#{newsroom.channel.id}>" in reply.text
    assert "07:45" in reply.text
    assert not await newsroom.services.subscriptions.list_for(guild_id=newsroom.guild.id)
    assert "no subscription here" in (await digest(newsroom, "unsubscribe", subscription=str(made.id))).text


@pytest.mark.parametrize("command", ["next", "edit", "pause", "resume", "unsubscribe", "preview", "now"])
async def test_subscriptions_complete_by_channel_and_hide_from_members(newsroom: Newsroom, command: str) -> None:
    other = newsroom.sandbox.add_channel(newsroom.guild, "weekly")
    made = await subscribed(newsroom, channel=other, days="sunday")
    await subscribed(newsroom)
    choices = await newsroom.sandbox.autocomplete(
        f"digest {command}", {"subscription": "week"}, member=newsroom.manager, channel=newsroom.channel
    )
    assert [choice.value for choice in choices] == [str(made.id)]
    assert choices[0].name.startswith("#weekly · on Sundays at 08:00 (UTC)")


# --------------------------------------------------------------------------- preview


async def test_preview_shows_what_would_be_sent_now(newsroom: Newsroom) -> None:
    reply = await digest(newsroom, "preview")
    assert reply.ephemeral
    assert "Robot gardeners" in reply.text
    assert "Harbour News" in reply.text
    assert CLEARVIEW not in reply.text
    assert not newsroom.channel.messages


async def test_preview_of_a_date_composes_that_day(newsroom: Newsroom) -> None:
    reply = await digest(newsroom, "preview", date="2021-02-03")
    assert CLEARVIEW in reply.text
    assert "Robot gardeners" not in reply.text
    assert "3 February 2021" in reply.text
    quiet = await digest(newsroom, "preview", date="2020-01-01")
    assert "quiet day" in quiet.text
    assert "Robot gardeners" not in (await digest(newsroom, "preview", date="yesterday")).text


async def test_preview_of_a_day_counts_in_the_time_zone(newsroom: Newsroom) -> None:
    # 2021-02-03 12:00 UTC is already the 4th on the line islands.
    here = await digest(newsroom, "preview", date="2021-02-04", timezone="Pacific/Kiritimati")
    assert CLEARVIEW in here.text


async def test_preview_takes_a_day_that_is_none_with_a_sentence(newsroom: Newsroom) -> None:
    reply = await digest(newsroom, "preview", date="the day after")
    assert "is not a day" in reply.text
    assert "2021-02-04" in reply.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2030-01-01", "Nothing new so far on Tuesday, 1 January 2030"),
        ("last week", "“last week” is more than a day"),
        ("2021-02", "is more than a day"),
        ("last 7 days", "is more than a day"),
    ],
)
async def test_preview_takes_one_day_and_calls_none_quiet_that_has_not_come(
    newsroom: Newsroom, typed: str, said: str
) -> None:
    assert said in (await digest(newsroom, "preview", date=typed)).text


async def test_a_day_that_is_not_over_is_no_quiet_day(newsroom: Newsroom) -> None:
    for options in ({}, {"date": "today"}):
        reply = await digest(newsroom, "preview", keywords="xylophone", **options)
        assert "Nothing new so far on Wednesday, 10 February 2021" in reply.text


async def test_preview_filters_and_limits(newsroom: Newsroom) -> None:
    by_topic = await digest(newsroom, "preview", topics="AI")
    assert "Robot gardeners" in by_topic.text
    assert HARBOUR_TITLES[0] not in by_topic.text
    by_provider = await digest(newsroom, "preview", providers="Harbour News")
    assert "Robot gardeners" not in by_provider.text
    by_keyword = await digest(newsroom, "preview", keywords="mackerel")
    assert "Mackerel quota" in by_keyword.text
    assert "Robot gardeners" not in by_keyword.text
    by_quality = await digest(newsroom, "preview", topics="AI", min_quality=90)
    assert "Robot gardeners" in by_quality.text
    assert "Speech models" not in by_quality.text
    limited = await digest(newsroom, "preview", topics="AI", max_stories=1)
    assert "Speech models" not in limited.text


async def test_what_a_preview_left_out_can_be_seen(newsroom: Newsroom) -> None:
    reply = await digest(newsroom, "preview", topics="Harbour")
    more = next(button for button in reply.buttons if button["custom_id"].startswith("left:"))
    assert "more" in more["label"]
    shown = await newsroom.sandbox.click(reply, custom_id=more["custom_id"])
    assert "Left out" in shown.text
    assert "the provider has enough" in shown.text
    assert shown.ephemeral
    assert "Left out" not in reply.text


async def test_preview_explains_each_number_and_each_omission_in_pages(newsroom: Newsroom) -> None:
    reply = await digest(newsroom, "preview", explain=True)
    explanation = await newsroom.sandbox.wait_until(lambda: reply.interaction.followups)
    assert "recency" in explanation[-1].text
    assert explanation[-1].ephemeral
    turned = await newsroom.sandbox.click(explanation[-1], label="Next ▶", member=newsroom.manager)
    assert turned.updated
    assert "the provider has enough" in turned.text


async def test_preview_of_a_subscription_uses_its_order_and_its_memory(newsroom: Newsroom) -> None:
    made = await subscribed(newsroom, topics="AI")
    reply = await digest(newsroom, "preview", subscription=str(made.id))
    assert "Robot gardeners" in reply.text
    assert HARBOUR_TITLES[0] not in reply.text
    await newsroom.services.editions.send_now(made.id, NOW, newsroom.services.render)
    newsroom.clock.moment = NOW + timedelta(hours=1)
    again = await digest(newsroom, "preview", subscription=str(made.id))
    assert "Robot gardeners" not in again.text


async def test_a_story_of_a_preview_opens_whole(newsroom: Newsroom) -> None:
    reply = await digest(newsroom, "preview", date="2021-02-03")
    menu = reply.selects[0]
    story = await newsroom.sandbox.select(reply, menu["custom_id"], [menu["options"][0]["value"]])
    assert "12 links" in story.text
    assert story.ephemeral


# --------------------------------------------------------------------------- now


async def test_now_makes_this_moments_edition_and_says_where_it_appears(newsroom: Newsroom) -> None:
    made = await subscribed(newsroom)
    reply = await digest(newsroom, "now", subscription=str(made.id))
    assert f"<#{newsroom.channel.id}>" in reply.text
    assert reply.ephemeral
    (edition,) = await newsroom.services.editions.recent(made.id)
    assert edition.early


async def test_a_digest_that_did_not_arrive_is_shown_until_a_later_one_does(newsroom: Newsroom) -> None:
    await subscribed(newsroom, quiet_day="note")
    await digest(newsroom, "now")
    outbox = OutboxService(DeliveryStore(newsroom.databases[1]))
    while claimed := await outbox.claim(NOW, limit=10):
        await outbox.record([Refused(part, "400", failure=Failure.BLOCKED) for part in claimed], NOW)
    for command in ("list", "pause", "resume"):
        assert "AutoMod" in (await digest(newsroom, command)).text
    newsroom.clock.moment = NOW + timedelta(days=1)
    await newsroom.services.editions.prepare(newsroom.clock.moment, newsroom.services.render)
    while claimed := await outbox.claim(newsroom.clock.moment, limit=10):
        await outbox.record([Sent(part, 1) for part in claimed], newsroom.clock.moment)
    assert "AutoMod" not in (await digest(newsroom, "list")).text


async def test_now_says_when_there_is_nothing_new(newsroom: Newsroom) -> None:
    await subscribed(newsroom)
    await digest(newsroom, "now")
    newsroom.clock.moment = NOW + timedelta(minutes=5)
    reply = await digest(newsroom, "now")
    assert "nothing new" in reply.text


async def test_now_is_refused_for_a_paused_subscription_and_a_shut_channel(newsroom: Newsroom) -> None:
    target = newsroom.sandbox.add_channel(newsroom.guild, "shutting")
    made = await subscribed(newsroom, channel=target)
    await digest(newsroom, "pause")
    assert "/digest resume" in (await digest(newsroom, "now")).text
    await digest(newsroom, "resume")
    newsroom.sandbox.set_permissions(target, deny=["send_messages"])
    assert "Send Messages" in (await digest(newsroom, "now")).text
    assert not await newsroom.services.editions.recent(made.id)
