"""Looks up names by what a person has typed so far: by prefix, by words, then by similarity. Pure.

The names are one folded string, one per line, so that a prefix search is a plain string search that takes a millisecond
for tens of thousands of names, and needs little more memory than the names themselves.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz import fuzz, process
from rapidfuzz.distance import JaroWinkler

from digests.text import fold
from digests.typed.query import clean

MOST_FOUND = 25
"""Discord shows at most this many choices."""
SIMILAR = 0.85
"""How similar (Jaro-Winkler, 0 to 1) a word has to be to replace one that begins no name."""
SAME_NAME = 85
"""How similar (0 to 100) a name has to be to count as a typing error."""
SIMILAR_NAME = 75
"""How similar (0 to 100) a whole name has to be to be suggested."""


class Names:
    """An ordered list of names that can be searched by what a person has typed so far.

    Args:
        names: Each with the number of the item it names; an item may have several names.
    """

    def __init__(self, names: Iterable[tuple[str, int]]) -> None:
        lines: list[str] = []
        self._things: list[int] = []
        for name, thing in names:
            line = typed_line(name)
            if line:
                lines.append(line)
                self._things.append(thing)
        self._lines = lines
        # Each word begins after a space, each name after a line break and a space.
        self._text = "".join(f"\n {line}" for line in lines) + "\n"
        self._starts: list[int] = []
        position = 0
        for line in lines:
            self._starts.append(position)
            position += len(line) + 2
        self._words = sorted({word for line in lines for word in line.split()})

    def find(self, text: str, limit: int = MOST_FOUND) -> list[int]:
        """Return items with matching names, best first: prefix, prefix of a word, all words, else similar."""
        typed = typed_line(text)
        found: dict[int, None] = {}
        for fitting in (self._fitting, self._similar):
            for line in fitting(typed):
                found.setdefault(self._things[line])
                if len(found) >= limit:
                    break
            if found:
                break
        return list(found)

    def called(self, typed: Iterable[str]) -> list[int]:
        """Return all items with exactly this name in any of the given spellings, ignoring case."""
        wanted = {line for text in typed if (line := typed_line(text))}
        return list(dict.fromkeys(t for line, t in zip(self._lines, self._things, strict=True) if line in wanted))

    def meant(self, typed: Iterable[str], *, misspelt: bool = True) -> list[int]:
        """Return the items meant by a fully typed name in any of the given spellings: none, one, or all with exactly
        that name.

        Without an exact match it is the only item whose name begins with it, or contains its words, or (if `misspelt`)
        is spelt almost the same.
        """
        typed = tuple(typed)
        if exact := self.called(typed):
            return exact
        for text in filter(None, map(typed_line, typed)):
            for lines in (
                self._holding(f"\n {text}"),
                self._holding_all(text.split()),
                self._almost(text) if misspelt else (),
            ):
                things = {self._things[line] for line in lines}
                if len(things) == 1:
                    return list(things)
        return []

    def _almost(self, text: str) -> Iterator[int]:
        found = process.extract(text, self._lines, scorer=fuzz.ratio, score_cutoff=SAME_NAME, limit=None)
        yield from (number for _line, _score, number in found)

    def _fitting(self, typed: str) -> Iterator[int]:
        if not typed:
            yield from range(len(self._lines))
            return
        yield from self._holding(f"\n {typed}")
        yield from self._holding(f" {typed}")
        words = typed.split()
        if len(words) > 1:
            yield from self._holding_all(words)
        else:
            yield from self._holding(typed)

    def _similar(self, typed: str) -> Iterator[int]:
        words = typed.split()
        corrected = [self._similar_word(word) for word in words]
        if corrected != words and None not in corrected:
            yield from self._holding_all([word for word in corrected if word])
        similar = process.extract(typed, self._lines, scorer=fuzz.ratio, score_cutoff=SIMILAR_NAME, limit=MOST_FOUND)
        yield from (number for _line, _score, number in similar)

    def _holding(self, part: str) -> Iterator[int]:
        position = self._text.find(part)
        while position >= 0:
            line = bisect_right(self._starts, position) - 1
            yield line
            position = self._text.find(part, self._starts[line] + len(self._lines[line]) + 2)

    def _holding_all(self, words: Sequence[str]) -> Iterator[int]:
        longest, *others = sorted(words, key=len, reverse=True)
        for line in self._holding(f" {longest}"):
            held = f" {self._lines[line]}"
            if all(f" {word}" in held for word in others):
                yield line

    def _similar_word(self, word: str) -> str | None:
        """Return a word in the names that begins with `word` or may have been misspelt as it."""
        if f" {word}" in self._text:
            return word
        # People rarely mistype a word's first letter, and searching only words with it takes a fifteenth of the time.
        low, high = bisect_left(self._words, word[0]), bisect_right(self._words, word[0] + "\U0010ffff")
        best = process.extractOne(word, self._words[low:high], scorer=JaroWinkler.similarity, score_cutoff=SIMILAR)
        return best[0] if best else None


def typed_line(name: str) -> str:
    """Fold a name for comparing: no case, no diacritics, single spaces, no punctuation around words."""
    words = (word.strip("\"'“”‘’«»()[]{}<>.,:;!?-–—*") for word in fold(clean(name)).split())
    return " ".join(filter(None, words))
