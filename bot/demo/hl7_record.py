"""Practice software that imports HL7 messages from a folder and acknowledges them: another process, with a folder of its own."""

from __future__ import annotations

from base64 import b64decode
from pathlib import Path

from bot.domain.assurance import CopyForm

from .another_client import told_by
from .practice_record import FoundPhoto

# Knows nothing of consentry: it takes what lies in the folder, says so, and tells of the photos that it has for a record number.
_IMPORTER = """\
import json, pathlib, sys
share, said, kept, mrn = map(pathlib.Path, sys.argv[1:5])
for path in sorted(share.glob("*.hl7")):
    message = path.read_bytes()
    (kept / path.name).write_bytes(message)
    path.unlink()
    number = message.split(b"|")[9].decode()
    answer = f"MSH|^~\\\\&|Software|Here|consentry|Here|20261201||ACK^R01|{number}|P|2.4\\rMSA|AA|{number}\\r"
    (said / f"{path.stem}.ACK").write_text(answer)
for path in sorted(kept.iterdir()):
    segments = [line.split("|") for line in path.read_bytes().decode().split("\\r") if line]
    patient = next(segment for segment in segments if segment[0] == "PID")
    for photo in (segment[5].split("^") for segment in segments if segment[:3:2] == ["OBX", "ED"]):
        if patient[3].split("^")[0] == str(mrn) and photo[1] == "image":
            print(json.dumps([" ".join(reversed(patient[5].split("^"))), photo[4]]))
"""


class Hl7Record:
    """The port `PracticeRecord` on a folder of messages."""

    name = "Practice software"
    sure = "accepted"
    form = CopyForm.ORIGINAL
    how = "a process of its own imported the messages, acknowledged them, and looked under the record number"

    def __init__(self, home: Path) -> None:
        self._share, self._said, self._kept = (home / name for name in ("messages", "acknowledgements", "imported"))

    @property
    def destination(self) -> str:
        return (
            f'name = "{self.name}"\nkind = "hl7-folder"\ndirectory = "{self._share}"\n'
            f'acknowledgements = "{self._said}"\nsend = "original"\n'
        )

    async def start(self) -> None:
        for directory in (self._share, self._said, self._kept):
            directory.mkdir(mode=0o700)

    async def photo_of(self, mrn: str, ref: str) -> FoundPhoto | None:
        told = await told_by(_IMPORTER, self._share, self._said, self._kept, mrn)
        return FoundPhoto(told[0], b64decode(told[1])) if told else None

    async def stop(self) -> None:
        """Nothing runs."""
