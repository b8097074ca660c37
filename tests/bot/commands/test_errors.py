"""What happens when something goes wrong: sentences, numbers, silence where there is nothing left to answer."""

from __future__ import annotations

import asyncio
import logging
import re

import pytest

from bot.interactions.cooldowns import Cooldowns
from sandbox.faults import ANSWER
from tests.bot.commands.newsroom import Newsroom
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.asyncio(loop_scope="module")


BREAK = "CREATE TEMP TRIGGER broken BEFORE INSERT ON remembered BEGIN SELECT RAISE(ABORT, 'no such table'); END"
"""An error of a sound file, on the connection that writes alone."""


async def test_an_unknown_error_gives_a_number_that_the_log_carries_too(
    newsroom: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    database = newsroom.databases[1]
    async with database.transaction() as connection:
        await connection.execute(BREAK)
    try:
        reply = await newsroom.sandbox.invoke("news", {"query": "clearview"}, channel=newsroom.channel)
    finally:
        async with database.transaction() as connection:
            await connection.execute("DROP TRIGGER broken")
    number = re.search(r"number: ([0-9a-f]{8})", reply.text)
    assert number is not None
    assert reply.ephemeral
    assert "no such table" not in reply.text
    (record,) = [record for record in caplog.records if number[1] in record.getMessage()]
    assert record.levelno == logging.ERROR
    assert record.exc_info is not None
    assert "/news" in record.getMessage()


async def test_an_answer_whose_receipt_was_lost_is_given_all_the_same(
    newsroom: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    newsroom.sandbox.faults.fail(ANSWER, accepted=True)
    reply = await newsroom.sandbox.invoke("help", {}, channel=newsroom.channel)
    assert "/news" in reply.text or "</news:" in reply.text
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_an_interaction_that_came_too_late_is_no_error_of_ours(
    newsroom: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    reply = await newsroom.sandbox.invoke("help", {}, channel=newsroom.channel, wait=False)
    newsroom.sandbox.advance(PATIENCE_S + 1)
    await newsroom.sandbox.wait_until(lambda: any("nothing left to answer" in one.message for one in caplog.records))
    assert not reply.messages
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_choices_that_came_too_late_are_no_error_of_ours(
    newsroom: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    newsroom.sandbox.faults.fail(ANSWER, accepted=True)
    await newsroom.sandbox.autocomplete("news", {"query": "clear"}, channel=newsroom.channel)
    # The second try, a second later, is refused.
    count = newsroom.sandbox.count_requests(ANSWER)
    await newsroom.sandbox.wait_until(lambda: newsroom.sandbox.count_requests(ANSWER) > count)
    await asyncio.sleep(0.1)
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_a_command_that_changed_since_says_to_pick_it_again(newsroom: Newsroom) -> None:
    command = newsroom.client.tree.remove_command("latest")
    assert command is not None
    try:
        reply = await newsroom.sandbox.invoke("latest", {}, channel=newsroom.channel)
        choices = await newsroom.sandbox.autocomplete("latest", {"topic": "a"}, channel=newsroom.channel)
    finally:
        newsroom.client.tree.add_command(command)
    assert "pick it again" in reply.text
    assert reply.ephemeral
    assert choices == []


async def test_everybody_is_answered_in_english_where_there_is_no_catalogue(newsroom: Newsroom) -> None:
    member = newsroom.sandbox.add_member(newsroom.guild, "dieter", locale="de")
    reply = await newsroom.sandbox.invoke("news", {"query": "clearview"}, member=member, channel=newsroom.channel)
    assert "Clearview" in reply.text


@pytest.mark.slow
async def test_a_costly_command_asked_again_and_again_is_answered_with_when(newsroom: Newsroom) -> None:
    usual, newsroom.client.cooldowns = newsroom.client.cooldowns, Cooldowns(clock=lambda: 0.0)
    said = [
        (await newsroom.sandbox.invoke("digest preview", {}, member=newsroom.manager, channel=newsroom.channel)).text
        for _use in range(45)
    ]
    assert "again in" not in said[0]
    assert "You can use </digest preview:" in said[-1]
    newsroom.client.cooldowns = usual


@pytest.mark.parametrize("value", ["x'fffe00'", "17"])
async def test_a_value_that_was_never_written_is_said_to_be_damage(newsroom: Newsroom, value: str) -> None:
    database = newsroom.databases[0]
    async with database.transaction() as connection:
        rows = list(await connection.execute_fetchall("SELECT id, title, excerpt FROM articles"))
        await connection.execute(f"UPDATE articles SET title = {value}, excerpt = {value}")
        await connection.execute("UPDATE articles SET topic_list = '[3' || topic_list")
    try:
        reply = await newsroom.sandbox.invoke("news", {"query": "waterfront"}, channel=newsroom.channel)
    finally:
        async with database.transaction() as connection:
            await connection.executemany("UPDATE articles SET title = ?2, excerpt = ?3 WHERE id = ?1", map(tuple, rows))
            await connection.execute("UPDATE articles SET topic_list = SUBSTR(topic_list, 3)")
    assert "corpus.db is damaged" in reply.text
    assert "delete the file and run" in reply.text
    assert str(newsroom.data) not in reply.text
