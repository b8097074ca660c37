"""A digest as messages: the masthead, topics, stories with their round-ups, what was left out.

Splits between stories, never inside one; what doesn't fit a message of its own is clipped and said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.render import layout, limits, pieces, wording
from bot.render.layout import Component, Components, Option
from bot.render.markdown import StampStyle, clip, escape
from digests.i18n import _, ngettext
from digests.models import Digest, LeftOut, Story

MASTHEAD_CHARS = 80
TOPIC_CHARS = 80
ROUNDUP_SHOWN = 5
EXCERPT_CHARS = 240

# A story too large for a message of its own loses its excerpt first, then links of its round-up (which say "+N more").
_FULLNESS = ((EXCERPT_CHARS, 5), (160, 5), (80, 5), (0, 5), (0, 4), (0, 3), (0, 2), (0, 1), (0, 0))

# What every part holds besides its stories: container, masthead, a line under it, one before the foot, a select in its
# row, a button in its row; and the texts of the masthead at their longest.
_FRAME_COMPONENTS = 8
_FRAME_CHARS = 420
_ROOM_COMPONENTS = limits.COMPONENTS - limits.MENTION_COMPONENTS - _FRAME_COMPONENTS
_ROOM_CHARS = limits.TEXT_CHARS - limits.MENTION_CHARS - _FRAME_CHARS


@dataclass(frozen=True, slots=True)
class RenderedPart:
    """One message of a digest. `first` is the one that may carry a role mention."""

    components: Components
    first: bool


@dataclass(slots=True)
class _Sheet:
    """The stories of one part while it is filled."""

    components: Components = field(default_factory=list)
    stories: list[Story] = field(default_factory=list)
    component_count: int = 0
    text_chars: int = 0

    def takes(self, added: Components) -> bool:
        return (
            self.component_count + layout.count(added) <= _ROOM_COMPONENTS
            and self.text_chars + layout.text_chars(added) <= _ROOM_CHARS
        )

    def add(self, story: Story, added: Components) -> None:
        self.components += added
        self.stories.append(story)
        self.component_count += layout.count(added)
        self.text_chars += layout.text_chars(added)


def render_digest(
    digest: Digest, *, composition_id: int, masthead: str = "The Daily Broadsheet", so_far: bool = False
) -> tuple[RenderedPart, ...]:
    """Returns the messages of a digest in order, each within every limit and with room for a role mention.

    Args:
        digest: Without stories it becomes the quiet day's note.
        composition_id: Goes into the buttons, so that they find this digest again.
        masthead: The paper's name.
        so_far: Its day is not over, so that nothing yet is no quiet day.
    """
    if not digest.story_count:
        return (RenderedPart(_quiet(digest, composition_id, masthead, so_far=so_far), first=True),)
    sheets = _filled(digest)
    return tuple(
        RenderedPart(_part(digest, sheet, number, len(sheets), composition_id, masthead), first=number == 1)
        for number, sheet in enumerate(sheets, 1)
    )


def digest_title(digest: Digest) -> str:
    """Returns a title for a forum post: its date and what leads it, at most 100 characters."""
    day = wording.date_in_words(digest.local_date)
    if digest.from_archive:
        return clip(_("{date}: on this day").format(date=day), limits.POST_TITLE_CHARS)
    if not digest.story_count:
        return clip(_("{date}: a quiet day").format(date=day), limits.POST_TITLE_CHARS)
    return clip(f"{day}: {digest.stories[0].lead.title}", limits.POST_TITLE_CHARS)


def render_quiet_note(digest: Digest, *, so_far: bool = False) -> Components:
    """Returns the one line of a day without news, or of one that has had none `so_far`."""
    line = _("Nothing new so far on {date}.") if so_far else _("A quiet day: nothing new for {date}.")
    line = line.format(date=wording.date_in_words(digest.local_date))
    return [layout.container([layout.text(line)], layout.GREY)]


def render_left_out(digest: Digest, *, composition_id: int, page: int) -> Components:
    """Returns a page of the stories that limits kept out, each with the limit; pages count from 0."""
    heading = f"### {_('Left out on {date}').format(date=wording.date_in_words(digest.local_date))}"
    if not digest.left_out:
        nothing = _("Nothing was left out of this digest.")
        return [layout.container([layout.text(pieces.lines(heading, nothing))])]
    pages = pieces.paged((_left_out_lines(item) for item in digest.left_out), chars=3400, most=10)
    page = pieces.at_page(page, len(pages))
    count = ngettext(
        "{count} story had no room in the digest.", "{count} stories had no room in the digest.", len(digest.left_out)
    ).format(count=len(digest.left_out))
    if len(pages) > 1:
        count += " " + _("Page {page} of {pages}.").format(page=page + 1, pages=len(pages))
    body: Components = [
        layout.text(pieces.lines(heading, pieces.small(count))),
        layout.separator(),
        *(layout.text(entry) for entry in pages[page]),
    ]
    if buttons := layout.pager(f"left:{composition_id}", page, len(pages)):
        body.append(layout.row(*buttons))
    return [layout.container(body)]


def _left_out_lines(item: LeftOut) -> str:
    lead = item.story.lead
    under = pieces.byline(pieces.source(lead), pieces.when(lead), wording.left_out_reason(item.reason))
    return pieces.lines(f"**{pieces.headline(lead)}**", pieces.small(under))


# --------------------------------------------------------------------------- filling sheets


def _filled(digest: Digest) -> list[_Sheet]:
    style: StampStyle = "D" if digest.from_archive else "R"
    sheets = [_Sheet()]
    for section in digest.sections:
        for position, story in enumerate(section.stories):
            block = _story(story, style)
            opening = _opening(wording.section_name(section), continued=position > 0)
            if not sheets[-1].stories:
                added = [opening, *block]
            elif position:
                added = [layout.separator(line=False), *block]
            else:
                added = [layout.separator(wide=True), opening, *block]
            if sheets[-1].stories and not sheets[-1].takes(added):
                sheets.append(_Sheet())
                added = [opening, *block]
            sheets[-1].add(story, added)
    return sheets


def _opening(name: str, *, continued: bool) -> Component:
    """Returns a section's heading, which stands again where a new sheet begins within the section."""
    heading = f"## {escape(clip(name, TOPIC_CHARS))}"
    return layout.text(pieces.lines(heading, pieces.small(_("continued")) if continued else ""))


def _story(story: Story, style: StampStyle) -> Components:
    """Returns a story as full as a sheet of its own allows."""
    built: Components = []
    # Room for its section's heading, which goes with it wherever it stands.
    heading_chars = 2 * TOPIC_CHARS + 40
    for excerpt_chars, links_shown in _FULLNESS:
        built = _story_at(story, style, excerpt_chars, links_shown)
        if layout.text_chars(built) <= _ROOM_CHARS - heading_chars:
            break
    return built


def _story_at(story: Story, style: StampStyle, excerpt_chars: int, links_shown: int) -> Components:
    lead = story.lead
    main = pieces.lines(
        f"### {pieces.headline(lead)}",
        pieces.small(pieces.byline(pieces.source(lead), pieces.when(lead, style), wording.carried_by(story))),
        pieces.update_line(story),
        pieces.excerpt(lead, excerpt_chars),
    )
    built = [pieces.pictured(main, lead)]
    if roundup := pieces.roundup_lines(story.roundup, links_shown):
        built.append(layout.text(roundup))
    return built


# --------------------------------------------------------------------------- the frame around them


def _part(
    digest: Digest, sheet: _Sheet, number: int, part_count: int, composition_id: int, masthead: str
) -> Components:
    body: Components = [
        layout.text(_masthead(digest, number, part_count, masthead)),
        layout.separator(),
        *sheet.components,
        layout.separator(),
        layout.row(
            layout.select(
                f"pick:{composition_id}",
                _("Open a story with its whole round-up…"),
                [_option(s) for s in sheet.stories],
            )
        ),
    ]
    if number == part_count:
        body += _left_out_row(digest, composition_id)
    return [layout.container(body, layout.SEPIA if digest.from_archive else layout.INK)]


def _masthead(digest: Digest, number: int, part_count: int, masthead: str) -> str:
    name = escape(clip(masthead, MASTHEAD_CHARS)) or _("The Daily Broadsheet")
    day = wording.date_in_words(digest.local_date)
    of_parts = f"{number}/{part_count}" if part_count > 1 else ""
    if number > 1:
        return pieces.small(pieces.byline(f"**{name}**", day, of_parts))
    summary = wording.digest_summary(digest)
    if digest.from_archive:
        return pieces.lines(
            f"# {name}",
            pieces.small(pieces.byline(day, summary, of_parts)),
            f"**{_('On this day')}** — {_('nothing new today, so here is what earlier years reported.')}",
        )
    return pieces.lines(f"# {name}", pieces.small(pieces.byline(day, summary, of_parts)))


def _left_out_row(digest: Digest, composition_id: int) -> Components:
    left = len(digest.left_out)
    if not left:
        return []
    return [layout.row(layout.button(wording.more_stories(left), f"left:{composition_id}:0"))]


def _option(story: Story) -> Option:
    lead = story.lead
    links = wording.link_count(len(story.roundup)) if story.roundup else ""
    return Option(
        label=lead.title or _("Untitled"),
        value=pieces.ref(story),
        description=pieces.byline(wording.source_name(lead), wording.topic_name(story.topic), links),
    )


def _quiet(digest: Digest, composition_id: int, masthead: str, *, so_far: bool) -> Components:
    note: Sequence[Component] = render_quiet_note(digest, so_far=so_far)
    left = _left_out_row(digest, composition_id)
    if not left:
        return list(note)
    return [layout.container([layout.text(_masthead(digest, 1, 1, masthead)), *note[0]["components"], *left])]
