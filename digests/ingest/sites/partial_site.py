"""The result of reading a generator's configuration, while it is being built."""

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
"""Usual names of folders with posts, if a generator's configuration doesn't name them."""


@dataclass(slots=True)
class PartialSite:
    """A site being read; paths are relative to its root, folders end with `/`.

    Attributes:
        file: The configuration it was read from.
        posts: Folders with posts; if empty, all folders.
        post_names: Names of folders with posts at any depth (`_posts`).
        bundles: Names of files that make everything else in their folder part of one page.
        left_out: Folders without posts, with what they are.
        built: The output folder, if the configuration names it.
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
        """Add an option that addresses depend on; booleans in lower case."""
        if value is None or value == "" or len(self.options) >= MAX_ITEMS:
            return
        self.options.append((name, str(value).lower() if isinstance(value, bool) else str(value)[:MAX_TEXT_CHARS]))


def as_line(value: object) -> str:
    """Return a value as one line of text; "" if it is not text."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    try:
        return " ".join(str(value).split())[:MAX_TEXT_CHARS]
    except ValueError:  # a number with thousands of digits
        return ""


def folder(value: object) -> str:
    """Normalise a configured folder (`./src`, `/content/`) to `src/`; "" for the root itself."""
    parts = [part for part in as_line(value).replace("\\", "/").split("/") if part not in {"", "."}]
    return "" if ".." in parts or not parts else "/".join(parts) + "/"


def address(url: object, base: object = "") -> str:
    """Return a site's configured address without trailing `/`; "" if it is invalid."""
    text = as_line(url)
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
    path = "/".join(part for part in (parts.path.strip("/"), as_line(base).strip("/")) if part)
    return f"{parts.scheme}://{parts.netloc}{'/' if path else ''}{path}"
