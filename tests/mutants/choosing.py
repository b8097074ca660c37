"""Which tests have to judge a fault: those that run its lines, the ones that mirror its module first."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.mutants.faults import Fault
from tests.mutants.reached import Reached
from tests.near import tests_near

BUDGET_S = 40.0
"""So much of the tests of other rooms, the quickest first, by what they took of the processor without a fault."""


@dataclass(frozen=True, slots=True)
class Round:
    """Tests that run together.

    Attributes:
        files: Where they are, in the order in which they run.
        left_out: The ids of the tests in these files that don't run; one that nothing is known of does.
        slow: Only the slow tests run, otherwise only the others.
    """

    files: tuple[str, ...]
    left_out: frozenset[str] = frozenset()
    slow: bool = False


def rounds_for(fault: Fault, reached: Reached, root: Path) -> list[Round]:
    """Return the tests of a fault: those of its own room that run it, those of others, and the rest of its room.

    The rest is for what runs once in a process and is kept then: only the first test is seen to run it. The slow ones
    come last: most faults never get there.
    """
    ran = reached.tests_of(fault)
    near = _near(fault, root)
    slow = Round(tuple(near), slow=True)
    if not ran:  # in a process of its own, or as the module is imported
        return [round_ for round_ in (Round(tuple(near), frozenset(reached.failed)), slow) if round_.files]
    first = _round(near, ran, reached)
    spent = 0.0
    others = []
    for test in sorted(ran, key=lambda test: (reached.seconds[test], test)):
        spent += reached.seconds[test]
        if test.partition("::")[0] not in near and spent <= BUDGET_S:
            others.append(test)
    seconds: dict[str, float] = {}
    for test in others:
        file = test.partition("::")[0]
        seconds[file] = seconds.get(file, 0.0) + reached.seconds[test]
    second = _round(sorted(seconds, key=lambda file: seconds[file]), set(others), reached)
    rest = Round(tuple(near), frozenset(reached.failed | ran))
    return [round_ for round_ in (first, second, rest, slow) if round_.files]


def _near(fault: Fault, root: Path) -> list[str]:
    """Return the test modules of a fault's room, those that carry its module's name first."""
    folder = root / "tests" / Path(fault.file).parent
    named = [
        name for name in tests_near([fault.file], root) if name.endswith(".py") and not name.endswith("test_arrows.py")
    ]
    if not folder.is_dir():
        folder = folder.parent
    others = [file.relative_to(root).as_posix() for file in sorted(folder.glob("test_*.py"))]
    return [*named, *(other for other in others if other not in named)]


def _round(files: list[str], chosen: set[str], reached: Reached) -> Round:
    known: dict[str, list[str]] = {}
    for test in (*reached.seconds, *reached.failed):
        known.setdefault(test.partition("::")[0], []).append(test)
    wanted = [file for file in files if file not in known or chosen.intersection(known[file])]
    left_out = frozenset(test for file in wanted for test in known.get(file, ()) if test not in chosen)
    return Round(tuple(wanted), left_out)
