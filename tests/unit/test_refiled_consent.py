"""Re-filing ends every consent, attestation and use; what is allowed after it rests on the right patient (R30)."""

from __future__ import annotations

from pathlib import Path

from bot.domain.entries import EntryKind
from bot.domain.identifiers import AuthorityId
from bot.domain.image import Image
from bot.domain.people import Authority, Relation
from bot.domain.use import UseState
from tests.cases import TEACHING, Shared, pictures_in, polls_in, shared_practice, taps
from tests.colleagues import FILE, LINE, entries_of
from tests.practice import JPEG, Someone

NOOR, SAM = "10422 1990-01-02", "10421 1984-03-07"
FORWARD = "!forward {ref} @derm:hs.test is this a melanoma?"


async def with_noor(shared: Shared) -> Someone:
    return await shared.kim.joins_as("@noor:hs.test", "NoorIdentity", '!enrol patient 10422 "Noor Haddad" 1990-01-02')


async def moved(shared: Shared, image: Image, to: str = NOOR) -> None:
    await shared.kim.writes(f"!refile {image.ref} {to}")
    await taps(shared.kim, "Move")


async def of_lee(shared: Shared) -> Image:
    """A colleague's photo, attested for Sam."""
    await shared.lee.sends_photo(JPEG + b"2", caption=LINE)
    await taps(shared.lee, FILE)
    return (await shared.practice.images())[-1]


async def asked_for_advice(shared: Shared, image: Image) -> None:
    await shared.lee.writes(FORWARD.format(ref=image.ref))
    await taps(shared.lee, "Yes")


async def test_R30_nothing_is_implied_for_whose_it_was_not_and_they_hear_that_it_was_misfiled(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        noor = await with_noor(shared)
        await moved(shared, shared.image)
        await asked_for_advice(shared, shared.image)
        (use,) = await shared.uses()
        assert use.state is UseState.ASKED
        await taps(shared.lee, "Noor Haddad, the patient")
        question = str(polls_in(shared.practice, noor.own_room)[-1]["question"]["body"])
        assert "in another record by mistake" in question and "Sam" not in question and "rash" not in question
        await taps(noor, "Yes")
        assert (await shared.uses())[-1].state is UseState.RELEASED


async def test_R30_back_under_the_patient_it_was_sent_for_it_is_implied_again_and_the_specific_is_not(
    tmp_path: Path,
) -> None:
    async with shared_practice(tmp_path) as shared:
        await with_noor(shared)
        await shared.taught()
        await moved(shared, shared.image)
        await moved(shared, shared.image, SAM)
        assert [use.state for use in await shared.uses()] == [UseState.WITHDRAWN]
        await asked_for_advice(shared, shared.image)
        assert (await shared.uses())[-1].state is UseState.RELEASED
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        assert (await shared.uses())[-1].state is UseState.AWAITING_CONSENT


async def test_R30_every_use_under_way_ends_also_a_case_and_the_discussion_can_still_be_filed(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await with_noor(shared)
        case = await shared.forwarded()
        (shown,) = pictures_in(shared.practice, case)
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        await moved(shared, shared.image)
        assert [use.state for use in await shared.uses()] == [UseState.WITHDRAWN, UseState.REFUSED]
        assert shown in shared.practice.homeserver.redacted
        for person in (shared.derm, shared.lee):
            assert any("wrong patient" in words for words in person.heard)
            assert not any("Noor" in words for words in person.heard)
        await shared.lee.writes("!close we agreed that it is eczema", room=case)
        notes = await entries_of(shared.practice, EntryKind.NOTE, "10422")
        assert any("eczema" in (note.text or "") for note in notes)


async def test_R30_what_was_agreed_under_the_wrong_name_stays_in_that_record(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await with_noor(shared)
        await shared.taught()
        await moved(shared, shared.image)
        assert await entries_of(shared.practice, EntryKind.CONSENT, "10422") == []
        assert len(await entries_of(shared.practice, EntryKind.CONSENT, "10421")) == 1


async def test_R30_for_advice_a_colleagues_photo_needs_a_new_attestation(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await with_noor(shared)
        image = await of_lee(shared)
        await moved(shared, image)
        assert any("filed for the wrong patient" in words and image.ref in words for words in shared.lee.heard)
        await shared.lee.writes(FORWARD.format(ref=image.ref))
        assert "new attestation" in shared.lee.last_heard
        await shared.lee.writes(f"!attest {image.ref} verbal 2026-11-20 advice")
        assert "20 November 2026" in shared.lee.last_heard and "Noor Haddad" in shared.lee.last_heard
        await shared.lee.writes(FORWARD.format(ref=image.ref))
        assert "new attestation" in shared.lee.last_heard, "not before the tap"
        await shared.lee.writes(f"!attest {image.ref} verbal 2026-11-20 advice")
        await taps(shared.lee, "Attest")
        await asked_for_advice(shared, image)
        assert (await shared.uses())[-1].state is UseState.RELEASED
        assert len(await entries_of(shared.practice, EntryKind.CONSENT, "10422")) == 1


async def test_R30_who_only_sent_it_attests_without_hearing_whose_it_is(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await with_noor(shared)
        await shared.derm.sends_photo(JPEG + b"2", caption=LINE)
        await taps(shared.derm, FILE)
        image = (await shared.practice.images())[-1]
        await moved(shared, image)
        await shared.derm.writes(f"!attest {image.ref} verbal 2026-11-20 advice")
        await taps(shared.derm, "Attest")
        assert "Recorded" in shared.derm.last_heard
        assert not any("Noor" in words for words in shared.derm.heard)


async def test_R30_nobody_attests_what_was_never_misfiled(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        image = await of_lee(shared)
        await shared.lee.writes(f"!attest {image.ref} verbal 2026-11-20 advice")
        assert "needs no new attestation" in shared.lee.last_heard


async def test_R33_nobody_re_files_as_staff_for_a_patient_they_are_or_speak_for(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await with_noor(shared)
        async with shared.practice.journal.transaction() as rows:
            kim = await rows.people.first(account=shared.kim.account)
            noor = await rows.patients.first(mrn="10422")
            assert kim is not None and noor is not None
            await rows.authorities.add(Authority(AuthorityId("a1"), kim.id, noor.id, Relation.SELF))
        await shared.kim.writes(f"!refile {shared.image.ref} {NOOR}")
        assert "a colleague has to do this" in shared.kim.last_heard
        assert polls_in(shared.practice, shared.kim.own_room) == []
