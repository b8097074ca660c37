"""The field names that generators of sites write, and how a file's front matter is searched for them.

Names compare without case, `_`, `-`, `.` and `:`. docs/formats.md is this page as a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from digests.bounded_cache import cached
from digests.corpus.yaml import Path

MAX_NAME_CHARS = 60
"""A longer field name is nobody's; not even remembered."""

DIALECT = frozenset(
    [
        "title",
        "excerpt",
        "publishedDateTime",
        "date",
        "webUrl",
        "originalUrl",
        "ampWebUrl",
        "cdnAmpWebUrl",
        "type",
        "category",
        "quality",
        "heat",
        "published",
        "provider",
        "topics",
        "images",
        "related",
        "secured",
        "featuredContent",
        "language",
    ]
)
"""The publisher's dialect: a file with no other names takes the fast path."""

PUBLISHERS = frozenset(
    ["publishedDateTime", "webUrl", "ampWebUrl", "cdnAmpWebUrl", "quality", "heat", "related", "secured"]
)
"""Names that only the publisher's dialect has: there `published: false` means "not a headline", `category` a kind."""

TITLES = ("title", "headline", "linktitle")
DATES = (
    *("date", "pubdate", "pubdatetime", "publishdate", "publishedat", "publishedon", "publisheddate", "datepublished"),
    *("dateline", "publicationdate", "datetime", "postdate", "dateposted", "postedon", "posted", "releasedate"),
    *("firstpublished", "dcdate", "published", "datecreated", "created", "createdat", "createdon", "createddate"),
    *("creationdate", "ctime"),
)
"""Never `updated`, `lastmod`, `modified`: an edit is no publication."""
DUE = ("publishdate", "embargo", "embargodate", "scheduled", "scheduledat", "scheduledfor")
EXPIRES = ("expirydate", "expires", "expiresat", "expireson", "expirationdate", "unpublishdate", "unpublishat")

CANONICALS = ("canonicalurl", "canonical", "canonicallink", "ogurl", "seocanonical")
LINKS = (
    *("link", "externalurl", "externallink", "external", "source", "sourceurl", "originalurl", "original", "linkurl"),
    *("redirectto", "crossposturl", "syndicatedfrom"),
)
OWN_ADDRESSES = ("url", "permalink", "path", "slug")

EXCERPTS = (
    *("excerpt", "description", "summary", "subtitle", "spoiler", "teaser", "blurb", "lede", "abstract", "lead"),
    *("metadescription", "seodescription", "ogdescription", "customexcerpt", "intro", "dek", "standfirst", "tldr"),
)
CATEGORIES = ("categories", "category", "section")
TAGS = ("tags", "tag", "keywords", "keyword")
TOPICS = ("topics", *CATEGORIES, *TAGS)
SINGULAR = frozenset({"category", "section", "tag", "keywords", "keyword"})
"""Their text is one value (or several between commas), for values with spaces: only the others split at spaces."""

PROVIDERS = ("provider", "publication", "sitename", "ogsitename", "publisher")
AUTHORS = ("authors", "author", "byline", "writer", "writers", "creator", "dccreator", "by")
PICTURES = (
    *("images", "image", "ogimage", "coverimage", "cover", "featuredimage", "featureimage", "featured", "thumbnail"),
    *("hero", "heroimage", "banner", "previewimage", "socialimage", "featuredimg", "headerimage", "bannerimage"),
    *("thumb", "thumbnailimage", "feature", "photo", "picture", "img", "teaserimage", "cardimage", "shareimage"),
    *("overlayimage", "twitterimage", "mainimage", "titleimage", "topimg", "indeximg", "preview", "splash"),
)
PICTURE_KEYS = ("url", "src", "image", "path", "href", "source", "feature", "featured", "teaser", "large", "relative")

DRAFTS = ("draft", "isdraft", "unlisted", "wip")
HIDDEN = ("private", "hidden", "isprivate", "ishidden")
SHOWN = ("publish", "ispublished", "dgpublish", "visible", "listed")
STATES = ("status", "poststatus", "state", "visibility", "publishstatus", "poststate")

TELLING = frozenset((*DRAFTS, *HIDDEN, *SHOWN, *STATES, *DUE, *EXPIRES, *AUTHORS))
"""What says something even of a file that has all of the publisher's fields."""

_CONTAINERS = ("params", "extra", "taxonomies", "metadata", "meta", "seo", "header", "frontmatter", "hugo", "page")
_PREFIXED = {"og": "og", "opengraph": "og", "twitter": "twitter", "dc": "dc", "date": "date"}
_NOTHING: tuple[object, ...] = (None, "", [], {})
_NOISE = re.compile(r"[\s_.:-]+")


@cached(4096)
def folded(name: str) -> str:
    """Return a field name as it compares."""
    return _NOISE.sub("", name).casefold()


class Vocabulary:
    """A front matter's fields under their folded names; the first that says something stands.

    Fields of Hugo's `[params]`, Zola's `[extra]` and `[taxonomies]` and the like stand beside the others, behind them.
    """

    def __init__(self, fields: Mapping[str, object], defaults: Mapping[str, object] | None = None) -> None:
        self._found: dict[str, tuple[Path, object]] = {}
        self._add(fields, (), "")
        for name, value in fields.items():
            if not isinstance(value, dict) or not isinstance(name, str):
                continue
            low = folded(name)
            if low in _CONTAINERS:
                self._add(value, (name,), "")
            elif low in _PREFIXED:
                self._add(value, (name,), _PREFIXED[low])
        self._own_count = len(self._found)
        self.default_names: frozenset[str] = frozenset()
        if defaults:
            before = set(self._found)
            self._add(defaults, (), "")
            self.default_names = frozenset(self._found.keys() - before)

    def _add(self, fields: Mapping[str, object], place: Path, prefix: str) -> None:
        for name, value in fields.items():
            if isinstance(name, str) and len(name) <= MAX_NAME_CHARS and value not in _NOTHING:
                self._found.setdefault(prefix + folded(name), ((*place, name), value))

    def __contains__(self, name: str) -> bool:
        return name in self._found

    def get(self, name: str) -> tuple[Path, object] | None:
        """Return where a field stands and its value."""
        return self._found.get(name)

    def has_any(self, names: Iterable[str]) -> bool:
        """Check whether one of some fields says something."""
        return not self._found.keys().isdisjoint(names)

    def each(self, names: tuple[str, ...]) -> Sequence[tuple[str, Path, object]]:
        """Return those of some fields that say something, in the order asked for: folded name, place, value."""
        found = self._found
        # Mostly none of them does, and this asks for all of them in one step.
        if found.keys().isdisjoint(names):
            return ()
        return [(name, *found[name]) for name in names if name in found]

    def as_fields(self) -> dict[str, object]:
        """Return every field under its folded name."""
        return {name: value for name, (_path, value) in self._found.items()}
