"""Hugo and Zola: configured in TOML, Hugo also in YAML or JSON."""

from __future__ import annotations

import re
from typing import Any

from digests.i18n import _
from digests.ingest.sites.documents import Tree, plain
from digests.ingest.sites.partial_site import PartialSite, address, as_line, folder

MAX_SECTIONS = 400
MAX_EXPRESSION_CHARS = 200
_ANCHORS = re.compile(r"\A(?:\^|\(\?:\^\|/\)|\(\^\|/\))?|\$\Z")
_ENDINGS = ("toml", "yaml", "yml", "json")
_SPLIT = ("permalinks", "languages", "params", "frontmatter", "module")
_HUGO_FOLDERS = {
    "archetypes": _("templates for new posts"),
    "layouts": _("templates"),
    "themes": _("a theme"),
    "static": _("files of the site"),
    "assets": _("files of the site"),
    "resources": _("what the site is built into"),
    "public": _("what the site is built into"),
    "data": _("data of the site"),
}


def hugo(tree: Tree) -> PartialSite | None:
    """Return what Hugo's configuration says: one file, or a folder `config/_default` of them."""
    file = tree.first(*(f"{name}.{ending}" for name in ("hugo", "config") for ending in _ENDINGS))
    config: dict[str, Any] = {}
    if file is not None:
        config = _lowered(tree.document(file) or {})
        if not file.startswith("hugo.") and "baseurl" not in config and not tree.is_folder("content"):
            return None
        if "base_url" in config:
            return None
    for place in ("config/_default/", "config/production/"):
        for name in tree.files(place) if tree.is_folder(place) else ():
            stem, _dot, ending = name.rpartition(".")
            if ending.lower() not in _ENDINGS:
                continue
            document = _lowered(tree.document(place + name) or {})
            base, _dot, language = stem.partition(".")
            if base in {"hugo", "config"}:
                file = file or place + name
                _merge(config, document)
            elif base in _SPLIT and not language:
                _merge(config, {base: document})
            elif base == "languages":
                _merge(config, {base: {language.lower(): document}})
    if file is None:
        return None
    return _hugo(tree, file, config)


def _hugo(tree: Tree, file: str, config: dict[str, Any]) -> PartialSite:
    found = PartialSite("hugo", file)
    languages = config.get("languages")
    languages = languages if isinstance(languages, dict) else {}
    default = as_line(config.get("defaultcontentlanguage")).lower() or "en"
    own = languages.get(default)
    own = own if isinstance(own, dict) else {}
    found.url = address(own.get("baseurl")) or address(config.get("baseurl"))
    found.name = as_line(own.get("title")) or as_line(config.get("title"))
    found.timezone = as_line(config.get("timezone"))
    content = folder(config.get("contentdir")) or "content/"
    contents = {content: ""}
    found.option("defaultlanguage", default)
    found.option("defaultinsubdir", config.get("defaultcontentlanguageinsubdir"))
    for code, settings in list(languages.items())[:60]:
        found.option("language", str(code).lower())
        if isinstance(settings, dict) and folder(settings.get("contentdir")):
            contents[folder(settings["contentdir"])] = str(code).lower()
    module = config.get("module")
    mounts = module.get("mounts") if isinstance(module, dict) else None
    for mount in mounts[:50] if isinstance(mounts, list) else ():
        if not isinstance(mount, dict) or not folder(mount.get("source")):
            continue
        target = folder(mount.get("target"))
        if target.startswith("content/"):
            mounted = target.removeprefix("content/")
            contents[folder(mount["source"])] = as_line(mount.get("lang")).lower() + (f"\t{mounted}" if mounted else "")
    for place in sorted(contents, key=len, reverse=True):
        found.option("content", f"{place}\t{contents[place]}")
    found.posts = [place for place in contents if tree.is_folder(place)]
    for name, what in _HUGO_FOLDERS.items():
        found.left_out[f"{name}/"] = what
    published = folder(config.get("publishdir")) or "public/"
    found.left_out[published] = _("what the site is built into")
    found.built.append(published)

    permalinks = config.get("permalinks")
    if isinstance(permalinks, dict):
        patterns = permalinks.get("page") if isinstance(permalinks.get("page"), dict) else permalinks
        for section, pattern in list(patterns.items())[:100] if isinstance(patterns, dict) else ():
            if isinstance(pattern, str):
                found.permalinks[str(section).strip(" /") or "/"] = as_line(pattern)
    ugly = config.get("uglyurls")
    if isinstance(ugly, dict):
        found.option("uglyurls", "," + ",".join(str(name) for name, on in ugly.items() if on is True) + ",")
    else:
        found.option("uglyurls", ugly)
    found.option("disablepathtolower", config.get("disablepathtolower"))
    found.option("removepathaccents", config.get("removepathaccents"))
    front = config.get("frontmatter")
    dates = front.get("date") if isinstance(front, dict) else None
    if isinstance(dates, list) and ":filename" in dates:
        found.option("dated_names", True)
        before = dates[: dates.index(":filename")]
        found.option("date_of_name_first", True if "date" not in before and ":default" not in before else None)
    if any(":section" in pattern for pattern in found.permalinks.values()):
        # Of the folders in a section only those with a page of their own are sections.
        found.options.append(("sections", "\n".join(_sections(tree, found.posts)) or "\n"))
    for expression in _texts(config.get("ignorefiles")):
        if glob := as_glob(expression):
            found.ignored.append(glob)
    codes = [value for name, value in found.options if name == "language"][:20]
    found.bundles = ("index.md", "index.html", "index.markdown", *(f"index.{code}.md" for code in codes))
    cascade = config.get("cascade")
    for each in [cascade] if isinstance(cascade, dict) else cascade[:20] if isinstance(cascade, list) else ():
        if isinstance(each, dict) and "target" not in each and "_target" not in each:
            made = plain(each)
            assert isinstance(made, dict)
            found.defaults.append(("", made, file))
    return found


def _sections(tree: Tree, contents: list[str]) -> list[str]:
    """Return the folders, relative to their content folder, that have an `_index` page."""
    return [
        place[len(content) : -1]
        for content in contents
        for place in tree.nested(content, most=MAX_SECTIONS)
        if place != content and any(name.startswith("_index.") for name in tree.files(place))
    ]


def as_glob(expression: str) -> str:
    """Return a glob that matches what a simple regular expression finds in a path; "" for one that is not simple.

    The people who write the files write the expressions too, so none of them is ever run.
    """
    text = expression[:MAX_EXPRESSION_CHARS]
    starts = text.startswith(("^", "(?:^|/)", "(^|/)", "/"))
    ends = text.endswith("$")
    text = _ANCHORS.sub("", text)
    text = text.replace("\\/", "/").replace(".*", "*").replace(".+", "*").replace("\\.", "\0").replace("\\-", "-")
    if not text or re.search(r"[\\\[\](){}|+?^$.]", re.sub(r"(?<=\w)\.(?=\w)", "", text)):
        return ""
    text = text.replace("\0", ".").strip("/")
    if "/" in text:
        return f"**/{text}" if text.strip("*/") else ""
    return f"{'' if starts or text.startswith('*') else '*'}{text}{'' if ends else '*'}" if text.strip("*") else ""


def _texts(value: object) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [each for each in items[:50] if isinstance(each, str)]


def zola(tree: Tree) -> PartialSite | None:
    """Return what Zola's `config.toml` says."""
    file = tree.first("config.toml", "zola.toml")
    config = tree.document(file) if file is not None else None
    if file is None or config is None or "base_url" not in config:
        return None
    found = PartialSite("zola", file)
    found.url = address(config.get("base_url"))
    found.name = as_line(config.get("title"))
    found.posts = ["content/"]
    found.bundles = ("index.md",)
    found.option("content", "content/\t")
    found.option("defaultlanguage", as_line(config.get("default_language")) or "en")
    languages = config.get("languages")
    for code in list(languages)[:60] if isinstance(languages, dict) else ():
        found.option("language", str(code).lower())
    slugify = config.get("slugify")
    found.option("slugify", as_line(slugify.get("paths")) if isinstance(slugify, dict) else "")
    for name in ("templates", "themes", "static", "sass", "public"):
        found.left_out[f"{name}/"] = _HUGO_FOLDERS.get(name, _("templates"))
    found.ignored = _texts(config.get("ignored_content"))
    return found


def _lowered(config: dict[str, Any], depth: int = 0) -> dict[str, Any]:
    """Return configuration with lower-case keys, as Hugo ignores their case; names of sections are kept."""
    made: dict[str, Any] = {}
    for name, value in config.items():
        key = str(name).lower()
        keeps = key in {"permalinks", "uglyurls"}
        made[key] = _lowered(value, depth + 1) if isinstance(value, dict) and not keeps and depth < 6 else value
    return made


def _merge(config: dict[str, Any], more: dict[str, Any]) -> None:
    for name, value in more.items():
        old = config.get(name)
        if isinstance(old, dict) and isinstance(value, dict):
            _merge(old, value)
        else:
            config[name] = value
