"""An archive in a process of its own: started, killed without warning, started again over what it keeps."""

from __future__ import annotations

import contextlib
import subprocess
import time
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path

from tests.homeserver import free_port
from tests.patience import PATIENCE

PASSWORD = "not-a-secret-of-anybody"


class ArchiveProcess(ABC):
    """`url` is where its DICOMweb is. What it writes goes to a file, which a failure shows the end of."""

    user = ""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    @abstractmethod
    def url(self) -> str:
        """Where it is spoken to."""

    @property
    @abstractmethod
    def command(self) -> list[str]:
        """What starts it."""

    @property
    def environment(self) -> Mapping[str, str] | None:
        return None

    def start(self) -> None:
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.directory / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self.command, cwd=self.directory, env=self.environment, stdin=subprocess.PIPE, stdout=log, stderr=log
            )
        end = time.monotonic() + PATIENCE
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > end:
                self.kill()
                raise AssertionError(f"it did not start:\n{(self.directory / 'log').read_text()[-2000:]}")
            time.sleep(0.1)

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            if self._process.stdin is not None:
                self._process.stdin.close()
            self._process = None

    def password_file(self) -> Path:
        file = self.directory / "password"
        file.write_text(PASSWORD + "\n")
        return file

    def _answers(self) -> bool:
        request = urllib.request.Request(f"{self.url}/studies?limit=1", headers={"Accept": "application/dicom+json"})
        with contextlib.suppress(urllib.error.HTTPError):
            try:
                urllib.request.urlopen(request, timeout=5).close()
            except urllib.error.HTTPError:
                raise
            except OSError:
                return False
        return True
