"""What the database keeps up to date by itself says what the rows say, after whatever changes: nothing else writes it."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.domain.document import Document, DocumentState
from bot.domain.entries import EntryKind
from bot.domain.identifiers import NO_PATIENT, DocumentId, EventId, ImageId, PatientId, PersonId, RoomId
from bot.domain.image import Image, State
from bot.domain.people import Patient
from bot.domain.use_rules import Source
from bot.ports import Commit
from storage.journal.encrypted_journal import EncryptedJournal
from storage.sql.database import Connection, Database
from tests.contract.things import KEY

BEGAN = datetime(2010, 1, 1, tzinfo=UTC)
BORN = (date(1985, 2, 28), date(1992, 2, 29), date(1996, 2, 29), date(2000, 7, 1))
PATIENTS = [Patient(PatientId(f"p{number}"), f"{number}", "Pat", born) for number, born in enumerate(BORN)]
OF_ALL = [NO_PATIENT, *(patient.id for patient in PATIENTS)]
TABLES = {
    "last_entries": ("record_ends", "patient_id, at, born, of_child"),
    "unnoted": ("notes_wanted", "image_id, received_at"),
}


async def contradictions(connection: Connection) -> list[tuple[object, ...]]:
    """Return what a table remembers and its view does not say, or the other way round."""
    found: list[tuple[object, ...]] = []
    for table, (view, columns) in TABLES.items():
        for one, other in ((table, view), (view, table)):
            asked = f"SELECT {columns} FROM {one} EXCEPT SELECT {columns} FROM {other}"  # names of this file
            found += [(one, *row) for row in await connection.execute(text(asked))]
    return found


class Life:
    """Images and words that change at random, each change in a commit."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # repeatable, not secret
        self.count = 0

    async def goes_on(self, rows: Commit) -> None:
        images, documents = await rows.images.find(), await rows.documents.find()
        self.count += 1
        deeds = [self.image_comes, self.words_come]
        deeds += [self.image_changes] * 3 if images else []
        deeds += [self.words_change, self.words_go] if documents else []
        await self.chance.choice(deeds)(rows, images, documents)

    def moment(self) -> datetime:
        return BEGAN + timedelta(days=self.chance.randrange(7000), seconds=self.count)

    async def image_comes(self, rows: Commit, images: list[Image], documents: list[Document]) -> None:
        name = f"i{self.count}"
        made = Image(ImageId(name), name, PersonId("sam"), RoomId("!r"), EventId(f"${name}"), self.moment())
        await rows.images.add(self.changed(made))

    def changed(self, image: Image) -> Image:
        state = self.chance.choice(list(State))
        filed = self.chance.choice([None, image.filed_at, self.moment()])
        return replace(
            image,
            state=state,
            patient_id=self.chance.choice(OF_ALL),
            source=self.chance.choice(list(Source)),
            form_of=self.chance.choice([ImageId(""), ImageId(""), ImageId("i1")]),
            filed_at=self.moment() if state in {State.FILED, State.VERIFIED} else filed,
        )

    async def image_changes(self, rows: Commit, images: list[Image], documents: list[Document]) -> None:
        await rows.images.save(self.changed(self.chance.choice(images)))

    async def words_come(self, rows: Commit, images: list[Image], documents: list[Document]) -> None:
        about = self.chance.choice([ImageId(""), *(image.id for image in images)])
        made = Document(
            DocumentId(f"d{self.count}"),
            self.chance.choice([EntryKind.NOTE, EntryKind.RECEIPT, EntryKind.ANSWER]),
            about,
            self.chance.choice(OF_ALL),
            PersonId("lee"),
            self.moment(),
            "",
            {},
            "",
            self.chance.choice(list(DocumentState)),
        )
        await rows.documents.add(made)

    async def words_change(self, rows: Commit, images: list[Image], documents: list[Document]) -> None:
        document = self.chance.choice(documents)
        state, whose = self.chance.choice(list(DocumentState)), self.chance.choice(OF_ALL)
        await rows.documents.save(replace(document, state=state, patient_id=whose))

    async def words_go(self, rows: Commit, images: list[Image], documents: list[Document]) -> None:
        """Only a draft goes, and a note is none (`Dropped`)."""
        document = self.chance.choice(documents)
        if document.kind is not EntryKind.NOTE:
            await rows.documents.remove(document)


@pytest.mark.parametrize("seed", range(3))
async def test_the_database_remembers_what_the_rows_say_whatever_changes(tmp_path: Path, seed: int) -> None:
    database = await Database.open(tmp_path / "journal.db", KEY)
    journal, life = EncryptedJournal(database), Life(seed)
    remembered = 0
    try:
        async with journal.transaction() as rows:
            await rows.patients.add(*PATIENTS)
        for _ in range(150):
            async with journal.transaction() as rows:
                await life.goes_on(rows)
            async with database.reading() as connection:
                assert await contradictions(connection) == []
                asked = "SELECT (SELECT count(*) FROM last_entries) + (SELECT count(*) FROM unnoted)"
                remembered = max(remembered, (await connection.execute(text(asked))).scalar_one())
    finally:
        await database.close()
    assert remembered > 5, "there was something to remember"
