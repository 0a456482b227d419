"""The audit chain (R27): every change of state leaves an entry, and whoever changes, moves, adds or removes one is seen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.domain.image import State
from storage.journal import audit_chain
from storage.sql.database import Connection
from tests.cases import TEACHING, taps
from tests.practice import JPEG, Snapshot, Staffed, staffed_practice, staffed_snapshot

_lived: list[Snapshot] = []


@asynccontextmanager
async def after_a_life(directory: Path) -> AsyncIterator[Staffed]:
    """A practice that has seen a photo, a note, a correction and a withdrawal."""

    async def live(people: Staffed) -> None:
        await people.sam.sends_photo(caption="rash")
        ref = (await people.practice.only_image()).ref
        await people.lee.writes(f"!show {ref}")
        await people.lee.writes(f"!note {ref} dermatitis")
        await people.sam.writes(f"correct {ref} rash on my leg")
        await people.sam.sends_photo(JPEG + b"2")
        await people.sam.writes("withdraw " + (await people.practice.images())[1].ref)

    if not _lived:
        _lived.append(await Snapshot.of(live, await staffed_snapshot()))
    async with _lived[0].opened(directory) as people:
        yield people


async def verified(people: Staffed) -> audit_chain.Verified:
    async with people.practice.database.reading() as connection:
        return await audit_chain.verify(connection)


async def tamper(people: Staffed, *statements: str) -> None:
    async with people.practice.database.transaction() as connection:
        for statement in statements:
            await connection.execute(text(statement))


async def test_an_untouched_chain_is_whole_and_has_a_head_to_note_elsewhere(tmp_path: Path) -> None:
    async with after_a_life(tmp_path) as people:
        found = await verified(people)
        assert found.broken is None and found.rows > 50 and found.erased == 0 and len(found.head) == 64


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'somebody'",
        "action = 'image.Filed'",
        "subject = 'another'",
        "at = at + 1",
        "commitment = x'00'",
        "hash = x'00'",
    ],
)
async def test_an_edited_row_is_found(change: str, tmp_path: Path) -> None:
    async with after_a_life(tmp_path) as people:
        await tamper(people, f"UPDATE audit SET {change} WHERE seq = 20")
        broken = (await verified(people)).broken
        assert broken is not None and broken.seq == 20


async def test_edited_details_are_found(tmp_path: Path) -> None:
    async with after_a_life(tmp_path) as people:
        await tamper(people, 'UPDATE audit_details SET details = \'{"state":"filed"}\' WHERE seq = 20')
        broken = (await verified(people)).broken
        assert broken is not None and broken.seq == 20


async def test_rows_that_changed_places_are_found(tmp_path: Path) -> None:
    async with after_a_life(tmp_path) as people:
        moves = [
            statement
            for table in ("audit", "audit_details")
            for statement in (
                f"UPDATE {table} SET seq = -1 WHERE seq = 20",
                f"UPDATE {table} SET seq = 20 WHERE seq = 21",
                f"UPDATE {table} SET seq = 21 WHERE seq = -1",
            )
        ]
        await tamper(people, *moves)
        broken = (await verified(people)).broken
        assert broken is not None and broken.seq == 20


async def test_a_removed_row_is_found(tmp_path: Path) -> None:
    async with after_a_life(tmp_path) as people:
        await tamper(people, "DELETE FROM audit WHERE seq = 20", "DELETE FROM audit_details WHERE seq = 20")
        broken = (await verified(people)).broken
        assert broken is not None and broken.seq == 21


async def test_a_removed_row_is_found_though_the_rest_closed_ranks(tmp_path: Path) -> None:
    async with after_a_life(tmp_path) as people:
        last = (await verified(people)).rows
        closing = [
            f"UPDATE {table} SET seq = {seq - 1} WHERE seq = {seq}"
            for table in ("audit", "audit_details")
            for seq in range(21, last + 1)
        ]
        await tamper(people, "DELETE FROM audit WHERE seq = 20", "DELETE FROM audit_details WHERE seq = 20", *closing)
        broken = (await verified(people)).broken
        assert broken is not None and broken.seq == 20


async def test_a_removed_beginning_is_found(tmp_path: Path) -> None:
    async with after_a_life(tmp_path) as people:
        await tamper(people, "DELETE FROM audit WHERE seq < 3")
        assert (await verified(people)).broken is not None


async def test_an_inserted_row_is_found(tmp_path: Path) -> None:
    async with after_a_life(tmp_path) as people:
        last = (await verified(people)).rows
        await tamper(
            people,
            f"INSERT INTO audit SELECT seq + 1, at, actor, action, subject, commitment, hash FROM audit WHERE seq = {last}",
        )
        broken = (await verified(people)).broken
        assert broken is not None and broken.seq == last + 1


async def test_a_cut_off_end_shows_in_the_head_and_the_count(tmp_path: Path) -> None:
    """The chain alone cannot show this: a head noted elsewhere does."""
    async with after_a_life(tmp_path) as people:
        before = await verified(people)
        await tamper(people, f"DELETE FROM audit WHERE seq = {before.rows}")
        after = await verified(people)
        assert (after.head, after.rows) != (before.head, before.rows)


async def test_details_erased_as_the_law_asks_do_not_break_the_chain(tmp_path: Path) -> None:
    async with after_a_life(tmp_path) as people:
        before = await verified(people)
        image = (await people.practice.images())[0]
        async with people.practice.journal.transaction() as rows:
            await rows.forget_details({image.id}, people.practice.clock.now())
        after = await verified(people)
        assert after.broken is None and after.erased > 3 and after.rows == before.rows + 1
        async with people.practice.journal.transaction() as rows:
            await rows.forget_details({image.id}, people.practice.clock.now())
        assert await verified(people) == after


async def test_details_that_somebody_else_removed_are_missed(tmp_path: Path) -> None:
    """R27: who deletes what an entry says edits the log, though the chain stays whole."""
    async with after_a_life(tmp_path) as people:
        await tamper(people, "DELETE FROM audit_details WHERE seq IN (5, 6, 7)")
        broken = (await verified(people)).broken
        assert broken is not None and (broken.seq, broken.what.partition(",")[0]) == (
            5,
            "the details of this row were removed",
        )


async def test_the_same_details_never_make_the_same_commitment(tmp_path: Path) -> None:
    """Salted: nobody who holds the chain alone can guess a name out of it."""
    assert audit_chain.commitment(b"one", {"name": "Sam"}) != audit_chain.commitment(b"two", {"name": "Sam"})
    async with staffed_practice(tmp_path) as people, people.practice.database.reading() as connection:
        salts = [row.salt for row in await connection.execute(text("SELECT salt FROM audit_details"))]
    assert len(set(salts)) == len(salts) and all(len(salt) == 32 for salt in salts)


async def test_the_chain_itself_holds_no_personal_details(tmp_path: Path) -> None:
    async with after_a_life(tmp_path) as people, people.practice.database.reading() as connection:
        rows = await connection.execute(text("SELECT actor, action, subject FROM audit"))
        said = " ".join(" ".join(row) for row in rows)
    for name in ("Sam", "Patel", "10421", "rash", "dermatitis", "hs.test/"):
        assert name not in said


async def test_every_state_an_image_goes_through_is_in_the_chain(tmp_path: Path) -> None:
    async with after_a_life(tmp_path) as people:
        first, second = await people.practice.images()
        assert (first.state, second.state) == (State.VERIFIED, State.DISCARDED)
        async with people.practice.database.reading() as connection:
            rows = await connection.execute(text("SELECT action FROM audit WHERE subject = :id"), {"id": first.id})
            of_first = [row.action for row in rows]
            rows = await connection.execute(text("SELECT action FROM audit WHERE subject = :id"), {"id": second.id})
            of_second = [row.action for row in rows]
    wanted = ["image.received", "image.Captured", "consent.implied", "image.Filed", "image.ReadBack", "image.viewed"]
    wanted += ["image.PurposeStated", "consent.implied"]  # a correction rests on a consent of its own
    assert [action for action in of_first if action in wanted] == wanted
    wanted = ["image.received", "image.Captured", "image.WithdrawalAsked", "image.Discarded", "object.destroyed"]
    assert [action for action in of_second if action in wanted] == wanted


async def test_R27_no_commit_changes_a_row_without_an_entry(tmp_path: Path) -> None:
    """Watched at the database: every transaction that writes a row of a person, an image, a copy or a document."""
    async with staffed_practice(tmp_path) as people:
        practice = people.practice
        async with practice.database.transaction() as connection:
            await connection.execute(text("CREATE TEMP TABLE written (name TEXT)"))
            tables = await connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
            for (name,) in tables.all():
                for change in ("INSERT", "UPDATE"):
                    await connection.execute(
                        text(
                            f"CREATE TEMP TRIGGER {change}_{name} AFTER {change} ON {name} "
                            f"BEGIN INSERT INTO written VALUES ('{name}'); END"
                        )
                    )
        transaction, silent = practice.database.transaction, set()

        @asynccontextmanager
        async def watched() -> AsyncIterator[Connection]:
            async with transaction() as connection:
                yield connection
                written = {row.name for row in await connection.execute(text("SELECT name FROM written"))}
                await connection.execute(text("DELETE FROM written"))
                if "audit" not in written:
                    silent.update(written)

        practice.database.transaction = watched
        sent = await people.sam.sends_photo()
        await people.sam.writes("rash")
        await people.sam.deletes(sent)
        ref = (await practice.images())[0].ref
        for words in (
            f"!mine {ref}",
            f"!show {ref}",
            f"!note {ref} dermatitis",
            f"!reply {ref} cream",
            "!list",
            "!status",
        ):
            await people.lee.writes(words)
        await people.sam.writes("thank you")
        await people.sam.writes("my images")
        await people.sam.sends_photo(JPEG + b"2")
        await people.sam.writes("withdraw " + (await practice.images())[1].ref)
        await people.kim.joins_as("@derm:hs.test", "DermIdentity", '!enrol outside-clinician @derm:hs.test "Dr Derm"')
        await people.lee.writes(f"!forward {ref} @derm:hs.test melanoma?")
        await taps(people.lee, "No")
        await taps(people.sam, "Yes")
        await people.lee.writes(f"!recall {ref}")
        await people.lee.writes(TEACHING.format(ref=ref))
        await people.sam.writes(f"withdraw {ref}")
        await practice.after(hours=26)
        decided = {"images", "documents", "consents", "disclosures", "invitations", "authorities", "patients", "rooms"}
        decided |= {"uses", "consent_answers", "breaches", "lines"}
        assert not silent & decided, silent
