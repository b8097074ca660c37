"""`make near`: the tests that mirror what has changed, which is what to run between two thoughts.

python -m tests.near [--against REVISION] [pytest options]
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "digests", "sandbox")
ALWAYS = ("tests/test_arrows.py",)


def main(arguments: list[str]) -> int:
    """Run the tests that belong to the changed files; return pytest's exit code, 0 where nothing changed."""
    against = "HEAD"
    if arguments[:1] == ["--against"]:
        against, arguments = arguments[1], arguments[2:]
    tests = tests_near(changed_files(against), ROOT)
    if not tests:
        print("Nothing has changed since", against)
        return 0
    print("Running", *tests)
    return subprocess.run([sys.executable, "-m", "pytest", *arguments, *tests], cwd=ROOT, check=False).returncode


def changed_files(against: str) -> list[str]:
    """Return the files that differ from a revision, and those that git does not know yet."""
    commands = (["git", "diff", "--name-only", against], ["git", "ls-files", "--others", "--exclude-standard"])
    return [
        line
        for command in commands
        for line in subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    ]


def tests_near(files: Iterable[str], root: Path) -> list[str]:
    """Return the tests that mirror files, as paths from the root of a tree.

    A test module is near itself. A module is near `test_<its name>*.py` of the mirroring folder, and where there is
    none, near the closest folder of tests above it.
    """
    found: set[str] = set()
    for name in files:
        path = Path(name)
        if path.suffix != ".py" or not (root / path).exists():
            continue
        if path.parts[0] == "tests":
            found |= {name} if path.name.startswith("test_") else _folder(path.parent, root)
        elif path.parts[0] in PACKAGES:
            folder = Path("tests") / path.parent
            own = {test.relative_to(root).as_posix() for test in (root / folder).glob(f"test_{path.stem}*.py")}
            found |= own or _folder(folder, root)
    return sorted(found | set(ALWAYS)) if found else []


def _folder(folder: Path, root: Path) -> set[str]:
    while folder.parts and not any((root / folder).rglob("test_*.py")):
        folder = folder.parent
    return {folder.as_posix()} if len(folder.parts) > 1 else set()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
