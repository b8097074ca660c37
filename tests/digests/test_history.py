"""Recorded histories are read line by line and written into a folder as they were."""

import gzip
import json
import lzma
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from digests.errors import InvalidInput
from digests.history import Revision, apply, read_history

LINES: list[dict[str, object]] = [
    {
        "time": "2026-03-02T08:00:00+01:00",
        "changes": [{"path": "a.md", "text": "one\r\n"}, {"path": "b/c.md", "text": "x"}],
    },
    {"time": "2026-03-02T09:00:00+01:00", "changes": [{"path": "a.md", "text": None}]},
]


def text(lines: list[dict[str, object]]) -> str:
    return "\n".join(json.dumps(line) for line in lines) + "\n\n"


@pytest.mark.parametrize(("name", "opener"), [("h.jsonl", open), ("h.jsonl.xz", lzma.open), ("h.jsonl.gz", gzip.open)])
def test_a_history_becomes_the_folder_that_it_records(tmp_path: Path, name: str, opener: Callable[..., Any]) -> None:
    with opener(tmp_path / name, "wt", encoding="utf-8") as file:
        file.write(text(LINES))
    folder = tmp_path / "folder"
    first, second = read_history(tmp_path / name)
    apply(first, folder)
    assert (folder / "a.md").read_bytes() == b"one\r\n"
    apply(second, folder)
    assert not (folder / "a.md").exists()
    assert (folder / "b" / "c.md").read_text() == "x"
    assert first.at.isoformat() == "2026-03-02T07:00:00+00:00"


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("nonsense\n", "line 1 is not a revision"),
        ("[" * 100_000 + "\n", "line 1 is not a revision"),
        ("5\n", "line 1 is not a revision: the line: it has to be an object"),
        ('{"time": "2026-03-02T08:00:00Z", "changes": [{"path": "a.md", "text": 5}]}\n', "changes.0.text"),
        ('{"time": "2026-03-02T08:00:00", "changes": []}\n', "time"),
        ('{"time": "2026-03-02T08:00:00Z", "changes": [{"path": "../x", "text": "y"}]}\n', "leaves the folder"),
        ('{"time": "2026-03-02T08:00:00Z", "changes": [{"path": "/x", "text": "y"}]}\n', "leaves the folder"),
        ('{"time": "0001-01-01T00:00:00+14:00", "changes": []}\n', "line 1 is not a revision: time"),
        ('{"time": "9999-12-31T23:59:59-14:00", "changes": []}\n', "line 1 is not a revision: time"),
        (text(LINES[::-1]), "line 2: time runs backwards"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, lines: str, reason: str) -> None:
    file = tmp_path / "h.jsonl"
    file.write_text(lines)
    with pytest.raises(InvalidInput, match=reason):
        list(read_history(file))


def test_a_missing_or_broken_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="can't be read"):
        list(read_history(tmp_path / "none.jsonl"))
    broken = tmp_path / "h.jsonl.xz"
    broken.write_bytes(b"no archive")
    with pytest.raises(InvalidInput, match="can't be read"):
        list(read_history(broken))


def put_in_place(folder: Path, *revisions: Any) -> dict[str, str | None]:
    """Apply revisions, each a mapping of paths to texts, and returns what the folder holds."""
    folder.mkdir()
    for line, changes in enumerate(revisions, 1):
        apply(Revision(datetime(2026, 3, 2, tzinfo=UTC), tuple(changes.items()), line), folder)
    return {str(path.relative_to(folder)): path.read_text() if path.is_file() else None for path in folder.rglob("*")}


@pytest.mark.parametrize(
    ("revisions", "left"),
    [
        ([{"a/b.md": "1"}, {"a/b.md": None, "a": "2"}], {"a": "2"}),
        ([{"a/b/c.md": "1"}, {"a": "2", "a/b/c.md": None}], {"a": "2"}),
        ([{"a.md": "1"}, {"a.md/b.md": "2", "a.md": None}], {"a.md": None, "a.md/b.md": "2"}),
        ([{"a.md": "1", "b.md": "2"}, {"a.md": "2", "b.md": None}], {"a.md": "2"}),
        ([{"a/b/c.md": "1", "a/d.md": "2"}, {"a/b/c.md": None}], {"a": None, "a/d.md": "2"}),
        ([{"a/b.md": "1", "c.md": "2"}, {"a": None}], {"c.md": "2"}),
        ([{"a.md": "1"}, {"a.md/b.md": None, "never/there.md": None}], {"a.md": "1"}),
    ],
)
def test_what_goes_makes_room_for_what_comes(tmp_path: Path, revisions: Any, left: dict[str, str | None]) -> None:
    assert put_in_place(tmp_path / "folder", *revisions) == left


@pytest.mark.parametrize(
    "revisions",
    [
        [{"a.md": "1"}, {"a.md/b.md": "2"}],
        [{"a/b.md": "1"}, {"a": "2"}],
        [{}, {f"{'a' * 300}.md": "1"}],
        [{}, {"a\ud800.md": "1"}],
    ],
)
def test_a_path_at_which_there_can_be_no_file_is_named_with_its_line(tmp_path: Path, revisions: Any) -> None:
    with pytest.raises(InvalidInput, match="Line 2 of the history: there can be no file"):
        put_in_place(tmp_path / "folder", *revisions)


def test_a_path_is_the_same_however_it_is_spelt(tmp_path: Path) -> None:
    file = tmp_path / "h.jsonl"
    file.write_text(text([{"time": "2026-03-02T08:00:00Z", "changes": [{"path": "a//b/./c.md", "text": None}]}]))
    (revision,) = read_history(file)
    assert revision.changes == (("a/b/c.md", None),)
