"""Copies on their way into an archive, for tests."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.domain.assurance import CopyForm
from bot.domain.consignment import Consignment, copy_id
from bot.domain.entries import EntryKind, PatientIdentity
from bot.domain.formal_names import FormalName
from bot.domain.identifiers import PatientId
from bot.imaging.summary_pdf import SummaryPage
from storage.records.dicom.dicom_instance import FiledFrom

SAM = PatientIdentity(PatientId("p1"), "10421", "Sam Patel", date(1984, 3, 7))
ANN = PatientIdentity(PatientId("p2"), "20771", "Ann Other", date(1990, 1, 2))
NAME = "archive"
SOURCE = FiledFrom("Hill Street Practice", ZoneInfo("Australia/Sydney"), "HILL STREET")
PAGE = SummaryPage().page(["Consent IMG-7F3K", "Patient: Sam Patel"], None)


def formal(whose: PatientIdentity) -> FormalName:
    given, family = whose.name.split(maxsplit=1)
    return FormalName(family, given)


def photo(content: bytes, whose: PatientIdentity = SAM, entry_id: str = "i1") -> Consignment:
    return Consignment(
        copy_id(entry_id, whose.patient_id, NAME),
        entry_id,
        EntryKind.IMAGE,
        whose,
        "IMG-7F3K",
        datetime(2026, 3, 9, 9, 30, tzinfo=UTC),
        f"{whose.name}, patient",
        {"purpose": "care", "reason": "a rash\non my arm \\ worse"},
        "image/jpeg",
        False,
        content,
        hashlib.sha256(content).hexdigest(),
        formal=formal(whose),
    )


def page(whose: PatientIdentity = SAM, entry_id: str = "d1", content: bytes = PAGE) -> Consignment:
    return Consignment(
        copy_id(entry_id, whose.patient_id, NAME),
        entry_id,
        EntryKind.CONSENT,
        whose,
        "IMG-7F3K",
        datetime(2026, 3, 10, 1, 0, tzinfo=UTC),
        "Dr Lee",
        {},
        "application/pdf",
        False,
        content,
        hashlib.sha256(content).hexdigest(),
        CopyForm.SUMMARY,
        formal=formal(whose),
    )
