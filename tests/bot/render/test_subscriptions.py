"""Subscriptions are shown with where, when, what, why one is paused and what did not arrive."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.subscriptions import (
    render_next,
    render_papers,
    render_subscribed,
    render_subscription,
    render_subscriptions,
)
from digests.models import (
    Cadence,
    ChannelKind,
    FailedEdition,
    Failure,
    QuietDay,
    Subscription,
    SubscriptionState,
)
from tests.bot.render import strategies
from tests.bot.render.making import NOW
from tests.bot.render.reading import told
from tests.bot.render.strategies import slowly
from tests.bot.render.strict import check_message


def a_subscription(**given: object) -> Subscription:
    made = Subscription(
        1, 123, ChannelKind.TEXT, 9, Cadence((time(8), time(18, 30)), (1, 2, 3, 4, 5), "Europe/Berlin"), NOW, id=4
    )
    return replace(made, **given)  # type: ignore[arg-type]


SOON = NOW + timedelta(hours=2)


def test_a_subscription_says_where_when_and_what() -> None:
    shown = told(
        render_subscription(
            a_subscription(topics=("AI", "Power Apps"), max_stories=1, min_quality=40, mention_role_id=5), SOON
        )
    )
    assert shown.splitlines() == [
        "**<#123>** `#4`",
        "Monday to Friday at 08:00 and 18:30 (Europe/Berlin)",
        "Next edition: <t:1594195200:F> (<t:1594195200:R>)",
        "-# Topics: AI and Power Apps",
        "-# At most 1 story · quality 40 or better · mentions <@&5> · compact · on a quiet day nothing is sent",
    ]


def test_a_new_subscription_is_confirmed_with_its_first_edition() -> None:
    shown = told(render_subscribed(a_subscription(quiet_day=QuietDay.ARCHIVE), SOON))
    assert shown.startswith("Subscribed: <#123> gets the paper Monday to Friday at 08:00 and 18:30 (Europe/Berlin).\n")
    assert "<t:1594195200:F>" in shown
    assert "on a quiet day stories of this day in earlier years" in shown.lower()


def test_a_paused_subscription_says_why() -> None:
    paused = a_subscription(state=SubscriptionState.PAUSED, paused_reason="The channel is gone")
    for shown in (render_subscription(paused, None), render_subscriptions([(paused, ())]), render_next(paused, ())):
        assert "**Paused:** The channel is gone." in told(shown)


@pytest.mark.parametrize(
    ("paused_by", "reason", "line"),
    [
        (7, None, "**Paused** by <@7>. `/digest resume` ends the pause."),
        (7, "The channel is gone", "**Paused:** The channel is gone."),
        (None, None, "**Paused.** `/digest resume` ends the pause."),
    ],
)
def test_a_pause_names_who_asked_for_it_unless_something_else_is_the_reason(
    paused_by: int | None, reason: str | None, line: str
) -> None:
    paused = a_subscription(state=SubscriptionState.PAUSED, paused_by=paused_by, paused_reason=reason)
    assert line in told(render_subscription(paused, None))


@pytest.mark.parametrize(
    ("failed", "line"),
    [
        (
            FailedEdition(NOW, 1, 3, Failure.REFUSED),
            "⚠ The digest of <t:1594188000:D> did not arrive completely: 1 of 3 messages. Discord refused the rest.",
        ),
        (
            FailedEdition(NOW, 0, 1, Failure.BLOCKED),
            "⚠ The digest of <t:1594188000:D> did not arrive. The server's AutoMod blocked it; exempt me there.",
        ),
        (
            FailedEdition(NOW, 0, 2, Failure.GAVE_UP, comes_again=True),
            "⚠ The digest of <t:1594188000:D> did not arrive. It could not be sent for hours."
            " Its stories come with the next one.",
        ),
        (
            FailedEdition(NOW, 0, 1, Failure.DOUBTFUL),
            "⚠ I could not find out whether the digest of <t:1594188000:D> arrived.",
        ),
    ],
)
def test_a_digest_that_did_not_arrive_whole_is_mentioned(failed: FailedEdition, line: str) -> None:
    subscription = a_subscription()
    assert line in told(render_subscription(subscription, SOON, failed)).splitlines()
    assert line in told(render_subscriptions([(subscription, (SOON,))], 0, {subscription.id: failed})).splitlines()


def test_a_members_own_subscription_names_no_channel() -> None:
    shown = told(render_subscription(a_subscription(channel_kind=ChannelKind.DM, guild_id=None), SOON))
    assert shown.startswith("**Your direct messages**")


def test_next_lists_all_due_times() -> None:
    times = [SOON + timedelta(days=day) for day in range(5)]
    shown = told(render_next(a_subscription(), times))
    assert [line[2:].split()[0] for line in shown.splitlines() if line.startswith("- ")] == [
        f"<t:{int(moment.timestamp())}:F>" for moment in times
    ]


def test_without_a_subscription_the_list_says_how_to_make_one() -> None:
    assert "/digest subscribe" in told(render_subscriptions([]))


subscriptions = st.builds(
    a_subscription,
    channel_name=strategies.words,
    topics=st.lists(strategies.long_words, max_size=20).map(tuple),
    providers=st.lists(strategies.long_words, max_size=20).map(tuple),
    keywords=st.lists(strategies.long_words, max_size=20).map(tuple),
    state=st.sampled_from(SubscriptionState),
    paused_reason=st.one_of(st.none(), strategies.long_words),
    quiet_day=st.sampled_from(QuietDay),
    channel_kind=st.sampled_from(ChannelKind),
    min_quality=st.one_of(st.none(), st.integers(0, 100)),
    max_stories=st.one_of(st.none(), st.integers(1, 25)),
)


@slowly
@given(st.lists(subscriptions, max_size=8), st.integers(0, 9))
def test_any_list_of_subscriptions_is_within_every_limit(listed: list[Subscription], page: int) -> None:
    check_message(render_subscriptions([(subscription, (SOON,)) for subscription in listed], page))
    for subscription in listed:
        check_message(render_subscription(subscription, SOON))
        check_message(render_subscribed(subscription, SOON))
        check_message(render_next(subscription, [SOON] * 5))


@pytest.mark.parametrize(
    ("papers", "own", "headings"),
    [
        (1, 0, ["## Papers on this server"]),
        (0, 1, ["## Your own, by direct message"]),
        (1, 1, ["## Papers on this server", "## Your own, by direct message"]),
        (0, 0, ["## Papers on this server"]),
    ],
)
def test_papers_of_the_server_and_of_ones_own_stand_under_their_headings(
    papers: int, own: int, headings: list[str]
) -> None:
    ours, mine = a_subscription(), a_subscription(id=5, guild_id=None, channel_kind=ChannelKind.DM)
    shown = told(render_papers([(ours, SOON)] * papers, [(mine, SOON)] * own))
    assert [line for line in shown.splitlines() if line.startswith("## ")] == headings
    assert ("No channel that you can see" in shown) is (papers + own == 0)
