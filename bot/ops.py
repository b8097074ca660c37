"""Health and metrics over HTTP, for the operator's monitoring. Off unless `ops.http_listen` names an address.

Knows what can be counted, not what it means.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from digests.errors import StoreError
from digests.i18n import _

_log = logging.getLogger(__name__)

Readings = Callable[[], Awaitable[Mapping[tuple[str, str], float]]]
"""Answers the gauges' present values: (gauge, label) -> value."""
Complaint = Callable[[], str | None]
"""Answers why the bot is not healthy, None when it is."""


class Metrics:
    """What is measured: counters that grow as things happen, gauges that are read when somebody asks."""

    def __init__(self, readings: Readings) -> None:
        self._readings = readings
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
            "subscriptions": Gauge(
                "broadsheet_subscriptions", "Subscriptions by state", ["state"], registry=self.registry
            ),
            "deliveries": Gauge(
                "broadsheet_deliveries", "Parts of digests by state", ["state"], registry=self.registry
            ),
        }

    async def page(self) -> bytes:
        """Returns all metrics in Prometheus's text format."""
        for (name, label), value in (await self._readings()).items():
            gauge = self._gauges[name]
            (gauge.labels(label) if label else gauge).set(value)
        return generate_latest(self.registry)


@asynccontextmanager
async def serve(listen: str, metrics: Metrics, complaint: Complaint) -> AsyncIterator[str]:
    """Serves `/healthz` and `/metrics` for the time of the block; yields the address.

    Args:
        listen: `host:port`; port 0 picks a free one.
        metrics: What `/metrics` shows.
        complaint: What `/healthz` asks.

    Raises:
        StoreError: The address can't be listened on.
    """

    async def show_health(_request: web.Request) -> web.Response:
        reason = complaint()
        return web.json_response({"healthy": reason is None, "reason": reason}, status=503 if reason else 200)

    async def show_metrics(_request: web.Request) -> web.Response:
        return web.Response(body=await metrics.page(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    app = web.Application()
    app.router.add_get("/healthz", show_health)
    app.router.add_get("/metrics", show_metrics)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    host, _colon, port = listen.rpartition(":")
    site = web.TCPSite(runner, host.strip("[]"), int(port))
    try:
        try:
            await site.start()
        except OSError as error:
            raise StoreError(
                _("ops.http_listen = {listen}: {error}. Choose another address.").format(
                    listen=listen, error=error.strerror or error
                )
            ) from error
        address = "http://{}:{}".format(*runner.addresses[0][:2])
        _log.info("Health and metrics at %s", address)
        yield address
    finally:
        await runner.cleanup()
