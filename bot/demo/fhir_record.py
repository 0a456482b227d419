"""A FHIR server that others wrote, on this machine, which knows Sam and Alex; another client, unaware of consentry, reads it."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import socket
import time
from asyncio.subprocess import PIPE, Process
from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot import tethered
from bot.capped_http import NoAnswer, TooLong, ask_once
from bot.domain.assurance import CopyForm
from bot.domain.errors import Permanent

from .another_client import told_by
from .practice_record import FoundPhoto

_SYSTEM: Final = "https://harbourstreet.example/record-number"
_PATIENCE: Final = 90.0  # seconds; on a busy machine it needs many to start
_KNOWN: Final = (("10421", "Patel", "Sam", "1984-03-07"), ("10566", "Morgan", "Alex", "1990-05-14"))
# Finds the patient by record number, then the photo by its reference, as a viewer there would. The token comes by standard input.
_CLIENT = """\
import base64, json, sys, urllib.parse, urllib.request
url, system, mrn, ref = sys.argv[1:]
token = sys.stdin.read().strip()
def asked(path):
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/fhir+json"}
    request = urllib.request.Request(f"{url}/{path}", headers=headers)
    return json.load(urllib.request.urlopen(request, timeout=30))
def found(path):
    return [entry["resource"] for entry in asked(path).get("entry", [])]
(patient,) = found("Patient?identifier=" + urllib.parse.quote(f"{system}|{mrn}"))
for document in found(f"DocumentReference?subject=Patient/{patient['id']}&status=current&_count=200"):
    attachment = document["content"][0]["attachment"]
    if attachment["title"] == f"{ref} image":
        name = patient["name"][0]
        print(json.dumps([f"{name['given'][0]} {name['family']}", asked(attachment["url"])["data"]]))
"""


class FhirRecord:
    """The port `PracticeRecord` on SEKMET, in a process of its own."""

    name = "Harbour Street FHIR"
    sure = "verified (original)"
    form = CopyForm.ORIGINAL
    how = "a client of its own asked the FHIR server for patient 10421, and for the photo by its reference"

    def __init__(self, home: Path) -> None:
        self._home = home / "fhir"
        self._url = f"http://127.0.0.1:{_free_port()}/fhir"
        self._token = secrets.token_hex(16)  # of whoever looks there; the bot signs for itself
        self._process: Process | None = None

    @property
    def destination(self) -> str:
        return (
            f'name = "{self.name}"\nkind = "fhir"\nurl = "{self._url}"\npatient_identifier = "{_SYSTEM}"\n'
            f'client_id = "consentry"\nkey_file = "{self._home / "key.pem"}"\n'
        )

    async def start(self) -> None:
        python = _python()
        if not python.exists():
            raise Permanent("no-fhir-server", "the FHIR server of the demo is missing: run `make install`")
        self._home.mkdir(mode=0o700)
        self._write_settings(self._home / "key.pem", self._home / "public.pem")
        command = (str(python), "-P", tethered.__file__, "sekmet.cli", "serve", "--config", "settings.yaml")
        with (self._home / "log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *command, stdin=PIPE, stdout=log, stderr=log, cwd=self._home
            )
        end = time.monotonic() + _PATIENCE
        for known in _KNOWN:
            while not await self._knows(_patient(*known)):
                if self._process.returncode is not None or time.monotonic() > end:
                    raise Permanent("no-fhir-server", f"the FHIR server did not start: {self._home / 'log'}")
                await asyncio.sleep(0.2)

    async def photo_of(self, mrn: str, ref: str) -> FoundPhoto | None:
        told = await told_by(_CLIENT, self._url, _SYSTEM, mrn, ref, secret=self._token)
        return FoundPhoto(told[0], b64decode(told[1])) if told else None

    async def stop(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def _knows(self, patient: Mapping[str, object]) -> bool:
        """Make a patient known there; return whether the server took it."""
        try:
            made = await ask_once("POST", self._url, "/Patient", patient, self._token)
        except (NoAnswer, TooLong):
            return False
        return made.status == 201

    def _write_settings(self, key_file: Path, public_file: Path) -> None:
        key, pem = ec.generate_private_key(ec.SECP384R1()), serialization.Encoding.PEM
        key_file.touch(0o600)
        key_file.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        public_file.write_bytes(key.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo))
        client = {"client_id": "consentry", "public_key_path": str(public_file), "scopes": "system/*.*"}
        settings = {
            "base_url": self._url,
            "host": "127.0.0.1",
            "port": int(self._url.rpartition(":")[2].removesuffix("/fhir")),
            "data_dir": str(self._home / "data"),
            "log_inbound": False,
            "server_auth": {"types": ["smart", "bearer"], "tokens": [self._token], "smart_clients": [client]},
            "simulator": {"enabled": False},
        }
        settings_file = self._home / "settings.yaml"
        settings_file.touch(0o600)
        settings_file.write_text(json.dumps(settings), encoding="utf-8")


def _patient(number: str, family: str, given: str, born: str) -> Mapping[str, object]:
    return {
        "resourceType": "Patient",
        "active": True,
        "identifier": [{"system": _SYSTEM, "value": number}],
        "name": [{"family": family, "given": [given]}],
        "birthDate": born,
    }


def _python() -> Path:
    """Return the Python of the environment with other records: $CONSENTRY_RECORDS_VENV, else in the project's directory."""
    named = os.environ.get("CONSENTRY_RECORDS_VENV")
    return (Path(named) if named else Path(__file__).resolve().parents[2] / ".venv-records") / "bin/python"


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
