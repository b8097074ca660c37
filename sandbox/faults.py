"""Injects faults into requests: scripted one by one, or drawn with a seed."""

import asyncio
import random
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import Final


class FaultKind(Enum):
    """What happens to a request."""

    LOSE_ANSWER = "lose answer"
    """It is carried out, then the connection ends without an answer."""
    REFUSE = "refuse"
    """The connection is reset before anything is done."""
    FAIL = "fail"
    """It is answered with a server error and not carried out."""
    FAIL_AFTER = "fail after"
    """It is carried out but answered with a server error."""
    LIMIT = "limit"
    """It is answered with 429."""
    DELAY = "delay"
    """It is answered late."""


@dataclass(slots=True)
class Fault:
    """One fault; `route` is method and path template, a method and a space for all its routes, or "" for any.

    `code` is Discord's error code in the body; `page` answers with an HTML page, as a proxy does.
    """

    kind: FaultKind
    route: str = ""
    times: int = 1
    skip: int = 0
    status: int = 500
    code: int = 0
    page: bool = False
    retry_after_s: float = 0.05
    is_global: bool = False
    delay_s: float = 0.0


SEND: Final = "POST /channels/{channel_id}/messages"
ANSWER: Final = "POST /interactions/{interaction_id}/{token}/callback"


class Faults:
    """Decides for each request whether a fault happens.

    A route is written as in the request log, such as "POST /channels/{channel_id}/messages", and must match completely;
    "POST " means every POST, "" every request.
    """

    def __init__(self) -> None:
        self._script: list[Fault] = []
        self._random: random.Random | None = None
        self._rate = 0.0
        self._kinds: tuple[FaultKind, ...] = ()
        self._route = ""
        self._released = asyncio.Event()
        self.count = 0

    def add(self, fault: Fault) -> None:
        """Apply a fault to the next `times` requests of its route, after the first `skip`."""
        self._script.append(fault)

    def lose_answer(self, route: str = SEND, *, times: int = 1, skip: int = 0) -> None:
        """Carry a request out and drop the connection instead of answering."""
        self.add(Fault(FaultKind.LOSE_ANSWER, route, times, skip))

    def refuse(self, route: str = SEND, *, times: int = 1, skip: int = 0) -> None:
        """Reset the connection before a request is carried out."""
        self.add(Fault(FaultKind.REFUSE, route, times, skip))

    def fail(
        self,
        route: str = SEND,
        *,
        status: int = 500,
        code: int = 0,
        page: bool = False,
        times: int = 1,
        skip: int = 0,
        accepted: bool = False,
    ) -> None:
        """Answer with an error, the request carried out (`accepted`) or not; `page` is a proxy's, without JSON."""
        kind = FaultKind.FAIL_AFTER if accepted else FaultKind.FAIL
        self.add(Fault(kind, route, times, skip, status, code, page))

    def limit(
        self, route: str = SEND, *, retry_after_s: float = 0.05, is_global: bool = False, times: int = 1, skip: int = 0
    ) -> None:
        """Answer with 429."""
        self.add(Fault(FaultKind.LIMIT, route, times, skip, retry_after_s=retry_after_s, is_global=is_global))

    def delay(self, seconds: float, route: str = "", *, times: int = 1_000_000_000, skip: int = 0) -> None:
        """Answer late, every time by default."""
        self.add(Fault(FaultKind.DELAY, route, times, skip, delay_s=seconds))

    def release(self) -> None:
        """Answer at once whatever is delayed now."""
        self._released.set()
        self._released = asyncio.Event()

    async def late(self, fault: Fault) -> None:
        """Wait for as long as a fault delays its request."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._released.wait(), fault.delay_s)

    def at_random(self, rate: float, kinds: Iterable[FaultKind], *, seed: int, route: str = SEND) -> None:
        """Apply one of the kinds to each request of a route with a probability; the seed makes it repeatable."""
        self._random = random.Random(seed)
        self._rate = rate
        self._kinds = tuple(kinds)
        self._route = route

    def clear(self) -> None:
        """Remove all faults."""
        self._script.clear()
        self._random = None

    def next(self, route: str) -> Fault | None:
        """Return what happens to a request, None if nothing does."""
        if not self._script and self._random is None:
            return None
        for fault in self._script:
            if not _matches(fault.route, route):
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            fault.times -= 1
            if fault.times <= 0:
                self._script.remove(fault)
            self.count += 1
            return fault
        if self._random is not None and _matches(self._route, route) and self._random.random() < self._rate:
            self.count += 1
            return Fault(self._random.choice(self._kinds), route, status=self._random.choice((500, 502, 503)))
        return None


def _matches(pattern: str, route: str) -> bool:
    return pattern == route or not pattern or (pattern.endswith(" ") and route.startswith(pattern))
