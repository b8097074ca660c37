"""Checks bodies that create or edit a message: content, embeds, components, files, mentions, nonce."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sandbox.entities import EPHEMERAL, IS_COMPONENTS_V2, SUPPRESS_EMBEDS, SUPPRESS_NOTIFICATIONS, Message
from sandbox.errors import Path, Problems, refusal
from sandbox.validation import fields
from sandbox.validation.components import Checker
from sandbox.wire import Components

MAX_CONTENT_CHARS: Final = 2000
"""For a bot (docs, resources/message); the API description's 4000 is for Nitro subscribers."""
MAX_EMBEDS_CHARS: Final = 6000
_SETTABLE: Final = SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | IS_COMPONENTS_V2
_WEB: Final = ("http", "https")


@dataclass(slots=True)
class AllowedMentions:
    """Whom a message may notify; `parse` holds "users", "roles", "everyone"."""

    parse: frozenset[str]
    users: frozenset[int] = frozenset()
    roles: frozenset[int] = frozenset()


ALL_MENTIONS: Final = AllowedMentions(frozenset(("users", "roles", "everyone")))
USER_MENTIONS: Final = AllowedMentions(frozenset(("users",)))


@dataclass(slots=True)
class Draft:
    """A checked message body; in an edit None means that the field stays as it is."""

    content: str | None
    embeds: list[dict[str, Any]] | None
    components: list[dict[str, Any]] | None
    attachments: list[dict[str, Any]] | None
    flags: int
    mentions: AllowedMentions | None
    nonce: str | int | None
    enforce_nonce: bool
    reference: dict[str, Any] | None


def read(
    body: Any,
    *,
    new_id: Callable[[], int],
    files: frozenset[str] = frozenset(),
    path: Path = (),
    ephemeral_allowed: bool = False,
    before: Message | None = None,
) -> Draft:
    """Check a message body.

    Args:
        body: The JSON as received.
        new_id: Returns a new id, for an attachment.
        files: Names of the uploaded files.
        path: The position of the message inside a larger body.
        ephemeral_allowed: Whether the flag EPHEMERAL may be set (interaction answers).
        before: The message that is being edited; None for a new one.

    Raises:
        ApiError: 50035 with the tree of faults, or 50006 for a message without anything in it.
    """
    problems = Problems()
    checked = fields.mapping(problems, path, body)
    if checked is None:
        problems.check()
        raise refusal(50006)
    flags = fields.integer(problems, path, checked, "flags", 0, 2**31 - 1) or 0
    flags &= _SETTABLE | (EPHEMERAL if ephemeral_allowed else 0)
    v2 = bool(flags & IS_COMPONENTS_V2) or (before is not None and bool(before.flags & IS_COMPONENTS_V2))
    content = fields.text(problems, path, checked, "content", 0, MAX_CONTENT_CHARS)
    if content is not None:
        content = content.strip()
    embeds = _embeds(problems, path, checked)
    attachments = _attachments(problems, path, checked, files, new_id, before)
    known = files | {entry["filename"] for entry in (attachments if attachments is not None else ())}
    if before is not None and attachments is None:
        known |= {entry["filename"] for entry in before.attachments}
    components = _components(problems, path, checked, frozenset(known), v2=v2)
    nonce, enforce = _nonce(problems, path, checked)
    mentions = _mentions(problems, path, checked)
    fields.boolean(problems, path, checked, "tts")
    if v2:
        _check_v2(problems, path, content, embeds, checked, before)
    problems.check()
    if before is None and not (content or embeds or components or attachments or checked.get("poll")):
        raise refusal(50006)
    reference = checked.get("message_reference")
    draft = Draft(
        content=content if "content" not in checked or content is not None else "",
        embeds=embeds if "embeds" not in checked or embeds is not None else [],
        components=components if "components" not in checked or components is not None else [],
        attachments=attachments,
        flags=flags,
        mentions=mentions,
        nonce=nonce,
        enforce_nonce=enforce,
        reference=reference if isinstance(reference, dict) else None,
    )
    if before is not None:
        _check_left(draft, before)
    return draft


def _check_left(draft: Draft, before: Message) -> None:
    """Refuse an edit that leaves the message empty."""
    left = (
        before.content if draft.content is None else draft.content,
        before.embeds if draft.embeds is None else draft.embeds,
        before.components if draft.components is None else draft.components,
        before.attachments if draft.attachments is None else draft.attachments,
    )
    if not any(left):
        raise refusal(50006)


def _check_v2(
    problems: Problems,
    path: Path,
    content: str | None,
    embeds: list[dict[str, Any]] | None,
    body: dict[str, Any],
    before: Message | None,
) -> None:
    """Check that Components V2 come without content, embeds, poll and stickers; an edit must clear the old ones."""
    left_content = before is not None and "content" not in body and bool(before.content)
    left_embeds = before is not None and "embeds" not in body and bool(before.embeds)
    for key, present in (
        ("content", bool(content) or left_content),
        ("embeds", bool(embeds) or left_embeds),
        ("poll", body.get("poll") is not None),
        ("sticker_ids", bool(body.get("sticker_ids"))),
    ):
        if present:
            problems.add(
                (*path, key),
                "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
            )


def _components(
    problems: Problems,
    path: Path,
    body: dict[str, Any],
    files: frozenset[str],
    *,
    v2: bool,
) -> list[dict[str, Any]] | None:
    value = body.get("components")
    if value is None:
        return None
    if not isinstance(value, list):
        problems.add((*path, "components"), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType.")
        return None
    # Replaced by the first equal copy, so that equal bodies in the log take up space once.
    body["components"], result, found = _check_components((*path, "components"), json.dumps(value), files, v2=v2)
    problems.merge(found)
    return result


@lru_cache(maxsize=256)
def _check_components(
    path: Path, text: str, files: frozenset[str], *, v2: bool
) -> tuple[list[Any], Components, Problems]:
    """Check components given as JSON; the same digest goes to thousands of channels and is checked once.

    Returns:
        The components as received and as Discord returns them, neither to be changed in place, and their faults.
    """
    value = json.loads(text)
    problems = Problems()
    return value, Components(Checker(problems, files).message(path, value, v2=v2)), problems


def _nonce(problems: Problems, path: Path, body: dict[str, Any]) -> tuple[str | int | None, bool]:
    nonce = body.get("nonce")
    enforce = bool(fields.boolean(problems, path, body, "enforce_nonce"))
    if isinstance(nonce, int) and not isinstance(nonce, bool):
        if not -(2**63) <= nonce < 2**63:
            problems.add((*path, "nonce"), "NUMBER_TYPE_MAX", "int value should be a 64 bit number.")
        return nonce, enforce
    return fields.text(problems, path, body, "nonce", 0, 25), enforce


def _mentions(problems: Problems, path: Path, body: dict[str, Any]) -> AllowedMentions | None:
    value = body.get("allowed_mentions")
    if value is None:
        return None
    place = (*path, "allowed_mentions")
    checked = fields.mapping(problems, place, value)
    if checked is None:
        return None
    parse = frozenset(str(kind) for kind in fields.items(problems, place, checked, "parse", 0, 1521) or ())
    if not parse <= ALL_MENTIONS.parse:
        problems.add((*place, "parse"), "BASE_TYPE_CHOICES", "Value must be one of {'everyone', 'roles', 'users'}.")
    lists: dict[str, frozenset[int]] = {}
    for key in ("users", "roles"):
        entries = fields.items(problems, place, checked, key, 0, 100) or []
        ids = [fields.snowflake(problems, (*place, key, index), entry) for index, entry in enumerate(entries)]
        lists[key] = frozenset(number for number in ids if number is not None)
        if entries and key in parse:
            problems.add(
                place,
                "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                f'parse:["{key}"] and {key}: [ids...] are mutually exclusive.',
            )
    return AllowedMentions(parse, lists["users"], lists["roles"])


def _attachments(
    problems: Problems,
    path: Path,
    body: dict[str, Any],
    files: frozenset[str],
    new_id: Callable[[], int],
    before: Message | None,
) -> list[dict[str, Any]] | None:
    listed = fields.items(problems, path, body, "attachments", 0, 10)
    if listed is None and not files:
        return None
    kept: list[dict[str, Any]] = []
    by_id = {entry["id"]: entry for entry in before.attachments} if before is not None else {}
    for index, entry in enumerate(listed or ()):
        place = (*path, "attachments", index)
        checked = fields.mapping(problems, place, entry)
        if checked is None:
            continue
        fields.text(problems, place, checked, "description", 0, 1024)
        old = by_id.get(str(checked.get("id")))
        if old is not None:
            kept.append(old)
    if len(kept) + len(files) > 10:
        problems.add((*path, "attachments"), "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")
    for name in sorted(files):
        number = new_id()
        url = f"https://cdn.discordapp.com/attachments/0/{number}/{name}"
        kept.append({"id": str(number), "filename": name, "size": 0, "url": url, "proxy_url": url})
    return kept


def _embeds(problems: Problems, path: Path, body: dict[str, Any]) -> list[dict[str, Any]] | None:
    embeds = fields.items(problems, path, body, "embeds", 0, 10)
    if embeds is None:
        return None
    total = 0
    built: list[dict[str, Any]] = []
    for index, embed in enumerate(embeds):
        place = (*path, "embeds", index)
        checked = fields.mapping(problems, place, embed)
        if checked is None:
            continue
        total += _embed(problems, place, checked)
        built.append({"type": "rich", **{key: value for key, value in checked.items() if value is not None}})
    if total > MAX_EMBEDS_CHARS:
        problems.add(
            (*path, "embeds"), "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {MAX_EMBEDS_CHARS}"
        )
    return built


def _embed(problems: Problems, path: Path, embed: dict[str, Any]) -> int:
    """Check one embed and return the characters that count towards the 6000."""
    total = len(fields.text(problems, path, embed, "title", 0, 256) or "")
    total += len(fields.text(problems, path, embed, "description", 0, 4096) or "")
    fields.url(problems, path, embed, "url", 2048, _WEB)
    fields.integer(problems, path, embed, "color", 0, 0xFFFFFF)
    fields.text(problems, path, embed, "timestamp", 0, 64)
    for key, inner, high in (("footer", "text", 2048), ("author", "name", 256)):
        part = embed.get(key)
        if part is not None:
            checked = fields.mapping(problems, (*path, key), part)
            if checked is not None:
                total += len(fields.text(problems, (*path, key), checked, inner, 1, high, required=True) or "")
                fields.url(problems, (*path, key), checked, "url", 2048, _WEB)
    for key in ("image", "thumbnail"):
        part = embed.get(key)
        if part is not None:
            checked = fields.mapping(problems, (*path, key), part)
            if checked is not None:
                fields.url(problems, (*path, key), checked, "url", 2048, ("http", "https", "attachment"))
    for index, entry in enumerate(fields.items(problems, path, embed, "fields", 0, 25) or ()):
        place = (*path, "fields", index)
        checked = fields.mapping(problems, place, entry)
        if checked is not None:
            total += len(fields.text(problems, place, checked, "name", 1, 256, required=True) or "")
            total += len(fields.text(problems, place, checked, "value", 1, 1024, required=True) or "")
    if not any(embed.get(key) for key in ("title", "description", "fields", "image", "thumbnail", "footer", "author")):
        problems.add(path, "EMBED_EMPTY", "Embed cannot be empty")
    return total
