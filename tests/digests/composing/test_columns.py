"""A provider's column comes again under one heading, on another day, about something else."""

from __future__ import annotations

import pytest

from digests.composing.columns import are_instalments, are_two_pieces, heading
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


@pytest.mark.parametrize(
    ("first", "second", "later_hours", "expected"),
    [
        ("Boil water advisory for the East Side", "Boil water advisory lifted for the East Side", 40, True),
        ("Boil water advisory for the East Side", "Boil water advisory issued for the East Side", 2, False),
        ("Boil water advisory for the East Side", "Boil-water advisory for the east side", 40, False),
        ("Everything we know about Ember Isle", "Everything we know about Ember Isle so far this week", 40, False),
        (
            "Osk Foods to present at the Velm growth conference",
            "Soltena Bank to present at the Velm conference",
            0,
            True,
        ),
        ("Warnung vor Glätte in der Region Velm", "Warnung vor Sturmböen in der Region Velm", 3, True),
        ("Dow opens 300 points higher after talks", "Dow opens 200 points higher after talks", 1, False),
        ("Fire guts bakery on Mill Lane in Osk", "Osk: fire guts bakery on Mill Lane, two hurt", 3, False),
    ],
)
def test_one_providers_second_piece_is_other_news_unless_it_is_a_new_version(
    first: str, second: str, later_hours: float, expected: bool
) -> None:
    one, other = (
        evidence_of(article(path, title, published_at=NOON + hours(later)))
        for path, title, later in (("a", first, 0), ("b", second, later_hours))
    )
    assert are_two_pieces(one, other) is expected
    assert are_two_pieces(other, one) is expected


def test_a_form_is_filled_in_once_if_either_article_names_what_the_other_does() -> None:
    one = evidence_of(article("a", "Osk Foods to present at the Velm growth conference", excerpt="With Soltena Bank."))
    other = evidence_of(article("b", "Soltena Bank to present at the Velm growth conference"))
    assert not are_two_pieces(one, other)
