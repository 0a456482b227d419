"""Decide who may hear, see, write, answer, consent and admit: here and nowhere else, from the facts of the moment (R28–R33a).

The law, shortened (docs/rules.md has all of it):

- R28: authority is asked when something takes effect: who speaks for the patient then, in what capacity, under the pinned
  identity. A sender is a fact about origin, never an address, except for what concerns their own sending.
- R28a: death ends every authority and every message to those who answered. Leaving, a lost phone and a changed identity stop at
  once what that person may do; what they agreed to before stands.
- R15: while a photo is being moved, or is held because its sender says that it shows somebody else, nobody hears of it as theirs.
- R29: words and pictures about an image go to its sender if they speak for its patient now; anybody else who does gets them only
  after the clinician tapped their name. A patient's words are filed only under images of patients they speak for now.
- R29a: a request goes to the sender if they speak now, else to whomever the requester taps. One yes is enough unless another has
  said no; a no holds for the same image and purpose until the person who said it changes it, or may no longer answer.
- R30: implied consent exists only if the sender, when sending, was among those who may answer for that patient.
- R31: a specific consent covers its own use, and the people it named. One given for somebody else releases nothing once that
  capacity has ended; the patient's own outlasts their loss of capacity. One given by a code's wrong holder never was one.
- R33: two people. Nobody redeems an invitation they made, confirms what they gain by, or acts as staff for a patient they are or
  speak for. Where something was filed before an authority existed, it sends, and hears of what it sent itself, until somebody
  opens it.
- R33a: what is a mature minor's own stands in no parent's list, copy, question or words.

Every function takes facts and a day, by the practice's calendar, and changes nothing. Callers load facts with
`bot.core.circles`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from .consent import Answer, Basis, Consent, ConsentAnswer
from .identifiers import NO_PERSON, ImageId, InvitationId, PatientId, PersonId
from .invitations import Invitation
from .people import STAFF, Authority, Patient, Person, Relation, Role, Standing, eighteenth_birthday
from .purposes import Purpose
from .use import Use


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether something may be, and the rule that says so. `because` is a short word for logs and tests."""

    holds: bool
    rule: str
    because: str = ""

    def __bool__(self) -> bool:
        return self.holds


@dataclass(frozen=True, slots=True)
class Circle:
    """One patient, everybody ever recorded as answering for them, and the people behind those authorities, by id."""

    patient: Patient
    authorities: tuple[Authority, ...]
    people: Mapping[PersonId, Person]


Told = Mapping[InvitationId, Collection[PersonId]]
"""Whom it was chosen to tell who came by an invitation (R33a)."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What a decision about authority needs to know of an image.

    `own`: the patient sent it, or consented to it, themselves. `being_moved`: to another record. `held_as_anothers`: as a photo
    of somebody whom its sender doesn't decide for, or may have named wrongly. `from_wrong_person`: who sent it came by a code
    that had reached the wrong person, and never was one of the patient's people.
    """

    image_id: ImageId
    sender_id: PersonId
    patient_id: PatientId
    from_colleague: bool
    filed_at: datetime | None
    own: bool
    being_moved: bool = False
    held_as_anothers: bool = False
    from_wrong_person: bool = False


# ---- who speaks for a patient


def may_answer(circle: Circle, day: date) -> dict[PersonId, Relation]:
    """Return everybody who may answer that day, reachable or not, as a map from person id to capacity.

    A grown-up answers for themselves, unless their capacity is impaired: then the decision maker or guardian does. Parents and
    guardians answer for a child, and so does a mature minor, each for a part of the images (`may_answer_about`).
    """
    if circle.patient.died_on is not None:
        return {}
    wanted = _who_decides(circle.patient, day)
    return {held.person_id: held.relation for held in _held(circle, day) if held.relation in wanted}


def speaks(circle: Circle, day: date) -> dict[PersonId, Relation]:
    """Return those of `may_answer` who have an active account, under the pinned identity: they speak for the patient."""
    return {id: relation for id, relation in may_answer(circle, day).items() if _active(circle, id)}


def hears(circle: Circle, day: date) -> dict[PersonId, Relation]:
    """Return those who speak for the patient, and the patient: one with impaired capacity still sends, hears and sees."""
    if circle.patient.died_on is not None:
        return {}
    impaired = circle.patient.impaired and day >= eighteenth_birthday(circle.patient.born)
    themselves = {
        held.person_id: held.relation
        for held in _held(circle, day)
        if impaired and held.relation is Relation.SELF and _active(circle, held.person_id)
    }
    return speaks(circle, day) | themselves


def may_send(circle: Circle, person_id: PersonId, day: date) -> Verdict:
    """Return whether photos of this patient are accepted from them. Whether sending implies consent, see `implies_consent`."""
    if circle.patient.died_on is not None:
        return Verdict(False, "R28a", "died")
    if person_id in hears(circle, day):
        return Verdict(True, "R1")
    if any(held.person_id == person_id for held in _held(circle, day)):
        return Verdict(True, "R1", "held")  # linked, but not one who may answer: nothing is implied
    return Verdict(False, "R6", "nobody")


def decides_not(circle: Circle, sender_id: PersonId, day: date) -> bool:
    """Return whether they were recorded for this patient, but may not answer: a grown-up's child, a young child's own account."""
    return may_send(circle, sender_id, day).because == "held"


def implies_consent(
    circle: Circle, person_id: PersonId, sent_at: datetime, sent_on: date, day: date
) -> Relation | None:
    """Return the capacity in which the sender consented by sending: one in which they could answer then, and still can (R30)."""
    relation = speaks(circle, day).get(person_id)
    if relation not in _who_decides(circle.patient, sent_on) or _decided_since(circle, relation, sent_at, day):
        return None
    then = [
        held
        for held in circle.authorities
        if held.person_id == person_id and held.relation is relation and held.holds_on(sent_on)
    ]
    if not any(_was_recorded(held, sent_at) for held in then):
        return None
    return relation


# ---- who may hear about an image, see it, and write under it


def may_hear(circle: Circle, matter: Matter, person_id: PersonId, day: date) -> Verdict:
    """Return whether words and pictures about this image may reach them (R29, R33, R33a): not while it is doubted whose it is."""
    if is_doubted(circle, matter, day):
        return Verdict(False, "R15", "doubted")
    return may_write(circle, matter, person_id, day)


def is_doubted(circle: Circle, matter: Matter, day: date) -> bool:
    """Return whether its sender says that it doesn't show the patient it stands under, and nobody has settled that (R15).

    What somebody sent who doesn't decide for its patient is not doubted: until it is filed, that patient is asked about it.
    """
    asked = matter.filed_at is None and decides_not(circle, matter.sender_id, day)
    return matter.held_as_anothers and not asked


def may_write(circle: Circle, matter: Matter, person_id: PersonId, day: date) -> Verdict:
    """Return whether what they say counts for this image, and may be filed under it: also while it is doubted whose it is."""
    if circle.patient.died_on is not None:
        return Verdict(False, "R28a", "died")
    if matter.being_moved:
        return Verdict(False, "R15", "being-moved")
    relation = hears(circle, day).get(person_id)
    if relation is None:
        return Verdict(False, "R29", "does-not-speak")
    if relation is not Relation.SELF and (is_their_own(circle, matter, day) or _of_a_child_alone(circle, matter, day)):
        return Verdict(False, "R33a", "their-own")
    held = [
        authority
        for authority in _held(circle, day)
        if authority.person_id == person_id and authority.relation is relation
    ]
    if matter.sender_id != person_id and not any(authority.is_open for authority in held):
        return Verdict(False, "R33", "not-opened")
    return Verdict(True, "R29", relation.value)


def may_hear_of_sending(circle: Circle | None, matter: Matter, person_id: PersonId) -> Verdict:
    """Return whether they may hear what concerns their own sending: receipt, the question about it, why it was not kept (R28).

    `circle` is None while nobody has said whose image it is.
    """
    if circle is not None and circle.patient.died_on is not None:
        return Verdict(False, "R28a", "died")
    return Verdict(matter.sender_id == person_id, "R28", "own-sending")


def may_hear_of_patient(circle: Circle, person_id: PersonId, day: date) -> Verdict:
    """Return whether words about the patient and no image may reach this person (R24, R33)."""
    relation = hears(circle, day).get(person_id)
    held = [
        authority
        for authority in _held(circle, day)
        if authority.person_id == person_id and authority.relation is relation
    ]
    return Verdict(any(authority.is_open for authority in held), "R33")


def may_hear_of_access(circle: Circle, person_id: PersonId, day: date) -> Verdict:
    """Return whether they may be told who else answers for the patient, or whose record they may ask for (R24, R33a)."""
    return Verdict(person_id in hears(circle, day), "R28", "does-not-speak")


def is_linked(circle: Circle, person_id: PersonId, day: date) -> Verdict:
    """Return whether they answer for the patient, or will once it is confirmed or its day has come: then they may hear so."""
    linked = any(held.person_id == person_id and held.may_hold(day) for held in circle.authorities)
    return Verdict(circle.patient.died_on is None and linked, "R28", "not-linked")


def is_their_own(circle: Circle, matter: Matter, day: date) -> bool:
    """Return whether this is a mature minor's own image: nobody but them answers for it, hears of it or finds it (R33a)."""
    return _is_mature_minor(circle, day) and matter.own


def is_held_back(circle: Circle, about: Matter | None, involved: Collection[PersonId], day: date) -> bool:
    """Return whether something filed is held back from anybody at all, so that only staff may get a copy of it (R33a).

    `about` is the image it is, or is about; `involved` are those who said it, were told it, or got it.
    """
    if about is not None and is_their_own(circle, about, day):
        return True
    return not all(may_know_of(circle, person_id, NO_PERSON, day) for person_id in involved)


def may_be_named(circle: Circle, person: Person, reader_id: PersonId, told: Told) -> bool:
    """Return whether the reader may read this person's name in what is told of an image.

    Of those who answer for its patient, readers may read only their own name, and those of people of whom somebody chose to
    tell this reader (R33a); never the name of a patient under whom the image lay by mistake (R30).
    """
    theirs = [authority for authority in circle.authorities if authority.person_id == person.id]
    chosen = any(reader_id in told.get(authority.invitation_id, ()) for authority in theirs)
    reader = circle.people.get(reader_id)
    themselves = person.id == reader_id or (reader is not None and _same_human(circle, person.id, reader))
    return themselves or chosen or (person.is_professional and not theirs)


def may_know_of(circle: Circle, person_id: PersonId, reader_id: PersonId, day: date) -> bool:
    """Return whether the reader may know what this person said, was told or got.

    Where the person is a child who is the patient, nobody else may: it would show that the child has an account (R33a).
    """
    child = day < eighteenth_birthday(circle.patient.born)
    return person_id == reader_id or not (child and is_or_was_the_patient(circle.authorities, person_id))


def is_or_was_the_patient(authorities: Iterable[Authority], person_id: PersonId) -> bool:
    """Return whether this is or was the patient's own account.

    Whoever answered for the patient, and then says that they are the patient, is so once that was confirmed: else a parent's
    claim would hide the parent's own photos as the child's (R33a).
    """
    theirs = [held for held in authorities if held.person_id == person_id and not held.never_theirs]
    own = [held for held in theirs if held.relation is Relation.SELF]
    return any(held.is_confirmed for held in own) or (bool(own) and len(own) == len(theirs))


def was_never_theirs(authorities: Iterable[Authority], person_id: PersonId, at: datetime) -> bool:
    """Return whether they were none of the patient's people at that time, though they were taken for one (R15).

    Whoever was let in rightly since was not then.
    """
    theirs = [held for held in authorities if held.person_id == person_id and _was_recorded(held, at)]
    return bool(theirs) and all(held.never_theirs for held in theirs)


def never_had(authorities: Iterable[Authority], person_id: PersonId, capacity: Relation, at: datetime) -> bool:
    """Return whether they did not have this capacity then, though they were taken to: what they consented to in it is none."""
    theirs = [held for held in authorities if held.person_id == person_id]
    return was_never_theirs(theirs, person_id, at) or was_never_theirs(
        [held for held in theirs if held.relation is capacity], person_id, at
    )


# ---- who may answer a request, and what was answered


def may_answer_about(circle: Circle, matter: Matter, day: date) -> dict[PersonId, Relation]:
    """Return who may answer about this image.

    For a mature minor's own image that is the minor alone; for their other images it is a parent or guardian.
    """
    able = may_answer(circle, day)
    if not _is_mature_minor(circle, day):
        return able
    own = is_their_own(circle, matter, day)
    return {id: relation for id, relation in able.items() if (relation is Relation.SELF) is own}


@dataclass(frozen=True, slots=True)
class Asked:
    """The people a request may go to. It goes to `sender` first and without a tap, where they are one of them; everybody
    in `also` must agree too.
    """

    able: Mapping[PersonId, Relation]
    sender: PersonId = NO_PERSON
    also: frozenset[PersonId] = frozenset()
    rule: str = "R29a"


def whom_to_ask(circle: Circle, matters: Iterable[Matter], purpose: Purpose, asked_by: PersonId, day: date) -> Asked:
    """Return who may answer about all of these images; never the person who asks (R33).

    Return nobody where a mature minor's own yes is needed as well and can't be had (R9).
    """
    matters, here = list(matters), speaks(circle, day)
    hear = {
        id: relation
        for id, relation in here.items()
        if id != asked_by and all(may_hear(circle, matter, id, day) for matter in matters)
    }
    able = {
        id: relation
        for id, relation in hear.items()
        if all(id in may_answer_about(circle, matter, day) for matter in matters)
    }
    senders = {matter.sender_id for matter in matters}
    sender = senders.pop() if len(senders) == 1 else NO_PERSON
    themselves = {id for id, relation in hear.items() if relation is Relation.SELF}
    if not _needs_own_yes(circle, purpose, day):
        return Asked(able, sender if sender in able else NO_PERSON)
    if not themselves:
        return Asked({}, rule="R9")
    return Asked(able, sender if sender in able else NO_PERSON, frozenset(themselves - able.keys()))


def may_still_say_no(circle: Circle, person_id: PersonId, day: date) -> Verdict:
    """Return whether this person's no counts though somebody else answers: the patient's own always does (who may answer)."""
    alive = circle.patient.died_on is None
    return Verdict(alive and person_id in _patient_themselves(circle, day), "R29a", "their-own-no")


def holds_by_a_no(circle: Circle | None, matter: Matter, person_id: PersonId, day: date) -> Verdict:
    """Return whether a no of somebody who is paused, or has left, holds this image: they spoke for its patient, and nothing but
    that keeps them from answering today; the patient's own always does (R28a, R29a).

    `circle` is None while nobody has said whose image it is: then its sender's no holds it.
    """
    if circle is None:
        return Verdict(matter.sender_id == person_id, "R28a", "own-sending")
    if circle.patient.died_on is not None:
        return Verdict(False, "R28a", "died")
    counts = {Relation.SELF}
    if not is_their_own(circle, matter, day):
        counts |= _who_decides(circle.patient, day)
    spoke = any(
        held.person_id == person_id and held.relation in counts and held.has_begun(day)
        for held in circle.authorities
        if not _grown_out_of(circle.patient, held, day)
    )
    return Verdict(spoke, "R28a", "spoke-for-them")


def said_no(
    circle: Circle, matters: Iterable[Matter], said: Iterable[tuple[ConsentAnswer, Use]], purpose: Purpose, day: date
) -> frozenset[PersonId]:
    """Return the people whose no, or withdrawal, stands for one of these images and this purpose (R29a).

    A person's latest answer about an image counts, as long as they may answer about it; the patient's own no always does.
    """
    answered = sorted(said, key=lambda pair: pair[0].at)
    refusing = set[PersonId]()
    for matter in matters:
        about = [answer for answer, use in answered if use.purpose is purpose and matter.image_id in use.image_ids]
        latest = {answer.person_id: answer.answer for answer in about}
        may = _patient_themselves(circle, day).union(may_answer_about(circle, matter, day))
        refusing |= {id for id, answer in latest.items() if answer is not Answer.GRANTED and id in may}
    return frozenset(refusing)


def consent_stands(
    circle: Circle,
    use: Use,
    matters: Iterable[Matter],
    said: Iterable[tuple[ConsentAnswer, Use]],
    at: datetime,
    day: date,
) -> Verdict:
    """Return whether the specific consent that this use rests on exists now (R29a, R31).

    `said` are all answers about these images: those to this use, and those to others, for a no that stands.
    """
    matters, said = list(matters), list(said)
    answers = [answer for answer, to in said if to.id == use.id]
    if circle.patient.died_on is not None:
        return Verdict(False, "R28a", "died")
    if use.waits:
        return Verdict(False, "R28a", "held")
    if use.until is None or at >= use.until:
        return Verdict(False, "R12", "over")
    if any(matter.patient_id != circle.patient.id for matter in matters):
        return Verdict(False, "R30", "another-patient")
    if any(answer.answer is Answer.WITHDRAWN for answer in answers):
        return Verdict(False, "R13", "withdrawn")
    if said_no(circle, matters, said, use.purpose, day):
        return Verdict(False, "R29a", "somebody-said-no")
    given = {answer.person_id: answer.capacity for answer in answers if _gives(circle, answer, use, day)}
    if not all(_agreed(circle, matter, given, day) for matter in matters):
        return Verdict(False, "R31", "nobody-agreed")
    if _needs_own_yes(circle, use.purpose, day) and Relation.SELF not in given.values():
        return Verdict(False, "R9", "their-own-yes")
    return Verdict(True, "R31")


def implied_consent(matter: Matter, consents: Iterable[Consent]) -> Consent | None:
    """Return the consent implied by sending this image, if there is one: for the patient it belongs to now, given by somebody
    who could answer then, and not only seemed to (R30).
    """
    if matter.from_wrong_person:
        return None
    implied = [
        consent
        for consent in consents
        if consent.basis is Basis.IMPLIED
        and consent.patient_id == matter.patient_id
        and consent.capacity is not Relation.CHILD
    ]
    return implied[-1] if implied else None


def is_recipient(use: Use, person: Person | None) -> Verdict:
    """Return whether this is one of the people the use is for, here and under the pinned identity.

    Somebody else who has the account now is not one (R31), nor is anybody who stays only as a patient (R28a).
    """
    here = person is not None and person.standing is Standing.ACTIVE and person.is_clinician
    return Verdict(here and person is not None and person.id in use.recipient_ids, "R31")


def takes_part(use: Use, person: Person) -> Verdict:
    """Return whether this person reads and writes in the room of a case: as the one who asks or one who gives advice, while they
    are here for that (R28a).
    """
    here = person.standing is Standing.ACTIVE and person.is_clinician
    return Verdict(here and (person.id == use.asked_by or person.id in use.recipient_ids), "R28a")


# ---- who acts for the practice


def may_act_for_the_practice(circle: Circle, person: Person, day: date) -> Verdict:
    """Return whether they may match, re-file, attest or release as staff: not for a patient they are or speak for (R33)."""
    involved = {held.person_id for held in circle.authorities if held.until is None or day < held.until}
    return Verdict(not any(_same_human(circle, id, person) for id in involved), "R33", "speaks-for-them")


def may_look_after(circle: Circle, matter: Matter, person: Person, day: date) -> Verdict:
    """Return whether they may see this image, and have it, as one who treats: what is a mature minor's own is a colleague's to
    look after, where they are one of the minor's people (R33a).
    """
    theirs = is_their_own(circle, matter, day) or _of_a_child_alone(circle, matter, day)
    if theirs and not may_act_for_the_practice(circle, person, day):
        return Verdict(False, "R33a", "their-own")
    return treats(person)


def treats(person: Person) -> Verdict:
    """Return whether they are one of those who treat: any active clinician of the practice (R31)."""
    return Verdict(person.standing is Standing.ACTIVE and Role.CLINICIAN in person.roles, "R31")


def may_be_read_to(person: Person, roles: Collection[Role]) -> Verdict:
    """Return whether a list that is for these roles may be read out to this person, with the standing they have now (R28)."""
    return Verdict(person.standing is Standing.ACTIVE and bool(person.roles.intersection(roles)), "R28", "not-for-them")


# ---- who admits whom


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


def _decides_for_a_grown_up(patient: Patient, relation: Relation, day: date) -> bool:
    grown_up = day >= eighteenth_birthday(patient.born)
    return relation is Relation.DECISION_MAKER or (relation is Relation.GUARDIAN and grown_up)


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
    if _same_human(circle, authority.invited_by, person):
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
    own = [held for held in _held(circle, day) if held.person_id == person.id and held.relation is Relation.SELF]
    earlier = [held for held in own if held.id != authority.id and held.is_open]
    themselves = told and bool(earlier) and hears(circle, day).get(person.id) is Relation.SELF
    return Verdict(themselves or bool(may_second(circle, authority, person, day)), "R33")


# ---- the facts, sorted


def _held(circle: Circle, day: date) -> list[Authority]:
    return [authority for authority in circle.authorities if authority.holds_on(day)]


def _who_decides(patient: Patient, day: date) -> set[Relation]:
    """Return in which capacities somebody may answer for this patient that day."""
    if day >= eighteenth_birthday(patient.born):
        return {Relation.DECISION_MAKER, Relation.GUARDIAN} if patient.impaired else {Relation.SELF}
    return {Relation.PARENT, Relation.GUARDIAN} | ({Relation.SELF} if patient.mature_minor else set())


def _decided_since(circle: Circle, relation: Relation | None, at: datetime, day: date) -> bool:
    """Return whether it is by what was attested since that they decide: a mature minor, a grown-up or who decides for one."""
    changed, grown_up = circle.patient.capacity_at, day >= eighteenth_birthday(circle.patient.born)
    by_attestation = relation is Relation.SELF or grown_up
    return by_attestation and changed is not None and at < changed


def _grown_out_of(patient: Patient, held: Authority, day: date) -> bool:
    """Return whether it ended because the child turned 18: a parent of that time says nothing now."""
    return held.until == eighteenth_birthday(patient.born) and day >= held.until


def _same_human(circle: Circle, person_id: PersonId, person: Person) -> bool:
    """Return whether both are the same human: one who left and came back has a new id (R31), the same account and identity."""
    before = circle.people.get(person_id)
    return person_id == person.id or (
        before is not None and (before.account, before.identity) == (person.account, person.identity)
    )


def _active(circle: Circle, person_id: PersonId) -> bool:
    person = circle.people.get(person_id)
    return person is not None and person.standing is Standing.ACTIVE


def _patient_themselves(circle: Circle, day: date) -> set[PersonId]:
    """Return the patient's own accounts: a no from them counts even where somebody else answers for the patient."""
    return {held.person_id for held in _held(circle, day) if held.relation is Relation.SELF}


def _is_mature_minor(circle: Circle, day: date) -> bool:
    return circle.patient.mature_minor and day < eighteenth_birthday(circle.patient.born)


def _of_a_child_alone(circle: Circle, matter: Matter, day: date) -> bool:
    """Return whether a child's own account sent this and no clinician has let it in: until then no parent hears of it (R33a).

    It would show that the child has an account.
    """
    return matter.own and matter.filed_at is None and day < eighteenth_birthday(circle.patient.born)


def _needs_own_yes(circle: Circle, purpose: Purpose, day: date) -> bool:
    """Return whether a mature minor must agree themselves: they must to anything that is not their care (R9)."""
    return _is_mature_minor(circle, day) and purpose is not Purpose.CARE


def _gives(circle: Circle, answer: ConsentAnswer, use: Use, day: date) -> bool:
    """Return whether this is a yes that counts: never the requester's own; for somebody else, only while that capacity lasts;
    as the patient, only of somebody who was the patient (R31). It does not revive with a capacity that is given anew.
    """
    if answer.answer is not Answer.GRANTED or answer.person_id == use.asked_by:
        return False
    had = [
        held
        for held in circle.authorities
        if held.person_id == answer.person_id
        and held.relation is answer.capacity
        and not held.never_theirs
        and _was_recorded(held, answer.at)
    ]
    if answer.capacity is Relation.SELF:
        return bool(had)
    return may_answer(circle, day).get(answer.person_id) is answer.capacity and any(held.holds_on(day) for held in had)


def _was_recorded(authority: Authority, at: datetime) -> bool:
    """Return whether it was on record then: what older versions recorded always was."""
    return authority.recorded_at is None or authority.recorded_at <= at


def _agreed(circle: Circle, matter: Matter, given: Mapping[PersonId, Relation], day: date) -> bool:
    """Return whether one of those who agreed could answer about this image. The patient's own yes
    outlasts their capacity (R31).
    """
    if not _is_mature_minor(circle, day):
        return bool(given)
    own = is_their_own(circle, matter, day)
    return any((relation is Relation.SELF) is own for relation in given.values())


def _may_invite(maker: Person, role: Role) -> bool:
    """Return whether this person still works here in a role that invites, even while they are paused.

    What they made before stands, unless they lost a phone (R28a).
    """
    if maker.standing is Standing.LEFT:
        return False
    return bool(maker.roles & ({Role.RECEPTION, Role.MANAGER} if role is Role.PATIENT else {Role.MANAGER}))
