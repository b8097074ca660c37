"""Fields that a page of MDX exports are read as data; what is code in them is passed over."""

from __future__ import annotations

import pytest

from digests.corpus.exported import MAX_FIELDS, find


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
