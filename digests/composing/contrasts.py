"""What shows that two articles report two events, however many words they share. Pure."""

from __future__ import annotations

from digests.composing.columns import are_instalments, are_two_pieces
from digests.composing.evidence import Evidence, is_market_report
from digests.composing.names import differ_in_names_alone
from digests.composing.versions import are_other_models, are_rumour_and_fact


def are_two_events(first: Evidence, second: Evidence) -> bool:
    """Check whether two articles that are alike report two events.

    They differ in names alone, are reports on two markets, instalments of a column, pieces of one provider, about two
    models of a product, or a rumour and the announcement.
    """
    return (
        differ_in_names_alone(first, second)
        # Reports on two markets use the same words; those on one market have equal headlines.
        or (is_market_report(first.title) and is_market_report(second.title))
        or are_instalments(first, second)
        or are_two_pieces(first, second)
        or are_other_models(first, second)
        or are_rumour_and_fact(first, second)
    )
