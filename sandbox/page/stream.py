"""Server-sent events: which channels changed, so that the page asks for them again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any, Final

from aiohttp import web

from sandbox.driver.sandbox import Sandbox
from sandbox.entities import Message
from sandbox.page.guard import HEADERS
from sandbox.world import Event

# A comment this often keeps proxies from closing an idle connection.
KEEP_ALIVE_S: Final = 10.0
# How soon a closed page, or a stopping stand-in, is noticed.
LOOK_S: Final = 0.2
_SILENT: Final = frozenset({"interaction_create", "interaction_answer", "gateway"})


async def serve(request: web.BaseRequest, sandbox: Sandbox) -> web.StreamResponse:
    """Send each change to one open page until it is closed."""
    response = web.StreamResponse(headers={**HEADERS, "Content-Type": "text/event-stream"})
    queue = sandbox.subscribe()  # before the page knows that it is connected, so that it misses nothing
    try:
        await response.prepare(request)
        await response.write(b"retry: 1000\n\n")
        quiet_s = 0.0
        while request.transport is not None and not request.transport.is_closing():
            try:
                event = await asyncio.wait_for(queue.get(), LOOK_S)
            except TimeoutError:
                quiet_s += LOOK_S
                if quiet_s >= KEEP_ALIVE_S:
                    quiet_s = 0.0
                    await response.write(b": still here\n\n")
                continue
            for update in updates_of(event):
                await response.write(f"data: {json.dumps(update)}\n\n".encode())
    except ConnectionError:
        # The page was closed in the middle of a line.
        pass
    finally:
        sandbox.unsubscribe(queue)
    return response


def updates_of(event: Event) -> Iterator[dict[str, Any]]:
    """Yield what a page must know about a change: a channel's messages, or that the places changed."""
    subject = event.subject
    if isinstance(subject, Message):
        update: dict[str, Any] = {"channel": str(subject.channel_id), "fresh": event.kind == "message_create"}
        if subject.ephemeral and subject.asker is not None:
            update["only"] = str(subject.asker.id)
        yield update
        if subject.channel.is_thread and subject.channel.parent_id is not None:
            yield {"channel": str(subject.channel.parent_id), "fresh": False}
    elif event.kind not in _SILENT:
        yield {"places": True}
