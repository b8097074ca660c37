"""What happens when something goes wrong: sentences, numbers, silence where there is nothing left to answer."""

from __future__ import annotations

import logging
import re

import pytest

from digests.errors import InvalidInput
from sandbox.driver.reply import NotAnswered
from sandbox.faults import ANSWER
from tests.bot.commands.newsroom import Newsroom

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def break_databases(newsroom: Newsroom) -> None:
    """Pulls the corpus away below the bot, which is nobody's expected error."""
    await newsroom.databases[0].close()


async def test_an_unknown_error_gives_a_number_that_the_log_carries_too(
    newsroom: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    database = newsroom.databases[1]
    async with database.transaction() as connection:
        await connection.execute("ALTER TABLE remembered RENAME TO forgotten")
    try:
        reply = await newsroom.sandbox.invoke("news", {"query": "clearview"}, channel=newsroom.channel)
    finally:
        async with database.transaction() as connection:
            await connection.execute("ALTER TABLE forgotten RENAME TO remembered")
    number = re.search(r"number: ([0-9a-f]{8})", reply.text)
    assert number is not None
    assert reply.ephemeral
    assert "no such table" not in reply.text
    (record,) = [record for record in caplog.records if number[1] in record.getMessage()]
    assert record.levelno == logging.ERROR
    assert record.exc_info is not None
    assert "/news" in record.getMessage()


async def test_an_unknown_error_of_a_button_is_answered_too(newsroom: Newsroom) -> None:
    shown = await newsroom.sandbox.invoke("news", {"query": "waterfront"}, channel=newsroom.channel)
    before = shown.text
    database = newsroom.databases[1]
    async with database.transaction() as connection:
        await connection.execute("ALTER TABLE remembered RENAME TO forgotten")
    try:
        pressed = await newsroom.sandbox.click(shown, label="Next ▶")
        await newsroom.sandbox.wait_until(lambda: pressed.interaction.followups)
    finally:
        async with database.transaction() as connection:
            await connection.execute("ALTER TABLE forgotten RENAME TO remembered")
    (told,) = pressed.interaction.followups
    assert "number" in told.text
    assert told.ephemeral
    assert shown.message is not None
    assert shown.message.text == before


async def test_an_autocomplete_that_fails_offers_nothing(newsroom: Newsroom, caplog: pytest.LogCaptureFixture) -> None:
    database = newsroom.databases[1]
    async with database.transaction() as connection:
        await connection.execute("ALTER TABLE subscriptions RENAME TO forgotten")
    try:
        choices = await newsroom.sandbox.autocomplete("digest next", {"subscription": "n"}, channel=newsroom.channel)
    finally:
        async with database.transaction() as connection:
            await connection.execute("ALTER TABLE forgotten RENAME TO subscriptions")
    assert choices == []
    assert any("autocomplete" in record.getMessage() for record in caplog.records)


async def test_an_answer_whose_receipt_was_lost_is_not_an_error(
    newsroom: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    newsroom.sandbox.faults.fail(ANSWER, accepted=True)
    reply = await newsroom.sandbox.invoke("help", {}, channel=newsroom.channel, wait=False)
    await newsroom.sandbox.wait_until(lambda: any("nothing left" in one.getMessage() for one in caplog.records))
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert reply.interaction.answer is not None


async def test_an_interaction_that_came_too_late_is_not_an_error(
    newsroom: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    newsroom.sandbox.faults.delay(ANSWER, delay_s=0)
    reply = await newsroom.sandbox.invoke("help", {}, channel=newsroom.channel, wait=False)
    newsroom.sandbox.advance(10)
    with pytest.raises(NotAnswered):
        await newsroom.sandbox.wait_until(lambda: reply.messages, timeout=0.5)
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


def test_a_sentence_of_ours_is_told_as_it_stands() -> None:
    assert str(InvalidInput("Type a day.")) == "Type a day."
