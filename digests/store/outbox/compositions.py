"""Compositions in state.db: delivered digests, their rendered parts, and the record of what was delivered to whom."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, TypeAlias

import aiosqlite
from pydantic import TypeAdapter

from digests.models import Article, Delivered, DeliveredStory, Digest, LeftOut, Provider, Section, Story
from digests.offload import offload
from digests.store.connection import Database
from digests.store.timestamps import from_seconds, from_seconds_or_none, to_seconds, to_seconds_or_none

_DIGEST = TypeAdapter(Digest)
_STORY = TypeAdapter(Story)
_SECTION = TypeAdapter(Section)
COMPOSITIONS_AT_ONCE = 250
"""How many compositions lose their parts in one transaction, so that the writer is never locked for long."""


@dataclass(frozen=True, slots=True)
class Composition:
    """A digest with its rendered parts, shared by all editions that deliver it.

    Attributes:
        id: Random, at most 18 decimal digits.
        parts: Payloads in order, as JSON text.
        title: The title for a forum post, at most 100 characters.
    """

    id: int
    digest: Digest
    parts: tuple[str, ...]
    title: str


class CompositionStore:
    """Reads what was delivered, and deletes it when it is old."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def delivered(
        self,
        subscription_id: int,
        keys: Collection[str],
        *,
        stories_since: datetime | None,
        before_id: int | None = None,
    ) -> Delivered:
        """Return what was delivered to a subscription, in one trip to the database.

        Args:
            subscription_id: The subscription.
            keys: The addresses to look up: those that were delivered as lead, folded or in a round-up are returned.
            stories_since: Also return the stories, and their files, of editions with a cutoff from then on; None for
                none.
            before_id: Count only editions before this one.
        """
        read = partial(_read_delivered, subscription_id, keys, stories_since, before_id)
        async with self._database.read() as connection:
            return await connection.run(read)

    async def find_digest(self, composition_id: int) -> Digest | None:
        """Return a digest as it was delivered, without its articles' bodies; None if unknown or too old."""
        async with (
            self._database.read() as connection,
            connection.execute(
                "SELECT digest FROM compositions WHERE id = :id AND digest IS NOT NULL", {"id": composition_id}
            ) as cursor,
        ):
            row = await cursor.fetchone()
        return None if row is None else await offload(_unpack, row["digest"])

    async def prune(self, *, delivered_before: datetime, digests_before: datetime, deliveries_before: datetime) -> int:
        """Delete what is not needed any more or is older than each limit; return how many compositions were deleted.

        Args:
            delivered_before: For editions and what they delivered: older stories can be delivered again.
            digests_before: For digests: the buttons of older messages say that they are too old.
            deliveries_before: For the deliveries of finished editions.
        """
        async with self._database.transaction() as connection:
            await connection.execute(
                "DELETE FROM deliveries WHERE edition_id IN"
                " (SELECT id FROM editions WHERE created_at < :moment AND state != 'pending')",
                {"moment": to_seconds(deliveries_before)},
            )
            await connection.execute(
                "UPDATE compositions SET digest = NULL WHERE created_at < :moment AND digest IS NOT NULL"
                " AND NOT EXISTS (SELECT 1 FROM editions WHERE composition_id = compositions.id AND state = 'pending')",
                {"moment": to_seconds(digests_before)},
            )
            moment = {"moment": to_seconds(delivered_before)}
            await connection.execute("DELETE FROM editions WHERE created_at < :moment AND state != 'pending'", moment)
            # Also those of ended subscriptions: nothing refers to them any more.
            cursor = await connection.execute(
                "DELETE FROM compositions WHERE NOT EXISTS"
                " (SELECT 1 FROM editions WHERE editions.composition_id = compositions.id)"
            )
            return cursor.rowcount

    async def drop_parts(self) -> None:
        """Delete the rendered parts of compositions whose deliveries have all ended: only claims read them."""
        count = -1
        while count:
            async with (
                self._database.transaction() as connection,
                connection.execute(
                    "DELETE FROM parts WHERE composition_id IN (SELECT DISTINCT composition_id FROM parts"
                    " WHERE NOT EXISTS (SELECT 1 FROM editions"
                    " WHERE editions.composition_id = parts.composition_id AND editions.state = 'pending')"
                    " LIMIT :limit)",
                    {"limit": COMPOSITIONS_AT_ONCE},
                ) as cursor,
            ):
                count = cursor.rowcount

    async def shrink(self) -> None:
        """Shrink the file by what was deleted."""
        await self._database.shrink()


# --------------------------------------------------------------------------- reading


def _read_delivered(
    subscription_id: int,
    keys: Collection[str],
    stories_since: datetime | None,
    before_id: int | None,
    connection: sqlite3.Connection,
) -> Delivered:
    stories: tuple[DeliveredStory, ...] = ()
    paths: Mapping[str, datetime | None] = {}
    if stories_since is not None:
        stories, paths = _read_stories(connection, subscription_id, stories_since, before_id)
    return Delivered(_read_keys(connection, subscription_id, keys, before_id), stories, paths)


def _read_keys(
    connection: sqlite3.Connection, subscription_id: int, keys: Collection[str], before_id: int | None
) -> frozenset[str]:
    of = {"subscription_id": subscription_id, "before_id": before_id}
    if not keys:
        return frozenset()
    rows = connection.execute(
        # The unary plus keeps SQLite from searching every key in every composition.
        "SELECT DISTINCT told.key FROM editions"
        " CROSS JOIN told ON told.composition_id = editions.composition_id"
        " WHERE editions.subscription_id = :subscription_id AND editions.counted"
        " AND (:before_id IS NULL OR editions.id < :before_id)"
        " AND +told.key IN (SELECT value FROM json_each(:keys))",
        of | {"keys": json.dumps(list(keys), ensure_ascii=False)},
    )
    return frozenset([str(row["key"]) for row in rows])


def _read_stories(
    connection: sqlite3.Connection, subscription_id: int, since: datetime, before_id: int | None
) -> tuple[tuple[DeliveredStory, ...], dict[str, datetime | None]]:
    rows = connection.execute(
        "SELECT editions.until_at, told_stories.lead_key, told_stories.domains, told_stories.seen FROM editions"
        " CROSS JOIN told_stories ON told_stories.composition_id = editions.composition_id"
        " WHERE editions.subscription_id = :subscription_id AND editions.counted"
        " AND editions.until_at >= :since AND (:before_id IS NULL OR editions.id < :before_id)"
        " ORDER BY editions.until_at, editions.id, told_stories.number",
        {"subscription_id": subscription_id, "since": to_seconds(since), "before_id": before_id},
    )
    stories: list[DeliveredStory] = []
    paths: dict[str, datetime | None] = {}
    for row in rows:
        shown = json.loads(row["seen"]) if row["seen"] else {}
        stories.append(_delivered_story(row["lead_key"], json.loads(row["domains"]), row["until_at"], shown))
        # Articles shown beneath a story may be another event: each counts as an event of its own for updates.
        stories.extend(
            _delivered_story(beneath["key"], [beneath["domain"]], row["until_at"], beneath)
            for beneath in shown.get("also", ())
        )
        paths.update((path, from_seconds_or_none(at_s)) for path, at_s in shown.get("files", ()))
    return tuple(stories), paths


# --------------------------------------------------------------------------- writing


async def write_compositions(
    connection: aiosqlite.Connection, packed: Sequence[tuple[Composition, bytes]], now_s: int
) -> None:
    """Write compositions, each with its `pack`ed digest, inside a transaction."""
    if not packed:
        return
    compositions, parts, stories, delivered = await offload(_rows, packed, now_s)
    await connection.executemany(
        "INSERT INTO compositions (id, digest, title, topics, created_at) VALUES (:id, :digest, :title, :topics, :now)",
        compositions,
    )
    await connection.executemany(
        "INSERT INTO parts (composition_id, number, payload) VALUES (:composition_id, :number, :payload)", parts
    )
    await connection.executemany(
        "INSERT INTO told_stories (composition_id, number, lead_key, domains, seen)"
        " VALUES (:composition_id, :number, :lead_key, :domains, :seen)",
        stories,
    )
    await connection.executemany(
        "INSERT INTO told (composition_id, story, key, member) VALUES (:composition_id, :story, :key, :member)",
        delivered,
    )


_Rows: TypeAlias = list[dict[str, Any]]


def _rows(packed: Sequence[tuple[Composition, bytes]], now_s: int) -> tuple[_Rows, _Rows, _Rows, _Rows]:
    """Return the rows of compositions, their parts, their stories, and the addresses these cover."""
    compositions: _Rows = []
    parts: _Rows = []
    stories: _Rows = []
    delivered: _Rows = []
    shown: dict[int, str] = {}
    """Shared stories, written as JSON once."""
    for composition, digest in packed:
        topics = [section.topic for section in composition.digest.sections if section.topic is not None]
        compositions.append(
            {
                "id": composition.id,
                "digest": digest,
                "title": composition.title,
                "topics": json.dumps(topics, ensure_ascii=False),
                "now": now_s,
            }
        )
        of = {"composition_id": composition.id}
        parts += [of | {"number": number, "payload": payload} for number, payload in enumerate(composition.parts, 1)]
        for number, story in enumerate(composition.digest.stories, 1):
            if id(story) not in shown:
                shown[id(story)] = json.dumps(_shown(story), ensure_ascii=False)
            stories.append(
                of
                | {
                    "number": number,
                    "lead_key": story.lead.key,
                    "domains": json.dumps(sorted(provider.domain for provider in story.providers)),
                    "seen": shown[id(story)],
                }
            )
            delivered += [
                of | {"story": number, "key": key, "member": int(member)}
                for key, member in _delivered_keys(story).items()
            ]
    return compositions, parts, stories, delivered


def _delivered_keys(story: Story) -> dict[str, bool]:
    """Return all addresses that count as delivered with a story, and whether each is one of its own articles."""
    own = {key for article in (story.lead, *story.folded) for key in article.keys}
    settled = story.covered_keys or tuple(own)
    delivered = dict.fromkeys((*(link.key for link in story.roundup), *settled, story.lead.key))
    return {key: key in own for key in delivered}


def _shown(story: Story) -> dict[str, Any]:
    """Return what a reader saw of a story, as `_read_stories` reads it."""
    lead, update = story.lead, story.update
    articles = (lead, *story.folded, *story.also)
    titles = (*(article.title for article in (lead, *story.also)), *(link.title for link in story.roundup))
    return _shown_of(lead) | {
        "also": [_shown_of(article) | {"key": article.key, "headlines": (article.title,)} for article in story.also],
        "headlines": tuple(dict.fromkeys((*titles, *(article.title for article in story.folded)))),
        "files": [(article.path, to_seconds_or_none(article.published_at)) for article in articles],
        "root": update.root if update is not None else lead.key,
        "update": update is not None,
    }


def _shown_of(article: Article) -> dict[str, Any]:
    return {
        "title": article.title,
        "excerpt": article.excerpt,
        "topics": article.topics,
        "domain": article.provider.domain if article.provider is not None else None,
        "at": to_seconds_or_none(article.published_at),
    }


def _delivered_story(
    lead_key: str, domains: Sequence[str | None], until_at: int, shown: Mapping[str, Any]
) -> DeliveredStory:
    domain = shown.get("domain")
    return DeliveredStory(
        lead_key=lead_key,
        domains=frozenset(filter(None, domains)),
        told_at=from_seconds(until_at),
        lead=Article(
            path="",
            title=shown.get("title", ""),
            key=lead_key,
            excerpt=shown.get("excerpt", ""),
            topics=tuple(shown.get("topics", ())),
            provider=Provider(domain, domain) if domain else None,
            published_at=from_seconds_or_none(shown.get("at")),
        ),
        headlines=tuple(shown.get("headlines", ())),
        root=shown.get("root", lead_key),
        is_update=bool(shown.get("update")),
    )


_UNSHOWN = {"body": True, "related": True}
_UNSHOWN_OF_STORY: dict[str, Any] = {"lead": _UNSHOWN, "folded": {"__all__": _UNSHOWN}, "also": {"__all__": _UNSHOWN}}
"""Not needed to show an old digest: bodies, the raw lists of related links."""
_ADDED_APART = {"sections", "left_out"}
_UNSHOWN_LEFT_OUT = _UNSHOWN | {"excerpt": True, "images": True, "authors": True}
_UNSHOWN_OF_LEFT_OUT: dict[str, Any] = {
    "lead": _UNSHOWN_LEFT_OUT,
    "folded": {"__all__": _UNSHOWN_LEFT_OUT},
    "also": {"__all__": _UNSHOWN_LEFT_OUT},
}
"""Of a story that was left out only its headline, its source and its numbers are shown."""
_MOST_DROPPED = 200
"""How many dropped candidates of a digest are kept for explanations."""
_ZLIB_LEVEL = 3
"""The result is an eighth larger than with the default level, in half the time."""


class Packer:
    """Packs up to a few hundred digests; a story that several of them hold is serialized once.

    Too slow for the event loop.
    """

    def __init__(self) -> None:
        self._stories: dict[tuple[int, int], tuple[Story, bytes]] = {}

    def pack(self, digest: Digest) -> bytes:
        """Return a digest in its stored form."""
        shortened = replace(digest, sections=(), left_out=(), dropped=digest.dropped[:_MOST_DROPPED])
        document = _DIGEST.dump_json(shortened, exclude=_ADDED_APART)
        sections = b",".join(map(self._section, digest.sections))
        left_out = b",".join(map(self._left_out, digest.left_out))
        whole = b'%b,"sections":[%b],"left_out":[%b]}' % (document[:-1], sections, left_out)
        return zlib.compress(whole, _ZLIB_LEVEL)

    def _section(self, section: Section) -> bytes:
        empty = _SECTION.dump_json(replace(section, stories=()), exclude={"stories"})
        stories = b",".join([self._story(story, _UNSHOWN_OF_STORY) for story in section.stories])
        return b'%b,"stories":[%b]}' % (empty[:-1], stories)

    def _left_out(self, item: LeftOut) -> bytes:
        return b'{"story":%b,"reason":"%b"}' % (
            self._story(item.story, _UNSHOWN_OF_LEFT_OUT),
            item.reason.value.encode(),
        )

    def _story(self, story: Story, unshown: dict[str, Any]) -> bytes:
        known = self._stories.get((id(story), id(unshown)))
        if known is None:
            # The reference keeps the id from being reused.
            known = self._stories[id(story), id(unshown)] = story, _STORY.dump_json(story, exclude=unshown)
        return known[1]


_MOST_UNPACKED_BYTES = 64 * 1024 * 1024
"""A restored file can contain anything; the largest digest has a hundredth of this size."""


def _unpack(packed: bytes) -> Digest | None:
    """Return a digest from its stored form; None for anything else."""
    try:
        return _DIGEST.validate_json(zlib.decompressobj().decompress(packed, _MOST_UNPACKED_BYTES))
    except (zlib.error, ValueError, RecursionError):
        return None
