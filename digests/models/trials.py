"""What an order would have delivered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

TRIAL_DAYS: Final = 14


@dataclass(frozen=True, slots=True)
class Trial:
    """What an order would have delivered in the last `day_count` days.

    Attributes:
        story_count: Stories that would have been in its digests, within the order's limit per day.
        unfiltered_count: All stories that arrived in these days.
        without_query_count: Stories that would have passed without the keywords; None if the order has none.
    """

    story_count: int
    unfiltered_count: int
    without_query_count: int | None = None
    day_count: int = TRIAL_DAYS

    @property
    def per_day(self) -> float:
        """Return the average number of stories per day."""
        return self.story_count / self.day_count
