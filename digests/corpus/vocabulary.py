"""The field names of all supported site generators, and the lookup of a file's fields by them.

Names are compared without case, `_`, `-`, `.` and `:`. docs/formats.md has this module as a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from digests.bounded_cache import cached
from digests.corpus.yaml import Path

MAX_NAME_CHARS = 60
"""No known field name is longer; longer ones are not cached."""

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
"""The publisher's dialect: a file with only these names takes the fast path."""

PUBLISHERS = frozenset(
    ["publishedDateTime", "webUrl", "ampWebUrl", "cdnAmpWebUrl", "quality", "heat", "related", "secured"]
)
"""Names that mark the publisher's dialect, where `published: false` means "not a headline" and `category` is a kind."""

MAX_HEAD_TAGS = 50

TITLES = (
    *("title", "headline", "linktitle", "pagetitle", "posttitle", "ogtitle", "seotitle", "metatitle", "heading"),
    *("newstitle", "blogtitle", "articletitle", "entrytitle"),
)
DATES = (
    *("date", "pubdate", "pubdatetime", "publishdate", "publishedat", "publishedon", "publisheddate", "datepublished"),
    *("dateline", "publicationdate", "datetime", "postdate", "dateposted", "postedon", "posted", "releasedate"),
    *("firstpublished", "dcdate", "published", "datecreated", "created", "createdat", "createdon", "createddate"),
    *("creationdate", "ctime", "publishedtime", "articlepublishedtime", "publishtime", "firstpublishedat"),
    *("publisheddatetime", "originaldate", "datestring", "dateissued", "issued", "dcissued", "timestamp"),
    "postdatetime",
)
"""Never `updated`, `lastmod` or `modified`: an edit is not a publication."""
DUE = ("publishdate", "embargo", "embargodate", "scheduled", "scheduledat", "scheduledfor")
EXPIRES = ("expirydate", "expires", "expiresat", "expireson", "expirationdate", "unpublishdate", "unpublishat")

CANONICALS = ("canonicalurl", "canonical", "canonicallink", "relcanonical", "canonicalhref", "ogurl", "seocanonical")
LINKS = (
    *("link", "externalurl", "externallink", "external", "source", "sourceurl", "originalurl", "original", "linkurl"),
    *("redirectto", "crossposturl", "syndicatedfrom", "weburl", "redirect", "redirecturl", "articleurl", "posturl"),
    *("publicationurl", "storyurl", "href"),
)
OWN_ADDRESSES = ("url", "permalink", "path", "slug")

EXCERPTS = (
    *("excerpt", "description", "summary", "subtitle", "spoiler", "teaser", "blurb", "lede", "abstract", "lead"),
    *("metadescription", "seodescription", "ogdescription", "customexcerpt", "intro", "dek", "standfirst", "tldr"),
    *("subhead", "subheading", "deck", "seosummary", "shortdescription", "pagedescription", "synopsis"),
    *("twitterdescription", "metadesc", "desc", "tagline", "snippet", "preface", "introduction", "ingress", "extract"),
    "preview",
)
CATEGORIES = ("categories", "category", "section", "topic", "subjects", "subject", "blogcategory")
TAGS = ("tags", "tag", "keywords", "keyword", "taglist", "labels")
TOPICS = ("topics", *CATEGORIES, *TAGS)
SINGULAR = frozenset({"category", "section", "topic", "subject", "blogcategory", "tag", "keywords", "keyword"})
"""Fields whose text is one value, or several with commas between them; the others are also split at spaces."""

PROVIDERS = ("provider", "publication", "sitename", "ogsitename", "publisher", "outlet", "newspaper")
AUTHORS = (
    *("authors", "author", "byline", "writer", "writers", "creator", "dccreator", "by", "postedby", "guestauthor"),
    "contributors",
)
PICTURES = (
    *("images", "image", "ogimage", "coverimage", "cover", "featuredimage", "featureimage", "featured", "thumbnail"),
    *("hero", "heroimage", "banner", "previewimage", "socialimage", "featuredimg", "headerimage", "bannerimage"),
    *("thumb", "thumbnailimage", "feature", "photo", "picture", "img", "teaserimage", "cardimage", "shareimage"),
    *("overlayimage", "twitterimage", "mainimage", "titleimage", "topimg", "indeximg", "preview", "splash"),
    *("headerimg", "coverimg", "thumbnailimg", "shareimg", "leadimage", "metaimage", "splashimage", "illustration"),
    "heroimg",
    *("bigimg", "poster", "photos", "background", "header", "resources"),
)
PICTURE_KEYS = ("url", "src", "image", "path", "href", "source", "feature", "featured", "teaser", "large", "relative")

DRAFTS = ("draft", "isdraft", "unlisted", "wip")
HIDDEN = ("private", "hidden", "isprivate", "ishidden", "headless", "deleted", "disabled", "encrypted", "encrypt")
BUILDS = ("build",)
SHOWN = ("publish", "ispublished", "dgpublish", "visible", "listed", "enabled", "live", "online")
LOCKS = ("password",)
STATES = ("status", "poststatus", "state", "visibility", "publishstatus", "poststate")

TELLING = frozenset((*DRAFTS, *HIDDEN, *LOCKS, *SHOWN, *BUILDS, *STATES, *DUE, *EXPIRES, *AUTHORS))
"""Fields that matter even for a file that has all of the publisher's."""

_CONTAINERS = (
    "params",
    "extra",
    "taxonomies",
    "taxonomy",
    "metadata",
    "meta",
    "seo",
    "header",
    "frontmatter",
    "hugo",
    "page",
)
_PREFIXED = {"og": "og", "opengraph": "og", "twitter": "twitter", "dc": "dc", "date": "date"}
_NOTHING: tuple[object, ...] = (None, "", [], {})
_NOISE = re.compile(r"[\s_.:-]+")


@cached(4096)
def folded(name: str) -> str:
    """Return a field name in its form for comparing."""
    return _NOISE.sub("", name).casefold()


class Vocabulary:
    """Front-matter fields by their folded names; of several the first non-empty one counts.

    Fields in Hugo's `[params]`, Zola's `[extra]` and `[taxonomies]` and the like come after the top-level ones.
    """

    def __init__(self, fields: Mapping[str, object], defaults: Mapping[str, object] | None = None) -> None:
        self._found: dict[str, tuple[Path, object]] = {}
        self._add(fields, (), "")
        for name, value in fields.items():
            if not isinstance(value, dict) or not isinstance(name, str):
                if name == "head" and isinstance(value, list):
                    self._add_head(value)
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

    def _add_head(self, tags: list[object]) -> None:
        """Add what VitePress and VuePress put into a page's head: `[meta, {name: description, content: …}]`."""
        for place, tag in enumerate(tags[:MAX_HEAD_TAGS]):
            match tag:
                case ["meta", {"content": str(content), **attributes}] if content:
                    name = attributes.get("property") or attributes.get("name")
                    if isinstance(name, str) and len(name) <= MAX_NAME_CHARS:
                        self._found.setdefault(folded(name), (("head", place), content))
                case ["link", {"rel": "canonical", "href": str(address)}] if address:
                    self._found.setdefault("canonical", (("head", place), address))
                case _:
                    pass

    def __contains__(self, name: str) -> bool:
        return name in self._found

    def get(self, name: str) -> tuple[Path, object] | None:
        """Return a field's place and value."""
        return self._found.get(name)

    def has_any(self, names: Iterable[str]) -> bool:
        """Check whether any of some fields is not empty."""
        return not self._found.keys().isdisjoint(names)

    def each(self, names: tuple[str, ...]) -> Sequence[tuple[str, Path, object]]:
        """Return the non-empty ones of some fields, in the requested order: folded name, place, value."""
        found = self._found
        # Mostly all are empty, which this checks in one step.
        if found.keys().isdisjoint(names):
            return ()
        return [(name, *found[name]) for name in names if name in found]

    def as_fields(self) -> dict[str, object]:
        """Return all fields by their folded names."""
        return {name: value for name, (_path, value) in self._found.items()}
