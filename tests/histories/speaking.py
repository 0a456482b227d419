"""Say who speaks for which patient at a moment, and what they may hear of (R28, R28a, R31, R33, R33a; Who may answer)."""

from dataclasses import dataclass
from datetime import date, timedelta

from .history import History, derived
from .observed import (
    Account,
    BirthdayWritten,
    CapacityBack,
    Code,
    DeathUndone,
    Delivered,
    Died,
    Fault,
    Invited,
    LinkEnded,
    Matured,
    Mrn,
    NeverTheirs,
    PatientLeft,
    Person,
    Photo,
    Redeemed,
    Relation,
    Role,
    StaffLeft,
    Tapped,
    TellChosen,
)
from .staff import paused, roles, seconds, works_here
from .texts import mentions

AN_INVITATION_LASTS_AT_MOST = timedelta(days=60)  # RULES say "until a date"; no date is as far as this
WRONG_BIRTHDAYS = 3  # close a code
MADE_THEMSELVES = "redeemed an invitation they made"
LEFT, PATIENT_LEFT = "they left", "the patient left the practice"
PAUSED = "the account is paused: its phone is lost, or its identity is not the pinned one"
LEAVING = {LEFT, PATIENT_LEFT, PAUSED}
ENDED = "staff said that they answer for the patient no more"
NEVER = "their code had reached the wrong person: they never were one of the patient's people"
GROWN_CHILDS = "a grown-up child does not answer for an adult who has capacity"
YOUNG = "a child of whom nobody attested that they decide for themselves does not answer"
DECIDES = "the patient decides for themselves"
UNCONFIRMED = "no second person of the staff confirmed it"
PARENTAL = {Relation.PARENT, Relation.GUARDIAN}
Faults = list[Fault]


@dataclass(frozen=True)
class Link:
    """A code was redeemed: this account, of this person, would speak for this patient."""

    code: Code
    account: Account
    person: Person | None
    mrn: Mrn
    relation: Relation
    name: str
    maker: Account
    invited: int
    redeemed: int


def is_closed(history: History, code: Code, moment: int) -> bool:
    """Say whether so many wrong dates of birth were written for a code that nothing opens it any more (R15)."""
    written = (birthday for _, birthday in history.of(BirthdayWritten, moment) if birthday.code == code)
    return sum(not birthday.right for birthday in written) >= WRONG_BIRTHDAYS


@derived
def links(history: History, moment: int) -> list[Link]:
    """Return every link there has been, right or wrong."""
    found = []
    for index, redeemed in history.of(Redeemed, moment):
        made = history.last(Invited, index, code=redeemed.code)
        if made:
            at, told = made
            person = history.holder(redeemed.account, index)
            found.append(
                Link(
                    told.code,
                    redeemed.account,
                    person,
                    told.mrn,
                    told.relation,
                    told.name,
                    told.by,
                    at,
                    index,
                )
            )
    return found


def is_child(history: History, mrn: Mrn, moment: int) -> bool:
    """Say whether a patient has not yet turned 18: that is at 00:00, practice time; of 29 February on 1 March."""
    patient = history.patient(mrn, moment)
    if patient is None:
        return False
    today = history.time(moment).astimezone(history.zone).date()
    return today < eighteenth(patient.born)


def eighteenth(born: date) -> date:
    """Return the day on which somebody turns 18."""
    leap = (born.month, born.day) == (2, 29)
    return date(born.year + 18, 3, 1) if leap else born.replace(year=born.year + 18)


@derived
def is_dead(history: History, mrn: Mrn, moment: int) -> bool:
    """Say whether a death stands: undone by a manager and a second member of staff it does not."""
    died = history.last(Died, moment, mrn=mrn)
    if died is None:
        return False
    undone = history.last(DeathUndone, moment, mrn=mrn)
    if undone is None or undone[0] < died[0]:
        return True
    index, deed = undone
    second = deed.second
    return not (
        Role.MANAGER in roles(history, deed.by, index)
        and second is not None
        and works_here(history, second, index)
        and history.holder(second, index) != history.holder(deed.by, index)
    )


@derived
def invitation_faults(history: History, link: Link) -> Faults:
    """Say why a code should not have been taken from whoever wrote it (R33)."""
    then = link.redeemed
    faults = []
    if link.person is not None and history.holder(link.maker, link.invited) == link.person:
        faults.append(Fault("R33", MADE_THEMSELVES))
    if is_closed(history, link.code, then):
        faults.append(Fault("R15", "three wrong dates of birth had closed the code"))
    if any(other.code == link.code for _, other in history.of(Redeemed, then)):
        faults.append(Fault("R33", "an invitation is for once"))
    if history.time(then + 1) - history.time(link.invited + 1) > AN_INVITATION_LASTS_AT_MOST:
        faults.append(Fault("R33", "the invitation was too old when it was confirmed"))
    if not works_here(history, link.maker, then):
        faults.append(Fault("R33", "who made the invitation no longer worked here when it was confirmed"))
    for _, left in history.of(StaffLeft, then, link.invited):
        if left.account == link.account:
            faults.append(Fault("R33", "leaving ended the invitation for the leaver"))
    between = history.events[link.invited : then]
    if any(isinstance(end, Died | PatientLeft) and end.mrn == link.mrn for end in between):
        faults.append(Fault("R33", "the patient had left or died before it was confirmed"))
    return faults


@derived
def seconded(history: History, link: Link, moment: int) -> int | None:
    """Return when a second person of the staff confirmed, who neither made the invitation nor gains by it (R33)."""
    neither = frozenset(
        person for person in (history.holder(link.maker, link.invited), link.person) if person is not None
    )
    confirmed = seconds(history, _about(link), link.invited, moment, neither)
    if link.relation is Relation.DECISION_MAKER and Role.CLINICIAN not in roles(history, link.maker, link.invited):
        confirmed = [
            (at, by) for at, by in confirmed if Role.CLINICIAN in roles(history, by, at) or _is_taken(history, link, at)
        ]
    return confirmed[0][0] if confirmed else None


def _is_taken(history: History, link: Link, moment: int) -> bool:
    """Say whether somebody else decides for the patient already: then no capacity is taken, and none is attested."""
    others = [other for other in links(history, moment) if other.mrn == link.mrn and other.account != link.account]
    return any(takes_capacity(history, other, moment) for other in others)


def _about(link: Link) -> frozenset[str]:
    return frozenset({link.name, str(link.account)})


def needs_second(history: History, link: Link, moment: int) -> bool:
    """Say whether this authority exists only with a second person: of who works here, and of who decides for an adult."""
    return link.relation is Relation.DECISION_MAKER or works_here(history, link.account, moment)


@derived
def is_impaired(history: History, mrn: Mrn, moment: int) -> bool:
    """Say whether an adult's capacity was taken, rightly, and not given back."""
    if is_child(history, mrn, moment):
        return False
    return any(link.mrn == mrn and takes_capacity(history, link, moment) for link in links(history, moment))


@derived
def takes_capacity(history: History, link: Link, moment: int) -> bool:
    """Say whether somebody decides for an adult by this link: once that was given back they do not, whoever comes after."""
    if link.relation is not Relation.DECISION_MAKER or invitation_faults(history, link):
        return False
    when = seconded(history, link, moment)
    if when is None:
        return False
    since = max(when, link.redeemed)
    return not any(
        back.mrn == link.mrn and _attests(history, back.by, at) for at, back in history.of(CapacityBack, moment, since)
    )


def _attests(history: History, by: Account, at: int) -> bool:
    """Say whether somebody may attest a capacity: a clinician; what one who is paused writes attests nothing (R28a, R33)."""
    return Role.CLINICIAN in roles(history, by, at) and not paused(history, by, at)


@derived
def authority_faults(history: History, link: Link, moment: int) -> Faults:
    """Say why a link does not make somebody speak for the patient now."""
    faults = [*invitation_faults(history, link)]
    if history.holder(link.account, moment) != link.person:
        faults.append(Fault("R31", "another person holds the account now: they start with nothing"))
    if paused(history, link.account, moment):
        faults.append(Fault("R28a", PAUSED))
    if is_dead(history, link.mrn, moment):
        faults.append(Fault("R28a", "the patient is dead"))
    elif any(died.mrn == link.mrn for _, died in history.of(Died, moment, link.redeemed)):
        faults.append(Fault("R28a", "the death was undone, and nothing revives by itself"))
    if any(left.mrn == link.mrn for _, left in history.of(PatientLeft, moment, link.redeemed)):
        faults.append(Fault("R28a", PATIENT_LEFT))
    if any(left.account == link.account for _, left in history.of(StaffLeft, moment, link.redeemed)):
        faults.append(Fault("R28a", LEFT))
    if has_been_ended(history, link, moment):
        faults.append(Fault("R29", ENDED))
    if was_never_theirs(history, link, moment):
        faults.append(Fault("R15", NEVER))
    if needs_second(history, link, moment) and seconded(history, link, moment) is None:
        faults.append(Fault("R33", UNCONFIRMED))
    if link.relation in PARENTAL and not is_child(history, link.mrn, moment):
        faults.append(Fault("R29", "the child is grown up"))
    if link.relation is Relation.DECISION_MAKER and not takes_capacity(history, link, moment):
        faults.append(Fault("R29", DECIDES))
    if (
        link.relation is Relation.SELF
        and is_child(history, link.mrn, moment)
        and not is_mature_minor(history, link.mrn, moment)
    ):
        faults.append(Fault("R29", YOUNG))  # a capacity is never assumed (R30)
    if link.relation is Relation.GROWN_CHILD:
        faults.append(Fault("R29", GROWN_CHILDS))
    return faults


@derived
def has_been_ended(history: History, link: Link, moment: int) -> bool:
    """Say whether a manager, who is none of the patient's people, ended what a link gave."""
    return any(
        ended.account == link.account and ended.mrn == link.mrn and _may_end(history, ended.by, link.mrn, at)
        for at, ended in history.of(LinkEnded, moment, link.redeemed)
    )


@derived
def was_never_theirs(history: History, link: Link, moment: int) -> bool:
    """Say whether it was found out that a code had reached the wrong person: they said so, or a manager did (R15)."""
    for at, found in history.of(NeverTheirs, moment, link.redeemed):
        theirs = found.account == link.account and history.holder(found.account, at) == link.person
        by_themselves = found.by == found.account
        if theirs and by_themselves:
            return True
        this = found.mrn == link.mrn and found.relation is link.relation
        if theirs and this and _may_end(history, found.by, link.mrn, at):
            return True
    return False


def _may_end(history: History, by: Account, mrn: Mrn, at: int) -> bool:
    """Say whether somebody may end what others are to a patient: a manager who is none of the patient's people (R33)."""
    person = history.holder(by, at)
    theirs = any(
        link.mrn == mrn and link.person == person and not authority_faults(history, link, at)
        for link in links(history, at)
    )
    return Role.MANAGER in roles(history, by, at) and not paused(history, by, at) and not theirs


def is_mature_minor(history: History, mrn: Mrn, moment: int) -> bool:
    """Say whether a patient is a child of whom a clinician attested that they decide: a capacity is never assumed."""
    return is_child(history, mrn, moment) and any(
        attested.mrn == mrn and _attests(history, attested.by, at) for at, attested in history.of(Matured, moment)
    )


@derived
def is_minors_own(history: History, photo: Photo, moment: int, of: Mrn | None = None) -> bool:
    """Say whether a picture is a mature minor's: they sent it, or agreed to it alone (Who may answer, R33a).

    Moved to the record of somebody else, `of`, whom it shows after all, it is not theirs any more (R29, R30).
    """
    sent = history.sent(photo, moment)
    if sent is None:
        return False
    index, picture = sent
    for link in links(history, moment):
        if link.relation is not Relation.SELF:
            continue
        own = link.account == picture.account and link.redeemed < index and of in {None, link.mrn}
        if own and is_mature_minor(history, link.mrn, index) and not was_never_theirs(history, link, moment):
            return True
    return False


@derived
def opened(history: History, link: Link, moment: int) -> bool:
    """Say whether what is older than a link was opened to it, by a second person or the patient's own account (R33).

    An account that proved not to be the patient's opened nothing.
    """
    if seconded(history, link, moment) is not None:
        return True
    about = _about(link)
    for other in links(history, moment):
        if other.relation is not Relation.SELF or not is_told_of(history, other.account, link, moment):
            continue
        for index, tapped in history.of(Tapped, moment, link.redeemed):
            seen = history.delivery(tapped.event_id, index)
            if tapped.account == other.account and tapped.yes and seen and _put_to(seen[1], tapped, about):
                return not authority_faults(history, other, index) and not was_never_theirs(history, other, moment)
    return False


def _put_to(seen: Delivered, tapped: Tapped, about: frozenset[str]) -> bool:
    return tapped.account in seen.readers and mentions(f"{seen.body} {tapped.label}", about)


def is_told_of(history: History, account: Account, link: Link, moment: int) -> bool:
    """Say whether *tell* was chosen of a link for whoever holds this account: they stood in the question that was answered so.

    Who is linked later stood in none (R32, R33a).
    """
    person = history.holder(account, moment)
    for at, chosen in history.of(TellChosen, moment, link.invited):
        asked = history.delivery(chosen.event_id, at) if chosen.code == link.code else None
        for other in links(history, asked[0]) if asked else []:
            theirs = other.account == account and other.person == person and other.mrn == link.mrn
            if theirs and asked and account != link.account and mentions(asked[1].body, called(history, other, at)):
                return True
    return False


def called(history: History, link: Link, moment: int) -> list[str]:
    """Return what somebody is called as one of a patient's people: who redeemed a code for the patient, as the patient."""
    patient = history.patient(link.mrn, moment) if link.relation is Relation.SELF else None
    return [link.name, history.holder_name(link.account, moment), *([patient.name] if patient else [])]
