"""What leaves of a photo that lay in a wrong record: it neither names whose that was nor says their words (R15, R29, R30)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.identifiers import PatientId
from storage.records.export import export_patient
from tests.cases import taps
from tests.practice import JPEG
from tests.unit.test_destinations import SHARE, Shared, sharing

NAMES_SAM = (b"Sam Patel", b"@sam", b"10421")
CAPTION = "rash on the arm of Tia Quill, red" + ", and still red the next morning" * 20


async def refiled(shared: Shared) -> PatientId:
    """The only photo was Sam's and is moved to Ann, who has no account; return her id."""
    practice, kim = shared.people.practice, shared.people.kim
    image = await practice.only_image()
    async with practice.journal.transaction() as rows:
        sam = await rows.patients.get(image.patient_id)
        ann = replace(sam, id=PatientId("ann"), mrn="20771", name="Ann Other")
        await rows.patients.add(ann)
    await kim.writes(f"!refile {image.ref} {ann.mrn} {ann.born.isoformat()}")
    await taps(kim, "Move")
    await shared.turns(minutes=5)
    return ann.id


def under(shared: Shared, mrn: str) -> bytes:
    """All that lies in the share under this record number."""
    lying = [files for folder, files in shared.dropped().items() if folder.startswith(f"{mrn}_")]
    return b"\n".join(content for files in lying for content in files.values())


@pytest.mark.parametrize("staff_only", [False, True])
async def test_R30_the_copy_under_the_right_patient_names_nobody_in_whose_record_it_lay(
    tmp_path: Path, staff_only: bool
) -> None:
    """Also where the right patient has no account, so that nobody hears of them."""
    async with sharing(tmp_path, replace(SHARE, staff_only=staff_only)) as shared:
        await shared.people.sam.sends_photo(JPEG, "rash on my arm")
        await shared.watch.look()
        assert all(mark in under(shared, "10421") for mark in (b"Sam Patel", b"@sam", b"rash on my arm", b"implied"))
        ann = await refiled(shared)
        told = under(shared, "20771")
        assert b"Ann Other" in told and b"clean copy" in told
        assert not any(mark in told for mark in (*NAMES_SAM, b"rash on my arm", b"implied"))
        image = await shared.people.practice.only_image()
        assert image.patient_id == ann


@pytest.mark.parametrize("staff_only", [False, True])
async def test_R29_a_long_caption_of_somebody_else_stays_in_our_own_record(tmp_path: Path, staff_only: bool) -> None:
    async with sharing(tmp_path, replace(SHARE, staff_only=staff_only)) as shared:
        await shared.people.sam.sends_photo(JPEG, CAPTION)
        await shared.turns(minutes=1)
        assert CAPTION.encode() in under(shared, "10421")
        ann = await refiled(shared)
        assert b"Tia Quill" not in under(shared, "20771")
        practice = shared.people.practice
        filed = [entry for entry in await practice.record.entries(ann) if entry.text and "Tia Quill" in entry.text]
        assert len(filed) == 1, "the record has it"
        withheld = await shared.delivery(filed[0].entry_id)
        assert withheld.is_withheld and await shared.told("can't be copied") == 0, "nothing is wrong"
        await export_patient(practice.record, "20771", tmp_path / "export")
        assert not any(b"Tia Quill" in path.read_bytes() for path in (tmp_path / "export").iterdir())


async def test_R15_the_trace_of_a_move_names_the_other_patient_by_nothing_at_all(tmp_path: Path) -> None:
    """In the record each trace holds the other patient's opaque id; no copy does."""
    async with sharing(tmp_path, replace(SHARE, staff_only=True)) as shared:
        await shared.people.sam.sends_photo(JPEG, "rash on my arm")
        await shared.watch.look()
        sam = (await shared.people.practice.only_image()).patient_id
        ann = await refiled(shared)
        assert b'"moved": "away"' in under(shared, "10421") and b'"moved": "here"' in under(shared, "20771")
        assert f'"{ann}"'.encode() not in under(shared, "10421")
        assert f'"{sam}"'.encode() not in under(shared, "20771")


async def test_R30_back_where_it_was_sent_for_its_copy_names_its_sender_again(tmp_path: Path) -> None:
    async with sharing(tmp_path) as shared:
        await shared.people.sam.sends_photo(JPEG, "rash on my arm")
        await shared.watch.look()
        before = shared.photos()
        await refiled(shared)
        image = await shared.people.practice.only_image()
        await shared.people.kim.writes(f"!refile {image.ref} 10421 1984-03-07")
        await taps(shared.people.kim, "Move")
        await shared.turns(minutes=5)
        assert shared.photos() == before
        assert all(mark in under(shared, "10421") for mark in (b"Sam Patel", b"@sam", b"rash on my arm"))
