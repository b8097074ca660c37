"""Which faults there are: one changed comparison, operator, condition or return of a module's source."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

_COMPARED: dict[type[ast.cmpop], str] = {
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Is: "is not",
    ast.IsNot: "is",
    ast.In: "not in",
    ast.NotIn: "in",
}
_NEGATIONS = (ast.Eq, ast.NotEq, ast.Is, ast.IsNot, ast.In, ast.NotIn)
_CALCULATED: dict[type[ast.operator], str] = {
    ast.Add: "-",
    ast.Sub: "+",
    ast.Mult: "/",
    ast.Div: "*",
    ast.FloorDiv: "*",
}
_LOGGERS = frozenset({"log", "logger", "_log"})


@dataclass(frozen=True, slots=True)
class Fault:
    """One change of a source text: `old` at an offset in bytes becomes `new`.

    Attributes:
        file: The module, as a path from the root.
        line: Its first line, from 1.
        last_line: Its last line, inclusive.
        function: The innermost function that it is in, with those around it; empty outside of all.
    """

    file: str
    line: int
    last_line: int
    function: str
    offset: int
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {' '.join(self.old.split())[:70]}  ->  {' '.join(self.new.split())[:70]}"

    def put_into(self, source: bytes) -> bytes:
        """Return the source with the fault in it."""
        assert source[self.offset :].startswith(self.old.encode())
        return source[: self.offset] + self.new.encode() + source[self.offset + len(self.old.encode()) :]


def faults_of(root: Path, file: Path) -> Iterator[Fault]:
    """Yield every fault that this tool knows for a module.

    What only says something to whoever debugs is left out: log lines, `__repr__` and what a type checker alone reads.
    A condition that is one comparison is negated once, not twice. At a bound with a name (of a cache, of what is taken
    from outside) one more or less is no fault; that it is kept is.
    """
    source = file.read_bytes()
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))

    def fault(node: ast.expr, new: str) -> Fault:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        begin = starts[node.lineno - 1] + node.col_offset
        end = starts[node.end_lineno - 1] + node.end_col_offset
        name = file.relative_to(root).as_posix()
        function = functions.get(node.lineno, "")
        return Fault(name, node.lineno, node.end_lineno, function, begin, source[begin:end].decode(), new)

    tree = ast.parse(source)
    functions = functions_by_line(tree)
    for node in _walk(tree):
        if isinstance(node, ast.Compare) and _is_bound(node):
            yield fault(node, f"(not ({ast.unparse(node)}))")
        elif isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _COMPARED:
            sides = ast.unparse(node.left), ast.unparse(node.comparators[0])
            yield fault(node, f"({sides[0]} {_COMPARED[type(node.ops[0])]} {sides[1]})")
        elif isinstance(node, ast.BoolOp):
            word = " or " if isinstance(node.op, ast.And) else " and "
            yield fault(node, "(" + word.join(f"({ast.unparse(value)})" for value in node.values) + ")")
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield fault(node, f"bool({ast.unparse(node.operand)})")
        elif isinstance(node, ast.BinOp) and type(node.op) in _CALCULATED and not isinstance(node.left, ast.Constant):
            yield fault(node, f"({ast.unparse(node.left)} {_CALCULATED[type(node.op)]} {ast.unparse(node.right)})")
        elif isinstance(node, ast.If | ast.IfExp) and not _is_negated_elsewhere(node.test):
            yield fault(node.test, f"(not ({ast.unparse(node.test)}))")
        elif isinstance(node, ast.Return) and node.value is not None and not isinstance(node.value, ast.Constant):
            yield fault(node.value, "None")


def functions_by_line(tree: ast.AST, outer: str = "") -> dict[int, str]:
    """Return the innermost function of each line that is in one, by its name and those around it."""
    found: dict[int, str] = {}
    for node in ast.iter_child_nodes(tree):
        name = outer
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = f"{outer}.{node.name}" if outer else node.name
            if not isinstance(node, ast.ClassDef):
                found |= dict.fromkeys(range(node.lineno, (node.end_lineno or node.lineno) + 1), name)
        found |= functions_by_line(node, name)
    return found


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    if _says_only(node):
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _walk(child)


def _says_only(node: ast.AST) -> bool:
    """Check whether no test can be expected of a piece of source."""
    match node:
        case ast.FunctionDef(name="__repr__"):
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name))):
            return name in _LOGGERS
    return False


def _is_bound(node: ast.Compare) -> bool:
    """Check whether something is compared with a named constant."""
    if len(node.ops) != 1 or isinstance(node.ops[0], _NEGATIONS):
        return False
    names = (each.attr if isinstance(each, ast.Attribute) else getattr(each, "id", "") for each in ast.walk(node))
    return any(name.isupper() for name in names)


def _is_negated_elsewhere(test: ast.expr) -> bool:
    """Check whether a condition's negation is a fault of its own already."""
    if isinstance(test, ast.Compare):
        return len(test.ops) == 1 and (isinstance(test.ops[0], _NEGATIONS) or _is_bound(test))
    return isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)


def sample(faults: list[Fault], count: int, seed: int) -> list[Fault]:
    """Return some faults by lot; a change elsewhere in the code leaves most of the sample as it was."""
    seen: Counter[tuple[str, str, str]] = Counter()
    lots = []
    for fault in faults:
        kind = (fault.file, fault.old, fault.new)
        seen[kind] += 1
        lots.append((sha256(repr((seed, *kind, seen[kind])).encode()).digest(), fault))
    lots.sort(key=lambda lot: lot[0])
    return [fault for _lot, fault in lots[:count]]
