"""Bits that change anywhere in a database end in a sentence, never in a traceback, and `doctor` names the file."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from bot.cli.output import settings_of
from bot.wiring import News, State
from digests.models import Cadence, ChannelKind, Digest, Presentation, QuietDay, Subscription
from digests.service.edition_run import Rendered
from tests.bot.cli.conftest import SAMPLE, Shell
from tests.examples import examples

PAGE_BYTES = {"corpus.db": 8192, "state.db": 4096}
COMMANDS = {
    "corpus.db": (("search", "harbour"), ("preview", "--date", "2026-03-10"), ("load", "articles")),
    "state.db": (("export",), ("backup", "saved.db"), ("forget", "--guild", "5", "--yes")),
}


def render(digest: Digest, composition_id: int, presentation: Presentation) -> Rendered:
    return Rendered((json.dumps([{"type": 10, "content": "story"}] * max(1, len(digest.stories))),), "A paper")


async def write_editions() -> None:
    """Subscribe three channels and make their editions, so that each table of the state has rows."""
    made_at, due_at = datetime(2026, 3, 9, 12, tzinfo=UTC), datetime(2026, 3, 10, 8, tzinfo=UTC)
    settings = settings_of(None)
    async with State.open(settings) as state, News.open(settings, lambda: made_at, state=state) as news:
        for number in range(3):
            draft = Subscription(
                channel_id=100 + number,
                guild_id=5,
                channel_kind=ChannelKind.TEXT,
                creator_id=7,
                cadence=Cadence((time(8),)),
                quiet_day=QuietDay.NOTE,
                created_at=made_at,
            )
            await state.subscriptions.subscribe(draft, now=made_at)
        await news.corpus.load(now=made_at)
        assert await state.editions(news.digests).prepare(due_at, render)


@pytest.fixture
async def whole(shell: Shell) -> Shell:
    """A shell in a folder with a small corpus and a state that holds editions; `kept` is a copy of both."""
    articles = shell.folder / "articles"
    articles.mkdir()
    (shell.folder / "config.toml").write_text('corpus.folders = ["articles"]\n')
    for path in sorted((SAMPLE / "articles").glob("*.md"))[:12]:
        shutil.copy(path, articles)
    await write_editions()
    for name in PAGE_BYTES:
        with closing(sqlite3.connect(shell.folder / "data" / name)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copytree(shell.folder / "data", shell.folder / "kept")
    return shell


def flip(content: bytes, page_bytes: int, chance: random.Random) -> bytes:
    """Change some bits of one page, the page with the schema as often as all others, or empty a page."""
    changed = bytearray(content)
    page = chance.choice([0, chance.randrange(len(content) // page_bytes)]) * page_bytes
    if chance.random() < 0.15:
        changed[page : page + page_bytes] = bytes(page_bytes)
    for _number in range(chance.choice([1, 3, 20])):
        changed[page + chance.randrange(page_bytes)] ^= 1 << chance.randrange(8)
    return bytes(changed)


@pytest.mark.slow
@pytest.mark.parametrize("name", list(PAGE_BYTES))
def test_flipped_bits_end_in_a_sentence_and_doctor_names_the_file(whole: Shell, name: str) -> None:
    content = (whole.folder / "kept" / name).read_bytes()
    for seed in range(examples(6)):
        damaged = flip(content, PAGE_BYTES[name], random.Random(seed))
        for command in COMMANDS[name]:
            restore(whole.folder, name, damaged)
            code, said = whole.outcome(*command)
            assert code in {0, 1, 2, 3}, (seed, command, said)
            if code == 3:
                assert said.startswith("broadsheet: ")
                restore(whole.folder, name, damaged)
                checks = json.loads(whole.outcome("doctor", "--json")[1])["checks"]
                found = [check for check in checks if not check["ok"] and name in check["name"] + check["detail"]]
                assert found, (seed, command, said)


def restore(folder: Path, name: str, content: bytes) -> None:
    shutil.rmtree(folder / "data")
    shutil.copytree(folder / "kept", folder / "data")
    (folder / "data" / name).write_bytes(content)
