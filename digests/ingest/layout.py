"""Decides which files of a source are articles, and what the others are: templates, drafts, section pages, READMEs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import Enum
from fnmatch import translate

from digests.corpus.file_names import DRAFT_FOLDERS
from digests.i18n import _

MAX_GLOBS = 200
MAX_GLOB_CHARS = 300

NEVER_ENTERED = {
    "node_modules": _("packages of the site"),
    "bower_components": _("packages of the site"),
    "__pycache__": _("files of the site"),
    "_site": _("what the site is built into"),
    "_build": _("what the site is built into"),
}
_NEVER_ARTICLES = {
    "_layouts": _("templates"),
    "_includes": _("templates"),
    "_templates": _("templates"),
    "_static": _("files of the site"),
    "_sass": _("files of the site"),
    "_data": _("data of the site"),
    "_plugins": _("files of the site"),
}

_SECTION_PAGE = re.compile(r"_index(?:\.[\w-]{1,10})?\.\w+\Z")
_INDEX = re.compile(r"(?i)index(?:\.[\w-]{1,10})?\.\w+\Z")
_README = re.compile(r"(?i:readme)(?:[._-][A-Za-z]{2}(?:[_-][A-Za-z]{2,4})?)?\.\w+\Z")
_ABOUT_THE_PROJECT = re.compile(
    r"(?:LICEN[SC]E|CONTRIBUTING|CHANGELOG|CODE_OF_CONDUCT|SECURITY|AUTHORS|CONTRIBUTORS|MAINTAINERS|NOTICE|SUMMARY)\.\w+\Z"
)
_SITE_TEXT = re.compile(r"(?:404\.(?:md|html?)|(?:robots|humans|ads|security|requirements|llms(?:-full)?)\.txt)\Z")
_XML_FEED = re.compile(r"(?i)[^/]*\.(?:xml|rss|atom|rdf)\Z")
_JSON_FEED = re.compile(r"(?i)(?:(?=[\w. -]{0,200}(?:feed|rss|atom|ghost))[\w. -]+|index)\.json\Z")
_OTHER_XML = re.compile(r"(?i)(?:sitemap|browserconfig|opensearch|crossdomain|pom|build|web|app)[\w.-]*\Z")
SUSPECT = frozenset("._Rr4LCSANMhasliI")
"""First letters of names that may be left out of any folder: other names need no closer look."""

ARTICLE_LIKE = re.compile(
    r"\.(?:org|adoc|asciidoc|asc|textile|rdoc|wiki|mediawiki|creole|ipynb|docx?|odt|rtf|tex|typ|epub|pages|gmi|djot"
    r"|qmd|rmd|rmarkdown|mdoc|markdoc|lr)\Z"
)
"""Extensions of article files that are not supported."""


def may_be_feed(name: str) -> bool:
    """Check by a file's name whether it may be a feed; its first bytes decide."""
    return (_XML_FEED.match(name) is not None and _OTHER_XML.match(name) is None) or _JSON_FEED.match(name) is not None


class Mode(Enum):
    """What the files in a folder are."""

    ARTICLES = 1
    LEFT_OUT = 2
    CLOSED = 3


class Layout:
    """The layout of a source's folder; paths are relative to it, folders end with `/`.

    Args:
        posts: Only these folders have articles; if empty, all do.
        post_names: Only folders with these names have articles, at any depth.
        left_out: Folders without articles, with what they are.
        ignored: Globs of files to leave out.
        drafts: Read folders of drafts.
        is_draft: The source's folder itself has drafts.
        bundles: Names of files that make everything else in their folder part of one page (Hugo's `index.md`).
        tops: Folders whose own `index` is the section's page, or the page with the folder's name.

    Attributes:
        suspect: First letters of names that may be left out.
    """

    def __init__(
        self,
        *,
        posts: Sequence[str] = (),
        post_names: Sequence[str] = (),
        left_out: Mapping[str, str] | None = None,
        ignored: Sequence[str] = (),
        drafts: bool = False,
        is_draft: bool = False,
        bundles: Sequence[str] = (),
        tops: Sequence[str] = (),
    ) -> None:
        self._posts = tuple(posts)
        self._post_names = frozenset(post_names)
        self._left_out = dict(left_out or {})
        self._globs = _compiled(ignored)
        self._drafts = drafts
        self._is_draft = is_draft
        self.bundles = tuple(bundles)
        self._tops = frozenset(tops)
        self.suspect = SUSPECT.union(top[:-1].rpartition("/")[2][:1] for top in tops)

    def of_folder(self, prefix: str) -> tuple[Mode, str]:
        """Return what a folder's files are, and why they are not articles."""
        parts = prefix.split("/")[:-1]
        for place, name in enumerate(parts):
            what = NEVER_ENTERED.get(name)
            if what is not None:
                return Mode.CLOSED, what
            what = _NEVER_ARTICLES.get(name)
            if what is not None:
                return Mode.LEFT_OUT, what
            outer = "/".join(parts[: place + 1]) + "/"
            if outer in self._left_out and not self._posts_within(outer):
                return Mode.CLOSED, self._left_out[outer]
            if self._globs is not None and (self._globs.match(outer) or self._globs.match(outer[:-1])):
                return Mode.CLOSED, _("left out by the configuration")
        if not self._drafts and (self._is_draft or not DRAFT_FOLDERS.isdisjoint(parts)):
            return Mode.LEFT_OUT, _("a draft")
        if self._post_names and not self._post_names.intersection(parts):
            return Mode.LEFT_OUT, _("not a post: it is outside the folders for posts")
        if self._posts and not prefix.startswith(self._posts):
            return Mode.LEFT_OUT, _("not a post: it is outside the folders for posts")
        return Mode.ARTICLES, ""

    def _posts_within(self, folder: str) -> bool:
        return any(each.startswith(folder) for each in self._posts)

    def of_file(self, path: str, name: str) -> str:
        """Return why a file in a folder of articles is not an article; "" if it is one."""
        if _SECTION_PAGE.match(name):
            return _("a section page, not an article")
        if _README.match(name) or _ABOUT_THE_PROJECT.match(name):
            return _("about the project, not an article")
        if _SITE_TEXT.match(name):
            return _("a file of the site, not an article")
        if self._tops and (top := path[: -len(name)]) in self._tops:
            # Eleventy shows a page with its folder's name in place of that folder's index.
            own = top[:-1].rpartition("/")[2]
            if _INDEX.match(name) or name.partition(".")[0] == own:
                return _("a section page, not an article")
        if self.ignores(path):
            return _("left out by the configuration")
        return ""

    @property
    def has_globs(self) -> bool:
        """Whether the path of every file has to be checked."""
        return self._globs is not None

    def ignores(self, path: str) -> bool:
        """Check whether the configuration leaves a file out."""
        return self._globs is not None and self._globs.match(path) is not None


def _compiled(globs: Sequence[str]) -> re.Pattern[str] | None:
    """Compile globs to one pattern: without `/` they match names at any depth, with it paths from the folder on."""
    patterns = []
    for glob in globs[:MAX_GLOBS]:
        text = glob.strip().removeprefix("./").lstrip("/")
        if not text or len(text) > MAX_GLOB_CHARS or text.count("*") > 6:
            continue
        anywhere = "/" not in text.rstrip("/") or text.startswith("**/")
        text = text.removeprefix("**/")
        inner = translate(text.rstrip("/")).removesuffix(r"\Z")
        patterns.append(f"{'(?:.*/)?' if anywhere else ''}{inner}(?:/.*)?")
    return re.compile(rf"(?s:{'|'.join(patterns)})\Z") if patterns else None


ANY_FOLDER = Layout()
"""The layout of a folder about which nothing is known: no site, no globs."""
