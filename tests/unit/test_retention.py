"""At the end of retention (R23): what is due is listed, a manager decides, and then nothing of it is left anywhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from bot.domain.image import State
from storage.records.record_tables import entries
from tests.cases import Shared, shared_practice, taps
from tests.pages import decrypted

YEARS = timedelta(days=7 * 366)
MARKERS = ("zebra-reason", "zebra-note", "zebra-reply", "zebra-answer")


async def lived(shared: Shared) -> None:
    """Everything people may say about an image."""
    ref = shared.image.ref
    await shared.sam.writes(f"correct {ref} zebra-reason")
    await shared.lee.writes(f"!mine {ref}")
    await shared.lee.writes(f"!note {ref} zebra-note")
    await shared.lee.writes(f"!reply {ref} zebra-reply")
    await shared.sam.writes("zebra-answer")
    await shared.practice.after(hours=26)


async def destroyed(shared: Shared) -> None:
    await shared.kim.writes(f"!destroy {shared.image.ref}")
    await taps(shared.kim, "Destroy")


async def wrapped_key(shared: Shared) -> bytes:
    async with shared.practice.database.reading() as connection:
        rows = await connection.execute(select(entries.c.wrapped_key).where(entries.c.entry_id == shared.image.id))
        return str(rows.scalar_one()).encode()


async def test_nothing_is_due_before_its_time_and_what_is_due_is_named(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes("!due")
        assert shared.kim.last_heard.startswith("Nothing is due")
        await shared.kim.writes(f"!destroy {shared.image.ref}")
        assert "must be kept until" in shared.kim.last_heard
        await shared.practice.after(days=YEARS.days)
        await shared.kim.writes("!due")
        assert f"{shared.image.ref} of" in shared.kim.last_heard and "Sam Patel, MRN 10421" in shared.kim.last_heard


async def test_no_key_and_no_word_of_it_is_left_in_any_file(tmp_path: Path) -> None:
    """Looked at page by page, decrypted, with the log and the pages no table uses: what is overwritten is gone."""
    async with shared_practice(tmp_path) as shared:
        practice, path = shared.practice, tmp_path / "journal.db"
        await lived(shared)
        key = await wrapped_key(shared)
        before = decrypted(path, practice.keys.database)
        assert key in before and all(marker.encode() in before for marker in MARKERS)
        blob = next((tmp_path / "objects").rglob(shared.image.id))
        await practice.after(days=YEARS.days)
        await destroyed(shared)
        await practice.after(hours=26)
        after = decrypted(path, practice.keys.database)
        assert not blob.exists()
        left = [word for word in (key, shared.image.sha256.encode(), *map(str.encode, MARKERS)) if word in after]
        assert left == []
        image = await shared.now()
        assert (image.state, image.reason, image.proof, image.sha256) == (State.DESTROYED, "", {}, "")
        assert await practice.audit_is_whole()
        assert [one.entry_id for one in await practice.record.entries(image.patient_id)] == []


async def test_the_register_says_what_whose_when_by_whom_and_on_which_basis_and_nothing_clinical(
    tmp_path: Path,
) -> None:
    async with shared_practice(tmp_path) as shared:
        await lived(shared)
        await shared.practice.after(days=YEARS.days)
        await destroyed(shared)
        async with shared.practice.journal.reading() as rows:
            (line,) = await rows.destructions.find()
        assert (line.ref, line.what, line.mrn, line.decided_by) == (shared.image.ref, "photo", "10421", "Kim")
        assert "Retention ended on" in line.basis and line.done_at is not None
        assert "zebra" not in repr(line) and "rash" not in repr(line)
        assert "is destroyed" in shared.kim.last_heard and "Backups" in shared.kim.last_heard


async def test_a_no_destroys_nothing_and_an_answer_is_judged_anew(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.practice.after(days=YEARS.days)
        await shared.kim.writes(f"!destroy {shared.image.ref}")
        await taps(shared.kim, "No")
        assert (await shared.now()).state is State.VERIFIED
        await shared.kim.writes(f"!destroy {shared.image.ref}")
        await shared.kim.writes(f"!legal-hold {shared.image.ref} subpoena 12/2026")
        await taps(shared.kim, "Destroy")
        assert "under a legal hold: subpoena 12/2026" in shared.kim.last_heard
        assert (await shared.now()).state is State.VERIFIED


async def test_a_legal_hold_on_the_patient_keeps_all_of_it_until_it_is_released(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.practice.after(days=YEARS.days)
        await shared.kim.writes("!legal-hold 10421 complaint to the commission")
        await shared.kim.writes("!due")
        assert "legal hold: complaint to the commission" in shared.kim.last_heard
        await shared.kim.writes(f"!destroy {shared.image.ref}")
        assert "under a legal hold" in shared.kim.last_heard
        await shared.kim.writes(f"!release-hold {shared.image.ref}")
        assert "no legal hold on IMG" in shared.kim.last_heard  # it is on the patient, not on the image
        await shared.kim.writes("!release-hold 10421")
        await destroyed(shared)
        assert (await shared.now()).state is State.DESTROYED


async def test_what_is_stopped_held_shared_or_of_a_breach_is_refused(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ref = shared.image.ref
        await shared.forwarded()
        await shared.practice.after(days=YEARS.days)
        await shared.kim.writes(f"!destroy {ref}")
        assert "still asked for or shared" in shared.kim.last_heard
        await shared.sam.writes(f"withdraw {ref}")
        await shared.practice.after(hours=26)
        assert (await shared.now()).stopped
        await shared.practice.after(days=YEARS.days)
        await shared.kim.writes(f"!destroy {ref}")
        assert "stopped every use" in shared.kim.last_heard
        await shared.kim.writes(f"!destroy {ref} though stopped")
        await taps(shared.kim, "Destroy")
        assert (await shared.now()).state is State.DESTROYED


async def test_only_a_manager_in_their_own_room_decides(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        for words in ("!due", f"!destroy {shared.image.ref}", f"!legal-hold {shared.image.ref} why"):
            await shared.lee.writes(words)
            assert "Only a manager can do that" in shared.lee.last_heard
            await shared.kim.writes(words, room=await shared.practice.practice_room())
            assert "your own chat" in shared.practice.seen_in(await shared.practice.practice_room())[-1]


async def test_the_record_itself_refuses_to_lose_what_the_register_does_not_name(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        with pytest.raises(Exception, match="not-in-register"):
            await shared.practice.record.destroy([shared.image.id])
        assert await shared.practice.record.read_back(shared.image.id) == shared.image.sha256
        with pytest.raises(IntegrityError):
            async with shared.practice.database.transaction() as connection:
                await connection.execute(entries.delete())


async def test_afterwards_nobody_can_do_anything_with_it(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ref = shared.image.ref
        await shared.practice.after(days=YEARS.days)
        await destroyed(shared)
        for person, words in (
            (shared.lee, f"!show {ref}"),
            (shared.lee, f"!note {ref} words"),
            (shared.kim, f"!destroy {ref}"),
        ):
            await person.writes(words)
            assert "rash" not in person.last_heard and ref in person.last_heard
        await shared.sam.writes("my images")
        assert "rash" not in shared.sam.last_heard
        async with shared.practice.journal.reading() as rows:
            assert not [one for one in await rows.documents.find(image_id=shared.image.id) if one.text]
        assert replace(await shared.now(), version=0).sealed is None


async def test_what_is_filed_about_a_patient_and_no_image_goes_by_record_number_when_its_time_is_over(
    tmp_path: Path,
) -> None:
    """That somebody left is a note of no image: it was kept for ever, whoever decided what."""
    async with shared_practice(tmp_path) as shared:
        practice, kim, patient_id = shared.practice, shared.kim, shared.image.patient_id
        await kim.writes("!destroy 10421")
        assert "belongs to no photo" in kim.last_heard
        await kim.writes("!patient-leaves 10421")
        await taps(kim, "Leaves")
        await kim.writes("!destroy 10421")
        assert "must be kept until" in kim.last_heard
        await practice.after(days=YEARS.days)
        await kim.writes("!due")
        assert "MRN 10421 · Sam Patel · 1 note that belong" in kim.last_heard
        await kim.writes("!legal-hold 10421 complaint")
        await kim.writes("!destroy 10421")
        assert "under a legal hold" in kim.last_heard
        await kim.writes("!release-hold 10421")
        await kim.writes("!destroy 10421")
        await taps(kim, "No")
        assert "stay" in kim.last_heard
        await destroyed(shared)
        await kim.writes("!destroy 10421")
        assert "born 7 March 1984" in practice.posts_in(kim.own_room)[-1].body
        await taps(kim, "Destroy")
        assert "are destroyed" in kim.last_heard
        assert await practice.record.entries(patient_id) == []
        async with practice.journal.reading() as rows:
            lines = await rows.destructions.find()
        assert sorted((one.what, one.mrn, one.done_at is not None) for one in lines) == [
            ("note", "10421", True),
            ("photo", "10421", True),
        ]
        await kim.writes("!due")
        assert kim.last_heard.startswith("Nothing is due")
        assert await practice.audit_is_whole()
