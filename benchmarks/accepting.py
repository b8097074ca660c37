"""A server that accepts every message, in a process of its own: what `benchmarks.fanout` sends to."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

import discord
from aiohttp import web


def _accept(port_pipe: Connection) -> None:
    """Run a server that accepts every message; write its port to the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    count = 2**60
    user = {"id": "1", "username": "Broadsheet", "discriminator": "0", "avatar": None, "bot": True}

    application = {
        "id": "1",
        "name": "Broadsheet",
        "description": "",
        "icon": None,
        "summary": "",
        "verify_key": "",
        "flags": 0,
        "bot_public": True,
        "bot_require_code_grant": False,
        "owner": user,
    }

    async def answer(request: web.BaseRequest) -> web.Response:
        nonlocal count
        body: object = application
        headers = {}
        if request.path.endswith("/@me") and "/users/" in request.path:
            body = user
        elif request.method == "POST":
            sent = json.loads(await request.read())
            channel = request.path.split("/")[-2]
            count += 1
            body = {
                "id": str(count),
                "channel_id": channel,
                "author": user,
                "content": "",
                "timestamp": "2026-03-10T08:00:00.000000+00:00",
                "edited_timestamp": None,
                "tts": False,
                "mention_everyone": False,
                "mentions": [],
                "mention_roles": [],
                "attachments": [],
                "embeds": [],
                "pinned": False,
                "type": 0,
                "flags": 1 << 15,
                "components": sent["components"],
                "nonce": sent.get("nonce"),
            }
            headers = {
                "X-RateLimit-Limit": "5",
                "X-RateLimit-Remaining": "4",
                "X-RateLimit-Reset": f"{time.time() + 5:.3f}",
                "X-RateLimit-Reset-After": "5.000",
                "X-RateLimit-Bucket": "messages",
                "Via": "1.1 benchmark",
            }
        return web.Response(body=json.dumps(body).encode(), headers=headers | {"Content-Type": "application/json"})

    async def serve() -> None:
        runner = web.ServerRunner(web.Server(answer))
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port_pipe.send(runner.addresses[0][1])
        await asyncio.Event().wait()

    asyncio.run(serve())


@contextmanager
def accepting_server() -> Iterator[None]:
    """Point discord.py at a server that accepts everything, for the time of the block."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_accept, args=(theirs,), daemon=True)
    process.start()
    base = discord.http.Route.BASE
    try:
        discord.http.Route.BASE = f"http://127.0.0.1:{ours.recv()}/api/v10"
        yield
    finally:
        discord.http.Route.BASE = base
        process.kill()
        process.join()
