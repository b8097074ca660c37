"""Finds the first sentence of a text, for places that print only one. Plain text in and out."""

from __future__ import annotations

import re
from typing import Final

from bot.render.markdown import clip, plain
from digests.bounded_cache import cached

SHORTEST: Final = 24
"""A shorter first sentence ("Exclusive." or "Updated 9 a.m.") says nothing alone; the next one is added."""
ENOUGH: Final = 45
"""A sentence of at least this many characters stands alone; a shorter one gets the next one too if that fits."""

# A mark that ends a sentence, with closing quotes and brackets, before a space and the start of another sentence:
# not a lower-case letter, as in "approx. half" or "Yahoo! said".
_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+(?=\s+[^\sa-zß-öø-ÿ])|[。！？]++[」』”]*")
# What comes before a full stop that ends no sentence: initials and newspaper abbreviations.
_ABBREVIATED = re.compile(
    r"(?:\b(?:[A-Za-z]\.){0,8}[A-Z]|\b(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Col|Lt|Sgt|Capt|Rev|St|Jr|Sr|Inc|Corp|Co|Ltd"
    r"|vs|No|Nos|approx|est|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|Fig|Ph\.D|e\.g|i\.e|etc|[ap]\.m))\Z"
)
_LONGEST_ABBREVIATION: Final = 24
_LAST: Final = frozenset(".!?…。！？\"'”’»)]」』")
"""What ends the last sentence of text that is not cut off."""
_NOTE = re.compile(r"(?i)(?:editors?|authors?)['’]?s?['’]? note\b")


@cached(8192)
def first_sentence(text: str, chars: int, headline: str = "") -> str:
    """Return the text's first sentence on one line of at most `chars` characters; "" for 0.

    What follows is added to a short one if it fits. A sentence that repeats the headline, or is only the editor's
    note, is passed over if there is another.
    """
    if chars <= 0:
        return ""
    words = plain(text)
    start = short = 0
    for found in _END.finditer(words):
        end = found.end()
        before = max(0, found.start() - _LONGEST_ABBREVIATION)
        if found[0] == "." and _ABBREVIATED.search(words, before, found.start()):
            continue
        if _says_nothing(words[start:end], headline):
            start, short = end, 0
            while words[start : start + 1].isspace():
                start += 1
            continue
        if end - start > chars:
            break
        if end - start >= ENOUGH:
            return words[start:end]
        if end - start >= SHORTEST and not short:
            short = end
    else:
        if short and (len(words) - start > chars or words[-1:] not in _LAST):
            return words[start:short]
        return clip(words[start:], chars)
    return words[start:short] if short else clip(words[start:], chars)


def _says_nothing(sentence: str, headline: str) -> bool:
    return _NOTE.match(sentence) is not None or (
        bool(headline) and sentence.rstrip(".!?… ").casefold() == headline.rstrip(".!?… ").casefold()
    )
