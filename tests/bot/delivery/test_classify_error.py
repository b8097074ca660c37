from __future__ import annotations

from types import SimpleNamespace

import discord
import pytest

from bot.delivery import classify_error
from digests.models import ChannelKind, Delivery, DeliveryState, Failure
from digests.service.outbox import Refused
from tests.digests.service.editions.making import EIGHT

PART = Delivery(1, 1, 1, 1, 5, ChannelKind.TEXT, 9, "nonce", "[]", DeliveryState.CLAIMED)


def refused(code: int) -> discord.HTTPException:
    """Make the error that discord.py raises for a refusal."""
    return discord.HTTPException(SimpleNamespace(status=400, reason=""), {"code": code, "message": "No."})


@pytest.mark.parametrize(
    ("code", "failure"),
    [(200000, Failure.BLOCKED), (200001, Failure.BLOCKED), (240000, Failure.REFUSED), (50035, Failure.REFUSED)],
)
def test_a_part_that_the_servers_own_filter_refuses_has_its_own_error(code: int, failure: Failure) -> None:
    outcome = classify_error.outcome_of(refused(code), PART, EIGHT, doubtful=False)
    assert isinstance(outcome, Refused)
    assert outcome.failure is failure
