"""Who may answer, in what capacity, until when: recorded at enrolment, shown in each consent, ended by date."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.domain.answering import authority_since, authority_until
from bot.domain.entries import EntryKind
from bot.domain.errors import Refused
from bot.domain.identifiers import Account, PatientId
from bot.domain.people import Patient, Relation
from tests.cases import TEACHING, Shared, shared_practice, someone, taps
from tests.practice import JPEG, Someone

BORN = date(2010, 3, 1)
CHILD, GROWN_UP = date(2026, 3, 1), date(2028, 3, 1)
MIA = Patient(PatientId("p1"), "10422", "Mia Patel", BORN)

# ---- the rules


@pytest.mark.parametrize(
    ("relation", "day", "until"),
    [
        (Relation.PARENT, CHILD, GROWN_UP),
        (Relation.GUARDIAN, CHILD, GROWN_UP),
        (Relation.GUARDIAN, GROWN_UP, None),
        (Relation.SELF, CHILD, None),
        (Relation.CHILD, GROWN_UP, None),
        (Relation.DECISION_MAKER, GROWN_UP, None),
    ],
)
def test_authority_over_a_child_ends_on_the_eighteenth_birthday(
    relation: Relation, day: date, until: date | None
) -> None:
    assert authority_until(MIA, relation, day) == until


@pytest.mark.parametrize("relation", list(Relation))
def test_only_a_decision_maker_is_prepared_for_the_birthday(relation: Relation) -> None:
    assert authority_since(MIA, relation, CHILD) == (GROWN_UP if relation is Relation.DECISION_MAKER else None)
    assert authority_since(MIA, relation, GROWN_UP) is None


def test_R12_nobody_becomes_the_parent_who_answers_for_a_grown_up() -> None:
    with pytest.raises(Refused):
        authority_until(MIA, Relation.PARENT, GROWN_UP)


# ---- the conversations


async def enrolled(shared: Shared, words: str, account: str, name: str) -> Someone:
    await shared.kim.writes(words)
    new = Someone(shared.practice, Account(f"@{account}:hs.test"), f"{name}Identity")
    await new.enrol(shared.practice.last_code(shared.kim.own_room))
    return new


async def with_mia(shared: Shared) -> Someone:
    """Mia, 15, and Ann, her mother."""
    return await enrolled(shared, '!enrol patient 10422 "Mia Patel" 2010-12-01 parent "Ann Patel"', "ann", "Ann")


async def mia_of(shared: Shared) -> Patient:
    async with shared.practice.journal.reading() as rows:
        mia = await rows.patients.first(mrn="10422")
        assert mia is not None
        return mia


async def test_the_capacity_is_shown_in_each_consent_and_kept_with_it(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann = await with_mia(shared)
        await ann.sends_photo(JPEG + b"2", caption="rash")
        assert "'s parent" in ann.last_heard
        image = (await shared.practice.images())[-1]
        await shared.lee.writes(TEACHING.format(ref=image.ref))
        assert any("as the parent of Mia Patel" in words for words in ann.heard)
        await taps(ann, "Yes")
        assert "of a child" in ann.last_heard
        await taps(ann, "Yes, I am sure")
        entries = await shared.practice.record.entries(image.patient_id)
        given = next(entry for entry in entries if entry.kind is EntryKind.CONSENT)
        assert given.facts["capacity"] == "parent"
        assert "as the parent of Mia Patel" in given.facts["wording"]


async def test_a_mature_minor_is_asked_and_their_parent_is_not(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann = await with_mia(shared)
        mia = await enrolled(shared, "!link 10422 self", "mia", "Mia")
        await shared.lee.writes("!capacity 10422 mature-minor")
        assert (await mia_of(shared)).mature_minor
        await mia.sends_photo(JPEG + b"2", caption="rash")
        image = (await shared.practice.images())[-1]
        before = len(ann.heard)
        await shared.lee.writes(TEACHING.format(ref=image.ref))
        assert len(ann.heard) == before
        await taps(mia, "Yes")
        await taps(mia, "Yes, I am sure")
        assert (await shared.uses())[-1].state.value == "released"
        await ann.sends_photo(JPEG + b"3", caption="rash")
        assert "'s parent" in ann.last_heard, "about other images a parent still answers"


async def test_a_decision_maker_is_asked_once_capacity_is_impaired(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann = await enrolled(shared, '!link 10421 decision-maker "Ann Patel"', "ann", "Ann")
        await shared.lee.writes("!confirm 10421")
        await taps(shared.lee, "Yes")
        before = len(shared.sam.heard)
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        assert len(shared.sam.heard) == before
        await taps(shared.lee, "Ann Patel, decision maker")
        assert any("as the decision maker of Sam Patel" in words for words in ann.heard)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("!link 10421 self mature-minor", "for a clinician to say"),
        ("!link 10421 self has-capacity", "for a clinician to say"),
        ('!link 10421 parent "Ann Patel"', "grown up"),
    ],
)
async def test_a_capacity_that_cannot_be_is_refused(tmp_path: Path, words: str, answer: str) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes(words)
        assert answer in shared.kim.last_heard


async def test_on_the_eighteenth_birthday_the_parents_word_ends_and_the_young_person_is_invited(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann = await with_mia(shared)
        await ann.sends_photo(JPEG + b"2", caption="rash")
        image = (await shared.practice.images())[-1]
        await shared.practice.after(days=735)  # 27 November 2028; the birthday is on 1 December
        before = len(ann.heard)
        await shared.practice.after(days=5)
        assert shared.practice.clock.now() < datetime(2028, 12, 3, tzinfo=UTC)
        assert any("no longer answer as a parent" in words for words in ann.heard[before:]), ann.heard
        assert any("Mia Patel" in words and "turned 18" in words for words in shared.kim.heard)
        code = shared.practice.last_code(shared.kim.own_room)
        await ann.sends_photo(JPEG + b"3", caption="rash")
        assert "don't answer for any patient" in ann.last_heard
        await ann.writes("my images")
        assert image.ref not in ann.last_heard
        await ann.writes(f"withdraw {image.ref}")
        assert "don't know" in ann.last_heard
        mia = Someone(shared.practice, Account("@mia:hs.test"), "MiaIdentity")
        await mia.enrol(code)
        await shared.lee.writes("!confirm 10422")
        await taps(shared.lee, "Yes")
        await mia.writes("my images")
        assert image.ref in mia.last_heard


async def test_two_parents_are_both_told_and_one_invitation_is_made(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann = await with_mia(shared)
        bob = await enrolled(shared, '!link 10422 parent "Bob Patel"', "bob", "Bob")
        before = len(shared.kim.heard)
        await shared.practice.after(days=741)
        assert all("turned 18" in person.last_heard for person in (ann, bob))
        assert sum("turned 18" in words for words in shared.kim.heard[before:]) == 1


async def test_a_relation_recorded_anew_replaces_the_old_one(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann = await with_mia(shared)
        await shared.kim.writes('!link 10422 guardian "Ann Patel"')
        await ann.enrol(shared.practice.last_code(shared.kim.own_room))
        await ann.sends_photo(JPEG + b"2", caption="rash")
        image = (await shared.practice.images())[-1]
        entry = (await shared.practice.record.entries(image.patient_id))[0]
        assert entry.facts["sent_by"]["capacity"] == "guardian"
        assert (await someone(shared.practice, "@ann:hs.test", "AnnIdentity")).own_room == ann.own_room
