"""Who said it, and who may read it: the two verdicts, pure.

Who said it. An event counts as its sender's only if
1. the room named inside the ciphertext, and the room its key was made for, are the room it stands in;
2. its message index was not seen before under another event id;
3. curve25519 and Ed25519 key both belong to one device of that sender (the homeserver can re-stamp any ciphertext);
4. that device is signed by the sender's own identity. The rules compare whether it is the identity pinned at enrolment.

Who may read it. Nothing is sent unless
1. the room is encrypted with Megolm and shows its history only to those who were there, or were invited then;
2. everyone joined or invited is in the audience, and on a homeserver it allows (an `open` audience skips this and the history
   rule);
3. somebody who should read it can: it would be lost if a pinned person is there and nobody has a device to read it.
Before any of them has joined it waits (`OutsideFailure`). In rooms that the bot makes, whoever is invited and joins later reads
what was said since: of two who are to see a picture in a case the second may come a day later. In older rooms they can't.
Room keys go only to devices signed by the pinned identity; in an `open` audience to every device of every member.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.arrivals import Proof, TrustVerdict
from bot.domain.errors import OutsideFailure
from bot.domain.identifiers import Account
from bot.domain.policy import on_one_of
from bot.ports import Audience, UnsafeRoom

from .device_lists import Device, Identity

MEGOLM = "m.megolm.v1.aes-sha2"


@dataclass(frozen=True, slots=True)
class Opened:
    """The inside of one decrypted event, and the keys it came with."""

    type: str
    content: dict[str, Any]
    right_room: bool
    replayed: bool
    curve25519: str
    ed25519: str
    session_id: str
    message_index: int


def who_said(opened: Opened, sender: Identity) -> TrustVerdict:
    """Return how far the sender of an opened event is proved."""
    keys = (opened.curve25519, opened.ed25519)
    device = next((each for each in sender.devices if (each.curve25519, each.ed25519) == keys), None)
    if not opened.right_room:
        standing = Proof.WRONG_ROOM
    elif opened.replayed:
        standing = Proof.REPLAYED
    elif device is None:
        standing = Proof.UNKNOWN_DEVICE
    else:
        standing = Proof.SIGNED if device.signed else Proof.UNSIGNED
    return TrustVerdict(
        standing=standing,
        device_id=device.device_id if device else "",
        identity=sender.master,
        curve25519=opened.curve25519,
        ed25519=opened.ed25519,
        session_id=opened.session_id,
        message_index=opened.message_index,
    )


@dataclass(frozen=True, slots=True)
class RoomState:
    """The part of a room's state that decides whether anything may be sent there."""

    algorithm: str
    history: str
    joined: frozenset[Account]
    invited: frozenset[Account]


def room_state(events: Iterable[Mapping[str, Any]]) -> RoomState:
    """Return the state of a room, from all its state events."""
    algorithm, history = "", "shared"  # a room without a visibility event shows its history to newcomers
    members: dict[Account, str] = {}
    for event in events:
        content = event.get("content")
        if not isinstance(content, Mapping):
            continue
        match event.get("type"), event.get("state_key"):
            case "m.room.encryption", "":
                algorithm = str(content.get("algorithm", ""))
            case "m.room.history_visibility", "":
                history = str(content.get("history_visibility", "shared"))
            case "m.room.member", str(user_id):
                members[Account(user_id)] = str(content.get("membership", ""))
    return RoomState(
        algorithm,
        history,
        frozenset(user for user, membership in members.items() if membership == "join"),
        frozenset(user for user, membership in members.items() if membership == "invite"),
    )


def require_safe(room: RoomState, audience: Audience, bot: Account) -> None:
    """Raise `UnsafeRoom` unless the room is what the audience expects it to be."""
    if bot not in room.joined:
        raise UnsafeRoom("not-joined", bot)
    if room.algorithm != MEGOLM:
        raise UnsafeRoom("not-encrypted")
    if audience.open:
        return
    if room.history not in ("joined", "invited") and not (audience.passing and room.history == "shared"):
        raise UnsafeRoom("history-visible")
    members = (room.joined | room.invited) - {bot}
    if strangers := members - audience.pins.keys():
        raise UnsafeRoom("stranger", min(strangers))
    if elsewhere := {user for user in members if not on_one_of(audience.homeservers, user)}:
        raise UnsafeRoom("homeserver-not-allowed", min(elsewhere))


def who_may_read(
    room: RoomState, audience: Audience, identities: Mapping[Account, Identity], bot: Account
) -> frozenset[Device]:
    """Return the devices that get the room key.

    Raises `UnsafeRoom("no-reader")` when a pinned member is there and can't read. Raises `OutsideFailure` (it waits) when nobody
    can read because a homeserver does not say who its people are.
    """
    members = (room.joined | room.invited) - {bot}
    if audience.open:
        everybody = frozenset(device for user in members for device in identities[user].devices)
        if not everybody and not all(identities[user].known for user in members):
            raise OutsideFailure("not-known-now")
        return everybody
    pinned = {user for user in members if audience.pins[user]}
    if not pinned & room.joined:
        raise OutsideFailure("nobody-here-yet")
    readers = frozenset(
        device
        for user in pinned
        if identities[user].master == audience.pins[user]
        for device in identities[user].devices
        if device.signed
    )
    in_vain = pinned & room.joined - {device.user_id for device in readers}
    if in_vain and not readers:
        if not all(identities[user].known for user in in_vain):
            raise OutsideFailure("not-known-now")
        raise UnsafeRoom("no-reader", min(in_vain))
    return readers
