"""Make the practice that later versions must open: a long story, played on the real core of the version that stands here.

Run at 97487ff and never since; nothing imports it, and it need not work with any later version. To run it again: unpack that
version (`git archive 97487ff`), put into its `tests/` the directory `tests/upgrade` of the commit that added this file, and
there `python -m tests.upgrade.made_at_97487ff.make_practice`. It writes `practice-97487ff.tar.xz` and `.json`.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from storage.checkpoints import CheckpointDirectory, signing_key
from storage.schema import Word, metadata

from bot.domain.intents import KINDS
from tests.practice import POLICY, Practice
from tests.upgrade.dump import entries_of, rows_of
from tests.upgrade.made_at_97487ff.before import away, long_ago
from tests.upgrade.made_at_97487ff.end import everything_fails, in_between, unheard
from tests.upgrade.made_at_97487ff.images import held, of_colleagues, of_patients, rarer
from tests.upgrade.made_at_97487ff.people import checks, everybody, paused
from tests.upgrade.made_at_97487ff.uses import settled, under_way
from tests.upgrade.outside import TODAY, begin, opened_practice, said
from tests.upgrade.packed import pack

HERE = Path(__file__).parent.parent
NAME = "practice-97487ff"
WORDS = {
    f"{table.name}.{column.name}": [word.value for word in column.type.words]
    for table in metadata.tables.values()
    for column in table.columns
    if isinstance(column.type, Word)
} | {"intents.kind": list(KINDS)}


async def make(directory: Path) -> None:
    begin(directory)
    async with opened_practice(directory, replace(POLICY, device_check_months=0)) as (practice, ports):
        people, derm = await long_ago(practice, ports)
    async with opened_practice(directory, TODAY, practice) as (practice, ports):
        for someone in (people.kim, people.lee, people.sam, derm):
            someone.practice = practice
        people.practice = practice
        ports["record"].port.destroy = away  # what was to be destroyed then waits for a person
        known = await everybody(people, derm)
        await of_patients(people, known)
        await unheard(people, known["Cora"])
        await rarer(people, known, ports)
        await of_colleagues(people, derm)
        await settled(people, known, derm)
        await checks(people, known)
        await noted(directory, practice)
        await held(people, ports)
        await under_way(people, known)
        await paused(known["Noor"])
        await everything_fails(people, known, ports)
        await in_between(practice)
        await noted(directory, practice)
        dump = {"words": WORDS, "rows": await rows_of(practice.database), "record": await entries_of(practice.record)}
    (HERE / f"{NAME}.json").write_text(written(dump))
    (directory / "world.json").write_text(said(practice))
    pack(directory, HERE / f"{NAME}.tar.xz")


async def noted(directory: Path, practice: Practice) -> None:
    """A checkpoint of the audit log."""
    witness = CheckpointDirectory(
        practice.database,
        directory / "checkpoints",
        signing_key(practice.keys),
        every=timedelta(0),
        entries=1,
    )
    assert await witness.note(practice.clock.now())


def written(dump: Mapping[str, Any]) -> str:
    """As JSON, with a line for each row."""
    rows = ",\n".join(f'"{table}": {_in_lines(found)}' for table, found in dump["rows"].items())
    words, record = json.dumps(dump["words"]), _in_lines(dump["record"])
    return f'{{"words": {words},\n"rows": {{\n{rows}\n}},\n"record": {record}}}\n'


def _in_lines(rows: Iterable[Mapping[str, Any]]) -> str:
    return "[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        asyncio.run(make(Path(made) / NAME))
