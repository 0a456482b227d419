"""The life of one image, as a table: every (state, event) is decided or refused, and nothing else can happen.

    received → captured → ready → filed → verified        aside: held, discarded, left-with-sender, destroyed

Promises: filed only when nothing is missing (R14, R15); verified only by reading back (R16); chat copies purged only then
(R17); a deletion or withdrawal before filing stops the filing. *Purged* is not a state: it is what the copies say.
An image from a colleague is nobody's until its sender has attested what was echoed to them (R2, R15): any other words undo that.
"""

from .events import (
    UNSTATED,
    AskedBack,
    Attested,
    AttestedAnew,
    Captured,
    CaptureFailed,
    Described,
    Destroyed,
    Discarded,
    DuplicateFound,
    Event,
    Filed,
    FilingFailed,
    FormKept,
    FormLost,
    HandedOver,
    IdentityChanged,
    KeepAsked,
    LeftWithSender,
    Noted,
    OwnPhoto,
    PatientChosen,
    PurposeStated,
    ReadBack,
    RefileConfirmed,
    Refiled,
    RefilingFailed,
    Seen,
    SenderDeleted,
    SomebodyElse,
    Stopped,
    Taken,
    Unattested,
    WithdrawalAsked,
)
from .outcome import (
    Decided,
    Then,
)
from .table import (
    TRANSITIONS,
    decide,
)
from .value import (
    HeldFor,
    Image,
    State,
    what_is_missing,
)

__all__ = [
    "TRANSITIONS",
    "UNSTATED",
    "AskedBack",
    "Attested",
    "AttestedAnew",
    "CaptureFailed",
    "Captured",
    "Decided",
    "Described",
    "Destroyed",
    "Discarded",
    "DuplicateFound",
    "Event",
    "Filed",
    "FilingFailed",
    "FormKept",
    "FormLost",
    "HandedOver",
    "HeldFor",
    "IdentityChanged",
    "Image",
    "KeepAsked",
    "LeftWithSender",
    "Noted",
    "OwnPhoto",
    "PatientChosen",
    "PurposeStated",
    "ReadBack",
    "RefileConfirmed",
    "Refiled",
    "RefilingFailed",
    "Seen",
    "SenderDeleted",
    "SomebodyElse",
    "State",
    "Stopped",
    "Taken",
    "Then",
    "Unattested",
    "WithdrawalAsked",
    "decide",
    "what_is_missing",
]
