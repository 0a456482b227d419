"""Every (state, event) decided or refused; nothing else can happen to an image."""

from __future__ import annotations

from collections.abc import Callable

from . import arriving, colleagues, filing, holding
from .events import (
    Attested,
    Captured,
    CaptureFailed,
    Described,
    Discarded,
    DuplicateFound,
    Event,
    Filed,
    FilingFailed,
    FormKept,
    FormLost,
    IdentityChanged,
    KeepAsked,
    LeftWithSender,
    OwnPhoto,
    PatientChosen,
    PurposeStated,
    ReadBack,
    RefileConfirmed,
    Refiled,
    RefilingFailed,
    SenderDeleted,
    SomebodyElse,
    Unattested,
    WithdrawalAsked,
)
from .outcome import (
    BEING_CHECKED,
    FILED_ALREADY,
    IMPOSSIBLE,
    LEFT,
    NOT_IN_RECORD,
    NOT_KEPT,
    ON_ITS_WAY,
    Decided,
    nothing,
)
from .value import Image, State


def decide(image: Image, event: Event) -> Decided:
    """The image after `event`, and what follows. Raises `Refused` where the table says so."""
    return TRANSITIONS[image.state, type(event)](image, event)


_ALL_EVENTS: tuple[type, ...] = Event.__args__
_FACTS_TOO_LATE = {
    SenderDeleted: nothing,
    CaptureFailed: nothing,
    IdentityChanged: nothing,
    FormKept: nothing,
    FormLost: nothing,
    Unattested: nothing,
}
_ATTESTED_ALREADY: dict[type, Callable[..., Decided]] = {
    Described: ON_ITS_WAY,
    Attested: nothing,
    LeftWithSender: ON_ITS_WAY,
    OwnPhoto: ON_ITS_WAY,
    FormKept: nothing,
    FormLost: nothing,
    Unattested: nothing,
}

_BY_STATE: dict[State, dict[type, Callable[..., Decided]]] = {
    State.RECEIVED: {
        SomebodyElse: holding.mark_somebody_else,
        RefileConfirmed: NOT_IN_RECORD,
        Captured: arriving.captured,
        CaptureFailed: arriving.capture_failed,
        DuplicateFound: arriving.duplicate,
        PurposeStated: arriving.note_purpose,
        PatientChosen: arriving.note_patient,
        SenderDeleted: holding.mark_deleted,
        WithdrawalAsked: holding.mark_withdrawn,
        KeepAsked: holding.unmark_identity,
        IdentityChanged: holding.mark_identity,
        Described: colleagues.describe,
        Attested: colleagues.note_attested,
        LeftWithSender: colleagues.leave,
        OwnPhoto: colleagues.note_own_photo,
        FormKept: colleagues.note_form_kept,
        FormLost: colleagues.form_lost,
        Unattested: nothing,
    },
    State.CAPTURED: {
        SomebodyElse: holding.hold_somebody_else,
        RefileConfirmed: NOT_IN_RECORD,
        Captured: nothing,
        PurposeStated: arriving.state_purpose,
        PatientChosen: arriving.choose_patient,
        SenderDeleted: holding.hold_deleted,
        WithdrawalAsked: holding.hold_withdrawn,
        KeepAsked: nothing,
        IdentityChanged: holding.hold_identity,
        Described: colleagues.describe,
        Attested: colleagues.attest,
        LeftWithSender: colleagues.leave,
        OwnPhoto: colleagues.own_photo,
        FormKept: colleagues.form_kept,
        FormLost: colleagues.form_lost,
        Unattested: colleagues.unattested,
    },
    State.READY: {
        **_ATTESTED_ALREADY,
        SomebodyElse: holding.hold_somebody_else,
        RefileConfirmed: NOT_IN_RECORD,
        Captured: nothing,
        PurposeStated: arriving.correct,  # it may be on its way with the old words: the correction is filed beside it in any case
        PatientChosen: ON_ITS_WAY,
        Filed: filing.filed,
        FilingFailed: filing.filing_failed,
        SenderDeleted: holding.hold_deleted,
        WithdrawalAsked: holding.hold_withdrawn,
        KeepAsked: nothing,
        IdentityChanged: holding.hold_identity,
    },
    State.FILED: {
        **_ATTESTED_ALREADY,
        SomebodyElse: holding.mark_somebody_else,
        RefileConfirmed: BEING_CHECKED,
        Refiled: filing.refiled,
        RefilingFailed: filing.not_refiled,
        Captured: nothing,
        PurposeStated: arriving.correct,
        PatientChosen: FILED_ALREADY,
        Filed: nothing,
        ReadBack: filing.read_back,
        SenderDeleted: holding.it_stays,
        WithdrawalAsked: holding.it_stays,
        KeepAsked: nothing,
        IdentityChanged: nothing,
    },
    State.VERIFIED: {
        **_ATTESTED_ALREADY,
        SomebodyElse: holding.hold_somebody_else,
        RefileConfirmed: filing.refile,
        Refiled: nothing,
        RefilingFailed: nothing,
        Captured: nothing,
        PurposeStated: arriving.correct,
        PatientChosen: FILED_ALREADY,
        Filed: nothing,
        ReadBack: nothing,
        SenderDeleted: holding.it_stays,
        WithdrawalAsked: holding.it_stays,
        KeepAsked: nothing,
        IdentityChanged: nothing,
    },
    State.HELD: {
        SomebodyElse: holding.still_held,
        RefileConfirmed: filing.refile_held,
        Refiled: nothing,
        RefilingFailed: nothing,
        Captured: nothing,
        PurposeStated: arriving.note_purpose,
        PatientChosen: arriving.note_patient_held,
        Filed: filing.filed_while_held,
        FilingFailed: nothing,
        SenderDeleted: holding.delete_held,
        WithdrawalAsked: holding.withdraw_held,
        KeepAsked: holding.keep,
        Discarded: holding.discarded,
        IdentityChanged: nothing,
        Described: colleagues.describe_held,
        Attested: colleagues.attest_held,
        LeftWithSender: colleagues.leave_held,
        OwnPhoto: colleagues.own_photo_held,
        FormKept: colleagues.note_form_kept,
        FormLost: colleagues.form_lost_held,
        Unattested: nothing,
    },
    State.DISCARDED: {
        **dict.fromkeys(_ALL_EVENTS, NOT_KEPT),
        **_FACTS_TOO_LATE,
        Captured: nothing,
        Discarded: nothing,
        FilingFailed: nothing,
    },
    State.LEFT_WITH_SENDER: {
        **dict.fromkeys(_ALL_EVENTS, LEFT),
        **_FACTS_TOO_LATE,
        Captured: arriving.gone_already,
        DuplicateFound: arriving.gone_already,
        LeftWithSender: nothing,
    },
}

TRANSITIONS: dict[tuple[State, type], Callable[..., Decided]] = {
    (state, event): cells.get(event, IMPOSSIBLE) for state, cells in _BY_STATE.items() for event in _ALL_EVENTS
}
