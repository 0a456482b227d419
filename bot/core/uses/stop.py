"""Withdrawing after filing: every use is stopped, every recipient told, the copies in reach purged, the others named (R13).

The record itself stays: the law on retention governs it, and the patient is told so kindly.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.consequences import note_fact
from bot.core.copy_contents import as_told
from bot.core.documents import write
from bot.core.how_far import may_have_come
from bot.core.transaction import Transaction
from bot.domain.authority import hears
from bot.domain.consent import Answer, ConsentAnswer
from bot.domain.copies import CopyState
from bot.domain.document import STOPS_EVERY_USE
from bot.domain.entries import EntryKind
from bot.domain.identifiers import UseId
from bot.domain.image import Image, Stopped
from bot.domain.message import Message
from bot.domain.people import Person
from bot.domain.use import LIVE, SHOWN, Closed, Use, UseState, Withdrawn
from bot.words import about_uses
from bot.words.about_rights import OF_ANOTHER

from .end import end_at_once, rooms_of, say_it_ends, tell_recipients, who_got, with_summary
from .judge import apply_use
from .not_shown import stop_showing_for
from .record_answer import record_answer
from .request_consent import wording_for
from .who_asked import tell_who_asked


async def stop_every_use(image: Image, person: Person, proof: dict[str, object], tx: Transaction) -> str:
    """Stop what goes on and whatever might come; return what the patient hears: what was stopped, and what can't be recalled."""
    await note_fact(tx, image, Stopped())
    await tx.audit(person.id, "image.stopped", image.id)
    await write(
        tx,
        EntryKind.ANSWER,
        image,
        image.patient_id,
        person.id,
        about_uses.STOPPED_IN_THE_RECORD,
        {"as": STOPS_EVERY_USE},
    )
    ended = [use for use in await _uses_of(image, tx) if use.state in {*LIVE, UseState.CLOSED}]
    asked: list[str] = []
    out_of_reach: list[str] = []
    shown = 0
    for use in ended:
        told, not_told = await _stop(use, [image], person, proof, tx)
        asked, out_of_reach, shown = asked + told, out_of_reach + not_told, shown + bool(told or not_told)
    known = [use for use in ended if use.state is not UseState.ASKED]  # nobody has heard of one that was only begun
    law = await may_have_come(tx.rows, await tx.rows.disclosures.required_by_law(image.id))
    given_to = [(await as_told(tx.rows, image, disclosure)).detail or OF_ANOTHER for disclosure in law]
    beyond = about_uses.Beyond(asked, out_of_reach, given_to)
    return about_uses.stopped(tx.policy.texts, image.ref, len(known), shown, beyond)


async def stop_use(
    use: Use, images: Sequence[Image], person: Person, proof: dict[str, object], tx: Transaction
) -> Message:
    """Stop this use alone, as somebody who may answer does not agree to it any more, or never did (R13, R29a)."""
    told, not_told = await _stop(use, images, person, proof, tx)
    return about_uses.this_use_stopped([image.ref for image in images], bool(told or not_told), told, not_told)


async def _uses_of(image: Image, tx: Transaction) -> list[Use]:
    return await tx.rows.uses_of(image.id)


async def _stop(
    use: Use, images: Sequence[Image], person: Person, proof: dict[str, object], tx: Transaction
) -> tuple[list[str], list[str]]:
    """End one use; return who may hold a copy that nobody here can recall: those asked to delete it, and
    those not here to be asked.
    """
    got = await who_got(use, tx)
    await end_at_once(use, Withdrawn(), person.id, tx)
    capacity = hears(await tx.circle(images[0].patient_id), tx.today).get(
        person.id
    )  # a no from an impaired patient counts too
    if use.wording and capacity is not None:
        given = ConsentAnswer(
            id=tx.ids.new(),
            use_id=use.id,
            person_id=person.id,
            capacity=capacity,
            answer=Answer.WITHDRAWN,
            wording=await wording_for(use, list(images), person.id, tx),
            wording_version=use.wording_version,
            at=tx.now,
            proof=proof,
        )
        await record_answer(given, use, tx)
    told, not_told = await tell_recipients(use, got, about_uses.please_delete(use), tx)
    text = about_uses.use_stopped(images[0].ref, shown=bool(got), not_told=not_told)
    await tell_who_asked(use, with_summary(use, text), tx)
    if use.state in SHOWN:
        await say_it_ends(use, tx)
    return told, not_told


async def use_ends(tx: Transaction, use_id: UseId) -> None:
    """End the use, as the agreed time is over (R12): recipients are asked to delete, and pictures in reach go.

    A case stays open for its summary. Where the clock was set back since this was due, the agreed time is still to come.
    """
    use = await tx.rows.uses.get(use_id)
    if use.state is not UseState.RELEASED:
        return
    if use.until is not None and tx.now < use.until:
        await tx.remind("use-ends", use.id, use.until - tx.now)
        return
    _, not_told = await tell_recipients(use, await who_got(use, tx), about_uses.please_delete(use), tx)
    if not_told:
        refs = [image.ref for image in await tx.rows.images.among(use.image_ids)]
        await tell_who_asked(use, about_uses.time_is_over(refs, not_told), tx)
    await _erase_pictures(use, tx)
    if not use.is_advice:
        await stop_showing_for(use, tx)
        await apply_use(tx, use, Closed(), "bot")


async def _erase_pictures(use: Use, tx: Transaction) -> None:
    """Erase what was handed over in the recipients' own rooms and shown in the room of the case, with
    the words that came with it.
    """
    where = await rooms_of(use, tx)
    known = await tx.rows.copies.of_images(use.image_ids, CopyState.KNOWN)
    pictures = [copy for copy in known if copy.room_id in where and copy.post_key]
    posts = {copy.post_key for copy in pictures}
    media = [copy for copy in known if copy.is_media and copy.post_key in posts and copy not in pictures]
    await tx.erase_now(*media, *pictures)
