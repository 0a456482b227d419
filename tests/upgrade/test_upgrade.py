"""A practice as version 97487ff left it opens with this version, upgraded, with nothing lost; and goes on where it was.

It holds every kind of row, in the middle of whatever can be in the middle of being done. `made_at_97487ff` says how it was made.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable
from datetime import date
from pathlib import Path

import pytest

from bot.config import load
from bot.domain.assurance import Level
from bot.domain.destination import SECOND_COPY
from bot.domain.planned import Progress
from bot.operate.audit.check import check_log
from bot.operate.kept import Kept, opened, register_of
from bot.ports.journal_rows.one_table import Rows
from storage import migrations
from tests.cases import someone
from tests.upgrade.before import BEFORE, FIXTURE
from tests.upgrade.dump import Row, entries_of, rows_of
from tests.upgrade.outside import TODAY, as_it_was, opened_practice
from tests.upgrade.packed import JOURNAL, unpack

SAME_AS = "same as "
REFS = {row["ref"]: row["id"] for row in BEFORE["rows"]["images"]}


def _image(row: Row) -> tuple[str, Row]:
    """What said of which photo it is a duplicate in a sentence says so in a column (0003)."""
    because = row["discarded_because"]
    if not because.startswith(SAME_AS):
        return "images", row | {"duplicate_of": ""}
    return "images", row | {"discarded_because": "duplicate", "duplicate_of": REFS[because.removeprefix(SAME_AS)]}


def _entry(row: Row) -> tuple[str, Row]:
    """Whether there is a second copy stands in a delivery now: a test of its own looks at these."""
    return "record_entry", {name: value for name, value in row.items() if name != "mirrored"}


# What has become of a row of a table that a later version renamed, split or rewrote: the table it is in now, and the values
# it has there, its key first. Columns that were only added need no word here.
BECAME: dict[str, Callable[[Row], tuple[str, Row]]] = {"images": _image, "record_entry": _entry}
SINCE = {"wrong_guesses", "unheard_noes"}  # rows of tables that came later


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    unpack(FIXTURE, tmp_path)
    return tmp_path


@pytest.fixture
async def kept(directory: Path) -> AsyncIterator[Kept]:
    """Opened as the bot does at its start."""
    async with opened(load(directory / "config.toml")) as kept:
        yield kept


async def test_every_row_is_there_with_every_value_it_had(kept: Kept) -> None:
    now = await rows_of(kept.database)
    assert lost(BEFORE["rows"], now) == []
    async with kept.database.reading() as connection:
        assert await connection.run_sync(migrations.schema_age) is migrations.SchemaAge.CURRENT


async def test_every_row_reads_as_what_this_version_makes_of_it(kept: Kept) -> None:
    """A word, a role or a form of JSON that is not known any more is found here, and not by a patient."""
    async with kept.journal.reading() as rows:
        for name, of_a_kind in vars(rows).items():
            if isinstance(of_a_kind, Rows):
                assert await of_a_kind.find() or name in SINCE, name
        waiting = await rows.waiting(*Progress)
    assert len(waiting) == len(BEFORE["rows"]["intents"])
    assert {row["state"] for row in BEFORE["rows"]["inbox"]} >= {"new", "waiting-for-key"}
    assert len(await kept.journal.next_arrivals(9)) == 1 and len(await kept.journal.undecrypted()) == 1


async def test_uses_of_before_are_found_by_their_images(kept: Kept) -> None:
    async with kept.journal.reading() as rows:
        uses = await rows.uses.every()
        for image in await rows.images.every():
            assert await rows.uses_of(image.id) == [use for use in uses if image.id in use.image_ids]
    assert uses


async def test_R15_patients_of_before_are_found_however_their_number_and_name_are_typed(kept: Kept) -> None:
    async with kept.journal.reading() as rows:
        patients = await rows.patients.every()
        for patient in patients:
            wide = "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in patient.mrn)
            assert await rows.patients.with_mrn(wide) == patient == await rows.patients.identified(wide, patient.born)
            assert patient in await rows.patients.named(patient.name.upper())
    assert patients


async def test_R31_consents_and_uses_of_before_cover_no_more_than_they_did(kept: Kept) -> None:
    """An implied consent is for whom the photo was sent, wherever it was moved since; a use for who had its accounts then."""
    moved = [row for row in BEFORE["rows"]["record_entry"] if row["facts"].get("moved") == "here"]
    first = {row["facts"]["image"]: row["facts"]["from"] for row in moved[::-1]}
    async with kept.journal.reading() as rows:
        images = {image.id: image for image in await rows.images.find()}
        assert first and {image.id: image.sent_for for image in images.values() if image.sent_for} == first
        for consent in await rows.consents.find():
            assert consent.patient_id == (first.get(consent.image_id) or images[consent.image_id].patient_id)
        people = {person.id: person.account for person in await rows.people.find()}
        for use in await rows.uses.find():
            assert [people[id] for id in use.recipient_ids] == [one for one in use.recipients if one in people.values()]
        assert all(
            authority.is_open and authority.holds_on(date(2026, 11, 30))
            for authority in await rows.authorities.find(until=None)
        )


async def test_the_audit_log_is_whole_against_its_checkpoints(kept: Kept, directory: Path) -> None:
    checked = await check_log(load(directory / "config.toml"), kept)
    assert checked.wrong == ""
    assert f"Whole: {len(BEFORE['rows']['audit'])} entries" in checked.lines[0]
    assert "Checkpoints: 2, all signed" in "\n".join(checked.lines)


async def test_every_entry_of_the_record_reads_back_as_it_was_filed(kept: Kept) -> None:
    assert await entries_of(kept.record) == BEFORE["record"]


async def test_every_sealed_object_opens_whatever_key_it_is_wrapped_with(kept: Kept) -> None:
    async with kept.journal.reading() as rows:
        waiting = [image.sealed for image in await rows.images.find() if image.sealed is not None]
    filed = [row["object_id"] for row in BEFORE["rows"]["record_entry"] if row["object_id"]]
    assert len(await kept.masters.versions()) == 2 and waiting and filed
    for sealed in waiting:
        assert hashlib.sha256(await kept.vault.open(sealed)).hexdigest() == sealed.sha256
    there = {path.name for path in (kept.database.path.parent / "objects").rglob("*") if path.is_file()}
    assert there >= set(filed) | {sealed.object_id for sealed in waiting}


async def test_the_second_copy_and_the_register_outside_say_what_they_said(kept: Kept, directory: Path) -> None:
    assert kept.mirror is not None
    mirrored = {row["entry_id"]: row["sha256"] for row in BEFORE["rows"]["record_entry"] if row["mirrored"]}
    copied = {entry.entry_id: hashlib.sha256(data).hexdigest() for entry, data in kept.mirror.entries()}
    assert mirrored.items() <= copied.items()
    async with kept.journal.reading() as rows:
        verified = await rows.deliveries.in_state(SECOND_COPY, Level.VERIFIED)
        waiting = await rows.deliveries.in_state(SECOND_COPY, Level.WAITING)
    assert {delivery.entry_id: delivery.sha256 for delivery in verified} == mirrored
    lacked = {row["entry_id"] for row in BEFORE["rows"]["record_entry"] if not row["mirrored"]}
    assert {delivery.entry_id for delivery in waiting} == lacked
    noted = await register_of(load(directory / "config.toml"), kept.keys).noted()
    assert {line.id for line in noted.lines} == {row["id"] for row in BEFORE["rows"]["destructions"]}
    assert noted.unread == ()


async def test_opening_it_a_second_time_changes_nothing(directory: Path) -> None:
    config = load(directory / "config.toml")
    async with opened(config) as first:
        rows = await rows_of(first.database)
    content = (directory / JOURNAL).read_bytes()
    async with opened(config) as second:
        assert await rows_of(second.database) == rows
    assert (directory / JOURNAL).read_bytes() == content


async def test_the_bot_goes_on_where_it_was_and_nothing_that_was_filed_is_lost(directory: Path) -> None:
    world = as_it_was((directory / "world.json").read_text())
    async with opened_practice(directory, TODAY, world) as (practice, _):
        practice.vault.clear_unfinished()
        await practice.pull()
        await practice.settle()
        kim = await someone(practice, "@kim:hs.test", "KimIdentity")
        await kim.writes("!retry")
        for _ in range(2):
            await practice.after(hours=26)
        assert await practice.left(Progress.HELD) == []
        assert [one.intent for one in await practice.left() if one.due_at <= practice.clock.now()] == []
        assert await practice.audit_is_whole()
        now, filed = await rows_of(practice.database), await entries_of(practice.record)
    assert "new" not in {row["state"] for row in now["inbox"]}
    assert len([row for row in now["inbox"] if row["state"] == "quarantined"]) == 1  # as before
    said = {table: BEFORE["rows"][table] for table in ("consents", "consent_answers", "disclosures", "audit")}
    assert lost(said, now) == []
    register = {row["subject_id"] for row in now["destructions"]} | {row["ref"] for row in now["destructions"]}
    about = {row["entry_id"]: row["about"] for row in BEFORE["rows"]["record_entry"]}
    kept = {(entry["entry_id"], entry["kind"], entry["sha256"]) for entry in filed}
    gone = [
        entry
        for entry in BEFORE["record"]
        if (entry["entry_id"], entry["kind"], entry["sha256"]) not in kept
        and not register & {entry["entry_id"], about[entry["entry_id"]]}
    ]
    assert gone == []


def lost(before: dict[str, list[Row]], now: dict[str, list[Row]]) -> list[tuple[str, Row]]:
    """The rows of before that are gone, or have another value in a column they had."""
    by_key: dict[tuple[str, str], dict[object, Row]] = {}
    missing = []
    for table, rows in before.items():
        for where, values in (BECAME[table](row) if table in BECAME else (table, row) for row in rows):
            key = next(iter(values))
            if (where, key) not in by_key:
                by_key[where, key] = {row[key]: row for row in now.get(where, [])}
            there = by_key[where, key].get(values[key], {})
            if any(name not in there or there[name] != value for name, value in values.items()):
                missing.append((where, values))
    return missing
