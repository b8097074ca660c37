"""Addresses of Jekyll and Hexo."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha1

from digests.corpus.permalinks import slugs
from digests.corpus.permalinks.page import (
    DATE_NAMES,
    Page,
    Token,
    expand,
    option,
    options,
    tidy,
    without_date,
    without_ending,
)
from digests.corpus.vocabulary import folded

STYLES = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}
_POSTS = re.compile(r"(?:\A|/)_(?:posts|drafts)/")
_COLLECTION = re.compile(r"(?:\A|/)_([A-Za-z0-9][\w-]*)/")


def jekyll(page: Page) -> str | None:
    """Return the path of a post, a page or a collection's document."""
    source = option(page.site, "source")
    if source and page.path.startswith(source):
        page = replace(page, path=page.path[len(source) :])
    own = page.text("permalink")
    style = page.site.permalink or "date"
    patterns = dict(page.site.permalinks)
    posts = _POSTS.search(page.path)
    if posts is not None:
        pattern = patterns.get("posts") or style
        pattern = STYLES.get(pattern, pattern)
        return _path(page, own or pattern, _superfolders(page.path[: posts.start()]), "posts")
    collection = _COLLECTION.search(page.path)
    if collection is not None:
        name = collection[1]
        pattern = STYLES.get(own) or own or patterns.get(name) or f"/:collection/:path{_suffix(style)}"
        return _path(page, pattern, (), name, inside=page.path[collection.end() :])
    if own:
        return _path(page, STYLES.get(own, own), (), "")
    if page.stem.lower() == "index":
        return tidy(page.folder)
    if without_date(page.stem) != page.stem and page.published_at is not None:
        # A folder of posts with another name than `_posts`, but with dates in the file names.
        return _path(page, STYLES.get(style, style), (), "posts")
    return tidy(f"{page.folder}{page.stem}{_suffix(style).replace(':output_ext', '.html')}")


def _suffix(style: str) -> str:
    """Return the suffix that a permalink style adds to pages and collections."""
    if style == "pretty" or style.endswith("/"):
        return "/"
    return ":output_ext" if style in STYLES or style.endswith(":output_ext") else ""


def _superfolders(before: str) -> tuple[str, ...]:
    return tuple(part for part in before.split("/") if part)


def _path(page: Page, pattern: str, superfolders: Iterable[str], collection: str, inside: str = "") -> str | None:
    own_slug = page.text("slug")
    name = page.dateless if collection in {"posts", ""} else page.stem
    categories = list(dict.fromkeys([*superfolders, *page.categories]))
    bare = without_ending(inside)

    tokens: dict[str, Token] = {
        "title": lambda: slugs.jekyll(own_slug or name, pretty=True, cased=True),
        "slug": lambda: slugs.jekyll(own_slug or name),
        "name": lambda: slugs.jekyll(page.stem),
        "basename": lambda: page.stem,
        "collection": lambda: collection,
        "path": lambda: bare or page.stem,
        "output_ext": lambda: ".html",
        "categories": lambda: "/".join(dict.fromkeys(category.lower() for category in categories)),
        "slugified_categories": lambda: "/".join(dict.fromkeys(slugs.jekyll(category) for category in categories)),
    }
    made = expand(pattern, tokens, page.date)
    return None if made is None else tidy(made)


_HEXO_NAME_DATE = re.compile(r"(?:\A|/)\d{4}-\d{1,2}-\d{1,2}-(?=[^/]+\Z)")
_HEXO_FIELDS = re.compile(r":([a-z_]{2,30})")


def hexo(page: Page) -> str | None:
    """Return the path of a Hexo post: names stay as they are, titles and categories become slugs."""
    posts = re.search(r"(?:\A|/)_(?:posts|drafts)/", page.path)
    inside = without_ending(page.path[posts.end() :] if posts else page.path)
    own = page.text("permalink")
    if own:
        return tidy(own)
    if posts is None:
        inside = inside.removeprefix("source/")
        return tidy(inside.removesuffix("index") if inside.endswith("index") else f"{inside}.html")
    if option(page.site, "dated_names"):
        inside = _HEXO_NAME_DATE.sub("/" if "/" in inside else "", inside)
    lower = option(page.site, "filename_case") == "1"
    mapped = dict(options(page.site, "category"))
    categories = page.categories or (option(page.site, "default_category") or "uncategorized",)
    pattern = page.site.permalink or ":year/:month/:day/:title/"
    tokens: dict[str, Token] = {
        "title": lambda: inside,
        "name": lambda: inside.rpartition("/")[2],
        "post_title": lambda: slugs.hexo(page.title, lower=True),
        "category": lambda: "/".join(mapped.get(each) or slugs.hexo(each, lower=lower) for each in categories),
        "hash": lambda: _hash(inside, page),
        "lang": lambda: page.text("lang", "language") or None,
    }
    for name in _HEXO_FIELDS.findall(pattern[:500]):
        # A pattern may contain any field, such as the `abbrlink` of a plugin.
        if name not in tokens and name not in DATE_NAMES and (value := page.text(folded(name))):
            tokens[name] = lambda value=value: value  # type: ignore[misc]
        elif name in {"id", "abbrlink"}:
            tokens[name] = lambda: None
    made = expand(pattern, tokens, page.written_date)
    if made is None:
        return None
    if option(page.site, "trailing_index") == "false":
        made = re.sub(r"(?<=/)index\.html\Z", "", made)
    if option(page.site, "trailing_html") == "false":
        made = re.sub(r"\.html\Z", "", made)
    return tidy(made)


def _hash(name: str, page: Page) -> str | None:
    if page.published_at is None:
        return None
    seed = f"{name}{int(page.published_at.timestamp())}"
    return sha1(seed.encode(), usedforsecurity=False).hexdigest()[:12]
