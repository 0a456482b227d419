"""Taking back: a deletion is asked about, a withdrawal before filing destroys, after filing the truth is told (R13, R16)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.arrivals import Arrival
from bot.domain.entries import EntryKind
from bot.domain.identifiers import Account, RoomId
from bot.domain.image import HeldFor, State
from bot.domain.purposes import Purpose
from bot.words.to_whoever_asks_back import shall_it_be_withdrawn
from tests.cases import taps
from tests.practice import JPEG, Practice, Someone, Staffed, staffed_practice


def sealed_objects(directory: Path) -> list[Path]:
    return [path for path in (directory / "objects").rglob("*") if path.is_file()]


async def deleted_and_asked(people: Staffed) -> Arrival:
    sent = await people.sam.sends_photo()
    await people.sam.deletes(sent)
    return sent


async def test_a_deletion_before_filing_files_nothing_until_it_is_answered(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await deleted_and_asked(people)
        await people.practice.after(hours=23)
        image = await people.practice.only_image()
        assert (image.state, image.held_for) == (State.HELD, HeldFor.SENDER_DELETED)
        assert await people.practice.audited("image.SenderDeleted") == 1


async def test_one_tap_withdraws_what_was_deleted(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await deleted_and_asked(people)
        ref = (await people.practice.only_image()).ref
        words, _poll = people.sam.heard[-2:]
        assert words.startswith(f"You deleted {ref} from the chat.") and f"“yes {ref}”" in words
        await taps(people.sam, "Yes")
        assert (await people.practice.only_image()).state is State.DISCARDED


async def test_an_unanswered_deletion_is_for_the_practice_to_settle(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await deleted_and_asked(people)
        await people.practice.after(hours=25)
        image = await people.practice.only_image()
        asked = people.practice.seen_in(await people.practice.practice_room())[-1]
        assert f"!keep {image.ref}" in asked and f"!discard {image.ref}" in asked
        assert image.state is State.HELD and await people.practice.audited("question.unanswered") == 2


@pytest.mark.parametrize(("word", "state"), [("keep", State.VERIFIED), ("discard", State.DISCARDED)])
async def test_the_practice_keeps_or_discards_and_the_sender_hears(word: str, state: State, tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await deleted_and_asked(people)
        await people.practice.after(hours=25)
        ref = (await people.practice.only_image()).ref
        heard = len(people.sam.heard)
        await people.lee.writes(f"!{word} {ref}")
        assert (await people.practice.only_image()).state is state
        assert len(people.sam.heard) == heard + 1 and ref in people.sam.last_heard
        assert await people.practice.audited("held.decided") == 1
        assert bool(sealed_objects(tmp_path)) == (state is State.VERIFIED)


async def test_keep_and_discard_are_only_for_what_is_held(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo(caption="rash")
        ref = (await people.practice.only_image()).ref
        for word in ("keep", "discard"):
            await people.lee.writes(f"!{word} {ref}")
            assert "is not on hold" in people.lee.last_heard


async def test_a_deletion_after_filing_is_told_once_that_it_stays(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        sent = await people.sam.sends_photo(caption="rash")
        heard = len(people.sam.heard)
        await people.sam.deletes(sent)
        await people.sam.deletes(replace(sent))
        assert len(people.sam.heard) == heard + 1 and "Health records must be kept by law" in people.sam.last_heard
        assert (await people.practice.only_image()).state is State.VERIFIED


async def test_a_deletion_by_another_member_changes_nothing(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        sent = await people.sam.sends_photo()
        heard = len(people.sam.heard)
        await Someone(people.practice, Account("@eve:hs.test"), "EveIdentity").deletes(sent)
        assert (await people.practice.only_image()).state is State.CAPTURED
        assert len(people.sam.heard) == heard and await people.practice.audited("deletion.by-another") == 1


async def test_a_deletion_that_names_another_room_is_nobody_s(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        sent = await people.sam.sends_photo()
        await people.sam.deletes(replace(sent, room_id=RoomId("!elsewhere")))
        assert (await people.practice.only_image()).state is State.CAPTURED


async def test_a_photo_deleted_before_it_was_fetched_is_asked_about_before_it_is_filed(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        sent = people.sam.photo(JPEG, "rash")
        await people.practice.receive(sent)
        await people.sam.deletes(sent)
        assert (await people.practice.only_image()).held_for is HeldFor.SENDER_DELETED
        await people.sam.writes("no")
        assert (await people.practice.only_image()).state is State.VERIFIED


async def test_withdrawn_while_it_waits_for_its_reason_it_is_destroyed(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        sent = await people.sam.sends_photo()
        await people.sam.writes("withdraw")
        image = await people.practice.only_image()
        assert image.state is State.DISCARDED and image.sealed is None
        assert "has been destroyed" in people.sam.last_heard
        assert sealed_objects(tmp_path) == [] and sent.event_id in people.practice.homeserver.redacted
        assert await people.practice.audited("object.destroyed") == 1
        await people.sam.writes("it was a rash")
        assert "please send the photo" in people.sam.last_heard, "nothing is asked about it any more"


async def test_withdrawn_before_it_was_fetched_it_never_reaches_the_record(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.practice.receive(people.sam.photo(JPEG, "rash"))
        await people.sam.writes("withdraw")
        image = await people.practice.only_image()
        assert image.state is State.DISCARDED and sealed_objects(tmp_path) == []
        async with people.practice.journal.reading() as rows:
            (patient,) = await rows.patients.find()
        assert await people.practice.record.entries(patient.id) == []


async def test_withdrawn_while_it_is_held_it_is_destroyed(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await deleted_and_asked(people)
        await people.sam.writes("withdraw")
        assert (await people.practice.only_image()).state is State.DISCARDED
        await people.lee.writes(f"!keep {(await people.practice.only_image()).ref}")
        assert "not on hold" in people.lee.last_heard


async def test_withdrawn_after_filing_it_stays_and_that_is_said(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo(caption="rash")
        await people.sam.writes("withdraw")
        assert "stays in the health record" in people.sam.last_heard
        assert (await people.practice.only_image()).state is State.VERIFIED


async def test_withdrawing_twice_changes_nothing(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo()
        ref = (await people.practice.only_image()).ref
        await people.sam.writes(f"withdraw {ref}")
        await people.sam.writes(f"withdraw {ref}")
        assert ref in people.sam.last_heard and await people.practice.audited("refused") == 1
        assert (await people.practice.only_image()).state is State.DISCARDED


async def test_nobody_withdraws_or_corrects_somebody_else_s_photo(tmp_path: Path) -> None:
    """R24: it is answered as if it did not exist."""
    async with staffed_practice(tmp_path) as people:
        ada = await people.kim.joins_as("@ada:hs.test", "AdaIdentity", '!enrol patient 20001 "Ada Byron" 1990-12-10')
        await people.sam.sends_photo()
        ref = (await people.practice.only_image()).ref
        for words in (f"withdraw {ref}", f"correct {ref} not mine"):
            await ada.writes(words)
            assert "I don't know" in ada.last_heard and "rash" not in ada.last_heard
        assert (await people.practice.only_image()).state is State.CAPTURED


async def test_a_correction_before_filing_is_what_gets_filed(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo()
        await people.sam.writes("correct bite on my leg")
        ref = (await people.practice.only_image()).ref
        await people.sam.writes(f"correct {ref} bite on my leg")
        image = await people.practice.only_image()
        assert (image.state, image.reason) == (State.VERIFIED, "bite on my leg")


async def test_a_correction_after_filing_is_a_new_record_beside_the_old_one(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo(caption="rash on my arm")
        ref = (await people.practice.only_image()).ref
        await people.sam.writes(f"correct {ref} for insurance: rash on my leg")
        image = await people.practice.only_image()
        entries = await people.practice.record.entries(image.patient_id)
        (filed,) = [entry for entry in entries if entry.kind is EntryKind.IMAGE]
        assert filed.facts["reason"] == "rash on my arm"
        assert any("rash on my leg" in (e.text or "") for e in entries if e.kind is EntryKind.CORRECTION)
        async with people.practice.journal.reading() as rows:
            consents = await rows.consents.find(image_id=image.id)
        assert [one.purpose for one in consents] == [Purpose.CARE, Purpose.LEGAL], "never an edit"
        assert f"Corrected. {ref}" in people.sam.last_heard


async def test_words_put_right_while_it_is_held_rest_on_a_consent_of_their_own(tmp_path: Path) -> None:
    """R12: an old consent never stretches."""
    async with staffed_practice(tmp_path) as people:
        practice, sam = people.practice, people.sam
        sent = sam.photo(JPEG, "rash")
        await practice.receive(sent)
        await practice.inbox.drain()
        await carried_out(practice, "capture-image")
        await sam.deletes(sent)
        ref = (await practice.only_image()).ref
        await sam.writes(f"correct {ref} for insurance: my claim")
        await sam.writes("no")
        image = await practice.only_image()
        async with practice.journal.reading() as rows:
            consents = await rows.consents.find(image_id=image.id)
        assert image.state is State.VERIFIED and consents[-1].purpose is Purpose.LEGAL


async def carried_out(practice: Practice, kind: str) -> None:
    """Only the due intents of one kind."""
    for planned in await practice.left():
        if planned.intent.kind == kind:
            await practice.worker.carry_out(planned)


@pytest.mark.parametrize(
    ("filed", "says"),
    [
        ((), "nothing of them is filed or shared before you answer"),
        (("IMG-AAAA",), "nothing of IMG-BBBB is filed or shared and nobody new is shown IMG-AAAA before you answer"),
        (("IMG-AAAA", "IMG-BBBB"), "nobody new is shown them before you answer"),
    ],
)
def test_R13_the_question_for_several_promises_each_only_what_a_yes_does(filed: tuple[str, ...], says: str) -> None:
    refs = ["IMG-AAAA", "IMG-BBBB"]
    asked = shall_it_be_withdrawn(refs, filed=filed)
    assert says in asked
    assert ("destroyed" in asked) is (len(filed) < len(refs))
    assert ("stays in the record, as the law requires" in asked) is bool(filed)


async def test_R13_of_photos_in_the_record_no_question_promises_that_they_are_destroyed(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo(caption="a rash")
        await people.practice.after(minutes=30)
        filed = await people.practice.only_image()
        await people.sam.sends_photo(JPEG + b"2")
        (new,) = [image for image in await people.practice.images() if image.id != filed.id]
        await people.sam.writes(f"please delete {filed.ref} and {new.ref}")
        (asked,) = [words for words in people.sam.heard if "Which of these photos" in words and "Please tap" in words]
        assert filed.in_record and f"If you withdraw {new.ref}, it is destroyed, and not filed." in asked
        assert f"If you withdraw {filed.ref}, it stays in the record, as the law requires" in asked
