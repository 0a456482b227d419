"""Bad input about a use, one by one: no copy leaves, a clear sentence is said, and the log says so (R13, R27)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.arrivals import ArrivalKind, Standing
from bot.domain.image import HeldFor, Image, State
from bot.domain.use import UseState
from tests.practice import Practice, Someone, Staffed
from tests.unit.test_uses import USE, answer_id, only_use, pictures_in, shown_to, taps, with_derm


@dataclass
class Asked:
    """Sam has been asked; `yes` is the secret of that answer, `number` the one that words need."""

    practice: Practice
    people: Staffed
    derm: Someone
    image: Image
    yes: str
    no: str
    number: str

    @property
    def sam(self) -> Someone:
        return self.people.sam


async def another_member(asked: Asked) -> str:
    """Dr Derm has come into Sam's room, and taps there."""
    await taps(asked.derm, "", room=asked.sam.own_room, secret=asked.yes)
    return asked.sam.last_heard


async def unverified_device(asked: Asked) -> str:
    await taps(replace(asked.sam, standing=Standing.UNSIGNED), "", secret=asked.yes)
    return asked.sam.last_heard


async def twice(asked: Asked) -> str:
    await taps(asked.sam, "", secret=asked.no)
    await taps(asked.sam, "", secret=asked.yes)
    return asked.sam.last_heard


async def twice_in_words(asked: Asked) -> str:
    await asked.sam.writes(f"No, {asked.number}")
    await asked.sam.writes(f"yes {asked.number}")
    return asked.sam.last_heard


async def after_expiry(asked: Asked) -> str:
    await asked.practice.after(days=8)
    await taps(asked.sam, "", secret=asked.yes)
    return asked.sam.last_heard


async def after_expiry_in_words(asked: Asked) -> str:
    await asked.practice.after(days=8)
    await asked.sam.writes(f"yes {asked.number}")
    return asked.sam.last_heard


async def another_question(asked: Asked) -> str:
    """The secret of an answer that was never given to anybody."""
    await taps(asked.sam, "", secret="a" * 26)
    return asked.sam.last_heard


async def edited(asked: Asked) -> str:
    said = await asked.sam.writes(f"no {asked.number}")
    content = {"msgtype": "m.text", "body": f"yes {asked.number}"}
    content |= {"m.relates_to": {"rel_type": "m.replace", "event_id": said.event_id}}  # type: ignore[dict-item]
    await asked.practice.receive(asked.sam.arrival(asked.sam.own_room, content))
    await asked.practice.settle()
    return asked.sam.last_heard


async def reaction(asked: Asked) -> str:
    arrival = asked.sam.arrival(asked.sam.own_room, {"m.relates_to": {"key": "👍"}}, ArrivalKind.PLAINTEXT)
    await asked.practice.receive(replace(arrival, type="m.reaction"))
    await asked.practice.settle()
    return asked.sam.last_heard


async def yes_but(asked: Asked) -> str:
    await asked.sam.writes(f"yes {asked.number} but only the hand")
    return asked.sam.last_heard


async def patient_has_left(asked: Asked) -> str:
    """Kim says that Sam has left the practice; then the answer comes."""
    await asked.people.kim.writes("!patient-leaves 10421")
    await taps(asked.people.kim, "Leaves")
    await taps(asked.sam, "", secret=asked.yes)
    return asked.sam.last_heard


async def clock_set_forward(asked: Asked) -> str:
    """An answer's own hour is not moved with the clock: it is too late, which is the safe way to be wrong."""
    asked.practice.clock.move(timedelta(days=30))
    await taps(asked.sam, "", secret=asked.yes)
    return asked.sam.last_heard


CASES: list[tuple[Callable[[Asked], Awaitable[str]], str, str]] = [
    (another_member, "I kept nothing", "stranger.refused"),
    (unverified_device, "isn't verified as yours", "unproved.unsigned"),
    (twice, "answered already", "refused"),
    (twice_in_words, "answered already", "refused"),
    (after_expiry, "has expired", "refused"),
    (after_expiry_in_words, "has expired", "refused"),
    (another_question, "wasn't yours", "refused"),
    (edited, "don't follow edits", "use.ConsentRefused"),
    (reaction, "can't count a reaction", "in-clear.refused"),
    (yes_but, "only a clear yes or no", "use.asked"),
    (patient_has_left, "I kept nothing", "stranger.refused"),
    (clock_set_forward, "has expired", "refused"),
]


@pytest.mark.parametrize(("answer", "sentence", "entry"), CASES, ids=lambda one: getattr(one, "__name__", ""))
async def test_no_copy_leaves_a_sentence_is_said_and_it_is_audited(
    tmp_path: Path, answer: Callable[[Asked], Awaitable[str]], sentence: str, entry: str
) -> None:
    async with with_derm(tmp_path) as (practice, people, derm, image):
        await people.lee.writes(USE.format(ref=image.ref))
        room = people.sam.own_room
        async with practice.journal.reading() as rows:
            number = (await rows.choices.find(about="specific-consent"))[0].number
        asked = Asked(
            practice,
            people,
            derm,
            image,
            answer_id(practice, room, "Yes"),
            answer_id(practice, room, "No"),
            number,
        )
        assert sentence in await answer(asked)
        assert await practice.audited(entry)
        assert (await only_use(practice)).state not in {UseState.GRANTED, UseState.RELEASED}
        assert pictures_in(practice, derm.own_room) == 0 and await shown_to(practice, derm) == 0


async def test_two_requests_at_once_are_two_answers(tmp_path: Path) -> None:
    """Yes to one is nothing for the other."""
    async with with_derm(tmp_path) as (practice, people, derm, image):
        await people.lee.writes(USE.format(ref=image.ref))
        await people.lee.writes(USE.format(ref=image.ref).replace("education", "research"))
        await taps(people.sam, "Yes")
        async with practice.journal.reading() as rows:
            states = {use.purpose.value: use.state for use in await rows.uses.find()}
        assert states == {"education": UseState.AWAITING_CONSENT, "research": UseState.RELEASED}
        assert pictures_in(practice, derm.own_room) == 1


async def test_nothing_is_forwarded_of_what_is_held_or_by_whoever_may_not(tmp_path: Path) -> None:
    async with with_derm(tmp_path) as (practice, people, derm, image):
        await derm.writes(f"!forward {image.ref} @derm:hs.test mine?")
        assert "for the clinician" in derm.last_heard
        await people.sam.writes(f"!forward {image.ref} @derm:hs.test mine?")
        async with practice.journal.transaction() as rows:
            await rows.images.save(replace(image, state=State.HELD, held_for=HeldFor.SOMEBODY_ELSE))
        await people.lee.writes(f"!forward {image.ref} @derm:hs.test and now?")
        assert "safely in the record first" in people.lee.last_heard
        assert await practice.audited("refused")
        assert await shown_to(practice, derm) == 0


async def test_a_reaction_where_a_tap_without_a_number_is_awaited_means_nothing(tmp_path: Path) -> None:
    """Only what must be answered clearly is worth a sentence: a thumb up under another poll is just that."""
    async with with_derm(tmp_path) as (practice, people, _, _image):
        async with practice.journal.transaction() as rows:
            tx = practice.dispatch.transaction(rows)
            sam = await rows.people.first(account=people.sam.account)
            assert sam is not None
            await tx.ask(sam, "Whose?", [("a", "Ada")], about="my-copy", subject=sam.id, lasts=timedelta(hours=1))
        await practice.settle()
        before = len(people.sam.heard)
        arrival = people.sam.arrival(people.sam.own_room, {"m.relates_to": {"key": "👍"}}, ArrivalKind.PLAINTEXT)
        await practice.receive(replace(arrival, type="m.reaction"))
        await practice.settle()
        assert len(people.sam.heard) == before
