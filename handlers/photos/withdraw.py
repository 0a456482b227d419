"""`withdraw IMG-7F3K`: before filing the photo is destroyed.

After filing every use is stopped, and it is explained why the photo stays (R13).
"""

from __future__ import annotations

from bot.core.dispatch import Request
from bot.core.transaction import Transaction
from bot.domain.message import Message
from bot.domain.staff_deeds import TakeBack

from .hold_photo import take_back
from .own_image import own_image


async def withdraw(deed: TakeBack, request: Request, tx: Transaction) -> Message | None:
    image = await own_image(deed.ref, request, tx)
    await take_back(image, request, tx)
    return None
