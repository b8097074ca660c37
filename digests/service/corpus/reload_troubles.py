"""Records since when and why reloads fail, and whether the owners were notified; survives a restart."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta
from typing import Final

from digests.errors import BroadsheetError, ReloadRefused, StoreError
from digests.models import CorpusTrouble
from digests.store.settings import SettingsStore

_log = logging.getLogger(__name__)

_NAME: Final = "corpus_trouble"
QUIET: Final = timedelta(hours=24)
"""If the trouble returns within this time of the last notice, nobody is notified again."""


class CorpusTroubles:
    """Records how reloads end. `current` needs no database, so that a health check can always use it."""

    def __init__(self, settings: SettingsStore) -> None:
        self._settings = settings
        self._current: CorpusTrouble | None = None
        self._told_at: datetime | None = None

    @property
    def current(self) -> CorpusTrouble | None:
        """The current trouble; None if the last reload succeeded."""
        return self._current

    async def load_recorded(self) -> None:
        """Read what an earlier run recorded."""
        stored = json.loads(await self._settings.find(_NAME) or "{}")
        if stored.get("since"):
            since = datetime.fromtimestamp(stored["since"], UTC)
            self._current = CorpusTrouble(since, stored["sentence"], refused=bool(stored["refused"]))
        if stored.get("told_at"):
            self._told_at = datetime.fromtimestamp(stored["told_at"], UTC)

    async def record(self, error: BroadsheetError | None, now: datetime) -> None:
        """Record that a reload failed, or succeeded (None)."""
        before = self._current
        if error is None:
            self._current = None
        else:
            since = now if before is None else before.since
            self._current = CorpusTrouble(since, str(error), refused=isinstance(error, ReloadRefused))
        if self._current != before:
            await self._save()

    def is_notice_due(self, now: datetime) -> bool:
        """Check whether the owners should be notified now."""
        if self._current is None:
            return False
        return self._told_at is None or (self._told_at < self._current.since and now - self._told_at >= QUIET)

    async def set_notified(self, now: datetime) -> None:
        """Record that the owners were notified."""
        self._told_at = now
        await self._save()

    async def _save(self) -> None:
        trouble = self._current
        values = {
            "since": None if trouble is None else int(trouble.since.timestamp()),
            "sentence": None if trouble is None else trouble.sentence,
            "refused": trouble is not None and trouble.refused,
            "told_at": None if self._told_at is None else int(self._told_at.timestamp()),
        }
        try:
            await self._settings.set(_NAME, json.dumps(values))
        except StoreError as error:
            _log.warning("Outcome of the reload could not be recorded in state.db: %s", error)
