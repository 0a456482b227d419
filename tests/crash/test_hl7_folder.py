"""SIGKILL in the middle of putting a message into a folder, or of taking it back: whoever imports gets it whole, and once."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.domain.assurance import Level, Residue
from storage.records import hl7_folder, own_corner
from storage.records.own_corner import OURS
from tests.contract.place_kinds import Hl7Messages
from tests.dying import die_at, is_killed
from tests.hl7_receiver import Receiver

STEPS = ("appearing", "sync_directory", "write_durably", "overwrite_and_remove", "destroy")
MOST_STEPS = 40


class Messages(Hl7Messages):
    """In a directory that is there already."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory


def killed_at(directory: Path, act: str, step: int) -> bool:
    """Place, or take back, in a process that is killed before this step; return whether it was killed before it had ended."""

    def dies() -> None:
        die_at(step, (hl7_folder, own_corner), STEPS)
        asyncio.run(_act(Messages(directory), act))

    return is_killed(dies)


async def _act(at: Hl7Messages, act: str) -> object:
    if act == "place":
        return await at.copy().place(at.photo(), at.ref())
    placed = await at.copy().place(at.photo(), at.ref())
    return await at.copy().remove(placed | at.ref())


async def begun(directory: Path, taken: bool = False) -> tuple[Hl7Messages, Receiver]:
    directory.mkdir()
    at = Messages(directory)
    receiver = Receiver(directory, directory.parent, "silent")
    await at.copy().begin()
    if taken:
        await _act(at, "place")
        receiver.look()
    return at, receiver


async def test_killed_at_any_step_a_message_is_imported_whole_and_once(tmp_path: Path) -> None:
    killed = taken = 0
    _, receiver = await begun(tmp_path / "whole", taken=True)
    (size,) = {len(message) for message in receiver.taken}
    for step in range(1, MOST_STEPS):
        at, receiver = await begun(tmp_path / str(step))
        if not killed_at(at.directory, "place", step):
            break
        killed += 1
        taken += receiver.look()
        ref = await at.copy().place(at.photo(), at.ref())
        receiver.look()
        assert [len(message) for message in receiver.taken] == [size], f"after step {step}"
        assert (await at.copy().confirm(ref)).level is Level.TAKEN
        assert not [path for path in (at.directory / OURS).iterdir() if path.suffix in {".ready", ".writing"}]
    assert killed >= 5 and taken >= 1


async def test_R15_killed_at_any_step_of_taking_it_back_it_is_taken_back_once(tmp_path: Path) -> None:
    killed = 0
    for step in range(1, MOST_STEPS):
        at, receiver = await begun(tmp_path / str(step), taken=True)
        if not killed_at(at.directory, "remove", step):
            break
        killed += 1
        receiver.look()
        again = at.copy()
        for _ in range(2):
            assert await again.remove(at.ref() | _segments(receiver)) is Residue.BEYOND_REACH
        receiver.look()
        assert len(receiver.taken) == 2 and b"||||||D\r" in receiver.taken[1], f"after step {step}"
        assert len({control for control, _ in receiver.numbers}) == 2
    assert killed >= 5


def _segments(receiver: Receiver) -> dict[str, str]:
    """As the delivery's row has them."""
    segments = {segment[:3]: segment for segment in receiver.taken[0].decode("latin-1").split("\r")}
    return {"patient": segments["PID"], "order": segments["OBR"]}
