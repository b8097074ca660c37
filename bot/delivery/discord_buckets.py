"""Works around two problems of discord.py's rate-limit buckets (one per channel and route, kept for five minutes).

Whenever discord.py (2.7) creates a bucket, it searches all of them for old ones: with 10,000 channels in the last
minutes, each first message to a channel blocks the event loop for 2 to 4 ms, most of what sending costs.
"""

from __future__ import annotations

from itertools import count
from typing import Any, Final

from discord.http import HTTPClient, Route

LEAST_COUNT: Final = 256
"""discord.py keeps this many without cleaning up."""


def tidy_seldom(http: HTTPClient) -> None:
    """Make a client clean up its buckets only when their number has doubled since the last time.

    At most twice as many are kept as discord.py would keep. If a later discord.py works differently, nothing is
    changed.
    """
    tidy = getattr(http, "_try_clear_expired_ratelimits", None)
    if not callable(tidy) or not isinstance(getattr(http, "_buckets", None), dict):
        return
    next_count = LEAST_COUNT

    def tidy_when_doubled() -> None:
        nonlocal next_count
        if len(http._buckets) >= next_count:
            tidy()
            next_count = max(LEAST_COUNT, 2 * len(http._buckets))

    http._try_clear_expired_ratelimits = tidy_when_doubled  # type: ignore[method-assign]


_numbers = count(1)


async def request_once(http: HTTPClient, method: str, path: str, **parameters: Any) -> Any:
    """Make a request that waits for a rate limit only if Discord itself answers 429.

    With `max_ratelimit_timeout`, discord.py refuses every request of a bucket whose window ends later than that, even
    while the bucket has room: of ten publishes an hour it would allow one.

    Raises:
        discord.HTTPException, discord.RateLimited, aiohttp.ClientError, TimeoutError, OSError: It may have arrived.
    """
    # A separate route gets a separate bucket.
    route = Route(method, path, metadata=f"once {next(_numbers)}", **parameters)
    try:
        return await http.request(route)
    finally:
        hashes = getattr(http, "_bucket_hashes", {})
        buckets = getattr(http, "_buckets", {})
        bucket_hash = hashes.pop(route.key, None)
        for name in (route.key, bucket_hash):
            buckets.pop(f"{name}:{route.major_parameters}", None)
