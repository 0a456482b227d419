"""The words for docs/workflow.md: names for events, situations and consequences. What may happen is not told here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

from bot.domain import image
from bot.domain.identifiers import NO_PATIENT, ImageId, PatientId
from bot.domain.image import HeldFor, Image, State, Then, what_is_missing
from bot.domain.people import Relation
from bot.domain.purposes import Purpose
from bot.domain.sealed import SealedObject
from bot.domain.statement import ConsentKind, Missing, Statement, may_be_attested
from bot.domain.use_rules import Kind, Source

AT = datetime(2026, 1, 1, tzinfo=UTC)

STATES: dict[State, str] = {
    State.RECEIVED: "The message arrived from somebody known. The photo is being fetched.",
    State.CAPTURED: "The photo is sealed in the vault. Something must still be known before it can be filed.",
    State.READY: "Nothing is missing. It is on its way to the record.",
    State.FILED: "The record has it. It is not read back yet, so the chat copies stay.",
    State.VERIFIED: "Read back from the record, and every byte is there. The chat copies are purged.",
    State.HELD: "A person must look, or the sender must answer. Nothing is filed meanwhile.",
    State.DISCARDED: "Not kept. The sender was told why.",
    State.LEFT_WITH_SENDER: "Kept by the colleague who sent it (R4).",
    State.DESTROYED: "Its retention was over, and a manager decided it. The register names it (R23).",
}

DESCRIBED = Statement(
    Kind.BODY, PatientId("patient"), "Dr Lee", ConsentKind.VERBAL, date(2026, 1, 1), Relation.SELF, covers_advice=True
)

EVENTS: dict[str, image.Event] = {
    "shows somebody else": image.SomebodyElse(),
    "re-filing confirmed": image.RefileConfirmed(PatientId("another patient")),
    "moved, matches": image.Refiled(AT, True),
    "moved, differs": image.Refiled(AT, False),
    "can't be moved": image.RefilingFailed("conflict"),
    "fetched and sealed": image.Captured(SealedObject("id", NO_PATIENT, "key", 1, 3, "digest"), "image/jpeg"),
    "can't be kept": image.CaptureFailed("not-kept"),
    "same as another photo": image.DuplicateFound(ImageId("another")),
    "reason stated": image.PurposeStated(Purpose.CARE, "rash", "answer"),
    "no reason in time": image.UNSTATED,
    "patient chosen": image.PatientChosen(PatientId("patient")),
    "record took it": image.Filed(AT),
    "record refused it": image.FilingFailed("conflict"),
    "read back, matches": image.ReadBack(AT, True),
    "read back, differs": image.ReadBack(AT, False),
    "sender deleted it": image.SenderDeleted(),
    "words may take it back": image.AskedBack(),
    "withdrawal asked": image.WithdrawalAsked(),
    "keep asked": image.KeepAsked(),
    "sealed photo destroyed": image.Discarded("withdrawn"),
    "identity changed": image.IdentityChanged(),
    "colleague describes it": image.Described(DESCRIBED),
    "colleague says less": image.Described(Statement(Kind.BODY)),
    "colleague names a form": image.Described(
        replace(DESCRIBED, consent=ConsentKind.WRITTEN, consent_on=None, form_id=ImageId("form"))
    ),
    "colleague attests it": image.Attested(AT),
    "colleague keeps it": image.LeftWithSender(),
    "sent as a patient": image.OwnPhoto(PatientId("patient")),
    "its form is sealed": image.FormKept(ImageId("form")),
    "its form is lost": image.FormLost(ImageId("form")),
    "not attested in time": image.Unattested(),
    "destruction decided": image.Destroyed(),
    "colleague attests it anew": image.AttestedAnew(True),
    "every use stopped": image.Stopped(),
    "looked at": image.Seen(AT),
    "taken on": image.Taken("clinician"),
    "handed over": image.HandedOver("successor"),
}

# They lead nowhere: what they note decides about no other event.
NOTED: frozenset[type] = frozenset(image.Noted.__args__)

THEN: dict[Then, str] = {
    Then.ANNOUNCE: "the practice hears of it",
    Then.ARRIVED: "practice and sender hear of it, and of what came with it",
    Then.ACKNOWLEDGE: "the sender gets one message back",
    Then.TRY_NOW: "fetching it is tried at once",
    Then.FILE: "it is filed",
    Then.PURGE: "the chat copies are purged",
    Then.DISCARD: "the sealed photo is destroyed",
    Then.ASK_WITHDRAW: "the sender is asked: withdraw it?",
    Then.SAY_FAILED: "the sender hears why, and what to do",
    Then.SAY_DUPLICATE: "the sender hears that it is kept already",
    Then.SAY_DISCARDED: "the sender hears that it is withdrawn",
    Then.SAY_IT_STAYS: "the sender hears that it stays in the record",
    Then.SAY_KEPT: "the sender hears that it stays",
    Then.FILE_CORRECTION: "a correction is filed beside it",
    Then.TELL_HELD: "the practice hears that a person must look",
    Then.LEAVE: "the sealed photo is destroyed, and the chat copies go",
    Then.TELL_FORM_KEPT: "the photo it belongs to goes on",
    Then.TELL_FORM_LOST: "the photo it belongs to is to be attested anew",
    Then.ASK_DELETED: "the sender is asked whether their own device is clean",
    Then.AWAIT_NOTE: "a note of the discussion is awaited",
}

_HELD: dict[HeldFor | None, str] = {
    None: "no hold",
    HeldFor.SENDER_DELETED: "held as its sender deleted it",
    HeldFor.WITHDRAWAL: "being withdrawn",
    HeldFor.SOMEBODY_ELSE: "doubted whom it shows",
    HeldFor.ASKED_BACK: "held as words may take it back",
    HeldFor.FILING_FAILED: "held as filing failed",
    HeldFor.READ_BACK_DIFFERED: "held as the read-back differed",
    HeldFor.IDENTITY_CHANGED: "held as the identity changed",
    HeldFor.UNATTESTED: "held as nobody attested it",
    HeldFor.UNMATCHED: "held as it is no known patient's",
}

_SOURCES: dict[Source, str] = {
    Source.PATIENT: "from a patient",
    Source.COLLEAGUE: "from a colleague",
    Source.OUTSIDE: "from an outside clinician",
}


def _missing(one: Image) -> str:
    missing = what_is_missing(one)
    if one.from_colleague:
        described = "described" if may_be_attested(one.statement or Statement()) else "not described"
        return f"{described}, not attested" if Missing.ATTESTATION in missing else "attested"
    return " and ".join(sorted(what.value for what in missing)) + " missing" if missing else "nothing is missing"


def _form(one: Image) -> str:
    if one.form_of:
        return "itself a signed form"
    if one.statement is None or not one.statement.form_id:
        return "no form named"
    return "its form is sealed already" if one.statement.form_kept else "its form is being fetched"


def _said(one: Image) -> str:
    return "nothing was said of it" if one.statement is None else "something was said of it"


# What an answer may depend on, in the order in which a reader would ask.
CONDITIONS: tuple[Callable[[Image], str], ...] = (
    lambda one: "a colleague's" if one.from_colleague else "a patient's",
    lambda one: _HELD[one.held_for],
    lambda one: "being re-filed" if one.moving_to else "not being re-filed",
    lambda one: "it was moved" if one.was_moved else "never moved",
    lambda one: "the record has it" if one.filed_at else "not in the record",
    lambda one: "it was verified" if one.verified_at else "never verified",
    lambda one: "already that patient's" if one.patient_id == "another patient" else "another patient's",
    lambda one: "its message was deleted" if one.deleted_by_sender else "its message was not deleted",
    lambda one: "something is missing" if what_is_missing(one) else "nothing is missing",
    _missing,
    lambda one: _SOURCES[one.source],
    _form,
    _said,
    lambda one: "its sender has been answered" if one.acknowledged else "its sender has had no answer yet",
)
