"""Invite people into rooms and put them out of them: what was decided last about a person and a room is what counts."""

from __future__ import annotations

from bot.domain.identifiers import Address
from bot.domain.intents import Invite, RemoveMember
from bot.domain.people import Person

from .transaction import Transaction


async def let_into(address: Address, person: Person, tx: Transaction) -> None:
    await _plan_only(Invite(address, person.account), address, person, tx)


async def put_out_of(address: Address, person: Person, tx: Transaction) -> None:
    await _plan_only(RemoveMember(address, person.account), address, person, tx)


async def not_into(address: Address, person: Person, tx: Transaction) -> None:
    """Drop an invitation that was not made yet."""
    await tx.cancel(_lane(address, person))


async def _plan_only(intent: Invite | RemoveMember, address: Address, person: Person, tx: Transaction) -> None:
    await not_into(address, person, tx)
    await tx.plan(intent, _lane(address, person))


def _lane(address: Address, person: Person) -> str:
    """Return a lane of their own: in the room's they would wait behind words that wait for somebody to come and read them.

    What is under way there is done before the next: an invitation never overtakes that they are put out (R28a).
    """
    return f"member:{address}:{person.id}"
