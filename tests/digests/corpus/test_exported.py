"""Fields that a page of MDX exports are read as data; what is code in them is passed over."""

from __future__ import annotations

import pytest

from digests.corpus.exported import MAX_FIELDS, find
from digests.corpus.reader import read

TEXT = "The harbour opens again on Monday, after three years of work.\n"


@pytest.mark.parametrize(
    ("statement", "fields"),
    [
        (
            "export const meta = { title: 'Ferries', views: 3, draft: false }",
            {"title": "Ferries", "views": "3", "draft": False},
        ),
        ('export const metadata = { "title": "a \\"b\\"\\nc" };', {"title": 'a "b"\nc'}),
        ("export let post: Post = define({ tags: ['sea', port, `harbour`] }) as const;", {"tags": ["sea", "harbour"]}),
        (
            "export const frontMatter = { date: new Date('2026-03-01'), title: 'x' }",
            {"date": "2026-03-01", "title": "x"},
        ),
        ("export const meta = { title: make(1, {a: ')'}), image: <Img a='}' />, name: 'y' }", {"name": "y"}),
        (
            "export const meta = { author: { name: 'Ada' }, x: null, // one\n url: 'u' }",
            {"author": {"name": "Ada"}, "url": "u"},
        ),
    ],
)
def test_plain_values_are_read_and_code_is_stepped_over(statement: str, fields: dict[str, object]) -> None:
    found = find(f"import x from 'y'\n{statement}\n\nText.")
    assert found is not None
    assert found.fields == fields


def test_the_statement_ends_behind_its_semicolon() -> None:
    text = "export const meta = { title: 'x' } satisfies Meta;\nText."
    found = find(text)
    assert found is not None
    assert text[found.end :] == "\nText."
    assert found.start == 0


@pytest.mark.parametrize("text", ["No export.", "export const meta = { }", "export const other = { title: 'x' }"])
def test_where_no_field_is_exported_there_is_none(text: str) -> None:
    assert find(text) is None


def test_no_more_fields_are_taken_than_anybody_writes() -> None:
    many = ", ".join(f"k{number}: '{number}'" for number in range(MAX_FIELDS + 5))
    found = find(f"export const meta = {{ {many}, list: [{many}] }}")
    assert found is not None
    assert len(found.fields) == MAX_FIELDS


def test_the_fields_that_a_page_of_mdx_exports_are_read() -> None:
    text = """import card from "./card.jpg";

export const meta = {
  title: "It's \\"open\\"", // as said
  description: `The harbour opens.`,
  date: new Date("2024-03-05T10:00:00Z"),
  authors: [ann],
  tags: ['sea', "port"],
  image: card,
  excerpt: (
    <>
      We've <Link href="https://b.example">opened, again</Link>.
    </>
  ),
  draft: false,
};

<Image src={card} />

The first paragraph.
"""
    article = read("a.mdx", text.encode()).article
    assert article is not None
    assert (article.title, article.excerpt) == ('It\'s "open"', "The harbour opens.")
    assert str(article.published_at) == "2024-03-05 10:00:00+00:00"
    assert article.topics == ("sea", "port")
    assert "meta" not in article.body
    assert read("a.mdx", text.replace("draft: false", "draft: true").encode()).left_out


@pytest.mark.parametrize(
    "text",
    [
        "export const meta = {",
        "export const meta = {}",
        "export const meta = {a: {b: [",
        "export const meta = makeMeta()",
    ],
)
def test_an_export_that_is_no_object_costs_nothing(text: str) -> None:
    article = read("2024-03-05-harbour-news.mdx", f"{text}\n\n# Harbour\n\n{TEXT}".encode()).article
    assert article is not None
