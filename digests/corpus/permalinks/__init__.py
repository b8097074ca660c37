"""Computes the address that a site gives a file. Pure; knows no folder.

There is one function per generator; `address_of` chooses it, `defaults_of` merges fields that the site sets for many
files.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from digests.bounded_cache import cached
from digests.corpus.permalinks import slugs
from digests.corpus.permalinks.eleventy import eleventy
from digests.corpus.permalinks.hugo import hugo, zola
from digests.corpus.permalinks.jekyll import hexo, jekyll
from digests.corpus.permalinks.others import (
    astro,
    docusaurus,
    gridsome,
    mkdocs,
    nikola,
    pelican,
    routed,
    substack,
    svelte,
)
from digests.corpus.permalinks.page import MAX_PATH_CHARS, Page, Token, expand, option, tidy
from digests.corpus.permalinks.pages import lume, middleman, nuxt, quartz, sphinx, vitepress
from digests.corpus.site import Defaults, Site
from digests.i18n import _
from digests.models.sources import PRESETS

__all__ = ["PRESETS", "address_of", "defaults_of", "image_of"]

_BUILDERS: dict[str, Callable[[Page], str | None]] = {
    "jekyll": jekyll,
    "hexo": hexo,
    "hugo": hugo,
    "zola": zola,
    "docusaurus": docusaurus,
    "eleventy": eleventy,
    "astro": astro,
    "gatsby": routed,
    "next": routed,
    "mkdocs": mkdocs,
    "pelican": pelican,
    "nikola": nikola,
    "substack": substack,
    "vitepress": vitepress,
    "vuepress": vitepress,
    "quartz": quartz,
    "nuxt": nuxt,
    "gridsome": gridsome,
    "middleman": middleman,
    "sphinx": sphinx,
    "svelte": svelte,
    "lume": lume,
}
assert _BUILDERS.keys() == PRESETS

# The fields with which a file can set its address, by generator; without a known generator all of them count.
_OWN = {
    "jekyll": ("permalink",),
    "hexo": ("permalink",),
    "hugo": ("url",),
    "zola": ("path",),
    "docusaurus": ("slug",),
    "eleventy": ("permalink",),
    "astro": ("slug", "permalink"),
    "mkdocs": ("slug",),
    "pelican": ("url", "saveas"),
    "nikola": ("slug",),
    "substack": (),
    "vitepress": ("permalink",),
    "vuepress": ("permalink",),
    "quartz": ("permalink",),
    "nuxt": ("path",),
    "gridsome": ("path",),
    "middleman": (),
    "sphinx": (),
    "svelte": ("slug",),
    "lume": ("url",),
}
_ANY = ("url", "permalink", "path", "slug")
_SAFE = "/~!$&'()*+,;=:@%-._#?"
_UNQUOTED = re.compile(r"[A-Za-z0-9/~!$&'()*+,;=:@%._#?-]*+")


def address_of(
    site: Site,
    path: str,
    fields: Mapping[str, object],
    *,
    title: str,
    published_at: datetime | None,
    categories: Sequence[str] = (),
    explain: bool = True,
) -> tuple[str, str] | None:
    """Return the address that the site gives a file, and where it comes from; None if unknown.

    Args:
        site: Needs a `url`, except for addresses that the built site's feed knows.
        path: Relative to the source's folder.
        fields: Front matter with the folded names of `vocabulary`, the site's defaults merged in.
        title: The article's title.
        published_at: Aware UTC.
        categories: The file's categories, not its tags.
        explain: Say where a made address comes from; else that may be empty.
    """
    exact = _addresses(site.addresses).get(_title_key(title)) if site.addresses else None
    if exact is not None:
        return exact, site.origin_of("addresses") or _("the built site's feed")
    if not site.url:
        return None
    page = Page(site, site.prefix + path.removeprefix(option(site, "offset")), fields, title, published_at, categories)
    own = next((name for name in _OWN.get(site.generator, _ANY) if page.text(name)), "")
    if own and "://" in page.text(own)[:12]:
        return page.text(own), own
    generator = site.generator
    made: str | None
    if site.permalink in PRESETS and generator != "jekyll":
        generator = site.permalink
    owner = site.permalink if "{" in site.permalink and generator not in {"pelican", "middleman"} else ""
    if site.origin_of("permalink") == "corpus.sources" and site.permalink not in PRESETS:
        owner = site.permalink
    if owner and not own:
        made = _by_pattern(page, owner)
    elif generator in _BUILDERS:
        made = _BUILDERS[generator](page)
    else:
        made = _plainly(page, own)
    if made is None or len(made) > MAX_PATH_CHARS:
        return None
    return joined(site.url, made), _provenance(site, own) if explain else ""


def joined(base: str, path: str) -> str:
    """Return a site's address joined with a path, escaped."""
    path = tidy(path)
    if _UNQUOTED.fullmatch(path) is None:  # most need no escaping
        path = quote(path, safe=_SAFE)
    return f"{base.rstrip('/')}{path}"


def image_of(site: Site, path: str, page_url: str | None, written: str) -> str | None:
    """Return a picture's absolute address: on the site if it begins with `/`, else next to the page."""
    written = written.strip().removeprefix("./") if not written.startswith("./.") else written.strip()
    if "://" in written[:12]:
        return written
    if written.startswith("//"):
        return f"https:{written}"
    if not written or len(written) > MAX_PATH_CHARS or written.startswith(("data:", "#", "{", "@", "~", "<")):
        return None
    if site.generator == "astro" and written.startswith(("/src/", "src/", "../")):
        return None  # among the sources; its name on the site is made when the site is built
    if written.startswith("/"):
        if not site.url:
            return None
        base = urlsplit(site.url).path.rstrip("/")
        return joined(site.url, written[len(base) :] if base and written.startswith(f"{base}/") else written)
    if site.generator in {"jekyll", "hexo"} and site.url and not written.startswith("."):
        return joined(site.url, written)
    if page_url is None:
        return None
    try:
        return urljoin(page_url, quote(written, safe=_SAFE))
    except ValueError:
        return None


def defaults_of(site: Site, path: str) -> tuple[dict[str, object], str]:
    """Return the fields that the site sets for a file, later ones over earlier ones, and where they come from."""
    merged: dict[str, object] = {}
    origin = ""
    known = _LAST[0]
    if known is None or known.of is not site.defaults:
        known = _LAST[0] = _Sorted.of_all(site.defaults)
    for each in (*known.folders, *known.files.get(path, ())):
        if path.startswith(each.prefix):
            merged.update(_parsed(each.fields))
            origin = each.origin
    return merged, origin


class _Sorted(NamedTuple):
    """Defaults of folders, and those of single files by path: an export or a folder of sidecars has thousands."""

    of: tuple[Defaults, ...]
    folders: tuple[Defaults, ...]
    files: dict[str, list[Defaults]]

    @classmethod
    def of_all(cls, defaults: tuple[Defaults, ...]) -> _Sorted:
        files: dict[str, list[Defaults]] = {}
        for each in defaults:
            if each.is_of_file:
                files.setdefault(each.prefix, []).append(each)
        return cls(defaults, tuple(each for each in defaults if not each.is_of_file), files)


_LAST: list[_Sorted | None] = [None]
"""The sorted defaults of the last site: files of one site are read one after the other."""


@cached(256)
def _parsed(fields: str) -> dict[str, object]:
    made = json.loads(fields)
    return made if isinstance(made, dict) else {}


@lru_cache(maxsize=16)
def _addresses(pairs: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return dict(pairs)


def _title_key(title: str) -> str:
    return " ".join(title.casefold().split())


def _by_pattern(page: Page, pattern: str) -> str | None:
    slug = page.text("slug") or (page.dateless if page.stem != "index" else page.folder.rstrip("/").rpartition("/")[2])
    slug = slug.strip("/")
    section = page.path.partition("/")[0] if "/" in page.path else ""
    tokens: dict[str, Token] = {
        "slug": lambda: slugs.jekyll(slug, pretty=True, cased=True) or None,
        "title": lambda: slugs.simple(page.title) or None,
        "filename": lambda: page.stem,
        "name": lambda: page.stem,
        "path": lambda: page.folder + page.stem,
        "folder": lambda: page.folder.strip("/"),
        "section": lambda: section,
        "category": lambda: slugs.simple(page.categories[0]) if page.categories else "",
        "categories": lambda: "/".join(slugs.simple(category) for category in page.categories),
        "output_ext": lambda: ".html",
        "ext": lambda: ".html",
    }
    made = expand(pattern, tokens, page.date, braces="{" in pattern)
    return None if made is None else tidy(made)


def _plainly(page: Page, own: str) -> str | None:
    """Return the address from a file's own fields without a known generator; a bare slug is not enough."""
    if not own:
        return None
    written = page.text(own)
    if own == "slug" and "/" not in written:
        return None
    return tidy(written)


def _provenance(site: Site, own: str) -> str:
    if own:
        return _("{field}, on the address of {origin}").format(field=own, origin=site.origin_of("url") or site.url)
    origin = site.origin_of("permalink") or site.origin_of("generator") or site.origin_of("url")
    if site.permalink or site.permalinks:
        return _("permalink pattern of {origin}").format(origin=origin)
    return _("{generator}'s usual addresses, by {origin}").format(generator=site.generator.capitalize(), origin=origin)
