"""An image archive (PACS) that is spoken to over the web, as a place for further copies.

Guarantees: nothing is sent that may be there already, for the archive is searched first, by a number made of entry, patient and
destination; so nothing lies there twice, and never the same number under two patients, which some archives can't read any more.
`verified` means that the bytes came back, identical, from an instance of the right patient.

The patient must be known there, by record number, date of birth and family name; the name is taken as the archive spells it.
Whoever is not known waits for a person, unless the practice lets patients be added; whoever is known otherwise always waits.

The standard has no way to remove anything. Where the archive has one of its own and the practice named it, it is used, and what
is gone was seen to be gone; elsewhere a copy is beyond reach, and its number is said, so that whoever keeps the archive finds it.
"""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import StrEnum
from uuid import uuid4

from bot.domain.assurance import Assurance, Level, Residue
from bot.domain.consignment import Consignment, Ref, archive_number
from bot.domain.delivery_reasons import (
    ANOTHER_PATIENT,
    DIFFERS,
    LOST,
    NO_FORMAL_NAME,
    NO_SUCH_PATIENT,
    OTHER_FORM,
    OTHER_NAME,
    SEVERAL_PATIENTS,
)
from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.spelling import has_family_name, same_name
from bot.ports import Moved
from storage.records.ask_both import meanwhile

from .archive_web import NOBODY, PATIENCE, ArchiveWeb, Credentials, said, talking_to
from .dicom_elements import Unreadable
from .dicom_instance import (
    BORN,
    ISSUER,
    PATIENT_ID,
    PATIENT_NAME,
    STUDY,
    STUDY_DATE,
    STUDY_TIME,
    FiledFrom,
    KnownThere,
    Uids,
    Unwrapped,
    uids_of,
    unwrapped,
    whose_is,
    wrapped,
)

_SLACK = 250_000  # bytes that an archive may add to what it got
_ASKED_FOR = f"{PATIENT_NAME:08X},{ISSUER:08X},{BORN:08X}"


class RemovedBy(StrEnum):
    """How the archive removes an instance."""

    NONE = "none"
    DELETE = "delete"  # a DELETE of its address, which no standard knows and some archives do
    ORTHANC = "orthanc"  # Orthanc's own language


@dataclass(frozen=True, slots=True)
class ImageArchive:
    """The port `FurtherCopy` on one archive. `adds_patients`: the first copy of somebody may make them known there."""

    name: str
    url: str
    source: FiledFrom
    credentials: Credentials = NOBODY
    removal: RemovedBy = RemovedBy.NONE
    adds_patients: bool = False
    patience: float = PATIENCE

    async def there(self) -> bool:
        try:
            async with self._talking() as archive:
                await archive.search("/studies", limit="1")
        except OutsideFailure as why:
            if str(why) in {"away", "hangs"}:
                return False
            raise
        return True

    async def begin(self) -> None:
        """Require that it answers: there is nothing to mark it with."""
        if not await self.there():
            raise OutsideFailure("away")

    async def try_out(self) -> bool:
        """Search it. Nothing is written, because what is written could stay there."""
        async with self._talking() as archive:
            await archive.search("/studies", limit="1")
            await archive.search("/studies", StudyInstanceUID=f"2.25.{uuid4().int}")
        return False

    async def place(self, consignment: Consignment, ref: Ref) -> dict[str, str]:
        uids, sha256 = uids_of(consignment, self.name), ""
        async with self._talking() as archive:
            async with meanwhile(self._known(archive, consignment, uids)) as known:
                if await archive.has(uids):
                    sha256 = await self._placed_before(archive, uids, consignment)
                file = b"" if sha256 else wrapped(consignment, uids, await known, self.source)
            if not sha256:
                refused = await archive.store(uids, file)
                if refused is not None and not await archive.has(uids):
                    raise refused
        return {
            "id": consignment.copy_id,
            "entry": consignment.entry_id,
            "study": uids.study,
            "series": uids.series,
            "instance": uids.instance,
            "size": str(len(consignment.content)),
            "sha256": sha256 or consignment.sha256,
            "whose": whose_is(consignment.patient),
        }

    async def confirm(self, ref: Ref) -> Assurance:
        async with self._talking() as archive:
            try:
                found = await _unwrapped(archive, _at(ref), int(ref["size"]))
            except Unreadable:
                return Assurance(Level.UNKNOWN, DIFFERS)
        if found is None:
            return Assurance(Level.UNKNOWN, LOST)
        if not self._is_right(found, ref["whose"], ref["instance"]):
            return Assurance(Level.UNKNOWN, ANOTHER_PATIENT)
        return Assurance(Level.VERIFIED) if found.sha256 == ref["sha256"] else Assurance(Level.UNKNOWN, DIFFERS)

    async def move(self, ref: Ref, to: Consignment) -> Moved:
        placed = await self.place(to, {})
        if (await self.confirm(placed)).level is not Level.VERIFIED:
            raise OutsideFailure("differs")
        return Moved(placed, await self.remove(ref))

    async def remove(self, ref: Ref) -> Residue:
        async with self._talking() as archive:
            try:
                at = _at(ref) if "study" in ref else await archive.find(archive_number(ref["id"]))
            except OutsideFailure as why:
                if str(why) != "not-an-archive":
                    raise
                return Residue.BEYOND_REACH  # it may lie there, and can't be looked for
            if at is None or await _is_gone(archive, at):
                return Residue.GONE
            match self.removal:
                case RemovedBy.NONE:
                    return Residue.BEYOND_REACH
                case RemovedBy.DELETE:
                    await archive.delete(at.path)
                case RemovedBy.ORTHANC:
                    await self._remove_as_orthanc_does(at)
            return Residue.GONE if await _is_gone(archive, at) else Residue.BEYOND_REACH

    def _talking(self, url: str = "") -> AbstractAsyncContextManager[ArchiveWeb]:
        return talking_to(url or self.url, self.credentials, self.patience)

    async def _remove_as_orthanc_does(self, at: Uids) -> None:
        async with self._talking(self.url.rpartition("/")[0]) as orthanc:
            for found in await orthanc.look_up(at.instance):
                if found.get("Type") == "Instance":
                    await orthanc.delete(f"/instances/{found['ID']}")

    async def _placed_before(self, archive: ArchiveWeb, uids: Uids, leaving: Consignment) -> str:
        """Return the digest of what an earlier try put there; "" where an archive finds it, and has lost it all the same.

        `Permanent` where it has another form.
        """
        try:
            found = await _unwrapped(archive, uids, 2 * len(leaving.content))
        except Unreadable:
            return leaving.sha256
        if found is None:
            return ""
        if not found.is_whole or not self._is_right(found, whose_is(leaving.patient), uids.instance):
            return leaving.sha256  # then it will not be what is expected, and that is said
        if found.form != leaving.form.value:
            raise Permanent(OTHER_FORM)
        return found.sha256

    def _is_right(self, found: Unwrapped, whose: str, instance: str) -> bool:
        issuers = {"", self.source.issuer}  # an archive may add its own where none was told
        return (found.whose, found.instance) == (whose, instance) and (
            found.issuer in issuers or not self.source.issuer
        )

    async def _known(self, archive: ArchiveWeb, leaving: Consignment, uids: Uids) -> KnownThere:
        """Return how the archive knows the patient; `Permanent` where it does not, or not with that date of birth (R15)."""
        patient = leaving.patient
        studies = await archive.search("/studies", PatientID=patient.mrn, includefield=_ASKED_FOR)
        theirs = [
            study
            for study in studies
            if said(study, PATIENT_ID) == patient.mrn
            and (not self.source.issuer or said(study, ISSUER) in {"", self.source.issuer})
        ]
        born = {said(study, BORN) for study in theirs}
        if born - {f"{patient.born:%Y%m%d}"} or not (born or self.adds_patients):
            raise Permanent(NO_SUCH_PATIENT)
        names = [name for study in theirs if (name := said(study, PATIENT_NAME))]
        agreeing = [name for name in names if _is_name_of(name, leaving)]
        if agreeing and len(agreeing) < len(names):
            raise Permanent(
                SEVERAL_PATIENTS
            )  # whom the archive means by this number, its order of studies must not decide
        if names and not agreeing:
            raise Permanent(OTHER_NAME)
        same = next((study for study in theirs if said(study, STUDY) == uids.study), {})
        return KnownThere(
            agreeing[0] if agreeing else _name_of(leaving), said(same, STUDY_DATE), said(same, STUDY_TIME)
        )


def _is_name_of(name: str, leaving: Consignment) -> bool:
    """Return whether the family name agrees: the one that was said at the desk, else as the whole name shows it."""
    family, parted, _ = name.partition("^")
    if parted and leaving.formal is not None:
        return same_name(family, leaving.formal.family)
    return has_family_name(leaving.patient.name, family)


def _name_of(leaving: Consignment) -> str:
    """Return the name of somebody whom the archive does not know, in its parts; `Permanent` where nobody said which they are."""
    if leaving.formal is None:
        raise Permanent(NO_FORMAL_NAME)
    return "^".join(part.replace("^", " ") for part in (leaving.formal.family, leaving.formal.given) if part)


async def _unwrapped(archive: ArchiveWeb, at: Uids, size: int) -> Unwrapped | None:
    file = await archive.retrieve(at, size + _SLACK)
    return None if file is None else unwrapped(file)


async def _is_gone(archive: ArchiveWeb, at: Uids) -> bool:
    return not await archive.has(at) and not await archive.serves(at)


def _at(ref: Ref) -> Uids:
    return Uids(ref["study"], ref["series"], ref["instance"])
