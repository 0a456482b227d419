"""Orthanc, as Debian packages it, with its DICOMweb plugin."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import urllib.request
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.patience import PATIENCE

from .archive_process import PASSWORD, ArchiveProcess

PLUGIN = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
SHIM = Path(__file__).with_name("loopback_bind.c")
MISSING = "Orthanc, its DICOMweb plugin or a C compiler is missing: `make packages` installs the first two."


def program() -> str | None:
    return shutil.which("Orthanc") or next((at for at in ("/usr/sbin/Orthanc",) if Path(at).exists()), None)


def require_orthanc() -> None:
    """Skip the test by name where it can't run; where continuous integration runs, it fails instead."""
    if program() is None or not PLUGIN.exists() or shutil.which("cc") is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(MISSING)


class Orthanc(ArchiveProcess):
    user = "filer"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/dicom-web"

    @property
    def command(self) -> list[str]:
        (self.directory / "orthanc.json").write_text(
            json.dumps(
                {
                    "Name": "Harbour Street archive",
                    "StorageDirectory": "kept",
                    "IndexDirectory": "kept",
                    "HttpPort": self.port,
                    "RemoteAccessAllowed": False,
                    "AuthenticationEnabled": True,
                    "RegisteredUsers": {self.user: PASSWORD},
                    "DicomServerEnabled": False,
                    "OverwriteInstances": False,
                    "StoreMD5ForAttachments": False,  # it shall notice nothing: we do
                    "MaximumStorageCacheSize": 0,  # what is read comes from its disk
                    "Plugins": [str(PLUGIN)],
                    "DicomWeb": {"Enable": True, "Root": "/dicom-web/"},
                }
            )
        )
        found = program()
        assert found is not None, MISSING
        return [found, "orthanc.json"]

    @property
    def environment(self) -> Mapping[str, str]:
        shim = self.directory / "loopback_bind.so"
        if not shim.exists():
            subprocess.run(["cc", "-shared", "-fPIC", "-o", shim, SHIM, "-ldl"], check=True, timeout=PATIENCE)
        return {**os.environ, "LD_PRELOAD": str(shim)}

    def kept(self) -> dict[str, bytes]:
        """All it keeps of instances, as they lie on its disk."""
        return {path.name: path.read_bytes() for path in self._instances()}

    def damage(self) -> None:
        """Flip a byte in the middle of each instance."""
        for path in self._instances():
            content = path.read_bytes()
            at = len(content) // 2
            path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])

    def lose(self) -> None:
        """Delete all it has, in its own language."""
        for instance in json.loads(self._asked("GET", "/instances")):
            self._asked("DELETE", f"/instances/{instance}")

    def _asked(self, method: str, path: str) -> bytes:
        known_by = base64.b64encode(f"{self.user}:{PASSWORD}".encode()).decode()
        url, headers = f"http://127.0.0.1:{self.port}{path}", {"Authorization": f"Basic {known_by}"}
        with urllib.request.urlopen(
            urllib.request.Request(url, headers=headers, method=method), timeout=PATIENCE
        ) as answer:
            return bytes(answer.read())

    def _instances(self) -> list[Path]:
        files = [path for path in (self.directory / "kept").rglob("*") if path.is_file()]
        return [path for path in files if path.read_bytes()[128:132] == b"DICM"]
