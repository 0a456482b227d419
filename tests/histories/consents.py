"""Say whether a request was agreed to, by whom, and whether that still counts (R9, R29a, R31, R32, R33)."""

from .hearing import answers, own_links, patient_of, speaks
from .history import History, derived
from .observed import (
    ADVICE,
    Account,
    Asked,
    Delivered,
    Dropped,
    Event,
    Fault,
    Mrn,
    Photo,
    Redeemed,
    Relation,
    Step,
    Tapped,
)
from .speaking import (
    PARENTAL,
    Faults,
    Link,
    authority_faults,
    has_been_ended,
    is_child,
    is_minors_own,
    links,
    takes_capacity,
    was_never_theirs,
)
from .texts import mentions


@derived
def agreed_faults(history: History, request: tuple[int, Asked], photo: Photo, moment: int) -> Faults:
    """Say why nobody who may has agreed to this request for this picture, in an event that says it whole."""
    index, asked = request
    closest: Faults = []
    for at, tapped in history.of(Tapped, moment, index):
        if not tapped.yes or not _means(history, tapped, request, at):
            continue
        faults = _yes_faults(history, asked, photo, at, tapped.account, moment)
        if not _carries(history, tapped, asked, at):
            faults = [*faults, Fault("R32", "what was agreed to does not stand in the event that was answered")]
        if not faults:
            return _minors_own_yes(history, request, photo, moment)
        closest = faults if not closest or len(faults) < len(closest) else closest
    return closest or [Fault("R9", "nobody agreed to it")]


def _means(history: History, tapped: Tapped, request: tuple[int, Asked], moment: int) -> bool:
    """Say whether an answer is one to this request: its event carries it, or one that came together with it does."""
    index, asked = request
    found = history.delivery(tapped.event_id, moment)
    if found is None or tapped.account not in found[1].readers or found[0] < index:
        return False
    if _carries(history, tapped, asked, moment):
        return True
    together = _together(history, found[0], moment)
    if any(
        isinstance(event, Delivered) and tapped.account in event.readers and mentions(event.body, [asked.nonce])
        for event in together
    ):
        return True
    newest = history.last(Asked, found[0])
    lost = any(isinstance(event, Dropped) for event in together)
    return lost and newest is not None and newest[1] == asked and bool(found[1].taps)


def _together(history: History, at: int, moment: int) -> list[Event]:
    """Return what was delivered, or lost, with an event: all between what was done before it and what was done after."""
    first, last = at, at
    while first > 0 and not _is_deed(history.events[first - 1]):
        first -= 1
    while last < moment and not _is_deed(history.events[last]):
        last += 1
    return history.events[first:last]


def _is_deed(event: Event) -> bool:
    return isinstance(event, Step) and not isinstance(event, Dropped)


def _carries(history: History, tapped: Tapped, asked: Asked, moment: int) -> bool:
    seen = history.delivery(tapped.event_id, moment)
    return seen is not None and mentions(seen[1].body, [asked.nonce])


def _yes_faults(history: History, asked: Asked, photo: Photo, at: int, account: Account, moment: int) -> Faults:
    faults = answers(history, account, photo, at)
    if history.holder(account, at) == history.holder(asked.by, at):
        faults = [*faults, Fault("R33", "who asked is who answered")]
    mrn = patient_of(history, photo, at)
    counted = (
        [link for link in own_links(history, account, mrn, at) if not authority_faults(history, link, at)]
        if mrn
        else []
    )
    if counted and all(_has_ended(history, link, moment) for link in counted):
        faults = [*faults, Fault("R31", "it was given for somebody else, and that capacity has ended")]
    if counted and all(was_never_theirs(history, link, moment) for link in counted):
        faults = [*faults, Fault("R31", "it was given by somebody who never was one of the patient's people")]
    return faults


def _has_ended(history: History, link: Link, moment: int) -> bool:
    if link.relation is not Relation.SELF and has_been_ended(history, link, moment):
        return True
    if link.relation in PARENTAL:
        return not is_child(history, link.mrn, moment)
    if link.relation is Relation.DECISION_MAKER:
        return not takes_capacity(history, link, moment)
    return False


def _minors_own_yes(history: History, request: tuple[int, Asked], photo: Photo, moment: int) -> Faults:
    """Ask for a mature minor's own yes beside a parent's, for what is not care (Who may answer)."""
    index, asked = request
    mrn = patient_of(history, photo, moment)
    if asked.purpose == ADVICE or mrn is None or not is_child(history, mrn, moment):
        return []
    own = {
        link.account
        for link in links(history, moment)
        if link.mrn == mrn and link.relation is Relation.SELF and not authority_faults(history, link, moment)
    }
    if not own or is_minors_own(history, photo, moment):
        return []
    for at, tapped in history.of(Tapped, moment, index):
        if tapped.account in own and tapped.yes and _carries(history, tapped, asked, at):
            return []
    return [Fault("Who may answer", "the mature minor's own yes is missing")]


@derived
def refusal_faults(history: History, request: tuple[int, Asked], photo: Photo, moment: int) -> Faults:
    """Say who said no to this, or to the same picture for the same purpose, and has not changed it (R29a)."""
    asks = [ask for ask in history.of(Asked, moment) if photo in ask[1].photos and ask[1].purpose == request[1].purpose]
    standing: dict[Account, tuple[int, Asked]] = {}
    for at, tapped in history.of(Tapped, moment):
        for ask in asks:
            if tapped.yes is None or not _means(history, tapped, ask, at):
                continue
            if tapped.yes:
                standing.pop(tapped.account, None)
            elif _had_a_say(history, tapped.account, photo, at):
                standing[tapped.account] = (at, ask[1])
    for account, (at, asked) in standing.items():
        mrn = patient_of(history, photo, at)
        if asked.nonce == request[1].nonce or (mrn and not speaks(history, account, mrn, moment)):
            return [Fault("R29a", "somebody who may answer said no")]
    return []


def _had_a_say(history: History, account: Account, photo: Photo, moment: int) -> bool:
    mrn: Mrn | None = patient_of(history, photo, moment)
    redeemed = any(code.account == account for _, code in history.of(Redeemed, moment))
    return mrn is not None and redeemed and bool(own_links(history, account, mrn, moment))
