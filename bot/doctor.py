"""The checks of `broadsheet doctor`: each part that has to work, what is wrong with it and what to do."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import shlex
import sqlite3
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import discord
from discord.http import Route

from bot.config import DEFAULT_FILE, ConfigurationError, read_token
from bot.delivery import attempts
from bot.delivery.classify_error import is_from_discord
from bot.errors import LOST, UNREADABLE, NotDiscord
from bot.interactions.permissions import lacking
from bot.invite import invite_link
from bot.render import folder_report
from bot.settings import Settings
from bot.wiring import News, State
from digests.errors import BroadsheetError
from digests.i18n import _, ngettext
from digests.models import Subscription
from digests.store.pairing import read_pair
from digests.store.private_files import find_open
from digests.store.soundness import find_damage


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check: whether it passed, what was found, and what to do if it failed."""

    name: str
    passed: bool
    detail: str
    advice: str = ""


async def examine(
    settings: Settings, *, file: Path | None = None, repair: bool = False
) -> AsyncGenerator[Finding, None]:
    """Run all checks, yielding one finding after the other; nothing that is missing is created.

    Args:
        settings: The configuration; the first finding is that it could be read.
        file: The configuration file that was named.
        repair: Whether to rebuild a search index that is out of sync.
    """
    # discord.py's log lines about voice and reconnecting are not findings.
    logging.getLogger("discord").setLevel(logging.CRITICAL)
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    yield _configuration(settings, file)
    yield _privacy(settings)
    pair = await asyncio.to_thread(read_pair, settings.corpus_path, settings.state_path)
    if pair.is_mismatched:
        yield Finding(_("databases"), False, pair.in_words())
    for folder in settings.corpus.folders:
        yield _folder(folder)
    async with aclosing(_corpus(settings, repair=repair)) as found:
        async for finding in found:
            yield finding
    subscriptions: tuple[Subscription, ...] = ()
    fault = why_unusable(settings.state_path)
    if fault is not None:
        yield Finding("state.db", False, *fault)
    elif not settings.state_path.exists():
        yield Finding("state.db", True, _("does not exist yet: the first start creates it"))
    else:
        advice = _("Restore a backup: broadsheet restore FILE.")
        try:
            async with State.open(settings) as state:
                damage = await find_damage(state.database)
                if damage is None:
                    subscriptions = await state.subscriptions.list_for()
                count = ngettext("{count} subscription", "{count} subscriptions", len(subscriptions))
                detail = damage or count.format(count=len(subscriptions))
                yield Finding("state.db", damage is None, detail, advice)
        except BroadsheetError as error:
            yield Finding("state.db", False, str(error), _advice(error, advice, settings.data_dir))
    async with aclosing(_discord(settings, subscriptions)) as found:
        async for finding in found:
            yield finding


def _configuration(settings: Settings, file: Path | None) -> Finding:
    detail = _("read; data in {folder}")
    if file is None and not DEFAULT_FILE.exists():
        detail = _("no {file} in this folder, so these are the defaults; data in {folder}")
    return Finding(_("configuration"), True, detail.format(file=DEFAULT_FILE, folder=settings.data_dir))


def why_unusable(path: Path) -> tuple[str, str] | None:
    """Return why a database can't be opened or created, and what to do; None if it can."""
    folder = path.parent
    if folder.exists() and not folder.is_dir():
        return _("{folder} is a file, not a folder").format(folder=folder), _("Move it away, or change data_dir.")
    there = next(one for one in (folder, *folder.parents) if one.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK) or os.statvfs(there).f_flag & os.ST_RDONLY:
        return (
            _("{folder} can't be written").format(folder=there),
            _("Allow the bot's user to write there, or change data_dir."),
        )
    if path.exists() and not path.is_file():
        return _("{path} is not a file").format(path=path), _("Move it away, or change data_dir.")
    if path.exists() and not os.access(path, os.R_OK | os.W_OK):
        return (
            _("{path} can't be read or written").format(path=path),
            _("Give the file to the bot's user: chown USER {path}").format(path=shlex.quote(str(path))),
        )
    return None


def _advice(error: BroadsheetError, damaged: str, folder: Path) -> str:
    """Return what to do about an unusable database, by its cause; return `damaged` if the file itself is at fault."""
    if damaged in str(error):
        return ""
    cause = error.__cause__
    said = str(cause or error)
    if "locked" in said or "busy" in said:
        return _("Another program is using it: stop that program, or wait until it has finished.")
    if "full" in said or getattr(cause, "errno", None) in (errno.ENOSPC, errno.EDQUOT):
        return _("Free some disk space for {folder}.").format(folder=folder)
    if isinstance(cause, sqlite3.OperationalError | OSError):
        return _("Allow the bot's user to read and write {folder} and everything in it.").format(folder=folder)
    return damaged if isinstance(cause, sqlite3.Error) else ""


def _folder(folder: Path) -> Finding:
    name = _("corpus folder")
    if not folder.is_dir():
        return Finding(
            name, False, _("{folder} does not exist").format(folder=folder), _("Create it, or change corpus.folders.")
        )
    if not os.access(folder, os.R_OK | os.X_OK):
        return Finding(
            name, False, _("{folder} can't be read").format(folder=folder), _("Allow the bot's user to read it.")
        )
    return Finding(name, True, str(folder))


def _privacy(settings: Settings) -> Finding:
    """Check that only the bot's user can read the data, the backups next to it and the token."""
    ours = sorted(settings.data_dir.glob("*state.db*")) + sorted(settings.data_dir.glob("*corpus.db*"))
    token_file = settings.discord.token_file
    files = find_open([*ours, *([token_file] if token_file is not None else [])])
    folders = find_open([settings.data_dir])
    name = _("private files")
    if not files and not folders:
        return Finding(name, True, _("no other user can read the data folder, its files and the token"))
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


async def _loaded(news: News) -> list[str]:
    """Return the configured folders that have been loaded."""
    known = await news.articles.known_folders()
    return [real for folder in news.settings.corpus.folders if (real := os.path.realpath(folder)) in known]


async def _corpus(settings: Settings, *, repair: bool) -> AsyncGenerator[Finding, None]:
    advice = _("It is a cache: delete the file and run `broadsheet load`.")
    fault = why_unusable(settings.corpus_path)
    if fault is not None:
        yield Finding("corpus.db", False, *fault)
        return
    if not settings.corpus_path.exists():
        yield Finding("corpus.db", False, _("nothing has been loaded yet"), _("Run: broadsheet load"))
        return
    try:
        async with News.open(settings) as news:
            damage = await news.articles.find_damage()
            if damage is not None:
                yield Finding("corpus.db", False, damage, advice)
                return
            status = await news.corpus.status()
            counted = ngettext("{count} article", "{count} articles", status.article_count)
            if status.loaded_at is None:
                yield Finding("corpus.db", False, _("nothing has been loaded yet"), _("Run: broadsheet load"))
                return
            yield Finding("corpus.db", True, counted.format(count=f"{status.article_count:,}"))
            for summary in await news.articles.summaries(await _loaded(news)):
                for sentence in folder_report.sentences([summary]):
                    lacks = folder_report.lacks_all(summary) and sentence == folder_report.lacking(summary)
                    advice = _("`broadsheet inspect {folder}` shows how each file is read.")
                    yield Finding(summary.folder, not lacks, sentence, advice.format(folder=summary.folder))
            if status.problem_count:
                problems = ngettext("{count} problem", "{count} problems", status.problem_count)
                yield Finding(
                    _("articles"),
                    False,
                    problems.format(count=status.problem_count),
                    _("Run `broadsheet load`: it lists each with file and line."),
                )
            in_sync = await news.search_store.verify()
            if not in_sync and repair:
                await news.search_store.rebuild()
                in_sync = await news.search_store.verify()
            detail = _("in sync with the articles") if in_sync else _("out of sync with the articles")
            yield Finding(_("search index"), in_sync, detail, _("Run: broadsheet doctor --repair"))
    except BroadsheetError as error:
        yield Finding("corpus.db", False, str(error), _advice(error, advice, settings.data_dir))


async def _discord(settings: Settings, subscriptions: Iterable[Subscription]) -> AsyncGenerator[Finding, None]:
    try:
        token = read_token(settings)
    except ConfigurationError as error:
        yield Finding(_("token"), False, str(error), _("Without it the bot can't run on Discord."))
        return
    Route.BASE = settings.discord.api_base_url
    trace = aiohttp.TraceConfig()
    attempts.watch(trace)
    client = discord.Client(intents=discord.Intents.none(), http_trace=trace)
    try:
        async with client:
            await _log_in(client, token)
            assert client.user is not None
            yield Finding(_("token"), True, _("Discord knows it as {name}").format(name=client.user))
            for guild_id in settings.admin.guild_ids:
                yield await _home_guild(client, guild_id)
            if client.application_id is not None and not [guild async for guild in client.fetch_guilds(limit=1)]:
                link = invite_link(client.application_id)
                yield Finding(
                    _("servers"), False, _("the bot is in none"), _("Open this link: {link}").format(link=link)
                )
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
            _("Copy it again from the Bot page of the developer portal."),
        )
    except LOST as error:
        yield Finding(
            _("Discord"),
            False,
            _("can't be reached at {url}: {error}").format(url=settings.discord.api_base_url, error=_why(error)),
            _("Check the connection and discord.api_base_url."),
        )


async def _log_in(client: discord.Client, token: str) -> None:
    try:
        await client.login(token)
    except UNREADABLE as error:
        raise NotDiscord from error


def _why(error: BaseException) -> str:
    """Return why Discord can't be reached, in our own words."""
    if isinstance(error, discord.HTTPException):
        return _("it answered with HTTP {status}").format(status=error.status)
    if isinstance(error, TimeoutError):
        return _("no answer")
    if isinstance(error, NotDiscord):
        return _("what answers there is not Discord")
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    if isinstance(cause, OSError) and cause.errno is not None and cause.errno in errno.errorcode:
        return os.strerror(cause.errno)
    return _("no connection") if isinstance(error, aiohttp.ClientError | OSError) else type(error).__name__


async def _home_guild(client: discord.Client, guild_id: int) -> Finding:
    """Check that the bot is in a server named in `admin.guild_ids`."""
    name = f"admin.guild_ids {guild_id}"
    try:
        guild = await client.fetch_guild(guild_id, with_counts=False)
    except (discord.Forbidden, discord.NotFound) as error:
        if not is_from_discord(error):
            raise
        return Finding(
            name,
            False,
            _("the bot is in no server with this id"),
            _("Invite it there, or take the id out (a server's id is copied from its menu in developer mode)."),
        )
    return Finding(name, True, _("the bot is in {name}").format(name=guild.name))


async def _guild(
    client: discord.Client, guild_id: int, subscriptions: Iterable[Subscription]
) -> AsyncGenerator[Finding, None]:
    """Check the bot's permissions in the subscribed channels of a guild."""
    assert client.user is not None
    try:
        guild = await client.fetch_guild(guild_id, with_counts=False)
        member = await guild.fetch_member(client.user.id)
        channels = {channel.id: channel for channel in await guild.fetch_channels()}
    except (discord.Forbidden, discord.NotFound) as error:
        if not is_from_discord(error):
            raise
        yield Finding(
            _("server {id}").format(id=guild_id), False, _("the bot is no longer in it"), _("Invite it again.")
        )
        return
    for subscription in subscriptions:
        name = _("channel {name}").format(name=subscription.channel_name or subscription.channel_id)
        channel = channels.get(subscription.channel_id)
        if channel is None:
            if subscription.channel_kind.value != "thread":
                yield Finding(name, False, _("it is gone"), _("Choose another channel with /digest edit."))
            continue
        missing = lacking(subscription.channel_kind, channel.permissions_for(member))
        if missing:
            yield Finding(
                name,
                False,
                _("the bot needs {permissions}").format(permissions=", ".join(missing)),
                _("Grant it in the channel's settings, under Permissions."),
            )
        else:
            yield Finding(name, True, _("the bot may write there"))
