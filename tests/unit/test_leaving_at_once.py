"""Whoever leaves, is paused or changed identity gets nothing that was on its way, and acts no more (R28a, R31)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.core.schedule import BACK_OFF
from bot.domain import rooms
from bot.domain.errors import OutsideFailure
from bot.domain.identifiers import Account, MediaId, PersonId, RoomId
from bot.domain.intents import Invite, Say
from bot.domain.invitations import InvitationState
from bot.domain.people import Person, Relation, Role, Standing
from bot.domain.rooms import Room, RoomKind
from bot.domain.use import UseState
from tests.cases import TEACHING, Shared, answer_id, pictures_in, shared_practice, taps
from tests.households import answers_as
from tests.practice import JPEG, Someone


async def also_a_patient(shared: Shared, someone: Someone) -> None:
    async with shared.practice.journal.transaction() as rows:
        person = await rows.people.first(account=someone.account)
        assert person is not None
        await rows.people.save(replace(person, roles=person.roles | {Role.PATIENT}))


async def new_holder(shared: Shared, account: str, roles: frozenset[Role], identity: str) -> Someone:
    """Somebody else has the account now; whoever had it before has left."""
    async with shared.practice.journal.transaction() as rows:
        before = await rows.people.first(account=account)
        assert before is not None
        await rows.people.save(replace(before, standing=Standing.LEFT))
        await rows.people.add(Person(PersonId("new-holder"), Account(account), "Somebody New", roles, identity))
        await rows.rooms.add(
            Room(RoomId("!new-holder"), RoomKind.OWN, rooms.own(PersonId("new-holder")), PersonId("new-holder"))
        )
    return Someone(shared.practice, Account(account), identity, RoomId("!new-holder"))


async def decided(shared: Shared, who: Someone, words: str, room: str = "") -> None:
    """What they write is decided; nothing of it is carried out yet."""
    await who.writes(words, room=room, settle=False)
    await shared.practice.inbox.drain()


async def carried_out(shared: Shared, kind: str) -> None:
    """One intent of this kind is carried out, and no other."""
    due = await shared.practice.left()
    await shared.practice.worker.carry_out(next(one for one in due if one.intent.kind == kind))


@pytest.mark.parametrize("as_a_patient", [False, True])
async def test_R28a_a_picture_on_its_way_does_not_reach_whoever_left(tmp_path: Path, as_a_patient: bool) -> None:
    async with shared_practice(tmp_path) as shared:
        if as_a_patient:
            await also_a_patient(shared, shared.lee)
        await decided(shared, shared.lee, f"!show {shared.image.ref}")
        await decided(shared, shared.kim, "!leaves @lee:hs.test")
        await shared.practice.settle()
        assert pictures_in(shared.practice, shared.lee.own_room) == []


@pytest.mark.parametrize("as_a_patient", [False, True])
async def test_R28a_nor_does_one_that_was_uploaded_already(tmp_path: Path, as_a_patient: bool) -> None:
    async with shared_practice(tmp_path) as shared:
        if as_a_patient:
            await also_a_patient(shared, shared.lee)
        await decided(shared, shared.lee, f"!show {shared.image.ref}")
        await carried_out(shared, "reserve-picture")
        await decided(shared, shared.kim, "!leaves @lee:hs.test")
        await shared.practice.settle()
        assert pictures_in(shared.practice, shared.lee.own_room) == []


async def test_R28a_nor_one_that_is_planned_after_they_left(tmp_path: Path) -> None:
    """An upload in flight plans its message when it is done, whatever became of the person meanwhile."""
    async with shared_practice(tmp_path) as shared:
        await also_a_patient(shared, shared.lee)
        await decided(shared, shared.lee, f"!show {shared.image.ref}")
        reserve = next(one for one in await shared.practice.left() if one.intent.kind == "reserve-picture")
        await shared.kim.writes("!leaves @lee:hs.test")
        await shared.practice.worker.carry_out(reserve)
        await shared.practice.settle()
        assert pictures_in(shared.practice, shared.lee.own_room) == []


@pytest.mark.parametrize("as_a_patient", [False, True])
async def test_R28a_whoever_left_neither_reads_nor_writes_in_a_case(tmp_path: Path, as_a_patient: bool) -> None:
    async with shared_practice(tmp_path) as shared:
        if as_a_patient:
            await also_a_patient(shared, shared.derm)
        case = await shared.forwarded()
        await decided(shared, shared.kim, "!leaves @derm:hs.test")
        address = rooms.case((await shared.uses())[0].id)
        _, audience = await shared.practice.worker._world.room_at(address)
        assert (
            audience.pins.get(Account("@derm:hs.test"), "") == ""
            and audience.pins[Account("@lee:hs.test")] == "LeeIdentity"
        )
        await shared.derm.writes("I think it is harmless", room=case)
        async with shared.practice.journal.reading() as rows:
            assert await rows.lines.find() == []


async def test_R28a_a_use_that_names_whoever_left_ends_and_who_asked_hears(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        await shared.kim.writes("!leaves @derm:hs.test")
        assert [use.state for use in await shared.uses()] == [UseState.WITHDRAWN]
        assert "Dr Derm has left" in shared.lee.last_heard and shared.image.ref in shared.lee.last_heard


@pytest.mark.parametrize("begun", [False, True])
async def test_R33_invitations_for_and_by_whoever_left_end_and_the_manager_hears_which(
    tmp_path: Path, begun: bool
) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes('!enrol reception @desk:hs.test "Desk"')
        desk = Someone(shared.practice, Account("@desk:hs.test"), "DeskIdentity")
        await desk.enrol(shared.practice.last_code(shared.kim.own_room))
        await desk.writes('!enrol patient 10500 "Ann Lo" 1990-01-02')
        code = shared.practice.last_code(desk.own_room)
        ann = Someone(shared.practice, Account("@ann:hs.test"), "AnnIdentity")
        if begun:
            await ann.enters_lobby("!lobby")
            await ann.writes(code, room="!lobby")
        await shared.kim.writes("!leaves @desk:hs.test")
        heard = "\n".join(shared.kim.heard[-3:])
        assert "Ann Lo" in heard
        async with shared.practice.journal.reading() as rows:
            assert await rows.invitations.find(state=[InvitationState.OPEN, InvitationState.MATCHED]) == []


async def test_R31_a_new_human_on_an_account_is_heard_and_starts_with_nothing(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        case = await shared.forwarded()
        before = shared.derm.own_room
        new = await new_holder(shared, "@derm:hs.test", frozenset({Role.OUTSIDE_CLINICIAN}), "NewIdentity")
        for room in (case, before):
            await new.writes("hello there", room=room)
            assert "don't know you here" in shared.practice.seen_in(room)[-1]
        async with shared.practice.journal.reading() as rows:
            assert await rows.lines.find() == []
        address = rooms.case((await shared.uses())[0].id)
        _, audience = await shared.practice.worker._world.room_at(address)
        assert audience.pins.get(Account("@derm:hs.test"), "") == ""
        await new.writes("!help")
        assert "!device" in new.last_heard


async def test_R31_of_two_who_had_an_account_the_one_who_is_here_reads_in_the_practice_room(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await new_holder(shared, "@lee:hs.test", frozenset({Role.CLINICIAN}), "NewIdentity")
        _, audience = await shared.practice.worker._world.room_at(rooms.PRACTICE)
        assert audience.pins[Account("@lee:hs.test")] == "NewIdentity"


async def test_R28a_nobody_who_left_is_invited_any_more(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.forwarded()
        address = rooms.case((await shared.uses())[0].id)
        await shared.kim.writes("!leaves @derm:hs.test")
        before = list(shared.practice.homeserver.invited)
        async with shared.practice.journal.transaction() as rows:
            await shared.practice.dispatch.transaction(rows).plan(Invite(address, Account("@derm:hs.test")))
        await shared.practice.settle()
        assert shared.practice.homeserver.invited == before


async def test_R28a_what_waited_for_a_lost_phone_is_not_delivered_to_it(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await decided(shared, shared.lee, f"!reply {shared.image.ref} use the cream")
        await decided(shared, shared.kim, "!lost @sam:hs.test")
        await shared.practice.settle()
        assert not any("use the cream" in words for words in shared.sam.heard)
        assert any("reported lost" in words for words in shared.sam.heard)
        waiting = [one.intent for one in await shared.practice.left() if isinstance(one.intent, Say)]
        assert not any("use the cream" in intent.text for intent in waiting)


async def test_R28a_what_waited_for_a_changed_identity_is_not_delivered_to_it(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await decided(shared, shared.lee, f"!show {shared.image.ref}")
        await carried_out(shared, "reserve-picture")
        await decided(shared, replace(shared.lee, identity="Changed"), "hello")
        await shared.practice.settle()
        assert pictures_in(shared.practice, shared.lee.own_room) == []


@pytest.mark.parametrize("how", ["lost", "changed"])
async def test_R28a_what_was_asked_before_cannot_be_answered_from_the_old_identity(tmp_path: Path, how: str) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        secret = answer_id(shared.practice, shared.sam.own_room, "Yes")
        if how == "lost":
            await shared.kim.writes("!lost @sam:hs.test")
        else:
            await replace(shared.sam, identity="Changed").writes("hello")
        await taps(shared.sam, "Yes", secret=secret)
        async with shared.practice.journal.reading() as rows:
            assert await rows.consent_answers.find() == []
        assert pictures_in(shared.practice, shared.derm.own_room) == []


async def test_R31_a_new_human_on_an_account_takes_back_nothing_that_was_sent_before(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        arrival = await shared.sam.sends_photo(JPEG + b"2")
        image = next(one for one in await shared.practice.images() if one.event_id == arrival.event_id)
        new = await new_holder(shared, "@sam:hs.test", frozenset({Role.PATIENT}), "NewIdentity")
        await new.deletes(arrival)
        async with shared.practice.journal.reading() as rows:
            assert not (await rows.images.get(image.id)).deleted_by_sender


# ---- while it is being uploaded: how long that takes is the homeserver's to decide


def while_uploading(
    shared: Shared, monkeypatch: pytest.MonkeyPatch, happens: Callable[[], Awaitable[None]]
) -> list[str]:
    """During the next upload this is decided; what was uploaded."""
    put, done = shared.practice.homeserver.put, list[str]()

    async def slow(mxc: str, data: bytes) -> dict[str, Any]:
        if not done:
            done.append(mxc)
            await happens()
        return await put(MediaId(mxc), data)

    monkeypatch.setattr(shared.practice.homeserver, "put", slow)
    return done


async def test_R28a_a_picture_that_is_being_uploaded_does_not_reach_whoever_left_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shared_practice(tmp_path) as shared:
        leaves = "!leaves @derm:hs.test"
        uploaded = while_uploading(shared, monkeypatch, lambda: decided(shared, shared.kim, leaves))
        case = await shared.forwarded()
        assert pictures_in(shared.practice, case) == []
        assert any("nothing was shared" in words for words in shared.lee.heard)
        assert uploaded and uploaded[0] not in shared.practice.homeserver.media, "what was only uploaded goes at once"


@pytest.mark.parametrize("ends", ["!leaves @derm:hs.test", "!lost @derm:hs.test"])
async def test_R28a_who_asked_hears_that_a_picture_that_was_given_up_never_came(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ends: str
) -> None:
    """They had heard that Dr Derm gets it now."""
    async with shared_practice(tmp_path) as shared:

        async def fails(mxc: str, data: bytes) -> dict[str, Any]:
            raise OutsideFailure("full")

        monkeypatch.setattr(shared.practice.homeserver, "put", fails)
        await shared.taught()
        for wait in BACK_OFF:
            await shared.practice.after(seconds=wait + 1)
        await shared.kim.writes(ends)
        assert any("nothing was shared" in words for words in shared.lee.heard)


async def test_R32_who_asked_hears_that_a_picture_could_not_be_sent_where_a_stranger_reads(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        shared.practice.homeserver.unsafe[shared.derm.own_room] = "stranger"
        await shared.taught()
        assert any("nothing was shared" in words for words in shared.lee.heard)


@pytest.mark.parametrize("taught", [True, False])
async def test_R28a_nor_one_that_somebody_asked_for_whose_phone_is_lost_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taught: bool
) -> None:
    """Whoever holds the phone may have asked for it."""
    async with shared_practice(tmp_path) as shared:
        while_uploading(shared, monkeypatch, lambda: decided(shared, shared.kim, "!lost @lee:hs.test"))
        await (shared.taught() if taught else shared.forwarded())
        rooms_of_others = {post.room_id for post in shared.practice.homeserver.posts} - {shared.kim.own_room}
        assert [one for room in rooms_of_others for one in pictures_in(shared.practice, room)] == []


async def test_R28a_nor_a_picture_in_their_own_chat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with shared_practice(tmp_path) as shared:
        await also_a_patient(shared, shared.lee)
        while_uploading(shared, monkeypatch, lambda: decided(shared, shared.kim, "!leaves @lee:hs.test"))
        await shared.lee.writes(f"!show {shared.image.ref}")
        assert pictures_in(shared.practice, shared.lee.own_room) == []


async def test_R28_a_copy_that_is_being_uploaded_does_not_reach_whoever_may_not_have_it_any_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shared_practice(tmp_path) as shared:

        async def ends() -> None:
            async with shared.practice.journal.transaction() as rows:
                (held,) = await rows.authorities.find()
                await rows.authorities.save(replace(held, until=shared.practice.clock.now().date()))

        while_uploading(shared, monkeypatch, ends)
        await shared.sam.writes("my copy")
        posts = shared.practice.posts_in(shared.sam.own_room)
        assert not [post for post in posts if post.content.get("msgtype") == "m.file"]
        assert "can only send a copy to the person who decides" in shared.sam.last_heard


async def test_R28a_who_leaves_work_while_their_phone_is_lost_stays_paused_as_a_patient(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await answers_as(shared.lee, "10421", Relation.SELF)
        await shared.kim.writes("!lost @lee:hs.test")
        await shared.kim.writes("!leaves @lee:hs.test")
        async with shared.practice.journal.reading() as rows:
            lee = await rows.people.holder(shared.lee.account)
        assert lee is not None and (lee.standing, lee.roles) == (Standing.PAUSED, frozenset({Role.PATIENT}))
        await shared.lee.writes("my images")
        assert shared.image.ref not in shared.lee.last_heard, "whoever holds the phone may have written it"
