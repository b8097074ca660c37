"""Entities in feeds: harmless ones become characters, as browsers have them; everything else is left to be refused."""

from __future__ import annotations

import re
from html.entities import html5

MAX_DECLARED = 300
MAX_VALUE_CHARS = 100
MAX_GROWN_BYTES = 200_000
"""What entities that a feed declares itself may add: they stand for single characters."""

_PROLOG = re.compile(rb"(?s)\A(?:\xef\xbb\xbf)?(?>\s+|<\?.{0,2000}?\?>|<!--.{0,20000}?-->){0,40}")
_DOCTYPE = re.compile(
    rb"""(?sx) <!DOCTYPE \s+ [\w:.-]{1,60}
    (?: \s+ (?:PUBLIC|SYSTEM) (?: \s+ (?: "[^"<>]{0,300}" | '[^'<>]{0,300}') ){0,2} )? \s*
    (?: \[ ( (?: [^\]"'] | "[^"]{0,2000}" | '[^']{0,2000}' ){0,60000}+ ) \] \s* )? >"""
)
_DECLARED = re.compile(rb"""<!ENTITY\s+([A-Za-z][\w.-]{0,40})\s+(?:"([^"]{0,200})"|'([^']{0,200})')\s*>""")
_ANY_DECLARED = re.compile(rb"<!ENTITY\b")
_HARMLESS = re.compile(rb"(?:[^&%<]|&#\d{1,7};|&#x[0-9a-fA-F]{1,6};)*+")
_REFERENCE = re.compile(rb"&([A-Za-z][A-Za-z0-9_.-]{0,40});")
_OF_XML = frozenset([b"amp", b"lt", b"gt", b"quot", b"apos"])


def with_plain_entities(data: bytes) -> bytes:
    """Return a feed without its document type, with the entities of HTML and those it declares itself as characters.

    A feed that declares an entity with anything but plain text in it (another entity, a file, markup) is returned
    as it is.
    """
    original = data
    prolog = _PROLOG.match(data)
    start = prolog.end() if prolog is not None else 0
    doctype = _DOCTYPE.match(data, start)
    declared: dict[bytes, bytes] = {}
    if doctype is not None:
        inside = doctype[1] or b""
        known = _declared(inside)
        if known is None:
            return data
        declared = known
        # Lines keep their numbers.
        data = data[:start] + b"\n" * doctype[0].count(b"\n") + data[doctype.end() :]
    if b"&" not in data or b"\0" in data[:200]:
        return data

    if declared:
        grown = sum(len(declared.get(name, b"")) for name in _REFERENCE.findall(data))
        if grown > MAX_GROWN_BYTES:
            return original

    def character(reference: re.Match[bytes]) -> bytes:
        name = reference[1]
        if name in _OF_XML and name not in declared:
            return reference[0]
        value = declared.get(name)
        if value is not None:
            return value
        characters = html5.get(f"{name.decode()};")
        return reference[0] if characters is None else b"".join(b"&#%d;" % ord(char) for char in characters)

    return _REFERENCE.sub(character, data)


def _declared(subset: bytes) -> dict[bytes, bytes] | None:
    """Return the entities that a document type declares; None if one of them is more than plain text."""
    found: dict[bytes, bytes] = {}
    matches = list(_DECLARED.finditer(subset))
    if len(matches) > MAX_DECLARED or len(matches) != len(_ANY_DECLARED.findall(subset)):
        return None
    for match in matches:
        value = match[2] if match[2] is not None else match[3]
        if len(value) > MAX_VALUE_CHARS or _HARMLESS.fullmatch(value) is None:
            return None
        found.setdefault(match[1], value)
    return found
