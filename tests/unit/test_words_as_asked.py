"""An adviser reads the reason that stood where somebody tapped, and no words that were written after it (R7, R29, R32)."""

from __future__ import annotations

from pathlib import Path

from bot.domain import rooms
from bot.domain.use import UseState
from tests.cases import Shared, answer_id, polls_in, shared_practice, taps

OTHER_WORDS = "I fear that her father hits her"


async def read_in_the_case(shared: Shared) -> str:
    return "\n".join(shared.practice.seen_in(await shared.practice.room(rooms.case((await shared.uses())[-1].id))))


async def test_R7_a_tap_about_other_words_sends_nothing_and_is_asked_for_anew(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(f"!forward {shared.image.ref} @derm:hs.test eczema?")
        await shared.sam.writes(f"correct {shared.image.ref} {OTHER_WORDS}")
        await taps(shared.lee, "Yes")
        (use,) = await shared.uses()
        assert use.state is UseState.ASKED
        assert OTHER_WORDS in polls_in(shared.practice, shared.lee.own_room)[-1]["question"]["body"]
        await taps(shared.lee, "Yes")
        (use,) = await shared.uses()
        assert use.state is UseState.RELEASED
        assert OTHER_WORDS in await read_in_the_case(shared)


async def test_R7_the_question_that_was_asked_anew_still_ends_with_a_no(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(f"!forward {shared.image.ref} @derm:hs.test eczema?")
        old = answer_id(shared.practice, shared.lee.own_room, "Yes")
        await shared.sam.writes(f"correct {shared.image.ref} {OTHER_WORDS}")
        await taps(shared.lee, "Yes")
        await taps(shared.lee, "", secret=old)
        (use,) = await shared.uses()
        assert use.state is UseState.ASKED  # the tap that was asked about the old words is used up
        await taps(shared.lee, "No")
        assert OTHER_WORDS in polls_in(shared.practice, shared.sam.own_room)[-1]["question"]["body"]


async def test_R8_the_adviser_reads_what_was_agreed_to_and_nothing_newer(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(f"!forward {shared.image.ref} @derm:hs.test what tattoo is that?")
        await taps(shared.lee, "No")
        yes = answer_id(shared.practice, shared.sam.own_room, "Yes")
        await shared.sam.writes(f"correct {shared.image.ref} {OTHER_WORDS}")
        await taps(shared.sam, "", secret=yes)
        (use,) = await shared.uses()
        assert use.state is UseState.RELEASED
        said = await read_in_the_case(shared)
        assert "rash on my arm" in said
        assert OTHER_WORDS not in said
