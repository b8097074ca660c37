"""A history lived through: the bot's own editions of the past, and exactly one outcome for every address."""

from __future__ import annotations

from pathlib import Path

import pytest

from digests.errors import BroadsheetError
from digests.models import DropReason, Policy
from tests.digests.service.corpus.making import text_of
from tests.digests.service.living import live

pytestmark = pytest.mark.slow  # whole histories


def news(title: str = "One", *, url: str | None = None, **fields: object) -> str:
    """An article of the hour before `BEGIN`."""
    fields.setdefault("publishedDateTime", "2021-03-01T09:00:00Z")
    return text_of(title, url, **fields)


async def test_an_article_that_is_off_over_an_edition_stands_in_the_one_after_it_is_back(tmp_path: Path) -> None:
    for off in (news(published="false"), news(publishedDateTime=None), None):
        life = await live(tmp_path, (0, {"a.md": news()}), (10, {"a.md": off}), (34, {"a.md": news()}))
        assert life.leads == [[], ["https://x.org/one"]]
        assert life.outcomes == {"LEAD": 1}


async def test_a_delivered_article_that_was_switched_off_and_on_is_not_repeated(tmp_path: Path) -> None:
    off = news(published="false")
    life = await live(tmp_path, (0, {"a.md": news()}), (23, {"a.md": off}), (34, {"a.md": news()}))
    assert life.leads == [["https://x.org/one"], []]
    assert life.outcomes == {"LEAD": 1}
    assert life.ledger.repeated == 0


@pytest.mark.parametrize("brought", [0, 1])
async def test_an_article_dated_ahead_arrives_on_its_date_whenever_it_is_brought(tmp_path: Path, brought: int) -> None:
    revisions: dict[int, dict[str, str | None]] = {0: {}, 1: {}, 34: {}, 58: {}}
    revisions[brought] = {"a.md": news(publishedDateTime="2021-03-02T12:00:00Z")}
    life = await live(tmp_path, *revisions.items())
    assert life.leads == [[], ["https://x.org/one"], []]
    assert life.outcomes == {"LEAD": 1}


async def test_an_address_that_changes_before_the_edition_counts_under_both(tmp_path: Path) -> None:
    life = await live(tmp_path, (0, {"a.md": news()}), (10, {"a.md": news(url="https://x.org/other")}))
    assert life.leads == [["https://x.org/other"]]
    assert life.outcomes == {"LEAD": 1, "DROPPED": 1}
    assert life.ledger.drop_reasons() == {DropReason.WITHDRAWN: 1}


async def test_an_address_that_changes_after_the_edition_is_no_new_article(tmp_path: Path) -> None:
    life = await live(tmp_path, (0, {"a.md": news()}), (30, {"a.md": news(url="https://x.org/other")}))
    assert life.leads == [["https://x.org/one"], []]
    assert life.outcomes == {"LEAD": 1}


async def test_the_other_address_of_a_lead_is_no_lead(tmp_path: Path) -> None:
    lead = news("One!", url="https://x.org/amp", ampWebUrl="https://x.org/one", quality=90)
    life = await live(tmp_path, (0, {"a.md": news("One"), "b.md": lead}))
    assert life.leads == [["https://x.org/amp"]]
    assert life.outcomes == {"LEAD": 1, "DROPPED": 1}
    assert life.ledger.drop_reasons() == {DropReason.SAME_ADDRESS: 1}


async def test_a_file_with_half_a_character_is_read_and_the_others_live(tmp_path: Path) -> None:
    life = await live(tmp_path, (0, {"a.md": news("Half \ud800"), "b.md": news("Whole"), "c\udcff.md": news("Named")}))
    assert ["https://x.org/whole"] in [[url for url in leads if url.endswith("whole")] for leads in life.leads]


async def test_an_edition_that_cannot_be_made_ends_the_replay(tmp_path: Path) -> None:
    with pytest.raises(BroadsheetError, match="2021-03-02 08:00"):
        await live(tmp_path, (0, {"a.md": news()}), policy=Policy(max_age_hours=10**10))


async def test_a_sequel_to_a_headline_beneath_a_story_is_no_new_story(tmp_path: Path) -> None:
    beneath = "Velm pupils paint Tidewright portraits for the yearly spring fair downtown"
    files = {
        "lead.md": news("Tidewright cameras leave Velm harbour after court order", quality=90),
        "beneath.md": news(beneath, url="https://fair.org/1", quality=50),
        **{f"{name}.md": news(f"{name} of the region", quality=40) for name in ("Orchard", "Tunnel", "Anchor")},
        **{f"{name}.md": news(f"{name} of the week", quality=40) for name in ("Violin", "Castle", "Meadow", "Piano")},
        **{f"{name}.md": news(f"{name} of the year", quality=40) for name in ("Bridge", "Window", "Garden", "Kettle")},
    }
    again = "Tidewright portraits painted by Velm pupils for the spring fair"
    later = news(again, url="https://wire.org/fair", publishedDateTime="2021-03-02T09:00:00Z")
    life = await live(tmp_path, (0, files), (24, {"later.md": later}), policy=Policy(max_stories=20))
    (story,) = (story for story in life.digests[0].stories if story.also)
    assert [article.title for article in story.also] == [beneath]
    assert life.leads[1] == []
