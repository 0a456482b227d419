"""Who asks, who is on duty, and to whom something went, when people leave, are paused, or hand an account on (R28a–R33)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.entries import EntryKind
from bot.domain.errors import OutsideFailure
from bot.domain.identifiers import Account
from bot.domain.image import State
from bot.domain.use import UseState
from bot.operate.agreements.listing import Wanted, agreements
from bot.operate.audit.story import story_of
from bot.words.about_admission import not_for_your_own
from tests.cases import TEACHING, Shared, answer_id, matches, pictures_in, shared_practice, taps
from tests.colleagues import FILE, LINE, entries_of
from tests.households import heard_with, latest_image, moved_to_ann, with_ann
from tests.practice import JPEG, Someone
from tests.unit.test_two_people import desk_of

NEW_DERM = '!enrol outside-clinician @derm:hs.test "Dr New"'


async def chen_of(shared: Shared) -> Someone:
    return await shared.kim.joins_as("@chen:hs.test", "ChenIdentity", '!enrol clinician @chen:hs.test "Dr Chen"')


async def test_R33_a_case_is_not_handed_to_who_speaks_for_its_patient(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        chen = await chen_of(shared)
        await shared.kim.writes('!link 10421 child "Dr Chen"')
        await chen.enrol(shared.practice.last_code(shared.kim.own_room))
        rita = await desk_of(shared)
        await rita.writes("!confirm 10421")
        await taps(rita, "Yes")
        await shared.forwarded()
        (before,) = await shared.uses()
        await shared.kim.writes("!leaves @lee:hs.test to @chen:hs.test")
        assert "can't go to Dr Chen" in shared.kim.last_heard
        assert await shared.uses() == [before]


async def test_R31_a_reply_reaches_no_new_human_on_a_colleagues_account(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.derm.sends_photo(JPEG + b"d", caption=LINE)
        await taps(shared.derm, FILE)
        ref = (await latest_image(shared)).ref
        await shared.kim.writes("!leaves @derm:hs.test")
        new = await shared.kim.joins_as("@derm:hs.test", "NewIdentity", NEW_DERM)
        await shared.lee.writes(f"!reply {ref} use the cream")
        assert not heard_with(new, "cream") and "can't be reached" in shared.lee.last_heard


async def test_R28a_duty_passes_on_also_where_a_patient_has_the_account_now(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        chen = await chen_of(shared)
        await shared.kim.writes("!leaves @lee:hs.test to @chen:hs.test")
        await shared.kim.writes('!enrol patient 10429 "Pat Doe" 1990-05-02')
        pat = Someone(shared.practice, Account("@lee:hs.test"), "PatIdentity")
        await pat.enrol(shared.practice.last_code(shared.kim.own_room))
        await shared.sam.sends_photo(JPEG + b"n", caption="urgent rash")
        await shared.practice.after(hours=30)
        assert heard_with(chen, "urgent rash") and not heard_with(pat, "urgent")


async def test_R31_the_page_to_sign_off_names_who_got_it_and_not_who_had_the_account(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes("!leaves @derm:hs.test")
        await shared.kim.joins_as("@derm:hs.test", "NewIdentity", NEW_DERM)
        await shared.taught()
        await shared.forwarded()
        async with shared.practice.journal.reading() as rows:
            found = await agreements(rows, Wanted(ref=shared.image.ref))
        assert [one.recipients for one in found] == [("Dr New (@derm:hs.test)",)] * 2
        told = await story_of(shared.practice, "@derm:hs.test")  # type: ignore[arg-type]  # it has what a story needs
        assert told.title.startswith("Dr New")


async def test_R28a_nothing_is_released_for_who_asked_and_is_paused(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        await shared.kim.writes("!lost @lee:hs.test")
        await taps(shared.sam, "Yes")
        (use,) = await shared.uses()
        assert (use.state, use.rule) == (UseState.REFUSED, "R28a")
        assert pictures_in(shared.practice, shared.derm.own_room) == []


async def test_R29a_a_no_to_advice_is_not_gone_round_by_calling_it_related(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(f"!forward {shared.image.ref} @derm:hs.test is this a melanoma?")
        await taps(shared.lee, "No, something")
        await taps(shared.sam, "No")
        await shared.lee.writes(f"!forward {shared.image.ref} @derm:hs.test is this a melanoma?")
        await taps(shared.lee, "Yes")
        assert (await shared.uses())[-1].state is UseState.AWAITING_CONSENT
        await taps(shared.sam, "Yes")
        assert (await shared.uses())[-1].state is UseState.RELEASED


async def test_R29_who_came_back_reads_their_own_name_beside_what_they_sent(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes("!patient-leaves 10421")
        await taps(shared.kim, "Leaves")
        await shared.practice.after(minutes=1)
        await shared.kim.writes("!link 10421")
        again = Someone(shared.practice, Account("@sam:hs.test"), "SamIdentity")
        await again.enrol(shared.practice.last_code(shared.kim.own_room))
        await again.writes("my copy")
        assert "Nothing is filed" not in again.last_heard, "it is, and not open to this account yet"
        await shared.lee.writes("!confirm 10421")
        await taps(shared.lee, "Yes")
        await again.writes("my images")
        assert "Sam Patel sent it" in again.last_heard


# ---- whose it was, when it was written or asked for (R15)


async def test_R15_what_was_noted_while_it_was_doubted_is_filed_for_whom_it_shows(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, _ann):
        await shared.sam.sends_photo(JPEG + b"x", caption="of somebody else")
        image = await latest_image(shared)
        await shared.lee.writes(f"!note {image.ref} suspicious lesion")
        await matches(shared.kim, image.ref, "10422 1990-05-02")
        await shared.lee.writes(f"!keep {image.ref}")
        assert (await latest_image(shared)).state is State.VERIFIED
        assert [entry.text for entry in await entries_of(shared.practice, EntryKind.NOTE, "10421")] == []
        assert [entry.text for entry in await entries_of(shared.practice, EntryKind.NOTE, "10422")] == [
            "suspicious lesion"
        ]


@pytest.mark.parametrize("law", [False, True])
async def test_R15_a_picture_is_never_shown_under_the_name_it_had_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, law: bool
) -> None:
    async with with_ann(tmp_path) as (shared, _ann):
        put, reader = shared.practice.homeserver.put, shared.kim if law else shared.lee

        async def slow(*_: object) -> None:
            raise OutsideFailure("slow")

        await shared.kim.writes(f"!refile {shared.image.ref} 10422 1990-05-02")
        move = answer_id(shared.practice, shared.kim.own_room, "Move")
        monkeypatch.setattr(shared.practice.homeserver, "put", slow)
        demand = f'!required-by-law {shared.image.ref} basis "R v Patel" authority "Court" recipient "Registrar"'
        await reader.writes(demand if law else f"!show {shared.image.ref}")
        before = len(pictures_in(shared.practice, reader.own_room)), len(reader.heard)
        await taps(shared.kim, "", secret=move)
        assert (await shared.now()).patient_id != shared.image.patient_id
        monkeypatch.setattr(shared.practice.homeserver, "put", put)
        await shared.practice.after(minutes=5)
        assert len(pictures_in(shared.practice, reader.own_room)) == before[0]
        heard = [words for words in reader.heard[before[1] :] if "Sam Patel" in words]
        told_whom = ("I am telling Sam Patel", "It reached Sam Patel")  # the mover and the managers hear who read it
        assert not [words for words in heard if not any(told in words for told in told_whom)]


async def test_R23_a_legal_hold_on_a_photo_goes_with_it_to_the_right_record(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, _ann):
        await shared.kim.writes(f"!legal-hold {shared.image.ref} complaint 3/2026")
        await moved_to_ann(shared)
        await shared.practice.after(days=8 * 366)
        await shared.kim.writes(f"!destroy {shared.image.ref}")
        assert "complaint 3/2026" in shared.kim.last_heard
        await shared.kim.writes(f"!release-hold {shared.image.ref}")
        await shared.kim.writes(f"!destroy {shared.image.ref}")
        await taps(shared.kim, "Destroy")
        assert (await shared.now()).state is State.DESTROYED


async def test_R15_who_treats_reads_that_the_words_with_a_misfiled_photo_are_of_somebody_else(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, _ann):
        await moved_to_ann(shared)
        await shared.lee.writes(f"!show {shared.image.ref}")
        assert "Ann Patel" in shared.lee.last_heard and "three days" not in shared.lee.last_heard
        assert "under another name by mistake" in shared.lee.last_heard


async def test_R33_nobody_matches_a_photo_away_from_whom_they_speak_for(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, _ann):
        rita = await desk_of(shared)
        await shared.kim.writes('!link 10421 child "Rita Smith"')
        await rita.enrol(shared.practice.last_code(shared.kim.own_room))
        await shared.lee.writes("!confirm 10421")
        await taps(shared.lee, "Yes")
        await shared.sam.sends_photo(JPEG + b"x", caption="of somebody else")
        image = await latest_image(shared)
        await rita.writes(f"!match {image.ref} 10422 1990-05-02")
        assert (
            rita.last_heard == not_for_your_own.english()
            and (await latest_image(shared)).patient_id == image.patient_id
        )
