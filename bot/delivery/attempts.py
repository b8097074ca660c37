"""Watches the requests inside one call of discord.py, which retries without saying so.

discord.py repeats a request after 500, 502, 504 and 524. A message repeated with its nonce stays one message; a forum
post has no nonce and would become two. A refusal after such a repetition doesn't prove that nothing arrived. A proxy's
page with status 200 is taken for Discord's answer and makes discord.py fail.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from http import HTTPStatus
from types import SimpleNamespace

import aiohttp

from bot.errors import NotDiscord


class Unanswered(aiohttp.ClientError):
    """Discord failed but may have carried the request out, and the request must not be repeated."""


@dataclass(slots=True)
class Attempt:
    """One call of discord.py.

    Attributes:
        once: The request must not be repeated blindly.
        doubtful: A request of this call may have been carried out without an answer that confirms it.
    """

    once: bool = False
    doubtful: bool = False


_attempt: ContextVar[Attempt | None] = ContextVar("attempt", default=None)


@contextmanager
def attempting(*, once: bool = False) -> Iterator[Attempt]:
    """Watch the requests in the block; with `once`, none of them is repeated after a server error."""
    attempt = Attempt(once)
    token = _attempt.set(attempt)
    try:
        yield attempt
    finally:
        _attempt.reset(token)


def watch(trace: aiohttp.TraceConfig) -> None:
    """Install hooks in a client's `http_trace` that `attempting` needs; call it once per client.

    From then on every request of the client raises `NotDiscord` if a page comes back.
    """
    if _on_end not in trace.on_request_end:
        trace.on_request_end.append(_on_end)
        trace.on_request_exception.append(_on_exception)


async def _on_end(
    _session: aiohttp.ClientSession, _context: SimpleNamespace, request: aiohttp.TraceRequestEndParams
) -> None:
    if _is_page(request.response):
        request.response.close()
        raise NotDiscord(f"{request.response.status} with {request.response.content_type}")
    attempt = _attempt.get()
    if attempt is None or request.response.status < 500:
        return
    attempt.doubtful = True
    if attempt.once:
        request.response.close()
        raise Unanswered(f"{request.response.status} to a request that must not be repeated")


def _is_page(response: aiohttp.ClientResponse) -> bool:
    """Check whether a successful response holds something other than the JSON that discord.py expects.

    A response without a body (`Content-Length: 0`) is fine: some requests expect none.
    """
    is_success = 200 <= response.status < 300 and response.status != HTTPStatus.NO_CONTENT
    is_empty = response.headers.get("Content-Length") == "0"
    return is_success and not is_empty and response.headers.get("Content-Type") != "application/json"


async def _on_exception(
    _session: aiohttp.ClientSession, _context: SimpleNamespace, request: aiohttp.TraceRequestExceptionParams
) -> None:
    attempt = _attempt.get()
    # Without a connection nothing was sent.
    if attempt is not None and not isinstance(request.exception, aiohttp.ClientConnectorError):
        attempt.doubtful = True
