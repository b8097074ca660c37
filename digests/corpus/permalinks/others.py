"""Addresses of Docusaurus, Eleventy, Astro, Gatsby, Gridsome, Next, MkDocs, Pelican, Nikola and Substack."""

from __future__ import annotations

import re
from datetime import datetime

from digests.corpus.permalinks import slugs
from digests.corpus.permalinks.page import Page, Token, expand, option, options, tidy, without_ending
from digests.corpus.values import as_switch

_DOCUSAURUS_DATE = re.compile(r"(\d{4}[-/]\d{1,2}[-/]\d{1,2})[-/]?")
_NUMBERED = re.compile(r"\A\d+\s*[-_.]+\s*(?=[^-_.\s])")
_INDEX = re.compile(r"(?:\A|/)index\Z")
_BRACED = re.compile(r"\{(\w{1,20})\}")
_DATE_LETTERS = re.compile(r"y{1,4}|M{1,4}|d{1,2}")
_PELICAN_VALUE = re.compile(r"\{(\w{1,30})(?::([^{}]{1,40}))?\}")


def _inside(page: Page, kind: str) -> tuple[str, str] | None:
    """Return the path within one of the site's routes, without extension, and the route."""
    for folder, route in options(page.site, kind):
        if page.path.startswith(folder):
            return without_ending(page.path[len(folder) :]), route
    return None


def _ended(page: Page, path: str) -> str:
    """Apply a site's rule for trailing slashes: `always`, `never`, or leave as is."""
    rule, suffix = option(page.site, "trailingslash"), option(page.site, "suffix")
    if suffix and not path.endswith("/"):
        path += suffix
    path = tidy(path)
    if rule == "always":
        return path if path.endswith("/") else f"{path}/"
    return path.rstrip("/") or "/" if rule == "never" else path


def docusaurus(page: Page) -> str | None:
    """Return the path of a blog post or documentation page."""
    slug = page.text("slug")
    placed = _inside(page, "blog")
    if placed is not None:
        inside, route = placed
        if not slug:
            dates = list(_DOCUSAURUS_DATE.finditer(inside))
            text = _INDEX.sub("", inside)
            if dates:
                found = dates[-1]
                text = _INDEX.sub("", inside[found.end() :])
                slug = f"{found[1].replace('-', '/')}/{inside[: found.start()]}{text}"
            else:
                slug = text
        return _ended(page, f"/{route}/{slug}")
    placed = _inside(page, "docs")
    if placed is None:
        return None
    inside, route = placed
    folder, _slash, name = inside.rpartition("/")
    folders = "/".join(_NUMBERED.sub("", part) for part in folder.split("/") if part)
    if slug:
        return _ended(page, f"/{route}/{slug}" if slug.startswith("/") else f"/{route}/{folders}/{slug}")
    name = page.text("id") or _NUMBERED.sub("", name)
    if name.lower() in {"index", "readme"} or name == folders.rpartition("/")[2]:
        return _ended(page, f"/{route}/{folders}/")
    return _ended(page, f"/{route}/{folders}/{name}")


def astro(page: Page) -> str | None:
    """Return the path of a collection's entry, or of a page in `src/pages`."""
    pages = option(page.site, "pages") or "src/pages/"
    if page.path.startswith(pages):
        return _formatted(page, _INDEX.sub("", without_ending(page.path[len(pages) :])))
    placed = _inside(page, "route")
    if placed is None:
        return None
    inside, route = placed
    slug = page.text("slug", "postslug")
    hides = option(page.site, "hides_underscored") == "true"
    *folders, name = (slugs.github(part) for part in inside.split("/") if not (hides and part.startswith("_")))
    if route.startswith(":lang/"):
        # Each language has a folder in the collection, and comes first in the address.
        route = f"{folders[0]}/{route.removeprefix(':lang/')}" if folders else route.removeprefix(":lang/")
        folders = folders[1:]
    if not slug:
        slug = "/".join((*folders, name))
        slug = _INDEX.sub("", slug)
    return _formatted(page, f"{route}/{slug}")


def _formatted(page: Page, path: str) -> str:
    if option(page.site, "format") == "file":
        return tidy(f"{path.strip('/') or 'index'}.html")
    if option(page.site, "trailingslash") == "never":
        return tidy(path).rstrip("/") or "/"
    return tidy(f"{path}/")


def routed(page: Page) -> str | None:
    """Return the path of a Gatsby or Next post: a route and the file's path in its folder."""
    own = page.text("path", "permalink", "slug", "url")
    placed = _inside(page, "route")
    if own.startswith("/"):
        return _ended(page, own)
    if placed is None:
        return None
    inside, route = placed
    if page.path.startswith(("app/", "src/app/")) and page.stem == "page":
        # A page of the app folder has its own path as its address, without the groups in parentheses.
        parts = page.folder.removeprefix("src/").split("/")[1:]
        return _ended(page, "/".join(part for part in parts if not part.startswith("(")))
    return _ended(page, f"/{route}/{own or _INDEX.sub('', inside)}")


def gridsome(page: Page) -> str | None:
    """Return the path of a Gridsome post, by its collection's template."""
    placed = _inside(page, "route")
    own = page.text("path")
    if own:
        return _ended(page, own)
    if placed is None or not placed[1]:
        return None
    tokens: dict[str, Token] = {
        "title": lambda: slugs.eleventy(page.title) or None,
        "slug": lambda: slugs.eleventy(page.text("slug") or page.title) or None,
        "fileinfo__name": lambda: page.stem,
        "id": lambda: page.text("id") or None,
    }
    made = expand(placed[1].replace("fileInfo", "fileinfo"), tokens, page.date)
    return None if made is None or ":" in made else _ended(page, made)


def svelte(page: Page) -> str | None:
    """Return the path of a post of SvelteKit."""
    placed = _inside(page, "route")
    if placed is None:
        return None
    inside, route = placed
    inside = re.sub(r"(?:\A|/)\+page\Z", "", _INDEX.sub("", inside))
    own = page.text("slug")
    return tidy(f"/{route}/{own or inside}").rstrip("/")


def substack(page: Page) -> str | None:
    """Return the path of a newsletter post: the file name in the export after the number."""
    slug = page.text("slug") or page.stem.partition(".")[2]
    return f"/p/{slug}" if slug else None


def mkdocs(page: Page) -> str | None:
    """Return the path of a page, or of a post of the blog plugin."""
    docs = option(page.site, "docs") or "docs/"
    inside = without_ending(page.path.removeprefix(docs))
    blog = option(page.site, "blog")
    directories = option(page.site, "use_directory_urls") != "false"
    posts = option(page.site, "blog_posts") or f"{blog}/posts/"
    if blog and inside.startswith(posts):
        return _blog_post(page, "" if blog == "." else blog, directories=directories)
    if page.stem.lower() in {"index", "readme"}:
        return tidy(inside[: -len(page.stem)])
    return tidy(f"{inside}/" if directories else f"{inside}.html")


def _blog_post(page: Page, blog: str, *, directories: bool) -> str | None:
    """Return the path of a post of the blog plugin."""
    separator = option(page.site, "slug_separator") or "-"
    pattern = option(page.site, "post_url") or "{date}/{slug}"
    if "{date}" in pattern and page.date is None:
        return None
    form = option(page.site, "post_date") or "yyyy/MM/dd"
    day = _DATE_LETTERS.sub(lambda part: _date_part(page.date, part[0]), form) if page.date is not None else ""
    most = option(page.site, "post_categories")
    kept = page.categories[: int(most) if most.isdecimal() else 1]
    values = {
        "date": day,
        "slug": page.text("slug") or slugs.github(page.title, separator),
        "categories": "/".join(slugs.github(category, separator) for category in kept),
        "file": page.stem,
    }
    made = _BRACED.sub(lambda found: values.get(found[1], ""), pattern)
    return tidy(f"{blog}/{made}/" if directories else f"{blog}/{made}.html")


def _date_part(date: datetime | None, part: str) -> str:
    assert date is not None
    if part[0] == "y":
        return date.strftime("%Y" if len(part) != 2 else "%y")
    if part[0] == "M" and len(part) > 2:
        return date.strftime("%b" if len(part) == 3 else "%B")
    number = date.month if part[0] == "M" else date.day
    return f"{number:02}" if len(part) == 2 else str(number)


def pelican(page: Page) -> str | None:
    """Return the path of a Pelican article."""
    inside = page.path.removeprefix(option(page.site, "content"))
    own = page.text("url", "saveas")
    if own and "{" not in own:
        return tidy(own.removesuffix("index.html"))
    by_name = option(page.site, "slug_from") == "basename"
    slug = page.text("slug")
    if not slug and option(page.site, "dated_names"):
        slug = page.dateless  # as the site's pattern cuts it out of the name
    slug = slug or slugs.pelican(page.stem if by_name else page.title)
    folders = inside.split("/")[:-1]
    category = page.categories[0] if page.categories else ""
    if not category and folders and option(page.site, "folder_category") != "false":
        category = folders[-1]
    category = category or option(page.site, "default_category") or "misc"
    lang = page.text("lang") or option(page.site, "lang")
    tokens: dict[str, Token] = {
        "slug": lambda: slug,
        "category": lambda: slugs.pelican(category),
        "lang": lambda: lang or None,
        "author": lambda: slugs.pelican(page.text("author")) or None,
        "title": lambda: page.title,
        "filename": lambda: page.stem,
    }
    pattern = own or page.site.permalink or "{slug}.html"
    if not own and lang != (option(page.site, "lang") or lang):
        pattern = option(page.site, "lang_url") or "{slug}-{lang}.html"
    missing = False

    def value(match: re.Match[str]) -> str:
        nonlocal missing
        if match[1] == "date":
            if page.date is None:
                missing = True
                return ""
            return page.date.strftime(_day_without_zero(page, match[2] or "%Y-%m-%d"))
        token = tokens.get(match[1])
        made = token() if token is not None else None
        if made is None:
            missing = True
        return made or ""

    made = _PELICAN_VALUE.sub(value, pattern[:500])
    return None if missing else tidy(made.removesuffix("index.html"))


def _day_without_zero(page: Page, pattern: str) -> str:
    """Expand `%-d` and `%-m`, which strftime does not support everywhere."""
    assert page.date is not None
    return pattern.replace("%-d", str(page.date.day)).replace("%-m", str(page.date.month))


def nikola(page: Page) -> str | None:
    """Return the path of a Nikola post."""
    placed = _inside(page, "posts")
    if placed is None:
        return None
    inside, route = placed
    folders = inside.rpartition("/")[0]
    name = page.stem
    found = re.search(r"\.([a-z]{2}(?:_[a-z]{2})?)\Z", name)
    language = ""
    if found is not None and found[1] in {known for known, _address in options(page.site, "language")}:
        language, name = found[1], name[: found.start()]
    slug = page.text("slug") or slugs.nikola(name)
    own = as_switch(page.fields.get("prettyurl"))
    pretty = option(page.site, "pretty_urls") != "false" if own is None else own
    path = f"{language}/{route}/{folders}/{slug}"
    return tidy(f"{path}/" if pretty else f"{path}.html")
