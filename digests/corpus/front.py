"""Splits a text into front matter and body; python-frontmatter drives the handlers.

`handlers` has the kinds of front matter, `metadata_blocks` those without fences.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import frontmatter

from digests.corpus import handlers, metadata_blocks, yaml
from digests.corpus.problems import Unreadable

if TYPE_CHECKING:
    from digests.corpus.lean_yaml import Lean


@dataclass(frozen=True, slots=True)
class Front:
    """A text split in two.

    Attributes:
        fields: None if the text has no front matter (an empty one counts as none).
        source: The front matter as written.
        first_line: The line of the file on which `source` begins.
        kind: yaml, toml, json; block (metadata without fences), page (the head of a page of HTML), "" for none.
        is_html: The body is HTML, not Markdown.
        labels: Names of fields for showing where a value came from ("og:title"), by folded name.
        remarks: What was repaired, as (line of the file, sentence).
    """

    fields: dict[str, object] | None
    body: str
    source: str = ""
    first_line: int = 1
    kind: str = ""
    is_html: bool = False
    labels: Mapping[str, str] | None = None
    remarks: tuple[tuple[int | None, str], ...] = ()

    @property
    def is_yaml(self) -> bool:
        """Whether `source` is YAML, whose scalars may have lost their spelling (`014`)."""
        return self.kind == "yaml"

    def lean(self) -> Lean | None:
        """Parse `source` again with scalars as written and the line of each value; None if that is not possible."""
        if not self.is_yaml or not yaml.is_within_guard(self.source):
            return None
        try:
            return yaml.load_lean(self.source)
        except Unreadable:
            return None


def split(text: str) -> Front:
    """Split fields (front matter in YAML, TOML or JSON, or a metadata block) from text with `\\n` line ends.

    Raises:
        Unreadable: The front matter is broken; the line counts in `text`.
    """
    start, handler = handlers.opening(text)
    if handler is None:
        return _split_block(text, start)
    # python-frontmatter strips leading blank lines before it passes the text on.
    lead_lines = text.count("\n", 0, start) if start else 0
    try:
        fields, body = frontmatter.parse(text[start:] if start else text, handler=handler)
    except Unreadable as error:
        raise error.moved(lead_lines) from error
    except handlers.Missing as missing:
        return Front(None, missing.rest)
    if not fields:
        return Front(None, body)
    first_line = lead_lines + handler.fence_lines + 1
    remarks: tuple[tuple[int | None, str], ...] = ()
    if handler.remarks:
        remarks = tuple((first_line + line - 1, reason) for line, reason in handler.remarks)
    return Front(fields, body, handler.source, first_line, handler.kind, remarks=remarks)


def _split_block(text: str, start: int) -> Front:
    block = metadata_blocks.find(text, start)
    if block is None:
        below = metadata_blocks.find_below_heading(text, start)
        if below is None:
            return Front(None, text)
        block, heading = below
        block.fields.setdefault("title", heading)
    first_line = text.count("\n", 0, block.start) + 1
    remarks = tuple((first_line + line - 1, reason) for line, reason in block.remarks)
    source = text[block.start : block.end]
    return Front(block.fields, text[block.end :], source, first_line, "block", remarks=remarks)
