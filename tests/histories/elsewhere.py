"""Two shares that get copies of what is filed, one for staff alone; each is away in turn. They are read as anybody may."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.core.watches.deliver import DeliveryWatch
from bot.domain.assurance import CopyForm
from bot.domain.destination import Destination
from bot.ports import CopyPlace
from storage.records.shared_folder import SharedFolder
from tests.practice import Practice

from .observed import CopyLies, Lying, Mrn, Photo

_PATTERN = re.compile(rb"pattern\d+x")
OPEN = Destination("The share", CopyForm.ORIGINAL)
CLOSED = Destination("Staff's share", CopyForm.ORIGINAL, staff_only=True)
TURN = 5  # looks after which the other share is away


@dataclass
class _Share:
    destination: Destination
    directory: Path
    away: bool = False
    seen: Lying | None = None

    def goes(self, away: bool) -> None:
        if away is not self.away:
            there, gone = self.directory, self.directory.with_name(f"{self.directory.name} unplugged")
            (there if away else gone).rename(gone if away else there)
            self.away = away


class Elsewhere:
    """The shares of one practice, and the watches that fill them."""

    def __init__(self, directory: Path) -> None:
        self._shares = [_Share(OPEN, directory / "share"), _Share(CLOSED, directory / "staff")]
        for share in self._shares:
            share.directory.mkdir()
        self.places = tuple(CopyPlace(share.destination, SharedFolder(share.directory)) for share in self._shares)
        self.all_there = False
        self._looks = 0

    def watch(self, practice: Practice) -> None:
        """Have the practice look after its shares from now on."""
        self._watches = [
            DeliveryWatch(practice.journal, practice.dispatch, practice.record, practice.further, place)
            for place in self.places
        ]

    async def look(self) -> None:
        """Let everything go out that is due, to the share that is there."""
        turn, self._looks = self._looks // TURN % 3, self._looks + 1
        for number, (share, watch) in enumerate(zip(self._shares, self._watches, strict=True)):
            share.goes(turn == number and not self.all_there)
            if not share.away:
                await watch.look()

    def seen(self, at: datetime, *, anew: bool) -> list[Lying]:
        """Return what lies in each share that is there, where that is not what lay there before; *anew*, of each."""
        found = []
        for share in self._shares:
            if not share.away:
                now = self._read(share, at)
                if anew or share.seen is None or now.copies != share.seen.copies:
                    share.seen = now
                    found.append(now)
        return found

    def _read(self, share: _Share, at: datetime) -> Lying:
        copies = frozenset(_copy(folder) for folder in share.directory.iterdir() if not folder.name.startswith("."))
        return Lying(at=at, place=share.destination.name, staff_only=share.destination.staff_only, copies=copies)


def _copy(folder: Path) -> CopyLies:
    index = json.loads((folder / "index.json").read_text())
    (entry,) = index["entries"]
    content = (folder / entry["file"]).read_bytes()
    body = json.dumps(index, ensure_ascii=False)
    if entry["media_type"].startswith("text/") or not _PATTERN.search(content):
        body += content.decode(errors="replace")
    return CopyLies(
        entry=entry["entry_id"],
        mrn=Mrn(index["patient"]["mrn"]),
        body=body,
        pictures=frozenset(Photo(mark.decode()) for mark in _PATTERN.findall(content)),
    )
