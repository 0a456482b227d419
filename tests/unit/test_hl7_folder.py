"""Messages in a folder, and a receiver that takes, acknowledges, turns down, is silent, or tears what it says."""

from __future__ import annotations

import errno
import shutil
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from bot.domain.assurance import Assurance, CopyForm, Level, Residue
from bot.domain.consignment import Consignment
from bot.domain.delivery_reasons import AGAIN, SILENT, UNREAD
from bot.domain.errors import OutsideFailure
from bot.domain.formal_names import FormalName
from storage.records import hl7_folder, own_corner
from storage.records.hl7_folder import LOCKED_FOR_A_MOMENT, MOST_SENT, SILENCE, Hl7Folder
from storage.records.hl7_message import Sender
from tests.contract.a_place import ANN, SAM
from tests.contract.place_kinds import Hl7Messages
from tests.fakes import ManualClock
from tests.hl7_judge import judged
from tests.hl7_receiver import Receiver


class At(Hl7Messages):
    """A folder, the folder of its acknowledgements, and who takes things from there."""

    def __init__(self, directory: Path, how: str = "AA") -> None:
        super().__init__(directory)
        self.acknowledgements = directory / "acknowledgements"
        self.acknowledgements.mkdir()
        self.receiver = Receiver(self.directory, self.acknowledgements, how)
        self.clock = ManualClock()

    def copy(self) -> Hl7Folder:
        sender = Sender("Hill Street", "0d8e3a1c-6b6e-4c5b-9b6d-3c1c0d3b8a11", self.name, UTC)
        return Hl7Folder(self.directory, sender, self.clock, acknowledged=self.acknowledgements)

    async def placed(self) -> tuple[Hl7Folder, dict[str, str]]:
        copy = self.copy()
        await copy.begin()
        return copy, await copy.place(self.photo(), self.ref()) | self.ref()

    def visible(self) -> list[str]:
        return [path.name for path in self.directory.iterdir() if path.is_file()]


async def test_a_message_is_one_file_of_a_name_that_says_nothing_and_it_waits_until_it_is_taken(tmp_path: Path) -> None:
    at = At(tmp_path)
    copy, ref = await at.placed()
    (name,) = at.visible()
    assert name.startswith("consentry-") and name.endswith("-1.hl7") and "10421" not in name and "Patel" not in name
    assert await copy.confirm(ref) == Assurance(Level.WAITING, "written")
    (found,) = judged((at.directory / name).read_bytes())
    assert found["name"] == ["Patel", "Sam"] and found["faults"] == []


@pytest.mark.parametrize("how", ["AA", "torn AA"])
async def test_R35_accepted_is_what_the_receiver_said_of_this_very_message(tmp_path: Path, how: str) -> None:
    at = At(tmp_path, how)
    copy, ref = await at.placed()
    at.receiver.look()
    if how.startswith("torn"):
        assert await copy.confirm(ref) == Assurance(Level.WAITING, "unacknowledged")
        at.receiver.look()
    assert await copy.confirm(ref) == Assurance(Level.ACCEPTED)
    shutil.rmtree(at.acknowledgements)
    at.acknowledgements.mkdir()
    assert await at.copy().confirm(ref) == Assurance(Level.ACCEPTED), "what was said is kept when its file is gone"


async def test_an_answer_to_another_message_says_nothing_of_this_one(tmp_path: Path) -> None:
    at = At(tmp_path, "silent")
    copy, ref = await at.placed()
    at.receiver.look()
    (at.acknowledgements / "other.ACK").write_text("MSH|^~\\&|\rMSA|AA|somebody else's\r")
    assert await copy.confirm(ref) == Assurance(Level.WAITING, "unacknowledged")


@pytest.mark.parametrize("how", ["AE", "AR", "CE", "CR"])
async def test_what_was_turned_down_is_never_sent_again(tmp_path: Path, how: str) -> None:
    at = At(tmp_path, how)
    copy, ref = await at.placed()
    at.receiver.look()
    for _ in range(5):
        assert await copy.confirm(ref) == Assurance(Level.REFUSED, "turned-down")
        await copy.place(at.photo(), ref)
        at.clock.move(SILENCE)
        assert at.receiver.look() == 1


async def test_received_is_not_accepted_and_it_goes_on_waiting(tmp_path: Path) -> None:
    at = At(tmp_path, "CA")
    copy, ref = await at.placed()
    at.receiver.look()
    at.clock.move(SILENCE * 9)
    assert await copy.confirm(ref) == Assurance(Level.WAITING, "received")
    at.receiver.how = "AA"
    at.receiver._answer("later", at.receiver.taken[0])
    assert await copy.confirm(ref) == Assurance(Level.ACCEPTED)


async def test_after_silence_it_is_sent_three_times_under_the_same_numbers_and_then_a_person_must_look(
    tmp_path: Path,
) -> None:
    at = At(tmp_path, "silent")
    copy, ref = await at.placed()
    for sent in range(1, MOST_SENT + 1):
        assert at.receiver.look() == sent
        assert await copy.confirm(ref) == Assurance(Level.WAITING, "unacknowledged")
        await copy.place(at.photo(), ref)
        assert at.visible() == [], "not before it was silent for long"
        at.clock.move(SILENCE)
        last = sent == MOST_SENT
        assert await at.copy().confirm(ref) == (
            Assurance(Level.UNKNOWN, SILENT) if last else Assurance(Level.WAITING, AGAIN)
        )
        for _ in range(2):
            await copy.place(at.photo(), ref)
    assert at.receiver.look() == MOST_SENT
    assert len(set(at.receiver.numbers)) == 1, "one message number, one order number"


async def test_an_answer_that_comes_late_counts(tmp_path: Path) -> None:
    at = At(tmp_path, "silent")
    copy, ref = await at.placed()
    at.receiver.look()
    await copy.confirm(ref)
    at.clock.move(SILENCE)
    assert (await copy.confirm(ref)).why == AGAIN
    at.receiver.how = "AA"
    at.receiver._answer("late", at.receiver.taken[0])
    await copy.place(at.photo(), ref)
    assert await copy.confirm(ref) == Assurance(Level.ACCEPTED)


def locked(monkeypatch: pytest.MonkeyPatch, file: Path, how: OSError, *, call: str) -> None:
    """Let a file fail when it is looked at or read, as rights don't keep root from doing."""
    before = getattr(Path, call)

    def fails(path: Path, *args: object, **more: object) -> object:
        if path == file:
            raise how
        return before(path, *args, **more)

    monkeypatch.setattr(Path, call, fails)


@pytest.mark.parametrize("call", ["stat", "read_bytes"])
@pytest.mark.parametrize(
    "how", [PermissionError(errno.EACCES, "locked"), OSError(errno.EIO, "torn"), FileNotFoundError()]
)
async def test_an_acknowledgement_that_can_not_be_read_stops_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: OSError, call: str
) -> None:
    at = At(tmp_path)
    copy, ref = await at.placed()
    other = at.acknowledgements / "a-locked.ack"
    other.write_bytes(b"MSH")
    locked(monkeypatch, other, how, call=call)
    at.receiver.look()
    assert await copy.confirm(ref) == Assurance(Level.ACCEPTED)


@pytest.mark.parametrize("call", ["stat", "read_bytes"])
async def test_one_that_stays_unreadable_is_told_tried_again_and_nothing_is_sent_again_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """It may say that the message was accepted: a receiver would keep it twice."""
    at = At(tmp_path)
    copy, ref = await at.placed()
    at.receiver.look()
    (answer,) = at.acknowledgements.iterdir()
    with monkeypatch.context() as patch:
        locked(patch, answer, PermissionError(errno.EACCES, "locked"), call=call)
        assert await copy.confirm(ref) == Assurance(Level.WAITING, "unacknowledged"), "it may be being written"
        at.clock.move(LOCKED_FOR_A_MOMENT)
        assert await copy.confirm(ref) == Assurance(Level.WAITING, UNREAD)
        at.clock.move(SILENCE)
        assert await copy.confirm(ref) == Assurance(Level.WAITING, UNREAD)
        await copy.place(at.photo(), ref)
        assert at.visible() == []
    assert await copy.confirm(ref) == Assurance(Level.ACCEPTED)


async def test_without_a_folder_of_acknowledgements_gone_is_taken(tmp_path: Path) -> None:
    at = Hl7Messages(tmp_path)
    copy = at.copy()
    await copy.begin()
    ref = await copy.place(at.photo(), at.ref())
    next(at.directory.glob("*.hl7")).unlink()
    assert await copy.confirm(ref) == Assurance(Level.TAKEN)


async def test_R15_what_was_taken_for_the_wrong_patient_is_taken_back_from_that_patient_and_stays_beyond_reach(
    tmp_path: Path,
) -> None:
    at = At(tmp_path)
    copy, ref = await at.placed()
    at.receiver.look()
    for _ in range(2):
        moved = await copy.move(ref, at.photo(ANN))
        assert moved.residue is Residue.BEYOND_REACH
    at.receiver.look()
    first, *others = judged(*at.receiver.taken)
    (back,) = [found for found in others if found["name"] == ["Patel", "Sam"]]
    (right,) = [found for found in others if found["name"] == ["Other", "Ann"]]
    assert back["order"] == first["order"] != right["order"]
    assert len({first["control"], back["control"], right["control"]}) == 3
    assert {observed["status"] for observed in back["observed"]} == {"W"}
    for message in at.receiver.taken:
        assert not (b"Patel" in message and b"Other" in message), "neither names the other"
    moved_back = await copy.move(moved.ref | at.ref(ANN), at.photo(SAM))
    assert moved_back.residue is Residue.BEYOND_REACH
    at.receiver.look()
    assert len({control for control, _ in at.receiver.numbers}) == 5, "sent anew, it is another message"
    assert len({order for _, order in at.receiver.numbers}) == 2


async def test_R15_what_nobody_took_is_removed_and_nothing_is_said_of_it(tmp_path: Path) -> None:
    at = At(tmp_path)
    copy, ref = await at.placed()
    moved = await copy.move(ref, at.photo(ANN))
    assert moved.residue is Residue.GONE
    at.receiver.look()
    assert [found["name"] for found in judged(*at.receiver.taken)] == [["Other", "Ann"]]


async def test_R23_what_is_destroyed_is_taken_back_as_deleted_and_never_said_to_be_gone(tmp_path: Path) -> None:
    at = At(tmp_path)
    copy, ref = await at.placed()
    at.receiver.look()
    for _ in range(2):
        assert await copy.remove(ref) is Residue.BEYOND_REACH
        at.receiver.look()
    _, back = judged(*at.receiver.taken)
    assert {observed["status"] for observed in back["observed"]} == {"D"}


@pytest.mark.parametrize("step", range(1, 7))
async def test_dying_at_any_step_sends_nothing_twice_and_leaves_nothing_out(
    tmp_path: Path, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = At(tmp_path)
    copy = at.copy()
    await copy.begin()
    done = 0
    for module, name in (
        (hl7_folder, "appearing"),
        (own_corner, "sync_directory"),
        (own_corner, "write_durably"),
        (Path, "rename"),
    ):
        act = getattr(module, name)

        def dying(*args: object, act: object = act, **kwargs: object) -> object:
            nonlocal done
            done += 1
            if done == step:
                raise KeyboardInterrupt
            return act(*args, **kwargs)  # type: ignore[operator]

        monkeypatch.setattr(module, name, dying)
    ref = at.ref()
    try:
        copy._place(at.photo())
    except KeyboardInterrupt:
        at.receiver.look()
    monkeypatch.undo()
    again = at.copy()
    ref = await again.place(at.photo(), ref)
    assert at.receiver.look() == 1
    assert (await again.confirm(ref)).level is Level.ACCEPTED


async def test_a_share_that_is_away_full_or_without_its_acknowledgements_is_a_failure_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = At(tmp_path)
    copy, ref = await at.placed()
    at.acknowledgements.rename(tmp_path / "elsewhere")
    assert not await copy.there()
    with pytest.raises(OutsideFailure, match="away"):
        await copy.confirm(ref)
    (tmp_path / "elsewhere").rename(at.acknowledgements)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "no space")

    with monkeypatch.context() as patch:
        patch.setattr("storage.records.hl7_folder.appearing", full)
        with pytest.raises(OutsideFailure, match="full"):
            await copy.place(at.photo(ANN), at.ref(ANN))
    at.receiver.look()
    await copy.place(at.photo(ANN), at.ref(ANN))
    assert at.receiver.look() == 2


async def test_what_leaves_says_the_form_it_has(tmp_path: Path) -> None:
    at = At(tmp_path)
    copy = at.copy()
    await copy.begin()
    page: Consignment = replace(at.photo(), form=CopyForm.SUMMARY, content=b"%PDF page", media_type="application/pdf")
    await copy.place(replace(page, formal=FormalName("Patel", "Sam")), at.ref())
    at.receiver.look()
    (found,) = judged(*at.receiver.taken)
    assert [observed["code"] for observed in found["observed"]] == ["PDF^Display format in PDF^AUSPDI"]


def test_silence_is_longer_than_a_night() -> None:
    assert timedelta(hours=16) < SILENCE
