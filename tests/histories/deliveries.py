"""Judge what the server gave to whom: words, pictures, questions and names (R28 to R33a, Roles)."""

from collections.abc import Iterator

from .apart import OTHERS_REPLY, OTHERS_WORDS, caption_faults, is_apart, was_for_one_apart, written_faults
from .called_back import called_back_faults
from .hearing import fewest, hears, is_own_sending, own_links, patient_of
from .history import History
from .names import is_minor, name_faults, patients_of
from .observed import (
    ADVICE,
    Account,
    Asked,
    AskedForTheirs,
    ClockMoved,
    Delivered,
    Fault,
    Filed,
    HeldBack,
    Hired,
    LetThrough,
    Manner,
    Nonce,
    PatientKnown,
    Photo,
    PhotoSent,
    Recalled,
    Referenced,
    Relation,
    Role,
    Said,
    Step,
    Tapped,
    Violation,
    Withdrew,
)
from .releases import release_faults
from .speaking import PAUSED, Faults, invitation_faults, is_dead, is_mature_minor, was_never_theirs
from .staff import paused, roles, was_somebody, works_here
from .texts import mentions


def judge_delivered(history: History, seen: Delivered, moment: int) -> list[Violation]:
    """Judge one event for every account that can read it."""
    found = []
    for account in sorted(seen.readers):
        for what, fault in _faults(history, seen, account, moment):
            found.append(Violation(fault.rule, fault.why, str(account), what, moment))
    return found


def _faults(history: History, seen: Delivered, account: Account, moment: int) -> Iterator[tuple[str, Fault]]:
    if works_here(history, account, moment):
        yield from _to_staff(history, seen, account, moment)
        return
    said_for = frozenset(asked.nonce for _, asked in history.of(Asked, moment) if mentions(seen.body, [asked.nonce]))
    for photo in sorted(seen.pictures):
        for fault in _picture_faults(history, photo, account, moment, said_for=said_for):
            yield f"the picture {photo}", fault
    for _, said in history.of(Said, moment):
        if mentions(seen.body, [said.nonce]):
            for fault in called_back_faults(history, said.nonce, moment) + _words_faults(
                history, said, account, moment
            ):
                yield f"the {said.manner} {said.nonce}", fault
    for index, sent in history.of(PhotoSent, moment):
        if sent.caption and mentions(seen.body, [sent.caption]):
            for fault in caption_faults(history, sent, index, account, moment):
                yield f"the words {sent.caption} with the picture {sent.photo}", fault
        if sent.photo not in seen.pictures and mentions(seen.body, _about(history, sent, account, moment)):
            for fault in _picture_faults(history, sent.photo, account, moment, only_words=True):
                yield f"words about the picture {sent.photo}", fault
    for index, asked in history.of(Asked, moment):
        if mentions(seen.body, [asked.nonce]):
            for fault in _question_faults(history, (index, asked), seen, account, moment):
                yield f"the request {asked.nonce}", fault
    for name, fault in name_faults(history, seen.body, account, moment):
        yield f"the name {name}", fault


def _about(history: History, sent: PhotoSent, account: Account, moment: int) -> list[str]:
    """Return what says that a text is about a picture; a reference that the reader wrote themselves may be said back."""
    if any(stop.account == account and stop.photo == sent.photo for _, stop in history.of(Withdrew, moment)):
        return [sent.caption] if sent.caption else []
    refs = [] if _just_wrote(history, sent.photo, account, moment) else _refs(history, sent.photo, moment)
    return [*refs, *([sent.caption] if sent.caption else [])]


def _just_wrote(history: History, photo: Photo, account: Account, moment: int) -> bool:
    """Say whether the last thing done was that they wrote about this picture by its reference."""
    last = next((event for event in reversed(history.events[:moment]) if isinstance(event, Step)), None)
    match last:
        case Said(account=by, photo=about):
            return by == account and about == photo and (last.manner is not Manner.WORDS or last.by_reference)
        case Asked(by=by, photos=photos):
            return by == account and photo in photos
        case Recalled(by=by, photo=about):
            return by == account and about == photo
        case _:
            return False


def _to_staff(history: History, seen: Delivered, account: Account, moment: int) -> Iterator[tuple[str, Fault]]:
    """Let staff see all, save that a paused account gets nothing, and only clinicians get pictures."""
    here = roles(history, account, moment)
    for photo in sorted(seen.pictures):
        if paused(history, account, moment):
            yield f"the picture {photo}", Fault("R28a", "the account is paused")
        if Role.CLINICIAN not in here:
            faults = hears(history, account, photo, moment)
            if faults:
                only = Fault("Roles", "only clinicians see images")
                yield f"the picture {photo}", faults[0] if faults[0].rule in {"R33", "R33a", "R28a"} else only
    if paused(history, account, moment):
        for nonce in _nonces(history, moment):
            if mentions(seen.body, [nonce]):
                yield f"the words {nonce}", Fault("R28a", "the account is paused")


def _nonces(history: History, moment: int) -> list[Nonce]:
    said = [said.nonce for _, said in history.of(Said, moment)]
    return said + [sent.caption for _, sent in history.of(PhotoSent, moment) if sent.caption]


def _picture_faults(
    history: History,
    photo: Photo,
    account: Account,
    moment: int,
    only_words: bool = False,
    said_for: frozenset[Nonce] = frozenset(),
) -> Faults:
    if only_words and is_own_sending(history, account, photo, moment):
        return _no_more_faults(history, account, photo, moment)
    if was_somebody(history, account, moment) and is_own_sending(history, account, photo, moment):
        return []
    faults = hears(history, account, photo, moment)
    if not faults or (only_words and _reply_is_called_back(history, photo, account, moment)):
        return []
    # it is another patient's now: who holds it hears of that
    rules = {fault.rule for fault in faults} - {"R15"}  # also while it is doubted whose it is
    others = rules == {"R29"} or _was_never_let_in(history, photo, account, moment)
    if only_words and others and not _gone_faults(history, account, moment) and _knows(history, photo, account, moment):
        return []
    if was_somebody(history, account, moment) or _is_recipient(history, account, moment):
        gone = _gone_faults(history, account, moment)
        return gone or release_faults(history, photo, account, moment, said_for)
    return faults


def _reply_is_called_back(history: History, photo: Photo, account: Account, moment: int) -> bool:
    """Say whether a reply about it that this person had got was just called back: recalls go on, also after a death (R28a)."""
    last = next((event for event in reversed(history.events[:moment]) if isinstance(event, Step)), None)
    if not (isinstance(last, Recalled) and last.photo == photo) or paused(history, account, moment):
        return False
    replies = [
        said.nonce for _, said in history.of(Said, moment) if said.manner is Manner.REPLY and said.photo == photo
    ]
    person = history.holder(account, moment)
    return any(
        account in seen.readers and history.holder(account, index) == person and mentions(seen.body, replies)
        for index, seen in history.of(Delivered, moment - 1)
    )


def _was_never_let_in(history: History, photo: Photo, account: Account, moment: int) -> bool:
    """Say whether every code that somebody wrote for the patient it is of now let them in wrongly: it is another's to them."""
    mrn = patient_of(history, photo, moment)
    tried = own_links(history, account, mrn, moment) if mrn else []
    return bool(tried) and all(
        invitation_faults(history, link) or was_never_theirs(history, link, moment) for link in tried
    )


def _no_more_faults(history: History, account: Account, photo: Photo, moment: int) -> Faults:
    """Say why nobody hears of their own sending any more: they are paused, or the patient they spoke for died (R28a).

    Whom no code ever let in spoke for nobody; and recalls go on: who got it as another patient's hears that it is not.
    """
    if paused(history, account, moment):
        return [Fault("R28a", PAUSED)]
    mrn = patient_of(history, photo, moment)
    tried = own_links(history, account, mrn, moment) if mrn and is_dead(history, mrn, moment) else []
    if (
        not tried
        or _was_never_let_in(history, photo, account, moment)
        or _got_it_misfiled(history, photo, account, moment)
    ):
        return []
    return [Fault("R28a", "the patient is dead, and no message goes to those who answered")]


def _got_it_misfiled(history: History, photo: Photo, account: Account, moment: int) -> bool:
    """Say whether this person got it from us under another patient than it is of now (R25, R30)."""
    return any(
        patient_of(history, photo, at) != patient_of(history, photo, moment)
        for at in _got_from_us(history, photo, account, moment)
    )


def _holds(history: History, photo: Photo, account: Account, moment: int) -> bool:
    """Say whether this person got the picture from us before: they hear what becomes of it (R13, R25, R30)."""
    return any(True for _ in _got_from_us(history, photo, account, moment))


def _got_from_us(history: History, photo: Photo, account: Account, moment: int) -> Iterator[int]:
    """Go through the moments at which this person got the picture from us."""
    person = history.holder(account, moment)
    for index, seen in history.of(Delivered, moment - 1):
        if photo in seen.pictures and account in seen.readers and history.holder(account, index) == person:
            yield index


def _knows(history: History, photo: Photo, account: Account, moment: int) -> bool:
    """Say whether this person holds it from us, has read of it as another's, or was rightly to get it once.

    What becomes of it reaches them too (R13, R25).
    """
    person = history.holder(account, moment)
    return (
        _holds(history, photo, account, moment)
        or _read_of_it_misfiled(history, photo, account, moment)
        or any(
            history.holder(account, at + 1) == person and not release_faults(history, photo, account, at + 1)
            for at, _ in history.of(Tapped, moment)
        )
    )


def _read_of_it_misfiled(history: History, photo: Photo, account: Account, moment: int) -> bool:
    """Say whether this person read of it in what we sent while it was another patient's: that is called back (R15, R25)."""
    person, refs = history.holder(account, moment), _refs(history, photo, moment)
    return any(
        account in seen.readers
        and history.holder(account, at) == person
        and patient_of(history, photo, at) != patient_of(history, photo, moment)
        and mentions(seen.body, refs)
        for at, seen in history.of(Delivered, moment - 1)
    )


def _refs(history: History, photo: Photo, moment: int) -> list[str]:
    return [named.ref for _, named in history.of(Referenced, moment) if named.photo == photo]


def _gone_faults(history: History, account: Account, moment: int) -> Faults:
    if was_somebody(history, account, moment) and not roles(history, account, moment):
        return [Fault("R28a", "they left, or another person holds the account")]
    if paused(history, account, moment):
        return [Fault("R28a", "the account is paused")]
    return []


def _is_recipient(history: History, account: Account, moment: int) -> bool:
    return any(asked.recipient == account for _, asked in history.of(Asked, moment))


def _words_faults(history: History, said: Said, account: Account, moment: int) -> Faults:
    """Judge a text that carries what somebody wrote, for a reader who is not of the staff."""
    written = history.last(Said, moment, nonce=said.nonce)
    if said.account == account and written and history.holder(account, written[0]) == history.holder(account, moment):
        return []
    if said.photo is None:
        return _loose_words_faults(history, said, account, moment)
    if was_somebody(history, account, moment) or _is_recipient(history, account, moment):
        return _colleague_faults(history, said, said.photo, account, moment)
    taken = _taken_as_about(history, said, moment)
    if taken and is_minor(history, said.account, taken[0]):
        return [Fault("R33a", "a minor's own words")]
    about = taken[1] if taken else [said.photo]
    return fewest([_faults_of_words_about(history, said, photo, account, moment) for photo in about])


def _faults_of_words_about(history: History, said: Said, photo: Photo, account: Account, moment: int) -> Faults:
    faults = hears(history, account, photo, moment)
    if faults and _asked_for(history, account, moment) and _was_told(history, said.nonce, photo, account, moment):
        return []  # what they were told stays theirs: it is held about them (R24)
    faults = faults or written_faults(history, said, photo, account, moment)
    if faults:
        return faults
    if said.manner is not Manner.REPLY or is_own_sending(history, account, photo, moment):
        return []
    untapped = _untapped(history, said.account, said.nonce, account, moment)
    if not _asked_for(history, account, moment):
        return untapped
    apart = was_for_one_apart(history, said.nonce, photo, account, moment)
    return [Fault("R33a", OTHERS_REPLY)] if untapped and apart else []


def _taken_as_about(history: History, said: Said, moment: int) -> tuple[int, list[Photo]] | None:
    """Return when words were filed, and what they can be about, where their filing shows that it is not what was guessed.

    Who names no picture is taken to write about one of a patient they speak for (R29): filed under such a patient, while
    the picture that was guessed was another's, they are about one that this patient had then.
    """
    if said.manner is not Manner.WORDS or said.photo is None:
        return None
    filed = next((found for found in history.of(Filed, moment) if mentions(found[1].body, [said.nonce])), None)
    if filed is None or patient_of(history, said.photo, filed[0]) == filed[1].mrn:
        return None
    at, entry = filed
    theirs = [
        sent.photo
        for _, sent in history.of(PhotoSent, at)
        if patient_of(history, sent.photo, at) == entry.mrn and not hears(history, said.account, sent.photo, at)
    ]
    return (at, theirs) if theirs else None


def _was_told(history: History, nonce: Nonce, photo: Photo, account: Account, moment: int) -> bool:
    """Say whether this person read these words before, when they might, and still speaks for the patient of then."""
    person = history.holder(account, moment)
    for index, seen in history.of(Delivered, moment - 1):
        told = account in seen.readers and mentions(seen.body, [nonce])
        if told and history.holder(account, index) == person:
            then = patient_of(history, photo, index)
            return then in patients_of(history, account, moment) and not hears(history, account, photo, index)
    return False


def _asked_for(history: History, account: Account, moment: int) -> bool:
    """Say whether the last thing done was that they asked for what is held, or it was held back since: no tap (R24)."""
    held = False
    for event in reversed(history.events[:moment]):
        if isinstance(event, AskedForTheirs) and event.account == account:
            return True
        if isinstance(event, Tapped) and event.account == account and not held:  # whose, where they answer for several
            asked = history.delivery(event.event_id, moment)
            return asked is not None and _asked_for(history, account, asked[0])
        held = (held and not isinstance(event, HeldBack)) or (
            isinstance(event, LetThrough) and event.account == account
        )
        if isinstance(event, Step) and not held and not isinstance(event, ClockMoved):
            return False
    return False


def _loose_words_faults(history: History, said: Said, account: Account, moment: int) -> Faults:
    """Judge words about no picture: they may reach whoever speaks for the same patient, but never a minor's to a parent."""
    mine = patients_of(history, account, moment)
    theirs = patients_of(history, said.account, moment)
    if works_here(history, said.account, moment):
        return []
    if mine & theirs and not is_minor(history, said.account, moment):
        written = history.last(Said, moment, nonce=said.nonce)
        at = written[0] if written else moment
        apart = all(is_apart(history, said.account, at, mrn, account, moment) for mrn in sorted(mine & theirs))
        return [Fault("R33a", OTHERS_WORDS)] if apart else []
    return [Fault("R33a" if mine & theirs else "R29", "words that are not for them")]


def _colleague_faults(history: History, said: Said, photo: Photo, account: Account, moment: int) -> Faults:
    """Judge words to a colleague outside: about a picture they sent, or hold from us (R5, R28a, R29)."""
    gone = _gone_faults(history, account, moment)
    if gone:
        return gone
    if is_own_sending(history, account, photo, moment):
        moved = len(history.moves(photo, moment)) > 1
        return (
            _untapped(history, said.account, said.nonce, account, moment)
            if moved and said.manner is Manner.REPLY
            else []
        )
    return release_faults(history, photo, account, moment)


def _question_faults(
    history: History, request: tuple[int, Asked], seen: Delivered, account: Account, moment: int
) -> Faults:
    """Judge a text that carries a request: to who is asked, or to who is to get it."""
    when, asked = request
    if account == asked.recipient:
        return [
            fault
            for photo in asked.photos
            if not _holds(history, photo, account, moment)
            for fault in release_faults(history, photo, account, moment)
        ]
    for photo in asked.photos:
        faults = hears(history, account, photo, moment)
        if faults and _asked_for(history, account, moment) and _was_told(history, asked.nonce, photo, account, moment):
            continue  # what they were asked, and what they answered, stays theirs (R24)
        if faults:
            return faults
        if (
            seen.taps
            and not _asked_for(history, account, moment)
            and not is_own_sending(history, account, photo, moment)
            and not any(_own_yes_is_needed(history, asked, account, photo, then) for then in (when, moment))
            and not _said_no_to_it(history, asked, account, moment)
        ):
            return _untapped(history, asked.by, asked.nonce, account, moment)
    return []


def _own_yes_is_needed(history: History, asked: Asked, account: Account, photo: Photo, moment: int) -> bool:
    """Say whether a mature minor must agree beside a parent (R9; Who may answer): then there is nobody to choose."""
    mrn = patient_of(history, photo, moment)
    if asked.purpose == ADVICE or mrn is None or not is_mature_minor(history, mrn, moment):
        return False
    return any(link.relation is Relation.SELF for link in own_links(history, account, mrn, moment))


def _said_no_to_it(history: History, asked: Asked, account: Account, moment: int) -> bool:
    """Say whether this person refused the same before. Only they can change that, so they are asked whoever else may answer;
    to have their name tapped would tell the requester who refused (R13, R29a)."""
    person = history.holder(account, moment)
    same = [
        earlier.nonce
        for _, earlier in history.of(Asked, moment)
        if earlier.purpose == asked.purpose and set(earlier.photos) & set(asked.photos)
    ]
    for index, tapped in history.of(Tapped, moment):
        if tapped.account == account and tapped.yes is False and history.holder(account, index) == person:
            put = history.delivery(tapped.event_id, index)
            if put is not None and mentions(put[1].body, same):
                return True
    return False


def _untapped(history: History, by: Account, nonce: Nonce, account: Account, moment: int) -> Faults:
    """Ask that whoever writes tapped a name that is the reader's, after writing (R29, R29a)."""
    names = _names_of(history, account, moment)
    written = next(
        index for index, deed in enumerate(history.events) if isinstance(deed, Said | Asked) and deed.nonce == nonce
    )
    for at, tapped in history.of(Tapped, moment, written):
        delivered = history.delivery(tapped.event_id, at)
        body = delivered[1].body if delivered else ""
        if tapped.account == by and tapped.yes is not False and mentions(f"{tapped.label} {body}", names):
            return []
    return [Fault("R29", "whoever wrote did not tap their name")]


def _names_of(history: History, account: Account, moment: int) -> list[str]:
    """Return what this account is called here: who redeemed a code for the patient is called as the patient."""
    mrns = patients_of(history, account, moment)
    held = [link for mrn in mrns for link in own_links(history, account, mrn, moment)]
    themselves = {link.mrn for link in held if link.relation is Relation.SELF}
    called = [known.name for _, known in history.of(PatientKnown, moment) if known.mrn in themselves]
    return [*(link.name for link in held), *called, *_name_at_work(history, account, moment)]


def _name_at_work(history: History, account: Account, moment: int) -> list[str]:
    """Return what whoever holds the account is called, and what the practice called them when it let them in last."""
    person = history.holder(account, moment)
    hired = history.last(Hired, moment, account=account)
    at_work = [hired[1].name] if hired and hired[1].name and history.holder(account, hired[0]) == person else []
    return [history.holder_name(account, moment), *at_work]
