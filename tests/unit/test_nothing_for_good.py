"""Words with a denial, a withdrawal or an alarm in them, whatever is open, change nothing for good without a tap (R34)."""

from __future__ import annotations

import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.consent import Answer
from bot.domain.image import Image, State
from bot.domain.people import Standing
from bot.domain.use import Use, UseState
from bot.heard.phrase_lists import words_of
from bot.heard.plain import bare
from handlers.photos.hold_photo import ASKED_ABOUT
from tests.cases import TEACHING, Shared, shared_practice
from tests.heard.test_patients import ALARMS, DENIALS, TALK, WITHDRAWALS, YES
from tests.practice import JPEG, POLICY

OTHER = JPEG + b" of something else"
EXAMPLES = 120


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


async def which(shared: Shared) -> None:
    await shared.kim.writes('!enrol patient 30001 "Max Patel" 2020-01-02 parent "Sam Patel"')
    await shared.sam.enrol(shared.practice.last_code(shared.kim.own_room))
    await shared.sam.sends_photo(OTHER)


async def clinician(shared: Shared) -> None:
    await shared.lee.writes(f"!reply {shared.image.ref} Shall I send it to Dr Osei?")


OPEN: tuple[Callable[[Shared], Awaitable[None]], ...] = (
    consent,
    nothing,
    reason,
    withdraw,
    hold,
    everything,
    which,
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


NUMBER, REF = "4821", "IMG-7F3K"  # stand for those that are really asked about
CLEAR = [f"yes {NUMBER}", f"{NUMBER} yes", f"yes {REF}"]  # alone, each of them does something
AGREEING = [*YES, "yes please", "that is fine", "Yes, I agree"]
# Nothing but these, and a photo on hold for an answer may go on: a clear no is one.
A_CLEAR_NO = words_of("no not nope never nein non thanks please hello doctor kind regards sam")
KINDS = {"denial": DENIALS, "withdrawal": WITHDRAWALS, "alarm": ALARMS}


@st.composite
def messages(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a kind, and words that agree or tell with a word of that kind in front of them, behind them or anywhere between."""
    kind = draw(st.sampled_from(sorted(KINDS)))
    told = draw(st.sampled_from(CLEAR) | st.sampled_from([*AGREEING, *TALK]))
    said = f"{told} {draw(st.sampled_from(['', '', *AGREEING, *TALK]))}".split()
    at = draw(st.integers(0, len(said)))
    mark = draw(
        st.sampled_from([",", ".", "\n", " -", "!"] if kind == "withdrawal" else ["", ",", ".", "\n", " -", "!"])
    )
    before, after = " ".join(said[:at]), " ".join(said[at:])
    text = (
        f"{before}{mark if before else ''} {draw(st.sampled_from(KINDS[kind]))}{mark if after else ''} {after}".strip()
    )
    return kind, draw(st.sampled_from([text, text.upper(), text.replace("'", "’")]))


async def as_asked(text: str, shared: Shared) -> str:
    """Put in the number of the request that is really open, and the reference of the latest photo."""
    async with shared.practice.journal.reading() as rows:
        open_now = [choice for choice in await rows.choices.find() if choice.number and choice.used_at is None]
        images = await rows.images.find()
    number = open_now[-1].number if open_now else NUMBER
    return text.replace(NUMBER, number).replace(REF, images[-1].ref)


@settings(
    max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
@given(asked=st.sampled_from(OPEN), message=messages())
async def test_R34_nothing_changes_for_good_without_a_tap(
    asked: Callable[[Shared], Awaitable[None]], message: tuple[str, str]
) -> None:
    kind, words = message
    with tempfile.TemporaryDirectory() as directory:
        async with shared_practice(Path(directory)) as shared:
            await asked(shared)
            text = await as_asked(words, shared)
            before, heard = await facts(shared), len(shared.sam.heard)
            await shared.sam.writes(text)
            after = await facts(shared)
            nothing_for_good(text, before, after)
            if kind == "withdrawal":
                no_reason(text, before, after)
            if kind == "alarm":
                assert shared.sam.heard[heard] == POLICY.emergency_text, text


def nothing_for_good(text: str, before: Facts, after: Facts) -> None:
    """No photo is given up, given to a patient or let go on, no use begins or is agreed to, nobody is shut out."""
    assert before.images.keys() == after.images.keys()
    for image in after.images.values():
        assert image.state is not State.DISCARDED and not image.stopped, text
        was = before.images[image.id]
        assert was.verified_at is None or image.state is State.VERIFIED, text
        assert image.patient_id == was.patient_id, text
        lifted = was.held_for in ASKED_ABOUT and image.held_for is None
        assert not lifted or set(bare(text).split()) <= A_CLEAR_NO, text
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
