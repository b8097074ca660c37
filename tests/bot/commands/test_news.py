"""`/news` and `/latest`, every option, through the real client."""

from __future__ import annotations

import pytest

from sandbox.driver.reply import Reply
from tests.bot.commands.articles import HARBOUR_TITLES
from tests.bot.commands.newsroom import Newsroom

pytestmark = pytest.mark.asyncio(loop_scope="module")

CLEARVIEW = "Clearview told to delete photographs"


async def news(newsroom: Newsroom, **options: object) -> Reply:
    return await newsroom.sandbox.invoke("news", options, member=newsroom.reader, channel=newsroom.channel)


async def latest(newsroom: Newsroom, **options: object) -> Reply:
    return await newsroom.sandbox.invoke("latest", options, member=newsroom.reader, channel=newsroom.channel)


async def test_a_word_finds_its_stories_and_only_the_asker_sees_them(newsroom: Newsroom) -> None:
    reply = await news(newsroom, query="clearview")
    assert CLEARVIEW in reply.text
    assert "The Example Times" in reply.text
    assert reply.ephemeral


async def test_a_picture_that_discord_refuses_costs_no_words(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.render.pieces.urls.is_public", lambda url: True)
    reply = await news(newsroom, query="parliament")
    assert "Speech models" in reply.text
    whole = await newsroom.sandbox.select(
        reply, reply.selects[0]["custom_id"], [reply.selects[0]["options"][0]["value"]], member=newsroom.reader
    )
    assert "## [Speech models" in whole.text
    shared = await news(newsroom, query="parliament", share=True)
    assert "Speech models" in shared.text
    assert not shared.ephemeral


async def test_nothing_found_is_not_shared(newsroom: Newsroom) -> None:
    reply = await news(newsroom, query="xylophonist", share=True)
    assert "Nothing was found" in reply.text
    assert reply.ephemeral


async def test_a_misspelt_word_still_finds_and_the_answer_says_so(newsroom: Newsroom) -> None:
    reply = await news(newsroom, query="clearveiw")
    assert CLEARVIEW in reply.text
    assert "Showing **clearview**" in reply.text


async def test_a_button_searches_for_what_was_typed(newsroom: Newsroom) -> None:
    reply = await news(newsroom, query="clearveiw")
    assert "Search instead for *clearveiw*" in reply.text
    literal = await newsroom.sandbox.click(reply, label="Search for “clearveiw”", member=newsroom.reader)
    assert "Nothing was found" in literal.text
    assert CLEARVIEW not in literal.text


async def test_nothing_found_says_what_to_loosen(newsroom: Newsroom) -> None:
    reply = await news(newsroom, query="xylophonist quartet", provider="Byte Weekly")
    assert "Nothing was found" in reply.text
    assert [button["label"] for button in reply.buttons] == ["Tell me when there is more"]


@pytest.mark.parametrize("provider", ["harbour.example", "harbour news", "HARBOUR NEWS"])
async def test_a_provider_is_its_domain_or_its_name_in_any_case(newsroom: Newsroom, provider: str) -> None:
    reply = await news(newsroom, query="told waterfront", provider=provider)
    assert "12 stories" in reply.text
    assert "Byte Weekly" not in reply.text


async def test_an_unknown_provider_gets_a_sentence(newsroom: Newsroom) -> None:
    reply = await news(newsroom, query="crane", provider="The Moon Herald")
    assert "The Moon Herald" in reply.text
    assert reply.ephemeral
    assert not reply.selects


async def test_a_topic_narrows_the_answer(newsroom: Newsroom) -> None:
    reply = await news(newsroom, query="consent", topic="privacy")
    assert CLEARVIEW in reply.text
    reply = await news(newsroom, query="clearview", topic="Harbour")
    assert CLEARVIEW not in reply.text


async def test_since_and_until_bound_the_days(newsroom: Newsroom) -> None:
    assert CLEARVIEW in (await news(newsroom, query="clearview", since="2021-02-03")).text
    assert CLEARVIEW not in (await news(newsroom, query="clearview", since="yesterday")).text
    assert CLEARVIEW in (await news(newsroom, query="clearview", until="2021-02-03")).text
    assert CLEARVIEW not in (await news(newsroom, query="clearview", until="2021-02-02")).text


async def test_a_date_that_is_none_gets_a_sentence_that_says_what_to_type(newsroom: Newsroom) -> None:
    reply = await news(newsroom, query="clearview", since="the day the music died")
    assert "2021-02-04" in reply.text
    assert reply.ephemeral


async def test_sort_decides_what_comes_first(newsroom: Newsroom) -> None:
    def places(reply: Reply) -> tuple[int, int]:
        return reply.text.index("Robot gardeners"), reply.text.index("Speech models")

    by_newest = await news(newsroom, query="excerpt topic:AI", sort="newest")
    by_quality = await news(newsroom, query="excerpt topic:AI", sort="quality")
    by_relevance = await news(newsroom, query="speech models excerpt", sort="relevance")
    assert places(by_newest)[0] < places(by_newest)[1]
    assert places(by_quality)[0] < places(by_quality)[1]
    assert "Speech models" in by_relevance.text


@pytest.mark.parametrize(
    "query", ['"', "-", "NEAR(", "a:b:c", "*", "(((", "'; DROP TABLE articles; --", "provider:", "🦑"]
)
async def test_no_query_is_a_syntax_error(newsroom: Newsroom, query: str) -> None:
    reply = await news(newsroom, query=query)
    assert "number" not in reply.text
    assert reply.ephemeral


async def test_pages_turn_in_place(newsroom: Newsroom) -> None:
    reply = await news(newsroom, query="waterfront", sort="newest")
    assert HARBOUR_TITLES[0] in reply.text
    assert HARBOUR_TITLES[11] not in reply.text
    turned = await newsroom.sandbox.click(reply, label="Next ▶")
    assert turned.updated
    assert turned.message is reply.message
    assert HARBOUR_TITLES[11] in reply.text
    back = await newsroom.sandbox.click(turned, label="◀ Back")
    assert HARBOUR_TITLES[0] in back.text


async def test_a_picked_story_is_shown_whole_with_its_round_up_in_pages(newsroom: Newsroom) -> None:
    reply = await news(newsroom, query="clearview")
    menu = reply.selects[0]
    story = await newsroom.sandbox.select(reply, menu["custom_id"], [menu["options"][0]["value"]])
    assert story.updated
    assert story.message is reply.message
    assert "12 links" in story.text
    assert "What the airport case means" in story.text
    assert "What the kitchen case means" not in story.text
    turned = await newsroom.sandbox.click(story, label="Next ▶")
    assert turned.updated
    assert "What the kitchen case means" in turned.text


async def test_from_a_picked_story_one_goes_back_to_the_page_of_results_it_was_picked_from(newsroom: Newsroom) -> None:
    reply = await news(newsroom, query="waterfront", sort="newest")
    second = (await newsroom.sandbox.click(reply, label="Next ▶")).text
    menu = reply.selects[0]
    story = await newsroom.sandbox.select(reply, menu["custom_id"], [menu["options"][0]["value"]])
    assert story.text != second
    back = await newsroom.sandbox.click(story, label="↩ Results")
    assert back.updated
    assert back.text == second


async def test_a_story_picked_from_a_shared_answer_leaves_it_and_stands_beside(newsroom: Newsroom) -> None:
    reply = await news(newsroom, query="clearview", share=True)
    before = reply.text
    menu = reply.selects[0]
    story = await newsroom.sandbox.select(reply, menu["custom_id"], [menu["options"][0]["value"]])
    assert story.ephemeral
    assert story.message is not reply.message
    assert reply.message is not None
    assert reply.message.text == before
    assert story.find(label="↩ Results") is None


async def test_share_answers_everybody(newsroom: Newsroom) -> None:
    reply = await news(newsroom, query="clearview", share=True)
    assert not reply.ephemeral
    assert CLEARVIEW in reply.text
    assert reply.find(label="Share") is None


async def test_share_is_refused_where_the_asker_may_not_write(newsroom: Newsroom) -> None:
    quiet = newsroom.sandbox.add_channel(newsroom.guild, "read-only")
    newsroom.sandbox.set_permissions(quiet, newsroom.sandbox.everyone(newsroom.guild), deny=["send_messages"])
    reply = await newsroom.sandbox.invoke(
        "news", {"query": "clearview", "share": True}, member=newsroom.reader, channel=quiet
    )
    assert reply.ephemeral
    assert "can't write in this channel" in reply.text


async def test_an_error_of_a_shared_answer_stays_private(newsroom: Newsroom) -> None:
    reply = await news(newsroom, query="clearview", since="the day the music died", share=True)
    await newsroom.sandbox.wait_until(lambda: reply.messages)
    assert reply.ephemeral
    assert "2021-02-04" in reply.text


async def test_the_share_button_posts_the_page_and_leaves_the_private_one(newsroom: Newsroom) -> None:
    reply = await news(newsroom, query="clearview")
    before = reply.text
    shared = await newsroom.sandbox.click(reply, label="Share")
    (posted,) = shared.interaction.followups
    assert not posted.ephemeral
    assert CLEARVIEW in posted.text
    assert reply.message is not None
    assert reply.message.text == before


async def test_a_reader_pressing_on_a_shared_answer_gets_a_page_of_their_own(newsroom: Newsroom) -> None:
    shared = await news(newsroom, query="waterfront", share=True)
    other = newsroom.sandbox.add_member(newsroom.guild, "olga")
    before = shared.text
    turned = await newsroom.sandbox.click(shared, label="Next ▶", member=other)
    assert turned.ephemeral
    assert turned.message is not shared.message
    assert shared.text == before


async def test_a_story_can_be_shared(newsroom: Newsroom) -> None:
    reply = await news(newsroom, query="clearview")
    menu = reply.selects[0]
    story = await newsroom.sandbox.select(reply, menu["custom_id"], [menu["options"][0]["value"]])
    shared = await newsroom.sandbox.click(story, label="Share")
    (posted,) = shared.interaction.followups
    assert not posted.ephemeral
    assert CLEARVIEW in posted.text


async def test_hostile_text_pings_nobody_and_is_shown_as_it_stands(newsroom: Newsroom) -> None:
    reply = await news(newsroom, query="zanzibar", share=True)
    assert reply.message is not None
    assert "free money" in reply.text
    assert not reply.message.pinged
    assert "[free money](" not in reply.text


async def test_a_query_repeated_in_the_answer_pings_nobody(newsroom: Newsroom) -> None:
    reply = await news(newsroom, query=f"@everyone <@&{newsroom.role.id}> free money", share=True)
    assert reply.message is not None
    assert not reply.message.pinged


async def test_every_answer_asks_discord_to_ping_nobody(newsroom: Newsroom) -> None:
    await news(newsroom, query="zanzibar", share=True)
    edits = [request for request in newsroom.sandbox.requests if request.method == "PATCH"]
    assert edits[-1].body["allowed_mentions"] == {"parse": []}


async def test_latest_lists_the_newest_first(newsroom: Newsroom) -> None:
    reply = await latest(newsroom)
    assert reply.ephemeral
    assert reply.text.index(HARBOUR_TITLES[0]) < reply.text.index("Robot gardeners")
    turned = await newsroom.sandbox.click(reply, label="Next ▶")
    assert HARBOUR_TITLES[0] not in turned.text


async def test_latest_of_a_provider_a_topic_since_a_day(newsroom: Newsroom) -> None:
    assert "2 stories" in (await latest(newsroom, provider="byte.example")).text
    assert CLEARVIEW in (await latest(newsroom, topic="Privacy")).text
    assert CLEARVIEW not in (await latest(newsroom, topic="AI", since="2021-02-08")).text


async def test_latest_can_be_shared(newsroom: Newsroom) -> None:
    assert not (await latest(newsroom, topic="AI", share=True)).ephemeral


async def test_the_commands_work_in_direct_messages(newsroom: Newsroom) -> None:
    user = newsroom.reader.user
    reply = await newsroom.sandbox.invoke(
        "news", {"query": "clearview"}, member=user, channel=newsroom.sandbox.dm(user)
    )
    assert CLEARVIEW in reply.text


async def test_a_query_completes_to_recent_headlines_that_find_their_article(newsroom: Newsroom) -> None:
    choices = await newsroom.sandbox.autocomplete("news", {"query": "clear"}, member=newsroom.reader)
    assert choices[0].name.startswith(CLEARVIEW)
    reply = await news(newsroom, query=choices[0].value)
    assert CLEARVIEW in reply.text


@pytest.mark.parametrize(
    ("command", "option", "typed", "expected"),
    [
        ("news", "provider", "har", "harbour.example"),
        ("news", "topic", "pri", "Privacy"),
        ("latest", "provider", "BYTE", "byte.example"),
        ("latest", "topic", "harb", "Harbour"),
        ("news", "provider", "harbuor", "harbour.example"),
    ],
)
async def test_providers_and_topics_complete_from_what_exists(
    newsroom: Newsroom, command: str, option: str, typed: str, expected: str
) -> None:
    choices = await newsroom.sandbox.autocomplete(command, {option: typed}, focused=option, member=newsroom.reader)
    assert expected in [choice.value for choice in choices]


@pytest.mark.parametrize("typed", ["", "zzzzzz", "\x00", "a" * 500, "🦑", "@everyone"])
async def test_autocomplete_never_fails(newsroom: Newsroom, typed: str) -> None:
    for option in ("query", "provider", "topic"):
        choices = await newsroom.sandbox.autocomplete("news", {option: typed}, focused=option, member=newsroom.reader)
        assert len(choices) <= 25
        assert all(0 < len(choice.name) <= 100 and 0 < len(str(choice.value)) <= 100 for choice in choices)


async def test_a_full_disk_keeps_no_answer_back(newsroom: Newsroom) -> None:
    (_corpus, state) = newsroom.databases
    async with state.transaction() as writer:
        pass
    await writer.execute("PRAGMA query_only = ON")
    try:
        answer = await news(newsroom, query="clearview")
        assert "Clearview" in answer.text
    finally:
        await writer.execute("PRAGMA query_only = OFF")
