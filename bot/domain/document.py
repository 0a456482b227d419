"""Words that belong to a record: notes, replies, answers, corrections, receipts. They are filed and read back, like an image.

draft → written → verified        aside: held, dropped, destroyed

Words wait for their image: they are filed when it is, so that a photo taken back leaves no words of its sender behind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from .entries import EntryKind
from .errors import Refused
from .identifiers import NO_PERSON, DocumentId, ImageId, PatientId, PersonId
from .message import Message, message

# Values of the fact "as" of an answer: what its words are to the image.
WHOLE_CAPTION = "the whole text sent with the image"
SAYS_SOMEBODY_ELSE = "says that it shows somebody else"
LETS_IN = "lets in what somebody sent who does not decide for them"
STOPS_EVERY_USE = "stops every further use of it"
# Of a correction: its sender never was one of the patient's people.
BY_THE_WRONG_PERSON = "whom it shows is doubted"
DOUBTS = frozenset({SAYS_SOMEBODY_ELSE, BY_THE_WRONG_PERSON})
# And of a reply: the person it was written to never read it.
UNREAD = "did not reach the person it was written to"
# And of a reply, and of what the record notes about it: it was taken back from the person it had reached (R25).
CALLED_BACK = "called back, as it was not for the person it was sent to"
# Facts that are kept once it is filed: what a document is, and which reply a note is about. The record has all of them.
_STAY = frozenset({"as", "reply"})


class DocumentState(StrEnum):
    DRAFT = "draft"  # a reply whose author was asked whom it is to reach and has not said yet (R29)
    WRITTEN = "written"
    VERIFIED = "verified"
    HELD = "held"
    DESTROYED = "destroyed"  # with its image, when retention was over (R23)
    DROPPED = "dropped"  # the sender's own words about an image that was not kept


@dataclass(frozen=True, slots=True)
class Document:
    """Words for a record. `text` is kept here only until the record holds it."""

    id: DocumentId
    kind: EntryKind
    image_id: ImageId  # "" for words about a patient and no image
    patient_id: PatientId
    author_id: PersonId  # "" for the bot
    at: datetime
    text: str
    facts: dict[str, object]
    sha256: str
    state: DocumentState = DocumentState.WRITTEN
    reader_id: PersonId = NO_PERSON  # of a reply: the person it was written to
    version: int = 0

    @property
    def is_called_back(self) -> bool:
        return self.facts.get("as") == CALLED_BACK

    @property
    def counts_as_told(self) -> bool:
        """Return whether a reply is something its reader was told: it was not stopped, and not called back."""
        return self.facts.get("as") not in {UNREAD, CALLED_BACK}


@dataclass(frozen=True, slots=True)
class Addressed:
    """The author of a draft said whom it is to reach: it belongs to the record like any other words (R29)."""

    patient_id: PatientId
    facts: dict[str, object]
    reader_id: PersonId


@dataclass(frozen=True, slots=True)
class FoundInRecord:
    """The record has them, and gave them back as they are (R16)."""


@dataclass(frozen=True, slots=True)
class NotFiled:
    """The record refused them or did not give them back the same, or their author may not write there any more."""


@dataclass(frozen=True, slots=True)
class TriedAgain:
    """A person removed the cause of the trouble."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """Nobody reads them, and nothing of them is kept."""


@dataclass(frozen=True, slots=True)
class WordsDestroyed:
    """The time they had to be kept is over (R23)."""


@dataclass(frozen=True, slots=True)
class PatientKnown:
    """It was said, or put right, in whose record they belong (R15)."""

    patient_id: PatientId


@dataclass(frozen=True, slots=True)
class MovedTo:
    """They are about another image: of two that are the same, the one that is kept."""

    image_id: ImageId
    patient_id: PatientId


DocumentEvent = Addressed | FoundInRecord | NotFiled | TriedAgain | Dropped | WordsDestroyed | PatientKnown | MovedTo


def document_after(document: Document, event: DocumentEvent) -> Document:
    """Return the words after `event`; `Refused` where the table says so."""
    return TRANSITIONS[document.state, type(event)](document, event)


def _to(state: DocumentState) -> Callable[[Document, DocumentEvent], Document]:
    return lambda document, event: replace(document, state=state)


def _addressed(document: Document, event: Addressed) -> Document:
    return replace(
        document,
        state=DocumentState.WRITTEN,
        patient_id=event.patient_id,
        facts=event.facts,
        reader_id=event.reader_id,
    )


def _verified(document: Document, event: FoundInRecord) -> Document:
    """Keep what the words are to the image, and nothing that they say: that is the record's to keep."""
    kept = {name: fact for name, fact in document.facts.items() if name in _STAY}
    return replace(document, state=DocumentState.VERIFIED, text="", facts=kept)


def _dropped(document: Document, event: Dropped) -> Document:
    return replace(document, state=DocumentState.DROPPED, text="", facts={})


def _destroyed(document: Document, event: WordsDestroyed) -> Document:
    return replace(document, state=DocumentState.DESTROYED, text="", facts={}, sha256="")


def _belongs(document: Document, event: PatientKnown) -> Document:
    return replace(document, patient_id=event.patient_id)


def _moved(document: Document, event: MovedTo) -> Document:
    return replace(document, image_id=event.image_id, patient_id=event.patient_id)


def _stay(document: Document, event: DocumentEvent) -> Document:
    return document


def unread(document: Document) -> Document:
    """Return a reply that did not reach whom it was written to: it is no part of what they were told (R29)."""
    return document if document.is_called_back else replace(document, facts={**document.facts, "as": UNREAD})


def called_back(document: Document) -> Document:
    """Return a reply that is taken back from whom it was sent to: the record keeps it, and nobody gets it in a copy (R25)."""
    return replace(document, facts={**document.facts, "as": CALLED_BACK})


def _refuse(said: Message, rule: str = "") -> Callable[[Document, DocumentEvent], Document]:
    def refuse(document: Document, event: DocumentEvent) -> Document:
        raise Refused(said, rule)

    return refuse


_DRAFTED = _refuse(message("about_states.words_reach_nobody"), "R29")
_ADDRESSED = _refuse(message("about_states.readers_were_said"), "R29")
_FILED = _refuse(message("about_states.words_are_filed"), "R16")
_GONE = _refuse(message("about_states.words_are_gone"))

# The patient is noted even for words that are filed, held or gone: a record that was moved took them along.
_ALWAYS: dict[type, Callable[..., Document]] = {WordsDestroyed: _destroyed, PatientKnown: _belongs}

_BY_STATE: dict[DocumentState, dict[type, Callable[..., Document]]] = {
    DocumentState.DRAFT: {
        **_ALWAYS,
        Addressed: _addressed,
        FoundInRecord: _DRAFTED,
        NotFiled: _DRAFTED,
        TriedAgain: _DRAFTED,
        Dropped: _dropped,
        MovedTo: _DRAFTED,
    },
    DocumentState.WRITTEN: {
        **_ALWAYS,
        Addressed: _ADDRESSED,
        FoundInRecord: _verified,
        NotFiled: _to(DocumentState.HELD),
        TriedAgain: _stay,
        Dropped: _dropped,
        MovedTo: _moved,
    },
    DocumentState.VERIFIED: {
        **_ALWAYS,
        Addressed: _ADDRESSED,
        FoundInRecord: _stay,
        NotFiled: _stay,  # a second try, late: the record has them
        TriedAgain: _stay,
        Dropped: _FILED,
        MovedTo: _FILED,
    },
    DocumentState.HELD: {
        **_ALWAYS,
        Addressed: _ADDRESSED,
        FoundInRecord: _verified,
        NotFiled: _stay,
        TriedAgain: _to(DocumentState.WRITTEN),
        Dropped: _dropped,
        MovedTo: _moved,
    },
    DocumentState.DESTROYED: {
        **_ALWAYS,
        Addressed: _GONE,
        FoundInRecord: _stay,
        NotFiled: _stay,
        TriedAgain: _GONE,
        Dropped: _stay,
        MovedTo: _GONE,
    },
    DocumentState.DROPPED: {
        **_ALWAYS,
        Addressed: _GONE,
        FoundInRecord: _verified,  # it was on its way: a fact, whatever anybody wished meanwhile
        NotFiled: _stay,
        TriedAgain: _GONE,
        Dropped: _stay,
        MovedTo: _GONE,
    },
}

TRANSITIONS: dict[tuple[DocumentState, type], Callable[..., Document]] = {
    (state, event): cell for state, cells in _BY_STATE.items() for event, cell in cells.items()
}
