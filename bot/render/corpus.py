"""The corpus for its operators: what it holds, its problems, what a reload did."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.render import layout, pieces, wording
from bot.render.layout import Components
from bot.render.markdown import clip, escape, stamp
from bot.render.paths import without_folders
from digests.i18n import _, ngettext
from digests.models import CorpusStatus, CorpusTrouble, LoadReport, Problem

PROBLEMS_A_PAGE = 10
_PROBLEMS_IN_REPORT = 5


def trouble_in_words(trouble: CorpusTrouble) -> str:
    """Return why the corpus can't be brought up to date, without naming folders: those are only in the log."""
    if trouble.refused:
        return _(
            "The folders contain less than half of the articles loaded from them before, so nothing was removed."
            " If that is right: `/corpus reload force:True`."
        )
    return _(
        "The corpus folders can't be read. What was loaded before stays;"
        " the bot's log and `broadsheet doctor` say more."
    )


def render_status(
    status: CorpusStatus, trouble: CorpusTrouble | None = None, fresh_at: datetime | None = None
) -> Components:
    """Return an overview of the corpus; `fresh_at` is when the bot was started with `--fresh`."""
    articles = ngettext("**{count}** article", "**{count}** articles", status.article_count).format(
        count=status.article_count
    )
    holds = _("{articles}, {published} of them headlines, from {providers} on {topics}").format(
        articles=articles,
        published=status.published_count,
        providers=wording.provider_count(status.provider_count),
        topics=ngettext("{count} topic", "{count} topics", status.topic_count).format(count=status.topic_count),
    )
    span = loaded = ""
    if status.oldest_at and status.newest_at:
        span = _("Published from {oldest} to {newest}").format(
            oldest=stamp(status.oldest_at, "D"), newest=stamp(status.newest_at, "f")
        )
    if status.loaded_at:
        loaded = _("Last loaded {when} · generation {generation}").format(
            when=stamp(status.loaded_at), generation=status.generation
        )
    else:
        loaded = _("Never loaded. `/corpus reload` loads it.")
    problems = _("No problems.")
    if status.problem_count:
        problems = ngettext(
            "{count} problem: `/corpus problems` lists it.",
            "{count} problems: `/corpus problems` lists them.",
            status.problem_count,
        ).format(count=status.problem_count)
    stale = ""
    if trouble is not None:
        stale = _("**Reloads fail since {when}.** {reason}").format(
            when=stamp(trouble.since, "R"), reason=trouble_in_words(trouble)
        )
    fresh = ""
    if fresh_at is not None:
        fresh = _(
            "**Started fresh {when}** with the articles of an earlier bot: its subscriptions and its record of"
            " deliveries are missing. `broadsheet restore` brings them back from a backup."
        ).format(when=stamp(fresh_at, "R"))
    body = pieces.lines(f"## {_('Corpus')}", fresh, stale, holds, span, problems, pieces.small(loaded))
    colour = layout.AMBER if status.problem_count else layout.GREEN
    return [layout.container([layout.text(body)], colour if trouble is None else layout.RED)]


def render_problems(problems: Sequence[Problem], page: int = 0, trouble: CorpusTrouble | None = None) -> Components:
    """Return a page of problems; pages count from 0."""
    heading = f"## {_('Problems in the corpus')}"
    if trouble is not None:
        problems = (Problem(_("All folders"), None, trouble_in_words(trouble).replace("`", "")), *problems)
    if not problems:
        return [layout.container([layout.text(pieces.lines(heading, _("There are none.")))], layout.GREEN)]
    pages = pieces.paged(map(_problem_entry, problems), chars=3500, most=PROBLEMS_A_PAGE)
    page = pieces.at_page(page, len(pages))
    rejected = sum(problem.rejected for problem in problems)
    remarks = len(problems) - rejected
    summary = pieces.byline(
        ngettext("{count} file rejected", "{count} files rejected", rejected).format(count=rejected),
        ngettext("{count} remark", "{count} remarks", remarks).format(count=remarks),
        _("page {page} of {pages}").format(page=page + 1, pages=len(pages)) if len(pages) > 1 else "",
    )
    body: Components = [
        layout.text(pieces.lines(heading, pieces.small(summary))),
        layout.separator(),
        layout.text("\n".join(pages[page])),
    ]
    if buttons := layout.pager("problems", page, len(pages)):
        body.append(layout.row(*buttons))
    return [layout.container(body, layout.AMBER)]


def render_report(report: LoadReport) -> Components:
    """Return what a reload did, with the first of its problems."""
    counts = (
        ngettext("**{count}** new", "**{count}** new", report.new).format(count=report.new),
        ngettext("**{count}** changed", "**{count}** changed", report.changed).format(count=report.changed),
        ngettext("**{count}** removed", "**{count}** removed", report.removed).format(count=report.removed),
        ngettext("**{count}** rejected", "**{count}** rejected", report.rejected).format(count=report.rejected),
        ngettext("{count} unchanged", "{count} unchanged", report.unchanged).format(count=report.unchanged),
    )
    took = _("It took {span}.").format(span=wording.span_in_words(timedelta(seconds=report.seconds)))
    parts = [f"## {_('Corpus reloaded')}", pieces.byline(*counts), pieces.small(took)]
    if report.problems:
        parts += map(_problem_entry, report.problems[:_PROBLEMS_IN_REPORT])
        rest = len(report.problems) - _PROBLEMS_IN_REPORT
        if rest > 0:
            parts.append(pieces.small(f"{wording.more(rest)}: `/corpus problems`"))
    return [layout.container([layout.text(pieces.lines(*parts))], layout.AMBER if report.problems else layout.GREEN)]


def _problem_entry(problem: Problem) -> str:
    place = _tail(without_folders(problem.path), 160)
    if problem.line is not None:
        place = _("{path}, line {line}").format(path=place, line=problem.line)
    kind = "" if problem.rejected else f" ({_('remark')})"
    return f"- **{escape(place)}**{kind}: {escape(clip(without_folders(problem.reason), 240)) or _('no reason given')}"


def _tail(path: str, chars: int) -> str:
    """Return the end of a long path, which identifies a file better than its start."""
    return path if len(path) <= chars else f"…{path[1 - chars :]}"
