"""Uses that must end at once: what nobody has received stays unsent, what was shown is taken back, messages first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.core.how_far import Come, how_far, how_far_in_case
from bot.core.polls import close_polls
from bot.core.transaction import Transaction
from bot.domain import rooms
from bot.domain.consent import emptied_line
from bot.domain.copies import CopyState
from bot.domain.identifiers import Actor, UseId
from bot.domain.image import Image
from bot.domain.intents import Hearing
from bot.domain.people import Person, Standing
from bot.domain.rooms import Room
from bot.domain.use import SHOWN, Expired, RuledOut, Use, UseEvent, UseState, Withdrawn
from bot.words import about_incidents, about_uses

from .close_request import close_request
from .judge import apply_use
from .not_shown import stop_showing_for
from .who_asked import tell_who_asked


async def end_at_once(use: Use, event: UseEvent, by: Actor, tx: Transaction) -> int:
    """End the use by `event`, so that nothing of it is sent any more; return how many copies are taken back."""
    await apply_use(tx, use, event, by)
    await close_request(use, by, tx)
    await stop_showing_for(use, tx)
    copies = await tx.rows.copies.of_images(use.image_ids, CopyState.KNOWN)
    mine = await rooms_of(use, tx)
    case = rooms.case(use.id)
    # In a recipient's own room only what the bot showed there is taken back; in the case room everything.
    posted = [copy for copy in copies if copy.event_id and copy.room_id in mine]
    posted = [copy for copy in posted if mine[copy.room_id] == case or copy.post_key]
    keys = {copy.post_key for copy in posted if copy.post_key}
    media = [copy for copy in copies if copy.is_media and copy.post_key in keys and copy not in posted]
    await tx.hide_now(*posted, *media)
    return len(posted) + len(media)


async def tell_recipients(
    use: Use, recipients: Sequence[Person], text: str, tx: Transaction
) -> tuple[list[str], list[str]]:
    """Tell those who got it in their own chats; return the names of those who hear it, and of those who can't be told from here.

    Who got it is asked before the use ends: what is stopped then is not known to have reached anybody.
    """
    active = [person for person in recipients if person.standing is Standing.ACTIVE]  # nobody else's devices get a key
    for person in active:
        await tx.say(rooms.own(person.id), text, image_id=use.image_ids[0], hearing=Hearing.RECALL)
    here = await tx.reached(person.id for person in active)
    told = [person.name for person in active if person.id in here]
    return told, [person.name for person in recipients if person.id not in here]


async def end_and_tell(use: Use, by: Actor, tx: Transaction) -> list[str]:
    """End the use at once, and ask those who have it to delete it; return the names of those who can't be told from here."""
    got = await who_got(use, tx)
    await end_at_once(use, Withdrawn(), by, tx)
    _, not_told = await tell_recipients(use, got, about_uses.please_delete(use), tx)
    return not_told


async def recipients_of(use: Use, tx: Transaction) -> list[Person]:
    """Return the people it was asked for, wherever they are now: not those who have their accounts (R31)."""
    return await tx.rows.people.among(use.recipient_ids) if use.recipient_ids else []


async def who_got(use: Use, tx: Transaction) -> list[Person]:
    """Return those whom it reached, or may have reached."""
    return list(await how_it_came(use, tx))


async def how_it_came(use: Use, tx: Transaction) -> Mapping[Person, Come]:
    """Return those whom it reached or may have reached, each with how sure that is.

    In the room of a case they read words about it, whatever was shown.
    """
    if use.state not in SHOWN and not use.was_released:
        return {}
    recipients = await recipients_of(use, tx)
    if use.is_advice:
        come = await how_far_in_case(tx.rows, use)
        return dict.fromkeys(recipients, come) if come.may_have else {}
    given = await tx.rows.disclosures.of_images(use.image_ids)
    theirs = [disclosure for disclosure in given if disclosure.how == "forwarded" and disclosure.at >= use.asked_at]
    far = await how_far(tx.rows, theirs)
    came = {person: {far[shown.id] for shown in theirs if shown.to_person_id == person.id} for person in recipients}
    may_have = {person: {come for come in each if come.may_have} for person, each in came.items()}
    return {person: Come.ARRIVED if Come.ARRIVED in each else Come.PERHAPS for person, each in may_have.items() if each}


async def end_as_mistaken(use: Use, image: Image, mistake: str, rule: str, by: Actor, tx: Transaction) -> None:
    """End a use that rested on a mistake; `mistake` says which of its images it is about, and what it was, to whoever asked and
    to those who hold it from us.

    What was discussed in a case can still be filed.
    """
    got = await who_got(use, tx)
    await end_at_once(use, Withdrawn() if use.state in SHOWN else RuledOut(rule), by, tx)
    _, not_told = await tell_recipients(use, got, f"{mistake} {about_uses.please_delete(use)}", tx)
    text = f"{mistake} {about_uses.use_stopped(image.ref, shown=bool(got), not_told=not_told)}"
    await tell_who_asked(use, with_summary(use, text), tx)


def with_summary(use: Use, text: str) -> str:
    """Add that what was discussed is still to be filed, where it is."""
    return f"{text} {about_incidents.FILE_THE_DISCUSSION}" if use.lacks_summary else text


async def rooms_of(use: Use, tx: Transaction) -> dict[str, str]:
    """Return the case room and the recipients' own rooms, as a map from room id to address."""
    addresses = [rooms.case(use.id), *(rooms.own(person.id) for person in await recipients_of(use, tx))]
    return {room.id: room.address for room in await tx.rows.rooms.at_any(addresses)}


async def run_out(use_id: UseId, waiting: UseState, words: Callable[[Sequence[Image]], str], tx: Transaction) -> None:
    """Let the use expire, as nobody did what it waited for: the requester hears so, and nothing can be tapped any more (R13)."""
    use = await tx.rows.uses.get(use_id)
    if use.state is not waiting:
        return
    await apply_use(tx, use, Expired(), "bot")
    await close_polls(tx, use.id)
    images = await tx.rows.images.among(use.image_ids)
    await tx.say(rooms.own(use.asked_by), words(images), image_id=images[0].id)


async def say_it_ends(use: Use, tx: Transaction) -> Room | None:
    """Say it in the room of the case, if there is one; what was said there is kept until the summary is filed, and no longer."""
    lacks_summary = use.is_advice and use.summarised_at is None
    for line in [] if lacks_summary else await tx.rows.lines.of_use(use.id):
        await tx.rows.lines.save(emptied_line(line))  # filed as policy wants it, and kept nowhere else
    room = await tx.rows.rooms.at(rooms.case(use.id))
    if room is not None:
        await tx.say(room.address, about_uses.CASE_STOPPED if lacks_summary else about_uses.CASE_ENDS)
    return room
