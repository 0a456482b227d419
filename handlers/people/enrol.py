"""`!enrol` and `!link`: an invitation to hand over, for a patient, a clinician, an outside clinician or reception.

Colleagues are for a manager to enrol: somebody who could make an account a clinician's could see images with it. The
invitation holds a one-time code, the bot's address and fingerprint, a QR picture of the address, and on the embedded
homeserver a token for a new account; where the practice has a page, also a link with all of these, and the picture is of it.
It carries no name, so that it may be printed; the echo to the person who enrols does (R15).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.core.dispatch import Request
from bot.core.transaction import Transaction
from bot.domain import rooms
from bot.domain.answering import authority_since, authority_until
from bot.domain.authority import takes_capacity
from bot.domain.errors import Refused
from bot.domain.identifiers import InvitationId, PatientId, PersonId
from bot.domain.intents import ReservePicture
from bot.domain.invitation_codes import secret_hash
from bot.domain.invitations import Invitation
from bot.domain.invitee import Invitee
from bot.domain.message import Message
from bot.domain.page_link import page_link
from bot.domain.people import Patient, Relation, Role
from bot.domain.spelling import same_name
from bot.domain.staff_deeds import Answering, Enrol, LinkAccount, NewColleague, NewPatient
from bot.domain.under_care import InvitedAgain, patient_after
from bot.words import about_admission, greetings, phrases

from .end_invitations import WAITING, Why, close_invitations
from .family_name import record_names
from .judge_invitation import here_with
from .tell_of_access import ask_whether
from .two_people import act_about


async def enrol(deed: Enrol, request: Request, tx: Transaction) -> Message | None:
    match deed.whom:
        case NewPatient():
            return await _enrol_patient(deed.whom, request, tx)
        case NewColleague():
            return await _enrol_colleague(deed.whom, request, tx)


async def link(deed: LinkAccount, request: Request, tx: Transaction) -> Message | None:
    patient = await tx.rows.patients.with_mrn(deed.number)
    if patient is None:
        raise Refused(about_admission.not_enrolled_yet(deed.number))
    if patient.died_on is not None:
        raise Refused(about_admission.nobody_answers_for_the_dead(patient), "R28a")
    await act_about(request.person, patient.id, tx)
    return await invite_patient(patient, deed.answering, request, tx)


async def _enrol_patient(said: NewPatient, request: Request, tx: Transaction) -> Message | None:
    numbered = await tx.rows.patients.numbered([said.mrn])
    patient = next((patient for patient in numbered if patient.mrn == said.mrn), numbered[0] if numbered else None)
    if patient is not None and not (same_name(patient.name, said.name) and patient.born == said.born):
        raise Refused(about_admission.number_is_taken(patient), "R15")
    if patient is not None and patient.died_on is not None:
        raise Refused(about_admission.nobody_answers_for_the_dead(patient), "R28a")
    if patient is not None:
        await act_about(request.person, patient.id, tx)
    if said.formal is None and (patient is None or patient.formal is None) and tx.policy.names_apart:
        raise Refused(about_admission.names_apart(said, tx.policy.names_apart))
    if patient is None:
        patient = Patient(PatientId(tx.ids.new()), said.mrn, said.name, said.born)
        await tx.rows.patients.add(patient)
        known = {"mrn": said.mrn, "name": said.name, "born": said.born.isoformat()}
        await tx.audit(request.person.id, "patient.enrolled", patient.id, **known)
    if said.formal is not None:
        patient = await record_names(patient, said.formal, said.sex, request.person.id, tx)
    return await invite_patient(patient, said.answering, request, tx)


async def invite_patient(before: Patient, answering: Answering, request: Request, tx: Transaction) -> Message | None:
    relation, who = answering.relation, answering.name or before.name
    if relation is Relation.SELF and answering.name:
        raise Refused(about_admission.for_clinicians(), "R33")
    namesakes = [patient for patient in await tx.rows.patients.named(before.name) if patient.id != before.id]
    until, since = authority_until(before, relation, tx.today), authority_since(before, relation, tx.today)
    patient = await _here_again(before, request, tx)
    echo = about_admission.invited(patient, who, relation)
    if namesakes:
        echo += f"\n{about_admission.same_name(patient, namesakes)}"
    if takes_capacity(patient, relation, tx.today):
        echo += f"\n{about_admission.takes_a_second(patient, since)}"
    invitee = Invitee(Role.PATIENT, who, patient.id, relation, until, since)
    invitation = await make_invitation(invitee, request.person.id, echo, tx)
    await ask_whether(invitation, request.person, tx)
    await tx.ledger_message(request.arrival)
    return None


async def _here_again(before: Patient, request: Request, tx: Transaction) -> Patient:
    """Make somebody who had left and is invited a patient of the practice again."""
    if before.left_on is None:
        return before
    await tx.audit(request.person.id, "patient.returned", before.id)
    return await tx.rows.patients.save(patient_after(before, InvitedAgain()))


async def _enrol_colleague(said: NewColleague, request: Request, tx: Transaction) -> Message | None:
    if Role.MANAGER not in request.person.roles:
        raise Refused(about_admission.colleagues_by_a_manager())
    account, name = said.account, said.name
    if not tx.policy.allows(account):
        raise Refused(about_admission.server_not_allowed(account), "R26")
    here = await here_with(account, tx)
    if here is not None and not same_name(here.name, name):
        raise Refused(about_admission.another_holder(account, here.name), "R31")
    echo = f"{name}, {said.role.value}, as {account}."
    await make_invitation(Invitee(said.role, name, account=account), request.person.id, echo, tx)
    await tx.ledger_message(request.arrival)
    return None


async def make_invitation(invitee: Invitee, by: PersonId, echo: str, tx: Transaction) -> Invitation:
    """Commit an invitation, and say it in the maker's own room, with a QR picture of the bot's address."""
    made = await invite_anew(invitee, by, tx)
    if made.ended_another:
        echo += f"\n{about_admission.EARLIER_CODE_ENDED}"
    invitation, policy = made.invitation, tx.policy
    if made.lacks_token:
        echo += f"\n{about_admission.no_account_free(has_page=policy.page_url is not None)}"
    new_account = (
        greetings.new_account(policy.own_homeserver, made.token) if made.token and policy.own_homeserver else ""
    )
    expires = phrases.moment(invitation.expires_at, policy.timezone)
    own = rooms.own(by)
    said = greetings.invitation(made.code, policy.bot_account, policy.fingerprint, expires, new_account, made.link)
    await tx.say(
        own,
        f"{echo}\n\n{said}",
        private=True,
        key=f"invitation:{invitation.id}",
    )
    address = made.link or f"https://matrix.to/#/{policy.bot_account}"
    await tx.plan(ReservePicture(own, "Scan to write to the bot", qr=address, invitation_id=invitation.id), lane=own)
    return invitation


@dataclass(frozen=True, slots=True)
class ToHandOver:
    """An invitation with what opens it, which is kept nowhere but in what is said or printed of it."""

    invitation: Invitation
    code: str
    token: str  # for a new account; "" where there is none
    lacks_token: bool  # one belongs to it, and none was free
    link: str | None
    ended_another: bool


async def invite_anew(invitee: Invitee, by: PersonId | Literal["setup"], tx: Transaction) -> ToHandOver:
    """Commit an invitation with a token and a link, where there are any.

    An invitation is for one person, once: an earlier code for the same that nobody used ends, wherever its paper is (R33).
    """
    same = await tx.rows.invitations.for_the_same(invitee, WAITING)
    await close_invitations(tx, same, Why.WRITTEN_ANEW)
    invitation, code = await new_invitation(invitee, by, tx)
    wants_token = tx.policy.own_homeserver is not None and invitee.role is Role.PATIENT
    token = await tx.rows.registration_token(invitation.id, invitation.expires_at) if wants_token else ""
    link = page_link(tx.policy.page_url, code, token, tx.policy.bot_account, tx.policy.fingerprint)
    return ToHandOver(invitation, code, token, wants_token and not token, link, bool(same))


async def new_invitation(invitee: Invitee, by: PersonId | Literal["setup"], tx: Transaction) -> tuple[Invitation, str]:
    """Commit an invitation; return it and its code, which is kept nowhere but in the words that say it."""
    selector, secret = tx.ids.code()
    while await tx.rows.invitations.with_selector(selector) is not None:
        selector, secret = tx.ids.code()
    salt = tx.ids.new()
    invitation = Invitation(
        id=InvitationId(tx.ids.new()),
        selector=selector,
        salt=salt,
        secret_hash=secret_hash(salt, secret),
        role=invitee.role,
        name=invitee.name,
        expires_at=tx.now + tx.policy.code_lifetime,
        invited_by=by,
        patient_id=invitee.patient_id,
        relation=invitee.relation,
        until=invitee.until,
        account=invitee.account,
        since=invitee.since,
        and_clinician=invitee.and_clinician,
    )
    await tx.rows.invitations.add(invitation)
    await tx.audit(by, "invitation.made", invitation.id, role=invitee.role.value, patient=invitee.patient_id)
    return invitation, f"{selector}-{secret[:4]}-{secret[4:]}"
