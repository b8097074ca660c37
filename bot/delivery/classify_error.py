"""What an error of Discord means for a part on its way: try again, give the part up, or pause the subscription. Pure.

Codes are those of Discord's documentation (topics/opcodes-and-status-codes, JSON error codes).
"""

from __future__ import annotations

import logging
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import aiohttp
import discord

from bot.delivery.access import Access, AccessState
from digests.i18n import _, ngettext
from digests.models import ChannelKind, Delivery, Failure
from digests.service.outbox import Barred, GaveUp, Outcome, PauseCause, Refused, Retry, Sent

_log = logging.getLogger(__name__)

FIRST_RETRY: Final = timedelta(seconds=5)
LONGEST_RETRY: Final = timedelta(minutes=15)
MAX_ATTEMPTS: Final = 40
"""With the waits above about eight hours."""
UNAUTHORIZED_STOP_S: Final = 60.0
BANNED_STOP_S: Final = 600.0

LASTING_ATTEMPTS: Final = 30
LONGEST_UNEXPLAINED: Final = timedelta(seconds=45)
"""A refusal that nothing explains may be over at any moment, and is tried again within a minute. It has lasted after
`LASTING_ATTEMPTS`, which is some twenty minutes."""

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
_ABOUT_ACCESS: Final = frozenset({_UNKNOWN_CHANNEL, _UNKNOWN_GUILD, _MISSING_ACCESS, _MISSING_PERMISSIONS}) | _LOCKED
"""What these say has to be true of the channel still, before anybody is told of it."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a part's channel when it was refused.

    Attributes:
        access: Whether it can be written to; None where Discord could not be asked.
        forum_gone: Not only the post that the part goes into is gone, but its forum.
        post_exists: The post that the part goes into is there, whatever the refusal says.
    """

    access: Access | None = None
    forum_gone: bool = False
    post_exists: bool = False


NOTHING_SEEN: Final = Seen()


def concerns_access(error: BaseException) -> bool:
    """Check whether an error says that a channel can't be written to, which can be asked of Discord."""
    return isinstance(error, discord.HTTPException) and error.code in _ABOUT_ACCESS


def says_post_gone(error: BaseException) -> bool:
    """Check whether an error says that a channel is gone."""
    return isinstance(error, discord.HTTPException) and error.code == _UNKNOWN_CHANNEL


def is_from_discord(error: discord.HTTPException) -> bool:
    """Check whether a refusal carries one of Discord's codes; a page of a proxy on the way has none."""
    return error.code != 0


def refuses_person(error: BaseException) -> bool:
    """Check whether Discord itself says that somebody can't be written to, so that trying again is of no use."""
    return isinstance(error, discord.HTTPException) and error.status in (400, 403, 404) and is_from_discord(error)


def outcome_of(
    error: BaseException, delivery: Delivery, now: datetime, *, doubtful: bool, seen: Seen = NOTHING_SEEN
) -> Outcome:
    """Return what becomes of a part whose sending ended with `error`.

    Args:
        error: One of `bot.errors.LOST`.
        delivery: The part, with `attempt_count` as before this attempt.
        now: The present moment.
        doubtful: Some request of the attempt may have been carried out unanswered.
        seen: What is known of its channel.
    """
    if isinstance(error, discord.RateLimited):
        return Retry(delivery, now + timedelta(seconds=error.retry_after), str(error), certain=not doubtful)
    if isinstance(error, discord.HTTPException) and error.status < 500 and error.status not in (401, 429):
        return _refusal(error, delivery, now, doubtful=doubtful, seen=seen)
    certain = not doubtful and isinstance(error, aiohttp.ClientConnectorError | discord.HTTPException)
    if isinstance(error, discord.HTTPException) and error.status >= 500:
        certain = False
    return retry_or_give_up(delivery, now, described(error), certain=certain)


def retry_or_give_up(delivery: Delivery, now: datetime, error: str, *, certain: bool) -> Outcome:
    """Return another try after a growing wait, or, after `MAX_ATTEMPTS` and a last look where in doubt, the end."""
    if is_last_look(delivery) or (certain and delivery.attempt_count + 1 >= MAX_ATTEMPTS):
        return given_up(delivery, error, certain=certain)
    return Retry(delivery, now + _wait(delivery, LONGEST_RETRY), error, certain=certain)


def _wait(delivery: Delivery, longest: timedelta) -> timedelta:
    wait: timedelta = min(FIRST_RETRY * 2 ** min(delivery.attempt_count, 20), longest)
    return wait * random.uniform(0.7, 1.3)


def is_last_look(delivery: Delivery) -> bool:
    """Check whether a part was sent as often as it may be, and is only looked for once more."""
    return delivery.attempt_count >= MAX_ATTEMPTS


def given_up(delivery: Delivery, error: str, *, certain: bool) -> GaveUp:
    """Return the end of a part; `certain` means that it did not arrive."""
    doubt = "" if certain else " in doubt"
    _log.error("Edition %d, part %d: given up%s: %s", delivery.edition_id, delivery.number, doubt, error)
    return GaveUp(delivery, error, certain)


def stops_everything(error: BaseException) -> float | None:
    """Return for how many seconds nothing should be tried at all; None when `error` concerns one request.

    0 means that it depends on whether others get through.
    """
    if isinstance(error, discord.HTTPException):
        if error.status == 401:
            return UNAUTHORIZED_STOP_S
        if error.status == 429:
            return BANNED_STOP_S
        return 0.0 if error.status >= 500 or not is_from_discord(error) else None
    return None if isinstance(error, discord.RateLimited) else 0.0


def described(error: BaseException) -> str:
    """Return an error for the log and the outbox, on one line and without addresses."""
    if isinstance(error, discord.HTTPException):
        return f"{error.status} (error code {error.code}): {' '.join(error.text.split())[:300]}"
    return type(error).__name__


def guild_gone() -> str:
    """Return the sentence for people whose server the bot was removed from."""
    return _("I am not in the server any more. Invite me again, and digests go on.")


def channel_gone() -> str:
    """Return the sentence for people whose digest has no channel any more."""
    return _("The channel is gone. Give the digest another one with /digest edit, and it goes on.")


def unreadable(delivery: Delivery) -> Barred:
    """Return the outcome of a part that may have arrived in a channel whose history can't be read."""
    reason = _(
        "I need the Read Message History permission there, to see whether a digest has arrived."
        " Give it to me, and digests go on."
    )
    return Barred(delivery, "the history can't be read", reason, PauseCause.HISTORY, certain=False)


def too_many_messages(delivery: Delivery) -> Barred:
    """Return the outcome of a part that may have arrived under more messages than are looked through."""
    reason = _(
        "So much was written in the channel since that I can't see whether a digest has arrived."
        " Use /digest resume: that one stays as it is, and the next comes at its time."
    )
    return Barred(delivery, "more history than is looked through", reason, PauseCause.DOUBT, certain=False)


def _refusal(error: discord.HTTPException, delivery: Delivery, now: datetime, *, doubtful: bool, seen: Seen) -> Outcome:
    """Return the outcome of an answer that says no."""
    code = error.code
    in_post = delivery.thread_id is not None and not seen.forum_gone
    if code == _UNKNOWN_MESSAGE:
        # Its nonce is known, its message is not: the part arrived and somebody took it away.
        return Sent(delivery, None)
    if in_post and (code in _LOCKED or (code == _UNKNOWN_CHANNEL and not seen.post_exists)):
        return Refused(delivery, described(error), certain=not doubtful)
    if code in _ABOUT_ACCESS and not (code == _UNKNOWN_CHANNEL and delivery.channel_kind is ChannelKind.DM):
        if seen.access is None or seen.access.is_open:
            return _unexplained(error, delivery, now, certain=not doubtful)
        # With a channel all of its messages are gone.
        gone = seen.access.state is AccessState.NO_CHANNEL
        reason, cause = pause_for(seen.access)
        return Barred(delivery, described(error), reason, cause, certain=gone or not doubtful)
    reason_by_code = _reason(code, delivery.channel_kind)
    if reason_by_code is not None:
        cause = PauseCause.CLOSED if code in _NO_DMS else PauseCause.TAG if code == _TAG_REQUIRED else PauseCause.FINAL
        return Barred(delivery, described(error), reason_by_code, cause, certain=not doubtful)
    if not is_from_discord(error):
        return _unexplained(error, delivery, now, certain=False)
    if error.status in (403, 404) and code not in _REFUSED_TEXT:
        return _unexplained(error, delivery, now, certain=not doubtful)
    return _refused(error, delivery, certain=not doubtful)


def _unexplained(error: discord.HTTPException, delivery: Delivery, now: datetime, *, certain: bool) -> Outcome:
    """Return another try soon, or, once such refusals have lasted, a pause or the end of the part."""
    if delivery.attempt_count + 1 < LASTING_ATTEMPTS:
        return Retry(delivery, now + _wait(delivery, LONGEST_UNEXPLAINED), described(error), certain=certain)
    if error.status not in (403, 404):
        return _refused(error, delivery, certain=certain)
    reason = _(
        "Discord has refused my messages there for a while (error {code}). Check my permissions; I keep trying."
    ).format(code=error.code or error.status)
    # After the pause one refusal is enough for the next one.
    return Barred(
        delivery,
        described(error),
        reason,
        PauseCause.ACCESS,
        certain=certain,
        attempt_count=LASTING_ATTEMPTS - 1,
    )


def _refused(error: discord.HTTPException, delivery: Delivery, *, certain: bool) -> Refused:
    # Discord's `errors` tree, which discord.py has flattened into the text, names what is wrong with the body.
    _log.error(
        "Edition %d, part %d of composition %d was refused: %s",
        delivery.edition_id,
        delivery.number,
        delivery.composition_id,
        described(error),
    )
    failure = Failure.BLOCKED if error.code in _AUTOMOD else Failure.REFUSED
    return Refused(delivery, described(error), certain=certain, failure=failure)


def pause_for(access: Access) -> tuple[str, PauseCause]:
    """Return the sentence for people, and the cause of the pause, where a channel can't be written to."""
    match access.state:
        case AccessState.NO_GUILD:
            return guild_gone(), PauseCause.ACCESS
        case AccessState.NO_CHANNEL:
            return channel_gone(), PauseCause.FINAL
        case AccessState.LOCKED:
            return _(
                "The thread is locked. Unlock it, or give me Manage Threads, and digests go on."
            ), PauseCause.ACCESS
        case _:
            return (
                ngettext(
                    "I need the {permissions} permission there. Give it to me, and digests go on.",
                    "I need the permissions {permissions} there. Give them to me, and digests go on.",
                    len(access.missing),
                ).format(permissions=", ".join(access.missing)),
                PauseCause.ACCESS,
            )


def _reason(code: int, kind: ChannelKind) -> str | None:
    """Return the sentence for people where only they can help; None for another code."""
    if code == _UNKNOWN_CHANNEL and kind is ChannelKind.DM:
        return _("I can't write to your direct messages any more. Subscribe again with /digest subscribe.")
    if code in _NO_DMS:
        return _("Your privacy settings keep my direct messages out. Allow them, and digests go on within the hour.")
    if code in _WRONG_KIND:
        return _("The channel is of another kind now. Pick it again with /digest edit, and the digest goes on.")
    if code == _TAG_REQUIRED:
        return _("The forum wants a tag on every post, and has none that I may use. Add one, and digests go on.")
    return None
