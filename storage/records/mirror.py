"""A second copy of all that is filed, in a directory on another disk or share: one sealed file for each entry.

Promises: a file is there whole or not at all, was read from the directory and compared after it was written, and opens with
the root key alone, without the database. So the mirror and the recovery key bring back what a backup lacks. A directory that
is not there, or an empty one in its place (a disk that is not mounted), is *away*, never filled anew.

The disk may be at the far end of a network: when it *hangs*, it holds up nobody (`far_disk`).

The first of the further copies; what it has and lacks stands in the deliveries, and not here.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

from bot.domain.assurance import Assurance, Level, Residue
from bot.domain.consignment import Consignment, Ref, copy_id
from bot.domain.delivery_reasons import DIFFERS, LOST
from bot.domain.destination import SECOND_COPY
from bot.domain.entries import Entry, EntryKind, PatientIdentity
from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.identifiers import PatientId
from bot.durable import overwrite_and_remove, private_directory, sync_directory, write_durably
from bot.ports import Moved
from storage.outside.far_disk import FarDisk
from storage.vault.key_ring import KeyRing

from .on_disk import failing, is_there, tried_out

MARK = "consentry-mirror"
SUFFIX = ".sealed"
PATIENCE = 60.0  # seconds for one entry, on a slow share


class Mirror:
    """The port `FurtherCopy` on one directory. What fails is one of its short codes."""

    def __init__(self, directory: Path, keys: KeyRing) -> None:
        self.directory = directory
        self._keys = keys
        self._far = FarDisk("hangs", PATIENCE)

    async def there(self) -> bool:
        return await self._far.do(self._there)

    def _there(self) -> bool:
        return is_there(self.directory / MARK)

    async def begin(self) -> None:
        """Take the directory into use; it must exist."""
        await self._far.do(self._begin)

    def _begin(self) -> None:
        with failing():
            if not self.directory.is_dir():
                raise OutsideFailure("away")
            write_durably(
                self.directory / MARK, b"The second copy of a consentry record. Sealed: the recovery key opens it.\n"
            )

    async def try_out(self) -> bool:
        await self._far.do(lambda: tried_out(self.directory))
        return True

    async def place(self, consignment: Consignment, ref: Ref) -> dict[str, str]:
        """Write, read back and compare; a copy that is there already is written anew unless it is the same."""
        await self._far.do(lambda: self._keep(consignment))
        return {"entry": consignment.entry_id, "sha256": consignment.sha256}

    async def confirm(self, ref: Ref) -> Assurance:
        content = await self._far.do(lambda: self._present(ref["entry"]))
        if content is None:
            return Assurance(Level.UNKNOWN, LOST)
        same = hashlib.sha256(content).hexdigest() == ref["sha256"]
        return Assurance(Level.VERIFIED) if same else Assurance(Level.UNKNOWN, DIFFERS)

    async def move(self, ref: Ref, to: Consignment) -> Moved:
        """Write it anew in the same place, under the right patient: nothing of the wrong one is left."""
        return Moved(await self.place(to, ref), Residue.GONE)

    def _present(self, entry_id: str) -> bytes | None:
        if not self._there():
            raise OutsideFailure("away")
        with failing():
            read = self._read(entry_id)
        return read[1] if read else None

    def _keep(self, leaving: Consignment) -> None:
        if not self._there():
            raise OutsideFailure("away")
        if hashlib.sha256(leaving.content).hexdigest() != leaving.sha256:
            raise Permanent("damaged", f"entry {leaving.entry_id}")
        about, content, path = _about(leaving), leaving.content, self._path(leaving.entry_id)
        with failing():
            if self._read(leaving.entry_id) == (about, content):
                return
            private_directory(path.parent)
            sync_directory(self.directory)
            write_durably(path, self._keys.seal_secret(_name(leaving.entry_id), about + b"\n" + content))
            _drop_from_memory(path)
            if self._read(leaving.entry_id) != (about, content):
                raise OutsideFailure("differs")

    async def remove(self, ref: Ref) -> Residue:
        """Overwrite and remove it; it is a success when it is gone already, but not when the directory is away."""
        await self._far.do(lambda: self._remove(ref["entry"], ref["id"]))
        return Residue.GONE

    def _remove(self, entry_id: str, of_copy: str) -> None:
        if not self._there():
            raise OutsideFailure("away")
        with failing():
            path, read = self._path(entry_id), self._read(entry_id)
            # The file of an entry that is the right patient's by now is not the one that is to go.
            if path.exists() and (read is None or _copy_id(read[0]) == of_copy):
                overwrite_and_remove(path)

    async def content(self, entry_id: str) -> bytes | None:
        """Return what an entry holds; None when it is not here, or does not open."""
        read = await self._far.do(lambda: self._read(entry_id))
        return read[1] if read else None

    def entries(self) -> Iterator[tuple[Entry, bytes]]:
        """Yield all that is here and opens: one torn file hides none of the others."""
        for path in self._files():
            with suppress(OSError):
                read = self._read(_entry_id(path))
                if read is not None:
                    yield _entry(json.loads(read[0])), read[1]

    def files_except(self, entry_ids: Collection[str]) -> list[Path]:
        """Return the files of all other entries."""
        return [path for path in self._files() if _entry_id(path) not in entry_ids]

    def _files(self) -> list[Path]:
        return sorted(self.directory.glob(f"*/*{SUFFIX}"))

    def _read(self, entry_id: str) -> tuple[bytes, bytes] | None:
        """Return what is there of an entry; None when nothing is, or nothing that opens."""
        try:
            opened = self._keys.open_secret(_name(entry_id), self._path(entry_id).read_bytes())
        except (FileNotFoundError, Permanent):
            return None
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            return None  # a part of the disk that can't be read any more
        about, _, content = opened.partition(b"\n")
        return about, content

    def _path(self, entry_id: str) -> Path:
        return self.directory / entry_id[:2] / f"{entry_id}{SUFFIX}"


def _name(entry_id: str) -> str:
    return f"mirror/{entry_id}"


def _entry_id(path: Path) -> str:
    return path.name.removesuffix(SUFFIX)


def _copy_id(about: bytes) -> str:
    told = json.loads(about)
    return copy_id(told["entry"]["entry_id"], PatientId(told["patient"]["patient_id"]), SECOND_COPY)


def _about(entry: Consignment) -> bytes:
    """Return everything of the entry but its content, on one line."""
    patient = entry.patient
    whose = {
        "patient_id": patient.patient_id,
        "mrn": patient.mrn,
        "name": patient.name,
        "born": patient.born.isoformat(),
    }
    what = {
        "entry_id": entry.entry_id,
        "kind": entry.kind.value,
        "about": entry.about,
        "at": entry.at.isoformat(),
        "by": entry.by,
        "facts": entry.facts,
        "media_type": entry.media_type,
        "text": entry.is_text,
    }
    return json.dumps({"patient": whose, "entry": what}, sort_keys=True).encode()


def _entry(about: dict[str, dict[str, object]]) -> Entry:
    """Return the entry without its content, which the caller seals."""
    whose, what = about["patient"], about["entry"]
    patient = PatientIdentity(
        PatientId(str(whose["patient_id"])),
        str(whose["mrn"]),
        str(whose["name"]),
        date.fromisoformat(str(whose["born"])),
    )
    facts = what["facts"]
    assert isinstance(facts, dict)
    return Entry(
        entry_id=str(what["entry_id"]),
        kind=EntryKind(str(what["kind"])),
        patient=patient,
        about=str(what["about"]),
        at=datetime.fromisoformat(str(what["at"])),
        by=str(what["by"]),
        facts=facts,
        media_type=str(what["media_type"]),
        text="" if what["text"] else None,
    )


def _drop_from_memory(path: Path) -> None:
    """Drop the file from the system's memory where that is possible, so that reading back asks the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(descriptor)
