"""Finds an article's provider, authors, topics and category."""

from __future__ import annotations

from digests import text as texts
from digests.corpus.article_file import ArticleFile
from digests.corpus.providers import provider_of
from digests.corpus.schema import ArticleFields
from digests.corpus.values import MAX_NAME_CHARS, authors_in, distinct, names_in
from digests.corpus.vocabulary import AUTHORS, PROVIDERS, TAGS, TOPICS, folded
from digests.i18n import _
from digests.models import Provider

MAX_AUTHORS = 20
_PLAIN_FOLDERS = frozenset(
    ["posts", "post", "blog", "blogs", "articles", "article", "news", "content", "src", "entries", "drafts"]
)

_COLLECTIONS = frozenset(["post", "posts", "blog", "article", "articles", "all"])


def category_of(file: ArticleFile) -> str:
    """Return the first category, or ""."""
    return next(iter(file.categories), "")


def topics_of(file: ArticleFile, fields: ArticleFields) -> tuple[str, ...]:
    """Return the topics, from the fields that the source names, else from the first fields that have any."""
    if file.site.topics_from:
        topics = file.names(folded(name) for name in file.site.topics_from)
        if topics and file.explains:
            file.note_source("topics", ", ".join(file.site.topics_from))
        return topics
    if file.is_publishers:
        written = fields.get("topics")
        if written:
            if file.explains:
                file.note_source("topics", "topics")
            return distinct([texts.shortened(texts.name(each), MAX_NAME_CHARS) for each in written if each])
    if file.is_publishers and not file.has_other_names:
        return ()
    names = TAGS if file.is_publishers else TOPICS
    topics = file.names(names)
    if topics and file.site.generator == "eleventy" and not file.words.default_names.isdisjoint(names):
        # The tag that a folder's data gives to all its posts only makes them a collection.
        topics = tuple(each for each in topics if each.lower() not in _COLLECTIONS)
    if topics and file.explains:
        found = [file.label(name, place) for name, place, _value in file.words.each(names)]
        file.note_source("topics", ", ".join(found))
    if not topics and file.site.generator == "pelican":
        topics = _topic_of_folder(file)
    return topics


def _topic_of_folder(file: ArticleFile) -> tuple[str, ...]:
    """Return a file's folder, which is its category if it names none, unless the folder is just called "posts"."""
    options = dict(file.site.options)
    folders = (file.site.prefix + file.path).removeprefix(options.get("content", "")).split("/")[:-1]
    if not folders or options.get("folder_category") == "false" or folders[-1].lower() in _PLAIN_FOLDERS:
        return ()
    if file.explains:
        file.note_source("topics", _("folder"))
    return (texts.shortened(texts.name(folders[-1]), MAX_NAME_CHARS),)


def authors_of(file: ArticleFile) -> tuple[str, ...]:
    """Return the authors, as named."""
    for _name, _place, value in file.words.each(AUTHORS):
        people = dict(file.site.people) if file.site.people else {}
        found = distinct([_person(people, each) for each in authors_in(value)], MAX_AUTHORS)
        if found:
            return found
    return ()


def _person(people: dict[str, str], written: str) -> str:
    """Return the name of an author that a post names by an id, or by the file that describes them."""
    if written in people or "/" not in written:
        return people.get(written, written)
    return people.get(written.rpartition("/")[2].partition(".")[0], written)


def publisher_of(file: ArticleFile, fields: ArticleFields, url: str | None, *, is_link: bool) -> Provider | None:
    """Return the publisher: from a field, else from the site, else from the address's domain."""
    site = file.site
    provider = provider_of(fields.get("provider"), url, site.domain)
    if fields.get("provider") and provider is not None:
        if file.explains:
            file.note_source("provider", "provider")
        return provider
    others = file.words.each((*PROVIDERS, "source") if is_link else PROVIDERS) if file.has_other_names else ()
    for name, place, value in others:
        named = next((each for each in names_in(file.spelled(place, value), at_spaces=False) if each), "")
        found = provider_of({"name": named}, url, site.domain) if named and "://" not in named else None
        if found is not None:
            if file.explains:
                file.note_source("provider", file.label(name, place))
            return found
    if (site.name or site.domain) and not (is_link and provider is not None and provider.domain != site.domain):
        domain = site.domain or (provider.domain if provider is not None else site.name.casefold())
        if file.explains:
            file.note_source("provider", site.origin_of("name" if site.name else "url") or _("source"))
        return Provider(site.name or domain, domain)
    if provider is not None and file.explains:
        file.note_source("provider", _("domain of the address"))
    return provider
