"""A copy of the destruction register where no restore of the data takes it back: in directories outside the data (R23).

A backup made before a destruction holds what was destroyed, and its own register does not know. So each line is written,
sealed, into `destroyed/` of every place given, before anything is destroyed; a restore reads the lines and destroys again.

Promises: a line is there whole or not at all, opens with the root key alone, and says nothing to anyone who finds it. Writing
one again changes nothing. A place that is away or hangs fails the writing, which is tried again; reading names the place and
goes on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.retention_rules import Destruction
from bot.durable import private_directory, write_durably
from storage.vault.key_ring import KeyRing

from .far_disk import FarDisk

DIRECTORY = "destroyed"
SUFFIX = ".line"  # not that of the second copy, beside which it may lie
PATIENCE = 30.0  # seconds for this many lines of one place
AT_ONCE = 50

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Noted:
    """All lines that were found, and the places that could not be read, or not in every line."""

    lines: tuple[Destruction, ...]
    unread: tuple[Path, ...]


class RegisterFiles:
    """The port `OutsideRegister`: sealed lines as files in several places."""

    def __init__(self, places: Iterable[Path], keys: KeyRing) -> None:
        self._places = {place: FarDisk("register-hangs", PATIENCE) for place in places}
        self._keys = keys

    async def note(self, lines: Sequence[Destruction]) -> None:
        for place, disk in self._places.items():
            for some in batched(lines):
                await disk.do(lambda place=place, some=some: self._write(place, some))  # type: ignore[misc]

    async def noted(self) -> Noted:
        found: dict[str, Destruction] = {}
        unread: dict[Path, None] = {}
        for place, disk in self._places.items():
            try:
                for names in batched(await disk.do(lambda place=place: _names(place))):  # type: ignore[misc]
                    lines = await disk.do(lambda place=place, names=names: self._read(place, names))  # type: ignore[misc]
                    found |= {line.id: line for line in lines}
                    if len(lines) < len(names):
                        unread[place] = None
            except OutsideFailure:
                unread[place] = None
        return Noted(tuple(sorted(found.values(), key=lambda line: line.decided_at)), tuple(unread))

    def _write(self, place: Path, lines: Sequence[Destruction]) -> None:
        try:
            if not place.is_dir():  # a disk that is not mounted must not be begun anew
                raise OutsideFailure("register-away")
            private_directory(place / DIRECTORY)
            for line in lines:
                path = place / DIRECTORY / f"{line.id}{SUFFIX}"
                if not path.exists():
                    write_durably(path, self._keys.seal_secret(_name(line.id), _told(line)))
        except OSError as error:
            raise OutsideFailure(f"register-unwritable: errno {error.errno}") from None

    def _read(self, place: Path, names: Sequence[str]) -> list[Destruction]:
        """Return the lines that open: one that is damaged, or another practice's, hides none of the others."""
        found = []
        for name in names:
            with suppress(OSError, Permanent):
                sealed = (place / DIRECTORY / name).read_bytes()
                found.append(_line(self._keys.open_secret(_name(name.removesuffix(SUFFIX)), sealed)))
        return found


def _names(place: Path) -> list[str]:
    try:
        if not place.is_dir():
            raise OutsideFailure("register-away")
        return sorted(path.name for path in (place / DIRECTORY).glob(f"*{SUFFIX}"))
    except OSError as error:
        raise OutsideFailure(f"register-unreadable: errno {error.errno}") from None


def batched(several: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield so many at a time: a slow place with many lines is not one that hangs."""
    for start in range(0, len(several), AT_ONCE):
        yield several[start : start + AT_ONCE]


def _name(line_id: str) -> str:
    return f"destroyed/{line_id}"


def _told(line: Destruction) -> bytes:
    said = asdict(line) | {
        "received_on": line.received_on.isoformat(),
        "decided_at": line.decided_at.isoformat(),
        "done_at": None,
        "version": 0,
    }
    return json.dumps(said, sort_keys=True).encode()


def _line(told: bytes) -> Destruction:
    said = json.loads(told)
    said["received_on"] = date.fromisoformat(said["received_on"])
    said["decided_at"] = datetime.fromisoformat(said["decided_at"])
    return Destruction(**said)
