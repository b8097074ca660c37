"""How much CPU time it takes to live through a long history: `broadsheet replay` on one that is made here, or on yours.

The history that is made is of the size of a game's news over 2.7 years: 1,600 articles that are revised again and
again. The promise is a bound, so the peer is a yardstick only: one load of all the files as the history leaves them.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.composing import make_articles
from benchmarks.table import Row, Table
from digests.history import apply, read_history
from digests.models import Article

REVISIONS = 9_268
ARTICLES = 1_600
DAYS = 985
BEGINNING = datetime(2021, 1, 1, tzinfo=UTC)
PROMISED_S = 180.0
EXCERPT_WORDS = 35
RECENT = 60
"""Most revisions are of one of so many articles that came last."""
MOST_CHANGES = 6

_TEXT = """---
title: "{title}"
excerpt: "{excerpt}"
publishedDateTime: {published_at:%Y-%m-%dT%H:%M:%SZ}
webUrl: "{url}"
quality: {quality}
heat: {heat}
published: {published}
provider: {{name: "{domain}", domain: "{domain}"}}
topics: ["{topic}"]
related:
{related}
---
"""
_LINK = (
    '  - {{title: "{title}", webUrl: "{url}", provider: {{name: "{domain}", domain: "{domain}"}}, quality: {quality}}}'
)


def write_history(file: Path, *, revisions: int = REVISIONS, articles: int = ARTICLES, days: int = DAYS) -> None:
    """Write a history of so many revisions, in which articles come and are revised: heat, quality, related links."""
    chance = random.Random(14)
    made = make_articles(articles, excerpt_words=EXCERPT_WORDS, at=BEGINNING)
    coming = sorted(chance.sample(range(1, revisions), articles - 1)) if articles <= revisions else []
    arrives = {0: 0} | {revision: number for number, revision in enumerate(coming, 1)}
    known: list[tuple[Article, datetime]] = []
    with file.open("w", encoding="utf-8") as lines:
        for revision in range(revisions):
            at = BEGINNING + timedelta(days=days) * (revision / revisions)
            texts: dict[str, str] = {}
            if revision in arrives:
                known.append((made[arrives[revision]], at - timedelta(hours=chance.choice((1, 3, 9, 30)))))
                article, published_at = known[-1]
                texts[article.path] = _text(article, published_at, chance)
            for _change in range(chance.randrange(MOST_CHANGES)):
                article, published_at = chance.choice(known[-RECENT:] if chance.random() < 0.9 else known)
                texts[article.path] = _text(article, published_at, chance)
            changes = [{"path": path, "text": text} for path, text in texts.items()]
            lines.write(json.dumps({"time": at.isoformat(), "changes": changes}) + "\n")


def _text(article: Article, published_at: datetime, chance: random.Random) -> str:
    assert article.provider is not None
    links = [
        _LINK.format(title=link.title, url=link.url, domain=link.provider.domain, quality=link.quality)
        for link in article.related[: chance.randrange(len(article.related) + 1)]
        if link.provider is not None
    ]
    return _TEXT.format(
        title=article.title,
        excerpt=article.excerpt,
        published_at=published_at,
        url=article.url,
        quality=article.quality,
        heat=chance.randrange(200),
        published=str(article.published).lower(),
        domain=article.provider.domain,
        topic=article.topics[0],
        related="\n".join(links) or "  []",
    )


def measure(table: Table, history: Path, folder: Path) -> dict[str, int]:
    """Replay a history and load what it leaves; return the totals of the replay."""
    count = 0
    (folder / "articles").mkdir()
    for revision in read_history(history):
        apply(revision, folder / "articles")
        count += 1
    replayed, output = _cpu_of("replay", str(history), "--json", folder=folder)
    totals = json.loads(output)
    editions = totals.pop("editions")
    note = f"{len(editions):,} editions; {1000 * replayed / count:.1f} ms a revision; {PROMISED_S:.0f} s are promised"
    table.add(Row(f"{count:,} revisions replayed, CPU", replayed, "s", PROMISED_S, note=note))
    loaded, _output = _cpu_of("load", str(folder / "articles"), "--json", folder=folder)
    table.add(Row("for comparison: what they leave, loaded once, CPU", loaded, "s"))
    return totals


def _cpu_of(*command: str, folder: Path) -> tuple[float, str]:
    """Run a command of ours; return the CPU seconds of all its processes, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "BROADSHEET_DATA_DIR": str(folder / "data")}
    done = subprocess.run(
        [sys.executable, "-m", "bot", *command], stdout=subprocess.PIPE, text=True, check=False, env=environment
    )
    if done.returncode > 1:
        raise SystemExit(f"{command[0]} failed")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def main() -> None:
    """Print the table: `python -m benchmarks.replaying [--history FILE] [--revisions N]`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--history", type=Path, help="a record of revisions; without one it is made")
    parser.add_argument("--revisions", type=int, default=REVISIONS)
    chosen = parser.parse_args()
    table = Table("Living through a long history")
    with tempfile.TemporaryDirectory(prefix="broadsheet-bench-") as name:
        folder = Path(name)
        history = chosen.history or folder / "history.jsonl"
        if chosen.history is None:
            share = chosen.revisions / REVISIONS
            write_history(
                history, revisions=chosen.revisions, articles=round(ARTICLES * share), days=round(DAYS * share)
            )
        totals = measure(table, history, folder)
    print(table.markdown())
    print(f"\nTotals: {totals}", file=sys.stderr)


if __name__ == "__main__":
    main()
