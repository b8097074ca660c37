"""What a generator's configuration says, while it is being read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

MAX_ITEMS = 200
MAX_TEXT_CHARS = 500

_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:/|\Z)")
_LOCAL = re.compile(r"(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\])\Z")

POSTISH = frozenset(
    {
        "posts", "_posts", "post", "blog", "_blog", "blogs", "articles", "article", "news", "writing", "writings",
        "journal", "entries", "stories", "essays", "notes", "til", "links", "weblog", "newsletter", "weeknotes",
        "thoughts", "log", "changelog", "bookmarks", "reviews", "updates", "announcements", "releases", "feed",
        "musings", "diary",
    }
)  # fmt: skip
"""Names of folders that hold posts, where a generator does not say which do."""


@dataclass(slots=True)
class Found:
    """A site in the making; paths are relative to its root, folders with `/` at the end.

    Attributes:
        file: The configuration it was read from.
        posts: Folders that hold posts; empty: all does.
        post_names: Names of folders that hold posts wherever they lie (`_posts`).
        bundles: Names of files that make all else in their folder a part of one page.
        left_out: Folders that hold none, with what they are.
        built: What the site is built into, where its configuration says so.
        ignored: Globs.
        defaults: Of folders, as (path, fields, origin).
        of_files: The same of single files.
        people: Names of authors by their ids.
        origins: Those other than `file`, by attribute.
    """

    generator: str
    file: str
    url: str = ""
    name: str = ""
    permalink: str = ""
    permalinks: dict[str, str] = field(default_factory=dict)
    timezone: str = ""
    excerpt_separator: str = ""
    posts: list[str] = field(default_factory=list)
    post_names: tuple[str, ...] = ()
    bundles: tuple[str, ...] = ()
    left_out: dict[str, str] = field(default_factory=dict)
    built: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    defaults: list[tuple[str, dict[str, Any], str]] = field(default_factory=list)
    of_files: list[tuple[str, dict[str, Any], str]] = field(default_factory=list)
    people: dict[str, str] = field(default_factory=dict)
    options: list[tuple[str, str]] = field(default_factory=list)
    origins: dict[str, str] = field(default_factory=dict)

    def option(self, name: str, value: object) -> None:
        """Note one of the details that addresses depend on; booleans in lower case."""
        if value is None or value == "" or len(self.options) >= MAX_ITEMS:
            return
        self.options.append((name, str(value).lower() if isinstance(value, bool) else str(value)[:MAX_TEXT_CHARS]))


def said(value: object) -> str:
    """Return a value as one line of text; empty for what is no text."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    try:
        return " ".join(str(value).split())[:MAX_TEXT_CHARS]
    except ValueError:  # a number of thousands of digits
        return ""


def folder(value: object) -> str:
    """Return a folder as configuration writes it (`./src`, `/content/`), as `src/`; empty for the root itself."""
    parts = [part for part in said(value).replace("\\", "/").split("/") if part not in {"", "."}]
    return "" if ".." in parts or not parts else "/".join(parts) + "/"


def address(url: object, base: object = "") -> str:
    """Return a site's address from what its configuration gives, without `/` at the end; empty where it is none."""
    text = said(url)
    if not text or any(mark in text for mark in "{}<>$%` "):
        return ""
    if text.startswith("//"):
        text = f"https:{text}"
    elif "://" not in text:
        if not _HOST.match(text):
            return ""
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not host or _LOCAL.match(host):
        return ""
    path = "/".join(part for part in (parts.path.strip("/"), said(base).strip("/")) if part)
    return f"{parts.scheme}://{parts.netloc}{'/' if path else ''}{path}"
