"""Slugify functions: how each generator turns a title or file name into a part of an address."""

from __future__ import annotations

import re
import unicodedata

_JEKYLL_DEFAULT = re.compile(r"[\W_]+")
_JEKYLL_PRETTY = re.compile(r"[^\w._~!$&'()+,;=@]+")
_NOT_ALPHANUMERIC = re.compile(r"[^a-z0-9]+")
_PELICAN_DROPPED = re.compile(r"[^\w\s-]")
_NIKOLA_DROPPED = re.compile(r"[^+\w\s-]")
_DASHES_AND_SPACES = re.compile(r"[-\s]+")
_HEXO_DASHED = re.compile(r"[\s~`!@#$%^&*()\-_+=\[\]{}|\\;:\"'<>,.?/]+")
_GITHUB_DROPPED = re.compile(r"[^\w\- ]")
_LATIN = str.maketrans(
    {
        "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D",
        "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ł": "l", "Ł": "L", "ı": "i", "’": "'", "‘": "'", "“": '"', "”": '"',
        "–": "-", "—": "-", "…": "...",
    }
)  # fmt: skip
_HUGO_PLAIN = re.compile(r"[A-Za-z0-9./_]+(?:[ -][A-Za-z0-9./_]+)*+")
_HUGO_ALLOWED = frozenset("./\\_#+~-@")


def ascii_of(text: str) -> str:
    """Return text in ASCII: Latin letters without accents, others left out."""
    return unicodedata.normalize("NFKD", text.translate(_LATIN)).encode("ascii", "ignore").decode()


def without_accents(text: str) -> str:
    """Return text with letters of any script without their accents."""
    plain = "".join(char for char in unicodedata.normalize("NFD", text) if unicodedata.category(char) != "Mn")
    return unicodedata.normalize("NFC", plain)


def jekyll(text: str, *, pretty: bool = False, cased: bool = False) -> str:
    """Slugify as Jekyll does: runs of other characters become one hyphen."""
    slug = (_JEKYLL_PRETTY if pretty else _JEKYLL_DEFAULT).sub("-", text).strip("-")
    return slug if cased else slug.lower()


def hugo(text: str, *, lower: bool = True) -> str:
    """Make a path as Hugo does: spaces become hyphens, letters and marks of any script stay, the rest is removed."""
    if _HUGO_PLAIN.fullmatch(text) is not None:  # most are ASCII, and need no loop over characters
        slug = text.replace(" ", "-")
        return slug.lower() if lower else slug
    made: list[str] = []
    pending = was_hyphen = False
    for place, char in enumerate(text):
        allowed = (
            char.isalnum()
            or char in _HUGO_ALLOWED
            or unicodedata.category(char).startswith("M")
            or (char == "%" and re.match(r"[0-9a-fA-F]{2}", text[place + 1 : place + 3]) is not None)
        )
        if allowed:
            was_hyphen = char == "-"
            if pending and not was_hyphen:
                made.append("-")
            pending = False
            made.append(char)
        elif made and not was_hyphen and char.isspace():
            pending = True
    slug = "".join(made)
    return slug.lower() if lower else slug


def zola(text: str) -> str:
    """Slugify as Zola does: ASCII letters and digits; each run of other characters becomes a hyphen."""
    return _NOT_ALPHANUMERIC.sub("-", ascii_of(text).lower()).strip("-")


def eleventy(text: str) -> str:
    """Slugify as Eleventy's `slugify` filter does."""
    spelt = text.replace("&", " and ").replace("'", "").replace("’", "")
    return _NOT_ALPHANUMERIC.sub("-", ascii_of(spelt).lower()).strip("-")


def pelican(text: str) -> str:
    """Slugify as Pelican does."""
    kept = _PELICAN_DROPPED.sub("", ascii_of(text)).strip().lower()
    return _DASHES_AND_SPACES.sub("-", kept)


def nikola(text: str) -> str:
    """Slugify as Nikola does."""
    kept = _NIKOLA_DROPPED.sub("", ascii_of(text)).strip().lower()
    return _DASHES_AND_SPACES.sub("-", kept)


def hexo(text: str, *, lower: bool = False) -> str:
    """Slugify as Hexo does: accents removed, punctuation to hyphens; letters of any script keep their case."""
    plain = "".join(
        char for char in unicodedata.normalize("NFD", text.translate(_LATIN)) if not unicodedata.combining(char)
    )
    slug = _HEXO_DASHED.sub("-", unicodedata.normalize("NFC", plain)).strip("-")
    return slug.lower() if lower else slug


def github(text: str, separator: str = "-") -> str:
    """Slugify as GitHub's headings, Astro and MkDocs Material do: no punctuation, each space becomes a hyphen."""
    return _GITHUB_DROPPED.sub("", text.lower()).replace(" ", separator)


def simple(text: str) -> str:
    """Slugify without a known generator: lower-case letters of any script; other runs become a hyphen."""
    return re.sub(r"[\W_]+", "-", text.lower()).strip("-")
