"""Bytes become text: UTF-8 also where little of it is broken, else what they were written in."""

from __future__ import annotations

import pytest

from digests.corpus.decoding import decode


def text_of(data: bytes) -> str:
    return decode(data, 10_000, len(data)).text


def test_a_file_that_is_mostly_utf8_is_read_as_such() -> None:
    assert text_of("Köln, Würzburg, Düsseldorf, Göttingen, Tübingen, ".encode() + b"M\xfcnchen") == (
        "Köln, Würzburg, Düsseldorf, Göttingen, Tübingen, München"
    )


def test_a_file_that_is_mostly_not_utf8_is_not_read_as_such() -> None:
    data = "Köln, Würzburg, Düsseldorf, Göttingen, Tübingen".encode("cp1252") + "é".encode()
    assert text_of(data) == "Köln, Würzburg, Düsseldorf, Göttingen, TübingenÃ©"


@pytest.mark.parametrize(
    ("declared", "name"),
    [("windows-1251", "cp1251"), ("koi8-r", "koi8_r"), ("iso-8859-2", "iso8859_2")],
)
def test_what_a_file_declares_counts(declared: str, name: str) -> None:
    words = "Žluťoučký kůň" if declared == "iso-8859-2" else "Новости гавани"
    data = f'<meta charset="{declared}">{words}'.encode(name)
    assert text_of(data).endswith(words)


@pytest.mark.parametrize("declared", ["utf-16", "punycode", "no-such-thing", "rot13"])
def test_what_a_file_declares_wrongly_does_not_count(declared: str) -> None:
    assert text_of(f'<meta charset="{declared}">caf'.encode() + b"\xe9").endswith("café")
