"""`!list`: what waits, the longest first, with its age and who has it; then what is filed and is the reader's own.

References and reasons alone: it is read where a whole team reads. That two images are of one patient is said, whose they are not.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import date

from bot.core.circles import circle_of, matter_of
from bot.core.documents import lacks_note
from bot.core.who_may_hear import reads_words_as_staff, reads_words_in_the_team
from bot.domain import rooms
from bot.domain.authority import may_look_after
from bot.domain.identifiers import ImageId
from bot.domain.image import Image
from bot.domain.intents import ReadOut
from bot.domain.people import Person
from bot.ports import Commit
from bot.ports.journal_rows.of_lists import AFTER_ALL, BEFORE_ALL, Place
from bot.words import about_lists as words

from .pages import MOST, ListPage, View, oldest_first

_WAITING, _OWN = "waiting", "own"


async def read(view: View, reader: Person, asked: ReadOut) -> ListPage:
    rows = view.rows
    part, _, last = asked.after.partition(" ")
    place = Place.of(await rows.images.get(ImageId(last))) if last else BEFORE_ALL
    waiting = [] if part == _OWN else await _waiting(rows, place, MOST + 1)
    left = MOST + 1 - len(waiting)
    own = await rows.lists.taken_by(reader.id, place if part == _OWN else AFTER_ALL, left) if left else []
    found = [*((image, _WAITING) for image in waiting), *((image, _OWN) for image in own)]
    if not found:
        return ListPage(words.nothing_more.english() if asked.after else words.NOTHING_WAITS)
    shown = found[:MOST]
    about = [image for image, _ in shown]
    alone = {image.id for image in about if await _kept_from(rows, image, reader, view.today)}
    takers = await rows.people.among({image.taken_by for image in about if image.taken_by})
    lines = words.Lines(
        view.now,
        {person.id: person.name for person in takers},
        {image.id for image in about if await lacks_note(rows, image)},
        {image.id for image in about if not await _reads_words(image, reader, asked, view)},
    )
    told = [
        *lines.under(words.WAITING, by_patient((image for image, part in shown if part == _WAITING), alone)),
        *lines.under(words.YOURS, ([image] for image, part in shown if part == _OWN)),
    ]
    last_image, in_part = shown[-1]
    after = f"{in_part} {last_image.id}" if len(found) > MOST else ""
    return ListPage("\n".join(told), tuple(about), after, len(about), names_somebody=True)


async def _waiting(rows: Commit, after: Place, most: int) -> list[Image]:
    not_settled = await rows.lists.waiting(after, most)
    without_a_note = await rows.lists.without_a_note(after, most)
    return oldest_first(not_settled, without_a_note)[:most]


async def _reads_words(image: Image, reader: Person, asked: ReadOut, view: View) -> bool:
    """Return whether the sender's words may be read out where it was asked: to the reader, or to all who work here."""
    if rooms.is_own(asked.address):
        return await reads_words_as_staff(view.rows, reader, image, view.today)
    return await reads_words_in_the_team(view.rows, image, view.today)


async def _kept_from(rows: Commit, image: Image, reader: Person, day: date) -> bool:
    """Return whether the reader is one of the patient's people, and it is a child's own: whose it is would show (R33a)."""
    if not image.patient_id:
        return False
    circle = await circle_of(rows, image.patient_id)
    return may_look_after(circle, await matter_of(rows, image, circle), reader, day).rule == "R33a"


def by_patient(images: Iterable[Image], alone: Container[ImageId] = ()) -> list[list[Image]]:
    """Return the images with those of one patient together, where the first of them stands.

    Not those that are to stand `alone`, nor where it is doubted whose they are.
    """
    groups: dict[str, list[Image]] = {}
    for image in images:
        together = image.may_be_seen and image.patient_id and image.id not in alone
        groups.setdefault(image.patient_id if together else image.id, []).append(image)
    return list(groups.values())
