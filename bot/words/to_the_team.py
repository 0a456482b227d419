"""What the bot says to people who work here: what waits, what needs a person, what went wrong.

The practice's room reads references and reasons, never a patient's name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType

from bot.domain.identifiers import Account
from bot.domain.image import HeldFor, Image, State
from bot.domain.people import Patient
from bot.domain.purposes import Purpose, spoken

from .phrases import MISFILED, day, many, reason_of, with_reason
from .sentence import sentence

CODE_TROUBLE = "An invitation was locked after five wrong tries. If somebody is waiting for it, please make a new one."


def announcement(image: Image, taker: str, again: bool = False, *, said_why: bool = True) -> str:
    """Return what the practice room sees: reference and reason, no name; no reason where not `said_why` (R33a)."""
    if image.state is State.DISCARDED:
        return f"{image.ref}: not kept."
    start = "Still waiting:" if again else "New image"
    return f"{start} {image.ref} from a patient. {_standing(image, taker, said_why=said_why)}"


def announcements(images: Sequence[tuple[Image, str]], *, said_why: bool = True) -> str:
    """Return the line about several photos that came together; each stands beside the name of whoever has taken it, or ""."""
    lines = [
        f"{image.ref}: {'not kept.' if image.state is State.DISCARDED else _standing(image, taker, _LONGEST_OF_SEVERAL, said_why=said_why)}"
        for image, taker in images
    ]
    one_patient = all(image.patient_id and image.patient_id == images[0][0].patient_id for image, _ in images)
    whose = "from a patient" if one_patient else "from one sender, perhaps of several patients"
    return f"{len(images)} new images {whose}.\n" + "\n".join(lines)


# Of each reason in a message about ten. An event may have 64 KB; an edit holds its words twice, and each emoji has 12 bytes.
_LONGEST_OF_SEVERAL = 150


def _standing(image: Image, taker: str, longest: int = 300, *, said_why: bool = True) -> str:
    reason = "Reason not stated yet" if image.purpose is None else with_reason(image, longest, said_why=said_why)
    purpose = "" if image.purpose in {None, Purpose.CARE} else f" For {spoken(image.purpose or Purpose.CARE)}."
    held = f" On hold: {HELD[image.held_for]}." if image.state is State.HELD and image.held_for else ""
    taken = f"{taker} has taken it." if taker else f"Nobody has taken it yet: !mine {image.ref}"
    return f"{reason}.{purpose}{held} {taken}"


HELD: Mapping[HeldFor, str] = MappingProxyType(
    {
        HeldFor.SENDER_DELETED: "the sender deleted it from the chat and was asked whether to withdraw it",
        HeldFor.ASKED_BACK: "the sender, or whoever answers for the patient, may want it back and was asked",
        HeldFor.WITHDRAWAL: "it is being withdrawn",
        HeldFor.SOMEBODY_ELSE: "it is not settled whom it shows, or whether they agree",
        HeldFor.FILING_FAILED: "it could not be filed",
        HeldFor.READ_BACK_DIFFERED: "what the record gave back was not what was filed; the chat copies are kept",
        HeldFor.IDENTITY_CHANGED: "the sender's security identity changed",
        HeldFor.UNATTESTED: "the colleague who sent it has not attested it",
        HeldFor.UNMATCHED: "the record number and birthday that its sender, an outside clinician, gave are no patient's here",
    }
)


def needs_a_person(image: Image) -> str:
    why = HELD[image.held_for] if image.held_for else "something is unclear"
    if image.held_for is HeldFor.SOMEBODY_ELSE:
        verb = "!refile" if image.in_record else "!match"
        return (
            f"{image.ref} needs a person: {why}. Nobody is shown it. Whose it is: {verb} {image.ref} MRN DATE-OF-BIRTH. "
            f"When that person agrees, a clinician writes !keep {image.ref}; otherwise !discard {image.ref}."
        )
    if image.held_for is HeldFor.UNMATCHED:
        return (
            f"{image.ref} needs a person: {why}. Please ask its sender whose it is, then: !match {image.ref} MRN DATE-OF-BIRTH. "
            f"Otherwise: !discard {image.ref}."
        )
    return f"{image.ref} needs a person: {why}. To file it: !keep {image.ref}. To discard it: !discard {image.ref}."


def on_duty(image: Image, lead: str = "You are on duty:") -> str:
    return f"{lead} {image.ref} has not been taken by anyone. {with_reason(image)}. !show {image.ref}"


@sentence
def stuck(what: str, trouble: str) -> str:
    """Say that something could not be completed; for an intent, `what` is what `DOING` has for its kind."""
    return f"Something needs attention: {what} could not be completed ({trouble}). Nothing is lost. See !status, or run consentry doctor."


def not_readable(refs: Sequence[str]) -> str:
    return (
        f"{many(refs)} could not be read for the copy of a record that somebody asked for. They got the rest, and hear which is missing. "
        "Please run consentry doctor."
    )


DOING: Mapping[str, str] = MappingProxyType(
    {
        "capture-image": "fetching a photo",
        "screen-image": "looking at what the file of a photo is",
        "file-image": "filing a photo",
        "discard-image": "discarding a photo",
        "move-image": "moving a photo to the right record",
        "prepare-copy": "gathering a patient's copy of the record",
        "reserve-copy": "a patient's copy of the record",
        "send-copy": "a patient's copy of the record",
        "remove-member": "putting somebody out of a room",
        "destroy-sealed": "removing a discarded photo",
        "destroy-image": "destroying a photo whose time is over",
        "file-document": "filing words about a photo",
        "destroy-words": "destroying words whose time is over",
        "say": "a message to somebody",
        "ask": "a question to somebody",
        "close-question": "showing that a question is closed",
        "read-out": "a list that somebody asked for",
        "say-in-clear": "a message to a chat that isn't encrypted",
        "reserve-picture": "showing a picture",
        "show-picture": "showing a picture",
        "erase-copy": "removing a copy from a chat",
        "open-room": "opening a chat",
        "invite": "an invitation into a chat",
        "join-room": "entering a chat",
        "leave-room": "leaving a chat",
        "step-verification": "a check by emoji",
        "sign-identity": "vouching for an identity that was compared by emoji",
        "look-if-opened": "looking whether a message was opened",
        "remind": "a reminder",
    }
)


def not_fetched(ref: str, because: str) -> str:
    what = {"gone": "the homeserver does not have it", "wrong-hash": "what the homeserver has is not what was sent"}
    return (
        f"{ref} needs a person: it could not be fetched ({what.get(because, because)}). Its message stays in the chat, and its "
        f"sender was asked to send it again. To try once more: !keep {ref}. To discard it: !discard {ref}."
    )


def words_not_filed(ref: str) -> str:
    return (
        f"Words about {ref} were not filed: who wrote them does not answer for the patient it belongs to now. They are kept here. "
        f"If they do answer for that patient: !link, then !retry. What matters of them: !note {ref}."
    )


# ---- what goes wrong


def clock_jumped(by: timedelta) -> str:
    minutes = abs(by) // timedelta(minutes=1)
    way = "forward" if by > timedelta(0) else "back"
    return (
        f"The clock of the computer I run on was set {way} by {minutes} minutes. Deadlines were moved with it. Please check the time "
        "there: consentry doctor."
    )


def set_aside(counts: Mapping[str, int]) -> str:
    """Say in one line what arrived and could not be acted upon; "" when there is nothing."""
    waiting, unreadable, malformed = (counts.get(why, 0) for why in ("waiting-for-key", "unreadable", "malformed"))
    poison = sum(counts.values()) - waiting - unreadable - malformed
    parts = (
        (waiting, "wait for their key"),
        (unreadable, "never became readable"),
        (malformed, "were malformed"),
        (poison, "were quarantined"),
    )
    told = [f"{number} {what}" for number, what in parts if number]
    return f"Messages of the last 7 days that I could not act on: {', '.join(told)}." if told else ""


def app_refuses(accounts: Sequence[Account]) -> str:
    return (
        f"The app of {many(list(accounts))} refuses to send me its keys, so I can't read what they write. They should update the "
        "app, and verify me: !verify in our own chat."
    )


def no_purger() -> str:
    return (
        "No purger is set up. Photos are filed and their messages redacted, but the encrypted files stay on the homeserver: "
        "deleting them is beyond my reach, and every receipt says so."
    )


def alarm(account: Account, ref: str, words: str) -> str:
    """Tell of words that may mean an emergency, where nothing else does; `ref` is of the photo that they sent last, if any."""
    who = f"Whoever sent {ref} ({account})" if ref else str(account)
    return f"{who} wrote words that may mean an emergency: “{words}” Please call them."


def names_too_much(account: Account, most: int) -> str:
    """Tell the practice, once a day, however many come and whoever sends them."""
    return (
        f"A message from {account} names more than {most} files, as no app does. I look at the first {most} only; should there be "
        "others, they stay on the homeserver. I say this once a day at most."
    )


def sent_something_else(what: str) -> str:
    named = _THINGS.get(what, "another kind of message")  # the sender's app may name it as it likes
    return f"A patient sent something I can't take ({named}); they were told what to send instead."


_THINGS = {f"m.{name}": name for name in ("video", "audio", "file", "location", "sticker")}


def shown(image: Image, patient: Patient, *, said_why: bool = True) -> str:
    purpose = (image.purpose or Purpose.CARE).value
    why = MISFILED if image.misfiled else f"{purpose}: {reason_of(image)}" if said_why else purpose
    return (
        f"{image.ref}: {patient.name}, born {day(patient.born)}, MRN {patient.mrn}. Sent for {why}. "
        f"A picture can mislead in colour, size and sharpness: examine the patient where it matters."
    )


@sentence
def waits_for_match(ref: str) -> str:
    return f"{ref} waits to be matched: its sender did not say whose photo it is. !match {ref} MRN DATE-OF-BIRTH"


SOMEBODY_PAUSED = "The security identity of somebody enrolled has changed. They are paused until they use a new code or compare emoji (!verify @account): !status shows who."
SOMEBODY_LEFT_CHAT = "Somebody enrolled has left their chat with me, and is invited back. Until they come, nothing I say reaches them: please call."
MALFORMED = (
    "A message from somebody I don't know could not be read, so I did nothing with it. I say this once a day at most; !status "
    "counts them."
)
CAME_IN_CLEAR = "A photo came without encryption. It was not kept, and its sender was told how to send it safely."


@sentence
def preview_in_clear(ref: str) -> str:
    return (
        f"The small preview of {ref} came without encryption, so whoever runs the homeserver could see it. It goes with the photo; "
        "please ask its sender to update their app, or to use another one."
    )


BIRTHDAY_TROUBLE = (
    "An invitation is closed: somebody who has its code wrote a wrong date of birth three times. If a patient is waiting, please "
    "check with them the date you hold, and make a new one."
)
NOT_THEM = (
    "Somebody who had just used a patient's code, and knew the birthday, said that it is not them. Their access has ended: please find "
    "out who has the code, and make a new one."
)
DENIED_DETAILS = "Somebody with the right code said that the details were not theirs. The code is closed."


@sentence
def bot_was_removed() -> str:
    return "I was removed from one of my rooms. Nothing is lost; !status shows what waits."
