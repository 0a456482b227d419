"""A practice's own texts: used where they are whole, refused together by file and element where they are not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.config.practice_texts import WordingInvalid, texts_in
from bot.domain.built_in_texts import AS_THEY_COME, REQUEST_FOR_CONSENT
from tests.cases import TEACHING
from tests.practice import POLICY, open_practice, staffed
from tests.unit.test_uses import with_derm

OWN = "Hello and welcome to $practice! Send us a photo whenever you like."


def own_texts(directory: Path, **texts: str) -> Path:
    directory.mkdir()
    for name, body in texts.items():
        (directory / f"{name}.txt").write_text(body, encoding="utf-8")
    return directory


async def test_a_patient_reads_the_practices_own_words(tmp_path: Path) -> None:
    texts = texts_in(own_texts(tmp_path / "wording", welcome_patient=OWN + "\n"))
    async with open_practice(tmp_path / "practice", replace(POLICY, texts=texts)) as practice:
        people = await staffed(practice)
        assert any("Hello and welcome to Hill Street Practice!" in words for words in people.sam.heard)


async def test_a_consent_keeps_the_exact_words_and_their_version(tmp_path: Path) -> None:
    """R9."""
    body = f"{REQUEST_FOR_CONSENT.body}\nQuestions? Please call us."
    texts = texts_in(own_texts(tmp_path / "wording", request_for_consent=body))
    async with with_derm(tmp_path / "practice", replace(POLICY, texts=texts)) as (practice, people, _, image):
        await people.lee.writes(TEACHING.format(ref=image.ref))
        async with practice.journal.reading() as rows:
            (use,) = await rows.uses.find()
        assert use.wording.endswith("Questions? Please call us.")
        assert any(use.wording in words for words in people.sam.heard)
        assert use.wording_version == texts.version("request_for_consent")
        assert use.wording_version != AS_THEY_COME.version("request_for_consent")


def test_every_mistake_of_every_file_is_told_and_nothing_is_used(tmp_path: Path) -> None:
    without_time = REQUEST_FOR_CONSENT.body.replace("$until", "a while")
    directory = own_texts(
        tmp_path / "wording", request_for_consent=without_time, welcom_patient=OWN, welcome_patient=OWN
    )
    (directory / "notes.md").write_text("remember to ask Kim")
    (directory / "terms.txt").write_bytes(b"\xff\xfe$")
    with pytest.raises(WordingInvalid) as refused:
        texts_in(directory)
    told = "\n".join(refused.value.mistakes)
    for words in ("must say for how long", "did you mean welcome_patient?", "notes.md", "UTF-8"):
        assert words in told
    assert "Kim" not in told and len(refused.value.mistakes) == 4


def test_a_directory_that_is_not_there_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(WordingInvalid, match="can't be read"):
        texts_in(tmp_path / "nowhere")


def test_no_directory_is_the_built_in_texts() -> None:
    assert texts_in(None) is AS_THEY_COME
