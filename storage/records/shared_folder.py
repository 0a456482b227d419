"""A folder on a share, into which copies of entries are put for whoever takes them from there: practice software, or a person.

Each entry is one sub-folder that appears whole or not at all: written aside, flushed, and renamed into its place last. Its name
holds record number and reference, and no name or diagnosis; inside are the file itself, a page to read, and an index.

Guarantees: nothing is put there twice, also not after a crash at any step, or when an older backup was restored, because what
was put there is noted beside it (`own_corner`), without any name.

What is claimed is what the share shows (R35). As long as the copy lies there it *waits*: that the share has it says nothing about
whose record it is in. Gone means *taken*, by whom and where to nobody said. The files are as open as the folder itself.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from bot.domain.assurance import Assurance, CopyForm, Level, Residue
from bot.domain.consignment import Consignment, Ref
from bot.domain.delivery_reasons import DIFFERS, NOT_THERE
from bot.domain.errors import OutsideFailure
from bot.durable import new_file, sync_directory
from bot.ports import Moved
from storage.outside.far_disk import FarDisk

from .folder import SUFFIXES
from .on_disk import failing, tried_out
from .own_corner import READY, REMOVING, WRITING, Note, OwnCorner, destroy, opened_as

PATIENCE = 60.0  # seconds for one entry, on a slow share
WRITTEN = "written"  # why it waits: it lies there, and nobody has taken it
PARTLY = "partly-taken"


class SharedFolder:
    """The port `FurtherCopy` on one directory; a note holds the folder, the digest of each file, and of the entry itself."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._corner = OwnCorner(directory)
        self._far = FarDisk("hangs", PATIENCE)

    async def there(self) -> bool:
        return await self._far.do(self._corner.is_there)

    async def begin(self) -> None:
        """Take the directory into use; it must exist."""
        await self._far.do(self._corner.begin)

    async def place(self, consignment: Consignment, ref: Ref) -> dict[str, str]:
        return await self._far.do(lambda: self._place(consignment))

    async def confirm(self, ref: Ref) -> Assurance:
        return await self._far.do(lambda: self._confirm(ref["id"]))

    async def move(self, ref: Ref, to: Consignment) -> Moved:
        placed = await self.place(to, {})
        if (await self.confirm(placed)).level is Level.UNKNOWN:
            raise OutsideFailure("differs")
        return Moved(placed, await self.remove(ref))

    async def remove(self, ref: Ref) -> Residue:
        return await self._far.do(lambda: self._remove(ref["id"]))

    async def try_out(self) -> bool:
        await self._far.do(lambda: tried_out(self.directory))
        return True

    # ---- on the disk

    def _place(self, leaving: Consignment) -> dict[str, str]:
        self._corner.require()
        with failing():
            self._corner.sweep()
            copy = leaving.copy_id
            note, ready = self._corner.note(copy), self._corner.aside(copy, READY)
            if note is None or "left" in note:  # never put there, or taken out since
                note = self._prepare(leaving)
            if ready.exists():
                self._corner.appear(ready, str(note["folder"]))
        return {"id": copy, "entry": leaving.entry_id, "folder": str(note["folder"]), "sha256": str(note["sha256"])}

    def _prepare(self, leaving: Consignment) -> Note:
        """Write the copy whole under a hidden name, and then the note that it is going there."""
        copy = leaving.copy_id
        writing, ready = self._corner.aside(copy, WRITING), self._corner.aside(copy, READY)
        for leftover in (writing, ready):
            shutil.rmtree(leftover, ignore_errors=True)
        destroy(self._corner.aside(copy, REMOVING))  # of an earlier copy: it says nothing of this one
        writing.mkdir(mode=0o700)
        digests = {}
        for name, content in _files(leaving):
            with new_file(writing / name) as file:
                file.write(content)
            opened_as(self.directory, writing / name)
            digests[name] = hashlib.sha256(content).hexdigest()
        opened_as(self.directory, writing)
        sync_directory(writing)
        writing.rename(ready)
        sync_directory(ready.parent)
        note: Note = {"folder": _folder(leaving), "files": digests, "sha256": leaving.sha256}
        self._corner.write_note(copy, note)
        return note

    def _confirm(self, copy: str) -> Assurance:
        self._corner.require()
        with failing():
            note = self._corner.note(copy)
            if note is None or "left" in note:
                return Assurance(Level.UNKNOWN, NOT_THERE)
            if self._corner.aside(copy, READY).exists():
                return Assurance(Level.WAITING, "unfinished")
            folder = self.directory / str(note["folder"])
            wanted = dict(note["files"])
            found = {name: self._corner.digest(folder / name) for name in wanted}
            self._corner.require()  # it may have gone away in the middle, with all that lies there
        if all(digest is None for digest in found.values()):
            return Assurance(Level.TAKEN)
        if found == wanted:
            return Assurance(Level.WAITING, WRITTEN)
        differs = any(digest not in {None, wanted[name]} for name, digest in found.items())
        return Assurance(Level.UNKNOWN, DIFFERS) if differs else Assurance(Level.WAITING, PARTLY)

    def _remove(self, copy: str) -> Residue:
        self._corner.require()
        with failing():
            note = self._corner.note(copy)
            for hidden in (WRITING, READY):
                destroy(self._corner.aside(copy, hidden))
            if note is None:
                destroy(self._corner.aside(copy, REMOVING))
                return Residue.GONE
            folder, removing = self.directory / str(note["folder"]), self._corner.aside(copy, REMOVING)
            if folder.exists():
                destroy(removing)
                folder.rename(removing)  # in one step: whoever looks there sees all of it or nothing
                sync_directory(self.directory)
            if "left" not in note:  # noted once nobody can take it any more, and before anything of it goes
                is_all_here = all((removing / name).exists() for name in note["files"])
                note |= {"left": (Residue.GONE if is_all_here else Residue.BEYOND_REACH).value}
                self._corner.write_note(copy, note)
            destroy(removing)
            if note["left"] == Residue.GONE.value:
                self._corner.forget(copy)
            return Residue(str(note["left"]))


def _files(leaving: Consignment) -> Iterator[tuple[str, bytes]]:
    """Yield the files of one copy; a copy that is a summary is the page alone."""
    about = _plain(leaving.about) or "patient"
    if leaving.form is CopyForm.SUMMARY:
        name = "summary.pdf"
    elif leaving.is_text:
        name = f"{about}-{leaving.kind.value}.txt"
    else:
        name = about + SUFFIXES.get(leaving.media_type, ".bin")
    yield name, leaving.content
    if leaving.summary is not None and name != "summary.pdf":
        yield "summary.pdf", leaving.summary
    yield "index.json", _index(leaving, name)


def _index(leaving: Consignment, name: str) -> bytes:
    """Return the same that stands in an exported folder's `record.json`, of this one entry."""
    patient = {"mrn": leaving.patient.mrn, "name": leaving.patient.name, "born": leaving.patient.born.isoformat()}
    entry = {
        "entry_id": leaving.entry_id,
        "kind": leaving.kind.value,
        "about": leaving.about,
        "at": leaving.at.isoformat(),
        "by": leaving.by,
        "file": name,
        "form": leaving.form.value,
        "media_type": leaving.media_type,
        "size": len(leaving.content),
        "sha256": leaving.sha256,
        "facts": leaving.facts,
    }
    told = json.dumps({"patient": patient, "entries": [entry]}, indent=2, ensure_ascii=False)
    return told.encode(errors="backslashreplace")


def _folder(leaving: Consignment) -> str:
    kind = "" if not leaving.is_text else f"-{leaving.kind.value}"
    number, about = _plain(leaving.patient.mrn), _plain(leaving.about) or "patient"
    return f"{number}_{about}{kind}_{leaving.copy_id.replace('-', '')[:12]}"


def _plain(words: str) -> str:
    return re.sub(r"[^A-Za-z0-9-]", "", words)
