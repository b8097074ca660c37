"""Where the command line prints what, and the exit codes of failures.

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

# rich is imported only where something is printed: a bot that runs as a service never needs it.


class ExitCode(IntEnum):
    """The exit codes; part of the contract with scripts."""

    DONE = 0
    PROBLEMS = 1
    USAGE = 2
    FAILED = 3


ConfigFile = Annotated[
    Path | None,
    typer.Option(
        "--config", metavar="FILE", help="Configuration file; by default config.toml in this folder, if there is one."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output.")]

# Characters that JSON does not escape but a terminal may act on, or that no encoding can write.
_CONTROLS = re.compile(r"[\x7f-\x9f\ud800-\udfff]")
_USAGE_ERRORS = (ConfigurationError, InvalidInput, CorpusUnavailable, ForeignFile, TokenRefused)


def stdout_console() -> Console:
    """Return the console for standard output."""
    from rich.console import Console

    return Console(highlight=False)


def stderr_console() -> Console:
    """Return the console for standard error."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def print_json(document: object) -> None:
    """Print one JSON document on standard output, with everything escaped that a terminal would act on."""
    text = _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", jsonlib.dumps(document, ensure_ascii=False, indent=2))
    sys.stdout.write(text + "\n")


def settings_of(config: Path | None, *, json: bool = False) -> Settings:
    """Read the configuration, or exit with every fault named."""
    try:
        settings = load_settings(config)
    except ConfigurationError as error:
        fail(error, json=json)
    _start_logging(settings.ops.log_level)
    return settings


def run(work: Coroutine[Any, Any, ExitCode], *, json: bool = False) -> NoReturn:
    """Run a command and exit with its code; an expected error prints one sentence, not a traceback.

    With `json` the error is printed as a JSON document on standard output, for the program that reads it.
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
    message = visible(redacted(str(error)))
    if json:
        print_json({"error": message})
    stderr_console().print(f"broadsheet: {message}", style="bold red", markup=False, soft_wrap=True)
    code = ExitCode.USAGE if isinstance(error, _USAGE_ERRORS) else ExitCode.FAILED
    raise typer.Exit(code)


def _start_logging(level: str) -> None:
    if sys.stderr.isatty():
        from rich.logging import RichHandler

        handler: logging.Handler = RichHandler(console=stderr_console(), show_path=False, log_time_format="[%X]")
        handler.setFormatter(PlainLines("%(name)s: %(message)s"))
    else:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(PlainLines("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.addFilter(RepeatedLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # The libraries log every request at INFO; what an operator needs to know of it, our own modules log.
    for name in ("discord", "apscheduler", "aiosqlite", "watchfiles", "aiohttp", "asyncio"):
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))
