"""Judge what lies in places outside the record: under whom, naming whom, held back from whom, and destroyed or not.

That is R15, R30, R33a and R23.
"""

from collections.abc import Iterator

from .history import History
from .names import is_minor
from .observed import (
    CopyLies,
    Fault,
    Filed,
    Held,
    Hired,
    Lying,
    PatientKnown,
    PhotoSent,
    Referenced,
    Said,
    Unfiled,
    Violation,
)
from .speaking import is_child, is_minors_own, links
from .texts import mentions


def judge_lying(history: History, lying: Lying, moment: int) -> list[Violation]:
    """Judge all that lies in one place; what is held back, only of what came since it was looked into last."""
    before = _lay(history, lying.place, moment - 1)
    found = []
    for copy in sorted(lying.copies, key=lambda copy: copy.entry):
        faults = [*_misplaced(history, copy, moment)]
        if copy not in before:
            faults += _names_another(history, copy, moment)
        if not lying.staff_only and copy not in before:
            faults += _held_back(history, copy, moment)
        found += [Violation(fault.rule, fault.why, lying.place, f"the entry {copy.entry}", moment) for fault in faults]
    return found


def _lay(history: History, place: str, moment: int) -> frozenset[CopyLies]:
    found = history.last(Lying, moment, place=place)
    return found[1].copies if found else frozenset()


def _misplaced(history: History, copy: CopyLies, moment: int) -> Iterator[Fault]:
    filed = history.last(Filed, moment, entry=copy.entry)
    gone = history.last(Unfiled, moment, entry=copy.entry)
    if filed is None or (gone is not None and gone[0] > filed[0]):
        yield Fault("R23", "a copy of what the record does not have any more")
    elif filed[1].mrn != copy.mrn:
        yield Fault("R15", "a copy under another patient than the record has it under")


def _names_another(history: History, copy: CopyLies, moment: int) -> Iterator[Fault]:
    """Go through the patients, and who answers for them, whom a copy under somebody else's name must not name."""
    theirs = {link.account for link in links(history, moment) if link.mrn == copy.mrn}
    theirs |= {hired.account for _, hired in history.of(Hired, moment)}
    names = {hired.name for _, hired in history.of(Hired, moment)}
    names |= {held.name for _, held in history.of(Held, moment) if held.account in theirs}
    names |= {link.name for link in links(history, moment) if link.account in theirs}
    names |= {patient.name for _, patient in history.of(PatientKnown, moment) if patient.mrn == copy.mrn}
    others = [patient for _, patient in history.of(PatientKnown, moment) if patient.mrn != copy.mrn]
    marks = {mark for patient in others for mark in (patient.name, patient.mrn)}
    marks |= {mark for link in links(history, moment) for mark in (link.name, link.account)}
    if mentions(copy.body, marks - theirs - names):
        yield Fault("R30", "a copy that names another patient, or who answers for one")


def _held_back(history: History, copy: CopyLies, moment: int) -> Iterator[Fault]:
    if not is_child(history, copy.mrn, moment):
        return
    for _, sent in history.of(PhotoSent, moment):
        if is_minors_own(history, sent.photo, moment, copy.mrn):
            if sent.photo in copy.pictures:
                yield Fault("R33a", "a mature minor's own picture, where not staff alone read")
            elif mentions(copy.body, _about(history, sent, moment)):
                yield Fault("R33a", "words about a mature minor's own picture, where not staff alone read")
    for _, said in history.of(Said, moment):
        if mentions(copy.body, [said.nonce]) and is_minor(history, said.account, moment):
            yield Fault("R33a", "a child's own words, where not staff alone read")


def _about(history: History, sent: PhotoSent, moment: int) -> list[str]:
    refs = [named.ref for _, named in history.of(Referenced, moment) if named.photo == sent.photo]
    return [*refs, *([sent.caption] if sent.caption else [])]
