from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.typed.query import LONGEST_CHARS, MOST_TERMS, Query, Term, parse_query, replaced
from digests.typed.query_tree import Or

NOW = datetime(2021, 2, 10, 15, 30, tzinfo=UTC)


def parsed(text: str) -> Query:
    return parse_query(text, NOW)


def shown(term: Term) -> str:
    text = f'"{term.text}"' if term.phrase else term.text
    return ("-" if term.excluded else "") + ("title:" if term.title else "") + text + ("*" if term.prefix else "")


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("clearview canada", ["clearview", "canada"]),
        ('"facial recognition" ban', ['"facial recognition"', "ban"]),
        ("“facial recognition”", ['"facial recognition"']),
        ("«reconnaissance faciale»", ['"reconnaissance faciale"']),
        ('clearview -canada -"new york"', ["clearview", "-canada", '-"new york"']),
        ("clear*", ["clear*"]),
        ("title:(storm OR flood) port", ["title:storm", "title:flood", "port"]),
        ('-title:(storm "high water") port', ["-title:storm", '-title:"high water"', "port"]),
        ("intitle:storm", ["title:storm"]),
        ("title:((storm) flood) port", ["title:storm", "title:flood", "port"]),
        ("title:() port", ["port"]),
        ("ｓｔｏｒｍ　＂high water＂ －port", ["storm", '"high water"', "-port"]),
        ("「東京 地震」 『港』", ['"東京 地震"', '"港"']),
        ("storm || flood", ["storm", "flood"]),
        ('"facial recog*"', ['"facial recog"*']),
        ("Ondine's CLEARVIEW'S O’Brien’s 's \"Ondine's\"", ["Ondine", "CLEARVIEW", "O’Brien", "s", '"Ondine\'s"']),
        ("well-known c++ AT&T don't", ["well-known", "c++", "AT&T", "don't"]),
        ("ban, (fine) or/and <b>", ["ban", "fine", "or/and", "b"]),
        ('"no end', ["no", "end"]),
        ('5"disk', ["5", "disk"]),
        ('- -- !!! 🎉 * "" "!" \'\'', []),
        ("-- -x--", ["-x"]),
        ("NEAR(a b) AND title:x ^y {z}", ["NEAR", "a", "b", "title:x", "y", "z"]),
        ("C# and .NET", ["C#", "and", ".NET"]),
        ("--word git ---force", ["word", "git", "force"]),
        ("robot –ferry −gull !crane —eel", ["robot", "-ferry", "-gull", "-crane", "-eel"]),
        ('–"new york" !(a b) –topic:x', ['-"new york"', "-a", "-b"]),
        ("left – right, up— down", ["left", "right", "up", "down"]),
        ("so –they said– it was —here— wow!great", ["so", "they", "said", "it", "was", "here", "wow", "great"]),
        ("tide, -(robot OR ferry)", ["tide", "-robot", "-ferry"]),
        ('"left –right"', ['"left –right"']),
        ("OR AND a OR", ["OR", "AND", "a", "OR"]),
        ("中文 ملف नमस्ते", ["中文", "ملف", "नमस्ते"]),
        ("before:soon after:", ["before:soon", "after"]),
        ('before:"the end"', ["before", '"the end"']),
        ("provider: topic:!", ["provider", "topic"]),
    ],
)
def test_text_becomes_terms(typed: str, terms: list[str]) -> None:
    assert [shown(term) for term in parsed(typed).terms] == terms


def test_providers_and_topics_are_taken_in_any_case_quoted_or_not_and_repeated() -> None:
    query = parsed('Provider:nytimes.com PROVIDER:"New York Times" topic:“Computer Vision” -topic:ai -provider:x.com')
    assert query.terms == ()
    assert query.providers == ("nytimes.com", "New York Times")
    assert query.topics == ("Computer Vision",)
    assert query.excluded_topics == ("ai",)
    assert query.excluded_providers == ("x.com",)


@pytest.mark.parametrize(
    "typed", ["provider:(cnn OR bbc.co.uk)", "site:(cnn bbc.co.uk)", "provider：（cnn OR bbc.co.uk）"]
)
def test_a_filter_before_parentheses_holds_for_all_names_in_them(typed: str) -> None:
    assert parsed(f"{typed} storm").providers == ("cnn", "bbc.co.uk")
    assert [term.text for term in parsed(f"{typed} storm").terms] == ["storm"]


@pytest.mark.parametrize("typed", ["since: 2021-02-04 port", "after: 4 feb 2021 port", 'since: "2021-02-04" port'])
def test_a_space_may_stand_between_a_filter_and_its_date(typed: str) -> None:
    query = parsed(typed)
    assert query.since == datetime(2021, 2, 4, tzinfo=UTC)
    assert [term.text for term in query.terms] == ["port"]


def test_without_a_date_behind_it_such_a_word_is_one_to_look_for() -> None:
    query = parsed("before: the storm")
    assert query.until is None
    assert [term.text for term in query.terms] == ["before", "the", "storm"]


def test_bars_ask_for_either_side() -> None:
    assert isinstance(parsed("storm || flood").root.parts[0], Or)


def test_after_begins_with_its_day_and_before_ends_before_its_day() -> None:
    query = parsed("after:2021-02-04 before:2021-02-06")
    assert query.since == datetime(2021, 2, 4, tzinfo=UTC)
    assert query.until == datetime(2021, 2, 6, tzinfo=UTC)


def test_of_two_dates_the_narrower_holds() -> None:
    query = parsed('after:2020 after:"last week" before:today before:2021-02-05')
    assert query.since == datetime(2021, 2, 1, tzinfo=UTC)
    assert query.until == datetime(2021, 2, 5, tzinfo=UTC)


def test_days_are_those_of_the_zone() -> None:
    for text in (
        "after:last week ferry",
        "after:feb 4 2020 ferry",
        "ferry before:mar 1, 2020 strike",
        "after:feb 2020",
        "ferry after:4 feb 2021 strike",
        "after:3 days ago",
        "before:7 days ago ferry",
    ):
        query = parsed(text)
        assert query.since or query.until, text
        assert [term.text for term in query.terms] == [w for w in ("ferry", "strike") if w in text]
        assert query.no_dates == ()
    assert parsed("after:feb 2020").since == datetime(2020, 2, 1, tzinfo=UTC)
    assert [term.text for term in parsed("before:may 5 stars").terms] == ["stars"]
    assert [term.text for term in parsed("after:monday march protest").terms] == ["march", "protest"]
    assert parsed('before:soon after:"the end" -after:x').no_dates == ("soon", "the end", "x")
    assert parse_query("after:2021-02-04", NOW, "Asia/Tokyo").since == datetime(2021, 2, 3, 15, tzinfo=UTC)


def test_a_corrected_text_keeps_everything_else_as_typed() -> None:
    query = parsed('clearveiw  -canada "facail recognition" provider:nytimes.com')
    first, _canada, phrase = query.terms
    corrected = replaced(query, {first: "clearview", phrase: "facial recognition"})
    assert corrected == 'clearview -canada "facial recognition" provider:nytimes.com'


def test_long_text_is_cut_and_many_terms_are_bounded() -> None:
    query = parsed("ab " * 5000)
    assert len(query.text) <= LONGEST_CHARS
    assert len(query.terms) == MOST_TERMS


def test_control_characters_and_lone_surrogates_are_dropped() -> None:
    query = parsed("a\0b\ud800c\x1bd\u2028e")
    assert [term.text for term in query.terms] == ["a", "b", "c", "d", "e"]
    query.text.encode()


@given(st.text(max_size=300))
def test_any_text_is_a_query_whose_terms_stand_in_it(typed: str) -> None:
    query = parsed(typed)
    for term in query.terms:
        assert query.text[term.start : term.end] == term.text
        assert any(char.isalnum() for char in term.text)
    assert replaced(query, {}) == query.text
    assert parsed(query.text) == query


PIECES = st.sampled_from(
    [
        '"',
        "-",
        "*",
        ":",
        "provider:",
        "topic:",
        "before:",
        "after:",
        "2021",
        "yesterday",
        " ",
        "a",
        "word",
        "“",
        "”",
        "(",
        "\0",
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_mix_of_signs_is_a_query(typed: str) -> None:
    query = parsed(typed)
    assert all('"' not in term.text for term in query.terms)
