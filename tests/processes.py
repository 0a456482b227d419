"""Processes of this machine, by their ids: whether they live, and what they started."""

from __future__ import annotations

import os
import select
from pathlib import Path

from tests.patience import PATIENCE


def living(pid: int) -> bool:
    """Whether it runs; one that ended and was not collected yet does not."""
    return bool(_state(pid)) and _state(pid)[0] != "Z"


def gone(*pids: int) -> None:
    """Return once all of them have ended; fail when one has not in time."""
    for pid in pids:
        try:
            handle = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        try:
            assert select.select([handle], [], [], PATIENCE)[0], f"{command_of(pid)} goes on"
        finally:
            os.close(handle)


def started_by(pid: int) -> list[int]:
    """All processes that it started, and that these started."""
    everybody = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    children = [other for other in everybody if _state(other)[1:] == [str(pid)]]
    return children + [grandchild for child in children for grandchild in started_by(child)]


def _state(pid: int) -> list[str]:
    """Its state and its parent; nothing when there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:2]
    except (FileNotFoundError, ProcessLookupError):
        return []


def command_of(pid: int) -> str:
    """What it was started with; nothing when there is none."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""
