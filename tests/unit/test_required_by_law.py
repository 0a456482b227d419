"""Required by law: the manager only, basis and authority recorded, the patient told unless forbidden (R13a)."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from bot.domain.answering import LegalDemand, decide_required_by_law
from bot.domain.entries import CONCEALED, EntryKind
from bot.domain.people import Role
from bot.domain.purposes import Purpose
from bot.domain.use_rules import Allowed, Kind, NotAllowed, Source, Subject
from bot.words.about_incidents import law_not_given
from bot.words.about_uses import STOPPED_ON_ITS_WAY
from storage.records.filed import FiledEntry
from tests.cases import Shared, pictures_in, shared_practice

RASH = Subject("aa", Source.PATIENT, Kind.BODY, Purpose.CARE, reason_stated=True)
DEMAND = LegalDemand("subpoena", "Local Court", "the registrar")
MANAGER = frozenset({Role.MANAGER})
WORDS = '!required-by-law {ref} basis "subpoena 12" authority “Local Court” recipient "the registrar"'


@pytest.mark.parametrize("role", list(Role))
def test_R13a_only_a_manager(role: Role) -> None:
    expected = Allowed("required-by-law", "R13a") if role is Role.MANAGER else NotAllowed
    decision = decide_required_by_law(frozenset({role}), DEMAND, RASH)
    assert decision == expected if isinstance(expected, Allowed) else isinstance(decision, NotAllowed)


@pytest.mark.parametrize(("basis", "authority", "recipient"), list(product(("", " ", "x"), repeat=3)))
def test_R13a_basis_authority_and_recipient_are_all_named(basis: str, authority: str, recipient: str) -> None:
    decision = decide_required_by_law(MANAGER, LegalDemand(basis, authority, recipient), RASH)
    assert isinstance(decision, Allowed) == (basis == authority == recipient == "x")


def test_R13a_a_patients_no_does_not_bar_it_but_what_is_not_in_the_record_cannot_be_handed_over() -> None:
    assert isinstance(decide_required_by_law(MANAGER, DEMAND, replace(RASH, stopped=True)), Allowed)
    assert decide_required_by_law(MANAGER, DEMAND, replace(RASH, in_record=False)).rule == "R14"


async def disclosed(shared: Shared) -> list[FiledEntry]:
    entries = await shared.practice.record.entries(shared.image.patient_id)
    return [e for e in entries if e.kind is EntryKind.DISCLOSURE and e.facts["rule"] == "R13a"]


async def test_it_is_filed_the_patient_is_told_and_the_copy_goes_to_the_manager(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        before = len(pictures_in(shared.practice, shared.kim.own_room))
        await shared.kim.writes(WORDS.format(ref=shared.image.ref))
        (entry,) = await disclosed(shared)
        assert (entry.facts["basis"], entry.facts["authority"]) == ("subpoena 12", "Local Court")
        assert (entry.facts["to"], entry.facts["patient_told"]) == ("the registrar", True)
        assert "subpoena 12" in shared.sam.last_heard and "the registrar" in shared.sam.last_heard
        assert len(pictures_in(shared.practice, shared.kim.own_room)) == before + 1
        await shared.practice.after(minutes=16)
        shown = pictures_in(shared.practice, shared.kim.own_room)[-1]
        assert shown in shared.practice.homeserver.redacted


async def test_R19_the_copy_is_whole_and_clean_and_says_what_it_is_for(tmp_path: Path) -> None:
    """It leaves the practice, so it is no smaller rendition."""
    async with shared_practice(tmp_path) as shared:
        practice = shared.practice
        await shared.kim.writes(WORDS.format(ref=shared.image.ref))
        (shown,) = [
            p
            for p in practice.posts_in(shared.kim.own_room)
            if p.body.startswith(shared.image.ref) and "file" in p.content
        ]
        copy = practice.homeserver.media[shown.content["file"]["url"]]
        assert copy.startswith(b"clean copy: Hill Street Practice") and b"legal" in copy
        assert shown.content["filename"] != "picture.jpg"


async def test_what_may_not_be_told_is_told_to_the_practice_alone(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        before = len(shared.sam.heard)
        await shared.kim.writes(WORDS.format(ref=shared.image.ref) + " without telling the patient")
        (entry,) = await disclosed(shared)
        assert entry.facts[CONCEALED] is True and entry.facts["patient_told"] is False
        await shared.sam.writes("my images")
        assert not any("registrar" in words or "subpoena" in words for words in shared.sam.heard[before:])


async def test_a_withdrawn_image_is_handed_over_all_the_same(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.writes(f"withdraw {shared.image.ref}")
        await shared.kim.writes(WORDS.format(ref=shared.image.ref))
        assert len(await disclosed(shared)) == 1


@pytest.mark.parametrize(
    "words",
    [
        '!required-by-law {ref} basis "subpoena"',
        "!required-by-law {ref} basis subpoena 12 authority court recipient registrar",
        '!required-by-law {ref} basis "" authority "x" recipient "y"',
        "!required-by-law {ref}",
        "!required-by-law",
        '!required-by-law {ref} basis "a" basis "b" authority "x" recipient "y"',
        '!required-by-law {ref} basis "a',
    ],
)
async def test_anything_less_is_refused_and_nothing_is_shown_or_recorded(tmp_path: Path, words: str) -> None:
    async with shared_practice(tmp_path) as shared:
        before = len(pictures_in(shared.practice, shared.kim.own_room))
        await shared.kim.writes(words.format(ref=shared.image.ref))
        assert await disclosed(shared) == []
        assert len(pictures_in(shared.practice, shared.kim.own_room)) == before


async def test_a_clinician_may_not_and_not_in_the_practice_room(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(WORDS.format(ref=shared.image.ref))
        await shared.kim.writes(WORDS.format(ref=shared.image.ref), room=await shared.practice.practice_room())
        assert await disclosed(shared) == []


async def doubted_meanwhile(shared: Shared, demand: str) -> None:
    """Sam says that it shows somebody else, after the demand was written and before the copy is there."""
    practice, kim, sam = shared.practice, shared.kim, shared.sam
    demanded = kim.arrival(kim.own_room, {"msgtype": "m.text", "body": demand.format(ref=shared.image.ref)})
    doubt = {"msgtype": "m.text", "body": f"{shared.image.ref} is of somebody else"}
    await practice.receive(demanded, sam.arrival(sam.own_room, doubt))
    await practice.settle()


async def test_R24_a_copy_that_was_stopped_on_its_way_is_not_said_to_have_been_given(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        before = len(pictures_in(shared.practice, shared.kim.own_room))
        await doubted_meanwhile(shared, WORDS)
        assert len(pictures_in(shared.practice, shared.kim.own_room)) == before
        assert shared.kim.last_heard == law_not_given(shared.image.ref)
        (entry,) = await disclosed(shared)
        assert "To be given to: the registrar" in (entry.text or "")
        entries = await shared.practice.record.entries(shared.image.patient_id)
        assert [e.text for e in entries if e.kind is EntryKind.CORRECTION] == [STOPPED_ON_ITS_WAY]
        async with shared.practice.journal.reading() as rows:
            told = await rows.disclosures.of_image(shared.image.id)
        assert [disclosure.how for disclosure in told if disclosure.rule == "R13a"] == ["stopped"]


async def test_R13a_nor_is_the_patient_told_that_it_was_stopped_where_they_may_not_know_of_it(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await doubted_meanwhile(shared, WORDS + " without telling the patient")
        await shared.kim.writes(f"!keep {shared.image.ref} 10421 1984-03-07")
        await shared.lee.writes(f"!keep {shared.image.ref} 10421 1984-03-07")
        before = len(shared.sam.heard)
        await shared.sam.writes("my images")
        assert not any("stopped" in words or "registrar" in words for words in shared.sam.heard[before:])
        entries = await shared.practice.record.entries(shared.image.patient_id)
        (correction,) = [e for e in entries if e.text == STOPPED_ON_ITS_WAY]
        assert correction.facts[CONCEALED] is True
