"""The machines of docs/workflow.md that people are in: how they come, who they are, for whom they answer. Their words only."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bot.domain import (
    authority_events,
    invitation_events,
    taking_part,
    under_care,
    verification,
)
from bot.domain.formal_names import FormalName, Sex
from bot.domain.identifiers import (
    NO_PERSON,
    Account,
    AuthorityId,
    InvitationId,
    PatientId,
    PersonId,
    RoomId,
    VerificationId,
)
from bot.domain.invitations import Invitation, InvitationState, Tell
from bot.domain.people import Authority, Patient, Person, Relation, Role, Standing
from bot.domain.under_care import Care
from bot.domain.verification import Stage, Verification

from .machine import Machine, by_name
from .words import AT

INVITATION_STATES = {
    InvitationState.OPEN: "Its code can be written once, until it expires.",
    InvitationState.MATCHED: "Its code was right. The patient's birthday is asked for; of a colleague, a yes.",
    InvitationState.USED: "They are here.",
    InvitationState.LOCKED: "Its code was tried too often, or the date of birth.",
    InvitationState.REFUSED: "Whoever wrote its code is somebody else.",
    InvitationState.EXPIRED: "Its time is over, or the time of what it was for.",
}
_INVITED = Invitation(InvitationId("id"), "K7M", "salt", "hash", Role.PATIENT, "Sam Patel", AT, PersonId("manager"))
_WRITTEN = replace(_INVITED, matched_by=Account("@sam:hs.test"), matched_identity="key", matched_room=RoomId("lobby"))
_OF_PATIENT = replace(_WRITTEN, patient_id=PatientId("patient"))
_BORN, _NOT_BORN = date(1984, 3, 7), date(1984, 3, 8)

INVITATIONS = Machine(
    title="An invitation",
    about="An invitation is a one-time code that ties an account to a person.",
    states=INVITATION_STATES,
    events={
        "code written": invitation_events.CodeWritten(Account("@sam:hs.test"), "key", RoomId("another lobby")),
        "code written by another": invitation_events.CodeWritten(Account("@eve:hs.test"), "key", RoomId("lobby")),
        "secret wrong": invitation_events.SecretWrong(),
        "right birthday": invitation_events.BirthdayWritten(_BORN, _BORN),
        "wrong birthday": invitation_events.BirthdayWritten(_NOT_BORN, _BORN),
        "a colleague's “that is me”": invitation_events.Confirmed(),
        "a colleague's “not me”": invitation_events.Denied(),
        "another code written instead": invitation_events.LetGo(),
        "ended": invitation_events.Ended(),
        "its maker is asked whether others are told": invitation_events.TellingAsked((PersonId("ann"),)),
        "whether others are told": invitation_events.TellingChosen(Tell.TELL),
    },
    kinds=invitation_events.InvitationEvent.__args__,
    examples=[
        *(replace(_WRITTEN, state=state) for state in INVITATION_STATES),
        *(replace(_OF_PATIENT, state=state) for state in INVITATION_STATES),
        replace(
            _OF_PATIENT, state=InvitationState.MATCHED, wrong_birthdays=invitation_events.WRONG_BIRTHDAYS_ALLOWED - 1
        ),
        replace(_INVITED, wrong_tries=invitation_events.WRONG_TRIES_ALLOWED - 1),
    ],
    state_of=lambda invitation: invitation.state,
    after=invitation_events.invitation_after,
)

STANDINGS = {
    Standing.ACTIVE: "They are heard, and sent to, as what they are here.",
    Standing.PAUSED: "Not heard, and sent nothing, until an identity is pinned for them. Nothing of theirs is dropped (R28a).",
    Standing.LEFT: "Gone. The next on their account is somebody new, who inherits nothing (R31).",
}
_PERSON = Person(
    PersonId("id"), Account("@lee:hs.test"), "Lee", frozenset({Role.CLINICIAN}), "key", revoked=("lost key",)
)

PEOPLE = Machine(
    title="A person",
    about="A person is somebody with an account whose identity was pinned. What they may do is asked each time it takes effect.",
    states=STANDINGS,
    events={
        "another identity shows up": taking_part.IdentityDiffers(),
        "a phone is lost": taking_part.PhoneReportedLost(),
        "an invitation is confirmed": taking_part.LetIn("new key", frozenset({Role.PATIENT}), "Lee"),
        "one is, from a lost phone": taking_part.LetIn("lost key", frozenset({Role.PATIENT}), "Lee"),
        "emoji were the same": taking_part.FoundTheSame("new key", AT),
        "leaves work": taking_part.WorksHereNoMore(is_linked=False, successor_id=NO_PERSON),
        "leaves work, stays a patient": taking_part.WorksHereNoMore(is_linked=True, successor_id=NO_PERSON),
        "speaks for nobody any more": taking_part.SpeaksForNobody(),
        "confirmed as a patient": taking_part.ConfirmedAsPatient(),
        "to be confirmed anew": taking_part.ToBeConfirmedAnew(),
    },
    kinds=taking_part.PersonEvent.__args__,
    examples=[
        replace(_PERSON, standing=standing, roles=_PERSON.roles | also)
        for standing in STANDINGS
        for also in (frozenset[Role](), frozenset({Role.PATIENT}))
    ],
    state_of=lambda person: person.standing,
    after=taking_part.person_after,
)

CARES = {
    Care.HERE: "A patient of the practice.",
    Care.LEFT: "Not a patient here any more. The record stays.",
    Care.DIED: "Nobody answers for them, and nothing is shared any more (R28a). The record stays.",
}
_PATIENT = Patient(PatientId("id"), "10421", "Sam Patel", _BORN)
_LEFT = replace(_PATIENT, left_on=AT.date())

PATIENTS = Machine(
    title="A patient",
    about="A patient is somebody whom a record is about. Whether there is an account for them is another matter.",
    states=CARES,
    events={
        "leaves the practice": under_care.LeftThePractice(AT.date()),
        "somebody is invited for them": under_care.InvitedAgain(),
        "has died": under_care.HasDied(AT.date()),
        "has not died after all": under_care.IsAlive(),
        "a child who decides for themselves": under_care.FoundMature(AT),
        "decides for themselves again": under_care.FoundAble(AT),
        "can't decide any more": under_care.FoundUnable(AT),
        "which name is the family name": under_care.NamesLearned(FormalName("Patel", "Sam"), Sex.MALE),
    },
    kinds=under_care.PatientEvent.__args__,
    examples=[
        replace(patient, impaired=impaired, died_on=died_on)
        for patient in (_PATIENT, _LEFT)
        for impaired in (False, True)
        for died_on in (None, AT.date())
    ],
    state_of=under_care.care_of,
    after=under_care.patient_after,
)

_WAITS = Authority(
    AuthorityId("id"),
    PersonId("ann"),
    PatientId("sam"),
    Relation.DECISION_MAKER,
    recorded_at=AT,
    needs_second=True,
)


def _authority_stands(authority: Authority) -> str:
    today = AT.date()
    if not authority.may_hold(today):
        return "ended"
    if authority.begins_after(today):
        return "prepared"
    return "holds" if authority.holds_on(today) else "waits"


AUTHORITIES = Machine(
    title="An authority",
    about="An authority is that a person answers for a patient, in what capacity, and from when until when. One that needs no "
    "second person begins by holding.",
    states={
        "waits": "A second person of the staff has still to say that they know who this is (R33).",
        "holds": "They answer for the patient.",
        "prepared": "It begins on a day to come.",
        "ended": "They answer no more. What they agreed to before stands, unless it was never theirs.",
    },
    events={
        "a second person confirms it": lambda held: authority_events.confirmed(held, PersonId("kim"), AT),
        "opened, by the patient": lambda held: authority_events.opened(held, PersonId("sam"), AT),
        "its holder begins to work here": authority_events.to_be_confirmed,
        "ended": lambda held: authority_events.ended(held, AT.date()),
        "its code had reached the wrong person": lambda held: authority_events.never_theirs(held, AT.date()),
        "the patient has died": lambda held: authority_events.ended_by_death(held, AT.date()),
        "the sentence was said, or the patient is alive": authority_events.owes_no_sentence,
    },
    examples=[
        replace(authority, needs_second=needs_second, sentence_due=due)
        for needs_second in (True, False)
        for due in (True, False)
        for authority in (
            _WAITS,
            replace(_WAITS, since=AT.date() + timedelta(days=30)),
            replace(_WAITS, until=AT.date() - timedelta(days=1)),
        )
    ],
    state_of=_authority_stands,
    after=by_name,
)

CHECK_STAGES = {
    Stage.ASKED: "The two apps agree on keys.",
    Stage.SHOWN: "A person must compare.",
    Stage.CONFIRMED: "They are the same. The other side's keys are still to come.",
    Stage.VERIFIED: "The identity is pinned, and vouched for.",
    Stage.ENDED: "Nothing comes of it any more.",
}
_CHECKED = Verification(
    VerificationId("id"), PersonId("person"), Account("@sam:hs.test"), RoomId("room"), "transaction", AT
)

CHECKS = Machine(
    title="A check by emoji",
    about="A check by emoji ties an app's keys to a person, once somebody else compared what both screens show.",
    states=CHECK_STAGES,
    events={
        "the apps show emoji": lambda check: verification.moved(check, verification.Reached(Stage.SHOWN)),
        "they are the same": lambda check: verification.compared(check, PersonId("manager"), same=True),
        "they differ": lambda check: verification.compared(check, PersonId("manager"), same=False),
        "the apps are done": lambda check: verification.moved(check, verification.Reached(Stage.VERIFIED)),
        "an app ends it": lambda check: verification.moved(check, verification.Reached(Stage.ENDED)),
        "ended here": lambda check: verification.ended_because(check, "m.timeout"),
    },
    examples=[
        replace(
            _CHECKED,
            stage=stage,
            compared_by=PersonId("manager") if stage in {Stage.CONFIRMED, Stage.VERIFIED} else NO_PERSON,
        )
        for stage in CHECK_STAGES
    ],
    state_of=lambda check: check.stage,
    after=by_name,
)
