"""What the bot says of the second copy of the record, in the practice's room."""

from __future__ import annotations

from typing import Final

_WHY: Final = {
    "mirror-away": "it is not there. Is the disk plugged in, the share mounted?",
    "mirror-hangs": "it does not answer, as a share does whose other end is gone. Is that computer on, the network up?",
    "mirror-full": "it is full. Make room there.",
    "mirror-differs": "what is read back from it is not what was written. That disk may be dying: replace it.",
}
WELL_AGAIN: Final = "The second copy of the record is complete again. Nothing needs to be done."


def trouble(why: str) -> str:
    reason = _WHY.get(why, "it can't be written to.")
    return (
        f"The second copy of the record: {reason} Photos are still filed, and stay in the chat until there are two copies. "
        "On the computer I run on, consentry doctor says more."
    )
