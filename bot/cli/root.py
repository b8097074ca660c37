"""The program's name, version and list of commands."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from bot import __version__
from bot.cli import admin, forget, inspect, load, query, replay, run
from bot.cli.init import init
from bot.cli.output import ExitCode, aside, page
from bot.config_faults import holds_token, where_tokens_go
from digests.i18n import _

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

THE_BOT, THE_NEWS, THE_HOUSE = "The bot", "The news", "Keeping it running"

app.command(rich_help_panel=THE_BOT)(init)
app.command(rich_help_panel=THE_BOT)(run.run)
app.command(rich_help_panel=THE_BOT)(run.sandbox)
app.command(rich_help_panel=THE_NEWS)(load.load)
app.command(rich_help_panel=THE_NEWS)(inspect.inspect)
# A query may begin with a minus and is not an option then, not even `-h…`.
MINUS = {"ignore_unknown_options": True, "help_option_names": ["--help"]}
app.command(rich_help_panel=THE_NEWS, context_settings=MINUS)(query.search)
app.command(rich_help_panel=THE_NEWS)(query.preview)
app.command(rich_help_panel=THE_NEWS)(replay.replay)
app.command(rich_help_panel=THE_HOUSE)(admin.doctor)
app.command(rich_help_panel=THE_HOUSE)(admin.backup)
app.command(rich_help_panel=THE_HOUSE)(admin.restore)
app.command("export", rich_help_panel=THE_HOUSE)(admin.export_subscriptions)
app.command("import", rich_help_panel=THE_HOUSE)(admin.import_subscriptions)
app.command(rich_help_panel=THE_HOUSE)(forget.forget)


def _print_version(wanted: bool) -> None:
    if wanted:
        page().print(f"broadsheet {__version__}")
        raise typer.Exit


@app.callback()
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
        aside().print(_("broadsheet: a token is no part of a command: {advice}.").format(advice=where_tokens_go()))
        sys.exit(ExitCode.USAGE)
    app()
