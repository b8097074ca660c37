"""Discord's rate limits: a bucket a route and channel, fifty requests a second in all, ten publishes an hour."""

import time
import zlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from sandbox.clock import Clock

GLOBAL_PER_S: Final = 50
PUBLISHES_PER_HOUR: Final = 10
PUBLISHES_WINDOW_S: Final = 3600.0
# This many refusals in ten minutes ban the address (docs, topics/rate-limits).
MAX_REFUSALS: Final = 10_000
REFUSALS_WINDOW_S: Final = 600.0

# Route -> (requests, seconds), for each channel or webhook separately. Discord doesn't publish these; they were
# observed in its headers.
BUCKETS: Final[dict[str, tuple[int, float]]] = {
    "POST /channels/{channel_id}/messages": (5, 5.0),
    "PATCH /channels/{channel_id}/messages/{message_id}": (5, 5.0),
    "DELETE /channels/{channel_id}/messages/{message_id}": (5, 1.0),
    "GET /channels/{channel_id}/messages": (5, 5.0),
    "POST /channels/{channel_id}/threads": (5, 5.0),
    "POST /webhooks/{application_id}/{token}": (5, 2.0),
    "PATCH /webhooks/{application_id}/{token}/messages/{message_id}": (5, 2.0),
}
CROSSPOST: Final = "POST /channels/{channel_id}/messages/{message_id}/crosspost"


@dataclass(slots=True)
class Decision:
    """Whether a request may pass, and what the headers say; `retry_after_s` is set on a refusal."""

    headers: dict[str, str] = field(default_factory=dict)
    retry_after_s: float | None = None
    is_global: bool = False
    banned: bool = False


class Limits:
    """Counts requests; the buckets run on real time because clients wait in real time, the publishes on the world's.

    Attributes:
        elapsed_s: Returns the real time, in seconds from any start.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.elapsed_s: Callable[[], float] = time.monotonic
        self._buckets: dict[tuple[str, str], tuple[float, int]] = {}
        self._second = 0.0
        self._in_second = 0
        self._publishes: dict[str, deque[float]] = {}
        self._refusals: deque[float] = deque()
        self.limited_count = 0

    def note_refusal(self) -> None:
        """Count an answer of 401, 403 or 429."""
        self._refusals.append(self.elapsed_s())

    def check(self, route: str, major: str, *, exempt: bool) -> Decision:
        """Count a request and decide whether it may pass.

        Args:
            route: Method and path template.
            major: The id in the path that has a bucket of its own.
            exempt: Whether the global limit leaves it out (interactions).
        """
        now = self.elapsed_s()
        while self._refusals and self._refusals[0] < now - REFUSALS_WINDOW_S:
            self._refusals.popleft()
        if len(self._refusals) >= MAX_REFUSALS:
            return Decision(retry_after_s=REFUSALS_WINDOW_S, banned=True)
        if not exempt:
            if now - self._second >= 1.0:
                self._second, self._in_second = now, 0
            self._in_second += 1
            if self._in_second > GLOBAL_PER_S:
                self.limited_count += 1
                return Decision(retry_after_s=round(max(self._second + 1.0 - now, 0.001), 3), is_global=True)
        if route == CROSSPOST:
            decision = self._publish(major)
            if decision.retry_after_s is not None:
                self.limited_count += 1
            return decision
        size = BUCKETS.get(route)
        if size is None:
            return Decision()
        return self._bucket(route, major, size, now)

    def _bucket(self, route: str, major: str, size: tuple[int, float], now: float) -> Decision:
        limit, window_s = size
        reset, used = self._buckets.get((route, major), (0.0, 0))
        if now >= reset:
            reset, used = now + window_s, 0
        left_s = round(max(reset - now, 0.001), 3)
        used += 1
        self._buckets[(route, major)] = (reset, used)
        headers = {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(max(limit - used, 0)),
            "X-RateLimit-Reset": f"{time.time() + left_s:.3f}",
            "X-RateLimit-Reset-After": f"{left_s:.3f}",
            "X-RateLimit-Bucket": f"{zlib.crc32(route.encode()):08x}",
        }
        if used > limit:
            self.limited_count += 1
            return Decision(headers, left_s)
        return Decision(headers)

    def _publish(self, channel: str) -> Decision:
        now = self._clock.now()
        sent = self._publishes.setdefault(channel, deque())
        while sent and sent[0] <= now - PUBLISHES_WINDOW_S:
            sent.popleft()
        room = PUBLISHES_PER_HOUR - len(sent)
        left_s = round((sent[0] if sent else now) + PUBLISHES_WINDOW_S - now, 3)
        if room:
            sent.append(now)
        headers = {
            "X-RateLimit-Limit": str(PUBLISHES_PER_HOUR),
            "X-RateLimit-Remaining": str(max(room - 1, 0)),
            "X-RateLimit-Reset": f"{time.time() + left_s:.3f}",
            "X-RateLimit-Reset-After": f"{left_s:.3f}",
            "X-RateLimit-Bucket": f"{zlib.crc32(CROSSPOST.encode()):08x}",
        }
        return Decision(headers, None if room else left_s)
