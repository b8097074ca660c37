"""Reads one file: detects its kind and runs the parsers for it."""

from __future__ import annotations

from dataclasses import replace

from digests.corpus import decoding, excerpts, exported, front, html_page
from digests.corpus.article_file import without_ciphertext
from digests.corpus.building import Builder
from digests.corpus.front import Front
from digests.corpus.problems import Reading, Unreadable
from digests.corpus.site import NO_SITE, Site
from digests.corpus.vocabulary import folded
from digests.i18n import _
from digests.models import Problem

DEFAULT_MAX_BYTES = 2 * 1024 * 1024

_HTML_ENDINGS = (".html", ".htm")


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
        path: Relative to the corpus folder, with `/`; name and folders may have a date, the extension gives the
            kind.
        data: The whole file.
        max_bytes: Larger files are rejected unread.
        size: The file's size if `data` is only the beginning of a file that is too large.
        site: What is known about the source.
        explain: Fill `Reading.sources`.
    """
    try:
        return _read(path, decoding.decode(data, max_bytes, len(data) if size is None else size), site, explain=explain)
    except Unreadable as error:
        return Reading(None, (Problem(path, error.line, error.reason),), error.provisional)


def _read(path: str, decoded: decoding.Decoded, site: Site, *, explain: bool) -> Reading:
    opened = front.split(decoded.text)
    ending = path[path.rfind(".") :].lower()
    is_page = ending in _HTML_ENDINGS or (ending != ".rst" and opened.fields is None and html_page.is_page(opened.body))
    if is_page and html_page.is_redirect(opened.body):
        return Reading(None, left_out=_("a page that only leads to another one, no article"))
    if is_page:
        opened = _page(opened)
    elif ending == ".rst":
        opened = _restructured(opened)
    elif opened.fields is None and ending == ".mdx":
        opened = _exported(opened)
    if opened.fields is None:
        opened = replace(opened, body=without_ciphertext(opened.body))
        if not opened.body.strip():
            raise Unreadable(None, _("the file is empty: an article needs a title at least"))
    if decoded.remarks:
        opened = replace(opened, remarks=(*decoded.remarks, *opened.remarks))
    return Builder(path, opened, site, explain=explain).build()


def _page(opened: Front) -> Front:
    """Add the metadata in a page's head to its front matter, which takes precedence."""
    text = opened.body
    head = html_page.read_head(text) if "<" in text else html_page.Head({}, {})
    body = html_page.main_part(text)
    fields = {**head.fields, **(opened.fields or {})}
    labels = {folded(name): source for name, source in head.sources.items() if name not in (opened.fields or {})}
    if not fields:
        return replace(opened, body=body, is_html=True)
    kind = opened.kind or "page"
    return replace(opened, fields=fields, body=body, is_html=True, kind=kind, labels=labels)


def _exported(opened: Front) -> Front:
    """Take the fields that a page of MDX exports for its front matter."""
    found = exported.find(opened.body)
    if found is None:
        return opened
    source, before = opened.body[found.start : found.end], opened.body[: found.start]
    body = before + opened.body[found.end :]
    return replace(opened, fields=found.fields, body=body, kind="mdx", source=source, first_line=before.count("\n") + 1)


def _restructured(opened: Front) -> Front:
    from digests.corpus import restructured

    try:
        document = restructured.parse(opened.body)
    except Unreadable as error:
        return replace(opened, remarks=(*opened.remarks, (error.line, error.reason)))
    fields = dict(opened.fields or {})
    labels: dict[str, str] = {}
    names = {folded(name) for name in fields if isinstance(name, str)}
    found = {**document.fields, "title": document.title, "teaser": excerpts.cut(document.excerpt)}
    found["thumb"] = document.image
    shown = {"title": _("first heading"), "teaser": _("first paragraph"), "thumb": _("first picture of the text")}
    for name, value in found.items():
        if value and folded(name) not in names:
            fields[name] = value
            labels[folded(name)] = shown.get(name, name)
    if not fields:
        return replace(opened, body=document.body)
    return replace(opened, fields=fields, body=document.body, kind=opened.kind or "block", labels=labels)
