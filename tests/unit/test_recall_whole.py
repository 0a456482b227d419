"""A recall names every picture, reaches what was ended otherwise, and records as told only who was told (R25)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.core.breaches import breaches_about
from bot.domain.arrivals import ArrivalKind
from bot.domain.breach import Breach
from bot.domain.identifiers import Account
from bot.domain.use import UseState
from tests.cases import TEACHING, Shared, shared_practice, taps
from tests.households import latest_image
from tests.practice import JPEG, Someone


async def the_breach(shared: Shared) -> Breach:
    async with shared.practice.journal.reading() as rows:
        (found,) = await rows.breaches.find()
        return found


async def chen_joins(shared: Shared) -> Someone:
    await shared.kim.writes('!enrol clinician @chen:hs.test "Dr Chen"')
    chen = Someone(shared.practice, Account("@chen:hs.test"), "ChenIdentity")
    await chen.enrol(shared.practice.last_code(shared.kim.own_room))
    return chen


async def leaves_own_chat(shared: Shared, person: Someone) -> None:
    left = person.arrival(person.own_room, {"membership": "leave"}, ArrivalKind.MEMBERSHIP)
    await shared.practice.receive(replace(left, target=person.account))
    await shared.practice.settle()


def steps_of(breach: Breach) -> str:
    return "\n".join(step["what"] for step in breach.steps)


# ---- every picture


async def test_R25_every_picture_of_the_use_is_named_and_held_by_the_breach(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.sends_photo(JPEG + b"2", caption="my face")
        second = await latest_image(shared)
        await shared.lee.writes(TEACHING.format(ref=f"{shared.image.ref} {second.ref}"))
        await taps(shared.sam, "Yes")
        await shared.lee.writes(f"!recall {second.ref}")
        assert shared.image.ref in shared.derm.last_heard and second.ref in shared.derm.last_heard
        assert shared.image.ref in shared.lee.last_heard and second.ref in shared.lee.last_heard
        breach = await the_breach(shared)
        async with shared.practice.journal.reading() as rows:
            for image in (shared.image, second):
                assert await breaches_about(rows, image.id, await rows.uses_of(image.id)) == [breach]


# ---- what ended otherwise


async def test_R25_what_a_patient_stopped_can_still_be_called_back(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.forwarded()
        await shared.sam.writes(f"withdraw {shared.image.ref}")
        await shared.lee.writes(f"!recall {shared.image.ref}")
        assert (await the_breach(shared)).ref in shared.lee.last_heard
        assert (await shared.uses())[0].state is UseState.RECALLED


async def test_R25_after_a_death_what_was_shown_is_called_back(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.taught()
        await shared.kim.writes("!died 10421")
        await taps(shared.kim, "Has died")
        await shared.kim.writes(f"!recall {shared.image.ref}")
        assert "sent to you by mistake" in shared.derm.last_heard


async def test_R25_what_was_stopped_before_anybody_had_it_is_no_breach(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        await shared.sam.writes(f"withdraw {shared.image.ref}")
        await shared.kim.writes(f"!recall {shared.image.ref}")
        assert "a manager" not in shared.kim.last_heard
        assert "nothing" in shared.kim.last_heard.lower()
        async with shared.practice.journal.reading() as rows:
            assert not await rows.breaches.find()


async def test_R25_who_took_over_calls_back_a_closed_case(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        room = await shared.forwarded()
        await shared.lee.writes("!close benign", room=room)
        await taps(shared.derm, "Stored", room=room)
        chen = await chen_joins(shared)
        await chen.writes(f"!recall {shared.image.ref}")
        assert (await shared.uses())[0].state is UseState.CLOSED
        await shared.kim.writes("!leaves @lee:hs.test to @chen:hs.test")
        await chen.writes(f"!recall {shared.image.ref}")
        assert (await shared.uses())[0].state is UseState.RECALLED


# ---- who was told


async def test_R25_who_has_left_the_chat_is_not_recorded_as_told(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.forwarded()
        await leaves_own_chat(shared, shared.derm)
        await shared.lee.writes(f"!recall {shared.image.ref}")
        assert "Dr Derm can't be told from here" in steps_of(await the_breach(shared))
        assert "is asked to delete" not in shared.lee.last_heard
        assert "Dr Derm can't be told from here: please call them" in shared.lee.last_heard


async def test_R25_who_was_paused_before_the_words_reached_them_is_recorded_as_not_told(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.forwarded()
        await shared.lee.writes(f"!recall {shared.image.ref}", settle=False)
        await shared.practice.inbox.drain()
        await shared.kim.writes("!lost @derm:hs.test", settle=False)
        await shared.practice.inbox.drain()
        await shared.practice.settle()
        breach = await the_breach(shared)
        assert steps_of(breach).endswith("Dr Derm was not told after all")
        assert any("Dr Derm was not told" in words and "call" in words for words in shared.lee.heard)
        assert any("Dr Derm was not told" in words and breach.ref in words for words in shared.kim.heard)
