from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.render.paths import know_folders, without_folders


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("The corpus folder /srv/news/articles does not exist.", "The corpus folder articles does not exist."),
        ("'/var/lib/b/state.db' is locked", "'state.db' is locked"),
        ("(/a/b/c.md, line 3)", "(c.md, line 3)"),
        (r"C:\Users\bob\news\x.md is gone", "x.md is gone"),
        ("~/news/x.md", "x.md"),
        ("remote git@host:/var/git/news.git", "remote git@host:news.git"),
        ("from file:///srv/git/news", "from file:news"),
        ("key=/run/secrets/token", "key=token"),
    ],
)
def test_a_path_of_the_server_is_only_its_last_name(text: str, shown: str) -> None:
    assert without_folders(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "See https://x.org/a/b/c and http://y.org/d/",
        "Use /digest resume, or `/corpus reload`.",
        "2021/03/story.md can't be read",
        "Type a name such as Europe/Berlin and/or UTC.",
    ],
)
def test_addresses_commands_zones_and_places_in_the_corpus_stay(text: str) -> None:
    assert without_folders(text) == text


@pytest.fixture
def spaced() -> Iterator[None]:
    know_folders([Path("/srv/our secret news/the articles")])
    yield
    know_folders([])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("The folder /srv/our secret news/the articles does not exist.", "The folder the articles does not exist."),
        ("/srv/our secret news/the articles/a b/c.md, line 3", "a b/c.md, line 3"),
        ("See https://x.org/srv/our and /srv/our secret news/state.db", "See https://x.org/srv/our and state.db"),
    ],
)
def test_a_known_folder_with_spaces_in_its_name_leaves_no_tail(spaced: None, text: str, shown: str) -> None:
    assert without_folders(text) == shown
