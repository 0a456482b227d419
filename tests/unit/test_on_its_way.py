"""What is on its way, or held up there, is named as that and no more, wherever it is told who got something (R24, R25)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.domain.breach import Breach
from bot.domain.entries import EntryKind
from bot.domain.errors import OutsideFailure
from bot.domain.identifiers import Account
from tests.cases import Shared, shared_practice, taps
from tests.fakes import FakeHomeserver
from tests.households import heard_with
from tests.practice import Someone
from tests.unit.test_not_arrived import busy, disclosed, held_about
from tests.unit.test_refiled_consent import moved, with_noor

UNTIL_HELD = 60  # hours


async def given_up(shared: Shared) -> None:
    for _ in range(UNTIL_HELD):
        await shared.practice.after(hours=1)


async def breaches(shared: Shared) -> list[Breach]:
    async with shared.practice.journal.reading() as rows:
        return await rows.breaches.find()


async def nobody_comes(shared: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody join the room of a case: there the bot says nothing before somebody is there."""
    send = shared.practice.homeserver.send

    async def waits(room_id: Any, content: Any, *more: Any, **named: Any) -> Any:
        room = shared.practice.homeserver.rooms.get(room_id)
        if room is not None and room.name.endswith("case"):
            raise OutsideFailure("nobody-here-yet")
        return await send(room_id, content, *more, **named)

    monkeypatch.setattr(shared.practice.homeserver, "send", waits)


# ---- what is held, and tried again


@pytest.mark.parametrize(
    ("fails", "said"), [("reserve_media", "not there yet"), ("put", "I don't know yet whether it arrived")]
)
@pytest.mark.parametrize("looks", [False, True])
async def test_R24_a_held_picture_was_seen_by_nobody_until_a_retry_shows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str, said: str, looks: bool
) -> None:
    async with shared_practice(tmp_path) as shared:
        who, seen = ("Dr Lee", "Seen by Dr Lee") if looks else ("Dr Derm", "Shown to Dr Derm")
        with monkeypatch.context() as away:
            away.setattr(FakeHomeserver, fails, busy)
            if looks:
                await shared.lee.writes(f"!show {shared.image.ref}")
            else:
                await shared.taught()
            await given_up(shared)
            told = await held_about(shared)
        assert seen not in told and "looked at it" not in told
        assert f"on its way to {who}, {said}" in told
        assert ("Nobody is listed as having seen it" in told) is (fails == "reserve_media")
        await shared.kim.writes("!retry")
        told = await held_about(shared)
        assert seen in told and "on its way" not in told


async def test_R24_the_record_says_that_a_picture_is_held_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with shared_practice(tmp_path) as shared:
        monkeypatch.setattr(FakeHomeserver, "put", busy)
        await shared.taught()
        await given_up(shared)
        entries = await shared.practice.record.entries(shared.image.patient_id)
        (said,) = [entry.text or "" for entry in entries if entry.kind is EntryKind.CORRECTION]
        assert "held up on its way" in said and "not known" in said


async def test_R24_nobody_got_a_copy_that_is_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with shared_practice(tmp_path) as shared:
        with monkeypatch.context() as away:
            away.setattr(FakeHomeserver, "put", busy)
            await shared.sam.writes("my copy")
            await given_up(shared)
            told = await held_about(shared)
        assert "got a copy" not in told and "a copy of it is on its way to you" in told
        await shared.kim.writes("!retry")
        assert "you got a copy" in await held_about(shared)


# ---- called back, taken back, moved


async def test_R25_what_never_left_reached_nobody_and_is_not_shown_after_a_retry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shared_practice(tmp_path) as shared:
        with monkeypatch.context() as away:
            away.setattr(FakeHomeserver, "reserve_media", busy)
            await shared.taught()
            await given_up(shared)
        assert heard_with(shared.lee, "has not reached Dr Derm yet")
        await shared.lee.writes(f"!recall {shared.image.ref}")
        assert "had not reached anybody" in shared.lee.last_heard and await breaches(shared) == []
        assert not heard_with(shared.derm, "delete every copy")
        assert await disclosed(shared) == ["stopped"]
        await shared.kim.writes("!retry")
        assert await disclosed(shared) == ["stopped"] and "Shown to" not in await held_about(shared)


async def test_R25_what_may_have_arrived_is_said_to_be_no_more_than_that_and_its_file_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each try uploads nothing more and sends nothing that is answered; one of them may have got through."""
    async with shared_practice(tmp_path) as shared:
        homeserver = shared.practice.homeserver
        send = homeserver.send

        async def unanswered(room_id: Any, content: Any, *more: Any, **named: Any) -> Any:
            if content.get("msgtype") == "m.image" or "interrupted" in str(content.get("body")):
                raise OutsideFailure("timeout")
            return await send(room_id, content, *more, **named)

        before = set(homeserver.media)
        monkeypatch.setattr(homeserver, "send", unanswered)
        await shared.taught()
        await given_up(shared)
        (left,) = set(homeserver.media) - before
        await shared.lee.writes(f"!recall {shared.image.ref}")
        (breach,) = await breaches(shared)
        assert "may have reached Dr Derm" in breach.what and heard_with(shared.derm, "delete every copy")
        assert left not in homeserver.media, "nobody opens it any more"
        assert "stopped" not in await disclosed(shared), "a recall later finds them again"


async def test_R13_a_withdrawal_names_nobody_whom_a_held_picture_never_left_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shared_practice(tmp_path) as shared:
        monkeypatch.setattr(FakeHomeserver, "reserve_media", busy)
        await shared.taught()
        await given_up(shared)
        await shared.sam.writes(f"withdraw {shared.image.ref}")
        assert "before anything was shared" in shared.sam.last_heard and "Dr Derm" not in shared.sam.last_heard
        assert heard_with(shared.lee, "stopped before anything was shared")
        assert not heard_with(shared.derm, "delete every copy you have")


@pytest.mark.parametrize(("fails", "hears"), [("reserve_media", False), ("put", True)])
async def test_R15_of_a_wrong_patient_hears_who_may_have_seen_it_and_no_more_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str, hears: bool
) -> None:
    async with shared_practice(tmp_path) as shared:
        await with_noor(shared)
        await shared.kim.writes('!enrol clinician @roy:hs.test "Dr Roy"')
        roy = Someone(shared.practice, Account("@roy:hs.test"), "RoyIdentity")
        await roy.enrol(shared.practice.last_code(shared.kim.own_room))
        with monkeypatch.context() as away:
            away.setattr(FakeHomeserver, fails, busy)
            await roy.writes(f"!show {shared.image.ref}")
            await given_up(shared)
        await moved(shared, shared.image)
        assert bool(heard_with(roy, "I don't know whether it arrived")) is hears
        assert not heard_with(roy, "when you saw it")


# ---- a case


async def test_R25_a_case_whose_room_was_never_made_reached_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shared_practice(tmp_path) as shared:
        monkeypatch.setattr(FakeHomeserver, "create_room", busy)
        with pytest.raises(AssertionError, match="no room"):
            await shared.forwarded()
        assert "on its way to Dr Derm, not there yet" in await held_about(shared)
        await shared.lee.writes(f"!recall {shared.image.ref}")
        assert "had not reached anybody" in shared.lee.last_heard and await breaches(shared) == []
        assert not heard_with(shared.derm, "sent to you by mistake")


async def test_R25_a_case_in_which_nothing_was_said_reached_nobody_and_they_are_put_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shared_practice(tmp_path) as shared:
        await nobody_comes(shared, monkeypatch)
        room = await shared.forwarded()
        await shared.lee.writes(f"!recall {shared.image.ref}")
        assert "had not reached anybody" in shared.lee.last_heard and await breaches(shared) == []
        assert not heard_with(shared.derm, "sent to you by mistake")
        assert (room, "@derm:hs.test") in shared.practice.homeserver.removed


async def test_R25_words_about_a_patient_that_stood_in_the_room_reached_its_readers_without_the_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shared_practice(tmp_path) as shared:
        with monkeypatch.context() as away:
            away.setattr(FakeHomeserver, "reserve_media", busy)
            await shared.forwarded()
            assert "Shown to" not in await held_about(shared)
            await shared.lee.writes(f"!recall {shared.image.ref}")
        (breach,) = await breaches(shared)
        assert "reached Dr Derm" in breach.what and heard_with(shared.derm, "sent to you by mistake")


async def test_R13_a_withdrawal_from_a_case_that_nobody_read_asks_nobody_to_delete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shared_practice(tmp_path) as shared:
        await nobody_comes(shared, monkeypatch)
        await shared.forwarded()
        await shared.sam.writes(f"withdraw {shared.image.ref}")
        assert "Dr Derm" not in shared.sam.last_heard and not heard_with(shared.derm, "delete every copy")


async def test_R25_once_it_was_shown_a_recall_names_them_as_ever(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.taught()
        await shared.lee.writes(f"!recall {shared.image.ref}")
        await taps(shared.derm, "Deleted")
        (breach,) = await breaches(shared)
        assert f"{shared.image.ref} reached Dr Derm, sent on by" in breach.what
