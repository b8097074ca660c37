"""`/digest subscribe` and `/digest edit`, every option, through the real client."""

from __future__ import annotations

from datetime import time

import pytest

from digests.models import ChannelKind, QuietDay, Style
from sandbox.driver.reply import Impossible
from tests.bot.commands.newsroom import Newsroom
from tests.bot.commands.ordering import edit, only, subscribe

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("no_subscriptions_left")]


async def test_what_is_not_named_is_as_configured(newsroom: Newsroom) -> None:
    reply = await subscribe(newsroom)
    made = await only(newsroom)
    assert reply.ephemeral
    assert f"<#{newsroom.channel.id}>" in reply.text
    assert "08:00 (UTC)" in reply.text
    assert "<t:" in reply.text
    assert (made.channel_id, made.channel_kind, made.channel_name) == (newsroom.channel.id, ChannelKind.TEXT, "news")
    assert made.creator_id == newsroom.manager.user.id
    assert made.cadence == newsroom.services.default_cadence


async def test_utc_that_nobody_named_is_never_silent(newsroom: Newsroom) -> None:
    assert "You gave no time zone" in (await subscribe(newsroom)).text
    assert "You gave no time zone" not in (await subscribe(newsroom, timezone="UTC", time="9:00")).text


async def test_every_option_is_taken(newsroom: Newsroom) -> None:
    other = newsroom.sandbox.add_channel(newsroom.guild, "elsewhere")
    reply = await subscribe(
        newsroom,
        channel=other,
        time="7:30 pm, 6:00",
        timezone="berlin",
        days="mon-fri",
        topics="privacy, ai",
        providers="Byte Weekly, harbour.example",
        keywords="clearview, robot",
        min_quality=50,
        max_stories=4,
        quiet_day="archive",
        mention=newsroom.role,
        per_topic=3,
        per_provider=2,
    )
    made = await only(newsroom)
    assert made.channel_id == other.id
    assert made.cadence.times == (time(6, 0), time(19, 30))
    assert made.cadence.timezone == "Europe/Berlin"
    assert made.cadence.weekdays == (1, 2, 3, 4, 5)
    assert made.topics == ("Privacy", "AI")
    assert made.providers == ("byte.example", "harbour.example")
    assert (made.keywords, made.query) == ((), "clearview OR robot")
    assert (made.min_quality, made.max_stories, made.quiet_day) == (50, 4, QuietDay.ARCHIVE)
    assert (made.per_topic, made.per_provider) == (3, 2)
    assert made.mention_role_id == newsroom.role.id
    assert f"<@&{newsroom.role.id}>" in reply.text
    assert reply.message is not None
    assert not reply.message.pinged


@pytest.mark.parametrize("style", list(Style))
async def test_each_style_is_taken_and_changed(newsroom: Newsroom, style: Style) -> None:
    await subscribe(newsroom, style=style.value)
    assert (await only(newsroom)).style is style
    await edit(newsroom, style="headlines")
    assert (await only(newsroom)).style is Style.HEADLINES


async def test_a_new_subscription_is_compact(newsroom: Newsroom) -> None:
    await subscribe(newsroom)
    assert (await only(newsroom)).style is Style.COMPACT


@pytest.mark.parametrize("quiet_day", list(QuietDay))
async def test_each_quiet_day_is_taken(newsroom: Newsroom, quiet_day: QuietDay) -> None:
    await subscribe(newsroom, quiet_day=quiet_day.value)
    assert (await only(newsroom)).quiet_day is quiet_day


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("text", ChannelKind.TEXT),
        ("announcement", ChannelKind.ANNOUNCEMENT),
        ("forum", ChannelKind.FORUM),
        ("media", ChannelKind.MEDIA),
        ("voice", ChannelKind.VOICE),
        ("thread", ChannelKind.THREAD),
    ],
)
async def test_each_kind_of_channel_is_taken(newsroom: Newsroom, kind: str, expected: ChannelKind) -> None:
    parent = newsroom.channel if kind == "thread" else None
    target = newsroom.sandbox.add_channel(newsroom.guild, f"a-{kind}", kind, parent=parent)
    await subscribe(newsroom, channel=target)
    made = await only(newsroom)
    assert (made.channel_id, made.channel_kind) == (target.id, expected)


async def test_a_command_in_a_thread_subscribes_the_thread(newsroom: Newsroom) -> None:
    thread = newsroom.sandbox.add_channel(newsroom.guild, "a-thread", "thread", parent=newsroom.channel)
    await newsroom.sandbox.invoke("digest subscribe", {"time": "8"}, member=newsroom.manager, channel=thread)
    assert (await only(newsroom)).channel_kind is ChannelKind.THREAD


@pytest.mark.parametrize("kind", ["category", "stage"])
async def test_a_category_or_a_stage_is_refused_with_a_sentence(newsroom: Newsroom, kind: str) -> None:
    target = newsroom.sandbox.add_channel(newsroom.guild, f"a-{kind}", kind)
    reply = await subscribe(newsroom, channel=target)
    assert f"can't go into #a-{kind}" in reply.text
    assert not await newsroom.services.subscriptions.list_for(guild_id=newsroom.guild.id)


@pytest.mark.parametrize(
    ("kind", "denied", "named"),
    [
        ("text", "view_channel", "View Channel"),
        ("text", "send_messages", "Send Messages"),
        ("text", "read_message_history", "Read Message History"),
        ("forum", "send_messages", "Create Posts"),
        ("forum", "send_messages_in_threads", "Send Messages in Threads"),
        ("voice", "connect", "Connect"),
    ],
)
async def test_a_permission_that_lacks_is_named_before_anything_is_made(
    newsroom: Newsroom, kind: str, denied: str, named: str
) -> None:
    target = newsroom.sandbox.add_channel(newsroom.guild, "shut", kind)
    newsroom.sandbox.set_permissions(target, deny=[denied])
    reply = await subscribe(newsroom, channel=target)
    assert named in reply.text
    assert "#shut" in reply.text
    assert reply.ephemeral
    assert not await newsroom.services.subscriptions.list_for(guild_id=newsroom.guild.id)


async def test_this_channel_is_checked_too(newsroom: Newsroom) -> None:
    shut = newsroom.sandbox.add_channel(newsroom.guild, "shut-too")
    newsroom.sandbox.set_permissions(shut, deny=["send_messages"])
    reply = await newsroom.sandbox.invoke("digest subscribe", {"time": "8"}, member=newsroom.manager, channel=shut)
    assert "Send Messages" in reply.text


async def test_a_role_that_cannot_be_mentioned_is_refused(newsroom: Newsroom) -> None:
    shy = newsroom.sandbox.add_role(newsroom.guild, "Shy", mentionable=False)
    assert "can't mention @Shy" in (await subscribe(newsroom, mention=shy)).text.replace("\\", "")
    everyone = newsroom.sandbox.everyone(newsroom.guild)
    assert "can't mention everyone" in (await subscribe(newsroom, mention=everyone)).text
    assert not await newsroom.services.subscriptions.list_for(guild_id=newsroom.guild.id)


@pytest.mark.parametrize(
    ("option", "typed", "hint"),
    [
        ("time", "teatime", "08:00"),
        ("timezone", "Europe/Berln", "Europe/Berlin"),
        ("timezone", "Xyzzy", "Europe/Berlin"),
        ("timezone", "UTC+1", "Europe/Paris"),
        ("days", "someday", "weekdays"),
        ("topics", "Privac", "Privacy"),
        ("topics", "Knitting", "Knitting"),
        ("providers", "The Moon Herald", "The Moon Herald"),
    ],
)
async def test_what_was_typed_wrong_gets_a_sentence_that_says_what_to_type(
    newsroom: Newsroom, option: str, typed: str, hint: str
) -> None:
    reply = await subscribe(newsroom, **{option: typed})
    assert reply.ephemeral
    assert hint in reply.text or (option == "topics" and (await only(newsroom)).topics == (hint,))
    assert "operator" not in reply.text


@pytest.mark.parametrize(("option", "value"), [("min_quality", -1), ("max_stories", 0), ("max_stories", 1000)])
async def test_numbers_out_of_range_are_refused_by_discord_itself(newsroom: Newsroom, option: str, value: int) -> None:
    with pytest.raises(Impossible):
        await subscribe(newsroom, **{option: value})


async def test_a_member_subscribes_their_own_direct_messages(newsroom: Newsroom) -> None:
    user = newsroom.reader.user
    dm = newsroom.sandbox.dm(user)
    reply = await newsroom.sandbox.invoke("digest subscribe", {"time": "9"}, member=user, channel=dm)
    (made,) = await newsroom.services.subscriptions.list_for(user_id=user.id)
    assert (made.guild_id, made.channel_id, made.channel_kind) == (None, dm.id, ChannelKind.DM)
    assert "you get the paper here every day at 09:00" in reply.text
    listed = await newsroom.sandbox.invoke("digest list", {}, member=user, channel=dm)
    assert "our direct messages" in listed.text
    stranger = newsroom.sandbox.add_user("stella")
    other = await newsroom.sandbox.invoke(
        "digest unsubscribe", {"subscription": str(made.id)}, member=stranger, channel=newsroom.sandbox.dm(stranger)
    )
    assert "no subscription here" in other.text
    assert await newsroom.services.subscriptions.list_for(user_id=user.id)


@pytest.mark.slow
async def test_a_server_has_a_limit_of_subscriptions(newsroom: Newsroom) -> None:
    for number in range(25):
        await subscribe(newsroom, time=f"8:{number:02}")
    reply = await subscribe(newsroom, time="22:00")
    assert "limit" in reply.text
    assert len(await newsroom.services.subscriptions.list_for(guild_id=newsroom.guild.id)) == 25


@pytest.mark.parametrize(
    ("option", "typed", "expected"),
    [
        ("timezone", "tokyo", "Asia/Tokyo"),
        ("topics", "AI, pri", "AI, Privacy"),
        ("providers", "harbour.example, byt", "harbour.example, byte.example"),
    ],
)
@pytest.mark.parametrize("command", ["digest subscribe", "digest edit", "digest preview"])
async def test_options_complete_from_what_exists(
    newsroom: Newsroom, command: str, option: str, typed: str, expected: str
) -> None:
    choices = await newsroom.sandbox.autocomplete(
        command, {option: typed}, member=newsroom.manager, channel=newsroom.channel
    )
    assert expected in [choice.value for choice in choices]


# --------------------------------------------------------------------------- edit


async def test_edit_changes_what_is_given_and_nothing_else(newsroom: Newsroom) -> None:
    await subscribe(newsroom, time="9:00", timezone="Europe/Paris", topics="AI", min_quality=40, mention=newsroom.role)
    before = await only(newsroom)
    reply = await edit(newsroom, days="weekend")
    after = await only(newsroom)
    assert after.cadence.weekdays == (6, 7)
    assert (after.cadence.times, after.cadence.timezone) == (before.cadence.times, "Europe/Paris")
    assert (after.topics, after.min_quality, after.mention_role_id) == (("AI",), 40, newsroom.role.id)
    assert "Days every day → on Saturdays and Sundays" in reply.text


async def test_edit_takes_every_option(newsroom: Newsroom) -> None:
    await subscribe(newsroom)
    other = newsroom.sandbox.add_channel(newsroom.guild, "moved-to", "announcement")
    made = await only(newsroom)
    await edit(
        newsroom,
        subscription=str(made.id),
        channel=other,
        time="12:15",
        timezone="UTC",
        days="monday",
        topics="AI",
        providers="byte.example",
        keywords="robot",
        min_quality=1,
        max_stories=2,
        quiet_day="note",
        mention=newsroom.role,
        per_provider=1,
    )
    after = await only(newsroom)
    assert (after.channel_id, after.channel_kind, after.channel_name) == (
        other.id,
        ChannelKind.ANNOUNCEMENT,
        "moved-to",
    )
    assert (after.cadence.times, after.cadence.weekdays) == ((time(12, 15),), (1,))
    assert (after.topics, after.providers, after.query) == (("AI",), ("byte.example",), "robot")
    assert (after.min_quality, after.max_stories, after.quiet_day) == (1, 2, QuietDay.NOTE)
    assert (after.per_topic, after.per_provider) == (None, 1)
    assert after.mention_role_id == newsroom.role.id


async def test_none_empties_a_list_and_no_mention_ends_mentioning(newsroom: Newsroom) -> None:
    await subscribe(newsroom, topics="AI", providers="byte.example", keywords="robot", mention=newsroom.role)
    await edit(newsroom, topics="none", providers="None", keywords="-", no_mention=True)
    after = await only(newsroom)
    assert (after.topics, after.providers, after.query, after.mention_role_id) == ((), (), "", None)


async def test_edit_checks_permissions_and_roles_too(newsroom: Newsroom) -> None:
    await subscribe(newsroom)
    target = newsroom.sandbox.add_channel(newsroom.guild, "shut-again")
    newsroom.sandbox.set_permissions(target, deny=["send_messages"])
    assert "Send Messages" in (await edit(newsroom, channel=target)).text
    shy = newsroom.sandbox.add_role(newsroom.guild, "Shyer", mentionable=False)
    assert "can't mention" in (await edit(newsroom, mention=shy)).text
    after = await only(newsroom)
    assert (after.channel_id, after.mention_role_id) == (newsroom.channel.id, None)


async def test_a_second_digest_for_a_channel_says_what_it_gets_already(newsroom: Newsroom) -> None:
    first = await subscribe(newsroom)
    assert "as well" not in first.text
    made = await only(newsroom)
    again = await subscribe(newsroom, time="20:00")
    assert f"another digest as well: `#{made.id}`" in again.text
    elsewhere = newsroom.sandbox.add_channel(newsroom.guild, "apart")
    assert "as well" not in (await subscribe(newsroom, channel=elsewhere)).text


async def test_edit_asks_which_where_there_are_several(newsroom: Newsroom) -> None:
    other = newsroom.sandbox.add_channel(newsroom.guild, "second")
    third = newsroom.sandbox.add_channel(newsroom.guild, "third")
    await subscribe(newsroom, channel=other)
    await subscribe(newsroom, channel=third)
    reply = await edit(newsroom, days="weekend")
    assert "several" in reply.text
    by_name = await edit(newsroom, subscription="third", days="weekend")
    assert f"<#{third.id}>" in by_name.text


async def test_edit_without_a_subscription_says_how_to_make_one(newsroom: Newsroom) -> None:
    assert "/digest subscribe" in (await edit(newsroom, days="weekend")).text
