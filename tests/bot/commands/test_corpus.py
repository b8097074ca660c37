"""`/corpus` through the real client: who may, and what they get."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from sandbox.driver.reply import Impossible, Reply
from sandbox.entities import Member, User
from tests.bot.commands.articles import HARBOUR, NOW, article, write, write_broken
from tests.bot.commands.newsroom import Newsroom, open_newsroom

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Newsroom]:
    """A bot whose home is the guild, in which its owner is a member."""
    async with open_newsroom(tmp_path_factory.mktemp("home"), home=True) as opened:
        opened.sandbox.add_member(opened.guild, opened.sandbox.operator)
        shutil.copytree(opened.folder, opened.data / "kept")
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def home(shared: Newsroom) -> AsyncIterator[Newsroom]:
    """That bot; after the test its corpus is what it was."""
    yield shared
    shutil.rmtree(shared.folder)
    shutil.copytree(shared.data / "kept", shared.folder)
    await shared.services.corpus.load(now=NOW, force=True)


async def corpus(newsroom: Newsroom, command: str, who: Member | User | None = None, **options: Any) -> Reply:
    return await newsroom.sandbox.invoke(
        f"corpus {command}", options, member=who or newsroom.manager, channel=newsroom.channel, force=True
    )


async def test_a_second_reload_finds_everything_unchanged(home: Newsroom) -> None:
    reply = await corpus(home, "reload")
    assert "**0** new" in reply.text
    assert "16 unchanged" in reply.text


async def test_what_a_reload_brought_can_be_found_and_completed_at_once(home: Newsroom) -> None:
    write(
        home.folder / "late",
        [article("Quokkas photographed smiling", provider=HARBOUR, topics=["Marsupials"], age=NOW - NOW)],
    )
    await corpus(home, "reload")
    assert "Quokkas" in (await home.sandbox.invoke("news", {"query": "quokkas"}, channel=home.channel)).text
    choices = await home.sandbox.autocomplete("news", {"topic": "marsu"}, focused="topic", channel=home.channel)
    assert [choice.value for choice in choices] == ["Marsupials"]


async def test_problems_are_reported_with_line_and_reason_in_pages(home: Newsroom) -> None:
    assert "There are none" in (await corpus(home, "problems")).text
    write_broken(home.folder, 13)
    report = await corpus(home, "reload")
    assert "**13** rejected" in report.text
    assert "/corpus problems" in report.text
    reply = await corpus(home, "problems")
    assert "broken-00.md" in reply.text
    assert "line" in reply.text
    turned = await home.sandbox.click(reply, label="Next ▶")
    assert turned.updated
    assert "broken-12.md" in turned.text


async def test_a_reload_that_would_empty_the_corpus_is_refused_unless_forced(home: Newsroom, tmp_path: Path) -> None:
    more = [
        article(f"{word} counted along the shore", provider=HARBOUR, topics=["Shore"], age=NOW - NOW)
        for word in ("Anchors", "Buoys", "Cables", "Dinghies", "Eddies", "Floats")
    ]
    write(home.folder / "more", more)
    await corpus(home, "reload")
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    files = sorted(home.folder.rglob("*.md"))
    for number, file in enumerate(files[1:]):
        file.rename(hidden / f"{number}.md")
    refused = await corpus(home, "reload")
    assert "force" in refused.text
    forced = await corpus(home, "reload", force=True)
    assert "**21** removed" in forced.text


async def test_corpus_is_refused_to_members_and_offered_to_administrators_and_owners(home: Newsroom) -> None:
    for command in ("reload", "status", "problems"):
        reply = await corpus(home, command, home.reader)
        assert "Only the bot's owners" in reply.text
        assert reply.ephemeral
    owner = home.sandbox.add_member(home.guild, home.sandbox.operator)
    assert (
        "articles" in (await corpus(home, "status", owner)).text
        or "article" in (await corpus(home, "status", owner)).text
    )


async def test_corpus_is_registered_only_in_the_home_guild(home: Newsroom) -> None:
    elsewhere = home.sandbox.add_guild("Elsewhere")
    channel = home.sandbox.add_channel(elsewhere, "general")
    with pytest.raises(Impossible):
        await home.sandbox.invoke("corpus status", {}, channel=channel)
    assert [command["name"] for command in home.sandbox.registered_commands(home.guild)] == ["corpus"]
    assert "corpus" not in [command["name"] for command in home.sandbox.registered_commands()]


async def test_a_button_of_the_problems_is_checked_too(home: Newsroom) -> None:
    write_broken(home.folder, 13)
    editor = home.sandbox.add_member(home.guild, "edda", permissions=["administrator"])
    await corpus(home, "reload", editor)
    reply = await corpus(home, "problems", editor)
    home.sandbox.remove_member(editor)
    home.sandbox.add_member(home.guild, editor.user)
    turned = await home.sandbox.click(reply, label="Next ▶")
    assert "Only the bot's owners" in turned.text


async def test_help_shows_the_operators_their_commands(home: Newsroom) -> None:
    owner = home.sandbox.add_member(home.guild, home.sandbox.operator)
    reply = await home.sandbox.invoke("help", {}, member=owner, channel=home.channel)
    (registered,) = home.sandbox.registered_commands(home.guild)
    assert f"</corpus reload:{registered['id']}>" in reply.text
    assert "corpus reload" not in (await home.sandbox.invoke("help", {}, member=home.reader)).text


@pytest.mark.slow
async def test_a_long_reload_shows_its_progress(home: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.commands.corpus.PROGRESS_EVERY_S", 0.005)
    many = [
        article(f"Plate {number} of the atlas engraved anew", provider=HARBOUR, topics=["Atlas"], age=NOW - NOW)
        for number in range(200)
    ]
    write(home.folder / "atlas", many)
    reply = await corpus(home, "reload", home.sandbox.operator)
    await home.sandbox.wait_until(lambda: "**200** new" in reply.text)
    assert reply.message is not None
    said = [str(components) for _content, components in reply.message.revisions]
    assert any("of 2" in text and "files read" in text for text in said)


async def test_a_second_reload_at_the_same_time_is_asked_to_wait(home: Newsroom) -> None:
    write(home.folder / "again", [article("Sextants polished", provider=HARBOUR, topics=["Atlas"], age=NOW - NOW)])
    with closing(sqlite3.connect(home.data / "corpus.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")  # the first one can't end
        reloads = [asyncio.create_task(corpus(home, "reload", home.sandbox.operator)) for _number in range(2)]
        done, _pending = await asyncio.wait(reloads, return_when=asyncio.FIRST_COMPLETED)
        (early,) = done
        other.rollback()
    texts = [(await reload).text for reload in reloads]
    assert "Corpus reloaded" not in early.result().text
    assert sum("Corpus reloaded" in text for text in texts) == 1


async def test_a_folder_that_is_missing_is_one_sentence(home: Newsroom) -> None:
    away = home.folder.with_name("away")
    home.folder.rename(away)
    try:
        reply = await corpus(home, "reload", home.sandbox.operator)
    finally:
        away.rename(home.folder)
    assert str(home.folder.name) in reply.text
    assert "number:" not in reply.text
    assert reply.ephemeral
