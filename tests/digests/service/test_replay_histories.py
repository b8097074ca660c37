"""Whatever a history holds, every eligible address has one outcome, and the counts are those of the editions."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digests.composing.headlines import plain_words
from digests.composing.memory import HEADLINE_MEMORY
from digests.models import Cadence, Digest, LeftOutReason, Policy
from digests.service.replay import Outcome
from tests.digests.service.corpus.making import text_of
from tests.digests.service.living import Step, live
from tests.examples import examples

PATHS = ("a.md", "b.md", "c.md", "d/a.md", "d/e/b.md")
INSIDE = "c.md/a.md"
"""A file where another path has its folder."""
ADDRESSES = tuple(f"https://{host}.example/{name}" for host in ("x", "y") for name in "abc")
TITLES = (
    "Tidewright cameras banned in Velm harbour",
    "Velm harbour bans Tidewright cameras",
    "Ferry museum opens with brass band",
    "Lighthouse keeper retires after forty winters",
    "Orchard festival draws record crowd",
)

addresses = st.sampled_from(ADDRESSES)
near = st.builds("2021-03-{:02}T{:02}:00:00Z".format, st.integers(1, 6), st.sampled_from([3, 9, 21]))
dates = st.one_of(near, near, near, st.sampled_from([None, "2021-02-01T00:00:00Z", "2021-03-20T00:00:00Z"]))
links = st.lists(
    st.builds(
        lambda url, title: {"webUrl": url, "title": title, "provider": {"name": "Z", "domain": "z.example"}},
        st.one_of(addresses, st.builds("https://z.example/{}".format, st.integers(0, 9))),
        st.one_of(st.sampled_from(TITLES), st.builds("More on {}".format, st.integers(0, 9))),
    ),
    max_size=4,
)
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "title": st.sampled_from(TITLES),
    "webUrl": st.one_of(addresses, addresses, st.none()),
    "publishedDateTime": dates,
    "published": st.sampled_from([True, True, False]),
    "ampWebUrl": st.one_of(st.none(), st.none(), addresses),
    "quality": st.sampled_from([10, 50, 90]),
    "provider": st.sampled_from([{"name": name.upper(), "domain": f"{name}.example"} for name in "xy"]),
    "related": links,
}
articles = st.fixed_dictionaries(FIELDS)


@st.composite
def histories(draw: st.DrawFn) -> list[Step]:
    """Draw revisions in which files come, change in one field or another, move and go."""
    files: dict[str, dict[str, Any]] = {}
    steps: list[Step] = []
    hours = 0.0
    for _number in range(draw(st.integers(2, 8))):
        hours += draw(st.sampled_from([0, 0.5, 4, 11, 22, 30, 80]))
        changes: dict[str, str | None] = {}
        for _change in range(draw(st.integers(1, 4))):
            path = draw(st.sampled_from((*PATHS, INSIDE)))
            other = {"c.md": INSIDE, INSIDE: "c.md"}.get(path)
            if other in files:
                del files[other]
                changes[other] = None
            match draw(st.sampled_from(["put", "edit", "edit", "edit", "move", "remove", "break"])):
                case "edit" if path in files:
                    name = draw(st.sampled_from(sorted(FIELDS)))
                    files[path] = {**files[path], name: draw(FIELDS[name])}
                    changes[path] = written(files[path])
                case "move" if files:
                    origin = draw(st.sampled_from(sorted(files)))
                    files[path] = files.pop(origin)
                    changes |= {origin: None, path: written(files[path])}
                case "remove":
                    files.pop(path, None)
                    changes[path] = None
                case "break" if path in files:
                    changes[path] = "---\ntitle: [\n---\n"
                case _:
                    files[path] = draw(articles)
                    changes[path] = written(files[path])
        steps.append((hours, changes))
    return steps


def written(fields: dict[str, Any]) -> str:
    values = {name: json.dumps(value) for name, value in fields.items() if value is not None}
    address = values.pop("webUrl", "")
    return text_of(values.pop("title"), address, **{"publishedDateTime": None, **values})


CADENCES = (
    Cadence((time(8),)),
    Cadence((time(7, 30), time(18))),
    Cadence((time(8),), weekdays=(4,)),
    Cadence((time(2, 30), time(14)), weekdays=(1, 3, 7), timezone="America/Toronto"),
)


@pytest.mark.slow
@settings(max_examples=examples(12), deadline=None)
@given(
    histories(),
    st.sampled_from([Policy(), Policy(max_stories=2, per_provider=1), Policy(min_quality=40)]),
    st.sampled_from(CADENCES),
)
async def test_every_eligible_address_has_one_outcome_and_the_counts_are_those_of_the_editions(
    steps: list[Step], policy: Policy, cadence: Cadence
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        life = await live(Path(folder), *steps, policy=policy, cadence=cadence)
    counts = life.ledger.count()
    assert counts[Outcome.NONE] == 0
    assert life.ledger.repeated == 0
    told = [outcome for outcome in Outcome if outcome is not Outcome.NONE]
    assert len(life.ledger.arrivals) == sum(counts[outcome] for outcome in told)
    assert counts[Outcome.LEAD] == len({key for keys in life.leads for key in keys})
    shown = {link.key for digest in life.digests for story in digest.stories for link in story.roundup}
    beneath = {article.key for digest in life.digests for story in digest.stories for article in story.also}
    assert counts[Outcome.IN_ROUNDUP] <= len(shown | beneath)
    no_headline_comes_back(life.digests)
    no_room_is_wasted(life.digests, policy)


def no_headline_comes_back(digests: Sequence[Digest]) -> None:
    """No headline is printed that an edition of the last 14 days printed, none in a round-up that stands elsewhere."""
    printed: dict[str, datetime] = {}
    for digest in digests:
        now = digest.window.until
        heads = [plain_words(a.title) for story in digest.stories for a in (story.lead, *story.also)]
        links = [plain_words(link.title) for story in digest.stories for link in story.roundup]
        assert len(set(links)) == len(links)
        assert set(links).isdisjoint(heads)
        for title in (*heads, *links):
            assert title not in printed or now - printed[title] > HEADLINE_MEMORY, title
        printed.update(dict.fromkeys((*heads, *links), now))


def no_room_is_wasted(digests: Sequence[Digest], policy: Policy) -> None:
    """What is young and good is left out where the digest is full, and nowhere else."""
    for digest in digests:
        if digest.story_count < policy.max_stories:
            reasons = {item.reason for item in digest.left_out}
            assert reasons <= {LeftOutReason.QUALITY, LeftOutReason.TOO_OLD, LeftOutReason.UPDATES}
