"""The program's name, version and list of commands."""

from __future__ import annotations

import errno
import gc
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from inspect import getdoc
from typing import Annotated, Any, Final

import typer

from bot import __version__
from bot.cli.output import ExitCode, stderr_console, stdout_console
from bot.config_faults import holds_token, where_tokens_go
from digests.i18n import _

_NO_OUTPUT: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EPIPE})
"""Standard output is a full disk, a terminal that is gone, or a pipe that nobody reads."""
THE_BOT, THE_NEWS, OPERATION = "The bot", "The news", "Keeping it running"


@dataclass(frozen=True, slots=True)
class _Command:
    """Where a command's function is; its module is imported when the command is run, or when all are listed."""

    panel: str
    module: str
    function: str
    context: dict[str, Any] = field(default_factory=dict)


COMMANDS: Final = {
    "init": _Command(THE_BOT, "init", "init"),
    "run": _Command(THE_BOT, "run", "run"),
    "sandbox": _Command(THE_BOT, "run", "sandbox"),
    "load": _Command(THE_NEWS, "load", "load"),
    "inspect": _Command(THE_NEWS, "inspect", "inspect"),
    # A query may begin with a minus and is not an option then, not even `-h…`.
    "search": _Command(THE_NEWS, "query", "search", {"ignore_unknown_options": True, "help_option_names": ["--help"]}),
    "preview": _Command(THE_NEWS, "query", "preview"),
    "replay": _Command(THE_NEWS, "replay", "replay"),
    "doctor": _Command(OPERATION, "admin", "doctor"),
    "backup": _Command(OPERATION, "admin", "backup"),
    "restore": _Command(OPERATION, "admin", "restore"),
    "export": _Command(OPERATION, "admin", "export_subscriptions"),
    "import": _Command(OPERATION, "admin", "import_subscriptions"),
    "forget": _Command(OPERATION, "forget", "forget"),
}


def make_app(only: str | None = None) -> typer.Typer:
    """Return the program.

    Args:
        only: The one of `COMMANDS` that will be run, so that no other's imports are waited for; None for all.
    """
    app = typer.Typer(
        name="broadsheet",
        help="Turns a folder of news articles into a daily paper for Discord.",
        epilog="Start with `broadsheet sandbox`: the real bot in a page on this machine, no token, no account.",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    for name, command in COMMANDS.items():
        if only is None or name == only:
            function = getattr(import_module(f"bot.cli.{command.module}"), command.function)
            app.command(
                name,
                help=_paragraphs(function),
                rich_help_panel=command.panel,
                context_settings=command.context or None,
            )(function)
    return app


def _paragraphs(function: Callable[..., object]) -> str:
    """Return a docstring with each paragraph on one line, as typer keeps line breaks within them."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in (getdoc(function) or "").split("\n\n"))


def _print_version(wanted: bool) -> None:
    if wanted:
        stdout_console().print(f"broadsheet {__version__}")
        raise typer.Exit


def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Turn a folder of news articles into a daily paper for Discord."""


def main() -> None:
    """Entry point of `broadsheet` and `python -m bot`."""
    if any(holds_token(word) and not os.path.exists(word) for word in sys.argv[1:]):  # noqa: PTH110
        # typer's own error would repeat the token.
        stderr_console().print(
            _("broadsheet: don't put the token into a command: {advice}.").format(advice=where_tokens_go())
        )
        sys.exit(ExitCode.USAGE)
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    try:
        try:
            make_app(word if word in COMMANDS else None)()
        finally:
            sys.stdout.flush()
    except KeyboardInterrupt:
        sys.exit(130)  # pressed while modules were imported; a command's own handling comes first
    except OSError as error:
        if error.errno not in _NO_OUTPUT:
            raise
        # The interpreter would try to write the rest of the buffer again as it ends, with a traceback.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if error.errno == errno.EPIPE:
            sys.exit(ExitCode.PROBLEMS)
        message = _("broadsheet: the output could not be written: {reason}.").format(reason=error.strerror)
        stderr_console().print(message, style="bold red", markup=False, soft_wrap=True)
        sys.exit(ExitCode.FAILED)
    finally:
        # Without this the interpreter collects garbage once more as it ends, which takes a tenth of a second.
        gc.freeze()
