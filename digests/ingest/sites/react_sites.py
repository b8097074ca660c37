"""Gatsby, Gridsome and Next: configured in JavaScript, with posts wherever their authors put them."""

from __future__ import annotations

import re

from digests.ingest.sites.documents import Tree, js_block, js_text, js_word
from digests.ingest.sites.js_sites import PARAMETER, config_of, folders_of_posts, homepage, opened, site_url
from digests.ingest.sites.partial_site import POSTISH, PartialSite, address, folder

# Where sites of Next keep their address and name.
_SETTINGS = (
    *("data/siteMetadata", "next-sitemap.config", "site.config", "next-sitemap", "src/site.config", "lib/config"),
    *("siteConfig", "src/siteConfig", "src/lib/config", "config/site", "src/config/site", "next.constants"),
    *("src/constants", "constants", "lib/constants", "src/lib/constants", "src/config", "site.metadata", "blog.config"),
    *("app/sitemap", "src/app/sitemap"),
)
_LAYOUTS = tuple(f"{place}layout.{ending}" for place in ("app/", "src/app/") for ending in ("tsx", "jsx", "js"))
_METADATA_BASE = re.compile(r"metadataBase:\s*new URL\(\s*[`\"']([^`\"'\n]{1,200})[`\"']")
_PREFIX = re.compile(r"[`\"']/([\w-]{1,60})/?(?:\$\{|[\"']\s*\+)[^`\n]{0,60}(?:slug|path|Path)")
_FILES_OF_TYPE = re.compile(r"\{(?=[^{}]{0,400}\btypeName\b)")
_SOURCE_PATH = re.compile(r"""path:\s*[`"'](?:\$\{__dirname\}/|\./)?([\w./-]{1,200})[`"']""")


def gatsby(tree: Tree) -> PartialSite | None:
    """Return what `gatsby-config.*` says."""
    config = opened(tree, "gatsby", "gatsby-config")
    if config is None:
        return None
    found, text = config
    found.url = address(site_url(tree, text, "siteUrl", "url"), js_text(text, "pathPrefix")) or homepage(tree)
    found.name = js_text(text, "title")
    node = config_of(tree, "gatsby-node")
    prefix = _PREFIX.search(node[1]) if node is not None else None
    route = prefix[1] if prefix is not None else ""
    found.option("trailingslash", js_text(text, "trailingSlash") or "always")
    places = [folder(each) for each in _SOURCE_PATH.findall(text)[:30]]
    places = [each for each in places if each and "image" not in each and "asset" not in each and tree.is_folder(each)]
    posts = [each for each in places if each.rstrip("/").rpartition("/")[2] in POSTISH] or [
        inner for each in places for inner in folders_of_posts(tree, each, 1)
    ]
    for each in sorted({*posts, *places}, key=len, reverse=True):
        found.option("route", f"{each}\t{route}")
    found.posts = posts or places or folders_of_posts(tree, "")
    return found


def gridsome(tree: Tree) -> PartialSite | None:
    """Return what `gridsome.config.*` says."""
    config = opened(tree, "gridsome", "gridsome.config")
    if config is None:
        return None
    found, text = config
    found.url = address(site_url(tree, text, "siteUrl"), js_text(text, "pathPrefix")) or homepage(tree)
    found.name = js_text(text, "siteName")
    found.option("trailingslash", "never" if js_word(text, "trailingSlash") == "false" else "always")
    for plugin in list(_FILES_OF_TYPE.finditer(text))[:20]:
        block = js_block(text, plugin.start())
        kind, path = js_text(block, "typeName"), js_text(block, "path")
        fixed = path.partition("*")[0]
        place = folder(js_text(block, "baseDir")) + folder(fixed[: fixed.rfind("/") + 1])
        template = re.search(rf"""\b{re.escape(kind)}\s*:[^"'`,\n]{{0,40}}["'`](/[^"'`\n]{{0,200}})["'`]""", text)
        if place and tree.is_folder(place):
            found.posts.append(place)
            found.option("route", f"{place}\t{template[1] if kind and template is not None else ''}")
    found.posts = found.posts or folders_of_posts(tree, "")
    return found


def next_js(tree: Tree) -> PartialSite | None:
    """Return what `next.config.*` and the files that usually come with it say."""
    config = opened(tree, "next", "next.config")
    if config is None:
        return None
    found, text = config
    found.option("trailingslash", "always" if js_word(text, "trailingSlash") == "true" else "never")
    for place in _SETTINGS:
        other = config_of(tree, place)
        if other is None:
            continue
        written = site_url(tree, other[1], "siteUrl", "SITE_URL", "BASE_URL", "baseUrl", "url", "domain")
        if not found.url and (url := address(written, js_text(text, "basePath"))):
            found.url, found.origins["url"] = url, other[0]
        found.name = found.name or js_text(other[1], "title", "name")
    layout = tree.first(*_LAYOUTS)
    if layout is not None and not found.url:
        base = _METADATA_BASE.search(tree.text(layout) or "")
        if base is not None and (url := address(base[1])):
            found.url, found.origins["url"] = url, layout
    found.url = found.url or homepage(tree)
    route = next(
        (
            re.sub(r"\A(?:src/)?(?:pages|app)/", "", place).strip("/")
            for place in ("pages/", "app/", "src/pages/", "src/app/")
            for place in [place, *(f"{place}{name}/" for name in tree.folders(place) if name in POSTISH)]
            if any(PARAMETER.match(name) for name in (*tree.files(place), *tree.folders(place)))
        ),
        None,
    )
    found.posts = (
        folders_of_posts(tree, "data/", 1)
        or folders_of_posts(tree, "content/", 2)
        or folders_of_posts(tree, "src/content/", 1)
        or [f"{name}/" for name in tree.folders() if name in POSTISH]
        or folders_of_posts(tree, "src/", 1)
    )
    for app in ("app/", "src/app/"):
        for each in [] if found.posts else folders_of_posts(tree, app, 3):
            found.posts += folders_of_posts(tree, each, 1) or [each]
    for pages in ("pages/", "src/pages/"):
        # Pages that are Markdown themselves are shown at their own paths.
        inside = [] if found.posts else folders_of_posts(tree, pages, 3)
        for each in inside:
            found.option("route", f"{each}\t{each.removeprefix(pages).rstrip('/')}")
        found.posts += inside
    for each in found.posts:
        name = each.rstrip("/").rpartition("/")[2].lstrip("_")
        found.option("route", f"{each}\t{name if route is None else route}")
    return found
