"""`broadsheet init`: from a clone to a running bot without an editor."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tomllib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

import typer

from bot.bundled import find_bundled
from bot.cli.output import ExitCode, fail, run, settings_of, stderr_console, stdout_console
from bot.config import DEFAULT_FILE, ConfigurationError
from bot.settings import DISCORD_API
from digests.errors import BroadsheetError, InvalidInput
from digests.i18n import _
from digests.typed.options import parse_times
from digests.typed.timezones import parse_timezone

TOKEN_FILE: Final = "token.txt"  # noqa: S105 - a file name, not a token
_LONGEST_TOKEN: Final = 200
_API_VARIABLE: Final = "BROADSHEET_DISCORD__API_BASE_URL"
_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers, typed or given as options; None or empty if left out."""

    folder: Path
    url: str = ""
    name: str = ""
    timezone: str = "UTC"
    time: str = "08:00"
    guild_id: int | None = None
    token: str = ""


def init(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[FOLDER]", help="The folder of the articles, or of the site.")
    ] = None,
    url: Annotated[str | None, typer.Option(help="The site's address.")] = None,
    name: Annotated[str | None, typer.Option(help="The site's name.")] = None,
    timezone: Annotated[str | None, typer.Option(help="Default time zone of subscriptions, such as Berlin.")] = None,
    time: Annotated[str | None, typer.Option(help="Default time of digests, such as 08:00.")] = None,
    guild: Annotated[int | None, typer.Option(help="Id of your server; its administrators may use /corpus.")] = None,
    token_file: Annotated[
        Path | None, typer.Option(help="File with the bot's token; by default DISCORD_TOKEN, or you are asked.")
    ] = None,
    config: Annotated[Path, typer.Option("--config", metavar="FILE", help="The file to write.")] = DEFAULT_FILE,
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing configuration.")] = False,
    no_load: Annotated[bool, typer.Option("--no-load", help="Do not read the articles yet.")] = False,
) -> None:
    """Ask a few questions, write config.toml, load the articles and print the link that invites the bot.

    Without a terminal nothing is asked: give everything as options.
    """
    if config.exists() and not force:
        fail(InvalidInput(_("{file} exists already. --force overwrites it.").format(file=config)))
    try:
        answers = _answers(folder, url, name, timezone, time, guild, token_file)
    except BroadsheetError as error:
        fail(error)
    write_config(answers, config, token_file)
    stdout_console().print(_("Wrote {file}.").format(file=config))
    settings = settings_of(config)
    if not no_load:
        from bot.cli.load import load

        with suppress(typer.Exit):
            load(config=config)
    if answers.token:
        run(_print_link(answers.token, settings.discord.api_base_url))
    stdout_console().print(
        _("Next: put the bot's token into DISCORD_TOKEN and run broadsheet doctor: it prints the link.")
    )


def _answers(
    folder: Path | None,
    url: str | None,
    name: str | None,
    timezone: str | None,
    time: str | None,
    guild: int | None,
    token_file: Path | None,
) -> Answers:
    """Return the options, completed by questions if there is a terminal.

    Raises:
        InvalidInput: An option can't be used, or the folder is missing and there is no terminal to ask.
    """
    asks = sys.stdin.isatty()
    if folder is None and not asks:
        raise InvalidInput(_("Name the folder of articles: broadsheet init FOLDER."))
    questions = _Questions(asks=asks)
    found = questions.answer(
        None if folder is None else str(folder), _("Folder of the articles, or of the site"), "articles", _folder
    )
    address = _("Address of the site (leave empty if the site's own configuration has it)")
    return Answers(
        folder=found,
        url=questions.answer(url, address, "", _url),
        name=name or "",
        timezone=questions.answer(timezone, _("Time zone of the paper, such as Berlin"), "UTC", _zone),
        time=questions.answer(time, _("When the paper comes"), "08:00", _time),
        guild_id=questions.answer(
            None if guild is None else str(guild), _("Id of your server (leave empty to add it later)"), "", _guild_id
        ),
        token=_token(token_file, questions),
    )


@dataclass(frozen=True, slots=True)
class _Questions:
    """Asks until the answer is valid; without a terminal it takes the default."""

    asks: bool

    def answer(self, given: str | None, question: str, default: str, read: Callable[[str], _Read]) -> _Read:
        """Return an answer, parsed by `read`.

        Args:
            given: The option; None to ask.
            question: What to ask.
            default: What an empty answer means.
            read: Raises `InvalidInput` for what can't be used; the sentence says what to type.
        """
        if given is not None or not self.asks:
            return read(default if given is None else given)
        while True:
            try:
                return read(str(typer.prompt(question, default=default, show_default=bool(default))))
            except InvalidInput as error:
                stderr_console().print(str(error), markup=False, highlight=False)


def _folder(text: str) -> Path:
    folder = Path(text.strip()).expanduser()
    if not folder.is_dir():
        raise InvalidInput(_("There is no folder {folder}. Create it first, or name another.").format(folder=folder))
    return folder


def _url(text: str) -> str:
    url = text.strip()
    if url and not url.startswith(("http://", "https://")):
        raise InvalidInput(_("“{url}” is not an address. Type one that begins with https://.").format(url=url[:100]))
    return url


def _zone(text: str) -> str:
    from bot.wiring import now

    return parse_timezone(text, now())


def _time(text: str) -> str:
    return ", ".join(at.strftime("%H:%M") for at in parse_times(text))


def _guild_id(text: str) -> int | None:
    typed = text.strip()
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) < 20 and 0 < int(typed) < 2**63):
        raise InvalidInput(
            _(
                "“{text}” is not a server's id. In Discord turn on Settings → Advanced → Developer Mode,"
                " then right-click the server and copy its id: a number such as 123456789012345678."
            ).format(text=typed[:40])
        )
    return int(typed)


def _token(token_file: Path | None, questions: _Questions) -> str:
    if token_file is not None:
        try:
            token = token_file.expanduser().read_text("utf-8", errors="replace")[:_LONGEST_TOKEN].strip()
        except OSError as error:
            reason = error.strerror or type(error).__name__
            message = _("The token file {file} can't be read: {reason}. Put the token into it, and nothing else.")
            raise InvalidInput(message.format(file=token_file, reason=reason)) from error
        return _word(token)
    if known := os.environ.get("DISCORD_TOKEN", "").strip():
        return known
    if not questions.asks:
        return ""
    hidden = _("The bot's token, from the developer portal (not shown; leave empty to add it later)")
    while True:
        try:
            typed = _word(str(typer.prompt(hidden, default="", hide_input=True, show_default=False)).strip())
        except InvalidInput as error:
            stderr_console().print(str(error), markup=False, highlight=False)
            continue
        if not typed or asyncio.run(_application_id(typed, os.environ.get(_API_VARIABLE, DISCORD_API))) is not None:
            return typed
        stderr_console().print(_("Discord does not know this token. Reset it on the Bot page of the developer portal."))


def _word(token: str) -> str:
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise InvalidInput(_("That is not a token: it has to be one word, copied from the Bot page."))
    return token


def write_config(answers: Answers, file: Path, token_file: Path | None = None) -> None:
    """Write the example configuration with the answers filled in, and the token to a file that only its owner may read.

    Args:
        answers: What was asked.
        file: The configuration to write.
        token_file: Where the token already is; None writes it next to the configuration.

    Raises:
        ConfigurationError: The result can't be read back, which would be a bug in this command.
    """
    example = find_bundled("config.example.toml")
    text = example.read_text("utf-8") if example is not None else 'data_dir = "data"\n\n[corpus]\n'
    folder = _shown_path(answers.folder, file)
    changes: dict[tuple[str, str], str] = {
        ("corpus", "folders"): "[]" if answers.url or answers.name else f"[{_quoted(folder)}]",
        ("digest", "timezone"): _quoted(answers.timezone),
        ("digest", "time"): _quoted(answers.time),
    }
    if answers.guild_id is not None:
        changes["admin", "guild_ids"] = f"[{answers.guild_id}]"
    in_environment = answers.token and answers.token == os.environ.get("DISCORD_TOKEN", "").strip()
    if answers.token and not in_environment:
        where = token_file or file.parent / TOKEN_FILE
        if token_file is None:
            _write_private(where, answers.token + "\n")
        changes["discord", "token_file"] = _quoted(_shown_path(where, file))
    lines = _changed(text, changes)
    if answers.url or answers.name:
        lines += ["", "[[corpus.sources]]", f"folder = {_quoted(folder)}"]
        lines += [f"{key} = {_quoted(value)}" for key, value in (("url", answers.url), ("name", answers.name)) if value]
    written = "\n".join(lines) + "\n"
    try:
        tomllib.loads(written)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(_("The configuration could not be written: {error}").format(error=error)) from error
    file.write_text(written, "utf-8")


def _shown_path(path: Path, config: Path) -> str:
    """Return a path as written in the configuration: relative if it is next to or below that file."""
    here = config.resolve().parent
    return path.resolve().relative_to(here).as_posix() if path.resolve().is_relative_to(here) else str(path.resolve())


def _changed(text: str, changes: dict[tuple[str, str], str]) -> list[str]:
    """Return the lines of a configuration with the answers set, whether the keys were commented out or not."""
    section, lines = "", []
    for line in text.splitlines():
        if line.startswith("["):
            section = line.strip("[] ")
        key = (section, line.removeprefix("# ").partition(" = ")[0])
        lines.append(f"{key[1]} = {changes.pop(key)}" if " = " in line and key in changes else line)
    return lines


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _write_private(file: Path, text: str) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as opened:
        opened.write(text)
    file.chmod(0o600)


async def _application_id(token: str, api_base_url: str) -> int | None:
    """Return the id of the token's application; 0 if Discord can't be reached, None if it does not know the token."""
    import aiohttp

    try:
        async with asyncio.timeout(15), aiohttp.ClientSession() as session:
            headers = {"Authorization": f"Bot {token}"}
            async with session.get(f"{api_base_url}/applications/@me", headers=headers) as answer:
                known: Any = await answer.json(content_type=None) if answer.status == 200 else None
                status = answer.status
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError):
        return 0
    if status in (401, 403):
        return None
    if not isinstance(known, dict) or not str(known.get("id", "")).isdigit():
        return 0
    return int(known["id"])


async def _print_link(token: str, api_base_url: str) -> ExitCode:
    from bot.invite import invite_link

    application_id = await _application_id(token, api_base_url or DISCORD_API)
    if application_id is None:
        stderr_console().print(_("Discord does not know this token. Reset it on the Bot page of the developer portal."))
        return ExitCode.FAILED
    if not application_id:
        stderr_console().print(
            _("Discord can't be reached, so the token was not checked. Run `broadsheet doctor` later to check it.")
        )
        return ExitCode.PROBLEMS
    stdout_console().print(_("The token is good. Invite the bot with this link:"))
    stdout_console().print(invite_link(application_id), soft_wrap=True)
    stdout_console().print(_("Then start it: broadsheet run"))
    return ExitCode.DONE
