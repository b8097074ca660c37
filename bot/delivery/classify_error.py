"""Decides what an error from Discord means for a part: try again, give it up, or pause the subscription. Pure.

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
"""With the waits above this takes about eight hours."""
UNAUTHORIZED_STOP_S: Final = 60.0
BANNED_STOP_S: Final = 600.0

LASTING_ATTEMPTS: Final = 30
LONGEST_UNEXPLAINED: Final = timedelta(seconds=45)
"""An unexplained refusal may end at any moment, so the part is tried again within a minute. After `LASTING_ATTEMPTS`
(some twenty minutes) it counts as permanent."""

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
"""Before anybody is notified of one of these, the channel itself is checked."""


@dataclass(frozen=True, slots=True)
class ChannelCheck:
    """What is known about a part's channel after a refusal.

    Attributes:
        access: Whether it can be written to; None if Discord could not be asked.
        forum_gone: The whole forum is gone, not only the post that the part goes into.
        post_exists: The post that the part goes into exists, whatever the refusal says.
    """

    access: Access | None = None
    forum_gone: bool = False
    post_exists: bool = False


NOT_CHECKED: Final = ChannelCheck()


def concerns_access(error: BaseException) -> bool:
    """Check whether an error says that a channel can't be written to, which Discord can confirm."""
    return isinstance(error, discord.HTTPException) and error.code in _ABOUT_ACCESS


def says_post_gone(error: BaseException) -> bool:
    """Check whether an error says that a channel is gone."""
    return isinstance(error, discord.HTTPException) and error.code == _UNKNOWN_CHANNEL


def is_from_discord(error: discord.HTTPException) -> bool:
    """Check whether a refusal carries one of Discord's error codes; a proxy's page has none."""
    return error.code != 0


def refuses_person(error: BaseException) -> bool:
    """Check whether Discord itself says that a person can't be written to, so that trying again is pointless."""
    return isinstance(error, discord.HTTPException) and error.status in (400, 403, 404) and is_from_discord(error)


def outcome_of(
    error: BaseException, delivery: Delivery, now: datetime, *, doubtful: bool, check: ChannelCheck = NOT_CHECKED
) -> Outcome:
    """Return what to do with a part whose sending failed with `error`.

    Args:
        error: One of `bot.errors.LOST`.
        delivery: The part, with `attempt_count` as before this attempt.
        now: The present moment.
        doubtful: A request of this attempt may have been carried out without a confirming answer.
        check: What is known about its channel.
    """
    if isinstance(error, discord.RateLimited):
        return Retry(delivery, now + timedelta(seconds=error.retry_after), str(error), certain=not doubtful)
    if isinstance(error, discord.HTTPException) and error.status < 500 and error.status not in (401, 429):
        return _refusal(error, delivery, now, doubtful=doubtful, check=check)
    certain = not doubtful and isinstance(error, aiohttp.ClientConnectorError | discord.HTTPException)
    if isinstance(error, discord.HTTPException) and error.status >= 500:
        certain = False
    return retry_or_give_up(delivery, now, described(error), certain=certain)


def retry_or_give_up(delivery: Delivery, now: datetime, error: str, *, certain: bool) -> Outcome:
    """Return a retry after a growing wait; give up after `MAX_ATTEMPTS`, and one last search if it may have arrived."""
    if is_last_look(delivery) or (certain and delivery.attempt_count + 1 >= MAX_ATTEMPTS):
        return given_up(delivery, error, certain=certain)
    return Retry(delivery, now + _wait(delivery, LONGEST_RETRY), error, certain=certain)


def _wait(delivery: Delivery, longest: timedelta) -> timedelta:
    wait: timedelta = min(FIRST_RETRY * 2 ** min(delivery.attempt_count, 20), longest)
    return wait * random.uniform(0.7, 1.3)


def is_last_look(delivery: Delivery) -> bool:
    """Check whether a part has used up its attempts, and is only searched for one last time."""
    return delivery.attempt_count >= MAX_ATTEMPTS


def given_up(delivery: Delivery, error: str, *, certain: bool) -> GaveUp:
    """Return the outcome of a part that is given up; `certain` means it certainly did not arrive."""
    doubt = "" if certain else " (it may have arrived)"
    _log.error("Edition %d, part %d: given up%s: %s", delivery.edition_id, delivery.number, doubt, error)
    return GaveUp(delivery, error, certain)


def stops_everything(error: BaseException) -> float | None:
    """Return for how many seconds all sending should stop; None if `error` concerns this request only.

    0 means it depends on whether other requests succeed.
    """
    if isinstance(error, discord.HTTPException):
        if error.status == 401:
            return UNAUTHORIZED_STOP_S
        if error.status == 429:
            return BANNED_STOP_S
        return 0.0 if error.status >= 500 or not is_from_discord(error) else None
    return None if isinstance(error, discord.RateLimited) else 0.0


def described(error: BaseException) -> str:
    """Return an error as one line for the log and the outbox, without URLs."""
    if isinstance(error, discord.HTTPException):
        return f"{error.status} (error code {error.code}): {' '.join(error.text.split())[:300]}"
    return type(error).__name__


def guild_gone() -> str:
    """Return the sentence for people whose server the bot was removed from."""
    return _("I'm no longer in the server. Invite me again and digests will continue.")


def channel_gone() -> str:
    """Return the sentence for people whose digest's channel is gone."""
    return _("The channel is gone. Choose another one with /digest edit and the digest will continue.")


def unreadable(delivery: Delivery) -> Barred:
    """Return the outcome of a part that may have arrived in a channel whose history can't be read."""
    reason = _(
        "I need the Read Message History permission there, to check whether a digest has arrived."
        " Grant it and digests will continue."
    )
    return Barred(delivery, "the history can't be read", reason, PauseCause.HISTORY, certain=False)


def too_many_messages(delivery: Delivery) -> Barred:
    """Return the outcome of a part that may have arrived, followed by more messages than are searched."""
    reason = _(
        "So much has been written in the channel since then that I can't tell whether a digest has arrived."
        " Use /digest resume: that digest stays as it is, and the next one comes on time."
    )
    return Barred(delivery, "more messages than are searched", reason, PauseCause.DOUBT, certain=False)


def _refusal(
    error: discord.HTTPException, delivery: Delivery, now: datetime, *, doubtful: bool, check: ChannelCheck
) -> Outcome:
    """Return the outcome for a refusal (HTTP 4xx)."""
    code = error.code
    in_post = delivery.thread_id is not None and not check.forum_gone
    if code == _UNKNOWN_MESSAGE:
        # Discord knows the nonce but not the message: the part arrived and somebody deleted it.
        return Sent(delivery, None)
    if in_post and (code in _LOCKED or (code == _UNKNOWN_CHANNEL and not check.post_exists)):
        return Refused(delivery, described(error), certain=not doubtful)
    if code in _ABOUT_ACCESS and not (code == _UNKNOWN_CHANNEL and delivery.channel_kind is ChannelKind.DM):
        if check.access is None or check.access.is_open:
            return _unexplained(error, delivery, now, certain=not doubtful)
        # A deleted channel takes its messages with it.
        gone = check.access.state is AccessState.NO_CHANNEL
        reason, cause = pause_for(check.access)
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
    """Return a retry soon; after `LASTING_ATTEMPTS`, a pause or a final refusal."""
    if delivery.attempt_count + 1 < LASTING_ATTEMPTS:
        return Retry(delivery, now + _wait(delivery, LONGEST_UNEXPLAINED), described(error), certain=certain)
    if error.status not in (403, 404):
        return _refused(error, delivery, certain=certain)
    reason = _(
        "Discord has refused my messages there for a while (error {code}). Check my permissions; I'll keep trying."
    ).format(code=error.code or error.status)
    # After a resumption one refusal is enough to pause again.
    return Barred(
        delivery,
        described(error),
        reason,
        PauseCause.ACCESS,
        certain=certain,
        attempt_count=LASTING_ATTEMPTS - 1,
    )


def _refused(error: discord.HTTPException, delivery: Delivery, *, certain: bool) -> Refused:
    # The text includes Discord's `errors` tree, flattened by discord.py, which names what is wrong with the body.
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
    """Return the sentence for people and the cause of the pause for a channel that can't be written to."""
    match access.state:
        case AccessState.NO_GUILD:
            return guild_gone(), PauseCause.ACCESS
        case AccessState.NO_CHANNEL:
            return channel_gone(), PauseCause.FINAL
        case AccessState.LOCKED:
            return _(
                "The thread is locked. Unlock it, or give me Manage Threads, and digests will continue."
            ), PauseCause.ACCESS
        case _:
            return (
                ngettext(
                    "I need the {permissions} permission there. Grant it and digests will continue.",
                    "I need the permissions {permissions} there. Grant them and digests will continue.",
                    len(access.missing),
                ).format(permissions=", ".join(access.missing)),
                PauseCause.ACCESS,
            )


def _reason(code: int, kind: ChannelKind) -> str | None:
    """Return the sentence for people if only they can fix it; None for other codes."""
    if code == _UNKNOWN_CHANNEL and kind is ChannelKind.DM:
        return _("I can no longer send you direct messages. Subscribe again with /digest subscribe.")
    if code in _NO_DMS:
        return _(
            "Your privacy settings block my direct messages. Allow them and digests will continue within the hour."
        )
    if code in _WRONG_KIND:
        return _("The channel's type has changed. Pick it again with /digest edit and the digest will continue.")
    if code == _TAG_REQUIRED:
        return _(
            "The forum requires a tag on every post, and has none that I may use. Add one and digests will continue."
        )
    return None
