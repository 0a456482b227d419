"""What mypy must refuse: a look-up by the id of something else, a name that stands in no list, a state that is none.

One file of wrong lines is checked, each of which says how it is refused. A line that mypy lets pass, or refuses for another
reason, fails the test, and so does a right one that it refuses.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

SOURCES = Path(__file__).resolve().parents[2]

WRONG = """
from dataclasses import replace
from datetime import timedelta

from bot.core.polls import ask
from bot.core.transaction import Transaction
from bot.domain import rooms
from bot.domain.image import Image
from bot.domain.identifiers import Account, ImageId
from bot.domain.intents import FileImage, Remind, Say
from bot.domain.people import Person
from bot.domain.planned import Progress
from bot.ports import AuditEntry, Commit


async def right(tx: Transaction, rows: Commit, image: Image, person: Person) -> None:
    await rows.images.get(image.id)
    await rows.people.get(image.sender_id)
    await tx.circle(image.patient_id)
    await tx.plan(FileImage(image.id))
    await tx.plan(Say(rooms.own(image.sender_id), "words"))
    await tx.remind("use-ends", "subject", timedelta(1))
    await ask(tx, person, "question", [], about="my-copy", subject="subject", lasts=timedelta(1))
    await tx.audit("bot", "action", "subject")
    await tx.audit(person.id, "action", "subject")
    await rows.waiting(Progress.HELD)
    replace(image, taken_by=person.id, reason_by="caption")


async def wrong(tx: Transaction, rows: Commit, image: Image, person: Person) -> None:
    await rows.images.get(image.sender_id)  # "PersonId"; expected "ImageId"
    await rows.people.get(image.id)  # "ImageId"; expected "PersonId"
    await rows.people.get("sam")  # "str"; expected "PersonId"
    await rows.uses_of(image.patient_id)  # "PatientId"; expected "ImageId"
    await tx.person(image.patient_id)  # "PatientId"; expected "PersonId"
    await tx.circle(image.sender_id)  # "PersonId"; expected "PatientId"
    await tx.holder(person.id)  # "PersonId"; expected "Account"
    await tx.plan(FileImage(image.event_id))  # "EventId"; expected "ImageId"
    await tx.plan(Say(image.room_id, "words"))  # "RoomId"; expected "Address"
    rooms.own(person.account)  # "Account"; expected "PersonId"
    replace(image, patient_id=image.sender_id)  # "PersonId"; expected "PatientId"
    replace(image, taken_by=Account("@lee:hs"))  # "Account"; expected "PersonId"
    replace(image, reason_by="captoin")  # "Literal['captoin']"
    ImageId(person)  # "Person"; expected "str"
    await tx.remind("use-end", "subject", timedelta(1))  # "Literal['use-end']"
    Remind("emoji-shwon", "subject")  # "Literal['emoji-shwon']"
    await ask(tx, person, "question", [], about="my-copies", subject="subject", lasts=timedelta(1))  # "Literal['my-copies']"
    await tx.audit("bto", "action", "subject")  # "Literal['bto']"
    AuditEntry(image.id, "action", "subject", {})  # "ImageId"; expected
    await rows.waiting("helt")  # "str"; expected "Progress"
"""


def test_mypy_refuses_the_id_of_something_else_and_a_name_that_there_is_not(tmp_path: Path) -> None:
    file = tmp_path / "wrong.py"
    file.write_text(WRONG, encoding="utf-8")
    cache = SOURCES / ".mypy_cache"
    options = (
        "--config-file",
        "pyproject.toml",
        "--cache-dir",
        str(cache),
        "--no-error-summary",
        "--hide-error-context",
    )
    said = subprocess.run(
        [sys.executable, "-m", "mypy", *options, str(file)], cwd=SOURCES, capture_output=True, text=True, check=False
    )
    refused = {
        int(found[1]): found[2] for found in re.finditer(r"wrong\.py:(\d+): error: (.*)", said.stdout, re.MULTILINE)
    }
    expected = {
        number: line.rpartition("  # ")[2] for number, line in enumerate(WRONG.splitlines(), 1) if "  # " in line
    }
    assert len(expected) == 20
    assert refused.keys() == expected.keys(), said.stdout + said.stderr
    assert {number: why for number, why in expected.items() if why not in refused[number]} == {}, said.stdout
