"""Every answer is within Discord's limits whatever it says, and says what it has to."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render import layout, limits
from bot.render.corpus import render_problems, render_report, render_status
from bot.render.explain import render_explain
from bot.render.search import _in_one_text, marked, render_latest, render_search
from bot.render.story import _ALSO_CHARS, _parted, render_story
from digests.models import (
    CorpusStatus,
    Digest,
    Join,
    JoinReason,
    LoadReport,
    Match,
    Problem,
    Provider,
    SearchAnswer,
    SearchRequest,
    SearchSort,
    Spans,
    Story,
)
from tests.bot.render import strategies
from tests.bot.render.making import NOW, a_digest, a_full_digest, a_link, a_story, an_article
from tests.bot.render.reading import custom_ids, pings, told
from tests.bot.render.strategies import slowly
from tests.bot.render.strict import check_message, check_schema

# --------------------------------------------------------------------------- one story


@slowly
@given(strategies.stories(), st.integers(-1, 50), st.booleans())
def test_any_page_of_any_story_is_within_every_limit(story: Story, page: int, share: bool) -> None:
    shown = render_story(story, page=page, share=share)
    check_message(shown)
    assert not pings(told(shown))


@slowly
@given(strategies.stories())
def test_the_pages_of_a_story_show_every_link_once(story: Story) -> None:
    shown = 0
    page = 0
    while True:
        components = render_story(story, page=page)
        shown += sum(line.startswith("-# › ") for line in told(components).splitlines())
        if not [i for i in custom_ids(components) if i.startswith("story:") and i.endswith(f":{page + 1}")]:
            break
        page += 1
    assert shown == len(story.roundup)


def test_a_story_with_the_longest_addresses_is_within_every_limit_and_whole() -> None:
    def address(name: str) -> str:
        return f"https://e.example/{name}/" + "a" * 1750

    story = a_story(
        an_article("T*" * 150, url=address("lead"), authors=("N*" * 60,) * 5, topics=("topic*" * 8,) * 9),
        also=tuple(an_article(f"{n} " + "T*" * 99, url=address(f"also{n}")) for n in range(5)),
        roundup=tuple(a_link(n, "T*" * 99, url=address(f"link{n}")) for n in range(4)),
        providers=tuple(Provider(f"N*{n}" * 9, f"{n}.example") for n in range(9)),
    )
    shown = [told(render_story(story, page=page)) for page in range(9)]
    for page in range(9):
        check_message(render_story(story, page=page))
    assert all(any(address(f"also{n}") in one for one in shown) for n in range(5))
    assert all(any(address(f"link{n}") in one for one in shown) for n in range(4))


def test_an_opened_story_shows_all_its_likely_reports() -> None:
    story = a_story(also=tuple(an_article(f"Likely {n}", url=f"https://e.example/{n}") for n in range(5)))
    assert told(render_story(story)).count("↳") == 5


def test_a_story_names_its_authors() -> None:
    story = a_story(an_article(authors=("Ada Bell", "Cy Dee", "Eve Fox", "Guy Hill")))
    line = "-# **New York Times** · Ada Bell, Cy Dee, Eve Fox and 1 more · <t:1594170000:f> (<t:1594170000:R>)"
    assert line in told(render_story(story)).splitlines()


def test_a_story_shows_who_carries_it_but_none_of_its_numbers() -> None:
    story = a_full_digest().stories[0]
    shown = told(render_story(story))
    assert shown.startswith(
        "## [Clearview AI Stops Offering Facial Recognition Technology in Canada](https://www.nytimes.com/"
    )
    assert "-# **New York Times** · <t:1594170000:f> (<t:1594170000:R>)" in shown
    assert "-# Computer Vision, AI\n" in shown
    many = replace(story, providers=(*story.providers, Provider("Wired", "wired.com")))
    assert "-# Computer Vision, AI · carried by New York Times, Reuters, Forbes, The Verge and Wired" in told(
        render_story(many)
    )
    assert "quality" not in shown
    assert "**Round-up** · 12 links · page 1 of 2" in shown


def test_a_story_can_be_paged_and_shared() -> None:
    story = a_story(links=25)
    ref = "".join(custom_ids(render_story(story, page=1))).split(":")[1]
    assert custom_ids(render_story(story, page=1)) == [
        f"story:{ref}:0",
        f"story:{ref}:2",
        f"sharestory:{ref}:1",
        f"followstory:{ref}",
    ]
    assert not [one for one in custom_ids(render_story(a_story(), share=False)) if one.startswith("sharestory:")]
    assert custom_ids(render_story(story, page=1, back="7-2")) == [
        "search:7:2", f"story:{ref}:0:7-2", f"story:{ref}:2:7-2", f"sharestory:{ref}:1", f"followstory:{ref}",
    ]  # fmt: skip


# --------------------------------------------------------------------------- search


@pytest.mark.parametrize(
    ("text", "spans", "shown"),
    [
        ("Tidewright software docks", ((0, 10),), "**Tidewright** software docks"),
        ("The Tidewright log", ((4, 14),), "The **Tidewright** log"),
        ("Port of Averil", ((0, 4), (8, 14)), "**Port** of **Averil**"),
        ("Port Averil", ((0, 4), (5, 11)), "**Port** **Averil**"),
    ],
)
def test_words_that_were_found_stay_apart_from_their_neighbours(text: str, spans: Spans, shown: str) -> None:
    assert marked(text, spans, 80) == shown


requests = st.builds(
    SearchRequest,
    query=strategies.long_words,
    provider=st.one_of(st.none(), strategies.words),
    topic=st.one_of(st.none(), strategies.words),
    since=st.one_of(st.none(), strategies.words),
    until=st.one_of(st.none(), strategies.words),
    sort=st.sampled_from(SearchSort),
)


@slowly
@given(
    requests,
    st.lists(strategies.stories(), max_size=3),
    st.integers(1, 5),
    st.one_of(st.none(), strategies.long_words),
    st.lists(strategies.words, max_size=12).map(tuple),
    st.booleans(),
)
def test_any_answer_is_within_every_limit(
    request: SearchRequest,
    models: list[Story],
    times: int,
    corrected: str | None,
    words: tuple[str, ...],
    flag: bool,
) -> None:
    stories = tuple(
        replace(story, lead=replace(story.lead, key=f"https://e.example/{number}"))
        for number, story in enumerate(models * times)
    )
    answer = SearchAnswer(request, 10**6 if stories else 0, 990, stories, corrected, flag, words, words)
    shown = render_search(answer, token=2**62, page=66, page_size=15, shared=flag)
    check_message(shown)
    assert not pings(told(shown))
    if stories:
        picks = [c["options"] for c in layout.walk(shown) if c["type"] == layout.STRING_SELECT]
        assert len(picks[0]) == len(stories)


def an_answer(**given: object) -> SearchAnswer:
    answer = SearchAnswer(SearchRequest("clearview"), 23, 0, a_full_digest().stories[:5])
    return replace(answer, **given)  # type: ignore[arg-type]


def test_an_answer_numbers_its_stories_and_counts_all() -> None:
    shown = render_search(an_answer(offset=5), token=3, page=1, page_size=5, shared=False)
    assert "6–10 of 23 stories" in told(shown)
    assert "\n6\\. **[Clearview AI Stops Offering" in told(shown)
    assert "round-up of 12" in told(shown)
    assert custom_ids(shown) == ["pick:3:1", "search:3:0", "search:3:2", "share:3:1", "more:3"]


def test_a_shared_answer_offers_no_sharing() -> None:
    shown = render_search(an_answer(), token=3, page=0, page_size=5, shared=True)
    assert custom_ids(shown) == ["pick:3", "search:3:1", "more:3"]


def test_an_answer_to_a_misspelt_word_says_so() -> None:
    answer = an_answer(request=SearchRequest("clearveiw"), corrected_query="clearview")
    shown = told(render_search(answer, token=3, page=0, page_size=5, shared=False))
    assert "Showing results for **clearview**; nothing was found for “clearveiw”." in shown


def test_an_answer_names_its_filters_and_sort() -> None:
    request = SearchRequest("clearview", "Forbes", "AI", "2020-07-01", "2020-07-31", SearchSort.NEWEST)
    shown = told(render_search(an_answer(request=request), token=3, page=0, page_size=5, shared=False))
    assert "provider Forbes · topic AI · since 2020-07-01 · until 2020-07-31 · newest first" in shown


def test_an_answer_cut_short_says_so() -> None:
    shown = told(render_search(an_answer(partial=True), token=3, page=0, page_size=5, shared=False))
    assert "1–5 of at least 23: the search took too long and was cut short" in shown


def test_a_count_that_is_a_lower_bound_says_so() -> None:
    shown = told(render_search(an_answer(at_least=True), token=3, page=0, page_size=5, shared=False))
    assert "1–5 of at least 23" in shown
    assert "cut short" not in shown


def test_nothing_found_says_what_to_try() -> None:
    answer = SearchAnswer(SearchRequest("zzz"), 0, 0, (), nearest_terms=("zoo", "zone"), advice=("Leave out `since`.",))
    shown = render_search(answer, token=3, page=0, page_size=5, shared=False)
    assert (
        told(shown)
        == "## News: zzz\nNothing was found.\nWords that come close: **zoo**, **zone**\n- Leave out `since`."
    )
    assert custom_ids(shown) == ["more:3"]


def test_a_page_that_is_gone_leads_to_the_last_one() -> None:
    shown = render_search(an_answer(stories=(), total=7, offset=20), token=3, page=4, page_size=5, shared=False)
    assert "Page 5 no longer exists." in told(shown)
    assert custom_ids(shown) == ["search:3:1"]


def test_the_latest_are_an_answer_without_a_question() -> None:
    answer = an_answer(request=SearchRequest(topic="AI"))
    shown = render_latest(answer, token=3, page=0, page_size=5, shared=False)
    assert told(shown).startswith("## The latest\n-# 1–5 of 23 stories · topic AI")
    assert shown == render_search(answer, token=3, page=0, page_size=5, shared=False)


# --------------------------------------------------------------------------- explanations


@slowly
@given(strategies.digests(most_stories=20))
def test_any_explanation_is_within_every_limit_and_complete(digest: Digest) -> None:
    pages = render_explain(digest, pager="explain:9223372036854775807")
    for page in pages:
        check_message(page)
        assert not pings(told(page))
    entries = [line for page in pages for line in told(page).splitlines() if line.startswith("**") and "— " not in line]
    updates = sum(line.startswith("**Update**") for line in entries)
    assert len(entries) - updates >= digest.story_count + len(digest.left_out)


def test_an_explanation_shows_numbers_joins_and_reasons() -> None:
    pages = render_explain(a_full_digest(), pager="explain:4")
    shown = "\n".join(map(told, pages))
    assert "78.4 = quality 32.0 + heat 5.5 + recency 20.9 + corroboration 20.0" in shown
    assert "folded in: reuters.com/article/clearview-canada (the titles say the same: both say" in shown
    for reason in ("the digest is full", "below the quality floor", "already told", "arrived before the first edition"):
        assert reason in shown
    assert custom_ids(pages[0]) == ["explain:4:1"]
    assert all(custom_ids(page) == [] for page in render_explain(a_full_digest()))


def test_an_explanation_names_what_was_folded_in_and_what_stands_beneath_by_headline() -> None:
    lead, folded, beneath = (an_article(f"Headline {n}", url=f"https://x.org/{n}") for n in "abc")
    join = Join(folded.key, lead.key, JoinReason.SAME_EVENT, 'both say "Velm", "Osk"')
    story = replace(a_story(lead), folded=(folded,), joins=(join,), also=(beneath,))
    shown = "\n".join(map(told, render_explain(a_digest(("Harbours", (story,))))))
    assert 'folded in: Headline b (it reports the same event: both say "Velm", "Osk")' in shown
    assert "printed beneath, likely the same event: Headline c" in shown


def test_an_explanation_of_nothing_says_so() -> None:
    (page,) = render_explain(a_digest())
    assert "There was nothing to choose from." in told(page)


# --------------------------------------------------------------------------- the corpus


problems = st.builds(
    Problem,
    path=strategies.long_words,
    line=st.one_of(st.none(), st.integers(1, 10**6)),
    reason=strategies.long_words,
    rejected=st.booleans(),
)


@slowly
@given(st.lists(problems, max_size=30), st.integers(0, 9))
def test_any_page_of_problems_is_within_every_limit(found: list[Problem], page: int) -> None:
    for shown in (
        render_problems(found, page),
        render_report(LoadReport(1, 2, 3, 4, 5, tuple(found), 6.7)),
    ):
        check_message(shown)
        assert not pings(told(shown))


def test_problems_name_file_line_and_reason() -> None:
    shown = told(
        render_problems([Problem("2020/a_b.md", 3, "title is missing"), Problem("c.md", None, "a link", False)])
    )
    assert "- **2020/a\\_b.md, line 3**: title is missing\n- **c.md** (remark): a link" in shown
    assert "1 file rejected · 1 remark" in shown


def test_a_long_path_keeps_its_end() -> None:
    assert "**…" in told(render_problems([Problem("x/" * 200 + "file.md", 3, "bad")]))
    assert "file.md" in told(render_problems([Problem("x/" * 200 + "file.md", 3, "bad")]))


def test_a_reload_counts_what_it_did() -> None:
    shown = told(render_report(LoadReport(3, 1, 900, 0, 2, (Problem("a.md", None, "bad bytes"),) * 7, 75)))
    assert "**3** new · **1** changed · **0** removed · **2** rejected · 900 unchanged" in shown
    assert "It took 1 min 15 s." in shown
    assert shown.endswith("-# +2 more: `/corpus problems`")


@pytest.mark.parametrize("loaded", [None, NOW])
def test_the_status_is_within_every_limit(loaded: None) -> None:
    shown = render_status(CorpusStatus(1234, 800, 88, 12, 3, 7, loaded, loaded, loaded))
    check_message(shown)
    check_schema(shown)
    assert "**1234** articles, 800 of them headlines, from 88 providers on 12 topics" in told(shown)
    assert ("Never loaded" in told(shown)) is (loaded is None)


def test_every_custom_id_is_short_enough_for_the_largest_numbers() -> None:
    shown = render_search(an_answer(), token=2**63, page=10**6 - 2, page_size=1, shared=False)
    assert max(map(len, custom_ids(shown))) <= limits.CUSTOM_ID_CHARS


@pytest.mark.parametrize("title_chars", range(1, 12))
def test_likely_reports_beneath_a_headline_take_no_more_room_than_there_is(title_chars: int) -> None:
    story = a_story(also=tuple(an_article("x" * title_chars, url=None) for _number in range(60)))
    beneath, listed = _parted(story)
    assert len(beneath) + len(listed) == 60
    taken = [limits.length(line) + 1 for line in beneath]
    assert sum(taken) <= _ALSO_CHARS < sum(taken) + limits.length(listed[0]) + 1


@pytest.mark.parametrize(
    ("provider", "line"),
    [(Provider("The Wire", "wire.example"), "Found in: Ferry sinks · The Wire"), (None, "Found in: Ferry sinks")],
)
def test_the_headline_that_matched_is_named_with_its_provider(provider: Provider | None, line: str) -> None:
    story = replace(a_story(), match=Match("Ferry sinks", None, None, provider, is_lead=False))
    shown = told(render_search(an_answer(stories=(story,)), token=3, page=0, page_size=5, shared=False))
    assert line in [each.strip("-# ") for each in shown.splitlines()]


@pytest.mark.parametrize("title_chars", range(1, 30))
def test_very_many_stories_fit_into_one_message_and_the_others_are_counted(title_chars: int) -> None:
    story = a_story(an_article("x" * title_chars, url=None))
    answer = an_answer(stories=(story,) * 900, total=900)
    shown = _in_one_text(answer, "## News", 3, 0, 1, shared=True)
    texts = [part["content"] for part in layout.walk(shown) if part["type"] == layout.TEXT_DISPLAY]
    room = limits.TEXT_CHARS - limits.MENTION_CHARS - sum(map(limits.length, texts))
    assert 0 <= room < 100 + title_chars
    lines = texts[1].splitlines()[:-1]
    assert sum(limits.length(line) + 1 for line in lines) <= limits.TEXT_CHARS - limits.MENTION_CHARS - 40 - len(
        "## News"
    )
