"""Words that may take a photo back hold each photo they are about, however many, and whatever else is asked (R34, R15)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.image import HeldFor, State
from tests.practice import JPEG, Someone, staffed_practice


async def replies(person: Someone, to: str, words: str) -> None:
    content = {"msgtype": "m.text", "body": words, "m.relates_to": {"m.in_reply_to": {"event_id": to}}}
    await person.practice.receive(person.arrival(person.own_room, content))
    await person.practice.settle()


@pytest.mark.parametrize("words", ["please delete {ref}", "don't use {ref}", "delete {both} please", ""])
async def test_R34_another_photo_is_held_too_while_one_is_asked_about(tmp_path: Path, words: str) -> None:
    async with staffed_practice(tmp_path) as people:
        sam = people.sam
        await sam.sends_photo(JPEG + b"1")
        second = await sam.sends_photo(JPEG + b"2")
        one, other = await people.practice.images()
        await sam.writes(f"please delete {one.ref}")
        if words:
            await sam.writes(words.format(ref=other.ref, both=f"{one.ref} and {other.ref}"))
        else:
            await replies(sam, second.event_id, "wrong photo")
        await people.practice.after(hours=1)
        assert [image.held_for for image in await people.practice.images()] == [HeldFor.ASKED_BACK] * 2
        await sam.writes(f"yes {other.ref}")
        kept, gone = await people.practice.images()
        assert (kept.held_for, gone.state) == (HeldFor.ASKED_BACK, State.DISCARDED), "as it was asked"
        await sam.writes(f"no {one.ref}")
        assert (await people.practice.images())[0].state is State.VERIFIED


async def test_R34_every_photo_is_held_however_many_they_are(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        for number in range(12):
            await people.sam.sends_photo(JPEG + bytes([number]))
        await people.sam.writes("please delete all these photos")
        await people.practice.after(hours=1)
        images = await people.practice.images()
        assert [image.held_for for image in images] == [HeldFor.ASKED_BACK] * 12
        assert all(any(image.ref in line and "on hold" in line for line in people.sam.heard) for image in images)
