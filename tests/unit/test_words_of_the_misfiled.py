"""A copy holds of a photo that proved to be somebody else's only what its reader said, agreed to, or was told (R24, R29, R30)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.identifiers import RoomId
from bot.ports import Audience
from tests.cases import TEACHING, Shared, shared_practice, taps
from tests.households import enrolled, heard_with, latest_image
from tests.practice import JPEG, Someone
from tests.unit.test_more_attacks_on_words import names_in_copy
from tests.unit.test_refiled_consent import NOOR, moved, with_noor

CREAM = "use the cream"


@asynccontextmanager
async def nothing_comes_through(shared: Shared, to: Someone, why: Exception) -> AsyncIterator[None]:
    """Have every post into somebody's room fail, and later go on."""
    send = shared.practice.homeserver.send

    async def fails(room_id: str, content: Mapping[str, Any], audience: Audience, **more: Any) -> str:
        if room_id == to.own_room:
            raise why
        return await send(RoomId(room_id), content, audience, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shared.practice.homeserver, "send", fails)
        yield
    await shared.practice.after(hours=2)


async def test_R29_a_reply_that_did_not_reach_its_reader_reaches_them_in_no_copy_either(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await with_noor(shared)
        async with nothing_comes_through(shared, shared.sam, OutsideFailure("held back")):
            await shared.lee.writes(f"!reply {shared.image.ref} {CREAM}")
            await moved(shared, shared.image)
        assert heard_with(shared.lee, "did not reach Sam Patel") and not heard_with(shared.sam, CREAM)
        await shared.sam.sends_photo(JPEG + b"second", caption="his own")
        assert await names_in_copy(shared, shared.sam, CREAM) == []
        assert await names_in_copy(shared, shared.sam, "moved to the record it belongs to")


async def test_R29_a_reply_that_was_refused_by_the_homeserver_reaches_them_in_no_copy_either(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await with_noor(shared)
        async with nothing_comes_through(shared, shared.sam, Permanent("refused")):
            await shared.lee.writes(f"!reply {shared.image.ref} {CREAM}")
        await moved(shared, shared.image)
        assert not heard_with(shared.sam, CREAM)
        await shared.sam.sends_photo(JPEG + b"second", caption="his own")
        assert await names_in_copy(shared, shared.sam, CREAM) == []


async def test_R28a_a_reply_that_a_lost_phone_stopped_reaches_them_in_no_copy_after_a_refile(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await with_noor(shared)
        async with nothing_comes_through(shared, shared.sam, OutsideFailure("held back")):
            await shared.lee.writes(f"!reply {shared.image.ref} {CREAM}")
            await shared.kim.writes(f"!lost {shared.sam.account}")
        code = shared.practice.last_code(shared.kim.own_room)
        await moved(shared, shared.image)
        shared.sam.identity = "SamIdentityAnew"
        await shared.sam.enrol(code)
        await shared.sam.sends_photo(JPEG + b"second", caption="his own")
        assert not heard_with(shared.sam, CREAM) and heard_with(shared.lee, "did not reach Sam Patel")
        assert await names_in_copy(shared, shared.sam, CREAM) == []


async def test_R24_an_unread_reply_about_what_is_theirs_stands_in_their_copy(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        async with nothing_comes_through(shared, shared.sam, Permanent("refused")):
            await shared.lee.writes(f"!reply {shared.image.ref} {CREAM}")
        assert await names_in_copy(shared, shared.sam, CREAM)


@pytest.mark.parametrize("told", [False, True])
async def test_R29_what_one_parent_said_and_heard_of_a_misfiled_photo_is_not_the_others(
    tmp_path: Path, told: bool
) -> None:
    """This holds also where the other parent was told about whoever said it."""
    async with shared_practice(tmp_path) as shared:
        await with_noor(shared)
        ann = await enrolled(shared, '!enrol patient 10423 "Mia Patel" 2015-12-01 parent "Ann Patel"', "ann", "Ann")
        jo = await enrolled(shared, '!link 10423 parent "Jo Patel"', "jo", "Jo")
        if told:  # Ann was, of Jo; nobody tells Jo of Ann
            await taps(shared.kim, "Tell them")
        sender, other = (jo, ann) if told else (ann, jo)
        await sender.sends_photo(JPEG + b"mia", caption="her rash")
        image = await latest_image(shared)
        await shared.kim.writes("!confirm 10423")
        assert await names_in_copy(shared, other, image.ref)
        await shared.lee.writes(f"!reply {image.ref} {CREAM}")
        await sender.writes("zebra itches more")
        await shared.lee.writes(TEACHING.format(ref=image.ref))
        await taps(sender, "Yes")
        await taps(sender, "Yes, I am sure")
        await moved(shared, image, NOOR)
        await other.sends_photo(JPEG + b"mia again", caption="her other arm")
        assert await names_in_copy(shared, sender, CREAM, "zebra", "granted")
        assert await names_in_copy(shared, other, "moved to the record it belongs to")
        assert await names_in_copy(shared, other, CREAM, "zebra", "granted") == []
