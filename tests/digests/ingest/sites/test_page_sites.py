"""Sites of VitePress, VuePress, Nuxt, Quartz and Obsidian: folders of pages, shown where they lie."""

from pathlib import Path

from tests.digests.ingest.sites.making import TEXT, Site, post


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


def test_nuxt_takes_the_numbers_off_its_pages(tmp_path: Path) -> None:
    config = "export default defineNuxtConfig({ site: { url: 'https://a.example', name: 'Port' } })"
    site = Site(tmp_path, {"nuxt.config.ts": config, "content/2.blog/1.a.md": post(), "content/index.md": "# Home"})
    assert site.article("content/2.blog/1.a.md").url == "https://a.example/blog/a"


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


def test_articles_of_a_blog_of_middlemans_follow_its_pattern(tmp_path: Path) -> None:
    config = """set :site_url, 'https://a.example'
# activate :directory_indexes
activate :blog do |blog|
  blog.prefix = "news"
  blog.permalink = "{year}/{title}.html"
  blog.sources = "posts/{year}-{month}-{day}-{title}.html"
end
"""
    name = "source/news/posts/2024-03-05-harbour.html.markdown"
    site = Site(tmp_path, {"config.rb": config, name: post(date="2024-03-05"), "source/about.html.md": "# About\n\nx"})
    assert site.articles() == {name}
    assert site.article(name).url == "https://a.example/news/2024/harbour.html"


def test_the_folder_of_logseqs_own_is_left_out(tmp_path: Path) -> None:
    files = {"logseq/config.edn": "{}", "logseq/bak/pages/a.md": "- x", "pages/a.md": "- A block of text\n"}
    assert Site(tmp_path, files).articles() == {"pages/a.md"}
