"""Somebody wants to share with a colleague whom nobody has enrolled: the managers hear of it, once for each account (R15)."""

from __future__ import annotations

from bot.core.dispatch import Request
from bot.core.transaction import Transaction
from bot.domain import rooms
from bot.domain.identifiers import Account
from bot.domain.image import Image
from bot.domain.message import Message
from bot.words import about_uses


async def ask_to_enrol(account: Account, image: Image, request: Request, tx: Transaction) -> Message:
    """Ask every manager to enrol the account, with the line to write; return what the asker hears."""
    key = f"please-enrol:{account}"
    await tx.ledger_message(request.arrival)
    await tx.audit("bot", "refused", image.id, rule="R15", sender=request.person.account, event=request.event_id)
    if not await tx.rows.copies.of_posts([key]):
        for manager in await tx.managers():
            text = about_uses.please_enrol(request.person.name, account)
            await tx.say(rooms.own(manager.id), text, private=True, key=key)
    return about_uses.not_enrolled_yet(account)


async def say_somebody_is_missing(request: Request, tx: Transaction) -> None:
    """Tell every manager, once a day, that a colleague named somebody unknown; not the words, which may be about a patient."""
    await tx.ledger_message(request.arrival)
    key = f"somebody-is-missing:{request.person.id}:{tx.now:%Y-%m-%d}"
    if not await tx.rows.copies.of_posts([key]):
        for manager in await tx.managers():
            await tx.say(
                rooms.own(manager.id), about_uses.somebody_is_missing(request.person.name), private=True, key=key
            )
