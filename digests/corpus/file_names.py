"""Takes a date and a title from a file's name and folders, if the file itself has none."""

from __future__ import annotations

import re
from datetime import UTC, tzinfo

from digests.corpus.moments import Moment, read_moment
from digests.models import YEARS

_DATE = re.compile(
    r"(?:\A|(?<=/))[(\[]?(\d{4})([-/_.年])(\d{1,2})[-/_.月](\d{1,2})(?:T(\d{2})[-:_]?(\d{2})(?:[-:_]?\d{2})?Z?)?"
    r"(?=[-/_. ,)\]日]|\Z)"
)
# At the end only where it can be nothing else: `harbour-news-2024-03-05`.
_LAST_DATE = re.compile(r"[a-z0-9][-_ ]((?:19|20)\d{2}-\d{2}-\d{2})\Z", re.IGNORECASE)
# A journal's name for its days, as Roam and Logseq have it.
_WRITTEN_DATE = re.compile(r"(?:\A|/)([A-Z][a-z]{2,8} \d{1,2}(?:st|nd|rd|th)?, (?:19|20)\d{2})\Z")
# A note of the Zettelkasten kind has the minute behind the day.
_COMPACT = re.compile(
    r"(?:\A|(?<=/))((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])"
    r"(?:(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?)?(?=[-/_. ,]|\Z)"
)
_LEADING_DATE = re.compile(
    r"\A[(\[]?\d{4}[-_.年]?\d{1,2}[-_.月]?\d{1,2}日?(?:T[\d:_-]{4,8}Z?|(?<=\d{8})\d{4}(?:\d{2})?)?[)\]]?(?:[-_. ,]+|\Z)"
)
_ENDING = re.compile(r"\.(?:md|markdown|mdown|mkd|mkdn|mdx|html?|txt|rst)\Z", re.IGNORECASE)
_LANGUAGE = re.compile(r"\.[a-z]{2}(?:[-_][A-Za-z]{2,4})?\Z")
_LEADING_DAY = re.compile(r"\A\d{2}-\d{2}-(?=\D)")
# Notion puts one behind every name.
_EXPORT_HASH = re.compile(r"(?<=\S) [0-9a-f]{32}\Z")
_EXPORT_NUMBER = re.compile(r"\A\d{4,12}\.(?=\D)")
_NUMBER = re.compile(r"\A\d{1,3}[-_.]+(?=\D)")
DRAFT_FOLDERS = frozenset({"_drafts", "drafts", "_draft"})
_WHOLE_FOLDER = frozenset({"index", "_index", "readme", "page", "+page", "post"})


def without_ending(path: str) -> str:
    """Return a path without the file's extension."""
    return _ENDING.sub("", path)


def date_of_file(path: str, zone: tzinfo = UTC) -> Moment | None:
    """Return the date in a file's name or folders; the one nearest to the file name counts.

    `2020-11-4-x`, `2024-03-05`, `2024-03-05 x`, `20240305-x`, `2019-08-28-x/index`, `2019/08/28/x`, `2019/08-28-x`.
    """
    stem = without_ending(path)
    candidates = [*_DATE.finditer(stem), *_COMPACT.finditer(stem)]
    candidates.sort(key=lambda match: match.start(), reverse=True)
    for match in candidates:
        groups = match.groups()
        year, month, day = (groups[0], groups[2], groups[3]) if len(groups) == 6 else groups
        if int(year) not in YEARS:
            continue
        clock = f" {groups[4]}:{groups[5]}" if len(groups) == 6 and groups[4] else ""
        found = read_moment(f"{year}-{month}-{day}{clock}", zone)
        if found is not None:
            return found
    last = _LAST_DATE.search(stem) or _WRITTEN_DATE.search(stem)
    return read_moment(last[1], zone) if last is not None else None


def title_of_file(path: str) -> str:
    """Return a title made of a file's name: without date, `-` and `_` as spaces; a name with spaces stays as it is.

    A slug in lower case is capitalised as in Jekyll. The result is "" if the name is just a date or a number.
    """
    folder, _slash, name = path.rpartition("/")
    stem = without_ending(name)
    if stem.lower() in _WHOLE_FOLDER and folder:
        stem = folder.rpartition("/")[2]
    stem = _EXPORT_HASH.sub("", _EXPORT_NUMBER.sub("", stem))
    undated = _LEADING_DAY.sub("", _LEADING_DATE.sub("", stem))
    if not undated:
        return stem
    stem = undated
    if " " in stem.strip():
        return stem.strip()
    stem = _NUMBER.sub("", _LANGUAGE.sub("", stem))
    words = stem.replace("-", " ").replace("_", " ").split()
    if not words:
        return stem
    if stem == stem.lower():
        words = [word[:1].upper() + word[1:] for word in words]
    return " ".join(words)


def says_something(path: str) -> bool:
    """Check whether a file's name contains words, not only a date or a number."""
    return any(char.isalpha() for char in _LEADING_DATE.sub("", without_ending(path.rpartition("/")[2])))
