"""A page seen from its site's root, from which its address is built."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from digests.corpus.moments import zone_named
from digests.corpus.site import Site

MAX_PATTERN_CHARS = 500
MAX_PATH_CHARS = 2000

_ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}\Z")
_DATED = re.compile(r"(\d{2,4})-(\d{1,2})-(\d{1,2})(?:T[\d:]{4,8}(?:Z|[+-]\d\d:\d\d))?[-_ ](?=.)")
_OFFSET = re.compile(r"[\d: ](?:([+-])(\d{2}):?(\d{2})|[Zz]|UTC)\s*\Z")
# `:year`, `:i-day`, `:sections[last]`, `:slug`, and `{year}` as in our configuration.
_COLON_TOKEN = re.compile(r":([a-z_]+(?:\[[\w:]{1,12}\])?)")
_BRACE_TOKEN = re.compile(r"\{(\w{1,30})\}")
_SLASHES = re.compile(r"/{2,}")

Token = Callable[[], "str | None"]


@dataclass(frozen=True, slots=True)
class Page:
    """One file whose address is computed. Most properties are used once, so none is cached.

    Attributes:
        site: The site.
        path: Relative to the site's root, with `/`.
        fields: Front matter with the folded names of `vocabulary`, defaults merged in.
        title: The article's title.
        published_at: Aware UTC; None if unknown.
        categories: The file's own categories.
    """

    site: Site
    path: str
    fields: Mapping[str, object]
    title: str
    published_at: datetime | None
    categories: Sequence[str]

    @property
    def folder(self) -> str:
        """The folder with `/` at the end; empty at the root."""
        return self.path[: self.path.rfind("/") + 1]

    @property
    def stem(self) -> str:
        """The file name without extension."""
        return without_ending(self.path[len(self.folder) :])

    @property
    def dateless(self) -> str:
        """The file name without extension and leading date."""
        return without_date(self.stem)

    def text(self, *names: str) -> str:
        """Return the first non-empty one of some fields, as text."""
        for name in names:
            value = self.fields.get(name)
            if isinstance(value, bool):
                continue
            if isinstance(value, (str, int)) and str(value).strip():
                return str(value).strip()
        return ""

    @property
    def date(self) -> datetime | None:
        """The date in the site's zone."""
        moment = self.published_at
        if moment is None or (not self.site.timezone and moment.tzinfo is UTC):
            return moment
        return moment.astimezone(zone_named(self.site.timezone))

    @property
    def written_date(self) -> datetime | None:
        """The date in the file's own zone, else in the site's."""
        written = self.fields.get("date")
        found = _OFFSET.search(written) if isinstance(written, str) else None
        if found is None or self.published_at is None:
            return self.date
        if not found[1]:
            return self.published_at
        minutes = int(found[2]) * 60 + int(found[3])
        if minutes >= 24 * 60:
            return self.date
        if minutes == 0 and self.published_at.tzinfo is UTC:
            return self.published_at
        return self.published_at.astimezone(timezone(timedelta(minutes=-minutes if found[1] == "-" else minutes)))


def without_ending(path: str) -> str:
    """Return a path without the extension of its file."""
    return _ENDING.sub("", path)


def without_date(name: str) -> str:
    """Return a name without its leading date (`2020-01-02-`)."""
    found = _DATED.match(name)
    return name[found.end() :] if found else name


def option(site: Site, name: str) -> str:
    """Return the first option with a name, or ""."""
    return next((value for other, value in site.options if other == name), "")


def options(site: Site, name: str) -> list[tuple[str, str]]:
    """Return all options with a name, each split at its tab: (folder, route)."""
    found = []
    for other, value in site.options:
        if other == name:
            first, _tab, second = value.partition("\t")
            found.append((first, second))
    return found


# The tokens of the most common patterns avoid strftime, which takes ten times as long.
_DATE_TOKENS: dict[str, Callable[[datetime], str]] = {
    "year": lambda day: f"{day.year:04}",
    "month": lambda day: f"{day.month:02}",
    "day": lambda day: f"{day.day:02}",
    "hour": lambda day: f"{day.hour:02}",
    "minute": lambda day: f"{day.minute:02}",
    "second": lambda day: f"{day.second:02}",
    "short_year": lambda day: day.strftime("%y"),
    "i_month": lambda day: str(day.month),
    "i_day": lambda day: str(day.day),
    "short_month": lambda day: day.strftime("%b"),
    "long_month": lambda day: day.strftime("%B"),
    "short_day": lambda day: day.strftime("%a"),
    "long_day": lambda day: day.strftime("%A"),
    "w_year": lambda day: day.strftime("%G"),
    "week": lambda day: day.strftime("%V"),
    "w_day": lambda day: day.strftime("%u"),
    "y_day": lambda day: day.strftime("%j"),
}
DATE_NAMES = frozenset(_DATE_TOKENS)


def expand(
    pattern: str,
    tokens: Mapping[str, Token],
    date: datetime | None,
    *,
    dates: Mapping[str, Callable[[datetime], str]] = _DATE_TOKENS,
    braces: bool = False,
) -> str | None:
    """Replace a pattern's tokens by values; return None if one has no value.

    An unknown token stays as it is, as in the generators; the longest known name wins (`:title-x`, `:titles`).

    Args:
        pattern: As written.
        tokens: The generator's own tokens.
        date: The date for the date tokens.
        dates: The date tokens; by default those of Jekyll, Hexo and our configuration.
        braces: Tokens are written `{year}` rather than `:year`.
    """
    if len(pattern) > MAX_PATTERN_CHARS:
        return None
    missing = False

    def value(match: re.Match[str]) -> str:
        nonlocal missing
        name = match[1]
        rest = ""
        while name not in tokens and name not in dates and name and not braces:
            rest, name = name[-1] + rest, name[:-1]
        token = tokens.get(name)
        found: str | None
        if token is not None:
            found = token()
        elif name in dates:
            found = None if date is None else dates[name](date)
        else:
            missing = missing or braces
            return match[0]
        if found is None:
            missing = True
            return ""
        return found + rest

    made = (_BRACE_TOKEN if braces else _COLON_TOKEN).sub(value, pattern)
    return None if missing or len(made) > MAX_PATH_CHARS else made


def tidy(path: str) -> str:
    """Return a path with one leading `/` and no double ones."""
    return _SLASHES.sub("/", f"/{path}")
