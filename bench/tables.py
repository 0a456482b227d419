"""What was measured, as rows: on the screen and in RESULTS.md."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median, quantiles

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Row:
    what: str
    value: str
    ratio: str = ""
    goal: str = ""


def seconds(several: list[float]) -> str:
    """Median, and where eight of ten lie."""
    in_ms = [one * 1000 for one in several]
    if len(in_ms) < 2:
        return f"{in_ms[0]:.0f} ms"
    tenths = quantiles(in_ms, n=10, method="inclusive")
    return f"{median(in_ms):.0f} ms ({tenths[0]:.0f} to {tenths[-1]:.0f})"


def show(title: str, rows: Iterable[Row]) -> None:
    table = Table("Measured", "Value", "Ratio", "Goal", title=title, title_justify="left")
    for row in rows:
        table.add_row(row.what, row.value, row.ratio, row.goal)
    Console(width=120).print(table)


def markdown(rows: Iterable[Row]) -> str:
    lines = ["| Measured | Value | Ratio | Goal |", "|---|---|---|---|"]
    return "\n".join([*lines, *(f"| {row.what} | {row.value} | {row.ratio} | {row.goal} |" for row in rows)])
