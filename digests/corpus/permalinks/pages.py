"""Addresses of VitePress, VuePress, Nuxt, Quartz, Sphinx, Lume and Middleman: mostly the paths of the files."""

from __future__ import annotations

import re

from digests.corpus.permalinks import slugs
from digests.corpus.permalinks.page import Page, Token, expand, option, options, tidy, without_date, without_ending

_INDEX = re.compile(r"(?i)(?:\A|(?<=/))(?:index|readme)\Z")
_NUMBER = re.compile(r"\A\d{1,6}\.(?=.)")
_DROPPED = re.compile(r"[?#]")


def vitepress(page: Page) -> str | None:
    """Return the path on the site of a page of VitePress or VuePress."""
    inside = page.path.removeprefix(option(page.site, "docs"))
    own = page.text("permalink")
    if own:
        return tidy(own)
    pattern = option(page.site, "post_url")
    if pattern and "_posts/" in page.path:
        tokens: dict[str, Token] = {"slug": lambda: page.text("slug") or slugs.github(page.dateless)}
        made = expand(pattern, tokens, page.date)
        return None if made is None else tidy(f"{made}/")
    path = without_ending(_rewritten(page, inside))
    if _INDEX.search(path):
        return tidy(_INDEX.sub("", path))
    return tidy(path if option(page.site, "cleanurls") == "true" else f"{path}.html")


def _rewritten(page: Page, path: str) -> str:
    """Apply the first rewrite rule that matches a path, folder by folder; a `:name` matches any folder."""
    parts = path.split("/")
    for source, target in options(page.site, "rewrite"):
        wanted = source.split("/")
        if len(wanted) != len(parts):
            continue
        values: dict[str, str] = {}
        for want, part in zip(wanted, parts, strict=True):
            name, dot, ending = want.partition(".")
            if name.startswith(":") and (not dot or part.endswith(f".{ending}")):
                values[name] = part.removesuffix(f".{ending}") if dot else part
            elif want != part:
                break
        else:
            made = target
            for name in sorted(values, key=len, reverse=True):
                made = made.replace(name, values[name])
            return made
    return path


def nuxt(page: Page) -> str | None:
    """Return the path of a page of Nuxt Content; numbers in front of names only order them."""
    path = without_ending(page.path.removeprefix("content/"))
    parts = [_NUMBER.sub("", part).lower().replace(" ", "-") for part in path.split("/")]
    return tidy(_INDEX.sub("", "/".join(parts)))


def quartz(page: Page) -> str | None:
    """Return the path of a note in a Quartz garden."""
    own = page.text("permalink")
    path = own or without_ending(page.path.removeprefix("content/"))
    parts = [
        _DROPPED.sub("", re.sub(r"\s", "-", part).replace("&", "-and-").replace("%", "-percent"))
        for part in path.split("/")
    ]
    return tidy(_INDEX.sub("", "/".join(parts)))


def sphinx(page: Page) -> str | None:
    """Return the path of a page of Sphinx, ABlog or Jupyter Book."""
    path = without_ending(page.path.removeprefix(option(page.site, "content")))
    if option(page.site, "directories") != "true":
        return tidy(f"{path}.html")
    return tidy(f"{_INDEX.sub('', path)}/")


def middleman(page: Page) -> str | None:
    """Return the path of an article of Middleman's blog."""
    if not page.path.startswith(option(page.site, "posts")):
        return None
    name = page.text("slug") or without_date(page.stem.partition(".")[0])
    tokens: dict[str, Token] = {
        "title": lambda: name,
        "category": lambda: slugs.simple(page.categories[0]) if page.categories else None,
        "lang": lambda: page.text("lang") or None,
    }
    made = expand(page.site.permalink, tokens, page.date, braces=True)
    if made is None:
        return None
    path = f"{option(page.site, 'prefix')}/{made}"
    return tidy(path.removesuffix(".html") + "/" if option(page.site, "directories") == "true" else path)


def lume(page: Page) -> str | None:
    """Return the path of a page of Lume: dates and numbers in front of names go."""
    own = page.text("url")
    if own:
        return tidy(own)
    path = without_ending(page.path.removeprefix(option(page.site, "input")))
    folder, _slash, name = path.rpartition("/")
    return tidy(_INDEX.sub("", f"{folder}/{without_date(name)}/".replace("/index/", "/")))
