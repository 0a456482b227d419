"""A child turns 18: the parent's or guardian's authority has ended by its date; the young person is invited (who may answer).

The authority itself needs no deadline to end: every decision asks whether it holds that day. Here people are told.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from bot.core.transaction import Transaction
from bot.core.uses.settle_requests import settle_requests
from bot.domain import rooms
from bot.domain.identifiers import AuthorityId
from bot.domain.intents import Remind
from bot.domain.invitee import Invitee
from bot.domain.people import Authority, Patient, Person, Relation, Role, Standing, eighteenth_birthday
from bot.words import about_people

from .end_invitations import WAITING
from .enrol import make_invitation


async def authority_ends(tx: Transaction, authority_id: AuthorityId) -> None:
    authority = await tx.rows.authorities.get(authority_id)
    patient = await tx.rows.patients.get(authority.patient_id)
    await settle_requests(patient.id, tx)
    birthday = eighteenth_birthday(patient.born)
    if authority.until != birthday or patient.left_on or patient.died_on:
        return  # ended otherwise, or before
    if authority.holds_on(tx.today):  # the clock was set back since this was due
        await tx.plan(Remind("authority-ends", authority.id), due=morning_of(birthday, tx))
        return
    held = [other for other in await tx.rows.authorities.of_patient(patient.id) if other.holds_on(tx.today)]
    await tx.audit("bot", "authority.ended", authority.id, relation=authority.relation.value)
    if not any(other.person_id == authority.person_id for other in held):
        await _tell_parent(authority, patient, tx)
    if not any(other.relation is Relation.SELF for other in held):
        await _invite(patient, tx)


def morning_of(day: date, tx: Transaction) -> datetime:
    return datetime.combine(day, time(9), tx.policy.timezone).astimezone(UTC)


async def _tell_parent(authority: Authority, patient: Patient, tx: Transaction) -> None:
    parent = await tx.person(authority.person_id)
    if parent.standing is Standing.ACTIVE:
        await tx.say(rooms.own(parent.id), about_people.told_parent(patient), private=True)


async def _invite(patient: Patient, tx: Transaction) -> None:
    """Make the young person one code to hand over, however many parents there were, for a manager or else the front desk.

    It never goes to somebody who answered for the young person: nobody could tell which of them wrote it (R33).
    """
    waiting = await tx.rows.invitations.for_patient(patient.id, Relation.SELF, WAITING)
    if any(invitation.expires_at > tx.now for invitation in waiting):
        return
    maker = await _who_invites(patient, tx)
    if maker is None:
        await tx.tell_practice(about_people.SOMEBODY_CAME_OF_AGE)
        return
    invitee = Invitee(Role.PATIENT, patient.name, patient.id, Relation.SELF)
    await make_invitation(invitee, maker.id, about_people.came_of_age(patient), tx)


async def _who_invites(patient: Patient, tx: Transaction) -> Person | None:
    answered = {held.person_id for held in await tx.rows.authorities.of_patient(patient.id)}
    staff = await tx.rows.people.active_staff()
    for role in (Role.MANAGER, Role.RECEPTION):
        for person in staff:
            if role in person.roles and person.id not in answered:
                return person
    return None
