"""A caption that says nothing of what the photo is about leaves the question open (R1, R34)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.deeds import HoldPhoto, StateReason
from bot.domain.image import State
from bot.heard.captions import hear_caption
from tests.practice import staffed_practice

NOTHING = ["Hi Dr Lee, thanks", "photo", "?", "will explain later", "🙏", "as above", "no", "more pics coming", "asdf"]


@pytest.mark.parametrize("caption", NOTHING)
def test_R1_thanks_and_later_are_no_reason(caption: str) -> None:
    assert hear_caption(caption, answers_for_others=False) is None


@pytest.mark.parametrize(
    "caption",
    [
        *("rash", "day 3", "before and after", "as discussed", "for insurance", "follow up", "close up", "other side"),
        *(
            "thanks, it is my left arm",
            "will explain later, it hurts",
            "photo of my toe",
            "no fever, just itchy",
            "1 mole",
        ),
    ],
)
def test_R1_whatever_else_stands_there_is(caption: str) -> None:
    assert hear_caption(caption, answers_for_others=False) == StateReason()


@pytest.mark.parametrize("caption", NOTHING[:4])
async def test_R1_it_is_asked_what_the_photo_is_about_and_the_answer_is_the_reason(
    tmp_path: Path, caption: str
) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo(caption=caption)
        image = await people.practice.only_image()
        assert (image.state, image.reason) == (
            State.CAPTURED,
            "",
        ) and "What is the photo about" in people.sam.last_heard
        await people.sam.writes("the burn on my wrist")
        assert (await people.practice.only_image()).reason == "the burn on my wrist"


@pytest.mark.parametrize("plea", ["please do not tell mum", "please don't tell dad", "please never tell my family"])
def test_R34_a_plea_for_confidence_is_no_wish_to_have_the_photo_back(plea: str) -> None:
    assert not isinstance(hear_caption(f"something down there, {plea}", answers_for_others=False), HoldPhoto)
    assert isinstance(hear_caption(f"delete this, {plea}", answers_for_others=False), HoldPhoto)
