"""A photo that lay in a wrong record takes no words of that patient along, and the right one never reads whose (R29, R30)."""

from __future__ import annotations

from pathlib import Path

from bot.domain.entries import EntryKind
from storage.records.export import for_the_patient
from tests.cases import Shared, shared_practice, taps
from tests.colleagues import entries_of
from tests.practice import JPEG
from tests.unit.test_my_copy import files_sent, opened
from tests.unit.test_refiled_consent import NOOR, SAM, moved, with_noor

NOORS = "10422"


async def words(shared: Shared, kind: EntryKind, mrn: str) -> list[str]:
    return [entry.text or "" for entry in await entries_of(shared.practice, kind, mrn)]


async def test_R29_a_patients_words_are_not_moved_under_somebody_they_do_not_speak_for(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await with_noor(shared)
        await shared.sam.writes("zebra itches more")
        await moved(shared, shared.image)
        assert await words(shared, EntryKind.ANSWER, NOORS) == []
        assert await words(shared, EntryKind.ANSWER, "10421") == ["zebra itches more"]
        await moved(shared, shared.image, SAM)
        assert await words(shared, EntryKind.ANSWER, "10421") == ["zebra itches more"]


async def test_R29_what_somebody_was_answered_stays_with_them_and_a_note_goes_with_the_photo(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        noor = await with_noor(shared)
        await moved(shared, shared.image)
        await shared.lee.writes(f"!reply {shared.image.ref} use the cream")
        await taps(shared.lee, "Noor")
        await shared.lee.writes(f"!note {shared.image.ref} eczema")
        assert any("use the cream" in line for line in noor.heard)
        await moved(shared, shared.image, SAM)
        assert await words(shared, EntryKind.REPLY, NOORS) == ["use the cream"]
        assert await words(shared, EntryKind.REPLY, "10421") == []
        assert await words(shared, EntryKind.NOTE, "10421") == ["eczema"]
        assert "Noor" not in repr(await shared.practice.record.entries((await shared.now()).patient_id))


async def test_words_of_who_speaks_for_both_go_along(tmp_path: Path) -> None:
    """Sam's photo of his child was filed as his own."""
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes('!enrol patient 10423 "Mia Patel" 2015-05-02 parent "Sam Patel"')
        await shared.sam.enrol(shared.practice.last_code(shared.kim.own_room))
        await shared.sam.writes("zebra itches more")
        await shared.lee.writes(f"!reply {shared.image.ref} use the cream")
        await moved(shared, shared.image, "10423 2015-05-02")
        assert await words(shared, EntryKind.ANSWER, "10423") == ["zebra itches more"]
        assert await words(shared, EntryKind.REPLY, "10423") == ["use the cream"]


async def test_R30_the_list_of_the_right_patient_names_nobody_it_lay_under(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        noor = await with_noor(shared)
        await shared.taught()
        await shared.sam.writes("my copy")
        await moved(shared, shared.image)
        await noor.writes("my images")
        told = noor.last_heard
        assert shared.image.ref in told and "Sam" not in told
        assert "Shown to Dr Derm for education, while it lay in a wrong record." in told
        assert "Somebody else got a copy." in told
        await moved(shared, shared.image, SAM)
        await shared.sam.writes("my images")
        assert "you said yes" in shared.sam.last_heard and "as you agreed" in shared.sam.last_heard


async def test_R30_their_copy_names_nobody_it_lay_under_and_back_it_names_its_sender_again(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        noor = await with_noor(shared)
        await moved(shared, shared.image)
        await noor.writes("my copy")
        archive = opened(shared, files_sent(shared, noor.own_room)[-1])
        read = {name: archive.read(name) for name in archive.namelist()}
        assert JPEG not in read.values() and read[f"{shared.image.ref}.jpg"].startswith(b"clean copy"), (
            "nor where Sam lives"
        )
        assert not any(mark in data for data in read.values() for mark in (b"Sam Patel", b"@sam:", b"SamIdentity"))
        await moved(shared, shared.image, SAM)
        await shared.sam.writes("my copy")
        archive = opened(shared, files_sent(shared, shared.sam.own_room)[-1])
        assert b"Sam Patel" in archive.read(f"{shared.image.ref}-consent.json")


async def test_R30_a_copy_made_at_the_computer_names_nobody_it_lay_under(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await with_noor(shared)
        await moved(shared, shared.image)
        async with shared.practice.journal.reading() as rows:
            noor = await rows.patients.get((await rows.images.get(shared.image.id)).patient_id)
        entries = await shared.practice.record.entries(noor.id)
        assert "Sam Patel" in repr(entries), "the record keeps who sent it"
        assert "Sam Patel" not in repr(for_the_patient(noor.identity, entries))


async def test_R5_a_colleagues_name_stays_on_what_they_sent(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        noor = await with_noor(shared)
        await shared.lee.sends_photo(JPEG + b"2", caption="body 10421 1984-03-07 mine verbal today advice")
        await taps(shared.lee, "File it")
        image = (await shared.practice.images())[-1]
        await moved(shared, image, NOOR)
        await noor.writes("my copy")
        archive = opened(shared, files_sent(shared, noor.own_room)[-1])
        assert b"Dr Lee" in archive.read("record.json") and b"Sam Patel" not in archive.read("record.json")
