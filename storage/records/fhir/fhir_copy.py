"""Further copies on a FHIR R4 server, which can be asked what it has, and of whom: *verified* is read back from there (R35).

Each entry becomes one document under the patient that the server knows (`fhir_patients`); the bytes of a photo lie beside it.
The order: search by our own id, bytes, note where they lie, create unless it is there, search again. So an entry is there once,
whatever died in between: conditional creation alone is no guarantee on servers that spread their work. Two found are refused: a
person must look. What is moved to another patient (R15) is placed and read back there before the wrong document is emptied and
marked as entered in error; many servers keep older versions, which is said and not hidden.
"""

from __future__ import annotations

import hashlib
from typing import Final

from bot.domain.assurance import Assurance, Level, Residue
from bot.domain.consignment import Consignment, Ref
from bot.domain.delivery_reasons import ANOTHER_PATIENT, DIFFERS, LOST, OTHER_RECORD, TWICE, VOIDED
from bot.domain.entries import EntryKind
from bot.domain.errors import OutsideFailure, Permanent
from bot.ports import Moved
from storage.records.ask_both import meanwhile
from storage.records.place_notes import PlaceNotes

from .fhir_binaries import Upload, begun, bytes_at, decoded, downloaded, ended, uploaded
from .fhir_companions import Companions
from .fhir_patients import match
from .fhir_removal import Removal
from .fhir_resources import VOID, attachment_of, content_of, document_of, holds_same, identified
from .fhir_server import NOT_FHIR, NOT_SHOWN, FhirServer, FhirTalk, Resource, path_of, taken, token_search
from .fhir_ways import UploadWays

_NOBODY: Final = "consentry-trial"  # a record number that nobody has
_LARGE: Final = 100 * 1024 * 1024  # where it is not known how large what lies there is


class FhirCopy:
    """The port `FurtherCopy` on one server."""

    def __init__(self, server: FhirServer, patient_identifier: str, notes: PlaceNotes) -> None:
        self._server = server
        self._system = patient_identifier
        self._notes = notes
        self.ways = UploadWays(server.base_url, patient_identifier, notes)

    async def there(self) -> bool:
        """Return whether it answers a search for a patient: then it lets us in, too."""
        try:
            async with self._server.talking() as talk:
                await talk.find("Patient", identifier=token_search(self._system, _NOBODY))
        except OutsideFailure as why:
            if str(why) == "away":
                return False
            raise
        return True

    async def begin(self) -> None:
        async with self._server.talking() as talk:
            await _require_r4(talk)

    async def try_out(self) -> bool:
        async with self._server.talking() as talk:
            await _require_r4(talk)
            await talk.find("Patient", identifier=token_search(self._system, _NOBODY))
            return await self.ways.tried(talk) is not Upload.INLINE

    async def place(self, consignment: Consignment, ref: Ref) -> dict[str, str]:
        async with self._server.talking(len(consignment.content)) as talk:
            async with meanwhile(_only_document(talk, consignment.copy_id)) as found:
                patient = await match(talk, self._system, consignment)
                document = await found
            if document is not None and document.get("status") != VOID and not _is_of(talk, document, patient):
                raise Permanent(OTHER_RECORD)
            await Companions(talk).settled(consignment, patient)
            if (
                document is None
                or document.get("status") == VOID
                or not holds_same(document, consignment)
                or await self._lacks_bytes(talk, document, consignment.copy_id)
            ):
                document = await self._written(talk, consignment, patient, document)
            beside = await Companions(talk).placed(consignment, patient, path_of(document))
            path = await self._bytes_of(talk, document, consignment.copy_id)
        return {
            "id": consignment.copy_id,
            "entry": consignment.entry_id,
            "sha256": consignment.sha256,
            "size": str(len(consignment.content)),
            "patient": patient,
            "document": path_of(document),
            **({"beside": beside.path} if beside.path else {}),
            **({"lacks": beside.lacks} if beside.lacks else {}),
            **({"bytes": path} if path else {}),
        }

    async def confirm(self, ref: Ref) -> Assurance:
        async with self._server.talking(int(ref.get("size", _LARGE))) as talk:
            try:
                document = await _only_document(talk, ref["id"])
            except Permanent as why:
                return Assurance(Level.REFUSED, why.code)
            if document is None:
                return Assurance(Level.UNKNOWN, LOST)
            if document.get("status") == VOID:
                return Assurance(Level.UNKNOWN, VOIDED)
            digest = await _digest(talk, document, ref)
            if digest is None or ("beside" in ref and await talk.read(ref["beside"]) is None):
                return Assurance(Level.UNKNOWN, LOST)
            if not _is_of(talk, document, ref["patient"]):
                return Assurance(Level.UNKNOWN, ANOTHER_PATIENT)
        verified = Assurance(Level.VERIFIED, ref.get("lacks", ""))
        return verified if digest == ref["sha256"] else Assurance(Level.UNKNOWN, DIFFERS)

    async def move(self, ref: Ref, to: Consignment) -> Moved:
        placed = await self.place(to, {})
        if (await self.confirm(placed)).level is not Level.VERIFIED:
            raise OutsideFailure(NOT_SHOWN)
        async with self._server.talking(_LARGE) as talk:
            removal = Removal(talk, self._notes)
            try:
                residue = await removal.voided(ref, of_image=to.kind is EntryKind.IMAGE)
            except Permanent:  # it will not have it emptied: the right one lies there, so the wrong one goes as it is
                residue = await _removed_if_it_lets_us(removal, ref)
            return Moved(placed, residue)

    async def remove(self, ref: Ref) -> Residue:
        async with self._server.talking(_LARGE) as talk:
            return await Removal(talk, self._notes).removed(ref)

    async def _written(self, talk: FhirTalk, leaving: Consignment, patient: str, there: Resource | None) -> Resource:
        """Write the document, and its bytes in the way that the server takes them in now."""
        if leaving.is_text:
            return await self._document(talk, leaving, patient, there, attachment_of(leaving, None))
        way = await self.ways.now(talk)
        try:
            return await self._document(talk, leaving, patient, there, await self._attachment(talk, leaving, way))
        except OutsideFailure as why:
            way = await self.ways.instead_of(way, talk, why)
        return await self._document(talk, leaving, patient, there, await self._attachment(talk, leaving, way))

    async def _document(
        self, talk: FhirTalk, leaving: Consignment, patient: str, there: Resource | None, attachment: Resource
    ) -> Resource:
        """Write it anew, or where one of this id was emptied, or holds it in another form."""
        wanted = document_of(leaving, patient, attachment)
        if there is None:
            taken(await talk.create(wanted, f"identifier={identified(leaving.copy_id)}"))
        else:
            before = bytes_at(talk, there)
            taken(await talk.update({**wanted, "id": there["id"], "meta": there.get("meta", {})}))
            if before is not None and before != attachment.get("url"):
                await talk.delete(before)  # of the form that it had
        document = await _only_document(talk, leaving.copy_id)
        if document is None or not _is_of(talk, document, patient):
            raise OutsideFailure(NOT_SHOWN)
        return document

    async def _bytes_of(self, talk: FhirTalk, document: Resource, copy_id: str) -> str | None:
        """Return where its bytes lie; None when they lie in it, or nobody can tell."""
        noted = await self._notes.about(copy_id)
        return bytes_at(talk, document, *(at for at in (noted.get("bytes"), f"Binary/{copy_id}") if at))

    async def _lacks_bytes(self, talk: FhirTalk, document: Resource, copy_id: str) -> bool:
        """Return whether its bytes are gone, which a server may lose alone."""
        path = await self._bytes_of(talk, document, copy_id)
        return path is not None and await downloaded(talk, path, str(content_of(document).get("contentType"))) is None

    async def _attachment(self, talk: FhirTalk, leaving: Consignment, way: Upload) -> Resource:
        if way is Upload.INLINE:
            return attachment_of(leaving, None)
        about, noted = leaving.copy_id, await self._notes.about(leaving.copy_id)
        path, sha256 = noted.get("bytes"), leaving.sha256
        if path is None or noted.get("sha256") != sha256 or await talk.read(path) is None:
            if not way.is_found_by_our_id:
                await self._notes.keep(about, begun(noted))
            try:
                path = await uploaded(talk, way, about, leaving.content, leaving.media_type)
            except Permanent:  # then it has none of them
                await self._notes.keep(about, noted)
                raise
            if not way.is_found_by_our_id:
                await self._notes.keep(about, ended(begun(noted), path, sha256))
        return attachment_of(leaving, path)


async def _removed_if_it_lets_us(removal: Removal, ref: Ref) -> Residue:
    """Remove it, or say that it is beyond reach: the right copy is placed by now, and is to stay."""
    try:
        return await removal.removed(ref)
    except Permanent:
        return Residue.BEYOND_REACH


async def _require_r4(talk: FhirTalk) -> None:
    if not str(((await talk.read("metadata")) or {}).get("fhirVersion", "")).startswith("4.0"):
        raise OutsideFailure(NOT_FHIR)


async def _only_document(talk: FhirTalk, copy_id: str) -> Resource | None:
    found = await talk.find("DocumentReference", identifier=identified(copy_id))
    if len(found) > 1:
        raise Permanent(TWICE)
    return found[0] if found else None


def _is_of(talk: FhirTalk, document: Resource, patient: str) -> bool:
    return talk.path_of(str(document.get("subject", {}).get("reference", ""))) == patient


async def _digest(talk: FhirTalk, document: Resource, ref: Ref) -> str | None:
    """Return the digest of its bytes as they come back; None when they are gone."""
    attachment = content_of(document)
    if "url" not in attachment:
        return hashlib.sha256(decoded(str(attachment.get("data", "")))).hexdigest()
    path = bytes_at(talk, document, *(at for at in (ref.get("bytes"),) if at))
    if path is None:
        return ""  # they lie where nobody can tell
    content = await downloaded(talk, path, str(attachment.get("contentType")))
    return None if content is None else hashlib.sha256(content).hexdigest()
