"""What goes wrong on a disk, said in one of the short codes of a further copy."""

from __future__ import annotations

import errno
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.domain.errors import OutsideFailure
from bot.durable import write_durably


@contextmanager
def failing() -> Iterator[None]:
    """Raise `OutsideFailure` for every failure of the disk: full, or unwritable with its number, never with a path."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        raise OutsideFailure("full" if full else f"unwritable: errno {error.errno}") from None


def is_there(path: Path) -> bool:
    """Return whether it exists as far as anybody can see: a share whose other end is gone answers with all kinds of errors."""
    try:
        return path.exists()
    except OSError:
        return False


def tried_out(directory: Path) -> None:
    """Write a file of our own, read it back and remove it; leave nothing. `OutsideFailure` where any of that fails."""
    trial = directory / f".consentry-trial-{secrets.token_hex(8)}"
    content = secrets.token_bytes(1000)
    with failing():
        if not directory.is_dir():
            raise OutsideFailure("away")
        try:
            write_durably(trial, content)
            same = trial.read_bytes() == content
        finally:
            trial.unlink(missing_ok=True)
    if not same:
        raise OutsideFailure("differs")
