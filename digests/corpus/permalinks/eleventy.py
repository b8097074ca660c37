"""Addresses as Eleventy builds them: from the path, or by a template in `permalink` if it is one of the usual ones."""

from __future__ import annotations

import re
from datetime import datetime

from digests.corpus.permalinks import slugs
from digests.corpus.permalinks.page import Page, option, tidy, without_date, without_ending
from digests.corpus.vocabulary import folded

MAX_TEMPLATE_CHARS = 1000
_VALUE = re.compile(r"\{\{-?([^{}]{1,200})\}\}")
_ARGUMENT = re.compile(r"""["']([^"'\n]{1,60})["']""")
_DATE_PART = re.compile(r"y{2,4}|Y{2,4}|L{1,4}|M{1,4}|d{1,2}|D{1,2}")
_PARTS = {"year": "%Y", "month": "%m", "day": "%d"}
_DATES = ("date", "data.date")


def eleventy(page: Page) -> str | None:
    """Return the path on the site; None if the file gets no page or its template uses something unknown."""
    inside = without_ending(page.path.removeprefix(option(page.site, "input")))
    folder, slash, name = inside.rpartition("/")
    undated = without_date(name)
    slug = undated if undated != "index" else without_date(folder.rpartition("/")[2])
    if page.fields.get("permalink") is False:
        return None
    own = page.text("permalink")
    if own:
        filled = _filled(page, own, f"/{folder}{slash}{undated}", slug)
        return None if filled is None else tidy(re.sub(r"(?<=/)index\.html\Z", "", tidy(filled)))
    # A page with its folder's name is that folder's page; only names in templates lose their date.
    is_index = name == "index" or name == folder.rpartition("/")[2]
    return tidy(f"{folder}/" if is_index else f"{inside}/")


def _filled(page: Page, template: str, stem: str, slug: str) -> str | None:
    missing = "{%" in template or len(template) > MAX_TEMPLATE_CHARS

    def value(match: re.Match[str]) -> str:
        nonlocal missing
        made = _value(page, match[1].removesuffix("-"), stem, slug)
        missing = missing or made is None
        return made or ""

    filled = _VALUE.sub(value, template)
    return None if missing else filled


def _value(page: Page, expression: str, stem: str, slug: str) -> str | None:
    source, *filters = (part.strip() for part in expression.split("|"))
    name = source.removeprefix("page.").removeprefix("data.").removeprefix("page.")
    made: str | None
    if name == "fileSlug":
        made = slug
    elif name == "filePathStem":
        made = stem
    elif name == "title":
        made = page.title
    elif name == "date":
        made = _dated(page.date, filters)
        filters = []
    else:
        made = page.text(folded(name)) or None
    for each in filters:
        kind = re.split(r"[:(]", each, maxsplit=1)[0].strip()
        if made is None:
            return None
        if kind in {"slugify", "slug", "slugifyString", "kebab"}:
            made = slugs.eleventy(made)
        elif kind in {"lower", "downcase"}:
            made = made.lower()
    return made


def _dated(date: datetime | None, filters: list[str]) -> str | None:
    """Return a date as the first filter writes it: with a pattern (`%Y`, `yyyy`), or by the filter's name."""
    if date is None or not filters:
        return None
    kind = re.split(r"[:(]", filters[0], maxsplit=1)[0].strip()
    found = _ARGUMENT.search(filters[0])
    if found is None:
        pattern = _PARTS.get(kind.lower().removeprefix("get").removeprefix("to").removesuffix("string"))
        return date.strftime(pattern) if pattern is not None else None
    if "%" in found[1]:
        return date.strftime(found[1])
    return _DATE_PART.sub(lambda part: _part(date, part[0]), found[1])


def _part(date: datetime, part: str) -> str:
    letter = part[0].upper()
    if letter == "Y":
        return date.strftime("%Y" if len(part) == 4 else "%y")
    number = date.day if letter == "D" else date.month
    if letter in "LM" and len(part) > 2:
        return date.strftime("%b" if len(part) == 3 else "%B")
    return f"{number:02}" if len(part) == 2 else str(number)
