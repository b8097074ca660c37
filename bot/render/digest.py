"""A digest as messages: the masthead, topics with their stories, the menu, what was left out.

All styles look alike; `story_detail` decides how much of a story is printed, `sheets` what fits into a message.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.render import layout, limits, pieces, wording
from bot.render.layout import Component, Components, Option
from bot.render.look import Look
from bot.render.markdown import clip, escape
from bot.render.sheets import Sheet, fill_sheets
from digests.i18n import _, ngettext
from digests.models import Digest, LeftOut, Presentation, Story, Style

WANTED_CHARS: Final = 120
"""Length of a saved search or a followed story's title in the heading."""
CONTENTS_SHOWN: Final = 5
CONTENTS_CHARS: Final = 46
"""Length of a headline in the list of contents (wide characters count twice): one line of small print on a phone."""
_DEFAULT: Final = Presentation()
_LOOK: Final = Look()


@dataclass(frozen=True, slots=True)
class RenderedPart:
    """One message of a digest. `first` is the one that may carry a role mention."""

    components: Components
    first: bool


def render_digest(
    digest: Digest,
    presentation: Presentation = _DEFAULT,
    *,
    composition_id: int,
    look: Look = _LOOK,
    so_far: bool = False,
    is_preview: bool = False,
) -> tuple[RenderedPart, ...]:
    """Return the messages of a digest in order, each within every limit and with room for a role mention.

    Args:
        digest: Without stories, the quiet day's note is rendered.
        presentation: The style, and whether the first message has to be the contents.
        composition_id: Goes into the buttons, so that they find this digest again.
        look: The paper's name and the emoji of its topics.
        so_far: The day is not over, so it can't be called quiet yet.
        is_preview: It was not sent, so it gets no buttons to order or stop it.
    """
    if not digest.story_count:
        return (RenderedPart(_quiet(digest, composition_id, look, so_far=so_far), first=True),)
    style = presentation.style
    # A forum post opens with the contents, which a digest of headlines already is.
    opens = presentation.is_post and style is not Style.HEADLINES
    contents = "" if presentation.is_post else _contents(digest)
    sheets = fill_sheets(digest, style, look, contents_chars=limits.length(contents) + 1)
    if presentation.wanted:
        # At most one message a day; its menu has the rest.
        sheets = sheets[:1]
    frame = _Frame(digest, composition_id, look, len(sheets) + opens, presentation, is_preview)
    messages = [frame.contents_first()] if opens else []
    for number, sheet in enumerate(sheets, len(messages) + 1):
        messages.append(frame.around(sheet, number, contents if number == 1 < len(sheets) else ""))
    return tuple(RenderedPart(message, first=not place) for place, message in enumerate(messages))


def digest_title(digest: Digest) -> str:
    """Return a title for a forum post: the date and the first headline, at most 100 characters."""
    day = wording.date_in_words(digest.local_date)
    if digest.from_archive:
        return clip(_("{date}: on this day").format(date=day), limits.POST_TITLE_CHARS)
    if not digest.story_count:
        return clip(_("{date}: a quiet day").format(date=day), limits.POST_TITLE_CHARS)
    return clip(f"{day}: {digest.stories[0].lead.title}", limits.POST_TITLE_CHARS)


def render_quiet_note(digest: Digest, *, so_far: bool = False) -> Components:
    """Return the line for a day without news, or one that has had none `so_far`."""
    line = _("Nothing new so far on {date}.") if so_far else _("A quiet day: nothing new for {date}.")
    line = line.format(date=wording.date_in_words(digest.local_date))
    return [layout.container([layout.text(line)], layout.GREY)]


def render_left_out(digest: Digest, *, composition_id: int, page: int) -> Components:
    """Return a page of the stories that limits left out, each with the limit; pages count from 0."""
    heading = f"### {_('Left out on {date}').format(date=wording.date_in_words(digest.local_date))}"
    if not digest.left_out:
        nothing = _("Nothing was left out of this digest.")
        return [layout.container([layout.text(pieces.lines(heading, nothing))])]
    pages = pieces.paged((_left_out_lines(item) for item in digest.left_out), chars=3400, most=10)
    page = pieces.at_page(page, len(pages))
    count = ngettext(
        "{count} story did not fit into the digest.",
        "{count} stories did not fit into the digest.",
        len(digest.left_out),
    ).format(count=len(digest.left_out))
    if len(pages) > 1:
        count += " " + _("Page {page} of {pages}.").format(page=page + 1, pages=len(pages))
    body: Components = [
        layout.text(pieces.lines(heading, pieces.small(count))),
        layout.separator(),
        *(layout.text(entry) for entry in pages[page]),
    ]
    why = layout.button(_("Why was this not in it?"), f"why:{composition_id}")
    body.append(layout.row(*layout.pager(f"left:{composition_id}", page, len(pages)), why))
    return [layout.container(body)]


def _left_out_lines(item: LeftOut) -> str:
    lead = item.story.lead
    under = pieces.byline(pieces.source(lead), pieces.when(lead), wording.left_out_reason(item.reason))
    return pieces.lines(f"**{pieces.headline(lead)}**", pieces.small(under))


# --------------------------------------------------------------------------- the frame around the stories


@dataclass(frozen=True, slots=True)
class _Frame:
    """Everything around the stories in a digest's messages."""

    digest: Digest
    composition_id: int
    look: Look
    part_count: int
    presentation: Presentation
    is_preview: bool

    def around(self, sheet: Sheet, number: int, contents: str) -> Components:
        """Return one message; the last one gets the menu, as the answer appears below it."""
        is_last = number == self.part_count
        message: Components = [
            layout.text(pieces.lines(self._masthead(number), contents)),
            *sheet.components(accents=not self.digest.from_archive),
        ]
        if self.digest.story_count > limits.SELECT_OPTIONS:
            message.append(self._menu(sheet.stories))
        elif is_last:
            message.append(self._menu(self.digest.stories))
        if is_last:
            message += self._buttons()
            message.append(layout.text(pieces.lines(pieces.small(self._rest(sheet)), pieces.small(self._foot()))))
        return message

    def _buttons(self) -> Components:
        """Return the row of buttons; a preview only has the one for what was left out."""
        number = self.composition_id
        buttons = _left_out_buttons(self.digest, number)
        if not self.is_preview:
            if self.presentation.is_dm:
                buttons.append(layout.button(_("Stop"), f"stop:{number}"))
            else:
                buttons.append(layout.button(_("Get this by DM"), f"getdm:{number}"))
            if not self.presentation.is_story:
                label = _("Follow this story") if self.digest.story_count == 1 else _("Follow a story")
                buttons.append(layout.button(label, f"follow:{number}"))
        return [layout.row(*buttons)] if buttons else []

    def _rest(self, sheet: Sheet) -> str:
        """Return how many stories did not fit into the single message; empty for none, or for a paper."""
        rest = self.digest.story_count - sheet.story_count if self.presentation.wanted else 0
        return _("{stories} in the menu").format(stories=wording.more_stories(rest)) if rest else ""

    def _foot(self) -> str:
        if self.presentation.is_story:
            return _("You follow this story until there has been no news about it for a week.")
        if self.presentation.wanted:
            return _("You asked to hear when there is more: at most one message a day. Your orders: `/papers`")
        return _("Time, topics and style of this paper: `/digest edit`")

    def contents_first(self) -> Components:
        """Return a message with all headlines that fit, and the number of the others."""
        sheet = fill_sheets(self.digest, Style.HEADLINES, self.look)[0]
        message: Components = [
            layout.text(self._masthead(1)),
            *sheet.components(accents=not self.digest.from_archive),
            self._menu(sheet.stories),
        ]
        if rest := self.digest.story_count - sheet.story_count:
            message.append(layout.text(pieces.small(wording.more_stories(rest))))
        return message

    def _masthead(self, number: int) -> str:
        if number > 1:
            return pieces.small(pieces.byline(f"**{self.look.name}**", f"{number}/{self.part_count}"))
        return self._heading() if self.presentation.wanted else _masthead(self.digest, self.look)

    def _heading(self) -> str:
        wanted = escape(clip(self.presentation.wanted, WANTED_CHARS))
        words = _("News about a story that you follow") if self.presentation.is_story else _("More on {query}")
        under = wanted if self.presentation.is_story else wording.digest_summary(self.digest)
        return pieces.lines(f"## {words.format(query=wanted)}", pieces.small(under))

    def _menu(self, stories: Sequence[Story]) -> Component:
        placeholder = _("Read a story in full…")
        return layout.row(layout.select(f"pick:{self.composition_id}", placeholder, map(story_option, stories)))


def _masthead(digest: Digest, look: Look) -> str:
    day = wording.date_in_words(digest.local_date)
    summary = wording.digest_summary(digest) if digest.story_count else ""
    # On a phone the line breaks between day and count, not within either.
    under = pieces.small(pieces.byline(day, pieces.unbroken(summary)))
    if not digest.from_archive:
        return pieces.lines(f"# {look.name}", under)
    archive = f"**{_('On this day')}** — {_('nothing new today, so here is what earlier years reported.')}"
    return pieces.lines(f"# {look.name}", under, archive)


def _contents(digest: Digest) -> str:
    """Return the best headlines after the day's lead, one per line, in reading order."""
    others = digest.stories[1:]
    best = sorted(others, key=lambda story: -story.score.total)[:CONTENTS_SHOWN]
    chosen = {id(story) for story in best}
    titles = [_one_line(story.lead.title) or _("Untitled") for story in others if id(story) in chosen]
    entries = [f"›\N{NO-BREAK SPACE}{escape(title)}" for title in titles]
    return pieces.lines(pieces.small(f"**{_('In this paper')}**"), *map(pieces.small, entries)) if entries else ""


def _one_line(title: str) -> str:
    """Clip a headline to a line of the contents; Chinese characters are twice as wide as Latin ones."""
    title = clip(title, CONTENTS_CHARS)
    if title.isascii():
        return title
    columns = 0
    for place, char in enumerate(title):
        columns += 2 if unicodedata.east_asian_width(char) in "WF" else 1
        if columns > CONTENTS_CHARS:
            return clip(title, limits.length(title[:place]))
    return title


def _left_out_buttons(digest: Digest, composition_id: int) -> Components:
    left = len(digest.left_out)
    return [layout.button(wording.more_stories(left), f"left:{composition_id}:0")] if left else []


def story_option(story: Story) -> Option:
    """Return a story's menu entry: headline, provider, topic, and its number of links."""
    lead = story.lead
    links = wording.link_count(len(story.roundup)) if story.roundup else ""
    return Option(
        label=lead.title or _("Untitled"),
        value=pieces.ref(story),
        description=pieces.byline(wording.source_name(lead), wording.topic_name(story.topic), links),
    )


def _quiet(digest: Digest, composition_id: int, look: Look, *, so_far: bool) -> Components:
    note: Sequence[Component] = render_quiet_note(digest, so_far=so_far)
    left = _left_out_buttons(digest, composition_id)
    if not left:
        return list(note)
    return [layout.text(_masthead(digest, look)), *note, layout.row(*left)]
