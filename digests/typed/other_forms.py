"""Other forms of a word in languages that attach articles, prepositions and particles to it. Pure."""

from __future__ import annotations

import re

LEAST_HEBREW_CHARS = 3
LEAST_ARABIC_CHARS = 3
LEAST_HANGUL_CHARS = 2
LEAST_CYRILLIC_CHARS = 5

_HEBREW = re.compile("[\u05d0-\u05ea]+")
_HEBREW_PREFIXES = ("ה", "ו", "ב", "ל", "מ", "ש", "כ", "וה", "שה", "מה", "כשה")
_ARABIC = re.compile("[\u0621-\u064a]+")
_ARABIC_PREFIXES = ("ال", "وال", "بال", "لل", "كال", "فال", "و", "ب", "ل")
_HANGUL = re.compile("[\uac00-\ud7a3]+")
# The longer ones first.
_HANGUL_ENDINGS = (
    "에서는", "으로", "에서", "에게", "까지", "부터", "한테", "께서", "이나", "은", "는", "이", "가", "을", "를", "의",
    "에", "와", "과", "도", "로", "만",
)  # fmt: skip
_CYRILLIC_ENDING = re.compile("(?<=[\u0400-\u052f]{4})[аяоеыийьую]")
_CYRILLIC_NAME = re.compile("[\u0400-\u052f]{3,}[бвгджзклмнпрстфхцчшщ]")
_JAPANESE = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
_BETWEEN = re.compile("[\u3041-\u3096]+")
LEAST_PIECE_CHARS = 2


def other_forms(word: str) -> list[str]:
    """Return a Hebrew or Arabic word with and without the articles and prepositions that are written with it.

    They may not exist; other words have none.
    """
    if _HEBREW.fullmatch(word):
        return _with_and_without(word, _HEBREW_PREFIXES, LEAST_HEBREW_CHARS)
    if _ARABIC.fullmatch(word):
        return _with_and_without(word, _ARABIC_PREFIXES, LEAST_ARABIC_CHARS)
    return []


def common_beginning(word: str) -> str:
    """Return a Cyrillic word without the vowel of its case; empty for a short word and in other scripts."""
    if len(word) >= LEAST_CYRILLIC_CHARS and _CYRILLIC_ENDING.fullmatch(word, len(word) - 1):
        return word[:-1]
    # Other cases are added to a consonant.
    return word if _CYRILLIC_NAME.fullmatch(word) else ""


def without_particle(word: str) -> str:
    """Return a Korean word without the particle at its end; empty if there is none."""
    if not _HANGUL.fullmatch(word):
        return ""
    ending = next((ending for ending in _HANGUL_ENDINGS if word.endswith(ending)), "")
    bare = word.removesuffix(ending)
    return bare if ending and len(bare) >= LEAST_HANGUL_CHARS else ""


def pieces_of(run: str) -> list[str]:
    """Return the parts of a Japanese run between its particles, such as 東京 and 地震 of 東京の地震; none for one."""
    if not _JAPANESE.search(run):
        return []
    found = [piece for piece in _BETWEEN.split(run) if len(piece) >= LEAST_PIECE_CHARS]
    return found if len(found) > 1 else []


def _with_and_without(word: str, prefixes: tuple[str, ...], least: int) -> list[str]:
    found = [word.removeprefix(prefix) for prefix in prefixes if word.startswith(prefix)]
    longer = [prefix + word for prefix in prefixes] if len(word) >= least else []
    return list(dict.fromkeys(other for other in (*found, *longer) if len(other) >= least and other != word))
