"""Turns a feed file into articles: each entry is read like a file of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from hashlib import sha256
from urllib.parse import urljoin

from digests import text as texts
from digests import urls
from digests.corpus import decoding, excerpts, markup
from digests.corpus.building import Builder
from digests.corpus.feeds import json_feeds, xml_feeds
from digests.corpus.feeds.entry import MAX_ENTRIES, Entry, Feed, NoFeed
from digests.corpus.front import Front
from digests.corpus.problems import Reading, Unreadable
from digests.corpus.site import NO_SITE, Site
from digests.i18n import _
from digests.models import Problem

MAX_ID_CHARS = 200
TITLE_CHARS = 100
"""Length of the title for an entry without one, taken from the beginning of its text."""

# What WordPress puts at the end of every summary.
_APPEARED = re.compile(
    r"(?is)<p>\s*The post\s+<a\b[^<>]*>[^<>]{0,500}</a>\s+(?:appeared|was) first (?:appeared |published )?on\s"
    r".{0,500}?</p>\s*\Z|(?<!\s)\s*The post\s+<a\b[^<>]*>[^<>]{0,500}</a>\s+appeared first on\s.{0,500}\Z"
)
_ELLIPSIS = re.compile(r"(?<!\s)\s*(?:\[\s*(?:…|\.\.\.)\s*\]|(?:Continue reading|Read more)(?:\s*[→»])?)\s*\Z")


@dataclass(frozen=True, slots=True)
class FeedReading:
    """The result of reading a feed file.

    Attributes:
        entries: As (path, reading), with paths such as `FEED#ID`.
        problems: Problems of the file as a whole.
        left_out: Why it is not a feed.
        is_rejected: It can't be read.
    """

    entries: tuple[tuple[str, Reading], ...] = ()
    problems: tuple[Problem, ...] = ()
    left_out: str = ""
    is_rejected: bool = False


def read_feed(
    path: str,
    data: bytes,
    *,
    max_bytes: int,
    size: int | None = None,
    site: Site = NO_SITE,
    explain: bool = False,
) -> FeedReading:
    """Read a feed file; never raise, whatever the bytes are.

    Args:
        path: Relative to the corpus folder, with `/`.
        data: The whole file.
        max_bytes: Larger files are rejected unread.
        size: The file's size if `data` is only the beginning of a file that is too large.
        site: What is known about the source.
        explain: Fill `Reading.sources`.
    """
    try:
        feed = _parsed(path, data, max_bytes, len(data) if size is None else size)
    except NoFeed:
        return FeedReading(left_out=_("neither a feed nor an article"))
    except Unreadable as error:
        return FeedReading(problems=(Problem(path, error.line, error.reason),), is_rejected=True)
    made: dict[str, Reading] = {}
    doubled = 0
    own_site = _site_of(feed, site)
    for entry in feed.entries:
        name = f"{path}#{_short_id(entry)}"
        if name in made:
            doubled += 1
            continue
        made[name] = _read_entry(name, entry, feed, own_site, explain=explain)
    problems: tuple[Problem, ...] = ()
    if feed.cut_count:
        reason = _("{count} entries are left out: only {limit} of one feed are read").format(
            count=feed.cut_count, limit=MAX_ENTRIES
        )
        problems = (Problem(path, None, reason, rejected=False),)
    if doubled:
        reason = _("{count} entries of the feed have the id of another one and are left out").format(count=doubled)
        problems = (*problems, Problem(path, None, reason, rejected=False))
    return FeedReading(tuple(made.items()), problems)


def _parsed(path: str, data: bytes, max_bytes: int, size: int) -> Feed:
    if path.lower().endswith(".json"):
        return json_feeds.parse(decoding.decode(data, max_bytes, size).text)
    if size > max_bytes:
        decoding.decode(data, max_bytes, size)  # says so
    return xml_feeds.parse(data)


def _site_of(feed: Feed, site: Site) -> Site:
    """Return the feed's name and address as a site, unless it is the source's own feed."""
    url = site.url or (feed.url if urls.is_web(feed.url) else "")
    domain = urls.domain_of(feed.url) if urls.is_web(feed.url) else None
    is_own = bool(site.domain) and domain in {None, site.domain}
    return replace(
        site,
        url=url,
        name=site.name if (is_own or not feed.title) and site.name else texts.name(feed.title),
        domain=site.domain if is_own or domain is None else domain,
        permalink="",
        permalinks=(),
        defaults=(),
        addresses=(),
        generator="",
        excerpt_separator="",
        origins=(("name", _("title of the feed")), ("url", _("link of the feed"))) if not is_own else site.origins,
    )


def _short_id(entry: Entry) -> str:
    """Return an entry's id as a part of a path: bounded, printable, the same each time it is read."""
    id_ = " ".join(entry.id.split())
    if id_ and len(id_) <= MAX_ID_CHARS and id_.isprintable():
        return id_
    identity = "\n".join([entry.id, str(entry.fields.get("title", "")), str(entry.fields.get("date", ""))])
    if not identity.strip():
        identity = entry.body
    return sha256(identity.encode("utf-8", "replace")).hexdigest()[:16]


def _read_entry(path: str, entry: Entry, feed: Feed, site: Site, *, explain: bool) -> Reading:
    if entry.left_out:
        return Reading(None, left_out=entry.left_out)
    fields = dict(entry.fields)
    link = fields.get("canonicalUrl")
    if isinstance(link, str) and not urls.is_web(link) and urls.is_web(feed.url):
        fields["canonicalUrl"] = urljoin(feed.url, link)
    body = _APPEARED.sub("", entry.body) if entry.is_html else entry.body
    if isinstance(fields.get("summary"), str):
        summary = markup.inline_text(_APPEARED.sub("", str(fields["summary"])))
        fields["summary"] = excerpts.cut(_ELLIPSIS.sub("…", summary))
    labels = dict(entry.labels)
    title = fields.get("title")
    if not isinstance(title, str) or not title.strip():
        fields["title"] = _title_of(body, str(fields.get("summary", "")), is_html=entry.is_html)
        labels["title"] = _("beginning of the text")
    if not fields["title"]:
        where = _("an entry of the feed has neither title nor text")
        return Reading(None, (Problem(path, None, where),))
    opened = Front(fields, body, kind="page", is_html=entry.is_html, labels=labels)
    try:
        reading = Builder(path, opened, site, explain=explain).build()
    except Unreadable as error:
        return Reading(None, (Problem(path, error.line, error.reason),))
    article = reading.article
    if article is not None and article.excerpt.endswith(("]", "→", "»", "more", "reading")):
        reading = replace(reading, article=replace(article, excerpt=_ELLIPSIS.sub("…", article.excerpt)))
    return reading


def _title_of(body: str, summary: str, *, is_html: bool) -> str:
    text = summary or excerpts.of_body(body, is_html=is_html).text or markup.inline_text(body[:4000])
    return excerpts.first_sentence(text, TITLE_CHARS)
