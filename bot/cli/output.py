"""What the command line prints where, and which exit code a failure gets.

Documents go to standard output; logs, progress and errors to standard error.
"""

from __future__ import annotations

import asyncio
import json as jsonlib
import logging
import re
import sys
from collections.abc import Coroutine
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from bot.config import ConfigurationError, load_settings
from bot.config_faults import redacted
from bot.log_format import PlainLines, visible
from bot.log_limit import RepeatedLines
from bot.settings import Settings
from bot.startup_errors import TokenRefused
from digests.errors import BroadsheetError, CorpusUnavailable, ForeignFile, InvalidInput

if TYPE_CHECKING:
    from rich.console import Console

# rich is imported by what prints: a bot that runs as a service has no terminal, and need not hold it.


class ExitCode(IntEnum):
    """PRODUCT: what the exit code of a command says."""

    DONE = 0
    PROBLEMS = 1
    USAGE = 2
    FAILED = 3


ConfigFile = Annotated[
    Path | None,
    typer.Option(
        "--config", metavar="FILE", help="Configuration file; without it config.toml in this folder, if there is one."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output.")]

# What JSON lets stand as it is and a terminal may take for a command, or no encoding can write.
_CONTROLS = re.compile(r"[\x7f-\x9f\ud800-\udfff]")
_USAGE_ERRORS = (ConfigurationError, InvalidInput, CorpusUnavailable, ForeignFile, TokenRefused)


def page() -> Console:
    """Return the console for standard output."""
    from rich.console import Console

    return Console(highlight=False)


def aside() -> Console:
    """Return the console for standard error."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def print_json(document: object) -> None:
    """Print one JSON document on standard output; a terminal acts on nothing in it."""
    text = _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", jsonlib.dumps(document, ensure_ascii=False, indent=2))
    sys.stdout.write(text + "\n")


def settings_of(config: Path | None, *, json: bool = False) -> Settings:
    """Read the configuration, or end the program with every fault named."""
    try:
        settings = load_settings(config)
    except ConfigurationError as error:
        fail(error, json=json)
    _start_logging(settings.ops.log_level)
    return settings


def run(work: Coroutine[Any, Any, ExitCode], *, json: bool = False) -> NoReturn:
    """Run a command to its end and exit with its code; an expected error is one sentence, not a traceback.

    With `json` a program reads standard output: the error is a document there as well.
    """
    try:
        code = asyncio.run(work)
    except BroadsheetError as error:
        fail(error, json=json)
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    raise typer.Exit(code)


def fail(error: BroadsheetError, *, json: bool = False) -> NoReturn:
    """Print an error's sentence and exit."""
    said = visible(redacted(str(error)))
    if json:
        print_json({"error": said})
    aside().print(f"broadsheet: {said}", style="bold red", markup=False, soft_wrap=True)
    code = ExitCode.USAGE if isinstance(error, _USAGE_ERRORS) else ExitCode.FAILED
    raise typer.Exit(code)


def _start_logging(level: str) -> None:
    if sys.stderr.isatty():
        from rich.logging import RichHandler

        handler: logging.Handler = RichHandler(console=aside(), show_path=False, log_time_format="[%X]")
        handler.setFormatter(PlainLines("%(name)s: %(message)s"))
    else:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(PlainLines("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.addFilter(RepeatedLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # The libraries tell of every request at INFO; what an operator needs of it, our own rooms say.
    for name in ("discord", "apscheduler", "aiosqlite", "watchfiles", "aiohttp", "asyncio"):
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))
