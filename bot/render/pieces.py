"""What digests, search answers and single stories have in common: a headline, the line under it, a round-up's lines.

Each piece is markdown of one or a few lines; which pieces stand where is up to the rooms that use them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from bot.render import layout, limits, wording
from bot.render.layout import Component, Components
from bot.render.markdown import StampStyle, clip, escape, link, stamp
from digests import urls
from digests.i18n import _
from digests.models import Article, Link, Story

TITLE_CHARS = 220
LINK_TITLE_CHARS = 120
NAME_CHARS = 60
MIN_PICTURE_PIXELS = 100
"""Smaller pictures are logos and tracking pixels."""
_PICTURE_URL_CHARS = limits.MEDIA_URL_CHARS
_NO_PICTURE = (".svg", ".svgz", ".ico", ".bmp", ".tif", ".tiff", ".pdf")

Shown = TypeVar("Shown")


def ref(story: Story) -> str:
    """Returns the handle of a story in custom_ids and select values."""
    return urls.handle(story.lead.key, story.lead.path)


def headline(article: Article, *, chars: int = TITLE_CHARS) -> str:
    """Returns an article's linked title, not emphasised."""
    return link(clip(article.title, chars) or _("Untitled"), article.url)


def byline(*parts: str) -> str:
    """Joins escaped parts with dots, leaving out empty ones."""
    return " · ".join(part for part in parts if part)


def source(item: Article | Link) -> str:
    """Returns who published something, escaped; empty where nobody knows."""
    return escape(clip(wording.source_name(item), NAME_CHARS))


def when(article: Article | Link, style: StampStyle = "R") -> str:
    """Returns the mark of a publication time, or "undated"."""
    return stamp(article.published_at, style) if article.published_at else _("undated")


def small(line: str) -> str:
    """Returns a line as Discord's small grey text."""
    return f"-# {line}" if line else ""


def lines(*parts: str) -> str:
    """Joins lines, leaving out empty ones."""
    return "\n".join(part for part in parts if part)


def excerpt(article: Article, chars: int) -> str:
    """Returns an article's excerpt, clipped and escaped; empty where it only repeats the title."""
    words = clip(article.excerpt, chars)
    if words.rstrip("….").casefold() == clip(article.title, TITLE_CHARS).rstrip("….").casefold():
        return ""
    return escape(words)


def update_line(story: Story) -> str:
    """Returns what is new in a story told before; empty for a new one."""
    if story.update is None:
        return ""
    label = _("Update")
    new = escape(clip(wording.update_in_words(story.update), 200))
    return f"**{label}** — {new}" if new else f"**{label}**"


def roundup_line(item: Link) -> str:
    """Returns one link of a round-up with its provider."""
    title = link(clip(item.title, LINK_TITLE_CHARS) or _("Untitled"), item.url)
    return f"- {byline(title, source(item))}"


def roundup_lines(links: Sequence[Link], shown: int) -> str:
    """Returns the first links of a round-up and the number of the others; empty where there are none."""
    if not links:
        return ""
    first = [roundup_line(item) for item in links[:shown]]
    if not first:
        return small(byline(_("Round-up"), wording.link_count(len(links))))
    rest = len(links) - len(first)
    return lines(small(_("Round-up")), *first, small(wording.more(rest)) if rest else "")


def picture(article: Article) -> str | None:
    """Returns the address of a picture worth showing: https, in public, short enough, no logo; None without one."""
    for image in article.images:
        if not image.url.lower().startswith("https://"):
            continue
        if any(side is not None and side < MIN_PICTURE_PIXELS for side in (image.width, image.height)):
            continue
        address = urls.safe(image.url)
        if address is None or len(address) > _PICTURE_URL_CHARS or not urls.is_public(address):
            continue
        path = address.partition("#")[0].partition("?")[0]
        if not path.lower().endswith(_NO_PICTURE):
            return address
    return None


def pictured(content: str, article: Article) -> Component:
    """Returns a text with the article's picture beside it, or the text alone."""
    address = picture(article)
    if address is None:
        return layout.text(content)
    return layout.section(content, layout.thumbnail(address, article.title))


def paged(items: Iterable[str], *, chars: int, most: int) -> list[list[str]]:
    """Fills pages with lines in order: at most `most` lines and `chars` characters each, a line at least.

    There is always one page, empty if there are no lines. The same lines always make the same pages.
    """
    pages: list[list[str]] = [[]]
    used = 0
    for item in items:
        size = limits.length(item) + 1
        if pages[-1] and (len(pages[-1]) == most or used + size > chars):
            pages.append([])
            used = 0
        pages[-1].append(item)
        used += size
    return pages


def first_fitting(levels: Iterable[Shown], build: Callable[[Shown], Components]) -> Components:
    """Returns the first build within a message's limits; the last one when none is.

    Args:
        levels: From the fullest to the barest; the barest is expected to fit.
        build: Makes the components of one level.
    """
    built: Components = []
    for level in levels:
        built = build(level)
        if layout.fits(built):
            break
    return built


def at_page(page: int, page_count: int) -> int:
    """Returns the page that there is nearest to the one asked for."""
    return min(max(page, 0), max(page_count - 1, 0))


def small_id(number: int) -> str:
    """Returns a row's number as people refer to it; empty for one that is not stored yet."""
    return f"`#{number}`" if number else ""
