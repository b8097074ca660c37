"""What an order would have brought."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

TRIAL_DAYS: Final = 14


@dataclass(frozen=True, slots=True)
class Trial:
    """What an order would have brought in the last `day_count` days.

    Attributes:
        story_count: Stories that would have stood in its digests, no more a day than it allows.
        unfiltered_count: Stories that arrived in these days whatever they are about.
        without_query_count: Stories that would have passed without the keywords; None where the order has none.
    """

    story_count: int
    unfiltered_count: int
    without_query_count: int | None = None
    day_count: int = TRIAL_DAYS

    @property
    def per_day(self) -> float:
        """Return stories a day, on the average."""
        return self.story_count / self.day_count
