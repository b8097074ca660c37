"""What shows that two articles report two events, however many words they share. Pure."""

from __future__ import annotations

from digests.composing.columns import are_instalments, are_two_pieces
from digests.composing.evidence import Evidence, is_market_report
from digests.composing.names import differ_in_names_alone
from digests.composing.versions import are_other_models, are_rumour_and_fact


def are_two_events(first: Evidence, second: Evidence) -> bool:
    """Check whether two similar articles report two events.

    They do if they differ only in names, report on two markets, are instalments of a column or different pieces of one
    provider, are about two models of a product, or one is a rumour and the other the announcement.
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
