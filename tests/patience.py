"""How long tests wait for what has to happen: a bound on hangs, far beyond what the busiest machine takes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

PATIENCE_S: Final = 60.0
LOOK_S: Final = 0.02


async def until(look: Callable[[], object], seconds: float = PATIENCE_S) -> None:
    """Wait until a look is true, where nothing can be waited on."""
    async with asyncio.timeout(seconds):
        while not look():  # noqa: ASYNC110 - see above
            await asyncio.sleep(LOOK_S)


async def until_found(look: Callable[[], Awaitable[object]], seconds: float = PATIENCE_S) -> None:
    """Wait until a look that has to be awaited, as one at a store, is true."""
    async with asyncio.timeout(seconds):
        while not await look():  # noqa: ASYNC110 - see above
            await asyncio.sleep(LOOK_S)
