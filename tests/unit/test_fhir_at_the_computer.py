"""A FHIR server as somebody at the computer sees it: tried out, listed, and looked at by the doctor."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.commands import app
from bot.commands.terminal import reporting
from bot.config import load
from bot.domain.entries import Entry, EntryKind
from bot.operate.doctor.check_copies import further_copies
from bot.operate.doctor.check_machine import modes
from bot.operate.kept import opened
from tests.fhir_sekmet import MRN, shared
from tests.unit.test_backup import AT, SAM, Practice


class Seat:
    def __init__(self, practice: Practice, capsys: pytest.CaptureFixture[str], *, client: str = "consentry") -> None:
        self.practice, self._capsys, server = practice, capsys, shared()
        self.key_file = practice.file.parent / "fhir.pem"
        self.key_file.write_bytes(server.key_file.read_bytes())
        self.key_file.chmod(0o600)
        more = (
            f'\n[[destinations]]\nname = "Harbour Street FHIR"\nkind = "fhir"\nurl = "{server.url}"\n'
            f'patient_identifier = "{MRN}"\nclient_id = "{client}"\nkey_file = "{self.key_file}"\n'
        )
        practice.file.write_text(practice.file.read_text() + more)
        practice.config = load(practice.file)

    def types(self, *words: str) -> tuple[int, str]:
        self._capsys.readouterr()
        code = reporting(lambda: app([*words, "--config", str(self.practice.file)]))
        said = self._capsys.readouterr()
        return code, said.out + said.err

    def doctor(self) -> tuple[bool | None, str, str]:
        async def looks() -> tuple[bool | None, str, str]:
            async with opened(self.practice.config, read_only=True) as kept:
                (found,) = [found async for found in further_copies(self.practice.config, kept)]
            return found.ok, found.what, found.mend

        return asyncio.run(looks())

    async def found_out(self) -> str:
        async with opened(self.practice.config, read_only=True) as kept:
            (place,) = kept.places
            assert place.found_out is not None
            return await place.found_out.noted()

    async def file_a_note(self) -> None:
        async with opened(self.practice.config) as kept:
            await kept.record.file(Entry("n1", EntryKind.NOTE, SAM, "IMG-7F3K", AT, "Dr Lee", {}, text="eczema"))


async def made(practice: Practice) -> None:
    async with opened(practice.config):
        pass


@pytest.fixture
def practice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Practice:
    monkeypatch.setattr("bot.commands.terminal.console.width", 200)
    practice = Practice(tmp_path / "practice")
    asyncio.run(made(practice))
    return practice


def test_a_trial_shows_that_the_server_lets_the_bot_in_and_gives_back_what_it_gets(
    practice: Practice, capsys: pytest.CaptureFixture[str]
) -> None:
    seat = Seat(practice, capsys)
    code, said = seat.types("destinations", "try", "Harbour Street FHIR")
    assert code == 0 and "It works" in said
    listed = seat.types("destinations", "list")[1]
    assert "Harbour Street FHIR" in listed and "original" in listed and "verified" in listed
    assert seat.doctor() == (
        None,
        "nothing has gone there yet",
        '`consentry destinations try "Harbour Street FHIR"`; the next filing goes there, `fill` adds what was filed before',
    )


def test_a_trial_notes_how_photos_go_there_which_the_doctor_says_and_a_retry_forgets(
    practice: Practice, capsys: pytest.CaptureFixture[str]
) -> None:
    seat = Seat(practice, capsys)
    asyncio.run(seat.file_a_note())
    assert asyncio.run(seat.found_out()) == "" and seat.doctor()[:2] == (True, "1 waiting")
    seat.types("destinations", "try", "Harbour Street FHIR")
    assert asyncio.run(seat.found_out()) == "own-id"
    assert seat.doctor()[:2] == (True, "1 waiting; photos go there as text")
    assert seat.types("destinations", "retry")[0] == 0
    assert asyncio.run(seat.found_out()) == ""


def test_a_server_that_does_not_let_the_bot_in_is_told_in_words(
    practice: Practice, capsys: pytest.CaptureFixture[str]
) -> None:
    seat = Seat(practice, capsys, client="somebody-else")
    code, said = seat.types("destinations", "try", "Harbour Street FHIR")
    assert code == 1 and "it does not work: the place does not let the bot in" in said
    ok, what, mend = seat.doctor()
    assert (ok, what) == (
        False,
        "the place does not let the bot in; nothing waits for it",
    ) and "destinations try" in mend


def test_the_doctor_says_where_others_may_read_what_the_server_knows_the_bot_by(
    practice: Practice, capsys: pytest.CaptureFixture[str]
) -> None:
    seat = Seat(practice, capsys)
    name = "Harbour Street FHIR, key_file"
    assert [found.ok for found in modes(practice.config, None) if found.name == name] == [True]
    seat.key_file.chmod(0o644)
    (found,) = [found for found in modes(practice.config, None) if found.name == name]
    assert found.ok is False and "others may read" in found.what
    seat.key_file.unlink()
    assert "the file with the key or token can't be read" in seat.types("destinations", "try", "Harbour Street FHIR")[1]
