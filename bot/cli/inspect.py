"""`broadsheet inspect`: shows what each file was read as, and where each field came from."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.output import AsJson, ConfigFile, ExitCode, fail, print_json, settings_of, stdout_console
from bot.render.jsonable import article_json, problem_json
from bot.render.markdown import plain
from bot.settings import Settings
from bot.wiring import now
from digests.errors import BroadsheetError
from digests.i18n import _
from digests.ingest.inspecting import Inspected, inspect_path
from digests.ingest.pool import WorkerPool

FIELDS = ("title", "published_at", "url", "excerpt", "topics", "provider", "image")


def inspect(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files or folders.")],
    json: AsJson = False,
    config: ConfigFile = None,
) -> None:
    """Show how each file is read and where each field comes from, without loading anything.

    For a file that is left out, such as a draft or a template, it says why. Exit code 1 means a file could not be read.
    """
    settings = settings_of(config, json=json)
    try:
        found = asyncio.run(_inspected(paths, settings, show=not json))
    except BroadsheetError as error:
        fail(error, json=json)
    if json:
        print_json([inspected_json(one) for one in found])
    rejected = any(problem.rejected for one in found for problem in one.problems)
    raise typer.Exit(ExitCode.PROBLEMS if rejected else ExitCode.DONE)


async def _inspected(paths: Sequence[Path], settings: Settings, *, show: bool) -> list[Inspected]:
    found: list[Inspected] = []
    sources, own, moment = settings.corpus.known_sources, settings.own_files, now()
    corpus = settings.corpus
    limits = {"max_bytes": corpus.max_file_kib * 1024, "max_feed_bytes": corpus.max_feed_kib * 1024}
    async with WorkerPool(**limits, keep_s=60) as pool:
        for path in paths:
            async for one in inspect_path(path, sources, pool, protected=own, now=moment):
                found.append(one)
                if show:
                    _show(one)
    return found


def inspected_json(one: Inspected) -> dict[str, Any]:
    """Return one file as `--json` prints it; `from` has a key for each field that the article has."""
    article = article_json(one.article) if one.article is not None else None
    if article is not None:
        article["path"] = one.path
    return {
        "path": one.path,
        "article": article,
        "from": {field: where for field, where in one.sources if field in FIELDS},
        "problems": [problem_json(problem) for problem in one.problems],
    }


def _show(one: Inspected) -> None:
    from rich.markup import escape
    from rich.padding import Padding
    from rich.table import Table

    out = stdout_console()
    out.print(f"\n[bold]{escape(plain(one.path))}[/bold]")
    if one.article is not None:
        known = inspected_json(one)
        grid = Table.grid(padding=(0, 1))
        grid.add_column(width=12)
        grid.add_column(overflow="fold")
        for field in FIELDS:
            value = known["article"][field]
            text = plain(_text(value))
            where = known["from"].get(field, "")
            source = f"  [dim]← {escape(plain(where))}[/dim]" if where and text else ""
            grid.add_row(field, (escape(text[:200]) if text else "–") + source)
        out.print(Padding(grid, (0, 0, 0, 2), expand=False))
    for problem in one.problems:
        where = f"{_('line')} {problem.line}: " if problem.line else ""
        out.print(Padding(f"[yellow]! {escape(plain(where + problem.reason))}[/yellow]", (0, 0, 0, 2), expand=False))


def _text(value: object) -> str:
    if isinstance(value, dict):
        return " · ".join(str(part) for part in value.values() if part)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
