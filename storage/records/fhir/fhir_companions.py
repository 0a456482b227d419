"""What programs read, beside a consent or a disclosure that was filed as a document: a Consent, or an AuditEvent.

A server that has neither keeps the document alone. Where it will not have one, or keeps it twice, the document lies there all the
same, and people are told. A consent that was withdrawn or refused since is
inactive there, whichever of the two answers arrives first (R13).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from bot.domain.consignment import Consignment
from bot.domain.delivery_reasons import ALONE, BESIDE_TWICE
from bot.domain.entries import EntryKind
from bot.domain.errors import OutsideFailure, Permanent

from .fhir_resources import consent_of, disclosure_of, ends, has_id, identified, use_group
from .fhir_server import NOT_SHOWN, FhirTalk, NoSuchKind, Resource, path_of, taken

_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Beside:
    """Where what belongs beside a document lies; or in a short code why it does not lie there once."""

    path: str | None = None
    lacks: str = ""


NOTHING_BESIDE: Final = Beside()


class Companions:
    def __init__(self, talk: FhirTalk) -> None:
        self._talk = talk

    async def placed(self, leaving: Consignment, patient: str, document: str) -> Beside:
        """Put it there unless it is; return where it lies."""
        if leaving.kind is EntryKind.CONSENT:
            return await self._consent(leaving, consent_of(leaving, patient, document))
        if leaving.kind is EntryKind.DISCLOSURE:
            return await self._only(disclosure_of(leaving, patient, document), {"entity": document})
        return NOTHING_BESIDE

    async def settled(self, leaving: Consignment, patient: str) -> None:
        """End what this answer, or the end of its use, ends: before anything is put there, so that a refusal leaves nothing."""
        if leaving.kind is not EntryKind.CONSENT:
            return
        consent = consent_of(leaving, patient, "")
        for other in await known(self._talk, "Consent", identifier=identified(use_group(leaving))):
            if other.get("status") == "active" and (
                (ends(leaving) and _is_newer(consent, other)) or (leaving.ended and has_id(other, leaving.copy_id))
            ):
                await end(self._talk, other)

    async def _consent(self, leaving: Consignment, consent: Resource) -> Beside:
        before = await known(self._talk, "Consent", identifier=identified(use_group(leaving)))
        if consent["status"] == "active" and any(_is_newer(other, consent) for other in before):
            consent["status"] = "inactive"
        return await self._only(consent, {"identifier": identified(leaving.copy_id)})

    async def _only(self, resource: Resource, anchor: dict[str, str]) -> Beside:
        kind = resource["resourceType"]
        for is_created in (False, True):
            try:
                found = await self._talk.find(kind, **anchor)
            except NoSuchKind:  # what can't be asked for could be put there again and again
                return NOTHING_BESIDE
            if len(found) > 1:
                return Beside(lacks=BESIDE_TWICE)
            if found:
                return Beside(path_of(found[0]))
            if not is_created:
                answer = await self._talk.create(
                    resource, "&".join(f"{name}={value}" for name, value in anchor.items())
                )
                try:
                    taken(answer)
                except Permanent:  # the document lies there, and says the same to people
                    return Beside(lacks=ALONE)
        raise OutsideFailure(NOT_SHOWN)


async def known(talk: FhirTalk, kind: str, **asked: str) -> list[Resource]:
    """Return what is found; nothing where the server has no such kind of resource."""
    try:
        return await talk.find(kind, **asked)
    except NoSuchKind:
        return []


async def end(talk: FhirTalk, consent: Resource) -> None:
    """Let a consent permit nothing any more."""
    taken(await talk.update({**consent, "status": "inactive"}))


def _is_newer(one: Resource, other: Resource) -> bool:
    """Return whether the first is a no, and was said after the second."""
    said_no = one.get("status") in ("inactive", "rejected")
    return said_no and _when(one) > _when(other)


def _when(consent: Resource) -> datetime:
    try:
        when = datetime.fromisoformat(str(consent.get("dateTime")))
    except ValueError:
        return _LONG_AGO
    return when if when.tzinfo is not None else _LONG_AGO
