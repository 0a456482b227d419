"""The law of one image: every cell of the table is decided, and no path through it breaks what was promised."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from bot.domain import image as law
from bot.domain.errors import Refused
from bot.domain.identifiers import NO_PATIENT, EventId, ImageId, PatientId, PersonId, RoomId
from bot.domain.image import HeldFor, Image, State, Then, decide, what_is_missing
from bot.domain.purposes import Purpose
from bot.domain.sealed import SealedObject
from bot.domain.statement import Missing, Statement
from bot.domain.use_rules import Source
from bot.words.sentence import in_words

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SEALED = SealedObject("object", NO_PATIENT, "key", 1, 3, "digest")
NEW = Image(ImageId("image"), "IMG-7F3K", PersonId("sam"), RoomId("!room"), EventId("$event"), AT)

EVENTS: tuple[law.Event, ...] = (
    law.Captured(SEALED, "image/jpeg"),
    law.CaptureFailed("gone"),
    law.DuplicateFound(ImageId("another")),
    law.PurposeStated(Purpose.CARE, "rash", "answer"),
    law.UNSTATED,
    law.PatientChosen(PatientId("patient")),
    law.Filed(AT),
    law.FilingFailed("conflict"),
    law.ReadBack(AT, True),
    law.ReadBack(AT, False),
    law.SenderDeleted(),
    law.AskedBack(),
    law.WithdrawalAsked(),
    law.KeepAsked(),
    law.Discarded("withdrawn"),
    law.IdentityChanged(),
    law.SomebodyElse(),
    law.RefileConfirmed(PatientId("another")),
    law.Refiled(AT, True),
    law.Refiled(AT, False),
    law.RefilingFailed("conflict"),
    law.Described(Statement()),
    law.Attested(AT),
    law.LeftWithSender(),
    law.OwnPhoto(PatientId("patient")),
    law.FormKept(ImageId("form")),
    law.FormLost(ImageId("form")),
    law.Unattested(),
    law.Destroyed(),
    law.AttestedAnew(True),
    law.Stopped(),
    law.Seen(AT),
    law.Taken("clinician"),
    law.HandedOver("successor"),
)
NOTED = (law.AttestedAnew(True), law.Stopped(), law.Seen(AT), law.Taken("clinician"), law.HandedOver("successor"))


def every_kind_of_image() -> list[Image]:
    """All combinations of what a decision may depend on."""
    return [
        replace(
            NEW,
            state=state,
            held_for=held_for,
            deleted_by_sender=deleted,
            acknowledged=acknowledged,
            purpose=purpose,
            patient_id=PatientId(patient),
        )
        for state, held_for, deleted, acknowledged, purpose, patient in product(
            State, (None, *HeldFor), (False, True), (False, True), (None, Purpose.CARE), ("", "patient")
        )
    ]


def test_every_state_and_event_is_in_the_table() -> None:
    kinds: tuple[type, ...] = law.Event.__args__
    assert {type(event) for event in EVENTS} == set(kinds)
    assert set(law.TRANSITIONS) == set(product(State, kinds))


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_every_cell_is_decided_or_refused_with_a_sentence(event: law.Event) -> None:
    for image in every_kind_of_image():
        try:
            after, then = decide(image, event)
        except Refused as refused:
            assert image.ref in in_words(refused.said) and in_words(refused.said).endswith("."), refused.said
        else:
            assert isinstance(after, Image) and all(isinstance(one, Then) for one in then)
            assert len(set(then)) == len(then)


@pytest.mark.parametrize("event", NOTED, ids=lambda event: type(event).__name__)
def test_what_is_noted_moves_no_image_and_plans_nothing(event: law.Event) -> None:
    colleagues = [
        replace(image, source=Source.COLLEAGUE, sent_for=PatientId("another")) for image in every_kind_of_image()
    ]
    for image in (*every_kind_of_image(), *colleagues):
        with suppress(Refused):
            after, then = decide(image, event)
            assert (after.state, after.held_for, then) == (image.state, image.held_for, ())


IN_RECORD = replace(
    NEW, state=State.VERIFIED, filed_at=AT, verified_at=AT, patient_id=PatientId("patient"), purpose=Purpose.CARE
)
OF_A_COLLEAGUE = replace(IN_RECORD, source=Source.COLLEAGUE, sent_for=PatientId("another"))


def test_the_first_look_is_the_one_that_is_noted_and_nobody_looks_at_what_is_taken_back() -> None:
    seen = decide(IN_RECORD, law.Seen(AT))[0]
    assert seen.seen_at == AT and decide(seen, law.Seen(AT + timedelta(hours=1)))[0] == seen
    assert outcome(replace(IN_RECORD, state=State.HELD, held_for=HeldFor.WITHDRAWAL), law.Seen(AT)) is None
    assert outcome(NEW, law.Seen(AT)) is None, "it is not here yet"


def test_who_takes_it_first_has_it_until_it_is_handed_over() -> None:
    taken = decide(IN_RECORD, law.Taken("lee"))[0]
    assert decide(taken, law.Taken("kim"))[0].taken_by == "lee"
    assert decide(taken, law.HandedOver(""))[0].taken_by == ""
    assert outcome(replace(NEW, state=State.DISCARDED), law.Taken("lee")) is None


def test_R13_what_is_in_the_record_is_stopped_and_what_is_not_is_withdrawn_instead() -> None:
    assert decide(IN_RECORD, law.Stopped())[0].must_go
    doubted = replace(IN_RECORD, state=State.HELD, held_for=HeldFor.SOMEBODY_ELSE)
    assert decide(doubted, law.Stopped())[0].stopped
    assert outcome(replace(doubted, filed_at=None), law.Stopped()) is None
    assert outcome(replace(NEW, state=State.CAPTURED), law.Stopped()) is None


@pytest.mark.parametrize(
    "image",
    [
        IN_RECORD,
        replace(OF_A_COLLEAGUE, sent_for=PatientId("")),
        replace(OF_A_COLLEAGUE, form_of=ImageId("image")),
        replace(OF_A_COLLEAGUE, stopped=True),
        replace(OF_A_COLLEAGUE, state=State.FILED),
    ],
    ids=["a patient's", "never moved", "a form", "stopped", "being moved"],
)
def test_R30_only_what_lay_in_a_wrong_record_is_attested_anew(image: Image) -> None:
    assert decide(OF_A_COLLEAGUE, law.AttestedAnew(True))[0].covers_advice
    assert outcome(image, law.AttestedAnew(True)) is None


def test_a_duplicate_says_of_which_photo() -> None:
    gone = decide(NEW, law.DuplicateFound(ImageId("another")))[0]
    assert (gone.state, gone.duplicate_of) == (State.DISCARDED, "another")


def test_R16_nothing_but_a_matching_read_back_verifies() -> None:
    """R16."""
    for image, event in product(every_kind_of_image(), EVENTS):
        after = outcome(image, event)
        if after is not None and after.state is State.VERIFIED and image.state is not State.VERIFIED:
            assert event in {law.ReadBack(AT, True), law.Refiled(AT, True)}


def outcome(image: Image, event: law.Event) -> Image | None:
    try:
        return decide(image, event)[0]
    except Refused:
        return None


@pytest.mark.parametrize("purpose", [None, Purpose.CARE])
@pytest.mark.parametrize("patient", ["", "patient"])
def test_R14_what_is_missing_is_named(purpose: Purpose | None, patient: str) -> None:
    missing = what_is_missing(replace(NEW, purpose=purpose, patient_id=PatientId(patient)))
    assert (Missing.PURPOSE in missing) == (purpose is None)
    assert (Missing.PATIENT in missing) == (patient == "")


@dataclass(frozen=True)
class Path:
    """Where a path through the table has come to: the image, and what of its past still matters."""

    image: Image = NEW
    filings: int = 0  # planned and not reported yet; three and more are like two
    discard_planned: bool = False
    withdrawn: bool = False  # accepted, before filing
    deleted: bool = False  # by its sender, and nobody who was asked about that has kept it
    acknowledged: int = 0
    in_record: bool = False
    asked_back: bool = False  # held until that is answered

    def possible(self) -> Iterator[law.Event]:
        """What can happen next: people may do anything at any time, effects report only what was planned."""
        image = self.image
        for by in ("answer", "unanswered"):
            yield law.PurposeStated(Purpose.CARE, "rash", by)
        yield from (law.PatientChosen(PatientId("one")), law.PatientChosen(PatientId("two")))
        yield from (
            law.SenderDeleted(),
            law.AskedBack(),
            law.WithdrawalAsked(),
            law.KeepAsked(),
            law.IdentityChanged(),
            law.SomebodyElse(),
        )
        yield from (law.RefileConfirmed(PatientId("one")), law.RefileConfirmed(PatientId("two")))
        yield law.Captured(SEALED, "image/jpeg")
        if image.state is State.RECEIVED:
            yield from (law.CaptureFailed("gone"), law.DuplicateFound(ImageId("another")))
        if self.filings and image.sealed is not None:  # otherwise the effect finds nothing to file
            yield law.Filed(AT)
            if not self.in_record:
                yield law.FilingFailed("conflict")
        if image.moving_to:
            yield from (law.Refiled(AT, True), law.Refiled(AT, False), law.RefilingFailed("conflict"))
        if self.discard_planned and not self.filings and image.held_for is HeldFor.WITHDRAWAL:
            yield law.Discarded("withdrawn")

    def after(self, event: law.Event) -> Iterator[Path]:
        """Where it leads; a filing is read back in the same commit. Nothing where it is refused."""
        path = self._judged(event)
        if path is None:
            return
        if isinstance(event, law.Filed):
            for matches in (True, False):
                checked = path._judged(law.ReadBack(AT, matches))
                assert checked is not None
                yield checked
            return
        yield path

    def _judged(self, event: law.Event) -> Path | None:
        before = self.image
        try:
            after, then = decide(before, event)
        except Refused:
            return None
        path = self._onward(after, event, then)
        assert path.acknowledged <= 1, "one message back"
        assert Then.FILE not in then or not path.withdrawn, "withdrawn before filing, and filed"
        assert Then.FILE not in then or not path.deleted, "deleted by its sender, and filed without asking"
        assert Then.FILE not in then or not path.asked_back, "asked back, and filed without an answer"
        assert Then.PURGE not in then or after.state is State.DISCARDED or event == law.ReadBack(AT, True), "R17"
        if after.verified_at != before.verified_at or (after.state is State.VERIFIED and before.verified_at is None):
            assert event in {law.ReadBack(AT, True), law.Refiled(AT, True)}, "R16"
        if before.state is State.DISCARDED:
            assert after == before and then == (), "what is discarded stays so"
        if path.in_record:
            assert Then.DISCARD not in then and after.state is not State.DISCARDED, "the record holds it"
        if after.patient_id != before.patient_id:
            moved = isinstance(event, law.Refiled) and before.moving_to == after.patient_id
            assert moved if before.acknowledged else isinstance(event, law.PatientChosen), "R15"
        at_rest(after)
        return path

    def _onward(self, after: Image, event: law.Event, then: tuple[Then, ...]) -> Path:
        asked = {
            HeldFor.SENDER_DELETED,
            HeldFor.ASKED_BACK,
        }  # a deletion while words were asked about is answered with them
        kept = isinstance(event, law.KeepAsked) and self.image.held_for in asked
        deleted_now = (
            isinstance(event, law.SenderDeleted) and not after.in_record and after.state is not State.DISCARDED
        )
        withdrawn_now = isinstance(event, law.WithdrawalAsked) and Then.SAY_IT_STAYS not in then
        reported = isinstance(event, law.Filed | law.FilingFailed)
        return Path(
            replace(after, reason="", reason_by=""),
            min(2, self.filings - reported + (Then.FILE in then)),
            self.discard_planned or Then.DISCARD in then,
            self.withdrawn or withdrawn_now,
            (self.deleted and not kept) or deleted_now,
            self.acknowledged + then.count(Then.ACKNOWLEDGE),
            self.in_record or isinstance(event, law.Filed),
            self._is_asked_back(after, event),
        )

    def _is_asked_back(self, after: Image, event: law.Event) -> bool:
        """An answer ends it; so does what holds the image more, or the record that has it already."""
        if isinstance(event, law.AskedBack):
            return self.asked_back or after.held_for is HeldFor.ASKED_BACK
        ended = isinstance(event, law.KeepAsked | law.Filed | law.SomebodyElse | law.WithdrawalAsked)
        return self.asked_back and not ended


def at_rest(image: Image) -> None:
    """What is true of every image in every state."""
    if image.state in {State.READY, State.FILED, State.VERIFIED}:
        assert not what_is_missing(image), "R14, R15: what goes to the record is complete"
    if image.state in {State.CAPTURED, State.READY}:
        assert image.sealed is not None
    if image.state in {State.FILED, State.VERIFIED, State.DISCARDED}:
        assert image.sealed is None, "the key is the record's, or destroyed"
    if image.state is State.HELD:
        assert image.held_for is not None
    if image.state in {State.CAPTURED, State.READY, State.VERIFIED}:
        assert image.held_for is None
    if image.moving_to:
        assert not image.may_be_seen


def test_no_path_through_the_table_breaks_a_promise() -> None:
    """Every path there is: the places a path can come to are finitely many, and each is judged from all sides."""
    seen: set[str] = set()
    came_to = set()
    waiting: deque[tuple[Path, tuple[str, ...]]] = deque([(Path(), ())])
    while waiting:
        path, way = waiting.popleft()
        came_to.add(path.image.state)
        for event in path.possible():
            further = (*way, type(event).__name__)
            try:
                onward = list(path.after(event))
            except AssertionError as broken:
                broken.add_note(f"on this path: {' → '.join(further)}")
                raise
            fresh = [one for one in onward if repr(one) not in seen]
            seen.update(map(repr, fresh))
            waiting.extend((one, further) for one in fresh)
    assert came_to == set(State) - {State.LEFT_WITH_SENDER, State.DESTROYED}
    assert len(seen) > 300
