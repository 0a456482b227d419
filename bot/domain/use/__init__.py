"""The life of one use of images: advice from a colleague, teaching, research …, as a table.

    asked → permitted | awaiting-consent → granted → released → closed      aside: refused, expired, withdrawn, recalled

Promises: released only when permitted by rule or granted by the right person; what was refused, expired, withdrawn or
recalled is never released again: another try is another use (R12, R13).
"""

from .events import (
    CaseHandedOver,
    Closed,
    ConsentAsked,
    ConsentGiven,
    ConsentRefused,
    DetailsSaid,
    DoubtRaised,
    DoubtSettled,
    Expired,
    GoesOn,
    ImagesDestroyed,
    Permitted,
    ReasonChanged,
    Recalled,
    RecipientsNamed,
    RelatednessAttested,
    Released,
    RuledOut,
    SaidNo,
    Summarised,
    UseEvent,
    Withdrawn,
    audited_as,
)
from .table import TRANSITIONS, decide
from .value import LIVE, NOT_SAID, PURPOSE_SAID, SHOWN, Use, UseState

__all__ = [
    "LIVE",
    "NOT_SAID",
    "PURPOSE_SAID",
    "SHOWN",
    "TRANSITIONS",
    "CaseHandedOver",
    "Closed",
    "ConsentAsked",
    "ConsentGiven",
    "ConsentRefused",
    "DetailsSaid",
    "DoubtRaised",
    "DoubtSettled",
    "Expired",
    "GoesOn",
    "ImagesDestroyed",
    "Permitted",
    "ReasonChanged",
    "Recalled",
    "RecipientsNamed",
    "RelatednessAttested",
    "Released",
    "RuledOut",
    "SaidNo",
    "Summarised",
    "Use",
    "UseEvent",
    "UseState",
    "Withdrawn",
    "audited_as",
    "decide",
]
