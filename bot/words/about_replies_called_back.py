"""What is said when a reply is called back: to whom it had reached, to whoever calls it back, and in the assessment (R25).

Its words are never said once more.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from zoneinfo import ZoneInfo

from .about_wrong_readers import being_taken_back
from .phrases import moment
from .sentence import sentence

NOT_ANY = "None of these"
CALLED_BACK = "called back"


class Where(Enum):
    """What is known of where a reply stands."""

    NOTED = "noted"
    ON_ITS_WAY = "on its way"  # nobody knows yet whether a try to send it got through
    NOT_NOTED = "not noted"  # a version of before sent it


_DONE = {
    Where.NOTED: "The reply about {ref} to {name} is being taken out of the chat. It has arrived, and can't be unread.",
    Where.ON_ITS_WAY: "The reply about {ref} to {name} was on its way. I have stopped it, but it may have arrived for a moment.",
    Where.NOT_NOTED: (
        "I can't take the reply about {ref} to {name} out of the chat: it was sent by an earlier version, which did not note where "
        "it stands. It has arrived. If it still stands there, only {name} can delete it."
    ),
}
STAYS = "The record keeps the reply, marked as called back."


def sent_by_mistake(ref: str, author: str, at: datetime, zone: ZoneInfo) -> str:
    """Tell whoever had it, whether or not they read it, without saying any of it."""
    return (
        f"What {author} wrote to you about {ref} ({moment(at, zone)}) was sent to you by mistake. I am taking it out of this chat. You "
        "may have read it already, and that can't be undone: please don't rely on it, keep it or pass it on, and delete every copy "
        "you have."
    )


def still_stands(ref: str, author: str, at: datetime, zone: ZoneInfo) -> str:
    """Ask for what nobody can do from here: a version of before did not note where the reply stands."""
    return (
        f"What {author} wrote to you about {ref} ({moment(at, zone)}) was sent to you by mistake, and I can't take it out of this chat "
        "myself. Please don't rely on it, keep it or pass it on, and delete it here and wherever you have a copy."
    )


TAKEN_OUT_OF_COPY = (
    "The copy that I sent you holds a reply that was not meant for the person it went to. I am taking the copy out of this chat: please "
    "delete every copy that you saved, too. For a new one, write: my copy"
)
STOPPED_COPY = (
    "The copy on its way to you held a reply that was not meant for the person it went to. I have stopped it, and a new one without "
    "the reply follows. If the earlier one came through: please delete every copy that you saved."
)
CALL_US = "If you have questions, please call {practice}."


def which_reply(ref: str) -> str:
    return f"Which reply about {ref} shall be called back? What has arrived can't be unread."


OLDER = "An older one"


def one_reply(author: str, at: datetime, reader: str, zone: ZoneInfo) -> str:
    return f"By {author}, {moment(at, zone)}, to {reader}"


@sentence
def none_called_back(ref: str) -> str:
    return f"No reply about {ref} was called back."


@sentence
def not_any_more(ref: str) -> str:
    return f"That reply about {ref} can't be called back any more, or was called back already."


def replies_too(ref: str) -> str:
    return f"Replies about {ref} are not called back by this. For those, write once more: !recall {ref}"


def stopped(ref: str, name: str) -> str:
    return f"Your words about {ref} had not reached {name}, and are not sent. {STAYS}"


def recalled(ref: str, name: str, breach: str, where: Where, *, told: bool) -> str:
    """Return what whoever calls it back hears: what is done, what can't be, and what is left to do by hand."""
    asked = f"I am asking {name} to delete every copy." if told else f"I can't reach {name}: please call them."
    done = _DONE[where].format(ref=ref, name=name)
    return f"{done} {asked} {STAYS} Recorded as {breach}; the managers assess it within 30 days."


def yours_was_called_back(ref: str, by: str, name: str) -> str:
    return f"{by} has called back your reply about {ref} to {name}."


def reached_wrongly(ref: str, author: str, at: datetime, name: str, where: Where, zone: ZoneInfo) -> str:
    reached = "may have reached" if where is Where.ON_ITS_WAY else "reached"
    return f"A reply about {ref}, written by {author} ({moment(at, zone)}), {reached} {name}. It was not for them, and was called back."


def stood_in_their_copy(name: str) -> str:
    return f"{name} had it in a copy of the record, which is being taken back; asked to delete what they saved"


def was_in_a_copy_on_its_way(name: str) -> str:
    return (
        f"a copy of the record that holds it was on its way to {name}: stopped, and taken back if a try to send it got through; "
        "a new copy without it follows"
    )


def taken_out(name: str, where: Where, messages: int) -> str:
    """Return the step that says what of it is taken out of the chats, as far as that is known."""
    match where:
        case Where.NOTED:
            return being_taken_back(name, messages)
        case Where.ON_ITS_WAY:
            return f"{name}: it was stopped on its way; if a try to send it got through, it is taken out of the chat"
        case Where.NOT_NOTED:
            return f"{name}: an earlier version sent it and did not note where it stands, so nothing was taken out of the chat"


def in_the_record(author: str, at: datetime, breach: str, zone: ZoneInfo) -> str:
    recorded = f" Recorded as {breach}." if breach else " It had not reached them."
    return f"A reply written by {author} ({moment(at, zone)}) was called back: it was not for the person it was sent to.{recorded}"
