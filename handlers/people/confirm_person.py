"""`!confirm`: a second person of the staff says that they know who somebody is, and for whom they answer (R33).

Alone it lists what waits for the person who asks; with a record number it asks, and the tap is judged again. A yes lets the
authority hold, opens what was filed before, and takes a grown-up's capacity if it means that; a no ends it. Where there is no
second person, `consentry confirm` does it at the computer, with a reason.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from bot.core.dispatch import Request
from bot.core.polls import ask, close_polls
from bot.core.transaction import Transaction
from bot.core.uses.settle_requests import settle_requests
from bot.domain import authority_events, rooms
from bot.domain.authority import Circle, may_open, may_second, takes_capacity
from bot.domain.choices import Choice, digest_of
from bot.domain.errors import Refused
from bot.domain.identifiers import AT_THE_COMPUTER, AuthorityId, PersonId
from bot.domain.message import Message
from bot.domain.page_account import earlier_pages
from bot.domain.people import Authority, Person, Relation, Role, Standing
from bot.domain.spelling import same_number
from bot.domain.staff_deeds import ConfirmPerson
from bot.domain.taking_part import ConfirmedAsPatient, person_after
from bot.domain.under_care import FoundUnable, patient_after
from bot.words import about_admission as words
from bot.words.phrases import asked_in_words

from .admit import answers_for, end_others, say_of
from .filed_before import images_filed
from .old_pages import end_earlier_pages
from .tell_of_access import tell_capacity_taken
from .two_people import apart
from .undo_link import undo_link


async def confirm(deed: ConfirmPerson, request: Request, tx: Transaction) -> Message | None:
    every = await waiting(tx)
    theirs = [pair for pair in every if _may(*pair, request.person, tx)]
    if deed.number is None:
        lines = [words.waits(circle.patient, *_of(circle, authority)) for circle, authority in theirs]
        if Role.MANAGER in request.person.roles:
            lines += [
                words.at_the_computer(circle.patient)
                for circle, authority in every
                if await apart([request.person], circle.patient.id, tx) and not await _able(circle, authority, tx)
            ]
        await tx.say(request.room.address, "\n".join(lines) or words.nobody_waits(), private=True)
        return None
    meant = [pair for pair in theirs if same_number(pair[0].patient.mrn, deed.number)]
    if not meant:
        raise Refused(words.nobody_waits(), "R33")
    await tx.ledger_message(request.arrival)
    for circle, authority in meant:
        await _ask(circle, authority, request.person, tx)
    return None


async def answered(choice: Choice, request: Request, tx: Transaction) -> Message | None:
    authority = await tx.rows.authorities.get(AuthorityId(choice.subject.removeprefix("confirm:")))
    circle = await tx.circle(authority.patient_id)
    if not _waits(authority, tx) or not _may(circle, authority, request.person, tx):
        raise Refused(words.nobody_waits(), "R33")
    await close_polls(tx, choice.subject)
    if not choice.value:
        await _end(circle, authority, request.person, tx)
        return words.it_ended()
    # By now their yes may mean another thing than what they read (R32).
    if not _was_asked(await _question(circle, authority, tx), choice):
        await _ask(circle, authority, request.person, tx)
        return words.it_changed()
    await confirm_access(circle, authority, request.person.id, tx)
    return words.confirmed()


async def waiting(tx: Transaction, mrn: str = "") -> list[tuple[Circle, Authority]]:
    """Return what waits for a second person, oldest first; about one patient, or all."""
    found = {
        authority.id: authority
        for authority in (
            *await tx.rows.authorities.waiting_for_a_second(),
            *await tx.rows.authorities.unopened(),
        )
        if _waits(authority, tx)
    }
    pairs = [(await tx.circle(authority.patient_id), authority) for authority in found.values()]
    here = [pair for pair in pairs if pair[0].patient.died_on is None and pair[0].patient.left_on is None]
    return [pair for pair in here if not mrn or same_number(mrn, pair[0].patient.mrn)]


async def confirm_at_the_computer(circle: Circle, authority: Authority, reason: str, tx: Transaction) -> None:
    """Confirm with a reason what no second person could; raise `Refused` when there is one, or no reason."""
    if not reason.strip():
        raise Refused(words.say_why_nobody_else(), "R33")
    able = await _able(circle, authority, tx)
    if able:
        raise Refused(words.somebody_can_confirm([person.name for person in able]), "R33")
    await confirm_access(circle, authority, AT_THE_COMPUTER, tx, reason=reason.strip())


async def confirm_access(
    circle: Circle, authority: Authority, by: PersonId | Literal["computer"], tx: Transaction, *, reason: str = ""
) -> None:
    second = authority.needs_second and not authority.seconded_by
    takes = second and takes_capacity(circle.patient, authority.relation, tx.today)
    confirmed = authority_events.confirmed(authority, by, tx.now)
    await tx.rows.authorities.save(confirmed)
    how = {"relation": authority.relation.value, "authority": authority.id}
    if by == AT_THE_COMPUTER:
        await tx.audit(by, "authority.confirmed-at-the-computer", circle.patient.id, reason=reason, **how)
    else:
        await tx.audit(by, "authority.confirmed", circle.patient.id, **how)
    if takes:
        await tx.rows.patients.save(patient_after(circle.patient, FoundUnable(tx.now)))
        text = words.attested_incapacity(circle.patient)
        await tx.audit(by, "patient.capacity", circle.patient.id, impaired=True, words=text)
    person = await tx.person(authority.person_id)
    if Role.PATIENT not in person.roles:
        await tx.rows.people.save(person_after(person, ConfirmedAsPatient()))
    if second and confirmed.holds_on(tx.today):
        await end_others(confirmed, tx)
    text, mark = words.you_are_confirmed(circle.patient, confirmed, tx.today), await answers_for(person, tx)
    await say_of(circle.patient, person, text, tx, mark)
    await end_earlier_pages(confirmed, tx)
    if takes:
        await _end_former_deciders(confirmed, tx)
        await settle_requests(circle.patient.id, tx)
        await tell_capacity_taken(confirmed, await tx.circle(circle.patient.id), tx)


async def _end_former_deciders(confirmed: Authority, tx: Transaction) -> None:
    """End the authority of those who decided before the patient regained capacity.

    Only the person confirmed now decides (R33).
    """
    for other in await tx.rows.authorities.of_patient(confirmed.patient_id):
        decided = other.relation in {Relation.DECISION_MAKER, Relation.GUARDIAN} and other.until is None
        if decided and other.id != confirmed.id and (other.seconded_by or not other.needs_second):
            await tx.rows.authorities.save(authority_events.ended(other, tx.today))


async def _ask(circle: Circle, authority: Authority, person: Person, tx: Transaction) -> None:
    await ask(
        tx,
        person,
        await _question(circle, authority, tx),
        words.CONFIRM_ANSWERS,
        about="confirm-access",
        subject=f"confirm:{authority.id}",
        lasts=timedelta(days=1),
        needs_number=True,  # a "yes" meant for somebody else must attest nothing
    )


def _was_asked(question: str, choice: Choice) -> bool:
    """Return whether this is the question that was put: as a poll, or in words with what to write for each answer (R32)."""
    in_words = asked_in_words(question, [label for _, label in words.CONFIRM_ANSWERS], choice.number)
    return choice.digest in {digest_of(question), digest_of(in_words)}


async def _question(circle: Circle, authority: Authority, tx: Transaction) -> str:
    """Return the question, with all that a yes means now."""
    closed = [] if authority.is_open else await images_filed(circle, authority.relation, tx)
    _, newcomer, maker = _of(circle, authority)
    takes = takes_capacity(circle.patient, authority.relation, tx.today)
    recorded = authority.recorded_at.astimezone(tx.policy.timezone).date() if authority.recorded_at else None
    ending = [circle.people[link.person_id].account for link in earlier_pages(circle, authority, tx.today)]
    return words.do_you_know_them(circle.patient, newcomer, authority, maker, recorded, len(closed), takes, ending)


async def _end(circle: Circle, authority: Authority, by: Person, tx: Transaction) -> None:
    """End the authority, and tell the managers and the person who made the invitation.

    One that was open had been confirmed before: what they did then stands. Any other never was theirs, whatever they sent
    meanwhile (R30, R33).
    """
    _, newcomer, maker = _of(circle, authority)
    after = authority_events.ended if authority.is_open else authority_events.never_theirs
    ended = await tx.rows.authorities.save(after(authority, tx.today))
    await close_polls(tx, f"access:{authority.id}")
    await tx.audit(by.id, "authority.not-confirmed", circle.patient.id, authority=authority.id)
    makers = [maker] if maker and maker.standing is Standing.ACTIVE else []
    hear = {person.id for person in await apart([*await tx.managers(), *makers], circle.patient.id, tx)}
    text = words.was_not_confirmed(circle.patient, newcomer, authority.relation, by)
    if ended.never_theirs:
        images = await tx.rows.images.of_patient(circle.patient.id)
        undone = await undo_link(ended, circle.patient, newcomer, images, by, tx)
        await tx.say(rooms.own(by.id), undone, private=True)
        text = f"{text}\n{undone}"
    for id in sorted(hear - {by.id, newcomer.id}):
        await tx.say(rooms.own(id), text, private=True)


def _waits(authority: Authority, tx: Transaction) -> bool:
    ended = authority.until is not None and authority.until <= tx.today
    seconded = not authority.needs_second or bool(authority.seconded_by)
    return not ended and not (seconded and authority.is_open)


async def _able(circle: Circle, authority: Authority, tx: Transaction) -> list[Person]:
    """Return everybody who could be the second person."""
    staff = await tx.rows.people.active_staff()
    return [person for person in staff if _may(circle, authority, person, tx)]


def _may(circle: Circle, authority: Authority, person: Person, tx: Transaction) -> bool:
    if authority.needs_second and not authority.seconded_by:
        return bool(may_second(circle, authority, person, tx.today))
    return bool(may_open(circle, authority, person, False, tx.today))


def _of(circle: Circle, authority: Authority) -> tuple[Authority, Person, Person | None]:
    return authority, circle.people[authority.person_id], circle.people.get(authority.invited_by)
