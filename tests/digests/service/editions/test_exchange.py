"""Documents of subscriptions: an old one takes nothing back, a hostile one changes nothing and gets a sentence."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digests.errors import InvalidInput
from digests.models import ChannelKind
from digests.service.exchange import ExchangeService
from digests.service.exchange_document import MOST_CHARS, parse, read
from tests.digests.service.editions.making import DAY, EIGHT, HOUR, Newsroom


def entry(**fields: Any) -> dict[str, Any]:
    return {
        "uid": "u1",
        "guild_id": "1",
        "channel_id": "100",
        "channel_kind": "text",
        "creator_id": "5",
        "times": ["08:00:00"],
        "created_at": "2026-03-01T00:00:00Z",
        **fields,
    }


def document(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "broadsheet-subscriptions", "version": 1, "subscriptions": list(entries)}


def exchange_of(newsroom: Newsroom) -> ExchangeService:
    return ExchangeService(newsroom.subscription_store)


# ---------------------------------------------------------------------- importing an old export again


async def test_an_old_export_undoes_nothing_that_was_delivered_since(newsroom: Newsroom) -> None:
    made = await newsroom.subscribe()
    old = await exchange_of(newsroom).export()
    newsroom.wire.bring("one", EIGHT - HOUR)
    (first,) = await newsroom.texts(EIGHT)
    assert first.startswith("One")
    report = await exchange_of(newsroom).import_(old, now=EIGHT + HOUR)
    assert (report.new, report.changed, report.unchanged) == (0, 0, 1)
    assert (await newsroom.subscriptions.get(made.id)).covered_until == EIGHT
    newsroom.wire.bring("two", EIGHT + 2 * HOUR)
    (second,) = await newsroom.texts(EIGHT + DAY)
    assert second.startswith("Two")


async def test_an_old_export_brings_back_what_was_removed_and_what_was_changed(newsroom: Newsroom) -> None:
    kept, gone = await newsroom.subscribe(1), await newsroom.subscribe(2)
    old = await exchange_of(newsroom).export()
    await newsroom.subscriptions.unsubscribe(gone.id)
    await newsroom.subscriptions.edit(kept.id, EIGHT, topics=("AI",))
    report = await exchange_of(newsroom).import_(old, now=EIGHT)
    assert (report.new, report.changed, report.unchanged) == (1, 1, 0)
    assert await exchange_of(newsroom).export() == old


# ---------------------------------------------------------------------- what an import may not do


async def test_a_subscription_moves_to_another_server_only_by_force(newsroom: Newsroom) -> None:
    await newsroom.subscribe(guild_id=1)
    moved = await exchange_of(newsroom).export()
    moved["subscriptions"][0]["guild_id"] = "2"
    with pytest.raises(InvalidInput, match="--force"):
        await exchange_of(newsroom).import_(moved, now=EIGHT)
    assert len(await newsroom.subscriptions.list_for(guild_id=1)) == 1
    await exchange_of(newsroom).import_(moved, now=EIGHT, force=True)
    assert len(await newsroom.subscriptions.list_for(guild_id=2)) == 1


async def test_a_members_own_digest_moves_to_another_member_only_by_force(newsroom: Newsroom) -> None:
    await newsroom.subscribe(guild_id=None, channel_kind=ChannelKind.DM, creator_id=9)
    moved = await exchange_of(newsroom).export()
    moved["subscriptions"][0]["creator_id"] = "10"
    with pytest.raises(InvalidInput, match="--force"):
        await exchange_of(newsroom).import_(moved, now=EIGHT)


@pytest.mark.parametrize(
    ("most", "fields"),
    [(25, {"guild_id": "7"}), (5, {"guild_id": None, "channel_kind": "dm", "creator_id": "9"})],
)
@pytest.mark.parametrize("force", [False, True])
async def test_the_limit_of_subscriptions_holds(
    newsroom: Newsroom, most: int, fields: dict[str, Any], force: bool
) -> None:
    entries = [entry(uid=f"u{number}", channel_id=str(number + 1), **fields) for number in range(most + 1)]
    with pytest.raises(InvalidInput, match=str(most)):
        await exchange_of(newsroom).import_(document(*entries), now=EIGHT, force=force)
    assert await newsroom.subscriptions.list_for() == ()
    assert (await exchange_of(newsroom).import_(document(*entries[:most]), now=EIGHT)).new == most
    with pytest.raises(InvalidInput, match=str(most)):
        await exchange_of(newsroom).import_(document(entries[most]), now=EIGHT)


# ---------------------------------------------------------------------- hostile documents


@pytest.mark.parametrize(
    "text",
    ["", "{", "[" * 200_000, '{"a":' * 200_000, "NaN", "9" * 5000, '"\\ud800"', "\x00", "{}" + " " * MOST_CHARS],
)
def test_a_text_that_is_no_export_is_one_sentence(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read(parse(text, name="file.json"))
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    "fields",
    [
        {"channel_id": str(2**63)},
        {"channel_id": 2**64},
        {"channel_id": -1},
        {"channel_id": "٣"},
        {"channel_id": 1.5},
        {"guild_id": "9" * 4000},
        {"creator_id": 10**400},
        {"mention_role_id": "0"},
        {"created_at": "0001-01-01T00:00:00+14:00"},
        {"created_at": "9999-12-31T23:59:59-14:00"},
        {"created_at": "2026-03-01T00:00:00"},
        {"created_at": 1e308},
        {"created_at": float("nan")},
        {"created_at": float("inf")},
        {"created_at": "99999999999999999"},
        {"covered_until": "9999-01-01T00:00:00Z"},
        {"covered_until": "1969-01-01T00:00:00Z"},
        {"times": []},
        {"times": ["25:00"]},
        {"times": ["08:00"] * 25},
        {"times": [86399]},
        {"times": [float("inf")]},
        {"weekdays": [0]},
        {"weekdays": [8]},
        {"weekdays": []},
        {"timezone": "../../etc/passwd"},
        {"timezone": "/etc/localtime"},
        {"timezone": "Mars/Olympus\x00"},
        {"timezone": "x" * 10_000},
        {"topics": [""]},
        {"topics": ["x" * 101]},
        {"topics": ["x"] * 101},
        {"topics": ["\ud800"]},
        {"topics": "text"},
        {"min_quality": -1},
        {"min_quality": 10**30},
        {"max_stories": 0},
        {"max_stories": 51},
        {"per_topic": 0},
        {"language": "../../../tmp"},
        {"language": "en\x00"},
        {"channel_kind": "pigeon"},
        {"channel_kind": "dm"},
        {"paused": "maybe"},
        {"pause_cause": "weather"},
        {"uid": "x" * 65},
        {"more": 1},
        {"channel_id": None},
    ],
)
async def test_a_value_out_of_bounds_is_one_sentence_and_changes_nothing(
    newsroom: Newsroom, fields: dict[str, Any]
) -> None:
    with pytest.raises(InvalidInput) as caught:
        await exchange_of(newsroom).import_(document(entry(uid="u0"), entry(**fields)), now=EIGHT)
    sentence = str(caught.value)
    assert len(sentence) < 400
    assert "pydantic" not in sentence
    assert "Input should" not in sentence
    assert await newsroom.subscriptions.list_for() == ()


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"created_at": "yesterday"}, "it is not a time such as 2026-03-10T08:00:00Z"),
        ({"times": ["noon"]}, "it is not a time of day such as 08:00"),
        ({"min_quality": "good"}, "it is not a whole number"),
        ({"topics": [5]}, "it is not a valid text"),
    ],
)
async def test_what_is_wrong_with_a_value_is_said(newsroom: Newsroom, fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        await exchange_of(newsroom).import_(document(entry(uid="u0", **fields)), now=EIGHT)
    assert reason in str(caught.value)


async def test_one_uid_twice_is_refused(newsroom: Newsroom) -> None:
    with pytest.raises(InvalidInput, match="twice"):
        await exchange_of(newsroom).import_(document(entry(), entry(channel_id="2")), now=EIGHT)


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=()))
    | st.sampled_from(["9999-12-31T23:59:59Z", "2026-03-10T08:00:00Z", "24:00", "08:00", str(2**63)]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(sorted([*entry(), "covered_until", "timezone", "language", "topics"])), value=_JSON)
async def test_whatever_stands_in_a_field_is_taken_whole_or_refused_in_a_sentence(
    newsroom: Newsroom, name: str, value: Any
) -> None:
    exchange = exchange_of(newsroom)
    before = await exchange.export()
    try:
        await exchange.import_(document(entry(**{name: value})), now=EIGHT, force=True)
    except InvalidInput:
        assert await exchange.export() == before
        return
    after = await exchange.export()
    json.dumps(after, ensure_ascii=False).encode()
    assert (await exchange.import_(copy.deepcopy(after), now=EIGHT)).changed == 0
