"""Who acts for the practice, and who may admit whom (R33, R33a)."""

from __future__ import annotations

from datetime import date, datetime

from bot.domain.identifiers import PersonId
from bot.domain.invitations import Invitation
from bot.domain.people import STAFF, Authority, Patient, Person, Relation, Role, Standing, eighteenth_birthday

from .circle import Circle, Verdict, hears, held_on, is_same_human


def may_act_for_the_practice(circle: Circle, person: Person, day: date) -> Verdict:
    """Return whether they may match, re-file, attest or release as staff: not for a patient they are or speak for (R33)."""
    involved = {held.person_id for held in circle.authorities if held.until is None or day < held.until}
    return Verdict(not any(is_same_human(circle, id, person) for id in involved), "R33", "speaks-for-them")


def may_redeem(
    invitation: Invitation,
    maker: Person | None,
    redeemer: Person | None,
    circle: Circle | None,
    at: datetime,
    day: date,
) -> Verdict:
    """Judge an invitation, when its code is written and again when it is confirmed (R33).

    `maker` is None for the first managers, `redeemer` for an account nobody here has had.
    """
    if at >= invitation.expires_at:
        return Verdict(False, "R33", "expired")
    if invitation.invited_by and maker is not None and not _may_invite(maker, invitation.role):
        return Verdict(False, "R33", "maker-left")
    if redeemer is not None and maker is not None and redeemer.id == maker.id:
        return Verdict(False, "R33", "own-invitation")
    if redeemer is not None and redeemer.is_staff and invitation.was_printed:
        return Verdict(False, "R33", "maker-unknown")
    if circle is not None:
        patient = circle.patient
        if patient.died_on is not None or patient.left_on is not None:
            return Verdict(False, "R33", "patient-left")
        grown_up = day >= eighteenth_birthday(patient.born)
        if invitation.relation is Relation.PARENT and grown_up:
            return Verdict(False, "R33", "grown-up")
        if invitation.until is not None and day >= invitation.until:
            return Verdict(False, "R33", "over")
    return Verdict(True, "R33")


def needs_second(patient: Patient, relation: Relation, redeemer: Person | None, day: date) -> bool:
    """Return whether an authority holds only once a second person of the staff has confirmed it (R33).

    It does where somebody who works here answers as a patient or for one, and where somebody else decides for a grown-up, even
    beside a person who decides already.
    """
    works_here = redeemer is not None and redeemer.is_staff and redeemer.standing is not Standing.LEFT
    return works_here or _decides_for_a_grown_up(patient, relation, day)


def takes_capacity(patient: Patient, relation: Relation, day: date) -> bool:
    """Return whether this relation means that somebody else decides for a grown-up who decided for themselves."""
    return _decides_for_a_grown_up(patient, relation, day) and not patient.impaired


def might_be_told(circle: Circle, relation: Relation, newcomer_id: PersonId, day: date) -> dict[PersonId, Relation]:
    """Return who might be told of somebody's new account, authority or capacity, if that is chosen (R33a).

    Nobody is told of a child's own account: it may be a mature minor's, or become one.
    """
    if relation is Relation.SELF and day < eighteenth_birthday(circle.patient.born):
        return {}
    return {id: held for id, held in hears(circle, day).items() if id != newcomer_id}


def may_second(circle: Circle, authority: Authority, person: Person, day: date) -> Verdict:
    """Return whether this is a second person: on the staff, not the one who made the invitation, and not one who gains by it.

    Only a clinician attests capacity, so where capacity is taken one of the two is a clinician (R33).
    """
    if person.standing is not Standing.ACTIVE or not person.roles & STAFF:
        return Verdict(False, "R33", "not-staff")
    if is_same_human(circle, authority.invited_by, person):
        return Verdict(False, "R33", "own-invitation")
    if not may_act_for_the_practice(circle, person, day):  # nor the person who would speak for them by it
        return Verdict(False, "R33", "speaks-for-them")
    maker = circle.people.get(authority.invited_by)
    attested = Role.CLINICIAN in person.roles or (maker is not None and Role.CLINICIAN in maker.roles)
    if takes_capacity(circle.patient, authority.relation, day) and not attested:
        return Verdict(False, "R33", "capacity-is-a-clinicians-to-attest")
    return Verdict(True, "R33")


def may_open(circle: Circle, authority: Authority, person: Person, told: bool, day: date) -> Verdict:
    """Return whether this person may open what was filed before (R33).

    A second person may, and so may the patient, on an account they had already, where they were told.
    """
    own = [held for held in held_on(circle, day) if held.person_id == person.id and held.relation is Relation.SELF]
    earlier = [held for held in own if held.id != authority.id and held.is_open]
    themselves = told and bool(earlier) and hears(circle, day).get(person.id) is Relation.SELF
    return Verdict(themselves or bool(may_second(circle, authority, person, day)), "R33")


def _decides_for_a_grown_up(patient: Patient, relation: Relation, day: date) -> bool:
    grown_up = day >= eighteenth_birthday(patient.born)
    return relation is Relation.DECISION_MAKER or (relation is Relation.GUARDIAN and grown_up)


def _may_invite(maker: Person, role: Role) -> bool:
    """Return whether this person still works here in a role that invites, even while they are paused.

    What they made before stands, unless they lost a phone (R28a).
    """
    if maker.standing is Standing.LEFT:
        return False
    return bool(maker.roles & ({Role.RECEPTION, Role.MANAGER} if role is Role.PATIENT else {Role.MANAGER}))
