"""What is understood of feed files."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from digests.corpus.feeds import FeedReading, read_feed
from digests.corpus.site import Site
from digests.models import Article, Provider

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
    xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>The Blog</title><link>https://blog.example</link>{items}</channel></rss>"""


def read(text: str | bytes, name: str = "feed.xml", site: Site | None = None) -> FeedReading:
    data = text.encode() if isinstance(text, str) else text
    return read_feed(name, data, max_bytes=1_000_000, site=site or Site(), explain=True)


def only(text: str | bytes, name: str = "feed.xml", site: Site | None = None) -> Article:
    (entry,) = read(text, name, site).entries
    article = entry[1].article
    assert article is not None, entry
    return article


def test_an_rss_item_is_read_as_wordpress_writes_it() -> None:
    article = only(
        RSS.format(
            items="""<item><title>Hello &amp; welcome</title>
            <link>https://blog.example/2026/hello/</link><dc:creator><![CDATA[Jane Doe]]></dc:creator>
            <pubDate>Mon, 02 Nov 2026 10:00:00 EST</pubDate>
            <category><![CDATA[News]]></category><category>Deep Sea</category>
            <guid isPermaLink="false">https://blog.example/?p=12</guid>
            <description><![CDATA[<p>A short teaser. [&#8230;]</p> <p>The post <a href="https://blog.example/2026/hello/">
            Hello</a> appeared first on <a href="https://blog.example">The Blog</a>.</p>]]></description>
            <content:encoded><![CDATA[<p>The whole first paragraph of the text, with more.</p>]]></content:encoded>
            <enclosure url="https://blog.example/pic.jpg" type="image/jpeg" length="1"/>
            <enclosure url="https://blog.example/talk.mp3" type="audio/mpeg" length="1"/></item>"""
        )
    )
    assert article.path == "feed.xml#https://blog.example/?p=12"
    assert (article.title, article.url) == ("Hello & welcome", "https://blog.example/2026/hello/")
    assert article.published_at == datetime(2026, 11, 2, 15, tzinfo=UTC)
    assert article.topics == ("News", "Deep Sea")
    assert article.authors == ("Jane Doe",)
    assert article.excerpt == "A short teaser.…"
    assert "whole first paragraph" in article.body
    assert [image.url for image in article.images] == ["https://blog.example/pic.jpg"]
    assert article.provider == Provider("The Blog", "blog.example")


def test_an_atom_entry_is_joined_with_its_base_and_keeps_its_first_date() -> None:
    article = only(
        """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://atom.example/"><title>Atom</title>
        <link href="https://atom.example/"/><author><name>Ann</name></author>
        <entry><title type="html">The &lt;em&gt;best&lt;/em&gt; post</title><link href="/p/1"/>
        <id>tag:atom.example,2026:1</id><updated>2026-11-05T00:00:00Z</updated>
        <published>2026-11-01T12:00:00+01:00</published><category term="a b"/>
        <content type="html">&lt;p&gt;Body text.&lt;/p&gt;</content></entry></feed>"""
    )
    assert (article.title, article.url) == ("The best post", "https://atom.example/p/1")
    assert article.published_at == datetime(2026, 11, 1, 11, tzinfo=UTC)
    assert (article.topics, article.authors, article.excerpt) == (("a b",), ("Ann",), "Body text.")


def test_rss_1_is_read() -> None:
    article = only(
        """<?xml version="1.0" encoding="iso-8859-1"?>
        <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
        xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://r.example/"><title>R</title>
        <link>https://r.example/</link></channel><item rdf:about="https://r.example/1"><title>Café</title>
        <link>https://r.example/1</link><dc:date>2026-10-01T10:00:00Z</dc:date><dc:subject>Sub</dc:subject></item>
        </rdf:RDF>""".encode("latin-1"),
        "index.rdf",
    )
    assert (article.title, article.topics) == ("Café", ("Sub",))
    assert article.published_at == datetime(2026, 10, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("own", "of_the_feed", "authors"),
    [
        ('[{"name": "Me"}]', '[{"name": "Us"}]', ("Me",)),
        ("[]", '[{"name": "Us"}]', ("Us",)),
        ('[{"name": "Me"}]', "[]", ("Me",)),
    ],
)
def test_an_item_of_a_json_feed_has_its_own_authors_else_the_feeds(
    own: str, of_the_feed: str, authors: tuple[str, ...]
) -> None:
    article = only(
        f'{{"version": "https://jsonfeed.org/version/1.1", "title": "J", "authors": {of_the_feed},'
        f' "items": [{{"id": "1", "title": "One", "content_text": "Hi.", "authors": {own}}}]}}',
        "feed.json",
    )
    assert article.authors == authors


def test_entries_without_an_id_have_paths_of_their_own_that_stay() -> None:
    items = "<item><title>One</title></item><item><title>Two</title></item>"
    paths = [path for path, _reading in read(RSS.format(items=items)).entries]
    assert len(set(paths)) == 2
    assert [path for path, _reading in read(RSS.format(items=items)).entries] == paths
    assert not any("None" in path for path in paths)


def test_where_a_post_first_appeared_is_no_part_of_it() -> None:
    tail = '<p>The post <a href="https://a.example/">Hello</a> appeared first on <a href="https://a.example">A</a>.</p>'
    article = only(RSS.format(items=f"<item><title>One</title><description><![CDATA[{tail}]]></description></item>"))
    assert article.excerpt == ""


def test_a_json_feed_is_read_and_only_its_broken_item_is_skipped() -> None:
    found = read(
        '{"version": "https://jsonfeed.org/version/1.1", "title": "J", "home_page_url": "https://j.example",'
        ' "items": [{"id": 1, "url": "https://j.example/1", "title": "One", "content_html": "<p>Hi there.</p>",'
        ' "date_published": "2026-11-02T00:00:00Z", "tags": ["x"], "image": "https://j.example/i.png",'
        ' "authors": [{"name": "Me"}]}, 7]}',
        "feed.json",
    )
    article = found.entries[0][1].article
    assert article is not None
    assert (article.url, article.excerpt, article.topics) == ("https://j.example/1", "Hi there.", ("x",))
    assert [image.url for image in article.images] == ["https://j.example/i.png"]
    assert found.entries[1][1].article is None
    assert found.entries[1][1].problems[0].rejected


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1/x.dtd"> %p;]>',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_feed_that_declares_entities_is_rejected(declaration: str, encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>{declaration}<rss version="2.0"><channel><title>&b;</title>'
    found = read((text + "<item><title>A</title></item></channel></rss>").encode(encoding))
    assert found.is_rejected
    assert found.entries == ()


def test_a_feed_that_is_not_well_formed_is_read_as_far_as_it_goes() -> None:
    article = only(
        RSS.format(items="<item><title>A & B</title><link>https://blog.example/1</link>").removesuffix(
            "</channel></rss>"
        )
    )
    assert (article.title, article.url) == ("A & B", "https://blog.example/1")


def test_drafts_and_pages_of_a_wordpress_export_are_left_out() -> None:
    post = "<item><title>T{0}</title><link>https://blog.example/{0}</link>{1}</item>"
    found = read(
        RSS.format(
            items=post.format(1, "<wp:status>publish</wp:status><wp:post_type>post</wp:post_type>")
            + post.format(2, "<wp:status>draft</wp:status><wp:post_type>post</wp:post_type>")
            + post.format(3, "<wp:status>publish</wp:status><wp:post_type>page</wp:post_type>")
        )
    )
    assert [reading.article is not None for _path, reading in found.entries] == [True, False, False]


@pytest.mark.parametrize(
    "text",
    [
        '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url/></urlset>',
        "---\nlayout: none\n---\n<rss><channel>{% for post in site.posts %}<item/>{% endfor %}</channel></rss>",
        "<svg/>",
    ],
)
def test_what_is_no_feed_is_left_out(text: str) -> None:
    found = read(text)
    assert found.left_out
    assert not found.is_rejected


def test_the_sources_own_feed_goes_by_the_sources_name() -> None:
    site = Site(url="https://blog.example", name="Example", domain="blog.example")
    item = "<item><title>A</title><link>https://blog.example/1</link></item>"
    assert only(RSS.format(items=item), site=site).provider == Provider("Example", "blog.example")


def test_an_entry_without_a_title_is_called_by_its_first_sentence() -> None:
    item = "<item><link>https://blog.example/1</link><description>A first sentence. A second.</description></item>"
    assert only(RSS.format(items=item)).title == "A first sentence."


def test_entries_with_the_same_id_are_loaded_once_and_reported() -> None:
    item = "<item><title>A</title><guid>1</guid></item>"
    found = read(RSS.format(items=item * 2))
    assert len(found.entries) == 1
    assert found.problems


def test_a_feed_that_its_parser_fails_at_is_rejected() -> None:
    found = read(RSS.format(items="<item><title>A &#xD800; B</title></item>"))
    assert found.is_rejected
    assert "not valid XML" in found.problems[0].reason
