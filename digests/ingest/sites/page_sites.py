"""VitePress, VuePress, Nuxt, Quartz, Obsidian, Logseq and Middleman: folders of pages, mostly at the same paths."""

from __future__ import annotations

import re

from digests.i18n import _
from digests.ingest.sites.documents import JS_STRING, Tree, js_block, js_text, js_unquoted, js_word, without_comments
from digests.ingest.sites.js_sites import folders_of_posts
from digests.ingest.sites.partial_site import PartialSite, address, as_line, folder

_ENDINGS = ("ts", "mts", "js", "mjs", "cjs")
_LIST = r"""(?<![\w.$])["']?{name}["']?\s*:\s*\["""
_REWRITE = re.compile(rf"{JS_STRING}\s*:\s*{JS_STRING}")
_PARAMETER = re.compile(r":(\w{1,40})(?:\([^()]{0,40}\))?\*?")
_RUBY_COMMENT = re.compile(r"(?m)^[ \t]*#[^\n]*")
MAX_REWRITES = 40


def vitepress(tree: Tree) -> PartialSite | None:
    """Return what the configuration of VitePress or VuePress says, which is in a hidden folder."""
    for generator in ("vitepress", "vuepress"):
        stems = (f".{generator}/config", f".{generator}/config/index")
        file = tree.first(*(f"{stem}.{ending}" for stem in stems for ending in _ENDINGS))
        if file is not None or tree.is_folder(f".{generator}"):
            text = without_comments(tree.text(file) or "") if file is not None else ""
            return _pages(tree, generator, file or f".{generator}", text)
    return None


def _pages(tree: Tree, generator: str, file: str, text: str) -> PartialSite:
    found = PartialSite(generator, file)
    host = js_text(text, "hostname", "siteUrl", "SITE_URL", "site_url", "baseUrl", "host", "url")
    found.url = address(host, js_text(text, "base")) if address(host) else ""
    found.name = js_text(text, "title")
    found.option("cleanurls", js_word(text, "cleanUrls"))
    source = folder(js_text(text, "srcDir"))
    found.option("docs", source)
    for each in _listed(text, "srcExclude"):
        found.ignored.append(f"{source}{each}" if "/" in each and "**" not in each else each)
    rewrites = re.search(r"(?<![\w.$])rewrites\s*:\s*(?=\{)", text)
    for pair in list(_REWRITE.finditer(js_block(text, rewrites.end())))[:MAX_REWRITES] if rewrites is not None else ():
        first, second = (
            _PARAMETER.sub(r":\1", next(each for each in half if each is not None))
            for half in (pair.groups()[:3], pair.groups()[3:])
        )
        found.option("rewrite", f"{first}\t{second}")
    if generator == "vuepress" and tree.is_folder("_posts"):
        found.posts = ["_posts/"]
        found.option("post_url", js_text(text, "itemPermalink") or "/:year/:month/:day/:slug")
    else:
        found.posts = folders_of_posts(tree, source, 2) or ([source] if source else [])
    found.left_out["public/"] = _("files of the site")
    return found


def _listed(text: str, name: str) -> list[str]:
    start = re.search(_LIST.format(name=name), text)
    if start is None:
        return []
    block = js_block(text, start.end() - 1)[:20_000]
    return [js_unquoted(found) for found in list(re.finditer(JS_STRING, block))[:100]]


def nuxt(tree: Tree) -> PartialSite | None:
    """Return what `nuxt.config.*` says of a site that shows the Markdown in `content`."""
    file = tree.first(*(f"nuxt.config.{ending}" for ending in _ENDINGS))
    if file is None or not tree.is_folder("content"):
        return None
    text = without_comments(tree.text(file) or "")
    found = PartialSite("nuxt", file)
    found.url = address(js_text(text, "siteUrl", "hostname", "baseUrl", "url"))
    found.name = js_text(text, "name", "title")
    found.posts = folders_of_posts(tree, "content/", 2) or ["content/"]
    return found


def quartz(tree: Tree) -> PartialSite | None:
    """Return what `quartz.config.ts` says of a garden of notes."""
    file = tree.first("quartz.config.ts")
    if file is None:
        return None
    text = without_comments(tree.text(file) or "")
    found = PartialSite("quartz", file)
    found.url = address(js_text(text, "baseUrl"))
    found.name = js_text(text, "pageTitle")
    found.posts = ["content/"]
    found.ignored = _listed(text, "ignorePatterns")
    return found


def obsidian(tree: Tree) -> PartialSite | None:
    """Return what a vault says: its templates are not notes."""
    if not tree.is_folder(".obsidian"):
        return None
    found = PartialSite("obsidian", ".obsidian")
    for file, name in (
        (".obsidian/templates.json", "folder"),
        (".obsidian/plugins/templater-obsidian/data.json", "templates_folder"),
    ):
        place = folder(as_line((tree.document(file) or {}).get(name))) if tree.first(file) else ""
        if place:
            found.left_out[place] = _("templates")
    for name in tree.folders():
        if name.lower().strip("_ 0123456789-.") in {"templates", "template"}:
            found.left_out[f"{name}/"] = _("templates")
    return found


def logseq(tree: Tree) -> PartialSite | None:
    """Return what a Logseq graph says: its own folder contains settings and backups."""
    file = tree.first("logseq/config.edn")
    if file is None:
        return None
    found = PartialSite("logseq", file)
    found.left_out["logseq/"] = _("files of the site")
    return found


def middleman(tree: Tree) -> PartialSite | None:
    """Return what the `config.rb` of a blog made with Middleman says."""
    file = tree.first("config.rb")
    text = _RUBY_COMMENT.sub("", tree.text(file) or "") if file is not None else ""
    if file is None or "activate :blog" not in text:
        return None
    found = PartialSite("middleman", file)
    data = next((each for each in ("data/site.yml", "data/config.yml") if tree.first(each)), "")
    document = (tree.document(data) or {}) if data else {}
    for name in ("site_url", "url_root", "base_url", "host"):
        found.url = found.url or address(_ruby_text(text, rf"\bset\s+:{name},") or _ruby_text(text, rf"\b{name}\s*="))
    found.url = found.url or address(document.get("url"))
    found.name = as_line(document.get("title") or document.get("name")) or _ruby_text(text, r"\bset\s+:site_title,")
    prefix = folder(_ruby_text(text, r"\.prefix\s*="))
    sources = _ruby_text(text, r"\.sources\s*=") or "{year}-{month}-{day}-{title}.html"
    source = folder(_ruby_text(text, r"\bset\s+:source,")) or "source/"
    place = source + prefix + folder(sources.partition("{")[0].rpartition("/")[0])
    found.permalink = _ruby_text(text, r"\.permalink\s*=") or "{year}/{month}/{day}/{title}.html"
    found.option("posts", place)
    found.option("prefix", prefix.rstrip("/"))
    found.option("directories", "activate :directory_indexes" in text)
    found.posts = [place]
    found.left_out["build/"] = _("what the site is built into")
    return found


def _ruby_text(text: str, beginning: str) -> str:
    found = re.search(rf"""{beginning}\s*["']([^"'\n]{{1,200}})["']""", text)
    return found[1] if found is not None else ""
