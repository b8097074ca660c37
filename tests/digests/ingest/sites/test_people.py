"""Who a site's authors are, where posts name them by an id."""

from pathlib import Path

from tests.digests.ingest.sites.making import Site, post


def test_authors_may_have_pages_of_their_own(tmp_path: Path) -> None:
    site = Site(
        tmp_path,
        {
            "_config.yml": "url: https://a.example",
            "_people/ann.md": "---\nname: Ann Port\n---\n",
            "_data/authors.json": '{"bob": {"name": "Bob Quay"}}',
            "_posts/2024-03-05-a.md": post(author="ann"),
            "_posts/2024-03-05-b.md": post(authors="[bob, ann]"),
        },
    )
    assert site.article("_posts/2024-03-05-a.md").authors == ("Ann Port",)
    assert site.article("_posts/2024-03-05-b.md").authors == ("Bob Quay", "Ann Port")


def test_who_is_listed_without_a_name_is_called_by_the_id(tmp_path: Path) -> None:
    site = Site(
        tmp_path,
        {
            "_config.yml": "url: https://a.example",
            "_data/authors.yml": "ann:\n  url: https://a.example/ann\nbob:\n  name: Bob Quay\n",
            "_posts/2024-03-05-a.md": post(authors="[ann, bob]"),
        },
    )
    assert site.article("_posts/2024-03-05-a.md").authors == ("ann", "Bob Quay")
