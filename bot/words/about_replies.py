"""What the bot says of replies: to whom a clinician's words about a photo go, and why some go to nobody (R29)."""

from __future__ import annotations

from .sentence import sentence

REACHED_NOBODY = "This reply did not reach the person it was written to: they did not answer for the patient then, or their account was on hold."
NOT_SENT = "Don't send it"


@sentence
def asked_whom() -> str:
    return "Whom it is for, I ask you in your own chat."


def did_not_reach(ref: str, name: str) -> str:
    return (
        f"Your reply about {ref} did not reach {name}: they don't answer for its patient now, or their account is on hold. "
        f"The record says so. To write to somebody else: !reply {ref} your words"
    )


def whom_to_reach(ref: str) -> str:
    return (
        f"Whom are your words about {ref} for? Please choose: who sent the photo is not the one to hear of it now. "
        "Nothing is sent before you choose, and after an hour the words are dropped."
    )


def others_wrote(ref: str) -> str:
    return (
        f"Whom are your words about {ref} for? Somebody who did not send it has written about it since the last reply. "
        "Nothing is sent before you choose, and after an hour the words are dropped."
    )


@sentence
def on_its_way(ref: str, name: str) -> str:
    return f"On its way to {name}, and to the record ({ref})."


@sentence
def dropped(ref: str) -> str:
    return f"Nobody was chosen for your reply about {ref}, so it was neither sent nor kept."


@sentence
def not_sent(ref: str) -> str:
    return f"Not sent, and not kept ({ref})."


@sentence
def may_not_hear_now(ref: str, name: str) -> str:
    return (
        f"Nothing was sent: {name} is not the one to hear of {ref} any more. Please write it again, and choose anew: "
        f"!reply {ref} your words"
    )


@sentence
def nobody_to_reach(ref: str) -> str:
    return (
        f"Nothing was sent: nobody who answers for the patient of {ref} has an account here that may hear of it. Please call them. "
        f"!note {ref} keeps the words."
    )


@sentence
def sender_not_here(ref: str, name: str) -> str:
    return f"Nothing was sent: {name}, who sent {ref}, can't be reached here any more. !note {ref} keeps the words."


@sentence
def whose_first(ref: str) -> str:
    return (
        f"It isn't known yet whose photo {ref} is, so words about it have nobody to go to. "
        f"As soon as it is (!match {ref}), please write it again; !note {ref} keeps them meanwhile."
    )


@sentence
def doubted(ref: str, verb: str) -> str:
    return (
        f"Nothing was sent: {ref} is on hold, because it may show somebody else. Once it is settled whose it is ({verb}) "
        f"and that they agree (!keep), please write it again; !note {ref} keeps the words meanwhile."
    )


@sentence
def being_moved(ref: str) -> str:
    return f"{ref} is just being moved to another record. Please try again in a moment."


def reply_from(name: str, ref: str, text: str) -> str:
    return f"{name} about {ref}:\n{text}"
