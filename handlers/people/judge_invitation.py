"""Judging whether this account may use an invitation whose code it knows: when the code is written, and again at the yes (R33).

What an account is known for stays with the human who had it: a new security identity is pinned only by a code that was made
for that human, and nobody becomes a colleague under another name than the one they have here.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.transaction import Transaction
from bot.domain.arrivals import Arrival
from bot.domain.authority import may_redeem
from bot.domain.identifiers import SETUP, Account
from bot.domain.invitations import Invitation
from bot.domain.message import Message
from bot.domain.people import Person, Relation, Role, Standing
from bot.domain.spelling import same_name
from bot.words import about_admission as words
from bot.words import about_lost_phones, about_people, greetings

from .end_invitations import Why


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why an invitation can't be used.

    `ends` is set when the invitation itself is over; otherwise the person it is for may still use it.
    """

    because: str
    said: Message
    ends: Why | None = None


async def why_not(invitation: Invitation, arrival: Arrival, tx: Transaction) -> WhyNot | None:
    """Return why the invitation can't be used from here, for somebody who knows its secret; None when it can."""
    practice = tx.policy.practice
    if not tx.policy.allows(arrival.sender):
        return WhyNot("homeserver-not-allowed", about_people.not_from_there(practice))
    here = await here_with(arrival.sender, tx)
    if here is not None and not _known_by_that_name(here, invitation):
        return WhyNot("another-name", words.another_name(practice))
    if here is not None and not await _may_pin(here, invitation, arrival.verdict.identity, tx):
        return WhyNot("not-for-this-account", about_people.not_for_this_account(practice))
    if await _on_a_lost_phone(arrival, tx):
        return WhyNot("revoked-identity", about_lost_phones.revoked())
    return await _judged(invitation, here, tx)


async def here_with(account: Account, tx: Transaction) -> Person | None:
    """Return who has the account now. Whoever had it and left is not here: the next one is somebody new (R31)."""
    holder = await tx.holder(account)
    return holder if holder is not None and holder.standing is not Standing.LEFT else None


async def _judged(invitation: Invitation, here: Person | None, tx: Transaction) -> WhyNot | None:
    maker = None if invitation.invited_by == SETUP else await tx.rows.people.known(invitation.invited_by)
    circle = await tx.circle(invitation.patient_id) if invitation.patient_id else None
    verdict = may_redeem(invitation, maker, here, circle, tx.now, tx.today)
    if verdict:
        return None
    practice = tx.policy.practice
    match verdict.because:
        case "own-invitation":
            return WhyNot(verdict.because, words.own_invitation())
        case "maker-unknown":
            return WhyNot(verdict.because, words.made_at_the_computer())
        case "expired":
            return WhyNot(verdict.because, greetings.code_expired(practice), Why.OVER)
        case "maker-left":
            return WhyNot(verdict.because, words.invitation_ended(practice), Why.MAKER_LEFT)
        case "patient-left":
            return WhyNot(verdict.because, words.invitation_ended(practice), Why.PATIENT_LEFT)
    return WhyNot(verdict.because, words.invitation_ended(practice), Why.OVER)


def _known_by_that_name(here: Person, invitation: Invitation) -> bool:
    """Return whether they may use a colleague's code: by being known by its name, or by being named at the computer."""
    if invitation.role is Role.PATIENT or invitation.invited_by == SETUP:
        return True
    return same_name(here.name, invitation.name)


async def _may_pin(here: Person, invitation: Invitation, identity: str, tx: Transaction) -> bool:
    """Return whether this account may get this identity: a new one takes a code that was made for the account's owner.

    With any other code, a homeserver and one patient together could speak as everybody; and the account's next holder is
    nobody's parent.
    """
    if here.identity == identity or invitation.account == here.account:
        return True
    if here.is_professional or not same_name(here.name, invitation.name):
        return False
    held = await tx.rows.authorities.between(here.id, invitation.patient_id, invitation.relation or Relation.SELF)
    return any(authority.holds_on(tx.today) for authority in held)


async def _on_a_lost_phone(arrival: Arrival, tx: Transaction) -> bool:
    """Return whether the identity was on a lost phone: its finder has it too, and does not use the code up."""
    known = await tx.rows.people.with_account(arrival.sender)
    return any(arrival.verdict.identity in person.revoked for person in known)
