"""Why an article is or is not in a digest: each answer is a sentence of its own."""

from __future__ import annotations

import pytest

from bot.render.absence import render_absence
from digests.models import DropReason, LeftOutReason, Policy
from digests.models.absence import Absence, FilterName, Whereabouts
from tests.bot.render.making import a_digest, an_article
from tests.bot.render.reading import told

POLICY = Policy(topics=("Energy",), providers=("press.example",), keywords=("ferry",), max_stories=7, per_topic=3)


def said(whereabouts: Whereabouts, reason: str = "", filters: tuple[FilterName, ...] = ()) -> str:
    absence = Absence(an_article(), whereabouts, reason, "Ferry strike ends", filters)
    return told(render_absence(absence, a_digest(), POLICY))


@pytest.mark.parametrize(
    ("whereabouts", "sentence"),
    [
        (Whereabouts.LEADS, "It leads a story."),
        (Whereabouts.FOLDED, "It is part of the story “Ferry strike ends”."),
        (Whereabouts.LINKED, "It is in the round-up of “Ferry strike ends”."),
        (Whereabouts.WITHDRAWN, "Its file says"),
        (Whereabouts.UNDATED, "It has no date"),
        (Whereabouts.EARLIER, "before the time that this digest covers"),
        (Whereabouts.LATER, "It arrived after this digest was made"),
        (Whereabouts.UNEXPLAINED, "With today's filters it would be in it"),
    ],
)
def test_where_an_article_is_or_what_kept_it_out_is_said(whereabouts: Whereabouts, sentence: str) -> None:
    assert sentence in said(whereabouts)


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        (LeftOutReason.MAX_STORIES, "The digest was full: 7 stories"),
        (LeftOutReason.PER_TOPIC, "Its topic was full: 3 stories"),
        (LeftOutReason.PER_PROVIDER, "Its provider led"),
        (LeftOutReason.QUALITY, "and the minimum is"),
        (LeftOutReason.UPDATES, "It continues an earlier story"),
        (LeftOutReason.TOO_OLD, "hours old when it arrived"),
    ],
)
def test_the_limit_that_kept_an_article_out_is_said(reason: LeftOutReason, sentence: str) -> None:
    assert sentence in said(Whereabouts.LEFT_OUT, reason)


@pytest.mark.parametrize("reason", DropReason)
def test_only_of_a_delivered_story_it_is_said_when_it_comes_back(reason: DropReason) -> None:
    text = said(Whereabouts.DROPPED, reason)
    assert "“Ferry strike ends”." in text
    assert ("comes back" in text) is (reason in {DropReason.ALREADY_DELIVERED, DropReason.JOINED})


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (FilterName.TOPICS, "only has Energy"),
        (FilterName.EXCLUDED_TOPICS, "leaves out none"),
        (FilterName.PROVIDERS, "only has press.example"),
        (FilterName.EXCLUDED_PROVIDERS, "which this digest leaves out"),
        (FilterName.KEYWORDS, "the keywords “ferry”"),
    ],
)
def test_the_filter_that_an_article_does_not_pass_is_said(name: FilterName, sentence: str) -> None:
    assert sentence in said(Whereabouts.FILTERED, filters=(name,))
