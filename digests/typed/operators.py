"""Joins the words and operators of a query into a tree: `OR`, `AND`, `NOT`, minus signs and parentheses. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from digests.typed.query_tree import And, Filter, Node, Not, Or, Term

DEEPEST = 16
"""Parentheses nested more deeply are ignored."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A token of the language: `(`, `)`, `or`, `and`, `not`, or (`leaf`) nodes that all hold."""

    kind: str
    nodes: tuple[Node, ...] = ()


def build_tree(pieces: Sequence[Piece]) -> And:
    """Return the tree of all pieces; whatever does not fit becomes a word or is ignored."""
    return _Tree(pieces).whole()


class _Tree:
    """Builds a tree from the pieces; whatever does not fit becomes a word or is ignored."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = pieces
        self._at = 0

    def whole(self) -> And:
        """Return the tree of all pieces; extra `)` are ignored."""
        parts: list[Node] = []
        while self._at < len(self._pieces):
            parts += _flat(self._either(0))
            self._at += 1
        return And(tuple(parts))

    def _kind(self) -> str:
        return self._pieces[self._at].kind if self._at < len(self._pieces) else ")"

    def _either(self, depth: int) -> list[Node]:
        sides = [self._all(depth)]
        while self._kind() == "or":
            operator = self._pieces[self._at]
            self._at += 1
            side = self._all(depth)
            if side and sides[-1]:
                sides.append(side)
            else:
                # If one side is missing, it is a word.
                sides[-1] += [*operator.nodes, *side]
        if len(sides) == 1:
            return sides[0]
        options: list[Node] = []
        for side in sides:
            one = _one(side)
            options += one.parts if isinstance(one, Or) else (one,)
        if all(isinstance(option, Filter) and option.field == getattr(options[0], "field", "") for option in options):
            filters = [option for option in options if isinstance(option, Filter)]
            values = tuple(dict.fromkeys(value for one in filters for value in one.values))
            return [Filter(filters[0].field, values)]
        return [Or(tuple(options))]

    def _all(self, depth: int) -> list[Node]:
        parts: list[Node] = []
        while (kind := self._kind()) not in ("or", ")"):
            if kind == "and":
                operator = self._pieces[self._at]
                self._at += 1
                if not parts or self._kind() in ("or", ")"):
                    parts += operator.nodes
            else:
                parts += self._unary(depth)
        return parts

    def _unary(self, depth: int) -> list[Node]:
        piece = self._pieces[self._at]
        self._at += 1
        if piece.kind == "not":
            if self._kind() in ("or", "and", ")"):
                return list(piece.nodes)
            return [_negated(_one(inner))] if (inner := self._unary(depth)) else []
        if piece.kind == "(":
            inner = self._either(depth + 1) if depth < DEEPEST else self._skipped()
            self._at += 1
            return inner
        return list(piece.nodes)

    def _skipped(self) -> list[Node]:
        """Skip parentheses that are nested too deeply."""
        open_count = 0
        while self._at < len(self._pieces):
            kind = self._pieces[self._at].kind
            if kind == ")" and open_count == 0:
                break
            open_count += (kind == "(") - (kind == ")")
            self._at += 1
        return []


def _one(parts: list[Node]) -> Node:
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def _flat(parts: list[Node]) -> list[Node]:
    return [inner for part in parts for inner in (_flat(list(part.parts)) if isinstance(part, And) else [part])]


def _negated(node: Node) -> Node:
    """Return the negation, with every term marked as wanted or not."""
    if isinstance(node, Not):
        return _turned(node.part)
    return Not(_turned(node))


def _turned(node: Node) -> Node:
    if isinstance(node, Term):
        return replace(node, excluded=not node.excluded)
    if isinstance(node, Not):
        return Not(_turned(node.part))
    if isinstance(node, And):
        return And(tuple(map(_turned, node.parts)))
    if isinstance(node, Or):
        return Or(tuple(map(_turned, node.parts)))
    return node
