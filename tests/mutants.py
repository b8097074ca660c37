"""`make mutants`: would the suite notice? Puts plausible faults into the core, one at a time, and runs the near tests.

    python -m tests.mutants [--count 150] [--seed 1] [--only digests/composing]

A fault is one changed comparison, operator, constant, condition or return. It is put into a copy of the tree, so that
the checkout stays as it is. A fault that no test notices is listed as a survivor, with its line. Run it by hand: it
takes about an hour, and some survivors are no faults at all (a bound that nothing reaches).
"""

from __future__ import annotations

import argparse
import ast
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.near import ROOT, tests_near

CORE = ("digests", "bot/delivery", "bot/render", "bot/interactions", "bot/commands", "bot/views")
PATIENCE_S = 300
"""A fault that makes the tests hang is noticed, too."""

_COMPARED = {
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Is: "is not",
    ast.IsNot: "is",
    ast.In: "not in",
    ast.NotIn: "in",
}
_CALCULATED = {ast.Add: "-", ast.Sub: "+", ast.Mult: "/", ast.Div: "*", ast.FloorDiv: "*"}


@dataclass(frozen=True, slots=True)
class Fault:
    """One change of a source text: `old` at an offset becomes `new`."""

    file: str
    line: int
    offset: int
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {' '.join(self.old.split())[:70]}  ->  {' '.join(self.new.split())[:70]}"


def faults_of(file: Path) -> Iterator[Fault]:
    """Yield every fault that this tool knows for a module."""
    text = file.read_text("utf-8")
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line.encode()))
    raw = text.encode()

    def fault(node: ast.expr | ast.stmt, new: str) -> Fault:
        begin = starts[node.lineno - 1] + node.col_offset
        end = starts[(node.end_lineno or 1) - 1] + (node.end_col_offset or 0)
        return Fault(file.relative_to(ROOT).as_posix(), node.lineno, begin, raw[begin:end].decode(), new)

    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _COMPARED:
            sides = ast.unparse(node.left), ast.unparse(node.comparators[0])
            yield fault(node, f"({sides[0]} {_COMPARED[type(node.ops[0])]} {sides[1]})")
        elif isinstance(node, ast.BoolOp):
            word = " or " if isinstance(node.op, ast.And) else " and "
            yield fault(node, "(" + word.join(f"({ast.unparse(value)})" for value in node.values) + ")")
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield fault(node, f"bool({ast.unparse(node.operand)})")
        elif isinstance(node, ast.BinOp) and type(node.op) in _CALCULATED and not isinstance(node.left, ast.Constant):
            yield fault(node, f"({ast.unparse(node.left)} {_CALCULATED[type(node.op)]} {ast.unparse(node.right)})")
        elif isinstance(node, ast.If | ast.IfExp):
            yield fault(node.test, f"(not ({ast.unparse(node.test)}))")
        elif isinstance(node, ast.Return) and node.value is not None and not isinstance(node.value, ast.Constant):
            yield fault(node.value, "None")


def main(arguments: list[str]) -> int:
    """Try a sample of faults; return 0 when at least nine in ten were noticed."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="append", help="a folder or module; may be given more than once")
    options = parser.parse_args(arguments)
    places = [ROOT / place for place in options.only or CORE]
    modules = [module for place in places for module in ([place] if place.is_file() else sorted(place.rglob("*.py")))]
    known = [fault for module in modules for fault in faults_of(module)]
    chosen = random.Random(options.seed).sample(known, min(options.count, len(known)))
    survivors = []
    with tempfile.TemporaryDirectory(prefix="broadsheet-mutants-") as name:
        copy = Path(name) / "tree"
        ignored = shutil.ignore_patterns(".git", ".venv", ".*_cache", ".hypothesis", "__pycache__")
        shutil.copytree(ROOT, copy, ignore=ignored)
        for number, fault in enumerate(chosen, 1):
            began = time.monotonic()
            noticed = is_noticed(fault, copy)
            survivors += [] if noticed else [fault]
            verdict = "noticed " if noticed else "SURVIVED"
            print(f"{number}/{len(chosen)} {verdict} {time.monotonic() - began:5.1f} s  {fault}", flush=True)
    killed = len(chosen) - len(survivors)
    print(f"\n{killed} of {len(chosen)} faults were noticed ({killed / max(len(chosen), 1):.0%}). Survivors:")
    print(*(f"  {fault}" for fault in survivors), sep="\n")
    return int(killed < 0.9 * len(chosen))


def is_noticed(fault: Fault, copy: Path) -> bool:
    """Put a fault into a copy of the tree, run the tests near it, and mend it again; return whether one failed."""
    file = copy / fault.file
    good = file.read_bytes()
    bad = good[: fault.offset] + fault.new.encode() + good[fault.offset + len(fault.old.encode()) :]
    tests = [test for test in tests_near([fault.file]) if test != "tests/test_arrows.py"]
    folder = Path("tests", *Path(fault.file).parent.parts)
    rounds = [tests, [folder.as_posix()]] if (ROOT / folder).is_dir() else [tests]
    file.write_bytes(bad)
    try:
        for chosen in rounds:
            command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-m", "not slow", *chosen]
            done = subprocess.run(command, cwd=copy, check=False, capture_output=True, timeout=PATIENCE_S)
            if done.returncode not in (0, 5):
                return True
    except subprocess.TimeoutExpired:
        return True
    finally:
        file.write_bytes(good)
    return False


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
