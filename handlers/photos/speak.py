"""Words that are no command: patients' words are heard as deeds (`listen`); those of staff answer a question, or get a hint."""

from __future__ import annotations

from dataclasses import replace

from bot.core.dispatch import ChatRequest, Request, event_replied_to, photos_of_event
from bot.core.transaction import Transaction
from bot.domain.choices import almost_chosen, told_apart
from bot.domain.invitations import looks_like_a_code
from bot.domain.message import Message
from bot.domain.rooms import RoomKind
from bot.heard.staff import Typed, perhaps_a_reply, suggest
from bot.words import greetings, phrases
from bot.words.about_commands import did_you_mean, not_understood
from handlers.colleagues.statements import answer_in_words, question_meant, show_again
from handlers.uses.ask_use import detail_in_words, details_meant_for

from .listen import do, hear_around, is_a_code, is_certain, listen
from .media_named import ledger_attachments


async def speak(request: ChatRequest, tx: Transaction) -> Message | None:
    if request.room.kind is RoomKind.OWN and (looks_like_a_code(request.text) or await is_a_code(request, tx)):
        await ledger_attachments(tx, request.arrival)  # the message goes at once: a code is no words about a photo
        return greetings.code_elsewhere()
    if request.person.is_professional:
        use = await details_meant_for(request, tx)
        if use is not None:
            return await detail_in_words(use, request, tx)
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
    return None if await show_again(request.person, tx) else await _hint(request, tx)


async def _hint(request: Request, tx: Transaction) -> Message:
    """Return what to do about words that were not understood.

    Perhaps they are a command without its mark, words for the patient, or a bare "yes" to a question that wants its number.
    """
    typed = Typed(request.text, request.person.roles, request.room.kind, tx.today)
    almost_a_command = suggest(typed)
    if almost_a_command is not None:
        return did_you_mean(almost_a_command.lines)
    mine = await tx.rows.choices.open_of_person(request.person.id)
    almost = almost_chosen(request.text, mine, tx.now)
    if almost is None:
        replied_to = event_replied_to(request.content)
        about = await photos_of_event(replied_to, request.room.id, tx) if replied_to else ()
        reply = perhaps_a_reply(replace(typed, about=about))
        return not_understood() if reply is None else did_you_mean(reply.lines)
    answers = told_apart([choice.label for choice in mine if choice.number == almost.number])
    return phrases.which_answer(answers, almost.number if almost.needs_number else "")
