"""Docusaurus, Eleventy and Astro: configured in JavaScript, which is read by pattern and never run."""

from __future__ import annotations

import posixpath
import re
from typing import Any

from digests.i18n import _
from digests.ingest.sites.documents import (
    JS_STRING,
    Tree,
    js_block,
    js_text,
    js_unquoted,
    js_word,
    plain,
    without_comments,
)
from digests.ingest.sites.partial_site import POSTISH, PartialSite, address, as_line, folder

ENDINGS = ("js", "mjs", "cjs", "ts", "mts", "cts")
_CODE = re.compile(r"\.(?:[cm]?[jt]sx?|astro)\Z")
_IMPORT = re.compile(r"""from\s+["']([^"'\n]{1,200})["']|require\(\s*["']([^"'\n]{1,200})["']\s*\)""")
_COLLECTION = re.compile(r"""getCollection\(\s*["']([\w-]{1,60})["']""")
PARAMETER = re.compile(r"\[(?:\.{3})?\w+\]")
_LANGUAGE = re.compile(r"(?i)\[(?:lang|language|locale)\]/")
_DATA_FILE = re.compile(r"\.11tydata\.(?:json|[cm]?js)\Z|\.json\Z|\.ya?ml\Z")
_PUT_IN = re.compile(r"\$\{\s*(?:([\w.]{1,60})\()?([\w.]{1,60})\)?\s*\}")
MAX_FILES = 400
MAX_FOLDERS = 400
MAX_UNDERSCORED = 40


def config_of(tree: Tree, *names: str) -> tuple[str, str] | None:
    """Return the first existing configuration as (file, text without comments)."""
    file = tree.first(*(f"{name}.{ending}" for name in names for ending in ENDINGS))
    text = tree.text(file) if file is not None else None
    return None if file is None or text is None else (file, without_comments(text))


def opened(tree: Tree, generator: str, *names: str) -> tuple[PartialSite, str] | None:
    """Return a site to be read, and its configuration's text without comments; None if there is no configuration."""
    config = config_of(tree, *names)
    return None if config is None else (PartialSite(generator, config[0]), config[1])


def site_url(tree: Tree, text: str, *names: str) -> str:
    """Return the site's address: a string, or a constant of an imported file."""
    found = address(js_text(text, *names)) or _last_address(text, *names)
    if found:
        return found
    word = js_word(text, *names).rpartition(".")[2]
    if not word or word in {"process", "undefined", "null", "env"}:
        return ""
    found = address(js_text(text, word)) or _last_address(text, word)
    for match in list(_IMPORT.finditer(text))[:20] if not found else ():
        source = (match[1] or match[2]).removeprefix("@/").removeprefix("./").removeprefix("~/")
        if source.startswith(("..", "/", "node:", "@")):
            continue
        for place in ("", "src/"):
            stem = re.sub(r"\.[cm]?[jt]s\Z", "", f"{place}{source}")
            file = tree.first(
                f"{place}{source}", *(f"{stem}.{ending}" for ending in (*ENDINGS, "json")), f"{stem}/index.ts"
            )
            if file is not None:
                found = address(js_text(without_comments(tree.text(file) or ""), word))
            if found:
                return found
    return found


def _last_address(text: str, *names: str) -> str:
    """Return the last address in what is assigned to a name: it applies outside of tests (`isDev ? … : "https://…"`)."""
    for name in names:
        match = re.search(rf"""(?<![\w.$])["']?{re.escape(name)}["']?\s*[:=]\s*(?=[\w!(])""", text)
        if match is None:
            continue
        end = re.compile(r"[;,]|\n\s*\n|\Z").search(text, match.end(), match.end() + 400)
        assigned = text[match.end() : end.start() if end is not None else match.end() + 400]
        for found in reversed(list(re.finditer(JS_STRING, assigned))):
            if "://" in found[0] and (url := address(js_unquoted(found))):
                return url
    return ""


def homepage(tree: Tree) -> str:
    package = tree.document("package.json") if tree.first("package.json") else None
    return address((package or {}).get("homepage"))


def docusaurus_1(tree: Tree) -> PartialSite | None:
    """Return what the `siteConfig.js` of Docusaurus 1 says."""
    config = opened(tree, "docusaurus", "siteConfig")
    if config is None or not tree.is_folder("blog"):
        return None
    found, text = config
    found.url = address(site_url(tree, text, "url"), js_text(text, "baseUrl"))
    found.name = js_text(text, "title")
    found.option("suffix", "" if js_word(text, "cleanUrl") == "true" else ".html")
    found.option("blog", "blog/\tblog")
    found.posts = ["blog/"]
    return found


def docusaurus(tree: Tree) -> PartialSite | None:
    """Return what `docusaurus.config.*` says."""
    config = opened(tree, "docusaurus", "docusaurus.config")
    if config is None:
        return None
    found, text = config
    url = site_url(tree, text, "url")
    base = js_text(text, "baseUrl")
    found.url = address(url, base) if url else ""
    found.name = js_text(text, "title")
    slash = js_word(text, "trailingSlash")
    found.option("trailingslash", {"true": "always", "false": "never"}.get(slash, ""))
    blogs: dict[str, str] = {}
    for block in _blocks(text, r"\bblog\s*:\s*\{", r"content-blog[\"'`]\s*\)?\s*,\s*\{"):
        place = folder(js_text(block, "path")) or "blog/"
        blogs[place] = _route(block, "blog")
    if not blogs and not re.search(r"\bblog\s*:\s*false", text):
        blogs["blog/"] = "blog"
    docs: dict[str, str] = {}
    for block in _blocks(text, r"\bdocs\s*:\s*\{", r"content-docs[\"'`]\s*\)?\s*,\s*\{"):
        docs[folder(js_text(block, "path")) or "docs/"] = _route(block, "docs")
    if not docs and not re.search(r"\bdocs\s*:\s*false", text):
        docs["docs/"] = "docs"
    for place, route in sorted(blogs.items(), key=lambda each: -len(each[0])):
        found.option("blog", f"{place}\t{route}")
    for place, route in sorted(docs.items(), key=lambda each: -len(each[0])):
        found.option("docs", f"{place}\t{route}")
    found.posts = [place for place in blogs if tree.is_folder(place)] or [
        place for place in docs if tree.is_folder(place)
    ]
    found.ignored = ["**/_*.md", "**/_*.mdx", "**/_*/**"]
    return found


def _route(block: str, default: str) -> str:
    """Return the route in a plugin's settings; `/` is the site's root."""
    found = re.search(r"""(?<![\w.$])["']?routeBasePath["']?\s*:\s*(["'`])([^"'`\n]{0,200})\1""", block)
    return default if found is None else found[2].strip("/")


def _blocks(text: str, *patterns: str) -> list[str]:
    return [js_block(text, found.end() - 1) for pattern in patterns for found in list(re.finditer(pattern, text))[:20]]


def eleventy(tree: Tree) -> PartialSite | None:
    """Return what Eleventy's configuration, its global data and the data files of its folders say."""
    config = opened(tree, "eleventy", ".eleventy", "eleventy.config")
    if config is None:
        return None
    found, text = config
    directories = next(iter(_blocks(text, r"\bdir\s*:\s*\{")), "")
    source = folder(js_text(directories, "input")) or folder(_argument_of(text, "setInputDirectory"))
    data = _relative_folder(source, js_text(directories, "data") or _argument_of(text, "setDataDirectory") or "_data")
    includes = _relative_folder(
        source, js_text(directories, "includes") or _argument_of(text, "setIncludesDirectory") or "_includes"
    )
    output = folder(js_text(directories, "output") or _argument_of(text, "setOutputDirectory")) or "_site/"
    found.option("input", source)
    names = ("metadata", "site", "meta", "config", "siteConfig", "env", "global", "settings")
    for place in dict.fromkeys((data, f"{source}_data/", "_data/")):
        for name in names:
            for ending in ("json", "js", "cjs", "mjs", "yaml", "yml", "toml"):
                _global_data(tree, found, f"{place}{name}.{ending}")
    base = js_text(text, "pathPrefix")
    found.url = found.url or site_url(tree, text, "url", "siteUrl", "baseUrl") or homepage(tree)
    if base and found.url and not found.url.endswith(base.rstrip("/")):
        found.url = address(found.url, base)
    found.posts = folders_of_posts(tree, source) or ([source] if source else [])
    for place in (includes, data, output, f"{source}_layouts/"):
        found.left_out[place] = _("templates or data of the site")
    _folder_data(tree, found, source)
    return found


def _relative_folder(source: str, place: str) -> str:
    """Return a folder that is named as seen from another one (`../_data`)."""
    path = posixpath.normpath(f"{source}{place[:200]}")
    return "" if path.startswith(("..", "/")) else folder(path)


def _argument_of(text: str, name: str) -> str:
    found = re.search(rf"""\b{name}\(\s*["'`]([^"'`\n]{{1,200}})["'`]""", text)
    return found[1] if found else ""


def _global_data(tree: Tree, found: PartialSite, path: str) -> None:
    if (found.url and found.name) or tree.first(path) is None:
        return
    if path.endswith("js"):
        text = without_comments(tree.text(path) or "")
        url = site_url(tree, text, "url", "siteUrl", "baseUrl", "origin", "domain")
        name = js_text(text, "title", "name")
    else:
        document = tree.document(path) or {}
        url = next(
            (as_line(document.get(key)) for key in ("url", "siteUrl", "baseUrl", "origin") if document.get(key)), ""
        )
        name = as_line(document.get("title")) or as_line(document.get("name"))
    if not found.url and address(url):
        found.url, found.origins["url"] = address(url), path
    if not found.name and name:
        found.name, found.origins["name"] = name, path


def _folder_data(tree: Tree, found: PartialSite, source: str) -> None:
    """Read the data files of folders: `posts/posts.json`, `posts/posts.11tydata.js`, outer folders first."""
    for place in tree.nested(source, most=MAX_FOLDERS, without={"node_modules", "_site", "_includes"}):
        name = place.rstrip("/").rpartition("/")[2]
        for file in tree.files(place):
            if not _DATA_FILE.search(file) or _DATA_FILE.sub("", file) not in {name, "index", ""}:
                continue
            fields = _fields(tree, place + file)
            if fields:
                found.defaults.append((place, fields, place + file))


def _fields(tree: Tree, path: str) -> dict[str, Any]:
    if not path.endswith("js"):
        made = plain(tree.document(path) or {})
        return made if isinstance(made, dict) else {}
    text = without_comments(tree.text(path) or "")
    fields: dict[str, Any] = {}
    for name in ("permalink", "layout", "title", "description", "author", "category"):
        value = js_text(text, name)
        if value:
            fields[name] = value
    if "permalink" not in fields and (template := _template(text, "permalink")):
        fields["permalink"] = template
    if js_word(text, "permalink") == "false":
        fields["permalink"] = False
    tags = re.search(r"""\btags["']?\s*:\s*\[([^\]]{0,500})\]""", text)
    listed = re.findall(r"""["'`]([^"'`\n]{1,100})["'`]""", tags[1]) if tags else [js_text(text, "tags")]
    if any(listed):
        fields["tags"] = [each for each in listed if each]
    return fields


def _template(text: str, name: str) -> str:
    """Return text with values in it (`/blog/${data.page.fileSlug}/`) as a template of Eleventy's."""
    found = re.search(
        rf"""(?<![\w.$])["']?{name}\b["']?[^`"'\n]{{0,100}}(?:\n[^`"'\n]{{0,100}})?`([^`\n]{{1,500}})`""", text
    )
    return "" if found is None else _PUT_IN.sub(_as_expression, found[1])


def _as_expression(match: re.Match[str]) -> str:
    function, value = match[1] or "", match[2]
    name = function.rpartition(".")[2]
    return f"{{{{ {value} | {name} }}}}" if name else f"{{{{ {value} }}}}"


def folders_of_posts(tree: Tree, source: str, depth: int = 3) -> list[str]:
    """Return folders with the usual names of folders of posts."""
    level = [source]
    for _level in range(depth):
        folders = [f"{each}{name}/" for each in level for name in tree.folders(each) if name in POSTISH]
        if folders:
            return folders
        level = [
            f"{each}{name}/"
            for each in level
            for name in tree.folders(each)
            if name not in {"node_modules", "public", "static", "dist", "assets"}
        ][:100]
    return []


def astro(tree: Tree) -> PartialSite | None:
    """Return what `astro.config.*` says, and the route of each collection."""
    config = opened(tree, "astro", "astro.config")
    if config is None:
        return None
    found, text = config
    found.url = address(site_url(tree, text, "site"), js_text(text, "base"))
    found.option("trailingslash", js_text(text, "trailingSlash"))
    found.option("format", js_text(text, "format"))
    for name in ("config", "consts", "site.config", "data/site", "lib/consts", "siteConfig", "constants", "site"):
        settings = tree.first(*(f"src/{name}.{ending}" for ending in (*ENDINGS, "json")))
        if settings is None:
            continue
        values = without_comments(tree.text(settings) or "")
        found.name = found.name or js_text(values, "SITE_TITLE", "title", "siteTitle", "name")
        if not found.url:
            found.url = address(js_text(values, "website", "url", "site", "SITE_URL", "siteUrl", "href"))
            found.origins["url"] = settings
    if "starlight" in text and tree.is_folder("src/content/docs"):
        found.name = found.name or js_text(text, "title")
        found.option("route", "src/content/docs/\t")
        found.posts = folders_of_posts(tree, "src/content/docs/", 1) or ["src/content/docs/"]
        return found
    routes = _routes(tree, "src/pages/")
    content = _collections(tree, found)
    for name, place in content.items():
        route = routes.get(name)
        if route is None and (name in POSTISH or len(content) == 1):
            route = _only_route(tree, "src/pages/") if name not in routes else None
            route = name if route is None else route
        if route is not None:
            found.option("route", f"{place}\t{route}")
            found.posts.append(place)
    found.posts = [each for each in found.posts if tree.is_folder(each)]
    for name in tree.folders("src/pages"):
        if name in POSTISH and any(each.endswith((".md", ".mdx")) for each in tree.files(f"src/pages/{name}")):
            found.posts.append(f"src/pages/{name}/")
    if not found.posts:
        found.posts = ["src/content/"] if tree.is_folder("src/content") else ["src/"]
    return found


def _collections(tree: Tree, site: PartialSite) -> dict[str, str]:
    """Return the content collections with their folders; leave out the files that their patterns leave out."""
    collections = {name: f"src/content/{name}/" for name in tree.folders("src/content")}
    file = tree.first(*(f"src/{name}.{ending}" for name in ("content.config", "content/config") for ending in ENDINGS))
    text = without_comments(tree.text(file) or "") if file is not None else ""
    for found in list(re.finditer(r"(\w{1,60})\s*[=:]\s*defineCollection\(\s*\{", text))[:50]:
        block = js_block(text, found.end() - 1)
        base = folder(js_text(block, "base") or _joined_constants(text, block, "base"))
        if not base:
            constant = js_word(block, "base")
            base = folder(js_text(text, constant)) if constant else ""
        if base:
            collections[found[1]] = base
        if "[^_]" in js_text(block, "pattern"):
            site.option("hides_underscored", True)
            _leave_out_underscored(tree, site, collections.get(found[1], ""))
    return collections


def _joined_constants(text: str, block: str, name: str) -> str:
    """Return text that is put together from constants (`./${BLOG_PATH}`)."""
    found = re.search(rf"""(?<![\w.$]){name}\s*:\s*`([^`\n]{{1,200}})`""", block)
    return re.sub(r"\$\{(\w{1,60})\}", lambda each: js_text(text, each[1]), found[1]) if found is not None else ""


def _leave_out_underscored(tree: Tree, site: PartialSite, base: str) -> None:
    for place in tree.nested(base, most=MAX_FOLDERS) if base else ():
        for name in tree.files(place):
            if name.startswith("_") and len(site.ignored) < MAX_UNDERSCORED:
                site.ignored.append(place + name)


def _routes(tree: Tree, pages: str) -> dict[str, str]:
    """Return the route of each collection's entries."""
    routes: dict[str, str] = {}
    seen = 0
    for place in tree.nested(pages, most=MAX_FOLDERS):
        for file in tree.files(place):
            seen += 1
            if seen > MAX_FILES or not _CODE.search(file) or not PARAMETER.search(place + file):
                continue
            if "page" in file.lower() or "tag" in place.lower() or ".xml" in file or ".png" in file:
                continue
            found = _COLLECTION.search(tree.text(place + file) or "")
            if found is not None:
                path = place.removeprefix(pages)
                language = _LANGUAGE.match(path)
                route = re.sub(r"/{2,}", "/", PARAMETER.sub("", path)).strip("/")
                routes.setdefault(found[1], f":lang/{route}" if language is not None else route)
    return routes


def _only_route(tree: Tree, pages: str) -> str | None:
    """Return the route of the only page for single entries, if folder names don't tell."""
    for name in tree.folders(pages):
        if name in POSTISH and any(
            PARAMETER.search(file) for file in (*tree.files(pages + name), *tree.folders(pages + name))
        ):
            return name
    return None
