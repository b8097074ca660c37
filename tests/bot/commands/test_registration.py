"""Logging in, registering the commands once, and where the bot is pointed."""

from __future__ import annotations

import asyncio
from pathlib import Path

import discord
import pytest

from bot.client import BroadsheetClient
from bot.startup_errors import DiscordUnreachable, TokenRefused
from tests.bot.commands.newsroom import open_newsroom
from tests.patience import PATIENCE_S


async def test_the_commands_are_registered_once_and_not_again_when_nothing_changed(tmp_path: Path) -> None:
    async with open_newsroom(tmp_path, loaded=False) as newsroom:
        names = [command["name"] for command in newsroom.sandbox.registered_commands()]
        menus = ["Find this story", "Why is this here?"]
        assert sorted(names) == [*menus, "corpus", "digest", "help", "latest", "news", "papers"]
        writes = newsroom.sandbox.command_writes
        puts = [request for request in newsroom.sandbox.requests if request.method == "PUT"]
        assert len(puts) == 1
        await newsroom.restart()
        assert newsroom.sandbox.command_writes == writes
        assert [request for request in newsroom.sandbox.requests if request.method == "PUT"] == puts


@pytest.mark.slow
async def test_commands_that_somebody_took_away_are_registered_again(tmp_path: Path) -> None:
    async with open_newsroom(tmp_path, loaded=False) as newsroom:
        await newsroom.client.http.bulk_upsert_global_commands(newsroom.client.application_id or 0, [])
        assert not newsroom.sandbox.registered_commands()
        await newsroom.restart()
        assert len(newsroom.sandbox.registered_commands()) == 8


@pytest.mark.slow
async def test_a_guild_that_is_no_home_any_more_loses_the_corpus_commands(tmp_path: Path) -> None:
    async with open_newsroom(tmp_path, home=True, loaded=False) as newsroom:
        assert [one["name"] for one in newsroom.sandbox.registered_commands(newsroom.guild)] == ["corpus"]
        newsroom.home_guild_ids = frozenset()
        await newsroom.restart()
        assert not newsroom.sandbox.registered_commands(newsroom.guild)
        assert "corpus" in [one["name"] for one in newsroom.sandbox.registered_commands()]


async def test_a_home_guild_that_the_bot_is_not_in_yet_gets_its_commands_when_it_joins(tmp_path: Path) -> None:
    async with open_newsroom(tmp_path, home=True, loaded=False, started=False) as newsroom:
        newsroom.sandbox.remove_guild(newsroom.guild)
        await newsroom.start()
        try:
            assert not newsroom.sandbox.registered_commands(newsroom.guild)
            newsroom.sandbox.return_to_guild(newsroom.guild)
            await newsroom.sandbox.wait_until(lambda: newsroom.sandbox.registered_commands(newsroom.guild))
        finally:
            await newsroom.stop()


async def test_the_commands_say_where_they_can_be_used_and_by_whom(tmp_path: Path) -> None:
    async with open_newsroom(tmp_path, loaded=False) as newsroom:
        for command in newsroom.sandbox.registered_commands():
            # What only reads the news is there wherever a member has added the bot for themselves.
            managed = command["name"] in ("digest", "corpus")
            for_guilds = managed or command["name"] == "Why is this here?"
            assert command["contexts"] == ([0, 1] if for_guilds else [0, 1, 2])
            assert command["integration_types"] == ([0] if for_guilds else [0, 1])
            assert command["default_member_permissions"] == ("32" if managed else None)


async def test_the_options_stand_in_the_order_that_people_rely_on(tmp_path: Path) -> None:
    async with open_newsroom(tmp_path, loaded=False) as newsroom:
        commands = {command["name"]: command for command in newsroom.sandbox.registered_commands()}

        def options(command: str, sub: str | None = None) -> list[str]:
            found = commands[command]
            if sub is not None:
                found = next(option for option in found["options"] if option["name"] == sub)
            return [option["name"] for option in found.get("options", [])]

        assert options("news") == ["query", "provider", "topic", "since", "until", "sort", "share"]
        assert [option["name"] for option in commands["news"]["options"] if option.get("required")] == ["query"]
        assert options("latest") == ["provider", "topic", "since", "share"]
        assert options("digest") == [
            "subscribe", "list", "next", "edit", "pause", "resume", "unsubscribe", "preview", "now",
        ]  # fmt: skip
        order = [
            "channel", "time", "timezone", "days", "topics", "providers", "keywords", "min_quality", "max_stories",
            "quiet_day", "mention", "style",
        ]  # fmt: skip
        caps = ["per_topic", "per_provider"]
        assert options("digest", "subscribe") == [*order, *caps]
        assert options("digest", "edit") == ["subscription", *order, "no_mention", *caps]
        assert options("digest", "preview")[:3] == ["subscription", "date", "explain"]
        assert options("digest", "now") == ["subscription"]
        assert options("corpus") == ["reload", "status", "problems"]
        assert options("corpus", "reload") == ["force"]
        assert options("help") == []


async def test_a_refused_token_is_one_sentence(tmp_path: Path) -> None:
    async with open_newsroom(tmp_path, loaded=False) as newsroom:
        client = BroadsheetClient(newsroom.services, api_base_url=newsroom.sandbox.api_base_url)
        async with client:
            with pytest.raises(TokenRefused, match="DISCORD_TOKEN"):
                await client.login("not-the-token")


async def test_a_discord_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    async with open_newsroom(tmp_path, loaded=False) as newsroom:
        client = BroadsheetClient(newsroom.services, api_base_url="http://127.0.0.1:9/api/v10")
        async with client:
            with pytest.raises(DiscordUnreachable, match=r"127\.0\.0\.1:9"):
                await client.login(newsroom.sandbox.token)


async def test_the_client_asks_for_nothing_privileged_and_caches_no_messages(tmp_path: Path) -> None:
    async with open_newsroom(tmp_path, loaded=False) as newsroom:
        client = newsroom.client
        assert client.intents == discord.Intents(guilds=True)
        assert client.allowed_mentions is not None
        assert dict(client.allowed_mentions.to_dict()) == {"parse": []}
        assert not client.cached_messages
        newsroom.sandbox.say(newsroom.channel, newsroom.reader, "hello")
        assert not client.cached_messages


async def test_being_removed_from_a_guild_is_passed_on_and_an_outage_is_not(tmp_path: Path) -> None:
    async with open_newsroom(tmp_path, loaded=False) as newsroom:
        newsroom.sandbox.set_available(newsroom.guild, available=False)
        newsroom.sandbox.set_available(newsroom.guild, available=True)
        other = newsroom.sandbox.add_guild("Short stay")
        await newsroom.sandbox.wait_until(lambda: newsroom.client.get_guild(other.id))
        newsroom.sandbox.remove_guild(other)
        await newsroom.sandbox.wait_until(lambda: newsroom.guilds_gone)
        assert newsroom.guilds_gone == [other.id]


async def test_a_token_withdrawn_while_the_bot_runs_is_one_sentence_too(tmp_path: Path) -> None:
    async with open_newsroom(tmp_path, loaded=False) as newsroom:
        assert newsroom.running is not None
        newsroom.sandbox.gateway.close(4004)
        with pytest.raises(TokenRefused, match="DISCORD_TOKEN"):
            await asyncio.wait_for(newsroom.running, PATIENCE_S)
        newsroom.running = None
