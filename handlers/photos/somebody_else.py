"""“of somebody else”: the sender says that a photo does not show them. Confirmed, not implied (who may answer, R1, R15).

From then on nobody is shown it, filed or not, until the practice has settled whose it is (`!match`, or `!refile`) and that
person agrees (`!keep`), or it goes (`!discard`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.core.consequences import apply, close_questions
from bot.core.dispatch import Request
from bot.core.documents import write
from bot.core.polls import close_polls
from bot.core.transaction import Transaction
from bot.core.who_may_hear import may_write
from bot.core.wishes import wanted_back
from bot.domain.choices import Choice
from bot.domain.document import DOUBTS, LETS_IN, SAYS_SOMEBODY_ELSE, Document
from bot.domain.entries import EntryKind
from bot.domain.errors import Refused
from bot.domain.identifiers import Actor, ImageId, PersonId
from bot.domain.image import UNSTATED, HeldFor, Image, KeepAsked, SomebodyElse, State, WithdrawalAsked
from bot.domain.message import Message
from bot.words import about_somebody_else as words
from bot.words import phrases, to_whoever_asks_back

CONFIRMED = "confirmed"  # a fact of what the practice wrote about whose a photo is


async def shows_another(images: Sequence[Image], request: Request, tx: Transaction, *, ledger: bool = True) -> Message:
    """Hold all these photos: the words say of each that it does not show the patient it stands under."""
    for image in images:
        doubted = await doubt(image, request.person.id, tx)
        document = await say_so(doubted, request.said.words, request.person.id, tx)
    if ledger:
        await tx.ledger_message(request.arrival, image_id=doubted.id, document_id=document.id)
    return words.held_for_somebody_else([image.ref for image in images], tx.policy.practice)


async def doubt(image: Image, by: Actor, tx: Transaction) -> Image:
    doubted = await apply(tx, image, SomebodyElse(), by=by)
    await close_questions(tx, doubted)
    return doubted


# ---- a photo of somebody whom the sender doesn't decide for (R30)


async def hold_until_they_agree(images: Sequence[Image], tx: Transaction) -> Message:
    """Hold the photos apart until the patient or the practice decides, because nothing is implied.

    Return what to tell the sender.
    """
    for image in images:
        held = await apply(tx, image, SomebodyElse(), by="bot")
        if held.purpose is None:
            await apply(tx, held, UNSTATED, by="bot")  # there is nothing to ask: it agrees to nothing anyway
    return words.held_until_they_agree([image.ref for image in images], tx.policy.practice)


async def they_decide(choice: Choice, request: Request, tx: Transaction) -> Message | None:
    """Take the tap of somebody who speaks for the person it is said to show, as the facts are now (R28).

    The no of a patient who can't decide alone counts; a yes must come from somebody who decides for them.
    """
    image = await tx.rows.images.get(ImageId(choice.subject))
    may = await may_write(tx.rows, request.person.id, image, tx.today)
    if not may or image.state is not State.HELD or image.held_for is not HeldFor.SOMEBODY_ELSE:
        raise Refused(phrases.answered_already(), "R28")
    if choice.value == "yes" and await tx.capacity(request.person.id, image.patient_id) is None:
        return words.another_decides_too(image.ref)
    await close_polls(tx, image.id)
    if choice.value == "yes":
        person_id, text = request.person.id, words.THEY_AGREED
        await write(tx, EntryKind.ANSWER, image, image.patient_id, person_id, text, {"as": LETS_IN})
        kept = await apply(tx, image, KeepAsked(await wanted_back(image, tx)), by=request.person.id)
        if kept.held_for is not None:
            return to_whoever_asks_back.stays_on_hold(image.ref, tx.policy.practice)
        return words.goes_into_the_record(image.ref)
    await apply(tx, image, WithdrawalAsked(), by=request.person.id)
    return words.is_destroyed(image.ref)


async def say_so(image: Image, text: str, by: PersonId, tx: Transaction) -> Document:
    """File the sender's words that the photo does not show the patient it stands under."""
    return await write(tx, EntryKind.ANSWER, image, image.patient_id, by, text, {"as": SAYS_SOMEBODY_ELSE})


async def still_doubted(image: Image, tx: Transaction) -> bool:
    """Return whether it was doubted that it shows the patient it stands under, and nobody confirmed whose it is since."""
    written = [words for words in await tx.rows.documents.of_images([image.id]) if words.patient_id == image.patient_id]
    doubted = [words.at for words in written if words.facts.get("as") in DOUBTS]
    return bool(doubted) and not any(words.at >= max(doubted) for words in written if CONFIRMED in words.facts)


async def confirmed(image: Image, identifiers: tuple[str, date] | None, by: PersonId, tx: Transaction) -> Image:
    """Keep with the image that somebody of the practice confirmed whom it shows, and that they agree; return it.

    Refuse it while it is doubted that it shows the patient it stands under, unless two identifiers say it does (R15).
    """
    if image.held_for is not HeldFor.SOMEBODY_ELSE:
        return image
    verb = "!refile" if image.in_record else "!match"
    if identifiers is not None:
        mrn, born = identifiers
        patient = await tx.rows.patients.identified(mrn, born)
        if patient is None or patient.id != image.patient_id:
            raise Refused(words.another_patient(image.ref, verb), "R15")
    elif not image.patient_id or await still_doubted(image, tx):
        raise Refused(words.whose_first(image.ref, verb), "R15")
    text = words.CONFIRMED_THEIRS if identifiers is not None else words.CONFIRMED_WHOSE
    facts: dict[str, object] = {CONFIRMED: "whose it is, and that they agree"}
    await write(tx, EntryKind.CORRECTION, image, image.patient_id, by, text, facts)
    asked = identifiers is not None and image.purpose is None  # what it is about was asked, and is not asked again
    return await apply(tx, image, UNSTATED, by="bot") if asked else image
