"""Sites of Jekyll, Bridgetown and MkDocs: what their settings say about folders and addresses."""

from pathlib import Path

import pytest

from tests.digests.ingest.sites.making import Site, post


@pytest.mark.parametrize(
    ("config", "folder"),
    [
        ({"_config.yml": "url: https://a.example\nsource: site"}, "site/"),
        ({"_config.yml": "url: https://a.example\ncollections_dir: texts"}, "texts/"),
        ({"bridgetown.config.yml": "url: https://a.example"}, "src/"),
    ],
)
def test_the_folder_of_a_whole_site_is_no_category(tmp_path: Path, config: dict[str, str], folder: str) -> None:
    path = f"{folder}sea/_posts/2024-03-05-a.md"
    site = Site(tmp_path, {**config, path: post()})
    assert site.article(path).url == "https://a.example/sea/2024/03/05/a.html"


def test_the_blog_of_mkdocs_lies_where_its_settings_say(tmp_path: Path) -> None:
    config = (
        "site_url: https://a.example\nplugins:\n  blog:\n    blog_dir: news\n    post_dir: '{blog}/texts'\n"
        "    post_url_format: '{date}/{file}'\n    post_url_date_format: yyyy/M\n"
    )
    site = Site(
        tmp_path,
        {"mkdocs.yml": config, "docs/news/texts/a.md": post(date="2024-03-05"), "docs/news/index.md": "# News"},
    )
    assert site.articles() == {"docs/news/texts/a.md"}
    assert site.article("docs/news/texts/a.md").url == "https://a.example/news/2024/3/a/"


def test_of_a_sites_collections_those_of_news_are_read_beside_its_posts(tmp_path: Path) -> None:
    config = (
        "url: https://a.example\ncollections:\n  news:\n    output: true\n    permalink: /news/:path/\n"
        "  people:\n    output: true\n  notes:\n    output: false\n"
    )
    files = {f"{folder}/a.md": post(date="2024-03-05") for folder in ("_news", "_people", "_notes")}
    site = Site(tmp_path, {"_config.yml": config, "_posts/2024-03-05-b.md": post(), **files})
    assert site.articles() == {"_news/a.md", "_posts/2024-03-05-b.md"}
    assert site.article("_news/a.md").url == "https://a.example/news/a/"


def test_a_collection_of_news_is_enough_where_there_are_no_posts(tmp_path: Path) -> None:
    config = (
        "url: https://a.example\npermalink: pretty\ncollections_dir: texts\n"
        "collections:\n  article: {output: true}\n  showcase: {output: true}\n"
        "defaults:\n  - scope: {type: article}\n    values: {author: Ann Port}\n"
    )
    files = {f"texts/{folder}/a.md": post(date="2024-03-05") for folder in ("_article", "_showcase")}
    site = Site(tmp_path, {"_config.yml": config, **files})
    assert site.articles() == {"texts/_article/a.md"}
    article = site.article("texts/_article/a.md")
    assert (article.url, article.authors) == ("https://a.example/article/a/", ("Ann Port",))


def test_what_jekyll_builds_into_a_folder_of_its_own_choice_is_not_read(tmp_path: Path) -> None:
    site = Site(
        tmp_path,
        {
            "_config.yml": "url: https://a.example\ndestination: ./public\n",
            "_posts/2024-03-05-a.md": post(),
            "public/_posts/2024-03-05-a.md": post(),
        },
    )
    assert site.articles() == {"_posts/2024-03-05-a.md"}
