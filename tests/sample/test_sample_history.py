"""The sample corpus's history is what its articles give, and tells how they came."""

from __future__ import annotations

import importlib.util
import json
import statistics
from datetime import datetime
from functools import cache
from types import ModuleType
from typing import Any

import frontmatter

from tests.sample.reading import ARTICLES, BROKEN, DAYS, SAMPLE, corpus, moment, related


@cache
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_history", SAMPLE / "make_history.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def revisions() -> list[dict[str, Any]]:
    return [json.loads(line) for line in (SAMPLE / "history.jsonl").read_bytes().decode().split("\n") if line]


def versions(start: str) -> list[str | None]:
    """Return every text that a file had in the history, oldest first; None where it was removed."""
    changes = [change for revision in revisions() for change in revision["changes"]]
    return [change["text"] for change in changes if change["path"].startswith(start)]


def test_history_is_what_the_articles_give() -> None:
    wanted = "".join(maker().history(maker().read_articles()))
    assert (SAMPLE / "history.jsonl").read_bytes() == wanted.encode()


def test_history_ends_with_the_articles_as_they_are() -> None:
    standing: dict[str, str] = {}
    for revision in revisions():
        for change in revision["changes"]:
            if change["text"] is None:
                del standing[change["path"]]
            else:
                assert standing.get(change["path"]) != change["text"]
                standing[change["path"]] = change["text"]
    assert standing == {path.name: path.read_bytes().decode() for path in ARTICLES.iterdir()}


def test_history_has_about_thirty_revisions_in_order_over_the_two_weeks() -> None:
    times = [datetime.fromisoformat(revision["time"]) for revision in revisions()]
    assert 25 <= len(times) <= 32
    assert times == sorted(times)
    assert all(time.tzinfo for time in times)
    assert times[0].date() == DAYS[0]
    assert times[-1].date() == DAYS[-1]
    assert all(revision["changes"] for revision in revisions())


def test_articles_arrive_about_nine_hours_late_and_some_more_than_three_days() -> None:
    lags_h: dict[str, float] = {}
    for revision in revisions():
        for change in revision["changes"]:
            fields = corpus().get(change["path"])
            if change["path"] not in lags_h and fields and moment(fields).date() >= DAYS[0]:
                lag = datetime.fromisoformat(revision["time"]) - moment(fields)
                lags_h[change["path"]] = lag.total_seconds() / 3600
    assert min(lags_h.values()) > 0
    assert 8 <= statistics.median(lags_h.values()) <= 10
    assert sum(lag > 72 for lag in lags_h.values()) >= 4
    assert sum(lag > 168 for lag in lags_h.values()) == 1


def test_no_revision_knows_a_link_that_was_not_published_yet() -> None:
    for revision in revisions():
        for change in revision["changes"]:
            text = change["text"]
            if text and text.startswith("---") and change["path"] != BROKEN:
                now = datetime.fromisoformat(revision["time"])
                links = related(frontmatter.loads(text.replace("\r\n", "\n")).metadata)
                assert all(moment(link) <= now for link in links if "publishedDateTime" in link)


def test_one_article_is_held_back_one_retitled_one_taken_back_and_one_gains_four_links() -> None:
    seals = [text for text in versions("2026-03-08-harbour-seals") if text]
    assert "published: false" in seals[0]
    assert "published: true" in seals[-1]
    ferry = [text.split("\n")[2] for text in versions("2026-03-07-fire") if text]
    assert ferry[0] != ferry[-1]
    assert versions("2026-03-08-kestrel-lighthouse")[-1] is None
    counts = [text.count("\n  - title:") for text in versions("2026-03-02-tidewright-docks") if text]
    assert counts == sorted(counts)
    assert counts[-1] - counts[-2] == 4
