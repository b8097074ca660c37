"""Puts one article together from fields and body: the publisher's dialect first, every other name behind it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from typing import cast

from digests import text as texts
from digests import urls
from digests.corpus import addresses, excerpts, file_names, pictures, schema, states, titles
from digests.corpus.front import Front
from digests.corpus.moments import quick_moment, read_moment, zone_named
from digests.corpus.problems import Reading
from digests.corpus.providers import provider_of
from digests.corpus.schema import ArticleFields, Remarks, name_of
from digests.corpus.site import Site
from digests.corpus.values import MAX_NAME_CHARS, as_switch, as_text, authors_in, distinct, names_in
from digests.corpus.vocabulary import (
    AUTHORS,
    CATEGORIES,
    DATES,
    DIALECT,
    DUE,
    EXCERPTS,
    EXPIRES,
    PROVIDERS,
    PUBLISHERS,
    SINGULAR,
    TAGS,
    TELLING,
    TITLES,
    TOPICS,
    Vocabulary,
    folded,
)
from digests.corpus.yaml import Lean, Path
from digests.i18n import _, ngettext
from digests.models import Article, Image, Problem, Provider, RelatedLink

MAX_TITLE_CHARS = 1000
MAX_EXCERPT_CHARS = 20_000
MAX_NUMBER = 1_000_000
MAX_AUTHORS = 20
MAX_RELATED = 100
"""Related entries kept of one article; the samples have 23 at most. They count as evidence, and one author could invent
thousands."""

# The encrypted field of the samples, when a broken file leaves it outside the front matter.
_CIPHERTEXT = re.compile(r"(?mi)^[ \t]*[\"']?secured[\"']?[ \t]*[:=].*(?:\n[ \t]+\S.*)*$")


def without_ciphertext(text: str) -> str:
    """Take an encrypted field out that a broken file left in its body."""
    return _CIPHERTEXT.sub("", text) if "secured" in text else text


class Builder:
    """One article in the making; collects remarks on the way."""

    def __init__(self, path: str, opened: Front, site: Site, *, explain: bool) -> None:
        self._path = path
        self._front = opened
        self._site = site
        self._remarks = Remarks()
        self._sources: dict[str, str] | None = {} if explain else None
        self._zone: tzinfo = zone_named(site.timezone) if site.timezone else UTC
        self._found_words: Vocabulary | None = None
        self._defaults: dict[str, object] = {}
        self._explains = explain
        self._origin = ""
        self._body = without_ciphertext(opened.body)
        self._lean: Lean | None = None

    def build(self) -> Reading:
        """Make the article, or say why there is none on purpose.

        Raises:
            Unreadable: The file says nothing at all.
        """
        fields = self._validated()
        if self._is_wide or "_drafts/" in self._path:
            reason = states.left_out(self._words, self._path, self._site, is_block=self._front.kind == "block")
            if reason:
                return Reading(None, self._problems(), left_out=reason)
        title = self._title(fields)
        published_at = self._published_at(fields)
        due_at, expires_at = self._schedule(published_at) if self._is_wide else (None, None)
        url, keys, is_link = self._address(fields, title, published_at)
        excerpt, body = self._excerpt_and_body(fields, title)
        article = Article(
            path=self._path,
            title=texts.shortened(title, MAX_TITLE_CHARS),
            key=keys[0] if keys else f"file:{self._path}",
            excerpt=texts.shortened(excerpt, MAX_EXCERPT_CHARS),
            body=body,
            url=url,
            aliases=keys[1:],
            provider=self._provider(fields, url, is_link=is_link),
            topics=self._topics(fields),
            kind=_word(fields.get("type")) or "article",
            category=_word(fields.get("category")) or ("" if self._is_publishers else self._category()),
            quality=self._number(("quality",), fields.get("quality")),
            heat=self._number(("heat",), fields.get("heat")),
            published=fields.get("published") is not False,
            published_at=published_at,
            images=self._images(fields, url),
            related=self._related(fields),
            authors=self._authors() if self._is_wide else (),
            due_at=due_at,
            expires_at=expires_at,
        )
        sources = tuple(self._sources.items()) if self._sources is not None else ()
        return Reading(article, self._problems(), sources=sources)

    def _validated(self) -> ArticleFields:
        """Return the dialect's fields, and keep the others at hand where there are any."""
        written = self._front.fields or {}
        if self._site.defaults:
            from digests.corpus.permalinks import defaults_of

            self._defaults, self._origin = defaults_of(self._site, self._path)
        names = written.keys()
        self._is_publishers = not names.isdisjoint(PUBLISHERS)
        self._has_other_names = bool(self._defaults) or not self._is_publishers or not names <= DIALECT
        # Whether other names than the publisher's have to be asked at all; a missing field asks them in any case.
        self._is_wide = bool(self._defaults) or not self._is_publishers
        if not self._is_wide and self._has_other_names:
            self._is_wide = any(isinstance(name, str) and folded(name) in TELLING for name in names - DIALECT)
        fields = schema.validate_quickly(written)
        if fields is None:
            self._has_other_names = True
            fields = schema.validate(self._dialect_of(written), self._remarks, self._as_written)
        if not self._is_publishers:
            # Elsewhere it is a date, or means that the article is withdrawn.
            fields["published"] = True
        return fields

    def _dialect_of(self, written: dict[str, object]) -> dict[str, object]:
        """Return the fields without those that only have the dialect's names: `published` a date, `category` a list."""
        taken = dict(written)
        for name in ("topics", "category"):
            if not isinstance(taken.get(name), str) and any(names_in(taken.get(name), at_spaces=False)):
                flat = [each for each in names_in(taken.pop(name), at_spaces=False) if each]
                if name == "topics":
                    taken[name] = flat
        if not self._is_publishers:
            taken.pop("published", None)
            for name in ("images", "provider", "type", "excerpt"):
                if isinstance(taken.get(name), (list, dict)):
                    del taken[name]
        if isinstance(taken.get("date"), dict):
            del taken["date"]
        return taken

    # ------------------------------------------------------------------ helpers

    @property
    def _words(self) -> Vocabulary:
        """Every field under its folded name, for those who ask: most of the publisher's files never do."""
        if self._found_words is None:
            self._found_words = Vocabulary(self._front.fields or {}, self._defaults)
        return self._found_words

    def _from(self, field: str, source: str) -> None:
        if self._sources is not None:
            self._sources.setdefault(field, (self._front.labels or {}).get(source, source))

    def _label(self, name: str, place: Path) -> str:
        """Name a field as the file does, and the file that gives it where it is not this one."""
        label = (self._front.labels or {}).get(name) or name_of(place)
        return f"{label} of {self._origin}" if name in self._words.default_names else label

    def _as_written(self) -> dict[str, object] | None:
        lean = self._lean = self._lean or self._front.lean()
        return lean.data if lean is not None and isinstance(lean.data, dict) else None

    def _spelled(self, place: Path, value: object) -> object:
        """Return a value with its numbers as they are written: a tag `1.10` is no 1.1."""
        is_typed = isinstance(value, (int, float)) or (
            isinstance(value, list) and any(isinstance(each, (int, float)) for each in value)
        )
        if not is_typed or not self._front.is_yaml:
            return value
        holder: object = self._as_written()
        for part in place:
            holder = holder.get(part) if isinstance(holder, dict) else None
        return value if holder is None else holder

    # ------------------------------------------------------------------ title and time

    def _title(self, fields: ArticleFields) -> str:
        title = titles.of_field(fields.get("title") or "")
        if title:
            if self._explains:
                self._from("title", "title")
            return title
        for name, place, value in self._words.each(TITLES):
            title = titles.of_field(as_text(self._spelled(place, value)) or "")
            if title:
                if self._explains:
                    self._from("title", self._label(name, place))
                return title
        return self._title_of_body()

    def _title_of_body(self) -> str:
        body = self._body
        is_plain = self._front.fields is None
        found = titles.heading_in(body)
        source = _("first heading")
        prefers_name = not is_plain or " " in self._path.rpartition("/")[2] or self._site.generator == "obsidian"
        by_name = titles.of_file(self._path)
        if found is None and not (prefers_name and file_names.says_something(self._path)):
            found = titles.first_line(body) if is_plain else None
            source = _("first line")
        if found is not None:
            title, start, end = found
            if is_plain:
                self._body = body[:start] + body[end:]
            if self._explains:
                self._from("title", source)
            return title
        if self._explains:
            self._from("title", _("file name"))
        return by_name or self._path

    def _published_at(self, fields: ArticleFields) -> datetime | None:
        for name in ("publishedDateTime", "date"):
            written = fields.get(name)
            if written:
                moment = self._moment((name,), cast(str, written))
                if moment is not None:
                    if self._explains:
                        self._from("published_at", name)
                    return moment
        others = self._words.each(DATES) if self._has_other_names else ()
        for name, place, value in others:
            if place in {("date",), ("publishedDateTime",)}:
                continue
            written = as_text(value)
            if not written or (name == "published" and as_switch(value) is not None):
                continue
            moment = self._moment(place, written)
            if moment is not None:
                if self._explains:
                    self._from("published_at", self._label(name, place))
                return moment
        return self._date_of_names()

    def _date_of_names(self) -> datetime | None:
        own = self._words.get("path")
        if own is not None and isinstance(own[1], str):
            found = file_names.date_of_file(own[1].strip("/"), self._zone)
            if found is not None:
                if self._explains:
                    self._from("published_at", "path")
                return found.at
        found = file_names.date_of_file(self._path, self._zone)
        if found is not None:
            name = self._path.rpartition("/")[2]
            is_of_name = file_names.date_of_file(name) is not None
            if self._explains:
                self._from("published_at", _("file name") if is_of_name else _("folder"))
            return found.at
        for name, place, value in self._words.each(("permalink", "url", "slug")):
            if isinstance(value, str) and len(value) < 1000:
                found = file_names.date_of_file(value.strip("/"), self._zone)
                if found is not None:
                    if self._explains:
                        self._from("published_at", self._label(name, place))
                    return found.at
        return None

    def _moment(self, place: Path, written: str | None) -> datetime | None:
        if not written or not written.strip():
            return None
        quick = quick_moment(written)
        if quick is not None:
            return quick
        moment = read_moment(written, self._zone)
        if moment is None:
            self._remarks.add(place, _("{field} is no possible date and is left out").format(field=name_of(place)))
            return None
        if moment.remark:
            self._remarks.add(place, f"{name_of(place)} {moment.remark}")
        return moment.at

    def _schedule(self, published_at: datetime | None) -> tuple[datetime | None, datetime | None]:
        """Return when the article may first be shown, where that is later than its date, and from when no longer."""
        moments: list[datetime | None] = []
        for names in (DUE, EXPIRES):
            written = next((as_text(value) for _name, _place, value in self._words.each(names)), None)
            found = read_moment(written, self._zone) if written else None
            moments.append(found.at if found else None)
        due_at, expires_at = moments
        if due_at is not None and published_at is not None and due_at <= published_at:
            due_at = None
        return due_at, expires_at

    # ------------------------------------------------------------------ address

    def _address(
        self, fields: ArticleFields, title: str, published_at: datetime | None
    ) -> tuple[str | None, tuple[str, ...], bool]:
        """Return the address, the keys of all addresses, and whether it may be somebody else's page."""
        dialect = addresses.of_dialect(fields, self._remarks)
        if dialect.url is not None:
            if self._explains:
                self._from("url", dialect.name)
            return dialect.url, dialect.keys, dialect.name == "originalUrl" and not self._is_publishers
        found = None
        if self._has_other_names:
            found = addresses.of_words(self._words, self._site, self._remarks, self._label)
        if found is not None:
            if self._explains:
                self._from("url", found.name)
            return found.url, (*found.keys, *(key for key in dialect.keys if key not in found.keys)), found.is_link
        if self._site.url or self._site.addresses:
            from digests.corpus.permalinks import address_of

            made = address_of(
                self._site,
                self._path,
                self._words.as_fields(),
                title=title,
                published_at=published_at,
                categories=self._names(CATEGORIES),
            )
            link = urls.resolve(made[0]) if made is not None else None
            if made is not None and link is not None:
                if self._explains:
                    self._from("url", made[1])
                return link[0], (link[1], *dialect.keys), False
        return None, dialect.keys, False

    # ------------------------------------------------------------------ text

    def _excerpt_and_body(self, fields: ArticleFields, title: str) -> tuple[str, str]:
        written = fields.get("excerpt") or ""
        excerpt = texts.one_line(written) if self._is_publishers else excerpts.of_field(written)
        if excerpt:
            if self._explains:
                self._from("excerpt", "excerpt")
        elif self._has_other_names:
            excerpt = self._excerpt_of_words(title)
        body = self._body
        is_cut = True
        if not excerpt and body.strip():
            found = excerpts.of_body(
                body, is_html=self._front.is_html, is_mdx=self._path.endswith(".mdx"), separator=self._separator()
            )
            excerpt, is_cut = found.text, found.is_cut
            if excerpt and self._explains:
                self._from("excerpt", found.source)
        text = texts.paragraphs(body) if body else ""
        if self._front.fields is None or self._front.kind == "page":
            text = _rest(text, title, "" if is_cut else excerpt)
        return excerpt, text

    def _excerpt_of_words(self, title: str) -> str:
        for name, place, value in self._words.each(EXCERPTS):
            written = as_text(self._spelled(place, value)) or ""
            excerpt = excerpts.of_field(written) if written not in {"true", "false"} else ""
            if excerpt and excerpt != title:
                if self._explains:
                    self._from("excerpt", self._label(name, place))
                return excerpt
        return ""

    def _separator(self) -> str:
        own = self._words.get("excerptseparator")
        return own[1] if own is not None and isinstance(own[1], str) else self._site.excerpt_separator

    # ------------------------------------------------------------------ names

    def _category(self) -> str:
        return next(iter(self._names(CATEGORIES)), "")

    def _names(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return what several fields hold, one after the other."""
        at_spaces = self._front.kind not in {"block", "page"} and self._site.generator in {"", "jekyll", "hexo"}
        found: list[str] = []
        for name, place, value in self._words.each(tuple(names)):
            splits = at_spaces and name not in SINGULAR and name != "topics"
            found += names_in(self._spelled(place, value), at_spaces=splits)
        return distinct(found)

    def _topics(self, fields: ArticleFields) -> tuple[str, ...]:
        if self._site.topics_from:
            topics = self._names(folded(name) for name in self._site.topics_from)
            if topics and self._explains:
                self._from("topics", ", ".join(self._site.topics_from))
            return topics
        if self._is_publishers:
            written = fields.get("topics")
            if written:
                if self._explains:
                    self._from("topics", "topics")
                return distinct([texts.shortened(texts.name(each), MAX_NAME_CHARS) for each in written if each])
        if self._is_publishers and not self._has_other_names:
            return ()
        names = TAGS if self._is_publishers else TOPICS
        topics = self._names(names)
        if topics and self._explains:
            found = [self._label(name, place) for name, place, _value in self._words.each(names)]
            self._from("topics", ", ".join(found))
        return topics

    def _authors(self) -> tuple[str, ...]:
        for _name, _place, value in self._words.each(AUTHORS):
            found = distinct(list(authors_in(value)), MAX_AUTHORS)
            if found:
                return found
        return ()

    def _provider(self, fields: ArticleFields, url: str | None, *, is_link: bool) -> Provider | None:
        site = self._site
        provider = provider_of(fields.get("provider"), url, site.domain)
        if fields.get("provider") and provider is not None:
            if self._explains:
                self._from("provider", "provider")
            return provider
        others = self._words.each(PROVIDERS) if self._has_other_names else ()
        for name, place, value in others:
            named = next((each for each in names_in(value, at_spaces=False) if each), "")
            found = provider_of({"name": named}, url, site.domain) if named and "://" not in named else None
            if found is not None:
                if self._explains:
                    self._from("provider", self._label(name, place))
                return found
        if (site.name or site.domain) and not (is_link and provider is not None and provider.domain != site.domain):
            domain = site.domain or (provider.domain if provider is not None else site.name.casefold())
            if self._explains:
                self._from("provider", site.origin_of("name" if site.name else "url") or _("source"))
            return Provider(site.name or domain, domain)
        if provider is not None and self._explains:
            self._from("provider", _("domain of the address"))
        return provider

    # ------------------------------------------------------------------ pictures, links, numbers

    def _images(self, fields: ArticleFields, url: str | None) -> tuple[Image, ...]:
        if not self._is_publishers:
            named = pictures.of_words(self._words, self._site, self._path, url)
            if named is not None:
                if self._explains:
                    self._from("image", self._label(named.name, named.place))
                return named.images
        if fields.get("images") and not (self._site.url and not self._is_publishers):
            found = pictures.of_dialect(fields, self._remarks)
            if found:
                if self._explains:
                    self._from("image", "images")
                return found
        elif self._is_publishers and self._has_other_names:
            named = pictures.of_words(self._words, self._site, self._path, url)
            if named is not None:
                if self._explains:
                    self._from("image", self._label(named.name, named.place))
                return named.images
        written = excerpts.first_picture(self._body) if self._body else None
        image = pictures.joined(self._site, self._path, url, written) if written else None
        if image is None:
            return ()
        if self._explains:
            self._from("image", _("first picture of the text"))
        return (Image(image),)

    def _related(self, fields: ArticleFields) -> tuple[RelatedLink, ...]:
        """Return the entries that have a title and an address: a third of what putting an article together takes."""
        made: list[RelatedLink] = []
        entries = fields.get("related") or ()
        for position, entry in enumerate(entries):
            if len(made) >= MAX_RELATED:
                count = len(entries) - position
                reason = ngettext(
                    "{count} entry of related is left out: an article keeps {limit}",
                    "{count} entries of related are left out: an article keeps {limit}",
                    count,
                ).format(count=count, limit=MAX_RELATED)
                self._remarks.add(("related", position), reason)
                break
            title = texts.one_line(entry.get("title") or "") if entry else ""
            if not entry or not title:
                continue
            found = addresses.of_dialect(entry, self._remarks, ("related", position))
            if found.url is None:
                continue
            moment, quality = entry.get("publishedDateTime"), entry.get("quality")
            made.append(
                RelatedLink(
                    title if len(title) <= MAX_TITLE_CHARS else texts.shortened(title, MAX_TITLE_CHARS),
                    found.url,
                    found.keys[0],
                    provider_of(entry.get("provider"), found.url),
                    self._moment(("related", position, "publishedDateTime"), moment) if moment else None,
                    self._number(("related", position, "quality"), quality) if quality is not None else None,
                    found.keys[1:],
                )
            )
        return tuple(made)

    def _number(self, path: Path, value: int | None) -> int | None:
        if value is None or value < 0:
            return None
        if value > MAX_NUMBER:
            self._remarks.add(path, _("{field} can't be understood and is left out").format(field=name_of(path)))
            return None
        return value

    # ------------------------------------------------------------------ remarks

    def _problems(self) -> tuple[Problem, ...]:
        made = [Problem(self._path, line, reason, rejected=False) for line, reason in self._front.remarks]
        found = self._remarks.found
        if found:
            self._as_written()
            made += [Problem(self._path, self._line_of(path), reason, rejected=False) for path, reason in found]
        if self._remarks.left_out_count:
            reason = _("{count} more remarks on this file").format(count=self._remarks.left_out_count)
            made.append(Problem(self._path, None, reason, rejected=False))
        return tuple(made)

    def _line_of(self, path: Path) -> int | None:
        if self._lean is not None:
            while path:
                line = self._lean.lines.get(path)
                if line is not None:
                    return self._front.first_line + line - 1
                path = path[:-1]
            return None
        # TOML, JSON and what libyaml may not see: the first line that opens with the outermost name.
        name = re.escape(str(path[0])) if path else ""
        match = re.search(rf"(?m)^[ \t,{{\[.]*[\"']?{name}\b", self._front.source) if name else None
        return self._front.first_line + self._front.source.count("\n", 0, match.end()) if match else None


def _rest(text: str, title: str, excerpt: str) -> str:
    """Take title and excerpt off the beginning of a body that holds them, too."""
    text = text.removeprefix(title).lstrip() if text.partition("\n")[0] == title else text
    if excerpt:
        first, _blank, rest = text.partition("\n\n")
        if " ".join(first.split()) == excerpt:
            return rest.strip()
        line, _newline, rest = text.partition("\n")
        if line == excerpt:
            return rest.strip()
    return text


def _word(written: str | None) -> str:
    return texts.shortened(texts.name(written), MAX_NAME_CHARS) if written else ""
