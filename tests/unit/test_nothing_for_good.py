"""Words with a denial, a withdrawal or an alarm in them, whatever is open, change nothing for good without a tap (R34)."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.domain.consent import Answer
from bot.domain.image import Image, State
from bot.domain.people import Standing
from bot.domain.use import Use, UseState
from tests.cases import TEACHING, Shared, shared_practice
from tests.heard.test_patients import ALARMS, DENIALS, TALK, WITHDRAWALS, YES
from tests.practice import JPEG

OTHER = JPEG + b" of something else"
EACH = 3  # messages of each kind with each question open


async def nothing(shared: Shared) -> None:
    """Nothing is asked."""


async def reason(shared: Shared) -> None:
    await shared.sam.sends_photo(OTHER)


async def withdraw(shared: Shared) -> None:
    await shared.sam.deletes(await shared.sam.sends_photo(OTHER))


async def hold(shared: Shared) -> None:
    await shared.sam.sends_photo(OTHER)
    await shared.sam.writes("wrong photo, sorry")


async def consent(shared: Shared) -> None:
    await shared.lee.writes(TEACHING.format(ref=shared.image.ref))


async def everything(shared: Shared) -> None:
    await consent(shared)
    await withdraw(shared)


async def clinician(shared: Shared) -> None:
    await shared.lee.writes(f"!reply {shared.image.ref} Shall I send it to Dr Osei?")


OPEN: tuple[Callable[[Shared], Awaitable[None]], ...] = (
    nothing,
    reason,
    withdraw,
    hold,
    consent,
    everything,
    clinician,
)


@dataclass(frozen=True)
class Facts:
    images: dict[str, Image]
    uses: dict[str, Use]
    granted: int
    implied: int
    standing: list[Standing]
    made: int  # choices


async def facts(shared: Shared) -> Facts:
    async with shared.practice.journal.reading() as rows:
        answers = await rows.consent_answers.find()
        return Facts(
            {image.id: image for image in await rows.images.find()},
            {use.id: use for use in await rows.uses.find()},
            sum(answer.answer is Answer.GRANTED for answer in answers),
            len(await rows.consents.find()),
            sorted(person.standing for person in await rows.people.find()),
            await shared.practice.audited("choice.made"),
        )


def messages(words: list[str], seed: str) -> Iterator[str]:
    dice = random.Random(seed)
    for word in dice.sample(words, min(EACH, len(words))):
        around = dice.sample([*YES, *TALK], 2)
        parts = [*around[: dice.randint(0, 2)], word, *around[2 - dice.randint(0, 1) :]]
        yield dice.choice([" ", ", ", ". ", "\n"]).join(parts)


@pytest.mark.parametrize("asked", OPEN, ids=lambda asked: asked.__name__)
@pytest.mark.parametrize("words", [DENIALS, WITHDRAWALS, ALARMS], ids=["denial", "withdrawal", "alarm"])
async def test_R34_nothing_changes_for_good_without_a_tap(
    tmp_path: Path, asked: Callable[[Shared], Awaitable[None]], words: list[str]
) -> None:
    for number, text in enumerate(messages(words, f"{asked.__name__} {words[0]}")):
        async with shared_practice(tmp_path / str(number)) as shared:
            await asked(shared)
            before = await facts(shared)
            await shared.sam.writes(text)
            nothing_for_good(text, before, await facts(shared))
            if words is WITHDRAWALS:
                no_reason(text, before, await facts(shared))


def nothing_for_good(text: str, before: Facts, after: Facts) -> None:
    """No photo is given up, no use begins or is agreed to, nobody is shut out."""
    assert before.images.keys() == after.images.keys()
    for image in after.images.values():
        assert image.state is not State.DISCARDED and not image.stopped, text
        assert before.images[image.id].verified_at is None or image.state is State.VERIFIED, text
    for use in after.uses.values():
        assert use.state in {before.uses[use.id].state, UseState.REFUSED}, text  # a clear no is a no
    assert (after.granted, after.standing) == (before.granted, before.standing), text
    if all(after.uses[use.id].state is use.state for use in before.uses.values()):
        assert after.made == before.made, text


def no_reason(text: str, before: Facts, after: Facts) -> None:
    """What may take a photo back is what no photo is about, and files none."""
    for image in after.images.values():
        was = before.images[image.id]
        assert (image.purpose, image.reason, image.filed_at) == (was.purpose, was.reason, was.filed_at), text
        assert image.state in {was.state, State.HELD}, text
    assert after.implied == before.implied, text
