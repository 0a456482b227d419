"""What the bot says about comparing emoji. The person being checked never sees the emoji here: they read them out from their app."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.identifiers import Account

from .sentence import sentence


@sentence
def asked(practice: str) -> str:
    return (
        f"I have asked your app to compare emoji with me; please accept it there. Then call {practice}, or go to the desk, and keep "
        "your app at hand."
    )


ASKED_OF = "I have asked the app of {who} to compare emoji. When they accept, the emoji come here. Please have them on the phone, or before you."
SHOWN = (
    "Your app now shows seven emoji. Please call {practice}, or go to the desk, and read them out. Tap “they match” in your app "
    "only when the practice says that theirs are the same. I don't show them here on purpose: two screens must be compared."
)
VERIFIED = "Thank you. The emoji were the same: your app and I know each other now, and nobody is in between."
DIFFERENT = "The emoji were not the same, so nothing was changed. Please tap “they don't match” in your app, and call {practice}."
ENDED = "The emoji check has ended, and nothing was changed. To try again, write “{command}”."


@sentence
def too_often() -> str:
    return "There were several emoji checks in the last hour. Please wait an hour, or call the practice."


@sentence
def others_only() -> str:
    return "You can ask for a check with yourself: please write !verify. A check with somebody else is for a manager to ask."


@sentence
def over(account: str) -> str:
    return f"That check is over, so nothing was changed. They can start again: !verify {account}"


@sentence
def same_noted() -> str:
    return "Noted: the same. I am finishing it with their app; they should tap “they match” now."


@sentence
def different_noted() -> str:
    return (
        "Noted: not the same. Nothing was changed. Please check that you spoke to the right person and compared in order. If it "
        "happens again, somebody may be listening in between: use no photo from that account, and ask whoever looks after the computer."
    )


@sentence
def clinician_not_verified() -> str:
    return (
        "This practice compares emoji with every clinician before photos come or go. It takes two minutes: please call a manager, then "
        "write !verify and follow your app."
    )


SOMEBODY_DIFFERENT = (
    "Emoji were compared with somebody enrolled, and were not the same. Nothing was changed. Managers know who."
)
SOMEBODY_BACK = "Somebody who was paused has compared emoji with the practice and is heard again."
ANSWERS = (("same", "The same, in this order"), ("different", "Not the same"))


def compare(name: str, account: Account, emoji: Sequence[str], new_identity: bool) -> str:
    """Ask a manager, who is not the person checked, to compare."""
    lines = [f"{name}, {account}, compares emoji with me. Their app should show, in this order:", ""]
    lines += [f"{number}. {pair}" for number, pair in enumerate(emoji, 1)]
    lines += ["", "Are you sure it is them, on the phone or before you, and do they read out the same?"]
    if new_identity:
        lines.append("Their security identity is a new one: if you say yes, they are heard under it from now on.")
    return "\n".join(lines)


def verified_to(name: str, account: Account) -> str:
    return f"Done: {name}, {account}, is verified."


def not_finished(name: str, account: Account) -> str:
    """Tell a manager who said that they were the same: their app, or I, went away before it was done."""
    return f"The emoji check with {name}, {account}, ended before it was finished. Nothing was changed. To try again: !verify {account}"
