"""What an error of Discord means for a part on its way: try again, give the part up, or pause the subscription. Pure.

Codes are those of Discord's documentation (topics/opcodes-and-status-codes, JSON error codes).
"""

from __future__ import annotations

import logging
import random
from datetime import datetime, timedelta
from typing import Final

import aiohttp
import discord

from digests.i18n import _
from digests.models import ChannelKind, Delivery, Failure
from digests.service.outbox import Barred, GaveUp, Outcome, PauseCause, Refused, Retry, Sent

_log = logging.getLogger(__name__)

FIRST_RETRY: Final = timedelta(seconds=5)
LONGEST_RETRY: Final = timedelta(minutes=15)
MAX_ATTEMPTS: Final = 40
"""With the waits above about eight hours."""
UNAUTHORIZED_STOP_S: Final = 60.0
BANNED_STOP_S: Final = 600.0

_UNKNOWN_CHANNEL: Final = 10003
_UNKNOWN_GUILD: Final = 10004
_UNKNOWN_MESSAGE: Final = 10008
_TAG_REQUIRED: Final = 40067
_MISSING_ACCESS: Final = 50001
_MISSING_PERMISSIONS: Final = 50013
_NO_DMS: Final = frozenset({50007, 50278})
_WRONG_KIND: Final = frozenset({40058, 50008, 50024})
_LOCKED: Final = frozenset({50083, 160005})
_AUTOMOD: Final = frozenset({200000, 200001})
_REFUSED_TEXT: Final = _AUTOMOD | {240000}
_MAY_COME_BACK: Final = frozenset({_UNKNOWN_GUILD, _MISSING_ACCESS, _MISSING_PERMISSIONS})


def outcome_of(
    error: BaseException, delivery: Delivery, now: datetime, *, doubtful: bool, forum_gone: bool = False
) -> Outcome:
    """Returns what becomes of a part whose sending ended with `error`.

    Args:
        error: One of `bot.errors.LOST`.
        delivery: The part, with `attempt_count` as before this attempt.
        now: The present moment.
        doubtful: Some request of the attempt may have been carried out unanswered.
        forum_gone: Not only the post that the part goes into is gone, but its forum.
    """
    if isinstance(error, discord.RateLimited):
        return Retry(delivery, now + timedelta(seconds=error.retry_after), str(error), certain=not doubtful)
    if isinstance(error, discord.HTTPException) and error.status < 500 and error.status not in (401, 429):
        return _refusal(error, delivery, doubtful=doubtful, forum_gone=forum_gone)
    certain = not doubtful and isinstance(error, aiohttp.ClientConnectorError | discord.HTTPException)
    if isinstance(error, discord.HTTPException) and error.status >= 500:
        certain = False
    return retry_or_give_up(delivery, now, described(error), certain=certain)


def retry_or_give_up(delivery: Delivery, now: datetime, error: str, *, certain: bool) -> Outcome:
    """Returns another try after a growing wait, or, after `MAX_ATTEMPTS` and a last look where in doubt, the end."""
    if is_last_look(delivery) or (certain and delivery.attempt_count + 1 >= MAX_ATTEMPTS):
        return given_up(delivery, error, certain=certain)
    wait = min(FIRST_RETRY * 2 ** min(delivery.attempt_count, 20), LONGEST_RETRY) * random.uniform(0.7, 1.3)
    return Retry(delivery, now + wait, error, certain=certain)


def is_last_look(delivery: Delivery) -> bool:
    """Tells whether a part was sent as often as it may be, and is only looked for once more."""
    return delivery.attempt_count >= MAX_ATTEMPTS


def given_up(delivery: Delivery, error: str, *, certain: bool) -> GaveUp:
    """Returns the end of a part; `certain` tells that it did not arrive."""
    doubt = "" if certain else " in doubt"
    _log.error("Edition %d, part %d: given up%s: %s", delivery.edition_id, delivery.number, doubt, error)
    return GaveUp(delivery, error, certain)


def stops_everything(error: BaseException) -> float | None:
    """Returns for how many seconds nothing should be tried at all; None when `error` concerns one request.

    0 means that it depends on whether others get through.
    """
    if isinstance(error, discord.HTTPException):
        if error.status == 401:
            return UNAUTHORIZED_STOP_S
        if error.status == 429:
            return BANNED_STOP_S
        return 0.0 if error.status >= 500 else None
    return None if isinstance(error, discord.RateLimited) else 0.0


def described(error: BaseException) -> str:
    """Returns an error for the log and the outbox, on one line and without addresses."""
    if isinstance(error, discord.HTTPException):
        return f"{error.status} (error code {error.code}): {' '.join(error.text.split())[:300]}"
    return type(error).__name__


def channel_gone() -> str:
    """Returns the sentence for people whose digest has no channel any more."""
    return _("The channel is gone. Give the digest another one with /digest edit, and it goes on.")


def unreadable(delivery: Delivery) -> Barred:
    """Returns the outcome of a part that may have arrived in a channel whose history can't be read."""
    reason = _(
        "I could not see whether a digest arrived, because I lack Read Message History there."
        " Give me that permission, then use /digest resume."
    )
    return Barred(delivery, "the history can't be read", reason, PauseCause.FINAL, certain=False)


def _refusal(error: discord.HTTPException, delivery: Delivery, *, doubtful: bool, forum_gone: bool) -> Outcome:
    """Returns the outcome of an answer that will be the same next time."""
    in_post = delivery.thread_id is not None and not forum_gone
    if error.code == _UNKNOWN_MESSAGE:
        # Its nonce is known, its message is not: the part arrived and somebody took it away.
        return Sent(delivery, None)
    if in_post and (error.code == _UNKNOWN_CHANNEL or error.code in _LOCKED):
        return Refused(delivery, described(error), certain=not doubtful)
    reason = _reason(error.code, error.status, delivery.channel_kind)
    if reason is not None:
        cause = PauseCause.ACCESS if error.code in _MAY_COME_BACK else PauseCause.FINAL
        # With a channel all of its messages are gone. A member's DMs are only forgotten.
        gone = error.code == _UNKNOWN_CHANNEL and delivery.channel_kind is not ChannelKind.DM
        return Barred(delivery, described(error), reason, cause, certain=gone or not doubtful)
    # Discord's `errors` tree, which discord.py has flattened into the text, names what is wrong with the body.
    _log.error(
        "Edition %d, part %d of composition %d was refused: %s",
        delivery.edition_id,
        delivery.number,
        delivery.composition_id,
        described(error),
    )
    failure = Failure.BLOCKED if error.code in _AUTOMOD else Failure.REFUSED
    return Refused(delivery, described(error), certain=not doubtful, failure=failure)


def _reason(code: int, status: int, kind: ChannelKind) -> str | None:
    """Returns the sentence for people where the channel can't be written to; None when the part itself is at fault."""
    if code == _UNKNOWN_CHANNEL:
        if kind is ChannelKind.DM:
            return _("I can't write to your direct messages any more. Subscribe again with /digest subscribe.")
        return channel_gone()
    if code == _UNKNOWN_GUILD:
        return _("I am not in the server any more. Invite me again, and digests go on.")
    if code == _MISSING_ACCESS:
        return _("I can't see the channel. Give me View Channel there, and digests go on.")
    if code == _MISSING_PERMISSIONS:
        permission = _("Send Messages in Threads") if kind is ChannelKind.THREAD else _("Send Messages")
        return _("I may not write in the channel. Give me {permission} there, and digests go on.").format(
            permission=permission
        )
    if code in _NO_DMS:
        return _("Your privacy settings keep my direct messages out. Allow them, then use /digest resume.")
    if code in _WRONG_KIND:
        return _("The channel is of another kind now. Pick it anew with /digest edit, and the digest goes on.")
    if code in _LOCKED:
        return _("The thread is locked. Unlock it, or give me Manage Threads, then use /digest resume.")
    if code == _TAG_REQUIRED:
        return _("The forum wants a tag on every post, and has none that I may use. Add one, then use /digest resume.")
    if status in (403, 404) and code not in _REFUSED_TEXT:
        return _(
            "Discord does not let me write there (error {code}). Check my permissions, then use /digest resume."
        ).format(code=code)
    return None
