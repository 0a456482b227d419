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

# ---- an invitation that can't be used

INVITATION_ENDED = (
    "I'm sorry: this invitation has ended. Nothing is wrong with what you did. Please ask {practice} for a new one."
)
OWN_INVITATION = (
    "You made this invitation yourself, and nobody lets themselves in. Please ask a colleague to make you a new one."
)
MADE_AT_THE_COMPUTER = (
    "This invitation was printed at the computer, and it isn't known by whom. You work here, so please ask a colleague to make you "
    "one in the chat."
)
ANOTHER_ACCOUNT = (
    "This code was made for another account. Please write it from that one, or ask {practice} for a new one."
)
ANOTHER_NAME = (
    "This account is known here under another name, so this code can't be used from it. Please ask {practice} for help."
)
SOME_ENDED = (
    "Some invitations have ended, because whoever made them has left, or lost their phone. If somebody is waiting, please make a "
    "new one."
)
EARLIER_CODE_ENDED = "An earlier invitation for the same was still out, unused: its code no longer works."


COLLEAGUES_BY_A_MANAGER = "Colleagues are for a manager to enrol. Please ask one of them."


def not_enrolled_yet(number: str) -> str:
    return f"No patient with MRN {number[:40]} is enrolled yet. {write_this.english((line(Enrol, 'patient', number[:40], 'Alex Morgan 14 May 1990'),))}"


def names_apart(said: NewPatient, destinations: Sequence[str]) -> str:
    """Ask for the family name: nobody guesses which of the names it is."""
    whom = f"{said.mrn} Morgan, Alex {said.born.day} {said.born:%b %Y}"
    return (
        f"Which is the family name? {many([f'“{name}”' for name in destinations])} needs to know. Please write the family name first, then a comma: "
        f"{line(Enrol, 'patient', whom)}. Who has one name only: Morgan, -"
    )


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
    "You can send photos from now on. What was filed before opens to you once {practice} has confirmed who you are; I will tell you "
    "then."
)
NOBODY_WAITS = "Nobody waits for you to confirm them."
CONFIRM_ANSWERS = [("yes", "Yes, I know who this is"), ("", "No")]
CONFIRMED = "Thank you. They have been told."
IT_CHANGED = "Something has changed since I asked, so nothing was confirmed yet. Please read the question once more."
IT_ENDED = "Thank you. It has ended, and whoever invited them is told."
OPEN_NOW = "What was filed before is open to you now."


def begins_on(since: date) -> str:
    return f"You answer for them from {day(since)} on."


def _who(newcomer: Person, relation: Relation, patient: Patient) -> str:
    if relation is Relation.SELF:
        return f"{newcomer.name}, {newcomer.account}, as the patient: {patient.name}"
    return f"{newcomer.name}, {newcomer.account}, as the {CAPACITY[relation]} of {patient.name}"


def waits(patient: Patient, authority: Authority, newcomer: Person, maker: Person | None) -> str:
    invited = f", invited by {maker.name}" if maker else ""
    return f"{_who(newcomer, authority.relation, patient)}, MRN {patient.mrn}{invited}. {write_this.english((line(ConfirmPerson, patient.mrn),))}"


def do_you_know_them(
    patient: Patient,
    newcomer: Person,
    authority: Authority,
    maker: Person | None,
    recorded: date | None,
    before: int,
    takes: bool,
    ending: Sequence[Account],
) -> str:
    """Return the question to the second person; where capacity is taken, their yes attests it. `ending`: the pages that end by it."""
    invited = f" Invited by {maker.name}." if maker else ""
    since = f" Here since {day(recorded)}." if recorded else ""
    lines = [
        f"{_who(newcomer, authority.relation, patient)}, born {day(patient.born)}, MRN {patient.mrn}.{invited}{since}",
    ]
    if takes:
        lines.append(f"With your yes: {attested_incapacity(patient)}")
    if before:
        lines.append(f"With your yes they see what was filed before: {before} photo{'' if before == 1 else 's'}.")
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
        f"{by.name} did not confirm {_who(newcomer, relation, patient)}, MRN {patient.mrn}. It has ended. If that is wrong, please "
        "make a new invitation."
    )


def at_the_computer(patient: Patient) -> str:
    return (
        f"For MRN {patient.mrn} somebody waits whom nobody else here could confirm. It is done at the computer: consentry confirm "
        f"{patient.mrn}"
    )


def somebody_can_confirm(names: Sequence[str]) -> str:
    return f"There is a second person who can confirm it, in their own chat with !confirm: {many(names)}."


# ---- telling those who answer already

TELL_ANSWERS = [
    ("tell", "Tell them"),
    ("risk", "Not now: it could put somebody at risk"),
    ("could-not-understand", "Not now: they could not understand it"),
    ("other", "Not now: another reason"),
]
OPEN_ANSWERS = [("yes", "Yes, they may see what was filed before"), ("", "No")]
OBJECT_ANSWERS = [("yes", "Yes, that is right"), ("", "No")]
THEY_ARE_TOLD = "Thank you. They are told now."
THEY_ARE_TOLD_LATER = "Thank you. They are told once the invitation is used."
NOBODY_IS_TOLD = "Thank you. Nobody is told."
HAS_ENDED = "That invitation has ended, so there is nothing to tell."
MAY_THEY_SEE = "May they see what was filed before?"
THIS_PAGE_ENDS = "With your yes they go on in this page's place, and it ends."
THANKS_FOR_SAYING = "Thank you for saying so."
THEY_MAY_SEE = "Thank you. They see it from now on, once the practice's own checks are done."
NOT_YOURS_TO_OPEN = "That is for {practice} to decide. Please call them."
OBJECTION_HEARD = "Thank you for saying so. {practice} hears it and will call you. Nothing was decided by it yet."


def may_they_be_told(patient: Patient, name: str, others: Sequence[tuple[str, Relation]]) -> str:
    named = many([f"{who} ({relation.value})" for who, relation in others])
    use = "uses" if len(others) == 1 else "use"
    return f"{named} already {use} this for {patient.name}. May they be told that {name} is invited?"


def told_of_access(
    patient: Patient, newcomer: Person, authority: Authority, to: Relation, decides: bool, today: date
) -> str:
    whom = "you" if to is Relation.SELF else patient.name
    if authority.relation is Relation.SELF:
        return f"A further account was added for {whom}: {newcomer.account}."
    begins = authority.begins_after(today)
    when = f", from {day(begins)} on" if begins else ""
    text = f"{newcomer.name} was added as the {CAPACITY[authority.relation]} for {whom}{when}."
    if not decides:
        return text
    return (
        f"{text} If a second person at the practice confirms that {whom} can't decide alone {'then' if begins else 'now'}, "
        f"{newcomer.name} decides."
    )


def decides_for_you(newcomer: Person, practice: str, begins: date | None) -> str:
    if begins is not None:
        return (
            f"{practice} has recorded that {newcomer.name} decides for you here from {day(begins)} on. Until then nothing changes. "
            "If this is wrong, please call the practice."
        )
    return (
        f"{practice} has recorded that {newcomer.name} decides for you here for now. You still send, hear and see everything, and "
        "your no counts. If this is wrong, please call the practice."
    )


def somebody_objects(patient: Patient, by: Person, newcomer: Person, relation: Relation) -> str:
    return (
        f"{by.name} objects: {_who(newcomer, relation, patient)}, MRN {patient.mrn}. Nothing was changed by it: please look into it, "
        "and call them."
    )


# ---- whether somebody decides for themselves

FOR_CLINICIANS = (
    "Whether somebody decides for themselves is for a clinician to say, in their own chat: !capacity MRN has, or of a child "
    "!capacity MRN mature-minor"
)
NOT_FOR_YOUR_OWN = "You are this patient, or speak for them, so a colleague has to do this."


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
