"""Take a copy out of a FHIR server, as far as it lets us, and say what is left.

What lies there is noted before anything goes, so that a second try after a crash does not say otherwise. Whether older versions
are still given out is asked, and not assumed. Bytes that may have gone astray are beyond reach: there is no search for bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from bot.domain.assurance import Residue
from bot.domain.consignment import Ref
from bot.domain.errors import OutsideFailure, Permanent
from storage.records.place_notes import PlaceNotes

from .fhir_binaries import bytes_at, may_be_astray
from .fhir_companions import end, known
from .fhir_resources import VOID, identified, secondary_ids, void_of
from .fhir_server import GONE, FhirTalk, Resource, path_of, taken, well

_NOT_LET: Final = frozenset({403, 405, 409, 501})  # it keeps what was written, by its own rules
_KINDS: Final = ("Consent", "AuditEvent", "DocumentReference", "Binary")
_PATHS: Final = "paths"  # of what is, or was, to be removed


class Removal:
    def __init__(self, talk: FhirTalk, notes: PlaceNotes) -> None:
        self._talk = talk
        self._notes = notes

    async def removed(self, ref: Ref) -> Residue:
        """Delete the document, what lies beside it, and its bytes. With an image end the consents to its uses (R30)."""
        documents = await self._documents(ref)
        paths = await self._noted(ref, documents)
        are_ended = all([await self._end_consents(document) for document in documents])
        for path in paths:
            await self._delete(path)
        left = await self._left(ref, paths)
        return left if are_ended else Residue.BEYOND_REACH

    async def voided(self, ref: Ref, of_image: bool) -> Residue:
        """Empty the document, mark it as entered in error, and delete the rest: it lay under the wrong patient (R15).

        With an image end the consents to its uses (R30).
        """
        documents = await self._documents(ref)
        paths = await self._noted(ref, documents)
        are_ended = True
        for document in documents:
            if document.get("status") != VOID:
                if of_image:
                    are_ended = await self._end_consents(document) and are_ended
                taken(await self._talk.update(void_of(document)))
        for path in paths:
            if not path.startswith("DocumentReference/"):
                await self._delete(path)
        left = await self._left(ref, paths, kept="DocumentReference/")
        return left if are_ended else Residue.BEYOND_REACH

    async def _documents(self, ref: Ref) -> Sequence[Resource]:
        return await self._talk.find("DocumentReference", identifier=identified(ref["id"]))

    async def _noted(self, ref: Ref, documents: Iterable[Resource]) -> Sequence[str]:
        """Note and return where all of it lies: first what points at other things."""
        noted = await self._notes.about(ref["id"])
        own_id = f"Binary/{ref['id']}"
        beside, lying = [], list(documents)
        bytes_of = [own_id, noted.get("bytes", ""), ref.get("bytes", "")]
        for document in lying:
            beside += await self._beside(ref, path_of(document))
            bytes_of.append(bytes_at(self._talk, document) or "")
        before = noted.get(_PATHS, "").split()
        found = [*before, ref.get("beside", ""), *beside, *map(path_of, lying), ref.get("document", ""), *bytes_of]
        paths = sorted({path for path in found if path.partition("/")[0] in _KINDS}, key=_what_points_first)
        await self._notes.keep(ref["id"], noted | {_PATHS: " ".join(paths)})
        return paths

    async def _beside(self, ref: Ref, document: str) -> list[str]:
        consents = await known(self._talk, "Consent", identifier=identified(ref["id"]))
        events = await known(self._talk, "AuditEvent", entity=document)
        return [path_of(resource) for resource in (*consents, *events)]

    async def _end_consents(self, document: Resource) -> bool:
        """End the consents to the uses of an image; return whether the server let us."""
        are_ended = True
        for group in secondary_ids(document):
            for consent in await known(self._talk, "Consent", identifier=identified(group)):
                if consent.get("status") == "active":
                    try:
                        await end(self._talk, consent)
                    except Permanent:
                        # What lies under the wrong patient is to go all the same, and people are asked to look.
                        are_ended = False
        return are_ended

    async def _delete(self, path: str) -> None:
        answer = await self._talk.delete(path)
        if answer.status not in GONE | _NOT_LET:
            well(answer)

    async def _left(self, ref: Ref, paths: Sequence[str], kept: str = "-") -> Residue:
        """Return the worst that is left; what is `kept` is emptied and there, as it should be."""
        left = Residue.GONE
        if may_be_astray(await self._notes.about(ref["id"])):
            left = Residue.BEYOND_REACH
        for path in paths:
            now = await self._talk.read(path)
            if now is not None and not path.startswith(kept):
                left = Residue.BEYOND_REACH
            elif left is Residue.GONE and await self._gives_older_versions(path, now):
                left = Residue.OLD_VERSIONS
        if left is Residue.GONE:
            await self._notes.keep(ref["id"], {})
        return left

    async def _gives_older_versions(self, path: str, now: Resource | None) -> bool:
        current = (now or {}).get("meta", {}).get("versionId")
        listed = await self._talk.ask("GET", f"{path}/_history")
        if listed.status < 300:
            entries = listed.resource.get("entry", [])
            versions = [entry["resource"] for entry in entries if isinstance(entry.get("resource"), dict)]
            return any(version.get("meta", {}).get("versionId") != current for version in versions)
        first = await self._talk.ask("GET", f"{path}/_history/1")
        if first.status >= 500:
            raise OutsideFailure("unwell")
        return first.status < 300 and current != "1"


def _what_points_first(path: str) -> int:
    return _KINDS.index(path.partition("/")[0])
