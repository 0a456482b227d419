"""Kill whoever delivers, and the counterpart: every entry is there once, under the right patient, identical; no orphans.

The delivering process is a real one, with the rows of the journal, the watch and the notes of its kind. What lies at the other
end in the end is looked at by somebody else's eyes. A few deaths in every run; CONSENTRY_COPIES=25 (`make copies`) kills each of
the two so many times, over ten times as many entries.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import random
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from pydicom.encaps import generate_frames

from bot.domain.entries import PatientIdentity
from tests.archives.consignments import SOURCE
from tests.archives.orthanc import Orthanc, require_orthanc
from tests.archives.other_maker import OtherMaker
from tests.contract.a_place import ANN, SAM
from tests.contract.fhir_places import patient
from tests.fhir_sekmet import sekmet
from tests.patience import PATIENCE
from tests.photos import small

from .delivering import SURE, Delivering

DEATHS = int(os.environ.get("CONSENTRY_COPIES", "1"))
SEED = int(os.environ.get("CONSENTRY_SEED", "1"))
OF_EACH = 10  # entries for each death
PHOTO = small()
Lying = list[tuple[str, str]]  # record number, and digest of a photo


class Counterpart(ABC):
    """Who gets the copies: can be killed, and started again over what it keeps."""

    told: dict[str, str]
    within = 0.1  # seconds in which a few entries go there

    @abstractmethod
    def start(self) -> None: ...

    @abstractmethod
    def kill(self) -> None: ...

    @abstractmethod
    def lying(self) -> Lying:
        """Everything that lies there, as somebody else sees it."""

    def orphans(self) -> int:
        """What lies there, and nothing points at."""
        return 0


class OnSekmet(Counterpart):
    within = 0.4

    def __init__(self, directory: Path, stack: ExitStack) -> None:
        self._server = stack.enter_context(sekmet(directory))
        self.told = {"kind": "fhir", "url": self._server.url, "key_file": str(self._server.key_file)}
        for known in (SAM, ANN):
            self._asked("POST", "Patient", patient(known))

    def start(self) -> None:
        self._server.start()

    def kill(self) -> None:
        self._server.kill()

    def lying(self) -> Lying:
        numbers = {f"Patient/{one['id']}": one["identifier"][0]["value"] for one in self._all("Patient")}
        bytes_of = {f"Binary/{one['id']}": base64.b64decode(one["data"]) for one in self._all("Binary")}
        return [
            (
                numbers[one["subject"]["reference"]],
                hashlib.sha256(bytes_of[one["content"][0]["attachment"]["url"]]).hexdigest(),
            )
            for one in self._all("DocumentReference")
        ]

    def orphans(self) -> int:
        named = {one["content"][0]["attachment"]["url"] for one in self._all("DocumentReference")}
        return len([one for one in self._all("Binary") if f"Binary/{one['id']}" not in named])

    def _all(self, kind: str) -> list[dict[str, Any]]:
        return [entry["resource"] for entry in self._asked("GET", f"{kind}?_count=1000").get("entry", [])]

    def _asked(self, method: str, path: str, resource: object = None) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._server.look_token}", "Content-Type": "application/fhir+json"}
        body = None if resource is None else json.dumps(resource).encode()
        with urlopen(Request(f"{self._server.url}/{path}", body, headers, method=method), timeout=PATIENCE) as answer:
            return dict(json.loads(answer.read()))


class OnOrthanc(Counterpart):
    def __init__(self, directory: Path, stack: ExitStack) -> None:
        require_orthanc()
        self._archive = Orthanc(directory / "orthanc")
        self._archive.start()
        stack.callback(self._archive.kill)
        secret = str(self._archive.password_file())
        self.told = {
            "kind": "dicomweb",
            "url": self._archive.url,
            "user": self._archive.user,
            "password_file": secret,
        }
        self._other = OtherMaker(self._archive)
        for whose, name in ((SAM, "PATEL^SAM"), (ANN, "OTHER^ANN")):
            self._other.stores_a_study(whose.mrn, name, f"{whose.born:%Y%m%d}", SOURCE.issuer)

    def start(self) -> None:
        self._archive.start()

    def kill(self) -> None:
        self._archive.kill()

    def lying(self) -> Lying:
        found: Lying = []
        for study in self._other.search("/studies?limit=1000"):
            at = study["0020000D"]["Value"][0]
            for series in self._other.search(f"/studies/{at}/series"):
                under = series["0020000E"]["Value"][0]
                for instance in self._other.search(f"/studies/{at}/series/{under}/instances"):
                    read = self._other.read(at, under, instance["00080018"]["Value"][0])
                    assert read is not None
                    if read.Modality == "XC":
                        (frame,) = generate_frames(read.PixelData, number_of_frames=1)
                        photo = frame[: read.EncapsulatedPixelDataValueTotalLength]
                        found.append((read.PatientID, hashlib.sha256(photo).hexdigest()))
        return found


_IMPORTER = """\
import os, pathlib, sys, time
share, said, imported = map(pathlib.Path, sys.argv[1:])
while True:
    for path in sorted(share.iterdir()):
        if not path.name.startswith("."):
            path.rename(imported / path.name)
    for path in imported.glob("*.hl7"):
        answer = said / (path.stem + ".ACK")
        if not answer.exists():
            number = path.read_bytes().split(b"|")[9].decode()
            told = "MSH|^~\\\\&|BP|Hill|consentry|Hill|20261201||ACK^R01|1|P|2.4\\rMSA|AA|" + number + "\\r"
            answer.with_suffix(".part").write_text(told)
            answer.with_suffix(".part").rename(answer)
    time.sleep(0.01)
"""


class Importing(Counterpart):
    """Practice software, a process of its own, which takes what lies in a folder."""

    kind = "folder"

    def __init__(self, directory: Path, stack: ExitStack) -> None:
        self._at = [directory / name for name in ("share", "said", "imported")]
        for made in self._at:
            made.mkdir()
        share, said, self._imported = self._at
        self.told = {"kind": self.kind, "directory": str(share), "acknowledgements": str(said)}
        self.start()
        stack.callback(self.kill)

    def start(self) -> None:
        self._process = subprocess.Popen([sys.executable, "-c", _IMPORTER, *map(str, self._at)])

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def lying(self) -> Lying:
        found: Lying = []
        for folder in self._imported.iterdir():
            index = json.loads((folder / "index.json").read_text())
            photo = (folder / index["entries"][0]["file"]).read_bytes()
            found.append((index["patient"]["mrn"], hashlib.sha256(photo).hexdigest()))
        return found


class ImportingMessages(Importing):
    kind = "hl7-folder"

    def lying(self) -> Lying:
        found: dict[str, tuple[str, str]] = {}
        for path in self._imported.glob("*.hl7"):
            segments = [line.split("|") for line in path.read_bytes().decode("ascii").split("\r") if line]
            of = {segment[0]: segment for segment in segments}
            photo = next(one for one in segments if one[0] == "OBX" and "^image^" in one[5])[5].split("^")[4]
            digest = hashlib.sha256(base64.b64decode(photo)).hexdigest()
            found[of["MSH"][9]] = (of["PID"][3].split("^")[0], digest)  # one message, however often it came
        return list(found.values())


COUNTERPARTS: dict[str, Callable[[Path, ExitStack], Counterpart]] = {
    "fhir": OnSekmet,
    "dicomweb": OnOrthanc,
    "hl7-folder": ImportingMessages,
    "folder": Importing,
}


@pytest.mark.parametrize("kind", COUNTERPARTS)
async def test_each_entry_is_there_once_identical_however_often_either_side_is_killed(
    kind: str, tmp_path: Path
) -> None:
    chance, wanted = random.Random(SEED), Lying()
    deaths = dict.fromkeys(("deliverer", "counterpart"), 0)
    with ExitStack() as stack:
        there = COUNTERPARTS[kind](tmp_path, stack)
        at = Delivering(tmp_path / "practice", there.told, time.time())
        photos: list[tuple[str, PatientIdentity, bytes]] = []
        for number in range(OF_EACH * DEATHS):
            photo = PHOTO[:2] + b"\xff\xfe\x00\x06" + number.to_bytes(4, "big") + PHOTO[2:]
            photos.append((f"e{number}", chance.choice((SAM, ANN)), photo))
            wanted.append((photos[-1][1].mrn, hashlib.sha256(photo).hexdigest()))
        await at.files(photos)
        process = at.process()
        while min(deaths.values()) < DEATHS:
            time.sleep(chance.uniform(0.0, there.within))
            who = min(deaths, key=lambda side: deaths[side])
            deaths[who] += 1
            if who == "counterpart":
                there.kill()
                there.start()
            else:
                process.kill()
                process.wait()
                process = at.process()
        at.may_end()
        assert process.wait(timeout=PATIENCE) == 0
        deliveries, lying, orphans = await at.deliveries(len(photos)), there.lying(), there.orphans()
    assert Counter(lying) == Counter(wanted), "each once, identical, under the right patient"
    assert orphans == 0 and set(deaths.values()) == {DEATHS}
    assert {delivery.state for delivery in deliveries} == {SURE[kind]} and len(deliveries) == len(photos)
    print(f"\n{kind}: {len(photos)} entries, killed {deaths}")
