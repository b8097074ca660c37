"""Reads reStructuredText with docutils, which may neither include files nor pass raw markup through."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, NamedTuple

from digests import text as texts
from digests.corpus.problems import Unreadable
from digests.i18n import _

if TYPE_CHECKING:
    from docutils import nodes

MAX_CHARS = 60_000
"""docutils is slow: the text after this many characters is read as plain text."""

_SETTINGS = {
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "embed_stylesheet": False,
    "_disable_config": True,
    "report_level": 5,
    "halt_level": 5,
    "syntax_highlight": "none",
    "smart_quotes": False,
    "input_encoding": "unicode",
    "line_length_limit": 20_000,
}


class Document(NamedTuple):
    """A document's title, docinfo fields, first paragraph, first picture and text."""

    title: str = ""
    fields: dict[str, object] = {}  # noqa: RUF012 - never changed
    excerpt: str = ""
    image: str = ""
    body: str = ""


_POST = re.compile(r"(?m)^\.\. post::[ \t]*([^\n]{0,60})\n((?:[ \t]+:\w{1,30}:[^\n]{0,500}\n?){0,20})")
# A role of Sphinx (`:ref:`text <target>``), which docutils alone does not know.
_ROLE = re.compile(
    r":([A-Za-z][\w+.-]{0,30}(?::[A-Za-z][\w+.-]{0,30}){0,2}):`[~!]?([^`<\n]{1,300})(?:<[^`<>\n]{0,300}>)?`"
)
_OWN_ROLES = frozenset(
    [
        *("emphasis", "strong", "literal", "code", "math", "sub", "subscript", "sup", "superscript", "title"),
        *("title-reference", "t", "raw", "pep-reference", "rfc-reference", "pep", "rfc"),
    ]
)
_OPTION = re.compile(r":(\w{1,30}):[ \t]*([^\n]*)")

# On hostile text, which is an article nevertheless, docutils fails with errors of its own and with these.
_FAILURES = (
    *(ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, NameError, RuntimeError, TypeError),
    ValueError,
)


def _post_of_sphinx(text: str) -> tuple[str, dict[str, object]]:
    """Return text without the directive that dates a post of Sphinx' ABlog, and the fields in it."""
    found = _POST.search(text)
    if found is None:
        return text, {}
    fields: dict[str, object] = dict(_OPTION.findall(found[2]))
    if found[1].strip():
        fields["date"] = found[1].strip()
    return text[: found.start()] + text[found.end() :], fields


def parse(text: str) -> Document:
    """Parse a document.

    Raises:
        Unreadable: docutils fails on it.
    """
    # Imported only when needed: it takes a tenth of a second, and few corpora have such files.
    from docutils import ApplicationError, nodes
    from docutils.core import publish_doctree
    from docutils.statemachine import StateMachineError

    head, rest = text[:MAX_CHARS], text[MAX_CHARS:]
    head, fields = _post_of_sphinx(head)
    head = _ROLE.sub(lambda role: role[0] if role[1] in _OWN_ROLES else role[2].strip(), head)
    try:
        document = publish_doctree(head, settings_overrides={**_SETTINGS, "warning_stream": io.StringIO()})
    except (ApplicationError, StateMachineError, *_FAILURES) as error:
        reason = _("the markup can't be understood ({kind}), so the file was read as plain text")
        raise Unreadable(None, reason.format(kind=type(error).__name__)) from error
    title_node = next(iter(document.findall(nodes.title)), None)
    for info in document.findall(nodes.docinfo):
        for field in info.children:
            _add_field(field, fields)
    for field in document.findall(nodes.field):
        if isinstance(field.parent, nodes.field_list) and field.parent.parent in (document, *_sections(document)):
            _add_field(field, fields)
    return Document(
        texts.one_line(_words(title_node)) if title_node is not None else "",
        fields,
        _excerpt(document),
        next((str(image["uri"]) for image in document.findall(nodes.image) if image.get("uri")), ""),
        texts.paragraphs(_text(document)) + (f"\n\n{rest}" if rest else ""),
    )


def _sections(document: nodes.document) -> list[nodes.Node]:
    from docutils import nodes

    return [child for child in document.children if isinstance(child, nodes.section)]


def _add_field(field: nodes.Node, fields: dict[str, object]) -> None:
    from docutils import nodes

    if isinstance(field, nodes.field):
        name, body = field.children[0].astext(), field.children[1].astext()
    elif isinstance(field, nodes.Element) and field.tagname in {"author", "date", "organization", "status"}:
        name, body = field.tagname, field.astext()
    elif isinstance(field, nodes.authors):
        name, body = "authors", "; ".join(child.astext() for child in field.children)
    else:
        return
    if body:
        fields.setdefault(name, body)


def _skipped(node: nodes.Node) -> bool:
    from docutils import nodes

    return isinstance(
        node,
        (
            nodes.Admonition,
            nodes.topic,
            nodes.sidebar,
            nodes.table,
            nodes.figure,
            nodes.footnote,
            nodes.citation,
            nodes.comment,
            nodes.system_message,
            nodes.docinfo,
            nodes.field_list,
            nodes.substitution_definition,
            nodes.literal_block,
            nodes.raw,
            nodes.problematic,
            nodes.footnote_reference,
        ),
    )


def _words(node: nodes.Node) -> str:
    """Return a node's text without footnote marks and docutils' error messages; `<` is escaped."""
    from docutils import nodes

    if isinstance(node, nodes.Text):
        return str(node).replace("&", "&amp;").replace("<", "&lt;")
    if _skipped(node):
        return ""
    return "".join(_words(child) for child in node.children)


def _excerpt(document: nodes.document) -> str:
    from docutils import nodes

    others = ""
    for paragraph in document.findall(nodes.paragraph):
        holders = []
        holder = paragraph.parent
        while holder is not None:
            holders.append(holder)
            holder = holder.parent
        if any(_skipped(each) for each in holders):
            continue
        text = texts.one_line(_words(paragraph))
        if not any(char.isalnum() for char in text):
            continue
        if not any(isinstance(each, (nodes.list_item, nodes.block_quote, nodes.definition)) for each in holders):
            return text
        others = others or text
    return others


def _text(document: nodes.document) -> str:
    from docutils import nodes

    shown = (nodes.paragraph, nodes.title, nodes.literal_block, nodes.term)
    hidden = (nodes.system_message, nodes.docinfo, nodes.field_body)
    return "\n\n".join(
        node.astext() if isinstance(node, nodes.literal_block) else _words(node)
        for node in document.findall(nodes.TextElement)
        if isinstance(node, shown) and not isinstance(node.parent, hidden)
    )
