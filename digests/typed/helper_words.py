"""Words that only help to phrase a question: "what did the robot do" is about the robot. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from digests.typed.query_tree import And, Or, Query, Term

_LISTED = """
a about an and any are as at be been but by can could did do does find for from had has have he her him his how hows i
if in into is it its latest many me much my news newest of on or our please recent recently she should show so some
tell than that the their them then there these they this those to was we were what whats when whens where wheres which
who whom whos whose why will with would you your
"""
HELPERS = frozenset(_LISTED.split())
"""These are ignored next to other words. In capitals (WHO, US) they are names."""


def drop_helpers(terms: Iterable[Term], *, alone: bool) -> list[Term]:
    """Drop helper words, unless there are no others and nothing besides the terms (`alone`)."""
    given = list(terms)
    found = [term for term in given if not _is_helper(term)]
    return found if found or not alone else given


def without_helpers(query: Query) -> Query:
    """Return a query without its helper words, as in a search."""
    parts = query.root.parts
    alone = not any(isinstance(part, Or) and all(isinstance(one, Term) for one in part.parts) for part in parts)
    kept = set(drop_helpers((part for part in parts if isinstance(part, Term)), alone=alone))
    return replace(query, root=And(tuple(part for part in parts if not isinstance(part, Term) or part in kept)))


def _is_helper(term: Term) -> bool:
    if term.phrase or term.prefix or term.title or (term.text.isupper() and len(term.text) > 1):
        return False
    return term.text.lower().replace("’", "'").partition("'")[0] in HELPERS
