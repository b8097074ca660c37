"""Questions are answered with stories, in order, filtered, page by page."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from digests import handles
from digests.errors import InvalidInput, NotFound
from digests.models import SearchRequest, SearchSort
from digests.service.corpus import CorpusService
from digests.service.search import SearchService
from digests.service.search import service as search_service
from digests.store.articles import ArticleStore
from digests.store.connection import Database
from digests.store.database_kinds import CORPUS
from digests.urls import canonical
from tests.digests.service.search.answering import FILES, NOW, SEEDS, Ask, opened, text_of, titles
from tests.digests.store.search.rows import unhurried

# --------------------------------------------------------------------------- stories


async def test_results_are_stories_with_doubles_folded_and_a_round_up(ask: Ask) -> None:
    answer = await ask("clearview")
    assert titles(answer) == ["Clearview", "RCMP"]
    assert answer.total == 2
    story = answer.stories[0]
    assert story.lead.provider is not None
    assert story.lead.provider.domain == "nytimes.com"
    assert [article.path for article in story.folded] == ["surveillance.md"]
    assert story.topic == "AI"
    assert story.score.total > answer.stories[1].score.total > 0
    assert {link.url for link in story.roundup} == {
        "https://forbes.com/a", "https://thenextweb.com/a", "https://wire.example/a",
    }  # fmt: skip


async def test_a_listed_story_and_the_story_whole_say_the_same(service: SearchService, ask: Ask) -> None:
    (listed,) = (await ask("consent")).stories
    whole = await service.story(handles.of(listed.lead.key, listed.lead.path), NOW)
    assert whole.lead == listed.lead
    assert whole.folded == listed.folded
    assert whole.roundup == listed.roundup


async def test_a_story_is_shown_around_the_article_asked_for(service: SearchService) -> None:
    whole = await service.story(handles.of(canonical("https://forbes.com/a"), "surveillance.md"), NOW)
    assert whole.lead.path == "surveillance.md"
    assert [article.path for article in whole.folded] == ["ruled.md"]
    assert all(join.lead_key == canonical("https://forbes.com/a") for join in whole.joins)


@pytest.mark.slow
async def test_the_story_that_was_picked_is_shown_and_not_another_file_of_its_address(tmp_path: Path) -> None:
    files = {
        "page.md": text_of("Well hits 190 degrees", "kiln.example/well", "Kiln", "2021-02-08", quality=90),
        "amp.md": text_of("Hot water below the spa", "www.kiln.example/well/amp", "Kiln", "2021-02-09", quality=10),
    }
    async with opened(tmp_path, files) as service:
        for path in files:
            whole = await service.story(handles.of("https://kiln.example/well", path), NOW)
            assert whole.lead.path == path
            assert [article.path for article in whole.folded] == [other for other in files if other != path]
        renamed = await service.story(handles.of("https://kiln.example/well", "before.md"), NOW)
        assert renamed.lead.path == "amp.md"


@pytest.mark.parametrize(
    "typed",
    [
        "https://nytimes.com/a",
        " HTTPS://www.nytimes.com/a/?utm_source=feed ",
        "<http://nytimes.com/a#top>",
        "nytimes.com/a",
    ],
)
async def test_an_address_finds_the_story_of_its_article(ask: Ask, typed: str) -> None:
    answer = await ask(typed)
    (story,) = answer.stories
    assert story.lead.path == "ruled.md"
    assert [article.path for article in story.folded] == ["surveillance.md"]
    assert answer.total == 1
    assert (await ask(typed, provider="forbes.com", since="2030")).total == 1


async def test_an_address_that_nobody_has_is_looked_for_as_words_beside_others(ask: Ask) -> None:
    assert (await ask("clearview https://nytimes.com/none")).lacks_words


async def test_a_story_that_left_the_corpus_is_not_found(service: SearchService) -> None:
    with pytest.raises(NotFound, match="no longer in the corpus"):
        await service.story("0" * 16, NOW)
    with pytest.raises(NotFound, match="no longer in the corpus"):
        await service.story("what a select never held", NOW)


async def test_an_unpublished_article_is_found_and_leads_when_it_is_alone(ask: Ask) -> None:
    (story,) = (await ask("dockers")).stories
    assert not story.lead.published


async def test_a_file_without_front_matter_is_found(ask: Ask) -> None:
    assert titles(await ask("lighthouse sea")) == ["Notes"]


async def test_the_order_can_be_chosen(ask: Ask) -> None:
    assert titles(await ask("provider:ledger.example provider:cbc.ca", sort=SearchSort.NEWEST))[0] == "Ferry"
    best = await ask("", sort=SearchSort.QUALITY)
    assert titles(best)[0] == "Clearview"


async def test_pages_are_cut_from_one_order(service: SearchService, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = await service.search(SearchRequest(""), now=NOW, limit=50)
    for fold_count in (100, 2):
        monkeypatch.setattr(search_service, "FOLD_COUNT", fold_count)
        whole = await service.search(SearchRequest(""), now=NOW, limit=50)
        paged = [
            story.lead.path
            for offset in range(whole.total)
            for story in (await service.search(SearchRequest(""), now=NOW, offset=offset, limit=1)).stories
        ]
        assert paged == [story.lead.path for story in whole.stories]
        assert len(paged) == whole.total


@pytest.mark.parametrize("sort", [SearchSort.RELEVANCE, SearchSort.NEWEST])
async def test_nothing_is_on_two_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sort: SearchSort) -> None:
    # Reports of one event on several days: fewer articles at a time are compared on a page than in the whole list.
    ports = ("Velm", "Averil", "Hask", "Torvane", "Merrow", "Dunmarrow")
    files = {
        f"{port}{day}.md": text_of(
            f"Tug crews at Port {port} vote {how} over autopilots",
            f"{house}.example/{port}-{day}",
            house,
            f"2021-02-0{day}",
            excerpt=f"The crews of {port} counted the votes of the strike at night, and the harbour waits.",
        )
        for port in ports
        for day, how, house in ((1, "to strike", "ledger"), (2, "to walk out", "wire"), (4, "again", "tide"))
    }
    async with opened(tmp_path, files) as service:
        for fold_count in (90, 5):
            monkeypatch.setattr(search_service, "FOLD_COUNT", fold_count)
            request = SearchRequest("crews", sort=sort)
            pages = [await service.search(request, now=NOW, offset=offset, limit=2) for offset in range(0, 18, 2)]
            shown = [
                article.path
                for page in pages
                for story in page.stories
                for article in (story.lead, *story.folded, *story.also)
            ]
            assert sorted(shown) == sorted(files)


# --------------------------------------------------------------------------- filters


@pytest.mark.parametrize(
    ("query", "options", "found"),
    [
        ("clearview provider:nytimes.com", {}, ["Clearview"]),
        ('clearview provider:"new york times"', {}, ["Clearview"]),
        ("clearview", {"provider": "www.CBC.ca"}, ["RCMP"]),
        ("clearview topic:privacy", {}, ["RCMP"]),
        ("clearview", {"topic": "COMPUTER vision"}, ["Clearview"]),
        ("clearview -topic:ai", {}, ["RCMP"]),
        ("clearview -provider:cbc.ca", {}, ["Clearview"]),
        ("clearview -illegal", {}, ["RCMP"]),
        ("clearview (ferry OR -illegal)", {}, ["RCMP"]),
        ("clearview (rcmp OR -(canada illegal))", {}, ["RCMP"]),
        ("clearview after:2021", {}, ["Clearview"]),
        ("clearview before:2021", {}, ["RCMP"]),
        ("clearview after:2021", {"since": "2020"}, ["Clearview"]),
        ("clearview after:2020", {"since": "2021"}, ["Clearview"]),
        ("clearview before:2020-12", {"until": "2021-12"}, ["RCMP"]),
        ("clearview before:2021-12", {"until": "2020-12"}, ["RCMP"]),
        ("", {"since": "2021-02-09"}, ["Ferry"]),
        ("", {"since": "yesterday"}, ["Ferry"]),
        ("clearview", {"until": "2020-07-06"}, ["RCMP"]),
        ("clearview", {"until": "2020-07"}, ["RCMP"]),
        ("clearview before:2020-07-06", {}, []),
        ("", {"provider": "ledger.example", "topic": "transport", "since": "2021-02-09"}, ["Ferry"]),
        ("provider:cbc.ca", {"provider": "cbc, nytimes"}, ["RCMP"]),
    ],
)
async def test_filters(ask: Ask, query: str, options: dict[str, str], found: list[str]) -> None:
    assert titles(await ask(query, **options)) == found


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"provider": "frobes"}, "There is no provider “frobes”. The nearest are: CBC"),
        ({"provider": "nosuch.example"}, "There is no provider “nosuch.example”."),
        ({"topic": "sport"}, "There is no topic “sport”."),
        ({"since": "whenever"}, "“whenever” is not a date I can read. Type a date such as"),
        ({"until": "02/04/2021"}, "“02/04/2021” is not a date I can read."),
    ],
)
async def test_an_option_that_means_nothing_is_answered_with_what_to_type(
    ask: Ask, options: dict[str, str], sentence: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        await ask("clearview", **options)
    if "frobes" not in sentence:
        assert str(caught.value).startswith(sentence)


async def test_dates_of_options_are_days_of_the_asker(service: SearchService) -> None:
    # 8 o'clock UTC on the 9th is still the 8th in Honolulu.
    request = SearchRequest("ferry", since="2021-02-09")
    assert (await service.search(request, now=NOW)).total == 1
    assert (await service.search(request, now=NOW, zone="Pacific/Honolulu")).total == 0


async def test_a_count_that_ended_early_is_a_lower_bound(
    service: SearchService, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = await service.latest(now=NOW)
    assert (whole.total, whole.at_least) == (4, False)
    monkeypatch.setattr("digests.store.search.result_order.COUNT_LIMIT", 2)
    monkeypatch.setattr("digests.service.search.service.FOLD_COUNT", 1)
    short = await service.latest(now=NOW, limit=1)
    assert (short.total, short.at_least, short.partial) == (2, True, False)
    later = await service.latest(now=NOW, limit=1, offset=1)
    assert (len(later.stories), later.at_least) == (1, True)


# --------------------------------------------------------------------------- latest, autocomplete


@pytest.mark.slow
async def test_a_pasted_headline_that_begins_like_a_filter_finds_its_article(tmp_path: Path) -> None:
    title = "Topic: Computer Vision takes over"
    files = {
        "a.md": text_of(title, "a.example/a", "A", "2021-02-04", topics=["Essays"]),
        "b.md": text_of("Gardens take over", "b.example/b", "B", "2021-02-04", topics=["Computer Vision"]),
    }
    async with opened(tmp_path, files) as service:
        assert (await service.search(SearchRequest(title), now=NOW)).stories[0].lead.title == title


async def test_latest_are_headlines_newest_first(service: SearchService) -> None:
    answer = await service.latest(now=NOW)
    assert titles(answer) == ["Ferry", "Clearview", "RCMP", "Notes"]
    assert titles(await service.latest(provider="cbc", now=NOW)) == ["RCMP"]
    assert titles(await service.latest(topic="transport", now=NOW)) == ["Ferry"]
    assert titles(await service.latest(since="7d", now=NOW)) == ["Ferry", "Clearview"]
    assert titles(await service.latest(now=NOW, offset=1, limit=1)) == ["Clearview"]


async def test_latest_without_news_says_what_to_loosen(service: SearchService) -> None:
    answer = await service.latest(provider="cbc", since="yesterday", now=NOW)
    assert answer.total == 0
    assert "1 article is found at any time." in answer.advice


async def test_every_headline_offered_finds_its_article(service: SearchService, ask: Ask) -> None:
    await service.refresh()
    offered = service.suggestions.queries("")
    assert len(offered) == len(FILES)
    for choice in offered:
        found = await ask(choice.value)
        assert any(
            article.title.startswith(choice.name[:20])
            for story in found.stories
            for article in (story.lead, *story.folded)
        )


@pytest.mark.slow
async def test_autocomplete_and_spelling_follow_a_reload(service: SearchService, tmp_path: Path) -> None:
    await service.refresh()
    assert not service.suggestions.topics("space")
    (tmp_path / "news" / "moon.md").write_text(
        text_of("Moonlander touches down", "space.example/a", "Space Daily", "2021-02-10", topics=["Space"])
    )
    articles = service._store
    await CorpusService(articles, [tmp_path / "news"]).load(now=NOW + timedelta(hours=1))
    answer = await service.search(SearchRequest("moonlandre"), now=NOW + timedelta(hours=1))
    assert answer.corrected_query == "moonlander"
    await service.refresh()
    assert service.suggestions.topics("space")
    assert service.suggestions.providers("space d")[0].value == "space.example"


@pytest.mark.skipif(not (SEEDS / "seeds").is_dir(), reason="the sample corpora are not here")
async def test_the_sample_corpora_answer(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "corpus.db", CORPUS)
    try:
        articles = ArticleStore(database)
        await CorpusService(articles, [SEEDS / "seeds", SEEDS / "power-apps"]).load(now=NOW)
        service = SearchService(articles, unhurried(database))
        answer = await service.search(SearchRequest("clearveiw"), now=NOW)
        assert answer.corrected_query == "clearview"
        assert "clearview" in answer.stories[0].lead.title.casefold()
        told = [article for story in answer.stories for article in (story.lead, *story.folded)]
        assert "nytimes.com" in {article.provider.domain for article in told if article.provider is not None}
    finally:
        await database.close()


@pytest.mark.slow
async def test_what_is_scheduled_is_found_once_it_is_due(tmp_path: Path) -> None:
    later = NOW + timedelta(days=3)
    at, url = later.strftime("%Y-%m-%dT%H:%M:%SZ"), "https://paper.example/embargo"
    date = f"{NOW - timedelta(days=1):%Y-%m-%d}"
    files = {
        "a.md": f"---\ntitle: Embargoed zeppelin lands\ndate: {at}\nurl: {url}\n---\nText.\n",
        "b.md": f"---\ntitle: Scheduled zeppelin flies\ndate: {date}\npublishDate: {at}\n---\nText.\n",
        "c.md": f"---\ntitle: Public zeppelin burns\ndate: {date}\n---\nText.\n",
    }
    async with opened(tmp_path, files) as service:
        for now, count in ((NOW, 1), (later - timedelta(seconds=1), 1), (later, 3)):
            found = await service.search(SearchRequest("zeppelin"), now=now)
            assert len({article.path for story in found.stories for article in (story.lead, *story.folded)}) == count
            assert found.total == (await service.latest(now=now)).total == count
            assert (await service.search(SearchRequest(url), now=now)).total == int(count == 3)
        handle_of = handles.of(canonical(url), "a.md")
        assert (await service.story(handle_of, later)).lead.path == "a.md"
        with pytest.raises(NotFound):
            await service.story(handle_of, NOW)
