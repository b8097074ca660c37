"""What happens on the wire inside one call of discord.py, which retries by itself and doesn't say so.

discord.py repeats a request after 500, 502, 504 and 524. A message repeated with its nonce stays one message; a forum
post has no nonce and would become two. A refusal after such a repetition doesn't tell that nothing arrived either.
A proxy's page with status 200 it takes for Discord's answer, and stumbles over it.
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
    """Discord failed while it may have carried the request out, and the request must not be repeated."""


@dataclass(slots=True)
class Attempt:
    """One call of discord.py.

    Attributes:
        once: The request must not be repeated blindly.
        doubtful: Some request of the call may have been carried out without an answer that says so.
    """

    once: bool = False
    doubtful: bool = False


_attempt: ContextVar[Attempt | None] = ContextVar("attempt", default=None)


@contextmanager
def attempting(*, once: bool = False) -> Iterator[Attempt]:
    """Watch the requests of the block; `once` lets none of them be repeated after a server error."""
    attempt = Attempt(once)
    token = _attempt.set(attempt)
    try:
        yield attempt
    finally:
        _attempt.reset(token)


def watch(trace: aiohttp.TraceConfig) -> None:
    """Make a client's `http_trace` see what `attempting` needs, and refuse pages; once is enough.

    From then on every request of the client raises `NotDiscord` for one.
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
    """Check whether an answer of success holds something else than the JSON that discord.py looks for.

    One without a body (`Content-Length: 0`) answers what asks for nothing back.
    """
    is_success = 200 <= response.status < 300 and response.status != HTTPStatus.NO_CONTENT
    is_empty = response.headers.get("Content-Length") == "0"
    return is_success and not is_empty and response.headers.get("Content-Type") != "application/json"


async def _on_exception(
    _session: aiohttp.ClientSession, _context: SimpleNamespace, request: aiohttp.TraceRequestExceptionParams
) -> None:
    attempt = _attempt.get()
    # Where no connection came about, nothing was sent.
    if attempt is not None and not isinstance(request.exception, aiohttp.ClientConnectorError):
        attempt.doubtful = True
