"""The story of issue and product: a patient's photo ends in the record, verified, and the chat is clean."""

from __future__ import annotations

import json
from pathlib import Path

from bot.domain.copies import CopyState
from bot.domain.entries import EntryKind
from bot.domain.image import State
from bot.domain.invitee import Invitee
from bot.domain.people import Role
from bot.domain.purposes import NOT_STATED, Purpose
from handlers.people.enrol import new_invitation
from tests.practice import JPEG, open_practice, staffed


async def test_a_captioned_photo_is_filed_read_back_and_purged_with_one_message_back(tmp_path: Path) -> None:
    """R1, R14, R16, R17."""
    async with open_practice(tmp_path) as practice:
        people = await staffed(practice)
        before = len(people.sam.heard)
        sent = await people.sam.sends_photo(caption="rash on my arm, three days")
        image = await practice.only_image()
        assert image.state is State.VERIFIED
        assert (image.purpose, image.reason) == (Purpose.CARE, "rash on my arm, three days")
        assert await practice.record.content(image.id) == JPEG
        heard = people.sam.heard[before:]
        assert len(heard) == 1
        assert image.ref in heard[0] and "“rash on my arm, three days”" in heard[0] and "nothing else" in heard[0]
        assert sent.event_id in practice.homeserver.redacted
        assert sent.content is not None
        assert sent.content["file"]["url"] not in practice.homeserver.media
        async with practice.journal.reading() as rows:
            copies = await rows.copies.find(image_id=image.id, event_id=sent.event_id)
            assert {copy.state for copy in copies} == {CopyState.GONE, CopyState.HIDDEN}
        entries = await practice.record.entries(image.patient_id)
        assert [entry.kind for entry in entries].count(EntryKind.RECEIPT) == 1
        receipt = json.loads((await practice.record.content(entries[-1].entry_id)).decode())
        assert {line["state"] for line in receipt} == {"gone", "hidden"}
        practice_sees = practice.seen_in(await practice.practice_room())
        assert any(image.ref in line and "rash on my arm" in line for line in practice_sees)
        assert not any("Sam" in line or "Patel" in line for line in practice_sees)


async def test_five_photos_in_a_row_are_one_question(tmp_path: Path) -> None:
    async with open_practice(tmp_path) as practice:
        people = await staffed(practice)
        before = len(people.sam.heard)
        for number in range(5):
            await people.sam.sends_photo(JPEG + bytes([number]))
        assert len(people.sam.heard) == before + 1
        assert "What is the photo about?" in people.sam.last_heard
        await people.sam.writes("my toe itches")
        assert len(people.sam.heard) == before + 2
        images = await practice.images()
        assert all(image.state is State.VERIFIED and image.reason == "my toe itches" for image in images)
        assert all(image.ref in people.sam.last_heard for image in images)


async def test_an_unanswered_question_becomes_care_with_the_reason_not_stated(tmp_path: Path) -> None:
    """R1."""
    async with open_practice(tmp_path) as practice:
        people = await staffed(practice)
        await people.sam.sends_photo()
        assert (await practice.only_image()).state is State.CAPTURED
        await practice.after(minutes=14)
        assert (await practice.only_image()).state is State.CAPTURED
        await practice.after(minutes=2)
        image = await practice.only_image()
        assert (image.state, image.purpose, image.reason) == (State.VERIFIED, Purpose.CARE, NOT_STATED)


async def test_show_note_reply_and_answer_reach_whom_they_should_and_the_record(tmp_path: Path) -> None:
    async with open_practice(tmp_path) as practice:
        people = await staffed(practice)
        await people.sam.sends_photo(caption="rash")
        ref = (await practice.only_image()).ref
        await people.lee.writes(f"!mine {ref}")
        await people.lee.writes(f"!show {ref}")
        picture = practice.posts_in(people.lee.own_room)[-1]
        assert (
            picture.content["msgtype"] == "m.image" and "Sam Patel" in picture.body and "7 March 1984" in picture.body
        )
        assert picture.content["filename"] == "picture.jpg"
        await people.lee.writes(f"!note {ref} contact dermatitis, no infection")
        await people.lee.writes(f"!reply {ref} use the cream twice a day")
        assert "Dr Lee" in people.sam.last_heard and "use the cream twice a day" in people.sam.last_heard
        await people.sam.writes("thank you, it is better")
        assert any("thank you, it is better" in line for line in people.lee.heard)
        image = await practice.only_image()
        entries = await practice.record.entries(image.patient_id)
        texts = {entry.kind: entry.text for entry in entries if entry.text}
        assert texts[EntryKind.NOTE] == "contact dermatitis, no infection"
        assert texts[EntryKind.REPLY] == "use the cream twice a day"
        assert texts[EntryKind.ANSWER] == "thank you, it is better"
        shown = [entry.facts for entry in entries if entry.kind is EntryKind.DISCLOSURE]
        assert shown == [{"to": "Dr Lee", "role": "clinician", "how": "viewed", "purpose": "care", "rule": "R7"}]
        await practice.after(minutes=16)
        assert picture.event_id in practice.homeserver.redacted
        await people.sam.writes("my images")
        assert ref in people.sam.last_heard and "Seen by Dr Lee" in people.sam.last_heard


async def test_R33_a_first_manager_who_is_a_doctor_gets_both_roles_with_one_code(tmp_path: Path) -> None:
    async with open_practice(tmp_path) as practice:
        kim = await practice.enrol_manager()
        await kim.writes(f'!enrol clinician {kim.account} "Kim"')
        await kim.enrol(practice.last_code(kim.own_room))
        async with practice.journal.reading() as rows:
            [person] = await rows.people.find(account=kim.account)
        assert Role.CLINICIAN not in person.roles, "nobody uses an invitation they made"
        async with practice.journal.transaction() as rows:
            tx = practice.dispatch.transaction(rows)
            _, code = await new_invitation(
                Invitee(Role.MANAGER, "Dr Kim", account=kim.account, and_clinician=True), "setup", tx
            )
        await kim.enrol(code)
        async with practice.journal.reading() as rows:
            [person] = await rows.people.find(account=kim.account)
        assert person.name == "Dr Kim"
        assert person.roles == {Role.MANAGER, Role.RECEPTION, Role.CLINICIAN}
