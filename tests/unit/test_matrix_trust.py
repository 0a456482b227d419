"""The two verdicts, one line of their docstring at a time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.arrivals import Proof
from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.identifiers import Account
from bot.matrix.device_lists import Device, Identity
from bot.matrix.trust import MEGOLM, Opened, RoomState, require_safe, room_state, who_may_read, who_said
from bot.ports import Audience, UnsafeRoom

BOT, SAM, LEE = Account("@bot:h"), Account("@sam:h"), Account("@lee:h")
PHONE = Device(SAM, "PHONE", "curve", "ed", signed=True)
ROGUE = Device(SAM, "ROGUE", "curve2", "ed2", signed=False)
IDENTITIES = {
    SAM: Identity(SAM, "sam-master", (PHONE, ROGUE)),
    LEE: Identity(LEE, "lee-master", (Device(LEE, "L", "curve3", "ed3", signed=True),)),
}
SAID = Opened(
    type="m.room.message",
    content={},
    right_room=True,
    replayed=False,
    curve25519="curve",
    ed25519="ed",
    session_id="s",
    message_index=0,
)
ROOM = RoomState(MEGOLM, "joined", frozenset({BOT, SAM}), frozenset())
FOR_SAM = Audience({SAM: "sam-master"})


@pytest.mark.parametrize(
    ("changed", "standing"),
    [
        ({}, Proof.SIGNED),
        ({"curve25519": "curve2", "ed25519": "ed2"}, Proof.UNSIGNED),
        ({"curve25519": "other"}, Proof.UNKNOWN_DEVICE),
        ({"ed25519": "other"}, Proof.UNKNOWN_DEVICE),
        ({"ed25519": "ed2"}, Proof.UNKNOWN_DEVICE),
        ({"replayed": True}, Proof.REPLAYED),
        ({"right_room": False}, Proof.WRONG_ROOM),
        ({"right_room": False, "replayed": True, "curve25519": "other"}, Proof.WRONG_ROOM),
    ],
)
def test_who_said_it(changed: dict[str, Any], standing: Proof) -> None:
    verdict = who_said(replace(SAID, **changed), IDENTITIES[SAM])
    assert verdict.standing is standing
    assert verdict.identity == "sam-master"


@pytest.mark.parametrize(
    ("room", "reason", "who"),
    [
        (replace(ROOM, algorithm=""), "not-encrypted", ""),
        (replace(ROOM, algorithm="org.example.none"), "not-encrypted", ""),
        (replace(ROOM, history="shared"), "history-visible", ""),
        (replace(ROOM, history="world_readable"), "history-visible", ""),
        (replace(ROOM, joined=ROOM.joined | {LEE}), "stranger", LEE),
        (replace(ROOM, invited=frozenset({LEE})), "stranger", LEE),
        (replace(ROOM, joined=frozenset({SAM})), "not-joined", BOT),
    ],
)
def test_an_unsafe_room_is_refused(room: RoomState, reason: str, who: str) -> None:
    with pytest.raises(UnsafeRoom) as refused:
        require_safe(room, FOR_SAM, BOT)
    assert (refused.value.reason, refused.value.who) == (reason, who)


def test_R26_nothing_is_sent_where_somebody_is_of_a_homeserver_that_is_not_allowed() -> None:
    require_safe(ROOM, replace(FOR_SAM, homeservers=frozenset({"h"})), BOT)
    for room in (ROOM, replace(ROOM, joined=frozenset({BOT}), invited=frozenset({SAM}))):
        with pytest.raises(UnsafeRoom) as refused:
            require_safe(room, replace(FOR_SAM, homeservers=frozenset({"elsewhere"})), BOT)
        assert (refused.value.reason, refused.value.who) == ("homeserver-not-allowed", SAM)


def test_a_room_as_it_should_be_is_safe() -> None:
    require_safe(ROOM, FOR_SAM, BOT)
    require_safe(replace(ROOM, history="invited"), FOR_SAM, BOT)


def test_an_open_audience_allows_strangers_and_history_but_never_a_room_without_encryption() -> None:
    lobby = replace(ROOM, history="shared", joined=frozenset({BOT, LEE}))
    require_safe(lobby, Audience({}, open=True), BOT)
    with pytest.raises(UnsafeRoom, match="not-encrypted"):
        require_safe(replace(lobby, algorithm=""), Audience({}, open=True), BOT)


def test_only_devices_signed_by_the_pinned_identity_may_read() -> None:
    assert who_may_read(ROOM, FOR_SAM, IDENTITIES, BOT) == {PHONE}


def test_in_an_open_audience_every_device_may_read() -> None:
    assert who_may_read(ROOM, Audience({}, open=True), IDENTITIES, BOT) == {PHONE, ROGUE}


def test_a_person_without_a_pin_is_there_and_reads_nothing() -> None:
    room = replace(ROOM, joined=frozenset({BOT, SAM, LEE}))
    readers = who_may_read(room, Audience({SAM: "", LEE: "lee-master"}), IDENTITIES, BOT)
    assert {device.user_id for device in readers} == {LEE}


def test_before_anyone_who_may_read_has_joined_it_waits() -> None:
    invited = replace(ROOM, joined=frozenset({BOT}), invited=frozenset({SAM}))
    with pytest.raises(OutsideFailure, match="nobody-here-yet") as waiting:
        who_may_read(invited, FOR_SAM, IDENTITIES, BOT)
    assert not isinstance(waiting.value, Permanent)


def test_a_passing_audience_allows_the_history_of_a_lobby_and_nothing_else() -> None:
    passing = replace(FOR_SAM, passing=True)
    lobby = replace(ROOM, history="shared")
    require_safe(lobby, passing, BOT)
    for unsafe in (
        replace(lobby, history="world_readable"),
        replace(lobby, algorithm=""),
        replace(lobby, invited=frozenset({LEE})),
    ):
        with pytest.raises(UnsafeRoom):
            require_safe(unsafe, passing, BOT)
    assert who_may_read(lobby, passing, IDENTITIES, BOT) == {PHONE}


def test_a_changed_identity_shuts_one_person_out_and_nobody_else() -> None:
    room = replace(ROOM, joined=frozenset({BOT, SAM, LEE}))
    readers = who_may_read(room, Audience({SAM: "another", LEE: "lee-master"}), IDENTITIES, BOT)
    assert {device.user_id for device in readers} == {LEE}


def test_what_nobody_could_read_is_not_sent() -> None:
    with pytest.raises(UnsafeRoom) as refused:
        who_may_read(ROOM, Audience({SAM: "another"}), IDENTITIES, BOT)
    assert (refused.value.reason, refused.value.who) == ("no-reader", SAM)


def test_whoever_can_not_be_asked_about_now_is_waited_for_and_not_given_up() -> None:
    """Their homeserver is down: that says nothing about who they are, and what was to be said to them must not be lost."""
    away = {**IDENTITIES, SAM: Identity(SAM, "", (), known=False)}
    for audience in (FOR_SAM, Audience({}, open=True)):
        with pytest.raises(OutsideFailure, match="not-known-now") as waiting:
            who_may_read(ROOM, audience, away, BOT)
        assert not isinstance(waiting.value, Permanent)
    both = replace(ROOM, joined=frozenset({BOT, SAM, LEE}))
    readers = who_may_read(both, Audience({SAM: "sam-master", LEE: "lee-master"}), away, BOT)
    assert {device.user_id for device in readers} == {LEE}, "who is there does not wait for who is not"


def test_the_state_of_a_room_is_read_from_its_events() -> None:
    def event(kind: str, key: str, content: object) -> dict[str, Any]:
        return {"type": kind, "state_key": key, "content": content}

    state = room_state(
        [
            event("m.room.encryption", "", {"algorithm": MEGOLM}),
            event("m.room.encryption", "not this one", {"algorithm": "none"}),
            event("m.room.history_visibility", "", {"history_visibility": "joined"}),
            event("m.room.member", BOT, {"membership": "join"}),
            event("m.room.member", SAM, {"membership": "join"}),
            event("m.room.member", LEE, {"membership": "leave"}),
            event("m.room.member", "@x:h", None),
        ]
    )
    assert state == ROOM
    assert room_state([]).history == "shared"
