"""Addresses of Hugo and Zola: from the path in `content`, or a section's pattern."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from digests.corpus.permalinks import slugs
from digests.corpus.permalinks.page import Page, Token, expand, option, options, tidy, without_date

_LANGUAGE = re.compile(r"\.([a-z]{2,3}(?:-[A-Za-z]{2,4})?)\Z")
_SLICE = re.compile(r"sections(?:lugs)?\[(\d{0,9}|last)(:?)(\d{0,9}|last)\]")


_DATES: dict[str, Callable[[datetime], str]] = {
    "year": lambda day: f"{day.year:04}",
    "month": lambda day: f"{day.month:02}",
    "monthname": lambda day: day.strftime("%B"),
    "day": lambda day: f"{day.day:02}",
    "weekday": lambda day: day.strftime("%w"),
    "weekdayname": lambda day: day.strftime("%A"),
    "yearday": lambda day: str(day.timetuple().tm_yday),
}


def _place(page: Page) -> tuple[str, str]:
    """Return the path within the content folder, and the folder's language."""
    for folder, what in options(page.site, "content"):
        if page.path.startswith(folder):
            language, _tab, mounted = what.partition("\t")
            return mounted + page.path[len(folder) :], language
    return page.path, ""


def hugo(page: Page) -> str | None:
    """Return the path on the site, or a whole address if the language has its own site."""
    inside, language = _place(page)
    parts = inside.split("/")
    sections = parts[:-1]
    name = page.stem
    known = {known for known, _address in options(page.site, "language")}
    found = _LANGUAGE.search(name)
    if found is not None and found[1].lower() in known:
        language, name = found[1].lower(), name[: found.start()]
    if name == "index":
        name = sections.pop() if sections else ""
    lower = option(page.site, "disablepathtolower") != "true"
    prefix = _language_prefix(page, language)

    own = page.text("url")
    if own:
        if ":" in own and "://" not in own:
            own = _expanded(page, own, sections, name, lower) or own
        last = own.rpartition("/")[2]
        ended = own if not last or "." in last else f"{own}/"
        return tidy(ended if own.startswith("/") else f"{prefix}/{ended}")

    slug = page.text("slug")
    if not slug and option(page.site, "dated_names") and without_date(name) != name:
        slug = without_date(name)
    patterns = dict(page.site.permalinks)
    section = sections[0] if sections else ""
    pattern = patterns.get("/".join(sections)) or patterns.get(section) or (patterns.get("/") if not section else None)
    if pattern:
        made = _expanded(page, pattern, sections, name, lower, slug)
        if made is None:
            return None
        path = slugs.hugo(made, lower=lower).strip("/")
    else:
        path = slugs.hugo("/".join([*sections, slug or name]), lower=lower).strip("/")
    if option(page.site, "removepathaccents") == "true":
        path = slugs.without_accents(path)
    ugly = option(page.site, "uglyurls")
    if (ugly == "true" or (section and f",{section}," in ugly)) and path:
        return tidy(f"{prefix}/{path}.html")
    return tidy(f"{prefix}/{path}/")


def _language_prefix(page: Page, language: str) -> str:
    default = option(page.site, "defaultlanguage")
    in_folder = option(page.site, "defaultinsubdir") == "true"
    if not language and in_folder:
        language = default
    return "" if not language or (language == default and not in_folder) else f"/{language}"


def _expanded(page: Page, pattern: str, sections: list[str], name: str, lower: bool, slug: str = "") -> str | None:
    slug = slug or page.text("slug")

    def urlized(text: str) -> str:
        # Unlike in paths, these two are removed.
        return slugs.hugo(text.replace("+", "").replace("#", ""), lower=lower).replace("/", "-")

    sections = _known_sections(page, sections)

    tokens: dict[str, Token] = {
        "section": lambda: sections[0] if sections else "",
        "sectionslug": lambda: sections[0] if sections else "",
        "sections": lambda: "/".join(sections),
        "sectionslugs": lambda: "/".join(sections),
        "title": lambda: urlized(page.title),
        "slug": lambda: urlized(slug or page.title),
        "slugorfilename": lambda: urlized(slug or name),
        "slugorcontentbasename": lambda: urlized(slug or name),
        "filename": lambda: urlized(name),
        "contentbasename": lambda: urlized(name),
    }
    if "[" in pattern:
        for found in re.finditer(r":(sections(?:lugs)?\[[\w:]{1,12}\])", pattern):
            cut = _cut(found[1], sections)
            if cut is not None:
                tokens[found[1]] = lambda cut=cut: cut  # type: ignore[misc]
    return expand(pattern, tokens, page.written_date, dates=_DATES)


def _known_sections(page: Page, folders: list[str]) -> list[str]:
    """Return those of a file's folders that are sections: the outermost, and those with an `_index` page."""
    known = option(page.site, "sections")
    if not known or not folders:
        return folders
    places = known.split("\n")
    inner = range(1, len(folders))
    return [folders[0], *(folders[depth] for depth in inner if "/".join(folders[: depth + 1]) in places)]


def _cut(token: str, sections: list[str]) -> str | None:
    found = _SLICE.fullmatch(token)
    if found is None:
        return None

    def place(text: str, default: int) -> int:
        return len(sections) - 1 if text == "last" else int(text[:4]) if text else default

    if not found[2]:
        at = place(found[1], 0)
        return sections[at] if 0 <= at < len(sections) else ""
    return "/".join(sections[place(found[1], 0) : place(found[3], len(sections))])


def zola(page: Page) -> str | None:
    """Return the path of a Zola page."""
    inside, _language = _place(page)
    parts = inside.split("/")
    sections, name = parts[:-1], page.stem
    known = {known for known, _address in options(page.site, "language")}
    found = _LANGUAGE.search(name)
    language = ""
    if found is not None and found[1].lower() in known:
        language, name = found[1], name[: found.start()]
    if name == "index":
        name = sections.pop() if sections else ""
    prefix = "" if not language or language == option(page.site, "defaultlanguage") else f"/{language}"
    own = page.text("path")
    if own:
        return tidy(f"{prefix}/{own.strip('/')}/")
    slugified = _zola_slug(option(page.site, "slugify"))
    slug = page.text("slug") or without_date(name)
    return tidy(f"{prefix}/{'/'.join(slugified(part) for part in (*sections, slug))}/")


def _zola_slug(strategy: str) -> Callable[[str], str]:
    if strategy in {"off", "safe"}:
        return lambda text: re.sub(r"[<>:\"/|?*#\\()\[\]\n\r\t]", "", text).strip().replace(" ", "_")
    return slugs.zola
