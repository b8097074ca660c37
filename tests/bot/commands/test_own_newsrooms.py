"""What needs a bot of its own: a corpus that was never loaded, a database that can't be put back as it was.

A module of its own, too: discord.py keeps one address for all bots of a process, so no two run at once.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.driver.reply import Reply
from tests.bot.commands.newsroom import Newsroom, open_newsroom


async def corpus(newsroom: Newsroom, command: str) -> Reply:
    return await newsroom.sandbox.invoke(
        f"corpus {command}", {}, member=newsroom.manager, channel=newsroom.channel, force=True
    )


async def test_status_before_and_after_the_first_reload(tmp_path: Path) -> None:
    async with open_newsroom(tmp_path, home=True, loaded=False) as fresh:
        assert "Never loaded" in (await corpus(fresh, "status")).text
        reply = await corpus(fresh, "reload")
        assert reply.ephemeral
        assert "**16** new" in reply.text
        status = await corpus(fresh, "status")
        assert "**16** articles" in status.text
        assert "No problems" in status.text


@pytest.mark.slow
async def test_damage_behind_a_button_is_said_too(tmp_path: Path) -> None:
    async with open_newsroom(tmp_path) as newsroom:
        shown = await newsroom.sandbox.invoke("news", {"query": "waterfront"}, channel=newsroom.channel)
        before = shown.text
        async with newsroom.databases[1].transaction() as connection:
            await connection.execute("ALTER TABLE remembered RENAME TO forgotten")
        pressed = await newsroom.sandbox.click(shown, label="Next ▶")
        await newsroom.sandbox.wait_until(lambda: pressed.interaction.followups)
        (told,) = pressed.interaction.followups
        assert "state.db is damaged" in told.text
        assert told.ephemeral
        assert shown.message is not None
        assert shown.message.text == before


@pytest.mark.slow
async def test_an_autocomplete_that_fails_offers_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with open_newsroom(tmp_path) as newsroom:
        async with newsroom.databases[1].transaction() as connection:
            await connection.execute("ALTER TABLE subscriptions RENAME TO forgotten")
        choices = await newsroom.sandbox.autocomplete("digest next", {"subscription": "n"}, channel=newsroom.channel)
        assert choices == []
        assert any("Autocomplete" in record.getMessage() for record in caplog.records)
