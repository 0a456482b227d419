"""A folder on a share, looked into by another process, as the importer of practice software would."""

from __future__ import annotations

from base64 import b64decode
from pathlib import Path

from bot.domain.assurance import CopyForm

from .another_client import told_by
from .practice_record import FoundPhoto

# Knows nothing of consentry: it looks into the folder, and says what it found there.
_IMPORTER = """\
import base64, json, pathlib, sys
share, mrn, ref = sys.argv[1:]
for folder in pathlib.Path(share).glob(f"{mrn}_{ref}_*"):
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    for entry in index["entries"]:
        if entry["kind"] == "image" and index["patient"]["mrn"] == mrn:
            content = base64.b64encode((folder / entry["file"]).read_bytes()).decode()
            print(json.dumps([index["patient"]["name"], content, entry["sha256"]]))
"""


class FolderRecord:
    """The port `PracticeRecord` on a directory."""

    name = "Practice software"
    sure = "waiting (written there and read back"
    form = CopyForm.CLEAN
    how = "a process of its own looked into the folder, by record number and reference"

    def __init__(self, home: Path) -> None:
        self._share = home / "share"

    @property
    def destination(self) -> str:
        return f'name = "{self.name}"\nkind = "folder"\ndirectory = "{self._share}"\n'

    async def start(self) -> None:
        self._share.mkdir(mode=0o700)

    async def photo_of(self, mrn: str, ref: str) -> FoundPhoto | None:
        told = await told_by(_IMPORTER, self._share, mrn, ref)
        return FoundPhoto(told[0], b64decode(told[1]), told[2]) if told else None

    async def stop(self) -> None:
        """Nothing runs."""
