"""Pausing the garbage collector."""

import gc

import pytest

from digests.collector import CollectorPause


def test_the_collector_works_again_after_the_last_of_overlapping_pauses():
    pause = CollectorPause()
    assert gc.isenabled()
    with pause:
        with pause:
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_the_collector_works_again_after_an_error():
    pause = CollectorPause()
    with pytest.raises(ValueError, match="broken"), pause:
        raise ValueError("broken")
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off():
    gc.disable()
    try:
        with CollectorPause():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
