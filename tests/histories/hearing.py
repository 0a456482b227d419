"""Say who may hear of a picture, and whose answer about it counts (R24, R29, R33, R33a; Who may answer)."""

from .history import History, derived
from .observed import (
    Account,
    Fault,
    Kept,
    MoveBegun,
    Mrn,
    NeverTheirs,
    Photo,
    PhotoSent,
    Placed,
    Referenced,
    Relation,
    SaidAnothers,
    SaidWhose,
    Tapped,
)
from .speaking import (
    DECIDES,
    GROWN_CHILDS,
    LEAVING,
    UNCONFIRMED,
    YOUNG,
    Faults,
    Link,
    authority_faults,
    is_child,
    is_impaired,
    is_minors_own,
    links,
    opened,
    was_never_theirs,
)
from .texts import mentions

HELD = {GROWN_CHILDS, YOUNG, DECIDES, UNCONFIRMED}  # of who may not answer, and is recorded all the same: they may send


@derived
def own_links(history: History, account: Account, mrn: Mrn, moment: int) -> list[Link]:
    """Return the links of an account to a patient, the newest first."""
    return [link for link in links(history, moment) if link.account == account and link.mrn == mrn][::-1]


def fewest(candidates: list[Faults]) -> Faults:
    """Return what is wrong with the candidate that comes closest."""
    return min(candidates, key=len)


@derived
def speaks(history: History, account: Account, mrn: Mrn, moment: int) -> Faults:
    """Say why somebody does not speak for this patient; nothing if they do. Who is impaired still hears and sees."""
    found = [authority_faults(history, link, moment) for link in own_links(history, account, mrn, moment)]
    return fewest(found) if found else [Fault("R29", "they do not speak for this patient")]


@derived
def hears(history: History, account: Account, photo: Photo, moment: int) -> Faults:
    """Say why words and pictures about this picture may not reach somebody who is not of the staff."""
    mrn = patient_of(history, photo, moment) or said_to_show(history, photo, moment)
    if mrn is None:
        return [Fault("R29", "it is nobody's yet, and not theirs")]
    found = [
        authority_faults(history, link, moment) + _of_this_picture(history, link, photo, moment)
        for link in own_links(history, account, mrn, moment)
    ]
    faults = fewest(found) if found else [Fault("R29", "they do not speak for the patient it is of now")]
    if is_doubted(history, photo, moment):
        faults = [
            *faults,
            Fault("R15", "its sender says that it shows somebody else, or never was one of its patient's people"),
        ]
    if is_being_moved(history, photo, moment):
        faults = [*faults, Fault("R15", "staff confirmed that it is another patient's")]
    return faults


@derived
def is_being_moved(history: History, photo: Photo, moment: int) -> bool:
    """Say whether it is to be another patient's, and lies where it was."""
    begun = history.last(MoveBegun, moment, photo=photo)
    return begun is not None and history.moves(photo, moment)[-1][0] < begun[0]


@derived
def is_doubted(history: History, photo: Photo, moment: int) -> bool:
    """Say whether its sender, when they might, said that it shows somebody else, and nobody settled that since.

    Or it was found out that their code had reached the wrong person (R15).
    """
    for index, said in history.of(SaidAnothers, moment):
        theirs = is_own_sending(history, said.account, photo, index)
        if said.photo != photo or not theirs or hears(history, said.account, photo, index):
            continue
        if not _is_settled(history, photo, index, moment):
            return True
    found = [at for at, _ in history.of(NeverTheirs, moment) if _rests_on_the_wrong_person(history, photo, at + 1)]
    return bool(found) and not _is_settled(history, photo, found[0], moment)


def _rests_on_the_wrong_person(history: History, photo: Photo, moment: int) -> bool:
    """Say whether whoever sent it, or let in what somebody sent who may not answer, proved to be none of the patient's people."""
    if came_from_the_wrong_person(history, photo, moment):
        return True
    sent, mrn = history.sent(photo, moment), patient_of(history, photo, moment)
    if sent is None or mrn is None or not answers_for(history, sent[1].account, mrn, sent[0] + 1):
        return False
    agreed = let_in_by(history, photo, mrn, moment)
    if agreed is None or _is_settled(history, photo, sent[0], agreed[0]):
        return False
    links_then = own_links(history, agreed[1], mrn, agreed[0])
    return all(was_never_theirs(history, link, moment) for link in links_then)


def let_in_by(history: History, photo: Photo, mrn: Mrn, moment: int) -> tuple[int, Account] | None:
    """Return when somebody who speaks for whom a held picture is said to show said yes to it, and who (Who may answer)."""
    refs = [named.ref for _, named in history.of(Referenced, moment) if named.photo == photo]
    for at, tapped in history.of(Tapped, moment):
        seen = history.delivery(tapped.event_id, at)
        put_to_them = seen and tapped.account in seen[1].readers and mentions(seen[1].body, refs)
        if tapped.yes and put_to_them and not speaks(history, tapped.account, mrn, at):
            return at, tapped.account
    return None


def _is_settled(history: History, photo: Photo, since: int, moment: int) -> bool:
    placed = any(deed.photo == photo for _, deed in history.of(Placed, moment, since))
    return placed or any(deed.photo == photo for _, deed in history.of(Kept, moment, since))


@derived
def came_from_the_wrong_person(history: History, photo: Photo, moment: int) -> bool:
    """Say whether all that its sender was to its patient, when they sent it, proved never to have been theirs (R15, R30)."""
    sent, mrn = history.sent(photo, moment), patient_of(history, photo, moment)
    if sent is None or mrn is None:
        return False
    index, picture = sent
    tried = own_links(history, picture.account, mrn, index)
    return bool(tried) and all(was_never_theirs(history, link, moment) for link in tried)


def _of_this_picture(history: History, link: Link, photo: Photo, moment: int) -> Faults:
    faults = []
    if link.relation is not Relation.SELF and is_minors_own(history, photo, moment, link.mrn):
        faults.append(Fault("R33a", "it is a mature minor's own"))
    if (
        not is_own_sending(history, link.account, photo, moment)
        and _anything_filed(history, link)
        and not opened(history, link, moment)
    ):
        faults.append(
            Fault("R33", "something is older than their account or authority, and nobody opened the record to it")
        )
    return faults


@derived
def _anything_filed(history: History, link: Link) -> bool:
    """Say whether a picture that may ever open to this link lay in the patient's record when it was made."""
    for _, sent in history.of(PhotoSent, link.redeemed):
        moves = history.moves(sent.photo, link.redeemed)
        hidden = link.relation is not Relation.SELF and is_minors_own(history, sent.photo, link.redeemed, link.mrn)
        if moves and moves[-1][1] == link.mrn and not hidden:
            return True
    return False


@derived
def answers(history: History, account: Account, photo: Photo, moment: int) -> Faults:
    """Say why somebody's yes about this picture does not count."""
    faults = hears(history, account, photo, moment)
    mrn = patient_of(history, photo, moment)
    if faults or mrn is None:
        return faults
    relations = {
        link.relation
        for link in own_links(history, account, mrn, moment)
        if not authority_faults(history, link, moment)
    }
    if relations == {Relation.SELF}:
        if is_impaired(history, mrn, moment):
            return [Fault("Who may answer", "only the decision maker's yes counts")]
        if is_child(history, mrn, moment) and not is_minors_own(history, photo, moment):
            return [Fault("Who may answer", "a minor alone answers about their own pictures only")]
    return []


@derived
def answers_for(history: History, account: Account, mrn: Mrn, moment: int) -> Faults:
    """Say why what somebody sends has no implied consent for this patient (R1, R30)."""
    faults = speaks(history, account, mrn, moment)
    if faults:
        return faults
    relations = {
        link.relation
        for link in own_links(history, account, mrn, moment)
        if not authority_faults(history, link, moment)
    }
    if relations == {Relation.SELF} and is_impaired(history, mrn, moment):
        return [Fault("R30", "the sender's capacity had been taken: nothing is implied")]
    return []


def is_own_sending(history: History, account: Account, photo: Photo, moment: int) -> bool:
    """Say whether this person sent it from this account; what concerns their own sending may reach them (R28)."""
    sent = history.sent(photo, moment)
    return (
        sent is not None
        and sent[1].account == account
        and history.holder(account, sent[0]) == history.holder(account, moment)
    )


@derived
def patient_of(history: History, photo: Photo, moment: int) -> Mrn | None:
    """Return whose it is now: whose record it lies in; before that whose its sender said, or the only one they speak for."""
    filed = history.moves(photo, moment)
    if filed:
        return filed[-1][1]
    sent = history.sent(photo, moment)
    if sent is None:
        return None
    index, picture = sent
    said = history.last(SaidWhose, moment, photo=photo)
    whose = {said[1].mrn} if said else spoken_for(history, picture.account, index)
    return next(iter(whose)) if len(whose) == 1 else None


@derived
def spoken_for(history: History, account: Account, moment: int) -> set[Mrn]:
    """Return the patients that an account spoke for."""
    return {
        link.mrn
        for link in links(history, moment)
        if link.account == account and not authority_faults(history, link, moment)
    }


@derived
def said_to_show(history: History, photo: Photo, moment: int) -> Mrn | None:
    """Return who is to decide about a picture of somebody its sender may not answer for; that is put to them (Who may answer)."""
    sent = history.sent(photo, moment)
    if sent is None or history.moves(photo, moment):
        return None
    index, picture = sent
    meant = {
        link.mrn
        for link in links(history, index)
        if link.account == picture.account
        and set() < {fault.why for fault in authority_faults(history, link, index)} <= HELD
    }
    return meant.pop() if len(meant) == 1 else None


@derived
def may_stop(history: History, account: Account, photo: Photo, moment: int) -> bool:
    """Say whether a stop, or withdrawal, counts: of anybody who may answer (R29a), and of who has left or is paused (R28a)."""
    mrn = patient_of(history, photo, moment)
    if mrn is None:
        return is_own_sending(history, account, photo, moment)
    if is_minors_own(history, photo, moment, mrn) and not is_own_sending(history, account, photo, moment):
        return False
    holder = history.holder(account, moment)
    for link in own_links(history, account, mrn, moment):
        faults = authority_faults(history, link, moment)
        if link.person == holder and all(fault.why in LEAVING for fault in faults):
            return True
    return False


def is_about_themselves(history: History, account: Account, mrn: Mrn, moment: int) -> bool:
    """Say whether somebody is, or speaks for, the patient that they act on as staff (R33)."""
    person = history.holder(account, moment)
    return any(
        link.mrn == mrn and link.person == person and not authority_faults(history, link, moment)
        for link in links(history, moment)
    )
