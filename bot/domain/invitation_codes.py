"""The code of an invitation: how people write it, what is kept of it, and what trying one comes to.

A code is `SEL-XXXX-XXXX`: the selector names the invitation, the secret proves it. Only a salted hash of the secret is kept.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import datetime
from enum import StrEnum

from .errors import Refused
from .identifiers import Account, RoomId
from .invitation_events import CodeWritten, Ended, SecretWrong, invitation_after
from .invitations import Invitation, InvitationState

_SHAPE = re.compile(r"^\W*([0-9A-Z]{3})[\s\-–—.]*([0-9A-Z]{4})[\s\-–—.]*([0-9A-Z]{4})\W*$")
_AS_SHOWN = re.compile(r"^\W*[0-9A-Z]{3}[-–—][0-9A-Z]{4}[-–—][0-9A-Z]{4}\W*$", re.IGNORECASE)
_MISTAKEN = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


def secret_hash(salt: str, secret: str) -> str:
    return hashlib.sha256(f"consentry invitation\n{salt}\n{secret}".encode()).hexdigest()


def read_code(text: str) -> tuple[str, str] | None:
    """Return the (selector, secret) a person typed, forgiving case, spaces, dashes and look-alike
    letters; None if it is no code.
    """
    found = _SHAPE.match(text.upper().translate(_MISTAKEN))
    return (found[1], found[2] + found[3]) if found else None


def looks_like_a_code(text: str) -> bool:
    """Return whether it looks as a code is shown: three groups, two dashes, a digit. Words that don't are passed on as words."""
    return bool(_AS_SHOWN.match(text)) and any(map(str.isdigit, text))


class Tried(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"
    NOW_LOCKED = "now-locked"
    # Only somebody who knows the secret hears one of these:
    LOCKED = "locked"
    CLOSED = "closed"  # used, refused, or written by somebody else before
    EXPIRED = "expired"
    ANOTHER_ACCOUNT = "another-account"


def try_code(
    invitation: Invitation, secret: str, *, account: Account, identity: str, room_id: RoomId, at: datetime
) -> tuple[Invitation, Tried]:
    """Return what becomes of an invitation when somebody types its code. The secret is checked first: else nothing shows."""
    if not hmac.compare_digest(invitation.secret_hash, secret_hash(invitation.salt, secret)):
        return _wrong(invitation, at)
    if invitation.state is InvitationState.EXPIRED or at >= invitation.expires_at:
        return invitation_after(invitation, Ended()), Tried.EXPIRED
    if invitation.state is InvitationState.LOCKED:
        return invitation, Tried.LOCKED
    if invitation.account not in {"", account}:
        return invitation, Tried.ANOTHER_ACCOUNT
    try:
        return invitation_after(invitation, CodeWritten(account, identity, room_id)), Tried.RIGHT
    except Refused:
        return invitation, Tried.CLOSED


def _wrong(invitation: Invitation, at: datetime) -> tuple[Invitation, Tried]:
    if invitation.state is not InvitationState.OPEN or at >= invitation.expires_at:
        return invitation, Tried.WRONG
    tried = invitation_after(invitation, SecretWrong())
    return tried, Tried.NOW_LOCKED if tried.state is InvitationState.LOCKED else Tried.WRONG
