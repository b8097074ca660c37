"""Histories lived through in tests: written down step by step, with what became of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from digests.models import Cadence, Digest, Policy
from digests.service.replay import Ledger, replay

BEGIN = datetime(2021, 3, 1, 10, tzinfo=UTC)
"""Two hours after an edition: the first of a history that begins here comes 22 hours later."""

DAILY = Cadence((time(8),))

Step = tuple[float, Mapping[str, str | None]]
"""Hours after `BEGIN`, and the files that changed with their new text."""


@dataclass
class Life:
    """What became of a history."""

    ledger: Ledger
    digests: list[Digest]

    @property
    def leads(self) -> list[list[str]]:
        """The leads of each edition, by address."""
        return [[story.lead.key for story in digest.stories] for digest in self.digests]

    @property
    def outcomes(self) -> dict[str, int]:
        """The counts that are not zero."""
        return {outcome.name: count for outcome, count in self.ledger.count().items() if count}


async def live(folder: Path, *steps: Step, policy: Policy | None = None, cadence: Cadence = DAILY) -> Life:
    """Replay a history, with an edition at 08:00 UTC if no other cadence is given."""
    lines = [
        {
            "time": (BEGIN + timedelta(hours=hours)).isoformat(),
            "changes": [{"path": path, "text": text} for path, text in changes.items()],
        }
        for hours, changes in steps
    ]
    history = folder / "history.jsonl"
    history.write_text("\n".join(json.dumps(line) for line in lines))
    digests: list[Digest] = []
    ledger = await replay(
        history,
        cadence=cadence,
        policy=policy or Policy(),
        on_edition=lambda _day, digest: digests.append(digest),
    )
    return Life(ledger, digests)
