"""How fast digests go out: a steady rate that stays under Discord's global limit, and a stop when all goes wrong.

Knows neither digests nor channels.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable

DEFAULT_PER_SECOND = 40.0
"""Discord allows 50 requests a second in all (FACTS: docs, topics/rate-limits); the rest is for answers to people."""
BURST_S = 0.2
"""How much of a second's allowance may go at once after a pause: 40 a second stay below 50 in any second."""


class TokenBucket:
    """A token bucket: `await turn()` before each request keeps them at a rate. 0 a second means no bound."""

    def __init__(self, per_second: float = DEFAULT_PER_SECOND, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_second
        self._capacity = max(per_second * BURST_S, 1.0)
        self._clock = clock
        self._tokens = self._capacity
        self._counted_s = clock()
        self._lock = asyncio.Lock()

    async def turn(self) -> None:
        """Wait for the next turn; turns are given in the order in which they were asked for.

        One at a time and by the clock at that moment: after the event loop was held up, or the computer slept, what
        has piled up doesn't go all at once.
        """
        if self._per_second <= 0:
            return
        async with self._lock:
            self._refill()
            if self._tokens < 1:
                await asyncio.sleep((1 - self._tokens) / self._per_second)
                self._refill()
            self._tokens -= 1

    def _refill(self) -> None:
        now = self._clock()
        self._tokens = min(self._tokens + (now - self._counted_s) * self._per_second, self._capacity)
        self._counted_s = now


class CircuitBreaker:
    """Stops everything when nothing gets through, and lets one request at a time try whether it does again.

    A single broken channel among working ones never trips it: any success starts the count again.
    """

    def __init__(
        self,
        *,
        threshold: int = 5,
        first_s: float = 0.5,
        longest_s: float = 30.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare the breaker.

        Args:
            threshold: Failures in a row that trip it.
            first_s: The first stop; each further one is twice as long.
            longest_s: The longest.
            clock: Monotonic seconds.
        """
        self._threshold = threshold
        self._first_s = first_s
        self._longest_s = longest_s
        self._clock = clock
        self._failures = 0
        self._until_s = 0.0

    @property
    def is_tripped(self) -> bool:
        """Whether at most one request may be under way."""
        return self._failures >= self._threshold

    @property
    def wait_s(self) -> float:
        """Seconds until the next try; 0 when one may go now."""
        return max(self._until_s - self._clock(), 0.0) if self.is_tripped else 0.0

    def succeed(self) -> None:
        """Something got through."""
        self._failures = 0

    def fail(self, *, at_least_s: float = 0.0) -> None:
        """Nothing got through; `at_least_s` trips the breaker at once for so long."""
        if self.wait_s >= max(at_least_s, 0.001):
            return  # one of those that were under way when it tripped: no news
        self._failures = max(self._failures + 1, self._threshold if at_least_s else 0)
        if self.is_tripped:
            steps = min(self._failures - self._threshold, 20)
            stop_s = min(self._first_s * 2**steps, self._longest_s) * random.uniform(0.8, 1.2)
            self._until_s = self._clock() + max(stop_s, at_least_s)
