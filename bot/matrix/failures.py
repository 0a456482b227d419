"""What can go wrong with the homeserver, beyond the two roots of error in the domain.

Guarantees: one place turns a failed answer of the homeserver into an exception. No exception carries a word that the homeserver
wrote, except its error code, which is checked to look like one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.domain.errors import OutsideFailure, Permanent, SignedOut

__all__ = ["IdentityConflict", "SignedOut", "TooLarge", "errcode", "failure"]

_ERRCODE = re.compile(r"[A-Z][A-Z0-9_.]{1,60}\Z")
_SIGNED_OUT = frozenset({"M_UNKNOWN_TOKEN", "M_MISSING_TOKEN", "M_USER_DEACTIVATED"})
_PERMANENT = {
    "M_FORBIDDEN": "forbidden",
    "M_NOT_FOUND": "gone",
    "M_TOO_LARGE": "too-large",
    "M_CANNOT_OVERWRITE_MEDIA": "already-uploaded",
}


class IdentityConflict(Permanent):
    """The homeserver holds another cross-signing identity for the bot than the sealed seeds.

    Replacing it would make everyone who verified the bot refuse it, so it is never done silently.
    """

    def __init__(self) -> None:
        super().__init__("identity-conflict", "the account already has another cross-signing identity")


class TooLarge(OutsideFailure):
    """The answer was longer than the bot reads. Another question may have a shorter answer."""


def errcode(body: Mapping[str, Any]) -> str:
    """Return the Matrix error code of an answer, or "" when there is none worth repeating."""
    code = body.get("errcode")
    return code if isinstance(code, str) and _ERRCODE.match(code) else ""


def failure(status: int, body: Mapping[str, Any], retry_after: str | None = None) -> OutsideFailure:
    """Return the exception that an unsuccessful answer means."""
    code = errcode(body)
    what = f"HTTP {status} {code}".strip()
    if code in _SIGNED_OUT:
        return SignedOut()
    if status == 429 or code == "M_LIMIT_EXCEEDED":
        return OutsideFailure(what, retry_after=_seconds(body, retry_after))
    # A 404 that is not Matrix's own comes from a proxy in front: if it were taken for "gone", it would forge a purge receipt.
    if status >= 500 or status in (408, 425) or (status == 404 and code != "M_NOT_FOUND"):
        return OutsideFailure(what)
    if code in _PERMANENT:
        return Permanent(_PERMANENT[code], what)
    by_status = {403: "forbidden", 413: "too-large"}
    return Permanent(by_status.get(status, "refused"), what)


def _seconds(body: Mapping[str, Any], header: str | None) -> float | None:
    milliseconds = body.get("retry_after_ms")
    if isinstance(milliseconds, int) and 0 <= milliseconds < 3_600_000:
        return milliseconds / 1000
    if header and header.isascii() and header.isdigit() and len(header) <= 4:
        return float(header)
    return None
