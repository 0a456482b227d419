"""`correct IMG-7F3K …`: the sender corrects the recorded purpose or reason. After filing, a new record beside the old one."""

from __future__ import annotations

from bot.core.consequences import apply
from bot.core.dispatch import Request
from bot.core.documents import shortened
from bot.core.transaction import Transaction
from bot.domain.deeds import CorrectReason
from bot.domain.errors import Refused
from bot.domain.image import PurposeStated
from bot.domain.intents import Hearing
from bot.domain.message import Message
from bot.words import to_patients
from bot.words.about_commands import write_this

from .family_of import says_it_shows_another
from .hold_photo import hold_photos
from .own_image import own_image
from .somebody_else import shows_another


async def correct(deed: CorrectReason, request: Request, tx: Transaction) -> Message | None:
    this = write_this([f"correct {deed.ref} the right words"])
    if not deed.said.words:
        raise Refused(this)
    image = await own_image(deed.ref, request, tx)
    if deed.said.says_nothing and not image.from_colleague:  # "is it infected?" says why a colleague sent it
        raise Refused(this)
    if image.sender_id != request.person.id and not image.from_colleague:
        raise Refused(to_patients.sent_by_another(image.ref, tx.policy.practice), "R1")
    purpose, reason = deed.said.reason
    if not image.from_colleague and deed.said.wants_it_back:
        await hold_photos([image], deed.said.words, request, tx)
        return None  # a wish to have it back is nobody's reason (R34)
    if not image.from_colleague and await says_it_shows_another(deed.said.words, image, request.person, tx):
        return await shows_another([image], request, tx)  # no reason: it may lie in a wrong record (R15)
    stated = PurposeStated(purpose, await shortened(tx, image, reason), "correction")
    after = await apply(tx, image, stated, by=request.person.id)
    await tx.ledger_message(request.arrival, image_id=image.id)
    text = to_patients.corrected(after.ref, purpose, after.reason)
    await tx.say(request.room.address, text, image_id=image.id, hearing=Hearing.SAYS)
    return None
