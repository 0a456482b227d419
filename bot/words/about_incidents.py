"""What the bot says when something went wrong or the law asks: recall, breach, required by law, moving to another record.

No patient's name where another room may see it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain.answering import LegalDemand
from bot.domain.breach import Breach
from bot.domain.image import Image
from bot.domain.people import Patient

from .phrases import day, is_are, many, moment, quoted
from .sentence import sentence

# ---- recall (R25)


def sent_by_mistake(images: Sequence[Image]) -> str:
    refs = many([image.ref for image in images])
    what, was, them = (
        (f"A picture ({refs})", "was", "it") if len(images) == 1 else (f"Pictures ({refs})", "were", "them")
    )
    return (
        f"{what} {was} sent to you by mistake and {'is' if was == 'was' else 'are'} called back. Please don't open, keep, use or pass "
        f"{them} on, and delete every copy, also from “recently deleted” and backups. Then please say what became of {them}:"
    )


RECALL_ANSWERS = (
    ("deleted", "Deleted, every copy"),
    ("unopened", "Never opened, and deleted"),
    ("talk", "I need to talk to the practice"),
)


@sentence
def thanks_for_saying(practice: str) -> str:
    return f"Thank you. That is noted. {practice} may still get in touch with you."


@sentence
def nothing_to_call_back(ref: str, is_manager: bool) -> str:
    if is_manager:
        return f"There is nothing to call back: nothing of {ref} was sent on and nobody was replied to, or it was called back already."
    return (
        f"You sent nothing of {ref} on, and no reply, that could be called back. If somebody else did, they, who took over from them, "
        "or a manager can."
    )


NOT_TOLD = "{name} was not told after all"


def wants_to_talk(ref: str, name: str) -> str:
    return f"{ref}: {name} wants to talk to the practice."


def not_told(what: str, name: str) -> str:
    return f"{what}: {NOT_TOLD.format(name=name)}, as it was stopped on its way. Please call them."


SOMEBODY_NOT_TOLD = (
    "Somebody who may hold a copy was not told after all, as it was stopped on its way. The audit log says who."
)


def recalled(images: Sequence[Image], told: Sequence[str], not_told: Sequence[str], breaches: Sequence[Breach]) -> str:
    refs = many([image.ref for image in images])
    text = f"{refs} {is_are(images)} called back: what I showed is being removed, messages first."
    if not breaches:
        return f"{text} It had not reached anybody yet."
    asked, away = list(dict.fromkeys(told)), list(dict.fromkeys(not_told))
    if asked:
        text += f" {many(asked)} {is_are(asked)} asked to delete every copy."
    if away:
        text += f" {many(away)} can't be told from here: please call them."
    recorded = many([breach.ref for breach in breaches])
    return f"{text} What they may have saved is beyond my reach. Recorded as {recorded}; the managers assess it within 30 days."


def breach_opened(breach: Breach, zone: ZoneInfo) -> str:
    return (
        f"{breach.ref}: {breach.what}\n{steps(breach, zone)}\n"
        f"By {moment(breach.assess_by, zone)} please assess whether serious harm is likely, and whom to notify. "
        f"Add what you do: !breach {breach.ref} step “…”. When it is assessed: !breach {breach.ref} outcome “…”"
    )


def breach_reminder(breach: Breach, at: datetime, zone: ZoneInfo) -> str:
    left = breach.days_left(at)
    when = f"{left} days are left" if left > 0 else "the 30 days are over"
    return f"{breach.ref} is not assessed yet, and {when}. {breach.what}\nTo close it: !breach {breach.ref} outcome “…”"


def breach_held_back(breach: Breach, zone: ZoneInfo) -> str:
    """Say no more than that there is a breach, and until when; nor why (R33a)."""
    state = "closed" if breach.closed_at else f"to be assessed by {moment(breach.assess_by, zone)}"
    return f"{breach.ref}, {state}: what happened is for another manager to read, or at the computer: consentry audit breaches."


def breach_without_manager(ref: str) -> str:
    """Tell the practice's room; managers read in their own chats whom the breach names."""
    return f"A breach about {ref} is being assessed, and no manager is here to be told. !breach in a manager's own chat shows it."


@sentence
def unknown_breach(ref: str) -> str:
    return f"I don't know {ref[:20]}. !breach lists what is being assessed."


@sentence
def not_yours_to_assess(ref: str) -> str:
    return f"{ref} is for another manager to read and to assess, so I changed nothing."


@sentence
def breach_closed(ref: str) -> str:
    return f"{ref} is closed, with your words on file."


@sentence
def step_added(ref: str) -> str:
    return f"Added to {ref}."


@sentence
def no_breach() -> str:
    return "No breach is being assessed."


def breach_line(breach: Breach, zone: ZoneInfo) -> str:
    state = f"closed: {quoted(breach.outcome)}" if breach.closed_at else f"assess by {moment(breach.assess_by, zone)}"
    return f"{breach.ref}, {state}. {breach.what}\n{steps(breach, zone)}"


def steps(breach: Breach, zone: ZoneInfo) -> str:
    return "\n".join(
        f"· {moment(datetime.fromisoformat(step['at']), zone)}, {step['by']}: {step['what']}" for step in breach.steps
    )


def sent_wrongly(images: Sequence[Image], got: Sequence[str], perhaps: Sequence[str], asker: str, rule: str) -> str:
    """Say whom it reached, and whom it may have reached: it was on its way to them."""
    refs = many([image.ref for image in images])
    was = "was" if len(images) == 1 else "were"
    reached = [f"reached {many(list(got))}"] if got else []
    reached += [f"may have reached {many(list(perhaps))}"] if perhaps else []
    return f"{refs} {many(reached)}, sent on by {asker} (allowed then by {rule}), and {was} called back."


# ---- required by law (R13a)


def law_recorded(ref: str, demand: LegalDemand, told: int) -> str:
    if not demand.tell_patient:
        telling = "The patient is not told, as you said that it is forbidden."
    elif told:
        telling = "The patient is told."
    else:
        telling = "Nobody who answers for the patient has an account here: please tell them yourself."
    return (
        f"Recorded: {ref} is to be given to {quoted(demand.recipient)}, as the law requires. Basis: {quoted(demand.basis)}, "
        f"authority: {quoted(demand.authority)}. {telling} The copy follows; please hand it over yourself."
    )


def law_picture(ref: str, demand: LegalDemand, minutes: int) -> str:
    return (
        f"{ref}, for {quoted(demand.recipient)} and nobody else. It holds no metadata; the original stays in the record. "
        f"It disappears from here after {minutes} minutes."
    )


def law_not_given(ref: str) -> str:
    return (
        f"The copy of {ref} was stopped on its way, and the record says so: please give nobody a copy of it now. Once the photo "
        "may be seen again, write !required-by-law anew."
    )


def law_not_given_to_patient(ref: str) -> str:
    return f"The copy of your photo {ref} that the law requires was stopped on its way: it is given to nobody for now."


def law_to_patient(ref: str, demand: LegalDemand) -> str:
    return (
        f"The law requires the practice to give your photo {ref} to {quoted(demand.recipient)}. Basis: {quoted(demand.basis)}, "
        f"authority: {quoted(demand.authority)}. It is recorded with the photo. If you have questions, please call the practice."
    )


# ---- re-filing (R15)

WRONG_PATIENT = "{ref} had been filed for the wrong patient."
FILE_THE_DISCUSSION = (
    "What was discussed still belongs in the record: please write !close and a summary in the room of the case."
)
REFILED_TO_SENDER = (
    "We had filed your photo {ref} in the wrong record by mistake. It is in the right one now, and checked. You need not do "
    "anything. If you have questions, please call the practice."
)
CORRECTED_TO_SENDER = "We put right how {ref}, which you sent, is kept. You need not do anything. If you have questions, please call the practice."
REFILED_TO_COLLEAGUE = (
    "{ref}, which you sent, had been filed for the wrong patient. It was moved to the right record. What you attested was about "
    "somebody else, so it doesn't count any more. Please check what you concluded, wrote or told anybody under the wrong name."
)
REFILED_TO_WHO_MAY_HAVE_SEEN = (
    "{ref} was filed for the wrong patient when it was on its way to you; I don't know whether it arrived. It is in the right "
    "record now. If you saw it, please check what you concluded, wrote or told anybody under the wrong name."
)
REFILED_TO_VIEWER = (
    "{ref} was filed for the wrong patient when you saw it. It is in the right record now. Please check what you concluded, "
    "wrote or told anybody under the wrong name."
)


# ---- a new attestation, for the right patient (R30)


@sentence
def no_attestation_needed(ref: str) -> str:
    return f"{ref} needs no new attestation: that is for a colleague's photo that had been filed for the wrong patient."


@sentence
def may_go_for_advice(ref: str) -> str:
    return f"Recorded and filed. {ref} can be sent for advice again."


@sentence
def may_not_go_for_advice(ref: str) -> str:
    return f"Recorded and filed. Sharing {ref} for advice still needs the patient's consent."


@sentence
def how_to_attest(ref: str, today: date) -> str:
    return f"Please write: !attest {ref} verbal {today.isoformat()} advice. For a child say who agreed, too: from parent, or from guardian."


@sentence
def nothing_recorded(ref: str) -> str:
    return f"{ref}: nothing was recorded."


def attested_anew(ref: str, whose: str, giver: str, on: date, advice: bool) -> str:
    """Return the exact words that are attested. `whose` is "" for somebody who may not hear it."""
    shared = "and to sharing it for advice" if advice else "sharing it for advice was not discussed"
    return (
        f"{ref} had been filed for the wrong patient, and is in the right record{f', of {whose}' if whose else ''}.\n"
        f"By tapping you attest: {giver} agreed by word of mouth on {day(on)} to its being taken and used for the patient's care, "
        f"{shared}. Why it was taken, how it is used and who has access were discussed."
    )


def shall_it_move(ref: str, wrong: Patient, right: Patient) -> str:
    return f"{ref} is filed for {_whole(wrong)}.\nShall it move to {_whole(right)}?"


def _whole(patient: Patient) -> str:
    return f"{patient.name}, born {day(patient.born)}, MRN {patient.mrn}"


def not_refiled(ref: str, why: str) -> str:
    return f"{ref} could not be moved ({why}): it stays where it was. Please run consentry doctor, then try again."


def moved_away(image: Image, along: Mapping[str, int]) -> str:
    return (
        f"{image.ref} was filed here by mistake and was moved to the record it belongs to. It can't be opened from here any "
        f"more.{_with(along)}"
    )


def moved_here(image: Image, along: Mapping[str, int]) -> str:
    return (
        f"{image.ref} was filed in another record by mistake and was moved here, where it belongs.{_with(along)} "
        "What was written about it before was written under another name."
    )


def _with(along: Mapping[str, int]) -> str:
    named = [f"{count} × {kind}" for kind, count in sorted(along.items())]
    return f" Moved with it: {many(named)}." if named else ""


@sentence
def closed_already(ref: str) -> str:
    return f"{ref} is closed already; what was recorded stays."


@sentence
def closed_by_a_manager() -> str:
    return "Only a manager closes a breach assessment."


@sentence
def say_how_assessed(ref: str) -> str:
    return f"Please say how it was assessed: !breach {ref} outcome “no serious harm is likely, because …”"
