"""Signed checkpoints (R27): what the chain alone cannot show, shows against what was signed and kept elsewhere."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from bot.core.watches.note_checkpoints import CheckpointWatch
from bot.domain.errors import OutsideFailure
from bot.operate.audit import check
from bot.operate.audit.check import check_checkpoints, check_log
from bot.operate.doctor.check_record import audit_log
from bot.ports import AuditEntry
from storage.journal import audit_chain, tables
from storage.outside import checkpoints
from storage.outside.checkpoints import CheckpointDirectory, public_text, signing_key
from storage.vault.key_ring import KeyRing
from tests.practice import Practice, Staffed, staffed_practice

UTC = ZoneInfo("UTC")


@dataclass
class Witnessed:
    people: Staffed
    directory: Path
    checkpoints: CheckpointDirectory

    @property
    def practice(self) -> Practice:
        return self.people.practice

    async def note(self) -> None:
        assert await self.checkpoints.note(self.practice.clock.now(), at_once=True)

    async def wrong(self) -> str:
        config = SimpleNamespace(audit=SimpleNamespace(checkpoints=self.directory), practice=SimpleNamespace(zone=UTC))
        return (await check_log(config, self.practice)).wrong  # type: ignore[arg-type]  # both have what it needs

    async def change(self, *statements: str) -> None:
        async with self.practice.database.transaction() as connection:
            for statement in statements:
                await connection.execute(text(statement))


@asynccontextmanager
async def witnessed(tmp_path: Path, **more: Any) -> AsyncIterator[Witnessed]:
    directory = tmp_path / "outside"
    directory.mkdir()
    async with staffed_practice(tmp_path / "data") as people:
        practice = people.practice
        how: dict[str, Any] = {"every": timedelta(hours=1), "entries": 500} | more
        made = CheckpointDirectory(practice.database, directory, signing_key(practice.keys), **how)
        yield Witnessed(people, directory, made)


async def rewrite(connection: Any, first: int) -> None:
    """Compute the chain anew from a row on, as somebody with the keys can."""
    rows = (await connection.execute(tables.audit.select().order_by(tables.audit.c.seq))).all()
    previous = rows[first - 2].hash
    for row in rows[first - 1 :]:
        entry = AuditEntry(row.actor, row.action, row.subject, {})
        previous = audit_chain.chained(previous, row.seq, row.at, entry, row.commitment)
        await connection.execute(tables.audit.update().where(tables.audit.c.seq == row.seq).values(hash=previous))


async def test_a_cut_off_end_is_found_and_how_much_is_missing_is_said(tmp_path: Path) -> None:
    async with witnessed(tmp_path) as w:
        await w.note()
        assert await w.wrong() == ""
        async with w.practice.database.reading() as connection:
            rows, _ = await audit_chain.head(connection)
        await w.change(f"DELETE FROM audit WHERE seq > {rows - 3}", f"DELETE FROM audit_details WHERE seq > {rows - 3}")
        async with w.practice.database.reading() as connection:
            assert (await audit_chain.verify(connection)).broken is None  # the chain alone does not show it
        wrong = await w.wrong()
        assert f"broken at entry {rows - 2}" in wrong and f"knows {rows} entries" in wrong
        assert "cut off" in wrong and "Stop the bot" in wrong


async def test_a_cut_off_end_that_grew_again_is_found(tmp_path: Path) -> None:
    async with witnessed(tmp_path) as w:
        await w.note()
        async with w.practice.database.reading() as connection:
            rows, _ = await audit_chain.head(connection)
        await w.change(f"DELETE FROM audit WHERE seq > {rows - 3}", f"DELETE FROM audit_details WHERE seq > {rows - 3}")
        await w.people.sam.sends_photo(caption="rash")
        assert "another row here" in await w.wrong()


async def test_a_chain_computed_anew_is_found(tmp_path: Path) -> None:
    """An edit, an exchange or an insertion by somebody who holds the keys leaves a chain that is whole in itself."""
    async with witnessed(tmp_path) as w:
        await w.note()
        await w.change("UPDATE audit SET actor = 'somebody' WHERE seq = 5")
        async with w.practice.database.transaction() as connection:
            await rewrite(connection, 5)
        async with w.practice.database.reading() as connection:
            assert (await audit_chain.verify(connection)).broken is None
        assert "rewritten" in await w.wrong()


async def test_what_is_edited_or_moved_without_the_keys_is_found_with_what_to_do(tmp_path: Path) -> None:
    async with witnessed(tmp_path) as w:
        await w.note()
        await w.change("UPDATE audit SET action = 'image.Filed' WHERE seq = 7")
        assert "broken at entry 7: this row was changed, moved or inserted. Stop the bot" in await w.wrong()


@pytest.mark.parametrize("what", ["[" * 4000, '{"seq": 1e999, "hash": "0", "at": "2026-03-02"}', "\0"])
async def test_a_file_of_somebody_else_among_the_checkpoints_is_named(tmp_path: Path, what: str) -> None:
    async with witnessed(tmp_path) as w:
        await w.note()
        strange = w.directory / "000000000001-0123456789abcdef.json"
        strange.write_text(what)
        assert f"{strange.name} is not signed with this key" in await w.wrong()


async def test_removed_checkpoints_are_not_taken_for_none_made_yet(tmp_path: Path) -> None:
    async with witnessed(tmp_path) as w:
        key = public_text(signing_key(w.practice.keys).public_key())
        [line] = check_checkpoints(w.directory, key, UTC).lines
        assert str(w.directory) in line and "somebody removed them" in line


async def test_details_of_no_entry_are_found(tmp_path: Path) -> None:
    async with witnessed(tmp_path) as w:
        await w.change(
            "INSERT INTO audit_details SELECT 9999, salt, details FROM audit_details WHERE seq = 3",
        )
        assert "broken at entry 9999: details were added to no row" in await w.wrong()


async def test_the_checkpoints_prove_by_themselves_with_the_public_key_alone(tmp_path: Path) -> None:
    async with witnessed(tmp_path) as w:
        key = public_text(signing_key(w.practice.keys).public_key())
        await w.note()
        await w.people.sam.sends_photo(caption="rash")
        await w.note()
        found = check_checkpoints(w.directory, key, UTC)
        assert found.wrong == "" and "Checkpoints: 2, all signed" in found.lines[0]
        async with w.practice.database.reading() as connection:
            assert (await audit_chain.head(connection))[1].hex() in found.lines[1]
        said = " ".join(path.read_text() for path in w.directory.iterdir())
        for word in ("Sam", "Patel", "10421", "rash", "hs.test"):
            assert word not in said
        newest = max(w.directory.iterdir())
        newest.write_text(newest.read_text().replace('"seq":', '"seq":1'))
        assert "not signed with this key" in check_checkpoints(w.directory, key, UTC).wrong
        other = public_text(signing_key(KeyRing(bytes(32))).public_key())
        assert "belongs to another practice" in check_checkpoints(w.directory, other, UTC).wrong


async def test_two_histories_show_in_the_checkpoints_alone(tmp_path: Path) -> None:
    async with witnessed(tmp_path) as w:
        await w.note()
        async with w.practice.database.transaction() as connection:
            await connection.execute(text("UPDATE audit SET actor = 'somebody' WHERE seq = 5"))
            await rewrite(connection, 5)
        again = CheckpointDirectory(
            w.practice.database, w.directory, signing_key(w.practice.keys), every=timedelta(hours=1), entries=1
        )
        await again.note(w.practice.clock.now(), at_once=True)
        key = public_text(signing_key(w.practice.keys).public_key())
        assert "cut off or rewritten" in check_checkpoints(w.directory, key, UTC).wrong


async def test_one_is_made_by_time_or_by_number_and_none_is_written_twice(tmp_path: Path) -> None:
    async with witnessed(tmp_path, entries=20) as w:
        clock = w.practice.clock
        await w.people.sam.sends_photo(caption="rash")
        await w.note()
        first = {path: path.read_bytes() for path in w.directory.iterdir()}
        clock.move(timedelta(hours=2))
        assert not await w.checkpoints.note(clock.now(), at_once=True)  # nothing new to note
        await w.people.sam.writes("my images")
        assert await w.checkpoints.note(clock.now())  # an hour is over
        await w.people.sam.writes("my images")
        assert not await w.checkpoints.note(clock.now())
        for number in range(4):
            await w.people.sam.sends_photo(b"\xff\xd8\xff\xe0" + bytes([number]) * 200, caption="rash")
        assert await w.checkpoints.note(clock.now())  # twenty entries
        assert len(list(w.directory.iterdir())) == 3
        restarted = CheckpointDirectory(
            w.practice.database, w.directory, signing_key(w.practice.keys), every=timedelta(hours=1), entries=20
        )
        clock.move(timedelta(hours=1))
        await restarted.note(clock.now(), at_once=True)
        assert len(list(w.directory.iterdir())) == 3  # the same end of the log is the same file
        assert all(path.read_bytes() == written for path, written in first.items())


async def test_a_directory_that_is_away_is_said_once_and_stops_nothing(tmp_path: Path) -> None:
    async with witnessed(tmp_path) as w:
        practice, away = w.practice, w.directory.with_name("away")
        watch = CheckpointWatch(w.checkpoints, practice.journal, practice.dispatch, practice.clock)
        w.directory.rename(away)
        await watch.look(at_once=True)
        await watch.look(at_once=True)
        await practice.settle()
        told = practice.seen_in(await practice.practice_room())
        assert sum("can't write the audit log's checkpoints" in line for line in told) == 1
        await w.people.sam.sends_photo(caption="rash")
        assert (await practice.only_image()).verified_at is not None
        with pytest.raises(OutsideFailure, match="can't be read"):
            await w.wrong()
        away.rename(w.directory)
        await watch.look(at_once=True)
        await practice.settle()
        assert "written again" in practice.seen_in(await practice.practice_room())[-1]
        assert await w.wrong() == ""


async def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with witnessed(tmp_path) as w:

        def full(_descriptor: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("bot.durable.os.fsync", full)
        with pytest.raises(OutsideFailure, match="errno 28"):
            await w.note()
        monkeypatch.undo()
        assert list(w.directory.iterdir()) == []


async def test_one_is_made_at_the_start_and_at_the_end(tmp_path: Path) -> None:
    async with witnessed(tmp_path) as w:
        practice = w.practice
        await w.people.sam.sends_photo(caption="rash")
        watch = CheckpointWatch(w.checkpoints, practice.journal, practice.dispatch, practice.clock)
        running = asyncio.create_task(watch.run_for_ever())
        while not list(w.directory.glob("*.json")):
            await asyncio.sleep(0)
        await w.people.sam.writes("my images")
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert len(list(w.directory.glob("*.json"))) == 2


async def test_a_directory_that_hangs_is_said_and_holds_up_neither_the_bot_nor_its_stopping(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A share whose other end is gone answers no call and raises no error."""
    back = threading.Event()
    write = checkpoints._write

    def hangs(*what: Any) -> None:
        back.wait()
        write(*what)

    monkeypatch.setattr(checkpoints, "PATIENCE", 0.2)
    monkeypatch.setattr(checkpoints, "_write", hangs)
    async with witnessed(tmp_path) as w:
        practice = w.practice
        watch = CheckpointWatch(w.checkpoints, practice.journal, practice.dispatch, practice.clock)
        running = asyncio.create_task(watch.run_for_ever())
        while not watch._failing:
            await asyncio.sleep(0.01)
        await w.people.sam.sends_photo(caption="rash")
        assert (await practice.only_image()).verified_at is not None
        assert "can't write the audit log's checkpoints" in "".join(practice.seen_in(await practice.practice_room()))
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        back.set()


async def test_checkpoints_that_cannot_be_read_because_the_share_hangs_are_told_by_the_doctor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "PATIENCE", 0.2)
    async with witnessed(tmp_path) as w:
        pipe = w.directory / "000000000001-0123456789abcdef.json"
        os.mkfifo(pipe)  # who opens it waits for somebody who writes, and nobody does
        config = SimpleNamespace(audit=SimpleNamespace(checkpoints=w.directory), practice=SimpleNamespace(zone=UTC))
        finding = await audit_log(config, w.practice)  # type: ignore[arg-type]  # both have what it needs
        assert finding.ok is False and "does not answer" in finding.what and finding.mend
        os.close(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
