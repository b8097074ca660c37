"""Finds the site of a source's folder: the generator, the site's root and its configuration.

Reads a few small files in the folder or above it, and never runs anything. A fault only affects the file it is in.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from digests import urls
from digests.corpus.file_names import DRAFT_FOLDERS
from digests.corpus.site import Defaults, Site
from digests.i18n import _
from digests.ingest.built import FEED_NAMES, feeds_of
from digests.ingest.layout import Layout
from digests.ingest.sites import (
    exports,
    js_sites,
    page_sites,
    python_sites,
    react_sites,
    svelte_sites,
    toml_sites,
    yaml_sites,
)
from digests.ingest.sites.documents import PathStates, Tree
from digests.ingest.sites.partial_site import PartialSite, address
from digests.ingest.sites.people import find_people
from digests.models import Problem
from digests.models.sources import Source

MAX_LEVELS = 8
"""How many folders above a source a configuration is searched for."""
MAX_SITE_GLOBS = 60
"""Most patterns of left-out files: they are matched against every path, and real sites have a dozen."""
MAX_DEFAULTS_CHARS = 20_000
"""Fields that a configuration sets for one folder or file: each worker and each file gets them."""
OWNER = "corpus.sources"
_BUILT = ("_site/", "public/", "dist/", "build/", "output/")
"""Default output folders of generators."""
_SITE_FOLDERS = (
    *(
        "apps/web",
        "apps/site",
        "apps/website",
        "apps/docs",
        "apps/blog",
        "packages/website",
        "packages/docs",
        "docs-site",
    ),
    *("website", "site", "docs", "blog", "www", "web", "src", "hugo", "jekyll", "frontend"),
)
_MARKS = (
    "_config.yml", "_config.yaml", "_config.toml", "hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json", "config.toml",
    "config.yaml", "config.yml", "config.json", "config/_default", "zola.toml", "mkdocs.yml", "mkdocs.yaml",
    "pelicanconf.py", "conf.py", ".obsidian", "_posts", "posts.csv", ".vitepress", ".vuepress", "quartz.config.ts",
    "bridgetown.config.yml", "logseq/config.edn", "config.rb",
)  # fmt: skip
_MARK_BEGINNINGS = (
    "docusaurus.config.", ".eleventy.", "eleventy.config.", "astro.config.", "gatsby-config.", "next.config.",
    "nuxt.config.", "gridsome.config.", "svelte.config.", "siteConfig.", "_config.",
)  # fmt: skip
_NAMES = (*_MARKS, *(mark + ending for mark in _MARK_BEGINNINGS for ending in js_sites.ENDINGS))


@dataclass(frozen=True, slots=True)
class SourceSite:
    """What is known about a source before its files are read.

    Attributes:
        site: For reading a file.
        layout: For listing the folder.
        problems: Configuration files that could not be read.
        built: Feeds of the built site, which have the exact addresses.
    """

    site: Site
    layout: Layout
    problems: tuple[Problem, ...] = ()
    built: tuple[Path, ...] = ()


def bare_site(source: Source, folder: Path, problems: tuple[Problem, ...] = ()) -> SourceSite:
    """Return a source's site from our own configuration alone; `folder` is its real path."""
    bare = PartialSite("", "")
    feeds = feeds_of(folder, _BUILT[:1])
    return SourceSite(_site(source, bare, "", ""), _layout(source, bare, "", ""), problems, feeds)


def find_site(source: Source, folder: Path, *, states: PathStates | None = None) -> SourceSite:
    """Return the site of a source. The content of the files decides how long this takes, hence `SiteFinder`.

    Args:
        source: Our own configuration, which overrides the site's.
        folder: The source's real path.
        states: Receives the state of every path that was checked.
    """
    problems: list[Problem] = []
    for root, inside, offset in candidates(folder):
        tree = Tree(root, states)
        for read in _readers(inside):
            try:
                found = read(tree)
            except Exception as error:  # noqa: BLE001 - any error costs this site only
                reason = _("the configuration can't be understood: {kind}").format(kind=type(error).__name__)
                tree.problems.append((tree.last, reason))
                continue
            if found is not None:
                problems += [
                    Problem(_shown(folder, root, path), None, reason, rejected=False) for path, reason in tree.problems
                ]
                if not found.url and (host := yaml_sites.cname(tree)):
                    found.url, found.origins["url"] = address(host), "CNAME"
                found.people = find_people(tree, found)
                built = (*found.built, *_BUILT)
                feeds = feeds_of(root, built)
                for place in (f"{each}/{name}" for each in built for name in FEED_NAMES):
                    tree.record(place)
                for path in feeds:
                    place = f"{path.relative_to(root).parts[0]}/"
                    found.left_out.setdefault(place, _("what the site is built into"))
                return SourceSite(
                    _site(source, found, inside, offset), _layout(source, found, inside, offset), (*problems,), feeds
                )
        problems += [
            Problem(_shown(folder, root, path), None, reason, rejected=False) for path, reason in tree.problems
        ]
    return bare_site(source, folder, (*problems,))


def _readers(inside: str) -> tuple[Callable[[Tree], PartialSite | None], ...]:
    return (
        page_sites.quartz,
        toml_sites.hugo,
        toml_sites.zola,
        js_sites.docusaurus,
        js_sites.docusaurus_1,
        js_sites.astro,
        js_sites.eleventy,
        react_sites.gatsby,
        react_sites.gridsome,
        python_sites.pelican,
        python_sites.nikola,
        python_sites.jupyter_book,
        partial(yaml_sites.underscore_config, inside=inside),
        react_sites.next_js,
        yaml_sites.mkdocs,
        exports.substack,
        svelte_sites.lume,
        svelte_sites.svelte,
        page_sites.vitepress,
        page_sites.nuxt,
        page_sites.obsidian,
        page_sites.logseq,
        page_sites.middleman,
        python_sites.sphinx,
    )


def candidates(folder: Path) -> list[tuple[Path, str, str]]:
    """Return the folders that may be the site's root, nearest first, without opening anything.

    Each is (root, the source's path within it, its path within the source).
    """
    roots: list[tuple[Path, str, str]] = []
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - never raises, unlike Path.home
    root = folder
    for _level in range(MAX_LEVELS):
        if _is_marked(root):
            inside = folder.relative_to(root).as_posix()
            roots.append((root, "" if inside == "." else f"{inside}/", ""))
        if (root / ".git").exists() or root in (home, root.parent):
            break
        root = root.parent
    if not any(root == folder for root, _inside, _offset in roots):
        roots += [
            (folder / name, "", f"{name}/")
            for name in _SITE_FOLDERS
            if (folder / name).is_dir() and not (folder / name).is_symlink() and _is_marked(folder / name)
        ]
    return roots


def _is_marked(root: Path) -> bool:
    # Plain os calls: Path objects would take ten times as long, at every reload.
    beginning = f"{root}/"
    return any(os.path.lexists(beginning + name) for name in _NAMES)


def _shown(folder: Path, root: Path, path: str) -> str:
    return os.path.relpath(root / path, folder)


def _site(source: Source, found: PartialSite, inside: str, offset: str) -> Site:
    origins = dict.fromkeys(("generator", "url", "name", "permalink", "timezone", "excerpt_separator"), found.file)
    origins.update(found.origins)
    site = Site(
        generator=found.generator,
        url=found.url,
        name=found.name,
        permalink=found.permalink,
        permalinks=tuple(sorted(found.permalinks.items())),
        prefix=inside,
        timezone=found.timezone,
        topics_from=source.topics_from,
        drafts=source.drafts,
        excerpt_separator=found.excerpt_separator,
        defaults=_defaults(found, inside, offset),
        people=tuple(found.people.items()),
        options=(*found.options, ("offset", offset)) if offset else tuple(found.options),
    )
    for name in ("url", "name", "permalink", "timezone"):
        if getattr(source, name):
            origins[name] = OWNER
    site = replace(
        site,
        url=address(source.url) or source.url.rstrip("/") or site.url,
        name=source.name or site.name,
        permalink=source.permalink or site.permalink,
        permalinks=() if source.permalink else site.permalinks,
        timezone=source.timezone or site.timezone,
    )
    domain = urls.domain_of(site.url) if site.url else None
    return replace(site, domain=domain or "", origins=tuple(sorted((n, o) for n, o in origins.items() if o)))


def _defaults(found: PartialSite, inside: str, offset: str) -> tuple[Defaults, ...]:
    made = []
    for path, fields, origin in found.defaults:
        place = _moved(path, inside, offset)
        if place is not None:
            made.append(Defaults(place, _as_json(fields), origin))
    for path, fields, origin in found.of_files:
        if path.startswith(inside):
            made.append(Defaults(offset + path[len(inside) :], _as_json(fields), origin, is_of_file=True))
    return tuple(made)


def _as_json(fields: dict[str, Any]) -> str:
    """Return fields as a JSON object; those that make it too long are left out, so that it can always be read."""
    kept: list[str] = []
    left = MAX_DEFAULTS_CHARS
    for name, value in fields.items():
        field = json.dumps({name: value}, ensure_ascii=False, default=str)[1:-1]
        if len(field) < left:
            kept.append(field)
            left -= len(field) + 1
    return f"{{{','.join(kept)}}}"


def _moved(path: str, inside: str, offset: str) -> str | None:
    """Return a folder of the root as seen from the source; None if they don't overlap."""
    if path.startswith(inside):
        return offset + path[len(inside) :]
    return offset if inside.startswith(path) else None


def _layout(source: Source, found: PartialSite, inside: str, offset: str) -> Layout:
    posts = [place for each in found.posts if (place := _moved(each, inside, offset)) is not None]
    names = () if set(inside.split("/")).intersection(found.post_names) else found.post_names
    left_out = {
        offset + path[len(inside) :]: what
        for path, what in found.left_out.items()
        if path.startswith(inside) and path != inside and not path.endswith("//")
    }
    ignored = [
        offset + glob.removeprefix(inside) if "/" in glob.rstrip("/") and not glob.startswith("**") else glob
        for glob in found.ignored[:MAX_SITE_GLOBS]
    ]
    return Layout(
        posts=() if "" in posts else posts,
        post_names=names,
        left_out=left_out,
        # Our own configuration's first: a site with hundreds of patterns must not crowd them out.
        ignored=[*source.ignore, *ignored],
        drafts=source.drafts,
        is_draft=not DRAFT_FOLDERS.isdisjoint(inside.split("/")),
        bundles=found.bundles,
        tops=[offset + each[len(inside) :] for each in found.posts if each and each.startswith(inside)],
    )
