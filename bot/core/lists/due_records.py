"""`!due`: whose time of keeping is over (R23): the records of grown-ups first, then those of children who have grown up since.

The database says which records may be due, from the last entry and the patient's birth alone; each of them is judged here as
`!destroy` will judge it.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.core.retention_due import KeptImage, kept_images, kept_words
from bot.domain.identifiers import ImageId, PatientId
from bot.domain.image import Image
from bot.domain.intents import ReadOut
from bot.domain.people import Person
from bot.domain.retention_rules import years_later
from bot.ports.journal_rows.of_lists import FIRST_BORN, FIRST_ENTERED, LastEntry, Place, RecordPlace
from bot.words import about_retention as words

from .pages import MOST, ListPage, View

_GROWN_UPS, _CHILDREN = "grown-ups", "children"
_A_DAY = timedelta(days=1)
_GROWN_UP = 18


@dataclass(frozen=True, slots=True)
class _Line:
    """A line, and what follows it: records after `record` in its order, after what `image` is of this one; all of it without."""

    text: str
    part: str
    record: RecordPlace
    image: Image | None

    @property
    def end(self) -> str:
        return json.dumps(
            [self.part, self.record.key.isoformat(), self.record.patient_id, self.image.id if self.image else ""]
        )


async def read(view: View, reader: Person, asked: ReadOut) -> ListPage:
    found: list[_Line] = []
    async for line in _lines(view, asked.after):
        found.append(line)
        if len(found) > MOST:
            break
    if not found:
        return ListPage(words.NOTHING_MORE_DUE if asked.after else words.NOTHING_DUE)
    shown = found[:MOST]
    after = shown[-1].end if len(found) > MOST else ""
    about = tuple(line.image for line in shown if line.image is not None)
    text = words.due([line.text for line in shown])
    return ListPage(text, about, after, len(shown), names_somebody=True)


async def _lines(view: View, after: str) -> AsyncIterator[_Line]:
    part, place = _GROWN_UPS, FIRST_ENTERED
    if after:
        part, key, patient_id, image_id = json.loads(after)
        at: date = datetime.fromisoformat(key) if part == _GROWN_UPS else date.fromisoformat(key)
        place = RecordPlace(at, PatientId(patient_id))
        if image_id:
            last = await view.rows.images.get(ImageId(image_id))
            async for line in _lines_of(view, part, place, Place.of(last)):
                yield line
    if part == _GROWN_UPS:
        async for line in _lines_in(view, _GROWN_UPS, place):
            yield line
        place = FIRST_BORN
    async for line in _lines_in(view, _CHILDREN, place):
        yield line


async def _lines_in(view: View, part: str, place: RecordPlace) -> AsyncIterator[_Line]:
    while True:
        several = await _records(view, part, place)
        for entry in several:
            place = RecordPlace(entry.at if part == _GROWN_UPS else entry.born, entry.patient_id)
            async for line in _lines_of(view, part, place, None):
                yield line
        if len(several) <= MOST:
            return


async def _records(view: View, part: str, after: RecordPlace) -> list[LastEntry]:
    """Return records that may be due: rather one too many by a day than one too few."""
    rule, lists = view.policy.retention, view.rows.lists
    by = years_later(view.today, -rule.years) + _A_DAY
    entered_by = datetime.combine(by, time(), view.policy.timezone) + _A_DAY
    if part == _GROWN_UPS:
        return await lists.records_of_grown_ups(entered_by, after, MOST + 1)
    born_by = years_later(view.today, -min(rule.children_until, _GROWN_UP + rule.years)) + _A_DAY
    return await lists.records_of_children(entered_by, born_by, after, MOST + 1)


async def _lines_of(view: View, part: str, record: RecordPlace, after: Place | None) -> AsyncIterator[_Line]:
    """Yield a line for each image of one patient that is due, and one for words that belong to no image."""
    rule, zone = view.policy.retention, view.policy.timezone
    for kept in await kept_images(view.rows, rule, zone, record.patient_id):
        image = kept.image
        passed = after is not None and (image.received_at, image.id) <= (after.at, after.id)
        if kept.until <= view.today and not image.form_of and not passed:
            yield _Line(due_line(kept, view), part, record, image)
    for alone in await kept_words(view.rows, rule, zone, record.patient_id):
        if alone.until <= view.today:
            hold = alone.hold.why if alone.hold else ""
            yield _Line(
                words.words_due_line(alone.patient, len(alone.documents), alone.until, hold), part, record, None
            )


def due_line(kept: KeptImage, view: View) -> str:
    received = kept.image.received_at.astimezone(view.policy.timezone).date()
    return words.due_line(kept.image.ref, received, kept.patient, kept.until, kept.hold.why if kept.hold else "")
