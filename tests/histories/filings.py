"""Judge what the record takes: whose picture, whose words, and whose names stand under whom (R15, R28a, R29, R30, R33)."""

from collections.abc import Iterator

from .hearing import answers_for, came_from_the_wrong_person, is_about_themselves, let_in_by, speaks, spoken_for
from .history import History
from .observed import (
    Account,
    Fault,
    Filed,
    Kept,
    Manner,
    Mrn,
    PatientKnown,
    Photo,
    PhotoSent,
    Placed,
    Relation,
    Said,
    SaidWhose,
    Violation,
)
from .speaking import LEAVING, authority_faults, invitation_faults, links
from .staff import paused, roles, was_somebody
from .texts import mentions


def judge_filed(history: History, entry: Filed, moment: int) -> list[Violation]:
    """Judge one new entry of the record; *moment* is when it is in."""
    before = moment - 1
    found = []
    for photo in sorted(entry.pictures):
        filed = history.moves(photo, before)
        if filed and filed[-1][1] == entry.mrn:
            continue
        found += [("the picture " + photo, fault) for fault in _picture_faults(history, photo, entry.mrn, before)]
    for _, said in history.of(Said, before):
        if mentions(entry.body, [said.nonce]):
            found += [
                (f"the {said.manner} {said.nonce}", fault) for fault in _words_faults(history, said, entry, before)
            ]
    found += [(f"the name {name}", fault) for name, fault in _name_faults(history, entry, before)]
    return [Violation(fault.rule, fault.why, f"the record of {entry.mrn}", what, moment) for what, fault in found]


def _picture_faults(history: History, photo: Photo, mrn: Mrn, moment: int) -> list[Fault]:
    """Ask who said that it is this patient's: whoever sent it and answers for them, or staff by two identifiers."""
    placed = history.last(Placed, moment, photo=photo, mrn=mrn)
    if placed is not None:
        at, deed = placed
        if is_about_themselves(history, deed.by, mrn, at):
            return [Fault("R33", "placed as staff by somebody who is, or speaks for, the patient")]
        before = history.moves(photo, at)
        if before and is_about_themselves(history, deed.by, before[-1][1], at):
            return [Fault("R33", "re-filed as staff by somebody who is, or speaks for, the patient it was of")]
        return []
    sent = history.sent(photo, moment)
    if sent is None:
        return [Fault("R15", "nobody sent it")]
    index, picture = sent
    if roles(history, picture.account, index) and not picture.as_patient:
        return [Fault("R15", "nobody said whose it is")]
    if any(kept.photo == photo for _, kept in history.of(Kept, moment, index)):
        return []
    if let_in_by(history, photo, mrn, moment):
        return []
    if came_from_the_wrong_person(history, photo, moment):
        return [Fault("R15", "filed at the word of its sender, who never was one of its patient's people")]
    unlike = _unlike_said(history, photo, mrn, index, moment)
    if unlike:
        return unlike
    faults = answers_for(history, picture.account, mrn, index + 1)
    impaired = [fault for fault in faults if fault.rule == "R30"]
    people = {"R33", "R33a", "R28a", "R31"}
    return (
        []
        if impaired
        else [
            Fault(fault.rule if fault.rule in people else "R30", f"filed at the word of its sender: {fault.why}")
            for fault in faults
        ]
    )


def _unlike_said(history: History, photo: Photo, mrn: Mrn, index: int, moment: int) -> list[Fault]:
    """Ask whether whoever sent it, at that index, and answers for several, said that it is this patient's (R15)."""
    sent = history.sent(photo, moment)
    said = history.last(SaidWhose, moment, photo=photo)
    if said is not None:
        return [] if said[1].mrn == mrn else [Fault("R15", "its sender said that it is another patient's")]
    several = sent is not None and len(spoken_for(history, sent[1].account, index)) > 1
    return [Fault("R15", "its sender answers for several, and never said whose it is")] if several else []


def _words_faults(history: History, said: Said, entry: Filed, moment: int) -> list[Fault]:
    written = history.last(Said, moment, nonce=said.nonce)
    at = written[0] if written else moment
    if said.manner is Manner.WORDS:
        if said.of not in {None, entry.mrn}:
            return [Fault("R15", "they name another patient, whom whoever wrote them also answers for")]
        return speaks(history, said.account, entry.mrn, moment)
    if not roles(history, said.account, at) or paused(history, said.account, at):
        return [Fault("R28a", "written by somebody who had left, or is paused")]
    moved = history.moves(said.photo, moment) if said.photo else []
    if moved and moved[-1][1] != entry.mrn:
        return [Fault("R15", "filed under somebody whose picture it is not about any more")]
    return []


def _name_faults(history: History, entry: Filed, moment: int) -> Iterator[tuple[str, Fault]]:
    """Go through the names of other patients in an entry: none may stand there, save of who answers for this one."""
    answering = _answering(history, entry, moment) | _senders(history, entry, moment)
    here = history.patient(entry.mrn, moment)
    for _, patient in history.of(PatientKnown, moment):
        if patient.mrn == entry.mrn or patient.name in answering or (here and here.name == patient.name):
            continue
        if mentions(entry.body, [patient.name]):
            yield patient.name, Fault(_rule(history, patient.mrn, moment), "another patient's name")


def _answering(history: History, entry: Filed, moment: int) -> set[str]:
    """Return the names of everybody who answers, or has answered, for this patient: a consent says who gave it."""
    found = set()
    for link in links(history, moment):
        if link.mrn == entry.mrn:
            found.add(link.name)
            if {fault.why for fault in authority_faults(history, link, moment)} <= LEAVING:
                found |= _known_as(history, link.account, moment)
    return found


def _senders(history: History, entry: Filed, moment: int) -> set[str]:
    """Return the names of who sent what is, or was, this patient's: a sender is a fact about origin (R14, R28)."""
    found = set()
    for index, sent in history.of(PhotoSent, moment):
        here = any(filed == entry.mrn for _, filed in history.moves(sent.photo, moment))
        if here or sent.photo in entry.pictures:
            found |= {history.holder_name(sent.account, index)}
            found |= {link.name for link in links(history, index) if link.account == sent.account}
            found |= _known_as(history, sent.account, index)
    return found


def _known_as(history: History, account: Account, moment: int) -> set[str]:
    """Return the names of the patients whose own code whoever has an account redeemed.

    By these the practice knows them, whatever they are called besides; who worked here then keeps the name they have.
    """
    person = history.holder(account, moment)
    themselves = {
        link.mrn
        for link in links(history, moment)
        if link.account == account
        and link.person == person
        and link.relation is Relation.SELF
        and not invitation_faults(history, link)
        and not roles(history, account, link.redeemed)
    }
    return {known.name for _, known in history.of(PatientKnown, moment) if known.mrn in themselves}


def _rule(history: History, mrn: Mrn, moment: int) -> str:
    """Return R33 where a member of staff took a code of this patient: it may not change who they are."""
    staff = any(
        link.mrn == mrn and was_somebody(history, link.account, link.redeemed) for link in links(history, moment)
    )
    return "R33" if staff else "R15"
