"""The memory of this process goes back to the system when a photo has been dealt with.

The C library keeps large blocks once such were freed: it raises the size from which a block is a mapping of its own, and
below it photos lie between other things, in a heap for each thread. Measured with a hundred photos of 12 MB: the bot held 286 MB
after the last of them, with a fixed size 115. Deliberately does nothing where the C library is another one.
"""

from __future__ import annotations

import ctypes

LARGE = 1 << 20  # bytes: smaller than a photo, larger than whatever is allocated all the time
_M_MMAP_THRESHOLD = -3


def return_large_blocks() -> None:
    """Each block of `LARGE` and more is a mapping of its own from now on, and gone when it is freed."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, LARGE)
