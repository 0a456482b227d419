"""Whatever a network or a busy server does to one request: never verified what differs, never lost, never twice (R35)."""

from __future__ import annotations

import base64
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from bot.domain.assurance import Assurance, Level, Residue
from bot.domain.errors import OutsideFailure, Permanent
from storage.records.fhir import fhir_server
from storage.records.fhir.fhir_binaries import Upload
from tests.fhir_between import Chooses, Fault, between
from tests.fhir_fake import only

from .a_place import ANN, PHOTO, SAM
from .fhir_places import AFhirServer, a_sekmet, on_a_fake

MOST_REQUESTS = 80  # of one delivery
TRIES = 20  # only the first can fail, but for a machine so busy that an answer seems to be stalled
VERIFIED = Assurance(Level.VERIFIED)


# What leaves each server in another state; the rest of the faults is tried with the fake alone, which is ten times as fast.
# Each is at every second, fifth or seventh request; with CONSENTRY_COPIES (`make copies`) at every one, all of them on both.
ALL = "CONSENTRY_COPIES" in os.environ
SOME = [("fake", fault, 2 if fault in {Fault.CUT_AFTER, Fault.FLIPPED} else 5) for fault in Fault] + [
    ("sekmet", fault, 7) for fault in (Fault.CUT_AFTER, Fault.FAILING_AFTER, Fault.FLIPPED)
]
TRIED = [(server, fault, 1) for server in ("fake", "sekmet") for fault in Fault] if ALL else SOME


@asynccontextmanager
async def place(server: str, directory: Path) -> AsyncIterator[AFhirServer]:
    here = a_sekmet(directory) if server == "sekmet" else on_a_fake(directory, only(takes={Upload.OWN_ID}))
    async with here as at:
        yield at


def only_at(number: int, fault: Fault) -> Chooses:
    return lambda count, request: fault if count == number else None


async def there_once(at: AFhirServer, whose: str) -> None:
    documents = [one for one in await at.all("DocumentReference") if one["status"] == "current"]
    binaries = await at.all("Binary")
    assert (len(documents), len(binaries)) == (1, 1)
    assert base64.b64decode(binaries[0]["data"]) == PHOTO
    assert documents[0]["content"][0]["attachment"]["url"].endswith(f"Binary/{binaries[0]['id']}")
    (patient,) = [known for known in await at.all("Patient") if known["identifier"][0]["value"] == whose]
    assert documents[0]["subject"]["reference"].endswith(f"Patient/{patient['id']}")


@pytest.mark.parametrize(("server", "fault", "every"), TRIED)
async def test_a_delivery_that_fails_at_any_request_is_there_once_in_the_end(
    server: str, fault: Fault, every: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Placed, moved to another patient, and removed, each with the fault at one of its requests after another."""
    if fault is Fault.STALLED:
        monkeypatch.setattr(fhir_server, "SILENCE", 0.5)
    async with place(server, tmp_path) as at, between(at.url) as proxy:
        for number in range(0, MOST_REQUESTS, every):
            proxy.count, proxy.chooses = 0, only_at(number, fault)
            entry = f"e{number}"
            photo, of_ann = at.photo(entry_id=entry), at.photo(ANN, entry_id=entry)
            for _ in range(TRIES):
                try:
                    copy = at.copy(proxy.url)
                    ref = await copy.place(photo, at.ref(entry_id=entry))
                    shown = await copy.confirm(ref)
                    if shown == VERIFIED:
                        break
                    assert fault in (Fault.FLIPPED, Fault.TORN), shown
                except Permanent as why:
                    assert fault is Fault.TOO_LARGE, why
                except OutsideFailure:
                    pass
            assert await at.copy().confirm(ref) == VERIFIED
            await there_once(at, SAM.mrn)
            for _ in range(TRIES):
                try:
                    moved = await at.copy(proxy.url).move(at.ref(entry_id=entry), of_ann)
                    break
                except OutsideFailure:
                    pass
            assert await at.copy().confirm(moved.ref) == VERIFIED
            await there_once(at, ANN.mrn)
            for _ in range(TRIES):
                try:
                    assert await at.copy(proxy.url).remove(at.ref(ANN, entry)) in {Residue.GONE, at.left}
                    break
                except OutsideFailure:
                    pass
            assert not await at.all("Binary") and not [
                one for one in await at.all("DocumentReference") if one["status"] == "current"
            ]
            if proxy.count <= number:
                return
    raise AssertionError("it never came to its end")


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault is not Fault.STALLED])
async def test_no_fault_while_ways_of_sending_bytes_are_tried_makes_a_poorer_one_be_kept(
    fault: Fault, tmp_path: Path
) -> None:
    for number in range(MOST_REQUESTS):
        directory = tmp_path / str(number)
        directory.mkdir()
        async with place("fake", directory) as at, between(at.url) as proxy:
            proxy.chooses = only_at(number, fault)
            for _ in range(TRIES):
                with suppress(OutsideFailure, Permanent):
                    await at.copy(proxy.url).place(at.photo(), at.ref())
                    break
            noted = await at.notes.about(f"upload {proxy.url}")
            assert noted == {"way": Upload.OWN_ID.value}, number
            if proxy.count <= number:
                return
    raise AssertionError("it never came to its end")
