"""A folder on a share, into which copies of entries are put for whoever takes them from there: practice software, or a person.

Each entry is one sub-folder that appears whole or not at all: written aside, flushed, and renamed into its place last. Its name
holds record number and reference, and no name or diagnosis; inside are the file itself, a page to read, and an index.

Guarantees: nothing is put there twice, also not after a crash at any step, or when an older backup was restored, because what
was put there stands beside it in `.consentry`. The note of a copy is written while the copy still waits, whole, under a hidden
name; so a note and no hidden copy mean that it was put there, and where it is not there any more, that somebody took it.

What is claimed is what the share shows (R35). As long as the copy lies there it *waits*: that the share has it says nothing about
whose record it is in. Gone means *taken*, by whom and where to nobody said. The files are as open as the folder itself.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from bot.domain.assurance import Assurance, CopyForm, Level, Residue
from bot.domain.delivery import Consignment, Ref
from bot.domain.errors import OutsideFailure
from bot.durable import new_file, overwrite_and_remove, sync_directory, write_durably
from bot.ports import Moved
from storage.outside.far_disk import FarDisk

from .folder import SUFFIXES
from .on_disk import failing, is_there, tried_out

OURS: Final = ".consentry"
MARK: Final = "in-use"
WRITING, READY, PLACED, REMOVING = ".writing", ".ready", ".placed", ".removing"
PATIENCE = 60.0  # seconds for one entry, on a slow share
WRITTEN = "written"  # why it waits: it lies there, and nobody has taken it
PARTLY = "partly-taken"

Note = dict[str, Any]  # {"folder": name, "files": {name: digest}, "sha256": of the file itself}


class SharedFolder:
    """The port `FurtherCopy` on one directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._ours = directory / OURS
        self._far = FarDisk("hangs", PATIENCE)
        self._swept = False
        self._read: dict[Path, tuple[tuple[int, int], str]] = {}  # what was read back, while nobody changed the file

    async def there(self) -> bool:
        return await self._far.do(self._there)

    async def begin(self) -> None:
        """Take the directory into use; it must exist."""
        await self._far.do(self._begin)

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

    async def try_out(self) -> None:
        await self._far.do(lambda: tried_out(self.directory))

    # ---- on the disk

    def _there(self) -> bool:
        return is_there(self._ours / MARK)

    def _require(self) -> None:
        if not self._there():
            raise OutsideFailure("away")

    def _begin(self) -> None:
        with failing():
            if not self.directory.is_dir():
                raise OutsideFailure("away")
            self._ours.mkdir(mode=0o700, exist_ok=True)
            write_durably(
                self._ours / MARK, b"consentry puts copies into this folder. This directory is its own: leave it.\n"
            )
            sync_directory(self.directory)

    def _place(self, leaving: Consignment) -> dict[str, str]:
        self._require()
        with failing():
            self._sweep()
            copy = leaving.copy_id
            note, ready = self._note(copy), self._aside(copy, READY)
            if note is None or "left" in note:  # never put there, or taken out since
                note = self._prepare(leaving)
            if ready.exists():
                ready.rename(self.directory / str(note["folder"]))
                sync_directory(self._ours)
                sync_directory(self.directory)
        return {"id": copy, "entry": leaving.entry_id, "folder": str(note["folder"]), "sha256": str(note["sha256"])}

    def _prepare(self, leaving: Consignment) -> Note:
        """Write the copy whole under a hidden name, and then the note that it is going there."""
        copy = leaving.copy_id
        writing, ready = self._aside(copy, WRITING), self._aside(copy, READY)
        for leftover in (writing, ready):
            shutil.rmtree(leftover, ignore_errors=True)
        opened = self.directory.stat().st_mode & 0o777
        writing.mkdir(mode=0o700)
        digests = {}
        for name, content in _files(leaving):
            with new_file(writing / name) as file:
                file.write(content)
            with suppress(OSError):  # some shares keep no modes
                (writing / name).chmod(opened & 0o666)
            digests[name] = hashlib.sha256(content).hexdigest()
        with suppress(OSError):
            writing.chmod(opened)
        sync_directory(writing)
        writing.rename(ready)
        sync_directory(self._ours)
        note: Note = {"folder": _folder(leaving), "files": digests, "sha256": leaving.sha256}
        self._write_note(copy, note)
        return note

    def _confirm(self, copy: str) -> Assurance:
        self._require()
        with failing():
            note = self._note(copy)
            if note is None or "left" in note:
                return Assurance(Level.UNKNOWN, "not-there")
            if self._aside(copy, READY).exists():
                return Assurance(Level.WAITING, "unfinished")
            folder = self.directory / str(note["folder"])
            wanted = dict(note["files"])
            found = {name: self._digest(folder / name) for name in wanted}
            self._require()  # it may have gone away in the middle, with all that lies there
        if all(digest is None for digest in found.values()):
            return Assurance(Level.TAKEN)
        if found == wanted:
            return Assurance(Level.WAITING, WRITTEN)
        differs = any(digest not in {None, wanted[name]} for name, digest in found.items())
        return Assurance(Level.UNKNOWN, "differs") if differs else Assurance(Level.WAITING, PARTLY)

    def _remove(self, copy: str) -> Residue:
        self._require()
        with failing():
            note = self._note(copy)
            for hidden in (WRITING, READY):
                _destroy(self._aside(copy, hidden))
            if note is None:
                _destroy(self._aside(copy, REMOVING))
                return Residue.GONE
            if "left" not in note:
                folder = self.directory / str(note["folder"])
                complete = all((folder / name).exists() for name in note["files"])
                # What is found is written down before anything goes: a second try must not say otherwise.
                note |= {"left": (Residue.GONE if complete else Residue.BEYOND_REACH).value}
                self._write_note(copy, note)
            folder, removing = self.directory / str(note["folder"]), self._aside(copy, REMOVING)
            if folder.exists():
                folder.rename(removing)  # in one step: whoever looks there sees all of it or nothing
                sync_directory(self.directory)
            _destroy(removing)
            if note["left"] == Residue.GONE.value:
                (self._ours / f"{copy}{PLACED}").unlink(missing_ok=True)
                sync_directory(self._ours)
            return Residue(str(note["left"]))

    def _sweep(self) -> None:
        """Remove what an earlier process left half written or half removed; what is ready is gone on with."""
        if self._swept:
            return
        for suffix in (WRITING, REMOVING):
            for leftover in self._ours.glob(f"*{suffix}"):
                _destroy(leftover)
        self._swept = True

    def _aside(self, copy: str, suffix: str) -> Path:
        return self._ours / f"{copy}{suffix}"

    def _digest(self, path: Path) -> str | None:
        """Return the digest of a file that is there, and None where it is not; read it again only after it changed.

        What lies on a share for months would else be read over the network all the time.
        """
        try:
            with path.open("rb") as file:
                status = os.fstat(file.fileno())
                unchanged = (status.st_mtime_ns, status.st_size)
                if path in self._read and self._read[path][0] == unchanged:
                    return self._read[path][1]
                with suppress(OSError):
                    os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)  # asks the disk where it can
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except (FileNotFoundError, NotADirectoryError):
            self._read.pop(path, None)
            return None
        self._read[path] = unchanged, digest
        return digest

    def _note(self, copy: str) -> Note | None:
        try:
            note = json.loads((self._ours / f"{copy}{PLACED}").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except ValueError:
            raise OutsideFailure("unreadable") from None
        return note if isinstance(note, dict) else None

    def _write_note(self, copy: str, note: Note) -> None:
        write_durably(self._ours / f"{copy}{PLACED}", json.dumps(note, sort_keys=True).encode())


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


def _destroy(folder: Path) -> None:
    """Overwrite and remove a hidden folder of ours, and whatever was put into it."""
    if not folder.is_dir():
        return
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink():
            path.rmdir()
        elif path.is_symlink():
            path.unlink()
        else:
            with suppress(FileNotFoundError):
                overwrite_and_remove(path)
    folder.rmdir()
    sync_directory(folder.parent)
