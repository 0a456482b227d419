"""`!verify`, and the messages of other people's apps: who is checked by emoji, how often, and which message belongs to what.

Apps send these messages in clear, even in encrypted rooms; that does no harm, because the check itself proves who is there. A
check is begun only with people enrolled here, one at a time for each, a few in an hour; a message that belongs to none is
noted and changes nothing. `compare_emoji` has what comes of it.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from bot.core.dispatch import VERIFICATION, Request
from bot.core.transaction import Transaction
from bot.core.who_is_meant import a_professional, anybody, whom
from bot.core.who_may_hear import unheard_of
from bot.domain import rooms
from bot.domain.arrivals import Arrival, ArrivalKind
from bot.domain.errors import Refused
from bot.domain.identifiers import NO_ROOM, PersonId, VerificationId
from bot.domain.intents import StepVerification
from bot.domain.message import Message
from bot.domain.people import Person, Role, Standing
from bot.domain.rooms import RoomKind
from bot.domain.staff_deeds import CompareEmoji
from bot.domain.verification import KEPT, LASTS, OPEN, Verification, asked_too_often, ended_because
from bot.words import about_emoji as words
from bot.words import about_people
from bot.words.about_commands import example, line


async def verify(deed: CompareEmoji, request: Request, tx: Transaction) -> Message | None:
    """Begin a check: by `!verify` with oneself, by `!verify @account` from a manager with anybody enrolled."""
    person = request.person
    if deed.who is not None:
        manages = Role.MANAGER in request.person.roles
        among = anybody if request.room.kind is RoomKind.OWN else a_professional
        among = among if manages else (lambda person: person.id == request.person.id)
        hidden = await unheard_of(tx.rows, request.person, tx.today)
        may_be_meant = partial(_is_among, among, hidden)
        meant = await whom(deed.who, request.content, tx, lambda account: line(CompareEmoji, account), may_be_meant)
        if not manages and (meant.person is None or meant.person.id != request.person.id):
            raise Refused(words.others_only())
        if meant.person is None or meant.person.standing is Standing.LEFT or meant.person.id in hidden:
            raise Refused(about_people.nobody_called(deed.who, example(CompareEmoji)))
        person = meant.person
    room = await tx.rows.rooms.at(rooms.own(person.id))
    if room is None or await _too_often(person, tx):
        raise Refused(words.too_often())
    await _begin(
        Verification(VerificationId(tx.ids.new()), person.id, person.account, room.id, "", tx.now), "ask", {}, tx
    )
    if person.id == request.person.id:
        return words.asked(tx.policy.practice)
    by_name = person.is_professional or request.room.kind is RoomKind.OWN
    who = f"{person.name} ({person.account})" if by_name else person.account
    await tx.ledger_message(request.arrival)
    await tx.say(request.room.address, words.ASKED_OF.format(who=who), private=True)
    return None


def _is_among(among: Callable[[Person], bool], hidden: Container[PersonId], person: Person) -> bool:
    return among(person) and person.id not in hidden


async def arrived(arrival: Arrival, tx: Transaction) -> None:
    """Take a message of somebody's app, in a room or to the bot's device."""
    person = await tx.holder(arrival.sender)
    content = arrival.content or {}
    step = _step(arrival)
    if person is None or person.standing is Standing.LEFT or not await _may_be_here(person, arrival, tx):
        await _stray(arrival, tx)
    elif step == "request":
        await _asked(person, arrival, content, tx)
    else:
        check = await _meant(person, arrival, content, tx)
        if check is None:
            await _stray(arrival, tx)
        else:
            await tx.plan(StepVerification(check.id, step, content), lane=_lane(check))


async def overdue(tx: Transaction, check_id: VerificationId) -> None:
    check = await tx.rows.verifications.get(check_id)
    if check.stage in OPEN:
        await end(check, "m.timeout", tx)
    await tx.remind("emoji-past", check.id, KEPT)


async def past(tx: Transaction, check_id: VerificationId) -> None:
    """Remove the check with device, emoji and all: nobody needs them any more."""
    check = await tx.rows.verifications.known(check_id)
    if check is not None:
        await tx.rows.verifications.remove(check)
        await tx.audit("bot", "verification.removed", check.id)


async def end(check: Verification, code: str, tx: Transaction) -> None:
    """End the check; the other side's app is told why."""
    over = await tx.rows.verifications.save(ended_because(check, code))
    await tx.audit("bot", "verification.ended", check.id, because=over.because)
    await tx.plan(StepVerification(check.id, "give-up", {"code": over.because}), lane=_lane(check))
    await tx.remind("emoji-ended", check.id, timedelta())


async def answer(check: Verification, same: bool, tx: Transaction) -> None:
    """Go on with the check or end it, now that a person here has compared."""
    await tx.plan(StepVerification(check.id, "same" if same else "different", {}), lane=_lane(check))


async def _asked(person: Person, arrival: Arrival, content: dict[str, Any], tx: Transaction) -> None:
    in_room = arrival.kind is not ArrivalKind.TO_DEVICE
    transaction = arrival.event_id if in_room else content.get("transaction_id")
    device_id = content.get("from_device")
    if (
        not isinstance(transaction, str)
        or not isinstance(device_id, str)
        or not transaction
        or not _recent(arrival, content, tx.now)
        or (in_room and content.get("to") != tx.policy.bot_account)
        or await tx.rows.verifications.of_transaction(person.account, transaction) is not None
        or await _too_often(person, tx)
    ):
        await _stray(arrival, tx)
        return
    room_id = arrival.room_id if in_room else NO_ROOM
    check = Verification(
        VerificationId(tx.ids.new()), person.id, person.account, room_id, transaction, tx.now, device_id=device_id
    )
    await _begin(check, "request", content, tx)


async def _begin(check: Verification, step: str, content: dict[str, Any], tx: Transaction) -> None:
    """Begin a check, and end what somebody began before and left: there is one at a time."""
    for earlier in await tx.rows.verifications.of_person(check.person_id, OPEN):
        await end(earlier, "m.user", tx)
    await tx.rows.verifications.add(check)
    await tx.audit(check.person_id, "verification.asked", check.id, device=check.device_id, by=step)
    await tx.plan(StepVerification(check.id, step, content), lane=_lane(check))
    await tx.remind("emoji-overdue", check.id, LASTS)


async def _too_often(person: Person, tx: Transaction) -> bool:
    return asked_too_often(await tx.rows.verifications.of_person(person.id), tx.now)


async def _may_be_here(person: Person, arrival: Arrival, tx: Transaction) -> bool:
    """Return whether it came device to device, in a chat that somebody's app made, or in their own room; nowhere else counts."""
    if arrival.kind is ArrivalKind.TO_DEVICE:
        return True
    room = await tx.rows.rooms.known(arrival.room_id)
    return room is not None and (room.kind is RoomKind.LOBBY or room.address == rooms.own(person.id))


async def _meant(person: Person, arrival: Arrival, content: dict[str, Any], tx: Transaction) -> Verification | None:
    """Return the open check that a message belongs to: of its sender, over the way and with the device it began with."""
    relation = content.get("m.relates_to")
    transaction = relation.get("event_id") if isinstance(relation, dict) else content.get("transaction_id")
    for check in await tx.rows.verifications.of_person(person.id, OPEN, arrival.room_id):
        if check.transaction not in ("", transaction):  # "": our request is still on its way; its answer may be faster
            continue
        if arrival.kind is not ArrivalKind.MESSAGE or check.device_id in ("", arrival.verdict.device_id):
            return check
    return None


async def _stray(arrival: Arrival, tx: Transaction) -> None:
    await tx.audit("stranger", "verification.stray", arrival.event_id, sender=arrival.sender)


def _step(arrival: Arrival) -> str:
    return "request" if arrival.type == "m.room.message" else arrival.type.removeprefix(VERIFICATION)


def _recent(arrival: Arrival, content: dict[str, Any], now: datetime) -> bool:
    """Return whether a request is recent: an old one, delivered late or again, begins nothing."""
    sent_at = arrival.sent_at
    if arrival.kind is ArrivalKind.TO_DEVICE:
        try:
            sent_at = datetime.fromtimestamp(content["timestamp"] / 1000, UTC)
        except (KeyError, TypeError, ValueError, OverflowError, OSError):
            return False
    return now - LASTS <= sent_at <= now + LASTS / 2


def _lane(check: Verification) -> str:
    return f"verify:{check.id}"
