"""Explains a digest: each story's numbers, what was folded into it, what was left out or dropped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.render import layout, limits, pieces, wording
from bot.render.latest import silence_in_words
from bot.render.layout import Components, Option
from bot.render.markdown import clip, escape, link
from digests.editions import local_date, zone
from digests.i18n import _
from digests.models import Article, Digest, Dropped, Join, LeftOut, PastEdition, Score, Silence, Story, Subscription

_PAGE_CHARS = limits.TEXT_CHARS - limits.MENTION_CHARS - 400
_LINES_A_PAGE = 12
_TITLE_CHARS = 110
_JOINS_SHOWN = 4


@dataclass(frozen=True, slots=True)
class ExplainedEditions:
    """The editions of one subscription that can be explained.

    Attributes:
        subscription: The subscription.
        past: Its past editions, newest first.
        next_due: When the next one is due; None while it is paused.
        shown_id: The one being shown; None for the next one.
    """

    subscription: Subscription
    past: tuple[PastEdition, ...]
    next_due: datetime | None
    shown_id: int | None


def render_explain(
    digest: Digest,
    *,
    pager: str | None = None,
    why: str | None = None,
    editions: ExplainedEditions | None = None,
    silence: Silence | None = None,
) -> list[Components]:
    """Return all pages of a digest's explanation, at least one.

    Args:
        digest: As composed.
        pager: Prefix of the custom_ids of the buttons between pages, followed by `:PAGE`; None for no buttons.
        why: The custom_id of the button that asks about an article; None for no button.
        editions: The choices in the menu of other editions; None for no menu.
        silence: Why there was no news, if it was a quiet day.
    """
    heading = f"### {_('How {date} was composed').format(date=wording.date_in_words(digest.local_date))}"
    summary = pieces.byline(
        wording.digest_summary(digest),
        _("{count} left out").format(count=len(digest.left_out)),
        _("{count} dropped").format(count=len(digest.dropped)),
    )
    quiet = _("A quiet day: {why}").format(why=silence_in_words(silence)) if silence is not None else ""
    pages = pieces.paged(_entries(digest), chars=_PAGE_CHARS, most=_LINES_A_PAGE)
    built: list[Components] = []
    for number, entries in enumerate(pages):
        of_pages = _("page {page} of {pages}").format(page=number + 1, pages=len(pages)) if len(pages) > 1 else ""
        body: Components = [
            layout.text(pieces.lines(heading, pieces.small(pieces.byline(summary, of_pages)), quiet)),
            layout.separator(),
        ]
        body += map(layout.text, entries or [_("There was nothing to choose from.")])
        buttons = layout.pager(pager, number, len(pages)) if pager is not None else []
        if why is not None:
            buttons.append(layout.button(_("Why was this not in it?"), why))
        if buttons:
            body.append(layout.row(*buttons))
        if editions is not None and (options := _edition_options(editions)):
            custom_id = f"explainedition:{editions.subscription.id}"
            body.append(layout.row(layout.select(custom_id, _("Explain another one …"), options)))
        built.append([layout.container(body)])
    return built


def _edition_options(editions: ExplainedEditions) -> list[Option]:
    timezone = editions.subscription.cadence.timezone
    options: list[Option] = []
    if editions.next_due is not None and editions.shown_id is not None:
        options.append(Option(_("The next one"), "next", _moment(editions.next_due, timezone)))
    for place, edition in enumerate(editions.past):
        if edition.id == editions.shown_id:
            continue
        stories = wording.story_count(edition.story_count) if edition.story_count else _("a quiet day")
        name = _("The last one") if not place else wording.date_in_words(local_date(edition.due_at, timezone))
        options.append(Option(name, str(edition.id), pieces.byline(_moment(edition.due_at, timezone), stories)))
    return options


def _moment(moment: datetime, timezone: str) -> str:
    return f"{moment.astimezone(zone(timezone)):%Y-%m-%d %H:%M}"


def score_in_words(score: Score) -> str:
    """Return a score as the sum of its parts."""
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
    titles = {article.key: article.title for article in story.folded}
    return pieces.lines(
        f"**{position}\\. {pieces.headline(story.lead, chars=_TITLE_CHARS)}**",
        pieces.small(pieces.byline(topic, score_in_words(story.score))),
        pieces.update_line(story),
        *(pieces.small(_join_entry(join, titles)) for join in story.joins[:_JOINS_SHOWN]),
        pieces.small(wording.more(len(story.joins) - _JOINS_SHOWN)) if len(story.joins) > _JOINS_SHOWN else "",
        *(pieces.small(_also_entry(article)) for article in story.also),
    )


def _join_entry(join: Join, titles: Mapping[str, str]) -> str:
    folded = titles.get(join.article_key) or join.article_key.partition("://")[2] or join.article_key
    reason = wording.join_reason(join.reason)
    evidence = escape(clip(join.evidence, 120))
    why = f"{reason}: {evidence}" if evidence else reason
    return _("folded in: {article} ({why})").format(article=escape(clip(folded, 90)), why=why)


def _also_entry(article: Article) -> str:
    title = escape(clip(article.title, 90)) or _("Untitled")
    return _("printed beneath, likely the same event: {article}").format(article=title)


def _left_out_entry(left: LeftOut) -> str:
    why = pieces.byline(wording.left_out_reason(left.reason), score_in_words(left.story.score))
    return pieces.lines(f"**{pieces.headline(left.story.lead, chars=_TITLE_CHARS)}**", pieces.small(why))


def _dropped_entry(dropped: Dropped) -> str:
    title = link(clip(dropped.title, _TITLE_CHARS) or _("Untitled"), _address(dropped.key))
    return pieces.lines(f"**{title}**", pieces.small(wording.drop_reason(dropped.reason)))


def _address(key: str) -> str | None:
    return key if key.startswith(("http://", "https://")) else None
