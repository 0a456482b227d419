"""Promises, each kept or broken, and how that was observed."""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Promise:
    words: str
    observed: str
    kept: bool


class Promises:
    def __init__(self, console: Console) -> None:
        self._console = console
        self._seen: list[Promise] = []

    def saw(self, words: str, kept: bool, observed: str) -> None:
        self._seen.append(Promise(words, observed, kept))

    @property
    def all_kept(self) -> bool:
        return bool(self._seen) and all(promise.kept for promise in self._seen)

    def show(self) -> None:
        table = Table(title="What was promised, and how it was observed", title_justify="left", show_lines=True)
        table.add_column("", width=1)
        table.add_column("Promise", ratio=2)
        table.add_column("Observed", ratio=3)
        for promise in self._seen:
            table.add_row("[green]✓[/]" if promise.kept else "[red]✗[/]", promise.words, promise.observed)
        self._console.print(table)
        broken = sum(not promise.kept for promise in self._seen)
        if broken or not self._seen:
            self._console.print(f"[bold red]{broken} of {len(self._seen)} promises broken[/]")
        else:
            self._console.print(f"[bold green]All {len(self._seen)} promises kept[/]")
