"""Write files and directories that are whole after a power cut, or not there at all; closed to others from their first moment."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

_PIECE = 1024 * 1024
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
UNFINISHED = ".part"  # how the name of a file ends that is still being written


@contextmanager
def new_file(path: Path, mode: int = 0o600) -> Iterator[BinaryIO]:
    """Open a file that must not exist yet: on the disk when the block ends, gone again when it fails."""
    descriptor = os.open(path, _NEW, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
    except BaseException:  # whatever it is, nothing half written stays
        with suppress(OSError):
            path.unlink()
        raise


@contextmanager
def appearing(
    path: Path, *, beside: Path | None = None, mode: int = 0o600, replaces: bool = True
) -> Iterator[BinaryIO]:
    """Open a file that appears at `path` whole when the block ends, or not at all.

    It is written `beside`. A caller that names that place must see to what a crash leaves there; else the next writer clears it.
    Where it `replaces` nothing, whatever is at `path` stays: `FileExistsError`.
    """
    if beside is None:
        beside = path.with_name(f"{path.name}{UNFINISHED}")
        beside.unlink(missing_ok=True)
    with new_file(beside, mode) as file:
        yield file
    try:
        if replaces:
            beside.replace(path)
        else:
            os.link(beside, path)
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
    sync_directory(path.parent)


def write_durably(path: Path, content: bytes) -> None:
    """Replace `path`: the old content or the new, never half."""
    with appearing(path) as file:
        file.write(content)


def write_new(path: Path, content: bytes) -> None:
    """Write a file that must not exist yet. Dying in the middle leaves a part of it."""
    with new_file(path) as file:
        file.write(content)


def create_empty(path: Path) -> None:
    """Make an empty file that must not exist yet."""
    os.close(os.open(path, _NEW, 0o600))


def copy_durably(source: Path, target: Path) -> None:
    """Write the same bytes to `target`, which must not exist; make the directories on the way."""
    private_directory(target.parent)
    with source.open("rb") as read, new_file(target) as written:
        shutil.copyfileobj(read, written, _PIECE)


def overwrite_and_remove(path: Path) -> None:
    """Remove what the keys that stay would open: a file that is only removed can be put together again from its disk."""
    size = path.stat().st_size
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_NOFOLLOW), "wb") as file:
        for start in range(0, size, _PIECE):
            file.write(bytes(min(_PIECE, size - start)))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    sync_directory(path.parent)


def private_directory(path: Path) -> None:
    """Make a directory, and every one missing on the way, for the owner only."""
    if not path.exists():
        private_directory(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)


def sync_directory(directory: Path) -> None:
    """Flush the names in a directory to the disk."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(top: Path) -> None:
    """Flush every directory at and below `top`: files that are flushed and can't be found are lost all the same."""
    for directory in (top, *(path for path in top.rglob("*") if path.is_dir())):
        sync_directory(directory)
