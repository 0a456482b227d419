"""`.consentry`, a directory of our own within a share: what is not to be seen yet, and a note of each copy that was put there.

The note of a copy is written while the copy still waits here, whole, under a hidden name. So a note and no hidden copy mean that
it was put there; where it is not there any more, somebody took it. That holds after a crash at any step, and when an older backup
was restored. A mark tells the share from an empty directory in its stead.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from bot.domain.errors import OutsideFailure
from bot.durable import overwrite_and_remove, sync_directory, write_durably

from .on_disk import failing, is_there

OURS: Final = ".consentry"
MARK: Final = "in-use"
WRITING, READY, PLACED, REMOVING = ".writing", ".ready", ".placed", ".removing"

Note = dict[str, Any]


class OwnCorner:
    """What is kept beside the copies in one directory."""

    def __init__(self, share: Path) -> None:
        self.directory = share / OURS
        self._share = share
        self._swept = False
        self._read: dict[Path, tuple[tuple[int, int], str]] = {}  # what was read back, while nobody changed the file

    def is_there(self) -> bool:
        return is_there(self.directory / MARK)

    def require(self) -> None:
        if not self.is_there():
            raise OutsideFailure("away")

    def begin(self) -> None:
        """Take the share into use; it must exist."""
        with failing():
            if not self._share.is_dir():
                raise OutsideFailure("away")
            self.directory.mkdir(mode=0o700, exist_ok=True)
            write_durably(
                self.directory / MARK,
                b"consentry puts copies into this folder. This directory is its own: leave it.\n",
            )
            sync_directory(self._share)

    def aside(self, copy: str, suffix: str) -> Path:
        return self.directory / f"{copy}{suffix}"

    def appear(self, ready: Path, name: str) -> None:
        """Let what is ready be seen under this name, all of it in one step."""
        ready.rename(self._share / name)
        sync_directory(self.directory)
        sync_directory(self._share)

    def sweep(self) -> None:
        """Remove what an earlier process left half written or half removed; what is ready is gone on with."""
        if self._swept:
            return
        for suffix in (WRITING, REMOVING):
            for leftover in self.directory.glob(f"*{suffix}"):
                destroy(leftover)
        self._swept = True

    def note(self, copy: str) -> Note | None:
        try:
            note = json.loads(self.aside(copy, PLACED).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except ValueError:
            raise OutsideFailure("unreadable") from None
        return note if isinstance(note, dict) else None

    def write_note(self, copy: str, note: Note) -> None:
        write_durably(self.aside(copy, PLACED), json.dumps(note, sort_keys=True).encode())

    def forget(self, copy: str) -> None:
        self.aside(copy, PLACED).unlink(missing_ok=True)
        sync_directory(self.directory)

    def digest(self, path: Path) -> str | None:
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


def opened_as(share: Path, path: Path) -> None:
    """Let whoever may read in the share read this too."""
    with suppress(OSError):  # some shares keep no modes
        mode = share.stat().st_mode & 0o777
        path.chmod(mode if path.is_dir() else mode & 0o666)


def destroy(hidden: Path) -> None:
    """Overwrite and remove a hidden file or folder of ours, and whatever was put into it."""
    if not hidden.exists() and not hidden.is_symlink():
        return
    inside: Sequence[Path] = sorted(hidden.rglob("*"), reverse=True) if hidden.is_dir() else ()
    for path in (*inside, hidden):
        if path.is_symlink():
            path.unlink()
        elif path.is_dir():
            path.rmdir()
        else:
            with suppress(FileNotFoundError):
                overwrite_and_remove(path)
    sync_directory(hidden.parent)
