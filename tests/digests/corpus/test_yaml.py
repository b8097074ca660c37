"""The two YAML parsers: fast in front, guarded behind, and of one mind."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml as pyyaml
from hypothesis import example, given
from hypothesis import strategies as st

from digests.corpus import yaml
from digests.corpus.problems import Unreadable
from digests.corpus.reader import read
from digests.models import Article

SAMPLES = Path(__file__).parents[4] / "shared" / "corpus"

words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Co")), max_size=20)
scalars = st.one_of(
    words,
    st.integers(-(10**6), 10**6),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.booleans(),
    st.none(),
    st.datetimes(),
    st.dates(),
    st.sampled_from(
        ["NO", "014", "1_000", "1e3", "~", "null", "12:30:45", "2021-02-04", "0x1F", "", " x ", "- a", "a: b"]
    ),
)
entries = st.dictionaries(
    st.sampled_from(["title", "excerpt", "webUrl", "publishedDateTime", "quality", "published", "other"]),
    scalars,
    max_size=6,
)
fronts = st.fixed_dictionaries(
    {"title": st.one_of(words, st.integers(), st.booleans())},
    optional={
        "excerpt": scalars,
        "publishedDateTime": scalars,
        "quality": scalars,
        "heat": scalars,
        "published": scalars,
        "type": scalars,
        "webUrl": st.sampled_from(["https://x.org/a", "nonsense", ""]),
        "provider": st.one_of(scalars, st.dictionaries(st.sampled_from(["name", "domain"]), scalars)),
        "topics": st.one_of(scalars, st.lists(scalars, max_size=4)),
        "related": st.one_of(scalars, st.lists(entries, max_size=3)),
        "images": st.lists(st.dictionaries(st.sampled_from(["url", "width", "title"]), scalars), max_size=3),
    },
)


def through(loader: str, text: str, monkeypatch: pytest.MonkeyPatch) -> Article | None:
    with monkeypatch.context() as patch:
        if loader == "lean":
            patch.setattr(yaml, "load", lambda source, _doubled: yaml.load_lean(source).data)
        return read("a.md", f"---\n{text}\n---\n".encode()).article


@pytest.mark.slow
@given(fields=fronts, flow=st.booleans(), wide=st.booleans())
@example(fields={"title": "0", "quality": False}, flow=False, wide=False)
@example(fields={"title": 0, "published": 0.0}, flow=False, wide=False)
@example(fields={"title": 0, "published": 0.4}, flow=False, wide=False)
@example(fields={"title": "0", "provider": {"name": 1843}}, flow=False, wide=False)
@example(fields={"title": "0", "provider": {"name": 1.10}}, flow=True, wide=False)
def test_both_parsers_make_the_same_article(fields: dict[str, object], flow: bool, wide: bool) -> None:
    text = pyyaml.safe_dump(fields, default_flow_style=flow, allow_unicode=wide, sort_keys=False)
    monkeypatch = pytest.MonkeyPatch()
    assert through("fast", text, monkeypatch) == through("lean", text, monkeypatch)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample corpora are not here")
def test_both_parsers_make_the_same_article_of_every_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    for path in [*SAMPLES.rglob("*.md"), *SAMPLES.rglob("*.txt")]:
        text = path.read_text("utf-8")
        if text.startswith("---"):
            source = text.split("\n---")[0][4:]
            assert through("fast", source, monkeypatch) == through("lean", source, monkeypatch)


def test_what_only_the_fast_parser_refuses_is_read_all_the_same() -> None:
    assert yaml.load("title:\tA title") == {"title": "A title"}


def test_scalars_are_kept_as_written_and_lines_known() -> None:
    lean = yaml.load_lean("a: 014\nb:\n  - NO\n  - c: 'null'\n    d: ~\n")
    assert lean.data == {"a": "014", "b": ["NO", {"c": "null", "d": None}]}
    assert lean.lines[("a",)] == 1
    assert lean.lines[("b", 0)] == 3
    assert lean.lines[("b", 1, "d")] == 5


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\n<<: {b: 2}", 2),
        ("a: &x 1\nb: *x", 2),
        ("a: 1\n---\nb: 2", 2),
        ("a: 1\n? [b]\n: 2", 2),
        ("x: " + "[" * 100 + "]" * 100, 1),
        ("a: 1\nb: 'open", 2),
        ("a: \x07", 1),
    ],
)
def test_the_guarded_parser_refuses_what_is_not_plain_fields(text: str, line: int) -> None:
    with pytest.raises(Unreadable) as caught:
        yaml.load_lean(text)
    assert caught.value.line == line


def test_the_guard_lets_real_front_matter_through_and_nothing_vast() -> None:
    assert yaml.is_within_guard("- [{?\n" * 900)
    assert not yaml.is_within_guard("[" * 9000)
    assert not yaml.is_within_guard("x" * 70_000)


@pytest.mark.parametrize("text", ["a: b\0c", " " * 130 + "a: b", "- " * 200 + "x", "a:\n" + "? " * 100 + "x"])
def test_no_parser_sees_what_crashes_it(text: str) -> None:
    with pytest.raises(Unreadable):
        yaml.refuse_unsafe(text)


@pytest.mark.parametrize(
    "text", ["a: " + "-" * 500, "a: '" + " " * 500 + "'", "a: b\n" + "c: d\n" * 1000, "- a\n" * 500]
)
def test_long_runs_elsewhere_are_no_nesting(text: str) -> None:
    yaml.refuse_unsafe(text)
