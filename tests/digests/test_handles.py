"""A handle names one article in a button, over restarts and versions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests import handles


@given(st.text(), st.text(), st.text())
def test_a_handle_holds_a_keys_reference_and_knows_its_path(key: str, path: str, other: str) -> None:
    ref = handles.reference(key)
    assert -(2**63) <= ref < 2**63
    handle = handles.of(key, path)
    assert len(handle) == 25
    assert handles.parse(handle) == ref
    assert handles.names_path(handle, path)
    assert handles.names_path(handle, other) == (other == path)


def test_a_handle_as_it_once_was_still_holds_its_reference() -> None:
    assert handles.parse(handles.of("https://x.org/a", "a.md")[:16]) == handles.reference("https://x.org/a")


@pytest.mark.parametrize("text", ["", "12", "zz" * 8, "0" * 17, "ABCDEF0123456789", "0" * 16 + "-", "0" * 25])
def test_other_text_is_no_handle(text: str) -> None:
    assert handles.parse(text) is None


def test_handles_stay_the_same_between_versions() -> None:
    assert handles.of("https://x.org/a", "a.md").startswith("689afc3f3f1bed04-")
