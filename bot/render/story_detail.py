"""Decides what a style prints of a story and what it only counts, for Discord, HTML pages and the terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from bot.render import wording
from bot.render.markdown import clip, plain
from bot.render.sentences import first_sentence
from digests.models import Article, Link, Story, Style

_TITLE_CHARS = 220


class Fullness(NamedTuple):
    """How much of a story is printed: characters of text, likely reports of the same event, links."""

    chars: int
    also: int
    links: int


_BAREST: Final = Fullness(0, 0, 0)

FULLNESS: Final = {
    Style.FULL: (Fullness(160, 2, 3), Fullness(90, 2, 3), Fullness(0, 2, 3), Fullness(0, 1, 2), _BAREST),
    Style.COMPACT: (
        Fullness(140, 1, 2),
        Fullness(140, 1, 1),
        Fullness(100, 1, 1),
        Fullness(100, 0, 0),
        _BAREST,
    ),
    Style.HEADLINES: (_BAREST,),
}
"""From the fullest to the barest, for stories whose addresses leave little room: text is cut before links are."""

LEAD_FULLNESS: Final = {
    **FULLNESS,
    Style.FULL: (
        Fullness(200, 2, 5),
        Fullness(140, 2, 5),
        Fullness(80, 2, 5),
        Fullness(0, 2, 5),
        Fullness(0, 1, 3),
        Fullness(0, 0, 1),
        _BAREST,
    ),
    Style.COMPACT: (Fullness(200, 1, 2), *FULLNESS[Style.COMPACT][1:]),
}
"""The same for the day's lead, which gets more room than the stories after it."""


@dataclass(frozen=True, slots=True)
class StoryDetail:
    """What is printed of a story under its headline.

    Attributes:
        words: Excerpt or sentence, as plain text; "" for none.
        also: Likely reports of the same event, by headline.
        links: Links of the round-up.
        by_name: The links are on one line by their providers' names, not by their headlines.
        rest: How many reports and links are not printed.
    """

    words: str
    also: tuple[Article, ...]
    links: tuple[Link, ...]
    by_name: bool
    rest: int


def story_detail(story: Story, style: Style, fullness: Fullness | None = None) -> StoryDetail:
    """Return what a style prints of a story; `fullness` None means as much as possible."""
    most = fullness or LEAD_FULLNESS[style][0]
    by_name = style is not Style.FULL
    also = story.also[: most.also]
    links = _named(story, most.links) if by_name else story.roundup[: most.links]
    return StoryDetail(
        words=_words(story.lead, style, most.chars),
        also=also,
        links=links,
        by_name=by_name,
        rest=len(story.also) - len(also) + len(story.roundup) - len(links),
    )


def _words(lead: Article, style: Style, chars: int) -> str:
    if not chars:
        return ""
    words = clip(lead.excerpt, chars) if style is Style.FULL else first_sentence(lead.excerpt, chars, plain(lead.title))
    # Many excerpts only repeat the title.
    return "" if _bare(words) == _bare(clip(lead.title, _TITLE_CHARS)) else words


def _bare(words: str) -> str:
    return words.rstrip("….").casefold()


def _named(story: Story, count: int) -> tuple[Link, ...]:
    """Return links of different providers, with the lead's own provider last."""
    own = wording.source_name(story.lead)
    chosen: dict[str, Link] = {}
    for foreign in (True, False):
        for link in story.roundup:
            if len(chosen) == count:
                return tuple(chosen.values())
            name = wording.source_name(link)
            if name and (name != own) is foreign:
                chosen.setdefault(name, link)
    return tuple(chosen.values())
