"""What is known about all files of a source: the site's address, name, time zone, permalinks. Plain values only.

A `Site` combines `[[corpus.sources]]` and the generator's own configuration; reading a file needs nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Defaults:
    """Fields that a configuration (Jekyll's `defaults:`, a cascade, a data file) sets for the files below a folder.

    Attributes:
        prefix: Path prefix of the files it applies to, relative to the source's folder; "" means all.
        fields: A JSON object, as text, so that a `Site` can be hashed and sent to a worker.
        origin: The file that sets them.
        is_of_file: `prefix` is the whole path of one file.
    """

    prefix: str
    fields: str
    origin: str
    is_of_file: bool = False


@dataclass(frozen=True, slots=True)
class Site:
    """What is known about a source besides its files; "" and () if nothing is.

    Attributes:
        generator: jekyll, hugo, docusaurus, zola, eleventy, pelican, nikola, astro, mkdocs, hexo, gatsby, next or
            obsidian.
        url: The site's address with its base path and no `/` at the end.
        name: The site's name for readers.
        domain: The domain of `url`, as in `Provider.domain`.
        permalink: The pattern or preset for all files, as written.
        permalinks: (section, pattern), if sections have their own.
        prefix: The source's folder within the site's root: `_posts/`, `content/en/blog/`.
        timezone: IANA name of the zone of dates without one; "" means UTC.
        topics_from: Names of the fields that give the topics, in this order; () means categories, then tags.
        drafts: Load drafts too (for a preview channel).
        excerpt_separator: What ends a post's excerpt.
        defaults: Later ones override earlier ones; a file's own front matter overrides them all.
        people: Names of the site's authors, by the ids that posts give them.
        options: Details of a generator's permalinks.
        addresses: Exact addresses of files, from the built site's feed.
        origins: (field of this class, where it came from): ("url", "_config.yml").
    """

    generator: str = ""
    url: str = ""
    name: str = ""
    domain: str = ""
    permalink: str = ""
    permalinks: tuple[tuple[str, str], ...] = ()
    prefix: str = ""
    timezone: str = ""
    topics_from: tuple[str, ...] = ()
    drafts: bool = False
    excerpt_separator: str = ""
    defaults: tuple[Defaults, ...] = ()
    people: tuple[tuple[str, str], ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    addresses: tuple[tuple[str, str], ...] = ()
    origins: tuple[tuple[str, str], ...] = ()

    def origin_of(self, name: str) -> str:
        """Return where a field of this class came from, or "" if unknown."""
        return next((origin for field, origin in self.origins if field == name), "")


NO_SITE = Site()
"""A site about which nothing is known."""
