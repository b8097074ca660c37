"""`broadsheet load`: folders of articles into the database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.output import AsJson, ConfigFile, ExitCode, print_json, run, settings_of, stderr_console, stdout_console
from bot.render.jsonable import report_json
from bot.settings import Settings
from bot.wiring import now, open_corpus
from digests.errors import ReloadRefused
from digests.i18n import _
from digests.models import LoadReport, Problem
from digests.service.corpus import CorpusService
from digests.store.pairing import check_pair

Advance = Callable[[int, int], None]


def load(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FOLDER]...", help="Folders to load; by default those in the configuration."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Load even if that removes more than half of the corpus.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Keep running, and load again whenever a file changes.")
    ] = False,
    json: AsJson = False,
    config: ConfigFile = None,
) -> None:
    """Load articles into the database. Unchanged files are not read again; a broken file doesn't affect the others.

    Prints what was new, changed, removed or rejected, and every problem with file, line and reason.
    Exit code 1 means there were problems.
    """
    settings = settings_of(config, json=json)
    chosen = tuple(folder.resolve() for folder in folders) if folders else None
    run(_load(settings, chosen, force=force, watch=watch, json=json), json=json)


async def _load(
    settings: Settings, folders: tuple[Path, ...] | None, *, force: bool, watch: bool, json: bool
) -> ExitCode:
    # A load copies arrivals from corpus.db to state.db.
    await asyncio.to_thread(check_pair, settings.corpus_path, settings.state_path, fresh=False)
    async with open_corpus(settings) as corpus:
        try:
            with _progress() as advance:
                report = await corpus.load(now=now(), folders=folders, force=force, progress=advance)
        except ReloadRefused as refusal:
            if not json:
                raise
            print_json(report_json(LoadReport(0, 0, 0, 0, 0, (Problem("", None, str(refusal)),), 0.0)))
            return ExitCode.FAILED
        _show(report, json=json)
        if watch:
            await _watch(corpus, folders, report.problems, json=json)
    return ExitCode.PROBLEMS if report.problems else ExitCode.DONE


async def _watch(
    corpus: CorpusService, folders: tuple[Path, ...] | None, shown: tuple[Problem, ...], *, json: bool
) -> None:
    stderr_console().print(_("Watching for changes; Ctrl+C ends it."), style="dim")

    async def apply() -> None:
        nonlocal shown
        report = await corpus.load(now=now(), folders=folders)
        if report.new or report.changed or report.removed or report.problems != shown:
            _show(report, json=json)
        shown = report.problems

    await corpus.watch(asyncio.Event(), apply, folders=folders)


def _show(report: LoadReport, *, json: bool) -> None:
    if json:
        print_json(report_json(report))
    else:
        from bot.render.terminal import print_report

        print_report(stdout_console(), report)


@contextmanager
def _progress() -> Iterator[Advance]:
    """Show a progress bar on standard error during a longer load; nothing if that is not a terminal."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    console = stderr_console()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(_("Reading articles"), total=None)

        def advance(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield advance
