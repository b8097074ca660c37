"""Limits how fast digests are sent: a steady rate below Discord's global limit, and a stop while nothing succeeds.

Knows neither digests nor channels.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable

DEFAULT_PER_SECOND = 40.0
"""Discord allows 50 requests a second in all (docs, topics/rate-limits); the rest is left for answers to people."""
BURST_S = 0.2
"""The share of a second's allowance that may go in a burst: 40 a second then stay below 50 in any second."""


class TokenBucket:
    """A token bucket: `await turn()` before each request limits their rate. 0 a second means no limit."""

    def __init__(self, per_second: float = DEFAULT_PER_SECOND, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_second
        self._capacity = max(per_second * BURST_S, 1.0)
        self._clock = clock
        self._tokens = self._capacity
        self._counted_s = clock()
        self._lock = asyncio.Lock()

    async def turn(self) -> None:
        """Wait for the next turn, in the order of the calls.

        One at a time and by the clock at that moment: after the event loop was blocked, or the computer slept, the
        backlog doesn't go out all at once.
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
    """Stops all sending while nothing succeeds, and lets one request at a time test whether it works again.

    A single broken channel among working ones never trips it: any success resets the count.
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
            first_s: Length of the first stop; each further one is twice as long.
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
        """Whether only one request at a time is allowed."""
        return self._failures >= self._threshold

    @property
    def wait_s(self) -> float:
        """Seconds until the next attempt; 0 if one may start now."""
        return max(self._until_s - self._clock(), 0.0) if self.is_tripped else 0.0

    def succeed(self) -> None:
        """Record that a request succeeded."""
        self._failures = 0

    def fail(self, *, at_least_s: float = 0.0) -> None:
        """Record that a request failed; `at_least_s` trips the breaker at once for at least that long."""
        if self.wait_s >= max(at_least_s, 0.001):
            return  # it was already under way when the breaker tripped
        self._failures = max(self._failures + 1, self._threshold if at_least_s else 0)
        if self.is_tripped:
            steps = min(self._failures - self._threshold, 20)
            stop_s = min(self._first_s * 2**steps, self._longest_s) * random.uniform(0.8, 1.2)
            self._until_s = self._clock() + max(stop_s, at_least_s)
