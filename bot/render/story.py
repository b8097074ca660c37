"""A complete story: its lead, its picture, who carries it, and its whole round-up, page by page."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from bot.render import layout, limits, pieces, wording
from bot.render.layout import Components
from bot.render.look import accent
from bot.render.markdown import clip, escape, stamp
from digests.i18n import _
from digests.models import Story

EXCERPT_CHARS = 900
LINKS_A_PAGE = 10
_AUTHORS_SHOWN = 3
_AUTHORS_CHARS = 120
_LINKS_CHARS = 2200
"""Links per page; with the barest texts around them a page stays within a message's limit."""
_ALSO_CHARS = 400
"""Characters of likely reports of the same event under the headline; the other reports start the round-up."""


class _Level(NamedTuple):
    """How much is printed around the links: excerpt, topics and providers, the headline's address."""

    chars: int
    has_particulars: bool = True
    is_linked: bool = True


# The last two are for very long addresses, where a headline and a link leave room for little else.
_LEVELS = (_Level(EXCERPT_CHARS), _Level(400), _Level(0), _Level(0, False), _Level(0, False, False))


def render_story(story: Story, *, page: int = 0, share: bool = True, back: str = "") -> Components:
    """Return a page of a story; pages count from 0 and differ in their round-up links.

    Args:
        story: Its round-up is complete.
        page: A page that doesn't exist becomes the nearest one.
        share: Whether to offer to share it.
        back: The page of results that it replaces, as TOKEN-PAGE; empty for none.
    """
    beneath, listed = _parted(story)
    pages = pieces.paged((*listed, *map(pieces.roundup_line, story.roundup)), chars=_LINKS_CHARS, most=LINKS_A_PAGE)
    page = pieces.at_page(page, len(pages))
    return pieces.first_fitting(
        _LEVELS,
        lambda level: _page(story, beneath, pages[page], page, len(pages), level, share=share, back=back),
    )


def _parted(story: Story) -> tuple[list[str], list[str]]:
    """Split the lines of the likely reports into those that fit under the headline and the others."""
    beneath: list[str] = []
    room = _ALSO_CHARS
    entries = list(map(pieces.also_line, story.also))
    for entry in entries:
        room -= limits.length(entry) + 1
        if room < 0:
            break
        beneath.append(entry)
    return beneath, entries[len(beneath) :]


def _page(
    story: Story,
    beneath: list[str],
    links: list[str],
    page: int,
    page_count: int,
    level: _Level,
    *,
    share: bool,
    back: str,
) -> Components:
    body: Components = [*_head(story, beneath, level if not page else level._replace(chars=0), large_picture=not page)]
    if links:
        count = wording.link_count(len(story.roundup) + len(story.also) - len(beneath))
        heading = pieces.byline(f"**{_('Round-up')}**", count, _of_pages(page, page_count))
        body += [layout.separator(), layout.text(pieces.lines(heading, *links))]
    buttons: Components = []
    if back:
        buttons.append(layout.button(_("↩ Results"), f"search:{back.replace('-', ':')}"))
    buttons += layout.pager(f"story:{pieces.ref(story)}", page, page_count, f":{back}" if back else "")
    if share:
        buttons.append(layout.button(_("Share"), f"sharestory:{pieces.ref(story)}:{page}", style=layout.PRIMARY))
    buttons.append(layout.button(_("Follow this story"), f"followstory:{pieces.ref(story)}"))
    if buttons:
        body.append(layout.row(*buttons))
    return [layout.container(body, accent(story.topic))]


def _head(story: Story, also: list[str], level: _Level, *, large_picture: bool) -> Components:
    lead = story.lead
    published = f"{stamp(lead.published_at, 'f')} ({stamp(lead.published_at)})" if lead.published_at else _("undated")
    authors = escape(clip(wording.shortened(lead.authors, _AUTHORS_SHOWN), _AUTHORS_CHARS))
    title = pieces.headline(lead if level.is_linked else replace(lead, url=None))
    head = pieces.lines(
        pieces.update_line(story),
        f"## {title}",
        pieces.small(pieces.byline(_bold(pieces.source(lead)), authors, published)),
    )
    particulars = pieces.small(_particulars(story)) if level.has_particulars else ""
    beneath = pieces.lines(pieces.excerpt(lead, level.chars), *also, particulars)
    texts = [layout.text(beneath)] if beneath else []
    address = pieces.picture(lead)
    if address is None:
        return [layout.text(head), *texts]
    if not large_picture:
        return [layout.section(head, layout.thumbnail(address, lead.title)), *texts]
    return [layout.text(head), layout.gallery(address, lead.title), *texts]


def _particulars(story: Story) -> str:
    lead = story.lead
    topics = escape(clip(", ".join(lead.topics), 200))
    names = [provider.name or provider.domain for provider in story.providers]
    carried = ""
    if len(names) >= wording.CARRIERS_SAID:
        carried = _("carried by {providers}").format(providers=escape(clip(wording.shortened(names, 6), 240)))
    return pieces.byline(topics, carried)


def _of_pages(page: int, page_count: int) -> str:
    return _("page {page} of {pages}").format(page=page + 1, pages=page_count) if page_count > 1 else ""


def _bold(words: str) -> str:
    return f"**{words}**" if words else ""
