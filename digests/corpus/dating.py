"""Finds an article's dates: publication, when it may first be shown, and when it expires."""

from __future__ import annotations

import re
from datetime import datetime
from typing import cast

from digests.corpus import file_names
from digests.corpus.article_file import ArticleFile
from digests.corpus.moments import read_moment
from digests.corpus.schema import ArticleFields
from digests.corpus.values import as_switch, as_text
from digests.corpus.vocabulary import DATES, DUE, EXPIRES
from digests.i18n import _

MAX_FIRST_CHARS = 1000
# A whole date and nothing else but a word such as "Posted on".
_DATE_LINE = re.compile(
    r"(?i)[*_>(]{0,3}[ \t]?(?:(?:first )?(?:published|posted|written|date)\b(?: on)?:?[*_]{0,2})?[ \t]{0,3}"
    r"(\w[\w ,.:/+-]{5,50}?)[ \t]?[*_.)]{0,3}"
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
MAX_DATE_LINE_CHARS = 80


def published_at(file: ArticleFile, fields: ArticleFields) -> datetime | None:
    """Return when the article was published, from a field, the file's name or its address."""
    if not file.is_publishers and ("date_of_name_first", "true") in file.site.options:
        moment = _date_of_path(file)
        if moment is not None:
            return moment
    for name in ("publishedDateTime", "date"):
        own = fields.get(name)
        if own:
            moment = file.moment((name,), cast(str, own))
            if moment is not None:
                if file.explains:
                    file.note_source("published_at", name)
                return moment
    others = file.words.each(DATES) if file.has_other_names else ()
    for name, place, value in others:
        if place in {("date",), ("publishedDateTime",)} and name not in file.words.default_names:
            continue
        written = as_text(value)
        if not written or (name == "published" and as_switch(value) is not None):
            continue
        moment = file.moment(place, written)
        if moment is not None:
            if file.explains:
                file.note_source("published_at", file.label(name, place))
            return moment
    return _date_of_names(file)


def _date_of_names(file: ArticleFile) -> datetime | None:
    own = file.words.get("path")
    if own is not None and isinstance(own[1], str):
        found = file_names.date_of_file(own[1].strip("/"), file.zone)
        if found is not None:
            if file.explains:
                file.note_source("published_at", "path")
            return found.at
    moment = _date_of_path(file)
    if moment is not None:
        return moment
    for name, place, value in file.words.each(("permalink", "url", "slug")):
        if isinstance(value, str) and len(value) < 1000:
            found = file_names.date_of_file(value.strip("/"), file.zone)
            if found is not None:
                if file.explains:
                    file.note_source("published_at", file.label(name, place))
                return found.at
    return None if file.is_publishers else _date_of_first_lines(file)


def _date_of_first_lines(file: ArticleFile) -> datetime | None:
    """Return the date that is alone in the first line of text, or in the first one below its heading."""
    lines = [line.strip() for line in file.body[:MAX_FIRST_CHARS].split("\n") if line.strip()]
    for line in lines[: 2 if lines and lines[0].startswith("#") else 1]:
        if len(line) > MAX_DATE_LINE_CHARS or _YEAR.search(line) is None:
            continue
        match = _DATE_LINE.fullmatch(line)
        found = read_moment(match[1], file.zone) if match is not None else None
        if found is not None and not found.remark:
            if file.explains:
                file.note_source("published_at", _("first lines of the text"))
            # The date has been taken; it must not become the excerpt.
            file.body = file.body.replace(line, "", 1)
            return found.at
    return None


def _date_of_path(file: ArticleFile) -> datetime | None:
    found = file_names.date_of_file(file.path, file.zone)
    if found is None:
        return None
    if file.explains:
        is_of_name = file_names.date_of_file(file.path.rpartition("/")[2]) is not None
        file.note_source("published_at", _("file name") if is_of_name else _("folder"))
    return found.at


def schedule(file: ArticleFile, published_at: datetime | None) -> tuple[datetime | None, datetime | None]:
    """Return when the article may first be shown, if that is after its date, and when it expires."""
    moments: list[datetime | None] = []
    for names in (DUE, EXPIRES):
        written = next((as_text(value) for _name, _place, value in file.words.each(names)), None)
        found = read_moment(written, file.zone) if written else None
        moments.append(found.at if found else None)
    due_at, expires_at = moments
    if due_at is not None and published_at is not None and due_at <= published_at:
        due_at = None
    return due_at, expires_at
