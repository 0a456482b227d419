"""Whoever answers for a patient reads by name whom the consent is about; patients read “you” (R1, R9, R33a)."""

from __future__ import annotations

from pathlib import Path

from tests.cases import TEACHING, shared_practice
from tests.households import enrolled
from tests.practice import JPEG

MIA = '!enrol patient 10999 "Mia Patel" 2019-05-01 parent "Ann Patel"'


async def test_R1_a_parent_reads_whose_photo_and_whose_care_and_the_same_words_are_kept(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann = await enrolled(shared, MIA, "ann", "Ann")
        await ann.sends_photo(JPEG + b" mia", caption="rash on her arm")
        words = "By sending it you agree to its use for Mia Patel's care, and for nothing else. You answer as Mia Patel's parent."
        for said in (words, "of Mia Patel, born 1 May 2019", "goes into Mia Patel's record"):
            assert said in ann.last_heard
        assert "your care" not in ann.last_heard and "your record" not in ann.last_heard
        image = (await shared.practice.images())[-1]
        async with shared.practice.journal.reading() as rows:
            [consent] = await rows.consents.of_image(image.id)
        assert consent.wording == words


async def test_R15_what_goes_along_when_an_image_is_refiled_names_no_patient(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann = await enrolled(shared, MIA, "ann", "Ann")
        await ann.sends_photo(JPEG + b" mia", caption="rash on her arm")
        image = (await shared.practice.images())[-1]
        entry = (await shared.practice.record.entries(image.patient_id))[0]
        assert "Mia" not in str(entry.facts)
        assert "for the patient's care, and for nothing else" in str(entry.facts["consent"])


async def test_R1_a_patient_reads_you_and_no_name(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.sends_photo(JPEG + b" another", caption="rash on my leg")
        assert "for your care, and for nothing else" in shared.sam.last_heard
        assert "into your record" in shared.sam.last_heard and "Patel" not in shared.sam.last_heard


async def test_R9_a_parent_is_asked_and_thanked_without_a_word_of_their_own_care(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann = await enrolled(shared, MIA, "ann", "Ann")
        await ann.sends_photo(JPEG + b" mia", caption="rash on her arm")
        image = (await shared.practice.images())[-1]
        await shared.lee.writes(TEACHING.format(ref=image.ref))
        asked = ann.last_heard
        assert "not part of Mia Patel's care" in asked and "no difference to Mia Patel's care" in asked
        async with shared.practice.journal.reading() as rows:
            number = next(
                choice.number for choice in await rows.choices.find(about="specific-consent") if choice.number
            )
        await ann.writes(f"no {number}")
        assert "your care" not in "\n".join(ann.heard)
