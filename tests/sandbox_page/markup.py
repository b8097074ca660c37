"""Reads rendered markup back strictly, so that tests can say what a browser would see."""

from __future__ import annotations

import re
from html.parser import HTMLParser

VOID = {"br", "hr", "img", "input", "meta"}
CONTENT_TAGS = """
    a article blockquote button code div em fieldset footer form h2 h3 h4 hr img input label legend li ol option p path
    pre rect s select small span strong svg textarea time u ul
"""
ATTRIBUTES = """
    alt class d datetime decoding disabled fill fill-rule focusable for height hidden href id loading maxlength
    method minlength multiple name placeholder referrerpolicy rel required role rows selected checked src start style
    tabindex target title type value viewbox width
"""
STYLE = re.compile(r"--dc-[a-z]+: #[0-9a-f]{6}")


class Markup(HTMLParser):
    """Parses a fragment; raises AssertionError for anything that the renderer has no business to write."""

    def __init__(self, fragment: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.links: list[str] = []
        self.images: list[dict[str, str | None]] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.pieces: list[str] = []
        self._open: list[str] = []
        self.feed(fragment)
        self.close()
        assert not self._open, f"left open: {self._open}"

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in CONTENT_TAGS.split(), tag
        for name, value in attrs:
            assert name in ATTRIBUTES.split() or name.startswith(("aria-", "data-")), (tag, name)
            if name in ("href", "src"):
                assert value is not None
                assert value.lower().startswith(("http://", "https://")), value
            if name == "style":
                assert value is not None
                assert STYLE.fullmatch(value), value
        found = dict(attrs)
        self.tags.append(tag)
        self.found.append((tag, found))
        if tag == "a" and found.get("href"):
            assert "a" not in self._open, "a link within a link"
            self.links.append(str(found["href"]))
        if tag == "img":
            self.images.append(found)
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ("path", "rect"), tag
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open, tag
        assert self._open.pop() == tag, tag

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration: {decl}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction: {data}")

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(f"a declaration: {data}")
