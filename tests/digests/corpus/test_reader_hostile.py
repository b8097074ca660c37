"""Broken files, bombs and odd shapes: what costs a file is a problem with its line, what does not is read past."""

from __future__ import annotations

import pytest

from digests.corpus.reader import read
from tests.digests.corpus.reading import article, front, rejected, with_remarks

# ---------------------------------------------------------------------- what costs the file


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("\n\n---\ntitle: fine\nexcerpt: 'open\nquality: 3\n---\n", 6),
        ("---\ntitle: x\n\tquality: 3\n---\n", 3),
        ("---\ntitle: x\nquality: [1, 2\n---\n", 3),
        ("---\ntitle: x\nexcerpt: a\0b\n---\n", 3),
        ("---\n- title: x\n- quality\n---\nBody", 2),
        ("---\ntitle: x\nquality: 3\n\nBody without end", 1),
        ("+++\ntitle = x\n+++\n", 2),
        ("+++\ntitle = 'x'\n", 1),
        ('{\n"title": "x",\n"quality" 3\n}\n', 3),
        ("---\nx: *nowhere\ntitle: x\n---\n", 2),
    ],
)
def test_broken_front_matter_skips_the_file_and_names_the_line(text: str, line: int) -> None:
    problem = rejected(text)
    assert problem.line == line
    assert problem.reason


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: x\nquality: 1\nquality: 2\n---\n",
        "---\r\ntitle: x\r\nquality: 1\r\nquality: 2\r\n---\r\n",
        '{"title": "x",\n"quality": 1,\n\n"quality": 2}',
        "+++\ntitle = 'x'\nquality = 1\nquality = 2\n+++\n",
    ],
)
def test_of_a_field_that_stands_twice_the_last_one_counts_and_it_is_reported(text: str) -> None:
    reading = read("story.md", text.encode())
    assert reading.article is not None
    assert reading.article.quality == 2
    (problem,) = reading.problems
    assert (problem.line, problem.rejected) == (4, False)


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ("title: Harbour: open again", "Harbour: open again"),
        ("title: It's open: at last", "It's open: at last"),
        ("title: @harbour is open", "@harbour is open"),
        ('title: "Open" says the harbour', '"Open" says the harbour'),
        ("title: [Update] The harbour", "[Update] The harbour"),
        ("title: *Open* again", "*Open* again"),
        ("title: What now?:", "What now?:"),
    ],
)
def test_a_value_that_should_be_in_quotes_is_read_as_if_it_were_and_reported(fields: str, title: str) -> None:
    reading = read("story.md", f"---\nquality: 3\n{fields}\n---\n".encode())
    assert reading.article is not None
    assert (reading.article.title, reading.article.quality) == (title, 3)
    (problem,) = reading.problems
    assert (problem.line, problem.rejected) == (3, False)
    assert "quotes" in problem.reason


def test_bad_bytes_are_reported_with_their_line_and_read_as_what_they_likely_are() -> None:
    reading = read("story.md", b"---\ntitle: x\n---\nline\nbad \xe9 byte\n")
    assert reading.article is not None
    assert "bad \xe9 byte" in reading.article.body
    (problem,) = reading.problems
    assert (problem.line, problem.rejected) == (5, False)
    assert "UTF-8" in problem.reason
    assert read("a.md", b"one\r\ntwo\r\n\xc3(").problems[0].line == 3
    assert read("a.md", b"one\rtwo\r\xc3(").problems[0].line == 3


def test_one_bad_byte_among_good_ones_leaves_them_what_they_are() -> None:
    found = article("Ein schöner Tag für Grüße, café\n\nText ".encode() + b"\x96 und mehr.")
    assert found.title == "Ein schöner Tag für Grüße, café"
    assert "\u2013" in found.excerpt


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_an_encoding_that_a_file_names_by_its_mark_is_read_and_reported(encoding: str) -> None:
    reading = read("a.md", "---\ntitle: A title\n---\nBody".encode(encoding))
    assert reading.article is not None
    assert reading.article.title == "A title"
    assert "UTF-" in reading.problems[0].reason


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_other_encodings_are_called_by_their_name(encoding: str) -> None:
    problem = rejected("---\ntitle: A title\n---\nBody".encode(encoding))
    assert "UTF-" in problem.reason
    assert problem.line == 1


def test_too_large_a_file_is_rejected() -> None:
    reading = read("a.md", b"x" * 1001, max_bytes=1000)
    assert reading.article is None
    assert "too large" in reading.problems[0].reason


@pytest.mark.parametrize("text", ["", " \n\n\t\n", "\ufeff", "---\n---\n", "---\n", "\0\0\0"])
def test_an_empty_file_is_rejected(text: str) -> None:
    rejected(text)


def bomb_of_aliases(merge: str) -> str:
    lines = ["a0: &a0 {x: y}"]
    for level in range(1, 13):
        aliases = ", ".join([f"*a{level - 1}"] * 9)
        lines.append(f"a{level}: &a{level} {merge.format(aliases)}")
    return "\n".join(lines)


@pytest.mark.parametrize(
    "fields",
    [
        bomb_of_aliases("[{}]"),
        bomb_of_aliases("{{<<: [{}]}}"),
        "x: " + "[" * 100_000,
        "x: " + "{a: " * 100_000,
        "x:\n" + "- " * 100_000 + "x",
        "? " * 100_000 + "x",
        "".join(" " * level + "x:\n" for level in range(1500)),
        "x: " + "[" * 5000 + "]" * 5000,
    ],
)
def test_bombs_and_bottomless_nesting_are_rejected_quickly(fields: str) -> None:
    rejected(front(fields))


@pytest.mark.parametrize(
    "text",
    [
        '{"title": "x", "a": ' + "[" * 200_000,
        "+++\ntitle = 'x'\na = " + "[" * 100_000 + "\n+++",
        "+++\n" + "\n".join(f"a{n} = {{}}" for n in range(30_000)) + "\n+++",
        '{"title": 1' + "0" * 10_000 + "}",
        "+++\ntitle = 1" + "0" * 10_000 + "\n+++",
    ],
)
def test_bombs_in_other_kinds_are_rejected_quickly(text: str) -> None:
    rejected(text)


@pytest.mark.slow
@pytest.mark.parametrize(
    "fields",
    [
        "\n".join(f"k{number}: 1" for number in range(100_000)),
        "x: 1" + ":10" * 40_000,
        "x: '" + "y" * 1_500_000 + "'",
        "related:\n" + "\n".join(f"- title: t{n}\n  webUrl: https://x.org/{n}" for n in range(20_000)),
        "related:\n" + "- 7\n" * 50_000,
        "topics: [" + ", ".join(f"t{n}" for n in range(50_000)) + "]",
        "images:\n" + "- url: nonsense\n" * 50_000,
    ],
)
def test_large_but_honest_front_matter_is_read(fields: str) -> None:
    assert article(front(fields)).title == "A title"


# ---------------------------------------------------------------------- odd shapes never cost the article


@pytest.mark.parametrize(
    "fields",
    [
        "related: null",
        "related: []",
        "related: {title: one, webUrl: https://x.org/}",
        "related: [null, {}, [], {title: x}, {webUrl: https://x.org/}]",
        "images: null",
        "images: https://x.org/a.png",
        "images: [https://x.org/a.png, null]",
        "images: {url: https://x.org/a.png}",
        "excerpt: null",
        "excerpt: [one]",
        "type: null",
        "unknown: {a: [b, {c: d}]}",
        "1: x\n[a, b]: y\nnull: z",
        "webUrl: ''",
    ],
)
def test_odd_shapes_are_tolerated(fields: str) -> None:
    assert article(front(fields)).title == "A title"
    assert article(front(fields), "a.rst").title == "A title"


def test_many_bad_fields_cost_none_of_the_good_ones() -> None:
    reading = with_remarks(
        "quality: high\nheat: {a: b}\npublished: perhaps\nprovider: [a, b]\ntopics: {a: {b: c}}\nimages: 7\n"
        "excerpt: {a: b}\nrelated:\n  - 5\n  - title: [a, b]\n  - title: one\n    webUrl: https://x.org/\n"
        "    quality: high\n    provider: 014\n    publishedDateTime: never\ntype: video"
    )
    assert reading.article is not None
    assert reading.article.kind == "video"
    assert [link.title for link in reading.article.related] == ["one"]
    assert all(not problem.rejected and problem.line for problem in reading.problems)
    assert {problem.line for problem in reading.problems} >= {3, 4, 5, 6, 9, 15, 17}


def test_remarks_on_one_file_are_bounded() -> None:
    reading = with_remarks("images:\n" + "- url: nonsense\n" * 100)
    assert len(reading.problems) == 21
    assert "80" in reading.problems[-1].reason


def test_an_article_keeps_a_hundred_related_entries_and_says_so() -> None:
    entries = "".join(f"- title: Link {n}\n  webUrl: https://x.org/{n}\n" for n in range(130))
    reading = with_remarks(f"related:\n{entries}")
    assert reading.article is not None
    assert len(reading.article.related) == 100
    assert ["30 entries of related" in problem.reason for problem in reading.problems] == [True]
