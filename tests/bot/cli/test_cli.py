"""The command line: documents, sentences and exit codes that other programs and people rely on."""

import json
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.bot.cli.conftest import SAMPLE, Shell

SHARED = Path(__file__).parents[4] / "shared" / "corpus"
STORY_KEYS = {"lead", "roundup", "roundup_count", "topic", "score", "update", "folded", "also"}
ARTICLE_KEYS = {
    "title", "excerpt", "url", "provider", "topics", "published_at", "quality", "heat", "published", "path",
    "image", "authors",
}  # fmt: skip
LINK_KEYS = {"title", "url", "provider", "published_at", "quality"}


def check_story(story: dict[str, Any], *, found: bool = False) -> None:
    assert set(story) == STORY_KEYS | ({"match"} if found else set())
    assert set(story["lead"]) == ARTICLE_KEYS
    assert story["roundup_count"] == len(story["roundup"])
    addresses = [link["url"] for link in story["roundup"]]
    assert len(set(addresses)) == len(addresses)
    assert story["lead"]["url"] not in addresses
    for link in story["roundup"]:
        assert set(link) == LINK_KEYS
        assert link["published_at"] is None or datetime.strptime(link["published_at"], "%Y-%m-%dT%H:%M:%SZ")


def test_load_counts_reports_and_knows_what_is_unchanged(shell: Shell) -> None:
    first = shell.json("load", SAMPLE / "articles", expect=1)
    assert {"new", "changed", "unchanged", "removed", "rejected", "problems", "seconds"} <= set(first)
    assert (first["new"], first["rejected"]) == (58, 1)
    (broken,) = [p for p in first["problems"] if p["path"].endswith("2026-03-09-broken.md")]
    assert broken["line"] == 4
    assert broken["reason"]
    second = shell.json("load", SAMPLE / "articles", expect=1)
    assert (second["new"], second["changed"], second["unchanged"], second["rejected"]) == (0, 0, 58, 1)


@pytest.mark.slow
def test_a_changed_and_a_removed_file_are_noticed(shell: Shell) -> None:
    folder = shell.folder / "articles"
    folder.mkdir()
    (folder / "a.md").write_text("---\ntitle: One\nwebUrl: https://a.example/1\n---\n")
    (folder / "b.md").write_text("---\ntitle: Two\nwebUrl: https://a.example/2\n---\n")
    assert shell.json("load")["new"] == 2
    (folder / "a.md").write_text("---\ntitle: One, again\nwebUrl: https://a.example/1\n---\n")
    (folder / "b.md").unlink()
    report = shell.json("load")
    assert (report["changed"], report["removed"], report["unchanged"]) == (1, 1, 0)


@pytest.mark.slow
def test_an_upstream_out_of_reach_is_a_problem_and_the_files_are_loaded(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROADSHEET_CORPUS__GIT", "true")
    (shell.folder / "plain").mkdir()
    (shell.folder / "plain" / "a.md").write_text("One")
    assert shell.json("load", "plain")["new"] == 1
    clone = shell.folder / "clone"
    clone.mkdir()
    (clone / "b.md").write_text("Two")
    for words in (
        "init -q",
        "add .",
        "-c user.name=T -c user.email=t@x.example commit -qm One",
        "remote add origin ../x",
    ):
        subprocess.run(["git", "-C", clone, *words.split()], check=True)
    report = shell.json("load", "clone", expect=1)
    assert report["new"] == 1
    assert [problem["path"] for problem in report["problems"]] == [str(clone)]
    assert "git fetch failed" in report["problems"][0]["reason"]


@pytest.mark.slow
def test_losing_more_than_half_of_a_corpus_needs_force(shell: Shell) -> None:
    folder = shell.folder / "articles"
    folder.mkdir()
    for number in range(24):
        (folder / f"{number}.md").write_text(f"---\ntitle: Number {number}\n---\n")
    shell.run("load")
    for number in range(13):
        (folder / f"{number}.md").unlink()
    refused = shell.json("load", expect=3)
    assert refused["removed"] == 0
    assert "force" in refused["problems"][0]["reason"]
    assert "force" in shell.run("load", expect=3)
    assert shell.json("load", "--force")["removed"] == 13


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.exists(), reason="the shared corpora are not here")
def test_the_five_seeds_load_whole(shell: Shell) -> None:
    assert shell.json("load", SHARED / "seeds")["new"] == 5
    assert shell.json("load", SHARED / "seeds")["unchanged"] == 5
    found = shell.json("search", "clearview", "--limit", "20")
    assert found["total"] == 3
    titles = [story["lead"]["title"] for story in found["results"]]
    assert titles[0] == "Clearview AI’s Facial-Recognition App Ruled Illegal in Canada"
    excerpts = " ".join(story["lead"]["excerpt"] for story in found["results"])
    assert "TORONTO — Clearview" in excerpts
    assert b"eHduokjy2HNrnGl6" not in (shell.folder / "data" / "corpus.db").read_bytes()


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.exists(), reason="the shared corpora are not here")
def test_the_canadian_ruling_is_one_story_and_july_stands_apart(shell: Shell) -> None:
    shell.run("load", SHARED / "seeds")
    day = shell.json("preview", "--date", "2021-02-04")
    (section,) = day["sections"]
    (story,) = section["stories"]
    check_story(story)
    assert story["lead"]["provider"] == {"name": "New York Times", "domain": "nytimes.com"}
    # Echoes of a headline are no links of their own.
    assert story["roundup_count"] >= 8
    assert not any("2020" in (link["published_at"] or "") for link in story["roundup"])
    assert shell.json("preview", "--date", "2020-07-06")["story_count"] == 0


def test_search_answers_with_stories(stocked: Shell) -> None:
    found = stocked.json("search", "tidewright", "--limit", "3")
    assert set(found) == {"total", "corrected_query", "results"}
    assert found["corrected_query"] is None
    assert 0 < len(found["results"]) <= 3 <= found["total"]
    for story in found["results"]:
        check_story(story, found=True)
    misspelt = stocked.json("search", "tidewrihgt")
    assert misspelt["corrected_query"] == "tidewright"
    assert misspelt["total"] == found["total"]


@pytest.mark.parametrize(
    "query", ['"', "AND", "NEAR(", "provider:", "topic:nothing here", "*", "'; DROP TABLE--", "\u0000"]
)
def test_no_query_is_a_syntax_error(stocked: Shell, query: str) -> None:
    assert set(stocked.json("search", query)) == {"total", "corrected_query", "results"}


@pytest.mark.slow
def test_search_options_narrow_and_sort(stocked: Shell) -> None:
    by_domain = stocked.json("search", "harbour", "--provider", "HARBOURLEDGER.example", "--limit", "50")
    by_name = stocked.json("search", "harbour", "--provider", "the harbour ledger", "--limit", "50")
    assert by_domain == by_name
    assert {s["lead"]["provider"]["domain"] for s in by_domain["results"]} == {"harbourledger.example"}
    newest = stocked.json("search", "tidewright", "--sort", "newest", "--since", "2026-03-02", "--until", "2026-03-05")
    dates = [story["lead"]["published_at"] for story in newest["results"]]
    assert dates == sorted(dates, reverse=True)
    assert all("2026-03-02" <= day[:10] <= "2026-03-05" for day in dates)
    assert "not a date" in stocked.run("search", "x", "--since", "whenever", expect=2)
    assert "no provider" in stocked.run("search", "x", "--provider", "zzzzzz", expect=2)


def test_preview_composes_a_day_and_explains_it(stocked: Shell) -> None:
    day = stocked.json("preview", "--date", "2026-03-10", "--max-stories", "4")
    assert set(day) == {"date", "timezone", "since", "until", "sections", "story_count", "left_out_count"}
    assert (day["date"], day["timezone"]) == ("2026-03-10", "UTC")
    assert (day["since"], day["until"]) == ("2026-03-10T00:00:00Z", "2026-03-11T00:00:00Z")
    assert day["story_count"] == sum(len(section["stories"]) for section in day["sections"]) == 4
    assert day["left_out_count"] == 2
    for section in day["sections"]:
        for story in section["stories"]:
            check_story(story)
            assert story["topic"] == section["topic"]
    explained = stocked.json("preview", "--date", "2026-03-10", "--explain")
    assert explained["left_out"] == []
    assert explained["sections"][0]["stories"][0]["score_parts"]["total"]
    assert "THE NUMBERS" in stocked.run("preview", "--date", "2026-03-10", "--explain")


@pytest.mark.slow
def test_preview_filters_by_topic_and_provider(stocked: Shell) -> None:
    topics = ["--topic", "clean energy", "--topic", "Machine Learning"]
    day = stocked.json("preview", "--date", "2026-03-10", *topics)
    assert [section["topic"] for section in day["sections"]] == ["Clean Energy", "Machine Learning"]
    one = stocked.json("preview", "--date", "2026-03-10", "--provider", "gradientpost.example")
    leads = [story["lead"]["provider"]["domain"] for section in one["sections"] for story in section["stories"]]
    assert set(leads) == {"gradientpost.example"}


def test_a_local_day_is_not_a_utc_day(stocked: Shell) -> None:
    day = stocked.json("preview", "--date", "2026-03-10", "--timezone", "Pacific/Auckland")
    assert (day["since"], day["until"]) == ("2026-03-09T11:00:00Z", "2026-03-10T11:00:00Z")


def test_preview_writes_a_page(stocked: Shell) -> None:
    stocked.run("preview", "--date", "2026-03-10", "--html", "day.html")
    page = (stocked.folder / "day.html").read_text("utf-8")
    assert "Mossgate Labs fined 4.2 million" in page
    assert "<script" not in page
    assert "The Daily Broadsheet" in page


def test_a_day_without_news_points_to_one_with_news(stocked: Shell) -> None:
    result = stocked.run("preview", "--date", "2026-03-14")
    assert "14 March 2026" in result


@pytest.mark.slow
def test_replay_accounts_for_every_address(shell: Shell) -> None:
    lived = shell.json("replay", SAMPLE / "history.jsonl")
    assert set(lived) == {
        "editions", "eligible", "leads", "in_roundups", "left_out", "dropped", "updates", "repeated", "unaccounted",
    }  # fmt: skip
    assert lived["eligible"] == lived["leads"] + lived["in_roundups"] + lived["left_out"] + lived["dropped"] > 40
    assert (lived["repeated"], lived["unaccounted"]) == (0, 0)
    dates = [edition["date"] for edition in lived["editions"]]
    assert dates == [f"2026-03-{day:02}" for day in range(2, 17)]
    told: list[str] = []
    headlines: list[str] = []
    for edition in lived["editions"]:
        assert set(edition) == {"date", "sections", "left_out_count"}
        for section in edition["sections"]:
            for story in section["stories"]:
                check_story(story)
                told += [link["url"] for link in story["roundup"]]
                if story["update"] is None:
                    told.append(story["lead"]["url"])
                # The sample shows what an update is: what became of a told story, under a headline of its own.
                assert story["lead"]["title"] not in headlines
                headlines.append(story["lead"]["title"])
    assert len(set(told)) == len(told)
    assert lived["updates"] == 1
    assert not (shell.folder / "data").exists()
    summary = shell.run("replay", SAMPLE / "history.jsonl", "--time", "18:30", "--timezone", "Europe/Berlin")
    assert "are unaccounted for" in summary


@pytest.mark.slow
def test_replay_counts_one_as_one(shell: Shell) -> None:
    text = "---\ntitle: One\nwebUrl: https://x.org/one\npublishedDateTime: 2021-03-01T09:00:00Z\n---\n"
    line = {"time": "2021-03-01T10:00:00Z", "changes": [{"path": "one.md", "text": text}]}
    (shell.folder / "history.jsonl").write_text(json.dumps(line))
    said = [" ".join(words.split()) for words in shell.run("replay", "history.jsonl").splitlines()]
    assert said == [
        "1 edition, on 2021-03-02 (quiet: 0); 1 story delivered (updates: 0)",
        "1 address was eligible to lead; of these",
        "1 led a story",
        "0 appeared in a round-up",
        "0 were left out by a limit",
        "0 were dropped",
        "0 were delivered again without being an update",
        "0 are unaccounted for",
    ]


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.skipif(not SHARED.exists(), reason="the shared corpora are not here")
def test_nine_real_months_are_accounted_for(shell: Shell) -> None:
    lived = shell.json("replay", SHARED / "power-apps-history.jsonl.xz", "--timezone", "America/Los_Angeles")
    assert lived["eligible"] == 132
    assert lived["leads"] + lived["in_roundups"] + lived["left_out"] + lived["dropped"] == 132
    assert (lived["repeated"], lived["unaccounted"]) == (0, 0)
    assert len(lived["editions"]) > 250


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("run",), 2, "DISCORD_TOKEN"),
        (("load", "nowhere"), 2, "does not exist"),
        (("load", "--config", "none.toml"), 2, "none.toml"),
        (("search", "x"), 3, "broadsheet load"),
        (("preview", "--date", "soon"), 2, "2021-02-04"),
        (("preview", "--date", "9999-12-31"), 2, "2021-02-04"),
        (("preview", "--date", "0001-01-01", "--timezone", "Asia/Tokyo"), 2, "2021-02-04"),
        (("preview", "--timezone", "Mars"), 2, "There is no time zone called “Mars”"),
        (("replay", "none.jsonl"), 2, "can't be read"),
        (("replay", "none.jsonl", "--time", "noon"), 2, "08:00"),
        (("backup", "data/state.db"), 3, "Name another file"),
        (("backup", "data/corpus.db-wal"), 3, "Name another file"),
        (("restore", "b.db"), 3, "There is no backup"),
        (("import", "none.json"), 2, "none.json"),
        (("sandbox", "--once", "--folder", "nowhere"), 2, "nowhere"),
        (("sandbox", "--once", "--date", "soon"), 2, "2021-02-04"),
        (("sandbox", "--once", "--date", "9999-12-31"), 2, "2021-02-04"),
    ],
)
def test_what_goes_wrong_is_one_sentence(shell: Shell, words: tuple[str, ...], code: int, sentence: str) -> None:
    said = " ".join(shell.run(*words, expect=code).split())
    assert sentence in said
    assert said.startswith("broadsheet: ")


@pytest.mark.slow
@pytest.mark.parametrize("query", ["-tidewright", "-tidewright -harbour", "-c"])
def test_a_query_may_begin_with_a_minus(stocked: Shell, query: str) -> None:
    found = stocked.json("search", query)
    assert all("tidewright" not in story["lead"]["title"].casefold() for story in found["results"])


@pytest.mark.slow
def test_limits_may_be_as_large_as_anybody_wants(stocked: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = stocked.json("search", "-zzz", "--limit", "1000000")
    assert len(everything["results"]) == everything["total"]
    assert stocked.json("preview", "--date", "2026-03-10", "--max-stories", "500")["story_count"] == 6
    monkeypatch.setenv("BROADSHEET_DIGEST__MAX_STORIES", "100")
    assert stocked.json("preview", "--date", "2026-03-10")["story_count"] == 6


@pytest.mark.slow
def test_what_is_unknown_is_null(shell: Shell) -> None:
    (shell.folder / "articles").mkdir()
    (shell.folder / "articles" / "bare.md").write_text("---\ntitle: Bare\n---\n")
    shell.run("load")
    (story,) = shell.json("search", "bare")["results"]
    unknown = ("excerpt", "url", "provider", "published_at", "quality", "heat")
    assert [story["lead"][key] for key in unknown] == [None] * len(unknown)


def test_an_unknown_configuration_key_is_named(shell: Shell) -> None:
    (shell.folder / "config.toml").write_text('[corpus]\nfolder = "x"\n')
    assert "corpus.folders" in shell.run("load", expect=2)


def test_a_token_without_a_corpus_folder_is_a_usage_error(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "x")
    assert "articles" in shell.run("run", expect=2)


@pytest.mark.slow
def test_help_lists_every_command_and_every_command_has_help(shell: Shell) -> None:
    listed = shell.run("--help")
    names = ["run", "load", "search", "preview", "replay", "doctor", "backup", "restore", "export", "import", "sandbox"]
    for name in names:
        assert name in listed
        assert "--config" in shell.run(name, "--help")
    assert "broadsheet 0" in shell.run("--version")
