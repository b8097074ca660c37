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
