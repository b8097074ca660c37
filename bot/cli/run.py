"""`broadsheet run` and `broadsheet sandbox`: the bot on Discord, or with a stand-in for Discord."""

from __future__ import annotations

import asyncio
import logging
import signal
from pathlib import Path
from typing import Annotated

import typer

from bot import malloc
from bot.cli.output import ConfigFile, ExitCode, settings_of
from bot.cli.output import run as run_to_end
from bot.config import read_token
from bot.settings import Settings
from digests.errors import CorpusUnavailable
from digests.i18n import _

_log = logging.getLogger(__name__)


def run(
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Start even if state.db is lost, or belongs to another bot than corpus.db.")
    ] = False,
    config: ConfigFile = None,
) -> None:
    """Run the bot on Discord until it is stopped (Ctrl+C or SIGTERM; it then needs up to ten seconds).

    Needs a token in DISCORD_TOKEN or in the file that discord.token_file names. Editions that came due while it was
    down are made up for, and deliveries that were interrupted are finished: each exactly once.
    """
    malloc.keep_together()
    run_to_end(_run(settings_of(config), fresh=fresh))


async def _run(settings: Settings, *, fresh: bool = False) -> ExitCode:
    token = read_token(settings)
    for folder in settings.corpus.folders:
        if not folder.is_dir():
            if settings.corpus_path.exists():
                # Articles loaded before can still be served: an unmounted disk must not silence the bot.
                _log.error("Corpus folder %s does not exist; the articles loaded from it before are kept", folder)
                continue
            raise CorpusUnavailable(
                _("The corpus folder {folder} does not exist. Create it, or change corpus.folders.").format(
                    folder=folder
                )
            )
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    stopping = asyncio.create_task(stop.wait())
    starting = asyncio.create_task(_run_until_stopped(settings, token, fresh=fresh))
    try:
        await asyncio.wait((stopping, starting), return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            await starting
        _log.info("Stopping")
        return ExitCode.DONE
    finally:
        stopping.cancel()
        if not starting.done():
            starting.cancel()
            await asyncio.wait((starting,))
            error = None if starting.cancelled() else starting.exception()
            if error is not None:
                _log.error("Stopping failed", exc_info=error)


async def _run_until_stopped(settings: Settings, token: str, *, fresh: bool) -> None:
    from bot.app import App  # imported here: the other commands need no discord.py

    async with App.start(settings, token, fresh=fresh) as program:
        _log.info("Running as %s", program.client.user)
        await program.wait()


def sandbox(
    once: Annotated[bool, typer.Option("--once", help="Deliver one digest, print it as text, and exit.")] = False,
    port: Annotated[
        int, typer.Option(metavar="N", min=0, max=65535, help="Port of the page; 0 picks a free one.")
    ] = 8420,
    folder: Annotated[
        list[Path] | None, typer.Option(metavar="FOLDER", help="A folder of articles; by default the sample corpus.")
    ] = None,
    date: Annotated[
        str | None, typer.Option(metavar="D", help="The day to begin on; by default one with news.")
    ] = None,
    config: ConfigFile = None,
) -> None:
    """Try the real bot on this machine, with a stand-in for Discord. No token, no account, no network.

    Opens a page that looks and works like a Discord channel: type /, pick a command, press buttons, move the clock.
    Everything is kept in a temporary folder.
    """
    from bot.cli.sandbox import try_out  # imported here: `run` needs no stand-in

    settings = settings_of(config)
    run_to_end(
        try_out(settings, folders=tuple(folder or ()), on=date, port=port, once=once, configured=config is not None)
    )
