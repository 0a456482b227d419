"""Who reads what a patient writes about a photo: the team, in the thread of its announcement; whoever took it, in their own chat.

Whoever is on duty reads it too where nobody may be there to read it: outside the practice's hours at once, within them when
nothing shows after a time that it was opened. Where one of the patient's people reads in the team and may not read the words,
they do not stand there: the clinicians who are none of these read them in their own chats (R33a).
"""

from __future__ import annotations

from bot.domain import rooms
from bot.domain.document import Document
from bot.domain.hours import is_open
from bot.domain.identifiers import PersonId
from bot.domain.image import Image
from bot.domain.people import Person
from bot.words import about_reading, to_the_team

from .on_duty import clinicians_apart, instead_of_duty, instead_of_duty_for, on_duty, on_duty_for
from .telling import tell_in_thread
from .transaction import Transaction
from .unopened import post_of, taker_of, tell_duty, who_wrote
from .who_may_hear import reads_words_in_the_team

MOST_SHOWN = 500  # letters of what is not filed


async def tell_who_reads(
    document: Document, image: Image, text: about_reading.FromPatient, tx: Transaction
) -> Person | None:
    """Tell `text` to all who read what the patient wrote; return whoever is on duty, where they are among them.

    Who wrote it reads by name who has it; the team reads that it was one of the patient's people.
    """
    tx.words_told = True
    taker = await taker_of(tx, image)
    key = post_of(document)
    if await reads_words_in_the_team(tx.rows, image, tx.today, document.author_id):
        await tell_in_thread(tx, image, text(about_reading.ONE_OF_THEM), key="" if taker else key)
    else:
        await tell_in_thread(tx, image, about_reading.words_from_patient(about_reading.ONE_OF_THEM, image.ref, ""))
        told = text(await who_wrote(tx, document, image))
        for person in [] if taker else await clinicians_apart(image, tx):
            await tx.say(rooms.own(person.id), told, image_id=image.id, key=key)
    if taker is not None:
        told = text(await who_wrote(tx, document, image))
        await tx.say(rooms.own(taker.id), told, image_id=image.id, key=key)
    if is_open(tx.policy.hours, tx.now, tx.policy.timezone):
        await tx.remind("unopened", document.id, tx.policy.unread_duty)
        return None
    return await tell_duty(tx, document, image, document.text, about_reading.off_hours)


async def tell_unfiled(image: Image, author_id: PersonId, said: str, tx: Transaction) -> str:
    """Tell the team, and whoever took the photo, what is filed with no photo; return the name of whoever took it.

    Out of hours whoever is on duty hears it too. Where the team's room has somebody from whom these words are held back, it is
    for the clinicians who are none of the patient's people (R33a).
    """
    tx.words_told = True
    taker = await taker_of(tx, image)
    told = [taker] if taker is not None else []
    if await reads_words_in_the_team(tx.rows, image, tx.today, author_id):
        await tell_in_thread(tx, image, said)
    else:
        await tell_in_thread(tx, image, about_reading.words_from_patient(about_reading.ONE_OF_THEM, image.ref, ""))
        told = told or await clinicians_apart(image, tx)
    if not is_open(tx.policy.hours, tx.now, tx.policy.timezone):
        duty = await on_duty_for(image, tx)
        told += [duty] if duty is not None else await instead_of_duty_for(image, tx)
    for person_id in dict.fromkeys(person.id for person in told):
        await tx.say(rooms.own(person_id), said, image_id=image.id)
    return taker.name if taker is not None else ""


async def tell_of_alarm(person: Person, words: str, tx: Transaction) -> None:
    """Tell the team of alarm words that reach it in no other message: they were refused or a line was brought up to date (R34).

    Out of hours whoever is on duty hears them too. Nothing is filed by this.
    """
    latest = max(await tx.rows.images.sent_by(person.id), key=lambda image: image.received_at, default=None)
    said = to_the_team.alarm(person.account, latest.ref if latest else "", words[:MOST_SHOWN])
    await tx.say(rooms.PRACTICE, said, private=True)
    if is_open(tx.policy.hours, tx.now, tx.policy.timezone):
        return
    duty = await on_duty(tx)
    for told in [duty] if duty is not None else await instead_of_duty(tx):
        if told.id != person.id:
            await tx.say(rooms.own(told.id), said, private=True)
