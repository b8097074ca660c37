"""Folders of sites as their generators lay them out: which files are articles, and what is understood of them."""

from pathlib import Path

import pytest

from digests.corpus.problems import Reading
from digests.corpus.reader import read
from digests.ingest.scan import list_files
from digests.ingest.sites import SourceSite, find_site
from digests.ingest.sites.toml_sites import as_glob
from digests.models import Article
from digests.models.sources import Source

TEXT = "The harbour opens again on Monday, after three years of work.\n"


class Site:
    """A folder of files, and what is known of it."""

    def __init__(self, root: Path, files: dict[str, str]) -> None:
        (root / ".git").mkdir(parents=True)
        for name, text in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        self.root = root.resolve()
        self.known: SourceSite = find_site(Source(self.root), self.root)

    def articles(self) -> set[str]:
        """Return the paths that a walk through the folder takes for articles."""
        return set(list_files(self.root, layout=self.known.layout).paths)

    def reading(self, path: str) -> Reading:
        return read(path, (self.root / path).read_bytes(), site=self.known.site)

    def article(self, path: str) -> Article:
        article = self.reading(path).article
        assert article is not None, path
        return article


def post(**fields: str) -> str:
    lines = "\n".join(f"{name}: {value}" for name, value in {"title": "Harbour", **fields}.items())
    return f"---\n{lines}\n---\n{TEXT}"


# ---------------------------------------------------------------------- Hugo


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


# ---------------------------------------------------------------------- Eleventy, VitePress, Next: configured in code


@pytest.mark.parametrize(
    ("data", "address"),
    [
        ("permalink: (data) => `/archive/${data.page.fileSlug}/`,", "/archive/a/"),
        ("permalink: function (data) {\n  return `/t/${this.slugify(data.title)}/`;\n}", "/t/harbour/"),
        ("permalink: \"/p/{{ page.date | date: '%Y' }}/{{ page.fileSlug }}.html\"", "/p/2024/a.html"),
        ("permalink: data => data.page.custom()", None),
    ],
)
def test_eleventys_permalinks_in_code_are_read_as_patterns(tmp_path: Path, data: str, address: str | None) -> None:
    site = Site(
        tmp_path,
        {
            ".eleventy.js": "module.exports = () => ({ dir: { input: 'src' } });",
            "src/_data/site.js": "module.exports = { url: process.env.URL || 'https://a.example' };",
            "src/posts/posts.11tydata.js": f"module.exports = {{ layout: 'x', {data} }};",
            "src/posts/2024-03-05-a.md": post(),
        },
    )
    url = site.article("src/posts/2024-03-05-a.md").url
    if address is None:
        assert url in {None, "https://a.example/posts/2024-03-05-a/"}
    else:
        assert url == f"https://a.example{address}"


def test_vitepress_shows_pages_where_they_lie_or_are_rewritten_to(tmp_path: Path) -> None:
    config = """export default defineConfig({
      title: 'Port News', base: '/site/', cleanUrls: true, sitemap: { hostname: 'https://a.example' },
      srcExclude: ['**/TODO.md'], rewrites: { 'posts/:slug.md': 'blog/:slug.md' },
    })"""
    files = {"posts/a.md": post(), "posts/TODO.md": post(), "posts/index.md": post(), "guide/b.md": post()}
    site = Site(
        tmp_path, {"docs/.vitepress/config.mts": config, **{f"docs/{name}": text for name, text in files.items()}}
    )
    assert site.articles() == {"docs/posts/a.md"}
    article = site.article("docs/posts/a.md")
    assert article.url == "https://a.example/site/blog/a"
    assert article.provider is not None
    assert article.provider.name == "Port News"


def test_vuepress_gives_posts_dated_addresses(tmp_path: Path) -> None:
    config = "module.exports = { title: 'x', themeConfig: { hostname: 'https://a.example' } }"
    site = Site(tmp_path, {".vuepress/config.js": config, "_posts/2024-03-05-a.md": post(), "README.md": "# x"})
    assert site.articles() == {"_posts/2024-03-05-a.md"}
    assert site.article("_posts/2024-03-05-a.md").url == "https://a.example/2024/03/05/a/"


def test_quartz_grows_a_garden_of_its_content(tmp_path: Path) -> None:
    config = 'configuration: { pageTitle: "Garden", baseUrl: "ann.example/g", ignorePatterns: ["private"] }'
    site = Site(
        tmp_path,
        {
            "quartz.config.ts": config,
            "content/Ships & more.md": post(),
            "content/private/x.md": post(),
            "quartz/docs.md": post(),
        },
    )
    assert site.articles() == {"content/Ships & more.md"}
    assert site.article("content/Ships & more.md").url == "https://ann.example/g/Ships--and--more"


def test_posts_beside_a_configuration_of_next_are_nexts(tmp_path: Path) -> None:
    site = Site(
        tmp_path,
        {
            "next.config.js": "module.exports = {}",
            "package.json": '{"homepage": "https://a.example"}',
            "src/app/posts/[slug]/page.tsx": "x",
            "_posts/a.md": post(coverImage="/a.png"),
        },
    )
    article = site.article("_posts/a.md")
    assert article.url == "https://a.example/posts/a"
    assert [image.url for image in article.images] == ["https://a.example/a.png"]


def test_pages_of_next_that_are_markdown_are_shown_where_they_lie(tmp_path: Path) -> None:
    constants = """export const BASE_URL = process.env.BASE
      ? process.env.BASE
      : process.env.PREVIEW ? `https://${process.env.PREVIEW}` : 'https://a.example';
    export const OTHER = 'https://b.example';"""
    site = Site(
        tmp_path,
        {
            "apps/site/next.config.mjs": "export default {}",
            "apps/site/next.constants.mjs": constants,
            "apps/site/pages/en/blog/news/a.md": post(),
            "apps/site/pages/en/about.md": post(),
        },
    )
    assert site.articles() == {"apps/site/pages/en/blog/news/a.md"}
    assert site.article("apps/site/pages/en/blog/news/a.md").url == "https://a.example/en/blog/news/a"


def test_an_address_for_real_readers_beats_one_for_the_authors_machine(tmp_path: Path) -> None:
    site = Site(
        tmp_path,
        {
            ".eleventy.js": "return { dir: { input: 'src/content', data: '../_data' } }",
            "src/_data/site.js": "module.exports = { url: live ? 'https://a.example' : 'http://localhost:8080' };",
            "src/content/blog/a.md": post(subhead="How it went."),
        },
    )
    article = site.article("src/content/blog/a.md")
    assert (article.url, article.excerpt) == ("https://a.example/blog/a/", "How it went.")


def test_starlight_shows_its_blog_at_the_root(tmp_path: Path) -> None:
    config = "export default { site: 'https://a.example', integrations: [starlight({ title: 'Port Docs' })] }"
    site = Site(
        tmp_path, {"astro.config.mjs": config, "src/content/docs/blog/a.md": post(), "src/content/docs/b.md": "# B"}
    )
    assert site.articles() == {"src/content/docs/blog/a.md"}
    assert site.article("src/content/docs/blog/a.md").url == "https://a.example/blog/a/"


def test_nuxt_takes_the_numbers_off_its_pages(tmp_path: Path) -> None:
    config = "export default defineNuxtConfig({ site: { url: 'https://a.example', name: 'Port' } })"
    site = Site(tmp_path, {"nuxt.config.ts": config, "content/2.blog/1.a.md": post(), "content/index.md": "# Home"})
    assert site.article("content/2.blog/1.a.md").url == "https://a.example/blog/a"


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


# ---------------------------------------------------------------------- Nikola, Pelican, MkDocs


def test_nikolas_fields_may_stand_beside_the_post(tmp_path: Path) -> None:
    site = Site(
        tmp_path,
        {
            "conf.py": 'SITE_URL = "https://a.example"\nPOSTS = (("posts/*.txt", "news", "post.tmpl"),)\n',
            "posts/in/a.txt": TEXT,
            "posts/in/a.meta": ".. title: Ships\n.. slug: ships\n.. date: 2024-03-05 10:00 UTC\n.. tags: sea, port\n",
            "posts/b.txt": TEXT,
            "posts/b.meta": "Old Ships\nold-ships\n2012/08/17 10:10:03\nsea\n\nWhat it says.\n",
            "posts/c.txt": TEXT,
            "posts/c.meta": ".. title: Secret\n.. status: draft\n",
        },
    )
    first, second = site.article("posts/in/a.txt"), site.article("posts/b.txt")
    assert (first.title, first.url, first.topics) == ("Ships", "https://a.example/news/in/ships/", ("sea", "port"))
    assert str(first.published_at) == "2024-03-05 10:00:00+00:00"
    assert (second.title, second.url, second.excerpt) == (
        "Old Ships",
        "https://a.example/news/old-ships/",
        "What it says.",
    )
    assert site.reading("posts/c.txt").left_out


def test_a_folder_is_a_topic_of_pelicans_where_a_file_names_none(tmp_path: Path) -> None:
    site = Site(
        tmp_path,
        {
            "pelicanconf.py": "SITEURL = 'https://a.example'\nPATH = 'content'\nAUTHOR = 'Ann Port'\n",
            "content/sea trade/a.md": f"Title: A\nDate: 2024-03-05\n\n{TEXT}",
            "content/sea trade/b.md": f"Title: B\nDate: 2024-03-05\nTags: ports\nAuthor: Bob\n\n{TEXT}",
            "content/posts/c.md": f"Title: C\nDate: 2024-03-05\n\n{TEXT}",
        },
    )
    first, second = site.article("content/sea trade/a.md"), site.article("content/sea trade/b.md")
    assert (first.topics, first.authors) == (("sea trade",), ("Ann Port",))
    assert (second.topics, second.authors) == (("ports",), ("Bob",))
    assert site.article("content/posts/c.md").topics == ()


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


# ---------------------------------------------------------------------- Docusaurus, Obsidian, authors


def test_every_blog_of_docusaurus_is_read_with_its_authors(tmp_path: Path) -> None:
    config = """module.exports = {
      title: "The Port's News", url: 'https://a.example', baseUrl: '/',
      presets: [['classic', { blog: {} }]],
      plugins: [['content-blog', { id: 'second', routeBasePath: 'changes', path: './changelog' }]],
    };"""
    site = Site(
        tmp_path,
        {
            "docusaurus.config.js": config,
            "blog/authors.yml": "ann:\n  name: Ann Port\nbob: {name: Bob Quay, url: x}\n",
            "blog/2024-03-05-a.md": post(authors="[ann, bob, Carl Dock]"),
            "changelog/2024-03-06-b.md": post(authors="[{key: bob, title: Pilot}]"),
            "docs/intro.md": "# Intro",
        },
    )
    assert site.articles() == {"blog/2024-03-05-a.md", "changelog/2024-03-06-b.md"}
    first, second = site.article("blog/2024-03-05-a.md"), site.article("changelog/2024-03-06-b.md")
    assert first.authors == ("Ann Port", "Bob Quay", "Carl Dock")
    assert (second.authors, second.url) == (("Bob Quay",), "https://a.example/changes/2024/03/06/b")
    assert first.provider is not None
    assert first.provider.name == "The Port's News"


def test_braces_and_quotes_in_docusaurus_texts_end_no_block(tmp_path: Path) -> None:
    config = r"""module.exports = {
      url: 'https://a.example', baseUrl: '/',
      presets: [['classic', { blog: { blogTitle: 'What\'s } new', routeBasePath: 'news' }, docs: false }]],
    };"""
    site = Site(tmp_path, {"docusaurus.config.js": config, "blog/2024-03-05-a.md": post()})
    assert site.article("blog/2024-03-05-a.md").url == "https://a.example/news/2024/03/05/a"


def test_the_route_of_astros_collection_is_that_of_the_page_that_lists_it(tmp_path: Path) -> None:
    site = Site(
        tmp_path,
        {
            "astro.config.mjs": "export default defineConfig({ site: 'https://a.example' });",
            "src/content/posts/a.md": post(),
            "src/pages/articles/[slug].astro": "---\nconst all = await getCollection('posts');\n---\n",
            "src/pages/articles/[slug].txt": "getCollection('other')",
            "src/pages/tags/[tag].astro": "---\nconst all = await getCollection('posts');\n---\n",
        },
    )
    assert site.article("src/content/posts/a.md").url == "https://a.example/articles/a/"


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


def test_templates_and_drawings_of_a_vault_are_no_notes(tmp_path: Path) -> None:
    site = Site(
        tmp_path,
        {
            ".obsidian/templates.json": '{"folder": "99 Forms"}',
            "99 Forms/daily.md": "# {{title}}",
            "Templates/x.md": "# x",
            "Notes/a.md": TEXT,
            "Notes/b.md": f"---\nexcalidraw-plugin: parsed\n---\n{TEXT}",
            "Notes/c.md": f"---\nkanban-plugin: board\n---\n{TEXT}",
        },
    )
    assert site.articles() == {"Notes/a.md", "Notes/b.md", "Notes/c.md"}
    assert site.reading("Notes/b.md").left_out
    assert site.reading("Notes/c.md").left_out


# ---------------------------------------------------------------------- fields in code


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
