"""A client that knows nothing of consentry: it stores what another's camera made, and reads with pydicom what lies there."""

from __future__ import annotations

import base64
import json
import re
import urllib.error
import urllib.request
from io import BytesIO
from typing import Any

from pydicom import Dataset, dcmread
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import generate_frames
from pydicom.uid import ExplicitVRLittleEndian, SecondaryCaptureImageStorage, generate_uid

from tests.patience import PATIENCE

from .archive_process import PASSWORD, ArchiveProcess


class OtherMaker:
    def __init__(self, archive: ArchiveProcess) -> None:
        self._url = archive.url
        basic = base64.b64encode(f"{archive.user}:{PASSWORD}".encode()).decode()
        self._lets_in = f"Basic {basic}" if archive.user else f"Bearer {PASSWORD}"

    def search(self, path: str) -> list[dict[str, Any]]:
        body = self._asked(path, {"Accept": "application/dicom+json"})[1]
        return list(json.loads(body)) if body else []

    def read(self, study: str, series: str, instance: str) -> Dataset | None:
        """The instance as it lies there; None where there is none."""
        accept = {"Accept": 'multipart/related; type="application/dicom"; transfer-syntax=*'}
        try:
            kind, body = self._asked(f"/studies/{study}/series/{series}/instances/{instance}", accept)
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return None
            raise
        named = re.search(r'boundary="?([^";]+)', kind)
        assert named is not None
        part = body.split(b"--" + named[1].encode())[1].partition(b"\r\n\r\n")[2]
        return dcmread(BytesIO(part))

    def photo_of(self, patient_id: str, study_id: str, modality: str) -> tuple[str, bytes] | None:
        """Whose photo it is, by given and family name, and the picture as it stands in the file."""
        for study in self.search(f"/studies?PatientID={patient_id}"):
            at = study["0020000D"]["Value"][0]
            for series in self.search(f"/studies/{at}/series?Modality={modality}"):
                under = series["0020000E"]["Value"][0]
                for instance in self.search(f"/studies/{at}/series/{under}/instances"):
                    read = self.read(at, under, instance["00080018"]["Value"][0])
                    if read is not None and read.Modality == modality and read.StudyID == study_id:
                        (frame,) = generate_frames(read.PixelData, number_of_frames=1)
                        whose = f"{read.PatientName.given_name} {read.PatientName.family_name}"
                        return whose, frame[: read.EncapsulatedPixelDataValueTotalLength]
        return None

    def stores_a_study(self, patient_id: str, name: str, born: str, issuer: str = "") -> None:
        made = Dataset()
        made.file_meta = FileMetaDataset()
        made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        made.SOPClassUID, made.SOPInstanceUID = SecondaryCaptureImageStorage, generate_uid()
        made.StudyInstanceUID, made.SeriesInstanceUID = generate_uid(), generate_uid()
        made.PatientID, made.PatientName, made.PatientBirthDate, made.PatientSex = patient_id, name, born, "F"
        if issuer:
            made.IssuerOfPatientID = issuer
        made.StudyDate, made.StudyTime, made.StudyID, made.AccessionNumber = "20250101", "101500", "X1", "A1"
        made.Modality, made.ConversionType, made.SeriesNumber, made.InstanceNumber = "OT", "WSD", 1, 1
        made.Rows = made.Columns = 2
        made.SamplesPerPixel, made.PhotometricInterpretation = 1, "MONOCHROME2"
        made.BitsAllocated = made.BitsStored = 8
        made.HighBit, made.PixelRepresentation, made.PixelData = 7, 0, b"\0\1\2\3"
        out = BytesIO()
        made.save_as(out, enforce_file_format=True)
        body = b"--x\r\nContent-Type: application/dicom\r\n\r\n" + out.getvalue() + b"\r\n--x--\r\n"
        kind = 'multipart/related; type="application/dicom"; boundary=x'
        self._asked("/studies", {"Accept": "application/dicom+json", "Content-Type": kind}, body)

    def _asked(self, path: str, headers: dict[str, str], data: bytes | None = None) -> tuple[str, bytes]:
        request = urllib.request.Request(
            self._url + path, data=data, headers={**headers, "Authorization": self._lets_in}
        )
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return answer.headers.get("Content-Type", ""), answer.read()
