"""What processes hold in memory, seen from outside: pages that several share are divided among them (PSS).

A process that may not be looked into counts with all that it holds, shared pages too: never with less than it has.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Seen:
    """MB, at the moment when all together held most."""

    most: float = 0
    parts: dict[str, float] = field(default_factory=dict)


@contextmanager
def watching(processes: Callable[[], Mapping[int, str]], every: float = 0.004) -> Iterator[Seen]:
    """Look again and again at the processes there are, each under the name of its part."""
    seen, ended = Seen(), threading.Event()

    def look() -> None:
        while not ended.wait(every):
            parts: dict[str, float] = {}
            for pid, part in processes().items():
                parts[part] = parts.get(part, 0) + held(pid)
            if sum(parts.values()) > seen.most:
                seen.most, seen.parts = sum(parts.values()), parts

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    try:
        yield seen
    finally:
        ended.set()
        looking.join()


def below(pid: int) -> Iterator[int]:
    """Every process that descends from this one."""
    for task in Path(f"/proc/{pid}/task").glob("*"):  # a child belongs to the thread that started it
        for child in read(task / "children").split():
            yield int(child)
            yield from below(int(child))


def read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return ""  # it has ended, or may not be looked into


def held(pid: int) -> float:
    """MB."""
    for line in read(Path(f"/proc/{pid}/smaps_rollup")).splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    pages = read(Path(f"/proc/{pid}/statm")).split()[1:2]
    return int(pages[0]) * os.sysconf("SC_PAGE_SIZE") / 1024**2 if pages else 0
