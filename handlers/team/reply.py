"""`!reply IMG-7F3K …`: the clinician's words reach somebody in that person's own chat, and are filed.

They go at once to the person who sent the photo, if they speak for its patient now, and to the colleague it came from.
Whenever anybody else is to read them, or may have been meant because they wrote about it since the last reply, the clinician
taps a name (R29): until then they wait as a draft, and it is asked again at the tap whether that person may hear.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import timedelta

from bot.core.dispatch import Request
from bot.core.documents import REPLY, TO_COLLEAGUE, draft_reply, drop, finish_draft, write
from bot.core.one_patient import of_one_patient
from bot.core.polls import ask, close_polls
from bot.core.transaction import Transaction
from bot.core.unopened import OPENED_WITHIN
from bot.core.who_may_hear import who_may_hear
from bot.domain import rooms
from bot.domain.choices import Choice
from bot.domain.document import STOPS_EVERY_USE, Document, DocumentState
from bot.domain.entries import EntryKind
from bot.domain.errors import Refused
from bot.domain.identifiers import DocumentId, PersonId
from bot.domain.image import HeldFor, Image
from bot.domain.intents import Hearing
from bot.domain.message import Message
from bot.domain.people import Person, Relation, Standing
from bot.domain.rooms import RoomKind
from bot.domain.staff_deeds import WriteReply
from bot.words import about_replies
from bot.words.about_people import named
from bot.words.phrases import CAPACITY

from .mine import take
from .note import to_be_written_to

TIME_TO_CHOOSE = timedelta(hours=1)
MOST = 15  # names in one poll
STAYS = 2  # times as long as other words: whoever is called because they seem not to have opened it can still find it
COLLEAGUE = "colleague"

# Person id to capacity; None for the colleague it came from.
Whom = Mapping[PersonId, Relation | None]


async def reply(deed: WriteReply, request: Request, tx: Transaction) -> Message | None:
    image = await to_be_written_to(deed.ref, tx)
    await of_one_patient(deed.text, [image], tx)
    whom = await _who_may_be_chosen(image, tx)
    if not whom:
        raise Refused(await _nobody(image, tx), "R29")
    image = await take(image, request.person, tx)
    sender = await tx.person(image.sender_id)
    others_wrote = await _who_else_wrote(image, tx)
    if sender.id in whom and not others_wrote and not (image.from_colleague and image.was_moved):
        facts = _facts(sender, whom[sender.id])
        author_id = request.person.id
        document = await write(tx, EntryKind.REPLY, image, image.patient_id, author_id, deed.text, facts, sender.id)
        await tx.ledger_message(request.arrival, image_id=image.id, document_id=document.id)
        await _send(document, image, sender, whom[sender.id], request, tx)
        return None
    draft = await draft_reply(tx, image, request.person.id, deed.text)
    await tx.ledger_message(request.arrival, image_id=image.id, document_id=draft.id)
    await _ask_whom(draft, image, whom, others_wrote, request, tx)
    return None if request.room.kind is RoomKind.OWN else about_replies.asked_whom()


async def _who_may_be_chosen(image: Image, tx: Transaction) -> Whom:
    """Return all who may hear and be reached: for a colleague's photo the colleague, and after a re-file also those others."""
    whom: dict[PersonId, Relation | None] = {}
    if not image.from_colleague or image.misfiled:
        whom |= await who_may_hear(tx.rows, image, tx.today)
    sender = await tx.person(image.sender_id)
    if image.from_colleague and sender.standing is Standing.ACTIVE and sender.is_professional:
        whom[sender.id] = None
    here = await tx.reached(whom)
    return {person_id: relation for person_id, relation in whom.items() if person_id in here}


async def _who_else_wrote(image: Image, tx: Transaction) -> set[PersonId]:
    """Return who, but the sender, wrote about it since somebody was last replied to: a reply may be an answer to them."""
    said = await tx.rows.documents.of_image(image.id)
    replies = [each.at for each in said if each.kind is EntryKind.REPLY and each.reader_id and each.counts_as_told]
    return {
        each.author_id
        for each in said
        if each.kind is EntryKind.ANSWER
        and each.facts.get("as") != STOPS_EVERY_USE
        and each.author_id != image.sender_id
        and not any(at >= each.at for at in replies)
    }


async def _nobody(image: Image, tx: Transaction) -> Message:
    if not image.patient_id:
        return about_replies.whose_first(image.ref)
    if image.moving_to:
        return about_replies.being_moved(image.ref)
    if image.from_colleague and not image.misfiled:
        return about_replies.sender_not_here(image.ref, (await tx.person(image.sender_id)).name)
    if image.held_for is HeldFor.SOMEBODY_ELSE:
        return about_replies.doubted(image.ref, "!refile" if image.in_record else "!match")
    return about_replies.nobody_to_reach(image.ref)


async def _ask_whom(
    draft: Document, image: Image, whom: Whom, first: Collection[PersonId], request: Request, tx: Transaction
) -> None:
    """Ask whom the words are for; `first`: who wrote last."""
    among = await tx.rows.people.among(whom)
    people = sorted(among, key=lambda person: person.id not in first)[:MOST]
    patient = await tx.rows.patients.get(image.patient_id)
    labels = {
        person.id: f"{named(person, whom[person.id], patient)}, {_capacity(whom[person.id])}" for person in people
    }
    alike = Counter(labels.values())
    answers = [
        (
            f"{image.patient_id}>{person.id}",
            labels[person.id] + (f" ({person.account})" if alike[labels[person.id]] > 1 else ""),
        )
        for person in people
    ]
    await ask(
        tx,
        request.person,
        about_replies.others_wrote(image.ref) if first else about_replies.whom_to_reach(image.ref),
        [*answers, ("", about_replies.NOT_SENT)],
        about="reply",
        subject=draft.id,
        lasts=TIME_TO_CHOOSE,
        image_id=image.id,
    )
    await tx.remind("reply-unsent", draft.id, TIME_TO_CHOOSE)


def _capacity(relation: Relation | None) -> str:
    if relation is None:
        return "who sent it"
    return "the patient" if relation is Relation.SELF else f"their {CAPACITY[relation]}"


async def chosen(choice: Choice, request: Request, tx: Transaction) -> Message | None:
    """Judge the tap again, for the patient whose image it was when it was asked about (R28)."""
    draft = await tx.rows.documents.get(DocumentId(choice.subject))
    image = await tx.rows.images.get(draft.image_id)
    await close_polls(tx, draft.id)
    if draft.state is not DocumentState.DRAFT:
        return about_replies.dropped(image.ref)
    patient_id, _, reader = choice.value.partition(">")
    person_id = PersonId(reader)
    if not person_id:
        await drop(tx, draft)
        return about_replies.not_sent(image.ref)
    person = await tx.person(person_id)
    whom = await _who_may_be_chosen(image, tx) if image.in_reach and image.patient_id == patient_id else {}
    if person_id not in whom:
        await drop(tx, draft)
        await tx.say(request.room.address, about_replies.may_not_hear_now(image.ref, person.name), private=True)
        return None
    document = await finish_draft(tx, draft, image, _facts(person, whom[person_id]), person.id)
    await _send(document, image, person, whom[person_id], request, tx)
    return None


async def _send(
    document: Document, image: Image, to: Person, relation: Relation | None, request: Request, tx: Transaction
) -> None:
    """Send the reply, and tell its author by name whom it reaches, in their own chat: the team's names no patient."""
    text = about_replies.reply_from(request.person.name, image.ref, document.text)
    to_colleague = relation is None
    hearing = Hearing.SPEAKS if to_colleague else Hearing.THEIRS
    key = f"{TO_COLLEAGUE if to_colleague else REPLY}{document.id}"
    lasts = None if to_colleague else STAYS * tx.policy.keep_messages
    own = rooms.own(to.id)
    await tx.say(own, text, image_id=image.id, key=key, reply_id=document.id, hearing=hearing, lasts=lasts)
    if not to_colleague:
        await tx.remind("unopened", document.id, OPENED_WITHIN)
    whom = to.name if to_colleague else named(to, relation, await tx.rows.patients.get(image.patient_id))
    await tx.say(rooms.own(request.person.id), about_replies.on_its_way(image.ref, whom), image_id=image.id)


def _facts(to: Person, relation: Relation | None) -> dict[str, object]:
    return {"to": to.name, "capacity": relation.value if relation else COLLEAGUE}


async def let_go(tx: Transaction, document_id: DocumentId) -> None:
    """Drop the draft at its deadline: nobody was chosen, so nobody reads it and nothing is kept; its author hears so."""
    draft = await tx.rows.documents.get(document_id)
    if draft.state is not DocumentState.DRAFT:
        return
    image = await tx.rows.images.get(draft.image_id)
    await close_polls(tx, draft.id)
    await drop(tx, draft)
    await tx.say(rooms.own(draft.author_id), about_replies.dropped(image.ref), image_id=image.id)
