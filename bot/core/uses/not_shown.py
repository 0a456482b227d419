"""Pictures that did not arrive: who asked for one has heard that it is coming, and the record says that it was shown.

Each is recorded before it can leave (R27). So whoever asked hears that it does not come, and what is told of the image says
that it was stopped (R24). So it is with a copy of a record. What may have arrived stands as it was recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from bot.core.documents import write
from bot.core.how_far import how_shown, may_have_left
from bot.core.transaction import Transaction
from bot.core.who_may_hear import who_may_hear
from bot.domain import rooms
from bot.domain.consent import Disclosure, stopped_on_its_way
from bot.domain.entries import CONCEALED, EntryKind
from bot.domain.identifiers import NO_PERSON, Address, ImageId, PersonId
from bot.domain.image import Image
from bot.domain.intents import Hearing, Intent, ReservePicture, SendCopy, ShowPicture
from bot.domain.planned import Progress
from bot.domain.use import Use, UseState
from bot.words import about_incidents, about_uses


async def stop_showing(lane: Address, tx: Transaction) -> None:
    """Stop what waits in this lane, whoever asked for it: they hear of it otherwise."""
    for picture in _pictures(await tx.cancel(lane)):
        await _note_stopped(picture, await tx.rows.images.get(picture.image_id), tx)


async def stop_showing_for(use: Use, tx: Transaction) -> None:
    """Stop what waits of this use, in the room of its case and in the chats of those it is for, also what is held for a person.

    What is due in a chat of their own is asked about once more before it leaves, and stops itself.
    """
    await stop_showing(rooms.case(use.id), tx)
    for person_id in use.recipient_ids:
        waiting = await tx.rows.waiting_in(rooms.own(person_id))
        held = [planned for planned in waiting if planned.progress is Progress.HELD]
        for planned in held:
            for picture in _pictures([planned.intent]):
                if picture.use_id == use.id:
                    await tx.give_up(planned)
                    if not may_have_left(planned):
                        await _note_stopped(picture, await tx.rows.images.get(picture.image_id), tx)


async def tell_not_shown(dropped: Iterable[Intent], tx: Transaction) -> None:
    """Note these pictures and copies as stopped, and tell who asked for a picture whose use goes on; if it ended they have heard
    that already.
    """
    dropped = list(dropped)
    for copy in [intent for intent in dropped if isinstance(intent, SendCopy)]:
        await note_copy_not_sent(copy.person_id, copy.entry_ids, tx)
    for picture in _pictures(dropped):
        image = await tx.rows.images.get(picture.image_id)
        stopped = await _note_stopped(picture, image, tx)
        if picture.leaves_for and stopped:
            await _tell_not_given(picture, image, stopped, tx)
        use = await tx.rows.uses.known(picture.use_id) if picture.use_id else None
        if use is not None and use.state is UseState.RELEASED:
            await tx.say(rooms.own(use.asked_by), about_uses.not_shared([image.ref]), image_id=image.id)


async def tell_not_sent(picture: ReservePicture | ShowPicture, tx: Transaction) -> None:
    """Note a picture that could not be sent, and tell who asked for it whom it did not reach."""
    for showing in _pictures([picture]):
        image = await tx.rows.images.get(showing.image_id)
        stopped = await _note_stopped(showing, image, tx, about_uses.COULD_NOT_BE_SENT)
        if showing.leaves_for and stopped:
            await _tell_not_given(showing, image, stopped, tx)
        await _tell_who_asked(showing, image, about_uses.did_not_arrive, tx)


async def tell_may_not_have_arrived(picture: ReservePicture | ShowPicture, tx: Transaction) -> None:
    """Tell who asked for a picture that nobody knows whether it arrived: the record goes on naming whom it was for."""
    for showing in _pictures([picture]):
        image = await tx.rows.images.get(showing.image_id)
        await _tell_who_asked(showing, image, about_uses.may_not_have_arrived, tx)


async def tell_held_up(picture: ReservePicture | ShowPicture, tx: Transaction) -> None:
    """Let the record say that it waits for a person to try it again, and tell who asked for it whether it may have arrived."""
    for showing in _pictures([picture]):
        image = await tx.rows.images.get(showing.image_id)
        begun = isinstance(showing, ShowPicture)
        given = [
            await tx.rows.disclosures.latest(image.id, id, how_shown(showing)) for id in await _readers(showing, tx)
        ]
        held_up = [disclosure for disclosure in given if disclosure is not None]
        if held_up and image.patient_id == showing.patient_id:
            await _correct(image, about_uses.held_up_in_the_record(begun=begun), "held_up", held_up, tx)
        said = about_uses.may_not_have_arrived if begun else about_uses.is_held_up
        await _tell_who_asked(showing, image, said, tx)


async def _tell_who_asked(
    picture: ReservePicture | ShowPicture, image: Image, said: Callable[[str, Sequence[str]], str], tx: Transaction
) -> None:
    use = await tx.rows.uses.known(picture.use_id) if picture.use_id else None
    if use is None or use.state is not UseState.RELEASED:
        return
    names = [person.name for person in await tx.rows.people.among(await _readers(picture, tx))]
    await tx.say(rooms.own(use.asked_by), said(image.ref, names), image_id=image.id)


async def note_copy_not_sent(person_id: PersonId, entry_ids: Iterable[str], tx: Transaction) -> None:
    """Note those images of a copy of a record that were not in what was sent, or of which nothing was sent (R24)."""
    for entry_id in entry_ids:
        disclosure = await tx.rows.disclosures.latest(ImageId(entry_id), person_id, "copy")
        if disclosure is not None:
            await tx.rows.disclosures.save(stopped_on_its_way(disclosure))


def _pictures(intents: Iterable[Intent]) -> list[ReservePicture | ShowPicture]:
    """Return those that show a photo for the first time: what follows of a document was shown already."""
    pictures = [intent for intent in intents if isinstance(intent, ReservePicture | ShowPicture)]
    return [picture for picture in pictures if picture.image_id and not picture.page]


async def _note_stopped(
    picture: ReservePicture | ShowPicture, image: Image, tx: Transaction, text: str = about_uses.STOPPED_ON_ITS_WAY
) -> list[Disclosure]:
    """Let what is told of the image, and its record, say that it was stopped on its way; return what was to be disclosed."""
    noted = []
    for person_id in await _readers(picture, tx):
        disclosure = await tx.rows.disclosures.latest(image.id, person_id, how_shown(picture))
        if disclosure is not None:
            noted.append(await tx.rows.disclosures.save(stopped_on_its_way(disclosure)))
    if noted and image.patient_id == picture.patient_id:
        await _correct(image, text, "stopped", noted, tx)
    return noted


async def _correct(image: Image, text: str, what: str, given: Sequence[Disclosure], tx: Transaction) -> None:
    """File beside the image what became of these disclosures; where the patient may not know of one, nor of this (R13a)."""
    facts: dict[str, object] = {what: [disclosure.id for disclosure in given]}
    if any(disclosure.concealed for disclosure in given):
        facts[CONCEALED] = True
    await write(tx, EntryKind.CORRECTION, image, image.patient_id, NO_PERSON, text, facts)


async def _readers(picture: ReservePicture | ShowPicture, tx: Transaction) -> list[PersonId]:
    """Return who was to see it: whose room it is, or in the room of a case all whom the use is for."""
    if rooms.is_own(picture.address):
        return [rooms.person_at(picture.address)]
    use = await tx.rows.uses.known(picture.use_id) if picture.use_id else None
    return list(use.recipient_ids) if use is not None else []


async def _tell_not_given(
    picture: ReservePicture | ShowPicture, image: Image, stopped: list[Disclosure], tx: Transaction
) -> None:
    """Tell whoever was to hand it over, and the patient's people, unless the law forbids that (R13a)."""
    await tx.say(picture.address, about_incidents.law_not_given(image.ref), image_id=image.id)
    if any(disclosure.concealed for disclosure in stopped):
        return
    for person_id in await tx.reached(await who_may_hear(tx.rows, image, tx.today)):
        text = about_incidents.law_not_given_to_patient(image.ref)
        await tx.say(rooms.own(person_id), text, image_id=image.id, hearing=Hearing.THEIRS)
