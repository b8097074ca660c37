"""Finds the sentence that answers a question, if there is one: no quotation is better than a wrong one. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from digests.models import Article, Quote, Spans
from digests.typed.finder import Finder, sentences

LEAST_ANSWER_SHARE = 0.8
"""A sentence with at least this share of a question's words answers it; of four or fewer it needs all."""
NEAR_CHARS = 45
"""What a question asks for is at most this far from one of its words."""
MOST_BETWEEN_CHARS = 30
"""Words of a question that have to follow each other are at most this far apart."""

_QUESTION = re.compile(
    r"(?i)(?:who|what|when|where|why|how|which|is|are|was|were|does|do|did|can|will|has|have|should)\b.*\s.*"
)
_ASKS_FOR_STEPS = re.compile(r"(?i)how\s+(?:to|do|does|can|should)\b")
"""No single sentence says how to do something."""
_ASKS_WHAT = re.compile(r"(?i)(?:who|what)(?:\s+(?:is|are|was|were)|['’]s)\s+(?!the\b|happening)(?:\S+\s*){1,3}$")
_ASKS_WHAT_THE = re.compile(r"(?i)what(?:\s+(?:is|are|was|were)|['’]s)\s")
_ASKS_BE = re.compile(r"(?i)(?:is|are|was|were)\s")
_ASKS_WHETHER = re.compile(r"(?i)(?:do|does|did|can|will|has|have|should)\s")
_ASKS_WHO = re.compile(r"(?i)(?:who|which)\s")
_VALUES = (
    "level|price|cost|rate|score|toll|temperature|size|population|number|percentage|speed|limit|age|salary|budget"
    "|weight|height|distance|capacity|version|length|deadline"
)
_ASKS_VALUE = re.compile(rf"(?i)(?:what(?:\s+(?:is|are|was|were)|['’]s)\s.*|\S+\s+|(?:\S+\s+){{2}})\b(?:{_VALUES})\b")
_WH = re.compile(r"(?i)(?:who|what|when|where|why|how|which)\b")

_MONTHS = "January|February|April|June|July|August|September|October|November|December"
_MOMENT = re.compile(
    rf"\b(?:{_MONTHS}|(?:[Ii]n|[Oo]n|[Bb]y|[Ss]ince|[Uu]ntil|[Ff]rom|[Ll]ate|[Ee]arly|of|\d{{1,2}}(?:st|nd|rd|th)?)\s"
    r"(?:March|May)|(?:March|May)\s\d|(?i:monday|tuesday|wednesday|thursday|friday|saturday|sunday|today|tomorrow"
    r"|yesterday|tonight)|\d{1,2}:\d\d|\d{1,2}\s?(?:[ap]\.?m\b)|(?i:next)\s(?:week|month|year|weekend"
    r"|spring|summer|autumn|fall|winter)|(?i:this|last)\s(?:week|month|weekend|spring|summer|autumn|fall|winter)"
    r"|(?i:in|within|after)\s\S+\s(?:minutes|hours|days|weeks|months|years)|\b\w+\s(?:minutes|hours|days|weeks|months"
    r"|years)\s(?:ago|later))"
)
_YEAR = re.compile(r"\b(?:1\d|20)\d\d\b")
_SAYS_WHAT = re.compile(
    r"(?:\s(?:\w+\s){0,2}(?:is|was|are|were)\s(?:an?|the|one|some)\b|\s?,\s(?:an?|the|who|which|whose)\s)"
)
"""What follows a name in a sentence that says who or what it is."""
_IS = re.compile(r"(?i)\s(?:\w+\s){0,2}(?:is|are|will be|includes?|remains?)\b|\s?:")
_BEING = re.compile(
    r"(?i)\b(?:is|are|was|were|be|been|becom(?:e|es|ing)|became|remain(?:s|ed)?|stay(?:s|ed)?)\b|['’]re\b"
)
_CAUSE = re.compile(
    r"(?i)\b(?:because|since|due to|owing to|thanks to|as a result|reasons?|caus(?:es?|ed|ing)|attributed"
    r"|blam(?:es?|ed)|triggered|so that|in order to|to (?:avoid|prevent|protect))\b"
)
_PLACE = re.compile(r"\b(?:in|at|from|near|to|on|outside|across|of)\s(?:the\s)?[A-Z]\w")
_NAME = re.compile(r"(?<=[\w,;:’']\s)[A-Z]\w|^[A-Z]\w+(?=\s[A-Z]|,|\sand\s[A-Z])")
_NAMED_TWICE = re.compile(r"\b[A-Z]\w+\s(?:[A-Z]\.?\s)?[A-Z]\w")
_NUMBER_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|twenty|thirty|forty|fifty|sixty|seventy|eighty"
    "|ninety|hundred|thousand|million|billion"
)
_NUMBER = re.compile(rf"(?i)\d|\b(?:{_NUMBER_WORDS})\b")
_AMOUNT = re.compile(r"(?i)[$€£¥]\s?\d|\d\s?(?:%|percent|per cent|dollars|euros|pounds|million|billion|USD|EUR)")
_DURATION = re.compile(
    rf"(?i)(?:\d|\b(?:an?|{_NUMBER_WORDS}))[\s-](?:or\s\w+\s)?(?:second|minute|hour|day|week|month|year)s?\b"
)
_AGE = re.compile(r"(?i)\d[\s-]years?[\s-]old|\baged?\s(?:of\s)?\d|,\s\d{1,3},")
_HOW_MANY = re.compile(
    r"(?i)how\s+many\s+(?:[\w-]+\s+){0,2}?(\w+)"
    r"(?=\s+(?:are|is|were|was|do|does|did|have|has|had|can|will|should|in|on|of|at|there)\b|\s+\w+ed\b|$)"
)
_CLAUSE_END = re.compile(r"[;:–—]|,(?!\d)")
_DOUBT = re.compile(r"(?i)\b(?:whether|if|until|unless|when)\b")
_NOT_CONTRACTED = re.compile(r"[’']t\b")


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence, and where each searched word is in it."""

    text: str
    places: tuple[tuple[tuple[int, int], ...], ...]

    @property
    def spans(self) -> Spans:
        """The places of all words, in order."""
        return tuple(sorted({place for places in self.places for place in places}))

    def has_near(self, wanted: re.Pattern[str]) -> bool:
        """Check whether a pattern matches near a searched word, without overlapping one."""
        for found in wanted.finditer(self.text):
            start, end = found.span()
            if any(a < end and start < b for a, b in self.spans):
                continue
            if any(start - b <= NEAR_CHARS and a - end <= NEAR_CHARS for a, b in self.spans):
                return True
        return False

    def follows(self, wanted: re.Pattern[str]) -> bool:
        """Check whether a pattern matches right after a searched word."""
        return any(wanted.match(self.text, end) for _start, end in self.spans)

    def in_order(self) -> tuple[int, int] | None:
        """Return the span in which the words follow each other within one clause; None if they don't."""
        held = [places for places in self.places if places]
        for first in held[0] if held else ():
            start, position = first
            for places in held[1:]:
                following = next((place for place in places if place[0] >= position), None)
                if following is None or following[0] - position > MOST_BETWEEN_CHARS:
                    break
                position = following[1]
            else:
                if not _CLAUSE_END.search(self.text, start, position):
                    return start, position
        return None


_Check = Callable[[_Sentence], bool]


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

    It contains (nearly) all of the words and, near them, what the question asks for: a time for "when", a cause for
    "why", a place for "where", a name for "who", a number for "how many" and "max level?". For "is it open" it has the
    words in this order, with a form of "be" between them. A question that asks for none of these has no answer.

    Args:
        read: Returns a body as it is read, without markup; called only if the raw text contains an answer.
    """
    check = _check_for(question.strip().rstrip("?？ "), len(finder))
    if check is None:
        return None

    def answers(text: str) -> Iterator[tuple[int, Spans, str]]:
        for sentence in sentences(text):
            if sentence.endswith("?") or not finder.may_hold(sentence):
                continue
            found = _Sentence(sentence, finder.places(sentence))
            held = sum(map(bool, found.places))
            if not held or held < LEAST_ANSWER_SHARE * len(finder):
                continue
            if any(_NOT_CONTRACTED.match(sentence, end) for _start, end in found.spans):
                continue
            if check(found):
                yield held, finder.spans(sentence)[0], sentence

    best: tuple[float, Quote] | None = None
    for place, article in enumerate(articles):
        body = read(article.body) if any(answers(article.body)) else ""
        for held, spans, sentence in answers(f"{article.excerpt}\n{body}"):
            worth = held / len(finder) - 0.02 * place
            if best is None or worth > best[0]:
                best = (worth, Quote(sentence, spans, article))
    return None if best is None else best[1]


def _check_for(question: str, word_count: int) -> _Check | None:
    """Return the test that an answer to a question has to pass; None if there is no way to recognise one."""
    asked = question.lower()
    if _ASKS_WHAT.match(question) and not _ASKS_VALUE.match(question):
        return lambda sentence: sentence.follows(_SAYS_WHAT)
    if re.match(r"when (?:did|was|were|had|has|have)\b", asked):
        return lambda sentence: sentence.has_near(_MOMENT) or sentence.has_near(_YEAR)
    if asked.startswith("when ") or re.search(r"\bdate\b", asked) or asked.startswith("what time"):
        return lambda sentence: sentence.has_near(_MOMENT)
    if asked.startswith("how "):
        return _how_check(question)
    if word_count < 2:
        return None
    if asked.startswith("why "):
        return lambda sentence: _CAUSE.search(sentence.text) is not None
    if _ASKS_VALUE.match(question):
        return lambda sentence: sentence.in_order() is not None and sentence.has_near(_NUMBER)
    if asked.startswith("where "):
        return lambda sentence: sentence.has_near(_PLACE)
    if _ASKS_WHO.match(question):
        return lambda sentence: sentence.has_near(_NAMED_TWICE) or len(_NAME.findall(sentence.text)) > 1
    if _ASKS_BE.match(question):
        return _is_so
    if _ASKS_WHETHER.match(question):
        return lambda sentence: _is_said(sentence) is not None
    if _ASKS_WHAT_THE.match(question) or not _WH.match(question):
        return lambda sentence: (said := sentence.in_order()) is not None and bool(_IS.match(sentence.text, said[1]))
    return None


def _how_check(question: str) -> _Check | None:
    counted = _HOW_MANY.match(question)
    if counted is not None:
        one = re.escape(counted[1][: max(len(counted[1]) - 2, 3)])
        # Not `EN 55022 Class`.
        number = rf"(?<![\d.,])(?<![A-Z]{{2}}\s)(?:\d[\d.,]*|\b(?i:{_NUMBER_WORDS}))"
        many = re.compile(rf"{number}\s(?:[\w’'-]+\s){{0,2}}?(?i:{one})")
        return lambda sentence: any(many.search(clause) for clause in _CLAUSE_END.split(sentence.text))
    asked = question.lower()
    for beginning, wanted in (("how much", _AMOUNT), ("how long", _DURATION), ("how old", _AGE)):
        if asked.startswith(beginning):
            return lambda sentence: sentence.has_near(wanted)
    return None


def _is_said(sentence: _Sentence) -> tuple[int, int] | None:
    """Return the span of the words in order, unless the sentence leaves it open (`whether`, `if`)."""
    said = sentence.in_order()
    return None if said is None or _DOUBT.search(sentence.text, 0, said[1]) else said


def _is_so(sentence: _Sentence) -> bool:
    said = _is_said(sentence)
    return said is not None and _BEING.search(sentence.text, *said) is not None
