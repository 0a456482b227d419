"""What the bot says about who is admitted: invitations, a second person, capacity."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.domain.identifiers import Account
from bot.domain.invitations import Invitation
from bot.domain.people import Authority, Patient, Person, Relation
from bot.domain.staff_deeds import ConfirmPerson, EndWork, Enrol, LinkAccount, NewPatient, TellNames

from .about_commands import line, write_this
from .phrases import CAPACITY, day, many
from .sentence import sentence

# ---- an invitation that can't be used


@sentence
def invitation_ended(practice: str) -> str:
    return f"I'm sorry: this invitation has ended. Nothing is wrong with what you did. Please ask {practice} for a new one."


@sentence
def own_invitation() -> str:
    return "You made this invitation yourself, and nobody lets themselves in. Please ask a colleague to make you a new one."


@sentence
def made_at_the_computer() -> str:
    return (
        "This invitation was printed at the computer, and it isn't known by whom. You work here, so please ask a colleague to make you "
        "one in the chat."
    )


@sentence
def another_account(practice: str) -> str:
    return f"This code was made for another account. Please write it from that one, or ask {practice} for a new one."


@sentence
def another_name(practice: str) -> str:
    return f"This account is known here under another name, so this code can't be used from it. Please ask {practice} for help."


SOME_ENDED = (
    "Some invitations have ended, because whoever made them has left, or lost their phone. If somebody is waiting, please make a "
    "new one."
)
EARLIER_CODE_ENDED = "An earlier invitation for the same was still out, unused: its code no longer works."


def no_account_free(*, has_page: bool) -> str:
    """Say what an invitation lacks while no new account can be made, for whom it works all the same, and what to do."""
    lacks = "no link and no registration token" if has_page else "no registration token"
    return (
        f"No new account is free at the moment, so this invitation has {lacks}: it works only for somebody who has an account already. "
        "For anybody else, please make it anew in a minute. If it still lacks it then, have somebody look at the computer I run on: "
        "consentry homeserver has to be running there, which makes the accounts."
    )


@sentence
def colleagues_by_a_manager() -> str:
    return "Colleagues are for a manager to enrol. Please ask one of them."


@sentence
def not_enrolled_yet(number: str) -> str:
    return f"No patient with MRN {number[:40]} is enrolled yet. {write_this.english((line(Enrol, 'patient', number[:40], 'Alex Morgan 14 May 1990'),))}"


@sentence
def number_is_taken(patient: Patient) -> str:
    return (
        f"MRN {patient.mrn} is already {patient.name}, born {day(patient.born)}. Two patients can't share a number: please check which "
        "one is meant."
    )


@sentence
def nobody_answers_for_the_dead(patient: Patient) -> str:
    return f"{patient.name} has died, so nobody answers for them any more."


@sentence
def server_not_allowed(account: Account) -> str:
    return f"Accounts on {account.partition(':')[2]} are not allowed by this practice's policy."


@sentence
def names_apart(said: NewPatient, destinations: Sequence[str]) -> str:
    """Ask for the family name and the sex: nobody guesses which of the names it is, or what was not said."""
    whom = f"{said.mrn} Morgan, Alex {said.born.day} {said.born:%b %Y} female"
    return (
        f"Which is the family name? {many([f'“{name}”' for name in destinations])} needs to know. Please write the family name first, then a comma: "
        f"{line(Enrol, 'patient', whom)}. For somebody with only one name: Morgan, -. The sex "
        "is female, male or other, and may be left out: then it goes there as unknown."
    )


def invited(patient: Patient, who: str, relation: Relation) -> str:
    """Repeat who was invited for whom, to whoever hands the invitation over: they see a mistake before anybody can use it (R15)."""
    whose = "for themselves" if relation is Relation.SELF else f"for {who}, who answers for them ({relation.value})"
    return f"{patient.name}, born {day(patient.born)}, MRN {patient.mrn}; {whose}."


@sentence
def other_words_than(patient: Patient) -> str:
    return (
        f"MRN {patient.mrn} is {patient.name}. I only learn which of these is the family name: "
        f"{line(TellNames, patient.mrn, 'Morgan, Alex')}. Is another patient meant?"
    )


def names_told(patient: Patient, waits: int) -> str:
    sex = "not said" if patient.sex is None else patient.sex.value
    told = f"MRN {patient.mrn}: family name {patient.family}, given names {patient.given or 'none'}, sex {sex}."
    if not waits:
        return told
    return f"{told} {waits} {'copy that waited for this goes' if waits == 1 else 'copies that waited for this go'} out now."


def same_name(patient: Patient, namesakes: Sequence[Patient]) -> str:
    """Warn of patients of the same name; more so of one who has the same birthday too, and may be the same person (R15)."""
    others = ", ".join(f"MRN {other.mrn}, born {day(other.born)}" for other in namesakes)
    warning = f"Careful: another patient has the same name ({others})."
    twice = [other.mrn for other in namesakes if other.born == patient.born]
    if twice:
        warning += f" The birthday is the same, too. If it is one person, please don't hand this over, and write: {line(LinkAccount, twice[0])}"
    return warning


def ended_invitation(invitation: Invitation, patient: Patient | None) -> str:
    whom = f"{invitation.name} ({(invitation.relation or invitation.role).value})"
    return f"{whom}, MRN {patient.mrn}" if patient else f"{whom}, {invitation.account}"


def invite_anew(lines: Sequence[str]) -> str:
    ended = (
        "These invitations have ended, because whoever made them has left, or lost their phone. Please write new ones:"
    )
    return "\n".join((ended, *lines))


@sentence
def another_holder(account: Account, name: str) -> str:
    return (
        f"{account} is {name} here. If it is the same person, please write that name. If somebody else has the account now, "
        f"{name} has to leave first: {line(EndWork, account)}"
    )


# ---- what waits for a second person

SOMEBODY_WAITS = (
    "An account waits for a second person: anybody who works here, but not who invited them. In your own chat with me, !confirm "
    "lists it."
)
WAITS_FOR_SECOND = "Before this holds, a second person at {practice} confirms it. I will tell you then."
WAITS_TO_BE_OPENED = (
    "You can send photos from now on, and hear about those. The rest opens to you once {practice} has confirmed who you are; I will "
    "tell you then."
)


@sentence
def nobody_waits() -> str:
    return "Nobody waits for you to confirm them."


CONFIRM_ANSWERS = [("yes", "Yes, I know who this is"), ("", "No")]


@sentence
def confirmed() -> str:
    return "Thank you. They have been told."


@sentence
def it_changed() -> str:
    return "Something has changed since I asked, so nothing was confirmed yet. Please read the question once more."


@sentence
def it_ended() -> str:
    return "Thank you. It has ended, and whoever invited them is told."


OPEN_NOW = "All that is filed is open to you now."


def begins_on(since: date) -> str:
    return f"You answer for them from {day(since)} on."


def newcomer_for(newcomer: Person, relation: Relation, patient: Patient) -> str:
    if relation is Relation.SELF:
        return f"{newcomer.name}, {newcomer.account}, as the patient: {patient.name}"
    return f"{newcomer.name}, {newcomer.account}, as the {CAPACITY[relation]} of {patient.name}"


def waits(patient: Patient, authority: Authority, newcomer: Person, maker: Person | None) -> str:
    invited = f", invited by {maker.name}" if maker else ""
    return f"{newcomer_for(newcomer, authority.relation, patient)}, MRN {patient.mrn}{invited}. {write_this.english((line(ConfirmPerson, patient.mrn),))}"


def do_you_know_them(
    patient: Patient,
    newcomer: Person,
    authority: Authority,
    maker: Person | None,
    recorded: date | None,
    filed: int,
    takes: bool,
    ending: Sequence[Account],
) -> str:
    """Return the question to the second person; where capacity is taken, their yes attests it. `ending`: the pages that end by it."""
    invited = f" Invited by {maker.name}." if maker else ""
    since = f" Here since {day(recorded)}." if recorded else ""
    lines = [
        f"{newcomer_for(newcomer, authority.relation, patient)}, born {day(patient.born)}, MRN {patient.mrn}.{invited}{since}",
    ]
    if takes:
        lines.append(f"With your yes: {attested_incapacity(patient)}")
    if filed:
        lines.append(f"With your yes they see all that is filed, by now {filed} photo{'' if filed == 1 else 's'}.")
    if ending:
        lines.append(f"With your yes their earlier page ends: {many(ending)}.")
    lines.append("With your no, what they were invited for ends. If you are not sure, leave this open and ask.")
    lines.append("Do you know who this is, and is it right?")
    return "\n".join(lines)


def you_are_confirmed(patient: Patient, authority: Authority, today: date) -> str:
    begins = authority.begins_after(today)
    if begins is not None:
        return f"You are confirmed for {patient.name}. {begins_on(begins)}"
    if authority.relation is Relation.SELF:
        return f"You are confirmed. {OPEN_NOW}"
    return f"You are confirmed as the {CAPACITY[authority.relation]} of {patient.name}. {OPEN_NOW}"


def was_not_confirmed(patient: Patient, newcomer: Person, relation: Relation, by: Person) -> str:
    return (
        f"{by.name} did not confirm {newcomer_for(newcomer, relation, patient)}, MRN {patient.mrn}. It has ended. If that is wrong, please "
        "make a new invitation."
    )


def at_the_computer(patient: Patient) -> str:
    return (
        f"For MRN {patient.mrn} somebody waits whom nobody else here could confirm. It is done at the computer: consentry confirm "
        f"{patient.mrn}"
    )


@sentence
def say_why_nobody_else() -> str:
    return "Please say why nobody else could confirm it."


@sentence
def somebody_can_confirm(names: Sequence[str]) -> str:
    return f"There is a second person who can confirm it, in their own chat with !confirm: {many(names)}."


# ---- whether somebody decides for themselves


@sentence
def for_clinicians() -> str:
    return (
        "Whether somebody decides for themselves is for a clinician to say, in their own chat: !capacity MRN has, or of a child "
        "!capacity MRN mature-minor"
    )


@sentence
def not_for_your_own() -> str:
    return "You are this patient, or speak for them, so a colleague has to do this."


def attested_incapacity(patient: Patient) -> str:
    return f"I attest that {patient.name} can't decide about their photos themselves at this time."


def attested_capacity(patient: Patient) -> str:
    return (
        f"Recorded in your name: {patient.name}, MRN {patient.mrn}, decides for themselves, from now on. Whoever decided for them "
        "stays recorded and does not answer any more. I tell nobody: please do."
    )


def attested_mature(patient: Patient) -> str:
    return (
        f"Recorded in your name: {patient.name}, MRN {patient.mrn}, decides for themselves about what they send, and nobody else sees "
        "it. I tell nobody."
    )


def takes_a_second(patient: Patient, begins: date | None) -> str:
    if begins is not None:
        return f"It is prepared for {day(begins)}, and holds then if a second person of the staff has confirmed it: !confirm"
    return f"{patient.name} decides for themselves until a second person of the staff has confirmed this, and one of you is a clinician: !confirm"


@sentence
def is_grown_up(patient: Patient) -> str:
    return f"{patient.name} is grown up and answers for themselves anyway."
