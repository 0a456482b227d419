"""Whoever reads an export sees that a reply in it was called back, by whom and when (R25)."""

from __future__ import annotations

import json
from pathlib import Path

from storage.records.export import export_patient
from tests.cases import shared_practice, taps
from tests.colleagues import answers
from tests.unit.test_recall_reply import CREAM, replied


async def test_R25_a_reply_that_was_called_back_is_marked_in_an_export(tmp_path: Path) -> None:
    async with shared_practice(tmp_path / "practice") as shared:
        await replied(shared)
        await shared.lee.writes(f"!reply {shared.image.ref} call me")
        await shared.kim.writes(f"!recall {shared.image.ref}")

        await taps(shared.kim, answers(shared.kim)[1])
        await export_patient(shared.practice.record, "10421", tmp_path / "folder")
    page = (tmp_path / "folder" / "index.html").read_text()
    (file,) = (tmp_path / "folder").glob("*reply-called-back-1.txt")
    assert CREAM in file.read_text()
    assert page.count("Called back</strong> by Kim, ") == 1
    assert page.index("Called back</strong>") < page.index(CREAM) < page.index("Called back</strong>") + 300
    listed = json.loads((tmp_path / "folder" / "record.json").read_text())["entries"]
    marked = [entry for entry in listed if "called_back" in entry]
    assert [(entry["file"], entry["called_back"]["by"]) for entry in marked] == [(file.name, "Kim")]
