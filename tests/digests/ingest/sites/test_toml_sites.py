"""Sites of Hugo and Zola: which files are articles, and where they are shown."""

from pathlib import Path

import pytest

from digests.ingest.sites.toml_sites import as_glob
from tests.digests.ingest.sites.making import Site, post


def test_what_lies_in_a_bundle_of_hugos_belongs_to_its_page(tmp_path: Path) -> None:
    site = Site(
        tmp_path,
        {
            "hugo.toml": 'baseURL = "https://a.example"\n[languages.de]\n',
            "content/posts/a/index.md": post(),
            "content/posts/a/index.de.md": post(),
            "content/posts/a/notes.md": post(),
            "content/posts/a/more/deep.md": post(),
            "content/posts/b/index.de.md": post(),
            "content/posts/b/notes.md": post(),
            "content/posts/c/plain.md": post(),
            "content/posts/c/_index.md": post(),
        },
    )
    assert site.articles() == {
        "content/posts/a/index.md",
        "content/posts/a/index.de.md",
        "content/posts/b/index.de.md",
        "content/posts/c/plain.md",
    }


def test_hugos_configuration_says_whether_a_name_dates_a_post_before_its_fields(tmp_path: Path) -> None:
    files = {
        "content/posts/2024-01-06-a.md": post(date="2020-01-01"),
        "content/posts/b.md": post(date="2020-01-01"),
    }
    config = 'baseURL = "https://a.example"\n[frontmatter]\ndate = '
    first = Site(tmp_path / "1", {**files, "hugo.toml": config + '[":filename", ":default"]'})
    second = Site(tmp_path / "2", {**files, "hugo.toml": config + '["date", ":filename"]'})
    assert str(first.article("content/posts/2024-01-06-a.md").published_at)[:10] == "2024-01-06"
    assert str(first.article("content/posts/b.md").published_at)[:10] == "2020-01-01"
    assert str(second.article("content/posts/2024-01-06-a.md").published_at)[:10] == "2020-01-01"


def test_what_hugo_ignores_or_gives_no_page_is_no_article(tmp_path: Path) -> None:
    site = Site(
        tmp_path,
        {
            "hugo.yaml": 'baseURL: https://a.example\nignoreFiles: ["\\\\.rough\\\\.md$", "content/posts/private"]\n',
            "content/posts/a.md": post(),
            "content/posts/b.rough.md": post(),
            "content/posts/private/c.md": post(),
            "content/posts/d.md": post(build="{render: never}"),
            "content/posts/e.md": post(headless="true"),
        },
    )
    assert site.articles() == {"content/posts/a.md", "content/posts/d.md", "content/posts/e.md"}
    assert "no page of its own" in site.reading("content/posts/d.md").left_out
    assert site.reading("content/posts/e.md").left_out


@pytest.mark.parametrize(
    ("expression", "glob"),
    [
        (r"\.rough\.md$", "*.rough.md"),
        ("^node_modules$", "node_modules"),
        (r"(?:^|/)OWNERS$", "OWNERS"),
        ("content/en/private", "**/content/en/private"),
        (r"/drafts/.*", "**/drafts/*"),
        (r"README[-]+[a-z]*\.md", ""),
        (r"(a+)+$", ""),
        (".*", ""),
    ],
)
def test_only_simple_expressions_of_a_site_become_globs(expression: str, glob: str) -> None:
    assert as_glob(expression) == glob


def test_sections_of_hugos_patterns_are_folders_with_a_page(tmp_path: Path) -> None:
    site = Site(
        tmp_path,
        {
            "hugo.toml": 'baseURL = "https://a.example"\n[permalinks]\ndocs = "/:sections/:filename/"\n',
            "content/docs/a/_index.md": post(),
            "content/docs/a/b/c.md": post(),
        },
    )
    assert site.article("content/docs/a/b/c.md").url == "https://a.example/docs/a/c/"


@pytest.mark.parametrize(("written", "is_left_out"), [('["*.tmp.md"]', True), ('"*.tmp.md"', True), ("5", False)])
def test_what_zola_ignores_is_left_out_and_nothing_else(tmp_path: Path, written: str, is_left_out: bool) -> None:
    config = f'base_url = "https://a.example"\nignored_content = {written}\n'
    site = Site(tmp_path, {"config.toml": config, "content/a.md": post(), "content/a.tmp.md": post()})
    assert site.known.problems == ()
    assert site.articles() == ({"content/a.md"} if is_left_out else {"content/a.md", "content/a.tmp.md"})


def test_what_lies_beside_a_page_of_zolas_belongs_to_it(tmp_path: Path) -> None:
    config = 'base_url = "https://a.example"'
    files = {
        "content/a/index.md": post(),
        "content/a/notes.md": post(),
        "content/b/_index.md": post(),
        "content/b/c.md": post(),
    }
    assert Site(tmp_path, {"config.toml": config, **files}).articles() == {"content/a/index.md", "content/b/c.md"}


def test_each_language_of_hugos_may_have_a_file_of_its_own(tmp_path: Path) -> None:
    site = Site(
        tmp_path,
        {
            "config/_default/hugo.toml": (
                "baseURL = 'https://a.example'\n[uglyURLs]\npost = true\n[permalinks]\npost = '/:year/:slug/'\n"
            ),
            "config/_default/languages.en.toml": "title = 'Port'\ncontentDir = 'content/en'\n",
            "config/_default/languages.fr.toml": "title = 'Le port'\ncontentDir = 'content/fr'\n",
            "content/en/post/2024-3-5-a.md": post(date="2024-03-05", slug="harbour"),
            "content/fr/post/a.md": post(date="2024-03-05", slug="port"),
        },
    )
    article = site.article("content/en/post/2024-3-5-a.md")
    assert article.url == "https://a.example/2024/harbour.html"
    assert article.provider is not None
    assert article.provider.name == "Port"
    assert site.article("content/fr/post/a.md").url == "https://a.example/fr/2024/port.html"
