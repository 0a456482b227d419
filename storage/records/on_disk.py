"""What goes wrong on a disk, said in one of the short codes of a further copy."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from bot.domain.errors import OutsideFailure


@contextmanager
def failing() -> Iterator[None]:
    """Raise `OutsideFailure` for every failure of the disk: full, or unwritable with its number, never with a path."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        raise OutsideFailure("full" if full else f"unwritable: errno {error.errno}") from None
