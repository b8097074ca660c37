"""The sample corpus keeps what its README promises of its files and their fields."""

from __future__ import annotations

import re
from collections import Counter

import frontmatter
import pytest
import yaml

from tests.sample.reading import ARTICLES, BROKEN, DAYS, SAMPLE, addresses, corpus, moment, named, related, walk

MAIN_TOPICS = {"Harbours & Shipping", "Clean Energy", "Machine Learning"}


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
