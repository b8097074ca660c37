"""Sites of Eleventy, Docusaurus and Astro: addresses that are configured in code, read by pattern."""

from pathlib import Path

import pytest

from tests.digests.ingest.sites.making import Site, post


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


def test_a_collection_of_astros_may_be_named_by_constants_and_hide_names(tmp_path: Path) -> None:
    settings = """export const BLOG_PATH = "src/data/blog";
    const blog = defineCollection({ loader: glob({ pattern: "**/[^_]*.md", base: `./${BLOG_PATH}` }) });"""
    site = Site(
        tmp_path,
        {
            "astro.config.ts": "export default defineConfig({ site: 'https://a.example', trailingSlash: 'never' });",
            "src/content.config.ts": settings,
            "src/pages/posts/[...slug]/index.astro": "---\nconst all = await getCollection('blog');\n---\n",
            "src/pages/about.md": post(),
            "src/data/blog/a.md": post(),
            "src/data/blog/_hidden.md": post(),
            "src/data/blog/_releases/b.md": post(),
            "src/data/blog/sea/c.md": post(),
        },
    )
    assert site.articles() == {"src/data/blog/a.md", "src/data/blog/_releases/b.md", "src/data/blog/sea/c.md"}
    assert site.article("src/data/blog/_releases/b.md").url == "https://a.example/posts/b"
    assert site.article("src/data/blog/sea/c.md").url == "https://a.example/posts/sea/c"


def test_collections_of_astros_may_stand_in_one_object_and_pictures_among_the_sources(tmp_path: Path) -> None:
    settings = """export const collections = {
      authors: defineCollection({ loader: file('src/data/authors/authors.json') }),
      news: defineCollection({ loader: glob({ base: './texts', pattern: '*.md' }) }),
    };"""
    site = Site(
        tmp_path,
        {
            "astro.config.mjs": "export default defineConfig({ site: 'https://a.example' });",
            "src/content.config.ts": settings,
            "src/data/authors/authors.json": '{"ann": {"name": "Ann Port"}}',
            "src/pages/news/[slug].astro": "---\nconst all = await getCollection('news');\n---\n",
            "texts/a.md": post(authors="[ann]", coverImage="/src/texts/a.webp", thumbnail="/b.png"),
        },
    )
    article = site.article("texts/a.md")
    assert (article.url, article.authors) == ("https://a.example/news/a/", ("Ann Port",))
    assert [image.url for image in article.images] == ["https://a.example/b.png"]


def test_the_language_of_an_entry_of_astros_stands_where_its_route_has_it(tmp_path: Path) -> None:
    site = Site(
        tmp_path,
        {
            "astro.config.mjs": "export default defineConfig({ site: 'https://a.example' });",
            "src/pages/[lang]/blog/[...slug].astro": "---\nconst all = await getCollection('blog');\n---\n",
            "src/content/blog/pt-br/a.md": post(),
        },
    )
    assert site.article("src/content/blog/pt-br/a.md").url == "https://a.example/pt-br/blog/a/"


def test_posts_of_docusaurus_1_end_in_html(tmp_path: Path) -> None:
    config = "const siteConfig = { title: 'Port', url: 'https://a.example', baseUrl: '/' };"
    site = Site(tmp_path, {"siteConfig.js": config, "blog/2024-03-05-a.md": post(), "docs/b.md": post()})
    assert site.articles() == {"blog/2024-03-05-a.md"}
    assert site.article("blog/2024-03-05-a.md").url == "https://a.example/blog/2024/03/05/a.html"


def test_the_page_of_a_folder_of_eleventys_and_its_collection_say_nothing_of_a_post(tmp_path: Path) -> None:
    site = Site(
        tmp_path,
        {
            ".eleventy.js": "module.exports = { dir: { input: 'src' } };",
            "package.json": '{"homepage": "https://a.example"}',
            "src/blog/blog.json": '{"tags": ["blog"], "permalink": "/blog/{{ page.fileSlug }}/"}',
            "src/blog/blog.md": post(),
            "src/blog/2024-03-05-b.md": "---\nnewstitle: Ships\n---\nText.\n",
            "src/blog/2024-03-06-blog.md": post(tags="[ships, blog]"),
        },
    )
    assert site.articles() == {"src/blog/2024-03-05-b.md", "src/blog/2024-03-06-blog.md"}
    article = site.article("src/blog/2024-03-05-b.md")
    assert (article.title, article.url, article.topics) == ("Ships", "https://a.example/blog/b/", ())
    assert site.article("src/blog/2024-03-06-blog.md").topics == ("ships", "blog")
