"""Screen: say what a captured file is and carries, in a confined child, beside its filing and never in its way.

Doing it twice is safe: the findings of an image are taken once. They go to the record as a document of the image, as the file's
own claims (R14), and one line for the sender is added to the acknowledgement. Where the screener crashed, hung or lied the image
is filed all the same, and a person is told that it can't be viewed here.
"""

from __future__ import annotations

from bot.core.documents import write
from bot.core.telling import add_line_about_the_file, tell_in_thread
from bot.core.transaction import Transaction
from bot.domain.entries import SMALL_PICTURE, EntryKind
from bot.domain.errors import Permanent
from bot.domain.formats import SHOWN_BY_BROWSERS, MediaType
from bot.domain.identifiers import NO_PERSON
from bot.domain.image import HeldFor, Image
from bot.domain.intents import ScreenImage
from bot.domain.screening import Findings, Screening, in_words, nothing_to_add, origin, screened
from bot.words import about_pictures, to_the_team

from .world import World

MOST_OF_PAGES = 24_000_000  # bytes of a document's pages, drawn and thrown away, that may be in memory at once


async def perform(world: World, intent: ScreenImage) -> Findings | None:
    image = await world.image(intent.image_id)
    if not _kept(image):
        return None
    pages = MOST_OF_PAGES if image.media_type == MediaType.PDF else 0
    async with world.in_flight.room_for(image.size + pages):
        return await world.screener.screen(await world.original(image))


def _kept(image: Image) -> bool:
    return image.in_reach and image.held_for is not HeldFor.WITHDRAWAL


async def settle(tx: Transaction, intent: ScreenImage, found: Findings | None) -> None:
    image = await tx.rows.images.get(intent.image_id)
    before = await tx.rows.screenings.known(image.id)
    if found is None or not _kept(image) or (before and before.findings is not None):
        await _let_others_go_on(tx, image)
        return
    if before is None:
        await tx.rows.screenings.add(screened(Screening(image.id), found))
    else:
        await tx.rows.screenings.save(screened(before, found))
    await tx.audit("bot", "image.screened", image.id, viewable=found.viewable)
    if facts := origin(found):
        if found.small and image.media_type not in SHOWN_BY_BROWSERS:
            facts |= {SMALL_PICTURE: found.small}
        await write(tx, EntryKind.ORIGIN, image, image.patient_id, NO_PERSON, in_words(found), facts)
    if not found.viewable:
        words = about_pictures.not_viewable(image.ref, image.media_type, found)
        await tell_in_thread(tx, image, words)
    if found.only_the_first_is_shown:
        await tell_in_thread(tx, image, about_pictures.only_the_first(image.ref, found))
    if before is not None:
        await add_line_about_the_file(tx, image)


async def _let_others_go_on(tx: Transaction, image: Image) -> None:
    """Note that nothing is found about this one: the photos answered together with it need not wait for it any longer."""
    screening = await tx.rows.screenings.known(image.id)
    if screening is not None and screening.findings is None:
        await tx.rows.screenings.save(nothing_to_add(screening))
    await add_line_about_the_file(tx, image)


async def fail(tx: Transaction, intent: ScreenImage, why: Permanent) -> None:
    image = await tx.rows.images.get(intent.image_id)
    if why.code != "not-viewable" and _kept(image):
        await tx.tell_practice(to_the_team.stuck(to_the_team.DOING[intent.kind], why.code), image_id=image.id)
        await _let_others_go_on(tx, image)
        return
    await settle(tx, intent, Findings(viewable=False, why=str(why).removeprefix("not-viewable: ")))
