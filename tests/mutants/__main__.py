"""`make mutants`: put a sample of faults into the core, one at a time, and list those that no test notices.

    python -m tests.mutants [--count 150] [--seed 1] [--only digests/composing] [--again]

First, all tests but the slow ones run once, to learn which of them run which lines (kept until the sources change).
Then each fault is tried on the tests that run its lines, those of its own room first. The checkout stays as it is.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import pickle
import random
import sys
import tempfile
from pathlib import Path

from tests.mutants.choosing import rounds_for
from tests.mutants.faults import Fault, faults_of
from tests.mutants.reached import Reached, read
from tests.mutants.trying import Verdict, copy_tree, keep, load_libraries, measure, try_faults
from tests.near import ROOT

CORE = ("digests", "bot/delivery", "bot/render", "bot/interactions", "bot/commands", "bot/views")
KEPT = ROOT / ".pytest_cache"
SURVIVORS = KEPT / "mutants-survivors.json"
ENOUGH = 0.9


def main(arguments: list[str]) -> int:
    """Try a sample of faults; return 0 when at least nine in ten were noticed."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="append", help="a folder or module; may be given more than once")
    parser.add_argument("--again", action="store_true", help="try what survived the last run, and nothing else")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args(arguments)
    chosen = _chosen(options.only or CORE, options.count, options.seed, again=options.again)
    load_libraries(ROOT)
    verdicts: list[Verdict] = []
    with tempfile.TemporaryDirectory(prefix="broadsheet-mutants-") as name:
        trees = [copy_tree(ROOT, Path(name) / f"tree{number}") for number in range(options.processes)]
        reached = _reached(trees[0], Path(name) / "reached", options.processes)
        print(f"{len(reached.seconds)} tests judge {len(chosen)} faults", flush=True)
        for verdict in try_faults(((fault, rounds_for(fault, reached, trees[0])) for fault in chosen), trees):
            verdicts.append(verdict)
            word = "SURVIVED" if verdict.noticed_by is None else "noticed "
            print(f"{len(verdicts)}/{len(chosen)} {word} {verdict.seconds:5.1f} s  {verdict.fault}", flush=True)
            if verdict.noticed_by is not None:
                print(f"      by {verdict.noticed_by}", flush=True)
            keep(verdicts, SURVIVORS)
    survivors = sorted(str(verdict.fault) for verdict in verdicts if verdict.noticed_by is None)
    noticed = len(chosen) - len(survivors)
    share = noticed / max(len(chosen), 1)
    print(f"\nSeed {options.seed}: {noticed} of {len(chosen)} faults were noticed ({share:.0%}). Survivors:")
    print(*(f"  {survivor}" for survivor in survivors), sep="\n")
    return int(share < ENOUGH)


def _chosen(places: tuple[str, ...] | list[str], count: int, seed: int, *, again: bool) -> list[Fault]:
    roots = [ROOT / place for place in places]
    modules = [module for root in roots for module in ([root] if root.is_file() else sorted(root.rglob("*.py")))]
    known = [fault for module in modules for fault in faults_of(ROOT, module)]
    if again:
        survived = {tuple(item) for item in json.loads(SURVIVORS.read_text("utf-8"))}
        return [fault for fault in known if (fault.file, fault.offset, fault.new) in survived]
    return random.Random(seed).sample(known, min(count, len(known)))


def _reached(tree: Path, folder: Path, processes: int) -> Reached:
    """Return which tests run which lines; measured once for each state of the sources."""
    sources = hashlib.sha256()
    for package in ("bot", "digests"):
        for module in sorted((ROOT / package).rglob("*.py")):
            sources.update(module.read_bytes())
    kept = KEPT / f"mutants-{sources.hexdigest()[:12]}.pickle"
    if kept.exists():
        return pickle.loads(kept.read_bytes())  # type: ignore[no-any-return]
    print("Measuring which tests run which lines; takes some minutes", flush=True)
    measure(tree, folder, processes)
    reached = read(folder, tree)
    KEPT.mkdir(exist_ok=True)
    kept.write_bytes(pickle.dumps(reached))
    return reached


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
