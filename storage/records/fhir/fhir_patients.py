"""Whose copy it is, asked anew each time: records are merged, and put right, at the other end.

A patient there is ours when record number, date of birth and family name agree, and it is the only such one that is in use and
was not replaced by another (R15). Patients are never created, and never changed.
"""

from __future__ import annotations

from bot.domain.consignment import Consignment
from bot.domain.delivery_reasons import NO_SUCH_PATIENT, OTHER_NAME, SEVERAL_PATIENTS
from bot.domain.entries import PatientIdentity
from bot.domain.errors import Permanent
from bot.domain.spelling import has_family_name, same_name, same_number

from .fhir_server import FhirTalk, Resource, path_of, token_search


async def match(talk: FhirTalk, system: str, leaving: Consignment) -> str:
    """Return the one patient there, such as "Patient/12"; `Permanent` with a code that says what to put right."""
    patient = leaving.patient
    born = patient.born.isoformat()
    found = await talk.find("Patient", identifier=token_search(system, patient.mrn), birthdate=born)
    theirs = [known for known in found if _is_in_use(known) and _agrees(known, system, patient)]
    named = [known for known in theirs if _has_name_of(known, leaving)]
    if len(theirs) > 1:
        raise Permanent(SEVERAL_PATIENTS)
    if not theirs:
        raise Permanent(NO_SUCH_PATIENT)
    if not named:
        raise Permanent(OTHER_NAME)
    return path_of(named[0])


def _is_in_use(known: Resource) -> bool:
    links = known.get("link", [])
    return known.get("active") is not False and not any(link.get("type") == "replaced-by" for link in links)


def _agrees(known: Resource, system: str, patient: PatientIdentity) -> bool:
    """Return whether it is what was asked for: a server may pass over what it does not understand of a question."""
    numbers = [one.get("value", "") for one in known.get("identifier", []) if one.get("system") == system]
    born = str(known.get("birthDate", "")) == patient.born.isoformat()
    return born and any(same_number(number, patient.mrn) for number in numbers)


def _has_name_of(known: Resource, leaving: Consignment) -> bool:
    """Return whether the family name agrees: the one that was said at the desk, else as the whole name shows it."""
    families = [str(name.get("family", "")) for name in known.get("name", []) if name.get("use") != "old"]
    if leaving.formal is not None:
        return any(same_name(family, leaving.formal.family) for family in families)
    return any(has_family_name(leaving.patient.name, family) for family in families)
