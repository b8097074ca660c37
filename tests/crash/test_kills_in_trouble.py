"""The bot is killed at random moments of a fan-out while something else goes wrong, too: still exactly once."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from sandbox.faults import FaultKind
from tests.crash import killing, troubles
from tests.crash.killing import KILLS, LONG, PARTS_AT_LEAST, SEED
from tests.crash.troubles import HOUR_S, Trouble

CHANNELS = 200 if LONG else 60
PER_SECOND = 100 if LONG else 25
"""With 60 channels, slow enough that a lasting trouble begins before all is sent, however busy the machine."""

TROUBLES: Final = {
    "server errors": troubles.faults(0.3, FaultKind.FAIL),
    "errors after acceptance": troubles.faults(0.3, FaultKind.FAIL_AFTER),
    "lost answers": troubles.faults(0.3, FaultKind.LOSE_ANSWER),
    "resets": troubles.faults(0.3, FaultKind.REFUSE, FaultKind.LOSE_ANSWER),
    "all faults": troubles.faults(0.3, *FaultKind),
    "route limits": troubles.limits(is_global=False),
    "global limits": troubles.limits(is_global=True),
    "dropped gateway": troubles.drops(resumable=True),
    "lost sessions": troubles.drops(resumable=False),
    "clock forward": troubles.clock_off(HOUR_S),
    "clock back": troubles.clock_off(-HOUR_S),
    "Discord gone": Trouble(troubles.gone, lasts=True),
    "locked database": Trouble(troubles.locked, lasts=True),
    "full disk": troubles.full_disk(),
    "full quota": Trouble(troubles.quota, lasts=True),
}
SIDE_BY_SIDE: Final = (
    ("server errors", "errors after acceptance", "lost answers", "resets", "all faults"),
    ("route limits", "global limits", "dropped gateway", "lost sessions", "clock forward", "clock back"),
    ("Discord gone", "locked database", "full disk", "full quota"),
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900 + 30 * KILLS)]


@pytest.mark.parametrize("names", SIDE_BY_SIDE, ids=", ".join)
async def test_killed_at_random_moments_while_there_is_trouble_every_part_arrives_exactly_once(
    tmp_path: Path, record_property: Callable[[str, object], None], names: tuple[str, ...]
) -> None:
    async def run(name: str, seed: int) -> None:
        record_property("crash", await killed_in(tmp_path / name.replace(" ", "-"), name, seed))

    await killing.side_by_side([run(name, SEED + number) for number, name in enumerate(names)])


async def killed_in(folder: Path, name: str, seed: int) -> tuple[str, int, int, int, float]:
    """Kill bots in a trouble; return its name, how many, channels, parts and seconds."""
    trouble = TROUBLES[name]
    began = time.monotonic()
    async with killing.prepared(folder, trouble, CHANNELS, per_second=PER_SECOND, seed=seed) as bureau:
        part_count = CHANNELS * PARTS_AT_LEAST
        if trouble.lasts:
            await killing.kill_before_during_and_after(bureau, trouble, KILLS, part_count)
        else:
            await killing.kill_while_it_comes_and_goes(bureau, trouble, KILLS, part_count)
        if trouble.later_s is not None:
            async with trouble.begins(bureau):
                await bureau.wait_done()
        else:
            await bureau.wait_done()
        part_count = bureau.check_exactly_once()
        assert part_count >= CHANNELS * PARTS_AT_LEAST
        assert bureau.kill_count >= KILLS
        assert bureau.trouble_count > 0 or not LONG  # five kills may miss it
        return name, bureau.kill_count, len(bureau.channels), part_count, time.monotonic() - began
