"""Words that are no command: the answer to a question, or words about a photo.

The latter are relayed to the clinician who took the photo, and filed.
"""

from __future__ import annotations

from bot.core.dispatch import Request
from bot.core.documents import write
from bot.core.transaction import Transaction
from bot.domain import rooms
from bot.domain.authority import treats
from bot.domain.choices import (
    almost_chosen,
    spoken,
)
from bot.domain.entries import EntryKind
from bot.domain.identifiers import Address
from bot.domain.image import (
    Image,
    what_is_missing,
)
from bot.domain.invitations import looks_like_a_code
from bot.domain.people import (
    Person,
    Role,
)
from bot.domain.rooms import RoomKind
from bot.domain.statement import Missing
from bot.heard.no_reason import (
    is_no_reason,
    takes_back,
)
from bot.words import (
    about_uses,
    greetings,
    phrases,
    to_patients,
)
from handlers.colleagues.statements import (
    answer_in_words,
    echo_again,
)
from handlers.uses.ask_use import detail_in_words

from .answer_question import answer_question
from .media_named import ledger_attachments
from .own_image import (
    may_speak_for,
    own_images,
)
from .photo_meant import photo_meant
from .somebody_else import somebody_else

STAFF_HINT = "I didn't understand that. !help shows what I can do."


async def speak(request: Request, tx: Transaction) -> str | None:
    if request.room.kind is RoomKind.OWN and looks_like_a_code(request.text):
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
    for heard in (somebody_else, answer_question):
        answered, say = await heard(request, tx)
        if answered:
            return say
    numbered = await tx.rows.choices.open_of_person(request.person.id, needs_number=True)
    almost = almost_chosen(request.text, numbered, tx.now)
    relayed = await _relay(request, tx)
    if almost is None:
        return relayed
    await tx.audit(request.person.id, "answer.unclear", almost.poll_id)
    return about_uses.UNCLEAR_ANSWER.format(number=almost.number)


async def _hint(request: Request, tx: Transaction) -> str:
    """Return what to do about words that were not understood: perhaps a bare "yes" to a question that wants its number."""
    mine = await tx.rows.choices.open_of_person(request.person.id)
    almost = almost_chosen(request.text, mine, tx.now)
    if almost is None:
        return STAFF_HINT
    answers = [spoken(choice) for choice in mine if choice.poll_id == almost.poll_id]
    return phrases.which_answer(answers, almost.number if almost.needs_number else "")


async def _relay(request: Request, tx: Transaction) -> str | None:
    """Relay the words to the clinician who took their photo, or to the practice's room while nobody who works here has it."""
    image = await photo_meant(request, tx) or await _latest(request.person, tx)
    if image is None or not request.text.strip():
        return to_patients.NOTHING_TO_PASS_ON.format(practice=tx.policy.practice)
    document = await write(tx, EntryKind.ANSWER, image, image.patient_id, request.person.id, request.text, {})
    await tx.ledger_message(request.arrival, image_id=image.id, document_id=document.id)
    await tx.say(
        await _who_has_it(image, tx), to_patients.words_from_patient(image.ref, request.text), image_id=image.id
    )
    passed_on = await _passed_on(image, request.person, tx)
    still_to_say = is_no_reason(request.text) and Missing.PURPOSE in what_is_missing(image)
    if not (still_to_say or takes_back(request.text)):
        return passed_on
    # Perhaps they want it back, but these are not the exact words that do it.
    told = f"{passed_on} {to_patients.HOW_TO_WITHDRAW}"
    return f"{told} {to_patients.STILL_TO_SAY}" if still_to_say else told


async def _passed_on(image: Image, person: Person, tx: Transaction) -> str:
    """Say that the words are passed on; somebody who answers for several reads whose photo it is, so that they see a mistake."""
    several = await may_speak_for(person, tx)
    patient = next((other for other in several if other.id == image.patient_id), None)
    if patient is None or len(several) == 1:
        return to_patients.PASSED_ON.format(ref=image.ref)
    return to_patients.PASSED_ON_OF.format(ref=image.ref, name=patient.name)


async def _latest(person: Person, tx: Transaction) -> Image | None:
    """Return the latest photo they sent and may still write under; without one, the latest that they may hear of (R29)."""
    theirs = await own_images(person, tx)
    sent = [image for image in theirs if image.sender_id == person.id]
    return next(reversed(sent or theirs), None)


async def _who_has_it(image: Image, tx: Transaction) -> Address:
    if image.taken_by and treats(await tx.person(image.taken_by)):
        return rooms.own(image.taken_by)
    return rooms.PRACTICE
