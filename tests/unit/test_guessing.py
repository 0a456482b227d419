"""Somebody outside the practice learns nothing by trying record numbers and birthdays, and files into no record by luck (R15).

Who is, or speaks for, a patient attests nothing as staff for them (R33).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain import rooms
from bot.domain.identifiers import AuthorityId
from bot.domain.image import HeldFor, Image, State
from bot.domain.people import Authority, Relation, Role
from bot.domain.wrong_guesses import ALLOWED
from tests.cases import matches, taps
from tests.colleagues import FILE, LINE, answers, asked, image_of, with_derm
from tests.practice import JPEG, Practice, Someone

WRONG = LINE.replace("1984", "1985")


async def files(derm: Someone, line: str, data: bytes = JPEG) -> tuple[str, list[str], str, Image]:
    """What Dr Derm is asked, may tap, and hears; and the image."""
    await derm.sends_photo(data)
    await derm.writes(line)
    echo, labels = asked(derm), answers(derm)
    before = len(derm.heard)
    await taps(derm, FILE)
    return echo, labels, derm.heard[before], await image_of(derm.practice, data)


async def wrong_guesses_of(practice: Practice) -> int:
    async with practice.journal.reading() as rows:
        return len(await rows.wrong_guesses.find(account="@derm:hs.test"))


async def test_R15_an_outside_clinician_reads_only_the_identifiers_they_wrote(tmp_path: Path) -> None:
    async with with_derm(tmp_path) as (practice, _, derm):
        echo, _, _, image = await files(derm, LINE)
        assert "10421" in echo and "7 March 1984" in echo and "Sam" not in echo and "Patel" not in echo
        assert not any("Patel" in words for words in derm.heard)
        assert image.state is State.VERIFIED
        assert await wrong_guesses_of(practice) == 0


async def test_R15_a_pair_that_is_no_patients_gets_the_same_echo_the_same_tap_and_the_same_words(
    tmp_path: Path,
) -> None:
    async with with_derm(tmp_path) as (practice, _, derm):
        echo, labels, thanks, _ = await files(derm, LINE)
        wrong = await files(derm, WRONG, JPEG + b"2")
        image = wrong[3]
        first = next(one for one in await practice.images() if one.id != image.id)
        assert wrong[0].replace("1985", "1984").replace(image.ref, first.ref) == echo
        assert wrong[1] == labels
        assert wrong[2].replace(image.ref, first.ref) == thanks
        assert (image.state, image.held_for, image.patient_id) == (State.HELD, HeldFor.UNMATCHED, "")
        room = practice.seen_in(await practice.room(rooms.PRACTICE))
        assert f"!match {image.ref}" in room[-1]
        assert await wrong_guesses_of(practice) == 1


async def test_R15_reception_says_whose_it_is_and_it_is_filed_with_the_consent(tmp_path: Path) -> None:
    async with with_derm(tmp_path) as (practice, people, derm):
        *_, image = await files(derm, WRONG)
        await people.kim.writes(f"!keep {image.ref}")
        assert (await image_of(practice)).state is State.HELD
        await matches(people.kim, image.ref, "10421 1984-03-07")
        matched = await image_of(practice)
        assert matched.state is State.VERIFIED and matched.patient_id
        async with practice.journal.reading() as rows:
            (consent,) = await rows.consents.find(image_id=image.id)
        assert consent.patient_id == matched.patient_id


async def test_R15_after_five_wrong_pairs_in_a_day_nothing_is_looked_up_and_nothing_sounds_different(
    tmp_path: Path,
) -> None:
    async with with_derm(tmp_path) as (practice, _, derm):
        for number in range(ALLOWED):
            *_, thanks, image = await files(derm, WRONG, JPEG + bytes([number]) * (number + 1))
        data = JPEG + b"the right one, too late"
        echo, _, again, right = await files(derm, LINE, data)
        assert right.held_for is HeldFor.UNMATCHED
        assert again.replace(right.ref, image.ref) == thanks and "10421" in echo
        practice.clock.move(timedelta(days=1, minutes=1))
        *_, later = await files(derm, LINE, JPEG + b"tomorrow is another day, and it is right")
        assert later.state is State.VERIFIED


async def test_R15_an_outside_clinician_learns_of_no_photo_by_trying_references(tmp_path: Path) -> None:
    async with with_derm(tmp_path) as (practice, people, derm):
        await people.sam.sends_photo()
        said = []
        for ref in ((await practice.only_image()).ref, "IMG-9X9X"):
            await derm.writes(f"!attest {ref} verbal 2026-11-01 advice")
            said.append(derm.last_heard.replace(ref, "IMG"))
        assert said[0] == said[1]


async def test_R15_staff_clinicians_keep_the_echo_with_the_name(tmp_path: Path) -> None:
    async with with_derm(tmp_path) as (_, people, _):
        await people.lee.sends_photo()
        await people.lee.writes(LINE)
        assert "Sam Patel" in asked(people.lee)


@pytest.mark.parametrize("line", ["body mine verbal today", "10421 1984-03-07", "advice"])
async def test_the_two_numbers_may_come_before_or_after_the_rest(tmp_path: Path, line: str) -> None:
    async with with_derm(tmp_path) as (practice, _, derm):
        await derm.sends_photo()
        await derm.writes(line)
        await derm.writes(LINE)
        await derm.writes("3 cm, verbal yesterday")
        await taps(derm, FILE)
        assert (await image_of(practice)).state is State.VERIFIED


async def speaks_for_sam(practice: Practice, someone: Someone, relation: Relation) -> None:
    async with practice.journal.transaction() as rows:
        person, patient = await rows.people.first(account=someone.account), await rows.patients.first(mrn="10421")
        assert person is not None and patient is not None
        await rows.people.save(replace(person, roles=person.roles | {Role.PATIENT}))
        await rows.authorities.add(Authority(AuthorityId("held"), person.id, patient.id, relation))


@pytest.mark.parametrize("relation", [Relation.SELF, Relation.CHILD])
async def test_R33_nobody_attests_as_staff_for_a_patient_they_are_or_speak_for(
    tmp_path: Path, relation: Relation
) -> None:
    async with with_derm(tmp_path) as (practice, people, _):
        await people.lee.sends_photo()
        await people.lee.writes(LINE)
        await speaks_for_sam(practice, people.lee, relation)
        await taps(people.lee, FILE)
        assert (await image_of(practice)).attested_at is None
        assert "It is of me" in people.lee.last_heard
        await people.lee.writes("leave")
        await people.lee.sends_photo(JPEG + b"2")
        await people.lee.writes(LINE)
        assert "It is of me" in people.lee.last_heard, "said before there is anything to tap"


async def test_R30_it_is_of_me_counts_only_where_they_may_send(tmp_path: Path) -> None:
    async with with_derm(tmp_path) as (practice, people, _):
        await speaks_for_sam(practice, people.lee, Relation.SELF)
        await people.lee.sends_photo()
        async with practice.journal.transaction() as rows:
            await rows.authorities.remove(await rows.authorities.get(AuthorityId("held")))
        await taps(people.lee, "It is of me")
        image = await image_of(practice)
        assert image.from_colleague and image.state is State.CAPTURED
        assert "don't answer for any patient" in people.lee.last_heard
