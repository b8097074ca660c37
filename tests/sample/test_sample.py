"""The sample corpus keeps what its README promises; read with python-frontmatter, not with our own loader."""

from __future__ import annotations

import importlib.util
import json
import re
import statistics
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import frontmatter
import pytest
import yaml

SAMPLE = Path(__file__).parents[2] / "sample"
ARTICLES = SAMPLE / "articles"
BROKEN = "2026-03-09-broken.md"
DAYS = [date(2026, 3, 2) + timedelta(days=number) for number in range(14)]
MAIN_TOPICS = {"Harbours & Shipping", "Clean Energy", "Machine Learning"}

Fields = dict[str, Any]


def read(path: Path) -> Fields:
    """Returns the front matter of one file; a file without any gives an empty one."""
    text = path.read_bytes().decode("utf-8").replace("\r\n", "\n")
    if text.startswith("+++\n"):
        return tomllib.loads(text.split("+++\n")[1])
    fields: Fields = frontmatter.loads(text).metadata
    return fields


@cache
def corpus() -> dict[str, Fields]:
    """Returns the front matter of every file but the broken one, by file name."""
    return {path.name: read(path) for path in sorted(ARTICLES.iterdir()) if path.name != BROKEN}


def named(start: str) -> Fields:
    """Returns the one article whose file name starts so."""
    (found,) = (fields for name, fields in corpus().items() if name.startswith(start))
    return found


def related(fields: Fields) -> list[Fields]:
    return list(fields.get("related") or [])


def addresses(fields: Fields) -> set[str]:
    return {fields[key] for key in ("webUrl", "originalUrl", "ampWebUrl", "cdnAmpWebUrl") if key in fields}


def lists(one: Fields, other: Fields) -> bool:
    """Tells whether `one` has `other` among its related links."""
    return any(addresses(link) & addresses(other) for link in related(one))


def walk(value: Any) -> Iterator[tuple[str, Any]]:
    """Yields every key with its value, however deep."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key, inner
            yield from walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner)


def moment(fields: Fields) -> datetime:
    """Returns the publication time; JSON holds it as text, and PyYAML may give it without a zone."""
    value = fields["publishedDateTime"]
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    assert isinstance(value, datetime)
    return value if value.tzinfo else value.replace(tzinfo=UTC)


# --------------------------------------------------------------------------- size and spread


def test_holds_between_52_and_60_files() -> None:
    assert 52 <= len(list(ARTICLES.iterdir())) <= 60


def test_every_day_of_the_two_weeks_has_two_to_seven_files() -> None:
    per_day = Counter(path.name[:10] for path in ARTICLES.iterdir() if path.name.startswith("2026-"))
    assert sorted(per_day) == [day.isoformat() for day in DAYS]
    assert set(per_day.values()) <= set(range(2, 8))
    assert per_day["2026-03-10"] == 7


def test_file_names_carry_the_day_of_publication() -> None:
    for name, fields in corpus().items():
        if "publishedDateTime" in fields:
            assert name.startswith(f"{moment(fields):%Y-%m-%d}-"), name
            assert re.fullmatch(r"\d{4}-\d\d-\d\d-[a-z0-9-]+\.(md|html)", name)


def test_earlier_years_remember_the_quiet_day_on_which_nothing_is_published() -> None:
    assert [fields["published"] for name, fields in corpus().items() if name.startswith("2026-03-14-")] == [False] * 2
    earlier = Counter(name[:10] for name in corpus() if re.match(r"20(1|2[0-5])", name))
    assert earlier == {"2025-03-14": 2, "2024-03-14": 1}


def test_has_three_main_topics_two_that_occur_once_and_one_article_without() -> None:
    counts = Counter(topic for fields in corpus().values() for topic in fields.get("topics") or [])
    assert {topic for topic, count in counts.items() if count >= 15} == MAIN_TOPICS
    assert (
        {topic for topic, count in counts.items() if count == 1}
        == {"Local Government", "Chess"}
        == (set(counts) - MAIN_TOPICS)
    )
    assert sum("topics" in fields and fields["topics"] is None for fields in corpus().values()) == 1
    assert sum(len(fields.get("topics") or []) == 2 for fields in corpus().values()) >= 8


def test_has_more_than_ten_providers_all_on_invented_domains() -> None:
    domains = {fields["provider"]["domain"].removeprefix("www.") for fields in corpus().values() if fields}
    assert len(domains) >= 12
    hosts = {
        match for path in ARTICLES.iterdir() for match in re.findall(r"https?://([^/\"\s]+)", path.read_text("utf-8"))
    }
    assert all(host.endswith(".example") for host in {*domains, *hosts})


def test_one_provider_writes_its_name_and_one_its_domain_in_two_ways() -> None:
    names = Counter(
        f["provider"]["name"] for f in corpus().values() if f and "kilnandcurrent" in f["provider"]["domain"]
    )
    assert names.most_common()[0][0] == "Kiln & Current"
    assert names["Kiln and Current"] == 1
    assert "www.voltandvane.example" in {f["provider"]["domain"] for f in corpus().values() if f}


# --------------------------------------------------------------------------- fields


@pytest.mark.parametrize(
    "field",
    [
        *("category", "title", "excerpt", "publishedDateTime", "webUrl", "originalUrl", "ampWebUrl", "cdnAmpWebUrl"),
        *("type", "quality", "heat", "published", "provider", "topics", "images", "related", "secured"),
        "featuredContent",
    ],
)
def test_every_field_of_real_corpora_occurs(field: str) -> None:
    assert sum(field in fields for fields in corpus().values()) >= 1


def test_nested_fields_occur_too() -> None:
    links = [link for fields in corpus().values() for link in related(fields)]
    assert {key for link in links for key in link} >= {
        *("title", "excerpt", "publishedDateTime", "webUrl", "originalUrl", "ampWebUrl", "cdnAmpWebUrl", "type"),
        *("provider", "quality", "images", "published"),
    }
    images = [image for fields in corpus().values() for image in fields.get("images") or []]
    assert {key for image in images for key in image} == {"url", "width", "height", "isCached", "title"}
    assert any(fields["provider"].get("images") for fields in corpus().values() if fields)
    assert any(not fields["provider"].get("images") for fields in corpus().values() if fields)


def test_quality_heat_and_type_take_the_values_they_take_in_the_wild() -> None:
    articles = [fields for fields in corpus().values() if fields]
    qualities = [fields["quality"] for fields in articles if "quality" in fields]
    assert min(qualities) == 17
    assert 120 <= max(qualities) <= 150
    heats = [(fields["heat"], fields["quality"]) for fields in articles if "heat" in fields]
    assert {heat for heat, quality in heats if heat != quality} == {-1, 209}
    assert {fields["type"] for fields in articles} == {"article", "video"}
    assert Counter(fields.get("published") for fields in articles)[False] >= 7
    assert any("quality" not in fields and "heat" not in fields for fields in articles)
    assert any("published" not in fields for fields in articles)


def test_addresses_occur_in_every_combination() -> None:
    articles = [fields for fields in corpus().values() if fields]
    assert any(f["type"] == "article" and "originalUrl" in f and "webUrl" not in f for f in articles)
    assert any("webUrl" in f and "originalUrl" not in f for f in articles)
    both = [(f["webUrl"], f["originalUrl"]) for f in articles if "webUrl" in f and "originalUrl" in f]
    assert any(web == original for web, original in both)
    assert any(web != original for web, original in both)


def test_related_lists_are_of_many_lengths() -> None:
    lengths = Counter(len(related(fields)) for fields in corpus().values() if fields)
    assert set(lengths) >= {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 14, 39}
    assert lengths[39] == 1


def test_secured_is_base64_and_never_the_same() -> None:
    values = [fields["secured"] for fields in corpus().values() if "secured" in fields]
    assert len(values) == len(set(values)) >= 50
    assert all(re.fullmatch(r"[A-Za-z0-9+/]+=*;[A-Za-z0-9+/]{22}==", value) for value in values)


def test_headlines_and_excerpts_are_varied_and_short_enough_to_read() -> None:
    titles = [fields["title"] for fields in corpus().values() if fields]
    assert max(Counter(titles).values()) == 2  # the wire text
    assert min(map(len, titles)) < 40 < 75 < max(map(len, titles)) <= 100
    assert all(40 <= len(fields["excerpt"]) <= 320 for fields in corpus().values() if fields)
    assert not any("lorem" in str(fields).lower() for fields in corpus().values())


# --------------------------------------------------------------------------- special files


def test_only_the_broken_file_cannot_be_read_and_its_line_is_known() -> None:
    text = (ARTICLES / BROKEN).read_text("utf-8")
    with pytest.raises(yaml.YAMLError) as caught:
        frontmatter.loads(text)
    error = caught.value
    assert isinstance(error, yaml.MarkedYAMLError)
    assert error.problem_mark is not None
    assert error.problem_mark.line + 1 == 4  # counted from 0; the mark counts the dashes as a line
    assert text.splitlines()[2].count('"') == 1
    assert len(corpus()) == len(list(ARTICLES.iterdir())) - 1


def test_shapes_other_than_yaml_in_markdown_occur_once_each() -> None:
    starts = Counter((ARTICLES / name).read_bytes()[:4].split(b"\n")[0].strip() for name, f in corpus().items() if f)
    assert starts[b"+++"] == starts[b"{"] == 1
    assert sum(name.endswith(".html") for name in corpus()) == 1
    assert sorted(name for name, f in corpus().items() if not f) == [
        "2026-03-07-letter-from-the-breakwater.txt",
        "reading-room-notes.txt",
    ]


def test_plain_files_have_a_title_and_an_excerpt_in_front_of_their_body() -> None:
    for path in ARTICLES.glob("*.txt"):
        title, excerpt, *body = path.read_text("utf-8").split("\n\n")
        assert len(title) < 60 < len(excerpt)
        assert body


def test_some_files_end_their_lines_with_crlf_and_git_leaves_them_alone() -> None:
    with_crlf = [path.name for path in ARTICLES.iterdir() if b"\r\n" in path.read_bytes()]
    assert 5 <= len(with_crlf) <= 30
    assert "articles/* -text" in (SAMPLE / ".gitattributes").read_text("utf-8")


def test_one_excerpt_has_mojibake_and_one_has_entities_and_tags() -> None:
    assert {"â€”", "â€™"} <= set(re.findall("â€[”™]", named("2026-03-03-court-clerks")["excerpt"]))
    bakery = named("2026-03-06-dunmarrow")["excerpt"]
    assert all(piece in bakery for piece in ("<br/>", "<b>", "&amp;", "&ldquo;", "&#8230;"))


def test_one_link_is_a_script_and_some_have_no_address() -> None:
    links = [link for fields in corpus().values() for link in related(fields)]
    scripts = [link for link in links if not all(url.startswith("https://") for url in addresses(link))]
    assert len(scripts) == 1
    assert scripts[0]["webUrl"].startswith("javascript:")
    assert sum(not addresses(link) for link in links) == 2
    outside = [value for fields in corpus().values() for key, value in walk(fields) if key.lower().endswith("url")]
    assert sum(not value.startswith("https://") for value in outside) == 1


# --------------------------------------------------------------------------- stories


@pytest.mark.parametrize(
    ("lead", "duplicate"),
    [
        ("2026-03-02-tidewright-docks", "2026-03-02-marguerite-dole"),
        ("2026-03-05-weather-model", "2026-03-06-neural-network"),
        ("2026-03-09-ice-closes", "2026-03-09-torvane-canal"),
        ("2026-03-10-mossgate-labs-fined-4", "2026-03-10-mossgate-fined"),
        ("2026-03-12-port-averil-tug-crews", "2026-03-12-tug-crews-at-port-averil"),
    ],
)
def test_a_lead_and_its_unpublished_near_duplicate(lead: str, duplicate: str) -> None:
    assert named(lead)["published"]
    assert not named(duplicate)["published"]
    assert named(lead)["provider"]["domain"] != named(duplicate)["provider"]["domain"]
    assert lists(named(duplicate), named(lead))
    if not lead.startswith("2026-03-09"):
        assert lists(named(lead), named(duplicate))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2026-03-02-tidewright-docks", "2026-03-03-tidewright-software"),
        ("2026-03-06-quillfeather-gives", "2026-03-06-speech-model-wren"),
        ("2026-03-10-merrow-straits", "2026-03-11-anvil-bay-wind"),
    ],
)
def test_two_headlines_on_one_event_list_each_other(one: str, other: str) -> None:
    assert named(one)["published"]
    assert named(other)["published"]
    assert lists(named(one), named(other))
    assert lists(named(other), named(one))


def test_at_least_eight_events_are_carried_by_several_providers() -> None:
    leads = [f for f in corpus().values() if f.get("published") and len(related(f)) >= 1]
    carried = [
        lead
        for lead in leads
        if any(
            other["provider"]["domain"] != lead["provider"]["domain"] and lists(lead, other) and lists(other, lead)
            for other in corpus().values()
            if other
        )
    ]
    assert len({lead["title"] for lead in carried}) >= 8


def test_two_outlets_print_one_wire_text_within_three_days() -> None:
    first, second = named("2026-03-04-brightmoor"), named("2026-03-05-a-full-day")
    assert first["title"] == second["title"]
    assert first["provider"] != second["provider"]
    assert timedelta(0) < moment(second) - moment(first) < timedelta(days=3)


def test_one_story_grows_on_its_second_and_fourth_day() -> None:
    days = ("2026-03-02-tidewright-docks", "2026-03-03-tidewright-software", "2026-03-05-marguerite-dole-docking")
    story = [named(start) for start in days]
    assert len({fields["provider"]["domain"] for fields in story}) == 3
    assert lists(story[1], story[0])
    assert lists(story[2], story[0])
    later = [link for link in related(story[0]) if moment(link) >= datetime(2026, 3, 4, tzinfo=UTC)]
    assert len(later) == 4


def test_a_chain_of_related_links_leads_from_one_event_to_another() -> None:
    first, second = named("2026-03-07-fire"), named("2026-03-07-battery-room")
    third = named("2026-03-08-ardenmouth-yard")
    assert lists(first, second)
    assert lists(second, third)
    assert not lists(first, third)
    first_words, third_words = (set(re.findall(r"\w{4,}", fields["title"].lower())) for fields in (first, third))
    assert first_words & third_words == {"hybrid"}


def test_a_headline_on_another_event_is_listed_as_related() -> None:
    assert lists(named("2026-03-03-isle-of-hask"), named("2026-03-03-hask-elects"))
    assert named("2026-03-03-hask-elects")["published"]


def test_one_address_is_used_again_a_week_later_under_another_title() -> None:
    before, after = named("2026-03-04-what-a-home-battery"), named("2026-03-11-home-batteries")
    assert after["webUrl"].split("?")[0] == before["webUrl"]
    assert after["title"] != before["title"]
    assert (moment(after) - moment(before)).days == 7


def test_one_article_is_the_amp_address_of_another() -> None:
    assert named("2026-03-11-brackwater-well")["webUrl"] == named("2026-03-10-brackwater-well")["ampWebUrl"]


def test_the_longest_list_repeats_one_headline_under_several_addresses() -> None:
    links = related(named("2026-03-10-mossgate-labs-fined-4"))
    (title, count), *_ = Counter(link["title"] for link in links).most_common()
    assert count == 3
    assert len({link["webUrl"] for link in links if link["title"] == title}) == 3


# --------------------------------------------------------------------------- history


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
    """Returns every text that a file had in the history, oldest first; None where it was removed."""
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
