"""What is said once it is found that words and pictures reached somebody whom they were not about (R15, R25, R30).

What was read is never said once more; nor does anybody outside the practice hear whose it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.people import Patient, Person

from .phrases import many

MOST_NAMED = 10  # photos
COPY_NOT_YOURS = "The copy of your record that I sent you held a picture that is not yours ({ref})."
WORDS_NOT_YOURS = "What you read here about {ref} was not about you: it had been filed in the wrong record."
OUR_MISTAKE = "That was our mistake. Please delete it everywhere, don't rely on it, don't use it or pass it on, and call the practice."
COPY_TAKEN_BACK = "I am taking the copy out of this chat. For a new one, write: my copy"
NEVER_THEIRS = "found that the code had reached the wrong person"
TO_BE_CALLED = "not told from here: please decide how, and ask them to delete what they saved"


def not_yours(ref: str, *, copied: bool, read: bool, copy_stood: bool) -> str:
    """Return what somebody hears who got a picture, or words about it, that were somebody else's."""
    said = [COPY_NOT_YOURS.format(ref=ref)] if copied else []
    said += [WORDS_NOT_YOURS.format(ref=ref)] if read else []
    return " ".join([*said, OUR_MISTAKE, *([COPY_TAKEN_BACK] if copy_stood else [])])


def what_reached(copied: Sequence[str], replies: int, asked: int, *, other: bool) -> str:
    """Return what reached somebody, as a breach names it: `copied` are the photos in copies of the record."""
    parts = [f"a copy of the record with {_some(copied)}"] if copied else []
    parts += [_counted(replies, "a reply", "replies")] if replies else []
    parts += [_counted(asked, "a question about its use", "questions about its use")] if asked else []
    parts += [f"{'other ' if parts else ''}words about it"] if other else []
    return many(parts)


def reached_by_misfiling(ref: str, reached: Sequence[tuple[str, str]]) -> str:
    """Return what a breach is about; `reached` are the people whom it was not for, each with what reached them."""
    return f"{ref} had been filed for the wrong patient. It reached {_each(reached)}."


def reached_by_wrong_link(patient: Patient, person: Person, refs: Sequence[str], what: str) -> str:
    return (
        f"{person.name}, {person.account}, was taken for somebody who answers for {patient.name}, MRN {patient.mrn}, and never "
        f"was. What reached them is about {_some(refs)}: {what}."
    )


def being_taken_back(name: str, messages: int) -> str:
    """Return the step of a breach that says what of it still stood in the chat."""
    stood = _counted(messages, "one message that still stood", "messages that still stood") if messages else ""
    return (
        f"{name}: {stood} in the chat being taken back"
        if stood
        else f"{name}: nothing of it stood in the chat any more"
    )


def told_to_delete(name: str) -> str:
    return f"{name} told, and asked to delete it"


def cant_be_told(name: str) -> str:
    return f"{name} can't be told from here: please call them"


def refiled(ref: str, told: Sequence[str], not_told: Sequence[str], taken_back: Sequence[str], breach: str) -> str:
    """Return what the person who moved it hears: who is told of it, who is not, and what is taken back."""
    said = [f"{ref} is in the right record now, read back byte for byte. Both records keep a note of it."]
    said += [f"I am telling {many(told)}."] if told else []
    said += [f"I can't reach {many(not_told)}: please call them."] if not_told else []
    said += (
        [f"What I wrote or sent about it is being taken back from the chat of {many(taken_back)}."]
        if taken_back
        else []
    )
    said += (
        [f"What they may have read is recorded as {breach}; the managers assess it within 30 days."] if breach else []
    )
    return " ".join(said)


def _each(reached: Sequence[tuple[str, str]]) -> str:
    return "; ".join(f"{name}: {what}" for name, what in reached)


def _counted(number: int, one: str, several: str) -> str:
    return one if number == 1 else f"{number} {several}"


def _some(refs: Sequence[str]) -> str:
    more = len(refs) - MOST_NAMED
    return many([*refs[:MOST_NAMED], f"{more} more"]) if more > 0 else many(refs)
