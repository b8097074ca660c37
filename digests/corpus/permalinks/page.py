"""What an address is built from: one page, seen from its site's root."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cached_property, lru_cache

from digests.corpus.site import Site
from digests.editions import zone
from digests.errors import InvalidInput

MAX_PATTERN_CHARS = 500
MAX_PATH_CHARS = 2000

_ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}\Z")
_DATED = re.compile(r"(\d{2,4})-(\d{1,2})-(\d{1,2})[-_ ](?=.)")
_OFFSET = re.compile(r"[\d: ](?:([+-])(\d{2}):?(\d{2})|[Zz]|UTC)\s*\Z")
# `:year`, `:i-day`, `:sections[last]`, `:slug` and, for owners, `{year}`.
_COLON_TOKEN = re.compile(r":([a-z_]+(?:\[[\w:]{1,12}\])?)")
_BRACE_TOKEN = re.compile(r"\{(\w{1,30})\}")
_SLASHES = re.compile(r"/{2,}")

Token = Callable[[], "str | None"]


@dataclass(frozen=True)
class Page:
    """One file on its way to an address.

    Attributes:
        site: The site.
        path: Relative to the site's root, with `/`.
        fields: Front matter with folded names (lower case, without `_` and `-`), defaults merged in.
        title: As understood.
        published_at: Aware UTC; None where unknown.
        categories: Values of the file's own categories.
    """

    site: Site
    path: str
    fields: Mapping[str, object]
    title: str
    published_at: datetime | None
    categories: Sequence[str]

    @cached_property
    def folder(self) -> str:
        """The folders before the name, with `/` at the end; empty at the root."""
        return self.path[: self.path.rfind("/") + 1]

    @cached_property
    def stem(self) -> str:
        """The file's name without its ending."""
        return _ENDING.sub("", self.path[len(self.folder) :])

    @cached_property
    def dateless(self) -> str:
        """The name without ending and without the date it begins with."""
        return without_date(self.stem)

    def text(self, *names: str) -> str:
        """Return the first of some fields that says something, as text."""
        for name in names:
            value = self.fields.get(name)
            if isinstance(value, bool):
                continue
            if isinstance(value, (str, int)) and str(value).strip():
                return str(value).strip()
        return ""

    @cached_property
    def date(self) -> datetime | None:
        """The date in the site's zone."""
        return None if self.published_at is None else self.published_at.astimezone(zone_of(self.site.timezone))

    @cached_property
    def written_date(self) -> datetime | None:
        """The date in the zone that the file itself gives, else in the site's."""
        written = self.fields.get("date")
        found = _OFFSET.search(written) if isinstance(written, str) else None
        if found is None or self.published_at is None:
            return self.date
        if not found[1]:
            return self.published_at
        minutes = int(found[2]) * 60 + int(found[3])
        if minutes >= 24 * 60:
            return self.date
        return self.published_at.astimezone(timezone(timedelta(minutes=-minutes if found[1] == "-" else minutes)))


@lru_cache(maxsize=64)
def zone_of(name: str) -> tzinfo:
    """Return a zone by its name; UTC where there is none of that name."""
    try:
        return zone(name) if name else UTC
    except InvalidInput:
        return UTC


def without_date(name: str) -> str:
    """Return a name without the date (`2020-01-02-`) that it begins with."""
    found = _DATED.match(name)
    return name[found.end() :] if found else name


def option(site: Site, name: str) -> str:
    """Return the first option of a name; empty where there is none."""
    return next((value for other, value in site.options if other == name), "")


def options(site: Site, name: str) -> list[tuple[str, str]]:
    """Return all options of a name, each split at its tab: (folder, route)."""
    found = []
    for other, value in site.options:
        if other == name:
            first, _tab, second = value.partition("\t")
            found.append((first, second))
    return found


def date_tokens(date: datetime | None) -> dict[str, Token]:
    """Return the tokens that patterns of Jekyll, Hexo and owners use for dates."""

    def form(pattern: str) -> Token:
        return lambda: None if date is None else date.strftime(pattern)

    def number(get: Callable[[datetime], int]) -> Token:
        return lambda: None if date is None else str(get(date))

    return {
        "year": form("%Y"),
        "month": form("%m"),
        "day": form("%d"),
        "hour": form("%H"),
        "minute": form("%M"),
        "second": form("%S"),
        "short_year": form("%y"),
        "i_month": number(lambda day: day.month),
        "i_day": number(lambda day: day.day),
        "short_month": form("%b"),
        "long_month": form("%B"),
        "short_day": form("%a"),
        "long_day": form("%A"),
        "w_year": form("%G"),
        "week": form("%V"),
        "w_day": form("%u"),
        "y_day": form("%j"),
    }


def expand(pattern: str, tokens: Mapping[str, Token], *, braces: bool = False) -> str | None:
    """Put values in place of a pattern's tokens; None where one of them has no value.

    An unknown token stays as it stands, as generators leave it; the longest known name wins (`:title-x`, `:titles`).
    """
    if len(pattern) > MAX_PATTERN_CHARS:
        return None
    missing = False

    def value(match: re.Match[str]) -> str:
        nonlocal missing
        name = match[1]
        rest = ""
        while name not in tokens and name and not braces:
            rest, name = name[-1] + rest, name[:-1]
        token = tokens.get(name)
        if token is None:
            missing = missing or braces
            return match[0]
        found = token()
        if found is None:
            missing = True
            return ""
        return found + rest

    made = (_BRACE_TOKEN if braces else _COLON_TOKEN).sub(value, pattern)
    return None if missing or len(made) > MAX_PATH_CHARS else made


def tidy(path: str) -> str:
    """Return a path with one `/` in front and none doubled."""
    return _SLASHES.sub("/", f"/{path}")
