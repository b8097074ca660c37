"""Decodes bytes: as UTF-8, else in the encoding that the file declares or most likely has, with a remark."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from digests.corpus.problems import Unreadable
from digests.i18n import _

SAMPLE_BYTES = 32 * 1024
"""Bytes around the first invalid one that are enough to detect an encoding."""
MAX_MIXED = 0.2
"""Share of the non-ASCII characters that may be broken in a file that still counts as UTF-8."""

_BOMS = {
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
_BOM_OPENINGS = (*{mark[:1] for mark in _BOMS}, codecs.BOM_UTF8[:1])
_DECLARED = re.compile(
    rb"(?i)<meta\b[^<>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})|<\?xml\b[^<>]{0,100}?encoding\s*=\s*[\"']([\w.:-]{2,40})"
    rb"|-\*-\s*coding[:=]\s*([\w.-]{2,40})"
)
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]")
# What charset-normalizer may choose from: the encodings in use on the web.
_CANDIDATES = [
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "koi8_r", "shift_jis", "euc_jp"),
    *("gb18030", "big5", "euc_kr", "iso8859_2", "iso8859_5", "iso8859_7", "iso8859_15"),
]
_FEW = 30
"""With fewer non-ASCII bytes statistics say nothing: the Western European encoding is the most likely then."""


class Decoded(NamedTuple):
    """A file's text with `\\n` line ends, and remarks on its encoding as (line, sentence)."""

    text: str
    remarks: tuple[tuple[int | None, str], ...] = ()


def decode(data: bytes, max_bytes: int, size: int) -> Decoded:
    """Decode a file.

    Raises:
        Unreadable: It is too large, or not text.
    """
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
                return _with_mark(data, encoding)
        while data.startswith(codecs.BOM_UTF8):  # some editors and tools that join files write it twice
            data = data[len(codecs.BOM_UTF8) :]
    head = data[:512]
    if 0 in head and head.count(0) * 3 > len(head):
        raise Unreadable(1, _("the file is UTF-16 or not text at all; save it as UTF-8"))
    try:
        return Decoded(_with_plain_ends(data.decode()))
    except UnicodeDecodeError as error:
        return _guessed(data, error)


def _with_plain_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _with_mark(data: bytes, encoding: str) -> Decoded:
    shown = encoding.upper()
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(1, _("the file is {encoding}; save it as UTF-8").format(encoding=shown)) from error
    remark = _("the file is {encoding} and was read as such; save it as UTF-8").format(encoding=shown)
    return Decoded(_with_plain_ends(text.lstrip("\ufeff")), ((1, remark),))


def _guessed(data: bytes, error: UnicodeDecodeError) -> Decoded:
    line = _with_plain_ends(data[: error.start].decode(errors="replace")).count("\n") + 1
    text, encoding = _declared(data) or _mostly_utf8(data) or _likely(data, error.start)
    if text.count("\x00") * 20 > len(text):
        raise Unreadable(line, _("the file is not text"))
    remark = _(
        "byte 0x{byte:02x} at position {position} is not UTF-8; the file was read as {encoding}: save it as UTF-8"
    )
    return Decoded(
        _with_plain_ends(text),
        ((line, remark.format(byte=data[error.start], position=error.start, encoding=encoding)),),
    )


def _declared(data: bytes) -> tuple[str, str] | None:
    found = _DECLARED.search(data[:4096])
    if found is None:
        return None
    name = (found[1] or found[2] or found[3]).decode("ascii", "replace").lower()
    try:
        codec = codecs.lookup(name)
        # Only codecs from bytes to text; `latin-1` means what browsers take it for.
        name = "cp1252" if codec.name in {"iso8859-1", "ascii"} else codec.name
        if name in {"utf-8", "utf-16", "utf-32", "utf-7", "idna", "punycode", "unicode_escape", "raw_unicode_escape"}:
            return None
        return data.decode(name, errors="replace"), name
    except (LookupError, UnicodeError):
        return None


def _mostly_utf8(data: bytes) -> tuple[str, str] | None:
    whole = _MULTIBYTE.findall(data)
    if not whole:
        return None
    high_count = len(_HIGH.findall(data))
    broken_count = high_count - sum(map(len, whole))
    if broken_count > high_count * MAX_MIXED:
        return None
    return data.decode(errors="cp1252bytes"), "UTF-8"


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("cp1252bytes", _as_cp1252)


def _likely(data: bytes, position: int) -> tuple[str, str]:
    start = max(0, position - SAMPLE_BYTES // 4)
    sample = data[start : start + SAMPLE_BYTES]
    if len(_HIGH.findall(sample)) >= _FEW:
        # Imported only when needed: few corpora do.
        from charset_normalizer import from_bytes

        best = from_bytes(sample, cp_isolation=_CANDIDATES, steps=5, chunk_size=512).best()
        if best is not None:
            return data.decode(best.encoding, errors="replace"), best.encoding
    return data.decode("cp1252", errors="replace"), "cp1252"
