"""A FHIR server over the engine that Medplum wrote, in a process of its own: bytes go there raw, for it limits base64 in JSON."""

from __future__ import annotations

import atexit
import os
import secrets
import subprocess
from functools import cache
from pathlib import Path
from threading import Timer

from tests.patience import PATIENCE
from tests.peer.driver import MissingPart

HERE = Path(os.environ.get("CONSENTRY_MEDPLUM", Path(__file__).parent / "medplum"))


class Medplum:
    """A running server; it ends with whoever started it."""

    def __init__(self) -> None:
        if not (HERE / "node_modules/@medplum").exists():
            raise MissingPart("tests/medplum is not set up: run `make install`")
        self.token = secrets.token_hex(16)
        command = ["node", "--no-warnings", "--experimental-websocket", "server.mjs", self.token]
        self._process = subprocess.Popen(command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        atexit.register(self.stop)
        too_late = Timer(PATIENCE, self._process.kill)
        too_late.start()
        port = self._process.stdout.readline().strip()
        too_late.cancel()
        assert port, "it did not start"
        self.url = f"http://127.0.0.1:{port}/fhir"

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()


@cache
def shared() -> Medplum:
    """Return the one server of this run."""
    return Medplum()
