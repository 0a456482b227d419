"""Who may hear about an image, see it, and write under it; and who is told of whom (R15, R29, R33, R33a)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime

from bot.domain.identifiers import PersonId
from bot.domain.people import Authority, Person, Relation, Role, Standing, eighteenth_birthday

from .admitting import may_act_for_the_practice
from .circle import (
    Circle,
    Matter,
    Told,
    Verdict,
    decides_not,
    hears,
    held_on,
    is_mature_minor,
    is_or_was_the_patient,
    is_same_human,
    was_recorded,
)


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
        for authority in held_on(circle, day)
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
        for authority in held_on(circle, day)
        if authority.person_id == person_id and authority.relation is relation
    ]
    return Verdict(any(authority.is_open for authority in held), "R33")


def may_hear_of_access(circle: Circle, person_id: PersonId, day: date) -> Verdict:
    """Return whether they may be told who else answers for the patient, or whose record they may ask for (R24, R33a)."""
    return Verdict(person_id in hears(circle, day), "R28", "does-not-speak")


def may_be_read_to(person: Person, roles: Collection[Role]) -> Verdict:
    """Return whether a list that is for these roles may be read out to this person, with the standing they have now (R28)."""
    return Verdict(person.standing is Standing.ACTIVE and bool(person.roles.intersection(roles)), "R28", "not-for-them")


def is_their_own(circle: Circle, matter: Matter, day: date) -> bool:
    """Return whether this is a mature minor's own image: nobody but them answers for it, hears of it or finds it (R33a)."""
    return is_mature_minor(circle, day) and matter.own


def _of_a_child_alone(circle: Circle, matter: Matter, day: date) -> bool:
    """Return whether a child's own account sent this and no clinician has let it in: until then no parent hears of it (R33a).

    It would show that the child has an account.
    """
    return matter.own and matter.filed_at is None and day < eighteenth_birthday(circle.patient.born)


def is_held_back(
    circle: Circle,
    about: Matter | None,
    involved: Collection[PersonId],
    told: Told,
    day: date,
    at: datetime | None = None,
) -> bool:
    """Return whether something filed is held back from anybody at all, so that only staff may get a copy of it (R33a).

    `about` is the image it is, or is about; `involved` are those who said it, were told it, or got it, at that time.
    """
    if about is not None and is_their_own(circle, about, day):
        return True
    if any(_is_a_childs_account(circle, person_id, day) for person_id in involved):
        return True  # also while nobody else hears of the child: somebody may from tomorrow on
    readers = hears(circle, day)
    return not all(may_know_of(circle, id, reader_id, told, day, at) for id in involved for reader_id in readers)


def may_be_named(circle: Circle, person: Person, reader_id: PersonId, told: Told) -> bool:
    """Return whether the reader may read this person's name in what is told of an image.

    Of those who answer for its patient, readers may read only their own name, and those of people of whom somebody chose to
    tell this reader (R33a); never the name of a patient under whom the image lay by mistake (R30).
    """
    theirs = [authority for authority in circle.authorities if authority.person_id == person.id]
    chosen = any(reader_id in told.get(authority.invitation_id, ()) for authority in theirs)
    reader = circle.people.get(reader_id)
    themselves = person.id == reader_id or (reader is not None and is_same_human(circle, person.id, reader))
    return themselves or chosen or (person.is_professional and not theirs)


def may_know_of(
    circle: Circle,
    person_id: PersonId,
    reader_id: PersonId,
    told: Told,
    day: date,
    at: datetime | None = None,
) -> bool:
    """Return whether the reader may know what this person said, was told or got at that time; for no time, of the person at all.

    Of somebody who answers for the patient, or did, they may where somebody chose to tell this reader of them, and nobody may
    of a child's own account (R33a). A grown-up's own account is told to whoever began to decide for them later: what the
    patient said themselves is what they have to decide by.

    Whoever was linked anew, and told of then, had not chosen so for what came before: that is judged by the links of its time.
    """
    ever = [held for held in circle.authorities if held.person_id == person_id]
    theirs = [held for held in ever if at is None or was_recorded(held, at)] or ever
    if not theirs or person_id == reader_id:
        return True
    if is_or_was_the_patient(circle.authorities, person_id):
        if is_or_was_the_patient(circle.authorities, reader_id):
            return True
        if day < eighteenth_birthday(circle.patient.born):
            return False
        if not _came_later(circle, theirs, reader_id, day):
            return True
    return any(reader_id in told.get(held.invitation_id, ()) for held in theirs)


def _is_a_childs_account(circle: Circle, person_id: PersonId, day: date) -> bool:
    child = day < eighteenth_birthday(circle.patient.born)
    return child and is_or_was_the_patient(circle.authorities, person_id)


def _came_later(circle: Circle, theirs: Collection[Authority], reader_id: PersonId, day: date) -> bool:
    """Return whether all of these were recorded after what lets the reader hear of the patient."""
    relation = hears(circle, day).get(reader_id)
    held = [one for one in held_on(circle, day) if one.person_id == reader_id and one.relation is relation]
    return not held or min(map(_recorded, held)) < min(map(_recorded, theirs))


def _recorded(held: Authority) -> datetime:
    return held.recorded_at or datetime.min.replace(tzinfo=UTC)  # what older versions recorded always was


def may_look_after(circle: Circle, matter: Matter, person: Person, day: date) -> Verdict:
    """Return whether they may see this image, and have it, as one who treats: what is a mature minor's own is a colleague's to
    look after, where they are one of the minor's people (R33a).
    """
    theirs = is_their_own(circle, matter, day) or _of_a_child_alone(circle, matter, day)
    if theirs and not may_act_for_the_practice(circle, person, day):
        return Verdict(False, "R33a", "their-own")
    return treats(person)


def may_read_as_staff(
    circle: Circle, author_id: PersonId, person: Person, told: Told, day: date, at: datetime | None = None
) -> Verdict:
    """Return whether somebody who works here may read, as one of the staff, what this person wrote about the patient.

    Whoever is one of the patient's people reads as staff no more of it than as one of these (R33a).
    """
    apart = may_act_for_the_practice(circle, person, day)
    return Verdict(bool(apart) or may_know_of(circle, author_id, person.id, told, day, at), "R33a", "told-of-nobody")


def treats(person: Person) -> Verdict:
    """Return whether they are one of those who treat: any active clinician of the practice (R31)."""
    return Verdict(person.standing is Standing.ACTIVE and Role.CLINICIAN in person.roles, "R31")
