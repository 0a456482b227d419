"""What the bot says about who is admitted: invitations, a second person, capacity. Part of `wording`, under its version."""

from __future__ import annotations

from collections.abc import Sequence

from .invitations import Invitation
from .people import Patient

# ---- an invitation that ended

INVITATION_ENDED = (
    "I'm sorry: this invitation has ended. Nothing is wrong with what you did. Please ask {practice} for a new one."
)
SOME_ENDED = (
    "Some invitations have ended, because whoever made them has left. If somebody is waiting, please make a new one."
)


def ended_invitation(invitation: Invitation, patient: Patient | None) -> str:
    whom = f"{invitation.name} ({(invitation.relation or invitation.role).value})"
    return f"{whom}, MRN {patient.mrn}" if patient else f"{whom}, {invitation.account}"


def invite_anew(lines: Sequence[str]) -> str:
    return "These invitations have ended, because whoever made them has left. Please write new ones:\n" + "\n".join(
        lines
    )
