"""What the bot says when a patient has died or leaves, and when somebody who is not heard any more says no."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.people import Patient, Person, Relation

from .phrases import CAPACITY, day, many
from .sentence import sentence

# ---- a patient has died

SOMEBODY_DIED = (
    "{practice} has recorded that somebody you spoke for here has died, and is very sorry; nothing about them is asked or sent here "
    "any more, and if this is wrong, or there is anything you need, please call."
)
DIED = "The patient has died. Nobody answers for them any more, and every use under way was ended."

NOT_DEAD = "That the patient had died was recorded by mistake. Two members of staff have put it right."

NOT_DEAD_UNSEEN = (
    "That the patient had died was recorded by mistake. It was put right at the computer, not seen by a second person."
)


@sentence
def no_living_patient() -> str:
    return "No living patient here has that number."


def has_patient_died(patient: Patient) -> str:
    return (
        f"{patient.name}, born {day(patient.born)}, MRN {patient.mrn}: has this patient died? Nobody will answer for them any "
        "more, and every use ends. Nothing is sent to their family. The record stays."
    )


def recorded_as_dead(patient: Patient, accounts: int, uses: int, waiting: Sequence[str]) -> str:
    text = (
        f"Recorded for {patient.name}, MRN {patient.mrn}. Accounts that spoke for them: {accounts}; nothing is sent to them. "
        f"Uses under way that ended, or wait for their note: {uses}. A mistake? !not-dead {patient.mrn}"
    )
    return f"{text}\nNot filed yet, please look: {', '.join(waiting)}." if waiting else text


def case_of_the_dead(ref: str) -> str:
    return f"The patient of {ref} has died. Nothing more is shown in your case. Please close it there: !close and a summary."


def not_in_this_case(name: str) -> str:
    return f"{name} can't read or write here for now: their account is on hold. If it can't wait, please call the practice."


def back_in_this_case(name: str) -> str:
    return f"{name} is back, and is invited back into this room."


def use_of_the_dead(ref: str) -> str:
    return f"A use of {ref} has ended: the patient has died."


# ---- it was a mistake


@sentence
def no_dead_patient() -> str:
    return "No patient who is recorded as dead has that number."


@sentence
def not_dead_any_more() -> str:
    return "That patient is not recorded as dead any more."


@sentence
def somebody_confirms() -> str:
    return "I ask a second person to confirm it. Until one does, nothing changes."


@sentence
def not_together() -> str:
    return "Two people of the staff are needed for that, and one of them is a manager. Nothing was changed."


@sentence
def nobody_to_confirm(patient: Patient) -> str:
    return (
        "Two people are needed, and one of them is a manager. Nobody else who could confirm it is enrolled here at the moment. Where "
        f"nobody else works, it is done at the computer: consentry confirm {patient.mrn}"
    )


@sentence
def two_can_confirm(patient: Patient) -> str:
    return f"There are two people who can do it, in their own chats: one writes !not-dead {patient.mrn}, and another confirms it."


def is_not_dead(patient: Patient, asker: str) -> str:
    return (
        f"{asker} says that it was a mistake: {patient.name}, born {day(patient.born)}, MRN {patient.mrn}, has not died. Do you "
        f"confirm it?"
    )


def recorded_as_alive(patient: Patient) -> str:
    return (
        f"{patient.name}, MRN {patient.mrn}, is not recorded as dead any more. What had ended stays ended. Please link whoever "
        f"answers for them anew: !link {patient.mrn}"
    )


# ---- one account no longer answers

UNLINK_ANSWERS = [
    ("tell", "End it and tell them"),
    ("quiet", "End it quietly"),
    ("never", "It was never theirs"),
    ("", "No, nothing changes"),
]


NEVER_ANSWERS = [answer for answer in UNLINK_ANSWERS if answer[0] in {"never", ""}]


@sentence
def nobody_answers_so() -> str:
    return "Nobody of that name or account answers for a patient with that number."


def was_it_ever_theirs(patient: Patient, person: Person, relation: Relation, others: bool) -> str:
    return (
        f"{person.name}, {person.account}, {_as_what(relation)}, no longer answers for {patient.name}, born {day(patient.born)}, "
        f"MRN {patient.mrn}. Was it never theirs, because a code reached the wrong person? Then {_what_follows(others)}"
    )


def answers_no_longer(patient: Patient, person: Person, relation: Relation, others: bool) -> str:
    return (
        f"{person.name}, {person.account}, {_as_what(relation)}: shall they no longer answer for {patient.name}, born "
        f"{day(patient.born)}, MRN {patient.mrn}? The record stays. “It was never theirs” is for a code that reached the wrong "
        f"person: then {_what_follows(others)}"
    )


def _as_what(relation: Relation) -> str:
    return "as the patient" if relation is Relation.SELF else f"as {CAPACITY[relation]}"


def _what_follows(others: bool) -> str:
    """Say what follows where it was never theirs; `others`: whether they have another capacity, which stays."""
    if others:
        return "nothing they agreed to in this capacity counts. What else they are for this patient stays, and so do photos they sent."
    return "nothing they agreed to counts, and photos they sent are held until you say whose they are."


def is_unlinked(patient: Patient, person: Person) -> str:
    return (
        f"{person.name}, {person.account}, no longer answers for {patient.name}, MRN {patient.mrn}. To link them anew: "
        f"!link {patient.mrn}"
    )


def was_never_theirs(
    patient: Patient, person: Person, sent: Sequence[str], let_in: Sequence[str], breach: str = ""
) -> str:
    did = [f"sent {many(sent)}"] if sent else []
    did += [f"let in {many(let_in)}, which somebody else sent"] if let_in else []
    held = (
        f"\nThey {' and '.join(did)}. Please say whom each shows: !match or !refile; a clinician then writes !keep. "
        f"If it shows {patient.name}: !keep IMG-… {patient.mrn} YYYY-MM-DD"
        if did
        else ""
    )
    recorded = (
        f" It is being taken back, and recorded as {breach}; the managers assess it within 30 days." if breach else ""
    )
    return (
        f"{person.name}, {person.account}, never answered for {patient.name}, MRN {patient.mrn}: nothing they agreed to counts. "
        f"What they read here was somebody else's: please call {patient.name}.{recorded}{held}"
    )


def was_never_that(
    patient: Patient, person: Person, relation: Relation, now: Sequence[Relation], before: Sequence[Relation]
) -> str:
    """Say that one of their capacities was never theirs, and name those that they have now, or had before."""
    stay = [f"still answer {_as_what(other)}" for other in dict.fromkeys(now)]
    stay += [f"answered {_as_what(other)} before" for other in dict.fromkeys(before) if other not in now]
    return (
        f"{person.name}, {person.account}, never answered {_as_what(relation)} for {patient.name}, MRN {patient.mrn}: nothing they "
        f"agreed to so counts. They {' and '.join(stay)}, and photos they sent stay as they are. If that was never theirs "
        f"either: !unlink {patient.mrn} {person.account}"
    )


LET_IN_BY_THE_WRONG_PERSON = "It was let in from an account that was never the patient's, nor of anybody who answers for them: its code had reached the wrong person."
SENT_BY_THE_WRONG_PERSON = "Sent from an account that was never the patient's, nor of anybody who answers for them: its code had reached the wrong person."
AGREED_TO_BY_THE_WRONG_PERSON = (
    "{ref}: whoever agreed to it was never one of the patient's people. Nothing they agreed to counts."
)


# ---- a no from somebody who is not heard


def somebody_said_no(refs: Sequence[str]) -> str:
    each = ", and so for each of these" if len(refs) > 1 else ""
    return (
        f"Somebody who is paused, or has left, said no, or stop, about {many(refs)}. It is not taken as an answer, but nothing of it "
        f"is shared until somebody has spoken with them by phone. If it may go on: !go-on {refs[0]}{each}. If not, nothing is to be "
        "done."
    )


@sentence
def on_hold(ref: str) -> str:
    """Tell the requester that their use was put on hold after they had asked for it."""
    return f"{ref} is on hold: somebody must speak with the patient by phone first. Nothing was shared. A colleague lets it go on: !go-on {ref}"


@sentence
def let_go_by_you(ref: str) -> str:
    return f"You let {ref} go on after a no, so a colleague must be the one who asks. Nothing was shared."


@sentence
def nothing_is_held(ref: str) -> str:
    return f"Nothing about {ref} is held because of a no, so there is nothing to decide."


@sentence
def goes_on(ref: str) -> str:
    return f"What was asked for with {ref} goes on. What was agreed to counts again; what was refused stays refused."


@sentence
def others_hold_it(ref: str, others: Sequence[str]) -> str:
    """Say that a use of several images waits for the others, though this one may go on."""
    go_on = " and ".join(f"!go-on {other}" for other in others)
    return f"{ref} itself is not on hold any more, but what was asked for is also about {many(others)}: {go_on}"


@sentence
def may_be_asked_for(ref: str) -> str:
    return f"{ref} is not on hold any more: it may be asked for again, by the usual rules."


@sentence
def not_yours_to_go_on() -> str:
    return "You asked for it, or speak for the patient, so somebody else decides that. Please ask a colleague."
