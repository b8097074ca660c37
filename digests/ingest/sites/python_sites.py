"""Pelican, Nikola and Sphinx: configured in Python, which is parsed and never run."""

from __future__ import annotations

import re
from typing import Any

from digests.i18n import _
from digests.ingest.sites.documents import Tree, Unusable, python_values
from digests.ingest.sites.partial_site import PartialSite, address, as_line, folder

MAX_FOLDERS = 500
_SPHINX_NAMES = ("blog_title", "html_title", "project")
MAX_SIDECARS = 5000
_POST_ENDINGS = frozenset({".rst", ".txt", ".md", ".mdown", ".markdown", ".html", ".htm"})
_SIDECAR_LINE = re.compile(r"\.\.[ \t]+([A-Za-z][\w-]{0,40}):(.*)\Z")
_OLD_SIDECAR = ("title", "slug", "date", "tags", "link", "description", "type")
_SLUG_IN_NAME = re.compile(r"\(\?P<date>[^)]{1,60}\).{0,12}\(\?P<slug>")


def _values(tree: Tree, file: str) -> dict[str, Any]:
    text = tree.text(file)
    if text is None:
        return {}
    try:
        return python_values(text)
    except Unusable as error:
        tree.problems.append((file, str(error)))
        return {}


def pelican(tree: Tree) -> PartialSite | None:
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
    found = PartialSite("pelican", file)
    found.url, found.origins["url"] = address(config.get("SITEURL")), origin
    found.name = as_line(config.get("SITENAME"))
    found.timezone = as_line(config.get("TIMEZONE"))
    found.permalink = as_line(config.get("ARTICLE_URL")) or as_line(config.get("ARTICLE_SAVE_AS"))
    content = folder(config.get("PATH")) or ("content/" if tree.is_folder("content") else "")
    found.option("content", content)
    articles = [folder(each) for each in _many(config.get("ARTICLE_PATHS"))]
    found.posts = [content + each for each in articles if each] or ([content] if content else [])
    for each in _many(config.get("PAGE_PATHS")) or ["pages"]:
        found.left_out[content + folder(each)] = _("pages, no posts")
    for other in ("output", "theme", "themes", "plugins"):
        found.left_out[f"{other}/"] = _("files of the site")
    found.option("slug_from", as_line(config.get("SLUGIFY_SOURCE")))
    found.option("folder_category", config.get("USE_FOLDER_AS_CATEGORY"))
    found.option("default_category", as_line(config.get("DEFAULT_CATEGORY")))
    found.option("lang", as_line(config.get("DEFAULT_LANG")))
    found.option("lang_url", as_line(config.get("ARTICLE_LANG_URL")) or as_line(config.get("ARTICLE_LANG_SAVE_AS")))
    pattern = config.get("FILENAME_METADATA")
    if isinstance(pattern, str) and _SLUG_IN_NAME.search(pattern[:300]):
        found.option("dated_names", True)
        found.option("slug_from", "basename")
    default = config.get("DEFAULT_METADATA")
    fields: dict[str, Any] = {"author": as_line(config.get("AUTHOR"))} if as_line(config.get("AUTHOR")) else {}
    if isinstance(default, dict):
        fields |= {str(key): as_line(value) for key, value in default.items()}
    if fields:
        found.defaults.append(("", fields, file))
    return found


def nikola(tree: Tree) -> PartialSite | None:
    """Return what Nikola's `conf.py` says."""
    file = tree.first("conf.py")
    text = tree.text(file) if file is not None else None
    names = ("POSTS", "post_pages"), ("SITE_URL", "BLOG_URL")
    if file is None or text is None or not all(any(name in text for name in either) for either in names):
        return None
    config = _values(tree, file)
    found = PartialSite("nikola", file)
    found.url = next((url for name in ("SITE_URL", "BASE_URL", "BLOG_URL") if (url := address(config.get(name)))), "")
    found.name = as_line(config.get("BLOG_TITLE"))
    old_style = "POSTS" not in config  # of the first versions
    found.timezone = as_line(config.get("TIMEZONE"))
    pretty = config.get("PRETTY_URLS", False if old_style else None)
    found.option("pretty_urls", pretty if isinstance(pretty, bool) else None)
    routes: dict[str, str] = {}
    old = [entry for entry in _many(config.get("post_pages")) if isinstance(entry, tuple) and True in entry]
    for entry in _many(config.get("POSTS")) or old or [("posts/*.rst", "posts")]:
        if isinstance(entry, tuple) and len(entry) >= 2:
            routes.setdefault(folder(as_line(entry[0]).rpartition("/")[0]), as_line(entry[1]).strip("/"))
    for place, route in routes.items():
        found.option("posts", f"{place}\t{route}")
        found.posts.append(place)
    for place in routes:
        _sidecars(tree, found, place)
    translations = config.get("TRANSLATIONS")
    for code, place in list(translations.items())[:60] if isinstance(translations, dict) else ():
        if as_line(place):
            found.option("language", str(code).lower())
    return found


def sphinx(tree: Tree) -> PartialSite | None:
    """Return what Sphinx' `conf.py` says, which may be ABlog's."""
    file = tree.first("conf.py")
    text = tree.text(file) if file is not None else None
    if file is None or text is None or "extensions" not in text or "POSTS" in text:
        return None
    config = _values(tree, file)
    found = PartialSite("sphinx", file)
    is_blog = "ablog" in text
    found.option("directories", is_blog)
    found.url = address(config.get("blog_baseurl") if is_blog else None) or address(config.get("html_baseurl"))
    found.name = next((name_found for key in _SPHINX_NAMES if (name_found := as_line(config.get(key)))), "")
    found.timezone = as_line(config.get("timezone"))
    for each in _many(config.get("exclude_patterns")):
        if as_line(each):
            found.ignored.append(as_line(each))
    for each in _many(config.get("blog_post_pattern")) if is_blog else ():
        place = folder(as_line(each).partition("*")[0].rpartition("/")[0])
        if place and tree.is_folder(place):
            found.posts.append(place)
    return found


def jupyter_book(tree: Tree) -> PartialSite | None:
    """Return what the `_config.yml` of a Jupyter Book says."""
    if tree.first("_toc.yml") is None or tree.first("_config.yml") is None or tree.is_folder("_posts"):
        return None
    found = PartialSite("sphinx", "_config.yml")
    config = tree.document("_config.yml") or {}
    html = config.get("html")
    found.url = address(html.get("baseurl")) if isinstance(html, dict) else ""
    found.name = as_line(config.get("title"))
    for each in _many(config.get("exclude_patterns")):
        if as_line(each):
            found.ignored.append(as_line(each))
    return found


def _sidecars(tree: Tree, found: PartialSite, place: str) -> None:
    """Add the fields next to a post, in a `.meta` file with its name."""
    for each in tree.nested(place, most=MAX_FOLDERS):
        files = tree.files(each)
        posts: dict[str, list[str]] = {}
        for name in files:
            stem, _dot, ending = name.rpartition(".")
            if f".{ending}" in _POST_ENDINGS:
                posts.setdefault(stem, []).append(name)
        for name in files:
            stem = name.removesuffix(".meta")
            if stem == name or stem not in posts or len(found.of_files) >= MAX_SIDECARS:
                continue
            fields = _sidecar(tree.text(each + name) or "")
            if fields:
                found.of_files += [(each + post, fields, each + name) for post in posts[stem]]


def _sidecar(text: str) -> dict[str, Any]:
    """Read `.. title: …` lines or, as old versions wrote them, bare lines in a fixed order."""
    lines = text.strip().split("\n")[:100]
    fields: dict[str, Any] = {}
    for line in lines:
        match = _SIDECAR_LINE.match(line.strip())
        if match is not None and match[2].strip():
            fields[match[1]] = match[2].strip()[:2000]
    if not fields and lines[0].strip() and not lines[0].startswith(("---", "+++", "..")):
        fields = {name: line.strip()[:2000] for name, line in zip(_OLD_SIDECAR, lines, strict=False) if line.strip()}
    return fields


def _many(value: object) -> list[Any]:
    return list(value) if isinstance(value, (tuple, list)) else [value] if isinstance(value, str) and value else []
