"""R6 and R14 as truth tables: who is heard at all, and what the record says of each image. And that every rule has its test."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.domain.entries import EntryKind
from bot.domain.identifiers import Account
from tests.cases import Shared, shared_practice, taps
from tests.practice import JPEG, Someone

TESTS = Path(__file__).parents[1]
RULES = [*(f"R{number}" for number in range(1, 28)), "R13a"]


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_test_named_after_it(rule: str) -> None:
    named = re.compile(rf"def test_{rule}_")
    assert any(named.search(file.read_text(encoding="utf-8")) for file in TESTS.rglob("test_*.py"))


# ---- R6: decided before anything is fetched


async def never_enrolled(shared: Shared) -> Someone:
    return Someone(shared.practice, Account("@eve:hs.test"), "EveIdentity", shared.sam.own_room)


async def a_colleague_in_a_patients_room(shared: Shared) -> Someone:
    return Someone(shared.practice, shared.derm.account, shared.derm.identity, shared.sam.own_room)


async def a_patient_in_the_practice_room(shared: Shared) -> Someone:
    return Someone(shared.practice, shared.sam.account, shared.sam.identity, await shared.practice.practice_room())


async def a_patient_who_has_left(shared: Shared) -> Someone:
    await shared.kim.writes("!patient-leaves 10421")
    await taps(shared.kim, "Leaves")
    return shared.sam


async def an_outside_clinician_who_has_left(shared: Shared) -> Someone:
    await shared.kim.writes("!leaves @derm:hs.test")
    return shared.derm


NOBODY_HERE = (
    never_enrolled,
    a_colleague_in_a_patients_room,
    a_patient_in_the_practice_room,
    a_patient_who_has_left,
    an_outside_clinician_who_has_left,
)


@pytest.mark.parametrize("who", NOBODY_HERE, ids=lambda one: one.__name__)
@pytest.mark.parametrize("what", ["photo", "words", "command"])
async def test_R6_of_somebody_unknown_nothing_is_fetched_kept_or_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, who: Any, what: str
) -> None:
    async with shared_practice(tmp_path) as shared:
        stranger, homeserver = await who(shared), shared.practice.homeserver
        fetched: list[Mapping[str, Any]] = []
        monkeypatch.setattr(homeserver, "fetch", lambda file, limit: fetched.append(file))
        before, images = await shared.practice.audited("stranger.refused"), len(await shared.practice.images())
        sent = stranger.photo(JPEG + b"a stranger's")
        if what == "photo":
            await shared.practice.receive(sent)
            await shared.practice.settle()
        else:
            await stranger.writes("!list" if what == "command" else "this is Sam's rash")
        assert "I kept nothing" in stranger.last_heard and "Sam" not in stranger.last_heard
        assert fetched == [] and len(await shared.practice.images()) == images
        assert await shared.practice.audited("stranger.refused") == before + 1
        if what == "photo":
            assert sent.content["file"]["url"] not in homeserver.media, "purged, unread"
            assert sent.event_id in homeserver.redacted


# ---- R14: purpose, consent, notes and origin, with every image used for care


async def from_a_patient(shared: Shared) -> None:
    await shared.sam.sends_photo(JPEG + b"2", caption="scald")


async def from_a_colleague(shared: Shared) -> None:
    await shared.lee.sends_photo(JPEG + b"2")
    await shared.lee.writes("body 10421 1984-03-07 by Nurse Chen verbal today scald")
    await taps(shared.lee, "File it")


async def from_outside(shared: Shared) -> None:
    await shared.derm.sends_photo(JPEG + b"2")
    await shared.derm.writes("body 10421 1984-03-07 mine verbal today scald")
    await taps(shared.derm, "File it")


async def a_document(shared: Shared) -> None:
    await shared.lee.sends_photo(JPEG + b"2")
    await shared.lee.writes("document 10421 1984-03-07 mine scald")
    await taps(shared.lee, "File it")


@pytest.mark.parametrize(
    ("sends", "by", "taken_by", "basis"),
    [
        (from_a_patient, "Sam Patel", "", "implied"),
        (from_a_colleague, "Dr Lee", "Nurse Chen", "verbal"),
        (from_outside, "Dr Derm", "Dr Derm", "verbal"),
        (a_document, "Dr Lee", "Dr Lee", None),
    ],
    ids=lambda one: getattr(one, "__name__", None),
)
async def test_R14_the_record_says_for_what_by_whose_leave_and_whence_each_image_is(
    tmp_path: Path, sends: Any, by: str, taken_by: str, basis: str | None
) -> None:
    async with shared_practice(tmp_path) as shared:
        await sends(shared)
        image = (await shared.practice.images())[-1]
        await shared.lee.writes(f"!note {image.ref} silver dressing")
        filed = [one for one in await shared.practice.record.entries(image.patient_id) if one.about == image.ref]
        entry = next(one for one in filed if one.kind is EntryKind.IMAGE)
        facts = entry.facts
        assert (facts["purpose"], facts["reason"]) == ("care", "scald")
        assert entry.by.startswith(by) and facts["sent_by"]["name"] == by
        assert facts["received_at"] == image.received_at.isoformat() and facts["proof"]["device_id"]
        assert facts.get("origin", {}).get("taken_by", "") == taken_by
        assert (facts["consent"] or {}).get("basis") == basis
        if basis:
            assert facts["consent"]["wording"] and facts["consent"]["wording_version"] and facts["consent"]["at"]
        assert any(one.kind is EntryKind.NOTE and one.text == "silver dressing" for one in filed)
