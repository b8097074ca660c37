"""Descriptions and choices follow the catalogues; names are a contract."""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from pathlib import Path

import discord
import pytest
from discord.app_commands import Choice, TranslationContext, TranslationContextLocation, locale_str

from bot.commands.help import help_command
from bot.tree import CatalogueTranslator
from digests import i18n
from digests.i18n import _

ENGLISH = "What I can do, and how to ask"
GERMAN = "Was ich kann und wie man fragt"


@pytest.fixture
def german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A catalogue with two German sentences, one of them too long for Discord."""
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    messages = {"": "Content-Type: text/plain; charset=UTF-8\n", ENGLISH: GERMAN, "long": "z" * 101, "help": "hilfe"}
    (folder / "broadsheet.mo").write_bytes(compiled(messages))
    monkeypatch.setattr(i18n, "_locale_dir", tmp_path)
    i18n._catalogue.cache_clear()
    yield
    i18n._catalogue.cache_clear()


def compiled(messages: dict[str, str]) -> bytes:
    """Return messages in the format of gettext's .mo files."""
    ids = sorted(messages)
    keys, values = [id_.encode() for id_ in ids], [messages[id_].encode() for id_ in ids]
    start = 28 + 16 * len(ids)
    offsets: list[int] = []
    body = b""
    for entry in (*keys, *values):
        offsets += [len(entry), start + len(body)]
        body += entry + b"\0"
    head = [0x950412DE, 0, len(ids), 28, 28 + 8 * len(ids), 0, 0]
    return b"".join(number.to_bytes(4, "little") for number in (*head, *offsets)) + body


async def translated(text: str, location: TranslationContextLocation, language: discord.Locale) -> str | None:
    context = TranslationContext(location, help_command)  # type: ignore[call-overload]
    return await CatalogueTranslator().translate(locale_str(text), language, context)


@pytest.mark.usefixtures("german")
async def test_descriptions_are_translated_and_names_stay() -> None:
    description = TranslationContextLocation.command_description
    assert await translated(ENGLISH, description, discord.Locale.german) == GERMAN
    assert await translated(ENGLISH, description, discord.Locale.french) is None
    assert await translated("long", description, discord.Locale.german) is None
    assert await translated("help", TranslationContextLocation.command_name, discord.Locale.german) is None
    assert _(ENGLISH) == ENGLISH


@pytest.mark.usefixtures("german")
def test_the_catalogue_of_this_test_is_a_real_one() -> None:
    assert isinstance(i18n._catalogue("de"), gettext.GNUTranslations)


def test_choices_are_given_as_strings_to_translate() -> None:
    assert Choice(name=locale_str("Nothing"), value="skip").name == "Nothing"
