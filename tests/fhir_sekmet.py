"""A FHIR server that others wrote (SEKMET), in a process of its own: strict, with history; it takes a signed statement."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.homeserver import free_port
from tests.patience import PATIENCE
from tests.peer.driver import MissingPart

ROOT = Path(__file__).parents[1]
VENV = Path(os.environ.get("CONSENTRY_RECORDS_VENV", ROOT / ".venv-records"))
PYTHON, TETHER = VENV / "bin/python", ROOT / "bot/tethered.py"
MRN = "https://practice.example/mrn"


@dataclass
class Sekmet:
    """A running server; `key_file` is what the bot shows it, `look_token` what somebody else looks with."""

    directory: Path
    port: int
    key_file: Path
    process: subprocess.Popen[bytes] | None = None
    look_token = "somebody-else"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/fhir"

    def start(self) -> None:
        if not PYTHON.exists():
            raise MissingPart("sekmet-fhir is missing: run `make install`")
        settings = str(self.directory / "settings.yaml")
        command = [str(PYTHON), "-P", str(TETHER), "sekmet.cli", "serve", "--config", settings]
        log = (self.directory / "log").open("ab")
        self.process = subprocess.Popen(command, stdout=log, stdin=subprocess.PIPE, stderr=log, cwd=self.directory)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            assert self.process.poll() is None, (self.directory / "log").read_text()
            with suppress(OSError):
                urllib.request.urlopen(f"{self.url}/metadata", timeout=5).close()
                return
            time.sleep(0.1)
        raise AssertionError((self.directory / "log").read_text())

    @property
    def is_dead(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()


@contextmanager
def sekmet(directory: Path) -> Iterator[Sekmet]:
    private = ec.generate_private_key(ec.SECP384R1())
    key_file, public = directory / "key.pem", directory / "public.pem"
    key_file.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    public.write_bytes(
        private.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    server = Sekmet(directory, free_port(), key_file)
    settings = {
        "base_url": server.url,
        "host": "127.0.0.1",
        "port": server.port,
        "data_dir": str(directory / "data"),
        "log_inbound": False,
        "server_auth": {
            "types": ["smart", "bearer"],
            "tokens": [server.look_token],
            "smart_clients": [{"client_id": "consentry", "public_key_path": str(public), "scopes": "system/*.*"}],
        },
        "simulator": {"enabled": False},
    }
    (directory / "settings.yaml").write_text(json.dumps(settings))
    server.start()
    try:
        yield server
    finally:
        server.kill()


@cache
def shared() -> Sekmet:
    """Return the one server of this run; it ends with the run, which holds its tether."""
    directory = Path(tempfile.mkdtemp(prefix="sekmet-"))
    stack = ExitStack()
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    atexit.register(stack.close)
    return stack.enter_context(sekmet(directory))
