"""Jekyll, Hexo and MkDocs: configured in YAML."""

from __future__ import annotations

import re
from typing import Any

from digests.i18n import _
from digests.ingest.sites.documents import Tree, plain
from digests.ingest.sites.partial_site import POSTISH, PartialSite, address, as_line, folder

_HEXO_MARKS = ("new_post_name", "source_dir", "public_dir", "category_dir", "post_asset_folder")
_REPOSITORY = re.compile(r"([\w.-]+)/([\w.-]+)\Z")
_DATED_NAME = re.compile(r":year-:(?:i_)?month-:(?:i_)?day-")
_OTHERS = tuple(f"next.config.{ending}" for ending in ("js", "mjs", "ts"))
"""Configurations of generators whose posts may be in `_posts` too."""
MAX_DEFAULTS = 100
MAX_DEPTH = 4


def underscore_config(tree: Tree, *, inside: str = "") -> PartialSite | None:
    """Return what `_config.yml` says, which may be Jekyll's or Hexo's.

    Args:
        tree: The site's root.
        inside: The source's folder within it.
    """
    file = tree.first("_config.yml", "_config.yaml", "_config.toml", "bridgetown.config.yml")
    config = tree.document(file) if file is not None else None
    if file is None or config is None:
        others = tree.first(*_OTHERS) is not None or tree.is_folder(".vuepress")
        if tree.is_folder("_posts") and file is None and not others:
            return _jekyll(tree, "_posts", {}, inside)
        return None if file is None else _jekyll(tree, file, {}, inside)
    if tree.is_folder("source/_posts") or any(mark in config for mark in _HEXO_MARKS):
        return _hexo(tree, file, config)
    return _jekyll(tree, file, config, inside)


def _jekyll(tree: Tree, file: str, config: dict[str, Any], inside: str) -> PartialSite:
    found = PartialSite("jekyll", file)
    found.url = address(config.get("url"), config.get("baseurl"))
    if not found.url:
        repository = _REPOSITORY.match(as_line(config.get("repository")))
        host = cname(tree)
        if host:
            found.url, found.origins["url"] = address(host, config.get("baseurl")), "CNAME"
        elif repository is not None:
            owner, name = repository.groups()
            home = f"{owner.lower()}.github.io"
            base = config.get("baseurl") or ("" if name.lower() == home else name)
            found.url = address(home, base)
    found.name = as_line(config.get("title")) or as_line(config.get("name"))
    found.permalink = as_line(config.get("permalink"))
    found.timezone = as_line(config.get("timezone"))
    separator = config.get("excerpt_separator")
    found.excerpt_separator = separator.strip()[:100] if isinstance(separator, str) else ""
    collections = config.get("collections")
    outputs = []
    collected = folder(config.get("collections_dir"))
    for name, settings in list(collections.items())[:50] if isinstance(collections, dict) else ():
        if isinstance(settings, dict):
            if as_line(settings.get("permalink")):
                found.permalinks[str(name)] = as_line(settings["permalink"])
            if settings.get("output") is True and name != "posts":
                outputs.append(f"{collected}_{name}/")
    found.ignored = [as_line(each) for each in _items(config.get("exclude")) if as_line(each)]
    _defaults(found, config.get("defaults"), collected)
    source = folder(config.get("source")) or ("src/" if file.startswith("bridgetown") else "")
    found.option("source", source or folder(config.get("collections_dir")))
    if _post_folders(tree, inside or source):
        # Of the other collections only those with news: people, talks and chapters are not articles.
        named = (name for each in _NEWS_COLLECTIONS for name in dict.fromkeys((each, each.rstrip("s"))))
        found.post_names = ("_posts", "_drafts", *(name for name in named if f"{collected}{name}/" in outputs))
    elif any(tree.is_folder(each) for each in outputs):
        there = [each for each in outputs if tree.is_folder(each)]
        news = [each for each in there if f"{each.rstrip('/').rpartition('/')[2].rstrip('s')}s" in _NEWS_COLLECTIONS]
        found.posts = news or there
    destination = folder(config.get("destination"))
    if destination:
        found.left_out[destination] = _("what the site is built into")
        found.built.append(destination)
    return found


_NEWS_COLLECTIONS = (
    *("_news", "_articles", "_blog", "_blogs", "_updates", "_announcements", "_releases", "_stories", "_entries"),
    *("_essays", "_press", "_newsletter", "_newsletters", "_writing", "_writings", "_changelog", "_notes", "_features"),
    *("_changelogs", "_columns", "_reports", "_dispatches"),
)
"""Names of collections of news; each counts without its last `s`, too."""


def _post_folders(tree: Tree, under: str) -> list[str]:
    """Return the folders named `_posts`, a few levels deep."""
    folders: list[str] = []
    level = [under]
    for _depth in range(MAX_DEPTH):
        following = []
        for each in level[:200]:
            for name in tree.folders(each):
                if name == "_posts":
                    folders.append(f"{each}{name}/")
                elif name not in {"node_modules", "_site", "vendor"}:
                    following.append(f"{each}{name}/")
        if folders:
            break
        level = following
    return folders


def _defaults(found: PartialSite, written: object, collected: str) -> None:
    """Read Jekyll's `defaults`; more specific scopes come later, as they win.

    Args:
        found: The site.
        written: The setting.
        collected: The folder of all collections.
    """
    kept: list[tuple[tuple[int, int, int], str, dict[str, Any]]] = []
    for place, each in enumerate(_items(written)[:MAX_DEFAULTS]):
        scope, values = (each.get("scope"), each.get("values")) if isinstance(each, dict) else (None, None)
        if not isinstance(scope, dict) or not isinstance(values, dict):
            continue
        path, kind = folder(scope.get("path")), as_line(scope.get("type"))
        if "*" in path or kind == "pages":
            continue
        if kind and kind not in {"posts", "drafts"}:
            path = path or f"{collected}_{kind}/"
        elif kind == "drafts":
            path = path or "_drafts/"
        made = plain({key: value for key, value in values.items() if key != "layout"})
        assert isinstance(made, dict)
        if made:
            kept.append(((len(path), 1 if kind else 0, place), path, made))
    for _rank, path, made in sorted(kept, key=lambda each: each[0]):
        found.defaults.append((path, made, found.file))


def _hexo(tree: Tree, file: str, config: dict[str, Any]) -> PartialSite:
    found = PartialSite("hexo", file)
    found.url = address(config.get("url"))
    root = as_line(config.get("root")).strip("/")
    if found.url and root and not found.url.endswith(f"/{root}"):
        found.url = address(found.url, root)
    found.name = as_line(config.get("title"))
    found.permalink = as_line(config.get("permalink"))
    found.timezone = as_line(config.get("timezone"))
    found.option("default_category", as_line(config.get("default_category")))
    found.option("filename_case", as_line(config.get("filename_case")))
    mapped = config.get("category_map")
    for name, slug in list(mapped.items())[:100] if isinstance(mapped, dict) else ():
        found.option("category", f"{as_line(name)}\t{as_line(slug)}")
    if _DATED_NAME.match(as_line(config.get("new_post_name"))):
        found.option("dated_names", True)
    pretty = config.get("pretty_urls")
    if isinstance(pretty, dict):
        for name in ("trailing_index", "trailing_html"):
            found.option(name, pretty.get(name))
    source = folder(config.get("source_dir")) or "source/"
    found.posts = [f"{source}_posts/", f"{source}_drafts/"]
    return found


def mkdocs(tree: Tree) -> PartialSite | None:
    """Return what `mkdocs.yml` says."""
    file = tree.first("mkdocs.yml", "mkdocs.yaml")
    config = tree.document(file) if file is not None else None
    if file is None or config is None:
        return None
    found = PartialSite("mkdocs", file)
    found.url = address(config.get("site_url"))
    found.name = as_line(config.get("site_name"))
    docs = folder(config.get("docs_dir")) or "docs/"
    found.option("docs", docs)
    found.option("use_directory_urls", config.get("use_directory_urls"))
    found.posts = [docs]
    for plugin in _items(config.get("plugins")):
        name, settings = next(iter(plugin.items()), ("", None)) if isinstance(plugin, dict) else (plugin, None)
        if as_line(name) not in {"blog", "material/blog"}:
            continue
        settings = settings if isinstance(settings, dict) else {}
        _blog(tree, found, docs, settings)
    for name in sorted(POSTISH):
        if tree.is_folder(f"{docs}{name}") and not any(key == "blog" for key, _value in found.options):
            found.posts = [f"{docs}{name}/"]
            break
    return found


def _blog(tree: Tree, found: PartialSite, docs: str, settings: dict[str, Any]) -> None:
    """Add the settings of MkDocs Material's blog plugin."""
    blog = as_line(settings.get("blog_dir")) or "blog"
    inside = folder(blog)
    found.option("blog", inside.rstrip("/") or ".")
    found.option("post_url", as_line(settings.get("post_url_format")))
    found.option("post_date", as_line(settings.get("post_url_date_format")))
    found.option("post_categories", as_line(settings.get("post_url_max_categories")))
    found.option("slug_separator", as_line(settings.get("post_slugify_separator")))
    where = as_line(settings.get("post_dir")) or "{blog}/posts"
    posts = folder(where.replace("{blog}", inside))
    found.option("blog_posts", posts)
    if tree.is_folder(docs + posts):
        found.posts = [docs + posts]


def cname(tree: Tree) -> str:
    """Return the host in a `CNAME` file, under which GitHub Pages serves the site."""
    for place in ("", "static/", "public/", "source/", "docs/", "src/", "content/extra/", "content/", "files/"):
        if tree.first(f"{place}CNAME"):
            host = (tree.text(f"{place}CNAME") or "").strip().split("\n")[0].strip()
            if address(host):
                return host
    return ""


def _items(value: object) -> list[Any]:
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        return [{key: inner} for key, inner in value.items()]
    return [value] if isinstance(value, str) else []
