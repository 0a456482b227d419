"""Words that are no command: patients' words are heard as deeds (`listen`); those of staff answer a question, or get a hint."""

from __future__ import annotations

from bot.core.dispatch import ChatRequest, Request, hint, whose_tapped
from bot.core.transaction import Transaction
from bot.domain.message import Message
from bot.domain.rooms import RoomKind
from bot.words import greetings
from handlers.colleagues.statements import answer_in_words, question_meant, show_again
from handlers.uses.ask_use import details_in_words, details_meant_for

from .answer_question import tap_whose
from .around import hear_around
from .listen import do, holds_a_code, is_certain, listen
from .media_named import ledger_attachments


async def speak(request: ChatRequest, tx: Transaction) -> Message | None:
    if request.room.kind is RoomKind.OWN and (request.said.is_a_code or await holds_a_code(request, tx)):
        await ledger_attachments(tx, request.arrival)  # the message goes at once: a code is no words about a photo
        return greetings.code_elsewhere()
    tapped = whose_tapped(request.content)
    if tapped is not None and request.room.kind is RoomKind.OWN:
        return await tap_whose(tapped, request, tx)
    if request.person.is_professional:
        details = request.said.details
        use = await details_meant_for(request.person, tx) if details is not None else None
        if details is not None and use is not None:
            return await details_in_words(use, details, request, tx)
        if request.room.kind is not RoomKind.OWN:
            return None
        return await _of_staff(request, tx)
    return await listen(request, tx)


async def _of_staff(request: Request, tx: Transaction) -> Message | None:
    """Take words in their own chat for what a colleague says of a photo; else for a patient's, of whoever is one too (R33)."""
    question = await question_meant(request, tx)
    if question is not None:
        return await answer_in_words(question, request, tx)
    around = await hear_around(request, tx)
    if is_certain(around):
        return await do(around)
    return None if await show_again(request, tx) else await hint(request, tx)
