"""What must be true when everything is over, each invariant under its name. Crash, soak and fault tests ask all of them.

An invariant is a function that yields what contradicts it. `Kept` is what the journal, the record and the disk hold; what
the homeserver still has is put beside it by whoever knows that homeserver. `make mutants` shows that each can be broken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from bot.core.telling import ANNOUNCED, RECEIVED
from bot.domain.consent import Answer, Consent, ConsentAnswer, Disclosure
from bot.domain.copies import SETTLED, Copy, CopyState
from bot.domain.document import Document, DocumentState
from bot.domain.entries import EntryKind
from bot.domain.errors import Permanent
from bot.domain.image import Image, State
from bot.domain.intents import Remind
from bot.domain.planned import Planned, Progress
from bot.domain.purposes import Purpose
from bot.domain.use import Use, UseState
from bot.domain.use_rules import Kind
from storage.journal import audit_chain, tables
from storage.journal.encrypted_journal import EncryptedJournal
from storage.records.embedded import EmbeddedRecord
from storage.records.filed import FiledEntry
from storage.sql.database import Database

ENDS = frozenset({State.VERIFIED, State.DISCARDED, State.LEFT_WITH_SENDER, State.DESTROYED})
LEFT_THE_HOUSE = frozenset({UseState.RELEASED, UseState.CLOSED})


@dataclass(frozen=True)
class Kept:
    """All that is kept when it is over."""

    images: list[Image]
    copies: list[Copy]
    documents: list[Document]
    consents: list[Consent]
    answers: list[ConsentAnswer]
    disclosures: list[Disclosure]
    uses: list[Use]
    left: list[Planned]
    undecided: int  # arrivals
    untold: int  # bursts of photos
    entries: list[FiledEntry]
    read_back: dict[str, str]  # entry id to digest, or to why there is none
    blobs: set[str]
    audited: Counter[tuple[str, str]]  # (action, subject)
    chain: audit_chain.Verified
    served: frozenset[str] = frozenset()  # media the homeserver still gives out
    readable: tuple[str, ...] = ()  # photos' messages and words about somebody that are still in the chat

    @property
    def in_record(self) -> Counter[str]:
        """How often each image is filed. A signed form is filed as a consent."""
        ids = {image.id for image in self.images}
        pictures = [one for one in self.entries if one.kind is EntryKind.IMAGE or one.entry_id in ids]
        return Counter(entry.entry_id for entry in pictures)

    def accountable(self) -> list[Copy]:
        """What was planned and never sent is no copy."""
        return [copy for copy in self.copies if copy.event_id or copy.mxc]


async def kept(journal: EncryptedJournal, record: EmbeddedRecord, database: Database, directory: Path) -> Kept:
    async with journal.reading() as rows:
        images, copies, documents = await rows.images.find(), await rows.copies.find(), await rows.documents.find()
        consents, answers = await rows.consents.find(), await rows.consent_answers.find()
        disclosures, uses = await rows.disclosures.find(), await rows.uses.find()
        left = await rows.waiting(Progress.DUE, Progress.HELD)
        untold = len(await rows.bursts.find())
    entries = [one for patient in await record.patients() for one in await record.entries(patient.patient_id)]
    async with database.reading() as connection:
        chain = await audit_chain.verify(connection)
        seen = select(tables.audit.c.action, tables.audit.c.subject, func.count().label("times"))
        grouped = await connection.execute(seen.group_by(tables.audit.c.action, tables.audit.c.subject))
        audited = Counter({(row.action, row.subject): row.times for row in grouped})
        both = tables.audit.c.seq == tables.audit_details.c.seq
        made = select(tables.audit.c.subject, tables.audit_details.c.details).where(both)
        for row in await connection.execute(made.where(tables.audit.c.action == "choice.made")):
            audited["choice.made", row.subject] -= "later" in str(row.details)  # answers nothing: the question stays
    return Kept(
        images,
        copies,
        documents,
        consents,
        answers,
        disclosures,
        uses,
        left,
        len(await journal.next_arrivals(10)),
        untold,
        entries,
        {entry.entry_id: await _digest(record, entry.entry_id) for entry in entries},
        {path.name for path in (directory / "objects").rglob("*") if path.is_file()},
        audited,
        chain,
    )


async def _digest(record: EmbeddedRecord, entry_id: str) -> str:
    try:
        return await record.read_back(entry_id)
    except Permanent as why:
        return why.code


Violations = Iterator[str]


def nothing_is_left_to_do(end: Kept) -> Violations:
    """Every message was decided, every intent carried out; only a week's reminders of what people still owe may wait."""
    yield from (f"{one.intent} is {one.progress}" for one in end.left if not isinstance(one.intent, Remind))
    if end.undecided:
        yield f"{end.undecided} messages not decided"


def each_image_is_filed_exactly_once_or_not_kept(end: Kept) -> Violations:
    """R14, R6, R13, R23: verified and in the record once; or discarded, left with its sender or destroyed, and not there."""
    for image in end.images:
        if image.state not in ENDS:
            yield f"{image.ref} has come to no end: {image.state}"
        if end.in_record[image.id] != (image.state is State.VERIFIED):
            yield f"{image.ref} is {image.state} and filed {end.in_record[image.id]} times"
    yield from (f"{stray} is filed and no image" for stray in set(end.in_record) - {one.id for one in end.images})


def what_is_filed_reads_back(end: Kept) -> Violations:
    """R16: every entry, from the record's own bytes; and an image with the digest it was sealed with."""
    sealed: dict[str, str] = {image.id: image.sha256 for image in end.images}
    for entry in end.entries:
        if end.read_back[entry.entry_id] != entry.sha256:
            yield f"entry {entry.entry_id}: {end.read_back[entry.entry_id]}"
        if sealed.get(entry.entry_id, entry.sha256) != entry.sha256:
            yield f"entry {entry.entry_id} is not what was sealed"


def each_filed_image_has_its_consent(end: Kept) -> Violations:
    """R1, R2; a document from a colleague needs none (R3), a signed form is one."""
    with_consent = {one.image_id for one in end.consents}
    for image in end.images:
        excused = image.form_of or (image.from_colleague and image.kind is Kind.DOCUMENT)
        if image.state is State.VERIFIED and image.id not in with_consent and not excused:
            yield f"{image.ref} is filed without consent"


def each_filed_image_is_told_of_once(end: Kept) -> Violations:
    """The team heard of what a patient sent, and the patient that it is here, however many photos came together (R14)."""
    told = Counter((copy.image_id, copy.post_key.partition(":")[0]) for copy in end.copies if copy.event_id)
    for image in end.images:
        for key in (ANNOUNCED, RECEIVED) if image.state is State.VERIFIED and not image.from_colleague else ():
            if (times := told[image.id, key.rstrip(":")]) != 1:
                yield f"{image.ref}: {key} {times} times"
    if end.untold:
        yield f"{end.untold} bursts of photos nobody was told of"


def no_consent_is_applied_twice(end: Kept) -> Violations:
    """R12, R13: one record for one giving, one answer to one question, which a no may follow, and never a yes on top of a no."""
    given = Counter((one.image_id, one.purpose, one.reason, one.basis, one.at) for one in end.consents)
    yield from (f"consent recorded {count} times: {what}" for what, count in given.items() if count > 1)
    answered = Counter((one.use_id, one.answer) for one in end.answers)
    yield from (f"answered {count} times: {what}" for what, count in answered.items() if count > 1)
    both = {use for use, answer in answered if answer is Answer.GRANTED}
    yield from (f"{use} granted and refused" for use, answer in answered if answer is Answer.REFUSED and use in both)
    taps = {poll: count for (action, poll), count in end.audited.items() if action == "choice.made"}
    was_taken_back = any(answer is Answer.WITHDRAWN for _, answer in answered)  # by a no that was tapped after the yes
    most = 2 if was_taken_back else 1
    yield from (f"poll {poll} answered {count} times" for poll, count in taps.items() if count > most and end.uses)


def nothing_leaves_without_a_yes(end: Kept) -> Violations:
    """R9, R12, R13: what reached somebody for more than care rests on one answer, given before."""
    yes = {one.use_id for one in end.answers if one.answer is Answer.GRANTED}
    for use in end.uses:
        if use.state in LEFT_THE_HOUSE and (use.purpose is not Purpose.CARE or use.wording) and use.id not in yes:
            yield f"use {use.id} for {use.purpose} is {use.state} without a yes"
    shared = {image for use in end.uses if use.id in yes for image in use.image_ids}
    for one in end.disclosures:
        if one.how == "forwarded" and one.purpose is not Purpose.CARE and one.image_id not in shared:
            yield f"{one.image_id} was disclosed without a yes"


def nothing_sealed_is_nobodys(end: Kept) -> Violations:
    """The sealed objects at rest are those of the record, no more and no fewer."""
    owned = {entry.sealed.object_id for entry in end.entries if entry.sealed is not None}
    if end.blobs != owned:
        yield f"nobody's {end.blobs - owned}, missing {owned - end.blobs}"


def words_are_in_the_record_alone(end: Kept) -> Violations:
    """What was written is filed, and wiped where it waited."""
    yield from (f"{one.kind} {one.id} still waits here" for one in end.documents if one.text)


def every_copy_is_accounted_for(end: Kept) -> Violations:
    """R17: gone or hidden. Beyond reach only where nobody could reach it, which no test here arranges."""
    for copy in end.accountable():
        if copy.state not in SETTLED or copy.state is CopyState.BEYOND_REACH:
            yield f"{copy.what} {copy.id} of {copy.image_id or 'no image'}: {copy.state} {copy.because}"


def every_copy_of_what_is_filed_has_its_receipt(end: Kept) -> Violations:
    """R17."""
    filed = {image.id for image in end.images if image.in_record}
    unsaid = [copy.id for copy in end.accountable() if copy.image_id in filed and not copy.receipted]
    if unsaid:
        yield f"no receipt for {unsaid}"


def nothing_of_it_is_on_the_homeserver(end: Kept) -> Violations:
    """R17: no media, no message of a photo, no word that names a patient."""
    yield from (f"{mxc} is still served" for mxc in sorted(end.served))
    yield from (f"still readable: {words!r}" for words in end.readable)


def everything_is_in_the_log(end: Kept) -> Violations:
    """R27: the chain is whole, and each image, copy, consent and answer left its entry once."""
    if end.chain.broken is not None:
        yield f"broken at {end.chain.broken.seq}: {end.chain.broken.what}"
    for copy in end.accountable():
        times = sum(end.audited[f"copy.{state}", copy.id] for state in (CopyState.GONE, CopyState.HIDDEN))
        if copy.state in SETTLED and not 1 <= times <= 2:  # hidden, and later seen gone
            yield f"copy {copy.id}: {times} entries"
    for image in end.images:
        captured, read = (end.audited[f"image.{event}", image.id] for event in ("Captured", "ReadBack"))
        if image.sha256 and captured != 1:
            yield f"{image.ref}: {captured} entries that it was captured"
        if image.verified_at is not None and read < 1:  # again, where a person had it read again
            yield f"{image.ref}: no entry that it was read back"
    for document in end.documents:
        ended = "document.dropped" if document.state is DocumentState.DROPPED else "document.verified"
        if end.audited[ended, document.id] != 1:
            yield f"{document.kind} {document.id}: {end.audited[ended, document.id]} entries"


Invariant = Callable[[Kept], Violations]
INVARIANTS: tuple[Invariant, ...] = (
    nothing_is_left_to_do,
    each_image_is_filed_exactly_once_or_not_kept,
    what_is_filed_reads_back,
    each_filed_image_has_its_consent,
    each_filed_image_is_told_of_once,
    no_consent_is_applied_twice,
    nothing_leaves_without_a_yes,
    nothing_sealed_is_nobodys,
    words_are_in_the_record_alone,
    every_copy_is_accounted_for,
    every_copy_of_what_is_filed_has_its_receipt,
    nothing_of_it_is_on_the_homeserver,
    everything_is_in_the_log,
)


def broken(end: Kept) -> dict[str, list[str]]:
    """Each invariant that does not hold, by name, and what contradicts it."""
    found = {invariant.__name__: list(invariant(end)) for invariant in INVARIANTS}
    return {name: against for name, against in found.items() if against}


def assert_all_hold(end: Kept) -> None:
    against = broken(end)
    assert not against, against
