"""What an entry becomes on a FHIR server: one document with its content, and beside a consent or a disclosure what programs read.

Identifiers are UUIDs of our own, each made from the patient too, so that resources of two patients share none and neither names
the other (R15). What is void keeps its identifier and whose it was, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any, Final
from uuid import UUID, uuid5

from bot.domain.consent import Answer
from bot.domain.consignment import Consignment
from bot.domain.entries import EntryKind
from bot.domain.purposes import Purpose, spoken

from .fhir_server import Resource, token_search

UUIDS: Final = "urn:ietf:rfc:3986"  # the system of identifiers that are URNs
VOID: Final = "entered-in-error"
_TERMS: Final = "http://terminology.hl7.org/CodeSystem"
_LOINC: Final = "http://loinc.org"
_GROUPS: Final = UUID("9f6f2d0e-7f0c-5d07-8d3e-2f3a54c1b6a1")
_TYPES: Final = {
    EntryKind.IMAGE: ("72170-4", "Photographic image"),
    EntryKind.CONSENT: ("59284-0", "Consent Document"),
}
_NOTE: Final = ("34109-9", "Note")
_REASONS: Final = {  # HL7 names none for the others: there the words stand alone
    Purpose.CARE: "TREAT",
    Purpose.EDUCATION: "TRAIN",
    Purpose.RESEARCH: "HRESCH",
    Purpose.AUDIT: "HQUALIMP",
    Purpose.LEGAL: "HLEGAL",
}
_STATES: Final = {Answer.GRANTED: "active", Answer.REFUSED: "rejected", Answer.WITHDRAWN: "inactive"}


def identified(copy_id: str) -> str:
    """Return the search for what carries this id."""
    return token_search(UUIDS, f"urn:uuid:{copy_id}")


def image_group(leaving: Consignment) -> str:
    """Return the id that all about one image of one patient share."""
    return str(uuid5(_GROUPS, f"image\n{leaving.about}\n{leaving.patient.patient_id}"))


def use_group(leaving: Consignment) -> str:
    """Return the id that all answers about one use share: a withdrawal finds by it what it ends."""
    use = leaving.facts.get("use") or f"{leaving.about}\n{leaving.facts.get('purpose')}"
    return str(uuid5(_GROUPS, f"use\n{use}\n{leaving.patient.patient_id}"))


def attachment_of(leaving: Consignment, url: str | None) -> Resource:
    """Return the content, or where it lies."""
    content = leaving.content
    held = {"url": url} if url is not None else {"data": base64.b64encode(content).decode()}
    kind = "text/plain; charset=utf-8" if leaving.is_text else leaving.media_type
    title = f"{leaving.about} {leaving.kind.value}".strip()
    return {"contentType": kind, "size": len(content), "hash": _sha1(content), "title": title, **held}


def holds_same(document: Resource, leaving: Consignment) -> bool:
    """Return whether a document says that it holds this content. One that says nothing counts: it is read back all the same."""
    return bool(content_of(document).get("hash", _sha1(leaving.content)) == _sha1(leaving.content))


def content_of(document: Resource) -> Resource:
    """Return the attachment of a document."""
    contents = document.get("content") or [{}]
    attachment = contents[0].get("attachment", {})
    return attachment if isinstance(attachment, dict) else {}


def has_id(resource: Resource, copy_id: str) -> bool:
    """Return whether it carries this id of ours."""
    return any(known.get("value") == f"urn:uuid:{copy_id}" for known in resource.get("identifier", []))


def secondary_ids(document: Resource) -> list[str]:
    """Return the ids of ours that it shares with others about the same image."""
    others = [known for known in document.get("identifier", []) if known.get("use") == "secondary"]
    return [str(known.get("value", "")).removeprefix("urn:uuid:") for known in others]


def document_of(leaving: Consignment, patient: str, attachment: Resource) -> Resource:
    code, display = _TYPES.get(leaving.kind, _NOTE)
    groups = [_identifier(image_group(leaving), "secondary")] if leaving.kind is EntryKind.IMAGE else []
    said = _said(leaving)
    return {
        "resourceType": "DocumentReference",
        "identifier": [_identifier(leaving.copy_id), *groups],
        "status": "current",
        "type": _concept(_LOINC, code, display),
        "subject": {"reference": patient},
        "date": leaving.at.isoformat(),
        "author": [{"display": leaving.by}],
        **({"description": said} if said else {}),
        "securityLabel": [_concept(f"{_TERMS}/v3-Confidentiality", "R", "restricted")],
        "content": [{"attachment": attachment}],
    }


def void_of(document: Resource) -> Resource:
    """Return a document that was filed under the wrong patient, emptied."""
    kept: Resource = {name: document[name] for name in ("resourceType", "id", "meta", "subject") if name in document}
    return {
        **kept,
        "identifier": document["identifier"][:1],
        "status": VOID,
        "content": [{"attachment": {"title": "Entered in error"}}],
    }


def consent_of(leaving: Consignment, patient: str, document: str) -> Resource:
    facts = leaving.facts
    answer = Answer(facts.get("answer", Answer.GRANTED))
    by_patient = facts.get("capacity") == "self"
    giver = (
        {"reference": patient} if by_patient else {"display": f"{facts.get('by', '')} ({facts.get('capacity', '')})"}
    )
    permits = answer is Answer.GRANTED and not leaving.ended
    permitted = {"provision": [_permit(leaving)]} if permits else {}
    return {
        "resourceType": "Consent",
        "identifier": [
            _identifier(leaving.copy_id),
            _identifier(image_group(leaving), "secondary"),
            _identifier(use_group(leaving), "secondary"),
        ],
        "status": "inactive" if answer is Answer.GRANTED and leaving.ended else _STATES[answer],
        "scope": _concept(f"{_TERMS}/consentscope", "patient-privacy", "Privacy Consent"),
        "category": [_concept(_LOINC, "59284-0", "Consent Document")],
        "patient": {"reference": patient},
        "dateTime": facts.get("at") or leaving.at.isoformat(),
        "performer": [giver],
        "sourceReference": {"reference": document},
        "policyRule": _concept(f"{_TERMS}/v3-ActCode", "OPTIN", "opt-in"),
        "provision": {"type": "deny", **permitted},
    }


def ends(leaving: Consignment) -> bool:
    """Return whether this answer ends what was agreed to before for the same use (R13)."""
    return leaving.facts.get("answer") in (Answer.WITHDRAWN, Answer.REFUSED)


def disclosure_of(leaving: Consignment, patient: str, document: str) -> Resource:
    facts = leaving.facts
    return {
        "resourceType": "AuditEvent",
        "type": {"system": "http://dicom.nema.org/resources/ontology/DCM", "code": "110106", "display": "Export"},
        "action": "R",
        "recorded": leaving.at.isoformat(),
        "outcome": "0",
        "purposeOfEvent": [{"coding": [_reason(facts)], "text": str(facts.get("purpose", ""))}],
        "agent": [
            {
                "name": str(facts.get("to", "")),
                "role": [{"text": str(facts.get("role") or "recipient")}],
                "requestor": False,
            },
            {"name": "consentry", "requestor": True},
        ],
        "source": {"observer": {"display": "consentry"}},
        "entity": [{"what": {"reference": document}}, {"what": {"reference": patient}}],
    }


def _permit(leaving: Consignment) -> Resource:
    """Return what was agreed to: for what, to whom, until when, and of which image (R12, R31)."""
    facts = leaving.facts
    start = str(facts.get("at") or leaving.at.isoformat())[:10]
    until = str(facts.get("until") or "")[:10]
    period = {"start": start} | ({"end": until} if until >= start else {})
    recipient = _concept(f"{_TERMS}/v3-ParticipationType", "PRCP", "primary information recipient")
    actors = [{"role": recipient, "reference": {"display": str(name)}} for name in facts.get("recipients") or ()]
    image = {"identifier": _identifier(image_group(leaving)), "display": leaving.about}
    return {
        "type": "permit",
        "period": period,
        **({"actor": actors} if actors else {}),
        "action": [_concept(f"{_TERMS}/consentaction", "disclose", "Disclose")],
        "purpose": [_reason(facts)],
        "data": [{"meaning": "instance", "reference": image}],
    }


def _reason(facts: dict[str, Any]) -> Resource:
    purpose = Purpose(facts.get("purpose") or Purpose.CARE)
    code = _REASONS.get(purpose)
    named = {"system": f"{_TERMS}/v3-ActReason", "code": code} if code else {}
    return {**named, "display": spoken(purpose, "")}


def _said(leaving: Consignment) -> str:
    """Return purpose, reason and consent in a few words, for people who read it there (R14)."""
    facts, consent = leaving.facts, leaving.facts.get("consent")
    told = [
        f"{name}: {facts[fact]}" for fact, name in (("purpose", "Purpose"), ("reason", "Reason")) if facts.get(fact)
    ]
    if isinstance(consent, dict):
        told.append(f"Consent: {consent.get('basis', '')}, given by {consent.get('by', '')}")
    if facts.get("caution"):
        told.append(str(facts["caution"]))
    return ". ".join(told)


def _identifier(value: str, use: str = "official") -> Resource:
    return {"use": use, "system": UUIDS, "value": f"urn:uuid:{value}"}


def _concept(system: str, code: str, display: str) -> Resource:
    return {"coding": [{"system": system, "code": code, "display": display}]}


def _sha1(content: bytes) -> str:
    return base64.b64encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode()  # R4 says SHA-1
