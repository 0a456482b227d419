"""Files and directories that are there whole after a power cut, or not at all. Closed to others from their first moment."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

_PIECE = 1024 * 1024


def write_durably(path: Path, content: bytes) -> None:
    """Replace `path`: the old content or the new, never half."""
    fresh = path.with_name(f"{path.name}.part")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    sync_directory(path.parent)


def overwrite_and_remove(path: Path) -> None:
    """For what the keys that stay would open: a file that is only removed can be put together again from its disk."""
    size = path.stat().st_size
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_NOFOLLOW), "wb") as file:
        for start in range(0, size, _PIECE):
            file.write(bytes(min(_PIECE, size - start)))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    sync_directory(path.parent)


def private_directory(path: Path) -> None:
    """Make it, and every one missing on the way, for the owner only."""
    if not path.exists():
        private_directory(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)


def copy_durably(source: Path, target: Path) -> None:
    """The same bytes at `target`, which must not exist; directories on the way are made."""
    private_directory(target.parent)
    writing = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with source.open("rb") as read, os.fdopen(writing, "wb") as written:
        shutil.copyfileobj(read, written, _PIECE)
        written.flush()
        os.fsync(written.fileno())


def sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(top: Path) -> None:
    """Every directory at and below `top`: files that are flushed and can't be found are lost all the same."""
    for directory in (top, *(path for path in top.rglob("*") if path.is_dir())):
        sync_directory(directory)
