"""SvelteKit and Lume: configured in JavaScript, which is read by pattern and never run."""

from __future__ import annotations

import re

from digests.ingest.sites.documents import Tree, js_text
from digests.ingest.sites.js_sites import (
    MAX_FOLDERS,
    PARAMETER,
    config_of,
    folders_of_posts,
    homepage,
    opened,
    site_url,
)
from digests.ingest.sites.partial_site import POSTISH, PartialSite, address, as_line, folder

_LOCATION = re.compile(r"""location:\s*new URL\(\s*["'`]([^"'`\n]{1,200})["'`]""")
_ADDRESSES = ("siteUrl", "siteURL", "SITE_URL", "website", "site", "url", "baseUrl")


def lume(tree: Tree) -> PartialSite | None:
    """Return what Lume's `_config.ts` says."""
    config = config_of(tree, "_config")
    if config is None or "lume" not in config[1]:
        return None
    found, text = PartialSite("lume", config[0]), config[1]
    location = _LOCATION.search(text)
    found.url = address(location[1]) if location is not None else ""
    source = folder(js_text(text, "src"))
    found.option("input", source)
    data = next((place for place in (f"{source}_data.yml", f"{source}_data.yaml") if tree.first(place)), "")
    metas = (tree.document(data) or {}).get("metas") if data else None
    found.name = as_line(metas.get("site")) if isinstance(metas, dict) else ""
    found.posts = folders_of_posts(tree, source) or ([source] if source else [])
    return found


def svelte(tree: Tree) -> PartialSite | None:
    """Return what a SvelteKit site says: its routes are folders, and its address is among its own settings."""
    config = opened(tree, "svelte", "svelte.config")
    if config is None:
        return None
    found, _text = config
    for name in ("config", "siteConfig", "constants", "info", "site", "meta", "data/meta", "consts"):
        settings = config_of(tree, f"src/lib/{name}")
        if settings is not None and not found.url:
            found.url = site_url(tree, settings[1], *_ADDRESSES)
            found.origins["url"] = settings[0]
            found.name = js_text(settings[1], "siteTitle", "SITE_TITLE", "title", "name")
    found.url = found.url or homepage(tree)
    candidates = (folders_of_posts(tree, place, 1) for place in ("", "content/", "src/", "src/content/", "src/lib/"))
    found.posts = next((each for each in candidates if each), [])
    pages = [] if found.posts else folders_of_posts(tree, "src/routes/", 3)
    found.posts += pages
    for each in found.posts:
        route = _svelte_route(tree) if each not in pages else each.removeprefix("src/routes/").rstrip("/")
        found.option("route", f"{each}\t{each.rstrip('/').rpartition('/')[2] if route is None else route}")
    return found


def _svelte_route(tree: Tree) -> str | None:
    """Return the route under which single posts are shown."""
    for place in tree.nested("src/routes/", most=MAX_FOLDERS):
        name = place.rstrip("/").rpartition("/")[2]
        if PARAMETER.fullmatch(name) is None:
            continue
        path = [part for part in place.removeprefix("src/routes/").split("/")[:-2] if not part.startswith("(")]
        if not path or path[-1] in POSTISH:
            return "/".join(part for part in path if PARAMETER.fullmatch(part) is None)
    return None
