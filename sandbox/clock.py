"""The stand-in's own clock and its snowflakes; it may be moved forward while the bot runs."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

DISCORD_EPOCH_MS = 1_420_070_400_000


class Clock:
    """The clock of the stand-in's world.

    Args:
        source: Returns Unix seconds; the computer's clock unless a test passes its own.
    """

    def __init__(self, source: Callable[[], float] = time.time) -> None:
        self._source = source
        self._offset_s = 0.0

    def now(self) -> float:
        """Return Unix seconds."""
        return self._source() + self._offset_s

    def advance(self, seconds: float) -> None:
        """Move the clock forward; tokens and nonces age with it."""
        self._offset_s += seconds

    def travel(self, moment: datetime) -> None:
        """Set the clock to `moment` (aware); it keeps running from there."""
        self._offset_s = moment.timestamp() - self._source()


class Snowflakes:
    """Generates unique ids that grow with time, even if the clock goes back."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> int:
        """Return the next id."""
        fresh = (int(self._clock.now() * 1000) - DISCORD_EPOCH_MS) << 22
        self._last = fresh if fresh > self._last else self._last + 1
        return self._last


def created_at(snowflake: int) -> datetime:
    """Return the moment encoded in a snowflake."""
    return datetime.fromtimestamp(((snowflake >> 22) + DISCORD_EPOCH_MS) / 1000, UTC)


def iso(seconds: float) -> str:
    """Return Unix seconds in Discord's timestamp format."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds")
