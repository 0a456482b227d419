"""`consentry destinations` and the doctor: what a person sees of further copies, and what they can do about them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.commands import app
from bot.commands.terminal import reporting
from bot.config import load
from bot.domain.assurance import Assurance, CopyForm, Level
from bot.domain.delivery import Delivery
from bot.domain.delivery_events import Declined, NotPlaced, Placed, TriedAnew, delivery_after
from bot.domain.delivery_reasons import ALONE, MOVING, NO_PLACE, NO_SUCH_PATIENT
from bot.domain.entries import Entry, EntryKind
from bot.operate.doctor.check_copies import further_copies
from bot.operate.kept import opened
from storage.records import embedded
from storage.records.embedded import EmbeddedRecord
from tests.unit.test_backup import AT, SAM, Practice


@dataclass
class Seat:
    """Somebody at the computer, and the practice they look at."""

    practice: Practice
    share: Path
    capsys: pytest.CaptureFixture[str]

    def types(self, *words: str) -> tuple[int, str]:
        self.capsys.readouterr()
        code = reporting(lambda: app([*words, "--config", str(self.practice.file)]))
        said = self.capsys.readouterr()
        return code, said.out + said.err

    async def change(self, entry_id: str, *events: object) -> None:
        async with opened(self.practice.config) as kept, kept.journal.transaction() as rows:
            delivery = await rows.deliveries.to("Practice software", entry_id)
            assert delivery is not None
            for event in events:
                delivery = delivery_after(delivery, event)  # type: ignore[arg-type]
            await rows.deliveries.save(delivery)

    async def becomes(self, delivery: Delivery) -> None:
        async with opened(self.practice.config) as kept, kept.journal.transaction() as rows:
            await rows.deliveries.save(delivery)

    async def delivery(self, entry_id: str) -> Delivery | None:
        async with opened(self.practice.config, read_only=True) as kept, kept.journal.reading() as rows:
            return await rows.deliveries.to("Practice software", entry_id)

    async def doctor(self) -> list[tuple[bool | None, bool, str]]:
        async with opened(self.practice.config, read_only=True) as kept:
            return [
                (found.ok, found.risky, f"{found.name}: {found.what}")
                async for found in further_copies(self.practice.config, kept)
            ]


@pytest.fixture
def seat(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Seat:
    """Two notes were filed before there was a share, and one after."""
    monkeypatch.setattr("bot.commands.terminal.console.width", 200)
    practice, share = Practice(tmp_path / "practice"), tmp_path / "share"

    async def file(*entry_ids: str) -> None:
        async with opened(practice.config) as kept:
            for entry_id in entry_ids:
                note = Entry(entry_id, EntryKind.NOTE, SAM, "IMG-7F3K", AT, "Dr Lee", {}, text="eczema")
                await kept.record.file(note)

    asyncio.run(file("before", "earlier"))
    share.mkdir()
    more = f'\n[[destinations]]\nname = "Practice software"\nkind = "folder"\ndirectory = "{share}"\n'
    practice.file.write_text(practice.file.read_text() + more)
    practice.config = load(practice.file)
    asyncio.run(file("after"))
    return Seat(practice, share, capsys)


LIES_THERE = Placed(AT, SAM.patient_id, CopyForm.CLEAN, {"id": "1", "entry": "after"}, "d", Assurance(Level.TAKEN))


def test_the_list_says_what_each_place_gets_and_has_on_the_one_scale(seat: Seat) -> None:
    """R35."""
    code, said = seat.types("destinations", "list")
    assert code == 0 and "Practice software" in said and "clean copy" in said and "1 waiting" in said
    asyncio.run(seat.change("after", LIES_THERE))
    assert (
        "1 taken (clean copy; who took it, and where it was filed, can't be asked)"
        in seat.types("destinations", "list")[1]
    )


def test_a_new_place_gets_what_was_filed_before_only_when_somebody_asks(seat: Seat) -> None:
    assert asyncio.run(seat.delivery("before")) is None
    assert "2 more wait for it" in seat.types("destinations", "fill", "practice SOFTWARE")[1]
    assert asyncio.run(seat.delivery("before")) is not None
    assert "0 more wait for it" in seat.types("destinations", "fill", "Practice software")[1]


def test_what_was_refused_is_named_and_tried_again_and_what_was_taken_is_not(seat: Seat) -> None:
    seat.types("destinations", "fill", "Practice software")
    asyncio.run(seat.change("before", Declined(AT, SAM.patient_id, "not-viewable")))
    asyncio.run(seat.change("after", LIES_THERE))
    said = seat.types("destinations", "list")[1]
    assert "IMG-7F3K note: no copy without the file's own details can be made of it" in said
    assert "eczema" not in said and "Sam" not in said
    asyncio.run(seat.change("before", TriedAnew(AT)))
    asyncio.run(seat.change("before", Declined(AT, SAM.patient_id, NO_SUCH_PATIENT)))
    assert f"IMG-7F3K note of patient {SAM.mrn}: no patient with that" in seat.types("destinations", "list")[1]
    seat.types("destinations", "retry")
    tried, taken = asyncio.run(seat.delivery("before")), asyncio.run(seat.delivery("after"))
    assert tried is not None and (tried.state, tried.due is None) == (Level.WAITING, False)
    assert taken is not None and (taken.state, taken.due) == (Level.TAKEN, None)


def test_what_lacks_its_entry_for_programs_is_named_and_tried_again(seat: Seat) -> None:
    """The place shows the document, and would not have what belongs beside it."""
    alone = Assurance(Level.VERIFIED, ALONE)
    asyncio.run(seat.change("after", replace(LIES_THERE, shown=alone)))
    said = seat.types("destinations", "list")[1]
    assert "1 verified (clean copy; what programs read beside it was not accepted there)" in said
    assert "! IMG-7F3K note: what programs read beside it was not accepted there" in said
    (found,) = asyncio.run(seat.doctor())
    assert found[0] is False and "1 verified" in found[2]
    assert "1 are tried again" in seat.types("destinations", "retry")[1]
    again = asyncio.run(seat.delivery("after"))
    assert again is not None and (again.state, again.why, again.due is None) == (Level.UNKNOWN, ALONE, False)


def test_a_trial_leaves_nothing_and_says_what_is_wrong(seat: Seat) -> None:
    code, said = seat.types("destinations", "try", "Practice software")
    assert code == 0 and "It works" in said and list(seat.share.iterdir()) == []
    seat.share.rmdir()
    code, said = seat.types("destinations", "try", "Practice software")
    assert code == 1 and "it does not work: the place is not there" in said
    code, said = seat.types("destinations", "try", "Elsewhere")
    assert code == 1 and "no destination of that name; the configuration has: “Practice software”" in said


def test_the_doctor_says_of_each_place_whether_it_is_there_and_marks_what_can_not_be_asked(seat: Seat) -> None:
    (found,) = asyncio.run(seat.doctor())
    assert found[:2] == (None, True) and "1 waiting" in found[2] and "NOT SEALED" in found[2]
    seat.share.rename(seat.share.with_name("unplugged"))
    (found,) = asyncio.run(seat.doctor())
    assert found[:2] == (False, False) and "it is not there" in found[2]
    seat.share.with_name("unplugged").rename(seat.share)
    for mode in (0o755, 0o750):
        seat.share.chmod(mode)
        (found,) = asyncio.run(seat.doctor())
        assert ("ANYBODY on this machine may open it" in found[2]) == (mode == 0o755)
    asyncio.run(seat.change("after", LIES_THERE))
    (found,) = asyncio.run(seat.doctor())
    assert found[:2] == (False, False) and "it is not there" in found[2], "it was in use, and is empty now"
    (seat.share / ".consentry").mkdir()
    (seat.share / ".consentry" / "in-use").touch()
    (found,) = asyncio.run(seat.doctor())
    assert found[:2] == (None, True) and "1 taken" in found[2]
    seat.types("destinations", "fill", "Practice software")
    asyncio.run(seat.change("before", Declined(AT, SAM.patient_id, "not-viewable")))
    (found,) = asyncio.run(seat.doctor())
    assert found[:2] == (False, False) and "1 refused" in found[2]


@pytest.mark.parametrize("why", ["", MOVING])
def test_the_doctor_is_not_content_with_a_place_that_answers_and_takes_nothing(seat: Seat, why: str) -> None:
    """What only waits for its turn is fine. What failed is not, whatever it is that waits."""
    planned = asyncio.run(seat.delivery("after"))
    assert planned is not None
    asyncio.run(seat.becomes(replace(planned, why=why)))
    assert [ok for ok, *_ in asyncio.run(seat.doctor())] == [None]
    asyncio.run(seat.change("after", NotPlaced(AT, "unwell")))
    ((ok, risky, said),) = asyncio.run(seat.doctor())
    assert (ok, risky) == (False, False) and "1 waiting" in said and "the last try failed" in said


def test_the_doctor_says_what_lies_in_a_place_that_is_no_longer_configured(seat: Seat) -> None:
    asyncio.run(seat.change("after", LIES_THERE))
    settled = seat.practice.file.read_text()
    for why, is_right in (("", None), (MOVING, False), (NO_PLACE, False)):
        seat.practice.file.write_text(settled)
        seat.practice.config = load(seat.practice.file)
        known = asyncio.run(seat.delivery("after"))
        assert known is not None
        if why:
            asyncio.run(seat.becomes(replace(known, state=Level.UNKNOWN, why=why)))
        seat.practice.file.write_text(settled.replace("Practice software", "Another name"))
        seat.practice.config = load(seat.practice.file)
        found = {name.partition(":")[0]: (ok, name) for ok, _, name in asyncio.run(seat.doctor())}
        ok, said = found["Practice software"]
        assert ok is is_right and "no longer configured" in said


def test_filling_goes_on_over_what_does_not_go_there_until_the_end(seat: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large record is gone through so many at a time: nobody else could write meanwhile."""
    monkeypatch.setattr(embedded, "FILLED_AT_ONCE", 2)

    async def more() -> None:
        async with opened(seat.practice.config) as kept:
            before = EmbeddedRecord(kept.database, kept.vault)  # as there was no share
            for number, kind in enumerate((EntryKind.RECEIPT, EntryKind.RECEIPT, EntryKind.NOTE, EntryKind.RECEIPT)):
                await before.file(Entry(f"m{number}", kind, SAM, "IMG-7F3K", AT, "Dr Lee", {}, text="x"))

    asyncio.run(more())
    assert "3 more wait for it" in seat.types("destinations", "fill", "Practice software")[1]
    assert asyncio.run(seat.delivery("m2")) is not None and asyncio.run(seat.delivery("m3")) is None
