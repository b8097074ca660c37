"""What a text consists of when it is searched: words, their stems, and the characters of scripts without spaces.

Pure. The full-text index and the filters of subscriptions read texts through this module, so that both find the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import Stemmer

from digests.bounded_cache import cached

MARK_PLANE = 0xF0000
"""The index writes a vowel sign or tone mark as a letter of a private plane; the tokenizer would drop it."""
BARRIER = "\uf8ff"
"""Stands in the index between two runs; nobody types it."""

_RUN_CHARS = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0eff\u0f40-\u0fbc\u1000-\u109f\u1100-\u11ff\u1780-\u17d3\u2e80-\u2fdf"
    "\u3005\u3007\u3021-\u3029\u3038-\u303b\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3130-\u318f"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Han, kana, Hangul, Thai, Lao, Tibetan, Burmese, Khmer: written without spaces, or with endings that hang on."""
_RUN = re.compile(f"[{_RUN_CHARS}]+")
# Names that letters alone don't tell apart from others.
_SIGN = re.compile(r"(?<![^\W_])(?:[a-z](?:\+\+|\#)(?!\w)|\.net(?!\w))")
_TOKEN = re.compile(
    f"(?P<run>[{_RUN_CHARS}]+)|(?P<sign>{_SIGN.pattern})|(?P<word>(?:[^\\W_{_RUN_CHARS}]|[\u0300-\u036f])+)"
)
_SIGN_NAMES = {"+": "plusplus", "#": "sharp", ".": "dot"}
_NO_MARKS = {
    "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t",
    "ά": "α", "έ": "ε", "ή": "η", "ί": "ι", "ό": "ο", "ύ": "υ", "ώ": "ω", "ς": "σ", "ё": "е",
    "أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي",
}  # fmt: skip
"""Letters that people without them on their keyboard write otherwise, and that Unicode does not take apart."""
_PLAIN_LETTERS = str.maketrans(_NO_MARKS)
_MAYBE_LETTER = re.compile(f"(?i)[{''.join(_NO_MARKS)}]")
_AMPERSAND = re.compile(r"(?<![^\W_])([^\W_]{1,3})&([^\W_]{1,3})(?![^\W_&])")
_LATIN_MARKS = re.compile("(?<=[a-z])[\u0300-\u036f]+")
_SOFT = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]")
_PLAIN_WORD = re.compile(r"[^\W_]+")
_MAYBE_SIGN = re.compile(r"(?i)[a-z](?:\+\+|\#)|\.net")
_TYPOGRAPHY = "’‘“”–—…\xa0"
"""Signs between words that belong to none; most texts have no other characters beyond ASCII."""

_porter = Stemmer.Stemmer("porter")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, or one character of a run.

    Attributes:
        text: Folded: case, compatibility forms, and the accents of Latin letters are gone.
        place: Its number among the tokens of the text.
        start, end: Its position in the text as `folded` returns it.
        in_run: It is a character of a script without spaces.
        is_sign: It names what its letters alone do not (`cplusplus`, `csharp`, `dotnet`).
    """

    text: str
    place: int
    start: int
    end: int
    in_run: bool = False
    is_sign: bool = False


def folded(text: str) -> str:
    """Return `text` for comparing: compatibility forms, soft hyphens, case and the accents of Latin letters removed.

    `ß` becomes `ss`, and letters such as `ø` the one that is typed where it is missing.
    """
    if text.isascii():
        return text.lower()
    text = _SOFT.sub("", unicodedata.normalize("NFKC", text)).lower().translate(_PLAIN_LETTERS)
    return text if text.isascii() else _without_accents(text)


def _without_accents(text: str) -> str:
    """Return lower-case text without the accents of Latin letters."""
    return unicodedata.normalize("NFC", _LATIN_MARKS.sub("", unicodedata.normalize("NFD", text)))


def tokens(text: str) -> list[Token]:
    """Return the tokens of text in order."""
    found: list[Token] = []
    plain = folded(text)
    for match in _TOKEN.finditer(plain):
        start = match.start()
        if match["run"]:
            for offset, char in enumerate(match["run"]):
                found.append(Token(_char(char), len(found), start + offset, start + offset + 1, in_run=True))
        elif match["sign"]:
            found.append(Token(sign_name(match["sign"]), len(found), start, match.end(), is_sign=True))
        else:
            found.append(Token(match["word"], len(found), start, match.end()))
    return found


def sign_name(sign: str) -> str:
    """Return how the index writes `c++`, `c#` or `.net`."""
    if sign.startswith("."):
        return "dotnet"
    return sign[0] + _SIGN_NAMES[sign[1]]


def joined_names(text: str) -> list[str]:
    """Return names such as AT&T as they are written without the sign, folded; mostly none."""
    return [folded(first + second) for first, second in _AMPERSAND.findall(text)] if "&" in text else []


def extras(*texts: str) -> str:
    """Return what the index has to read beside some texts to find all that they hold; mostly nothing.

    Characters of runs one by one, words in their plain letters, and names such as C++ and AT&T.
    """
    # Most of what a load spends here is to find nothing.
    plain_texts = [text if text.isascii() else _without_typography(text) for text in texts]
    joined = "\n".join(plain_texts)
    if joined.isascii() and "&" not in joined:
        return " ".join(_signs_in(joined))
    pieces: list[str] = []
    for written, text in zip(texts, plain_texts, strict=True):
        pieces += joined_names(written)
        if text.isascii():
            pieces += _signs_in(text)
            continue
        has_runs = _RUN.search(text) is not None
        plain = folded(text)
        is_odd = not unicodedata.is_normalized("NFKC", text) or _MAYBE_LETTER.search(text) is not None
        if has_runs or is_odd or _MAYBE_SIGN.search(plain):
            plain_words = set(_PLAIN_WORD.findall(_without_accents(text.lower()))) if is_odd else frozenset[str]()
            last_in_run, run_end = False, -1
            found = tokens(text)
            for number, token in enumerate(found):
                if last_in_run and not token.in_run:
                    # No phrase reaches over what stands between two runs.
                    pieces.append(BARRIER)
                last_in_run = token.in_run
                if token.in_run:
                    run_end = token.end
                # To the index `ポケモンGOの` is one word.
                touches = not token.in_run and (
                    token.start == run_end
                    or (number + 1 < len(found) and found[number + 1].in_run and found[number + 1].start == token.end)
                )
                if token.in_run or token.is_sign or touches or (is_odd and token.text not in plain_words):
                    pieces.append(token.text)
        if pieces and pieces[-1] != BARRIER:
            pieces.append(BARRIER)
    return " ".join(pieces)


def _without_typography(text: str) -> str:
    for mark in _TYPOGRAPHY:
        text = text.replace(mark, " ")
    return text


def _signs_in(text: str) -> list[str]:
    """Return the names such as C++ in text in ASCII, in order, without making tokens of it all."""
    starts: list[int] = []
    for mark in ("++", "#"):
        if mark in text:
            starts += (end - 1 for end in _places(text, mark) if end and text[end - 1].isalpha())
    plain = text.lower()
    # Looking for four characters takes a fraction of the time of a pattern that stops at every full stop.
    starts += _places(plain, ".net")
    if not starts:
        return []
    found = (_SIGN.match(plain, start) for start in sorted(starts))
    return [sign_name(sign[0]) for sign in found if sign is not None]


def _places(text: str, mark: str) -> Iterator[int]:
    """Yield the positions of a mark in text, faster than a pattern would."""
    place = text.find(mark)
    while place >= 0:
        yield place
        place = text.find(mark, place + 1)


def has_sign(text: str) -> bool:
    """Check whether text may hold a name such as C++ or .NET."""
    return _MAYBE_SIGN.search(text) is not None


@cached(65_536)
def stem(word: str) -> str:
    """Return the stem of a folded word as SQLite's Porter tokenizer has it."""
    if not word.isascii():
        # SQLite's works on bytes: `straße` ends as other words in e do.
        read = word.encode().decode("latin-1") if word[-1:].isascii() else ""
        return _porter.stemWord(read).encode("latin-1").decode(errors="ignore") if len(read) > 2 else word
    if len(word) < 3:
        return word
    if word.endswith("bly") and len(word) > 4:
        word = word[:-1] + "e"
    found: str = _porter.stemWord(word)
    return found[:-1] if found.endswith("logi") and len(found) > 5 else found


def is_run(text: str) -> bool:
    """Check whether text holds characters of a script without spaces."""
    return not text.isascii() and _RUN.search(text) is not None


def _char(char: str) -> str:
    return chr(MARK_PLANE + ord(char)) if unicodedata.category(char).startswith("M") else char
