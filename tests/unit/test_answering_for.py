"""Who holds an account and who the patient is are two things: the record names the one who answers, and their capacity."""

from __future__ import annotations

from pathlib import Path

from bot.domain.identifiers import Account
from bot.domain.image import State
from tests.practice import JPEG, Someone, open_practice, staffed


async def test_a_parent_is_named_in_the_record_with_the_capacity_they_answer_in(tmp_path: Path) -> None:
    """R14: who sent it, in what capacity."""
    async with open_practice(tmp_path) as practice:
        people = await staffed(practice)
        await people.kim.writes('!enrol patient 10422 "Mia Patel" 2015-02-01 parent "Ann Patel"')
        ann = Someone(practice, Account("@ann:hs.test"), "AnnIdentity")
        await ann.enrol(practice.last_code(people.kim.own_room))
        await ann.sends_photo(caption="cough syrup rash")
        image = await practice.only_image()
        entry = (await practice.record.entries(image.patient_id))[0]
        assert entry.by == "Ann Patel (parent)"
        assert entry.facts["sent_by"]["capacity"] == "parent"
        assert entry.facts["consent"]["by"] == "Ann Patel"


async def test_who_answers_for_somebody_else_must_be_named(tmp_path: Path) -> None:
    async with open_practice(tmp_path) as practice:
        people = await staffed(practice)
        await people.kim.writes('!enrol patient 10422 "Mia Patel" 2015-02-01 parent')
        assert "add the name of the parent" in people.kim.last_heard


async def test_one_account_for_two_patients_is_asked_whose_photo_it_is_in_the_same_question(tmp_path: Path) -> None:
    """R15."""
    async with open_practice(tmp_path) as practice:
        people = await staffed(practice)
        await people.kim.writes('!enrol patient 10422 "Mia Patel" 2015-02-01 parent "Sam Patel"')
        await people.sam.enrol(practice.last_code(people.kim.own_room))
        before = len(people.sam.heard)
        await people.sam.sends_photo(JPEG)
        assert len(people.sam.heard) == before + 1
        assert "1. Sam Patel" in people.sam.last_heard and "2. Mia Patel, born 1 February 2015" in people.sam.last_heard
        await people.sam.writes("2 rash on her arm")
        image = await practice.only_image()
        assert (image.state, image.reason) == (State.VERIFIED, "rash on her arm")
        assert "of Mia Patel, born 1 February 2015" in people.sam.last_heard
        async with practice.journal.reading() as rows:
            assert (await rows.patients.get(image.patient_id)).mrn == "10422"
        [question] = [post for post in practice.homeserver.posts if "1. Sam Patel" in post.body]
        await practice.after(days=2)
        assert question.event_id in practice.homeserver.redacted, "R17: it names both"
