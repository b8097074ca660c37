"""Sites of SvelteKit and Lume."""

from pathlib import Path

from tests.digests.ingest.sites.making import Site, post


def test_posts_of_sveltekit_are_shown_where_the_routes_say(tmp_path: Path) -> None:
    site = Site(
        tmp_path,
        {
            "svelte.config.js": "export default { kit: {} };",
            "src/lib/config.ts": (
                "export const title = 'Port';\nexport const url = dev ? 'http://localhost/' : 'https://a.example';"
            ),
            "src/routes/(site)/journal/[slug]/+page.svelte": "x",
            "src/routes/about/+page.md": post(),
            "src/posts/a.md": post(),
        },
    )
    assert site.articles() == {"src/posts/a.md"}
    article = site.article("src/posts/a.md")
    assert article.url == "https://a.example/journal/a"
    assert article.provider is not None
    assert article.provider.name == "Port"


def test_a_route_of_sveltekit_without_posts_in_its_name_is_not_that_of_posts(tmp_path: Path) -> None:
    site = Site(
        tmp_path,
        {
            "svelte.config.js": "export default {};",
            "package.json": '{"homepage": "https://a.example"}',
            "src/routes/people/[slug]/+page.svelte": "x",
            "content/posts/a.md": post(),
        },
    )
    assert site.article("content/posts/a.md").url == "https://a.example/posts/a"


def test_a_post_of_lume_loses_its_date_in_its_address(tmp_path: Path) -> None:
    site = Site(
        tmp_path,
        {
            "_config.ts": (
                "import lume from 'lume/mod.ts';\n"
                "export default lume({ location: new URL('https://a.example'), src: './src' });"
            ),
            "src/_data.yml": "metas:\n  site: Port\n",
            "src/posts/2024-03-05_a.md": post(),
            "src/posts/b.md": post(url="/b.html"),
            "src/about.md": post(),
        },
    )
    assert site.articles() == {"src/posts/2024-03-05_a.md", "src/posts/b.md"}
    article = site.article("src/posts/2024-03-05_a.md")
    assert (article.url, str(article.published_at)[:10]) == ("https://a.example/posts/a/", "2024-03-05")
    assert article.provider is not None
    assert article.provider.name == "Port"
    assert site.article("src/posts/b.md").url == "https://a.example/b.html"
