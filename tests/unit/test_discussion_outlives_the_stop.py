"""What was discussed about a photo is filed also where a stop or a leaving ended the case first (R5)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.domain.entries import EntryKind
from tests.cases import Shared, shared_practice, taps
from tests.households import heard_with
from tests.practice import POLICY

ADVICE = "melanoma, excise within two weeks"


async def filed_notes(shared: Shared) -> str:
    entries = await shared.practice.record.entries(shared.image.patient_id)
    return "\n".join(entry.text or "" for entry in entries if entry.kind is EntryKind.NOTE)


async def kept_lines(shared: Shared) -> list[str]:
    async with shared.practice.journal.reading() as rows:
        (use,) = await rows.uses.find()
        return [line.text for line in await rows.lines.of_use(use.id)]


async def test_R5_a_withdrawal_asks_for_the_discussion_and_leaves_what_was_said_until_then(tmp_path: Path) -> None:
    async with shared_practice(tmp_path, replace(POLICY, keep_transcripts=True)) as shared:
        room = await shared.forwarded()
        await shared.derm.writes(ADVICE, room=room)
        await shared.sam.writes(f"withdraw {shared.image.ref}")
        assert heard_with(shared.lee, "!close and a summary")
        await shared.lee.writes("!close excise", room=room)
        assert ADVICE in await filed_notes(shared)
        assert await kept_lines(shared) == [""]


async def test_R5_who_does_not_file_it_is_reminded_and_then_the_managers_are(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        room = await shared.forwarded()
        await shared.derm.writes(ADVICE, room=room)
        await shared.sam.writes(f"withdraw {shared.image.ref}")
        before, managers = len(shared.lee.heard), len(shared.kim.heard)
        await shared.practice.after(days=8)
        await shared.practice.after(days=8)
        assert any("!close and a summary" in words for words in shared.lee.heard[before:])
        assert any(shared.image.ref in words for words in shared.kim.heard[managers:])
        await shared.lee.writes("!close excise", room=room)
        managers = len(shared.kim.heard)
        await shared.practice.after(days=8)
        await shared.practice.after(days=8)
        assert not any(shared.image.ref in words for words in shared.kim.heard[managers:])


async def test_R5_a_case_whose_patient_leaves_can_still_be_summarised(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        room = await shared.forwarded()
        await shared.derm.writes(ADVICE, room=room)
        await shared.kim.writes("!patient-leaves 10421")
        await taps(shared.kim, "Leaves")
        assert heard_with(shared.lee, "!close and a summary")
        await shared.lee.writes(f"!close {ADVICE}", room=room)
        assert ADVICE in await filed_notes(shared)
