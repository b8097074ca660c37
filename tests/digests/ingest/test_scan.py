"""Listing a folder: what belongs to it, and what changed."""

from __future__ import annotations

import os
from collections.abc import Container
from pathlib import Path

import pytest

from digests.errors import CorpusUnavailable
from digests.ingest.file_list import MAX_PROBLEMS, Scan, compare
from digests.ingest.guard import Guard
from digests.ingest.scan import list_files, real_folders


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    return folder


def put(place: Path, text: str = "A title") -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text)
    return place


def scan(folder: Path, known: list[tuple[str, int]], *, reread_all: bool = False) -> Scan:
    return compare(list_files(folder), dict(known), reread_all=reread_all)


def listed(folder: Path, *, skip: Container[str] = ()) -> set[str]:
    return set(list_files(folder, skip=skip).paths)


def test_articles_are_listed_by_their_ending_at_any_depth(folder: Path) -> None:
    for name in ["a.md", "b.markdown", "c.html", "d.htm", "e.txt", "F.MD", "x/y/z.md", "x.y/z.md", "dir.md/inner.md"]:
        put(folder / name)
    for name in ["a.pdf", "b.md~", "noending", "c.md.swp", "x/image.png"]:
        put(folder / name)
    assert listed(folder) == {
        *("a.md", "b.markdown", "c.html", "d.htm", "e.txt", "F.MD", "x/y/z.md", "x.y/z.md", "dir.md/inner.md"),
    }


def test_hidden_files_and_folders_are_passed_over(folder: Path) -> None:
    for name in [".hidden.md", ".git/a.md", "x/.y/z.md", "seen.md"]:
        put(folder / name)
    assert listed(folder) == {"seen.md"}


def test_links_that_leave_the_folder_are_not_followed_and_reported(folder: Path, tmp_path: Path) -> None:
    put(tmp_path / "outside" / "secret.md")
    (folder / "link.md").symlink_to(tmp_path / "outside" / "secret.md")
    (folder / "dir").symlink_to(tmp_path / "outside")
    (folder / "up").symlink_to("..")
    (folder / "dangling.md").symlink_to("nowhere.md")
    put(tmp_path / "news-beside" / "b.md")
    (folder / "beside").symlink_to(tmp_path / "news-beside")
    (folder / "environment.txt").symlink_to("/proc/self/environ")
    found = list_files(folder)
    assert list(found.paths) == []
    assert {problem.path for problem in found.problems} == {"link.md", "dir", "up", "beside", "environment.txt"}
    assert all("out of the corpus folder" in problem.reason for problem in found.problems)


@pytest.mark.parametrize("end", [".env", ".git/config", ".git", "sub/.secret/a.md", "chain"])
def test_links_to_what_is_hidden_are_not_followed_and_reported(folder: Path, end: str) -> None:
    for name in (".env", ".git/config", ".git/a.md", "sub/.secret/a.md"):
        put(folder / name)
    (folder / "chain").symlink_to(".env")
    for name in ("x.txt", "y"):
        (folder / name).symlink_to(end)
    found = list_files(folder)
    assert list(found.paths) == []
    assert "x.txt" in {problem.path for problem in found.problems}
    assert all("hidden" in problem.reason for problem in found.problems)
    assert found.fingerprint() is not None


@pytest.fixture
def own(folder: Path) -> Guard:
    """A bot whose configuration, token and data lie in the corpus folder."""
    for name in ("config.txt", "token.txt", "data/state.db", "data/note.md", "a.md"):
        put(folder / name)
    return Guard.of(str(folder), [folder / "config.txt", folder / "token.txt", folder / "data", folder / "absent"])


def test_the_bots_own_files_are_never_articles_and_reported(folder: Path, own: Guard) -> None:
    found = list_files(folder, guard=own)
    assert list(found.paths) == ["a.md"]
    assert {problem.path for problem in found.problems} == {"config.txt", "token.txt", "data/"}


def test_the_bots_own_files_are_not_reached_by_another_name(folder: Path, own: Guard) -> None:
    os.link(folder / "token.txt", folder / "hard.txt")
    (folder / "soft.txt").symlink_to("token.txt")
    (folder / "database.txt").symlink_to("data/state.db")
    (folder / "inside").symlink_to("data")
    found = list_files(folder, guard=own)
    assert list(found.paths) == ["a.md"]
    assert {"hard.txt", "soft.txt", "database.txt", "inside"} <= {problem.path for problem in found.problems}


def test_a_corpus_folder_in_the_data_folder_is_read(folder: Path) -> None:
    put(folder / "news" / "a.md")
    put(folder / "state.db")
    (folder / "news" / "x.txt").symlink_to("../state.db")
    os.link(folder / "state.db", folder / "news" / "y.txt")
    found = list_files(folder / "news", guard=Guard.of(str(folder / "news"), [folder]))
    assert list(found.paths) == ["a.md"]
    assert {problem.path for problem in found.problems} == {"x.txt", "y.txt"}


def test_a_flood_of_bad_names_is_counted(folder: Path) -> None:
    for number in range(MAX_PROBLEMS + 50):
        (folder / f"{number}.md").symlink_to("/etc/passwd")
    problems = list_files(folder).problems
    assert len(problems) == MAX_PROBLEMS + 1
    assert "50 more" in problems[-1].reason


def test_a_path_beyond_what_the_system_takes_costs_only_itself(folder: Path) -> None:
    here = os.open(folder, os.O_RDONLY)
    for _level in range(40):
        os.mkdir("d" * 200, dir_fd=here)
        inner = os.open("d" * 200, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(os.open("a.md", os.O_CREAT | os.O_WRONLY, dir_fd=here))
    os.close(here)
    put(folder / "b.md")
    found = list_files(folder)
    assert "b.md" in set(found.paths)
    assert len(found.problems) == 1


def test_links_inside_are_followed_and_loops_end(folder: Path) -> None:
    put(folder / "real" / "a.md")
    (folder / "loop").symlink_to(".")
    (folder / "real" / "up").symlink_to("..")
    (folder / "self").symlink_to("self")
    (folder / "aaa").symlink_to("real")
    (folder / "link.md").symlink_to("real/a.md")
    assert listed(folder) == {"real/a.md", "link.md"}


def test_what_is_no_regular_file_is_passed_over(folder: Path) -> None:
    os.mkfifo(folder / "pipe.md")
    assert listed(folder) == set()


def test_names_that_are_not_text_are_reported(folder: Path) -> None:
    (folder / os.fsdecode(b"bad\xff.md")).write_text("x")
    (folder / os.fsdecode(b"dir\xff")).mkdir()
    put(folder / "ö-ü.md")
    found = list_files(folder)
    assert list(found.paths) == ["ö-ü.md"]
    assert len(found.problems) == 2
    for problem in found.problems:
        assert problem.rejected
        problem.path.encode("utf-8")


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable for root")
def test_what_lies_in_an_unreadable_folder_stays_as_it_was(folder: Path) -> None:
    place = put(folder / "closed" / "a.md")
    status = place.stat()
    place.parent.chmod(0)
    try:
        listing = list_files(folder)
        found = compare(listing, {"closed/a.md": status.st_size + status.st_mtime_ns})
    finally:
        place.parent.chmod(0o700)
    assert (found.same_count, found.gone) == (1, [])
    assert [problem.path for problem in listing.problems] == ["closed/"]
    assert listing.fingerprint() is None


def test_files_are_compared_by_size_and_mtime(folder: Path) -> None:
    same, grown, touched = (put(folder / f"{name}.md") for name in ("same", "grown", "touched"))

    def known(place: Path, *, off: int = 0) -> tuple[str, int]:
        status = place.stat()
        return place.name, status.st_size + status.st_mtime_ns + off

    put(folder / "new.md")
    found = scan(folder, [known(same), known(grown, off=-1), known(touched, off=1), ("gone.md", 1)])
    assert found.to_read == ["grown.md", "new.md", "touched.md"]
    assert (found.new, found.same_count, found.gone) == ({"new.md"}, 1, ["gone.md"])
    assert "same.md" in scan(folder, [known(same)], reread_all=True).to_read


def test_a_known_file_that_became_something_else_is_gone(folder: Path, tmp_path: Path) -> None:
    put(folder / "dir.md" / "inner.md")
    put(tmp_path / "outside.md")
    (folder / "link.md").symlink_to(tmp_path / "outside.md")
    found = scan(folder, [("dir.md", 1), ("link.md", 1)])
    assert sorted(found.gone) == ["dir.md", "link.md"]
    assert found.to_read == ["dir.md/inner.md"]


def test_a_known_link_is_compared_by_what_it_leads_to(folder: Path) -> None:
    status = put(folder / "kept" / "a.source").stat()
    (folder / "a.md").symlink_to("kept/a.source")
    assert scan(folder, [("a.md", status.st_size + status.st_mtime_ns)]).same_count == 1
    assert scan(folder, [("a.md", 1)]).to_read == ["a.md"]


def test_a_fingerprint_changes_with_any_change_of_a_listing(folder: Path) -> None:
    put(folder / "a.md", "one")
    put(folder / "sub" / "b.md", "two")
    put(folder / "image.png")
    seen = [list_files(folder).fingerprint()]
    assert seen[0] is not None
    put(folder / "image.png", "another")
    assert list_files(folder).fingerprint() == seen[0]

    def has_changed() -> bool:
        seen.append(list_files(folder).fingerprint())
        return seen[-1] not in {None, *seen[:-1]}

    put(folder / "a.md", "longer")
    assert has_changed()
    os.utime(folder / "a.md", ns=(1, 1))
    assert has_changed()
    (folder / "sub" / "b.md").rename(folder / "sub" / "c.md")
    assert has_changed()
    (folder / "sub" / "c.md").unlink()
    assert has_changed()
    put(folder / "new.md")
    assert has_changed()


def test_a_file_dated_beyond_all_measure_is_read_every_time(folder: Path) -> None:
    place = put(folder / "a.md")
    in_2350 = 12_000_000_000
    os.utime(place, (in_2350, in_2350))
    if place.stat().st_mtime != in_2350:
        pytest.skip("this file system holds no such date")
    assert list_files(folder).fingerprint() is None
    assert scan(folder, [("a.md", 7)]).to_read == ["a.md"]


def test_folders_loaded_by_themselves_are_left_out(folder: Path) -> None:
    put(folder / "a.md")
    put(folder / "sub" / "b.md")
    put(folder / "subway" / "c.md")
    assert listed(folder, skip={str(folder.resolve() / "sub")}) == {"a.md", "subway/c.md"}


def test_folders_are_resolved_and_named_once(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(folder)
    assert real_folders([folder, tmp_path / "link", folder / ".." / "news"]) == (folder.resolve(),)
    with pytest.raises(CorpusUnavailable, match="nowhere"):
        real_folders([tmp_path / "nowhere"])
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(CorpusUnavailable, match="loop"):
        real_folders([tmp_path / "loop"])


def test_what_is_no_article_is_left_out_counted_and_named_when_asked(tmp_path: Path) -> None:
    for name in ("a.md", "README.md", "_index.md", "_drafts/b.md", "_includes/c.html", "node_modules/d.md", "e.org"):
        place = tmp_path / name
        place.parent.mkdir(exist_ok=True)
        place.write_text("x")
    found = list_files(tmp_path, explain=True)
    assert list(found.paths) == ["a.md"]
    assert sum(found.left_out.values()) == 5
    assert found.unread == {".org": 1}
    assert dict(found.listed_unread or ())["_drafts/b.md"] == "a draft"
