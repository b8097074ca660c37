"""Python's garbage collector, kept out of the way of work that makes very many objects at once."""

from __future__ import annotations

import gc
from threading import Lock


class GcPause:
    """Pauses the collector for the time of a block; blocks may overlap, in any threads.

    The collector starts by the number of objects that have come to be, and then walks all there are: a hundred
    thousand articles and links, for as long as a composition of them takes.
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
