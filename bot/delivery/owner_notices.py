"""Notifies the bot's owners, once and by direct message, of problems that only they can fix."""

from __future__ import annotations

import logging
from datetime import datetime

import discord

from bot.component_view import ComponentView
from bot.delivery.classify_error import described, refuses_person
from bot.errors import LOST
from bot.interactions.permissions import owner_ids
from bot.render.corpus import trouble_in_words
from bot.render.notice import error_notice
from digests.i18n import _
from digests.service.corpus.reload_troubles import CorpusTroubles

_log = logging.getLogger(__name__)


async def notify_owners(client: discord.Client, troubles: CorpusTroubles, now: datetime) -> int:
    """Notify the owners if reloads have started to fail; return how many were notified."""
    trouble = troubles.current
    if trouble is None or not troubles.is_notice_due(now):
        return 0
    sentence = _("I can't bring the news up to date. {reason}").format(reason=trouble_in_words(trouble))
    notified = 0
    for owner_id in sorted(owner_ids(client.application)):
        try:
            channel = await client.create_dm(discord.Object(owner_id))
            await channel.send(
                view=ComponentView(error_notice(sentence)),
                nonce=f"stale{int(trouble.since.timestamp())}.{owner_id % 10**8}",
            )
            notified += 1
        except LOST as error:
            _log.info("Owner %d could not be notified about the corpus: %s", owner_id, described(error))
            if not refuses_person(error):
                return notified  # tried again in a minute; the nonce keeps the others from getting it twice
    await troubles.set_notified(now)
    return notified
