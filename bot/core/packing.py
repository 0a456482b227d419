"""What leaves of a filed entry, and in which form.

Asked anew each time that something is about to leave: what is held back from anybody (R33a) goes only where staff alone read,
and names that somebody who hears of the patient may not know are left out everywhere else. No copy holds a proof. What is sealed
with the practice's own keys leaves as it was filed.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date

from bot.domain.assurance import CopyForm
from bot.domain.authority import Circle, hears, is_held_back
from bot.domain.baseline_jpeg import baseline_frame
from bot.domain.consignment import Consignment
from bot.domain.delivery_reasons import STAFF_ONLY
from bot.domain.destination import Destination, without_proofs
from bot.domain.entries import CONCEALED, EntryKind, Unnamed
from bot.domain.errors import Permanent
from bot.domain.formats import MediaType
from bot.domain.identifiers import DocumentId, ImageId, UseId
from bot.domain.policy import Policy
from bot.domain.purposes import Purpose
from bot.domain.references import references_in
from bot.domain.terms import Terms
from bot.domain.use import UseState
from bot.ports import Clock, Commit, Journal, Rendition, Screener, SummaryPainter
from bot.words import summary_page
from bot.words.about_pictures import terms_in_copy

from .circles import circle_of, matter_of, told_of
from .copy_contents import unnamed_to
from .documents import of_whom
from .moved_entries import without_another_patient

_ENDED = frozenset({UseState.REFUSED, UseState.WITHDRAWN, UseState.RECALLED})
SUMMARY_SIDE = 1024  # pixels: enough to recognise a picture by
RENDITION_SIDE = 4096  # the largest that is made


class WholeOriginals:
    """The port `Packer` where everything stays sealed with the practice's own keys: it leaves as it was filed."""

    async def packed(self, original: Consignment, destination: Destination) -> Consignment:
        return original


class Packing:
    """The port `Packer`, for all destinations."""

    def __init__(
        self, journal: Journal, screener: Screener, painter: SummaryPainter, clock: Clock, policy: Policy
    ) -> None:
        self._journal = journal
        self._screener = screener
        self._painter = painter
        self._clock = clock
        self._policy = policy

    async def packed(self, original: Consignment, destination: Destination) -> Consignment:
        if destination.sealed:
            return original
        leaving = await self._named(replace(original, facts=without_proofs(original.facts)))
        async with self._journal.reading() as rows:
            leaving = await without_another_patient(rows, leaving)
        if leaving.kind is EntryKind.CONSENT:
            leaving = replace(leaving, ended=await self._has_ended(leaving))
        if not destination.staff_only:
            leaving = await self._as_anybody_may_read_it(leaving)
        if (
            destination.takes_page
            or destination.form is CopyForm.SUMMARY
            or (destination.is_archive and leaving.is_text)
        ):
            leaving = replace(leaving, summary=await self._summary(leaving))
        leaving = await self._in_form(leaving, destination.form)
        return await self._as_picture_or_page(leaving) if destination.is_archive else leaving

    async def _named(self, leaving: Consignment) -> Consignment:
        async with self._journal.reading() as rows:
            patient = await rows.patients.known(leaving.patient.patient_id)
        return leaving if patient is None else replace(leaving, formal=patient.formal, sex=patient.sex)

    async def _has_ended(self, consent: Consignment) -> bool:
        """Return whether its use was ended, or its image moved to another patient since: it may arrive after that (R13, R30)."""
        async with self._journal.reading() as rows:
            use = await rows.uses.known(UseId(str(consent.facts.get("use", ""))))
            document = await rows.documents.known(DocumentId(consent.entry_id))
            form = await rows.images.known(ImageId(consent.entry_id))
            of = document.image_id if document is not None else form.form_of if form is not None else ""
            image = await rows.images.known(ImageId(of)) if of else None
        moved = image is not None and image.patient_id != consent.patient.patient_id
        return moved or (form is not None and form.was_moved) or (use is not None and use.state in _ENDED)

    async def _in_form(self, leaving: Consignment, form: CopyForm) -> Consignment:
        if form is CopyForm.SUMMARY:
            assert leaving.summary is not None
            return _with_content(leaving, leaving.summary, MediaType.PDF, CopyForm.SUMMARY)
        if form is CopyForm.ORIGINAL or leaving.is_text:  # words carry nothing but themselves
            return replace(leaving, form=CopyForm.ORIGINAL)
        terms = Terms(leaving.about, terms_in_copy(self._policy.practice, Purpose.CARE))
        clean = await self._screener.clean_copy(leaving.content, terms)
        return _with_content(leaving, clean.data, clean.media_type, CopyForm.CLEAN)

    async def _as_picture_or_page(self, leaving: Consignment) -> Consignment:
        """Return the entry as an image archive keeps it: words as a page, a picture that it has no form for encoded anew."""
        if leaving.is_text:
            assert leaving.summary is not None
            return _with_content(leaving, leaving.summary, MediaType.PDF, CopyForm.SUMMARY)
        is_baseline = leaving.media_type == MediaType.JPEG and baseline_frame(leaving.content) is not None
        if is_baseline or leaving.media_type in {MediaType.PDF, MediaType.DICOM}:
            return leaving
        shown = await self._screener.rendition(leaving.content, RENDITION_SIDE)
        return _with_content(leaving, shown.data, shown.media_type, CopyForm.RENDITION)

    async def _summary(self, leaving: Consignment) -> bytes:
        lines = summary_page.lines(leaving, self._policy.practice, self._policy.timezone)
        return self._painter.page(lines, None if leaving.is_text else await self._small(leaving.content))

    async def _small(self, content: bytes) -> Rendition | None:
        try:
            return await self._screener.rendition(content, SUMMARY_SIDE)
        except Permanent:  # a page without a picture still says whose it is and what was said
            return None

    async def _as_anybody_may_read_it(self, leaving: Consignment) -> Consignment:
        """Return the entry without names that somebody may not know; `Permanent` where all of it is held back (R33a)."""
        if leaving.facts.get(CONCEALED):  # it waited since staff alone read there
            raise Permanent(STAFF_ONLY)
        today = self._clock.now().astimezone(self._policy.timezone).date()
        async with self._journal.reading() as rows:
            if await rows.patients.known(leaving.patient.patient_id) is None:
                raise Permanent("unknown-patient")  # nobody can say from whom it is held back
            circle = await circle_of(rows, leaving.patient.patient_id)
            image = await rows.images.known(ImageId(leaving.entry_id))
            document = await rows.documents.known(DocumentId(leaving.entry_id))
            if document is not None and document.image_id:
                image = await rows.images.known(document.image_id)
            matter = await matter_of(rows, image, circle) if image is not None else None
            told = await told_of(rows, circle)
            involved = of_whom(document, image, circle.people) if document is not None else set()
            at = document.at if document is not None else None
            taken_back = document is not None and document.is_called_back
            held_back = taken_back or is_held_back(circle, matter, involved, told, today, at)
            if held_back or await _mentions_their_own(rows, leaving, circle, today):
                raise Permanent(STAFF_ONLY)
            for reader_id in hears(circle, today):
                unnamed = await unnamed_to(rows, reader_id, circle.patient.id, today)
                leaving = _told(leaving, unnamed, self._policy.practice)
        return leaving


async def _mentions_their_own(rows: Commit, leaving: Consignment, circle: Circle, day: date) -> bool:
    """Return whether it names, by reference, an image that is held back: it would show that there is one."""
    words = leaving.content.decode(errors="replace") if leaving.is_text else ""
    said = references_in(f"{words} {json.dumps(leaving.facts, ensure_ascii=False)}")
    if not said or not circle.patient.mature_minor:
        return False
    images = [image for image in await rows.images.of_patient(circle.patient.id) if image.ref in said]
    return any([is_held_back(circle, await matter_of(rows, image, circle), (), {}, day) for image in images])


def _told(leaving: Consignment, unnamed: Unnamed, practice: str) -> Consignment:
    """Return the entry as it stands in the copy of somebody who may not know these names; `Permanent` where they stand in words
    that the bot wrote.
    """
    if leaving.is_text and leaving.kind in {EntryKind.CONSENT, EntryKind.DISCLOSURE}:
        text = leaving.content.decode(errors="replace")
        if unnamed.told(text) != text:
            raise Permanent(STAFF_ONLY)
    by = practice if leaving.entry_id in unnamed.sent_unknown else unnamed.told(leaving.by)
    return replace(leaving, by=by, facts=unnamed.facts_of(leaving.entry_id, leaving.facts))


def _with_content(leaving: Consignment, content: bytes, media_type: str, form: CopyForm) -> Consignment:
    digest = hashlib.sha256(content).hexdigest()
    return replace(leaving, content=content, media_type=media_type, sha256=digest, form=form, is_text=False)
