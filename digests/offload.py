"""Runs blocking work in a thread to keep the event loop free, or in the loop itself where nothing else waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_R = TypeVar("_R")

_uses_threads: ContextVar[bool] = ContextVar("uses_threads", default=True)


@contextmanager
def without_threads() -> Iterator[None]:
    """Make `offload` call functions directly in this block, and in the tasks that it starts.

    For work during which the loop has nothing else to do, such as a replay: handing a call to a thread takes longer
    than most of these calls.
    """
    token = _uses_threads.set(False)
    try:
        yield
    finally:
        _uses_threads.reset(token)


async def offload(function: Callable[_P, _R], *args: _P.args, **kwargs: _P.kwargs) -> _R:
    """Call a function in a thread, in a copy of the current context, and return its result."""
    if _uses_threads.get():
        return await asyncio.to_thread(function, *args, **kwargs)
    return copy_context().run(function, *args, **kwargs)
