"""A code reached the wrong person: what they agreed to counts for nothing, what they sent is held (R15, R31).

`domain.authority` counts nothing they said from now on. Here ends what rests on it already, and their photos are held as
somebody else's, until the practice says whose they are. What they opened to others, as the patient, closes (R33).
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.documents import write
from bot.core.transaction import Transaction
from bot.core.uses.end import end_as_mistaken
from bot.domain import rooms
from bot.domain.authority_events import closed_again
from bot.domain.breach import RECALLABLE
from bot.domain.consent import Answer
from bot.domain.document import BY_THE_WRONG_PERSON, LETS_IN
from bot.domain.entries import EntryKind
from bot.domain.identifiers import ImageId, PersonId
from bot.domain.image import Image
from bot.domain.people import Authority, Person, Relation, Role, Standing
from bot.domain.spelling import same_name
from bot.domain.taking_part import SpeaksForNobody, called, person_after
from bot.words import about_admission, about_leaving
from handlers.photos.somebody_else import doubt


async def undo_what_they_did(person: Person, images: Sequence[Image], by: PersonId, tx: Transaction) -> list[Image]:
    """End the uses that rest on this person's word, and hold what they sent for the patient of these `images`, and what somebody
    else sent and they let in; return that.
    """
    sent = [image for image in images if image.sender_id == person.id and not image.from_colleague]
    await _end_uses(person, None, images, {image.id for image in sent}, by, tx)
    held = []
    for image in (*sent, *[image for image in images if image not in sent and await _let_in(image, person, tx)]):
        if image.in_reach:
            doubted = await doubt(image, by, tx)
            text = about_leaving.SENT_BY_THE_WRONG_PERSON if image in sent else about_leaving.LET_IN_BY_THE_WRONG_PERSON
            await write(tx, EntryKind.CORRECTION, doubted, image.patient_id, by, text, {"as": BY_THE_WRONG_PERSON})
            held.append(doubted)
    return held


async def _let_in(image: Image, by: Person, tx: Transaction) -> bool:
    """Return whether it was they who said that this photo of somebody who does not decide for the patient may be kept."""
    said = await tx.rows.documents.of_image(image.id, kind=EntryKind.ANSWER, author_id=by.id)
    return any(words.facts.get("as") == LETS_IN for words in said)


async def close_what_they_opened(link: Authority, tx: Transaction) -> None:
    """Close what this person opened to others as the patient: these wait for a second person again, and hear so."""
    if link.relation is not Relation.SELF or link.recorded_at is None:
        return
    for held in await tx.rows.authorities.of_patient(link.patient_id):
        if held.opened_by == link.person_id and held.opened_at is not None and held.opened_at >= link.recorded_at:
            await tx.rows.authorities.save(closed_again(held))
            await tx.audit("bot", "authority.closed", link.patient_id, authority=held.id)
            if held.holds_on(tx.today):
                text = about_admission.WAITS_TO_BE_OPENED.format(practice=tx.policy.practice)
                await tx.say(rooms.own(held.person_id), text)
                await tx.tell_practice(about_admission.SOMEBODY_WAITS)


async def call_them_rightly(link: Authority, person: Person, tx: Transaction) -> None:
    """Call them no more what a code called them that was for somebody else: that may be another patient's name (R29).

    They are called by a code that was theirs. Who has none has left: the next on their account is somebody new (R31).
    """
    if person.roles != {Role.PATIENT} or person.standing is Standing.LEFT:
        return
    held = await tx.rows.authorities.of_person(person.id)
    theirs = [authority for authority in held if not authority.never_theirs]
    if not theirs:
        await tx.audit("bot", "person.left", person.id)
        await tx.rows.people.save(person_after(person, SpeaksForNobody()))
        return
    wrong = await tx.rows.invitations.known(link.invitation_id)
    right = await tx.rows.invitations.known(theirs[-1].invitation_id)
    if wrong is not None and right is not None and same_name(person.name, wrong.name):
        await tx.rows.people.save(called(person, right.name))


async def end_what_they_agreed_to(
    person: Person, relation: Relation, images: Sequence[Image], by: PersonId, tx: Transaction
) -> None:
    """End the uses to which this person agreed in a capacity that they never had; they have another, so what they sent stays."""
    await _end_uses(person, relation, images, set(), by, tx)


async def _end_uses(
    person: Person,
    relation: Relation | None,
    images: Sequence[Image],
    sent: set[ImageId],
    by: PersonId,
    tx: Transaction,
) -> None:
    """End what this person agreed to in that capacity, or in any; and the uses of what they `sent`."""
    uses = await tx.rows.uses_of(*(image.id for image in images)) if images else []
    said = await tx.rows.consent_answers.of_uses([use.id for use in uses])
    granted = [answer for answer in said if answer.person_id == person.id and answer.answer is Answer.GRANTED]
    agreed = {answer.use_id for answer in granted if relation in {None, answer.capacity}}
    by_id = {image.id: image for image in images}
    for use in uses:
        if use.state in RECALLABLE and (use.id in agreed or sent.intersection(use.image_ids)):
            theirs = [id for id in use.image_ids if id in sent] or [id for id in use.image_ids if id in by_id]
            image = by_id[theirs[0]]
            mistake = about_leaving.AGREED_TO_BY_THE_WRONG_PERSON.format(ref=image.ref)
            await end_as_mistaken(use, image, mistake, "R31", by, tx)
