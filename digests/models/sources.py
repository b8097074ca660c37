"""Where articles come from, as configured by the operator."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

DEFAULT_KEEP_DAYS = 365
"""How long an article stays after it has left its feed."""


PRESETS = frozenset(
    ["jekyll", "hexo", "hugo", "zola", "docusaurus", "eleventy", "astro", "gatsby", "next", "mkdocs", "pelican"]
) | {
    "nikola",
    "substack",
    "vitepress",
    "vuepress",
    "quartz",
    "nuxt",
    "gridsome",
    "middleman",
    "sphinx",
    "svelte",
    "lume",
}
"""Generators whose addresses can be computed: `permalink` may name one instead of a pattern."""


@dataclass(frozen=True, slots=True)
class Source:
    """One folder of articles and what its files lack; empty values are taken from the generator's configuration.

    Attributes:
        folder: Read recursively.
        url: The site's address, including its base path.
        name: The provider's name.
        permalink: A pattern such as `/blog/{year}/{month}/{slug}/`, or the name of a generator.
        timezone: IANA name of the zone of dates without one.
        topics_from: Fields from which topics are taken, in order.
        drafts: Load drafts too.
        ignore: Globs of files and folders to leave out, relative to the folder.
        keep_days: How long an article stays after it has left its feed; None uses the common setting.
    """

    folder: Path
    url: str = ""
    name: str = ""
    permalink: str = ""
    timezone: str = ""
    topics_from: tuple[str, ...] = ()
    drafts: bool = False
    ignore: tuple[str, ...] = ()
    keep_days: int | None = None
