"""Maps an error to one sentence for the user and, if it is our fault, one full log line.

Exception text never reaches a channel: for an unknown error the user gets a short id that the log line has too.
"""

from __future__ import annotations

import logging
import secrets
import zlib

import aiohttp
import discord
from discord import app_commands

from bot.interactions.host import BotInteraction
from bot.interactions.responses import reply_privately
from bot.render.notice import error_notice
from bot.render.paths import without_folders
from bot.render.pressable import pressable
from digests.errors import BroadsheetError, StoreError
from digests.i18n import _

_log = logging.getLogger(__name__)

UNANSWERABLE = frozenset({10008, 10015, 10062, 40060, 50027})
"""Discord's codes after which no answer is possible: the message was dismissed (10008), the interaction came too late
(10062) or its token expired (10015, 50027), or it was already answered, by a first attempt whose receipt was lost
(40060).
"""

LOST = (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, TimeoutError, OSError)
"""The errors of a request to Discord; `aiohttp.ServerDisconnectedError` is neither an OSError nor discord.py's."""
UNREADABLE = (ValueError, AttributeError, KeyError, TypeError, zlib.error)
"""What discord.py raises for a response or gateway message that is not Discord's, such as another program's JSON."""


class NotDiscord(aiohttp.ClientError):
    """The response is not from Discord but, for instance, a proxy's own page."""


def unwrapped(error: BaseException) -> BaseException:
    """Return the error that a command raised, without discord.py's wrapping."""
    while isinstance(error, app_commands.CommandInvokeError | app_commands.TransformerError):
        inner = error.original if isinstance(error, app_commands.CommandInvokeError) else error.__cause__
        if inner is None:
            return error
        error = inner
    return error


def is_unanswerable(error: BaseException) -> bool:
    """Check whether `error` says that this interaction can't be answered, or has been."""
    return isinstance(error, discord.HTTPException) and error.code in UNANSWERABLE


def sentence_for(error: BaseException, *, doing: str) -> str:
    """Return the sentence for the user; log the error if it is not the user's.

    Args:
        error: What was raised.
        doing: What was being done, for the log: the command's name or the button's custom_id.
    """
    cause = unwrapped(error)
    if isinstance(cause, BroadsheetError):
        level = logging.ERROR if isinstance(cause, StoreError) else logging.INFO
        _log.log(level, "%s: %s: %s", doing, type(cause).__name__, cause)
        return without_folders(str(cause))
    if isinstance(cause, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
        _log.warning("%s: Discord still shows an older version of this command", doing)
        return _("This command has changed. Wait a minute, type / again and pick it again.")
    if isinstance(cause, app_commands.TransformerError):
        return _("{value} can't be used here. Pick one of the values that Discord offers.").format(value=cause.value)
    error_id = secrets.token_hex(4)
    _log.error("%s failed [%s]", doing, error_id, exc_info=cause)
    return _("Something went wrong on my side. If it happens again, give the bot's operator this number: {id}").format(
        id=error_id
    )


async def answer_error(interaction: BotInteraction, error: BaseException, *, doing: str) -> None:
    """Tell the user, and nobody else, what went wrong, whether or not an answer has begun."""
    if is_unanswerable(unwrapped(error)):
        _log.info("%s: nothing left to answer: %s", doing, unwrapped(error))
        return
    sentence = sentence_for(await _explained(interaction, unwrapped(error)), doing=doing)
    try:
        ids = interaction.client.command_ids(interaction.guild_id)
        await reply_privately(interaction, pressable(error_notice(sentence), ids, bare=True))
    except LOST as lost:
        _log.info("%s: the error could not be shown to the user: %r", doing, lost)


async def _explained(interaction: BotInteraction, error: BaseException) -> BaseException:
    """Return the database damage that explains an unexpected error, else the error itself."""
    find_damaged = interaction.client.services.find_damaged
    is_known = isinstance(error, (BroadsheetError, discord.DiscordException, *LOST))
    if is_known or find_damaged is None or not isinstance(error, Exception):
        return error
    damaged = await find_damaged(error)
    if damaged is None:
        return error
    damaged.__cause__ = error
    return damaged


class LateAnswers(logging.Filter):
    """Keeps discord.py from logging a traceback for an autocomplete answer that came too late."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return False for a record with an error after which no answer is possible."""
        error = record.exc_info[1] if record.exc_info else None
        return error is None or not is_unanswerable(unwrapped(error))


class Reconnects(logging.Filter):
    """Turns discord.py's traceback for a lost connection into one line that says why."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Append an expected error to the record's message in place of a traceback; always return True."""
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, (*LOST, discord.GatewayNotFound, discord.ConnectionClosed)):
            record.msg = f"{record.getMessage()} ({str(error) or type(error).__name__})"
            record.args = ()
            record.levelno, record.levelname = logging.WARNING, "WARNING"
            record.exc_info = record.exc_text = None
        return True
