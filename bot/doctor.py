"""What `broadsheet doctor` looks at: every part that has to work, what is wrong with it and what to do."""

from __future__ import annotations

import os
import shlex
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import discord
from discord.http import Route

from bot.config import ConfigurationError, Settings, read_token
from bot.interactions.permissions import lacking
from bot.wiring import News, State
from digests.errors import BroadsheetError
from digests.i18n import _, ngettext
from digests.models import Subscription
from digests.store.private_files import find_open


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is well, what was seen, and what to do where it is not."""

    name: str
    well: bool
    seen: str
    advice: str = ""


async def examine(settings: Settings, *, repair: bool = False) -> AsyncGenerator[Finding, None]:
    """Looks at everything, one finding after the other.

    Args:
        settings: The configuration; that it could be read is the first finding.
        repair: Whether to rebuild a search index that is out of step.
    """
    yield Finding(_("configuration"), True, _("read; data in {folder}").format(folder=settings.data_dir))
    yield _privacy(settings)
    for folder in settings.corpus.folders:
        yield _folder(folder)
    async with aclosing(_corpus(settings, repair=repair)) as found:
        async for finding in found:
            yield finding
    subscriptions: tuple[Subscription, ...] = ()
    advice = _("Restore a backup: broadsheet restore FILE.")
    try:
        async with State.open(settings) as state:
            fault = await state.database.find_damage()
            if fault is None:
                subscriptions = await state.subscriptions.list_for()
            count = ngettext("{count} subscription", "{count} subscriptions", len(subscriptions))
            yield Finding("state.db", fault is None, fault or count.format(count=len(subscriptions)), advice)
    except BroadsheetError as error:
        yield Finding("state.db", False, str(error), "" if advice in str(error) else advice)
    async with aclosing(_discord(settings, subscriptions)) as found:
        async for finding in found:
            yield finding


def _folder(folder: Path) -> Finding:
    name = _("corpus folder")
    if not folder.is_dir():
        return Finding(
            name, False, _("{folder} does not exist").format(folder=folder), _("Create it, or change corpus.folders.")
        )
    if not os.access(folder, os.R_OK | os.X_OK):
        return Finding(
            name, False, _("{folder} can't be read").format(folder=folder), _("Give the bot's user leave to read it.")
        )
    return Finding(name, True, str(folder))


def _privacy(settings: Settings) -> Finding:
    """Check that nobody but the bot's user can read the data, its backups beside it and the token."""
    ours = sorted(settings.data_dir.glob("*state.db*")) + sorted(settings.data_dir.glob("*corpus.db*"))
    token_file = settings.discord.token_file
    files = find_open([*ours, *([token_file] if token_file is not None else [])])
    folders = find_open([settings.data_dir])
    name = _("private files")
    if not files and not folders:
        return Finding(name, True, _("others can't read the data folder, its files and the token"))
    commands = [
        f"chmod {mode} {shlex.join(map(str, found))}" for mode, found in ((700, folders), (600, files)) if found
    ]
    listed = ", ".join(map(str, [*folders, *files]))
    return Finding(
        name,
        False,
        _("other users of this machine can read {files}").format(files=listed),
        _("Run: {command}").format(command=" && ".join(commands)),
    )


async def _corpus(settings: Settings, *, repair: bool) -> AsyncGenerator[Finding, None]:
    advice = _("It is a cache: delete the file and run `broadsheet load`.")
    try:
        async with News.open(settings) as news:
            fault = await news.articles.find_damage()
            if fault is not None:
                yield Finding("corpus.db", False, fault, advice)
                return
            status = await news.corpus.status()
            counted = ngettext("{count} article", "{count} articles", status.article_count)
            if status.loaded_at is None:
                yield Finding("corpus.db", False, _("nothing has been loaded yet"), _("Run: broadsheet load"))
                return
            yield Finding("corpus.db", True, counted.format(count=f"{status.article_count:,}"))
            if status.problem_count:
                problems = ngettext("{count} problem", "{count} problems", status.problem_count)
                yield Finding(
                    _("articles"),
                    False,
                    problems.format(count=status.problem_count),
                    _("Run `broadsheet load`: it lists each with file and line."),
                )
            in_step = await news.search_store.verify()
            if not in_step and repair:
                await news.search_store.rebuild()
                in_step = await news.search_store.verify()
            seen = _("in step with the articles") if in_step else _("out of step with the articles")
            yield Finding(_("search index"), in_step, seen, _("Run: broadsheet doctor --repair"))
    except BroadsheetError as error:
        yield Finding("corpus.db", False, str(error), "" if advice in str(error) else advice)


async def _discord(settings: Settings, subscriptions: Iterable[Subscription]) -> AsyncGenerator[Finding, None]:
    try:
        token = read_token(settings)
    except ConfigurationError as error:
        yield Finding(_("token"), False, str(error), _("Without it the bot can't run on Discord."))
        return
    Route.BASE = settings.discord.api_base_url
    client = discord.Client(intents=discord.Intents.none())
    try:
        async with client:
            await client.login(token)
            assert client.user is not None
            yield Finding(_("token"), True, _("Discord knows it as {name}").format(name=client.user))
            for guild_id in sorted({s.guild_id for s in subscriptions if s.guild_id is not None}):
                here = [subscription for subscription in subscriptions if subscription.guild_id == guild_id]
                async with aclosing(_guild(client, guild_id, here)) as found:
                    async for finding in found:
                        yield finding
    except discord.LoginFailure:
        yield Finding(
            _("token"),
            False,
            _("Discord refused it"),
            _("Copy it anew from the Bot page of the developer portal."),
        )
    except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError) as error:
        yield Finding(
            _("Discord"),
            False,
            _("can't be reached at {url}: {error}").format(url=settings.discord.api_base_url, error=error),
            _("Check the connection and discord.api_base_url."),
        )


async def _guild(
    client: discord.Client, guild_id: int, subscriptions: Iterable[Subscription]
) -> AsyncGenerator[Finding, None]:
    """Checks what the bot may do in the channels that a guild has subscribed."""
    assert client.user is not None
    try:
        guild = await client.fetch_guild(guild_id, with_counts=False)
        member = await guild.fetch_member(client.user.id)
        channels = {channel.id: channel for channel in await guild.fetch_channels()}
    except (discord.Forbidden, discord.NotFound):
        yield Finding(
            _("server {id}").format(id=guild_id), False, _("the bot is not in it any more"), _("Invite it again.")
        )
        return
    for subscription in subscriptions:
        name = _("channel {name}").format(name=subscription.channel_name or subscription.channel_id)
        channel = channels.get(subscription.channel_id)
        if channel is None:
            if subscription.channel_kind.value != "thread":
                yield Finding(name, False, _("it is gone"), _("Give the digest another with /digest edit."))
            continue
        missing = lacking(subscription.channel_kind, channel.permissions_for(member))
        if missing:
            yield Finding(
                name,
                False,
                _("the bot lacks {permissions}").format(permissions=", ".join(missing)),
                _("Grant it in the channel's settings, under Permissions."),
            )
        else:
            yield Finding(name, True, _("the bot may write there"))
