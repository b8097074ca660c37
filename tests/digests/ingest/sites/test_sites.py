"""What is known of a source from its generator's own configuration, which is read and never run."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digests.corpus.reader import read
from digests.ingest.built import with_built_addresses
from digests.ingest.layout import Layout, Mode
from digests.ingest.pool import WorkerPool
from digests.ingest.sites import MAX_DEFAULTS_CHARS, SourceSite, _as_json, find_site
from digests.ingest.sites.documents import MAX_CONFIG_BYTES, Unusable, parsed, plain, python_values
from digests.ingest.sites.partial_site import address
from digests.models.sources import Source
from tests.examples import examples


def made(root: Path, files: dict[str, str]) -> Path:
    (root / ".git").mkdir(parents=True)
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root.resolve()


def found(root: Path, inside: str = "", **source: Any) -> SourceSite:
    folder = root / inside
    return find_site(Source(folder, **source), folder)


@pytest.mark.parametrize(
    ("files", "generator", "url"),
    [
        ({"_config.yml": "url: https://a.example\nbaseurl: /b"}, "jekyll", "https://a.example/b"),
        ({"_config.yml": "title: x\nrepository: ann/ann.github.io"}, "jekyll", "https://ann.github.io"),
        ({"_config.yml": "title: x", "CNAME": "a.example\n"}, "jekyll", "https://a.example"),
        ({"_config.yml": "url: http://localhost:4000"}, "jekyll", ""),
        ({"_config.yml": "url: https://a.example\nroot: /b/\nnew_post_name: x"}, "hexo", "https://a.example/b"),
        ({"hugo.toml": 'baseURL = "https://a.example/"'}, "hugo", "https://a.example"),
        ({"config.yaml": "baseurl: https://a.example/b/"}, "hugo", "https://a.example/b"),
        ({"config/_default/hugo.yaml": "baseURL: https://a.example"}, "hugo", "https://a.example"),
        ({"config.toml": 'base_url = "https://a.example"'}, "zola", "https://a.example"),
        (
            {"docusaurus.config.js": "module.exports = { url: 'https://a.example', baseUrl: '/b/' }"},
            "docusaurus",
            "https://a.example/b",
        ),
        (
            {"astro.config.mjs": "defineConfig({ // site: 'https://no.example'\n site: 'https://a.example' })"},
            "astro",
            "https://a.example",
        ),
        (
            {
                "astro.config.ts": 'import { SITE } from "./src/config";\nexport default { site: SITE.website };',
                "src/config.ts": 'export const SITE = { website: "https://a.example/" };',
            },
            "astro",
            "https://a.example",
        ),
        (
            {
                "eleventy.config.js": "export default function () {}",
                "_data/metadata.json": '{"url": "https://a.example/"}',
            },
            "eleventy",
            "https://a.example",
        ),
        (
            {
                ".eleventy.js": "return { dir: { input: 'src' } }",
                "src/_data/site.js": "module.exports = {url: 'https://a.example'}",
            },
            "eleventy",
            "https://a.example",
        ),
        (
            {"gatsby-config.js": "module.exports = { siteMetadata: { siteUrl: `https://a.example` } }"},
            "gatsby",
            "https://a.example",
        ),
        (
            {"next.config.js": "", "data/siteMetadata.js": "const m = { siteUrl: 'https://a.example' }"},
            "next",
            "https://a.example",
        ),
        (
            {
                "pelicanconf.py": "SITEURL = ''",
                "publishconf.py": "from pelicanconf import *\nSITEURL = 'https://a.example'",
            },
            "pelican",
            "https://a.example",
        ),
        (
            {"conf.py": "SITE_URL = 'https://a.example/'\nPOSTS = (('posts/*.rst', 'posts', 'post.tmpl'),)"},
            "nikola",
            "https://a.example",
        ),
        (
            {"mkdocs.yml": "site_url: https://a.example/\nplugins: [search]\nx: !!python/name:os.system"},
            "mkdocs",
            "https://a.example",
        ),
    ],
)
def test_the_generator_and_its_address_are_found(
    tmp_path: Path, files: dict[str, str], generator: str, url: Any
) -> None:
    site = found(made(tmp_path, files)).site
    assert (site.generator, site.url) == (generator, url)


def test_a_folder_below_the_root_knows_where_it_lies(tmp_path: Path) -> None:
    root = made(tmp_path, {"config.toml": 'baseURL = "https://a.example"', "content/blog/a.md": "x"})
    assert found(root, "content/blog").site.prefix == "content/blog/"


def test_a_site_in_a_folder_of_a_repository_is_found(tmp_path: Path) -> None:
    root = made(tmp_path, {"website/docusaurus.config.js": "url: 'https://a.example'", "website/blog/a.md": "x"})
    known = found(root)
    assert known.site.generator == "docusaurus"
    assert known.layout.of_folder("website/blog/")[0] is Mode.ARTICLES
    assert known.layout.of_folder("website/docs/")[0] is Mode.LEFT_OUT


def test_the_operators_words_beat_the_sites(tmp_path: Path) -> None:
    root = made(tmp_path, {"_config.yml": "url: https://a.example\ntitle: A\ntimezone: Asia/Tokyo"})
    site = found(root, url="https://b.example/x/", name="B", permalink="/{slug}/").site
    assert (site.url, site.name, site.permalink, site.timezone) == (
        "https://b.example/x",
        "B",
        "/{slug}/",
        "Asia/Tokyo",
    )
    assert site.origin_of("url") == "corpus.sources"
    assert site.origin_of("timezone") == "_config.yml"


def test_jekylls_defaults_hold_below_their_scope_and_the_narrower_one_comes_last(tmp_path: Path) -> None:
    config = """
defaults:
  - {scope: {path: "_posts/news", type: posts}, values: {category: news}}
  - {scope: {path: "", type: posts}, values: {category: other, layout: post}}
  - {scope: {path: "", type: pages}, values: {category: page}}
"""
    root = made(tmp_path, {"_config.yml": config, "_posts/news/a.md": "x"})
    assert [(each.prefix, json.loads(each.fields)) for each in found(root).site.defaults] == [
        ("", {"category": "other"}),
        ("_posts/news/", {"category": "news"}),
    ]
    assert [each.prefix for each in found(root, "_posts/news").site.defaults] == ["", ""]


def test_of_defaults_that_are_too_many_the_first_are_kept_and_files_stay_readable(tmp_path: Path) -> None:
    values = "".join(f"    field{number}: {'w' * 900}\n" for number in range(40))
    config = f"url: https://a.example\ndefaults:\n- scope: {{path: ''}}\n  values:\n    author: Ann\n{values}"
    site = found(made(tmp_path, {"_config.yml": config, "_posts/2020-01-02-a.md": "---\ntitle: A\n---\n"})).site
    article = read("_posts/2020-01-02-a.md", b"---\ntitle: A\n---\n", site=site).article
    assert article is not None
    assert article.authors == ("Ann",)
    (defaults,) = site.defaults
    assert 1 < len(json.loads(defaults.fields)) < 40


def test_eleventys_data_files_hold_for_their_folder(tmp_path: Path) -> None:
    files = {
        ".eleventy.js": "",
        "posts/posts.json": '{"tags": ["news"], "permalink": "/n/{{ page.fileSlug }}/"}',
        "notes/notes.11tydata.js": "module.exports = { tags: ['note'], permalink: `/o/{{ page.fileSlug }}/` }",
    }
    given = {each.prefix: json.loads(each.fields) for each in found(made(tmp_path, files)).site.defaults}
    assert given["posts/"]["tags"] == ["news"]
    assert given["notes/"] == {"tags": ["note"], "permalink": "/o/{{ page.fileSlug }}/"}


@pytest.mark.parametrize(
    ("files", "articles", "others"),
    [
        (
            {"_config.yml": "exclude: [old]", "_posts/a.md": ""},
            ["_posts/", "x/_posts/"],
            ["", "_people/", "_drafts/", "old/"],
        ),
        (
            {"hugo.toml": "", "content/posts/a.md": ""},
            ["content/", "content/posts/"],
            ["archetypes/", "themes/", "public/"],
        ),
        (
            {
                "astro.config.mjs": "",
                "src/content/blog/a.md": "",
                "src/content/authors/a.md": "",
                "src/pages/blog/[...slug].astro": "await getCollection('blog')",
            },
            ["src/content/blog/"],
            ["src/content/authors/", "docs/"],
        ),
        ({"pelicanconf.py": "PATH = 'content'", "content/a.md": ""}, ["content/"], ["content/pages/", "output/", ""]),
        (
            {"_config.yml": "source_dir: source", "source/_posts/a.md": ""},
            ["source/_posts/"],
            ["source/about/", "themes/x/"],
        ),
    ],
)
def test_naming_a_sites_root_finds_its_posts(
    tmp_path: Path, files: dict[str, str], articles: list[str], others: list[str]
) -> None:
    layout = found(made(tmp_path, files)).layout
    assert [layout.of_folder(each)[0] for each in articles] == [Mode.ARTICLES] * len(articles)
    assert Mode.ARTICLES not in [layout.of_folder(each)[0] for each in others]


def test_a_folder_of_posts_that_is_named_itself_is_read_whole(tmp_path: Path) -> None:
    root = made(tmp_path, {"_config.yml": "", "_posts/a.md": "", "_people/a.md": ""})
    assert found(root, "_posts").layout.of_folder("")[0] is Mode.ARTICLES
    assert found(root, "_people").layout.of_folder("")[0] is Mode.ARTICLES


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("_config.yml", "x" * (MAX_CONFIG_BYTES + 1), f"too large to be read: {MAX_CONFIG_BYTES // 1024} KiB"),
        ("_config.yml", "a: [" * 5000, "deep|valid"),
        ("_config.yml", "b1: &b1 {<<: [*b0, *b0]}\n", "valid"),
        ("_config.yml", "url: 'unclosed", "valid"),
        ("hugo.toml", "a = " + "[" * 5000, "valid|deep"),
        ("pelicanconf.py", "(" * 5000, "valid"),
        ("pelicanconf.py", "def f(:", "valid"),
    ],
)
def test_hostile_configuration_costs_only_itself_and_says_why(
    tmp_path: Path, name: str, text: str, reason: str
) -> None:
    known = found(made(tmp_path, {name: text}))
    assert known.site.url == ""
    assert len(known.problems) >= 1
    assert known.problems[0].path == name
    assert any(word in known.problems[0].reason for word in reason.split("|"))


def test_fields_for_a_folder_without_end_are_cut_to_what_can_be_stored() -> None:
    fields = {f"f{number}": "x" for number in range(MAX_DEFAULTS_CHARS)}
    text = _as_json(fields)
    assert MAX_DEFAULTS_CHARS - 20 < len(text) <= MAX_DEFAULTS_CHARS + 2
    assert json.loads(text).items() <= fields.items()


def test_a_bomb_of_merge_keys_is_refused() -> None:
    lines = ["b0: &b0 {" + ", ".join(f"k{n}: 1" for n in range(50)) + "}"]
    lines += [f"b{n}: &b{n} {{<<: [{', '.join([f'*b{n - 1}'] * 9)}]}}" for n in range(1, 12)]
    with pytest.raises(Unusable):
        parsed("_config.yml", "\n".join(lines))


def test_a_bomb_of_aliases_is_cut_when_it_is_copied() -> None:
    lines = ["b0: &b0 [x, x]"] + [f"b{n}: &b{n} [{', '.join([f'*b{n - 1}'] * 9)}]" for n in range(1, 12)]
    data = parsed("_config.yml", "\n".join(lines))
    assert len(json.dumps(plain(data))) < 20_000


def test_python_is_parsed_and_never_run(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    values = python_values(f"open({str(mark)!r}, 'w')\nA = 'x' + 'y'\nB = __import__('os').getcwd()\nC = f'{{A}}/z'\n")
    assert values == {"A": "xy", "C": "xy/z"}
    assert not mark.exists()


def test_configuration_that_is_a_link_or_a_pipe_is_not_followed(tmp_path: Path) -> None:
    import os

    root = made(tmp_path / "site", {"a.md": "x"})
    (tmp_path / "secret.yml").write_text("url: https://secret.example")
    (root / "_config.yml").symlink_to(tmp_path / "secret.yml")
    os.mkfifo(root / "hugo.toml")
    assert found(root).site.url == ""


@pytest.mark.parametrize(
    ("url", "base", "expected"),
    [
        ("a.example", "", "https://a.example"),
        ("//a.example/x/", "y", "https://a.example/x/y"),
        ("https://{{ domain }}", "", ""),
        ("javascript:alert(1)", "", ""),
        ("127.0.0.1:80", "", ""),
        (5, None, ""),
    ],
)
def test_an_address_is_taken_from_configuration_only_where_it_is_one(url: Any, base: str | None, expected: str) -> None:
    assert address(url, base) == expected


def test_globs_hold_by_name_at_any_depth_or_from_the_folder_on() -> None:
    layout = Layout(ignored=["*.tmp.md", "old/**", "/top.md", "**/_*/**"])
    assert layout.of_file("x/a.tmp.md", "a.tmp.md")
    assert layout.of_file("top.md", "top.md")
    assert layout.of_folder("old/")[0] is Mode.CLOSED
    assert layout.of_folder("a/_b/")[0] is Mode.CLOSED
    assert not layout.of_file("x/top.mdx", "top.mdx")


@pytest.mark.parametrize(
    "name", ["README.md", "readme.fr.md", "_index.md", "_index.en.html", "LICENSE.txt", "404.html"]
)
def test_pages_about_the_project_and_section_pages_are_no_articles(name: str) -> None:
    assert Layout().of_file(name, name)


@pytest.mark.parametrize("name", ["readme-driven.md", "2024-03-05-a.md", "index.md", "licence-to-read.md", "Law.md"])
def test_other_names_are_articles(name: str) -> None:
    assert not Layout().of_file(name, name)


@settings(max_examples=examples(60))
@given(
    name=st.sampled_from(
        [
            *["_config.yml", "hugo.toml", "docusaurus.config.js", "pelicanconf.py", "astro.config.mjs", "mkdocs.yml"],
            *[
                ".vitepress/config.ts",
                "quartz.config.ts",
                "nuxt.config.ts",
                "conf.py",
                ".eleventy.js",
                "next.config.js",
            ],
        ]
    ),
    text=st.text(max_size=300),
)
def test_no_text_of_a_configuration_raises(tmp_path_factory: pytest.TempPathFactory, name: str, text: str) -> None:
    root = tmp_path_factory.mktemp("site")
    (root / name).parent.mkdir(exist_ok=True)
    (root / name).write_text(text)
    find_site(Source(root), root)


@pytest.mark.slow
async def test_a_built_feed_gives_posts_their_exact_addresses(tmp_path: Path) -> None:
    (tmp_path / "_config.yml").write_text("url: https://site.example\n")
    (tmp_path / "_site").mkdir()
    (tmp_path / "_site/feed.xml").write_text(
        '<rss version="2.0"><channel><title>S</title><link>http://localhost:4000/</link>'
        "<item><title>Exact One</title><link>http://localhost:4000/really/here.html</link></item></channel></rss>"
    )
    known = find_site(Source(tmp_path), tmp_path)
    async with WorkerPool(max_bytes=100_000) as pool:
        site = await with_built_addresses(known.site, known.built, pool)
    assert site.addresses == (("exact one", "https://site.example/really/here.html"),)
    assert site.origin_of("addresses") == "_site/feed.xml"


def test_a_substack_export_says_in_its_list_what_its_pages_do_not(tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts.csv").write_text(
        "post_id,post_date,is_published,title,subtitle\n"
        "12.harbour,2024-03-05T10:00:00.000Z,true,Harbour reopens,After eleven days\n"
        "13.later,,false,Later,\n"
    )
    site = find_site(Source(tmp_path, url="https://tides.substack.com"), tmp_path).site
    reading = read("posts/12.harbour.html", b"<p>The harbour opened.</p>", site=site)
    assert reading.article is not None
    assert (reading.article.title, reading.article.excerpt) == ("Harbour reopens", "After eleven days")
    assert reading.article.published_at == datetime(2024, 3, 5, 10, tzinfo=UTC)
    assert reading.article.url == "https://tides.substack.com/p/harbour"
    assert read("posts/13.later.html", b"<p>Not yet.</p>", site=site).left_out


def test_hugo_puts_its_own_language_in_a_folder_if_configured(tmp_path: Path) -> None:
    (tmp_path / "content/post").mkdir(parents=True)
    (tmp_path / "hugo.toml").write_text(
        'baseURL = "https://h.example"\ndefaultContentLanguage = "de"\ndefaultContentLanguageInSubdir = true\n'
        "[languages.de]\n[languages.en]\n"
    )
    site = find_site(Source(tmp_path), tmp_path).site
    article = read("content/post/hallo.md", b"---\ntitle: Hallo\n---\nText.", site=site).article
    assert article is not None
    assert article.url == "https://h.example/de/post/hallo/"


def test_a_medium_export_is_read_by_its_marks_and_its_drafts_stay_out() -> None:
    page = (
        b'<html><head><title>My Title</title></head><body><article class="h-entry">'
        b'<section class="p-summary">Sub</section>'
        b'<p>The harbour opened.</p><footer>By <a class="p-author h-card">Me</a>'
        b'<time class="dt-published" datetime="2024-03-05T10:00:00.000Z">March 5</time>'
        b'<a href="https://medium.com/@me/my-title-abc" class="p-canonical">Link</a></footer></article>'
    )
    article = read("posts/2024-03-05_My-Title-abc.html", page).article
    assert article is not None
    assert (article.url, article.excerpt, article.authors) == ("https://medium.com/@me/my-title-abc", "Sub", ("Me",))
    assert article.published_at == datetime(2024, 3, 5, 10, tzinfo=UTC)
    assert read("posts/draft_My-Title-3f2a1b4c5d6e.html", page).left_out
    for name in ("draft_picks.html", "news/draft_rules-for-2024.html", "draft_schedule-20240305.html"):
        assert read(name, page).article is not None
