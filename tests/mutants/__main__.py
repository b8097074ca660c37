"""`make mutants`: put a sample of faults into the core, one at a time, and list those that no test notices.

    python -m tests.mutants [--count 150] [--seed 1] [--only digests/composing] [--again] [--old]

First, all tests but the slow ones run once, to learn which of them run which lines (kept until the sources change).
Then each fault is tried on the tests that run its lines, those of its own room first. The checkout stays as it is.
"""

from __future__ import annotations

import argparse
import json
import pickle
import sys
import tempfile
from pathlib import Path

from tests.mutants.choosing import rounds_for
from tests.mutants.faults import Fault, faults_of, sample
from tests.mutants.reached import Reached, hashes, read
from tests.mutants.trying import TrialResult, copy_tree, keep, load_libraries, measure, try_faults
from tests.near import ROOT

CORE = ("digests", "bot/delivery", "bot/render", "bot/interactions", "bot/commands", "bot/views")
KEPT = ROOT / ".pytest_cache" / "mutants-reached.pickle"
SURVIVORS = ROOT / ".pytest_cache" / "mutants-survivors.json"
ENOUGH = 0.9


def main(arguments: list[str]) -> int:
    """Try a sample of faults; return 0 when at least nine in ten were noticed."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="append", help="a folder or module; may be given more than once")
    parser.add_argument("--again", action="store_true", help="try what survived the last run, and nothing else")
    parser.add_argument("--old", action="store_true", help="measure nothing again where sources have changed")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args(arguments)
    load_libraries(ROOT)
    results: list[TrialResult] = []
    with tempfile.TemporaryDirectory(prefix="broadsheet-mutants-") as name:
        trees = [copy_tree(ROOT, Path(name) / f"tree{number}") for number in range(options.processes)]
        # Of the copy: the checkout may change meanwhile.
        chosen = _chosen(trees[0], options.only or CORE, options.count, options.seed, again=options.again)
        reached = _reached(trees[0], Path(name) / "reached", options.processes, old=options.old)
        print(f"{len(reached.seconds)} tests judge {len(chosen)} faults", flush=True)
        for result in try_faults(((fault, rounds_for(fault, reached, trees[0])) for fault in chosen), trees):
            results.append(result)
            word = "SURVIVED" if result.noticed_by is None else "noticed "
            print(f"{len(results)}/{len(chosen)} {word} {result.seconds:5.1f} s  {result.fault}", flush=True)
            if result.noticed_by is not None:
                print(f"      by {result.noticed_by}", flush=True)
            keep(results, SURVIVORS)
    survivors = sorted(str(result.fault) for result in results if result.noticed_by is None)
    noticed = len(chosen) - len(survivors)
    share = noticed / max(len(chosen), 1)
    print(f"\nSeed {options.seed}: {noticed} of {len(chosen)} faults were noticed ({share:.0%}). Survivors:")
    print(*(f"  {survivor}" for survivor in survivors), sep="\n")
    return int(share < ENOUGH)


def _chosen(tree: Path, places: tuple[str, ...] | list[str], count: int, seed: int, *, again: bool) -> list[Fault]:
    roots = [tree / place for place in places]
    modules = [module for root in roots for module in ([root] if root.is_file() else sorted(root.rglob("*.py")))]
    known = [fault for module in modules for fault in faults_of(tree, module)]
    if again:
        survived = {tuple(item) for item in json.loads(SURVIVORS.read_text("utf-8"))}
        return [fault for fault in known if (fault.file, fault.function, fault.old, fault.new) in survived]
    return sample(known, count, seed)


def _reached(tree: Path, folder: Path, processes: int, *, old: bool) -> Reached:
    """Return which tests run which lines; measured once for each state of the sources, unless an old one will do."""
    now = hashes(tree)
    if KEPT.exists():
        reached: Reached = pickle.loads(KEPT.read_bytes())
        if old or reached.sources == now:
            reached.forget_changes(now)
            return reached
    print("Measuring which tests run which lines; takes some minutes", flush=True)
    measure(tree, folder, processes)
    reached = read(folder, tree)
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_bytes(pickle.dumps(reached))
    return reached


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
