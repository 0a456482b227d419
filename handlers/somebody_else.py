"""“of somebody else”: the sender says that a photo does not show them. Confirmed, not implied (who may answer, R1, R15).

From then on nobody is shown it, filed or not, until the practice has settled whose it is (`!match`, or `!refile`) and that
person agrees (`!keep`), or it goes (`!discard`).
"""

from __future__ import annotations

from bot.consequences import apply, close_questions
from bot.dispatch import Request
from bot.documents import write
from bot.domain import wording_people
from bot.domain.documents import SAYS_SOMEBODY_ELSE
from bot.domain.entries import EntryKind
from bot.domain.image import HeldFor, Image, SomebodyElse
from bot.domain.whose import shows_somebody_else
from bot.transaction import Transaction

from .own_image import own_image, own_images


async def somebody_else(request: Request, tx: Transaction) -> tuple[bool, str | None]:
    """(whether the words said so, what to say). Without a reference they are about the latest photo sent."""
    said, ref = shows_somebody_else(request.text)
    if not said:
        return False, None
    sent = [image for image in await own_images(request.person, tx) if image.sender_id == request.person.id]
    if not sent:
        return False, None
    image = await own_image(ref, request, tx) if ref else sent[-1]
    doubted = await doubt(image, request.person.id, tx)
    facts: dict[str, object] = {"as": SAYS_SOMEBODY_ELSE}
    document = await write(tx, EntryKind.ANSWER, doubted, doubted.patient_id, request.person.id, request.text, facts)
    await tx.ledger_message(request.arrival, image_id=image.id, document_id=document.id)
    return True, wording_people.HELD_FOR_SOMEBODY_ELSE.format(ref=image.ref, practice=tx.policy.practice)


async def doubt(image: Image, by: str, tx: Transaction) -> Image:
    doubted = await apply(tx, image, SomebodyElse(), by=by)
    await close_questions(tx, doubted)
    return doubted


async def confirmed(image: Image, by: str, tx: Transaction) -> None:
    """Somebody of the practice says that whoever it shows agrees: kept with the image."""
    if image.held_for is HeldFor.SOMEBODY_ELSE:
        facts: dict[str, object] = {"confirmed": "whose it is, and that they agree"}
        await write(tx, EntryKind.CORRECTION, image, image.patient_id, by, wording_people.CONFIRMED_WHOSE, facts)
