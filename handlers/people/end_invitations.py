"""Ending invitations before their time: their maker or the person they are for has left, or they were written anew (R33)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from bot.core.polls import close_polls
from bot.core.transaction import Transaction
from bot.domain import rooms
from bot.domain.identifiers import PersonId
from bot.domain.invitation_events import Ended, invitation_after
from bot.domain.invitations import Invitation, InvitationState
from bot.words import about_admission

from .two_people import apart

WAITING = (InvitationState.OPEN, InvitationState.MATCHED)


class Why(StrEnum):
    MAKER_LEFT = "maker-left"  # those who were invited may still come: managers hear whom to invite anew
    MAKER_LOST_A_PHONE = "maker-lost-a-phone"  # its finder may have read the code; managers hear the same
    HOLDER_LEFT = "holder-left"  # it was for the account of somebody who has left
    PATIENT_LEFT = "patient-left"
    WRITTEN_ANEW = "written-anew"
    OVER = "over"  # its time, or the time of what it was for


async def close_invitations(tx: Transaction, invitations: Iterable[Invitation], why: Why) -> None:
    """End those that nobody has confirmed yet, even if their code was written already, and take back the words that said them.

    Anybody who writes such a code, or confirms it, hears that it has ended.
    """
    ended = [invitation for invitation in invitations if invitation.state in WAITING]
    for invitation in ended:
        await tx.rows.invitations.save(invitation_after(invitation, Ended()))
        await tx.audit("bot", "invitation.ended", invitation.id, because=why.value)
        await close_polls(tx, f"tell:{invitation.id}")
        for key in (f"invitation:{invitation.id}", f"lobby:{invitation.id}"):
            await tx.erase_now(*await tx.rows.copies.of_post(key))
    if ended and why in {Why.MAKER_LEFT, Why.MAKER_LOST_A_PHONE}:
        await _ask_for_new_ones(tx, ended)


async def _ask_for_new_ones(tx: Transaction, ended: list[Invitation]) -> None:
    managers = await tx.managers()
    lines: dict[PersonId, list[str]] = {manager.id: [] for manager in managers}
    unheard = False
    for invitation in ended:
        patient = await tx.rows.patients.get(invitation.patient_id) if invitation.patient_id else None
        hear = await apart(managers, patient.id, tx) if patient else managers
        for manager in hear:
            lines[manager.id].append(about_admission.ended_invitation(invitation, patient))
        unheard |= not hear
    for id, told in lines.items():
        if told:
            await tx.say(rooms.own(id), about_admission.invite_anew(told), private=True)
    if unheard:
        await tx.tell_practice(about_admission.SOME_ENDED)
