"""How fast digests go out, beside discord.py's own bare send loop; and how fast commands answer meanwhile.

The peer is the same client, payload and server without an outbox: ten tasks that call `send`. The server is a process
of its own that accepts every message; the stand-in, which checks them, serves the second measurement.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import discord

from benchmarks.accepting import accepting_server
from benchmarks.composing import NOW, make_articles
from benchmarks.table import Row, Table
from bot.component_view import ComponentView
from bot.delivery import publisher
from bot.delivery.publisher import Publisher
from bot.delivery.rate_limit import TokenBucket
from bot.render.digest import render_digest
from bot.render.layout import stamped
from digests.composing.compose import compose
from digests.models import Cadence, ChannelKind, Delivered, Digest, Policy, Subscription, Window
from digests.service.outbox import OutboxService
from digests.store.connection import Database
from digests.store.database_kinds import STATE
from digests.store.outbox.compositions import Composition
from digests.store.outbox.deliveries import DeliveryStore
from digests.store.outbox.editions import EditionStore, NewEdition, PartMark
from digests.store.subscription_rows import Placement
from digests.store.subscriptions import SubscriptionStore

CHANNELS = 10_000
IN_FLIGHT = 10
ROUNDS = 3
FIRST_CHANNEL = 10**17
TOKEN = "MQ.fanout.benchmark"
LIBRARY_SHARE = 0.75
"""The throughput that is promised, as a share of the bare loop's."""
ANSWER_S = 0.25
"""The promised 99th percentile of a command's first answer."""


# --------------------------------------------------------------------------- throughput


def _digest() -> Digest:
    articles = [article for article in make_articles(300) if article.published]
    window = Window(NOW - timedelta(days=1), NOW)
    policy = Policy(max_stories=4)
    return compose(articles, (), Delivered(), policy, window, local_date=NOW.date(), timezone="UTC")


def _client() -> discord.Client:
    return discord.Client(
        intents=discord.Intents.none(),
        max_messages=None,
        allowed_mentions=discord.AllowedMentions.none(),
        max_ratelimit_timeout=60.0,
    )


async def _timed(work: Callable[[discord.Client], Awaitable[None]]) -> float:
    async with _client() as client:
        await client.login(TOKEN)
        began = time.perf_counter()
        await work(client)
        return time.perf_counter() - began


async def bare(payload: str, channel_count: int) -> float:
    """Send with discord.py alone; return seconds."""
    view = ComponentView(stamped(json.loads(payload), 1))
    channels = iter(range(FIRST_CHANNEL, FIRST_CHANNEL + channel_count))

    async def send(client: discord.Client) -> None:
        for number in channels:
            await client.get_partial_messageable(number).send(view=view, nonce=f"bare{number}")

    async def work(client: discord.Client) -> None:
        await asyncio.gather(*(send(client) for _worker in range(IN_FLIGHT)))

    return await _timed(work)


async def through_the_outbox(digest: Digest, payload: str, channel_count: int, folder: Path) -> float:
    """Send through the outbox, each claim and each outcome on disk; return seconds."""
    database = await Database.open(folder / "state.db", STATE)
    try:
        await _fill(database, digest, payload, channel_count)
        outbox = OutboxService(DeliveryStore(database))

        async def work(client: discord.Client) -> None:
            done = asyncio.Event()
            left = channel_count

            def count(_outcome: object) -> None:
                nonlocal left
                left -= 1
                if not left:
                    done.set()

            publisher = Publisher(
                client, outbox, TokenBucket(0), in_flight=IN_FLIGHT, on_outcome=count, now=lambda: NOW
            )
            running = asyncio.create_task(publisher.run())
            await done.wait()
            await publisher.stop()
            await running

        seconds = await _timed(work)
        assert (await outbox.status()).sent == channel_count
        return seconds
    finally:
        await database.close()


async def _fill(database: Database, digest: Digest, payload: str, channel_count: int) -> None:
    subscriptions, editions = SubscriptionStore(database), EditionStore(database)
    drafts: list[NewEdition] = []
    placement = Placement(NOW, NOW + timedelta(days=1))
    for number in range(channel_count):
        made = await subscriptions.add(
            Subscription(
                guild_id=number // 50 + 1,
                channel_id=FIRST_CHANNEL + number,
                channel_kind=ChannelKind.TEXT,
                creator_id=1,
                cadence=Cadence(),
                created_at=NOW,
            ),
            placement,
        )
        scheduled = await subscriptions.find_scheduled(made.id)
        assert scheduled is not None
        marks = (PartMark(number + 1, f"ours{number}"),)
        drafts.append(NewEdition(scheduled, NOW, digest.window, placement, 1, marks))
    compositions = [Composition(1, digest, (payload,), "Digest")]
    for start in range(0, channel_count, 500):
        await editions.write(compositions, drafts[start : start + 500], NOW)
        compositions = []


async def throughput(table: Table, channel_count: int = CHANNELS, rounds: int = ROUNDS) -> float:
    """Measure both in turn, so that a busy machine hurts both; return the share of the bare loop's throughput."""
    publisher.READY_PATIENCE_S = 0.01  # type: ignore[misc] - there is no gateway to wait for
    digest = _digest()
    payload = json.dumps(render_digest(digest, composition_id=1)[0].components, ensure_ascii=False)
    peers: list[float] = []
    ours: list[float] = []
    for number in range(rounds):
        for measure in ("bare", "ours") if number % 2 == 0 else ("ours", "bare"):
            with accepting_server():
                if measure == "bare":
                    peers.append(channel_count / await bare(payload, channel_count))
                else:
                    with tempfile.TemporaryDirectory(prefix="broadsheet-bench-") as folder:
                        seconds = await through_the_outbox(digest, payload, channel_count, Path(folder))
                        ours.append(channel_count / seconds)
            print(f"  {measure}: {(peers if measure == 'bare' else ours)[-1]:,.0f}/s", file=sys.stderr)
    share = statistics.median(mine / peer for mine, peer in zip(ours, peers, strict=True))
    note = f"{channel_count:,} fresh channels, {IN_FLIGHT} in flight, {len(payload.encode()):,} bytes"
    table.add(Row("discord.py's bare send loop", statistics.median(peers), "/s", note=note))
    promise = f"median of {rounds} pairs {share:.2f}; at least {LIBRARY_SHARE:.2f} is promised"
    table.add(
        Row("through the outbox, no bound", statistics.median(ours), "/s", statistics.median(peers), note=promise)
    )
    return share


# --------------------------------------------------------------------------- commands meanwhile

CONFIG = """
data_dir = "data"
[corpus]
folders = ["articles"]
reload_minutes = 0
[discord]
api_base_url = "{url}"
"""

ARTICLE = """---
title: "{title} {number}"
excerpt: "{title} in some more words, so that there is something to read and to search"
publishedDateTime: {published}
webUrl: "https://{domain}/{number}"
provider: {{name: "{domain}", domain: "{domain}"}}
topics: ["{topic}"]
quality: {quality}
published: true
---
"""


def _write_articles(folder: Path, count: int, *, edited: str = "") -> None:
    made = make_articles(min(count, 5_000))
    for number in range(count):
        article = made[number % len(made)]
        place = folder / f"{number // 1000:03}"
        if number % 1000 == 0:
            place.mkdir(parents=True, exist_ok=True)
        assert article.provider is not None
        published = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 3600 - number % 80_000))
        (place / f"{number}.md").write_text(
            ARTICLE.format(
                title=article.title + edited,
                number=number,
                published=published,
                domain=article.provider.domain,
                topic=article.topics[0],
                quality=article.quality,
            )
        )


async def responsiveness(
    table: Table, channel_count: int = CHANNELS, file_count: int = 100_000, seconds: float = 60.0
) -> float:
    """Measure `/latest` and `/news` during a fan-out at the default pace and a reload; return the 99th percentile."""
    from sandbox import Sandbox  # the stand-in is only needed here

    with tempfile.TemporaryDirectory(prefix="broadsheet-bench-") as name:
        folder = Path(name)
        (folder / "articles").mkdir()
        print(f"  writing {file_count:,} files", file=sys.stderr)
        await asyncio.to_thread(_write_articles, folder / "articles", file_count)
        async with Sandbox.start(limits=True, log_size=1000) as sandbox:
            channels = []
            for number in range(channel_count):
                if number % 100 == 0:
                    guild = sandbox.add_guild(f"Server {number // 100}")
                channels.append(sandbox.add_channel(guild, f"news-{number}"))
            (folder / "config.toml").write_text(CONFIG.format(url=sandbox.api_base_url))
            due_at = await _subscribe(folder, channels)
            environment = {**os.environ, "DISCORD_TOKEN": sandbox.token}
            # The first load and the composing are over when the first digests arrive.
            with (folder / "bot.log").open("wb") as log:
                process = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", "bot", "run", "--config", str(folder / "config.toml")),
                    env=environment,
                    stdout=log,
                    stderr=log,
                )
                try:
                    print("  first load, then the fan-out begins", file=sys.stderr)
                    await sandbox.wait_until(lambda: any(channel.order for channel in channels[:50]), timeout=600)
                    before = sum(len(channel.order) for channel in channels)
                    await asyncio.to_thread(_write_articles, folder / "articles", file_count, edited=" again")
                    member = sandbox.add_member(guild, "operator", admin=True)
                    owner = sandbox.operator
                    sandbox.add_member(guild, owner, admin=True)
                    reload = asyncio.create_task(
                        sandbox.invoke("corpus reload", member=owner, channel=channels[-1], wait=True, timeout=900)
                    )
                    first, whole = await _ask(sandbox, member, channels[-1], seconds, reload)
                    sent = sum(len(channel.order) for channel in channels) - before
                    reload.cancel()
                    await asyncio.gather(reload, return_exceptions=True)
                finally:
                    process.kill()
                    await process.wait()
            limited = sandbox.limited_count
    assert due_at
    p99 = first[int(len(first) * 0.99)]
    note = f"{len(first)} commands, {sent:,} digests sent, {file_count:,} files reloaded meanwhile; {limited} x 429"
    table.add(Row("first answer to a command, p50", statistics.median(first) * 1000, "ms", note=note))
    promise = f"{ANSWER_S * 1000:.0f} ms are promised"
    table.add(Row("first answer to a command, p99", p99 * 1000, "ms", note=promise))
    table.add(Row("whole answer, p50", statistics.median(whole) * 1000, "ms"))
    table.add(Row("whole answer, p99", whole[int(len(whole) * 0.99)] * 1000, "ms"))
    return p99


async def _subscribe(folder: Path, channels: list[object]) -> object:
    from digests.store.timestamps import from_seconds

    due_at = from_seconds(int(time.time()) // 60 * 60)
    database = await Database.open(folder / "data" / "state.db", STATE)
    try:
        store = SubscriptionStore(database)
        for channel in channels:
            await store.add(
                Subscription(
                    guild_id=channel.guild.id,  # type: ignore[attr-defined]
                    channel_id=channel.id,  # type: ignore[attr-defined]
                    channel_kind=ChannelKind.TEXT,
                    creator_id=1,
                    cadence=Cadence((due_at.time(),)),
                    created_at=due_at - timedelta(hours=1),
                ),
                Placement(due_at - timedelta(minutes=1), due_at),
            )
    finally:
        await database.close()
    return due_at


async def _ask(
    sandbox: object, member: object, channel: object, seconds: float, reload: asyncio.Task[object]
) -> tuple[list[float], list[float]]:
    """Ask every 100 ms; return the seconds to the first and to the whole answer, each ascending."""
    first: list[float] = []
    whole: list[float] = []
    asked: list[asyncio.Task[None]] = []

    async def ask(number: int) -> None:
        began = time.perf_counter()
        name, options = ("latest", {}) if number % 2 else ("news", {"query": "harbour council"})
        reply = await sandbox.invoke(name, options, member=member, channel=channel, timeout=30)  # type: ignore[attr-defined]
        whole.append(time.perf_counter() - began)
        first.append(reply.interaction.answered_s - reply.interaction.created_s)

    deadline = time.monotonic() + seconds
    number = 0
    while time.monotonic() < deadline:
        asked.append(asyncio.create_task(ask(number)))
        number += 1
        await asyncio.sleep(0.1)
    results = await asyncio.gather(*asked, return_exceptions=True)
    failed = [result for result in results if isinstance(result, BaseException)]
    if failed:
        print(f"  {len(failed)} commands got no answer: {failed[0]!r}", file=sys.stderr)
        first += [float("inf")] * len(failed)
        whole += [float("inf")] * len(failed)
    if reload.done() and not reload.cancelled() and reload.exception() is not None:
        print(f"  the reload failed: {reload.exception()!r}", file=sys.stderr)
    return sorted(first), sorted(whole)


def tables(*, channel_count: int = CHANNELS, file_count: int = 100_000) -> list[Table]:
    """Measure everything; take some minutes."""
    sending = Table("Sending digests")
    asyncio.run(throughput(sending, channel_count))
    answering = Table(f"Answering commands during a fan-out to {channel_count:,} channels and a reload")
    asyncio.run(responsiveness(answering, channel_count, file_count))
    return [sending, answering]


def main() -> None:
    """Print the tables: `python -m benchmarks.fanout [--channels N] [--files N] [--only sending|answering]`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--channels", type=int, default=CHANNELS)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--only", choices=("sending", "answering"))
    parser.add_argument("--seconds", type=float, default=60.0, help="how long commands are asked")
    chosen = parser.parse_args()
    if chosen.only != "answering":
        table = Table("Sending digests")
        asyncio.run(throughput(table, chosen.channels, chosen.rounds))
        print(table.markdown())
    if chosen.only != "sending":
        table = Table("Answering commands during a fan-out and a reload")
        asyncio.run(responsiveness(table, chosen.channels, chosen.files, chosen.seconds))
        print(table.markdown())


if __name__ == "__main__":
    main()
