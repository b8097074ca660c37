"""The answer while the very first load of the corpus is running."""

from __future__ import annotations

from bot.services import Services
from digests.errors import StillLoading
from digests.i18n import _


async def check_loaded(services: Services) -> None:
    """Check that the corpus has been loaded at least once.

    Raises:
        StillLoading: The first load is running; the sentence gives its progress.
    """
    if not services.corpus.is_loading or (await services.corpus.status()).loaded_at is not None:
        return
    done, total = services.corpus.read_count
    if not total:
        raise StillLoading(_("I'm reading the articles for the first time. Ask again in a moment."))
    raise StillLoading(
        _(
            "I'm reading the articles for the first time: {done:,} of {total:,} files so far. Ask again in a moment."
        ).format(done=done, total=total)
    )
