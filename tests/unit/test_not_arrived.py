"""Nobody is listed as having seen a picture, or as having a copy, that did not reach them; whoever asked hears it (R24, R25)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.domain.entries import EntryKind
from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.identifiers import Account, EventId, RoomId
from bot.ports import Audience
from bot.words.about_incidents import law_not_given, law_not_given_to_patient
from bot.words.about_uses import COULD_NOT_BE_SENT
from tests.cases import Shared, shared_practice
from tests.fakes import FakeHomeserver, PlainScreener
from tests.households import heard_with
from tests.practice import Someone
from tests.unit.test_refiled_consent import moved, with_noor
from tests.unit.test_required_by_law import WORDS

NOT_SENT, PERHAPS = "could not be sent to Dr Derm", "may not have reached Dr Derm"


async def refused(*_asked: Any, **_more: Any) -> Any:
    raise Permanent("too-large")


async def not_viewable(*_asked: Any, **_more: Any) -> Any:
    raise Permanent("not-viewable", "damaged")


async def busy(*_asked: Any, **_more: Any) -> Any:
    raise OutsideFailure("busy")


async def disclosed(shared: Shared) -> list[str]:
    async with shared.practice.journal.reading() as rows:
        return [disclosure.how for disclosure in await rows.disclosures.of_image(shared.image.id)]


async def held_about(shared: Shared) -> str:
    await shared.sam.writes("my images")
    return shared.sam.last_heard


@pytest.mark.parametrize(
    ("where", "what", "fails"),
    [
        (PlainScreener, "clean_copy", not_viewable),
        (FakeHomeserver, "put", refused),
        (FakeHomeserver, "reserve_media", refused),
    ],
)
@pytest.mark.parametrize("asks", [Shared.forwarded, Shared.taught])
async def test_R24_a_picture_that_could_not_be_sent_was_seen_by_nobody_and_who_asked_hears_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: type, what: str, fails: Any, asks: Any
) -> None:
    async with shared_practice(tmp_path) as shared:
        monkeypatch.setattr(where, what, fails)
        await asks(shared)
        assert await disclosed(shared) == ["stopped"]
        assert heard_with(shared.lee, NOT_SENT)
        told = await held_about(shared)
        assert "Nobody is listed as having seen it" in told and "Shown to" not in told
        entries = await shared.practice.record.entries(shared.image.patient_id)
        assert [entry.text for entry in entries if entry.kind is EntryKind.CORRECTION] == [COULD_NOT_BE_SENT]


async def test_R24_who_wanted_to_look_and_could_not_is_listed_once_they_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shared_practice(tmp_path) as shared:
        with monkeypatch.context() as damaged:
            damaged.setattr(PlainScreener, "rendition", not_viewable)
            await shared.lee.writes(f"!show {shared.image.ref}")
        assert await disclosed(shared) == ["stopped"] and "Seen by" not in await held_about(shared)
        await shared.lee.writes(f"!show {shared.image.ref}")
        assert await disclosed(shared) == ["stopped", "viewed"] and "Seen by Dr Lee" in await held_about(shared)


async def test_R13a_what_could_not_be_handed_over_is_not_said_to_have_been_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shared_practice(tmp_path) as shared:
        monkeypatch.setattr(PlainScreener, "clean_copy", not_viewable)
        await shared.kim.writes(WORDS.format(ref=shared.image.ref))
        assert await disclosed(shared) == ["stopped"]
        assert heard_with(shared.kim, law_not_given(shared.image.ref))
        assert heard_with(shared.sam, law_not_given_to_patient(shared.image.ref))


@pytest.mark.parametrize("asks", [Shared.forwarded, Shared.taught])
async def test_R25_what_may_have_got_through_stands_and_who_asked_is_to_ask_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asks: Any
) -> None:
    """The bot dies once the picture is sent; then it may not speak in that room any more."""
    async with shared_practice(tmp_path) as shared:
        homeserver, send = shared.practice.homeserver, shared.practice.homeserver.send

        async def cut_short(room_id: str, content: Mapping[str, Any], audience: Audience, **more: Any) -> EventId:
            event_id = await send(RoomId(room_id), content, audience, **more)
            if content.get("msgtype") != "m.image":
                return event_id
            monkeypatch.setattr(homeserver, "put", already_there)
            monkeypatch.setattr(homeserver, "send", no_more)
            raise OutsideFailure("cut short")

        async def no_more(room_id: str, content: Mapping[str, Any], audience: Audience, **more: Any) -> EventId:
            if "interrupted" in str(content.get("body")):
                raise Permanent("forbidden")
            return await send(RoomId(room_id), content, audience, **more)

        async def already_there(*_asked: Any) -> Any:
            raise Permanent("already-uploaded")

        monkeypatch.setattr(homeserver, "send", cut_short)
        await asks(shared)
        await shared.practice.after(minutes=10)
        assert await disclosed(shared) == ["forwarded"]
        assert heard_with(shared.lee, PERHAPS) and not heard_with(shared.lee, NOT_SENT)


async def test_R25_what_was_given_up_may_have_got_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with shared_practice(tmp_path) as shared:
        monkeypatch.setattr(shared.practice.homeserver, "put", busy)
        await shared.taught()
        for _ in range(60):
            await shared.practice.after(hours=1)
        assert await disclosed(shared) == ["forwarded"] and heard_with(shared.lee, PERHAPS)


async def test_R24_a_case_whose_room_is_not_made_was_seen_by_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shared_practice(tmp_path) as shared:
        with monkeypatch.context() as away:
            away.setattr(FakeHomeserver, "create_room", busy)
            with pytest.raises(AssertionError, match="no room"):
                await shared.forwarded()
            await shared.kim.writes("!lost @lee:hs.test")
        await shared.practice.after(hours=1)
        assert await disclosed(shared) == ["stopped"] and "Shown to" not in await held_about(shared)


async def test_R24_who_could_not_be_sent_a_copy_is_not_said_to_have_got_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shared_practice(tmp_path) as shared:
        monkeypatch.setattr(shared.practice.homeserver, "put", refused)
        await shared.sam.writes("my copy")
        assert await disclosed(shared) == ["stopped"]


async def test_R24_who_may_not_have_a_copy_any_more_is_not_said_to_have_got_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shared_practice(tmp_path) as shared:
        with monkeypatch.context() as slow:
            slow.setattr(shared.practice.homeserver, "put", busy)
            await shared.sam.writes("my copy")
            assert await disclosed(shared) == ["copy"], "it is recorded before it can leave (R27)"
            await shared.sam.writes(f"{shared.image.ref} is of somebody else")
        await shared.practice.after(hours=1)
        assert await disclosed(shared) == ["stopped"]


async def test_R25_a_copy_that_may_have_got_through_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with shared_practice(tmp_path) as shared:

        async def already_there(*_asked: Any) -> Any:
            raise Permanent("already-uploaded")

        monkeypatch.setattr(shared.practice.homeserver, "put", already_there)
        await shared.sam.writes("my copy")
        assert await disclosed(shared) == ["copy"]


async def test_R25_nobody_is_asked_to_delete_what_they_never_got_and_no_breach_names_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shared_practice(tmp_path) as shared:
        monkeypatch.setattr(shared.practice.homeserver, "put", refused)
        await shared.taught()
        await shared.lee.writes(f"!recall {shared.image.ref}")
        assert "had not reached anybody" in shared.lee.last_heard
        assert not heard_with(shared.derm, "say what became of")
        async with shared.practice.journal.reading() as rows:
            assert await rows.breaches.find() == []


async def test_R13_a_withdrawal_asks_nobody_to_delete_what_they_never_got(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shared_practice(tmp_path) as shared:
        monkeypatch.setattr(shared.practice.homeserver, "put", refused)
        await shared.taught()
        await shared.sam.writes(f"withdraw {shared.image.ref}")
        assert not heard_with(shared.derm, "elete every copy you have") and "Dr Derm" not in shared.sam.last_heard


async def test_R15_who_could_not_look_hears_of_no_wrong_patient(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shared_practice(tmp_path) as shared:
        await with_noor(shared)
        await shared.kim.writes('!enrol clinician @roy:hs.test "Dr Roy"')
        roy = Someone(shared.practice, Account("@roy:hs.test"), "RoyIdentity")
        await roy.enrol(shared.practice.last_code(shared.kim.own_room))
        with monkeypatch.context() as damaged:
            damaged.setattr(PlainScreener, "rendition", not_viewable)
            await roy.writes(f"!show {shared.image.ref}")
        before = len(roy.heard)
        await moved(shared, shared.image)
        assert await disclosed(shared) == ["stopped"] and len(roy.heard) == before


@pytest.mark.parametrize("asks", [Shared.forwarded, Shared.taught])
async def test_R7_who_was_to_see_a_picture_that_did_not_come_hears_what_they_can_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asks: Any
) -> None:
    async with shared_practice(tmp_path) as shared:
        monkeypatch.setattr(FakeHomeserver, "put", refused)
        room = await asks(shared) or shared.derm.own_room
        read = "\n".join(shared.practice.seen_in(room))
        assert "please ask them to send it again" in read
        assert "consentry doctor" not in read and "!status" not in read
        team = shared.practice.seen_in(await shared.practice.practice_room())
        assert any("could not be completed (too-large)" in words for words in team), "somebody who can mend it"
