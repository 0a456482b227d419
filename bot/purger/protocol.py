"""What is said over the purger's socket: one JSON object per line, one answer per request.

    {"do": "ping"}                                   -> {"alive": true}
    {"do": "erase", "media": "mxc://server/id",
     "owner": "@user:server"}                        -> {"gone": true}
                                                        {"gone": false, "reason": "not-local" | "not-theirs" | "malformed"}
    {"do": "list", "owner": "@user:server",
     "before": milliseconds, "from": n}              -> {"media": ["id", ...], "next": n or 0}
    anything else                                    -> {"error": "malformed"}

Erasing may also be answered with {"error": "away"} (the homeserver does not answer), {"error": "rate-capped", "retry_after": s}
or {"error": "forbidden"} (its token has lost its power). `list` names encrypted uploads of one account from before a time, ten at
a time and by id alone, which `doctor --deep` compares with the ledger. There is no request for rooms, users or events, and none
that erases more than one id.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum

LONGEST_WAIT = 3600.0  # seconds: the cap counts by the hour
MAX_LINE = 1024  # bytes, with the newline; the longest id and server name fit


class Verb(StrEnum):
    PING = "ping"
    ERASE = "erase"
    LIST = "list"


class Error(StrEnum):
    MALFORMED = "malformed"
    AWAY = "away"
    RATE_CAPPED = "rate-capped"
    FORBIDDEN = "forbidden"


@dataclass(frozen=True, slots=True)
class Media:
    """One media id of one homeserver."""

    server: str
    media_id: str

    def __str__(self) -> str:
        return f"mxc://{self.server}/{self.media_id}"


# ASCII only, and nothing with a meaning in a path: what is parsed here becomes part of an administrator's URL.
_MXC = re.compile(r"mxc://([A-Za-z0-9][A-Za-z0-9.-]{0,254}(?::[0-9]{1,5})?)/([A-Za-z0-9_-]{1,255})")


def parse_media(text: str) -> Media | None:
    """Return the media that a well-formed mxc address names, or None."""
    match = _MXC.fullmatch(text)
    return Media(match[1], match[2]) if match else None


_OWNER = re.compile(r"@[a-z0-9._=/+-]{1,200}:[A-Za-z0-9][A-Za-z0-9.-]{0,254}(:[0-9]{1,5})?")
MAX_ANSWER = 8192  # bytes: ten ids


@dataclass(frozen=True, slots=True)
class PurgerRequest:
    verb: Verb
    media: str = ""  # as it came, not yet parsed
    owner: str = ""  # whose upload it must be
    before: int = 0  # milliseconds since 1970
    start: int = 0


def parse_request(line: bytes) -> PurgerRequest | None:
    """Return the request in one line, or None: unknown verbs, other keys and other types are all malformed."""
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return None
    match said:
        case {"do": "ping", **rest} if not rest:
            return PurgerRequest(Verb.PING)
        case {"do": "erase", "media": str(media), "owner": str(owner), **rest} if not rest:
            return PurgerRequest(Verb.ERASE, media, owner)
        case {"do": "list", "owner": str(owner), "before": int(before), "from": int(start), **rest} if not rest:
            return (
                PurgerRequest(Verb.LIST, owner=owner, before=before, start=start) if _OWNER.fullmatch(owner) else None
            )
        case _:
            return None


@dataclass(frozen=True, slots=True)
class PurgerAnswer:
    """One answer. `reason` is set when not gone, `error` when it could not be told."""

    alive: bool = False
    gone: bool = False
    reason: str = ""
    error: Error | None = None
    retry_after: float = 0.0
    media: tuple[str, ...] | None = None
    next: int = 0

    def encode(self) -> bytes:
        said: dict[str, object]
        if self.error is not None:
            said = {"error": self.error.value}
            if self.retry_after:
                said["retry_after"] = round(self.retry_after, 1)
        elif self.media is not None:
            said = {"media": list(self.media), "next": self.next}
        elif self.alive:
            said = {"alive": True}
        elif self.gone:
            said = {"gone": True}
        else:
            said = {"gone": False, "reason": self.reason}
        return json.dumps(said).encode() + b"\n"


def parse_answer(line: bytes) -> PurgerAnswer | None:
    """Return the answer in one line, or None if it is none."""
    try:
        match json.loads(line):
            case {"error": str(error), "retry_after": int() | float() as seconds}:
                if not 0 <= seconds <= LONGEST_WAIT:  # this refuses NaN and infinity too
                    return None
                return PurgerAnswer(error=Error(error), retry_after=float(seconds))
            case {"error": str(error)}:
                return PurgerAnswer(error=Error(error))
            case {"media": list(media), "next": int(start)} if all(isinstance(media_id, str) for media_id in media):
                return PurgerAnswer(media=tuple(media), next=start)
            case {"alive": True}:
                return PurgerAnswer(alive=True)
            case {"gone": True}:
                return PurgerAnswer(gone=True)
            case {"gone": False, "reason": str(reason)}:
                return PurgerAnswer(reason=reason)
    except (ValueError, RecursionError):
        return None
    return None


def encode_request(request: PurgerRequest) -> bytes:
    said = {"do": request.verb.value}
    if request.verb is Verb.ERASE:
        said |= {"media": request.media, "owner": request.owner}
    if request.verb is Verb.LIST:
        return (
            json.dumps({**said, "owner": request.owner, "before": request.before, "from": request.start}).encode()
            + b"\n"
        )
    return json.dumps(said).encode() + b"\n"
