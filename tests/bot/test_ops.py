"""The ops port answers a monitor whatever else connects to it, and costs the bot a bounded number of connections."""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import aiohttp
import pytest

from bot import ops
from bot.log_limit import MOST, RepeatedLines
from digests.errors import StoreError
from tests.patience import PATIENCE_S, until


async def gauges() -> dict[tuple[str, str], float]:
    return {("articles", ""): 7.0}


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def healthy(session: aiohttp.ClientSession, address: str) -> bool:
    async with session.get(f"{address}/healthz") as answer:
        return answer.status == 200


@pytest.mark.slow
async def test_silent_connections_are_bounded_and_keep_nobody_out() -> None:
    async with ops.serve("127.0.0.1:0", ops.Metrics(gauges), lambda: None) as address, AsyncExitStack() as stack:
        host, port = address.removeprefix("http://").rsplit(":", 1)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        assert await healthy(session, address)
        for _connection in range(300):
            _reader, writer = await asyncio.open_connection(host, int(port))
            stack.callback(writer.close)
        assert await healthy(session, address)
        # The test holds 300 ends itself; the server's are what is above.
        await until(lambda: descriptors() < 300 + ops.MAX_CONNECTIONS + 100)
        assert await healthy(session, address)


@pytest.mark.parametrize("sent", [b"", b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: "])
async def test_a_request_that_never_ends_is_cut(monkeypatch: pytest.MonkeyPatch, sent: bytes) -> None:
    monkeypatch.setattr(ops, "DEADLINE_S", 0.3)
    async with ops.serve("127.0.0.1:0", ops.Metrics(gauges), lambda: "down") as address:
        host, port = address.removeprefix("http://").rsplit(":", 1)
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(sent)
        async with asyncio.timeout(PATIENCE_S):
            with suppress(ConnectionError):
                assert await reader.read() == b""
        writer.close()


async def test_metrics_and_an_unhealthy_bot_are_served() -> None:
    async with (
        ops.serve("127.0.0.1:0", ops.Metrics(gauges), lambda: "down") as address,
        aiohttp.ClientSession() as session,
    ):
        assert not await healthy(session, address)
        async with session.get(f"{address}/metrics") as answer:
            assert "broadsheet_articles 7.0" in await answer.text()
        with pytest.raises(StoreError, match=r"ops\.http_listen"):
            async with ops.serve(address.removeprefix("http://"), ops.Metrics(gauges), lambda: None):
                pass


def test_a_line_that_repeats_is_counted_instead(caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("tests.repeating")
    caplog.handler.addFilter(limit := RepeatedLines())
    try:
        for number in range(1000):
            logger.warning("accept failed: %d", number)
        logger.warning("something else")
        assert len(caplog.records) == MOST + 1
        later = logger.makeRecord(logger.name, logging.WARNING, "f", 1, "accept failed: %d", (7,), None)
        later.created += 61
        assert limit.filter(later)
        assert later.getMessage() == f"accept failed: 7 ({1000 - MOST} lines like this were left out)"
    finally:
        caplog.handler.removeFilter(limit)


@pytest.mark.parametrize(
    "sent", [b"\x16\x03\x01" * 100, b"GET /healthz HTTP/1.1\r\n\r\n", b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n"]
)
async def test_what_is_no_request_fills_no_log(sent: bytes, caplog: pytest.LogCaptureFixture) -> None:
    async with ops.serve("127.0.0.1:0", ops.Metrics(gauges), lambda: None) as address:
        host, port = address.removeprefix("http://").rsplit(":", 1)
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(sent)
        assert (await reader.read(20)).startswith(b"HTTP/1.0 400")
        writer.close()
    assert "Traceback" not in caplog.text
    assert "Error handling request" not in caplog.text
