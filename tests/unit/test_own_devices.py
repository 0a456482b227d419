"""Clinicians' own devices: is the photo deleted there (R18), and is the device safe (R21)?"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.entries import EntryKind
from tests.cases import pictures_in, polls_in, taps
from tests.colleagues import FILE, LINE, asked, audited, entries_of, image_of, said, with_derm, with_device_checks
from tests.practice import JPEG, Practice, Someone


async def what_was_said(practice: Practice) -> dict[str, str]:
    """The one line of a receipt about a device of the sender's."""
    lines = [line for entry in await entries_of(practice, EntryKind.RECEIPT) for line in entry.facts["copies"]]
    (said_line,) = [line for line in lines if "device" in line["what"]]
    return dict(said_line)


@pytest.mark.parametrize(
    ("label", "fate"),
    [("Deleted everywhere", "said to be deleted"), ("It was not my own device", "not to be the sender's own device")],
)
async def test_R18_the_answer_stands_in_the_receipt_as_said_not_seen(tmp_path: Path, label: str, fate: str) -> None:
    async with with_derm(tmp_path) as (practice, people, _):
        await people.lee.sends_photo(caption=LINE)
        await taps(people.lee, FILE)
        assert "recently deleted" in asked(people.lee) and "cloud backup" in asked(people.lee)
        await taps(people.lee, label)
        line = await what_was_said(practice)
        assert fate in line["state"] and "Dr Lee" in line["what"] and "can't be seen" in line["detail"]
        await practice.after(days=3)
        assert said(practice, people.lee.own_room, "from your device now") == 1


async def test_R18_not_yet_is_asked_once_more_the_next_day(tmp_path: Path) -> None:
    async with with_derm(tmp_path) as (practice, people, _):
        await people.lee.sends_photo(caption=LINE)
        await taps(people.lee, FILE)
        await taps(people.lee, "Not yet")
        await practice.after(days=1)
        assert said(practice, people.lee.own_room, "from your device now") == 2
        await taps(people.lee, "Deleted everywhere")
        assert await audited(practice, "own-device.deleted") == 1
        await practice.after(days=3)
        assert said(practice, people.lee.own_room, "from your device now") == 2


@pytest.mark.parametrize(("answer", "fate"), [("Not yet", "not deleted when last asked"), ("", "did not say")])
async def test_R18_asked_twice_and_then_recorded_as_it_is(tmp_path: Path, answer: str, fate: str) -> None:
    async with with_derm(tmp_path) as (practice, people, _):
        await people.lee.sends_photo(caption=LINE)
        await taps(people.lee, FILE)
        for _day in range(3):
            if answer and _day < 2:
                await taps(people.lee, answer)
            await practice.after(days=1)
        assert fate in (await what_was_said(practice))["state"]
        assert said(practice, people.lee.own_room, "from your device now") == 2


async def test_R18_outside_clinicians_are_asked_too_and_patients_never(tmp_path: Path) -> None:
    async with with_derm(tmp_path) as (practice, people, derm):
        await derm.sends_photo(caption=LINE)
        await taps(derm, FILE)
        assert said(practice, derm.own_room, "from your device now") == 1
        await people.sam.sends_photo(JPEG + b"sam", caption="rash")
        assert said(practice, people.sam.own_room, "your device") == 0


async def test_R21_asked_at_enrolment_and_it_blocks_nobody_on_the_first_day(tmp_path: Path) -> None:
    async with with_device_checks(tmp_path) as (practice, people, derm):
        for clinician in (people.lee, derm):
            (poll,) = polls_in(practice, clinician.own_room)
            assert "wiped from afar" in poll["question"]["body"]
        assert not polls_in(practice, people.kim.own_room) and not polls_in(practice, people.sam.own_room)
        await people.lee.sends_photo(caption=LINE)
        await taps(people.lee, FILE)
        assert (await image_of(practice)).in_record


async def test_R21_overdue_no_image_comes_or_goes_until_one_tap(tmp_path: Path) -> None:
    async with with_device_checks(tmp_path) as (practice, people, _):
        await people.sam.sends_photo(caption="rash")
        ref = (await practice.only_image()).ref
        await practice.after(days=15)
        photo = await people.lee.sends_photo(JPEG + b"lee")
        assert len(await practice.images()) == 1 and photo.event_id in practice.homeserver.redacted
        assert said(practice, people.lee.own_room, "device check is overdue") == 1
        for command in (f"!show {ref}", f"!forward {ref} @derm:hs.test melanoma?"):
            await people.lee.writes(command)
        assert not pictures_in(practice, people.lee.own_room)
        async with practice.journal.reading() as rows:
            assert not await rows.disclosures.find() and not await rows.uses.find()
        assert "wiped from afar" in asked(people.lee), "the poll is right there"
        await taps(people.lee, "All four")
        await people.lee.writes(f"!show {ref}")
        assert len(pictures_in(practice, people.lee.own_room)) == 1


async def test_R21_an_overdue_colleague_is_forwarded_nothing(tmp_path: Path) -> None:
    async with with_device_checks(tmp_path) as (practice, people, derm):
        await people.sam.sends_photo(caption="rash")
        ref = (await practice.only_image()).ref
        await taps(people.lee, "All four")
        await practice.after(days=15)
        await people.lee.writes(f"!forward {ref} @derm:hs.test melanoma?")
        assert "device check is overdue" in people.lee.last_heard
        await does_the_check(derm)
        await people.lee.writes(f"!forward {ref} @derm:hs.test melanoma?")
        await taps(people.lee, "Yes")
        async with practice.journal.reading() as rows:
            assert len(await rows.disclosures.find(how="forwarded")) == 1


async def does_the_check(clinician: Someone) -> None:
    await clinician.writes("!device")
    await taps(clinician, "All four")


async def test_R21_it_comes_again_after_six_months_and_reminds_before_it_blocks(tmp_path: Path) -> None:
    async with with_device_checks(tmp_path) as (practice, people, _):
        await taps(people.lee, "All four")
        assert said(practice, people.lee.own_room, "again in 6 months") == 1
        await practice.after(days=170)
        assert len(polls_in(practice, people.lee.own_room)) == 1
        await practice.after(days=12)
        assert len(polls_in(practice, people.lee.own_room)) == 2
        await practice.after(days=7)
        assert len(polls_in(practice, people.lee.own_room)) == 3
        await practice.after(days=60)
        assert len(polls_in(practice, people.lee.own_room)) == 3, "and then it is silent until it is needed"


async def test_R21_not_all_of_them_is_no_attestation(tmp_path: Path) -> None:
    async with with_device_checks(tmp_path) as (practice, people, _):
        await taps(people.lee, "Not all")
        assert "From 7 Dec 2026" in people.lee.last_heard
        await practice.after(days=15)
        await people.lee.sends_photo()
        assert not await practice.images()


async def test_R21_a_practice_may_switch_it_off(tmp_path: Path) -> None:
    async with with_derm(tmp_path) as (practice, people, _):
        practice.clock.move(timedelta(days=400))
        await people.lee.sends_photo(caption=LINE.replace("today", "2027-12-20"))
        assert len(await practice.images()) == 1
        await people.lee.writes("!device")
        assert "no device check" in people.lee.last_heard
