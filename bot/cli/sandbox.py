"""`broadsheet sandbox`: the real bot with the stand-in for Discord, on a clock that is moved by hand.

With the sample corpus, articles arrive as the clock moves: its recorded history is replayed.
"""

from __future__ import annotations

import asyncio
import logging
import re
import tempfile
import time as system_time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.text import Text

from bot.app import App
from bot.bundled import find_bundled
from bot.cli.output import ExitCode, stderr_console, stdout_console
from bot.render.layout import CONTAINER, SEPARATOR, TEXT_DISPLAY
from bot.settings import Settings
from bot.wiring import News, now
from digests.editions import next_due, resolve
from digests.errors import CorpusUnavailable, NotFound
from digests.history import Revision, apply, read_history
from digests.i18n import _, ngettext
from digests.models import Cadence
from digests.typed.options import parse_day
from sandbox import Channel, Guild, Member, Message, Sandbox, page
from sandbox.html import View, plain_text

SAMPLE_TOPICS = {"Harbours & Shipping": "🚢", "Clean Energy": "⚡", "Machine Learning": "🤖"}
DISCUSSED_URL = (
    "https://www.harbourledger.example/2026/03/02/tidewright-docks-the-marguerite-dole-with-the-pilot-ashore/"
)
SAMPLE_DAY = date(2026, 3, 11)
"""The edition after the fullest day of the sample corpus."""
EARLY = timedelta(minutes=2)
"""The sandbox opens this long before an edition is due, so that you can watch it arrive."""
BOT_PERMISSIONS = ("view_channel", "send_messages", "send_messages_in_threads", "read_message_history", "connect")
DELIVERY_TIMEOUT_S = 30.0
_PICTURE_NAME = re.compile(r"/([\w-]+)-\d{3,4}\.\w+\Z")


class Clock:
    """The sandbox's clock: runs at normal speed from whatever moment it was set to."""

    def __init__(self) -> None:
        self._ahead_s = 0.0

    def __call__(self) -> datetime:
        """Return the present moment, aware UTC, without microseconds."""
        return datetime.fromtimestamp(int(self.seconds()), UTC)

    def seconds(self) -> float:
        """Return Unix seconds."""
        return system_time.time() + self._ahead_s

    def set(self, moment: datetime) -> None:
        """Set the clock to `moment`."""
        self._ahead_s = moment.timestamp() - system_time.time()


@dataclass(slots=True)
class _ArticleSource:
    """Where articles come from: folders as they are, or a recorded history that arrives as time passes."""

    folders: tuple[Path, ...]
    revisions: list[Revision]
    pictures: Path | None = None

    def picture(self, url: str) -> Path | None:
        """Return the bundled picture for an address of the sample corpus, which exists nowhere on the web."""
        found = _PICTURE_NAME.search(url)
        file = self.pictures / f"{found[1]}.svg" if found and self.pictures is not None else None
        return file if file is not None and file.is_file() else None

    def arrive(self, moment: datetime) -> bool:
        """Write the next revision to the folder if it is due by `moment`; return whether there was one."""
        if not self.revisions or self.revisions[0].at > moment:
            return False
        apply(self.revisions.pop(0), self.folders[0])
        return True


@dataclass(frozen=True, slots=True)
class _SandboxServer:
    """The server in the sandbox, with its channels and members."""

    guild: Guild
    paper: Channel
    admin: Member


async def try_out(
    settings: Settings, *, folders: Sequence[Path], on: str | None, port: int, once: bool, configured: bool
) -> ExitCode:
    """Run the sandbox until it is interrupted, or until one digest has arrived.

    Args:
        settings: The configuration; its folders count only when `configured`.
        folders: Folders to use instead of the sample corpus.
        on: The day to begin on; None for one with news.
        port: Port of the page; 0 picks a free one.
        once: Deliver one digest, print it and return.
        configured: Whether a configuration file was named.

    Raises:
        CorpusUnavailable: There is no sample corpus here, and no folder was named.
        NotFound: The folders contain nothing that could be delivered.
    """
    if once:
        logging.getLogger().setLevel(logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="broadsheet-sandbox-") as name:
        folder = Path(name)
        source = _open_source(folder, tuple(folders) or (settings.corpus.folders if configured else ()))
        settings = settings.model_copy(
            update={
                "data_dir": folder / "data",
                "corpus": settings.corpus.model_copy(update={"folders": source.folders, "git": False}),
            }
        )
        if source.pictures is not None and not settings.topics:
            settings = settings.model_copy(update={"topics": SAMPLE_TOPICS})
        clock = Clock()
        day = parse_day(on, now(), settings.digest.timezone) if on is not None else None
        due_at = await _load_first_day(settings, source, clock, day)
        async with Sandbox.start(0 if once else port, clock=clock.seconds) as sandbox:
            server = _set_up_server(sandbox, with_talk=source.pictures is not None)
            settings = settings.model_copy(
                update={
                    "discord": settings.discord.model_copy(update={"api_base_url": sandbox.api_base_url}),
                    "admin": settings.admin.model_copy(update={"guild_ids": (server.guild.id,)}),
                }
            )
            async with _RunningSandbox.open(settings, sandbox, source, clock, server) as running:
                if once:
                    return await _deliver_one(running, due_at)
                page.mount(sandbox, running, source.picture if source.pictures is not None else None)
                _welcome(sandbox, due_at)
                await running.program.wait()
    return ExitCode.DONE


class _RunningSandbox:
    """Bot, stand-in and clock together; the clock buttons of the page act on it."""

    def __init__(
        self, program: App, sandbox: Sandbox, source: _ArticleSource, clock: Clock, server: _SandboxServer
    ) -> None:
        self.program = program
        self.sandbox = sandbox
        self.server = server
        self._source = source
        self._clock = clock
        self._moving = asyncio.Lock()

    @classmethod
    @asynccontextmanager
    async def open(
        cls, settings: Settings, sandbox: Sandbox, source: _ArticleSource, clock: Clock, server: _SandboxServer
    ) -> AsyncIterator[_RunningSandbox]:
        async with App.start(settings, sandbox.token, clock) as program:
            await sandbox.wait_ready()
            await asyncio.wait_for(program.client.wait_until_ready(), DELIVERY_TIMEOUT_S)
            running = cls(program, sandbox, source, clock, server)
            await running.subscribe(settings)
            yield running

    async def subscribe(self, settings: Settings) -> None:
        """Subscribe the channel for the paper, as an admin would."""
        await self.sandbox.invoke(
            "digest subscribe",
            {"time": settings.digest.time, "timezone": settings.digest.timezone},
            member=self.server.admin,
            channel=self.server.paper,
        )

    def now(self) -> datetime:
        """Return the bot's time."""
        return self._clock()

    async def next_due(self) -> datetime | None:
        """Return when the next edition is due."""
        return await self.program.next_due_at()

    async def advance(self, hours: float) -> None:
        """Move the clock forward; articles arrive and editions go out along the way, each at its time."""
        await self.move_to(self._clock() + timedelta(hours=hours))

    async def move_to(self, moment: datetime) -> None:
        """Move the clock to `moment`, stopping wherever something happens."""
        async with self._moving:
            while True:
                due_at = await self.program.next_due_at()
                stops = [moment, *(r.at for r in self._source.revisions[:1])]
                if due_at is not None:
                    stops.append(due_at + timedelta(seconds=2))
                stop = max(min(stops), self._clock())
                self._clock.set(stop)
                while self._source.arrive(stop):
                    await self.program.reload()
                await self.program.schedule.tick()
                await self.program.wait_until_delivered(DELIVERY_TIMEOUT_S)
                if stop >= moment:
                    return


def _open_source(folder: Path, folders: tuple[Path, ...]) -> _ArticleSource:
    if folders:
        missing = [str(path) for path in folders if not path.is_dir()]
        if missing:
            raise CorpusUnavailable(_("There is no folder {folder}.").format(folder=", ".join(missing)))
        return _ArticleSource(tuple(path.resolve() for path in folders), [])
    sample = find_bundled("sample")
    if sample is None:
        raise CorpusUnavailable(
            _("The sample corpus is not here. Name a folder of articles: broadsheet sandbox --folder FOLDER")
        )
    articles = folder / "articles"
    articles.mkdir()
    return _ArticleSource((articles,), list(read_history(sample / "history.jsonl")), sample / "pictures")


async def _load_first_day(settings: Settings, source: _ArticleSource, clock: Clock, day: date | None) -> datetime:
    """Load the articles up to the first day of the sandbox, and set the clock shortly before that day's edition."""
    digest = settings.digest
    cadence = Cadence(digest.times, timezone=digest.timezone)
    async with News.open(settings, clock) as news:
        if source.revisions:
            due_at = resolve(day or SAMPLE_DAY, cadence.times[0], digest.timezone)
            opens_at = due_at - EARLY
            while source.revisions and source.revisions[0].at <= opens_at:
                clock.set(source.revisions[0].at)
                source.arrive(source.revisions[0].at)
                await news.corpus.load(now=clock(), force=True)
        else:
            await news.corpus.load(now=clock(), force=True)
            newest_at = await news.articles.newest_published_at()
            if newest_at is None and day is None:
                raise NotFound(_("There is nothing to deliver: no article here has a date and is published."))
            if day is not None:
                due_at = resolve(day, cadence.times[0], digest.timezone)
            else:
                assert newest_at is not None
                due_at = next_due(cadence, newest_at - timedelta(seconds=1))[0]
    clock.set(due_at - EARLY)
    return due_at


def _set_up_server(sandbox: Sandbox, *, with_talk: bool) -> _SandboxServer:
    """Create a server with the bot and one without it; `with_talk` adds messages about the sample corpus."""
    owner = sandbox.add_user("Ada")
    guild = sandbox.add_guild("The Reading Room", owner=owner, bot_permissions=BOT_PERMISSIONS)
    paper = sandbox.add_channel(guild, "daily-paper", topic="The news of the coast, every morning at eight")
    sandbox.add_channel(guild, "front-page", "announcement")
    sandbox.add_channel(guild, "archive", "forum", tags=("Harbours & Shipping", "Clean Energy", "Machine Learning"))
    tea_room = sandbox.add_channel(guild, "tea-room")
    sandbox.add_role(guild, "Early Readers", mentionable=True)
    robin = sandbox.add_member(guild, "Robin")
    # A user-installed app also works where the bot is not: in a server that never invited it, and in direct messages.
    choir = sandbox.add_guild("Shanty Choir", owner=robin.user, with_bot=False)
    rehearsals = sandbox.add_channel(choir, "rehearsals", topic="Thursdays at seven, in the net loft")
    sandbox.add_member(choir, owner)
    private = sandbox.open_private_channel(owner, robin)
    if with_talk:
        sandbox.say(tea_room, robin, f"Did anybody see this? {DISCUSSED_URL}")
        sandbox.say(rehearsals, robin, f"Our harbour is in the papers: {DISCUSSED_URL}")
        sandbox.say(private, robin, f"{DISCUSSED_URL} - worth a read?")
    return _SandboxServer(guild, paper, guild.members[owner.id])


async def _deliver_one(running: _RunningSandbox, due_at: datetime) -> ExitCode:
    await running.move_to(due_at + timedelta(seconds=2))
    messages = running.sandbox.messages(running.server.paper)
    if not messages:
        raise NotFound(_("No digest arrived: there is no news for {day}.").format(day=due_at.date()))
    status = await running.program.news.corpus.status()
    summary = (
        ngettext("{count} article loaded", "{count} articles loaded", status.article_count).format(
            count=status.article_count
        ),
        ngettext("{count} problem", "{count} problems", status.problem_count).format(count=status.problem_count),
        ngettext(
            "{count} message delivered to #{channel}", "{count} messages delivered to #{channel}", len(messages)
        ).format(count=len(messages), channel=running.server.paper.name),
    )
    stderr_console().print(" · ".join(summary), style="dim", soft_wrap=True)
    console = stdout_console()
    view = View(now=running.now(), timezone=UTC)
    for message in messages:
        _print_message(console, message, view)
    stderr_console().print(_("`broadsheet sandbox` without --once shows it as a web page (make sandbox)."), style="dim")
    return ExitCode.DONE


def _print_message(console: Console, message: Message, view: View) -> None:
    """Print a message as it reads in Discord: headings, lists, small print, links as their text."""
    for part in message.walk():
        if part["type"] == SEPARATOR or (part["type"] in (CONTAINER, TEXT_DISPLAY) and part in message.components):
            console.print()
        for line in part.get("content", "").splitlines():
            text = plain_text(line, view)
            style = "bold" if line.startswith(("# ", "## ", "### ", "**")) else "dim" if line.startswith("-# ") else ""
            shown = Text(f"  • {text}" if line.startswith("- ") else text, style)
            console.print(shown, soft_wrap=not console.is_terminal)
    for button in message.buttons:
        console.print(Text(f"[{button.get('label', '')}]", "dim"))
    console.print()


def _welcome(sandbox: Sandbox, due_at: datetime) -> None:
    console = stderr_console()
    console.print(_("The sandbox is open: {url}").format(url=sandbox.base_url + "/"), style="bold", soft_wrap=True)
    console.print(
        _("It is {day} there, two minutes before the paper is due. Type / for commands; Ctrl+C ends it.").format(
            day=due_at.date()
        ),
        style="dim",
        soft_wrap=True,
    )
