"""`withdraw IMG-7F3K`: before filing it is destroyed; after filing it stays, and the reason is explained kindly (R13)."""

from __future__ import annotations

from bot.consequences import apply
from bot.dispatch import Request
from bot.domain.image import WithdrawalAsked
from bot.transaction import Transaction

from .own_image import own_image


async def withdraw(request: Request, tx: Transaction) -> str | None:
    image = await own_image(request.argument.split(" ")[0], request, tx)
    await apply(tx, image, WithdrawalAsked(), by=request.person.id)
    return None
