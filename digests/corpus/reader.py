"""Reads one file: detects its kind and runs the parsers for it."""

from __future__ import annotations

from dataclasses import replace

from digests.corpus import decoding, excerpts, exported, html_page
from digests.corpus.article_file import without_ciphertext
from digests.corpus.building import Builder
from digests.corpus.front import Front, split
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
    front = split(decoded.text)
    ending = path[path.rfind(".") :].lower()
    is_page = ending in _HTML_ENDINGS or (ending != ".rst" and front.fields is None and html_page.is_page(front.body))
    if is_page and html_page.is_redirect(front.body):
        return Reading(None, left_out=_("a page that only redirects to another one, not an article"))
    if is_page:
        front = _page(front)
    elif ending == ".rst":
        front = _restructured(front)
    elif front.fields is None and ending == ".mdx":
        front = _exported(front)
    if front.fields is None:
        front = replace(front, body=without_ciphertext(front.body))
        if not front.body.strip():
            raise Unreadable(None, _("the file is empty: an article needs at least a title"))
    if decoded.remarks:
        front = replace(front, remarks=(*decoded.remarks, *front.remarks))
    return Builder(path, front, site, explain=explain).build()


def _page(front: Front) -> Front:
    """Add the metadata in a page's head to its front matter, which takes precedence."""
    text = front.body
    head = html_page.read_head(text) if "<" in text else html_page.Head({}, {})
    body = html_page.main_part(text)
    fields = {**head.fields, **(front.fields or {})}
    labels = {folded(name): source for name, source in head.sources.items() if name not in (front.fields or {})}
    if not fields:
        return replace(front, body=body, is_html=True)
    kind = front.kind or "page"
    return replace(front, fields=fields, body=body, is_html=True, kind=kind, labels=labels)


def _exported(front: Front) -> Front:
    """Take the fields that a page of MDX exports for its front matter."""
    found = exported.find(front.body)
    if found is None:
        return front
    source, before = front.body[found.start : found.end], front.body[: found.start]
    body = before + front.body[found.end :]
    return replace(front, fields=found.fields, body=body, kind="mdx", source=source, first_line=before.count("\n") + 1)


def _restructured(front: Front) -> Front:
    from digests.corpus import restructured

    try:
        document = restructured.parse(front.body)
    except Unreadable as error:
        return replace(front, remarks=(*front.remarks, (error.line, error.reason)))
    fields = dict(front.fields or {})
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
        return replace(front, body=document.body)
    return replace(front, fields=fields, body=document.body, kind=front.kind or "block", labels=labels)
