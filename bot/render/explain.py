"""Why a digest looks as it does: each story's numbers, what was folded into it, what was left out or dropped."""

from __future__ import annotations

from collections.abc import Iterator

from bot.render import layout, limits, pieces, wording
from bot.render.layout import Components
from bot.render.markdown import clip, escape, link
from digests.i18n import _
from digests.models import Digest, Dropped, Join, LeftOut, Score, Story

_PAGE_CHARS = limits.TEXT_CHARS - limits.MENTION_CHARS - 400
_LINES_A_PAGE = 12
_TITLE_CHARS = 110


def render_explain(digest: Digest, *, pager: str | None = None) -> list[Components]:
    """Return all pages of a digest's explanation; there is always one.

    Args:
        digest: As composed.
        pager: Start of the custom_ids of the buttons between pages, which go on with `:PAGE`; None for no buttons.
    """
    heading = f"### {_('How {date} was composed').format(date=wording.date_in_words(digest.local_date))}"
    summary = pieces.byline(
        wording.digest_summary(digest),
        _("{count} left out").format(count=len(digest.left_out)),
        _("{count} dropped").format(count=len(digest.dropped)),
    )
    pages = pieces.paged(_entries(digest), chars=_PAGE_CHARS, most=_LINES_A_PAGE)
    built: list[Components] = []
    for number, entries in enumerate(pages):
        of_pages = _("page {page} of {pages}").format(page=number + 1, pages=len(pages)) if len(pages) > 1 else ""
        body: Components = [
            layout.text(pieces.lines(heading, pieces.small(pieces.byline(summary, of_pages)))),
            layout.separator(),
        ]
        body += map(layout.text, entries or [_("There was nothing to choose from.")])
        if pager is not None and (buttons := layout.pager(pager, number, len(pages))):
            body.append(layout.row(*buttons))
        built.append([layout.container(body)])
    return built


def score_in_words(score: Score) -> str:
    """Write a rank as the sum that it is."""
    return _(
        "{total:.1f} = quality {quality:.1f} + heat {heat:.1f}"
        " + recency {recency:.1f} + corroboration {corroboration:.1f}"
    ).format(
        total=score.total,
        quality=score.quality,
        heat=score.heat,
        recency=score.recency,
        corroboration=score.corroboration,
    )


def _entries(digest: Digest) -> Iterator[str]:
    position = 0
    for section in digest.sections:
        topic = escape(clip(wording.section_name(section), 80))
        for story in section.stories:
            position += 1
            yield _story_entry(story, position, topic)
    for index, left in enumerate(digest.left_out):
        yield _titled(_("Left out"), _left_out_entry(left), first=index == 0)
    for index, dropped in enumerate(digest.dropped):
        yield _titled(_("Dropped"), _dropped_entry(dropped), first=index == 0)


def _titled(heading: str, entry: str, *, first: bool) -> str:
    return f"### {heading}\n{entry}" if first else entry


def _story_entry(story: Story, position: int, topic: str) -> str:
    return pieces.lines(
        f"**{position}\\. {pieces.headline(story.lead, chars=_TITLE_CHARS)}**",
        pieces.small(pieces.byline(topic, score_in_words(story.score))),
        pieces.update_line(story),
        *(pieces.small(_join_entry(join)) for join in story.joins[:4]),
        pieces.small(wording.more(len(story.joins) - 4)) if len(story.joins) > 4 else "",
    )


def _join_entry(join: Join) -> str:
    folded = escape(clip(join.article_key.partition("://")[2] or join.article_key, 90))
    reason = wording.join_reason(join.reason)
    evidence = escape(clip(join.evidence, 120))
    return _("folded in: {article} ({why})").format(article=folded, why=f"{reason}: {evidence}" if evidence else reason)


def _left_out_entry(left: LeftOut) -> str:
    why = pieces.byline(wording.left_out_reason(left.reason), score_in_words(left.story.score))
    return pieces.lines(f"**{pieces.headline(left.story.lead, chars=_TITLE_CHARS)}**", pieces.small(why))


def _dropped_entry(dropped: Dropped) -> str:
    title = link(clip(dropped.title, _TITLE_CHARS) or _("Untitled"), _address(dropped.key))
    return pieces.lines(f"**{title}**", pieces.small(wording.drop_reason(dropped.reason)))


def _address(key: str) -> str | None:
    return key if key.startswith(("http://", "https://")) else None
