"""The register: every media id the purger was about to delete, written down and on disk before it was deleted.

The owner is written as a digest, which is enough to count each owner's share and tells nobody's name to a reader of the file.
Each line is one JSON object that holds the hash of the one before. A head file beside it holds the last number and hash, so
that cutting lines off the end shows as well as changing, dropping or reordering them. Opening verifies everything and refuses
what does not hold; only a last line torn by a crash is dropped, because it was never acted upon.

Deliberately not here: protection from somebody who may write both files. Anyone who can is the purger's own user already.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path

from .protocol import Media
from .refusals import CannotServe

_START = "0" * 64


class Register:
    """The register's file, open for one process at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._file)
            raise CannotServe(f"another purger holds {path}") from None
        self._head_file = os.open(f"{path}.head", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._count, self._hash, self._size = 0, _START, 0
        self.begun: list[tuple[datetime, str]] = []  # when each entry was written, and `whose`; oldest first
        try:
            self._verify()
        except CannotServe:
            self.close()
            raise

    def append(self, media: Media, whose: str, at: datetime) -> None:
        """Write one entry; return when it is on disk. `whose` is what `whose_media` makes of its owner."""
        if os.fstat(self._file).st_size != self._size:
            raise OSError(errno.EIO, "the register was altered while it was open")
        entry = {
            "n": self._count + 1,
            "at": at.astimezone(UTC).isoformat(),
            "media": str(media),
            "whose": whose,
            "previous": self._hash,
        }
        digest = _digest(entry)
        line = _canonical(entry | {"hash": digest}) + b"\n"
        try:
            _write_all(self._file, line)
            os.fsync(self._file)
        except OSError:  # a full disk may have taken half of it
            os.ftruncate(self._file, self._size)
            raise
        self._count, self._hash, self._size = self._count + 1, digest, self._size + len(line)
        self._write_head()

    def close(self) -> None:
        os.close(self._file)
        os.close(self._head_file)

    def _verify(self) -> None:
        head = self._read_head()
        *lines, torn = self._path.read_bytes().split(b"\n")
        at_head = head == (0, _START)
        for line in lines:
            self._check(line)
            at_head = at_head or head == (self._count, self._hash)
        # A crash may leave the head one entry behind, never ahead and never elsewhere.
        if not at_head or self._count - head[0] > 1:
            raise CannotServe(f"{self._path}: not as its head says, entries were cut off or exchanged")
        if torn:
            os.ftruncate(self._file, self._size)
        os.fsync(self._file)
        self._write_head()

    def _check(self, line: bytes) -> None:
        number = self._count + 1
        try:
            entry = json.loads(line)
            digest = entry.pop("hash")
            holds = entry["n"] == number and entry["previous"] == self._hash and digest == _digest(entry)
            whose = entry.get("whose", "")  # older versions did not write it: it counts for nobody's share
            self.begun.append((datetime.fromisoformat(entry["at"]), str(whose)))
        except (ValueError, KeyError, TypeError, AttributeError):
            holds = False
        if not holds:
            raise CannotServe(f"{self._path}: entry {number} is not what was written")
        self._count, self._hash, self._size = number, digest, self._size + len(line) + 1

    def _read_head(self) -> tuple[int, str]:
        text = os.pread(self._head_file, 200, 0).decode("ascii", "replace")
        if not text:
            return 0, _START
        number, _, digest = text.strip().partition(" ")
        if not number.isdigit():
            raise CannotServe(f"{self._path}.head cannot be read")
        return int(number), digest

    def _write_head(self) -> None:
        os.pwrite(self._head_file, f"{self._count:012d} {self._hash}\n".encode(), 0)  # one length always: one write
        os.fsync(self._head_file)


def whose_media(owner: str) -> str:
    """Return what stands for an owner in the register: the same for the same account, but not the account itself."""
    return hashlib.sha256(owner.encode()).hexdigest()[:16]


def _canonical(entry: dict[str, object]) -> bytes:
    return json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def _digest(entry: dict[str, object]) -> str:
    return hashlib.sha256(_canonical(entry)).hexdigest()


def _write_all(file: int, data: bytes) -> None:
    while data:
        data = data[os.write(file, data) :]
