"""Builds an article from fields and body: the publisher's dialect first, then all other names."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from digests import text as texts
from digests import urls
from digests.corpus import addresses, attribution, dating, excerpts, file_names, pictures, states, titles
from digests.corpus.article_file import ArticleFile
from digests.corpus.front import Front
from digests.corpus.problems import Reading
from digests.corpus.providers import provider_of
from digests.corpus.schema import ArticleFields
from digests.corpus.site import Site
from digests.corpus.values import MAX_NAME_CHARS, as_text
from digests.corpus.vocabulary import EXCERPTS, TITLES
from digests.i18n import _, ngettext
from digests.models import Article, Image, RelatedLink

MAX_TITLE_CHARS = 1000
MAX_EXCERPT_CHARS = 20_000
MAX_RELATED = 100
"""Related entries kept per article; the samples have at most 23. They count as evidence, and an author could invent
thousands."""
# One word that leads to a file or a page.
_PATH = re.compile(r"(?:https?://|\.{0,2}/)\S{1,2000}|\S{1,2000}\.(?:png|jpe?g|gif|webp|svg|avif)", re.IGNORECASE)


class Builder:
    """Builds one article."""

    def __init__(self, path: str, front: Front, site: Site, *, explain: bool) -> None:
        self._file = ArticleFile(path, front, site, explain=explain)

    def build(self) -> Reading:
        """Return the article, or the reason why there is none on purpose.

        Raises:
            Unreadable: The file is empty.
        """
        file = self._file
        fields = file.validated()
        if file.is_wide or "draft" in file.path:
            reason = states.left_out(file.words, file.path, file.site, is_block=file.front.kind == "block")
            if reason:
                return Reading(None, file.problems(), left_out=reason)
        title = self._title(fields)
        published_at = dating.published_at(file, fields)
        due_at, expires_at = dating.schedule(file, published_at) if file.is_wide else (None, None)
        url, keys, is_link = self._address(fields, title, published_at)
        excerpt, body = self._excerpt_and_body(fields, title)
        article = Article(
            path=file.path,
            title=texts.shortened(title, MAX_TITLE_CHARS),
            key=keys[0] if keys else f"file:{file.path}",
            excerpt=texts.shortened(excerpt, MAX_EXCERPT_CHARS),
            body=body,
            url=url,
            aliases=keys[1:],
            provider=attribution.publisher_of(file, fields, url, is_link=is_link),
            topics=attribution.topics_of(file, fields),
            kind=_word(fields.get("type")) or "article",
            category=_word(fields.get("category")) or ("" if file.is_publishers else attribution.category_of(file)),
            quality=file.number(("quality",), fields.get("quality")),
            heat=file.number(("heat",), fields.get("heat")),
            published=fields.get("published") is not False,
            published_at=published_at,
            images=self._images(fields, url),
            related=self._related(fields),
            authors=attribution.authors_of(file) if file.is_wide else (),
            due_at=due_at,
            expires_at=expires_at,
        )
        sources = tuple(file.sources.items()) if file.sources is not None else ()
        return Reading(article, file.problems(), sources=sources)

    # ------------------------------------------------------------------ title and time

    def _title(self, fields: ArticleFields) -> str:
        file = self._file
        title = titles.of_field(fields.get("title") or "")
        if title:
            if file.explains:
                file.note_source("title", "title")
            return title
        for name, place, value in file.words.each(TITLES):
            title = titles.of_field(as_text(file.spelled(place, value)) or "")
            if title:
                if file.explains:
                    file.note_source("title", file.label(name, place))
                return title
        return self._title_of_body()

    def _title_of_body(self) -> str:
        file = self._file
        body = file.body
        is_plain = file.front.fields is None
        found = titles.heading_in(body)
        source = _("first heading")
        prefers_name = not is_plain or " " in file.path.rpartition("/")[2] or file.site.generator == "obsidian"
        by_name = titles.of_file(file.path)
        is_note = file.site.generator == "obsidian"
        if found is None and not is_note and not (prefers_name and file_names.says_something(file.path)):
            found = titles.first_line(body) if is_plain else None
            source = _("first line")
        if found is not None:
            title, start, end = found
            if is_plain:
                file.body = body[:start] + body[end:]
            if file.explains:
                file.note_source("title", source)
            return title
        if file.explains:
            file.note_source("title", _("file name"))
        return by_name or file.path

    # ------------------------------------------------------------------ address

    def _address(
        self, fields: ArticleFields, title: str, published_at: datetime | None
    ) -> tuple[str | None, tuple[str, ...], bool]:
        """Return the address, the keys of all addresses, and whether it may be another site's page."""
        file = self._file
        dialect = addresses.of_dialect(fields, file.remarks)
        if dialect.url is not None:
            if file.explains:
                file.note_source("url", dialect.name)
            return dialect.url, dialect.keys, dialect.name == "originalUrl" and not file.is_publishers
        found = None
        if file.has_other_names:
            found = addresses.of_words(file.words, file.site, file.remarks, file.label)
        if found is not None:
            if file.explains:
                file.note_source("url", found.name)
            return found.url, (*found.keys, *(key for key in dialect.keys if key not in found.keys)), found.is_link
        if file.site.url or file.site.addresses:
            from digests.corpus.permalinks import address_of

            made = address_of(
                file.site,
                file.path,
                file.words.as_fields(),
                title=title,
                published_at=published_at,
                categories=file.categories,
                explain=file.explains,
            )
            link = urls.resolve(made[0]) if made is not None else None
            if made is not None and link is not None:
                if file.explains:
                    file.note_source("url", made[1])
                return link[0], (link[1], *dialect.keys), False
        return None, dialect.keys, False

    # ------------------------------------------------------------------ text

    def _excerpt_and_body(self, fields: ArticleFields, title: str) -> tuple[str, str]:
        file = self._file
        written = fields.get("excerpt") or ""
        if written in {"true", "false"} and not file.is_publishers:
            written = ""  # a switch of a theme
        excerpt = texts.one_line(written) if file.is_publishers else excerpts.of_field(written)
        if excerpt:
            if file.explains:
                file.note_source("excerpt", "excerpt")
        elif file.has_other_names:
            excerpt = self._excerpt_of_words(title)
        body = file.body
        is_cut = True
        if not excerpt and body.strip():
            found = excerpts.of_body(body, is_html=file.front.is_html, is_mdx=file.is_mdx, separator=self._separator())
            excerpt, is_cut = found.text, found.is_cut
            if excerpt and file.explains:
                file.note_source("excerpt", found.source)
        text = texts.paragraphs(body) if body else ""
        if file.front.fields is None or file.front.kind == "page":
            text = _rest(text, title, "" if is_cut else excerpt)
        return excerpt, text

    def _excerpt_of_words(self, title: str) -> str:
        file = self._file
        for name, place, value in file.words.each(EXCERPTS):
            written = as_text(file.spelled(place, value)) or ""
            if written in {"true", "false"} or _PATH.fullmatch(written.strip()) is not None:
                continue  # a switch; a picture, as a theme's header.teaser
            excerpt = excerpts.of_field(written)
            if excerpt and excerpt != title:
                if file.explains:
                    file.note_source("excerpt", file.label(name, place))
                return excerpt
        return ""

    def _separator(self) -> str:
        file = self._file
        own = file.words.get("excerptseparator")
        return own[1] if own is not None and isinstance(own[1], str) else file.site.excerpt_separator

    # ------------------------------------------------------------------ pictures, links, numbers

    def _images(self, fields: ArticleFields, url: str | None) -> tuple[Image, ...]:
        file = self._file
        site = self._site_of_pictures(url)
        if not file.is_publishers:
            named = pictures.of_words(file.words, site, file.path, url)
            if named is not None:
                if file.explains:
                    file.note_source("image", file.label(named.name, named.place))
                return named.images
        if fields.get("images") and not (site.url and not file.is_publishers):
            found = pictures.of_dialect(fields, file.remarks)
            if found:
                if file.explains:
                    file.note_source("image", "images")
                return found
        elif file.is_publishers and file.has_other_names:
            named = pictures.of_words(file.words, site, file.path, url)
            if named is not None:
                if file.explains:
                    file.note_source("image", file.label(named.name, named.place))
                return named.images
        written = excerpts.first_picture(file.body) if file.body else None
        image = pictures.joined(site, file.path, url, written) if written else None
        if image is None:
            return ()
        if file.explains:
            file.note_source("image", _("first picture of the text"))
        return (Image(image),)

    def _site_of_pictures(self, url: str | None) -> Site:
        """Return the site whose pictures a file means: a page's own, as its address has it, if no other is known."""
        file = self._file
        if file.site.url or url is None or file.front.kind != "page":
            return file.site
        parts = urlsplit(url)
        return replace(file.site, url=f"{parts.scheme}://{parts.netloc}")

    def _related(self, fields: ArticleFields) -> tuple[RelatedLink, ...]:
        """Return the related entries with a title and an address; this is a third of the cost of an article."""
        file = self._file
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
                file.remarks.add(("related", position), reason)
                break
            title = texts.one_line(entry.get("title") or "") if entry else ""
            if not entry or not title:
                continue
            found = addresses.of_dialect(entry, file.remarks, ("related", position))
            if found.url is None:
                continue
            moment, quality = entry.get("publishedDateTime"), entry.get("quality")
            made.append(
                RelatedLink(
                    title if len(title) <= MAX_TITLE_CHARS else texts.shortened(title, MAX_TITLE_CHARS),
                    found.url,
                    found.keys[0],
                    provider_of(entry.get("provider"), found.url),
                    file.moment(("related", position, "publishedDateTime"), moment) if moment else None,
                    file.number(("related", position, "quality"), quality) if quality is not None else None,
                    found.keys[1:],
                )
            )
        return tuple(made)


def _rest(text: str, title: str, excerpt: str) -> str:
    """Remove title and excerpt from the beginning of a body that repeats them."""
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
