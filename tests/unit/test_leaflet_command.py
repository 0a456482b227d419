"""`consentry leaflet`: an invitation on paper. It names nobody, works once, and nobody who works here comes in by it (R33)."""

from __future__ import annotations

import asyncio
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pypdfium2
import pytest
import segno
from PIL import Image

from bot.config import load
from bot.domain.errors import Permanent
from bot.domain.identifiers import SETUP, Account
from bot.domain.invitations import Invitation, InvitationState, Tell
from bot.domain.invitee import Invitee
from bot.domain.people import Relation, Role, Standing
from bot.imaging.leaflet_pdf import leaflet_pdf
from bot.matrix.cross_signing import Seeds
from bot.operate.kept import opened
from bot.operate.sealed_files import SEEDS, write_sealed
from bot.words import about_admission
from bot.words.on_a_leaflet import leaflet
from handlers.people.enrol import invite_anew
from storage.vault.key_ring import KeyRing
from tests.practice import POLICY, Someone, Staffed, staffed_practice
from tests.unit.test_commands import Consentry, consentry
from tests.unit.test_confirm_command import lived
from tests.unit.test_two_people import person_of

__all__ = ["consentry"]

TOKEN = "tOken-1234567890"
PAGE = '\n[page]\nurl = "https://photos.example"\n'
TELL_NOBODY = "y\nn\nnew browser\n"


async def with_a_token(people: Staffed) -> None:
    for number in (1, 2):
        await people.practice.journal.offer_registration_token(
            f"{TOKEN}{number}", datetime.now(UTC) + timedelta(days=90)
        )


@pytest.fixture
def practice(tmp_path: Path) -> Path:
    """A practice that has run, with a page, and Sam Patel in it."""
    lived(tmp_path, with_a_token)
    write_sealed(KeyRing.load(tmp_path / "keys"), tmp_path / "data", SEEDS, Seeds.generate().to_bytes())
    with (tmp_path / "config.toml").open("a") as config:
        config.write(PAGE)
    return tmp_path


async def invitations(practice: Path) -> list[Invitation]:
    async with opened(load(practice / "config.toml"), read_only=True) as kept, kept.journal.reading() as rows:
        return await rows.invitations.find(invited_by=SETUP, role=Role.PATIENT)


def open_ones(practice: Path) -> list[Invitation]:
    return [each for each in asyncio.run(invitations(practice)) if each.state is InvitationState.OPEN]


def test_it_names_nobody_and_is_for_whoever_prints_it_alone(consentry: Consentry, practice: Path) -> None:
    done = consentry("leaflet", "10421", "leaflet.pdf", typed=TELL_NOBODY)
    assert done.code == 0, done.err
    [made] = open_ones(practice)
    assert "Sam Patel, born 7 March 1984, MRN 10421" in done.out and f"Leaflet {made.selector}" in done.out
    assert TOKEN not in done.out and "https://photos" not in done.out
    file = practice / "leaflet.pdf"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    printed = file.read_bytes()
    assert all(part in printed for part in (b"Harbour", b"call 000", made.selector.encode()))
    assert not any(part in printed for part in (b"Sam", b"Patel", b"10421", b"1984", b"rash", b"wound"))
    assert (made.tell, made.not_now_because) == (Tell.NOT_NOW, "new browser")
    assert made.asked_of, "of whom it was asked"


def test_nothing_is_replaced_and_then_nothing_is_made(consentry: Consentry, practice: Path) -> None:
    (practice / "leaflet.pdf").write_text("mine")
    refused = consentry("leaflet", "10421", "leaflet.pdf", typed=TELL_NOBODY)
    assert refused.code == 1 and "never replaced" in refused.err
    assert (practice / "leaflet.pdf").read_text() == "mine"
    assert open_ones(practice) == []


def test_R15_who_it_is_for_is_asked_and_a_no_makes_nothing(consentry: Consentry, practice: Path) -> None:
    assert consentry("leaflet", "10421", "leaflet.pdf", typed="n\n").code == 1
    assert open_ones(practice) == [] and not (practice / "leaflet.pdf").exists()


def test_R33_an_earlier_one_for_the_same_person_ends(consentry: Consentry, practice: Path) -> None:
    assert "earlier" not in consentry("leaflet", "10421", "one.pdf", typed=TELL_NOBODY).out
    [first] = open_ones(practice)
    assert "earlier invitation" in consentry("leaflet", "10421", "two.pdf", typed=TELL_NOBODY).out
    [second] = open_ones(practice)
    assert first.id != second.id


def test_without_a_token_nothing_is_made_and_what_to_do_is_said(consentry: Consentry, practice: Path) -> None:
    for name in ("one.pdf", "two.pdf"):
        consentry("leaflet", "10421", name, typed=TELL_NOBODY)
    [before] = open_ones(practice)
    refused = consentry("leaflet", "10421", "three.pdf", typed=TELL_NOBODY)
    assert refused.code == 1 and "start the bot" in refused.err
    assert open_ones(practice) == [before], "the earlier one stays"
    assert not (practice / "three.pdf").exists()


@pytest.mark.parametrize("who", ["parent", "guardian"])
def test_R33_what_takes_two_people_is_for_the_chat(consentry: Consentry, practice: Path, who: str) -> None:
    refused = consentry("leaflet", "10421", "leaflet.pdf", "--for", who, typed="Ann Patel\ny\n")
    assert refused.code == 1 and ("grown up" in refused.err or "!link" in refused.err)
    assert consentry("leaflet", "10421", "leaflet.pdf", "--for", "decision-maker").code != 0
    assert open_ones(practice) == []


async def test_R33_nobody_who_works_here_comes_in_by_it_and_a_patient_does(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.kim.writes('!enrol patient 20001 "Flo Po" 1984-03-07')
        async with people.practice.journal.transaction() as rows:
            patient = await rows.patients.with_mrn("20001")
            assert patient is not None
            invitee = Invitee(Role.PATIENT, patient.name, patient.id, Relation.SELF)
            made = await invite_anew(invitee, SETUP, people.practice.dispatch.transaction(rows))
        await people.lee.enrol(made.code)
        assert about_admission.made_at_the_computer.english() in [
            post.body for post in people.practice.homeserver.posts
        ]
        flo = Someone(people.practice, Account("@flo:hs.test"), "FloIdentity")
        await flo.enrol(made.code)
        assert (await person_of(flo)).standing is Standing.ACTIVE


LINK = f"https://photos.example/#c=K7M-4QXD-9TRP&t={'t' * 32}&b=@consentry:photos.example&k={'k' * 43}"
ONCE = "Please show it to nobody else"


def page_of(practice: str = "Harbour (Street) & <Sons>", emergency: str = POLICY.emergency_text) -> bytes:
    expires = "Tuesday 8 December 2026, 17:00"
    return leaflet_pdf(leaflet(practice, Relation.SELF, expires, emergency, "02 9999 0000", "K7M"), LINK)


def read(page: bytes) -> str:
    """What stands on the one page, as far as the paper goes, with the lines put together."""
    with pypdfium2.PdfDocument(page) as document:
        [only] = document
        text = only.get_textpage()
        return " ".join(text.get_text_bounded(0, 0, *only.get_size()).split())


def test_the_same_words_and_link_make_the_same_page() -> None:
    page = page_of()
    assert page == page_of()
    assert LINK.encode() not in page
    assert "Harbour (Street) & <Sons> Send us a photo" in read(page) and ONCE in read(page)


def test_its_picture_is_the_code_of_the_link_in_one_place_with_quiet_around_it() -> None:
    with pypdfium2.PdfDocument(page_of()) as document:
        [picture] = [each.get_bitmap().to_pil() for each in document[0].get_objects([pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])]
    matrix = segno.make_qr(LINK, error="m").matrix
    side = len(matrix) + 8
    assert picture.width % side == 0
    small = picture.convert("L").resize((side, side), Image.Resampling.NEAREST)
    dark = [[pixel == 0 for pixel in small.tobytes()[row * side :][:side]] for row in range(side)]
    assert [row[4:-4] for row in dark[4:-4]] == [[bool(each) for each in row] for row in matrix]
    assert sum(map(sum, dark)) == sum(map(sum, matrix)), "around it there is nothing"


def test_however_much_there_is_to_say_it_stays_on_one_page() -> None:
    read_there = read(
        page_of("Practice for the foot, the ankle and the knee " * 3, "Not for emergencies: call 000. " * 20)
    )
    assert ONCE in read_there and "Leaflet K7M" in read_there


def test_letters_that_cannot_be_printed_are_refused() -> None:
    with pytest.raises(Permanent, match="Ληξούρι"):
        page_of("Ληξούρι")
