"""A clinician sends a photo: one message and one tap file it, or it stays with them. Each conversation as people have it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.consent import Basis
from bot.domain.entries import EntryKind
from bot.domain.identifiers import Address
from bot.domain.image import HeldFor, State
from bot.domain.people import Relation
from bot.domain.use_rules import Kind, Source
from bot.words.phrases import REVIEW_ORIGINAL
from storage.records.export import export_patient
from tests.cases import answer_id, pictures_in, polls_in, taps
from tests.colleagues import (
    CHANGE,
    FILE,
    LEAVE,
    LINE,
    PDF,
    answers,
    asked,
    audited,
    entries_of,
    image_of,
    said,
    sends_form,
    with_derm,
)
from tests.households import answered_in_app
from tests.practice import JPEG, POLICY, Someone

OTHER = JPEG + b"another"


async def test_a_photo_one_line_and_one_tap_and_it_is_filed_with_all_that_R14_asks(tmp_path: Path) -> None:
    """R2, R4."""
    async with with_derm(tmp_path) as (practice, people, _):
        before = len(people.lee.heard)
        photo = await people.lee.sends_photo()
        assert (await image_of(practice)).state is State.CAPTURED, "sealed at once: nothing can be lost"
        await people.lee.writes(f"{LINE} infected wound")
        echo = asked(people.lee)
        for element in ("Sam Patel", "7 March 1984", "MRN 10421", "Dr Lee", "Verbal consent", "23 November 2026"):
            assert element in echo
        for element in ("infected wound", "advice was agreed", "helps this patient's care", "who has access"):
            assert element in echo
        assert answers(people.lee) == ["File it under my name", LEAVE, CHANGE]
        assert (await image_of(practice)).state is State.CAPTURED, "not before the tap"
        await taps(people.lee, FILE)
        image = await image_of(practice)
        assert (image.state, image.source, image.kind) == (State.VERIFIED, Source.COLLEAGUE, Kind.BODY)
        assert (image.covers_advice, image.taken_by) == (True, image.sender_id)
        assert await practice.record.content(image.id) == JPEG
        assert len(people.lee.heard) - before == 7, (
            "the thanks; and in words and as a poll the question, the echo, and R18's"
        )
        (entry,) = await entries_of(practice, EntryKind.IMAGE)
        assert entry.by == "Dr Lee, clinician"
        assert entry.facts["origin"] == {"taken_by": "Dr Lee", "sent_by": "Dr Lee"}
        assert "helps this patient's care" in entry.facts["attestation"]["words"]
        consent = entry.facts["consent"]
        assert (consent["basis"], consent["by"], consent["on"]) == ("verbal", "the patient", "2026-11-23")
        assert consent["topics"] == ["why it was taken", "how it is used", "who has access"]
        assert consent["proof"]["identity"] == "LeeIdentity"
        assert photo.event_id in practice.homeserver.redacted
        async with practice.journal.reading() as rows:
            (consented,) = await rows.consents.find(image_id=image.id)
        assert (consented.basis, consented.capacity) == (Basis.VERBAL, Relation.SELF)
        assert said(practice, await practice.practice_room(), image.ref) == 0, "it is Dr Lee's own"


async def test_the_line_as_a_caption_is_one_message_and_one_tap(tmp_path: Path) -> None:
    async with with_derm(tmp_path) as (practice, people, _):
        await people.lee.sends_photo(caption=LINE)
        await taps(people.lee, FILE)
        assert (await image_of(practice)).state is State.VERIFIED


async def test_by_tapping_only_the_two_identifiers_are_typed(tmp_path: Path) -> None:
    async with with_derm(tmp_path) as (practice, people, _):
        await people.lee.sends_photo()
        await taps(people.lee, "Body: I took it, verbal consent today, sharing")
        assert "record number and date of birth together" in people.lee.last_heard
        assert "consent" not in people.lee.last_heard
        await people.lee.writes("1984-03-07 10421")
        await taps(people.lee, FILE)
        image = await image_of(practice)
        assert (image.state, image.covers_advice) == (State.VERIFIED, True)


async def test_what_is_missing_is_asked_for_by_name_and_nothing_else_is(tmp_path: Path) -> None:
    async with with_derm(tmp_path) as (practice, people, _):
        await people.lee.sends_photo()
        await people.lee.writes("body 10421 1984-03-07 verbal")
        assert "who took it" in people.lee.last_heard and "when consent was given" in people.lee.last_heard
        assert "body or document" not in people.lee.last_heard and "record number" not in people.lee.last_heard
        await people.lee.writes("by Nurse Chen, yesterday")
        assert "“Nurse Chen”" in asked(people.lee) and "22 November 2026" in asked(people.lee)
        await taps(people.lee, FILE)
        (entry,) = await entries_of(practice, EntryKind.IMAGE)
        assert entry.facts["origin"]["taken_by"] == "Nurse Chen"


async def test_photos_in_a_row_share_one_answer_and_a_later_one_carries_nothing_over(tmp_path: Path) -> None:
    """R15."""
    async with with_derm(tmp_path) as (practice, people, _):
        for number in range(3):
            await people.lee.sends_photo(JPEG + bytes([number]))
        assert said(practice, people.lee.own_room, "kept safely") == 1
        await people.lee.writes(LINE)
        assert "3 photos" in asked(people.lee) and all(one.ref in asked(people.lee) for one in await practice.images())
        await people.lee.sends_photo(OTHER)
        await taps(people.lee, "", secret=answer_id_of_first_echo(people.lee))
        late = await image_of(practice, OTHER)
        assert (late.state, late.statement, late.patient_id) == (State.CAPTURED, None, "")
        assert sum(image.state is State.VERIFIED for image in await practice.images()) == 3
        assert said(practice, people.lee.own_room, "from your device now") == 1, "R18 is asked once for all three"


def answer_id_of_first_echo(person: Someone) -> str:
    polls = polls_in(person.practice, person.own_room)
    echo = next(poll for poll in polls if "Sam Patel" in poll["question"]["body"])
    return str(next(one["id"] for one in echo["answers"] if one["org.matrix.msc1767.text"].startswith(FILE)))


async def test_with_two_that_wait_the_line_must_say_which(tmp_path: Path) -> None:
    """R15."""
    async with with_derm(tmp_path) as (practice, people, _):
        await people.lee.sends_photo(caption="left shin")
        await people.lee.sends_photo(OTHER, caption="right shin")
        await people.lee.writes(LINE)
        first, second = await image_of(practice), await image_of(practice, OTHER)
        assert "Which one?" in people.lee.last_heard
        assert first.ref in people.lee.last_heard and second.ref in people.lee.last_heard
        await people.lee.writes(f"{second.ref} {LINE}")
        await taps(people.lee, FILE)
        assert (await image_of(practice)).state is State.CAPTURED
        assert (await image_of(practice, OTHER)).state is State.VERIFIED
        assert (await image_of(practice, OTHER)).reason == "right shin"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (LINE.replace("10421", "10422"), "No enrolled patient"),
        (LINE.replace("1984-03-07", "1985-03-07"), "No enrolled patient"),
        (LINE.replace("1984-03-07", ""), "record number and date of birth together"),
        (LINE.replace("1984-03-07", "1984-02-30"), "“1984-02-30” is not a date"),
        (LINE.replace("today", "2027-01-01"), "in the future"),
    ],
)
async def test_identifiers_or_days_that_do_not_fit_are_said_and_nothing_is_matched(
    tmp_path: Path, line: str, words: str
) -> None:
    """R15."""
    async with with_derm(tmp_path) as (practice, people, _):
        await people.lee.sends_photo()
        await people.lee.writes(line)
        assert words in people.lee.last_heard
        assert "Sam Patel" not in " ".join(people.lee.heard)
        await people.lee.writes(LINE)
        await taps(people.lee, FILE)
        assert (await image_of(practice)).state is State.VERIFIED


async def test_one_identifier_alone_is_not_taken_for_the_reason_and_both_are_asked_for(tmp_path: Path) -> None:
    """R15: two identifiers, in one message; a record number is no reason, and goes to nobody as one."""
    async with with_derm(tmp_path) as (practice, people, _):
        await people.lee.sends_photo(caption="a wound")
        for half in ("10421", "7 March 1984"):
            await people.lee.writes(half)
            assert "in one message" in people.lee.last_heard
        await people.lee.writes("MRN 10421 7/3/1984 body mine verbal today")
        assert "Reason: “a wound”" in asked(people.lee) and "born 7 March 1984" in asked(people.lee)
        assert (await image_of(practice)).state is State.CAPTURED


@pytest.mark.parametrize("words", ["thanks!", "File it", "👍", "please file it", "great 🙂"])
async def test_polite_words_are_no_reason_and_show_what_waits_once_more(tmp_path: Path, words: str) -> None:
    async with with_derm(tmp_path) as (_practice, people, _):
        await people.lee.sends_photo(caption=f"{LINE} wound on the shin")
        polls = len(polls_in(people.practice, people.lee.own_room))
        await people.lee.writes(words)
        assert "Reason: “wound on the shin”" in asked(people.lee)
        assert len(polls_in(people.practice, people.lee.own_room)) == polls + 1


async def test_another_patients_two_numbers_replace_the_first_and_the_old_echo_is_dead(tmp_path: Path) -> None:
    """R15: what was echoed last is what can be attested."""
    async with with_derm(tmp_path) as (practice, people, _):
        await people.kim.writes('!enrol patient 10500 "Ann Lim" 1990-05-01')
        await people.lee.sends_photo(caption=LINE)
        old = answer_id(practice, people.lee.own_room, FILE)
        await taps(people.lee, CHANGE)
        await people.lee.writes("10500 1990-05-01")
        assert "Ann Lim" in asked(people.lee) and "Sam Patel" not in asked(people.lee)
        await taps(people.lee, "", secret=old)
        assert (await image_of(practice)).state is State.CAPTURED
        await taps(people.lee, FILE)
        assert len(await entries_of(practice, EntryKind.IMAGE, "10500")) == 1
        assert not await entries_of(practice, EntryKind.IMAGE)


async def test_a_mistyped_change_of_patient_undoes_the_patient(tmp_path: Path) -> None:
    """R15."""
    async with with_derm(tmp_path) as (_practice, people, _):
        await people.lee.sends_photo(caption=LINE)
        await people.lee.writes("10500 1990-05-01")
        assert "No enrolled patient" in people.lee.last_heard and "which patient" in people.lee.last_heard


async def test_left_with_the_sender_nothing_is_kept(tmp_path: Path) -> None:
    """R4."""
    async with with_derm(tmp_path) as (practice, people, _):
        photo = await people.lee.sends_photo()
        line = await people.lee.writes(LINE)
        image = await practice.only_image()
        assert image.sealed is not None
        await taps(people.lee, LEAVE)
        left = await practice.only_image()
        assert (left.state, left.sealed, left.statement, left.patient_id) == (State.LEFT_WITH_SENDER, None, None, "")
        assert not list(tmp_path.rglob(f"*{image.id}*")), "no blob"
        assert {photo.event_id, line.event_id} <= practice.homeserver.redacted
        assert photo.content and photo.content["file"]["url"] not in practice.homeserver.media
        assert not await entries_of(practice, EntryKind.IMAGE)
        assert await audited(practice, "image.LeftWithSender") == 1
        assert "stays with you" in people.lee.last_heard
        await people.lee.sends_photo(caption=LINE)
        await taps(people.lee, FILE)
        assert (await practice.images())[-1].state is State.VERIFIED, (
            "sent again, it is no duplicate of what is not kept"
        )


@pytest.mark.parametrize("words", ["leave it with me", "Leave it with me please", "{ref} leave", "leave {ref}"])
async def test_leaving_works_in_words_and_before_anything_was_said(tmp_path: Path, words: str) -> None:
    async with with_derm(tmp_path) as (practice, people, _):
        await people.lee.sends_photo()
        await people.lee.writes(words.format(ref=(await practice.only_image()).ref))
        assert (await practice.only_image()).state is State.LEFT_WITH_SENDER


async def test_written_consent_waits_for_the_form_which_is_filed_beside_it(tmp_path: Path) -> None:
    """R2."""
    async with with_derm(tmp_path) as (practice, people, _):
        await people.lee.sends_photo()
        await people.lee.writes("body 10421 1984-03-07 mine written advice")
        assert "signed form" in people.lee.last_heard
        await sends_form(people.lee)
        assert "Written consent from the patient, signed form" in asked(people.lee)
        await taps(people.lee, FILE)
        image = await image_of(practice)
        form = next(one for one in await practice.images() if one.form_of)
        assert (image.state, form.state) == (State.VERIFIED, State.VERIFIED)
        (consent,) = await entries_of(practice, EntryKind.CONSENT)
        assert (consent.about, consent.media_type) == (image.ref, "application/pdf")
        assert await practice.record.content(consent.entry_id) == PDF
        (entry,) = await entries_of(practice, EntryKind.IMAGE)
        assert (entry.facts["consent"]["basis"], entry.facts["consent"]["form"]) == ("written", form.ref)
        await export_patient(practice.record, "10421", tmp_path / "folder")
        assert [path.read_bytes() for path in (tmp_path / "folder").glob("*.pdf")] == [PDF]
        assert ".pdf" in (tmp_path / "folder" / "index.html").read_text()
        await people.lee.writes(f"!forward {form.ref} @derm:hs.test look at this")
        assert "signed consent form" in people.lee.last_heard


async def test_moved_to_the_right_record_the_signed_form_goes_with_it(tmp_path: Path) -> None:
    """R15."""
    async with with_derm(tmp_path) as (practice, people, _):
        await people.kim.writes('!enrol patient 10500 "Ann Lim" 1990-05-01')
        await people.lee.sends_photo(caption="body 10421 1984-03-07 mine written")
        await sends_form(people.lee)
        await taps(people.lee, FILE)
        await people.kim.writes(f"!refile {(await image_of(practice)).ref} 10500 1990-05-01")
        await taps(people.kim, "Move")
        assert not await entries_of(practice, EntryKind.IMAGE) and not await entries_of(practice, EntryKind.CONSENT)
        assert len(await entries_of(practice, EntryKind.IMAGE, "10500")) == 1
        (form,) = await entries_of(practice, EntryKind.CONSENT, "10500")
        assert await practice.record.content(form.entry_id) == PDF
        assert {image.state for image in await practice.images()} == {State.VERIFIED}


async def test_a_form_that_could_not_be_kept_is_asked_for_again_and_nothing_is_filed_on_it(tmp_path: Path) -> None:
    """R2."""
    async with with_derm(tmp_path) as (practice, people, _):
        await people.lee.sends_photo(caption="body 10421 1984-03-07 mine written")
        await sends_form(people.lee, b"not a form at all")
        assert "isn't a kind I can keep" in " ".join(people.lee.heard[-2:])
        await taps(people.lee, "", secret=answer_id_of_first_echo(people.lee))
        assert (await image_of(practice)).state is State.CAPTURED
        await sends_form(people.lee)
        await taps(people.lee, FILE)
        assert (await image_of(practice)).state is State.VERIFIED


async def test_with_two_that_wait_for_a_form_its_caption_must_say_which(tmp_path: Path) -> None:
    """R15."""
    async with with_derm(tmp_path) as (practice, people, _):
        for data in (JPEG, OTHER):
            await people.lee.sends_photo(data, caption="body 10421 1984-03-07 mine written")
        await sends_form(people.lee)
        assert "Please send it again with the reference" in people.lee.last_heard
        assert not [one for one in await practice.images() if one.form_of]
        second = await image_of(practice, OTHER)
        await sends_form(people.lee, caption=f"form {second.ref}")
        assert second.ref in asked(people.lee)


async def test_policy_may_want_consent_in_writing(tmp_path: Path) -> None:
    """R22."""
    async with with_derm(tmp_path, replace(POLICY, written_consent_only=True)) as (practice, people, _):
        await people.lee.sends_photo()
        assert not any("verbal" in label.casefold() for label in answers(people.lee))
        await people.lee.writes(LINE)
        assert "needs consent in writing" in people.lee.last_heard
        await people.lee.writes("written")
        await sends_form(people.lee)
        await taps(people.lee, FILE)
        assert (await image_of(practice)).state is State.VERIFIED
        await people.lee.sends_photo(OTHER, caption="document 10421 1984-03-07 mine")
        await taps(people.lee, FILE)
        assert (await image_of(practice, OTHER)).state is State.VERIFIED, "a document needs none (R3)"


async def test_a_document_is_filed_without_consent_and_says_review_the_original(tmp_path: Path) -> None:
    """R3, R20."""
    async with with_derm(tmp_path) as (practice, people, _):
        await people.lee.sends_photo(caption="document mine 10421 1984-03-07 ECG from this morning")
        assert "consent" not in asked(people.lee)
        assert REVIEW_ORIGINAL in asked(people.lee)
        await taps(people.lee, FILE)
        image = await image_of(practice)
        (entry,) = await entries_of(practice, EntryKind.IMAGE)
        assert (entry.facts["kind"], entry.facts["consent"], entry.facts["caution"]) == (
            "document",
            None,
            REVIEW_ORIGINAL,
        )
        await people.lee.writes(f"!show {image.ref}")
        assert REVIEW_ORIGINAL in practice.posts_in(people.lee.own_room)[-1].body
        await people.lee.writes(f"!forward {image.ref} @derm:hs.test is this normal?")
        await taps(people.lee, "Yes")
        async with practice.journal.reading() as rows:
            (use,) = await rows.uses.find()
        assert use.rule == "R3"
        room = await practice.room(Address(f"case:{use.id}"))
        assert all(REVIEW_ORIGINAL in line for line in practice.seen_in(room))


async def test_advice_that_was_not_discussed_needs_the_patients_consent(tmp_path: Path) -> None:
    """R7."""
    async with with_derm(tmp_path) as (practice, people, _):
        await people.lee.sends_photo(caption=LINE.replace("advice", "no advice"))
        await taps(people.lee, FILE)
        ref = (await image_of(practice)).ref
        await people.lee.writes(f"!forward {ref} @derm:hs.test melanoma?")
        await taps(people.lee, "Yes")
        await taps(people.lee, "Sam Patel, the patient")
        assert "The patient is asked" in people.lee.last_heard
        assert "Dr Derm" in " ".join(people.sam.heard)
        await people.sam.writes("my images")
        assert ref in people.sam.last_heard
        await taps(people.sam, "Yes")
        await people.sam.writes(f"withdraw {ref}")
        assert "not passed on to anybody any more" in people.sam.last_heard


async def test_an_outside_clinicians_photo_is_filed_by_the_practice_and_waits_for_a_note(tmp_path: Path) -> None:
    """R5, R20."""
    async with with_derm(tmp_path) as (practice, people, derm):
        team = await practice.practice_room()
        await derm.sends_photo(caption=f"{LINE} lesion on the back")
        image = await image_of(practice)
        assert said(practice, team, image.ref) == 0, "not before Dr Derm stands for it"
        assert answers(derm)[0] == "File it with the practice"
        await taps(derm, FILE)
        image = await image_of(practice)
        assert (image.state, image.source) == (State.VERIFIED, Source.OUTSIDE)
        assert said(practice, team, "outside clinician") >= 1 and said(practice, team, "Sam") == 0
        (entry,) = await entries_of(practice, EntryKind.IMAGE)
        assert (entry.by, entry.facts["caution"]) == ("Dr Derm, outside clinician", REVIEW_ORIGINAL)
        await people.lee.writes(f"!mine {image.ref}")
        await people.lee.writes("!list")
        assert "needs a note" in people.lee.last_heard
        await practice.after(days=7)
        assert "no note of the discussion" in people.lee.last_heard
        await practice.after(days=7)
        assert "no note of the discussion" in people.kim.last_heard
        heard = len(people.kim.heard)
        await people.lee.writes(f"!note {image.ref} No discussion took place")
        assert "its case is closed" in people.lee.last_heard
        await practice.after(days=30)
        assert len(people.kim.heard) == heard
        await people.lee.writes("!list")
        assert "needs a note" not in people.lee.last_heard


async def test_unanswered_it_is_reminded_then_held_and_never_filed_or_shown(tmp_path: Path) -> None:
    """R2."""
    async with with_derm(tmp_path) as (practice, people, _):
        await people.lee.sends_photo(caption=LINE)
        ref = (await practice.only_image()).ref
        await practice.after(hours=1)
        assert said(practice, people.lee.own_room, "still waiting for you") == 1
        await practice.after(hours=23)
        image = await practice.only_image()
        assert (image.state, image.held_for, image.patient_id) == (State.HELD, HeldFor.UNATTESTED, "")
        assert said(practice, await practice.practice_room(), "has not attested it") == 1
        for command, words in ((f"!keep {ref}", "before its sender attests"), (f"!show {ref}", "don't show it")):
            await people.lee.writes(command)
            assert words in people.lee.last_heard
        await people.sam.writes("my images")
        assert ref not in people.sam.last_heard
        assert not await entries_of(practice, EntryKind.IMAGE)
        await taps(people.lee, FILE)
        assert (await practice.only_image()).state is State.VERIFIED, "a late answer still counts"


async def test_a_plain_yes_attests_nothing_and_is_no_reason(tmp_path: Path) -> None:
    async with with_derm(tmp_path) as (practice, people, _):
        await people.lee.sends_photo(caption=LINE)
        await people.lee.writes("yes")
        assert (await practice.only_image()).state is State.CAPTURED
        assert "Sam Patel" in asked(people.lee) and "yes" not in asked(people.lee)
        await people.lee.writes("File it under my name")
        assert (await practice.only_image()).state is State.VERIFIED


async def test_only_the_senders_own_tap_counts_and_only_once(tmp_path: Path) -> None:
    async with with_derm(tmp_path) as (practice, people, derm):
        await people.lee.sends_photo(caption=LINE)
        file = answer_id(practice, people.lee.own_room, FILE)
        leave = answer_id(practice, people.lee.own_room, LEAVE)
        await taps(derm, "", secret=file)
        await taps(people.kim, "", secret=file)
        assert (await practice.only_image()).state is State.CAPTURED
        await taps(people.lee, "", secret=file)
        await taps(people.lee, "", secret=leave)
        assert (await practice.only_image()).state is State.VERIFIED


async def test_deleted_in_the_chat_it_is_asked_about_and_yes_discards_it(tmp_path: Path) -> None:
    async with with_derm(tmp_path) as (practice, people, _):
        photo = await people.lee.sends_photo()
        await people.lee.deletes(photo)
        assert "Should it be withdrawn" in people.lee.last_heard and "your record" not in people.lee.last_heard
        await people.lee.writes("yes")
        assert (await practice.only_image()).state is State.HELD
        await people.lee.writes(f"yes {(await practice.only_image()).ref}")
        assert (await practice.only_image()).state is State.DISCARDED


async def test_the_same_photo_twice_is_kept_once_and_its_words_go_nowhere(tmp_path: Path) -> None:
    """R15: the caption of the second may name another patient."""
    async with with_derm(tmp_path) as (practice, people, _):
        await people.lee.sends_photo(caption=LINE)
        await taps(people.lee, FILE)
        await people.lee.sends_photo(caption="body 10500 1990-05-01 mine verbal today")
        assert (await practice.images())[-1].state is State.DISCARDED
        assert not await entries_of(practice, EntryKind.ANSWER)


async def test_for_a_child_it_must_be_said_who_consented(tmp_path: Path) -> None:
    async with with_derm(tmp_path) as (practice, people, _):
        await people.kim.writes('!enrol patient 10600 "Tim Lim" 2018-05-01 parent "Ann Lim"')
        await people.lee.sends_photo(caption="body 10600 2018-05-01 mine verbal today")
        assert "who gave consent for this child" in people.lee.last_heard
        await people.lee.writes("from mother")
        assert "Verbal consent from a parent" in asked(people.lee)
        await taps(people.lee, FILE)
        (entry,) = await entries_of(practice, EntryKind.IMAGE, "10600")
        assert entry.facts["consent"]["capacity"] == "parent"


async def test_a_clinician_who_is_a_patient_here_too_is_asked_which(tmp_path: Path) -> None:
    """R15: nothing is filed in the sender's own record by mistake."""
    async with with_derm(tmp_path) as (practice, people, _):
        await people.kim.writes('!enrol patient 10700 "Dr Lee" 1979-09-09')
        await people.lee.enrol(practice.last_code(people.kim.own_room))
        desk = await people.kim.joins_as("@max:hs.test", "MaxIdentity", '!enrol reception @max:hs.test "Max"')
        await desk.writes("!confirm 10700")  # who works here is a patient here with a second person (R33)
        await taps(desk, "Yes")
        await people.lee.sends_photo()
        assert answers(people.lee)[-1] == "It is of me or somebody I answer for, as a patient"
        await taps(people.lee, "It is of me")
        await people.lee.writes("rash on my arm")
        image = await practice.only_image()
        assert (image.state, image.source, image.reason) == (State.VERIFIED, Source.PATIENT, "rash on my arm")
        assert len(await entries_of(practice, EntryKind.IMAGE, "10700")) == 1
        assert said(practice, people.lee.own_room, "from your device now") == 0, "patients are never asked (R18)"


@pytest.mark.parametrize(("who", "where"), [("kim", "own"), ("lee", "practice")])
async def test_reception_and_the_practices_room_take_no_photos(tmp_path: Path, who: str, where: str) -> None:
    async with with_derm(tmp_path) as (practice, people, _):
        sender = people.kim if who == "kim" else people.lee
        room = sender.own_room if where == "own" else await practice.practice_room()
        photo = await sender.sends_photo(room=room)
        assert not await practice.images()
        assert photo.event_id in practice.homeserver.redacted
        assert "kept nothing" in practice.seen_in(room)[-1]


async def test_reception_cannot_match_a_colleagues_photo(tmp_path: Path) -> None:
    """R15."""
    async with with_derm(tmp_path) as (practice, people, _):
        await people.lee.sends_photo()
        await people.kim.writes(f"!match {(await practice.only_image()).ref} 10421 1984-03-07")
        assert "two identifiers" in people.kim.last_heard
        assert (await practice.only_image()).patient_id == ""


async def test_what_a_patient_sends_is_asked_none_of_this(tmp_path: Path) -> None:
    async with with_derm(tmp_path) as (practice, people, _):
        await people.sam.sends_photo(caption="rash")
        assert (await practice.only_image()).state is State.VERIFIED
        assert not polls_in(practice, people.sam.own_room)
        assert not pictures_in(practice, people.sam.own_room)


@pytest.mark.parametrize("minutes", [16, 50])
async def test_R15_long_after_the_form_was_asked_for_a_picture_without_words_is_a_photo_of_its_own(
    minutes: int, tmp_path: Path
) -> None:
    async with with_derm(tmp_path) as (practice, people, _):
        await people.lee.sends_photo(caption="body 10421 1984-03-07 mine written")
        waiting = await image_of(practice)
        await practice.after(minutes=minutes)
        before = len(people.lee.heard)
        await people.lee.sends_photo(OTHER)
        assert (await image_of(practice, OTHER)).statement is None, "the next patient's wound is no signed form"
        assert not [one for one in await practice.images() if one.form_of]
        assert f"“form {waiting.ref}” as its caption" in " ".join(people.lee.heard[before:])
        await sends_form(people.lee, caption=f"form {waiting.ref}")
        assert waiting.ref in asked(people.lee) and "signed form" in asked(people.lee)


async def test_R15_what_replies_to_a_photo_that_waits_is_its_form_however_late(tmp_path: Path) -> None:
    async with with_derm(tmp_path) as (practice, people, _):
        sent = await people.lee.sends_photo(caption="body 10421 1984-03-07 mine written")
        await practice.after(minutes=50)
        await people.lee.sends_photo(PDF, **answered_in_app(sent.event_id))
        (form,) = [one for one in await practice.images() if one.form_of]
        assert form.form_of == (await image_of(practice)).id
