"""Say whether a request was agreed to, by whom, and whether that still counts (R9, R29a, R31, R32, R33)."""

from .hearing import answers, own_links, patient_of, speaks
from .history import History
from .observed import ADVICE, Account, Asked, Fault, Mrn, Photo, Redeemed, Relation, Tapped, Withdrew
from .speaking import PARENTAL, Faults, Link, authority_faults, is_child, is_impaired, is_minors_own, links
from .texts import mentions


def agreed_faults(history: History, request: tuple[int, Asked], photo: Photo, moment: int) -> Faults:
    """Say why nobody who may has agreed to this request for this picture, in an event that says it whole."""
    index, asked = request
    bare = False
    closest: Faults = []
    for at, tapped in history.of(Tapped, moment, index):
        seen = history.delivery(tapped.event_id, at)
        if not tapped.yes or seen is None or tapped.account not in seen[1].readers or tapped.account == asked.by:
            if tapped.yes and tapped.account == asked.by and _carries(history, tapped, asked, at) and not closest:
                closest = [Fault("R33", "who asked is who answered")]
            continue
        if not _carries(history, tapped, asked, at):
            bare = bare or (seen[0] > index and not answers(history, tapped.account, photo, at))
            continue
        faults = _yes_faults(history, asked, photo, at, tapped.account, moment)
        if not faults:
            return _minors_own_yes(history, request, photo, moment)
        closest = faults if not closest or len(faults) < len(closest) else closest
    if closest:
        return closest
    if bare:
        return [Fault("R32", "what was agreed to does not stand in the event that was answered")]
    return [Fault("R9", "nobody agreed to it")]


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
    if any(stop.photo == photo for _, stop in history.of(Withdrew, moment, at)):
        faults = [*faults, Fault("R13", "it was withdrawn")]
    return faults


def _has_ended(history: History, link: Link, moment: int) -> bool:
    if link.relation in PARENTAL:
        return not is_child(history, link.mrn, moment)
    if link.relation is Relation.DECISION_MAKER:
        return not is_impaired(history, link.mrn, moment)
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


def refusal_faults(history: History, request: tuple[int, Asked], photo: Photo, moment: int) -> Faults:
    """Say who said no to this, or to the same picture for the same purpose, and has not changed it (R29a)."""
    asks = [
        asked for _, asked in history.of(Asked, moment) if photo in asked.photos and asked.purpose == request[1].purpose
    ]
    standing: dict[Account, tuple[int, Asked]] = {}
    for at, tapped in history.of(Tapped, moment):
        for asked in asks:
            if tapped.yes is None or not _carries(history, tapped, asked, at):
                continue
            if tapped.yes:
                standing.pop(tapped.account, None)
            elif _had_a_say(history, tapped.account, photo, at):
                standing[tapped.account] = (at, asked)
    for account, (at, asked) in standing.items():
        mrn = patient_of(history, photo, at)
        if asked.nonce == request[1].nonce or (mrn and not speaks(history, account, mrn, moment)):
            return [Fault("R29a", "somebody who may answer said no")]
    return []


def _had_a_say(history: History, account: Account, photo: Photo, moment: int) -> bool:
    mrn: Mrn | None = patient_of(history, photo, moment)
    redeemed = any(code.account == account for _, code in history.of(Redeemed, moment))
    return mrn is not None and redeemed and bool(own_links(history, account, mrn, moment))
