"""What the bot says of the devices of those who work here: what is still on them, and how they are kept (R18, R21)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from .phrases import is_are, many, moment
from .sentence import sentence

# ---- the sender's own device (R18)

DELETED_ANSWERS = (
    ("deleted", "Deleted everywhere"),
    ("not-own", "It was not my own device"),
    ("not-yet", "Not yet"),
)


def is_it_deleted(refs: Sequence[str]) -> str:
    it, gone = ("it", "Is it gone?") if len(refs) == 1 else ("them", "Are they gone?")
    return (
        f"{many(refs)} {is_are(refs)} safely in the record. Please delete {it} from your device now, also from “recently "
        f"deleted” and from any cloud backup. {gone}"
    )


@sentence
def deleted_thanks() -> str:
    return "Thank you, that is recorded."


@sentence
def deleted_later() -> str:
    return "All right. I ask once more tomorrow."


DELETED_FATES: Mapping[str, str] = MappingProxyType(
    {
        "deleted": "said to be deleted, also from “recently deleted” and cloud backup",
        "not-own": "said not to be the sender's own device",
        "not-yet": "not deleted when last asked",
        "unanswered": "the sender did not say whether it is deleted",
    }
)

# ---- the device check (R21)

DEVICE_CHECK = (
    "About every device you use here, please confirm four things: it has a password or better; photos don't upload to a cloud by "
    "themselves; images travel on end-to-end encrypted platforms only; it can be wiped from afar if it is lost."
)
DEVICE_ANSWERS = (("safe", "All four are true"), ("unsafe", "Not all of them yet"))


@sentence
def device_thanks(months: int) -> str:
    return f"Thank you, that is recorded. I ask again in {months} months."


@sentence
def device_unsafe(last: datetime | None, zone: ZoneInfo) -> str:
    """Say until when it may be put right: `last` is None once that has passed."""
    until = f"From {moment(last, zone)} on, until it is confirmed," if last else "Until then"
    return (
        f"Thank you for saying so. Please put it right, then write !device and confirm. {until} I can't take images from you or show "
        "you any."
    )


@sentence
def device_blocked() -> str:
    return (
        "Your device check is overdue, so I can't take or show images just now, and kept nothing. Please answer the question below, "
        "then try again. It takes one tap."
    )


@sentence
def no_device_check() -> str:
    return "This practice asks for no device check."
