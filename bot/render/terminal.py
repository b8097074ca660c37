"""Prints digests, search results and reports like a newspaper, in a terminal of 60 columns or more.

Text from the corpus is data here too: control characters are removed and rich parses no markup in it. Titles are
hyperlinks; if the output goes to a file or a pipe, addresses are written out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.style import Style as Ink
from rich.table import Table
from rich.text import Text

from bot.render import folder_report, wording
from bot.render.look import Look, accent
from bot.render.markdown import clip, plain
from bot.render.story_detail import StoryDetail, story_detail
from digests import urls
from digests.i18n import _, ngettext
from digests.models import (
    Article,
    Digest,
    Link,
    LoadReport,
    Problem,
    SearchAnswer,
    SearchSort,
    Spans,
    Story,
    Style,
)

PAGE_COLUMNS = 100
"""Longer lines are hard to read; a wider terminal stays empty on the right."""
_LINK_TITLE_CHARS = 110

_LOOK = Look()
_TITLE = Ink(bold=True)
_TOPIC = Ink(bold=True, color="red")
_SMALL = Ink(dim=True)
_MARK = Ink(bold=True, color="yellow")


def print_digest(
    console: Console,
    digest: Digest,
    explain: bool = False,
    *,
    style: Style = Style.COMPACT,
    now: datetime | None = None,
    look: Look = _LOOK,
) -> None:
    """Print a digest; with `explain` also the numbers behind it and what was left out or dropped.

    Args:
        console: Where to print.
        digest: The digest.
        explain: Whether to add the numbers.
        style: How much of each story is printed.
        now: Ages are relative to it; None for the digest's own cutoff.
        look: The paper's name, and what its topics are marked with.
    """
    moment = now or digest.window.until
    page = _digest_page(digest, style, moment, look, addresses=_without_hyperlinks(console))
    _print(console, Group(*page))
    if explain:
        _print(console, Group(*_explanation(digest)))


def print_search(console: Console, answer: SearchAnswer, *, now: datetime | None = None) -> None:
    """Print one page of an answer; ages are relative to `now`, without it dates are printed."""
    _print(console, Group(*_search_page(answer, now, addresses=_without_hyperlinks(console))))


def print_report(console: Console, report: LoadReport) -> None:
    """Print what a load did and every problem it found."""
    counts = " · ".join(
        (
            ngettext("{count} new", "{count} new", report.new).format(count=report.new),
            ngettext("{count} changed", "{count} changed", report.changed).format(count=report.changed),
            ngettext("{count} unchanged", "{count} unchanged", report.unchanged).format(count=report.unchanged),
            ngettext("{count} removed", "{count} removed", report.removed).format(count=report.removed),
            ngettext("{count} rejected", "{count} rejected", report.rejected).format(count=report.rejected),
        )
    )
    span = wording.span_in_words(timedelta(seconds=report.seconds))
    _print(console, Text.assemble((counts, _TITLE), (f" · {span}", _SMALL)))
    for sentence in folder_report.sentences(report.summaries):
        _print(console, Text(plain(sentence), style=_MARK))
    print_problems(console, report.problems)


def print_problems(console: Console, problems: tuple[Problem, ...]) -> None:
    """Print problems as a table of path, line and reason; nothing if there are none."""
    if not problems:
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style=_SMALL)
    table.add_column(_("file"), overflow="fold", ratio=4)
    table.add_column(_("line"), justify="right", no_wrap=True)
    table.add_column(_("reason"), overflow="fold", ratio=5)
    for problem in problems:
        line = "" if problem.line is None else str(problem.line)
        style = _MARK if problem.rejected else _SMALL
        table.add_row(Text(plain(problem.path)), Text(line), Text(plain(problem.reason), style=style))
    _print(console, table)


def _without_hyperlinks(console: Console) -> bool:
    # rich writes hyperlinks only together with colours; a terminal without the one lacks the other.
    return not console.is_terminal or console.color_system is None or console.legacy_windows


def _print(console: Console, page: RenderableType) -> None:
    console.print(page, width=min(console.width, PAGE_COLUMNS), highlight=False, markup=False, emoji=False, crop=False)


# --------------------------------------------------------------------------- the page of a digest


def _digest_page(
    digest: Digest, style: Style, now: datetime, look: Look, *, addresses: bool
) -> Iterator[RenderableType]:
    yield Rule(characters="━", style=_TOPIC)
    yield Text(" ".join((clip(look.masthead, 40) or _("The Daily Broadsheet")).upper()), style=_TITLE, justify="center")
    yield _two_ends(
        f"{wording.date_in_words(digest.local_date)} · {plain(digest.timezone)}", wording.digest_summary(digest)
    )
    yield Rule(characters="━", style=_TOPIC)
    if digest.from_archive:
        yield Text(_("On this day — nothing new, so here is what earlier years reported."), style=_MARK)
    if not digest.story_count:
        yield Text(_("A quiet day: nothing new."), style=_SMALL)
    for section in digest.sections:
        yield Text()
        name = clip(wording.section_name(section), 60).upper()
        heading = Text(f"{look.mark(section.topic)} {name}".strip(), style=f"bold #{accent(section.topic):06x}")
        yield Rule(heading, align="left", characters="─", style=_SMALL)
        for story in section.stories:
            if style is not Style.HEADLINES:
                yield Text()
            yield from _story(story, style, now, indent=2, addresses=addresses)
    if digest.left_out:
        yield Text()
        yield Rule(characters="─", style=_SMALL)
        left = len(digest.left_out)
        yield Text(
            ngettext("+{count} more story left out", "+{count} more stories left out", left).format(count=left),
            style=_SMALL,
        )


def _story(
    story: Story, style: Style, now: datetime | None, number: int | None = None, *, indent: int = 0, addresses: bool
) -> Iterator[RenderableType]:
    lead, printed = story.lead, story_detail(story, style)
    if story.update is not None:
        new = clip(wording.update_in_words(story.update), 200)
        yield _indented(Text.assemble((_("Update"), _MARK), (f" · {new}" if new else "", _SMALL)), indent)
    # Not `Text(…, style=…)`: that style would lie under the title too and dim it.
    head = Text.assemble((f"{number}. " if number is not None else "", _SMALL))
    head.append_text(_linked(lead.title, lead.url, _TITLE))
    if style is Style.HEADLINES:
        head.append(" · " + _joined(_source(lead), wording.more(printed.rest) if printed.rest else ""), style=_SMALL)
        yield _indented(_bulleted(head), indent)
        if addresses:
            yield from _written_out(lead.url, indent + 2)
        return
    yield _indented(head, indent)
    carried = wording.carried_by(story) if style is Style.FULL else ""
    byline = _joined(_source(lead), _moment(lead.published_at, now), carried)
    yield _indented(Text(byline, style=_SMALL), indent)
    if addresses:
        yield from _written_out(lead.url, indent)
    yield from _found_in(story, indent, addresses=addresses)
    if story.match is not None and story.match.sentence_spans:
        yield _indented(_marked(story.match.sentence, story.match.sentence_spans), indent)
    elif printed.words:
        yield _indented(Text(printed.words), indent)
    for article in printed.also:
        yield from _listed(article, "↳", indent, before=_("also: {first}").format(first=""), addresses=addresses)
    if printed.by_name:
        yield from _named(printed, indent, addresses=addresses)
        return
    for link in printed.links:
        yield from _listed(link, "•", indent, addresses=addresses)
    if printed.rest:
        yield _indented(Text(wording.more(printed.rest), style=_SMALL), indent + 4)


def _found_in(story: Story, indent: int, *, addresses: bool) -> Iterator[RenderableType]:
    """Yield the matching headline if it is not the one shown."""
    match = story.match
    if match is None or match.is_lead or match.title.casefold() == story.lead.title.casefold():
        return
    line = Text(_("Found in: "), style=_SMALL)
    title = _marked(clip(match.title, _LINK_TITLE_CHARS), match.title_spans)
    if address := _address(match.url):
        title.stylize(Ink(link=address))
    line.append_text(title)
    if match.provider is not None:
        line.append(f" · {clip(match.provider.name, 60)}", style=_SMALL)
    yield _indented(line, indent)
    if addresses:
        yield from _written_out(match.url, indent)


def _marked(text: str, spans: Spans) -> Text:
    """Return text with the matching words in bold."""
    # Control characters are replaced one by one, so that positions stay valid.
    marked = Text("".join(char if char.isprintable() else " " for char in text))
    for start, end in spans:
        marked.stylize(_TITLE, start, end)
    return marked


def _listed(
    item: Article | Link, sign: str, indent: int, *, before: str = "", addresses: bool
) -> Iterator[RenderableType]:
    line = Text(before, style=_SMALL).append_text(_linked(clip(item.title, _LINK_TITLE_CHARS), item.url, Ink()))
    if source := _source(item):
        line.append(f" · {source}", style=_SMALL)
    yield _indented(_bulleted(line, sign), indent + 2)
    if addresses:
        yield from _written_out(item.url, indent + 4)


def _named(printed: StoryDetail, indent: int, *, addresses: bool) -> Iterator[RenderableType]:
    """Yield the links of a round-up on one line, by their providers' names."""
    if not printed.links:
        if printed.rest:
            yield _indented(Text(wording.more(printed.rest), style=_SMALL), indent)
        return
    names = [_linked(_source(link), link.url, _SMALL) for link in printed.links]
    rest = [Text(wording.more(printed.rest), style=_SMALL)] if printed.rest else []
    line = Text(_("related: {first}").format(first=""), style=_SMALL)
    yield _indented(line.append_text(Text(" · ", style=_SMALL).join([*names, *rest])), indent)
    if addresses:
        for link in printed.links:
            yield from _written_out(link.url, indent)


def _indented(content: RenderableType, indent: int) -> RenderableType:
    return Padding(content, (0, 2 if indent else 0, 0, indent))


def _bulleted(line: Text, sign: str = "•") -> RenderableType:
    table = Table.grid(padding=(0, 1))
    table.add_column(width=1)
    table.add_column()
    table.add_row(Text(sign, style=_SMALL), line)
    return table


def _written_out(url: str | None, indent: int) -> Iterator[RenderableType]:
    # Whatever the width: an address on two lines can't be followed. Padding and tables would cut it off.
    if address := _address(url):
        yield Text(" " * indent + address, style=_SMALL, no_wrap=True, overflow="ignore")


# --------------------------------------------------------------------------- the numbers behind it


def _explanation(digest: Digest) -> Iterator[RenderableType]:
    yield Text()
    yield Rule(Text(_("THE NUMBERS"), style=_TOPIC), align="left", characters="─", style=_SMALL)
    if digest.stories:
        yield _scores(digest.stories)
    if any(story.joins or story.also for story in digest.stories):
        yield Text()
    for story in digest.stories:
        titles = {article.key: article.title for article in story.folded}
        for join in story.joins:
            yield Text.assemble(
                ("+ ", _SMALL),
                clip(titles.get(join.article_key) or join.article_key.partition("://")[2] or join.article_key, 70),
                (f" → {clip(story.lead.title, 50)}: ", _SMALL),
                wording.join_reason(join.reason),
                (f" ({clip(join.evidence, 100)})" if join.evidence else "", _SMALL),
            )
        for article in story.also:
            yield Text.assemble(
                ("~ ", _SMALL),
                clip(article.title, 70),
                (f" → {clip(story.lead.title, 50)}: ", _SMALL),
                _("likely the same event, printed beneath"),
            )
    if digest.left_out:
        yield Text()
        yield Rule(Text(_("LEFT OUT"), style=_TOPIC), align="left", characters="─", style=_SMALL)
        table = Table(box=None, pad_edge=False, header_style=_SMALL, expand=True)
        table.add_column(_("story"), ratio=1, overflow="ellipsis", no_wrap=True)
        table.add_column(_("score"), justify="right", no_wrap=True)
        table.add_column(_("why"), no_wrap=True)
        for left in digest.left_out:
            lead, score = left.story.lead, Text(f"{left.story.score.total:.1f}", style=_TITLE)
            table.add_row(_linked(lead.title, lead.url, Ink()), score, wording.left_out_reason(left.reason))
        yield table
    if digest.dropped:
        yield Text()
        yield Rule(Text(_("DROPPED"), style=_TOPIC), align="left", characters="─", style=_SMALL)
        table = Table(box=None, pad_edge=False, header_style=_SMALL, expand=True)
        table.add_column(_("article"), ratio=1, overflow="ellipsis", no_wrap=True)
        table.add_column(_("why"), ratio=1, overflow="fold")
        for dropped in digest.dropped:
            address = dropped.key if dropped.key.startswith("http") else None
            table.add_row(_linked(dropped.title, address, Ink()), Text(wording.drop_reason(dropped.reason)))
        yield table


def _scores(stories: tuple[Story, ...]) -> Table:
    table = Table(box=None, pad_edge=False, header_style=_SMALL, expand=True)
    table.add_column(_("story"), ratio=1, overflow="ellipsis", no_wrap=True)
    for name in (_("score"), _("quality"), _("heat"), _("recency"), _("corrob.")):
        table.add_column(name, justify="right", no_wrap=True)
    for story in stories:
        score = story.score
        parts = (score.quality, score.heat, score.recency, score.corroboration)
        total = Text(f"{score.total:.1f}", style=_TITLE)
        title = _linked(story.lead.title, story.lead.url, Ink())
        table.add_row(title, total, *(Text(f"{part:.1f}") for part in parts))
    return table


# --------------------------------------------------------------------------- the page of an answer


def _search_page(answer: SearchAnswer, now: datetime | None, *, addresses: bool) -> Iterator[RenderableType]:
    query = clip(answer.request.query, 80)
    if answer.corrected_query:
        corrected = _("Showing results for {query}.").format(query=clip(answer.corrected_query, 80))
        if answer.uncorrected_query is None:
            instead = _("Nothing was found for “{query}”.").format(query=query)
        else:
            instead = _("To search for just what you typed: {query}").format(query=clip(answer.uncorrected_query, 80))
        yield Text.assemble((corrected, _MARK), (f" {instead}", _SMALL))
    if not answer.stories:
        yield Text(_("Nothing was found.") if not answer.total else _("No more stories."), style=_TITLE)
        if answer.nearest_terms:
            terms = ", ".join(clip(term, 40) for term in answer.nearest_terms)
            yield Text(_("Words that come close: {terms}").format(terms=terms))
        for sentence in answer.advice:
            yield Text(plain(sentence))
        return
    for sentence in answer.remarks:
        yield Text(plain(sentence), style=_SMALL)
    if answer.lacks_words:
        yield Text(_("No story has all of these words; these have most."), style=_MARK)
    total = (wording.article_count if answer.counts_articles else wording.story_count)(answer.total)
    if answer.partial:
        total = _("at least {total}, as the search was cut short").format(total=total)
    elif answer.at_least:
        total = _("at least {total}").format(total=total)
    first, last = answer.offset + 1, answer.offset + len(answer.stories)
    order = "" if answer.request.sort is SearchSort.RELEVANCE else wording.sort_in_words(answer.request.sort)
    yield Text(_joined(_("{first}–{last} of {total}").format(first=first, last=last, total=total), order), style=_SMALL)
    for number, story in enumerate(answer.stories, first):
        yield Text()
        yield from _story(story, Style.FULL, now, number, addresses=addresses)


# --------------------------------------------------------------------------- pieces


def _linked(title: str, url: str | None, style: Ink) -> Text:
    """Return a title that is clickable in terminals with hyperlinks (OSC 8)."""
    words = plain(title) or _("Untitled")
    address = _address(url)
    return Text(words, style=style + Ink(link=address) if address else style)


def _address(url: str | None) -> str | None:
    return urls.safe(url) if url else None


def _two_ends(left: str, right: str) -> RenderableType:
    table = Table.grid(expand=True)
    table.add_column(ratio=1)
    table.add_column(justify="right")
    table.add_row(Text(left, style=_SMALL), Text(right, style=_SMALL))
    return table


def _source(item: Article | Link) -> str:
    return clip(wording.source_name(item), 60)


def _moment(moment: datetime | None, now: datetime | None) -> str:
    if moment is None:
        return _("undated")
    return wording.age(moment, now) if now is not None else wording.short_date(moment.date())


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
