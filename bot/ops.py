"""Health and metrics over HTTP, for the operator's monitoring. Off unless `ops.http_listen` names an address."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Final

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from digests.errors import StoreError
from digests.i18n import _

_log = logging.getLogger(__name__)

MAX_CONNECTIONS: Final = 32
DEADLINE_S: Final = 10.0
"""Longest lifetime of a connection, answer included."""


def _is_ours(record: logging.LogRecord) -> bool:
    """Check whether a log line is about a fault of ours, and not a malformed request (answered with 400)."""
    return record.exc_info is None or not isinstance(record.exc_info[1], HttpProcessingError)


_requests_log = logging.getLogger(f"{__name__}.requests")
_requests_log.addFilter(_is_ours)

ReadGauges = Callable[[], Awaitable[Mapping[tuple[str, str], float]]]
"""Returns the current values of the gauges: (gauge, label) -> value."""
WhyUnhealthy = Callable[[], str | None]
"""Returns why the bot is not healthy, None if it is."""


class Metrics:
    """The metrics: counters that are incremented as things happen, gauges that are read on request."""

    def __init__(self, read_gauges: ReadGauges) -> None:
        self._read_gauges = read_gauges
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "broadsheet_discord_requests", "Requests to Discord by status", ["status"], registry=self.registry
        )
        self.request_seconds = Histogram(
            "broadsheet_discord_request_seconds", "Time that Discord took to answer", registry=self.registry
        )
        self._gauges = {
            "articles": Gauge("broadsheet_articles", "Articles in the corpus", registry=self.registry),
            "problems": Gauge("broadsheet_corpus_problems", "Problems in the corpus", registry=self.registry),
            "stale": Gauge(
                "broadsheet_corpus_stale_seconds",
                "How long reloads of the corpus have been failing; 0 while they work",
                registry=self.registry,
            ),
            "subscriptions": Gauge(
                "broadsheet_subscriptions", "Subscriptions by state", ["state"], registry=self.registry
            ),
            "deliveries": Gauge(
                "broadsheet_deliveries", "Parts of digests by state", ["state"], registry=self.registry
            ),
        }

    async def page(self) -> bytes:
        """Return all metrics in Prometheus's text format."""
        for (name, label), value in (await self._read_gauges()).items():
            gauge = self._gauges[name]
            (gauge.labels(label) if label else gauge).set(value)
        return generate_latest(self.registry)


@asynccontextmanager
async def serve(listen: str, metrics: Metrics, why_unhealthy: WhyUnhealthy) -> AsyncIterator[str]:
    """Serve `/healthz` and `/metrics` for the duration of the block; yield the address.

    Args:
        listen: `host:port`; port 0 picks a free one.
        metrics: What `/metrics` shows.
        complaint: Called by `/healthz`.

    Raises:
        StoreError: The address can't be listened on.
    """

    async def show_health(_request: web.Request) -> web.Response:
        reason = why_unhealthy()
        return web.json_response({"healthy": reason is None, "reason": reason}, status=503 if reason else 200)

    async def show_metrics(_request: web.Request) -> web.Response:
        return web.Response(body=await metrics.page(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    app = web.Application()
    app.router.add_get("/healthz", show_health)
    app.router.add_get("/metrics", show_metrics)
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, logger=_requests_log)
    await runner.setup()
    assert runner.server is not None
    limit = _ConnectionLimit(runner.server)
    host, _colon, port = listen.rpartition(":")
    try:
        try:
            listener = await asyncio.get_running_loop().create_server(
                limit.protocol, host.strip("[]"), int(port), backlog=MAX_CONNECTIONS
            )
        except OSError as error:
            raise StoreError(
                _("ops.http_listen = {listen}: {error}. Choose another address.").format(
                    listen=listen, error=error.strerror or error
                )
            ) from error
        address = "http://{}:{}".format(*listener.sockets[0].getsockname()[:2])
        _log.info("Health and metrics at %s", address)
        try:
            yield address
        finally:
            listener.close()
            limit.close()
    finally:
        await runner.cleanup()


class _ConnectionLimit:
    """Admits at most `MAX_CONNECTIONS`, none for longer than `DEADLINE_S`: idle ones must not use up file descriptors.

    When all places are taken the oldest connection is closed, so that a monitor still gets its answer.
    """

    def __init__(self, server: web.Server) -> None:
        self._server = server
        self._open: dict[_LimitedConnection, asyncio.TimerHandle] = {}

    def protocol(self) -> _LimitedConnection:
        """Return the protocol of a new connection."""
        return _LimitedConnection(self._server, self)

    def add(self, connection: _LimitedConnection) -> None:
        """Take a place, closing the oldest connection if there is none."""
        while len(self._open) >= MAX_CONNECTIONS:
            self.drop(next(iter(self._open)))
        self._open[connection] = asyncio.get_running_loop().call_later(DEADLINE_S, self.drop, connection)

    def remove(self, connection: _LimitedConnection) -> None:
        """Give the place back."""
        timer = self._open.pop(connection, None)
        if timer is not None:
            timer.cancel()

    def drop(self, connection: _LimitedConnection) -> None:
        """Close a connection."""
        self.remove(connection)
        connection.transport.abort()

    def close(self) -> None:
        """Close all connections."""
        for connection in list(self._open):
            self.drop(connection)


class _LimitedConnection(asyncio.Protocol):
    """One connection; passes everything on to aiohttp's protocol."""

    transport: asyncio.Transport

    def __init__(self, server: web.Server, limit: _ConnectionLimit) -> None:
        self._inner: asyncio.Protocol = server()
        self._limit = limit

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._limit.add(self)
        self._inner.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received()

    def pause_writing(self) -> None:
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._inner.resume_writing()

    def connection_lost(self, error: Exception | None) -> None:
        self._limit.remove(self)
        self._inner.connection_lost(error)
