"""Translates a parsed query's tree for the index. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from digests.store.search import Either, Every, Expression, Named, Pattern
from digests.typed.helper_words import drop_helpers
from digests.typed.query_tree import And, Filter, Node, Not, Or, Query, Term

Names = Callable[[Filter], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query in the form needed for the index.

    Attributes:
        terms: Plain words and phrases that are all wanted, with their patterns.
        options: Groups of words of which one is enough.
        required, unwanted: What else has to match, and what must not.
    """

    terms: tuple[Term, ...]
    options: tuple[Pattern, ...]
    required: tuple[Expression, ...]
    unwanted: tuple[Expression, ...]


def asked_for(query: Query, names: Names) -> Asked:
    """Translate a query; top-level filters are left to the caller.

    Args:
        names: Returns the domains or topics of a filter inside a larger expression.
    """
    terms: list[Term] = []
    options: list[Pattern] = []
    required: list[Expression] = []
    unwanted: list[Expression] = []
    for part in query.root.parts:
        if isinstance(part, Term):
            terms.append(part)
        elif isinstance(part, Or) and all(isinstance(option, Term) for option in part.parts):
            first, *others = [pattern(option) for option in part.parts if isinstance(option, Term)]
            options.append(Pattern(first.text, first.prefix, first.title, tuple((other, 1.0) for other in others)))
        elif not isinstance(part, Filter) and not (isinstance(part, Not) and isinstance(part.part, Filter | Term)):
            expression, negated = _expression(part, names)
            (unwanted if negated else required).append(expression)
    return Asked(tuple(drop_helpers(terms, alone=not options)), tuple(options), tuple(required), tuple(unwanted))


def pattern(term: Term) -> Pattern:
    """Return a term as a pattern for the index."""
    return Pattern(term.text, term.prefix, term.title)


def _expression(node: Node, names: Names) -> tuple[Expression, bool]:
    """Return a node as an expression for the index, and whether it is negated.

    The index supports "this and not that", but not "not this" alone.
    """
    if isinstance(node, Term):
        return pattern(node), False
    if isinstance(node, Filter):
        return Named("provider" if node.field == "provider" else "topics", names(node)), False
    if isinstance(node, Not):
        expression, negated = _expression(node.part, names)
        return expression, not negated
    parts = [_expression(part, names) for part in node.parts]
    plain = tuple(expression for expression, negated in parts if not negated)
    opposite = tuple(expression for expression, negated in parts if negated)
    if isinstance(node, And):
        if not plain:
            return _any(opposite), True
        return Every(plain, opposite), False
    if not opposite:
        return _any(plain), False
    return Every(opposite, plain), True


def _any(parts: Iterable[Expression]) -> Expression:
    held = tuple(parts)
    return held[0] if len(held) == 1 else Either(held)
