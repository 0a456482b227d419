"""Say why a picture may not reach somebody outside (R7 to R13, R25, R28, R28a, R30, R31)."""

from collections.abc import Iterator

from .consents import agreed_faults, refusal_faults
from .hearing import answers_for, came_from_the_wrong_person, fewest, is_about_themselves, may_stop, patient_of, speaks
from .history import History, derived
from .observed import (
    ADVICE,
    Account,
    Asked,
    Attested,
    Died,
    Fault,
    Kind,
    Nonce,
    PatientLeft,
    Photo,
    Recalled,
    StaffLeft,
    Tapped,
    WentOn,
    Withdrew,
)
from .speaking import Faults, is_dead
from .staff import paused, was_somebody, works_here


@derived
def release_faults(
    history: History, photo: Photo, account: Account, moment: int, said: frozenset[Nonce] = frozenset()
) -> Faults:
    """Judge by the request that comes closest to allowing it; where it comes with the words of some, by these (R31)."""
    requests = [
        request
        for request in history.of(Asked, moment)
        if request[1].recipient == account and photo in request[1].photos
    ]
    if not requests:
        return [Fault("R9", "nobody asked that it go to them")]
    meant = [request for request in requests if request[1].nonce in said] or requests
    return fewest([_by_request(history, request, photo, moment) for request in reversed(meant)])


def _by_request(history: History, request: tuple[int, Asked], photo: Photo, moment: int) -> Faults:
    index, asked = request
    faults = _people_faults(history, request, photo, moment)
    if any(since > index for since, _ in history.moves(photo, moment)[1:]):
        faults.append(Fault("R30", "it was re-filed after it was asked for, and that ended every use under way"))
    if asked.until is not None and history.time(moment).astimezone(history.zone).date() > asked.until:
        faults.append(Fault("R12", "the time that was agreed is over"))
    if any(recalled.photo == photo for _, recalled in history.of(Recalled, moment, index)):
        faults.append(Fault("R25", "it was recalled"))
    if _withdrawn(history, photo, moment, index):
        faults.append(Fault("R13", "it was withdrawn after it was asked for"))
    if _stands_stopped(history, photo, moment, index):
        faults.append(Fault("R28a", "it was asked for while a stop stood that nobody had taken back"))
    faults += refusal_faults(history, request, photo, moment)
    agreed = agreed_faults(history, request, photo, moment)
    if asked.purpose == ADVICE:
        if not any(tapped.account == asked.by for _, tapped in history.of(Tapped, moment, index)):
            faults.append(Fault("R7", "the clinician did not attest that it is related"))
        implied = implied_faults(history, photo, moment)
        return faults + (implied if implied and agreed else [])
    return faults + agreed


def _people_faults(history: History, request: tuple[int, Asked], photo: Photo, moment: int) -> Faults:
    index, asked = request
    faults: Faults = []
    mrn = patient_of(history, photo, moment)
    if mrn is not None and is_dead(history, mrn, moment):
        faults.append(Fault("R28a", "the patient is dead"))
    if mrn is not None and any(gone.mrn == mrn for gone in _gone(history, moment, index)):
        faults.append(Fault("R28a", "the patient died or left after it was asked for, and nothing of it revives"))
    if mrn is not None and is_about_themselves(history, asked.by, mrn, index):
        faults.append(Fault("R33", "released as staff by somebody who is, or speaks for, the patient"))
    by = _who_asks_now(history, request, moment)
    if not works_here(history, by, moment) or paused(history, by, moment):
        faults.append(Fault("R28a", "who asked for it does not work here any more, or is paused"))
    if history.holder(asked.recipient, index) != history.holder(asked.recipient, moment):
        faults.append(Fault("R31", "the recipient's account is another person's now"))
    left = history.last(StaffLeft, moment, account=asked.recipient)
    if left and left[0] > index:
        faults.append(Fault("R28a", "the recipient left"))
    if paused(history, asked.recipient, moment):
        faults.append(Fault("R28a", "the recipient is paused"))
    return faults


def _gone(history: History, moment: int, since: int) -> Iterator[Died | PatientLeft]:
    yield from (died for _, died in history.of(Died, moment, since))
    yield from (left for _, left in history.of(PatientLeft, moment, since))


def _who_asks_now(history: History, request: tuple[int, Asked], moment: int) -> Account:
    """Return who asked; or, where they left, who took it over: it is the practice that goes on, with a clinician of its own."""
    index, asked = request
    by = asked.by
    for _, left in history.of(StaffLeft, moment, index):
        by = left.to if left.account == by and left.to is not None else by
    return by


@derived
def implied_faults(history: History, photo: Photo, moment: int) -> Faults:
    """Say why nothing is implied, or attested, that would let a picture go for advice (R3, R7, R30)."""
    sent = history.sent(photo, moment)
    mrn = patient_of(history, photo, moment)
    if sent is None or mrn is None:
        return [Fault("R30", "nobody knows whose it is")]
    index, picture = sent
    if was_somebody(history, picture.account, index) and not picture.as_patient:
        return _attested_faults(history, photo, picture.kind, moment)
    faults = answers_for(history, picture.account, mrn, index + 1)
    if faults:
        return [Fault("R30", f"nothing was implied when it was sent: {faults[0].why}")]
    if came_from_the_wrong_person(history, photo, moment):
        return [Fault("R30", "who sent it never was one of its patient's people")]
    if _withdrawn(history, photo, moment, index):
        return [Fault("R13", "the implied consent was withdrawn")]
    return []


def _withdrawn(history: History, photo: Photo, moment: int, since: int) -> bool:
    """Say whether somebody stopped it who might: what one says who may not answer any more stops nothing (R29a)."""
    return any(True for _ in _stops(history, photo, moment, since))


def _stands_stopped(history: History, photo: Photo, moment: int, until: int) -> bool:
    """Say whether a stop of before stands: of somebody who might, paused or gone as they may be, and still might (R13, R28a)."""
    return any(
        at < until and may_stop(history, stop.account, photo, moment) for at, stop in _stops(history, photo, moment)
    )


def _stops(history: History, photo: Photo, moment: int, since: int = 0) -> Iterator[tuple[int, Withdrew]]:
    """Yield each stop said by somebody who might, except those from afar after which somebody let the use go on (R28a)."""
    for at, stop in history.of(Withdrew, moment, since):
        if stop.photo != photo or not may_stop(history, stop.account, photo, at):
            continue
        if not (_is_from_afar(history, stop, at) and _went_on(history, photo, at, moment)):
            yield at, stop


def _is_from_afar(history: History, stop: Withdrew, at: int) -> bool:
    mrn = patient_of(history, stop.photo, at)
    return bool(speaks(history, stop.account, mrn, at)) if mrn is not None else paused(history, stop.account, at)


def _went_on(history: History, photo: Photo, since: int, moment: int) -> bool:
    """Say whether one of the staff, who does not speak for the patient, let it go on (R28a, R33)."""
    for at, went in history.of(WentOn, moment, since):
        mrn = patient_of(history, photo, at)
        involved = mrn is not None and is_about_themselves(history, went.by, mrn, at)
        may = works_here(history, went.by, at) and not paused(history, went.by, at) and not involved
        if went.photo == photo and may:
            return True
    return False


def _attested_faults(history: History, photo: Photo, kind: Kind, moment: int) -> Faults:
    if kind is Kind.DOCUMENT:
        return []
    moved = [since for since, _ in history.moves(photo, moment)[1:]]
    for _, attested in history.of(Attested, moment, moved[-1] if moved else 0):
        if attested.photo == photo and attested.covers_advice:
            return []
    return [Fault("R30" if moved else "R7", "no attestation that stands says that sharing for advice was discussed")]
