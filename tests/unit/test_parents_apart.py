"""Of the other parent a parent learns nothing, in no list, copy or question, while nobody chose to tell (R24, R33a)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from bot.domain.authority import is_held_back, may_be_named, may_know_of
from bot.domain.errors import Permanent
from bot.domain.identifiers import Account, InvitationId, PersonId
from bot.domain.people import Relation, Role
from bot.domain.screening import Findings
from bot.domain.terms import Terms
from bot.ports import Rendition
from bot.words.about_rights import NOT_CLEANED
from storage.records.export import NOT_FOR_EVERYBODY, export_patient
from tests.cases import TEACHING, Shared, polls_in, shared_practice, taps
from tests.fakes import PlainScreener
from tests.households import enrolled, heard_with, latest_image
from tests.practice import JPEG, Someone
from tests.unit.test_authority import AT, MIA, SAM, TODAY, circle, held, person
from tests.unit.test_my_copy import files_sent, opened


async def two_parents(shared: Shared, *, told: bool = False) -> tuple[Someone, Someone]:
    """Ann and Bob, the parents of Mia; Ann is told of Bob, or is not. Nobody ever tells Bob of Ann."""
    ann = await enrolled(shared, '!enrol patient 10423 "Mia Patel" 2015-12-01 parent "Ann Patel"', "ann", "Ann")
    await shared.kim.writes('!link 10423 parent "Bob Quill"')
    code = shared.practice.last_code(shared.kim.own_room)
    await taps(shared.kim, "Tell them" if told else "Not now: it could")
    bob = Someone(shared.practice, Account("@bob:hs.test"), "BobIdentity")
    await bob.enrol(code)
    return ann, bob


async def copy_of(shared: Shared, someone: Someone) -> dict[str, str]:
    """Return all that stands in the copy they get, by name of the file."""
    await someone.writes("my copy")
    archive = opened(shared, files_sent(shared, someone.own_room)[-1])
    return {name: archive.read(name).decode(errors="replace") for name in archive.namelist()}


def names(words: str, copy: dict[str, str]) -> list[str]:
    return [name for name, said in copy.items() if words in said]


@pytest.mark.parametrize("told", [False, True])
async def test_R33a_what_the_other_parent_says_under_a_photo_stands_in_no_copy(tmp_path: Path, told: bool) -> None:
    async with shared_practice(tmp_path) as shared:
        ann, bob = await two_parents(shared, told=told)
        await ann.sends_photo(JPEG + b"ann's", caption="bruise, she fell")
        ref = (await latest_image(shared)).ref
        await bob.writes("She did not fall, I am afraid for her")
        await shared.lee.writes(f"!reply {ref} Thank you, please call me today.")
        await taps(shared.lee, "Bob Quill")
        await shared.practice.after(minutes=5)
        copy = await copy_of(shared, ann)
        assert names("bruise, she fell", copy), "her own words"
        for words in ("afraid for her", "call me today", "Bob", "@bob"):
            assert bool(names(words, copy)) is (told and words != "@bob"), (words, names(words, copy))


async def test_R33a_a_photo_of_the_other_parent_stands_there_without_whose_it_is_and_why(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann, bob = await two_parents(shared)
        await bob.sends_photo(JPEG + b"bob's", caption="the bruises I saw on Sunday")
        ref = (await latest_image(shared)).ref
        await shared.lee.writes(f"!show {ref}")
        await shared.lee.writes(f"!reply {ref} Thank you Mr Quill, somebody else has been told.")
        await bob.writes("my copy")
        await shared.practice.after(days=8)
        await ann.writes("my images")
        listed = ann.last_heard
        assert f"{ref}, 23 Nov 2026, 15:00, of Mia Patel: in the record. For Mia Patel's care. Seen by Dr Lee" in listed
        for words in ("Sunday", "sent it", "omebody else", "copy."):
            assert words not in listed, words
        copy = await copy_of(shared, ann)
        assert f"{ref}.jpg" in copy and names("Dr Lee", copy)
        for words in (
            "Sunday",
            "Quill",
            "Bob",
            "@bob",
            "omebody else",
            "Sent by",
            "parent",
            "implied",
            "consent is",
            "No receipt",
        ):
            assert not names(words, copy), (words, names(words, copy))
        theirs = await copy_of(shared, bob)
        assert names("Sunday", theirs) and names("Mr Quill", theirs) and names("implied", theirs)


async def test_R33a_a_receipt_accounts_only_for_what_lay_in_the_readers_own_chat(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann, bob = await two_parents(shared)
        await ann.sends_photo(JPEG + b"ann's", caption="bruise")
        await bob.writes("I am afraid for her")
        await shared.practice.after(days=8)
        await shared.practice.after(days=8)
        async with shared.practice.journal.reading() as rows:
            room = await rows.copies.find(room_id=bob.own_room)
        there = {id for copy in room if copy.image_id and copy.receipted for id in (copy.event_id, copy.mxc)} - {""}
        assert there
        for entry in json.loads((await copy_of(shared, ann))["record.json"])["entries"]:
            assert not any(copy["event_id"] in there for copy in entry["facts"].get("copies", []))
        copy = await copy_of(shared, bob)
        assert "accounted for" not in copy["index.html"] and "No consent" not in copy["index.html"]


async def test_R33a_what_the_other_parent_answered_stands_in_no_list_and_no_copy(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann, bob = await two_parents(shared)
        await bob.sends_photo(JPEG + b"bob's", caption="the bruises I saw on Sunday")
        await shared.lee.writes(TEACHING.format(ref=(await latest_image(shared)).ref))
        await taps(bob, "Yes")
        await taps(bob, "Yes")  # of a child: asked twice
        await ann.writes("my images")
        assert "Shown to Dr Derm for education." in ann.last_heard
        assert "agreed" not in ann.last_heard and "said yes" not in ann.last_heard
        assert not names("registrar", await copy_of(shared, ann)) and names("registrar", await copy_of(shared, bob))


async def test_R33a_who_is_asked_about_the_other_parents_photo_reads_none_of_their_words(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann, bob = await two_parents(shared)
        await bob.sends_photo(JPEG + b"bob's", caption="the bruises I saw on Sunday")
        await shared.kim.writes("!unlink 10423 @bob:hs.test")
        await taps(shared.kim, "End it quietly")
        await shared.lee.writes(TEACHING.format(ref=(await latest_image(shared)).ref))
        await taps(shared.lee, "Ann Patel")
        assert (
            "of Mia Patel, sent for Mia Patel's care."
            in polls_in(shared.practice, ann.own_room)[-1]["question"]["body"]
        )
        assert not heard_with(ann, "Sunday")


# ---- the law

CAME_BY = InvitationId("bob's")
TOLD_ANN = {CAME_BY: [PersonId("ann")]}
ANN = held("ann", Relation.PARENT, "mia", recorded_at=AT)
BOB = held("bob", Relation.PARENT, "mia", recorded_at=AT, invitation_id=CAME_BY)
HER_OWN = held("mia", Relation.SELF, "mia", recorded_at=AT)


def test_R33a_of_the_other_parent_a_parent_knows_only_what_was_chosen() -> None:
    of_mia = circle(MIA, ANN, replace(BOB, until=TODAY), HER_OWN)
    ann, bob, mia = PersonId("ann"), PersonId("bob"), PersonId("mia")
    assert not may_know_of(of_mia, bob, ann, {}, TODAY), "also where he does not answer any more"
    assert may_know_of(of_mia, bob, ann, TOLD_ANN, TODAY) and may_know_of(of_mia, ann, ann, {}, TODAY)
    assert not may_know_of(of_mia, ann, bob, TOLD_ANN, TODAY) and not may_know_of(of_mia, ann, mia, {}, TODAY)
    assert not may_know_of(of_mia, mia, ann, {InvitationId(""): [ann]}, TODAY), (
        "nobody is told of a child's own account"
    )
    assert may_know_of(of_mia, PersonId("lee"), ann, {}, TODAY), "who is none of them"


def test_R33a_whoever_is_linked_anew_and_told_of_then_was_not_so_before() -> None:
    """Who chose *tell* at the second link chose it for what follows: what Bob wrote in confidence before stays so."""
    ann, bob, anew = PersonId("ann"), PersonId("bob"), AT + timedelta(days=2)
    again = held("bob", Relation.PARENT, "mia", recorded_at=anew, invitation_id=CAME_BY)
    untold = replace(BOB, until=TODAY, invitation_id=InvitationId("not now"))
    of_mia = circle(MIA, ANN, untold, again)
    assert not may_know_of(of_mia, bob, ann, TOLD_ANN, TODAY, AT + timedelta(days=1))
    assert may_know_of(of_mia, bob, ann, TOLD_ANN, TODAY, anew) and may_know_of(of_mia, bob, ann, TOLD_ANN, TODAY)
    assert not may_know_of(circle(MIA, ANN, BOB), bob, ann, {}, TODAY, AT - timedelta(days=1)), "before any link"
    assert is_held_back(of_mia, None, {bob}, TOLD_ANN, TODAY, AT) and not is_held_back(
        of_mia, None, {bob}, TOLD_ANN, TODAY, anew
    ), "where nobody but Ann and Bob reads"


def test_R33a_a_name_is_read_only_by_those_of_whom_it_was_chosen() -> None:
    """Bob, who works here, looked at a photo as a clinician."""
    bob, of_mia = person("bob", Role.CLINICIAN, Role.PATIENT), circle(MIA, ANN, BOB)
    assert may_be_named(of_mia, bob, PersonId("ann"), TOLD_ANN) and may_be_named(of_mia, bob, bob.id, {})
    assert not may_be_named(of_mia, bob, PersonId("carl"), TOLD_ANN)
    assert may_be_named(circle(MIA, ANN), bob, PersonId("carl"), {}), "who is none of them"


def test_R33a_a_grown_ups_own_words_are_known_to_who_decides_for_them_unless_the_account_came_later() -> None:
    rita, sam = PersonId("rita"), PersonId("sam")
    able = circle(
        replace(SAM, impaired=True), held("sam", Relation.SELF), held("rita", Relation.DECISION_MAKER, recorded_at=AT)
    )
    assert may_know_of(able, sam, rita, {}, TODAY) and not may_know_of(able, rita, sam, {}, TODAY)
    later = held("sam", Relation.SELF, recorded_at=AT + timedelta(days=1), invitation_id=CAME_BY)
    came_later = circle(able.patient, later, able.authorities[1])
    assert not may_know_of(came_later, sam, rita, {}, TODAY) and may_know_of(
        came_later, sam, rita, {CAME_BY: [rita]}, TODAY
    )
    new_phone = circle(SAM, held("old", Relation.SELF, until=TODAY), held("sam", Relation.SELF, recorded_at=AT))
    assert may_know_of(new_phone, PersonId("old"), sam, {}, TODAY), "both are the patient"


def test_R33a_what_one_parent_may_not_know_is_held_back_from_where_anybody_reads() -> None:
    bobs, alone = {PersonId("bob")}, circle(MIA, BOB)
    assert is_held_back(circle(MIA, ANN, BOB), None, bobs, {}, TODAY)
    assert not is_held_back(circle(MIA, ANN, BOB), None, bobs, TOLD_ANN, TODAY)
    assert not is_held_back(alone, None, bobs, {}, TODAY)
    assert is_held_back(circle(MIA, HER_OWN), None, {PersonId("mia")}, {}, TODAY), "also while nobody hears of her"


@pytest.mark.parametrize("told", [False, True])
async def test_R19_a_photo_of_the_other_parent_does_not_say_where_they_live(
    tmp_path: Path, told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def says_where(_screener: PlainScreener, _data: bytes) -> Findings:
        return Findings(camera="Canon", place=True)

    monkeypatch.setattr(PlainScreener, "screen", says_where)
    async with shared_practice(tmp_path) as shared:
        ann, bob = await two_parents(shared, told=told)
        photo = JPEG
        await ann.sends_photo(photo + b"ann's", caption="her knee")
        own = (await latest_image(shared)).ref
        await bob.sends_photo(photo + b"bob's", caption="her arm")
        ref = (await latest_image(shared)).ref
        await ann.writes("my copy")
        archive = opened(shared, files_sent(shared, ann.own_room)[-1])
        assert archive.read(f"{own}.jpg") == photo + b"ann's", "one's own, byte for byte"
        assert archive.read(f"{ref}.jpg").startswith(b"clean copy")
        page = archive.read("index.html").decode()
        assert page.count("Copy without the details a camera hides in a picture") == 1
        entries = {entry["file"]: entry for entry in json.loads(archive.read("record.json"))["entries"]}
        digest = sha256(archive.read(f"{ref}.jpg")).hexdigest()
        assert entries[f"{ref}.jpg"]["sha256"] == digest and entries[f"{ref}.jpg"]["facts"]["cleaned"]
        assert [entry["about"] for entry in entries.values() if entry["kind"] == "origin"] == [own]


async def test_R19_what_cannot_be_cleaned_is_not_copied_as_it_came(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def blind(_screener: PlainScreener, _data: bytes, _terms: Terms) -> Rendition:
        raise Permanent("not-viewable")

    monkeypatch.setattr(PlainScreener, "clean_copy", blind)
    async with shared_practice(tmp_path) as shared:
        ann, bob = await two_parents(shared)
        await bob.sends_photo(JPEG + b"bob's", caption="her arm")
        ref = (await latest_image(shared)).ref
        await ann.writes("my copy")
        archive = opened(shared, files_sent(shared, ann.own_room)[-1])
        assert archive.read(f"{ref}.txt").decode() == NOT_CLEANED and f"{ref}.jpg" not in archive.namelist()


async def test_R33a_what_is_exported_at_the_computer_says_that_it_is_not_for_everybody(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann, _ = await two_parents(shared)
        await ann.sends_photo(JPEG + b"ann's", caption="her knee")
        await export_patient(shared.practice.record, "10423", tmp_path / "folder")
        page, index = [(tmp_path / "folder" / name).read_text() for name in ("index.html", "record.json")]
        assert "Whoever hands it over decides who may have it." in page
        assert json.loads(index)["warning"] == NOT_FOR_EVERYBODY
        assert not names("Whoever hands it over", await copy_of(shared, ann)), "in their own copy it would not be true"
