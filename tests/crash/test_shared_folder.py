"""SIGKILL in the middle of putting copies into a folder: whoever looks there sees whole ones only, and none of them twice."""

from __future__ import annotations

import asyncio
import hashlib
import json
from datetime import UTC, date, datetime
from pathlib import Path

from bot.domain.assurance import Level
from bot.domain.consignment import Consignment, copy_id
from bot.domain.entries import EntryKind, PatientIdentity
from bot.domain.identifiers import PatientId
from storage.records import own_corner, shared_folder
from storage.records.own_corner import OURS, PLACED
from storage.records.shared_folder import SharedFolder
from tests.dying import die_at, is_killed

SAM = PatientIdentity(PatientId("p1"), "10421", "Sam Patel", date(1984, 3, 7))
STEPS = ("new_file", "sync_directory", "write_durably")
MOST_STEPS = 40


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


def killed_at(share: Path, step: int) -> bool:
    """Place one copy in a process that is killed before this step; return whether it was killed before it had ended."""

    def dies() -> None:
        die_at(step, (shared_folder, own_corner), STEPS)
        asyncio.run(SharedFolder(share).place(consignment(1), {}))

    return is_killed(dies)


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
        was_killed = killed_at(share, step)
        assert seen(share) in ({}, whole), f"a part of it is seen after step {step}"
        if not was_killed:
            break
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
