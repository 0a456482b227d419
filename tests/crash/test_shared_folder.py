"""SIGKILL in the middle of putting copies into a folder: whoever looks there sees whole ones only, and none of them twice."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import signal
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from bot.domain.assurance import Level
from bot.domain.delivery import Consignment, copy_id
from bot.domain.entries import EntryKind, PatientIdentity
from bot.domain.identifiers import PatientId
from storage.records import own_corner, shared_folder
from storage.records.own_corner import OURS, PLACED
from storage.records.shared_folder import SharedFolder

SAM = PatientIdentity(PatientId("p1"), "10421", "Sam Patel", date(1984, 3, 7))
STEPS = ("new_file", "sync_directory", "write_durably", "rename")
MOST_STEPS = 40
IN_A_CHILD = "from pathlib import Path; from tests.crash.test_shared_folder import place_and_die"


def consignment(number: int) -> Consignment:
    content = b"\xff\xd8 a photo" * 20_000 + b"%d" % number
    return Consignment(
        copy_id(f"i{number}", SAM.patient_id, "share"),
        f"i{number}",
        EntryKind.IMAGE,
        SAM,
        f"IMG-{number:04}",
        datetime(2026, 3, 9, 9, 30, tzinfo=UTC),
        "Sam Patel, patient",
        {},
        "image/jpeg",
        False,
        content,
        hashlib.sha256(content).hexdigest(),
        summary=b"%PDF a page",
    )


def place_and_die(share: Path, step: int) -> None:
    """Place one copy in a process that is killed at this step: before it, of any write, flush or renaming."""
    done = 0

    def dying(act: object) -> object:
        def one_step(*args: object, **kwargs: object) -> object:
            nonlocal done
            done += 1
            if done == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return act(*args, **kwargs)  # type: ignore[operator]

        return one_step

    for module in (shared_folder, own_corner):
        for name in STEPS[:-1]:
            if hasattr(module, name):
                setattr(module, name, dying(getattr(module, name)))
    Path.rename = dying(Path.rename)  # type: ignore[assignment]
    folder = SharedFolder(share)
    asyncio.run(folder.place(consignment(1), {}))


async def begun(share: Path) -> None:
    share.mkdir()
    await SharedFolder(share).begin()


def seen(share: Path) -> dict[str, dict[str, str]]:
    return {
        folder.name: {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
        for folder in share.iterdir()
        if folder.name != OURS
    }


async def test_killed_at_any_step_it_is_there_whole_once_or_not_yet_and_the_next_start_goes_on(tmp_path: Path) -> None:
    whole_share = tmp_path / "whole"
    await begun(whole_share)
    await SharedFolder(whole_share).place(consignment(1), {})
    whole, killed, there_already = seen(whole_share), 0, 0
    for step in range(1, MOST_STEPS):
        share = tmp_path / str(step)
        await begun(share)
        child = f"{IN_A_CHILD}; place_and_die(Path({str(share)!r}), {step})"
        died = subprocess.run([sys.executable, "-c", child], timeout=60, check=False)
        assert seen(share) in ({}, whole), f"a part of it is seen after step {step}"
        if died.returncode == 0:
            break
        assert died.returncode == -signal.SIGKILL
        killed += 1
        folder = SharedFolder(share)
        if taken := seen(share):
            there_already += 1
            (share / next(iter(taken))).rename(tmp_path / f"taken-{step}")  # by whoever watches the folder
        ref = await folder.place(consignment(1), {})
        level = (await folder.confirm(ref)).level
        assert (level, seen(share)) == ((Level.TAKEN, {}) if taken else (Level.WAITING, whole)), f"after step {step}"
        hidden = sorted(path.name.partition(".")[2] for path in (share / OURS).iterdir())
        assert hidden == ["", PLACED.removeprefix(".")], "leftovers are swept"
        note = json.loads(next((share / OURS).glob(f"*{PLACED}")).read_text())
        assert set(note) == {"folder", "files", "sha256"}
    assert killed >= 8 and there_already >= 1
