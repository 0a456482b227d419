"""What stands on the page that goes with a copy of an entry, for people who read it in another program (R14, R20)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, tzinfo
from types import MappingProxyType
from typing import Final

from bot.domain.consignment import Consignment
from bot.domain.entries import EntryKind

NOT_FOR_DIAGNOSIS: Final = (
    "The picture on this page is reduced: don't diagnose from it. The original is in the practice's record."
)
_WHAT: Mapping[EntryKind, str] = MappingProxyType(
    {
        EntryKind.IMAGE: "Clinical image",
        EntryKind.ORIGIN: "What the file says of itself",
        EntryKind.NOTE: "Note",
        EntryKind.REPLY: "Reply to the patient",
        EntryKind.ANSWER: "Words of the patient",
        EntryKind.CORRECTION: "Correction",
        EntryKind.CONSENT: "Consent",
        EntryKind.DISCLOSURE: "Disclosure",
        EntryKind.RECEIPT: "Purge receipt",
    }
)


def lines(entry: Consignment, practice: str, zone: tzinfo) -> list[str]:
    """Return the page's lines: what it is and whose, then what was said."""
    patient, at = entry.patient, entry.at.astimezone(zone)
    told = [
        f"{_WHAT[entry.kind]} {entry.about}".rstrip(),
        f"Patient: {patient.name}",
        f"Born: {_day(patient.born)}    Record number: {patient.mrn}",
        f"Practice: {practice}",
        f"When: {_day(at.date())}, {at:%H:%M %Z}",
        f"By: {entry.by}",
    ]
    for fact, name in (("purpose", "Purpose"), ("reason", "Reason"), ("caution", "Caution")):
        if said := entry.facts.get(fact):
            told.append(f"{name}: {said}")
    consent = entry.facts.get("consent")
    if isinstance(consent, dict):
        basis, by = consent.get("basis", ""), consent.get("by", "")
        told.append(
            f"Consent: {basis}{f', given by {by}' if by else ''}. It covers what is said in the practice's record, nothing else."
        )
    if entry.is_text:
        told += ["", *entry.content.decode(errors="replace").splitlines()]
    else:
        told.append(NOT_FOR_DIAGNOSIS)
    return told


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
