"""Use-cases of past editions: when the last ones arrived, and what is in them and why."""

from __future__ import annotations

from collections.abc import Mapping

from digests.composing.absence import explain_absence
from digests.editions import local_date
from digests.errors import NotFound
from digests.i18n import _
from digests.models import Digest, LatestEditions, PastEdition, Policy, Subscription
from digests.models.absence import Absence
from digests.service.digests import DigestService
from digests.service.editions import EditionService
from digests.service.search import SearchService
from digests.store.outbox.past_editions import PastEditionStore


class PastEditions:
    """Access to what was delivered, for lists and explanations."""

    def __init__(
        self, store: PastEditionStore, editions: EditionService, digests: DigestService, search: SearchService
    ) -> None:
        self._store = store
        self._editions = editions
        self._digests = digests
        self._search = search

    async def latest(self, *subscription_ids: int) -> Mapping[int, LatestEditions]:
        """Return when subscriptions were last delivered stories, and their last quiet days."""
        return await self._store.list_latest(subscription_ids)

    async def list_past(self, subscription_id: int, count: int = 10) -> tuple[PastEdition, ...]:
        """Return a subscription's editions that were delivered or stayed quiet, newest first."""
        return await self._store.list_past(subscription_id, limit=count)

    async def find_delivered(self, composition_id: int, channel_id: int | None) -> PastEdition | None:
        """Return the edition that a digest's buttons belong to, preferably the one sent to the given channel."""
        return await self._store.find_by_composition(composition_id, channel_id)

    async def find_by_message(self, message_id: int, *subscription_ids: int) -> PastEdition | None:
        """Return the edition of one of some subscriptions that a message is part of."""
        return await self._store.find_by_message(message_id, subscription_ids)

    async def get_digest(self, edition: PastEdition, subscription: Subscription) -> Digest:
        """Return an edition's digest; a quiet one is composed again, given what had been delivered before it.

        Raises:
            NotFound: It is too old.
        """
        if edition.composition_id is not None:
            return await self._editions.get_digest(edition.composition_id)
        timezone = subscription.cadence.timezone
        delivered = self._editions.ask_delivered(
            subscription.id, edition.window.until, before_id=edition.id, story=subscription.story
        )
        return await self._digests.compose(
            self._editions.policy_for(subscription),
            edition.window,
            delivered,
            local_date=local_date(edition.window.until, timezone),
            timezone=timezone,
        )

    async def explain_absence(self, typed: str, digest: Digest, policy: Policy) -> Absence:
        """Return what became of an article, given by its address, when a digest was composed.

        Raises:
            InvalidInput: What was typed is not an address.
            NotFound: No article has it.
        """
        article = await self._search.find_at_address(typed, None, with_body=bool(policy.keywords or policy.query))
        if article is None:
            raise NotFound(
                _(
                    "No article with this address is in the corpus, so no digest can include it."
                    " /news finds what there is; /corpus problems lists files that could not be read."
                )
            )
        # A digest of a whole local day is composed from publication times.
        return explain_absence(article, digest, policy, by_publication=digest.window.closed_left)
