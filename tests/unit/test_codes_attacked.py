"""Codes in the wrong hands, written where they should not be, or twice: each is for one person, once (R33)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.identifiers import Account
from bot.domain.invitation_codes import looks_like_a_code
from bot.domain.invitations import InvitationState
from bot.domain.people import Standing
from bot.words import about_admission as words
from bot.words import greetings
from tests.cases import Shared, shared_practice, taps
from tests.households import heard_with
from tests.practice import Someone
from tests.unit.test_two_people import authority_of, desk_of, holds, linked, person_of

ADA = '!enrol patient 20001 "Ada Byron" 1990-12-10'
EVE = '!enrol patient 20002 "Eve Moss" 1991-12-10'


async def code_of(shared: Shared, command: str, by: Someone | None = None) -> str:
    maker = by or shared.kim
    await maker.writes(command)
    return shared.practice.last_code(maker.own_room)


async def enrolled_with(shared: Shared, code: str, account: str, identity: str = "Theirs") -> bool:
    """Whether somebody unknown until now is let in by it."""
    await Someone(shared.practice, Account(account), identity).enrol(code)
    async with shared.practice.journal.reading() as rows:
        return await rows.people.first(account=account) is not None


# ---- which code an answer is for


async def test_R32_a_birthday_answers_the_code_that_was_written_last(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        for_ada, for_eve = await code_of(shared, ADA), await code_of(shared, EVE)
        eve = Someone(shared.practice, Account("@eve:hs.test"), "EveIdentity")
        await eve.enters_lobby("!eve")
        await eve.writes(for_ada, room="!eve")
        await eve.writes(for_eve, room="!eve")
        await eve.writes("10 December 1991", room="!eve")
        assert (await person_of(eve)).name == "Eve Moss"
        await eve.writes("10 December 1991", room="!eve")
        async with shared.practice.journal.reading() as rows:
            assert len(await rows.authorities.find(person_id=(await person_of(eve)).id)) == 1
        assert await enrolled_with(shared, for_ada, "@ada:hs.test"), "whom the other is for may still use it"


# ---- one person, once


async def test_R33_a_new_code_for_the_same_person_ends_the_one_on_the_lost_paper(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        first, second = await code_of(shared, ADA), await code_of(shared, ADA)
        assert heard_with(shared.kim, words.EARLIER_CODE_ENDED)
        assert await enrolled_with(shared, second, "@ada:hs.test")
        assert not await enrolled_with(shared, first, "@finder:hs.test")


async def test_R33_codes_for_others_of_the_same_patient_stay(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann = await code_of(shared, '!enrol patient 10422 "Mia Patel" 2010-12-01 parent "Ann Patel"')
        bob = await code_of(shared, '!link 10422 parent "Bob Patel"')
        mia = await code_of(shared, "!link 10422")
        assert not heard_with(shared.kim, words.EARLIER_CODE_ENDED)
        for code, account in ((ann, "@ann:hs.test"), (bob, "@bob:hs.test"), (mia, "@mia:hs.test")):
            assert await enrolled_with(shared, code, account)


# ---- an account that is known as somebody else


@pytest.mark.parametrize(
    "command",
    [
        ADA,
        '!enrol patient 20001 "Sam Patel" 1990-12-10',
        '!enrol patient 20001 "Mia Quill" 2012-12-01 parent "Ann Quill"',
    ],
)
async def test_R33_who_is_known_as_somebody_else_waits_for_a_second_person(tmp_path: Path, command: str) -> None:
    """Sam, with Ada's code; with that of a patient of the same name; with that of Mia's mother."""
    async with shared_practice(tmp_path) as shared:
        await shared.sam.enrol(await code_of(shared, command))
        assert (await authority_of(shared.sam)).needs_second and not await holds(shared.sam)
        await shared.lee.writes("!confirm 20001")
        await taps(shared.lee, "Yes")
        assert await holds(shared.sam), "it may be right all the same"


async def test_a_parent_of_two_is_let_in_for_both_at_once(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann = await linked(shared, '!enrol patient 10422 "Mia Patel" 2010-12-01 parent "Ann Patel"', "ann")
        await ann.enrol(await code_of(shared, '!enrol patient 10423 "Tom Patel" 2012-12-01 parent "ann patel"'))
        await ann.enrol(await code_of(shared, '!enrol patient 10424 "Ann Patel" 1980-12-01'))
        async with shared.practice.journal.reading() as rows:
            held = await rows.authorities.find(person_id=(await person_of(ann)).id)
        assert [one.needs_second for one in held] == [False] * 3


# ---- lost phones


async def test_R33_a_code_for_a_lost_phone_brings_back_nothing_that_ended(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        too = await linked(shared, "!link 10421", "too")
        code = await code_of(shared, "!lost @too:hs.test")
        await shared.lee.writes("!confirm 10421")
        await taps(shared.lee, "No")
        await replace(too, identity="tooNew").enrol(code)
        person, today = await person_of(too), shared.practice.clock.now().date()
        async with shared.practice.journal.reading() as rows:
            held = await rows.authorities.find(person_id=person.id)
        assert person.identity == "tooNew" and not [authority for authority in held if authority.holds_on(today)]


async def test_R28a_the_codes_that_a_lost_phone_shows_end_also_for_when_its_owner_is_back(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        rita = await desk_of(shared)
        code = await code_of(shared, ADA, rita)
        fresh = await code_of(shared, "!lost @rita:hs.test")
        assert heard_with(shared.kim, "Ada Byron (self), MRN 20001")
        await replace(rita, identity="RitaNew").enrol(fresh)
        assert (await person_of(rita)).standing is Standing.ACTIVE
        assert not await enrolled_with(shared, code, "@finder:hs.test")


async def test_R28a_a_code_stands_while_its_maker_waits_with_a_new_identity(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        rita = await desk_of(shared)
        code = await code_of(shared, ADA, rita)
        await replace(rita, identity="RitaNew").writes("hello")
        assert (await person_of(rita)).standing is Standing.PAUSED
        assert await enrolled_with(shared, code, "@ada:hs.test")
        assert not heard_with(shared.kim, "has left")


# ---- at the desk


@pytest.mark.parametrize("again", ["a12", "A12", " A12"])
async def test_R15_no_two_patients_have_numbers_that_differ_in_capitals_only(tmp_path: Path, again: str) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes('!enrol patient A12 "Ada Byron" 1990-12-10')
        await shared.kim.writes(f'!enrol patient {again} "Eve Moss" 1990-12-10')
        assert "MRN A12 is already Ada Byron" in shared.kim.last_heard
        await shared.kim.writes(f'!enrol patient {again} "Ada Byron" 1990-12-10')
        async with shared.practice.journal.reading() as rows:
            assert [one.mrn for one in await rows.patients.find(name="Ada Byron")] == ["A12"]


async def test_R15_a_namesake_is_pointed_out_however_the_name_is_typed(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes('!enrol patient 20001 "sam PATEL" 1990-12-10')
        assert heard_with(shared.kim, "Careful: another patient has the same name (MRN 10421, born 7 March 1984)")
        await shared.kim.writes('!enrol patient 20002 "Zoë Ångström" 1990-12-10')
        await shared.kim.writes('!enrol patient 20003 "ZOË ÅNGSTRÖM" 1991-12-10')
        assert heard_with(shared.kim, "Careful: another patient has the same name (MRN 20002, born 10 December 1990)")


async def test_nobody_works_here_without_a_name(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes('!enrol clinician @new:hs.test " "')
        assert "Please write: !enrol clinician" in shared.kim.last_heard


# ---- a code written where people are known already


@pytest.mark.parametrize("who", ["sam", "lee"])
async def test_a_code_in_ones_own_chat_is_passed_on_to_nobody(tmp_path: Path, who: str) -> None:
    async with shared_practice(tmp_path) as shared:
        someone: Someone = getattr(shared, who)
        code = await code_of(shared, '!enrol patient 10422 "Mia Patel" 2010-12-01 parent "Sam Patel"')
        before = len(shared.practice.homeserver.posts)
        sent = await someone.writes(code.lower())
        assert someone.last_heard == greetings.code_elsewhere.english()
        assert not [post for post in shared.practice.homeserver.posts[before:] if code in post.body.upper()]
        assert sent.event_id in shared.practice.homeserver.redacted
        async with shared.practice.journal.reading() as rows:
            assert (await rows.invitations.find())[-1].state is InvitationState.OPEN


@pytest.mark.parametrize(
    ("text", "so"),
    [
        ("K7M-4QXD-9TRP", True),
        ("k7m–4qxd–9trp.", True),
        ("temperature", False),
        ("the-rash-hurt", False),
        ("K7M 4QXD 9TRP", False),
        ("IMG-7F3K", False),
        ("It is K7M-4QXD-9TRP", False),
    ],
)
def test_what_stands_there_as_a_code(text: str, so: bool) -> None:
    assert looks_like_a_code(text) is so
