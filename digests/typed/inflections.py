"""Other forms of a word in European languages whose endings the index does not strip. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

LEAST_STEM_CHARS = 3
TELLING_WORDS: Mapping[str, str] = {
    "und": "german", "dans": "french", "para": "spanish", "della": "italian", "het": "dutch", "och": "nordic",
    "og": "nordic", "bir": "turkish",
}  # fmt: skip
"""Words that every longer text in a language contains, and hardly any English text does."""
JOINING = frozenset({"german", "dutch", "nordic"})
"""Languages that write compounds as one word."""
_ADDED = {
    "german": ("en", "n", "e", "er", "es", "s", "nen", "innen", "in"),
    "french": ("x", "e", "es"),
    "spanish": ("s", "es"),
    "italian": (),
    "dutch": ("en", "s", "n"),
    "nordic": ("er", "ar", "or", "en", "et", "e", "erne", "na", "r", "n"),
    "turkish": ("lar", "ler"),
}
_SWAPPED = {
    "french": (("al", "aux"), ("ail", "aux")),
    "spanish": (("ao", "oes"), ("ao", "aes"), ("al", "ais"), ("el", "eis"), ("o", "a")),
    "italian": (("o", "i"), ("a", "e"), ("e", "i"), ("io", "i"), ("co", "chi"), ("ca", "che")),
}


def inflected(word: str, languages: Iterable[str]) -> list[str]:
    """Return folded forms of a folded word, such as `wahlen` for `wahl` and `journaux` for `journal`.

    They may not exist.
    """
    found: list[str] = []
    for language in languages:
        endings = _ADDED[language]
        found += (word + ending for ending in endings)
        found += (word.removesuffix(ending) for ending in endings if word.endswith(ending))
        for one, other in _SWAPPED.get(language, ()):
            found += (word.removesuffix(a) + b for a, b in ((one, other), (other, one)) if word.endswith(a))
    return [other for other in dict.fromkeys(found) if other != word and len(other) >= LEAST_STEM_CHARS]
