"""Answers of `/news` and `/latest`: how the query was understood, a page of stories, advice if there are none."""

from __future__ import annotations

from bot.render import layout, limits, pieces, wording
from bot.render.layout import Component, Components, Option
from bot.render.markdown import clip, escape, sentence_of
from bot.render.story_detail import Fullness, story_detail
from digests.i18n import _, ngettext
from digests.models import SearchAnswer, SearchRequest, SearchSort, Spans, Story, Style

QUERY_CHARS = 100
FILTER_CHARS = 60
FOUND_CHARS = 120
QUOTE_CHARS = 300
BUTTON_CHARS = 50

# From the fullest to the barest: characters of each excerpt and title, and whether pictures are shown.
_FULLNESS = ((150, 200, True), (90, 160, True), (0, 140, True), (0, 100, False), (0, 60, False))
_BAREST = (0, 40, False)


def render_search(answer: SearchAnswer, *, token: int, page: int, page_size: int, shared: bool) -> Components:
    """Return one page of an answer; pages count from 0.

    Args:
        answer: Contains only this page's stories.
        token: The token of the stored question, for the buttons.
        page: The number of this page.
        page_size: Stories per page, to compute the number of pages.
        shared: The message is public, so it needs no Share button.
    """
    heading = _heading(answer.request)
    return _answer(answer, heading, token, page, page_size, shared=shared)


def render_latest(answer: SearchAnswer, *, token: int, page: int, page_size: int, shared: bool) -> Components:
    """Return a page of the latest stories, as `render_search` does for a question without words."""
    return _answer(answer, _("The latest"), token, page, page_size, shared=shared)


def _answer(answer: SearchAnswer, heading: str, token: int, page: int, page_size: int, *, shared: bool) -> Components:
    if not answer.stories:
        return _nothing(answer, heading, token, page, page_size)
    page_count = -(-answer.story_count // max(page_size, 1))
    head = pieces.lines(
        f"## {heading}", _correction(answer), *_remarks(answer), pieces.small(_understood(answer)), _quoted(answer)
    )

    def build(level: tuple[int, int, bool]) -> Components:
        body: Components = [layout.text(head), *_as_typed(answer, token), layout.separator()]
        for position, story in enumerate(answer.stories):
            if position:
                body.append(layout.separator())
            body += _result(story, answer.offset + position + 1, *level)
        pick = _pick(answer, token, page, shared=shared)
        body += [layout.separator(), layout.row(pick)]
        buttons = layout.pager(f"search:{token}", page, page_count)
        if not shared:
            buttons.append(layout.button(_("Share"), f"share:{token}:{page}", style=layout.PRIMARY))
        buttons += _more(answer.request, token)
        if buttons:
            body.append(layout.row(*buttons))
        return [layout.container(body)]

    built = pieces.first_fitting(_FULLNESS, build)
    return built if layout.fits(built) else _in_one_text(answer, head, token, page, page_count, shared=shared)


def _pick(answer: SearchAnswer, token: int, page: int, *, shared: bool) -> Component:
    """Return the menu of stories; a chosen story replaces a private answer, so the id names the page to return to."""
    custom_id = f"pick:{token}" if shared else f"pick:{token}:{page}"
    return layout.select(custom_id, _("Read a story in full…"), map(_option, answer.stories))


def _in_one_text(
    answer: SearchAnswer, head: str, token: int, page: int, page_count: int, *, shared: bool
) -> Components:
    """Return a page of very many stories or very long addresses as one text; what doesn't fit is counted."""
    room = limits.TEXT_CHARS - limits.MENTION_CHARS - limits.length(head) - 40
    entries: list[str] = []
    for position, story in enumerate(answer.stories):
        line = f"{answer.offset + position + 1}\\. {pieces.headline(story.lead, chars=_BAREST[1])}"
        if limits.length(line) + 1 > room:
            break
        room -= limits.length(line) + 1
        entries.append(line)
    rest = len(answer.stories) - len(entries)
    if rest:
        entries.append(pieces.small(pieces.more(rest)))
    pick = _pick(answer, token, page, shared=shared)
    buttons = layout.pager(f"search:{token}", page, page_count)
    if not shared:
        buttons.append(layout.button(_("Share"), f"share:{token}:{page}", style=layout.PRIMARY))
    buttons += _more(answer.request, token)
    rows = [*_as_typed(answer, token), layout.row(pick), *([layout.row(*buttons)] if buttons else [])]
    return [layout.container([layout.text(head), layout.text(pieces.lines(*entries)), *rows])]


def _result(story: Story, number: int, excerpt_chars: int, title_chars: int, pictures: bool) -> Components:
    lead = story.lead
    roundup = ""
    if story.roundup:
        roundup = ngettext("round-up of {count}", "round-up of {count}", len(story.roundup)).format(
            count=len(story.roundup)
        )
    head = pieces.head(story, number=number, chars=title_chars, more=pieces.byline(wording.carried_by(story), roundup))
    words = escape(story_detail(story, Style.COMPACT, Fullness(excerpt_chars, 0, 0)).words)
    if excerpt_chars and story.match is not None and story.match.sentence_spans:
        words = marked(story.match.sentence, story.match.sentence_spans, excerpt_chars)
    where = _found_in(story) if excerpt_chars else ""
    texts = [layout.text(found_in)] if (found_in := pieces.lines(where, words)) else []
    return [pieces.pictured(head, lead) if pictures else layout.text(head), *texts]


def _option(story: Story) -> Option:
    lead = story.lead
    day = wording.short_date(lead.published_at.date()) if lead.published_at else ""
    return Option(lead.title or _("Untitled"), pieces.ref(story), pieces.byline(wording.source_name(lead), day))


# --------------------------------------------------------------------------- what was asked


def _heading(request: SearchRequest) -> str:
    query = escape(clip(request.query, QUERY_CHARS))
    return _("News: {query}").format(query=query) if query else _("The latest")


def _correction(answer: SearchAnswer) -> str:
    if not answer.corrected_query:
        return ""
    corrected = escape(clip(answer.corrected_query, QUERY_CHARS))
    if answer.uncorrected_query is None:
        return _("Showing results for **{corrected}**; nothing was found for “{typed}”.").format(
            corrected=corrected, typed=escape(clip(answer.request.query, QUERY_CHARS))
        )
    return _("Showing **{corrected}**. Search instead for *{typed}*:").format(
        corrected=corrected, typed=escape(clip(answer.request.query, QUERY_CHARS))
    )


def _as_typed(answer: SearchAnswer, token: int) -> Components:
    """Return the button that searches for misspelt words exactly as typed."""
    if answer.uncorrected_query is None:
        return []
    label = _("Search for “{query}”").format(query=clip(answer.request.query, BUTTON_CHARS))
    return [layout.row(layout.button(label, f"astyped:{token}"))]


def _remarks(answer: SearchAnswer) -> list[str]:
    remarks = [escape(clip(remark, 200)) for remark in answer.remarks[:2]]
    if answer.lacks_words:
        remarks.append(_("No story has all of these words; these have most."))
    return remarks


def _quoted(answer: SearchAnswer) -> str:
    quote = answer.quote
    if quote is None:
        return ""
    source = pieces.byline(pieces.source(quote.article), pieces.when(quote.article))
    return pieces.lines(f"> {marked(quote.sentence, quote.spans, QUOTE_CHARS)}", pieces.small(source))


def _found_in(story: Story) -> str:
    """Return the matching headline if it is not the one shown."""
    match = story.match
    if match is None or match.is_lead or match.title.casefold() == story.lead.title.casefold():
        return ""
    title = marked(match.title, match.title_spans, FOUND_CHARS)
    name = match.provider.name if match.provider is not None else ""
    return _("Found in: {headline}").format(headline=pieces.byline(title, escape(clip(name, 40))))


def marked(text: str, spans: Spans, limit: int) -> str:
    """Return text with the matching words in bold, clipped if it is too long."""
    kept = clip(text, limit)
    pieces_: list[str] = []
    position = 0
    for start, end in spans:
        if end >= len(kept) and len(kept) < len(text):
            break
        pieces_ += [_escape_within(kept[position:start]), "**", escape(kept[start:end]), "**"]
        position = end
    return "".join([*pieces_, _escape_within(kept[position:])])


def _escape_within(text: str) -> str:
    """Escape a part of a line and keep the spaces at its ends."""
    words = escape(text)
    before, after = (" " if end.isspace() else "" for end in (text[:1], text[-1:]))
    return f"{before}{words}{after}" if words else before


def _understood(answer: SearchAnswer) -> str:
    request = answer.request
    first, last = answer.offset + 1, answer.offset + len(answer.stories)
    span = f"{first}–{last}" if last > first else str(first)
    if answer.partial:
        counted = _("{span} of at least {total}: the search took too long and was cut short").format(
            span=span, total=answer.total
        )
    else:
        total = _total(answer)
        if answer.at_least:
            total = _("at least {total}").format(total=total)
        counted = _("{span} of {total}").format(span=span, total=total)
    order = "" if request.sort is SearchSort.RELEVANCE else wording.sort_in_words(request.sort)
    return pieces.byline(counted, *_filters(request), order)


def _total(answer: SearchAnswer) -> str:
    return wording.article_count(answer.total) if answer.counts_articles else wording.story_count(answer.total)


def _filters(request: SearchRequest) -> list[str]:
    named = (
        (request.provider, _("provider {value}")),
        (request.topic, _("topic {value}")),
        (request.since, _("since {value}")),
        (request.until, _("until {value}")),
    )
    return [words.format(value=escape(clip(value, FILTER_CHARS))) for value, words in named if value]


def _nothing(answer: SearchAnswer, heading: str, token: int, page: int, page_size: int) -> Components:
    if answer.total > 0:
        # A page past the end: the corpus has shrunk since the buttons were sent.
        last = max(-(-answer.story_count // max(page_size, 1)) - 1, 0)
        body = pieces.lines(f"## {heading}", _("Page {page} no longer exists.").format(page=page + 1))
        back = layout.button(_("To the last page"), f"search:{token}:{last}")
        return [layout.container([layout.text(body), layout.row(back)], layout.GREY)]
    filters = pieces.byline(*_filters(answer.request))
    message = _("Nothing was found.")
    if answer.partial:
        message = _("Nothing was found before the search took too long and was cut short.")
    parts = [f"## {heading}", message, pieces.small(filters)]
    if answer.nearest_terms:
        terms = ", ".join(f"**{escape(clip(term, 40))}**" for term in answer.nearest_terms[:8])
        parts.append(_("Words that come close: {terms}").format(terms=terms))
    parts += [f"- {sentence_of(clip(sentence, 200))}" for sentence in answer.advice[:5]]
    more = _more(answer.request, token)
    rows = [layout.row(*more)] if more else []
    return [layout.container([layout.text(pieces.lines(*parts)), *rows], layout.GREY)]


def _more(request: SearchRequest, token: int) -> Components:
    """Return the button that saves a search; none if nothing in particular was asked."""
    if not (request.query or request.topic or request.provider):
        return []
    return [layout.button(_("Tell me when there is more"), f"more:{token}")]
