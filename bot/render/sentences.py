"""Finds the first sentence of a text, for places that print only one. Plain text in and out."""

from __future__ import annotations

import re
from typing import Final

from bot.render.markdown import clip, plain
from digests.bounded_cache import cached

SHORTEST: Final = 24
"""A shorter first sentence ("Exclusive." or "Updated 9 a.m.") says nothing alone; the next one is added."""

# A mark that ends a sentence, with closing quotes and brackets, before a space and the start of another sentence:
# not a lower-case letter, as in "approx. half" or "Yahoo! said".
_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+(?=\s+[^\sa-zß-öø-ÿ])|[。！？]++[」』”]*")
# What comes before a full stop that ends no sentence: initials and newspaper abbreviations.
_ABBREVIATED = re.compile(
    r"(?:\b(?:[A-Za-z]\.){0,8}[A-Z]|\b(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Col|Lt|Sgt|Capt|Rev|St|Jr|Sr|Inc|Corp|Co|Ltd"
    r"|vs|No|Nos|approx|est|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|Fig|Ph\.D|e\.g|i\.e|etc|[ap]\.m))\Z"
)
_LONGEST_ABBREVIATION: Final = 24


@cached(8192)
def first_sentence(text: str, chars: int) -> str:
    """Return a text's first sentence on one line of at most `chars` characters; "" for 0."""
    if chars <= 0:
        return ""
    words = plain(text)
    for found in _END.finditer(words):
        end = found.end()
        if end > chars:
            break
        if end < SHORTEST:
            continue
        before = max(0, found.start() - _LONGEST_ABBREVIATION)
        if found[0] == "." and _ABBREVIATED.search(words, before, found.start()):
            continue
        return words[:end]
    return clip(words, chars)
