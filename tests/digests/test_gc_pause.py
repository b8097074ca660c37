"""Pausing the garbage collector."""

import gc

import pytest

from digests.gc_pause import GcPause


def test_the_collector_works_again_after_the_last_of_overlapping_pauses() -> None:
    pause = GcPause()
    assert gc.isenabled()
    with pause:
        with pause:
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_the_collector_works_again_after_an_error() -> None:
    pause = GcPause()
    with pytest.raises(ValueError, match="broken"), pause:
        raise ValueError("broken")
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with GcPause():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
