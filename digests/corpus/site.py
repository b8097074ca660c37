"""What is known of the site that a file belongs to: its address, how it builds addresses, its zone, its defaults."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Defaults:
    """Fields that a site's configuration or a data file gives to files.

    Attributes:
        prefix: Beginning of the paths that it holds for, relative to the source's folder; empty for all.
        fields: A JSON object, as text.
        origin: The file that says so, for people.
    """

    prefix: str
    fields: str
    origin: str


@dataclass(frozen=True, slots=True)
class Site:
    """A source's site. Plain values only, so that it can be sent to worker processes; empty where unknown.

    Attributes:
        generator: Such as `jekyll` or `hugo`.
        url: The site's address with its base path, without `/` at the end.
        name: What the site is called.
        domain: Of `url`.
        permalink: The pattern or preset that holds for all files.
        permalinks: Patterns of sections or collections, as (name, pattern).
        prefix: Where the source's folder lies within the site's root, with `/` at the end; empty where it is the root.
        timezone: IANA name; of dates that give none.
        topics_from: The fields that topics are taken from, in order.
        drafts: Drafts are asked for.
        excerpt_separator: Ends an excerpt in a body.
        defaults: Later ones beat earlier ones; a file's own front matter beats all.
        options: What else the generator's permalinks depend on, as (name, value); names may repeat.
        addresses: Exact addresses from the built site's feed, as (title, address).
        origins: Where each of these comes from, as (attribute, file or section of configuration).
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
    options: tuple[tuple[str, str], ...] = ()
    addresses: tuple[tuple[str, str], ...] = ()
    origins: tuple[tuple[str, str], ...] = ()

    def origin_of(self, attribute: str) -> str:
        """Return where an attribute's value comes from, for people; empty where nothing says."""
        return next((origin for name, origin in self.origins if name == attribute), "")
