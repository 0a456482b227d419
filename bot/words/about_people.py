"""What the bot says when people change: in what capacity somebody answers, coming of age, leaving."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.identifiers import Account
from bot.domain.people import Patient, Person, Relation
from bot.domain.spelling import same_name

from .phrases import CAPACITY, day, many, quoted
from .sentence import sentence

# ---- in what capacity somebody answers


def asked_as(relation: Relation, patient: Patient) -> str:
    """Return the sentence on capacity, which is shown in each request for consent and kept with the answer."""
    if relation is Relation.SELF:
        return ""
    return f"You are asked as the {CAPACITY[relation]} of {patient.name}: please answer as they would want, or as is best for them."


# ---- who is meant


def named(person: Person, relation: Relation | None, patient: Patient) -> str:
    """Return the name of somebody whom words about a patient reach. The patient's own account goes by the patient's name, with
    the name it has here where that is another: whoever writes might take it for somebody else's (R15, R29).
    """
    if relation is not Relation.SELF or same_name(person.name, patient.name):
        return person.name
    return f"{patient.name}, here as {person.name}"


@sentence
def several_fit(written: str, people: Sequence[Person], lines: Sequence[str]) -> str:
    """Ask which of several people is meant, with the line to write for each."""
    who = many([f"{person.name} ({person.account})" for person in people[:5]])
    ask = "Please write one of:" if len(people) > 1 else "If so, please write:"
    return "\n".join((f"{quoted(written, 60)} may be {who}. {ask}", *lines[:5]))


@sentence
def nobody_called(written: str, usage: str) -> str:
    return f"Nobody enrolled here has the account or the name {quoted(written, 60)}. Please write: {usage}"


@sentence
def nobody_has_that_number() -> str:
    return "No patient here has that number."


# ---- coming of age


def came_of_age(patient: Patient) -> str:
    answers = "their decision maker answers" if patient.impaired else "answers for themselves"
    return (
        f"{patient.name}, born {day(patient.born)}, MRN {patient.mrn}, has turned 18 and {answers} from now on. "
        "Whoever answered as a parent or guardian does so no longer. Please hand over this invitation:"
    )


SOMEBODY_CAME_OF_AGE = "A young person has turned 18 and answers for themselves from now on. They have no account here yet: please invite them."


def told_parent(patient: Patient) -> str:
    """Tell a parent or guardian that the child has come of age.

    It is the same whether or not somebody was prepared to decide, which nobody is to read out of it (R33a).
    """
    return (
        f"{patient.name} has turned 18, so you no longer answer as a parent or guardian here, and what we hold about them is not "
        "yours to see any more. Nothing you sent is lost. Thank you for looking after it until now. If they need your help in "
        "deciding, please call the practice."
    )


# ---- leaving


@sentence
def not_to_them(name: str) -> str:
    return f"One of these cases can't go to {name}. Please name another clinician who takes over."


# ---- an account that a code was not made for, and a page that has ended

PAGE_ENDED = (
    "This page has ended, and what stood in it is taken back. What was filed stays in the record. To send photos again, please call "
    "{practice} and ask for a new link."
)


@sentence
def not_for_this_account(practice: str) -> str:
    return f"Your app's security identity has changed, and this code was not made for this account. Please ask {practice} for one that is."


@sentence
def not_from_there(practice: str) -> str:
    return (
        f"This practice takes accounts of certain homeservers only, and yours is of another. Please ask {practice} for an account, and "
        "write the code from there."
    )


# ---- somebody who works here leaves

YOU_LEFT = (
    "You have left {practice}, so this chat ends. Please delete from your own devices whatever you still have of its patients, "
    "also from “recently deleted” and backups. Thank you for your work."
)
YOU_STAY_A_PATIENT = (
    "You don't work at {practice} any more. As a patient, or for one, you write to me here as before. Please delete from your own "
    "devices whatever you still have of its patients, also from “recently deleted” and backups. Thank you for your work."
)
ADVISER_LEFT = (
    "{name} has left, and can't read or write in your case any more. Please close it there: !close and a summary."
)


@sentence
def not_a_manager_any_more() -> str:
    return "That is for a manager, so nothing has changed."


@sentence
def asked_in_your_own_chat() -> str:
    return "To be sure who is meant, I have asked you in your own chat."


def does_colleague_leave(leaver: Person, successor: Person | None) -> str:
    question = f"{leaver.name}, {leaver.account}, leaves?"
    taken_over = f" {successor.name}, {successor.account}, takes over." if successor else ""
    return f"{question}{taken_over} Nothing has changed yet, and it can't be undone: only a new invitation lets them back in."


def recipient_left(name: str, refs: Sequence[str]) -> str:
    return f"{name} has left, so what you asked for with {many(refs)} has ended, and nothing was shared. You can ask anew, for somebody else."


def taken_over(name: str, refs: Sequence[str], cases: int) -> str:
    photos = f" Photos that are yours now: {', '.join(refs)}." if refs else ""
    rooms = f" Open cases that are yours now: {cases}; I invite you to their rooms." if cases else ""
    return f"You take over from {name}, who has left.{photos}{rooms}"


def has_left(leaver: Person, images: int, nobodys: Sequence[str], cases: int, configured: bool) -> str:
    text = f"{leaver.name} has left ({leaver.account}). Handed over: {images} photos, {cases} open cases. They are out of the practice's rooms."
    if nobodys:
        text += f" Nobody's now: {', '.join(nobodys)}. Please have a clinician take them: !mine and the reference."
    if configured:
        text += " They are still named in the configuration (managers, or duty): please change that too."
    return text


# ---- a patient leaves


@sentence
def nothing_changes() -> str:
    return "Nothing was changed."


LEFT_THE_PRACTICE = "The patient left the practice: accounts were unlinked, and every use under way was ended."
CASE_ENDED = "The patient left the practice. The discussion ended without a further summary."
USE_ENDED_PATIENT_LEFT = "A use of a photo has ended: the patient is not with the practice any more."
FAREWELL = (
    "The practice has ended this chat. What was filed stays in the record, safe and under the law; {practice} will help you with "
    "a copy, or anything else. We wish you well."
)


def does_patient_leave(patient: Patient, accounts: int, uses: int) -> str:
    return (
        f"{patient.name}, born {day(patient.born)}, MRN {patient.mrn}: {accounts} linked account{'' if accounts == 1 else 's'}, "
        f"{uses} use{'' if uses == 1 else 's'} under way. Unlink and end them? The record stays."
    )


def patient_has_left(patient: Patient, accounts: int, uses: int, waiting: Sequence[str]) -> str:
    text = (
        f"Done for {patient.name}, MRN {patient.mrn}. Accounts unlinked: {accounts}. Uses ended: {uses}. The record stays. For "
        f"the next practice: consentry record export {patient.mrn} FOLDER"
    )
    return f"{text}\nNot filed yet, please look: {', '.join(waiting)}." if waiting else text


def answers_no_more(patient: Patient) -> str:
    return f"You no longer answer for {patient.name} here. If that is wrong, please call the practice."


@sentence
def account_has_left(account: Account) -> str:
    return f"{account} has left already. Whoever has the account next is somebody new."


@sentence
def left_already(account: Account) -> str:
    return f"{account} has left already."


@sentence
def no_colleague(account: Account) -> str:
    return f"{account} doesn't work here. When a patient leaves: !patient-leaves MRN"


@sentence
def last_manager() -> str:
    return "The last manager can't leave: please enrol another one first."


@sentence
def no_successor() -> str:
    return "Please name another clinician of this practice who takes over."


@sentence
def cases_without_anybody(cases: int) -> str:
    return (
        f"{cases} open case{'s' if cases > 1 else ''} would be left without anybody to close {'them' if cases > 1 else 'it'}: please add "
        "“to @account”, the clinician who takes over."
    )


@sentence
def is_no_child(patient: Patient) -> str:
    return f"{patient.name} is grown up, so a parent no longer answers for them. Another relation can be given."
