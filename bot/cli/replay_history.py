"""Replays a recorded history for `broadsheet replay`, and reports what became of every article."""

from __future__ import annotations

import json as jsonlib
import logging
import sys
import tempfile
from datetime import date, time
from pathlib import Path
from typing import IO, Any

from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from bot.cli.output import ExitCode, stderr_console, stdout_console
from bot.render.jsonable import digest_json
from bot.render.wording import drop_reason
from bot.settings import Settings
from bot.wiring import now
from digests.errors import InvalidInput
from digests.i18n import _, ngettext
from digests.models import Cadence, Digest
from digests.service.replay import Ledger, Outcome, replay
from digests.typed.timezones import parse_timezone

_EDITION_KEYS = ("date", "sections", "left_out_count")


async def run_replay(settings: Settings, history: Path, typed_timezone: str | None, at: str, *, json: bool) -> ExitCode:
    moment = _time(at)
    timezone = settings.digest.timezone if typed_timezone is None else parse_timezone(typed_timezone, now())
    # Otherwise each edition would log a line.
    logging.getLogger("digests").setLevel(logging.WARNING)
    with tempfile.TemporaryFile("w+", encoding="utf-8", prefix="broadsheet-") as spool:
        # Years of editions may not fit into memory.
        editions = _Editions(spool)
        with Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=stderr_console(),
            transient=True,
        ) as bar:
            task = bar.add_task(_("Replaying the history"))

            def advance(done: int) -> None:
                text = ngettext("Revision {done}, {count} edition", "Revision {done}, {count} editions", editions.count)
                bar.update(task, description=text.format(done=done, count=editions.count))

            ledger = await replay(
                history,
                cadence=Cadence((moment,), timezone=timezone),
                policy=settings.digest.policy(),
                on_edition=editions.add,
                progress=advance,
            )
        if json:
            editions.print_with(_totals(ledger))
        else:
            _print_summary(ledger, editions)
    return ExitCode.DONE


class _Editions:
    """The editions made so far: on disk as JSON, with the numbers that the summary needs."""

    def __init__(self, spool: IO[str]) -> None:
        self._spool = spool
        self.count = 0
        self.quiet_count = 0
        self.story_count = 0
        self.first: date | None = None
        self.last: date | None = None

    def add(self, day: date, digest: Digest) -> None:
        document = digest_json(digest)
        self._spool.write(jsonlib.dumps({key: document[key] for key in _EDITION_KEYS}, ensure_ascii=False) + "\n")
        self.count += 1
        self.quiet_count += not digest.story_count
        self.story_count += digest.story_count
        self.first = self.first or day
        self.last = day

    def print_with(self, totals: dict[str, Any]) -> None:
        """Print the whole document without ever holding it in memory."""
        self._spool.seek(0)
        sys.stdout.write('{\n"editions": [')
        for number, line in enumerate(self._spool):
            sys.stdout.write((",\n" if number else "\n") + line.rstrip("\n"))
        sys.stdout.write("\n],\n" + jsonlib.dumps(totals, ensure_ascii=False, indent=0).removeprefix("{\n") + "\n")


def _totals(ledger: Ledger) -> dict[str, Any]:
    counts = ledger.count()
    return {
        "eligible": len(ledger.arrivals),
        "leads": counts[Outcome.LEAD],
        "in_roundups": counts[Outcome.IN_ROUNDUP],
        "left_out": counts[Outcome.LEFT_OUT],
        "dropped": counts[Outcome.DROPPED],
        "updates": ledger.updates,
        "repeated": ledger.repeated,
        "unaccounted": counts[Outcome.NONE],
    }


def _print_summary(ledger: Ledger, editions: _Editions) -> None:
    console = stdout_console()
    editions_text = ngettext(
        "{count} edition, on {first} (quiet: {quiet})",
        "{count} editions from {first} to {last} (quiet: {quiet})",
        editions.count,
    ).format(count=editions.count, first=editions.first, last=editions.last, quiet=editions.quiet_count)
    delivered_text = ngettext(
        "{count} story delivered (updates: {updates})",
        "{count} stories delivered (updates: {updates})",
        editions.story_count,
    ).format(count=editions.story_count, updates=ledger.updates)
    console.print(f"{editions_text}; {delivered_text}", soft_wrap=True)

    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(justify="right", style="bold")
    table.add_column()
    counts = ledger.count()
    eligible, dropped, open_count = len(ledger.arrivals), counts[Outcome.DROPPED], counts[Outcome.NONE]
    left_out, repeated = counts[Outcome.LEFT_OUT], ledger.repeated
    for count, text in (
        (
            eligible,
            ngettext("address was eligible to lead; of these", "addresses were eligible to lead; of these", eligible),
        ),
        (counts[Outcome.LEAD], _("led a story")),
        (counts[Outcome.IN_ROUNDUP], _("appeared in a round-up")),
        (left_out, ngettext("was left out by a limit", "were left out by a limit", left_out)),
        (dropped, ngettext("was dropped:", "were dropped:", dropped) if dropped else _("were dropped")),
        *((None, f"{count} {drop_reason(reason)}") for reason, count in ledger.drop_reasons().most_common()),
        (
            repeated,
            ngettext(
                "was delivered again without being an update", "were delivered again without being an update", repeated
            ),
        ),
        (open_count, ngettext("is unaccounted for", "are unaccounted for", open_count)),
    ):
        table.add_row("" if count is None else str(count), text, style="dim" if count is None else None)
    console.print(table)


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError as error:
        raise InvalidInput(_("“{text}” is not a time. Type one such as 08:00.").format(text=text)) from error
