"""What goes to a FHIR server is R4, as four validators judge that others wrote; each finds mistakes that another misses."""

from __future__ import annotations

import copy
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.domain.entries import EntryKind
from bot.domain.purposes import Purpose
from tests.bot_process import SOURCES
from tests.fhir_fake import Resource, only
from tests.fhir_sekmet import PYTHON
from tests.patience import PATIENCE

from .a_place import ANN
from .fhir_places import OURS, on_a_fake, patient
from .test_fhir_copies import GRANTED, SHOWN, WITHDRAWN, placed, words

# Runs in an environment of its own, and prints what is wrong with each resource; "" where nothing is.
_JUDGE = """\
import json, sys
import fhirkit
from fhir.resources.R4B import get_fhir_model_class
for resource in json.load(sys.stdin):
    issues = fhirkit.validate(json.dumps(resource))
    wrong = [str(issue) for issue in issues if "error" in str(getattr(issue, "severity", "error")).lower()]
    try:
        get_fhir_model_class(resource["resourceType"]).model_validate(resource)
    except Exception as error:
        wrong.append(str(error))
    print(json.dumps("; ".join(wrong)))
"""


_OF_NODE = ("node", "--no-warnings", "--experimental-websocket", str(SOURCES / "tests" / "medplum" / "judge.mjs"))


def judged(resources: list[Resource]) -> list[str]:
    """Return what any of them finds wrong with each resource; "" where none does."""
    found = [_said_by(command, resources) for command in ((str(PYTHON), "-I", "-c", _JUDGE), _OF_NODE)]
    return ["; ".join(filter(None, of_one)) for of_one in zip(*found, strict=True)]


def _said_by(command: tuple[str, ...], resources: list[Resource]) -> list[str]:
    told = json.dumps(resources)
    done = subprocess.run(command, input=told, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


async def everything(tmp_path: Path) -> list[Resource]:
    """Every kind of resource, in every state in which it is left."""
    async with on_a_fake(tmp_path, only(keeps_versions=True)) as at:
        moved = await placed(at, at.photo())
        await placed(at, at.photo(entry_id="i2"))
        verbal: dict[str, Any] = {"basis": "verbal", "by": "Mo", "capacity": "parent"}
        for number, facts in enumerate((GRANTED, WITHDRAWN, verbal)):
            await placed(at, words(at, EntryKind.CONSENT, f"c{number}", facts))
        for purpose in Purpose:
            await placed(at, words(at, EntryKind.DISCLOSURE, f"d-{purpose}", SHOWN | {"purpose": purpose.value}))
            asked = GRANTED | {"purpose": purpose.value, "use": f"u-{purpose}"}
            await placed(at, words(at, EntryKind.CONSENT, f"c-{purpose}", asked))
        for kind in (EntryKind.NOTE, EntryKind.REPLY, EntryKind.ANSWER, EntryKind.CORRECTION):
            await placed(at, words(at, kind, kind.value, {}))
        await at.copy().move(moved, at.photo(ANN))
        return [resource for kind in OURS for resource in at.fake.all(kind)] + [patient(ANN)]


async def test_everything_that_goes_there_is_valid(tmp_path: Path) -> None:
    resources = await everything(tmp_path)
    states = {(resource["resourceType"], resource.get("status")) for resource in resources}
    assert ("DocumentReference", "entered-in-error") in states and ("Consent", "inactive") in states
    assert [found for found in judged(resources) if found] == []


Spoils = Callable[[dict[str, Any]], object]
MISTAKES: list[tuple[str, str, Spoils]] = [
    ("no scope", "Consent", lambda consent: consent.pop("scope")),
    ("a key that there is not", "Consent", lambda consent: consent.update(foo=1)),
    ("month 13", "Consent", lambda consent: consent.update(dateTime="2026-13-01")),
    ("an empty text", "DocumentReference", lambda document: document.update(description="")),
    ("no attachment", "DocumentReference", lambda document: document["content"][0].pop("attachment")),
    ("nobody who did it", "AuditEvent", lambda event: event.pop("agent")),
    ("a state that there is not", "DocumentReference", lambda document: document.update(status="done")),
    ("a code that there is not", "Consent", lambda consent: consent["provision"].update(type="maybe")),
    ("no policy, and no rule for one", "Consent", lambda consent: consent.pop("policyRule")),
]


async def test_the_judges_find_mistakes(tmp_path: Path) -> None:
    """All nine, which none of them does alone."""
    resources, spoilt = await everything(tmp_path), []
    for _, kind, spoils in MISTAKES:
        spoilt.append(copy.deepcopy(next(one for one in resources if one["resourceType"] == kind)))
        spoils(spoilt[-1])
    found = judged(spoilt)
    assert {what: bool(wrong) for (what, _, _), wrong in zip(MISTAKES, found, strict=True)} == {
        what: True for what, _, _ in MISTAKES
    }
