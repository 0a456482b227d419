"""`!recall IMG-7F3K`: it reached the wrong person. Called back at once, by the person who sent it on or by a manager (R25).

Every live or closed use of the image ends: messages are redacted first, then media is deleted. The recipient is told and asked
what became of it; times and steps are recorded; the 30-day assessment begins. What nobody had received yet is only stopped.
What a recipient saved is beyond reach, and that is said. Where no use is left, a reply is called back (`recall_reply`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.core.breaches import new_breach, open_breach, tell_of_breach
from bot.core.dispatch import Request
from bot.core.documents import write
from bot.core.how_far import Come
from bot.core.memberships import put_out_of
from bot.core.polls import ask
from bot.core.transaction import Transaction
from bot.core.uses.end import end_at_once, how_it_came, recipients_of
from bot.core.uses.who_asked import whose_work
from bot.domain import rooms
from bot.domain.breach import ASSESSMENT, Breach, uses_to_recall, with_step
from bot.domain.choices import Choice
from bot.domain.entries import EntryKind
from bot.domain.errors import Refused
from bot.domain.identifiers import BreachId, PersonId
from bot.domain.image import Image
from bot.domain.intents import Hearing
from bot.domain.message import Message
from bot.domain.people import Person, Role, Standing
from bot.domain.staff_deeds import CallBack
from bot.domain.use import Recalled, Use
from bot.words import about_incidents as words
from bot.words import about_replies_called_back

from .recall_reply import call_back, replies_of


async def recall(deed: CallBack, request: Request, tx: Transaction) -> Message | None:
    image = await tx.image_named(deed.ref)
    meant = await _meant(image, request.person, tx)
    replies = await replies_of(image, request.person, tx)
    if not meant and replies:
        await call_back(image, replies, request, tx)
        return None
    if not meant:
        raise Refused(words.nothing_to_call_back(image.ref, Role.MANAGER in request.person.roles), "R25")
    breaches: list[Breach] = []
    told: list[str] = []
    not_told: list[str] = []
    for use in meant:
        recipients = await how_it_came(use, tx)
        here = await _here(recipients, tx)
        taken_back = await end_at_once(use, Recalled(), request.person.id, tx)
        await _put_out_of_case(use, tx)
        if use.was_released and (recipients or not use.recipient_ids):
            breaches.append(await _open_breach(use, recipients, here, taken_back, request.person, tx))
            told += [person.name for person in recipients if person.id in here]
            not_told += [person.name for person in recipients if person.id not in here]
    await tx.ledger_message(request.arrival, image_id=image.id)
    own = rooms.own(request.person.id)  # those from whom it is called back read the room of the case
    images = await tx.rows.images.among(dict.fromkeys(image_id for use in meant for image_id in use.image_ids))
    text = words.recalled(images, told, not_told, breaches)
    if any(use.lacks_summary for use in meant if use.asked_by == request.person.id):
        text += f" {words.FILE_THE_DISCUSSION}"
    if replies:
        text += f" {about_replies_called_back.replies_too(image.ref)}"
    await tx.say(own, text, image_id=image.id)
    return None


async def _meant(image: Image, by: Person, tx: Transaction) -> list[Use]:
    """Return what they may call back of this image: what they sent on themselves, or somebody whose work they took over."""
    uses = await tx.rows.uses_of(image.id)
    return uses_to_recall(uses, await whose_work((use.asked_by for use in uses), by, tx), by.roles)


async def _here(recipients: Iterable[Person], tx: Transaction) -> set[PersonId]:
    """Return those of them who read what is said to them now."""
    return await tx.reached(person.id for person in recipients if person.standing is Standing.ACTIVE)


async def _put_out_of_case(use: Use, tx: Transaction) -> None:
    """Put all whom it was for out of the room of the case, whether or not anything had reached them there."""
    if await tx.rows.rooms.at(rooms.case(use.id)) is not None:
        for person in await recipients_of(use, tx):
            await put_out_of(rooms.case(use.id), person, tx)


async def _open_breach(
    use: Use, recipients: Mapping[Person, Come], here: set[PersonId], taken_back: int, by: Person, tx: Transaction
) -> Breach:
    images = await tx.rows.images.among(use.image_ids)
    asker = await tx.person(use.asked_by)
    got = [person.name for person, come in recipients.items() if come is Come.ARRIVED]
    perhaps = [person.name for person, come in recipients.items() if come is Come.PERHAPS]
    if not recipients:
        got = list(use.recipients)
    what = words.sent_wrongly(images, got, perhaps, asker.name, use.rule)
    breach = await new_breach(
        tx, images[0].id, what, [person for person in recipients if not person.is_professional], use.id
    )
    breach = with_step(breach, by.name, f"called back; {taken_back} chat copies being removed", tx.now)
    for person in recipients:
        breach = with_step(breach, "consentry", await _tell(person, person.id in here, images, breach, tx), tx.now)
    for account in set(use.recipients) - {person.account for person in await recipients_of(use, tx)}:
        breach = with_step(breach, "consentry", f"{account} can't be told from here", tx.now)
    await open_breach(tx, breach, by.id)
    await _file(use, images, breach, by, tx)
    return breach


async def _tell(person: Person, is_here: bool, images: list[Image], breach: Breach, tx: Transaction) -> str:
    """Tell the wrong recipient in their own room; return the step that this makes."""
    if not is_here:
        return f"{person.name} can't be told from here"
    await ask(
        tx,
        person,
        words.sent_by_mistake(images),
        words.RECALL_ANSWERS,
        about="recall-answer",
        subject=breach.id,
        lasts=ASSESSMENT,
        image_id=images[0].id,
        hearing=Hearing.RECALL,
    )
    return f"{person.name} told, and asked to delete every copy"


async def recall_answer(choice: Choice, request: Request, tx: Transaction) -> Message | None:
    """Record what the wrong recipient says became of it, as a step of the assessment."""
    breach = await tx.rows.breaches.get(BreachId(choice.subject))
    saved = await tx.rows.breaches.save(with_step(breach, request.person.name, f"answers: {choice.label}", tx.now))
    await tx.audit(request.person.id, "breach.answered", breach.id, value=choice.value)
    await tx.ledger_message(request.arrival, image_id=breach.image_id)
    if choice.value == "talk":
        await tell_of_breach(tx, saved, words.wants_to_talk(saved.ref, request.person.name))
    return words.thanks_for_saying(tx.policy.practice)


async def _file(use: Use, images: list[Image], breach: Breach, by: Person, tx: Transaction) -> None:
    facts: dict[str, object] = {
        "how": "recalled",
        "to": ", ".join(use.recipients),
        "purpose": use.purpose.value,
        "rule": "R25",
        "breach": breach.ref,
    }
    for image in images:
        await write(tx, EntryKind.DISCLOSURE, image, image.patient_id, by.id, f"recalled: {breach.what}", facts)
