"""An article's address by its many names, and joined with the site's."""

from __future__ import annotations

import pytest

from digests.models import Provider
from tests.digests.corpus.reading import on_site, one


@pytest.mark.parametrize(
    "name",
    [
        *(
            "canonical_url",
            "canonicalUrl",
            "canonical",
            "link",
            "external_url",
            "externalUrl",
            "source",
            "original_url",
        ),
        *("url", "permalink"),
    ],
)
def test_an_address_goes_by_many_names(name: str) -> None:
    assert one(f"title: A\n{name}: https://a.example/a").url == "https://a.example/a"


def test_the_publishers_address_comes_first_and_a_canonical_one_before_a_link() -> None:
    both = "title: A\nlink: https://b.example/b\ncanonical: https://a.example/a"
    assert one(both).url == "https://a.example/a"
    assert one(f"{both}\nwebUrl: https://c.example/c").url == "https://c.example/c"


def test_a_source_that_is_no_address_is_none() -> None:
    assert one("title: A\nsource: The Averil Post").url is None


def test_an_own_path_is_joined_with_the_sites_address() -> None:
    found = on_site("---\ntitle: A\npermalink: /2024/harbour/\n---\n")
    assert found.url == "https://site.example/base/2024/harbour/"
    assert found.provider == Provider("The Site", "site.example")


def test_a_link_to_somebody_elses_page_is_theirs() -> None:
    found = on_site("---\ntitle: A\nlink: https://other.example/a\n---\n")
    assert found.provider == Provider("other.example", "other.example")
