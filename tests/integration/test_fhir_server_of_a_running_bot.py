"""A running bot, with a real homeserver and a FHIR server that others wrote: each is killed once, and a photo is re-filed."""

from __future__ import annotations

import base64
import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.bot_process import RunningPractice, until
from tests.fhir_sekmet import MRN, Sekmet, sekmet
from tests.homeserver import Homeserver
from tests.photos import small

from .consulting import asks, poll_of, taps

DESTINATION = """
[[destinations]]
name = "Harbour Street FHIR"
kind = "fhir"
url = "{url}"
patient_identifier = "{mrn}"
client_id = "consentry"
key_file = "{key}"
"""
SAM, ANN = ("10421", "Patel", "Sam", "1984-03-07"), ("10422", "Other", "Ann", "1990-01-02")


def asked(server: Sekmet, path: str, resource: dict[str, Any] | None = None) -> dict[str, Any]:
    """What the server tells somebody else, with a token of their own."""
    headers = {"Authorization": f"Bearer {server.look_token}", "Content-Type": "application/fhir+json"}
    body = None if resource is None else json.dumps(resource).encode()
    with urllib.request.urlopen(urllib.request.Request(f"{server.url}/{path}", body, headers), timeout=30) as answer:
        told: dict[str, Any] = json.loads(answer.read())
    return told


def found(server: Sekmet, kind: str) -> list[dict[str, Any]]:
    return [entry["resource"] for entry in asked(server, f"{kind}?_count=100").get("entry", [])]


def photos(server: Sekmet) -> dict[str, list[bytes]]:
    """The photos in each patient's record there, by record number."""
    numbers = {f"Patient/{one['id']}": one["identifier"][0]["value"] for one in found(server, "Patient")}
    bytes_at = {f"Binary/{one['id']}": base64.b64decode(one["data"]) for one in found(server, "Binary")}
    lying: dict[str, list[bytes]] = {}
    for document in found(server, "DocumentReference"):
        url = document["content"][0]["attachment"].get("url", "")
        if document["status"] == "current" and url:
            lying.setdefault(numbers[document["subject"]["reference"]], []).append(bytes_at[url])
    return lying


def record_of(server: Sekmet, mrn: str) -> str:
    (known,) = [one for one in found(server, "Patient") if one["identifier"][0]["value"] == mrn]
    return f"Patient/{known['id']}"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Sekmet]:
    directory = tmp_path / "fhir"
    directory.mkdir()
    with sekmet(directory) as server:
        for mrn, family, given, born in (SAM, ANN):
            known = {"identifier": [{"system": MRN, "value": mrn}], "name": [{"family": family, "given": [given]}]}
            asked(server, "Patient", {"resourceType": "Patient", "birthDate": born, **known})
        yield server


@pytest.fixture
def practice(homeserver: Homeserver, server: Sekmet, tmp_path: Path) -> Iterator[RunningPractice]:
    home = tmp_path / "practice"
    home.mkdir()
    practice = RunningPractice(homeserver, home)
    configured = DESTINATION.format(url=server.url, mrn=MRN, key=server.key_file)
    practice.config_file.write_text(practice.config_file.read_text() + configured)
    try:
        practice.open_desk()
        practice.enrol_sam()
        yield practice
    finally:
        practice.close()


def test_killed_on_either_side_a_photo_is_there_once_and_re_filed_it_is_the_right_patients_alone(
    practice: RunningPractice, server: Sekmet, tmp_path: Path
) -> None:
    server.kill()
    path = tmp_path / "IMG_1_left_arm.jpg"
    path.write_bytes(small(7))
    sent = practice.sam.app.send_image(practice.sam.room, path, caption="itchy patch on my wrist")
    image = practice.image_of(sent)
    practice.kim.hears("“Harbour Street FHIR”, which gets copies of the record: it is not there", room=practice.team)
    practice.bot.kill()
    server.start()
    practice.bot.start()
    practice.sam.sees_redacted(sent)
    assert photos(server) == {"10421": [path.read_bytes()]}
    practice.kim.hears("“Harbour Street FHIR”, which gets copies of the record, works again", room=practice.team)
    assert len(practice.kim.heard("it is not there", room=practice.team)) == 1, "it was told before the bot was killed"
    assert "Sam Patel" in json.dumps(found(server, "DocumentReference"))
    practice.enrol('!enrol patient 10422 "Ann Other" 1990-01-02')
    mark = practice.kim.app.mark()
    practice.kim.says(f"!refile {image.ref} 10422 1990-01-02")
    taps(practice.kim, poll_of(practice.kim, "Sam Patel.*Ann Other", after=mark), "Move")
    until(lambda: photos(server) == {"10422": [path.read_bytes()]} or None, "it is Ann's there, and nobody else's")
    anns = [
        one for one in found(server, "DocumentReference") if one["subject"]["reference"] == record_of(server, "10422")
    ]
    assert anns and not any(mark in json.dumps(anns) for mark in ("Sam Patel", practice.sam.app.user_id, "itchy"))
    said = asks(practice.kim, f"!status {image.ref}", "Harbour Street FHIR")
    assert "in “Harbour Street FHIR”: verified (original)" in said
    orphans = {one["id"] for one in found(server, "Binary")} - {
        one["content"][0]["attachment"].get("url", "").rpartition("/")[2] for one in found(server, "DocumentReference")
    }
    assert orphans == set()
