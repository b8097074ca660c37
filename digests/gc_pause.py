"""Pauses Python's garbage collector during work that creates very many objects."""

from __future__ import annotations

import gc
from threading import Lock


class GcPause:
    """Pauses the collector for the duration of a block; blocks may overlap, in any threads.

    The collector is triggered by the number of new objects and then visits all of them: with a hundred thousand
    articles and links that takes as long as composing.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._holders = 0
        self._was_on = False

    def __enter__(self) -> None:
        with self._lock:
            if not self._holders:
                self._was_on = gc.isenabled()
                gc.disable()
            self._holders += 1

    def __exit__(self, *_error: object) -> None:
        with self._lock:
            self._holders -= 1
            if not self._holders and self._was_on:
                gc.enable()


collector_paused = GcPause()
