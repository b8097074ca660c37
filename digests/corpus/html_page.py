"""Reads HTML pages: the metadata in their head, and the paragraphs of their article, in one pass over the tags."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from itertools import islice
from typing import NamedTuple

from digests import text as texts
from digests.corpus import markup

HEAD_CHARS = 300_000
"""Longest head that is read."""
REDIRECT_CHARS = 5000
"""A page that only redirects is short, and says so at its beginning."""
MAX_JSON_CHARS = 200_000

_LOOKS_LIKE_HTML = re.compile(r"(?is)\s*(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html\b|\?xml|head\b|body\b)")
_TAG = re.compile(r"""<(/?)([a-zA-Z][a-zA-Z0-9:-]*)((?:[\s/](?:[^<>"']|"[^"<]*"|'[^'<]*')*)?)>""")
_HEAD_TAG = re.compile(
    r"""(?i)<(meta|link|title|script|html|body|base)\b((?:[^<>"']|"[^"]{0,5000}"|'[^']{0,5000}')*)>"""
)
_LEADS_ON = re.compile(r"(?i)\s*[0-5](?:\.\d{0,3})?\s*+[;,]\s*+(?:url\s*+=\s*+)?+[\"']?[\w./#]")
_ATTRIBUTE = re.compile(r"""([a-zA-Z][\w:.-]{0,60})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>=`]+))""")
_SKIPPED = frozenset(
    [
        "nav",
        "header",
        "footer",
        "aside",
        "figure",
        "table",
        "script",
        "style",
        "noscript",
        "form",
        "template",
        "svg",
        "pre",
        "iframe",
        "select",
        "button",
        "object",
        "video",
        "audio",
        "canvas",
        "dialog",
        "head",
        "title",
        "math",
    ]
)
_SKIPPED_WITH_QUOTES = _SKIPPED | {"blockquote"}
_PARAGRAPHS = frozenset({"p", "div", "section", "article", "main", "body", "blockquote", "li", "td", "br", "dd", "dt"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SKIPPED_CLASS = re.compile(
    r"(?i)\b(?:nav|menu|breadcrumb|sidebar|byline|share|social|caption|toc|table-of-contents|meta|comment|skip|cookie"
    r"|related|advert|promo)"
)
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)
_ARTICLE_TYPES = re.compile(r"(?i)(?:article|posting|report|review|webpage|story|recipe|podcastepisode)\Z")


_MARKED = re.compile(r"(?i)<(time|a|section|p|div|span|h[2-4])\b([^<>]{1,1000})>")
_MICROFORMATS = {
    "p-canonical": ("canonical", "href"),
    "dt-published": ("date", "datetime"),
    "p-summary": ("description", ""),
    "p-author": ("author", ""),
}
_PUBLISHED = re.compile(r"(?i)publish|created|entry-date|post-date")
_MOST_TIMES = 20


class Head(NamedTuple):
    """The metadata of a page's head: fields under the names of front matter, and where each came from."""

    fields: dict[str, object]
    sources: dict[str, str]


def is_page(text: str) -> bool:
    """Check whether text is an HTML page, whatever the file's extension."""
    return _LOOKS_LIKE_HTML.match(text[:4000]) is not None


def is_redirect(text: str) -> bool:
    """Check whether a page only redirects to another one at once, by a `<meta http-equiv="refresh">`."""
    for match in _HEAD_TAG.finditer(text, 0, REDIRECT_CHARS):
        if match[1].lower() != "meta":
            continue
        attributes = _attributes(match[2])
        if attributes.get("http-equiv", "").strip().lower() == "refresh":
            return _LEADS_ON.match(attributes.get("content", "")) is not None
    return False


def read_head(text: str) -> Head:
    """Read a page's metadata: title, canonical address, Open Graph, JSON-LD and the usual names."""
    meta: dict[str, str] = {}
    tags: list[str] = []
    authors: list[str] = []
    head = text[:HEAD_CHARS]
    head = markup.without_comments(head)
    title = canonical = ""
    linked: list[object] = []
    for match in _HEAD_TAG.finditer(head):
        kind = match[1].lower()
        if kind == "title" and not title:
            end = head.find("</", match.end(), match.end() + 3000)
            title = texts.one_line(head[match.end() : end]) if end >= 0 else ""
        elif kind == "meta":
            attributes = _attributes(match[2])
            name = (attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or "").lower()
            content = attributes.get("content", "").strip()
            if name in {"article:tag", "og:article:tag", "news_keywords"} and content:
                tags.append(content)
            elif name in {"author", "article:author", "citation_author", "dc.creator"} and content:
                if "://" not in content:
                    authors.append(content)
            elif name and content:
                meta.setdefault(name, content)
        elif kind == "link" and not canonical:
            attributes = _attributes(match[2])
            if "canonical" in attributes.get("rel", "").lower().split():
                canonical = attributes.get("href", "").strip()
        elif kind == "script" and "ld+json" in match[2].lower():
            end = head.find("</script", match.end())
            if 0 <= end - match.end() <= MAX_JSON_CHARS:
                linked += _linked_data(head[match.end() : end])
    made = _fields(title, canonical, meta, tags, authors, linked)
    if "<time" in text or "h-entry" in text:
        _add_marked(made, text)
    return made


def _add_marked(made: Head, text: str) -> None:
    """Complete the metadata from the body: microformats (as in Medium's exports) and `<time>`."""
    found: dict[str, tuple[str, str]] = {}
    times: list[tuple[bool, str]] = []
    is_entry = "h-entry" in text
    for match in _MARKED.finditer(text):
        attributes = _attributes(match[2])
        classes = attributes.get("class", "").split() if is_entry else []
        for mark, (name, attribute) in _MICROFORMATS.items():
            if mark in classes:
                end = text.find("<", match.end(), match.end() + 2000)
                shown = attributes.get(attribute, "") if attribute else texts.one_line(text[match.end() : end])
                found.setdefault(name, (shown, mark))
        if match[1].lower() == "time" and attributes.get("datetime") and len(times) < _MOST_TIMES:
            markers = f"{attributes.get('itemprop', '')} {attributes.get('class', '')}"
            times.append(("pubdate" in attributes or _PUBLISHED.search(markers) is not None, attributes["datetime"]))
    if times:
        # The first one marked as the date of publication, else the first one.
        found.setdefault("date", (next((at for is_told, at in times if is_told), times[0][1]), "<time>"))
    for name, (value, source) in found.items():
        if value and name not in made.fields:
            made.fields[name] = value
            made.sources[name] = source


def _attributes(written: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(written):
        found.setdefault(match[1].lower(), unescape(match[2] or match[3] or match[4] or ""))
    return found


def _linked_data(text: str) -> list[object]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return []
    entries = data if isinstance(data, list) else [data]
    made: list[object] = []
    for entry in entries[:20]:
        if isinstance(entry, dict):
            graph = entry.get("@graph")
            made += graph[:50] if isinstance(graph, list) else [entry]
    return made


def _fields(
    title: str, canonical: str, meta: dict[str, str], tags: list[str], authors: list[str], linked: list[object]
) -> Head:
    fields: dict[str, object] = {}
    sources: dict[str, str] = {}

    def put(name: str, value: object, source: str) -> None:
        if value and name not in fields:
            fields[name] = value
            sources[name] = source

    article = next((entry for entry in linked if isinstance(entry, dict) and _is_article(entry)), {})
    og_title = texts.one_line(meta.get("og:title", ""))
    if og_title and (not title or (title != og_title and og_title in title)):
        put("title", og_title, "og:title")
    site = texts.one_line(meta.get("og:site_name", ""))
    if site and title:
        for mark in (" | ", " - ", " – ", " — ", " · ", " :: ", " « "):
            title = title.removesuffix(f"{mark}{site}")
    put("title", title, "<title>")
    put("title", texts.one_line(meta.get("twitter:title", "")), "twitter:title")
    put("title", _text(article.get("headline") or article.get("name")), "JSON-LD")
    for name in ("article:published_time", "og:article:published_time", "date", "dc.date", "dcterms.date", "pubdate"):
        put("date", meta.get(name), name)
    for name in ("datepublished", "dc.date.issued", "dcterms.created", "citation_publication_date", "publish-date"):
        put("date", meta.get(name), name)
    put("date", _text(article.get("datePublished")), "JSON-LD")
    put("date", _text(article.get("dateCreated")), "JSON-LD")
    put("canonical", canonical, "canonical")
    put("canonical", meta.get("og:url"), "og:url")
    put("canonical", _text(article.get("url")), "JSON-LD")
    put("canonical", _address(article.get("mainEntityOfPage")), "JSON-LD")
    for name in ("description", "og:description", "twitter:description", "dc.description"):
        put("description", meta.get(name), name)
    put("description", _text(article.get("description")), "JSON-LD")
    sections = [meta[name] for name in ("article:section", "og:article:section") if name in meta]
    put("categories", sections or _list(article.get("articleSection")), "article:section")
    for name in ("category", "tags", "summary", "slug", "status"):  # as Pelican has it
        put(name, meta.get(name), name)
    put("tags", tags, "article:tag")
    put("tags", _list(article.get("keywords")), "JSON-LD")
    put("keywords", meta.get("keywords"), "keywords")
    put("site_name", site or meta.get("application-name"), "og:site_name")
    put("site_name", _text(article.get("publisher")), "JSON-LD")
    for name in ("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src"):
        put("image", meta.get(name), name)
    put("image", article.get("image"), "JSON-LD")
    put("author", authors, "author")
    put("author", article.get("author"), "JSON-LD")
    return Head(fields, sources)


def _is_article(entry: dict[str, object]) -> bool:
    kind = entry.get("@type")
    kinds = kind if isinstance(kind, list) else [kind]
    return any(isinstance(each, str) and _ARTICLE_TYPES.search(each) for each in kinds)


def _text(value: object) -> str:
    if isinstance(value, dict):
        value = value.get("name") or value.get("@id") or value.get("url")
    return value if isinstance(value, str) else ""


def _address(value: object) -> str:
    found = value.get("@id") or value.get("url") if isinstance(value, dict) else value
    return found if isinstance(found, str) else ""


def _list(value: object) -> object:
    return value if isinstance(value, (str, list)) else None


def main_part(text: str) -> str:
    """Return a page's article: `<article>`, `<main>`, else the body."""
    lower = text.lower()
    if len(lower) != len(text):
        return text
    for name in ("article", "main"):
        start = _opening(lower, name)
        if start >= 0:
            end = lower.rfind(f"</{name}") if name == "main" else lower.find(f"</{name}", start)
            return text[start : end if end > start else len(text)]
    start = _opening(lower, "body")
    return text[start:] if start >= 0 else text


def _opening(lower: str, name: str) -> int:
    found = re.compile(rf"<{name}[\s>]").search(lower)
    return found.start() if found is not None else -1


def paragraphs(html: str, limit: int) -> list[str]:
    """Return the first paragraphs of prose, without navigation, quotations, figures, tables, headings and forms."""
    return _first(_blocks(html, _SKIPPED_WITH_QUOTES), limit)


def quotations(html: str, limit: int) -> list[str]:
    """Return the first paragraphs if there may be quotations, which are used where there is nothing else."""
    return _first(_blocks(html, _SKIPPED), limit) if "<blockquote" in html.lower() else []


def _first(blocks: Iterator[str], limit: int) -> list[str]:
    return list(islice((text for text in blocks if any(char.isalnum() for char in text)), limit))


def _blocks(html: str, skipped: frozenset[str]) -> Iterator[str]:
    """Yield the texts between block tags, outside skipped elements."""
    skipping = ""
    depth = 0
    parts: list[str] = []
    position = 0
    for tag in _TAG.finditer(html):
        closes, name = bool(tag[1]), tag[2].lower()
        if skipping:
            if name == skipping and not tag[3].endswith("/"):
                depth += -1 if closes else 1
                if depth == 0:
                    skipping, position = "", tag.end()
            continue
        parts.append(html[position : tag.start()])
        position = tag.end()
        is_block = name in _PARAGRAPHS or name in _HEADINGS or name in skipped
        if is_block:
            text = texts.one_line("".join(parts))
            parts.clear()
            if text and not (closes and name in _HEADINGS):
                yield text
        if not closes and name not in _VOID and not tag[3].endswith("/") and _is_skipped(name, tag[3], skipped):
            skipping, depth = name, 1
            if not is_block:
                parts.append(" ")
    if not skipping:
        text = texts.one_line("".join([*parts, html[position:]]))
        if text:
            yield text


def _is_skipped(name: str, attributes: str, skipped: frozenset[str]) -> bool:
    if name in skipped:
        return True
    if name in {"article", "main", "body", "html"} or "=" not in attributes:
        return False
    found = _attributes(attributes[:2000])
    return _SKIPPED_CLASS.search(f"{found.get('class', '')} {found.get('id', '')} {found.get('role', '')}") is not None
