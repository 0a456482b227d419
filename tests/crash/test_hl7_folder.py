"""SIGKILL in the middle of putting a message into a folder, or of taking it back: whoever imports gets it whole, and once."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

from bot.domain.assurance import Level, Residue
from storage.records import hl7_folder, own_corner
from storage.records.own_corner import OURS
from tests.contract.place_kinds import Hl7Messages
from tests.hl7_receiver import Receiver

STEPS = ("appearing", "sync_directory", "write_durably", "overwrite_and_remove", "destroy")
MOST_STEPS = 40
IN_A_CHILD = "from pathlib import Path; from tests.crash.test_hl7_folder import act_and_die"


class Messages(Hl7Messages):
    """In a directory that is there already."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory


def act_and_die(directory: Path, act: str, step: int) -> None:
    """Place, or take back, in a process that is killed before this step: any write, flush, removal or renaming."""
    done = 0

    def dying(real: object) -> object:
        def one_step(*args: object, **kwargs: object) -> object:
            nonlocal done
            done += 1
            if done == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **kwargs)  # type: ignore[operator]

        return one_step

    for module in (hl7_folder, own_corner):
        for name in STEPS:
            if hasattr(module, name):
                setattr(module, name, dying(getattr(module, name)))
    Path.rename = dying(Path.rename)  # type: ignore[assignment]
    asyncio.run(_act(Messages(directory), act))


async def _act(at: Hl7Messages, act: str) -> object:
    if act == "place":
        return await at.copy().place(at.photo(), at.ref())
    placed = await at.copy().place(at.photo(), at.ref())
    return await at.copy().remove(placed | at.ref())


async def killed_at(directory: Path, act: str, step: int) -> bool:
    """Whether it was killed before it had ended."""
    child = f"{IN_A_CHILD}; act_and_die(Path({str(directory)!r}), {act!r}, {step})"
    died = subprocess.run([sys.executable, "-c", child], timeout=60, check=False)
    assert died.returncode in {0, -signal.SIGKILL}
    return died.returncode != 0


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
        if not await killed_at(at.directory, "place", step):
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
        if not await killed_at(at.directory, "remove", step):
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
