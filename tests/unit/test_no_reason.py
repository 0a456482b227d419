"""A refusal, a wish to take it back and a question in return are never what a photo is about (R34)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.entries import EntryKind
from bot.heard.patient import gives_reason
from tests.cases import shared_practice
from tests.colleagues import LINE, answers, asked
from tests.households import documents, latest_image
from tests.practice import JPEG

NO_REASON = (
    "No",
    "stop",
    "Please delete it",
    "no, delete the photo",
    "I don't want you to keep this",
    "dont share it",
    "withdraw",
    "that's the wrong person",
    "why do you need that?",
    "Who will see it?",
    "Do I have to say?",
)
A_REASON = (
    "a rash on my arm, three days",
    "No change since last week, still itchy",
    "is this infected?",
    "Can you see whether it heals?",
    "why is it itching?",
    "the stop sign hit my knee",
    "my toe doesn't hurt any more",
    "who knows, a bite perhaps",
)


@pytest.mark.parametrize("text", NO_REASON)
def test_R34_these_say_nothing_of_what_a_photo_is_about(text: str) -> None:
    assert not gives_reason(text)


@pytest.mark.parametrize("text", A_REASON)
def test_R34_these_do(text: str) -> None:
    assert gives_reason(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("No", "what is the photo about"),
        ("please delete it", "Should it be withdrawn?"),
        ("why do you need that?", "what is the photo about"),
    ],
)
async def test_R34_they_are_passed_on_and_the_question_stays(tmp_path: Path, text: str, told: str) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.sends_photo(JPEG + b"2")
        await shared.sam.writes(text)
        image = await latest_image(shared)
        assert (image.reason, image.purpose) == ("", None)
        (said,) = await documents(shared, kind=EntryKind.ANSWER)
        assert (said.image_id, said.text) == (image.id, text)
        assert told in shared.sam.heard[-1] + shared.sam.heard[-2]
        await shared.sam.writes("a mole")
        assert (await latest_image(shared)).reason == "a mole"


async def test_R34_of_a_colleague_they_are_no_reason_either_and_the_echo_is_shown_again(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.sends_photo(JPEG + b"lee", caption=LINE)
        for words in ("no, that is the wrong patient", "don't file it"):
            await shared.lee.writes(words)
            statement = (await latest_image(shared)).statement
            assert statement is not None and statement.reason == ""
            assert "Leave it with me" in answers(shared.lee) and "Sam Patel" in asked(shared.lee)
