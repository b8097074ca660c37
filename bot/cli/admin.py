"""`broadsheet doctor`, `backup`, `restore`, `export` and `import`."""

from __future__ import annotations

import asyncio
import sys
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.output import AsJson, ConfigFile, ExitCode, print_json, run, settings_of, stderr_console, stdout_console
from bot.settings import Settings
from bot.wiring import State, now
from digests.editions import zone
from digests.errors import InvalidInput
from digests.i18n import _
from digests.service.exchange_document import MOST_CHARS
from digests.store import backup as backups

if TYPE_CHECKING:
    from bot.doctor import Finding


def doctor(
    repair: Annotated[bool, typer.Option("--repair", help="Rebuild a search index that is out of sync.")] = False,
    json: AsJson = False,
    config: ConfigFile = None,
) -> None:
    """Check configuration, folders, databases, token and permissions; say what is wrong and what to do."""
    run(_doctor(settings_of(config, json=json), config, repair=repair, json=json), json=json)


async def _doctor(settings: Settings, file: Path | None, *, repair: bool, json: bool) -> ExitCode:
    from rich.text import Text

    from bot.doctor import examine  # imported here: the other commands need no discord.py

    findings: list[Finding] = []
    console = stdout_console()
    async with aclosing(examine(settings, file=file, repair=repair)) as found:
        async for finding in found:
            findings.append(finding)
            if not json:
                mark = Text(" ✓ ", "bold green") if finding.passed else Text(" ✗ ", "bold red")
                console.print(mark, Text(finding.name, "bold"), Text(finding.detail), soft_wrap=True)
                if not finding.passed and finding.advice:
                    console.print(Text(f"     → {finding.advice}", "yellow"), soft_wrap=True)
    passed = all(finding.passed for finding in findings)
    if json:
        checks = [
            {"name": f.name, "ok": f.passed, "detail": f.detail, "advice": None if f.passed else f.advice or None}
            for f in findings
        ]
        print_json({"ok": passed, "checks": checks})
    return ExitCode.DONE if passed else ExitCode.PROBLEMS


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The backup to write.")],
    json: AsJson = False,
    config: ConfigFile = None,
) -> None:
    """Save state.db (subscriptions, outbox, what was delivered) to a file; the bot may be running."""
    run(_backup(settings_of(config, json=json), file, json=json), json=json)


async def _backup(settings: Settings, file: Path, *, json: bool) -> ExitCode:
    if not settings.state_path.exists():
        # Nothing was ever subscribed here, so the backup is of an empty state.db.
        async with State.open(settings):
            pass
    size = await asyncio.to_thread(backups.backup, settings.state_path, file)
    if json:
        print_json({"file": str(file), "bytes": size})
    stderr_console().print(_("Saved to {file}, {size:,} bytes").format(file=file, size=size), markup=False)
    return ExitCode.DONE


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup made by `broadsheet backup`.")],
    json: AsJson = False,
    config: ConfigFile = None,
) -> None:
    """Replace state.db with a backup; the bot must not be running. The old file is kept next to it."""
    run(_restore(settings_of(config, json=json), file, json=json), json=json)


async def _restore(settings: Settings, file: Path, *, json: bool) -> ExitCode:
    kept = await backups.restore(file, settings.state_path, now(), check_zone=zone)
    if json:
        print_json({"file": str(file), "kept": None if kept is None else str(kept)})
    stderr_console().print(_("Restored {file}").format(file=file), markup=False)
    if kept is not None:
        stderr_console().print(_("The previous state is kept in {file}").format(file=kept), style="dim", markup=False)
    return ExitCode.DONE


def export_subscriptions(json: AsJson = False, config: ConfigFile = None) -> None:
    """Print all subscriptions as one JSON document, for `broadsheet import` here or elsewhere."""
    run(_export(settings_of(config, json=json)), json=json)


async def _export(settings: Settings) -> ExitCode:
    async with State.open(settings) as state:
        print_json(await state.exchange.export())
    return ExitCode.DONE


def import_subscriptions(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The output of `broadsheet export`; - for standard input.")
    ],
    force: Annotated[bool, typer.Option("--force", help="Let subscriptions move to another server or member.")] = False,
    json: AsJson = False,
    config: ConfigFile = None,
) -> None:
    """Import subscriptions from a document, all or none; existing ones are changed to what the document says."""
    run(_import(settings_of(config, json=json), file, force=force, json=json), json=json)


async def _import(settings: Settings, file: Path, *, force: bool, json: bool) -> ExitCode:
    try:
        text = sys.stdin.read(MOST_CHARS + 1) if str(file) == "-" else _text_of(file)
    except OSError as error:
        raise InvalidInput(_("{file} can't be read: {error}").format(file=file, error=error.strerror)) from error
    except UnicodeDecodeError as error:
        raise InvalidInput(_("{file} is not a JSON document: it is not UTF-8 text.").format(file=file)) from error
    async with State.open(settings) as state:
        report = await state.exchange.import_text(text, name=str(file), now=now(), force=force)
    counted = _("{new} new, {changed} changed, {unchanged} unchanged").format(
        new=report.new, changed=report.changed, unchanged=report.unchanged
    )
    if json:
        print_json({"new": report.new, "changed": report.changed, "unchanged": report.unchanged})
    stderr_console().print(counted)
    return ExitCode.DONE


def _text_of(file: Path) -> str:
    with file.open(encoding="utf-8") as stream:
        return stream.read(MOST_CHARS + 1)
