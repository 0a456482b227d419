"""What the bot answers people who work here when they handle a photo: take it, look at it, note something of it."""

from __future__ import annotations

from .sentence import sentence


@sentence
def taken(ref: str) -> str:
    return f"{ref} is yours. !show {ref} shows it."


@sentence
def taken_by_another(ref: str, name: str) -> str:
    return f"{ref} was taken by {name} already."


# ---- notes


@sentence
def noted(ref: str) -> str:
    return f"Noted on {ref}. It goes into the record with the image."


@sentence
def noted_and_closed(ref: str) -> str:
    """Say the same of an outside clinician's image, whose case is open until it is discussed."""
    return f"Noted on {ref}. It goes into the record with the image, and its case is closed."


@sentence
def nothing_to_write_to(ref: str) -> str:
    return f"{ref} was not kept, so there is nothing to write to."


@sentence
def not_attested_yet(ref: str) -> str:
    return f"{ref} is not attested by its sender yet, so it isn't known whose record this would go to."


# ---- being shown


@sentence
def not_here(ref: str) -> str:
    return f"{ref} is not here to be shown."


@sentence
def not_shown_to_nobody(ref: str) -> str:
    return f"It isn't known yet whose photo {ref} is, so I don't show it."


@sentence
def taken_back(ref: str) -> str:
    return f"{ref} was taken back by its sender."


@sentence
def whose_must_be_settled(ref: str) -> str:
    return f"It must first be settled whose photo {ref} is. Please try again later."


@sentence
def shown_in_your_chat(ref: str) -> str:
    return f"{ref}: I show it in your own chat with me."


# ---- what was given up


@sentence
def tried_again(count: int) -> str:
    return f"Trying {count} again." if count else "Nothing was given up."
