"""A provider's column comes again under one heading, on another day, about something else."""

from __future__ import annotations

import pytest

from digests.composing.columns import are_instalments, heading
from digests.composing.evidence import evidence_of
from tests.digests.making import NOON, article, hours


@pytest.mark.parametrize(
    ("second", "provider", "later_hours", "expected"),
    [
        ("Today in Velm: flea market", "ledger", 24, True),
        ("Today in Velm: flea market", "ledger", 2, False),
        ("Today in Velm: flea market", "herald", 24, False),
        ("Today in Osk: flea market", "ledger", 24, False),
        ("Today in Velm: choir, chess", "ledger", 24, False),
        ("Flea market opens in Velm", "ledger", 24, False),
    ],
)
def test_instalments_share_the_heading_and_not_the_news(
    second: str, provider: str, later_hours: float, expected: bool
) -> None:
    one = evidence_of(article("a", "Today in Velm: choir, chess"))
    other = evidence_of(article("b", second, provider, published_at=NOON + hours(later_hours)))
    assert are_instalments(one, other) is expected
    assert are_instalments(other, one) is expected


def test_headlines_without_a_heading_are_no_instalments() -> None:
    one = evidence_of(article("a", "Choir wins prize"))
    other = evidence_of(article("b", "Tram opens", published_at=NOON + hours(24)))
    assert not are_instalments(one, other)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Market report – prices fall", "market report"),
        ("Monday 3: rain", ""),
        ("No heading", ""),
        ("Only a mark: ", ""),
    ],
)
def test_the_heading_is_what_stands_before_a_mark(title: str, expected: str) -> None:
    assert heading(title) == expected
