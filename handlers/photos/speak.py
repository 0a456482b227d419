"""Words that are no command: patients' words are heard as deeds (`listen`); those of staff answer a question, or get a hint."""

from __future__ import annotations

from bot.core.dispatch import Request
from bot.core.transaction import Transaction
from bot.domain.choices import almost_chosen, spoken
from bot.domain.invitations import looks_like_a_code
from bot.domain.people import Role
from bot.domain.rooms import RoomKind
from bot.words import greetings, phrases
from handlers.colleagues.statements import answer_in_words, echo_again
from handlers.uses.ask_use import detail_in_words

from .answer_question import answer_question
from .listen import is_a_code, listen
from .media_named import ledger_attachments
from .somebody_else import somebody_else

STAFF_HINT = "I didn't understand that. !help shows what I can do."


async def speak(request: Request, tx: Transaction) -> str | None:
    if request.room.kind is RoomKind.OWN and (looks_like_a_code(request.text) or await is_a_code(request, tx)):
        await ledger_attachments(tx, request.arrival)  # the message goes at once: a code is no words about a photo
        return greetings.CODE_ELSEWHERE
    if request.person.is_professional:
        completed, say = await detail_in_words(request, tx)
        if completed:
            return say
        if request.room.kind is not RoomKind.OWN:
            return None
        answers = [answer_in_words, answer_question, echo_again]
        if request.person.may_act_as(Role.PATIENT):
            answers.insert(1, somebody_else)
        for answer in answers:
            answered, say = await answer(request, tx)
            if answered:
                return say
        return await _hint(request, tx)
    return await listen(request, tx)


async def _hint(request: Request, tx: Transaction) -> str:
    """Return what to do about words that were not understood: perhaps a bare "yes" to a question that wants its number."""
    mine = await tx.rows.choices.open_of_person(request.person.id)
    almost = almost_chosen(request.text, mine, tx.now)
    if almost is None:
        return STAFF_HINT
    answers = [spoken(choice) for choice in mine if choice.poll_id == almost.poll_id]
    return phrases.which_answer(answers, almost.number if almost.needs_number else "")
