"""What the bot says when it meets somebody: the code, who they are, welcome."""

from __future__ import annotations

from datetime import date

from bot.domain.built_in_texts import HOW_TO_SEE
from bot.domain.identifiers import Account
from bot.domain.people import Patient, Relation, Role
from bot.domain.texts import Texts

from .phrases import CAPACITY, day, many
from .sentence import sentence
from .typed import typed

GREETING = (
    "Hello. I am the photo assistant of {practice}. Please send me the code from your invitation; it looks like K7M-4QXD-9TRP. "
    "No code? Please ask the practice for one."
)


@sentence
def not_a_code(practice: str) -> str:
    return (
        "I can only read an invitation code here, like K7M-4QXD-9TRP. Please don't send photos in this chat: I don't keep them. "
        f"If you have no code, ask {practice} for one."
    )


@sentence
def code_wrong() -> str:
    return "That code isn't right. Please check it and try again."


@sentence
def code_locked(practice: str) -> str:
    return f"That code has been locked after too many tries. Please ask {practice} for a new one."


@sentence
def code_closed(practice: str) -> str:
    return f"That code can't be used any more. Please ask {practice} for a new one."


@sentence
def code_expired(practice: str) -> str:
    return f"That code has expired. Please ask {practice} for a new one."


UNSIGNED_LOBBY = (
    "Your app hasn't finished setting up secure messaging, so I can't be sure it is you. In your app's settings, open "
    "“Encryption” (or “Security”), set up recovery or verify this device, then send the code again."
)
NOT_ENCRYPTED_ROOM = (
    "This chat isn't encrypted, so I can't talk here. Please start a new chat with me with encryption switched on, "
    "and send your code there."
)


@sentence
def code_elsewhere() -> str:
    return "That looks like an invitation code, so I passed it on to nobody. To use it, please start a new chat with me and write it there."


@sentence
def birthday_locked(practice: str) -> str:
    return (
        f"That date of birth doesn't go with this code either, so the code is closed now. Please ring {practice}: they check the details "
        "with you, and give you a new one."
    )


def _whose_birthday(relation: Relation | None) -> str:
    return "your date of birth" if relation is Relation.SELF else "the date of birth of the patient you answer for"


@sentence
def code_is_right(relation: Relation | None) -> str:
    return f"Thank you, the code is right. What is {_whose_birthday(relation)}? Please write it like 7 March 1984."


@sentence
def no_birthday(relation: Relation | None, practice: str) -> str:
    return (
        f"To go on I need {_whose_birthday(relation)}: please write it like 7 March 1984. Is this code not meant for you? Then please leave it, and tell "
        f"{practice}."
    )


@sentence
def wrong_birthday(written: date, relation: Relation | None) -> str:
    return (
        f"{day(written)} doesn't go with this code. Please check them both. Then write {_whose_birthday(relation)} again, like 7 March "
        "1984. After three wrong dates the code is closed."
    )


def who_you_are(name: str, patient: Patient, relation: Relation) -> str:
    """Say who somebody is here, once they have shown that they know."""
    who = f"{patient.name}, born {day(patient.born)}"
    said = f"You are {who}." if relation is Relation.SELF else f"You are {name}, the {CAPACITY[relation]} of {who}."
    return f"{said} If that is wrong, please send no photo.{typed(' To tell me so, write: not me')}"


def answers_for_too(patient: Patient) -> str:
    return f"Done. You now also answer for {patient.name}, born {day(patient.born)}. When you send a photo I will ask whose it is."


@sentence
def is_this_you(name: str, role: Role) -> str:
    return f"Thank you, the code is right. Are you {name}, joining as {role.value}? Please answer yes or no."


@sentence
def not_you_after_all(practice: str) -> str:
    return f"Thank you for saying so. This chat is ended, and what stood in it is taken back. {practice} hears it, and will help you."


@sentence
def room_ready() -> str:
    return "Thank you. Please go on in our own private chat; if your app shows an invitation to it, accept it and write to me there."


@sentence
def not_you(practice: str) -> str:
    return f"Thank you for saying so. The code is now closed. Please ask {practice} for a new one."


def welcome_patient(texts: Texts, practice: str) -> str:
    return texts.render("welcome_patient", practice=practice, how=typed(HOW_TO_SEE))


def welcome_staff(practice: str, roles: frozenset[Role]) -> str:
    return f"Welcome to {practice}, as {many(sorted(role.value for role in roles))}. This is your own chat with me. Write !help to begin."


def new_account(homeserver: str, token: str) -> str:
    return (
        f"No account for a chat app yet? In the app (such as Element) choose the server {homeserver} and create an account.\n"
        f"Your registration token: {token}"
    )


def invitation(
    code: str, bot_account: Account, fingerprint: str, expires: str, new_account: str, link: str | None = None
) -> str:
    lines = [
        "Invitation to hand over, in person or by a channel you trust:",
        f"Code: {code}",
        f"Write it to: {bot_account}",
        f"It works once, until {expires}.",
    ]
    if new_account:
        lines.append(new_account)
    if link:
        lines.append(f"No app? This link opens a page to send from, in any browser: {link}")
    lines.append(f"The bot's fingerprint: {grouped(fingerprint)}")
    return "\n".join(lines)


def grouped(key: str) -> str:
    return " ".join(key[i : i + 4] for i in range(0, len(key), 4))
