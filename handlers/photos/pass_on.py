"""Words about a photo are filed with it, and told to all who read them. Nothing is lost.

Who wrote them hears by name whom they reached, and when messages are read: the first time, and whenever that has changed or
another day begins. In between the bot is silent, so that nothing of it is taken for an answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from bot.core.dispatch import Request
from bot.core.documents import write
from bot.core.transaction import Transaction
from bot.core.unopened import taker_of
from bot.core.who_may_hear import hears_of_patients
from bot.core.who_reads import tell_unfiled, tell_who_reads
from bot.domain.deeds import AskPractice
from bot.domain.entries import EntryKind
from bot.domain.hours import describe, is_open, turns_today
from bot.domain.image import Image
from bot.domain.intents import Hearing
from bot.domain.message import Message, together
from bot.domain.people import Person
from bot.words import about_reading, about_whose

from .around import Surroundings
from .written_about import last_talked_of, photo_written_about


@dataclass(frozen=True, slots=True)
class PassedOn:
    """What became of words, and what is to be said of it, unless they know. `key` tells later whether they do."""

    image: Image | None
    said: Message | None
    key: str = ""


async def pass_on(around: Surroundings) -> PassedOn:
    """Pass the words on with the photo that they are about, where there is one."""
    request, tx = around.request, around.tx
    image = await photo_written_about(around)
    if (asked := await _asked_beside(image, around)) is not None:
        return PassedOn(None, asked)
    if image is None or not request.said.words.strip():
        if around.theirs and around.heard.alarm:
            return PassedOn(None, None)  # the team's line has them (R34)
        why_not = about_whose.no_photo_of_whom_they_name if around.theirs else about_reading.nothing_to_pass_on
        return PassedOn(None, why_not(tx.policy.practice))
    if image.patient_id and around.family.names_nobody_but_others(request.said.words, image.patient_id):
        patient = (await tx.circle(image.patient_id)).patient
        given_back = about_whose.names_somebody_else(image.ref, patient, tx.policy.practice)
        return PassedOn(None, None if around.heard.alarm else given_back)
    duty = await file_and_tell(image, request.said.words, request, tx)
    return await _passed_on(image, duty, request.person, tx)


async def _asked_beside(image: Image | None, around: Surroundings) -> Message | None:
    """Pass a question on that names nobody whose photo it can be about, beside the photo they reply to or sent last.

    "Is it contagious? Mia sleeps in the same room" is about Leo's photo and speaks of Mia: it lies in no record (R15).
    """
    request, tx, words = around.request, around.tx, around.request.said.words
    beside = image or await last_talked_of(around.theirs, around)
    if not isinstance(around.heard.deed, AskPractice) or beside is None or not beside.patient_id:
        return None
    if not around.family.names_nobody_but_others(words, beside.patient_id):
        return None
    taker = await tell_unfiled(beside, request.person.id, about_whose.asked_beside(beside.ref, words), tx)
    await tx.ledger_message(request.arrival, image_id=beside.id)
    return about_whose.question_passed_on(beside.ref, (await tx.circle(beside.patient_id)).patient, taker)


async def file_and_tell(
    image: Image, words: str, request: Request, tx: Transaction, *, ledger: bool = True
) -> Person | None:
    """File the words with the photo and tell all who read them; return whoever is on duty, where they are among these.

    A photo's own message is in the ledger already.
    """
    document = await write(tx, EntryKind.ANSWER, image, image.patient_id, request.person.id, words, {})
    if ledger:
        await tx.ledger_message(request.arrival, image_id=image.id, document_id=document.id)
    told = partial(about_reading.words_from_patient, ref=image.ref, text=words)
    return await tell_who_reads(document, image, told, tx)


async def say_passed_on(passed: PassedOn, around: Surroundings, *more: Message | None) -> Message | None:
    """Say what became of the words, and what else there is to say; return what is left for an ordinary answer."""
    said = together([passed.said, *more])
    if passed.image is None or passed.said is None or said is None:
        return said
    where = around.request.room.address
    await around.tx.say(where, said, image_id=passed.image.id, key=passed.key, hearing=Hearing.SAYS)
    return None


async def _passed_on(image: Image, duty: Person | None, person: Person, tx: Transaction) -> PassedOn:
    """Say whom the words reached. Who answers for several always reads whose photo it is, so that they see a mistake (R15)."""
    taker = await taker_of(tx, image)
    turn = turns_today(tx.policy.hours, tx.now, tx.policy.timezone)
    readers = f"{taker.id if taker else 'team'}+{duty.id if duty else ''}"
    key = f"passed-on:{person.id}:{image.id}:{readers}:{tx.today}:{turn}"
    theirs = await hears_of_patients(tx.rows, person.id, tx.today)
    patient = next((other for other in theirs if other.id == image.patient_id), None) if len(theirs) > 1 else None
    if len(theirs) <= 1 and await tx.rows.copies.of_post(key):
        return PassedOn(image, None)
    told = about_reading.passed_on(image.ref, patient, taker.name if taker else "", duty.name if duty else "")
    closed = not is_open(tx.policy.hours, tx.now, tx.policy.timezone)
    # The notice that begins a conversation says it too.
    hours = "" if closed and person.notice_due else describe(tx.policy.hours)
    when = about_reading.read_in_hours(hours, closed) if hours else None  # without hours the practice makes no promise
    again = about_reading.add_more() if len(theirs) <= 1 else None
    return PassedOn(image, together([told, when, again]), key)
