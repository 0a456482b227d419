"""An entry as an image archive keeps it: a photo as VL Photographic Image, everything else as Encapsulated PDF (PS3.3).

The bytes of the photo or the page stand in it unchanged, and come out of it unchanged: an odd length is padded with one byte,
which the length told beside it leaves out. The number of an instance is its copy's id, which no two patients share, so the same
number can never stand under two of them. Beside the content stands its digest, so that what comes back tells itself whether it
is whole.

What nobody told is left empty, never guessed: sex, family and given name, which side of the body, when it was taken.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from types import MappingProxyType
from typing import Final
from uuid import UUID, uuid5

from bot.domain.assurance import CopyForm
from bot.domain.baseline_jpeg import Frame, baseline_frame
from bot.domain.consignment import Consignment, archive_number
from bot.domain.entries import PatientIdentity
from bot.domain.errors import Permanent
from bot.domain.formal_names import Sex
from bot.domain.formats import MediaType

from . import dicom_elements as dicom
from .dicom_elements import DicomElement

PHOTO, DOCUMENT = "1.2.840.10008.5.1.4.1.1.77.1.4", "1.2.840.10008.5.1.4.1.1.104.1"  # SOP classes
PATIENT_NAME, PATIENT_ID, ISSUER, BORN = 0x00100010, 0x00100020, 0x00100021, 0x00100030
STUDY, SERIES, INSTANCE, CLASS = 0x0020000D, 0x0020000E, 0x00080018, 0x00080016
STUDY_DATE, STUDY_TIME = 0x00080020, 0x00080030
_PIXEL_LENGTH, _PDF, _PDF_LENGTH = 0x7FE00003, 0x00420011, 0x00420015
_OURS, _SHA256, _FORM = 0x00990010, 0x00991001, 0x00991002
_WANTED = (
    PATIENT_ID,
    ISSUER,
    BORN,
    INSTANCE,
    dicom.PIXEL_DATA,
    _PIXEL_LENGTH,
    _PDF,
    _PDF_LENGTH,
    _OURS,
    _SHA256,
    _FORM,
)
_UIDS: Final = UUID("0d3f7a52-9a47-5c1b-8f0e-3f5b6c6f1f25")
_SEXES: Mapping[Sex, str] = MappingProxyType({Sex.FEMALE: "F", Sex.MALE: "M", Sex.OTHER: "O"})
_LONGEST = {"LO": 64, "SH": 16}  # letters


@dataclass(frozen=True, slots=True)
class FiledFrom:
    """Where a copy comes from. `issuer`: who gives out the record numbers, as the archive says it; "" where it says nothing."""

    practice: str
    zone: tzinfo
    issuer: str = ""


@dataclass(frozen=True, slots=True)
class KnownThere:
    """What the archive already holds: the patient's name as it is spelt there, and when the study of this image began."""

    patient_name: str
    study_date: str = ""
    study_time: str = ""


@dataclass(frozen=True, slots=True)
class Uids:
    study: str
    series: str
    instance: str

    @property
    def path(self) -> str:
        return f"/studies/{self.study}/series/{self.series}/instances/{self.instance}"


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """What an instance holds. `is_whole`: it has the digest that was put beside it."""

    whose: str
    issuer: str
    instance: str
    sha256: str
    is_whole: bool
    form: str


def uids_of(leaving: Consignment, destination: str) -> Uids:
    """Return the numbers of a copy: what belongs to one image of one patient is one study there, photos apart from pages."""
    study = f"study\n{leaving.patient.patient_id}\n{leaving.about or leaving.entry_id}\n{destination}"
    series = f"series\n{'photo' if _is_photo(leaving) else 'document'}\n{study}"
    return Uids(_uid(study), _uid(series), archive_number(leaving.copy_id))


def whose_is(patient: PatientIdentity) -> str:
    """Return whose something is, without saying it: a digest of what an archive knows a patient by."""
    return _whose(patient.mrn, f"{patient.born:%Y%m%d}")


def _whose(record_number: str, born: str) -> str:
    return hashlib.sha256(f"{record_number}\n{born}".encode()).hexdigest()


def wrapped(leaving: Consignment, uids: Uids, known: KnownThere, source: FiledFrom) -> bytes:
    """Return the instance as a file; `Permanent` where no archive can keep it as it is."""
    if (made_elsewhere := leaving.media_type == MediaType.DICOM) or not (_is_photo(leaving) or _is_page(leaving)):
        raise Permanent("own-dicom" if made_elsewhere else "not-viewable")
    sop_class = PHOTO if _is_photo(leaving) else DOCUMENT
    elements = [
        *_of_the_patient(leaving, known, source),
        *_of_the_study(leaving, uids, known, source),
        *_of_us(leaving),
        dicom.uid(CLASS, sop_class),
        dicom.uid(INSTANCE, uids.instance),
        *(_photo(leaving) if sop_class == PHOTO else _document(leaving)),
    ]
    syntax = dicom.JPEG_BASELINE if sop_class == PHOTO else dicom.EXPLICIT
    return dicom.part10(syntax, sop_class, uids.instance, _uid("consentry"), elements)


def unwrapped(file: bytes) -> Unwrapped:
    """Take out of an instance whose it is, and the digest of the content in it; raise `dicom.Unreadable`."""
    _, found = dicom.read(file, _WANTED)
    content, told = (_PDF, _PDF_LENGTH) if _PDF in found else (dicom.PIXEL_DATA, _PIXEL_LENGTH)
    if content not in found or not found.get(told):
        raise dicom.Unreadable
    size = int.from_bytes(found[told], "little")
    digest = hashlib.sha256(memoryview(found[content])[:size]).hexdigest()
    said = {
        tag: found.get(tag, b"").decode(errors="replace").strip("\0 ") for tag in _WANTED if tag not in {content, told}
    }
    return Unwrapped(
        whose=_whose(said[PATIENT_ID], said[BORN]),
        issuer=said[ISSUER],
        instance=said[INSTANCE],
        sha256=digest,
        is_whole=digest == said[_SHA256] and size <= len(found[content]),
        form=said[_FORM],
    )


def _of_the_patient(leaving: Consignment, known: KnownThere, source: FiledFrom) -> list[DicomElement]:
    patient, sex = leaving.patient, leaving.sex
    return [
        dicom.text(PATIENT_NAME, "PN", known.patient_name),
        dicom.text(PATIENT_ID, "LO", patient.mrn),
        *([dicom.text(ISSUER, "LO", source.issuer)] if source.issuer else []),
        dicom.text(BORN, "DA", f"{patient.born:%Y%m%d}"),
        dicom.text(0x00100040, "CS", _SEXES[sex] if sex else ""),
    ]


def _of_the_study(leaving: Consignment, uids: Uids, known: KnownThere, source: FiledFrom) -> list[DicomElement]:
    at = leaving.at.astimezone(source.zone)
    day, hour = f"{at:%Y%m%d}", f"{at:%H%M%S}"
    began = (known.study_date, known.study_time) if known.study_date else (day, hour)
    return [
        dicom.codes(0x00080005, "ISO_IR 192"),
        dicom.text(STUDY_DATE, "DA", began[0]),
        dicom.text(0x00080023, "DA", day),
        dicom.text(STUDY_TIME, "TM", began[1]),
        dicom.text(0x00080033, "TM", hour),
        dicom.text(0x00080050, "SH", ""),  # nobody ordered it
        dicom.text(0x00080090, "PN", ""),
        _short(0x00080080, "LO", source.practice),
        dicom.text(0x00080201, "SH", f"{at:%z}"),
        _short(0x00081030, "LO", f"Clinical photography {leaving.about}".strip()),
        _short(0x0008103E, "LO", "Photos" if _is_photo(leaving) else "Documents"),
        dicom.uid(STUDY, uids.study),
        dicom.uid(SERIES, uids.series),
        _short(0x00200010, "SH", leaving.about),
        dicom.text(0x00200011, "IS", "1" if _is_photo(leaving) else "2"),
        dicom.text(0x00200013, "IS", "1"),
    ]


def _of_us(leaving: Consignment) -> list[DicomElement]:
    return [
        dicom.text(0x00080070, "LO", "consentry"),
        dicom.text(0x00081090, "LO", "consentry"),
        dicom.text(_OURS, "LO", "CONSENTRY"),
        dicom.text(_SHA256, "LO", leaving.sha256),
        dicom.text(_FORM, "LO", leaving.form.value),
    ]


def _photo(leaving: Consignment) -> list[DicomElement]:
    frame, size = _frame(leaving), len(leaving.content)
    comment = ". ".join(str(said) for fact in ("reason", "caution") if (said := leaving.facts.get(fact)))
    derived = leaving.form is CopyForm.RENDITION
    return [
        dicom.codes(0x00080008, "DERIVED" if derived else "ORIGINAL", "PRIMARY"),
        dicom.codes(0x00080060, "XC"),
        dicom.text(0x00204000, "LT", comment),
        dicom.text(0x00200020, "CS", ""),
        dicom.text(0x00200060, "CS", ""),  # which side of the body: nobody told
        dicom.sequence(0x00400555),
        dicom.codes(0x00280302, "YES"),  # a person could be recognised (R10)
        dicom.number(0x00280002, frame.components),
        dicom.codes(0x00280004, "MONOCHROME2" if frame.components == 1 else "YBR_FULL_422"),
        *([dicom.number(0x00280006, 0)] if frame.components > 1 else []),
        dicom.number(0x00280010, frame.height),
        dicom.number(0x00280011, frame.width),
        dicom.number(0x00280100, 8),
        dicom.number(0x00280101, 8),
        dicom.number(0x00280102, 7),
        dicom.number(0x00280103, 0),
        dicom.codes(0x00282110, "01"),
        dicom.text(0x00282112, "DS", f"{max(1.0, frame.width * frame.height * frame.components / size):.2f}"),
        dicom.codes(0x00282114, "ISO_10918_1"),
        dicom.length(_PIXEL_LENGTH, "UV", size),
        dicom.in_one_fragment(leaving.content),
    ]


def _document(leaving: Consignment) -> list[DicomElement]:
    at = leaving.at
    return [
        dicom.codes(0x00080060, "DOC"),
        dicom.codes(0x00080064, "WSD"),
        dicom.text(0x0008002A, "DT", f"{at:%Y%m%d%H%M%S%z}"),
        dicom.codes(0x00280301, "YES"),  # it says whose it is
        dicom.text(0x00420010, "ST", f"{leaving.kind.value.capitalize()} {leaving.about}".strip()),
        dicom.sequence(0x0040A043),
        dicom.text(0x00420012, "LO", MediaType.PDF),
        DicomElement(_PDF, "OB", leaving.content),
        dicom.length(_PDF_LENGTH, "UL", len(leaving.content)),
    ]


def _is_photo(leaving: Consignment) -> bool:
    return leaving.media_type == MediaType.JPEG and not leaving.is_text


def _is_page(leaving: Consignment) -> bool:
    return leaving.media_type == MediaType.PDF and not leaving.is_text


def _frame(leaving: Consignment) -> Frame:
    frame = baseline_frame(leaving.content)
    if frame is None:
        raise Permanent("not-viewable")
    return frame


def _short(tag: int, vr: str, value: str) -> DicomElement:
    return dicom.text(tag, vr, value[: _LONGEST[vr]])


def _uid(told: str) -> str:
    return f"2.25.{uuid5(_UIDS, told).int}"
