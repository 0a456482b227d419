"""What the bot says when a phone is lost, or may be: to its owner, to whoever reported it, to the practice."""

from __future__ import annotations

from bot.domain.identifiers import Account
from bot.domain.people import Person

from .sentence import sentence

PERHAPS_LOST = "Is your phone lost, or in somebody else's hands?"
LOST_IN_WORDS = "If it is, please tap yes below, or write “my phone is lost”: I send nothing more to it, and the practice lets you in again."


@sentence
def not_lost() -> str:
    return "Good. Nothing changes."


LOST = (
    "A phone of yours was reported lost, so I have stopped sending here and taken back what I could. What to do, from another "
    "device: sign the lost one out in your app's settings (“Sessions” or “Devices”), reset your security identity there "
    "(“Encryption”), change your password, and have the phone wiped from afar if you can. Then ask {practice} for a new code, "
    "start a new chat with me and write it there."
)


@sentence
def revoked() -> str:
    return (
        "This security identity was on a phone that was reported lost, so I can't accept it any more. In your app's settings, open "
        "“Encryption” and reset your identity; then write the code again. It still works."
    )


@sentence
def identity_was_lost() -> str:
    return "That security identity was on a lost phone, so it is not accepted any more."


@sentence
def lost_by_colleague() -> str:
    return "That a colleague has lost a phone is for a manager to say, or for themselves from another device (!lost). Please call a manager."


SOMEBODY_LOST_A_PAGE = (
    "Somebody enrolled has lost the phone with their page. The page has ended; to go on they need a new link."
)
SOMEBODY_LOST_A_PHONE = "Somebody enrolled has lost a phone. They are paused, and get nothing from me until they use a new code: !status shows who."


def paused_for_lost(person: Person, by_name: bool) -> str:
    """Tell that somebody is paused; by name, too, where no patient's name comes into a room that others read."""
    who = f"{person.name} ({person.account})" if by_name else person.account
    return f"{who} is paused: no device of theirs gets anything from me. They need a new code; a manager or reception makes it."


def paused_with_code(name: str, account: Account) -> str:
    return (
        f"{name}, {account}, is paused: no device of theirs gets anything from me. When they have signed the lost phone out and "
        "reset their security identity, this code lets them back in:"
    )


def page_is_lost(person: Person, by_name: bool) -> str:
    """Tell that a page has ended for good; by name, too, where no patient's name comes into a room that others read."""
    who = f"The page of {person.name} ({person.account})" if by_name else f"The page {person.account}"
    return (
        f"{who} has ended, and what stood in it is taken back. They need a new link; a manager or reception makes it."
    )
