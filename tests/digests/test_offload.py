"""Blocking work runs in a thread, or where it is asked for if nobody else waits for the event loop."""

from __future__ import annotations

import asyncio
import threading
from contextvars import ContextVar

from digests.offload import offload, without_threads

spoken: ContextVar[str] = ContextVar("spoken", default="en")


def speak(language: str) -> int:
    spoken.set(language)
    return threading.get_ident()


async def test_work_runs_in_a_thread_unless_nobody_else_waits() -> None:
    assert await offload(speak, "de") != threading.get_ident()
    with without_threads():
        assert await offload(speak, "de") == threading.get_ident()
        assert await asyncio.create_task(offload(speak, "de")) == threading.get_ident()
    assert await offload(speak, "de") != threading.get_ident()


async def test_the_context_of_the_work_is_a_copy_either_way() -> None:
    await offload(speak, "de")
    with without_threads():
        await offload(speak, "fr")
    assert spoken.get() == "en"
