"""A copy on its way when a reply is called back does not bring it; one that can't be made whole brings the rest (R24, R25)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.domain.entries import EntryKind
from bot.domain.errors import OutsideFailure, Permanent
from tests.cases import Shared, shared_practice
from tests.colleagues import entries_of
from tests.households import heard_with
from tests.practice import JPEG
from tests.unit.test_my_copy import files_sent, opened
from tests.unit.test_not_arrived import disclosed
from tests.unit.test_recall_reply import breaches, is_hidden, replied


async def recalled_meanwhile(shared: Shared) -> None:
    words = {"msgtype": "m.text", "body": f"!recall {shared.image.ref}"}
    await shared.practice.receive(shared.lee.arrival(shared.lee.own_room, words))
    await shared.practice.inbox.drain()


def with_reply(shared: Shared) -> list[bool]:
    """Of each copy whose file is still there, whether it has a reply in it."""
    sent = files_sent(shared, shared.sam.own_room)
    there = [post for post in sent if post.content["file"]["url"] in shared.practice.homeserver.media]
    return [any("reply" in name for name in opened(shared, post).namelist()) for post in there]


@pytest.mark.parametrize("at", ["put", "send"])
async def test_R25_a_copy_on_its_way_brings_no_reply_that_was_called_back_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    async with shared_practice(tmp_path) as shared:
        await replied(shared)
        homeserver = shared.practice.homeserver
        act, done = getattr(homeserver, at), list[bool]()

        async def slowly(*asked: Any, **more: Any) -> Any:
            is_copy = at == "put" or asked[1].get("msgtype") == "m.file"
            result = await act(*asked, **more)
            if is_copy and not done:
                done.append(True)
                await recalled_meanwhile(shared)
            return result

        monkeypatch.setattr(homeserver, at, slowly)
        await shared.sam.writes("my copy")
        await shared.practice.after(minutes=5)
        assert done and with_reply(shared) == [False], "one new copy, without it"
        assert heard_with(shared.sam, "a new one without the reply follows")
        assert not heard_with(shared.sam, "only send a copy to the person who decides")
        (breach,) = await breaches(shared.practice)
        assert any("was on its way to Sam Patel" in step["what"] for step in breach.steps)


async def test_R25_a_copy_whose_sending_was_not_answered_is_found_and_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shared_practice(tmp_path) as shared:
        await replied(shared)
        homeserver = shared.practice.homeserver
        send, cut = homeserver.send, list[str]()

        async def cut_short(room_id: Any, content: Any, *more: Any, **named: Any) -> Any:
            event_id = await send(room_id, content, *more, **named)
            if content.get("msgtype") == "m.file" and not cut:
                cut.append(event_id)
                await recalled_meanwhile(shared)
                raise OutsideFailure("timeout")
            return event_id

        monkeypatch.setattr(homeserver, "send", cut_short)
        await shared.sam.writes("my copy")
        await shared.practice.after(minutes=5)
        first = files_sent(shared, shared.sam.own_room)[0]
        assert cut == [first.event_id] and is_hidden(shared.practice, first)
        assert with_reply(shared) == [False]
        assert "stopped" not in await disclosed(shared), "they may have had it"


@pytest.mark.parametrize("code", ["damaged", "missing"])
async def test_R24_one_photo_that_cannot_be_read_does_not_keep_the_rest_from_coming(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.sends_photo(JPEG + b"2", caption="knee")
        (second,) = [e for e in await entries_of(shared.practice, EntryKind.IMAGE) if e.entry_id != shared.image.id]
        content = shared.practice.record.content

        async def lost(entry_id: str) -> bytes:
            if entry_id == second.entry_id:
                raise Permanent(code, "an object")
            return await content(entry_id)

        monkeypatch.setattr(shared.practice.record, "content", lost)
        await shared.sam.writes("my copy")
        (sent,) = files_sent(shared, shared.sam.own_room)
        archive = opened(shared, sent)
        assert archive.read(f"{shared.image.ref}.jpg") == JPEG
        assert "could not be read" in archive.read(f"{second.about}.txt").decode()
        assert heard_with(shared.sam, f"{second.about} could not be read")
        assert heard_with(shared.kim, f"{second.about} could not be read")
        async with shared.practice.journal.reading() as rows:
            got = await rows.disclosures.of_images([shared.image.id, second.entry_id])  # type: ignore[list-item]
        assert {given.image_id: given.how for given in got} == {shared.image.id: "copy", second.entry_id: "stopped"}
