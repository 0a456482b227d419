"""The law of words that belong to a record: every cell is decided, and nothing they say is kept longer than it must be."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest

from bot.domain import document as law
from bot.domain.document import Document, DocumentState, document_after
from bot.domain.entries import EntryKind
from bot.domain.errors import Refused
from bot.domain.identifiers import DocumentId, ImageId, PatientId, PersonId
from bot.words.sentence import in_words

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
WORDS = Document(
    DocumentId("id"),
    EntryKind.ANSWER,
    ImageId("image"),
    PatientId("sam"),
    PersonId("sam"),
    AT,
    "it itches",
    {"as": "answer", "to": "Sam"},
    "digest",
)
EVENTS: tuple[law.DocumentEvent, ...] = (
    law.Addressed(PatientId("ann"), {"to": "Ann"}, PersonId("ann")),
    law.FoundInRecord(),
    law.NotFiled(),
    law.TriedAgain(),
    law.Dropped(),
    law.WordsDestroyed(),
    law.PatientKnown(PatientId("ann")),
    law.MovedTo(ImageId("another"), PatientId("ann")),
)


def outcome(state: DocumentState, event: law.DocumentEvent) -> Document | None:
    try:
        return document_after(replace(WORDS, state=state), event)
    except Refused as refused:
        assert in_words(refused.said).endswith("."), refused.said
        return None


def test_every_state_and_event_is_in_the_table_and_decided_or_refused_with_a_sentence() -> None:
    kinds: tuple[type, ...] = law.DocumentEvent.__args__
    assert {type(event) for event in EVENTS} == set(kinds)
    assert set(law.TRANSITIONS) == set(product(DocumentState, kinds))
    assert all(isinstance(outcome(*cell), Document | None) for cell in product(DocumentState, EVENTS))


def test_R29_a_draft_is_no_part_of_a_record_before_somebody_is_to_read_it() -> None:
    for event in EVENTS:
        after = outcome(DocumentState.DRAFT, event)
        if after is not None and after.state in {DocumentState.WRITTEN, DocumentState.VERIFIED, DocumentState.HELD}:
            assert isinstance(event, law.Addressed) and (after.reader_id, after.patient_id) == ("ann", "ann")
    assert all(outcome(state, EVENTS[0]) is None for state in set(DocumentState) - {DocumentState.DRAFT})


def test_R16_only_what_the_record_gave_back_is_verified_and_then_it_says_nothing_here() -> None:
    for state, event in product(DocumentState, EVENTS):
        after = outcome(state, event)
        if after is not None and after.state is DocumentState.VERIFIED is not state:
            assert isinstance(event, law.FoundInRecord)
            assert (after.text, after.facts) == ("", {"as": "answer"})


@pytest.mark.parametrize("state", [DocumentState.DRAFT, DocumentState.WRITTEN, DocumentState.HELD])
def test_words_that_are_dropped_say_nothing_any_more(state: DocumentState) -> None:
    dropped = outcome(state, law.Dropped())
    assert dropped == replace(WORDS, state=DocumentState.DROPPED, text="", facts={})


@pytest.mark.parametrize("state", list(DocumentState))
def test_R23_words_in_any_state_are_destroyed_to_the_last_trace(state: DocumentState) -> None:
    destroyed = outcome(state, law.WordsDestroyed())
    assert destroyed == replace(WORDS, state=DocumentState.DESTROYED, text="", facts={}, sha256="")
    assert all((outcome(DocumentState.DESTROYED, event) or destroyed).state is destroyed.state for event in EVENTS)


def test_what_the_record_refused_waits_with_its_words_until_it_is_tried_again() -> None:
    held = document_after(WORDS, law.NotFiled())
    assert held == replace(WORDS, state=DocumentState.HELD)
    assert document_after(held, law.TriedAgain()) == WORDS
    assert outcome(DocumentState.VERIFIED, law.NotFiled()) == replace(WORDS, state=DocumentState.VERIFIED)


def test_R15_only_words_that_are_not_filed_move_to_another_image() -> None:
    moved = {
        state
        for state in DocumentState
        if outcome(state, law.MovedTo(ImageId("another"), PatientId("ann"))) is not None
    }
    assert moved == {DocumentState.WRITTEN, DocumentState.HELD}
    assert all(
        outcome(state, law.PatientKnown(PatientId("ann"))) == replace(WORDS, state=state, patient_id=PatientId("ann"))
        for state in DocumentState
    )
