"""Reports on corpus folders in sentences: what their articles lack, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence

from digests.i18n import _, ngettext
from digests.models import FolderSummary


def sentences(summaries: Sequence[FolderSummary]) -> list[str]:
    """Return what an operator has to know about each folder; nothing if all is well."""
    return [
        f"{summary.folder}: {sentence}" if len(summaries) > 1 else sentence
        for summary in summaries
        for sentence in _of_folder(summary)
    ]


def lacking(summary: FolderSummary) -> str:
    """Return what a folder's articles lack, in one sentence; "" for nothing."""
    count = summary.article_count
    if not count:
        return _("No article was found: {advice}.").format(advice=_advice_on_nothing(summary))
    parts = []
    if summary.undated_count:
        examples = ", ".join(summary.undated)
        if summary.undated_count == count:
            text = ngettext(
                "it has no date, so no digest will ever include it: {examples}",
                "none has a date, so no digest will ever include them: {examples}",
                count,
            )
        else:
            text = ngettext(
                "{lacking} has no date, so no digest will ever include it: {examples}",
                "{lacking} have no date, so no digest will ever include them: {examples}",
                summary.undated_count,
            )
        more = ", …" if summary.undated_count > len(summary.undated) else ""
        parts.append(text.format(lacking=summary.undated_count, examples=examples + more))
    if summary.unaddressed_count:
        advice = (
            _("set corpus.sources.permalink to the pattern of the site's addresses")
            if summary.has_site
            else _("set corpus.sources.url to the site's address")
        )
        if summary.unaddressed_count == count:
            text = ngettext("it has no address: {advice}", "none has an address: {advice}", count)
        else:
            text = ngettext(
                "{lacking} has no address: {advice}", "{lacking} have no address: {advice}", summary.unaddressed_count
            )
        parts.append(text.format(lacking=summary.unaddressed_count, advice=advice))
    if summary.untopical_count and summary.untopical_count == count:
        parts.append(
            ngettext(
                "it has no topic, so it appears under Other news",
                "none has a topic, so all appear under Other news",
                count,
            )
        )
    if not parts:
        return ""
    counted = ngettext("{count} article", "{count} articles", count).format(count=count)
    return _("{articles}: {lacks}.").format(articles=counted, lacks="; ".join(parts))


def lacks_all(summary: FolderSummary) -> bool:
    """Check whether a folder is of little use for digests: it has no article, or none with a date or an address."""
    return summary.article_count in {0, summary.undated_count, summary.unaddressed_count}


def _advice_on_nothing(summary: FolderSummary) -> str:
    """Return why a folder may have no article, and what to do."""
    reasons = {reason for reason, _count in summary.left_out}
    if reasons and reasons <= {_("a draft")}:
        return _("all are drafts, which a source with drafts = true loads")
    if reasons:
        return _("name the folder that the posts are in")
    if summary.unread:
        return _("convert the files to Markdown or HTML, or put the site's feed there")
    return _("put Markdown, HTML or feed files there, or name another folder")


def _of_folder(summary: FolderSummary) -> list[str]:
    made = []
    if lacks := lacking(summary):
        made.append(lacks)
    if summary.unread:
        count = sum(each for _ending, each in summary.unread)
        endings = ", ".join(ending for ending, _count in summary.unread)
        made.append(
            ngettext(
                "{count} file with this extension was not read: {endings}",
                "{count} files with these extensions were not read: {endings}",
                count,
            ).format(count=count, endings=endings)
        )
    if summary.left_out:
        count = sum(each for _what, each in summary.left_out)
        what = "; ".join(f"{reason} ({each})" for reason, each in summary.left_out)
        made.append(
            ngettext(
                "{count} file or folder left out: {what}", "{count} files or folders left out: {what}", count
            ).format(count=count, what=what)
        )
    return made
