"""`withdraw IMG-7F3K`: before filing the photo is destroyed.

After filing every use is stopped, and it is explained why the photo stays (R13).
"""

from __future__ import annotations

from bot.core.consequences import apply
from bot.core.dispatch import Request
from bot.core.transaction import Transaction
from bot.core.uses.stop import stop_every_use
from bot.domain.image import WithdrawalAsked
from bot.domain.intents import Hearing

from .own_image import own_image


async def withdraw(request: Request, tx: Transaction) -> str | None:
    image = await own_image(request.argument.split(" ")[0], request, tx)
    if image.in_record:
        text = await stop_every_use(image, request.person, request.arrival, tx)
        await tx.say(request.room.address, text, image_id=image.id, hearing=Hearing.THEIRS)
        return None
    await apply(tx, image, WithdrawalAsked(), by=request.person.id)
    return None
