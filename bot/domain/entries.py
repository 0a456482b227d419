"""An entry of the patient record: what is filed, whatever technology the record uses (R14)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from .identifiers import PatientId
from .sealed import SealedObject


class EntryKind(StrEnum):
    IMAGE = "image"
    ORIGIN = "origin"  # what an image's file says of itself, as screening found it (R14)
    NOTE = "note"  # discussion note of a clinician
    REPLY = "reply"  # a clinician's words to the patient
    ANSWER = "answer"  # the patient's words
    CORRECTION = "correction"  # a new record beside the old one, never an edit
    CONSENT = "consent"
    DISCLOSURE = "disclosure"
    RECEIPT = "receipt"  # purge receipt: what became of each chat copy


# A fact of an entry that the law forbids telling the patient (R13a): the practice sees it, a patient's copy leaves it out.
CONCEALED = "concealed_from_patient"
# A fact of an origin: a thumbnail in base64, where a web page can't show the original itself.
SMALL_PICTURE = "small_picture"


@dataclass(frozen=True, slots=True)
class PatientIdentity:
    """The patient an entry belongs to. `mrn` is the medical record number."""

    patient_id: PatientId
    mrn: str
    name: str
    born: date


@dataclass(frozen=True, slots=True)
class HeldEntry:
    """A line about something filed: enough to plan a copy without reading it."""

    entry_id: str
    about: str
    size: int
    mentions: frozenset[str] = frozenset()  # references that stand in its words or facts


@dataclass(frozen=True, slots=True)
class Entry:
    """One filed thing. Exactly one of `sealed` (bytes in the vault) and `text` is set."""

    entry_id: str  # stable: filing the same id twice with the same digest is success
    kind: EntryKind
    patient: PatientIdentity
    about: str  # reference of the image it belongs to, e.g. IMG-7F3K; "" if none
    at: datetime  # when it happened, UTC
    by: str  # name and role of who sent or wrote it
    facts: dict[str, Any] = field(
        default_factory=dict
    )  # R14: purpose, reason, consent, origin, proof ... JSON values only
    sealed: SealedObject | None = None
    media_type: str = ""
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Unnamed:
    """What the reader of a copy may not know: names and accounts, and for some entries the consent or the sender's words.

    `unproved`: entries whose proof repeats what a colleague wrote with their photo, which may name another patient.
    `sent_unknown`: photos of somebody of whom the reader may not know. They stand there as what they are, without who sent
    them, in which words, and with what consent (R33a). `elsewhere`: events and media that lay in the chats of such people.
    `of_others`: photos that another of the patient's people sent, which may hide where they live: they are here without it,
    and without the file name and whatever else their app sent along (R19).
    """

    names: frozenset[str] = frozenset()
    not_consented: frozenset[str] = frozenset()
    without_words: frozenset[str] = frozenset()
    unproved: frozenset[str] = frozenset()
    sent_unknown: frozenset[str] = frozenset()
    elsewhere: frozenset[str] = frozenset()
    of_others: frozenset[str] = frozenset()

    def told(self, value: Any) -> Any:
        """Return the same without these names, however deep they stand."""
        match value:
            case str():
                for name in sorted(self.names, key=len, reverse=True):
                    value = value.replace(name, SOMEBODY_ELSE)
                return value
            case dict():
                return {key: self.told(part) for key, part in value.items()}
            case list():
                return [self.told(part) for part in value]
        return value

    def facts_of(self, entry_id: str, facts: dict[str, Any]) -> dict[str, Any]:
        """Return what the reader may know of the facts of this entry."""
        told = dict(facts)
        if entry_id in self.not_consented:
            told |= {"consent": None}
        if entry_id in self.without_words:
            told |= {"reason": "", "proof": None}
        if entry_id in self.unproved | self.of_others:
            told |= {"proof": None}
            if isinstance(told.get("consent"), dict):
                told["consent"] = {name: fact for name, fact in told["consent"].items() if name != "proof"}
        if entry_id in self.sent_unknown:
            told = {name: fact for name, fact in told.items() if name not in _OF_ITS_SENDER} | {"consent": HELD_BACK}
        if told.get("copies"):
            told |= {"copies": self.copies_of(told["copies"])}
        return dict(self.told(told))

    def copies_of(self, copies: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the lines of a receipt without those that lay in the chats of others."""
        return [copy for copy in copies if self.elsewhere.isdisjoint({copy.get("event_id"), copy.get("mxc")})]


_OF_ITS_SENDER = frozenset({"sent_by", "reason", "reason_stated_by", "proof"})
HELD_BACK = ""  # instead of a consent: whether there is one is not for the reader to know
SOMEBODY_ELSE = "Somebody else"
NOBODY_UNNAMED = Unnamed()
