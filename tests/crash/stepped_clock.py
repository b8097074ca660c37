"""The bot with a clock that another process sets: `python -m tests.crash.stepped_clock FILE run ...`.

The file says by how many seconds the clock is off. The monotonic clock goes on as it was, as when a real one is set.
"""

import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Final

import time_machine

GLANCE_S: Final = 0.02


def main() -> None:
    """Set the clock, make it follow the file, and run the bot with the remaining arguments."""
    file = Path(sys.argv.pop(1))
    offset_s = float(file.read_text())
    traveller = time_machine.travel(timedelta(seconds=offset_s), tick=True).start()
    time.time()  # the traveller's clock begins to go when it is first looked at
    threading.Thread(target=_follow, args=(traveller, file, offset_s), daemon=True).start()
    from bot.cli import main as run_bot  # here, so that whatever it reads of the clock is that clock

    run_bot()


def _follow(traveller: time_machine.Traveller, file: Path, offset_s: float) -> None:
    while True:
        time.sleep(GLANCE_S)
        wanted_s = float(file.read_text())
        traveller.shift(wanted_s - offset_s)
        offset_s = wanted_s


if __name__ == "__main__":
    main()
