"""What is answered while there is nothing to answer with yet: the very first load of the corpus."""

from __future__ import annotations

from bot.services import Services
from digests.errors import StillLoading
from digests.i18n import _


async def check_loaded(services: Services) -> None:
    """Check that the corpus was loaded once.

    Raises:
        StillLoading: Its first load is under way; the sentence says how far it is.
    """
    if not services.corpus.is_loading or (await services.corpus.status()).loaded_at is not None:
        return
    done, total = services.corpus.read_count
    if not total:
        raise StillLoading(_("I am reading the news for the first time. Ask again in a moment."))
    raise StillLoading(
        _(
            "I am reading the news for the first time: {done:,} of {total:,} files so far. Ask again in a moment."
        ).format(done=done, total=total)
    )
