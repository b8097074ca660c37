"""How good the test of "the same event" is, and what the digests of a history look like to an editor.

`python -m benchmarks.editorial PAIRS [--history HISTORY]`: PAIRS is a file of labelled pairs, one JSON line each
(`corpus`, `label`, `published_in_72_hours`, and the articles `a` and `b`); HISTORY is a record of revisions.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from benchmarks.table import Row, Table
from digests.composing.evidence import evidence_of
from digests.composing.headlines import plain_words
from digests.composing.same_event import SameEvent
from digests.composing.word_statistics import Statistics
from digests.models import Article, Cadence, Digest, DropReason, JoinReason, LeftOutReason, Policy, Provider
from digests.service.replay import Ledger, Outcome, replay


@dataclass(frozen=True, slots=True)
class Judged:
    """One labelled pair as the test sees it."""

    corpus: str
    is_same: bool
    z: float
    margin: float


def articles_of(pairs: Sequence[Mapping[str, Any]]) -> dict[str, list[Article]]:
    """Return the distinct articles of labelled pairs by corpus."""
    found: defaultdict[str, dict[tuple[str, str], Article]] = defaultdict(dict)
    for pair in pairs:
        for side in (pair["a"], pair["b"]):
            found[pair["corpus"]].setdefault((side["title"], side["published_at"]), article_of(side))
    return {corpus: list(articles.values()) for corpus, articles in found.items()}


def article_of(side: Mapping[str, Any]) -> Article:
    """Return one side of a labelled pair as an article."""
    domain, at = side.get("provider"), side.get("published_at")
    return Article(
        path="",
        title=side["title"],
        key=next(iter(side.get("addresses", ())), ""),
        excerpt=side.get("excerpt") or "",
        provider=Provider(domain, domain) if domain else None,
        topics=tuple(side.get("topics", ())),
        published=side.get("published", True),
        published_at=datetime.fromisoformat(at) if at else None,
    )


class _Counted(SameEvent):
    """Judges pairs that come with the number of articles published around them."""

    published_count = 0

    def published_within(self, until_s: int) -> int:
        return self.published_count


def judge(pairs: Sequence[Mapping[str, Any]], statistics: Mapping[str, Statistics] | None = None) -> list[Judged]:
    """Return what the test says of labelled pairs.

    Args:
        pairs: As they are read.
        statistics: Of the corpora, by name; those that are missing are taken from the pairs' own articles.
    """
    judges: dict[str, _Counted] = {}
    for corpus, articles in articles_of(pairs).items():
        known = (statistics or {}).get(corpus)
        judges[corpus] = _Counted(known or Statistics.of_articles([evidence_of(article) for article in articles]))
    judged: list[Judged] = []
    for pair in pairs:
        test = judges[pair["corpus"]]
        test.published_count = pair["published_in_72_hours"]
        first, second = (test.weigh(evidence_of(article_of(pair[side]))) for side in ("a", "b"))
        z, margin = test.z(first, second), test.margin(first, second)
        judged.append(Judged(pair["corpus"], pair["label"] == "same", z, margin))
    return judged


def average_precision(judged: Sequence[Judged]) -> float:
    """Return the average precision of `z`."""
    hits, total = 0, 0.0
    for place, one in enumerate(sorted(judged, key=lambda one: -one.z), 1):
        if one.is_same:
            hits += 1
            total += hits / place
    return total / hits


def precision_and_recall(judged: Sequence[Judged]) -> tuple[float, float]:
    """Return how many of the pairs that fold are right, and how many of the right ones fold."""
    folded = [one for one in judged if one.margin >= 0]
    right = sum(one.is_same for one in folded)
    return right / max(len(folded), 1), right / sum(one.is_same for one in judged)


def _of_pairs(path: Path) -> Table:
    pairs = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    table = Table(f'The test of "the same event" on {len(pairs)} labelled pairs')
    judged = judge(pairs)
    for corpus in ("", *sorted({one.corpus for one in judged})):
        chosen = [one for one in judged if corpus in ("", one.corpus)]
        precision, recall = precision_and_recall(chosen)
        name = corpus or "all"
        table.add(Row(f"{name}: average precision", average_precision(chosen), ""))
        table.add(Row(f"{name}: precision of what folds", precision, "", note=f"recall {recall:.2f}"))
    return table


def _of_history(history: Path) -> Table:
    digests: list[Digest] = []

    def keep(_day: date, digest: Digest) -> None:
        digests.append(digest)

    ledger = asyncio.run(replay(history, cadence=Cadence((time(8),)), policy=Policy(), on_edition=keep))
    counts = ledger.count()
    table = Table(f"Editions of {history.name}")
    stories = [story for digest in digests for story in digest.stories]
    joins = [join for story in stories for join in story.joins]
    table.add(Row("headlines told", len(stories), "", note=f"{len(digests)} editions"))
    table.add(Row("likely doubles printed beneath", sum(len(story.also) for story in stories), ""))
    for reason in JoinReason:
        table.add(Row(f"joins: {reason.value}", sum(join.reason is reason for join in joins), ""))
    updates = [story for story in stories if story.update is not None]
    old = sum(plain_words(s.update.told_title) == plain_words(s.lead.title) for s in updates if s.update is not None)
    table.add(Row("updates", len(updates), "", note=f"{old} under the old headline"))
    table.add(Row("eligible", len(ledger.arrivals), "", note=f"{counts[Outcome.LEFT_OUT]} left out by limits"))
    table.add(_never_shown(ledger, digests))
    table.add(_as_an_rss_bot(ledger, digests))
    table.add(
        Row(
            "dropped",
            counts[Outcome.DROPPED],
            "",
            note="; ".join(f"{n} {r.value}" for r, n in ledger.drop_reasons().items()),
        )
    )
    table.add(Row("told again", ledger.repeated, "", note=f"{counts[Outcome.NONE]} unaccounted for"))
    return table


def _never_shown(ledger: Ledger, digests: Sequence[Digest]) -> Row:
    """Return how many candidates no digest shows, less those whose story stands in one."""
    left = {
        key: digest
        for digest in digests
        for item in digest.left_out
        if item.reason is not LeftOutReason.TOO_OLD
        for article in (item.story.lead, *item.story.folded, *item.story.also)
        if (key := article.key) in ledger.arrivals and ledger.outcomes.get(key) is Outcome.LEFT_OUT
    }
    quiet = sum(digest.story_count < Policy().max_stories for digest in left.values())
    young = _young(ledger)
    share = len(left) / max(len(young), 1)
    return Row(
        "young articles never shown", share, "", note=f"{len(left)} of {len(young)}; {quiet} where there was room"
    )


def _young(ledger: Ledger) -> set[str]:
    """Return the addresses that an edition chose from: neither too old nor from before the first one."""
    out = (DropReason.BEFORE_FIRST, DropReason.WITHDRAWN, DropReason.ALREADY_DELIVERED)
    return {key for key in ledger.arrivals if ledger.reasons.get(key) not in out}


def _as_an_rss_bot(ledger: Ledger, digests: Sequence[Digest]) -> Row:
    """Return the same of a bot that posts the newest ten of each day as they come."""
    young, shown = _young(ledger), 0
    for digest in digests:
        since, until = digest.window.since, digest.window.until
        came = sum(since < at <= until for key, at in ledger.arrivals.items() if key in young)
        shown += min(came, Policy().max_stories)
    missed = len(young) - shown
    return Row("the same of an RSS bot's newest ten a day", missed / max(len(young), 1), "", note=f"{missed} articles")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--history", type=Path, action="append", default=[])
    chosen = parser.parse_args()
    print("\n\n".join(table.markdown() for table in (_of_pairs(chosen.pairs), *map(_of_history, chosen.history))))


if __name__ == "__main__":
    main()
