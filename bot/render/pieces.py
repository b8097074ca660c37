"""Building blocks of digests, search results and single stories: a headline, the line under it, round-up lines.

Each piece is markdown of one or a few lines; the modules that use them decide which go where.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from bot.render import layout, limits, wording
from bot.render.layout import Component, Components
from bot.render.markdown import StampStyle, clip, escape, link, stamp
from bot.render.story_detail import StoryDetail
from digests import handles, urls
from digests.i18n import _
from digests.models import Article, Link, Story

TITLE_CHARS = 220
LINK_TITLE_CHARS = 68
LINE_TITLE_CHARS = 140
NAME_CHARS = 60
MIN_PICTURE_PIXELS = 100
"""Smaller pictures are logos and tracking pixels."""
_PICTURE_URL_CHARS = limits.MEDIA_URL_CHARS
_NO_PICTURE = (".svg", ".svgz", ".ico", ".bmp", ".tif", ".tiff", ".pdf")

Level = TypeVar("Level")


def ref(story: Story) -> str:
    """Return a story's handle for custom_ids and select values."""
    return handles.of(story.lead.key, story.lead.path)


def headline(article: Article, *, chars: int = TITLE_CHARS) -> str:
    """Return an article's linked title, without emphasis."""
    return link(clip(article.title, chars) or _("Untitled"), article.url)


def byline(*parts: str) -> str:
    """Join escaped, non-empty parts with dots; a line may end with a dot but never begin with one."""
    return "\N{NO-BREAK SPACE}· ".join(part for part in parts if part)


def source(item: Article | Link) -> str:
    """Return who published something, escaped; "" if unknown."""
    return escape(clip(wording.source_name(item), NAME_CHARS))


def when(article: Article | Link, style: StampStyle = "R") -> str:
    """Return a publication time as a Discord timestamp, or "undated"."""
    return stamp(article.published_at, style) if article.published_at else _("undated")


def unbroken(words: str) -> str:
    """Return words joined so that they stay on one line."""
    return words.replace(" ", "\N{NO-BREAK SPACE}")


def more(count: int) -> str:
    """Return "+7 more" without a line break inside; "" for nothing."""
    return unbroken(wording.more(count)) if count else ""


def small(line: str) -> str:
    """Return a line as Discord's small grey text."""
    return f"-# {line}" if line else ""


def lines(*parts: str) -> str:
    """Join lines, leaving out empty ones."""
    return "\n".join(part for part in parts if part)


def excerpt(article: Article, chars: int) -> str:
    """Return an article's excerpt, clipped and escaped; "" if it only repeats the title."""
    words = clip(article.excerpt, chars)
    if words.rstrip("….").casefold() == clip(article.title, TITLE_CHARS).rstrip("….").casefold():
        return ""
    return escape(words)


def update_line(story: Story) -> str:
    """Return what is new in a story that was delivered before, for the line above its headline; "" for a new one."""
    if story.update is None:
        return ""
    label = _("Update")
    new = escape(clip(wording.update_in_words(story.update), 200))
    return small(byline(f"**{label}**", new))


def head(
    story: Story,
    *,
    number: int | None = None,
    leads: bool = False,
    style: StampStyle = "R",
    chars: int = TITLE_CHARS,
    more: str = "",
) -> str:
    """Return a story's headline with the lines above and below it: what is new, who published it and when.

    Args:
        story: The story.
        number: The result's number, put before the headline.
        leads: It is the day's lead, in larger letters.
        style: The timestamp style.
        chars: Length of the headline.
        more: Further parts of the line below.
    """
    lead = story.lead
    words = headline(lead, chars=chars)
    # Not a markdown heading: its margins would separate it from its topic and byline as much as from other stories.
    count = f"{number}\\.\N{NO-BREAK SPACE}" if number is not None else ""
    return lines(
        update_line(story),
        f"## {words}" if leads else f"{count}**{words}**",
        small(byline(source(lead), when(lead, style), more)),
    )


def beneath(printed: StoryDetail, carried: str = "") -> str:
    """Return what a style prints under a story's headline, and who carries it; "" for nothing."""
    return lines(escape(printed.words), *map(also_line, printed.also), _links(printed, carried))


def also_line(article: Article) -> str:
    """Return a likely report of the same event as a line of small text."""
    title = headline(article, chars=LINK_TITLE_CHARS)
    return small(f"↳\N{NO-BREAK SPACE}{byline(_('also: {first}').format(first=title), source(article))}")


def roundup_line(item: Link) -> str:
    """Return a round-up link with its provider as a line of small text."""
    title = link(clip(item.title, LINK_TITLE_CHARS) or _("Untitled"), item.url)
    return small(f"›\N{NO-BREAK SPACE}{byline(title, source(item))}")


def headline_line(story: Story, printed: StoryDetail) -> str:
    """Return a story as one line."""
    mark = f"**{_('Update')}**" if story.update is not None else ""
    rest = more(printed.rest)
    title = headline(story.lead, chars=LINE_TITLE_CHARS)
    return f"- {byline(mark, f'**{title}**', source(story.lead), rest)}"


def _links(printed: StoryDetail, carried: str) -> str:
    unshown = more(printed.rest)
    rest = small(byline(unshown, carried))
    if not printed.links:
        return rest
    if printed.by_name:
        named = [link(clip(wording.source_name(item), NAME_CHARS), item.url) for item in printed.links]
        return small(byline(_("related: {first}").format(first=named[0]), *named[1:], unshown))
    return lines(*map(roundup_line, printed.links), rest)


def picture(article: Article) -> str | None:
    """Return the address of a picture worth showing (https, public, short enough, no logo), or None."""
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
    """Return text with the article's picture next to it, or the text alone."""
    address = picture(article)
    if address is None:
        return layout.text(content)
    return layout.section(content, layout.thumbnail(address, article.title))


def paged(items: Iterable[str], *, chars: int, most: int) -> list[list[str]]:
    """Split lines into pages of at most `most` lines and `chars` characters, but at least one line each.

    There is always at least one page, if only an empty one. The same lines always give the same pages.
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


def first_fitting(levels: Iterable[Level], build: Callable[[Level], Components]) -> Components:
    """Return the first build within a message's limits, or the last one if none is.

    Args:
        levels: From the fullest to the barest; the barest should fit.
        build: Builds the components for a level.
    """
    built: Components = []
    for level in levels:
        built = build(level)
        if layout.fits(built):
            break
    return built


def at_page(page: int, page_count: int) -> int:
    """Return the existing page number nearest to the requested one."""
    return min(max(page, 0), max(page_count - 1, 0))


def small_id(number: int) -> str:
    """Return a row's id as small text; "" for one that is not stored yet."""
    return f"`#{number}`" if number else ""
