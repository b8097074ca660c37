"""Finds the headline and sentence of a story that match a query, and the positions of the words. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from digests.models import Article, Match, RelatedLink, Spans
from digests.words import folded, is_run, stem, tokens

LONGEST_SENTENCE_CHARS = 300
_WORD = re.compile(r"[^\W_]+")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”’')]*\s+(?=[^\sa-z])|(?<=[。！？])|\n+")


@dataclass(frozen=True, slots=True)
class Sought:
    """One searched term with its spellings; with a star, the last word may be incomplete."""

    forms: tuple[tuple[str, bool], ...]


class Finder:
    """Finds the searched words in texts as they are shown."""

    def __init__(self, sought: Iterable[Sought]) -> None:
        self._sought = tuple(tuple(_form(*form) for form in one.forms) for one in sought)

        self._beginnings = frozenset(form.beginning for forms in self._sought for form in forms)

    def __len__(self) -> int:
        return len(self._sought)

    def may_hold(self, text: str) -> bool:
        """Check quickly whether any of the words can occur in text."""
        plain = folded(text)
        return any(beginning in plain for beginning in self._beginnings)

    def spans(self, text: str) -> tuple[Spans, int]:
        """Return the positions of the words in text, and how many of them occur."""
        places = self.places(text)
        found = {place for here in places for place in here}
        return _merged(sorted(found)), sum(map(bool, places))

    def places(self, text: str) -> tuple[tuple[tuple[int, int], ...], ...]:
        """Return the positions of each word in text, in the order of the words."""
        words = [(stem(folded(match[0])), *match.span()) for match in _WORD.finditer(text)]
        return tuple(
            tuple(sorted({span for form in forms for span in form.places(text, words)})) for forms in self._sought
        )


@dataclass(frozen=True, slots=True)
class _Form:
    plain: str
    stems: tuple[str, ...]
    prefix: bool
    as_written: bool

    @property
    def beginning(self) -> str:
        """What every occurrence contains once it is folded; a stem's last letter may differ from the word's."""
        if self.as_written:
            return folded(self.plain)
        first = self.stems[0]
        return first[: max(2, min(len(first) - 1, 4))]

    def places(self, text: str, words: Sequence[tuple[str, int, int]]) -> list[tuple[int, int]]:
        if self.as_written:
            return [match.span() for match in re.finditer(re.escape(self.plain), text, re.IGNORECASE)]
        count = len(self.stems)
        found: list[tuple[int, int]] = []
        for number in range(len(words) - count + 1):
            if words[number][0] != self.stems[0] and not (self.prefix and count == 1):
                continue
            here = [word for word, _start, _end in words[number : number + count]]
            fits = here[:-1] == list(self.stems[:-1]) and (
                here[-1].startswith(self.stems[-1]) if self.prefix else here[-1] == self.stems[-1]
            )
            if fits:
                found.append((words[number][1], words[number + count - 1][2]))
        return found


def _form(text: str, prefix: bool) -> _Form:
    held = tokens(text)
    stems = tuple(stem(token.text) for token in held) or ("",)
    return _Form(text, stems, prefix, is_run(text) or any(token.is_sign for token in held))


def _merged(spans: Sequence[tuple[int, int]]) -> Spans:
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def match_in(lead: Article, folded_in: Sequence[Article], best: Article, finder: Finder) -> Match:
    """Return the headline that matched.

    Args:
        best: The story's article with the best match.
    """
    spans, held = finder.spans(best.title)
    title: Article | RelatedLink = best
    if held < len(finder):
        in_texts = finder.spans(f"{best.title}\n{best.excerpt}")[1]
        for link in (link for article in (best, lead, *folded_in) for link in article.related):
            link_spans, link_held = finder.spans(link.title)
            if link_held > max(held, in_texts):
                title, spans, held = link, link_spans, link_held
    sentence = ""
    sentence_spans: Spans = ()
    if isinstance(title, Article):
        sentence, sentence_spans, _held = best_sentence(f"{title.excerpt}\n{title.body}", finder)
    return Match(
        title=title.title,
        url=title.url,
        path=title.path if isinstance(title, Article) else None,
        provider=title.provider,
        title_spans=spans,
        sentence=sentence,
        sentence_spans=sentence_spans,
        is_lead=title is lead,
    )


def with_sentence(match: Match, text: str, finder: Finder) -> Match:
    """Return a match with the sentence of the article's text that contains most of the words."""
    sentence, spans, _held = best_sentence(text, finder)
    return replace(match, sentence=sentence, sentence_spans=spans) if sentence else match


def best_sentence(text: str, finder: Finder) -> tuple[str, Spans, int]:
    """Return the first sentence with most of the words, their positions in it, and how many there are."""
    best: tuple[str, Spans, int] = ("", (), 0)
    for sentence in sentences(text):
        spans, held = finder.spans(sentence) if finder.may_hold(sentence) else ((), 0)
        if held > best[2]:
            best = (sentence, spans, held)
            if held == len(finder):
                break
    return best


def sentences(text: str) -> list[str]:
    """Return the sentences of text that are short enough to be shown."""
    found = (part.strip() for part in _SENTENCE_END.split(text))
    return [part for part in found if part and len(part) <= LONGEST_SENTENCE_CHARS]
