"""A table of measurements: one line each, with the ratio to what it is compared with."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement; `versus` is the value that it is compared with, in the same unit."""

    name: str
    value: float
    unit: str
    versus: float | None = None
    note: str = ""


@dataclass(slots=True)
class Table:
    """Measurements under one heading, printed as Markdown."""

    title: str
    rows: list[Row] = field(default_factory=list)

    def add(self, row: Row) -> None:
        """Add a measurement."""
        self.rows.append(row)

    def markdown(self) -> str:
        """Return the table."""
        lines = [f"### {self.title}", "", "| measured | value | ratio | |", "| --- | ---: | ---: | --- |"]
        for row in self.rows:
            ratio = f"{row.value / row.versus:.2f}" if row.versus else ""
            lines.append(f"| {row.name} | {_number(row.value)} {row.unit} | {ratio} | {row.note} |")
        return "\n".join(lines)


def _number(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
