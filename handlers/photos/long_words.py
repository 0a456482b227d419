"""Words too long for a reason: the reason is shortened, and the whole text is filed beside the image. Nothing is lost."""

from __future__ import annotations

from bot.core.documents import write
from bot.core.transaction import Transaction
from bot.domain.document import WHOLE_CAPTION
from bot.domain.entries import EntryKind
from bot.domain.image import Image
from bot.words import to_patients

LONGEST_REASON = 500  # characters


async def shortened(tx: Transaction, image: Image, reason: str) -> str:
    if len(reason) <= LONGEST_REASON:
        return reason
    facts: dict[str, object] = {"as": WHOLE_CAPTION}
    await write(tx, EntryKind.ANSWER, image, image.patient_id, image.sender_id, reason, facts)
    return f"{reason[: LONGEST_REASON - 50].rstrip()}… ({to_patients.CAPTION_CUT})"
