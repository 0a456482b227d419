"""What a DICOM file says of itself, read without its pixels. Runs only in the confined child.

The file is filed as it came and never shown here, so nobody takes the first of its frames for all of them; the findings say how
many there are.
Deliberately tells that it names a patient, never whom.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from io import BytesIO

from pydicom import dcmread
from pydicom.dataset import Dataset

logging.getLogger("pydicom").disabled = True  # its remarks on a file may be the file's own words

SMALLEST = bytes(128) + b"DICM" + b"\x02\0\x10\0UI\x14\x001.2.840.10008.1.2.1\0"  # names its transfer syntax, no more
_DEFLATED = b"1.2.840.10008.1.2.1.99"
_PATIENT = ("PatientName", "PatientID", "PatientBirthDate")


@dataclass(frozen=True, slots=True)
class Header:
    width: int
    height: int
    frames: int
    device: str
    taken: str
    software: str
    names_a_patient: bool


def header(data: bytes) -> Header:
    """Return what the header says; raise whatever a malformed file makes the reader raise.

    A deflated file is not looked into, because a little can become a lot: `ValueError`.
    """
    if _DEFLATED in data[:1024]:
        raise ValueError("deflated")
    read = dcmread(BytesIO(data), stop_before_pixels=True, defer_size=1024)
    day = _first(read, "AcquisitionDate", "ContentDate", "StudyDate")
    hour = _first(read, "AcquisitionTime", "ContentTime", "StudyTime").partition(".")[0]
    device = (_first(read, "Modality"), _first(read, "Manufacturer"), _first(read, "ManufacturerModelName"))
    return Header(
        width=max(0, int(_first(read, "Columns") or 0)),
        height=max(0, int(_first(read, "Rows") or 0)),
        frames=max(1, int(_first(read, "NumberOfFrames") or 1)),
        device=" ".join(part for part in device if part),
        taken=f"{day[:4]}:{day[4:6]}:{day[6:8]} {hour[:2]}:{hour[2:4]}:{hour[4:6]}" if len(day + hour) == 14 else day,
        software=_first(read, "SoftwareVersions"),
        names_a_patient=bool(_first(read, *_PATIENT)),
    )


def _first(read: Dataset, *names: str) -> str:
    """Return the first of these values that says anything."""
    return next((said for name in names if (said := str(read.get(name) or ""))), "")
