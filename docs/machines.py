"""The smaller machines of docs/workflow.md, with their words. What may happen is not told here."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain import (
    breach,
    choices,
    conversation,
    copies,
    delivery_events,
    document,
    use,
)
from bot.domain.assurance import Assurance, CopyForm, Level, Residue
from bot.domain.breach import Breach
from bot.domain.choices import Choice
from bot.domain.conversation import MOST_TOLD_TOGETHER, About, Burst, Question, QuestionState
from bot.domain.copies import Copy, CopyState, What
from bot.domain.delivery import Delivery
from bot.domain.document import Document, DocumentState
from bot.domain.entries import EntryKind
from bot.domain.identifiers import (
    Account,
    BreachId,
    BurstId,
    ChoiceId,
    CopyId,
    DeliveryId,
    DocumentId,
    ImageId,
    MediaId,
    PatientId,
    PersonId,
    PollId,
    QuestionId,
    UseId,
)
from bot.domain.people import Role
from bot.domain.purposes import Purpose
from bot.domain.use import Use, UseState
from bot.domain.use_rules import Relatedness

from .machine import Machine, by_name, in_each
from .machines_of_people import AUTHORITIES, CHECKS, INVITATIONS, PATIENTS, PEOPLE
from .words import AT

COPY_STATES = {
    CopyState.KNOWN: "It exists, and the ledger has it.",
    CopyState.ERASING: "Its erasure was begun.",
    CopyState.HIDDEN: "Redacted: no app shows it. The homeserver forgets the ciphertext by a stated date.",
    CopyState.GONE: "Seen to be gone: the homeserver answers 404.",
    CopyState.BEYOND_REACH: "Nobody here can erase it. The receipt says why.",
}

COPIES = Machine(
    title="A copy",
    about="A copy is one media file or one message: the photo, its thumbnail, an edit, a reply, the bot's own words. Media "
    "is erased before the message that shows it, so that no step can leave media that nobody knows of.",
    states=COPY_STATES,
    events={
        "erasure begun": copies.ErasureBegun(),
        "seen gone": copies.SeenGone(AT),
        "redacted": copies.Redacted(AT, timedelta(days=7)),
        "can't be erased": copies.OutOfReach(AT, "not-local"),
    },
    kinds=copies.Event.__args__,
    examples=in_each(Copy(CopyId("id"), What.FILE, mxc=MediaId("mxc://server/id")), COPY_STATES),
    state_of=lambda copy: copy.state,
    after=copies.after,
)

DOCUMENT_STATES = {
    DocumentState.WRITTEN: "Said, and not filed yet: words wait for their image.",
    DocumentState.DRAFT: "A reply whose author has not said yet whom it is to reach (R29).",
    DocumentState.VERIFIED: "Read back from the record. What they say is kept there alone.",
    DocumentState.HELD: "The record refused them, or they are somebody's who may not write there any more. A person must look.",
    DocumentState.DROPPED: "Of an image that is not kept, or for nobody any more. What they said is gone.",
    DocumentState.DESTROYED: "Their retention was over (R23).",
}

DOCUMENTS = Machine(
    title="Words that belong to a record",
    about="A note, a reply, an answer, a correction or a receipt is filed and read back like an image, and after it.",
    states=DOCUMENT_STATES,
    events={
        "reader chosen": document.Addressed(PatientId("patient"), {}, PersonId("reader")),
        "found in the record": document.FoundInRecord(),
        "not filed": document.NotFiled(),
        "tried again": document.TriedAgain(),
        "dropped": document.Dropped(),
        "destruction decided": document.WordsDestroyed(),
        "patient known": document.PatientKnown(PatientId("patient")),
        "moved to the image that is kept": document.MovedTo(ImageId("another"), PatientId("patient")),
    },
    kinds=document.DocumentEvent.__args__,
    examples=in_each(
        Document(
            DocumentId("id"),
            EntryKind.REPLY,
            ImageId("image"),
            PatientId(""),
            PersonId("author"),
            AT,
            "words",
            {},
            "digest",
        ),
        DOCUMENT_STATES,
    ),
    state_of=lambda words: words.state,
    after=document.document_after,
)

USE_STATES = {
    UseState.ASKED: "Somebody began to ask for it.",
    UseState.PERMITTED: "A rule permits it without asking.",
    UseState.AWAITING_CONSENT: "Whoever decides for the patient is asked, in full.",
    UseState.GRANTED: "They agreed, in time.",
    UseState.RELEASED: "The recipients have it.",
    UseState.CLOSED: "What came of it is on file.",
    UseState.REFUSED: "They said no, or a rule does.",
    UseState.EXPIRED: "Nobody answered in time.",
    UseState.WITHDRAWN: "Stopped at the patient's wish.",
    UseState.RECALLED: "It went to the wrong person (R25).",
}
_USE = Use(
    UseId("id"),
    (ImageId("image"),),
    PersonId("clinician"),
    AT,
    Purpose.CARE,
    (Account("recipient"),),
    "a question",
    expires_at=AT + timedelta(days=7),
)

USES = Machine(
    title="A use",
    about="A use is advice from a colleague, teaching, research or whatever else an image is shown for. What was refused, "
    "expired, withdrawn or recalled is never released again: another try is another use (R12, R13).",
    states=USE_STATES,
    events={
        "the requester says more of it": use.DetailsSaid(purpose=Purpose.EDUCATION),
        "recipients named": use.RecipientsNamed((Account("@derm:hs.test"),), (PersonId("derm"),)),
        "relation attested": use.RelatednessAttested(Relatedness.RELATED),
        "reason corrected": use.ReasonChanged("“a rash”"),
        "permitted by rule": use.Permitted("R7"),
        "consent asked": use.ConsentAsked("R9", "wording", "version", AT + timedelta(days=7), "“a rash”"),
        "consent given": use.ConsentGiven(AT),
        "consent given too late": use.ConsentGiven(AT + timedelta(days=7)),
        "consent refused": use.ConsentRefused(),
        "ruled out": use.RuledOut("R13"),
        "expired": use.Expired(),
        "released": use.Released(),
        "summarised": use.Summarised(AT),
        "closed": use.Closed(),
        "withdrawn": use.Withdrawn(),
        "recalled": use.Recalled(),
        "a no that may not be heard": use.SaidNo(),
        "goes on": use.GoesOn(),
        "words may take an image back": use.DoubtRaised(),
        "it may stay": use.DoubtSettled(),
        "handed over": use.CaseHandedOver("successor"),
        "last image destroyed": use.ImagesDestroyed(),
    },
    kinds=use.UseEvent.__args__,
    examples=[*in_each(_USE, USE_STATES), *in_each(replace(_USE, held=True), USE_STATES)],
    state_of=lambda use: use.state,
    after=use.decide,
)

QUESTION_STATES = {
    QuestionState.OPEN: "Asked, and waited for until its deadline.",
    QuestionState.ANSWERED: "Nothing more is asked.",
    QuestionState.UNANSWERED: "Its time was over. A late answer still counts.",
}
_ASKED = Question(
    QuestionId("id"),
    PersonId("sender"),
    About.PATIENT,
    (ImageId("one"), ImageId("two")),
    (PatientId("patient"), PatientId("another")),
    AT,
    AT + timedelta(hours=1),
)

QUESTIONS = Machine(
    title="A question",
    about="A question is what the sender of a photo is asked about it. Photos in a row share one.",
    states=QUESTION_STATES,
    events={
        "answered": conversation.Answered(),
        "not answered in time": conversation.NotAnswered(),
        "asked anew": conversation.AskedAnew(),
        "asked again": conversation.AskedAgain(AT),
        "another photo came": conversation.PhotoJoined(ImageId("three")),
        "one photo is settled": conversation.PhotoSettled(ImageId("one")),
        "the reason is wanted": conversation.ReasonWanted((ImageId("one"),), AT),
        "one photo is destroyed": conversation.PhotoDestroyed(),
    },
    kinds=conversation.QuestionEvent.__args__,
    examples=[*in_each(_ASKED, QUESTION_STATES), replace(_ASKED, image_ids=(ImageId("one"),))],
    state_of=lambda question: question.state,
    after=conversation.question_after,
)

BURSTS = Machine(
    title="Photos that are told of together",
    about="Photos of one sender that are safe wait for others of theirs that are on their way, ten seconds at most: one line "
    "to the practice, one message back.",
    states={"waiting": "More may come.", "full": "Told of at once, whatever else is on its way."},
    events={"one more is safe": lambda burst: conversation.one_more_safe(burst, ImageId("image"), to_answer=True)},
    examples=[
        Burst(BurstId("id"), PersonId("sender"), (ImageId("image"),) * number)
        for number in (1, MOST_TOLD_TOGETHER - 1, MOST_TOLD_TOGETHER)
    ],
    state_of=lambda burst: "full" if burst.is_full else "waiting",
    after=by_name,
)

_CHOICE = Choice(
    ChoiceId("secret"),
    PollId("poll"),
    "4821",
    PersonId("person"),
    "specific-consent",
    "use",
    "yes",
    "Yes",
    AT + timedelta(days=7),
)

CHOICES = Machine(
    title="An answer that can be tapped",
    about="An answer of a poll is a one-time secret; all answers of one poll are spent together.",
    states={
        "open": "It can be made until it expires.",
        "spent": "It, or another answer, was made; or nothing is asked now.",
    },
    events={
        "made, or asked no more": lambda choice: choices.spent(choice, AT),
        "“ask me later”": choices.put_again,
        "what it is about is destroyed": lambda choice: choices.emptied_choice(choice, AT),
    },
    examples=[_CHOICE, choices.spent(_CHOICE, AT)],
    state_of=lambda choice: "spent" if choice.used_at else "open",
    after=by_name,
)

_MANAGER, _OTHERS = frozenset({Role.MANAGER}), frozenset(Role) - {Role.MANAGER}
_BREACH = Breach(
    BreachId("id"), "BR-7F3K", ImageId("image"), UseId("use"), "sent wrongly", (), AT, AT + breach.ASSESSMENT
)

BREACHES = Machine(
    title="A breach",
    about="An image reached the wrong person. It is assessed within 30 days (R25).",
    states={"open": "Being assessed. Managers are reminded.", "closed": "A manager said with what outcome."},
    events={
        "the bot did something, or somebody answered": lambda found: breach.with_step(found, "bot", "called back", AT),
        "a step by hand": lambda found: breach.with_step_by_hand(found, "Kim", "called", AT),
        "a manager says the outcome": lambda found: breach.closed(found, _MANAGER, "no harm", AT),
        "a manager says none": lambda found: breach.closed(found, _MANAGER, "", AT),
        "somebody else says the outcome": lambda found: breach.closed(found, _OTHERS, "no harm", AT),
        "its image is destroyed": breach.emptied_breach,
    },
    examples=[_BREACH, replace(_BREACH, closed_at=AT, outcome="no harm")],
    state_of=lambda found: "closed" if found.closed_at else "open",
    after=by_name,
)

DELIVERY_STATES = {
    Level.WAITING: "Not there yet; or there, and nobody has taken it.",
    Level.VERIFIED: "Read back identical, under the right patient.",
    Level.ACCEPTED: "The receiving program said so, and can't be asked.",
    Level.TAKEN: "It lay there and is gone. Nobody said who took it.",
    Level.REFUSED: "It can't go there. A person must look.",
    Level.UNKNOWN: "It may be there or not. It is asked again.",
}
_SAM, _LIES_THERE = PatientId("patient"), {"id": "copy", "entry": "entry"}


def _shows(level: Level) -> delivery_events.Placed:
    return delivery_events.Placed(AT, _SAM, CopyForm.CLEAN, _LIES_THERE, "digest", Assurance(level))


DELIVERIES = Machine(
    title="A further copy",
    about="An entry of the record on its way to one more place ([records.md](records.md)). What the place shows is what it "
    "is called, and nothing more (R35). An entry that is moved to another patient waits anew, from any state.",
    states=DELIVERY_STATES,
    events={
        "placing begun": delivery_events.PlacingBegun(_SAM),
        "placed, and shown verified": _shows(Level.VERIFIED),
        "placed, and shown waiting": _shows(Level.WAITING),
        "seen taken": delivery_events.LookedAt(AT, Assurance(Level.TAKEN)),
        "seen unclear": delivery_events.LookedAt(AT, Assurance(Level.UNKNOWN, "differs")),
        "the place failed": delivery_events.NotPlaced(AT, "full"),
        "it can't go there": delivery_events.Declined(AT, _SAM, "not-viewable"),
        "nothing to place": delivery_events.NothingToPlace(AT),
        "tried anew": delivery_events.TriedAnew(AT),
        "taken out": delivery_events.TakenOut(AT, Residue.GONE),
    },
    kinds=delivery_events.DeliveryEvent.__args__,
    examples=in_each(Delivery(DeliveryId("id"), "entry", "Practice software", _SAM, since=AT), DELIVERY_STATES),
    state_of=lambda copy: copy.state,
    after=delivery_events.delivery_after,
)

MACHINES = (
    INVITATIONS,
    PEOPLE,
    CHECKS,
    PATIENTS,
    AUTHORITIES,
    QUESTIONS,
    CHOICES,
    BURSTS,
    DOCUMENTS,
    USES,
    BREACHES,
    COPIES,
    DELIVERIES,
)
