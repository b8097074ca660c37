"""`python -m tests.fuzz --seconds 120`: hypothesis on the corpus reader for as long as wanted, or until it fails."""

from __future__ import annotations

import argparse
import sys
import time

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.fuzz.checking import check_reader
from tests.fuzz.test_reader import broken, fenced, paths, pieced

EXAMPLES_A_ROUND = 2000


def main() -> int:
    """Read the command line and fuzz; exit code 1 when something was found, which hypothesis prints."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=120.0)
    seconds = parser.parse_args().seconds
    anything = st.one_of(st.binary(max_size=500), st.text(max_size=500).map(str.encode), pieced, fenced, broken)
    ends_at = time.monotonic() + seconds
    rounds = 0
    while time.monotonic() < ends_at:

        @seed(time.time_ns())
        @settings(
            max_examples=EXAMPLES_A_ROUND,
            deadline=None,
            database=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        )
        @given(path=paths, data=anything)
        def one_round(path: str, data: bytes) -> None:
            check_reader(path, data)

        one_round()
        rounds += 1
    sys.stdout.write(f"{rounds * EXAMPLES_A_ROUND:,} inputs, nothing found\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
