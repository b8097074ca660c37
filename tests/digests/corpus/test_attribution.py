"""Topics, providers and authors by their many names."""

from __future__ import annotations

import pytest

from digests.corpus.site import Site
from digests.models import Provider
from tests.digests.corpus.reading import article, on_site, one


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("tags: ports weather\ncategory: This Week", ("This Week", "ports", "weather")),
        ("tags: machine learning, ports\ncategories: [a]", ("a", "machine learning", "ports")),
        ("categories: [[a, b], c]", ("a", "b", "c")),
        ("tags:\n- name: a\n- label: b\n  permalink: /b", ("a", "b")),
        ("tags: ['#clippings', '[[A note|note]]']", ("clippings", "note")),
        ("keywords: deep learning, ships", ("deep learning", "ships")),
        ("tags: [2024, 1.10, Ports, ports]", ("2024", "1.10", "Ports")),
        ("topics: [A]\ntags: [b]\ncategories: [c]", ("A", "c", "b")),
        ("taxonomies:\n  tags: [b]\n  categories: [a]", ("a", "b")),
    ],
)
def test_topics_are_categories_first_and_all_are_kept(text: str, topics: tuple[str, ...]) -> None:
    assert one(f"title: A\n{text}").topics == topics


def test_a_metadata_blocks_tags_split_at_commas_alone() -> None:
    found = article("Title: A\nDate: 2024-03-05\nTags: machine learning, ports\n\nText.")
    assert found.topics == ("machine learning", "ports")


def test_a_source_says_which_fields_are_topics() -> None:
    site = Site(topics_from=("tags", "categories"))
    assert on_site("---\ntitle: A\ncategories: [a]\ntags: [b]\n---\n", site=site).topics == ("b", "a")


def test_the_publishers_category_is_no_topic() -> None:
    assert one("title: A\nquality: 3\ncategory: news\ntopics: [AI]").topics == ("AI",)


@pytest.mark.parametrize(
    ("text", "authors"),
    [
        ("author: Ann Example", ("Ann Example",)),
        ("author: Ann Example <ann@a.example>", ("Ann Example",)),
        ("authors: Ann Example and Bob Other", ("Ann Example", "Bob Other")),
        ("author: Ann Example, Port Executive Director", ("Ann Example, Port Executive Director",)),
        ("author: Ann Example and Bob Other, Port Executive Director", ("Ann Example", "Bob Other")),
        ("authors:\n- name: Ann Example\n  url: https://a.example\n- bob", ("Ann Example", "bob")),
        ("author:\n- '[[Ann Example]]'", ("Ann Example",)),
        ("extra:\n  author: Ann", ("Ann",)),
    ],
)
def test_authors_are_a_byline_and_no_provider(text: str, authors: tuple[str, ...]) -> None:
    found = one(f"title: A\n{text}")
    assert found.authors == authors
    assert found.provider is None


@pytest.mark.parametrize("name", ["publication", "site_name", "provider"])
def test_a_provider_goes_by_many_names(name: str) -> None:
    found = one(f"title: A\n{name}: The Averil Post\nlink: https://a.example/a")
    assert found.provider == Provider("The Averil Post", "a.example")
