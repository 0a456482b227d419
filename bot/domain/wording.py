"""Every sentence the bot says, in one place. Short, kind, plain; no name where a name is not needed.

Those a practice may replace are templates (`built_in_texts`), given here the values they speak of; a consent keeps the exact
words somebody saw, and their version.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from .built_in_texts import AGREED_ONLY, CAUTION, FOR_ADVICE_ONLY, FREEDOM, IT_STAYS, NOTHING_ELSE
from .image import HeldFor, Image, State
from .people import Patient, Person, Relation, Role
from .purposes import NOT_STATED, Purpose, spoken
from .texts import DIRECTION, Texts
from .use import Use
from .uses import Relatedness


def day(born: date) -> str:
    return f"{born.day} {born:%B %Y}"


def moment(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{local.day} {local:%b %Y, %H:%M}"


def quoted(text: str, longest: int = 300) -> str:
    """Somebody's own words inside ours: one line, bounded, and unable to reorder or hide the words around them."""
    visible = "".join(c if c.isprintable() and c not in DIRECTION else " " for c in text)
    line = " ".join(visible.split())
    return f"“{line if len(line) <= longest else line[: longest - 1].rstrip() + '…'}”"


def many(refs: Sequence[str]) -> str:
    return refs[0] if len(refs) == 1 else ", ".join(refs[:-1]) + " and " + refs[-1]


# ---- meeting somebody

GREETING = (
    "Hello. I am the photo assistant of {practice}. Please send me the code from your invitation; it looks like K7M-4QXD-9TRP. "
    "No code? Please ask the practice for one."
)
NOT_A_CODE = (
    "I can only read an invitation code here, like K7M-4QXD-9TRP. Please don't send photos in this chat: I don't keep them. "
    "If you have no code, ask {practice} for one."
)
CODE_WRONG = "That code isn't right. Please check it and try again."
CODE_LOCKED = "That code has been locked after too many tries. Please ask {practice} for a new one."
CODE_CLOSED = "That code can't be used any more. Please ask {practice} for a new one."
CODE_EXPIRED = "That code has expired. Please ask {practice} for a new one."
UNSIGNED_LOBBY = (
    "Your app hasn't finished setting up secure messaging, so I can't be sure it is you. In your app's settings, open "
    "“Encryption” (or “Security”), set up recovery or verify this device, then send the code again."
)
NOT_ENCRYPTED_ROOM = (
    "This chat isn't encrypted, so I can't talk here. Please start a new chat with me with encryption switched on, "
    "and send your code there."
)


def is_this_you(patient: Patient, relation: Relation, name: str) -> str:
    who = f"{patient.name}, born {day(patient.born)}"
    if relation is Relation.SELF:
        return f"Thank you, the code is right. Are you {who}? Please answer yes or no."
    return f"Thank you, the code is right. Are you {name}, answering for {who}, as {_as(relation)}? Please answer yes or no."


def is_this_you_colleague(name: str, role: Role) -> str:
    return f"Thank you, the code is right. Are you {name}, joining as {role.value}? Please answer yes or no."


def _as(relation: Relation) -> str:
    return {
        Relation.PARENT: "their parent",
        Relation.GUARDIAN: "their guardian",
        Relation.CHILD: "their grown-up child",
        Relation.DECISION_MAKER: "their decision maker",
        Relation.SELF: "yourself",
    }[relation]


ROOM_READY = "Thank you. Please go on in our own private chat; if your app shows an invitation to it, accept it and write to me there."
NOT_YOU = "Thank you for saying so. The code is now closed. Please ask {practice} for a new one."
ANSWERS_FOR_TOO = "Done. You now also answer for {who}. When you send a photo I will ask whose it is."


def welcome_patient(texts: Texts, practice: str) -> str:
    return texts.render("welcome_patient", practice=practice)


def welcome_staff(practice: str, roles: frozenset[Role]) -> str:
    return f"Welcome to {practice}, as {many(sorted(role.value for role in roles))}. This is your own chat with me. Write !help to begin."


def invitation(code: str, bot_account: str, fingerprint: str, expires: str, token: str) -> str:
    lines = [
        "Invitation to hand over, in person or by a channel you trust:",
        f"Code: {code}",
        f"Write it to: {bot_account}",
        f"It works once, until {expires}.",
    ]
    if token:
        lines.append(f"No Matrix account yet? Registration token for our own server: {token}")
    lines.append(f"The bot's fingerprint: {grouped(fingerprint)}")
    return "\n".join(lines)


def grouped(key: str) -> str:
    return " ".join(key[i : i + 4] for i in range(0, len(key), 4))


CODE_TROUBLE = "An invitation was locked after five wrong tries. If somebody is waiting for it, please make a new one."


# ---- a photo from a patient

ASK_REASON = "Thank you. What is the photo about? A few words are enough, for example “rash on my arm, three days”."
ASK_PATIENT = "Whose photo is it? Please answer with the number:\n{choices}"
ASK_PATIENT_AND_REASON = "Whose photo is it, and what is it about? Please answer with the number and a few words, for example “1 rash”:\n{choices}"


def choices(patients: Sequence[Patient]) -> str:
    return "\n".join(f"{number}. {who.name}, born {day(who.born)}" for number, who in enumerate(patients, 1))


def consent(texts: Texts, purpose: Purpose, capacity: Relation = Relation.SELF) -> str:
    """The exact words of implied consent (R1), shown in the acknowledgement and kept with the consent."""
    words = texts.render("consent", purpose=spoken(purpose), nothing_else=NOTHING_ELSE)
    return words if capacity is Relation.SELF else f"{words} You answer as {_as(capacity)}."


def received(texts: Texts, images: Sequence[Image], patient: Patient | None, capacity: Relation = Relation.SELF) -> str:
    """One message back: reference, purpose and reason as recorded, what consent covers, how to correct it."""
    first = images[0]
    purpose = first.purpose or Purpose.CARE
    return texts.render(
        "received",
        photos="photo" if len(images) == 1 else "photos",
        refs=many([image.ref for image in images]),
        whose=f", of {patient.name}, born {day(patient.born)}" if patient else "",
        purpose=spoken(purpose),
        reason="Reason not stated" if first.reason == NOT_STATED else f"Reason: {quoted(first.reason)}",
        consent=consent(texts, purpose, capacity),
        example=first.ref if len(images) == 1 else "IMG-…",
    )


def first_answer(texts: Texts, emergency_text: str, outside_hours: str) -> str:
    return texts.render("first_answer", emergency=emergency_text, hours=outside_hours)


CAPTURE_FAILED: Mapping[str, str] = MappingProxyType(
    {
        "gone": "The photo was no longer on the server when I went to fetch it.",
        "too-large": "The photo is larger than {largest} MB, which is more than I can take.",
        "empty": "The photo arrived empty.",
        "wrong-hash": "The photo was damaged on its way.",
        "bad-attachment": "The photo arrived in a form I can't open safely.",
        "several-pictures": "That file holds several pictures, and I can keep one at a time. Please send each as a photo, or all as a PDF.",
        "not-kept": "That file isn't a kind I can keep. Please send a photo (JPEG, PNG, HEIC or WebP) or a PDF.",
    }
)


def capture_failed(ref: str, because: str, largest_mb: int) -> str:
    what = CAPTURE_FAILED.get(because, "I couldn't fetch the photo.").format(largest=largest_mb)
    again = (
        ""
        if because in {"not-kept", "several-pictures"}
        else " Please send it again" + (" in a smaller size." if because == "too-large" else ".")
    )
    return f"{what} Nothing was kept ({ref}).{again}"


def duplicate(of_ref: str) -> str:
    return f"I already have this photo as {of_ref}; it is kept once. Your words with it are passed on."


def asked_to_withdraw(ref: str) -> str:
    return f"You deleted {ref} from the chat. Should it be withdrawn, so that it does not go into your record? Please answer yes or no."


def discarded(ref: str) -> str:
    return f"Done. {ref} was withdrawn before it reached your record. It has been destroyed here and removed from the chat."


def it_stays(ref: str) -> str:
    return (
        f"{ref} is already in your record. Health records must be kept by law, so it stays there, seen only by those who care "
        "for you. To stop any other use, please talk to the practice."
    )


def kept(ref: str) -> str:
    return f"All right, {ref} stays and goes into the record."


def corrected(ref: str, purpose: Purpose, reason: str) -> str:
    return f"Corrected. {ref}: for {spoken(purpose)}, {quoted(reason)}. The earlier words stay on file beside it."


UNSUPPORTED = {
    "m.video": "I can't take videos.",
    "m.audio": "I can't take voice messages.",
    "m.location": "I can't take locations.",
    "m.sticker": "I can't take stickers.",
    "m.file": "I can't take this kind of file.",
    "unencrypted-file": "That photo was sent without encryption, so I did not open it.",
}


def unsupported(what: str) -> str:
    return f"{UNSUPPORTED.get(what, 'I can’t take that.')} Please send a photo, with a few words about it. Nothing was kept."


SENT_IN_CLEAR = (
    "Your message came without encryption, so I did not act on it. Please update your app, or write from another one."
)
UNCLEAR_ANSWER = (
    "I have passed your words on, but I can't count them as an answer: only a clear yes or no. Please tap one above, or write "
    "“yes {number}” or “no {number}”. If you agree to a part only, answer no: the practice can ask again for that part."
)
REACTION_IS_NO_ANSWER = "I can't count a reaction as an answer: reactions travel unencrypted. Please tap an answer, or write it with its number."
ONE_ANSWER = "I need exactly one answer. Please tap one of them."
UNSIGNED = (
    "Your message came from a device that isn't verified as yours, so I did not act on it. Please verify this device in your "
    "app's settings (“Encryption” or “Security”), then send it again."
)
UNREADABLE = "I couldn't read your last message: its key never reached me. Please send it again."
IDENTITY_CHANGED = (
    "Your app's security identity has changed, so I can't be sure it is you. Nothing is lost. Please ask {practice} for a new "
    "code, then start a new chat with me and write it there. Or verify me by emoji in your app, with the practice on the phone."
)
NOTHING_TO_PASS_ON = (
    "I can pass on words about a photo you sent. To begin, please send the photo. For anything else, call {practice}."
)
PASSED_ON = "Thank you, I have passed that on ({ref})."
CAPTION_CUT = "reason shortened; the whole text is on file"


def reply_from(name: str, ref: str, text: str) -> str:
    return f"{name} about {ref}:\n{text}"


def words_from_patient(ref: str, text: str) -> str:
    return f"The patient writes about {ref}:\n{quoted(text, 2000)}"


# ---- the practice


def announcement(image: Image, taker: str, again: bool = False) -> str:
    """What the practice room sees: reference and reason, no name."""
    start = "Still waiting" if again else "New image"
    if image.state is State.DISCARDED:
        return f"{image.ref}: not kept."
    reason = "not stated yet" if image.purpose is None else f"{quoted(image.reason)}"
    purpose = "" if image.purpose in {None, Purpose.CARE} else f" For {spoken(image.purpose or Purpose.CARE)}."
    held = f" On hold: {HELD[image.held_for]}." if image.state is State.HELD and image.held_for else ""
    taken = f"{taker} has taken it." if taker else f"Nobody has taken it yet: !mine {image.ref}"
    return f"{start} {image.ref} from a patient. Reason: {reason}.{purpose}{held} {taken}"


HELD: Mapping[HeldFor, str] = MappingProxyType(
    {
        HeldFor.SENDER_DELETED: "the sender deleted it from the chat and was asked whether to withdraw it",
        HeldFor.WITHDRAWAL: "it is being withdrawn",
        HeldFor.SOMEBODY_ELSE: "its sender says that it shows somebody else, who must agree first",
        HeldFor.FILING_FAILED: "it could not be filed",
        HeldFor.READ_BACK_DIFFERED: "what the record gave back was not what was filed; the chat copies are kept",
        HeldFor.IDENTITY_CHANGED: "the sender's security identity changed",
        HeldFor.UNATTESTED: "the colleague who sent it has not attested it",
    }
)


def needs_a_person(image: Image) -> str:
    why = HELD[image.held_for] if image.held_for else "something is unclear"
    if image.held_for is HeldFor.SOMEBODY_ELSE:
        verb = "!refile" if image.in_record else "!match"
        return (
            f"{image.ref} needs a person: {why}. Nobody is shown it. Whose it is: {verb} {image.ref} MRN DATE-OF-BIRTH. "
            f"When that person agrees: !keep {image.ref}. Otherwise: !discard {image.ref}."
        )
    return f"{image.ref} needs a person: {why}. To file it: !keep {image.ref}. To discard it: !discard {image.ref}."


def on_duty(image: Image) -> str:
    return f"You are on duty: {image.ref} has not been taken by anyone. Reason: {quoted(image.reason or NOT_STATED)}. !show {image.ref}"


def stuck(kind: str, trouble: str) -> str:
    what = DOING.get(kind, kind)
    return f"Something needs attention: {what} could not be completed ({trouble}). Nothing is lost. See !status, or run consentry doctor."


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
        "say": "a message to somebody",
        "ask": "a question to somebody",
        "reserve-picture": "showing a picture",
        "show-picture": "showing a picture",
        "erase-copy": "removing a copy from a chat",
        "open-room": "opening a chat",
        "invite": "an invitation into a chat",
        "join-room": "entering a chat",
        "leave-room": "leaving a chat",
        "remind": "a reminder",
    }
)


def clock_jumped(by: timedelta) -> str:
    minutes = abs(by) // timedelta(minutes=1)
    way = "forward" if by > timedelta(0) else "back"
    return (
        f"The clock of the computer I run on was set {way} by {minutes} minutes. Deadlines were moved with it. Please check the time "
        "there: consentry doctor."
    )


def set_aside(counts: Mapping[str, int]) -> str:
    """What arrived and could not be acted upon, in one line; "" when there is none."""
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


def app_refuses(accounts: Sequence[str]) -> str:
    return (
        f"The app of {many(list(accounts))} refuses to send me its keys, so I can't read what they write. They should update the "
        "app, and verify me: !verify in our own chat."
    )


def no_purger() -> str:
    return (
        "No purger is set up. Photos are filed and their messages redacted, but the encrypted files stay on the homeserver: "
        "deleting them is beyond my reach, and every receipt says so."
    )


def sent_something_else(what: str) -> str:
    return f"A patient sent something I can't take ({what.removeprefix('m.')}); they were told what to send instead."


def shown(image: Image, patient: Patient) -> str:
    reason = quoted(image.reason or NOT_STATED)
    return (
        f"{image.ref}: {patient.name}, born {day(patient.born)}, MRN {patient.mrn}. Sent for {(image.purpose or Purpose.CARE).value}: {reason}. "
        f"A picture can mislead in colour, size and sharpness: examine the patient where it matters.{_original(image)}"
    )


def _original(image: Image) -> str:
    """Secondary and third-party images carry it wherever they are shown (R20)."""
    return f" {REVIEW_ORIGINAL}" if image.needs_its_original else ""


REVIEW_ORIGINAL = "Please review the original on its own platform."


# ---- what is held about me (R24)


def held_image(
    image: Image, patient: Patient, viewers: Sequence[str], shared: Sequence[tuple[str, Purpose]], zone: ZoneInfo
) -> str:
    state = {
        State.VERIFIED: "in your record",
        State.FILED: "being checked in your record",
        State.READY: "on its way to your record",
        State.CAPTURED: "kept safely, waiting for your answer",
        State.RECEIVED: "being fetched",
        State.HELD: "on hold, a person will look",
    }[image.state]
    nobody = [] if shared else ["Not seen by anyone yet."]
    seen = [f"Seen by {many(viewers)}."] if viewers else nobody
    given = [
        f"Shown to {name} {'for advice' if purpose is Purpose.CARE else f'for {spoken(purpose)}, as you agreed'}."
        for name, purpose in shared
    ]
    ended = ["You stopped any other use."] if image.stopped else []
    return (
        f"{image.ref}, {moment(image.received_at, zone)}, of {patient.name}: {state}. "
        f"For {spoken(image.purpose or Purpose.CARE)}, {quoted(image.reason or NOT_STATED)}. "
        f"{' '.join(seen + given + ended)}"
    )


NOTHING_HELD = "We hold no images from you."
WAITS_FOR_MATCH = "{ref} waits to be matched: its sender did not say whose photo it is. !match {ref} MRN DATE-OF-BIRTH"
SOMEBODY_PAUSED = "The security identity of somebody enrolled has changed. They are paused until they use a new code or compare emoji (!verify @account): !status shows who."
CAME_IN_CLEAR = "A photo came without encryption. It was not kept, and its sender was told how to send it safely."
STRANGER = (
    "I don't know you here, so I kept nothing. If you belong to {practice}, please ask them for an invitation code."
)
DENIED_DETAILS = "Somebody with the right code said that the details were not theirs. The code is closed."

NOT_YOUR_QUESTION = "That question wasn't yours to answer, so nothing was done."
ANSWERED_ALREADY = (
    "That question is answered already; the first answer stays. To change your mind, please write it in words."
)
CONSENT_ANSWERED_ALREADY = (
    "That question is answered already; the first answer stays. If you agreed and want to take it back, write “withdraw” and the "
    "reference: it is stopped at once. If you want to agree after all, please tell the practice, and they can ask again."
)
QUESTION_EXPIRED = "That question has expired, so nothing was done. The practice can ask again."


# ---- uses


def does_it_concern(image: Image, number: str) -> str:
    asked = f"{image.ref} was sent for {quoted(image.reason)}. Does your question concern that?"
    return f"{asked} Please tap, or write “yes {number}” or “no {number}”."


CASE_OPENS = "Recorded. I am opening a room for {ref} with both of you; please go on there."
NOT_SHARED = "this use is not possible, so nothing was shared."


def case_intro(texts: Texts, asker: str, image: Image, question: str) -> str:
    return texts.render(
        "case_intro",
        asker=asker,
        ref=image.ref,
        reason=quoted(image.reason),
        question=quoted(question, 1000),
        caution=CAUTION + _original(image),
        limits=FOR_ADVICE_ONLY,
    )


def case_picture(image: Image) -> str:
    return f"{image.ref}, for advice on {quoted(image.reason)}. {CAUTION}{_original(image)}"


KEEP_A_COPY = (
    "The discussion is filed. Your own duty to keep records may ask for a copy: if you need one, save the picture to your own "
    "record now. Then please answer; after that this room is cleared."
)
CASE_FILED = "Filed with the image. When your colleague has answered about their own copy, this room is cleared."
CASE_ENDS = "This case is closed. What was shown and said here is being removed. You may leave the room."
CASE_IS_OVER = (
    "This case is closed, so I did not keep your message. For a new question, please start a new case: !forward"
)
CASE_STILL_OPEN = "This case is still open. Whoever asked closes it with: !close and a summary. “No discussion took place” is one too."


def case_overdue(asker: str, image: Image) -> str:
    return f"A case of {asker} about {image.ref} is still open without a summary. Please ask them to close it."


def request_for_consent(
    texts: Texts,
    use: Use,
    images: Sequence[Image],
    patient: Patient,
    asker: Person,
    names: Sequence[str],
    zone: ZoneInfo,
) -> str:
    """Everything a specific consent must tell (RULES.md), whatever the practice put in place of our words.

    `names` of the recipients, in their order.
    """
    recipients = [f"{name} ({account})" for name, account in zip(names, use.recipients, strict=True)]
    return texts.render(
        "request_for_consent",
        asker=asker.name,
        role=many(sorted(role.value for role in asker.roles)),
        refs=many([image.ref for image in images]),
        patient=patient.name,
        reason=quoted(images[0].reason or NOT_STATED),
        purpose=_asked_for(use),
        venue=f", in {quoted(use.venue)}" if use.venue else "",
        how=quoted(use.how),
        seen_by=quoted(use.seen_by),
        recipients=many(recipients),
        recognisable=_recognisable(use, asker),
        until=_last_day(use, zone),
        freedom=FREEDOM,
    )


def _asked_for(use: Use) -> str:
    if use.is_advice:
        related = use.relatedness is Relatedness.RELATED
        return f"advice from a colleague, about {'what' if related else 'something else than'} it was sent for"
    return f"{spoken(use.purpose)}, which is not part of your care"


def _recognisable(use: Use, asker: Person) -> str:
    """The requester's own estimate, said as that: nobody can promise it (R10)."""
    estimate = {"no": "probably not", "possibly": "possibly", "yes": "yes"}.get(use.recognisable)
    said = estimate or quoted(use.recognisable, 100)
    return f"{asker.name} says: {said}." + ("" if use.recognisable == "yes" else " Nobody can be certain of that.")


def _last_day(use: Use, zone: ZoneInfo) -> str:
    return day(use.until.astimezone(zone).date()) if use.until else "it is withdrawn"


CONSENT_QUESTION = "May {refs} be used as described above?"
OR_IN_WORDS = "Please answer with a tap below, or in words: “yes {number}”, “no {number}” or “ask me later {number}”."
PATIENT_IS_ASKED = "The patient is asked. Nothing is shared unless they agree; you will hear either way."
NOBODY_CAN_ANSWER = (
    "Nobody who may answer for this patient has an account here, so they can't be asked this way. Nothing was shared."
)
LATER = "All right. You can answer until {until}, above or in words. No answer means no."
THANKS_YES = "Thank you. It is recorded that you agree. You can take it back any time: “withdraw {ref}”."
THANKS_NO = (
    "Thank you. It is recorded that you don't agree. Nothing is shared, and it makes no difference to your care."
)


def not_agreed(images: Sequence[Image]) -> str:
    """To the requester, without reasons (R13)."""
    return f"{many([image.ref for image in images])}: this use was not agreed to, so nothing was shared."


def consent_reminder(images: Sequence[Image], number: str) -> str:
    refs = many([image.ref for image in images])
    return f"A question about {refs} is still open. Please answer it above, or write “yes {number}” or “no {number}”. No answer means no."


def terms(texts: Texts, use: Use, zone: ZoneInfo) -> str:
    return texts.render(
        "terms",
        purpose=spoken(use.purpose),
        venue=f", in {quoted(use.venue)}" if use.venue else "",
        how=quoted(use.how),
        seen_by=quoted(use.seen_by),
        until=_last_day(use, zone),
        limits=AGREED_ONLY,
    )


def shared_picture(use: Use) -> str:
    return f"For {spoken(use.purpose)} only, as agreed."


def stopped(texts: Texts, ref: str, uses: int, beyond: Sequence[str]) -> str:
    ended, may_have = "", ""
    if uses:
        ended = f"{uses} use{'s were' if uses > 1 else ' was'} stopped, and the copies in this chat system are removed."
    if beyond:
        names = many(list(dict.fromkeys(beyond)))
        may_have = f"{names} may have saved a copy, which I can't reach: I told them to delete it."
    return texts.render("stopped", ref=ref, ended=ended, beyond=may_have, stays=IT_STAYS)


def use_stopped(ref: str) -> str:
    return f"{ref}: this use was stopped, and the copies I can reach are removed. Please don't use the picture any further."


def please_delete(use: Use) -> str:
    what = "you were asked about" if use.is_advice else f"you got for {spoken(use.purpose)}"
    kept = " What you had to file in a patient's record stays there, as the law asks." if use.is_advice else ""
    return (
        f"The picture {what} may not be used any longer. Please delete every copy you have, also from “recently deleted” and "
        f"backups.{kept}"
    )


def period_over(use: Use) -> str:
    return (
        f"The time agreed for the picture you got for {spoken(use.purpose)} is over. Please delete every copy you have."
    )
