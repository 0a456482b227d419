"""Judge who may read whose name or record number (R28, R29, R30, R33a)."""

from collections.abc import Iterator

from .hearing import is_own_sending, patient_of
from .history import History, derived
from .observed import (
    Account,
    Asked,
    BirthdayWritten,
    Code,
    Died,
    Fault,
    Guessed,
    Hired,
    Invited,
    LinkEnded,
    Mrn,
    NeverTheirs,
    PatientKnown,
    PatientLeft,
    PhotoSent,
    Relation,
    Step,
)
from .releases import release_faults
from .speaking import Link, authority_faults, is_child, is_closed, is_mature_minor, is_told_of, links, was_never_theirs
from .staff import was_somebody
from .texts import mentions


@derived
def patients_of(history: History, account: Account, moment: int) -> set[Mrn]:
    """Return the patients somebody speaks for, or is."""
    return {
        link.mrn
        for link in links(history, moment)
        if link.account == account and not authority_faults(history, link, moment)
    }


def is_minor(history: History, account: Account, moment: int) -> bool:
    """Say whether an account is a child's own."""
    return any(
        link.account == account
        and link.relation is Relation.SELF
        and is_child(history, link.mrn, moment)
        and not was_never_theirs(history, link, moment)
        for link in links(history, moment)
    )


def name_faults(history: History, text: str, account: Account, moment: int) -> Iterator[tuple[str, Fault]]:
    """Go through the names, numbers and accounts in a text that this reader, who is not of the staff, may not read."""
    known = _may_know(history, account, moment) | _just_ended(history, account, moment)
    staff = {
        name
        for _, hired in history.of(Hired, moment)
        for name in (history.holder_name(hired.account, moment), hired.name)
    }
    own = {history.holder_name(account, moment), *_names_in_their_codes(history, account, moment)}
    open_names = staff | own | _names_told(history, account, frozenset(known), moment)
    for _, patient in history.of(PatientKnown, moment):
        if patient.mrn in known:
            continue
        for mark in (patient.name, patient.mrn):
            if mark == patient.mrn and _named_it(history, account, patient.mrn, moment):
                continue
            if mark not in open_names and mentions(text, [mark]):
                yield mark, Fault("R29", "they do not speak for this patient")
    for link in links(history, moment):
        if link.account == account or was_somebody(history, link.account, moment):
            continue
        if link.name not in open_names and mentions(text, [link.name]):
            yield link.name, _whose(link, known)
        if link.account not in open_names and mentions(text, [link.account]):
            yield link.account, _whose(link, known)


def _named_it(history: History, account: Account, mrn: Mrn, moment: int) -> bool:
    """Say whether a reader wrote this number themselves: it may be said back."""
    guessed = any(guess.account == account and guess.mrn == mrn for _, guess in history.of(Guessed, moment))
    return guessed or any(sent.account == account and sent.named == mrn for _, sent in history.of(PhotoSent, moment))


def _whose(link: Link, known: set[Mrn]) -> Fault:
    if link.mrn in known:
        return Fault("R33a", "it was not chosen that they be told of this account or authority")
    return Fault("R29", "it is somebody who answers for another patient")


@derived
def _may_know(history: History, account: Account, moment: int) -> set[Mrn]:
    """Return whose names somebody may read: whom they speak for, or were rightly invited for and wait to be confirmed."""
    waiting = _invited_for(history, account, moment)
    outside = was_somebody(history, account, moment) and _given(history, account, moment)
    return patients_of(history, account, moment) | waiting | (outside or set())


def _just_ended(history: History, account: Account, moment: int) -> set[Mrn]:
    """Return whom somebody spoke for until that ended a moment ago: they are told for whom they answer no more.

    It ended as the patient left; or as staff said so and chose that they hear it, whether they spoke or only might read the name.
    """
    last = next((index for index in range(moment - 1, -1, -1) if isinstance(history.events[index], Step)), None)
    end = history.events[last] if last is not None else None
    if last is not None and isinstance(end, PatientLeft):
        return {end.mrn} & patients_of(history, account, last)
    if last is not None and isinstance(end, LinkEnded) and end.told and end.account == account:
        return {end.mrn} & _may_know(history, account, last)
    return set()


def _opened(history: History, account: Account, moment: int) -> Iterator[tuple[int, Code]]:
    """Go through the codes that whoever holds the account opened, with the right date of birth, before too many were wrong."""
    person = history.holder(account, moment)
    for index, written in history.of(BirthdayWritten, moment):
        theirs = written.account == account and history.holder(account, index) == person
        if theirs and written.right and not is_closed(history, written.code, index):
            yield index, written.code


def _names_in_their_codes(history: History, account: Account, moment: int) -> set[str]:
    """Return for whom the codes are that somebody opened: they are told who they are here (R15)."""
    codes = {code for _, code in _opened(history, account, moment)}
    return {made.name for _, made in history.of(Invited, moment) if made.code in codes}


def _invited_for(history: History, account: Account, moment: int) -> set[Mrn]:
    """Return whom the codes are about that somebody opened, until these leave or die, or theirs ends or never was theirs."""
    found = set()
    for index, code in _opened(history, account, moment):
        made = history.last(Invited, index, code=code)
        if made is None:
            continue
        mrn = made[1].mrn
        since = history.events[index:moment]
        gone = any(isinstance(end, Died | PatientLeft) and end.mrn == mrn for end in since)
        if not gone and not any(
            isinstance(end, LinkEnded | NeverTheirs) and end.account == account and end.mrn in {mrn, None}
            for end in since
        ):
            found.add(mrn)
    return found


@derived
def _given(history: History, account: Account, moment: int) -> set[Mrn]:
    """Return whose pictures a colleague outside asked about or holds: they sent one, or one was sent on to them."""
    found: set[Mrn] = set()
    for _, sent in history.of(PhotoSent, moment):
        if is_own_sending(history, account, sent.photo, moment):
            found |= {mrn for _, mrn in history.moves(sent.photo, moment)[:1]}
    for _, asked in history.of(Asked, moment):
        for photo in asked.photos if asked.recipient == account else ():
            mrn = patient_of(history, photo, moment)
            if mrn is not None and not release_faults(history, photo, account, moment):
                found.add(mrn)
    return found


@derived
def _names_told(history: History, account: Account, known: frozenset[Mrn], moment: int) -> set[str]:
    """Return the names, and accounts, this reader may see: of their patients, of who answers for these, and was told of."""
    names = {patient.name for _, patient in history.of(PatientKnown, moment) if patient.mrn in known}
    for link in links(history, moment):
        if link.mrn in known and link.account == account:
            names.add(link.name)
        elif link.mrn in known and _is_told(history, link, account, moment):
            names |= {link.name, link.account}
    return names


def _is_told(history: History, link: Link, account: Account, moment: int) -> bool:
    """Say whether a reader may know of this link: *tell* was chosen for them; never of a minor's own."""
    own = link.relation is Relation.SELF and is_mature_minor(history, link.mrn, moment)
    return not own and is_told_of(history, account, link, moment)
