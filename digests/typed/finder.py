"""Finds the headline and sentence of a story that match a query, and the positions of the words. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from digests.models import Article, Match, Quote, RelatedLink, Spans
from digests.words import folded, is_run, stem, tokens

LONGEST_SENTENCE_CHARS = 300
LEAST_ANSWER_SHARE = 0.8
"""A sentence with at least this share of a question's words answers it; of four or fewer it needs all."""

_WORD = re.compile(r"[^\W_]+")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”’')]*\s+(?=[^\sa-z])|(?<=[。！？])|\n+")
_QUESTION = re.compile(
    r"(?i)(?:who|what|when|where|why|how|which|is|are|was|were|does|do|did|can|will|has|have|should)\b.*\s.*"
)
_ASKS_FOR_STEPS = re.compile(r"(?i)how\s+(?:to|do|does|can|should)\b")
"""No single sentence says how to do something."""
_ASKS_WHAT = re.compile(r"(?i)(?:who|what)(?:\s+(?:is|are|was|were)|['’]s)\s+(?!the\b|happening)(?:\S+\s*){1,3}$")
_MOMENT = re.compile(
    r"(?i)\b(?:\d{1,4}|january|february|march|april|may|june|july|august|september|october|november|december|monday"
    r"|tuesday|wednesday|thursday|friday|saturday|sunday|today|tomorrow|yesterday|tonight|week|month|year|spring"
    r"|summer|autumn|fall|winter)\b"
)
_SAYS_WHAT = re.compile(
    r"\s*(?:(?:\w+\s+){0,2}(?:is|was|are|were)\s+(?:an?|the|one|some)\b|,\s+(?:an?|the|who|which|whose)\s)"
)
"""What follows a name in a sentence that says who or what it is."""
_CAUSE = re.compile(
    r"(?i)\b(?:because|since|due to|owing to|thanks to|as a result|reasons?|caus(?:es?|ed|ing)|attributed"
    r"|blam(?:es?|ed)|triggered|so that|in order to|to (?:avoid|prevent|protect))\b"
)
_HOW_MANY = re.compile(r"(?i)how\s+many\s+(\w+)")
_CLAUSE_END = re.compile(r"[;:–—]|,(?!\d)")
_NUMBER = re.compile(r"(?i)\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|thousand|million)\b")


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
        """Check quickly whether any of the words can occur in a text."""
        plain = folded(text)
        return any(beginning in plain for beginning in self._beginnings)

    def spans(self, text: str) -> tuple[Spans, int]:
        """Return the positions of the words in a text, and how many of them occur."""
        words = [(stem(folded(match[0])), *match.span()) for match in _WORD.finditer(text)]
        found: set[tuple[int, int]] = set()
        held = 0
        for forms in self._sought:
            here = [span for form in forms for span in form.places(text, words)]
            held += bool(here)
            found.update(here)
        return _merged(sorted(found)), held


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
    """Return a match with the sentence of the article's text that holds most of the words."""
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
    """Return the sentences of a text that are short enough to be shown."""
    found = (part.strip() for part in _SENTENCE_END.split(text))
    return [part for part in found if part and len(part) <= LONGEST_SENTENCE_CHARS]


def is_question(text: str) -> bool:
    """Check whether a query is a question that a sentence may answer; a first word in capitals is a name (WHO)."""
    first = text.split(maxsplit=1)[0] if text.strip() else ""
    if (first.isupper() and not text.isupper()) or _ASKS_FOR_STEPS.match(text.strip()):
        return False
    return text.rstrip().endswith(("?", "？")) or _QUESTION.fullmatch(text.strip()) is not None


def quote_for(
    question: str, articles: Sequence[Article], finder: Finder, read: Callable[[str], str] = str
) -> Quote | None:
    """Return the sentence that answers a question, from articles in order of relevance, or None.

    It contains (nearly) all of the words; for "when" it has a time, for "why" a cause, for "how many" a number in
    the clause that counts, for a level or a price a number, for "who is" or "what is" it says so.

    Args:
        read: Returns a body as it is read, without markup; asked only where the raw text holds an answer.
    """
    needed = _needed(question)
    asks_what = _ASKS_WHAT.match(question.strip()) is not None
    counted = _counted(question)

    def answers(text: str) -> Iterator[tuple[int, Spans, str]]:
        for sentence in sentences(text):
            if sentence.endswith("?") or not finder.may_hold(sentence):
                continue
            spans, held = finder.spans(sentence)
            if not held or held < LEAST_ANSWER_SHARE * len(finder):
                continue
            if asks_what and not any(_SAYS_WHAT.match(sentence, end) for _start, end in spans):
                continue
            if counted and not any(counted.search(clause) and _NUMBER.search(clause) for clause in _clauses(sentence)):
                continue
            if needed is None or needed.search(_without(sentence, spans)) is not None:
                yield held, spans, sentence

    best: tuple[float, Quote] | None = None
    for place, article in enumerate(articles):
        body = read(article.body) if any(answers(article.body)) else ""
        for held, spans, sentence in answers(f"{article.excerpt}\n{body}"):
            worth = held / len(finder) - 0.02 * place
            if best is None or worth > best[0]:
                best = (worth, Quote(sentence, spans, article))
    return None if best is None else best[1]


def _needed(question: str) -> re.Pattern[str] | None:
    asked = question.strip().lower()
    if asked.startswith("when ") or " date" in asked or "what time" in asked:
        return _MOMENT
    if asked.startswith("why "):
        return _CAUSE
    if asked.startswith(("how many", "how much", "how long", "how old")) or re.search(
        r"\b(?:level|price|cost)\b", asked
    ):
        return _NUMBER
    return None


def _counted(question: str) -> re.Pattern[str] | None:
    """Return a pattern for what is counted in "how many onions", in singular or plural; None for another question."""
    asked = _HOW_MANY.match(question.strip())
    if asked is None:
        return None
    return re.compile(rf"(?i)\b{re.escape(asked[1][: max(len(asked[1]) - 2, 3)])}")


def _clauses(sentence: str) -> list[str]:
    return _CLAUSE_END.split(sentence)


def _without(sentence: str, spans: Spans) -> str:
    """Return a sentence without the searched words, as the answer has to be something else."""
    pieces: list[str] = []
    position = 0
    for start, end in spans:
        pieces.append(sentence[position:start])
        position = end
    return " ".join([*pieces, sentence[position:]])
