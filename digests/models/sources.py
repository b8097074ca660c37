"""Where articles come from, as the operator says it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

DEFAULT_KEEP_DAYS = 365
"""So long an article stays that has left its feed."""


PRESETS = frozenset(
    ["jekyll", "hexo", "hugo", "zola", "docusaurus", "eleventy", "astro", "gatsby", "next", "mkdocs", "pelican"]
) | {"nikola", "substack", "vitepress", "vuepress", "quartz"}
"""Generators whose addresses are known: the names that `permalink` may have instead of a pattern."""


@dataclass(frozen=True, slots=True)
class Source:
    """One folder of articles and what its files can't say themselves; empty: the generator's configuration says it.

    Attributes:
        folder: Read recursively.
        url: The site's address, with the path that the site lies under.
        name: The provider's name.
        permalink: A pattern such as `/blog/{year}/{month}/{slug}/`, or the name of a generator.
        timezone: IANA name, of dates that give no zone.
        topics_from: Fields that topics are taken from, in order.
        drafts: Load drafts, too.
        ignore: Globs of files and folders to leave out, relative to the folder.
        keep_days: How long an article stays that has left its feed; None: as for all folders.
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
