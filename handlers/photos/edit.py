"""Somebody edited what they had sent: nothing that was decided changes. The edit is a copy like any other, and goes with it.

But what a patient wants to have back is held, a lost phone is asked about, and alarm words reach the team, also in an edit (R34).
An edit to no is a no, and to yes is none (R13).

What it edits may not be readable yet, because its key is late: then the edit waits for it, so that both are decided in their
order.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from bot.core.dispatch import ChatRequest, Request, make_choice, no_named
from bot.core.inbox import MOST_WAITING
from bot.core.transaction import Transaction
from bot.domain.arrivals import KEY_MAY_COME
from bot.domain.choices import Choice
from bot.domain.conversation import Open
from bot.domain.deeds import GiveAnswer, HoldPhoto, LosePhone, PlainAnswer, Puzzle, SayWhoseItIsNot
from bot.domain.identifiers import NO_IMAGE, EventId
from bot.domain.image import Image, State, what_is_missing
from bot.domain.message import Message
from bot.domain.people import Role
from bot.domain.rooms import RoomKind
from bot.domain.statement import Missing
from bot.words import phrases, to_colleagues, to_patients
from handlers.incidents.lost import ask_whether_lost
from handlers.uses import consent_answer

from .around import Surroundings, hear_around
from .family_of import says_it_shows_another
from .hold_photo import hold_photos
from .listen import do
from .media_named import expected, ledger_attachments, media_of
from .pass_on import file_and_tell
from .somebody_else import shows_another
from .which_to_hold import photos_to_hold


async def edited(request: ChatRequest, tx: Transaction) -> Message | None:
    """Account for the edit, and say that edits are not followed, and what to write instead.

    Which event it replaces is only believed to tell when the edit may go: not before the photo is safely filed.
    """
    arrival, target = request.arrival, request.content["m.relates_to"]["event_id"]
    if await tx.rows.wait_for_key(arrival.event_id, target, tx.now - KEY_MAY_COME, MOST_WAITING):
        return None
    if not any(media_of(request.content)) and (said_no := await _no_in(request, tx)) is not None:
        return await said_no()
    images = await tx.rows.images.of_event(target, request.room.id, request.person.id)
    image = next((image for image in images if image.in_reach), images[0] if images else None)
    if not any(media_of(request.content)):
        if request.room.kind is not RoomKind.PRACTICE:  # there colleagues talk to one another
            await tx.ledger_message(arrival, image_id=image.id if image else NO_IMAGE)
    elif image is not None:
        shown = await tx.rows.copies.of_event(target, request.room.id)
        whose = {copy.mxc: copy.image_id for copy in shown if copy.is_media}
        await ledger_attachments(tx, arrival, image.id, whose=whose)
    else:  # it may have overtaken its photo
        await ledger_attachments(tx, arrival, keep_until=expected(arrival.sent_at))
    about = image or await _written_about(target, request, tx)
    if request.person.is_professional or not request.said.words:
        return await _what_to_write(about, request, tx)
    around = await hear_around(request, tx)
    if (held := await _held_for_another(about, around)) is not None:
        return held
    if await _done_at_once(about, around):
        return None
    return phrases.edited() if _may_answer(around) else await _what_to_write(about, request, tx)


async def _no_in(request: ChatRequest, tx: Transaction) -> Callable[[], Awaitable[Message | None]] | None:
    """Return how a no is given that the new words are: to a request whose number they say, or to what is asked of a patient."""
    named = await no_named(request, tx)
    if named is not None:
        return partial(_give, named, request, tx)
    if request.person.is_professional or not request.said.words:
        return None
    around = await hear_around(request, tx)
    deed = around.heard.deed
    says_no = around.under is Open.CONSENT and isinstance(deed, GiveAnswer) and deed.answer is PlainAnswer.NO
    return partial(do, around) if says_no else None


async def _give(no: Choice, request: ChatRequest, tx: Transaction) -> Message | None:
    await make_choice(no, request.person.id, tx)
    return await consent_answer.answer(no, request, tx)


async def _held_for_another(about: Image | None, around: Surroundings) -> Message | None:
    """Hold a photo of theirs that the edit says shows somebody else, and say so (R15)."""
    request, tx = around.request, around.tx
    if about is None or about.sender_id != request.person.id or about.id not in {image.id for image in around.theirs}:
        return None
    said = isinstance(around.heard.deed, SayWhoseItIsNot)
    if not said and not await says_it_shows_another(request.said.words, about, request.person, tx):
        return None
    return await shows_another([about], request, tx, ledger=False)


async def _done_at_once(about: Image | None, around: Surroundings) -> bool:
    """Do what must never be swallowed, and return whether that answers the edit.

    It holds, asks and passes on; it ends nothing. Words are filed only under a photo of a patient they speak for now (R29).
    """
    request, tx, words = around.request, around.tx, around.request.said.words
    image = next((image for image in around.theirs if about is not None and image.id == about.id), None)
    deed = around.heard.deed
    if isinstance(deed, HoldPhoto):
        meant = [image] if image is not None else await photos_to_hold(around) if deed.just_agreed else []
        if meant:
            await hold_photos(meant, words, request, tx, ledger=False)
        return bool(meant)
    if image is not None and (around.heard.alarm or isinstance(deed, LosePhone)):
        await file_and_tell(image, words, request, tx, ledger=False)
    if isinstance(deed, LosePhone):
        await ask_whether_lost(request, tx)
    return isinstance(deed, LosePhone)


def _may_answer(around: Surroundings) -> bool:
    """Return whether the new words may answer what is open: then no photo's words are put right by them."""
    deed = around.heard.deed
    return isinstance(deed, GiveAnswer) or (isinstance(deed, Puzzle) and "yes" in deed.likely)


async def _written_about(target: str, request: Request, tx: Transaction) -> Image | None:
    """Return the photo that the edited words were about, if the person sent it."""
    for copy in await tx.rows.copies.of_event(EventId(target), request.room.id):
        image = await tx.rows.images.known(copy.image_id) if copy.image_id else None
        if image is not None and image.sender_id == request.person.id:
            return image
    return None


async def _what_to_write(image: Image | None, request: Request, tx: Transaction) -> Message:
    if image is None or not image.in_reach:
        return phrases.edited()
    if image.from_colleague:
        waits = image.state in {State.RECEIVED, State.CAPTURED}
        return to_colleagues.edited(image.ref, waits=waits, may_note=request.person.may_act_as(Role.CLINICIAN))
    return to_patients.edited(image.ref, says_why=Missing.PURPOSE not in what_is_missing(image))
