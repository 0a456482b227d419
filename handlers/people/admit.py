"""Admitting somebody whose invitation was confirmed: the person exists, their identity is pinned, they have a room of their own.

`domain.authority` is asked each time what they may do. Here is recorded what it decides from: who answers for whom in what
capacity, whether that takes a second person of the staff, and from when on what is filed is open to them (R33).
"""

from __future__ import annotations

from dataclasses import replace

from bot.core.memberships import let_into
from bot.core.transaction import Transaction
from bot.core.uses.settle_requests import settle_requests
from bot.domain import rooms
from bot.domain.arrivals import Arrival
from bot.domain.authority import needs_second, takes_capacity
from bot.domain.authority_events import ended, to_be_confirmed
from bot.domain.identifiers import NO_PERSON, AuthorityId, PersonId
from bot.domain.intents import Hearing, OpenRoom, Remind
from bot.domain.invitations import Invitation, Tell
from bot.domain.marks import Mark, Meaning
from bot.domain.people import CLINICIANS, Authority, Patient, Person, Relation, Role, Standing
from bot.domain.spelling import same_name
from bot.domain.taking_part import LetIn, ToBeConfirmedAnew, person_after
from bot.words import about_admission as words
from bot.words import greetings, to_colleagues, to_patients
from handlers.colleagues import device_check

from .come_of_age import morning_of
from .filed_before import anything_filed
from .judge_invitation import here_with
from .old_pages import end_earlier_pages
from .pause import resume
from .tell_of_access import tell

ROLES: dict[Role, frozenset[Role]] = {
    Role.MANAGER: frozenset({Role.MANAGER, Role.RECEPTION}),
}


async def admit(invitation: Invitation, arrival: Arrival, tx: Transaction) -> Person:
    """Let in whoever used the invitation. An account whose holder left is somebody new, who inherits nothing (R31)."""
    await tx.rows.invitations.save(invitation)
    known = await here_with(arrival.sender, tx)
    person = await (_arrives(invitation, arrival, tx) if known is None else _gains(known, invitation, arrival, tx))
    if known is None or invitation.role in CLINICIANS or known.identity != person.identity:
        person = await device_check.begin(person, tx)
    await tx.audit(person.id, "person.enrolled", person.id, account=person.account, identity=person.identity)
    if invitation.role is Role.PATIENT:
        await _answer_for(person, invitation, tx)
    elif person.is_staff:
        await let_into(rooms.PRACTICE, person, tx)
        if known is not None and not known.is_staff:
            await _confirmed_anew(person, tx)
    return person


async def _arrives(invitation: Invitation, arrival: Arrival, tx: Transaction) -> Person:
    roles, identity = _roles_of(invitation), arrival.verdict.identity
    person = Person(PersonId(tx.ids.new()), arrival.sender, invitation.name, roles, identity, notice_due=True)
    await tx.rows.people.add(person)
    await _open_own_room(person, tx)
    return person


async def _gains(known: Person, invitation: Invitation, arrival: Arrival, tx: Transaction) -> Person:
    """Give a known person what the invitation grants; a patient's code never changes who a member of staff is.

    Staff act as a patient once a second person has confirmed it.
    """
    of_patient = invitation.role is Role.PATIENT
    gained = frozenset[Role]() if of_patient and known.is_staff else _roles_of(invitation)
    name = known.name if of_patient else invitation.name
    person = await tx.rows.people.save(person_after(known, LetIn(arrival.verdict.identity, gained, name)))
    await let_into(rooms.own(person.id), person, tx)
    if known.standing is Standing.PAUSED:
        await resume(person, tx)
    return person


def _roles_of(invitation: Invitation) -> frozenset[Role]:
    roles = ROLES.get(invitation.role, frozenset({invitation.role}))
    return roles | {Role.CLINICIAN} if invitation.and_clinician else roles


async def _open_own_room(person: Person, tx: Transaction) -> None:
    own = rooms.own(person.id)
    await tx.plan(OpenRoom(own, tx.ids.new(), tx.policy.practice, (person.account,)), lane=own)
    if person.is_staff:
        text = greetings.welcome_staff(tx.policy.practice, person.roles)
    elif person.is_professional:
        text = to_colleagues.welcome_outside(tx.policy.practice)
    else:
        text = greetings.welcome_patient(tx.policy.texts, tx.policy.practice)
    await tx.say(own, text)


async def _confirmed_anew(person: Person, tx: Transaction) -> None:
    """Ask for a second person before somebody who works here from now on acts as a patient, or for one (R33).

    This holds even if one confirmed them before: then they did not work here, or worked here another time.
    """
    held = [authority for authority in await tx.rows.authorities.of_person(person.id) if authority.may_hold(tx.today)]
    for authority in held:
        await tx.rows.authorities.save(to_be_confirmed(authority))
    if held:
        await tx.rows.people.save(person_after(await tx.person(person.id), ToBeConfirmedAnew()))
        await tx.tell_practice(words.SOMEBODY_WAITS)
        await tx.say(rooms.own(person.id), words.WAITS_FOR_SECOND.format(practice=tx.policy.practice))


# ---- for whom they answer


async def answers_for(person: Person, tx: Transaction) -> Mark:
    """Return the mark by which an app can let them choose whose photo it is before they send it."""
    patients = await tx.answers_for(person)
    return Mark(Meaning.ANSWERS_FOR, whose=tuple(to_patients.who_is_meant(patient) for patient in patients))


async def say_of(patient: Patient, person: Person, text: str, tx: Transaction, mark: Mark | None = None) -> None:
    """Say to somebody that they answer for this patient, or will: while that is so (R28)."""
    said_of, own = [patient.id], rooms.own(person.id)
    await tx.say(own, text, private=True, mark=mark, hearing=Hearing.LINKED, patient_ids=said_of)


async def _say_for_whom(patient: Patient, person: Person, tx: Transaction) -> None:
    await say_of(patient, person, greetings.answers_for_too(patient), tx, await answers_for(person, tx))


async def _answer_for(person: Person, invitation: Invitation, tx: Transaction) -> None:
    if not invitation.patient_id or invitation.account:  # a code after a lost phone changes nobody's authority
        return
    patient = await tx.rows.patients.get(invitation.patient_id)
    relation = invitation.relation or Relation.SELF
    every = await tx.rows.authorities.of_person(person.id)
    mine = [authority for authority in every if authority.patient_id == patient.id and authority.may_hold(tx.today)]
    if any(authority.relation is relation for authority in mine) and not takes_capacity(patient, relation, tx.today):
        await _say_for_whom(patient, person, tx)  # nothing is new, and a page that sent the code waits to hear so
        return
    authority = await _recorded(person, patient, relation, mine, invitation, tx)
    if authority.holds_on(tx.today):  # from today on they answer in another capacity
        await end_others(authority, tx)
    if every:
        await _say_for_whom(patient, person, tx)
    elif person.roles == {Role.PATIENT}:
        mark = replace(await answers_for(person, tx), id=Meaning.WHO_YOU_ARE)
        await say_of(patient, person, greetings.who_you_are(person.name, patient, relation), tx, mark)
    await _say_what_waits(authority, person, tx)
    await end_earlier_pages(authority, tx)  # first: who has ended is not told
    if invitation.tell is Tell.TELL:
        await tell(authority, tx)


async def _recorded(
    person: Person, patient: Patient, relation: Relation, mine: list[Authority], invitation: Invitation, tx: Transaction
) -> Authority:
    """Record the authority, with what is open to it.

    What was open to them in another capacity stays open, and so does everything if nothing was filed before. But it does not
    open to somebody who will decide for a mature minor, nor to one who says that they are the patient after all: what is the
    patient's own was never open to them (R33a).
    """
    decides_later = patient.mature_minor and relation is Relation.DECISION_MAKER
    held = [
        authority
        for authority in mine
        if authority.holds_on(tx.today)
        and not decides_later
        and (relation is not Relation.SELF or authority.relation is Relation.SELF)
    ]
    opened = next((authority for authority in held if authority.is_open), None)
    is_open = opened is not None or not await anything_filed(await tx.circle(patient.id), relation, tx)
    authority = Authority(
        AuthorityId(tx.ids.new()),
        person.id,
        patient.id,
        relation,
        invitation.until,
        since=invitation.since,
        recorded_at=tx.now,
        invitation_id=invitation.id,
        invited_by=invitation.maker,
        needs_second=needs_second(patient, relation, person, tx.today)
        or await _is_known_as_another(person, patient, relation, invitation, tx),
        opened_by=opened.opened_by if opened else NO_PERSON,
        opened_at=tx.now if is_open else None,
    )
    await settle_requests(patient.id, tx)  # first: nobody finds open what was asked under an authority that has ended
    await tx.rows.authorities.add(authority)
    if authority.until is not None:
        await tx.plan(Remind("authority-ends", authority.id), due=morning_of(authority.until, tx))
    details = {"relation": relation.value, "needs_second": authority.needs_second}
    await tx.audit(person.id, "authority.recorded", patient.id, **details)
    return authority


async def _is_known_as_another(
    person: Person, patient: Patient, relation: Relation, invitation: Invitation, tx: Transaction
) -> bool:
    """Return whether the account is known here as somebody other than the invitation names.

    That is: by another name; as another patient; or as somebody who answered for this patient, and now comes with the
    patient's own code.
    """
    if not same_name(person.name, invitation.name):
        return True
    held = await tx.rows.authorities.of_person(person.id)
    another_patient = any(
        authority.relation is Relation.SELF and authority.patient_id != patient.id for authority in held
    )
    answered_for = any(
        authority.relation is not Relation.SELF and authority.patient_id == patient.id for authority in held
    )
    return relation is Relation.SELF and (another_patient or answered_for)


async def end_others(authority: Authority, tx: Transaction) -> None:
    """End this person's other capacities for the same patient: they have one at a time; what is prepared for later stays."""
    for other in await tx.rows.authorities.between(authority.person_id, authority.patient_id):
        if other.id != authority.id and other.may_hold(tx.today) and other.begins_after(tx.today) is None:
            await tx.rows.authorities.save(ended(other, tx.today))


async def _say_what_waits(authority: Authority, person: Person, tx: Transaction) -> None:
    own, practice = rooms.own(person.id), tx.policy.practice
    if authority.needs_second:
        await tx.say(own, words.WAITS_FOR_SECOND.format(practice=practice))
    elif not authority.is_open:
        await tx.say(own, words.WAITS_TO_BE_OPENED.format(practice=practice))
    if authority.needs_second or not authority.is_open:
        await tx.tell_practice(words.SOMEBODY_WAITS)
    begins = authority.begins_after(tx.today)
    if begins is not None:
        await tx.say(own, words.begins_on(begins))
