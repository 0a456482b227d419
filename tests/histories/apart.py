"""Judge whose words one of a patient's people may not read: those of somebody they were never told of (R33a).

RULES tell one parent of the other only when that was chosen, and likewise whoever was there of a new account or authority.
What is held back stands in no message, list, copy or delivery. They are silent on the other parent's *pictures*: let through.
"""

from .hearing import own_links, patient_of
from .history import History, derived
from .observed import Account, Delivered, Fault, Mrn, Nonce, Photo, PhotoSent, Relation, Said
from .speaking import PARENTAL, Faults, Link, is_told_of
from .staff import was_somebody
from .texts import mentions

OTHERS_WORDS = "they were never told about whoever wrote these words"
OTHERS_REPLY = "they were never told about whoever these words were for, and nobody tapped their name"


def caption_faults(history: History, sent: PhotoSent, index: int, account: Account, moment: int) -> Faults:
    """Judge the words that came with a picture, for one of its patient's people who did not send it."""
    if was_somebody(history, sent.account, index) and not sent.as_patient:
        return []  # from a colleague: it is no news of an account or authority
    return _written(history, sent.account, index, sent.photo, account, moment)


def written_faults(history: History, said: Said, photo: Photo, account: Account, moment: int) -> Faults:
    """Judge what one of a patient's people wrote about a picture, for another of them."""
    written = history.last(Said, moment, nonce=said.nonce)
    if written is None or was_somebody(history, said.account, written[0]):
        return []
    return _written(history, said.account, written[0], photo, account, moment)


def _written(history: History, by: Account, at: int, photo: Photo, account: Account, moment: int) -> Faults:
    mrn = patient_of(history, photo, moment)
    apart = mrn is not None and is_apart(history, by, at, mrn, account, moment)
    return [Fault("R33a", OTHERS_WORDS)] if apart else []


@derived
def is_apart(history: History, by: Account, at: int, mrn: Mrn, account: Account, moment: int) -> bool:
    """Say whether a reader may not know of whoever held an account then, as one of this patient's people."""
    person = history.holder(by, at)
    if person == history.holder(account, moment):
        return False
    reader = history.holder(account, moment)
    theirs = [link for link in own_links(history, by, mrn, at) if link.person == person]
    mine = [link for link in own_links(history, account, mrn, moment) if link.person == reader]
    if not theirs or not mine:
        return False
    return all(_is_news(link, mine) and not is_told_of(history, account, link, moment) for link in theirs)


def _is_news(link: Link, mine: list[Link]) -> bool:
    """Say whether a link is known only by choice: between two parents, and to whoever was there before it."""
    both_parents = link.relation in PARENTAL and any(own.relation in PARENTAL for own in mine)
    came_later = all(own.redeemed < link.redeemed for own in mine) and link.relation is not Relation.SELF
    return both_parents or came_later


def was_for_one_apart(history: History, nonce: Nonce, photo: Photo, account: Account, moment: int) -> bool:
    """Say whether words about a picture were told to somebody of whom this reader may not know."""
    mrn = patient_of(history, photo, moment)
    written = history.last(Said, moment, nonce=nonce)
    if mrn is None or written is None:
        return False
    return any(
        is_apart(history, reader, index, mrn, account, moment)
        for index, seen in history.of(Delivered, moment - 1, written[0])
        if mentions(seen.body, [nonce])
        for reader in sorted(seen.readers)
        if not was_somebody(history, reader, index)
    )
