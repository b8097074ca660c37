"""The corpus reader on anything at all: an article or a problem, never an exception, never a hang."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.fuzz.checking import check_feed, check_reader

PIECES = [
    *"\n \t:-[]{}'\"|>&*!%@`#,?~<=.0\r\x00\x07\x85",
    *["---\n", "+++\n", "...\n", "\n---\n", "\n+++\n", "title: ", "title = ", '{"title": ', "quality: ", "related:\n"],
    *["  - title: x\n    webUrl: ", "publishedDateTime: ", "https://x.org/a", "topics: [", "images:\n  - url: ", "x"],
    *[
        "provider:\n  name: ",
        "secured: ",
        "published: ",
        "2021-02-04T00:00:00Z",
        "null",
        "true",
        "014",
        "1e999",
        ".nan",
    ],
    *["&a ", "*a", "<<: ", "!!str ", "!!python/object:os.system ", "|\n  ", ">-\n  ", "? ", "- ", "\\ud800", "\\0"],
    *["<b>", "</b>", "<script>", "&amp;", "â€™", "\ufeff", "\u2028", "\u202e", "é", "👩", '"""\n', "[[related]]\n"],
    *["%YAML 1.2\n", "<!DOCTYPE html>", "<title>", "# ", "====\n", "javascript:x", "https://u:p@[::1]:99999/%zz"],
]
# What other generators write: field names, switches, dates, marks in bodies, heads of pages.
WORDS = [
    *["Date: ", "pubDate: ", "tags: ", "categories:\n  - ", "[taxonomies]\ntags = [", "draft: true\n"],
    *["status: draft\n", "canonical_url: ", "permalink: /a/:title/", "image:\n  src: ", "authors: ["],
    *["expiryDate: ", "publishDate: ", ".. title: ", "<!--\n.. title: x\n-->", "Title: x\nDate: 2024-03-05\n\n"],
    *["--- # c\n", "---json\n", "---toml\n", ";;;\n", "03/04/2020", "30 Nov 2021 10:00 PM EST"],
    *["2016-12-31T23:59:60Z", "[Europe/Berlin]", "2024-03-05 24:00", "<!--more-->", "{/* truncate */}"],
    *[":::note\n", ":::\n", "!!! note\n    ", "{% raw %}", "{% endraw %}", "{{< x >}}", "{{% note %}}", "{: .x}"],
    *["{:toc}", "[^1]", "[^1]: ", "[[a|b]]", "![[a.png]]", "==", "%%", "$a$", "$$", "| a |\n|--|\n"],
    *["import X from 'x'\n", "<Tabs>", "</Tabs>", "<figure>", "</figure>", "> [!NOTE]\n", "```\n", "    code\n"],
    *["[a](", "![a](", '<meta property="og:title" content="', '<link rel="canonical" href="'],
    *['<script type="application/ld+json">{', "<main>", "<nav>", "\n====\n", ".. include:: /etc/passwd\n"],
    *[".. raw:: html\n\n   ", ":date: ", "`x`_", "|x|", ".. |x| image:: y\n", "::\n\n  "],
    *["export const meta = {\n", "  title: 'x',\n", "  date: new Date(`2024`),\n", "  tags: [a, 'b'],\n", "};\n"],
    *[
        '<meta http-equiv="refresh" content="0; url=',
        ".. post:: May 15, 2013\n   :tags: a\n\n",
        "___\n",
        "build: {render: ",
    ],
]
PIECES += WORDS
paths = st.sampled_from(
    [
        "a.rst",
        "a.mdx",
        "_drafts/a.md",
        "2019/08/28/x.md",
        "2020-11-4-x/index.md",
        "A note.md",
        "a.md",
        "a.html",
        "a.txt",
        "2021-02-04-a.md",
        "2021-02-31-a.md",
        "x/y.markdown",
    ]
)
pieced = st.lists(st.sampled_from(PIECES), max_size=40).map(lambda pieces: "".join(pieces).encode())
fenced = pieced.map(lambda inside: b"---\ntitle: A title\n" + inside + b"\n---\nBody")
broken = st.tuples(pieced, st.binary(max_size=4), pieced).map(b"".join)


@given(
    path=paths, data=st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode), pieced, fenced, broken)
)
@settings(max_examples=examples(500))
def test_any_bytes_become_an_article_or_a_problem(path: str, data: bytes) -> None:
    check_reader(path, data)


FEED_PIECES = [
    *['<?xml version="1.0"?>', '<?xml version="1.0" encoding="utf-16"?>', "<rss version='2.0'>", "</rss>"],
    *["<channel>", "<item>", "</item>", "<title>", "</title>", "<link>https://x.org/a</link>", "<guid>1</guid>"],
    *["<guid>", "</guid>", "<feed xmlns='http://www.w3.org/2005/Atom'>", "<entry>", "</entry>", "<id>t:1</id>"],
    *["<link href='/a'/>", "<content type='html'>&lt;p&gt;x", "</content>", "<![CDATA[", "]]>", "<pubDate>"],
    *["</pubDate>", "<updated>", "Thu, 19 Jun 2014 17:00:00 EST", "<description>x</description>", "&a;", "%p;"],
    *["<enclosure url='javascript:x' type='image/png'/>", "<media:content url='//x.org/a.png'/>", "<x:y>"],
    *["<!DOCTYPE r [", "<!ENTITY a 'b'>", "<!ENTITY % p SYSTEM 'file:///etc/passwd'>", "]>", "&nbsp;", "\0"],
    *['{"version": "https://jsonfeed.org/version/1", "items": [', '{"id": ', '"title": "x"', ", ", "}", "]}"],
    *['{"db": [{"data": {"posts_tags": [', '], "posts": [', '"status": "published"', '"html": "<p>__GHOST_URL__/a"'],
    *["<app:draft>yes</app:draft>", "<wp:author_login>", "<!DOCTYPE rss PUBLIC 'a' 'b'>", "&hellip;", "&#xfffff;"],
    *["[" * 50, '"url": "https://x.org/1"', '"tags": [1, null]', "\ud83d", "\u202e"],
]
BEGINNINGS = [b"<rss><channel>", b"<feed>", b"<rdf:RDF>", b'{"version":"jsonfeed.org/version/1",']
BEGINNINGS += [b"<!DOCTYPE rss [<!ENTITY a 'b'>]><rss>", b'{"data": {"posts_authors": [], "posts": [{"title": "x",']
fed = st.lists(st.sampled_from(FEED_PIECES), max_size=30).map(
    lambda pieces: "".join(pieces).encode("utf-8", "surrogatepass")
)
begun = st.tuples(st.sampled_from(BEGINNINGS), fed).map(b"".join)
feed_paths = st.sampled_from(["feed.xml", "feed.json"])


@given(path=feed_paths, data=st.one_of(fed, begun, st.binary(max_size=200)))
@settings(max_examples=examples(200))
def test_any_bytes_of_a_feed_become_articles_or_problems(path: str, data: bytes) -> None:
    check_feed(path, data)
