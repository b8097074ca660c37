"""Distributes the stories of a digest to sheets: a sheet is one message, with a container for each topic.

Splits between stories, never inside one; counts components and characters itself and leaves room for the frame.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.render import layout, limits, pieces, wording
from bot.render.layout import Component, Components
from bot.render.look import Look, accent
from bot.render.markdown import StampStyle
from bot.render.story_detail import FULLNESS, LEAD_FULLNESS, Fullness, story_detail
from digests.i18n import _, current_language
from digests.models import Digest, Section, Story, Style

# What a message has besides stories: the masthead, the menu in its row, the footer, three buttons in their row; and the
# longest texts of masthead and footer, without the list of contents.
_FRAME_COMPONENTS: Final = 8
_FRAME_CHARS: Final = 520
_ROOM_COMPONENTS: Final = limits.COMPONENTS - limits.MENTION_COMPONENTS - _FRAME_COMPONENTS
_ROOM_CHARS: Final = limits.TEXT_CHARS - limits.MENTION_CHARS - _FRAME_CHARS
THUMBNAIL_TITLE_CHARS: Final = 48
"""A longer headline would, on a phone, wrap into far more lines than a thumbnail is high."""
_COMPACT_STORIES: Final = 5
"""A message of a compact digest has at least this many stories, unless their addresses are too long."""


@dataclass(frozen=True, slots=True)
class Block:
    """A rendered story: its components and their counts."""

    story: Story
    components: Components
    component_count: int
    text_chars: int


@dataclass(slots=True)
class Box:
    """The stories of one topic on one sheet."""

    section: Section
    opening: str
    blocks: list[Block] = field(default_factory=list)


@dataclass(slots=True)
class Sheet:
    """The topics of one message while it is being filled."""

    is_list: bool
    room_chars: int
    boxes: list[Box] = field(default_factory=list)
    component_count: int = 0
    text_chars: int = 0
    story_count: int = 0

    @property
    def stories(self) -> list[Story]:
        """The sheet's stories in reading order."""
        return [block.story for box in self.boxes for block in box.blocks]

    def take(self, section: Section, opening: str, block: Block) -> bool:
        """Put a story on the sheet, under its topic; return False if there is no room for it."""
        is_new = not self.boxes or self.boxes[-1].section is not section
        # A separator between two stories, or the container of a new topic. Stories in a list share one text.
        count = block.component_count + 1
        chars = block.text_chars + 1
        if is_new:
            chars += limits.length(opening) + 1
        elif self.is_list:
            count = 0
        fits = (
            self.component_count + count <= _ROOM_COMPONENTS
            and self.text_chars + chars <= self.room_chars
            and self.story_count < limits.SELECT_OPTIONS
        )
        if self.boxes and not fits:
            return False
        if is_new:
            self.boxes.append(Box(section, opening))
        self.boxes[-1].blocks.append(block)
        self.component_count += count
        self.text_chars += chars
        self.story_count += 1
        return True

    def components(self, *, accents: bool = True) -> Components:
        """Return the sheet's containers; without `accents` all have the colour of old news."""
        return [
            layout.container(
                _listed(box) if self.is_list else _lay_out(box), accent(box.section.topic) if accents else layout.SEPIA
            )
            for box in self.boxes
        ]


def fill_sheets(digest: Digest, style: Style, look: Look, *, contents_chars: int = 0) -> list[Sheet]:
    """Return a digest's sheets in order, with every story on exactly one.

    Args:
        digest: A digest with stories.
        style: How much of each story is printed.
        look: Provides the headings of topics.
        contents_chars: Length of the list of contents on the first sheet, if there are several.
    """
    sheets: list[Sheet] = []
    most = max(1, -(-digest.story_count // _COMPACT_STORIES))
    for level in range(len(FULLNESS[style])):
        blocks = [[_block(story, digest, style, level) for story in section.stories] for section in digest.sections]
        sheets = _distribute(digest, blocks, style, look, 0)
        if len(sheets) > 1 and contents_chars:
            sheets = _distribute(digest, blocks, style, look, contents_chars)
        if style is not Style.COMPACT or len(sheets) <= most:
            break
    return sheets


def _distribute(
    digest: Digest, blocks: Sequence[Sequence[Block]], style: Style, look: Look, contents_chars: int
) -> list[Sheet]:
    is_list = style is Style.HEADLINES
    sheets = [Sheet(is_list, _ROOM_CHARS - contents_chars)]
    for section, drawn in zip(digest.sections, blocks, strict=True):
        name = look.topic_line(section.topic, wording.section_name(section))
        opening = pieces.small(name)
        for position, block in enumerate(drawn):
            if not sheets[-1].take(section, opening, block):
                sheets.append(Sheet(is_list, _ROOM_CHARS))
                again = pieces.small(pieces.byline(name, _("continued"))) if position else opening
                sheets[-1].take(section, again, block)
    return sheets


def _block(story: Story, digest: Digest, style: Style, level: int) -> Block:
    """Render a story as fully as its style and a message of its own allow, starting at a level of fullness."""
    leads = _leads(story, digest)
    key = (id(story), style, level, leads, digest.from_archive, current_language())
    known = _blocks.get(key)
    if known is not None and known.story is story:
        return known
    components: Components = []
    chars = 0
    levels = LEAD_FULLNESS if leads else FULLNESS
    for fullness in levels[style][level:]:
        components = _render_story(story, digest, style, fullness)
        chars = layout.text_chars(components)
        if chars <= _ROOM_CHARS - _HEADING_CHARS:
            break
    block = Block(story, components, layout.count(components), chars)
    if len(_blocks) >= _MOST_BLOCKS:
        _blocks.clear()
    _blocks[key] = block
    return block


_blocks: dict[tuple[object, ...], Block] = {}
"""Rendered stories: the digests of one minute contain the same few in many selections. A block refers to its story, so
the story's `id()` in the key can't be reused."""
_MOST_BLOCKS: Final = 500


# Leave room for the topic's heading and the list of contents, wherever the story ends up.
_HEADING_CHARS: Final = 900


def _leads(story: Story, digest: Digest) -> bool:
    return story is digest.sections[0].stories[0]


def _render_story(story: Story, digest: Digest, style: Style, fullness: Fullness) -> Components:
    printed = story_detail(story, style, fullness)
    if style is Style.HEADLINES:
        return [layout.text(pieces.headline_line(story, printed))]
    leads = _leads(story, digest)
    stamp: StampStyle = "D" if digest.from_archive else "R"
    carried = wording.carried_by(story) if style is Style.FULL else ""
    head = pieces.head(story, leads=leads, style=stamp)
    beneath = pieces.beneath(printed, carried)
    texts = [layout.text(beneath)] if beneath else []
    address = pieces.picture(story.lead)
    if address is None:
        return [layout.text(head), *texts]
    if leads:
        return [layout.text(head), layout.gallery(address, story.lead.title), *texts]
    if style is not Style.FULL or limits.length(story.lead.title) > THUMBNAIL_TITLE_CHARS:
        return [layout.text(head), *texts]
    # The text goes under the picture, not next to it: on a phone that column is too narrow to read.
    return [layout.section(head, layout.thumbnail(address, story.lead.title)), *texts]


def _lay_out(box: Box) -> Iterable[Component]:
    for position, block in enumerate(box.blocks):
        if position:
            yield layout.separator()
            yield from block.components
        else:
            first, *others = block.components
            yield _with_opening(first, box.opening)
            yield from others


def _listed(box: Box) -> Components:
    entries = [text["content"] for block in box.blocks for text in block.components]
    return [layout.text(pieces.lines(box.opening, *entries))]


def _with_opening(component: Component, opening: str) -> Component:
    """Return a story's first component with the topic's heading above the headline."""
    if component["type"] == layout.SECTION:
        return {**component, "components": [_with_opening(text, opening) for text in component["components"]]}
    return layout.text(pieces.lines(opening, component["content"]))
