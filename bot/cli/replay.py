"""`broadsheet replay`: months of editions in minutes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.output import AsJson, ConfigFile, run, settings_of


def replay(
    history: Annotated[Path, typer.Argument(metavar="HISTORY", help="A record of revisions, .jsonl or .jsonl.xz.")],
    timezone: Annotated[str | None, typer.Option(metavar="Z", help="IANA time zone of the editions.")] = None,
    at: Annotated[str | None, typer.Option("--time", metavar="HH:MM", help="Local time of the editions.")] = None,
    json: AsJson = False,
    config: ConfigFile = None,
) -> None:
    """Replay a recorded corpus history, one edition a day, with the code of the running bot.

    Every article that was ever eligible to lead gets exactly one outcome: lead, in a round-up, left out by a limit,
    or dropped with a reason. Works in a temporary folder and leaves your databases alone.
    """
    from bot.cli.replay_history import run_replay  # imported here: other commands don't replay anything

    settings = settings_of(config, json=json)
    run(
        run_replay(settings, history, timezone, at or settings.digest.times[0].strftime("%H:%M"), json=json),
        json=json,
    )
