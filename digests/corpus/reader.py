"""Puts one article together from one file's bytes."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import cast

from digests import text as texts
from digests import urls
from digests.corpus import front, plain, schema
from digests.corpus.moments import date_of_file, parse_moment
from digests.corpus.problems import Unreadable
from digests.corpus.schema import ArticleFields, ProviderFields, RelatedFields, Remarks, name_of
from digests.corpus.site import NO_SITE, Site
from digests.corpus.yaml import Lean, Path
from digests.i18n import _
from digests.models import Article, Image, Problem, Provider, RelatedLink

DEFAULT_MAX_BYTES = 2 * 1024 * 1024

MAX_TITLE_CHARS = 1000
MAX_EXCERPT_CHARS = 20_000
MAX_NAME_CHARS = 200
MAX_TOPICS = 50
MAX_NUMBER = 1_000_000

_ADDRESSES = ("webUrl", "originalUrl", "ampWebUrl", "cdnAmpWebUrl")
_AMP_CACHE = re.compile(r"https://[a-z0-9-]+\.cdn\.ampproject\.org/c/s/")
_HTML_ENDINGS = (".html", ".htm")
_BOMS = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
_BOM_OPENINGS = (*{mark[:1] for mark in _BOMS}, codecs.BOM_UTF8[:1])
# The encrypted field of the samples, when a broken file leaves it outside the front matter.
_CIPHERTEXT = re.compile(r"(?mi)^[ \t]*[\"']?secured[\"']?[ \t]*[:=].*(?:\n[ \t]+\S.*)*$")


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of one file: an article, or the problem that cost it; remarks may stand beside an article.

    `provisional` means that only a process's main thread can tell whether it really costs the file: the fast YAML
    parser may not run in others.

    Attributes:
        left_out: Why there is no article on purpose ("a draft"); that is no problem, and the file is not rejected.
        sources: Where each of title, published_at, url, excerpt, topics, provider and image came from, as (field,
            short text); a field that is empty is not there. Only where it was asked for.
    """

    article: Article | None
    problems: tuple[Problem, ...] = ()
    provisional: bool = False
    left_out: str = ""
    sources: tuple[tuple[str, str], ...] = ()


def read(
    path: str,
    data: bytes,
    *,
    max_bytes: int = DEFAULT_MAX_BYTES,
    size: int | None = None,
    site: Site = NO_SITE,
    explain: bool = False,
) -> Reading:
    """Read one file of the corpus; never raise, whatever the bytes are.

    Args:
        path: Relative to the corpus folder, with `/`; its name may give a date, its ending tells HTML.
        data: The whole file.
        max_bytes: Larger files are rejected unread.
        size: The file's size where `data` is only the beginning of one that is too large anyway.
        site: What the source says beside the file.
        explain: Fill `Reading.sources`.
    """
    try:
        return _read(path, data, max_bytes, len(data) if size is None else size)
    except Unreadable as error:
        return Reading(None, (Problem(path, error.line, error.reason),), error.provisional)


def _read(path: str, data: bytes, max_bytes: int, size: int) -> Reading:
    text = _decoded(data, max_bytes, size)
    opened = front.split(text)
    if opened.fields is None:
        return _read_plain(path, opened.body)
    return _Builder(path, opened).build()


def _decoded(data: bytes, max_bytes: int, size: int) -> str:
    if size > max_bytes:
        raise Unreadable(
            None,
            _("the file is too large: {size_kib:.0f} KiB, the limit is {limit_kib:.0f} KiB").format(
                size_kib=size / 1024, limit_kib=max_bytes / 1024
            ),
        )
    if data[:1] in _BOM_OPENINGS:
        for mark, encoding in _BOMS.items():
            if data.startswith(mark):
                raise Unreadable(1, _("the file is {encoding}; save it as UTF-8").format(encoding=encoding))
        data = data.removeprefix(codecs.BOM_UTF8)
    head = data[:512]
    if 0 in head and head.count(0) * 3 > len(head):
        raise Unreadable(1, _("the file is UTF-16 or no text at all; save it as UTF-8"))
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        raise Unreadable(
            before.count(b"\n") + 1,
            _("the file is not UTF-8: byte 0x{byte:02x} at position {position}").format(
                byte=data[error.start], position=error.start
            ),
        ) from error
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text


def _read_plain(path: str, text: str) -> Reading:
    title, excerpt, body = plain.split(_without_ciphertext(text), is_html=path.lower().endswith(_HTML_ENDINGS))
    if not title:
        raise Unreadable(None, _("the file is empty: an article needs a title at least"))
    article = Article(
        path=path,
        title=title,
        key=f"file:{path}",
        excerpt=texts.shortened(excerpt, MAX_EXCERPT_CHARS),
        body=body,
        published_at=date_of_file(_name_in(path)),
    )
    return Reading(article)


def _name_in(path: str) -> str:
    return path.rpartition("/")[2]


def _without_ciphertext(text: str) -> str:
    return _CIPHERTEXT.sub("", text) if "secured" in text else text


class _Builder:
    """One article in the making; collects remarks on the way."""

    def __init__(self, path: str, opened: front.Front) -> None:
        self._path = path
        self._front = opened
        self._remarks = Remarks()

    def build(self) -> Reading:
        assert self._front.fields is not None
        fields = schema.validate(self._front.fields, self._remarks, self._as_written)
        title = texts.one_line(fields.get("title") or "")
        if not title:
            raise Unreadable(self._front.first_line, _("the article has no title"))
        url, keys = self._addresses(fields)
        body = self._front.body
        article = Article(
            path=self._path,
            title=texts.shortened(title, MAX_TITLE_CHARS),
            key=keys[0] if keys else f"file:{self._path}",
            excerpt=texts.shortened(texts.one_line(fields.get("excerpt") or ""), MAX_EXCERPT_CHARS),
            body=texts.paragraphs(_without_ciphertext(body)) if body else "",
            url=url,
            aliases=keys[1:],
            provider=_provider(fields.get("provider"), url),
            topics=_topics(fields.get("topics")),
            kind=_word(fields.get("type")) or "article",
            category=_word(fields.get("category")),
            quality=self._number(("quality",), fields.get("quality")),
            heat=self._number(("heat",), fields.get("heat")),
            published=fields.get("published") is not False,
            published_at=self._published_at(fields),
            images=self._images(fields),
            related=self._related(fields),
        )
        return Reading(article, self._problems())

    # ------------------------------------------------------------------ fields

    def _as_written(self) -> dict[str, object] | None:
        lean = self._front.lean()
        return lean.data if lean is not None and isinstance(lean.data, dict) else None

    def _addresses(self, fields: ArticleFields | RelatedFields, place: Path = ()) -> tuple[str | None, tuple[str, ...]]:
        """Returns the address as published and the keys of all addresses, the published one's first."""
        url: str | None = None
        keys: dict[str, None] = {}
        taken = ""
        for name in _ADDRESSES:
            if name not in fields:
                continue
            written = cast("str | None", fields.get(name))
            if not written or (taken and _is_evidently(written, taken)):
                continue
            link = urls.resolve(written)
            if link is None:
                self._drop_link((*place, name), written)
                continue
            if url is None:
                url = link[0]
            taken = written
            keys[link[1]] = None
        return url, tuple(keys)

    def _drop_link(self, path: Path, written: str) -> None:
        if not written.strip():
            return
        if not urls.is_web(written):
            reason = _("{field} is no http or https address and is left out")
        elif urls.is_too_long(written):
            reason = _("{field} is longer than {count} characters and is left out")
        else:
            reason = _("{field} is no valid address and is left out")
        self._remarks.add(path, reason.format(field=name_of(path), count=urls.MAX_URL_CHARS))

    def _number(self, path: Path, value: int | None) -> int | None:
        if value is None or value < 0:
            return None
        if value > MAX_NUMBER:
            self._remarks.add(path, _("{field} can't be understood and is left out").format(field=name_of(path)))
            return None
        return value

    def _published_at(self, fields: ArticleFields) -> datetime | None:
        for name in ("publishedDateTime", "date"):
            written = fields.get(name)
            if written:
                moment = self._moment((name,), cast(str, written))
                if moment is not None:
                    return moment
        return date_of_file(_name_in(self._path))

    def _moment(self, path: Path, written: str | None) -> datetime | None:
        if not written or not written.strip():
            return None
        moment = parse_moment(written)
        if moment is None:
            self._remarks.add(path, _("{field} is no possible date and is left out").format(field=name_of(path)))
        return moment

    def _images(self, fields: ArticleFields) -> tuple[Image, ...]:
        kept = []
        for position, entry in enumerate(fields.get("images") or ()):
            written = entry.get("url") if entry else None
            if not entry or not written:
                continue
            link = urls.safe(written)
            if link is None:
                self._drop_link(("images", position, "url"), written)
                continue
            title = entry.get("title")
            shown = texts.one_line(title) if title else None
            kept.append(Image(link, _size(entry.get("width")), _size(entry.get("height")), shown))
        return tuple(kept)

    def _related(self, fields: ArticleFields) -> tuple[RelatedLink, ...]:
        """Returns the entries that have a title and an address: a third of what putting an article together takes."""
        made: list[RelatedLink] = []
        for position, entry in enumerate(fields.get("related") or ()):
            title = texts.one_line(entry.get("title") or "") if entry else ""
            if not entry or not title:
                continue
            url, keys = self._addresses(entry, ("related", position))
            if url is None:
                continue
            moment, quality = entry.get("publishedDateTime"), entry.get("quality")
            made.append(
                RelatedLink(
                    title if len(title) <= MAX_TITLE_CHARS else texts.shortened(title, MAX_TITLE_CHARS),
                    url,
                    keys[0],
                    _provider(entry.get("provider"), url),
                    self._moment(("related", position, "publishedDateTime"), moment) if moment else None,
                    self._number(("related", position, "quality"), quality) if quality is not None else None,
                    keys[1:],
                )
            )
        return tuple(made)

    # ------------------------------------------------------------------ remarks

    def _problems(self) -> tuple[Problem, ...]:
        found = self._remarks.found
        if not found:
            return ()
        lean = self._front.lean()
        made = [Problem(self._path, self._line_of(path, lean), reason, rejected=False) for path, reason in found]
        if self._remarks.left_out_count:
            reason = _("{count} more remarks on this file").format(count=self._remarks.left_out_count)
            made.append(Problem(self._path, None, reason, rejected=False))
        return tuple(made)

    def _line_of(self, path: Path, lean: Lean | None) -> int | None:
        if lean is not None:
            while path:
                line = lean.lines.get(path)
                if line is not None:
                    return self._front.first_line + line - 1
                path = path[:-1]
            return None
        # TOML, JSON and what libyaml may not see: the first line that opens with the outermost name.
        name = re.escape(str(path[0])) if path else ""
        match = re.search(rf"(?m)^[ \t,{{\[]*[\"']?{name}\b", self._front.source) if name else None
        return self._front.first_line + self._front.source.count("\n", 0, match.end()) if match else None


def _provider(fields: ProviderFields | None, url: str | None) -> Provider | None:
    written_domain = fields.get("domain") if fields else None
    written_name = fields.get("name") if fields else None
    if written_domain:
        provider = _provider_named(written_name, written_domain)
        if provider is not None:
            return provider
    domain = urls.domain_of(url) if url is not None else None
    name = texts.shortened(texts.name(written_name), MAX_NAME_CHARS) if written_name else ""
    if domain is None:
        # A provider is known by its domain; where a file gives a name alone, the name has to do.
        return Provider(name, name.casefold()) if name else None
    return Provider(name or domain, domain)


@lru_cache(maxsize=4096)
def _provider_named(written_name: str | None, written_domain: str) -> Provider | None:
    domain = urls.domain_named(written_domain)
    if domain is None:
        return None
    name = texts.shortened(texts.name(written_name), MAX_NAME_CHARS) if written_name else ""
    return Provider(name or domain, domain)


def _is_evidently(other: str, taken: str) -> bool:
    """Tells, more cheaply than by canonical forms, whether an address is one just taken, or an AMP form of it."""
    if not other.startswith(taken):
        cached = _AMP_CACHE.match(other)
        if cached is None:
            return False
        other = f"https://{other[cached.end() :]}"
    if other == taken:
        return True
    if other.startswith(taken):
        return other[len(taken) :].strip("/") == "amp" and "?" not in taken and "#" not in taken
    return False


def _topics(written: list[str | None] | None) -> tuple[str, ...]:
    """Returns the topics in the file's order, each once whatever its case."""
    kept: dict[str, str] = {}
    for topic in written or ():
        name = texts.shortened(texts.name(topic), MAX_NAME_CHARS) if topic else ""
        if name and len(kept) < MAX_TOPICS:
            kept.setdefault(name.casefold(), name)
    return tuple(kept.values())


def _word(written: str | None) -> str:
    return texts.shortened(texts.name(written), MAX_NAME_CHARS) if written else ""


def _size(pixels: int | None) -> int | None:
    return pixels if pixels is not None and 0 < pixels <= MAX_NUMBER else None
