"""What a key press costs: choices for a few letters among tens of thousands of names and headlines."""

from __future__ import annotations

import random
import time

from benchmarks.table import Row, Table
from digests.models import Provider
from digests.typed.suggestions import Suggestions

NAMES = 20_000
ROUNDS = 60
_SYLLABLES = [consonant + vowel for consonant in "bcdfglmnprst" for vowel in "aeiou"]


def typing(table: Table) -> None:
    """Type beginnings, whole words, slips and several words."""
    chance = random.Random(7)
    words = ["".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4))) for _ in range(NAMES)]
    providers = [
        Provider(" ".join(chance.choices(words, k=2)).title(), f"{word}{number}.com")
        for number, word in enumerate(words)
    ]
    headlines = [" ".join(chance.choices(words, k=10)).capitalize() for _ in range(NAMES)]
    suggestions = Suggestions(providers, words[: NAMES // 4], headlines)
    taken: list[float] = []
    for _ in range(ROUNDS):
        word = chance.choice(words)
        for typed in (word[:2], word, word[1:] + word[:1], f"{word} {chance.choice(words)[:2]}", "zzqx"):
            started = time.perf_counter()
            suggestions.queries(typed)
            suggestions.providers(typed)
            taken.append(time.perf_counter() - started)
    taken.sort()
    table.add(Row("median", taken[len(taken) // 2] * 1000, "ms"))
    table.add(Row("99th percentile", taken[len(taken) * 99 // 100] * 1000, "ms"))


def main() -> None:
    """Measure and print it."""
    table = Table(f"Choices for a key press among {NAMES:,} providers and as many headlines")
    typing(table)
    print(table.markdown())


if __name__ == "__main__":
    main()
