"""A title is found wherever a generator writes it, and front matter is told from prose."""

from __future__ import annotations

import pytest

from digests.corpus.reader import read
from tests.digests.corpus.reading import article, on_site


@pytest.mark.parametrize(
    ("text", "path", "title"),
    [
        ("---\nTitle: A\n---\n", "x.md", "A"),
        ("---\nlayout: post\n---\n# From `the` body\n\nText", "x.md", "From the body"),
        ("---\nlayout: post\n---\nFrom the body\n=============\n\nText", "x.md", "From the body"),
        ("---\nlayout: post\n---\n<h1>From <b>the</b> body</h1>\n\nText", "x.md", "From the body"),
        ("---\nlayout: post\n---\n```\n# no heading\n```\nText.", "2024-03-05-harbour-reopens.md", "Harbour Reopens"),
        ("Prose that ends here.", "Harbour reopens.md", "Harbour reopens"),
        ("Prose that ends here.", "2024-03-05 Harbour reopens.md", "Harbour reopens"),
        ("Prose that ends here.", "posts/123456.harbour-reopens.html", "Harbour Reopens"),
        ("Prose that ends here.", "blog/harbour-reopens/index.md", "Harbour Reopens"),
        ("Prose that ends here.", "iPhone_news.md", "iPhone news"),
        ('---\ntitle: "How the <video> element works"\n---\n', "x.md", "How the <video> element works"),
        ('---\ntitle: "<b>Bold</b> words<br>here"\n---\n', "x.md", "Bold words here"),
        ("Title: This Week\nDate: 2024-03-04 10:20\nTags: a, b\n\nHello.", "x.md", "This Week"),
        (".. title: Nikola is out\n.. date: 2024-03-05\n\nHello.", "x.md", "Nikola is out"),
        ("<!--\n.. title: Nikola is out\n.. tags: a\n-->\n\nHello.", "x.md", "Nikola is out"),
        ("<!-- lint off -->\n---\ntitle: A\n---\nText", "x.md", "A"),
        ("--- # fields\ntitle: A\n---\nText", "x.md", "A"),
        ('"title": "A",\n"date": "2024-03-05"\n;;;\nText', "x.md", "A"),
        ("title: A\ndate: 2024-03-05\n---\nText", "x.md", "A"),
        ("---yaml\ntitle: A\n---\nText", "x.md", "A"),
        ('---json\n{"title": "A"}\n---\nText', "x.md", "A"),
        ('---toml\ntitle = "A"\n---\nText', "x.md", "A"),
    ],
)
def test_a_title_is_found_wherever_it_stands(text: str, path: str, title: str) -> None:
    assert article(text, path).title == title


def test_a_note_about_prose_is_no_metadata_block() -> None:
    found = article("Note: this is a sentence.\n\nAnd another.", "x.md")
    assert found.title == "X"
    assert found.excerpt == "Note: this is a sentence."


@pytest.mark.parametrize(
    "body",
    [
        "Begin like this:\n\n```yaml\ntitle: My post\n```\n\n---\n\nEnd.",
        "type: the word we use.\n\n---\n\nThe other.",
        "provider: who are you?\n\n---\n",
    ],
)
def test_a_rule_in_the_body_after_a_line_like_a_field_is_no_fence(body: str) -> None:
    assert article(f"---\ntitle: A\n---\n{body}").title == "A"


def test_a_file_that_opens_with_a_rule_has_no_front_matter() -> None:
    found = article("---\n\nHow we live now\n\nSome words.\n\n---\n\nMore: words.")
    assert (found.title, found.excerpt) == ("How we live now", "Some words.")


@pytest.mark.parametrize("language", ["js", "javascript", "coffee"])
def test_front_matter_that_is_a_program_is_reported_and_never_a_headline(language: str) -> None:
    reading = read("a.md", f'---{language}\n{{ title: "A" }}\n---\nText.'.encode())
    assert reading.article is None
    assert "never run" in reading.problems[0].reason


def test_names_of_exports_lose_their_hash_and_placeholders_are_no_pictures() -> None:
    made = read("Ships 0123456789abcdef0123456789abcdef.md", b"It opens, and all ships sail.\n").article
    assert made is not None
    assert made.title == "Ships"
    assert on_site('---\ntitle: A\ncover:\n  image: "<image path/url>"\n---\nIt opens.\n').images == ()
