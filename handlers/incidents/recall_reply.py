"""`!recall IMG-7F3K`, of a reply: it was not for the person it was sent to. Taken back by its author or a manager (R25).

One is taken back at once; of several, a tap says which. Its copies in the chats are hidden, with receipts. Unless it was stopped
before it was sent, its reader is told and the 30-day assessment begins: what has arrived can't be unread. The record keeps it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.core.breaches import new_breach, open_breach
from bot.core.copies_under_way import stop_copies_with
from bot.core.copy_contents import open_to
from bot.core.dispatch import Request
from bot.core.documents import REPLY, TO_COLLEAGUE, is_to_colleague, reader_of, write
from bot.core.polls import ask, close_polls
from bot.core.transaction import Transaction
from bot.core.uses.who_asked import whose_work
from bot.core.who_may_hear import unheard_of
from bot.core.wrong_readers import files_of_copy
from bot.domain import rooms
from bot.domain.breach import ASSESSMENT, Breach, replies_to_recall, with_step
from bot.domain.choices import Choice
from bot.domain.copies import TAKEN_BACK, Copy, CopyState, taken_back, which_reply
from bot.domain.document import CALLED_BACK, Document, DocumentState, called_back
from bot.domain.entries import EntryKind, HeldEntry
from bot.domain.image import Image
from bot.domain.intents import Hearing
from bot.domain.message import Message
from bot.domain.people import Person, Standing
from bot.words import about_incidents, about_wrong_readers
from bot.words import about_replies_called_back as words
from bot.words.about_replies_called_back import Where

TIME_TO_CHOOSE = timedelta(hours=1)
MOST = 15  # replies in one poll
_OLDER = "older:"
_SENT = frozenset(DocumentState) - {DocumentState.DRAFT, DocumentState.DESTROYED}


async def replies_of(image: Image, by: Person, tx: Transaction) -> list[Document]:
    """Return the replies about this image that they may call back, the newest first."""
    written = await tx.rows.documents.of_image(image.id, kind=EntryKind.REPLY)
    sent = [reply for reply in written if reply.state in _SENT and reply.counts_as_told]
    standing = [reply for reply in sent if not await _was_taken_back(reply, tx)]
    work_of = await whose_work((reply.author_id for reply in standing), by, tx)
    hidden = await unheard_of(tx.rows, by, tx.today)
    return replies_to_recall(standing, by.id, work_of, by.roles, hidden)[::-1]


async def call_back(image: Image, replies: Sequence[Document], request: Request, tx: Transaction) -> None:
    """Call back the only one at once; of several, ask which."""
    await tx.ledger_message(request.arrival, image_id=image.id)
    if len(replies) == 1:
        await _call_back(replies[0], image, request.person, tx)
        return
    await _ask_which(image, replies, 0, request.person, tx)


async def _ask_which(image: Image, replies: Sequence[Document], first: int, person: Person, tx: Transaction) -> None:
    """Ask which of these, from the `first` on; a tap shows the older ones where there are more than one poll holds."""
    offered = replies[first : first + MOST]
    by = {reply.id: (await tx.person(reply.author_id)).name for reply in offered}
    labels = {
        reply.id: words.one_reply(by[reply.id], reply.at, (await _reader(reply, image, tx)).name, tx.policy.timezone)
        for reply in offered
    }
    alike, seen = Counter(labels.values()), Counter[str]()
    answers = []
    for reply_id, label in labels.items():
        seen[label] += 1
        answers.append((str(reply_id), f"{label} ({seen[label]})" if alike[label] > 1 else label))
    if len(replies) > first + MOST:
        answers.append((f"{_OLDER}{first + MOST}", words.OLDER))
    await ask(
        tx,
        person,
        words.which_reply(image.ref),
        [*answers, ("", words.NOT_ANY)],
        about="recall-reply",
        subject=which_reply(image.id, person.id),
        lasts=TIME_TO_CHOOSE,
        image_id=image.id,
    )


async def chosen(choice: Choice, request: Request, tx: Transaction) -> Message | None:
    """Take back the one they tapped, if it still stands and they may."""
    await close_polls(tx, choice.subject)
    image = await tx.rows.images.get((await tx.rows.copies.get(choice.copy_id)).image_id)
    if not choice.value:
        return words.none_called_back(image.ref)
    replies = await replies_of(image, request.person, tx)
    if choice.value.startswith(_OLDER):
        await _ask_which(image, replies, int(choice.value.removeprefix(_OLDER)), request.person, tx)
        return None
    reply = next((one for one in replies if one.id == choice.value), None)
    if reply is None:
        return words.not_any_more(image.ref)
    await _call_back(reply, image, request.person, tx)
    return None


async def _call_back(reply: Document, image: Image, by: Person, tx: Transaction) -> None:
    reader, author = await _reader(reply, image, tx), await tx.person(reply.author_id)
    posts = await _posts(reply, tx)
    where = _where(posts)
    never_sent = where is Where.ON_ITS_WAY and await _stop(posts, reader, tx)
    holding = await _who_may_hold_it(reply, image, reader, tx)
    in_copies = await _in_copies(reply, holding, tx)
    under_way = [person for person in holding if await stop_copies_with(tx, reply.id, person.id, reply.patient_id)]
    reply = await tx.rows.documents.save(called_back(reply))
    await tx.audit(by.id, "reply.called-back", reply.id, image=image.id)
    if never_sent and not in_copies and not under_way:
        await _note(reply, image, author, by, "", tx)
        await tx.say(rooms.own(by.id), words.stopped(image.ref, reader.name), image_id=image.id)
        return
    messages = await _hide(reply, in_copies, reader, tx)
    told = reader.standing is Standing.ACTIVE and bool(await tx.reached([reader.id]))
    others = [person for person in in_copies if person.id != reader.id]
    perhaps = [person for person in under_way if person.id != reader.id and person not in others]
    breach = await _breach(reply, image, author, [reader, *others, *perhaps], where, tx)
    breach = with_step(breach, by.name, words.CALLED_BACK, tx.now)
    breach = with_step(breach, "consentry", words.taken_out(reader.name, where, messages), tx.now)
    step = about_wrong_readers.told_to_delete if told else about_wrong_readers.cant_be_told
    breach = with_step(breach, "consentry", step(reader.name), tx.now)
    for person in others:
        breach = with_step(breach, "consentry", words.stood_in_their_copy(person.name), tx.now)
    for person in under_way:
        breach = with_step(breach, "consentry", words.was_in_a_copy_on_its_way(person.name), tx.now)
        if person.standing is Standing.ACTIVE:
            await tx.say(rooms.own(person.id), words.STOPPED_COPY)
    if told:
        await _tell_reader(reply, image, author, reader, breach, where, tx)
    await open_breach(tx, breach, by.id)
    await _note(reply, image, author, by, breach.ref, tx)
    text = words.recalled(image.ref, reader.name, breach.ref, where, told=told)
    await tx.say(rooms.own(by.id), text, image_id=image.id)
    if author.id != by.id and author.standing is Standing.ACTIVE:
        yours = words.yours_was_called_back(image.ref, by.name, reader.name)
        await tx.say(rooms.own(author.id), yours, image_id=image.id)


def _where(posts: Sequence[Copy]) -> Where:
    if not posts:
        return Where.NOT_NOTED
    return Where.NOTED if any(post.event_id for post in posts) else Where.ON_ITS_WAY


async def _stop(posts: Sequence[Copy], reader: Person, tx: Transaction) -> bool:
    """Stop it on its way; return whether it is certain that it was never sent."""
    return bool(await tx.cancel(rooms.own(reader.id), only={post.id for post in posts}))


async def _who_may_hold_it(reply: Document, image: Image, reader: Person, tx: Transaction) -> list[Person]:
    """Return those who asked for a copy of the record since, of its reader and whoever may know of them.

    Of anybody else's nothing is taken back, or it would show them that there was such a reply (R33a).
    """
    shown = await tx.rows.disclosures.of_image(image.id)
    asked = {copy.to_person_id for copy in shown if copy.how == "copy" and copy.at >= reply.at}
    line = [HeldEntry(reply.id, image.ref, 0)]
    return [
        person
        for person in await tx.rows.people.among(asked)
        if person.id == reader.id or await open_to(tx.rows, person.id, reply.patient_id, line, tx.today)
    ]


async def _in_copies(reply: Document, people: Sequence[Person], tx: Transaction) -> dict[Person, list[Copy]]:
    """Return the copies of the record that hold it and still stand."""
    found: dict[Person, list[Copy]] = {}
    for person in people:
        files = await files_of_copy(tx, person, reply.patient_id)
        if standing := [file for file in files if file.state is CopyState.KNOWN]:
            found[person] = standing
    return found


async def _hide(reply: Document, in_copies: Mapping[Person, Sequence[Copy]], reader: Person, tx: Transaction) -> int:
    """Hide it wherever it stands, also in copies of the record; return how many messages stood with its reader."""
    standing = [post for post in await _posts(reply, tx) if post.state is CopyState.KNOWN]
    posts = [await tx.rows.copies.save(taken_back(post, tx.now)) for post in standing if post.event_id]
    typed = await tx.rows.copies.of_document(reply.id, CopyState.KNOWN)
    for person in in_copies:
        if person.standing is Standing.ACTIVE:
            said = about_wrong_readers.COPY_TAKEN_BACK if person.id == reader.id else words.TAKEN_OUT_OF_COPY
            await tx.say(rooms.own(person.id), said)
    of_record = [file for files in in_copies.values() for file in files]
    await tx.hide_now(*posts, *typed, *of_record)
    room = await tx.rows.rooms.at(rooms.own(reader.id))
    return len({copy.event_id for copy in (*posts, *of_record) if room and copy.event_id and copy.room_id == room.id})


async def _breach(
    reply: Document, image: Image, author: Person, readers: Sequence[Person], where: Where, tx: Transaction
) -> Breach:
    what = words.reached_wrongly(image.ref, author.name, reply.at, readers[0].name, where, tx.policy.timezone)
    return await new_breach(tx, image.id, what, [person for person in readers if not person.is_professional])


async def _tell_reader(
    reply: Document, image: Image, author: Person, reader: Person, breach: Breach, where: Where, tx: Transaction
) -> None:
    """Tell them in their own chat, in words that repeat nothing of it; a colleague is asked what became of it."""
    said = words.still_stands if where is Where.NOT_NOTED else words.sent_by_mistake
    text = said(image.ref, author.name, reply.at, tx.policy.timezone)
    if is_to_colleague(reply, image):
        await ask(
            tx,
            reader,
            text,
            about_incidents.RECALL_ANSWERS,
            about="recall-answer",
            subject=breach.id,
            lasts=ASSESSMENT,
            image_id=image.id,
            hearing=Hearing.RECALL,
        )
        return
    text = f"{text} {words.CALL_US.format(practice=tx.policy.practice)}"
    await tx.say(rooms.own(reader.id), text, image_id=image.id, hearing=Hearing.RECALL)


async def _note(reply: Document, image: Image, author: Person, by: Person, breach: str, tx: Transaction) -> None:
    """Note it in the record beside the reply, without whom it had reached; that stands in nobody's copy either."""
    if not image.in_reach or not reply.patient_id:
        return
    facts: dict[str, object] = {"as": CALLED_BACK, "reply": reply.id, "rule": "R25", "breach": breach}
    text = words.in_the_record(author.name, reply.at, breach, tx.policy.timezone)
    await write(tx, EntryKind.CORRECTION, image, reply.patient_id, by.id, text, facts)


async def _reader(reply: Document, image: Image, tx: Transaction) -> Person:
    return await tx.person(reader_of(reply, image))


async def _posts(reply: Document, tx: Transaction) -> list[Copy]:
    return await tx.rows.copies.of_posts([f"{REPLY}{reply.id}", f"{TO_COLLEAGUE}{reply.id}"])


async def _was_taken_back(reply: Document, tx: Transaction) -> bool:
    """Return whether all that stood of it was taken back before, as when the image was moved."""
    posts = await _posts(reply, tx)
    return bool(posts) and all(post.because == TAKEN_BACK for post in posts)
