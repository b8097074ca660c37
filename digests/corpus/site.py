"""What a source says about all of its files: its site's address, name, time zone, permalinks. Plain values only.

A `Site` comes from `[[corpus.sources]]` and from the generator's own configuration; reading one file needs no more.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Defaults:
    """Fields that a configuration (Jekyll's `defaults:`, a cascade, a data file) gives to the files below a folder.

    Attributes:
        prefix: Path prefix of the files it holds for, relative to the source's folder; "" = all.
        fields: A JSON object, as text, so that a `Site` can be hashed and sent to a worker.
        origin: The file that says so.
        is_of_file: `prefix` is the whole path of one file.
    """

    prefix: str
    fields: str
    origin: str
    is_of_file: bool = False


@dataclass(frozen=True, slots=True)
class Site:
    """What is known of a source beside its files; "" and () where nothing is.

    Attributes:
        generator: jekyll, hugo, docusaurus, zola, eleventy, pelican, nikola, astro, mkdocs, hexo, gatsby, next or
            obsidian.
        url: The site's address with its base path and no `/` at the end.
        name: What a reader calls it.
        domain: Of `url`, as `Provider.domain`.
        permalink: The pattern or preset that holds for all files, as written.
        permalinks: (section, pattern), where each section has its own.
        prefix: Where the source's folder lies within the site's root: `_posts/`, `content/en/blog/`.
        timezone: IANA name; dates without a zone are in it. "" = UTC.
        topics_from: Field names whose values are the topics, in this order; () = categories, then tags.
        drafts: Drafts are wanted, too (a preview channel).
        excerpt_separator: What ends a post's excerpt.
        defaults: Later ones beat earlier ones; a file's own front matter beats them all.
        people: Names of the site's authors, by the ids that posts give them.
        options: A generator's details for permalinks.
        addresses: Exact addresses of files, as the built site's feed gives them.
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
        """Return where a field of this class came from, "" where that is not known."""
        return next((origin for field, origin in self.origins if field == name), "")


NO_SITE = Site()
"""Nothing is known but the file."""
