"""Sites of Next: posts beside their configuration, and pages that are Markdown."""

from pathlib import Path

from tests.digests.ingest.sites.making import Site, post


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


def test_posts_in_the_app_folder_of_next_have_the_address_of_its_metadata(tmp_path: Path) -> None:
    site = Site(
        tmp_path,
        {
            "next.config.mjs": "export default {}",
            "app/layout.tsx": "export const metadata = { metadataBase: new URL('https://a.example') }",
            "app/blog/posts/a.mdx": post(),
            "app/blog/[slug]/page.tsx": "x",
        },
    )
    assert site.article("app/blog/posts/a.mdx").url == "https://a.example/blog/a"


def test_pages_in_the_app_folder_of_next_are_shown_without_their_groups(tmp_path: Path) -> None:
    site = Site(
        tmp_path,
        {
            "next.config.mjs": "export default {}",
            "package.json": '{"homepage": "https://a.example"}',
            "app/(site)/blog/harbour/page.mdx": "# Harbour\n\nText.\n",
        },
    )
    assert site.article("app/(site)/blog/harbour/page.mdx").url == "https://a.example/blog/harbour"


def test_gridsome_makes_addresses_of_a_template(tmp_path: Path) -> None:
    config = """module.exports = {
      siteName: 'Port', siteUrl: 'https://a.example', templates: { Post: '/news/:year/:title' },
      plugins: [{ use: '@gridsome/source-filesystem', options: { typeName: 'Post', path: 'content/posts/*.md' } }] }"""
    site = Site(
        tmp_path,
        {
            "gridsome.config.js": config,
            "content/posts/a.md": post(title="Ships & Co", date="2024-03-05"),
            "content/posts/b.md": post(path="/own"),
            "content/other/c.md": post(),
        },
    )
    assert site.articles() == {"content/posts/a.md", "content/posts/b.md"}
    assert site.article("content/posts/a.md").url == "https://a.example/news/2024/ships-and-co/"
    assert site.article("content/posts/b.md").url == "https://a.example/own/"


def test_gridsome_takes_the_name_that_a_post_gives_itself(tmp_path: Path) -> None:
    config = """module.exports = {
      siteUrl: 'https://a.example', templates: { Post: '/news/:slug' },
      plugins: [{ use: '@gridsome/source-filesystem', options: { typeName: 'Post', path: 'content/posts/*.md' } }] }"""
    site = Site(
        tmp_path, {"gridsome.config.js": config, "content/posts/a.md": post(slug="Ships"), "content/posts/b.md": post()}
    )
    assert site.article("content/posts/a.md").url == "https://a.example/news/ships/"
    assert (site.article("content/posts/b.md").url or "").startswith("https://a.example/news/")


def test_an_author_named_by_a_file_is_called_as_the_file_says(tmp_path: Path) -> None:
    site = Site(
        tmp_path,
        {
            "next.config.js": "module.exports = {}",
            "content/authors/ann.md": "---\nname: Ann Port\n---\n",
            "content/posts/a.md": post(author="content/authors/ann.md"),
        },
    )
    assert site.article("content/posts/a.md").authors == ("Ann Port",)
