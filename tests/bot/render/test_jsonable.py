"""The documents that `--json` prints are a contract."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings

from bot.render.jsonable import digest_json, problem_json, report_json, search_json, story_json, time_json
from digests.models import (
    Article,
    Digest,
    Join,
    JoinReason,
    LeftOutReason,
    LoadReport,
    Problem,
    SearchAnswer,
    SearchRequest,
    Section,
    Update,
)
from tests.bot.render import strategies
from tests.bot.render.making import NOW, a_full_digest, a_link, a_story, an_article
from tests.examples import examples

ARTICLE_KEYS = ["title", "excerpt", "url", "provider", "topics", "published_at", "quality", "heat", "published", "path"]
ARTICLE_KEYS += ["image", "authors"]
LINK_KEYS = ["title", "url", "provider", "published_at", "quality"]


def test_a_story_has_the_keys_of_the_contract() -> None:
    document = story_json(a_story(an_article(heat=None), links=12))
    assert list(document) == ["lead", "roundup", "roundup_count", "topic", "score", "update", "folded", "also"]
    assert document["lead"] == {
        "title": "A headline",
        "excerpt": "What happened, in two lines.",
        "url": "https://www.nytimes.com/2020/07/07/technology/a-headline.html",
        "provider": {"name": "New York Times", "domain": "nytimes.com"},
        "topics": ["AI"],
        "published_at": "2020-07-08T01:00:00Z",
        "quality": 80,
        "heat": None,
        "published": True,
        "path": "a-headline.md",
        "image": None,
        "authors": [],
    }
    assert list(document["lead"]) == ARTICLE_KEYS
    assert document["roundup_count"] == len(document["roundup"]) == 12
    assert list(document["roundup"][0]) == LINK_KEYS
    assert document["score"] == 78.4
    assert document["update"] is None


def test_what_is_unknown_is_null() -> None:
    document = story_json(a_story(Article(path="a.md", title="A", key="file:a.md"), topic=None))
    assert document["lead"]["url"] is None
    assert document["lead"]["provider"] is None
    assert document["lead"]["published_at"] is None
    assert document["lead"]["quality"] is None
    assert document["topic"] == "Other news"


def test_an_update_lists_what_is_new() -> None:
    document = story_json(a_story(update=Update(("Forbes",), (a_link(),))))
    assert document["update"]["new_providers"] == ["Forbes"]
    assert list(document["update"]["new_links"][0]) == LINK_KEYS


def test_a_story_lists_what_was_folded_in_and_what_is_likely_the_same() -> None:
    lead, folded, also = (
        an_article(),
        an_article("Another headline", url="https://wire.example/b"),
        an_article("Likely"),
    )
    join = Join(folded.key, lead.key, JoinReason.SAME_EVENT, "clearview, canada")
    document = story_json(a_story(lead, folded=(folded,), joins=(join,), also=(also,)))
    assert document["folded"] == [
        {
            "path": folded.path,
            "title": "Another headline",
            "url": "https://wire.example/b",
            "reason": "it reports the same event",
            "evidence": "clearview, canada",
        }
    ]
    assert [article["title"] for article in document["also"]] == ["Likely"]


def test_updates_stand_under_a_heading_of_their_own() -> None:
    digest = replace(a_full_digest(), sections=(Section("AI", (a_story(),), is_updates=True),))
    assert [section["topic"] for section in digest_json(digest)["sections"]] == ["Updates"]


def test_a_digest_has_the_keys_of_the_contract() -> None:
    document = digest_json(a_full_digest())
    assert list(document) == ["date", "timezone", "since", "until", "sections", "story_count", "left_out_count"]
    assert document["date"] == "2020-07-08"
    assert document["timezone"] == "Europe/Berlin"
    assert (document["since"], document["until"]) == ("2020-07-07T06:00:00Z", "2020-07-08T06:00:00Z")
    assert [section["topic"] for section in document["sections"]] == ["Computer Vision", "Power Apps", "Other news"]
    assert document["story_count"] == sum(len(section["stories"]) for section in document["sections"]) == 7
    assert document["left_out_count"] == 2 * len(LeftOutReason)


def test_an_explained_digest_says_why() -> None:
    document = digest_json(a_full_digest(), explain=True)
    story = document["sections"][0]["stories"][0]
    assert story["score_parts"] == {
        "total": 78.4,
        "quality": 32.0,
        "heat": 5.5,
        "recency": 20.9,
        "corroboration": 20.0,
    }
    assert story["joins"][0]["reason"] == "the titles say the same"
    assert document["left_out"][0]["reason"] == "the digest is full"
    assert document["dropped"][0]["reason"] == "already told"


def test_an_answer_has_the_keys_of_the_contract() -> None:
    document = search_json(SearchAnswer(SearchRequest("a"), 23, 0, (a_story(),), corrected_query="b"))
    assert list(document) == ["total", "corrected_query", "results"]
    assert (document["total"], document["corrected_query"], len(document["results"])) == (23, "b", 1)


def test_a_report_has_the_keys_of_the_contract() -> None:
    problem = Problem("a.md", 3, "no title")
    document = report_json(LoadReport(1, 2, 3, 4, 5, (problem,), 0.43219))
    assert document == {
        "new": 1,
        "changed": 2,
        "unchanged": 3,
        "removed": 4,
        "rejected": 5,
        "problems": [problem_json(problem)],
        "seconds": 0.432,
    }
    assert problem_json(problem) == {"path": "a.md", "line": 3, "reason": "no title"}


def test_times_are_utc_to_the_second() -> None:
    assert time_json(datetime(2020, 7, 8, 8, tzinfo=timezone(timedelta(hours=2)))) == "2020-07-08T06:00:00Z"
    assert time_json(datetime(999, 7, 8, 8, tzinfo=UTC)) == "0999-07-08T08:00:00Z"
    assert time_json(NOW) == "2020-07-08T06:00:00Z"
    assert time_json(None) is None


@pytest.mark.slow
@settings(max_examples=examples(15), suppress_health_check=list(HealthCheck))
@given(strategies.digests(most_stories=6))
def test_any_digest_is_plain_json(digest: Digest) -> None:
    document = digest_json(digest, explain=True)
    assert json.loads(json.dumps(document, allow_nan=False)) == document
