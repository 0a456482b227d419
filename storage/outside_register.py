"""The destruction register once more, where no restore of the data takes it back: in directories outside it (R23).

A backup made before a destruction holds what was destroyed, and its own register does not know. So each line is written, sealed,
into `destroyed/` of every place given, before anything is destroyed; a restore reads them and destroys again.

Promises: a line is there whole or not at all, opens with the root key alone, and says nothing to whoever finds it. Writing one
again changes nothing. A place that is away or hangs fails the writing, which is tried again; reading names it and goes on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.retention import Destruction

from .far_disk import FarDisk
from .files import private_directory, write_durably
from .keys import KeyRing

DIRECTORY = "destroyed"
SUFFIX = ".line"  # not that of the second copy, beside which it may lie
PATIENCE = 30.0  # seconds for one place


@dataclass(frozen=True, slots=True)
class Noted:
    """All lines that were found, and the places that could not be looked into."""

    lines: tuple[Destruction, ...]
    unread: tuple[Path, ...]


class RegisterFiles:
    """Implements `bot.ports.OutsideRegister`."""

    def __init__(self, places: Iterable[Path], keys: KeyRing) -> None:
        self._places = {place: FarDisk("register-hangs", PATIENCE) for place in places}
        self._keys = keys

    async def note(self, lines: Sequence[Destruction]) -> None:
        for place, disk in self._places.items() if lines else ():
            await disk.do(lambda place=place: self._write(place, lines))  # type: ignore[misc]

    async def noted(self) -> Noted:
        found: dict[str, Destruction] = {}
        unread = []
        for place, disk in self._places.items():
            try:
                for line in await disk.do(lambda place=place: self._read(place)):  # type: ignore[misc]
                    found[line.id] = line
            except OutsideFailure:
                unread.append(place)
        return Noted(tuple(sorted(found.values(), key=lambda line: line.decided_at)), tuple(unread))

    def _write(self, place: Path, lines: Sequence[Destruction]) -> None:
        try:
            if not place.is_dir():  # a disk that is not mounted is not begun anew
                raise OutsideFailure("register-away")
            private_directory(place / DIRECTORY)
            for line in lines:
                path = place / DIRECTORY / f"{line.id}{SUFFIX}"
                if not path.exists():
                    write_durably(path, self._keys.seal_secret(_name(line.id), _told(line)))
        except OSError as error:
            raise OutsideFailure(f"register-unwritable: errno {error.errno}") from None

    def _read(self, place: Path) -> list[Destruction]:
        """What is not of this practice, or damaged, is unread like a place that is away."""
        try:
            if not place.is_dir():
                raise OutsideFailure("register-away")
            paths = sorted((place / DIRECTORY).glob(f"*{SUFFIX}"))
            return [
                _line(self._keys.open_secret(_name(path.name.removesuffix(SUFFIX)), path.read_bytes()))
                for path in paths
            ]
        except (OSError, Permanent) as error:
            raise OutsideFailure(f"register-unreadable: {type(error).__name__}") from None


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
