"""Whoever works here and is a patient's parent learns of the other people of that patient as any parent does (R33, R33a)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.identifiers import Account
from bot.domain.people import Relation
from tests.cases import Shared, shared_practice, taps
from tests.households import answers_as, heard_with, latest_image
from tests.practice import JPEG, Someone
from tests.unit.test_two_people import desk_of
from tests.unit.test_who_may_know import asked_about, invited, invited_as_kims


async def kims_family(shared: Shared, *, mia: bool = True) -> tuple[Someone, Someone | None]:
    """Kim, the only manager, is Mia's mother; Rita, at the desk, invited both. Mia is a mature minor, with an account or not."""
    rita = await desk_of(shared)
    await invited_as_kims(shared, rita)
    await shared.lee.writes("!capacity 10423 mature-minor")
    return rita, await invited(shared, "!link 10423 self", "mia", rita) if mia else None


@pytest.mark.parametrize("whom", ["Mia Patel", "@mia:hs.test"])
@pytest.mark.parametrize("command", ["!unlink 10423", "!verify"])
async def test_R33a_no_answer_of_a_command_shows_a_parent_that_the_child_has_an_account(
    tmp_path: Path, command: str, whom: str
) -> None:
    answers = []
    for mia in (False, True):
        async with shared_practice(tmp_path / str(mia)) as shared:
            await kims_family(shared, mia=mia)
            await shared.kim.writes(f"{command} {whom}")
            answers.append(shared.kim.last_heard)
    assert answers[0] == answers[1]


async def test_R33a_in_the_list_a_childs_own_photo_stands_alone_for_their_parent(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        _, mia = await kims_family(shared)
        assert mia is not None
        await mia.sends_photo(JPEG + b"mia's")
        own = (await latest_image(shared)).ref
        await shared.kim.sends_photo(JPEG + b"kim's")
        await shared.kim.writes("Mia")
        await shared.kim.writes("!list")
        assert own in shared.kim.last_heard and "Same patient" not in shared.kim.last_heard
        await shared.lee.writes("!list")
        assert "Same patient" in shared.lee.last_heard


async def test_R33a_a_parent_does_not_hear_which_invitation_of_their_childs_has_ended(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        rita, _ = await kims_family(shared, mia=False)
        await rita.writes("!link 10423 self")
        await rita.writes('!enrol patient 10424 "Ned Otto" 1990-05-05')
        await shared.kim.writes("!leaves @rita:hs.test")
        (told,) = heard_with(shared.kim, "These invitations have ended")
        assert "Ned Otto" in told and "10423" not in told
        room = shared.practice.seen_in(await shared.practice.practice_room())
        assert any("invitation" in line for line in room), "nobody else is there to be told which"


async def test_R33a_a_parent_hears_nothing_of_who_was_not_confirmed_or_waits_for_the_computer(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        rita, _ = await kims_family(shared, mia=False)
        await shared.kim.sends_photo(JPEG + b"kim's")
        await shared.kim.writes("1 rash")
        await invited(shared, "!link 10423 self", "mia", rita)
        await shared.kim.writes("!confirm")
        waits, before = shared.kim.last_heard, len(shared.kim.heard)
        await asked_about(shared, "Mia Patel", "10423")
        await taps(shared.lee, "No")
        assert "10423" not in waits and len(shared.kim.heard) == before
        assert heard_with(rita, "did not confirm Mia Patel")


async def test_R33a_a_minors_objection_is_heard_by_somebody_who_is_none_of_their_people(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        rita, mia = await kims_family(shared)
        assert mia is not None
        await rita.writes('!link 10423 parent "Bob Quill"')
        code = shared.practice.last_code(rita.own_room)
        await taps(rita, "Tell them")
        bob = Someone(shared.practice, Account("@bob:hs.test"), "bobIdentity")
        await bob.enrol(code)
        await taps(mia, "No")
        assert not heard_with(shared.kim, "objects") and not heard_with(bob, "objects")
        assert heard_with(shared.lee, "Mia Patel objects") and heard_with(rita, "Mia Patel objects")


@pytest.mark.parametrize("taken", [True, False])
async def test_R33_who_wrote_is_read_by_name_by_the_clinician_who_has_it_and_by_nobody_else(
    tmp_path: Path, taken: bool
) -> None:
    async with shared_practice(tmp_path) as shared:
        await invited(shared, '!enrol patient 10423 "Mia Patel" 2010-12-01 parent "Ann Patel"', "ann")
        bob = await invited(shared, '!link 10423 parent "Bob Quill"', "bob")
        await bob.sends_photo(JPEG + b"bob's", caption="her knee")
        ref = (await latest_image(shared)).ref
        if taken:
            await shared.lee.writes(f"!mine {ref}")
        await bob.writes("it has got worse")
        assert bool(heard_with(shared.lee, f"Bob Quill, parent of Mia Patel, writes about {ref}:")) is taken
        room = shared.practice.seen_in(await shared.practice.practice_room())
        (told,) = [line for line in room if "it has got worse" in line]
        assert "The patient, or somebody who answers for them, writes" in told and "Bob" not in told


async def test_R33_words_do_not_go_as_staff_to_a_parent_who_had_taken_the_photo_before(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        bob = await invited(shared, '!enrol patient 10423 "Mia Patel" 2010-12-01 parent "Bob Quill"', "bob")
        await bob.sends_photo(JPEG + b"bob's", caption="her knee")
        await shared.lee.writes(f"!mine {(await latest_image(shared)).ref}")
        await answers_as(shared.lee, "10423", Relation.PARENT)
        await bob.writes("it has got worse")
        assert not heard_with(shared.lee, "got worse") and "Dr Lee" not in bob.last_heard


@pytest.mark.parametrize("theirs", [True, False])
async def test_R33_whoever_is_on_duty_is_not_told_of_a_photo_that_nobody_took_of_whom_they_speak_for(
    tmp_path: Path, theirs: bool
) -> None:
    async with shared_practice(tmp_path) as shared:
        ann = await invited(shared, '!enrol patient 10423 "Mia Patel" 2010-12-01 parent "Ann Patel"', "ann")
        await ann.sends_photo(JPEG + b"ann's", caption="her knee")
        if theirs:
            await answers_as(shared.lee, "10423", Relation.GUARDIAN)
        await shared.practice.after(hours=1)
        await shared.practice.after(hours=4)
        assert bool(heard_with(shared.lee, (await latest_image(shared)).ref)) is not theirs


async def test_R33a_what_stands_still_names_no_account_of_their_childs(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        _, mia = await kims_family(shared)
        assert mia is not None
        mia.identity = "AnotherIdentity"
        await mia.writes("hello")
        for someone in (shared.kim, shared.lee):
            await someone.writes("!status")
        assert "@mia" not in shared.kim.last_heard and "@mia" in shared.lee.last_heard
