"""What is understood of exports of whole blogs, and of feeds with entities in them."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from digests.corpus.feeds import FeedReading, read_feed
from digests.corpus.feeds.entities import with_plain_entities
from digests.corpus.feeds.entry import MAX_ENTRIES
from digests.corpus.reader import read
from digests.corpus.site import Site
from digests.ingest.layout import may_be_feed
from digests.models import Article


def reading(text: str, name: str = "feed.xml", site: Site | None = None) -> FeedReading:
    return read_feed(name, text.encode(), max_bytes=10_000_000, site=site or Site())


def articles(found: FeedReading) -> dict[str, Article]:
    return {path.partition("#")[2]: one.article for path, one in found.entries if one.article is not None}


def left_out(found: FeedReading) -> dict[str, str]:
    return {path.partition("#")[2]: one.left_out for path, one in found.entries if one.left_out}


# ---------------------------------------------------------------------- entities


RSS = '<rss version="2.0"><channel><title>T</title><link>https://a.example</link>{}</channel></rss>'
ITEM = "<item><title>Caf&eacute;&nbsp;x &amp; y</title><guid>1</guid><description>One&hellip; two</description></item>"


@pytest.mark.parametrize(
    "prolog",
    [
        "",
        '<?xml version="1.0"?>\n<!DOCTYPE rss PUBLIC "-//N//DTD RSS 0.91//EN" "http://n.example/rss-0.91.dtd">\n',
        '<?xml version="1.0"?><!-- x --><!DOCTYPE rss [<!ENTITY nbsp "&#160;"><!ENTITY eacute "\xe9">]>',
        '<!DOCTYPE rss SYSTEM "x.dtd" [<!ELEMENT a (b)>]>',
    ],
)
def test_entities_of_html_are_characters_and_a_document_type_is_passed_over(prolog: str) -> None:
    (article,) = articles(reading(prolog + RSS.format(ITEM))).values()
    assert (article.title, article.excerpt) == ("Café x & y", "One… two")


@pytest.mark.parametrize(
    "subset",
    [
        '<!ENTITY a "aa"><!ENTITY b "&a;&a;">',
        '<!ENTITY a SYSTEM "file:///etc/passwd">',
        '<!ENTITY % p SYSTEM "http://127.0.0.1/"> %p;',
        "<!ENTITY a '<b>x</b>'>",
        f'<!ENTITY a "{"x" * 1000}">',
        "".join(f'<!ENTITY e{number} "x">' for number in range(1000)),
    ],
)
def test_a_feed_whose_entities_are_more_than_text_is_still_refused(subset: str) -> None:
    text = f"<!DOCTYPE rss [{subset}]>" + RSS.format(ITEM)
    assert with_plain_entities(text.encode()) == text.encode()
    assert reading(text).is_rejected


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE rss [" + '"' * 200_000,
        "<!DOCTYPE rss [" + '<!ENTITY a "' * 50_000,
        "<!--" * 200_000,
        "<?" * 200_000,
        "<!DOCTYPE rss " + 'PUBLIC "' * 100_000,
        "&" * 500_000,
        "&nbsp;" * 100_000,
    ],
)
def test_healing_takes_no_longer_than_its_text(text: str) -> None:
    began = time.process_time()
    with_plain_entities(text.encode())
    assert time.process_time() - began < 2


# ---------------------------------------------------------------------- Ghost


def ghost(posts: list[dict[str, Any]], **tables: Any) -> str:
    data = {"posts": posts, "posts_tags": [], "posts_authors": [], "settings": [], **tables}
    return json.dumps({"db": [{"meta": {"version": "5.0.0"}, "data": data}]})


def post(id_: str, **fields: Any) -> dict[str, Any]:
    told = {"id": id_, "title": f"Post {id_}", "slug": f"post-{id_}", "html": "<p>The harbour opens.</p>"}
    usual = {"type": "post", "status": "published", "visibility": "public", "published_at": "2024-03-05T10:00:00.000Z"}
    return {**told, **usual, **fields}


def test_an_export_of_ghost_gives_its_public_posts() -> None:
    text = ghost(
        [
            post("1", feature_image="__GHOST_URL__/content/a.jpg", html='<p>See <a href="__GHOST_URL__/b/">b</a>.</p>'),
            post("2", canonical_url="https://b.example/x", custom_excerpt="In short."),
            post("3", html=None, plaintext="Only words."),
            post("4", status="draft", published_at=None),
            post("5", status="scheduled"),
            post("6", type="page"),
            post("7", visibility="paid"),
            post("8", status="sent"),
        ],
        tags=[{"id": "t1", "name": "Ports"}, {"id": "t2", "name": "#hidden"}, {"id": "t3", "name": "Ships"}],
        posts_tags=[
            {"post_id": "1", "tag_id": "t1", "sort_order": 1},
            {"post_id": "1", "tag_id": "t2", "sort_order": 2},
            {"post_id": "1", "tag_id": "t3", "sort_order": 0},
        ],
        users=[{"id": "u1", "name": "Ann Port", "email": "ann@a.example", "password": "$2a$10$secret"}],
        posts_authors=[{"post_id": "1", "author_id": "u1"}],
        posts_meta=[{"post_id": "1", "meta_description": "What it is about."}],
        settings=[{"key": "title", "value": "Port News"}],
    )
    found = reading(text, "port.ghost.2024-03-06.json", Site(url="https://a.example", domain="a.example"))
    known = articles(found)
    assert list(known) == ["1", "2", "3"]
    first = known["1"]
    assert (first.title, first.url, first.excerpt) == ("Post 1", "https://a.example/post-1/", "What it is about.")
    assert (first.topics, first.authors) == (("Ships", "Ports"), ("Ann Port",))
    assert [image.url for image in first.images] == ["https://a.example/content/a.jpg"]
    assert str(first.published_at) == "2024-03-05 10:00:00+00:00"
    assert first.provider is not None
    assert (known["2"].url, known["2"].excerpt) == ("https://b.example/x", "In short.")
    assert known["3"].excerpt == "Only words."
    assert left_out(found).keys() == {"4", "5", "6", "7", "8"}
    assert "secret" not in repr(found)


@pytest.mark.slow
def test_the_newest_posts_of_a_huge_export_are_read_and_the_others_counted() -> None:
    posts = [
        post(str(number), published_at=f"{2000 + number % 20}-01-01T00:00:00Z") for number in range(MAX_ENTRIES + 7)
    ]
    for each in posts:
        each["type"] = "page"  # which costs nothing
    found = reading(ghost(posts), "x.ghost.json")
    assert len(found.entries) == MAX_ENTRIES
    assert any("7 entries are left out" in problem.reason for problem in found.problems)


@pytest.mark.parametrize(
    "data",
    [
        {"db": [{"data": {"posts": [1, None, {}], "posts_tags": [None, {"post_id": []}], "tags": {}, "users": 3}}]},
        {"db": [{"data": {"posts": [{"id": [], "title": {}, "html": 5, "slug": []}], "posts_authors": []}}]},
        {
            "data": {
                "posts": [{"id": 3, "title": "Old", "published_at": 1_400_000_000_000, "page": 0}],
                "posts_tags": [],
            }
        },
        {"data": {"posts": [{"id": 3, "title": "Far", "published_at": 10**13, "page": 1}], "posts_tags": []}},
    ],
)
def test_strange_tables_cost_only_themselves(data: Any) -> None:
    found = reading(json.dumps(data), "x.ghost.json")
    assert not found.is_rejected
    assert all(one.article is None or one.article.title == "Old" for _path, one in found.entries)


def test_exports_are_known_by_their_names() -> None:
    assert may_be_feed("my-blog.ghost.2024-01-02-10-00-00.json")
    assert may_be_feed("blog-01-02-2024.xml")
    assert not may_be_feed("package.json")


# ---------------------------------------------------------------------- Blogger and WordPress

BLOGGER = """<feed xmlns='http://www.w3.org/2005/Atom' xmlns:app='http://purl.org/atom/app#'>
<title>My Blog</title><link rel='alternate' href='https://b.example/'/>{}</feed>"""
KIND = (
    "<category scheme='http://schemas.google.com/g/2005#kind' term='http://schemas.google.com/blogger/2008/kind#{}'/>"
)


def blogger(id_: str, kind: str, more: str = "") -> str:
    return (
        f"<entry><id>{id_}</id><published>2010-02-03T10:00:00Z</published>{KIND.format(kind)}{more}<title>{kind}</title>"
        "<content type='html'>&lt;p&gt;Some text.&lt;/p&gt;</content>"
        f"<link rel='alternate' href='https://b.example/{id_}.html'/></entry>"
    )


def test_of_bloggers_export_only_published_posts_are_articles() -> None:
    entries = [
        blogger("1", "post", "<category scheme='http://www.blogger.com/atom/ns#' term='travel'/>"),
        blogger("2", "post", "<app:control><app:draft>yes</app:draft></app:control>"),
        *(blogger(str(number), kind) for number, kind in enumerate(("comment", "page", "template", "settings"), 3)),
    ]
    found = reading(BLOGGER.format("".join(entries)))
    (article,) = articles(found).values()
    assert (article.url, article.topics) == ("https://b.example/1.html", ("travel",))
    assert left_out(found).keys() == {"2", "3", "4", "5", "6"}


WORDPRESS = """<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/" xmlns:dc="http://purl.org/dc/elements/1.1/"
xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"><channel>
<title>W</title><link>https://w.example</link><wp:author><wp:author_login><![CDATA[ann]]></wp:author_login>
<wp:author_display_name><![CDATA[Ann &amp; Co]]></wp:author_display_name></wp:author>
<item><title>Open</title><link>https://w.example/1</link><guid>1</guid><dc:creator>ann</dc:creator>
<content:encoded><![CDATA[<p>The text.</p>]]></content:encoded><excerpt:encoded><![CDATA[In short.]]></excerpt:encoded>
<category domain="category">News</category><category domain="post_format">Aside</category></item>
<item><title>Locked</title><guid>2</guid><content:encoded>Secret.</content:encoded>
<wp:post_password>x</wp:post_password><wp:status>publish</wp:status></item></channel></rss>"""


def test_of_wordpress_export_authors_have_names_and_protected_posts_stay_out() -> None:
    found = reading(WORDPRESS)
    (article,) = articles(found).values()
    assert (article.title, article.authors, article.excerpt) == ("Open", ("Ann & Co",), "In short.")
    assert article.topics == ("News",)
    assert left_out(found) == {"2": "it is protected by a password"}


# ---------------------------------------------------------------------- other files


@pytest.mark.parametrize(
    ("refresh", "is_article"),
    [
        ('<meta http-equiv="refresh" content="0; url=https://a.example/new">', False),
        ("<META HTTP-EQUIV=Refresh CONTENT=\"0;URL='/new/'\">", False),
        ('<meta http-equiv="refresh" content="3;/new/">', False),
        ('<meta http-equiv="refresh" content="300">', True),
        ('<meta http-equiv="refresh" content="60; url=https://a.example/same">', True),
        ('<meta http-equiv="content-type" content="text/html">', True),
    ],
)
def test_a_page_that_leads_elsewhere_at_once_is_no_article(refresh: str, *, is_article: bool) -> None:
    page = f"<!DOCTYPE html><html><head><title>T</title>{refresh}</head><body><p>Some words here.</p></body></html>"
    found = read("old/index.html", page.encode())
    assert (found.article is not None) is is_article
    assert bool(found.left_out) is not is_article


def test_an_article_about_such_pages_stays_one() -> None:
    text = '# Redirects\n\nWrite `<meta http-equiv="refresh" content="0; url=/x">` into the head.\n'
    assert read("a.md", text.encode()).article is not None


def test_bear_blogs_fields_end_at_a_line() -> None:
    text = "title: Bears\nlink: bears\npublished_date: 2024-01-01 10:00\ntags: a, b c\n___\n\nAll about bears.\n"
    article = read("a.md", text.encode()).article
    assert article is not None
    assert (article.title, article.topics, article.body) == ("Bears", ("a", "b c"), "All about bears.")


def test_a_post_of_sphinx_is_dated_by_its_directive() -> None:
    text = "Ships\n=====\n\n.. post:: May 15, 2013\n   :tags: sea, port\n   :author: Ann\n\nThe first words.\n"
    article = read("a.rst", text.encode()).article
    assert article is not None
    assert str(article.published_at)[:10] == "2013-05-15"
    assert (article.topics, article.authors, article.excerpt) == (("sea", "port"), ("Ann",), "The first words.")
