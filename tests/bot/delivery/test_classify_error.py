"""What becomes of a part whose sending failed, by error."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import discord
import pytest

from bot.delivery import classify_error
from digests.models import ChannelKind, Delivery, DeliveryState, Failure
from digests.service.outbox import Barred, GaveUp, PauseCause, Refused, Retry
from tests.digests.service.editions.making import EIGHT

PART = Delivery(1, 1, 1, 1, 5, ChannelKind.TEXT, 9, "nonce", "[]", DeliveryState.CLAIMED)


def refused(code: int, status: int = 400) -> discord.HTTPException:
    """Make the error that discord.py raises for a refusal, or for a server error that outlasts its retries."""
    return discord.HTTPException(SimpleNamespace(status=status, reason=""), {"code": code, "message": "No."})


@pytest.mark.parametrize(
    ("code", "failure"),
    [(200000, Failure.BLOCKED), (200001, Failure.BLOCKED), (240000, Failure.REFUSED), (50035, Failure.REFUSED)],
)
def test_a_part_that_the_servers_own_filter_refuses_has_its_own_error(code: int, failure: Failure) -> None:
    outcome = classify_error.outcome_of(refused(code), PART, EIGHT, doubtful=False)
    assert isinstance(outcome, Refused)
    assert outcome.failure is failure


@pytest.mark.parametrize(("status", "code"), [(500, 0), (502, 0), (503, 130000), (504, 0), (401, 0), (429, 0)])
def test_an_error_of_discords_own_is_tried_again_for_hours_and_never_refuses_a_part(status: int, code: int) -> None:
    error = refused(code, status)
    for attempt_count in range(classify_error.MAX_ATTEMPTS - 1):
        outcome = classify_error.outcome_of(
            error, replace(PART, attempt_count=attempt_count), EIGHT, doubtful=status >= 500
        )
        assert isinstance(outcome, Retry)
        assert outcome.certain is (status < 500)
    last = classify_error.outcome_of(
        error, replace(PART, attempt_count=classify_error.MAX_ATTEMPTS), EIGHT, doubtful=status >= 500
    )
    assert isinstance(last, GaveUp)


def test_a_server_error_may_have_carried_the_request_out() -> None:
    outcome = classify_error.outcome_of(refused(0, 503), PART, EIGHT, doubtful=False)
    assert isinstance(outcome, Retry)
    assert not outcome.certain


@pytest.mark.parametrize(
    ("code", "sentence", "cause"),
    [
        (40058, "The channel's type has changed", PauseCause.FINAL),
        (50008, "The channel's type has changed", PauseCause.FINAL),
        (50024, "The channel's type has changed", PauseCause.FINAL),
        (50007, "Your privacy settings block", PauseCause.CLOSED),
        (40067, "The forum requires a tag", PauseCause.TAG),
    ],
)
def test_what_only_people_can_mend_pauses_with_what_to_do(code: int, sentence: str, cause: PauseCause) -> None:
    outcome = classify_error.outcome_of(refused(code), PART, EIGHT, doubtful=False)
    assert isinstance(outcome, Barred)
    assert outcome.reason.startswith(sentence)
    assert outcome.cause is cause
