"""Pelican and Nikola: configured in Python, which is parsed and never run."""

from __future__ import annotations

import re
from typing import Any

from digests.i18n import _
from digests.ingest.sites.documents import Tree, Unusable, python_values
from digests.ingest.sites.found import Found, address, folder, said

_SLUG_IN_NAME = re.compile(r"\(\?P<date>.{1,60}\)[-_].{0,4}\(\?P<slug>")


def _values(tree: Tree, file: str) -> dict[str, Any]:
    text = tree.text(file)
    if text is None:
        return {}
    try:
        return python_values(text)
    except Unusable as error:
        tree.problems.append((file, str(error)))
        return {}


def pelican(tree: Tree) -> Found | None:
    """Return what `pelicanconf.py` says, overridden by `publishconf.py`, which has the address of the public site."""
    file = tree.first("pelicanconf.py", "settings.py", "pelican.conf.py")
    if file is None:
        return None
    config = _values(tree, file)
    if file == "settings.py" and not {"SITENAME", "SITEURL", "ARTICLE_URL"} & set(config):
        return None
    origin = file
    if tree.first("publishconf.py"):
        published = _values(tree, "publishconf.py")
        if address(published.get("SITEURL")):
            origin = "publishconf.py"
        config = {**config, **published}
    found = Found("pelican", file)
    found.url, found.origins["url"] = address(config.get("SITEURL")), origin
    found.name = said(config.get("SITENAME"))
    found.timezone = said(config.get("TIMEZONE"))
    found.permalink = said(config.get("ARTICLE_URL")) or said(config.get("ARTICLE_SAVE_AS"))
    content = folder(config.get("PATH")) or ("content/" if tree.is_folder("content") else "")
    found.option("content", content)
    articles = [folder(each) for each in _many(config.get("ARTICLE_PATHS"))]
    found.posts = [content + each for each in articles if each] or ([content] if content else [])
    for each in _many(config.get("PAGE_PATHS")) or ["pages"]:
        found.left_out[content + folder(each)] = _("pages, no posts")
    for other in ("output", "theme", "themes", "plugins"):
        found.left_out[f"{other}/"] = _("files of the site")
    found.option("slug_from", said(config.get("SLUGIFY_SOURCE")))
    found.option("folder_category", config.get("USE_FOLDER_AS_CATEGORY"))
    found.option("default_category", said(config.get("DEFAULT_CATEGORY")))
    found.option("lang", said(config.get("DEFAULT_LANG")))
    pattern = config.get("FILENAME_METADATA")
    if isinstance(pattern, str) and _SLUG_IN_NAME.search(pattern[:300]):
        found.option("dated_names", True)
        found.option("slug_from", "basename")
    default = config.get("DEFAULT_METADATA")
    if isinstance(default, dict):
        found.defaults.append(("", {str(key): said(value) for key, value in default.items()}, file))
    return found


def nikola(tree: Tree) -> Found | None:
    """Return what Nikola's `conf.py` says."""
    file = tree.first("conf.py")
    text = tree.text(file) if file is not None else None
    if file is None or text is None or "POSTS" not in text or "SITE_URL" not in text:
        return None
    config = _values(tree, file)
    found = Found("nikola", file)
    found.url = address(config.get("SITE_URL")) or address(config.get("BASE_URL"))
    found.name = said(config.get("BLOG_TITLE"))
    found.timezone = said(config.get("TIMEZONE"))
    pretty = config.get("PRETTY_URLS")
    found.option("pretty_urls", pretty if isinstance(pretty, bool) else None)
    routes: dict[str, str] = {}
    for entry in _many(config.get("POSTS")) or [("posts/*.rst", "posts")]:
        if isinstance(entry, tuple) and len(entry) >= 2:
            routes.setdefault(folder(said(entry[0]).rpartition("/")[0]), said(entry[1]).strip("/"))
    for place, route in routes.items():
        found.option("posts", f"{place}\t{route}")
        found.posts.append(place)
    translations = config.get("TRANSLATIONS")
    for code, place in list(translations.items())[:60] if isinstance(translations, dict) else ():
        if said(place):
            found.option("language", str(code).lower())
    return found


def _many(value: object) -> list[Any]:
    return list(value) if isinstance(value, tuple) else [value] if isinstance(value, str) and value else []
