"""Nobody is told, or can work out, what was not chosen for them: newcomers, capacities, a minor's own (R33, R33a)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.identifiers import Account
from bot.domain.people import Relation
from bot.words import about_access, about_handling
from bot.words import about_admission as words
from tests.cases import Shared, pictures_in, polls_in, shared_practice, taps
from tests.households import answers_as, family, heard_with, latest_image
from tests.practice import JPEG, Someone
from tests.unit.test_two_people import authority_of, desk_of, holds, linked

ANN = '!link 10421 decision-maker "Ann Patel"'
NEARLY_GROWN_UP = '!enrol patient 10422 "Mia Patel" 2008-12-20 parent "Ann Patel"'


async def invited(shared: Shared, command: str, account: str, by: Someone | None = None) -> Someone:
    """They use the invitation; whether the others are told is still to be chosen."""
    maker = by or shared.kim
    await maker.writes(command)
    someone = Someone(shared.practice, Account(f"@{account}:hs.test"), f"{account}Identity")
    await someone.enrol(shared.practice.last_code(maker.own_room))
    return someone


async def asked_about(shared: Shared, newcomer: str, mrn: str) -> tuple[str, str]:
    """Dr Lee is asked about this newcomer, perhaps about others too: the question, and the secret of a yes."""
    await shared.lee.writes(f"!confirm {mrn}")
    (poll,) = [
        one for one in polls_in(shared.practice, shared.lee.own_room) if one["question"]["body"].startswith(newcomer)
    ]
    return poll["question"]["body"], poll["answers"][0]["id"]


# ---- told


async def test_R33a_nobody_is_told_of_who_was_not_confirmed(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await invited(shared, ANN, "ann")
        await shared.lee.writes("!confirm 10421")
        await taps(shared.lee, "No")
        heard = len(shared.sam.heard)
        await taps(shared.kim, "Tell them")
        assert shared.kim.last_heard == about_access.has_ended.english() and len(shared.sam.heard) == heard


async def test_R33a_who_chose_hears_whether_they_are_told_now_or_later(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes("!link 10421")
        await taps(shared.kim, "Tell them")
        assert shared.kim.last_heard == about_access.they_are_told_later.english()
        await invited(shared, ANN, "ann")
        await taps(shared.kim, "Tell them")
        assert shared.kim.last_heard == about_access.they_are_told.english()


async def test_R33a_only_those_whom_the_chooser_read_of_are_told_whoever_is_linked_meanwhile(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann = await invited(shared, '!enrol patient 10423 "Mia Patel" 2016-12-01 parent "Ann Patel"', "ann")
        await shared.kim.writes('!link 10423 guardian "Bob Quill"')
        code = shared.practice.last_code(shared.kim.own_room)
        await taps(shared.kim, "Tell them")
        carl = await invited(shared, '!link 10423 parent "Carl Patel"', "carl")
        await taps(shared.kim, "Not now: it could put")
        bob = Someone(shared.practice, Account("@bob:hs.test"), "bobIdentity")
        await bob.enrol(code)
        late = await invited(shared, '!link 10423 parent "Dan Patel"', "dan")
        await taps(shared.kim, "Not now: it could put")
        await bob.sends_photo(JPEG + b"bob's", caption="her knee")
        await shared.practice.after(minutes=1)
        assert heard_with(ann, "Bob Quill")
        for someone in (carl, late):
            await someone.writes("my images")
            assert "IMG-" in someone.last_heard, "they see what is filed"
            assert not heard_with(someone, "Bob Quill") and not heard_with(someone, "@bob:hs.test")
        await ann.writes("my images")
        assert "Bob Quill" in ann.last_heard


async def test_what_is_told_of_a_prepared_decision_maker_says_from_when_on(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann, mia = await family(shared)
        await invited(shared, '!link 10423 decision-maker "Bob Patel"', "bob")
        await taps(shared.kim, "Tell them")
        for someone, whom in ((ann, "Mia Patel"), (mia, "you")):
            assert f"added as the decision maker for {whom}, from 1 December 2028 on." in someone.last_heard
            assert f"that {whom} can't decide alone then, Bob Patel decides." in someone.last_heard
        _, yes = await asked_about(shared, "Bob Patel", "10423")
        await taps(shared.lee, "Yes", secret=yes)
        assert "decides for you here from 1 December 2028 on. Until then nothing changes" in mia.last_heard


async def test_R33a_an_objection_is_not_told_to_whom_it_is_about(tmp_path: Path) -> None:
    """Kim is the only manager, and would decide for Sam."""
    async with shared_practice(tmp_path) as shared:
        rita = await desk_of(shared)
        await rita.writes('!link 10421 decision-maker "Kim"')
        await taps(rita, "Tell them")
        await shared.kim.enrol(shared.practice.last_code(rita.own_room))
        await taps(shared.sam, "No")
        assert not heard_with(shared.kim, "Sam Patel objects")
        assert all(heard_with(someone, "Sam Patel objects") for someone in (shared.lee, rita))
        await shared.lee.writes("!confirm 10421")
        await taps(shared.lee, "No")
        assert heard_with(rita, "did not confirm Kim") and not heard_with(shared.kim, "did not confirm")


async def test_R33a_an_objection_is_not_told_to_a_manager_who_is_one_of_the_patients_people(tmp_path: Path) -> None:
    """Kim is the only manager, and decides for Sam; Bob would, too. It shows who objects."""
    async with shared_practice(tmp_path) as shared:
        rita = await desk_of(shared)
        await rita.writes('!link 10421 decision-maker "Kim"')
        await taps(rita, "Tell them")
        await shared.kim.enrol(shared.practice.last_code(rita.own_room))
        await shared.lee.writes("!confirm 10421")
        await taps(shared.lee, "Yes")
        await linked(shared, '!link 10421 decision-maker "Bob Patel"', "bob", rita)
        await taps(rita, "Tell them")
        await taps(shared.sam, "No")
        assert not heard_with(shared.kim, "Sam Patel objects")
        assert all(heard_with(someone, "Sam Patel objects") for someone in (shared.lee, rita))


# ---- the eighteenth birthday


async def test_R33a_a_parent_does_not_read_out_of_the_birthday_that_somebody_was_prepared(tmp_path: Path) -> None:
    heard = []
    for prepared in (False, True):
        async with shared_practice(tmp_path / str(prepared)) as shared:
            ann = await linked(shared, NEARLY_GROWN_UP, "ann")
            if prepared:
                await linked(shared, '!link 10422 decision-maker "Bob Patel"', "bob")
                await shared.lee.writes("!confirm 10422")
                await taps(shared.lee, "Yes")
            await shared.practice.after(days=40)
            assert "has turned 18" in ann.last_heard
            heard.append(ann.last_heard)
    assert heard[0] == heard[1]


@pytest.mark.parametrize("desk", [True, False])
async def test_R33_who_was_the_parent_is_not_handed_the_childs_code(tmp_path: Path, desk: bool) -> None:
    """Kim, who manages the practice, is Mia's mother."""
    async with shared_practice(tmp_path) as shared:
        rita = await desk_of(shared)
        await rita.writes(NEARLY_GROWN_UP.replace("Ann Patel", "Kim"))
        await shared.kim.enrol(shared.practice.last_code(rita.own_room))
        await shared.lee.writes("!confirm 10422")
        await taps(shared.lee, "Yes")
        assert await holds(shared.kim)
        if not desk:
            await shared.kim.writes("!leaves @rita:hs.test")
        await shared.practice.after(days=40)
        assert not heard_with(shared.kim, "Please hand over this invitation")
        assert bool(heard_with(rita, "Mia Patel, born 20 December 2008, MRN 10422, has turned 18")) is desk
        room = shared.practice.seen_in(await shared.practice.practice_room())
        assert any("A young person has turned 18" in line for line in room) is not desk


# ---- a mature minor's own


async def with_mias_own(shared: Shared) -> Someone:
    """Mia, a mature minor whom nobody else answers for yet. All that is filed is her own."""
    mia = await invited(shared, '!enrol patient 10423 "Mia Patel" 2010-12-01', "mia")
    await shared.lee.writes("!capacity 10423 mature-minor")
    await mia.sends_photo(JPEG + b"mia's", caption="nobody else's business")
    assert (await latest_image(shared)).filed_at is not None
    await shared.practice.after(minutes=1)
    return mia


@pytest.mark.parametrize(
    "how",
    [
        "!show {}",
        "!mine {}",
        "!reply {} please come in",
        "!note {} we talked",
        "!forward {} @derm:hs.test is it a melanoma?",
    ],
)
async def test_R33a_a_clinician_who_is_the_minors_parent_is_shown_and_told_nothing_of_their_own(
    tmp_path: Path, how: str
) -> None:
    async with shared_practice(tmp_path) as shared:
        mia = await with_mias_own(shared)
        await answers_as(shared.lee, "10423", Relation.PARENT)
        ref = (await latest_image(shared)).ref
        heard, pictures = len(shared.lee.heard), pictures_in(shared.practice, shared.lee.own_room)
        await shared.lee.writes(how.format(ref))
        assert shared.lee.last_heard == about_handling.for_a_colleague.english(ref)
        await mia.writes("it itches, please tell nobody at home")
        assert not any("Mia" in line or "itches" in line for line in shared.lee.heard[heard:])
        assert pictures_in(shared.practice, shared.lee.own_room) == pictures
        assert "Dr Lee" not in mia.last_heard


async def test_R33a_words_do_not_go_to_the_minors_parent_who_had_taken_the_photo_before(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        mia = await with_mias_own(shared)
        await shared.lee.writes(f"!mine {(await latest_image(shared)).ref}")
        await answers_as(shared.lee, "10423", Relation.PARENT)
        await mia.writes("it itches, please tell nobody at home")
        assert not heard_with(shared.lee, "itches") and "Dr Lee" not in mia.last_heard


@pytest.mark.parametrize("relation", ["parent", "guardian"])
async def test_R33a_nothing_shows_a_new_parent_that_a_minors_own_is_there(tmp_path: Path, relation: str) -> None:
    async with shared_practice(tmp_path) as shared:
        await with_mias_own(shared)
        bob = await invited(shared, f'!link 10423 {relation} "Bob Quill"', "bob")
        assert not heard_with(bob, "all that is filed")
        await shared.lee.writes("!confirm 10423")
        assert shared.lee.last_heard == words.nobody_waits.english()
        await bob.writes("my images")
        assert "IMG" not in bob.last_heard


async def test_R33a_a_second_person_reads_how_many_photos_open_to_a_parent(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await family(shared)
        await linked(shared, '!link 10423 parent "Bob Quill"', "bob")
        question, _ = await asked_about(shared, "Bob Quill", "10423")
        assert "all that is filed, by now 1 photo." in question, "Ann's; Mia's own opens to nobody"


async def test_R33_who_will_decide_is_confirmed_for_all_that_opens_to_them(tmp_path: Path) -> None:
    """A parent of before: what was open to them then held nothing of the minor's own."""
    async with shared_practice(tmp_path) as shared:
        ann, _ = await family(shared)
        await shared.practice.after(minutes=1)
        await shared.kim.writes('!link 10423 decision-maker "Ann Patel"')
        await ann.enrol(shared.practice.last_code(shared.kim.own_room))
        assert not (await authority_of(ann)).is_open
        question, _ = await asked_about(shared, "Ann Patel", "10423")
        assert "all that is filed, by now 2 photos." in question


async def test_R33a_who_works_here_does_not_read_of_their_childs_own_account_at_the_desk(tmp_path: Path) -> None:
    """Kim, who manages the practice, is Mia's mother; Rita is not."""
    async with shared_practice(tmp_path) as shared:
        rita = await desk_of(shared)
        await invited_as_kims(shared, rita)
        await invited(shared, "!link 10423", "mia", rita)
        await shared.lee.writes("!capacity 10423 mature-minor")
        await shared.kim.writes('!link 10423 parent "Bob Patel"')
        assert polls_in(shared.practice, shared.kim.own_room) == []
        await rita.writes('!link 10423 guardian "Gus Patel"')
        assert "Mia Patel (self)" in polls_in(shared.practice, rita.own_room)[-1]["question"]["body"]


async def invited_as_kims(shared: Shared, rita: Someone) -> None:
    await rita.writes('!enrol patient 10423 "Mia Patel" 2010-12-01 parent "Kim"')
    await shared.kim.enrol(shared.practice.last_code(rita.own_room))
    _, yes = await asked_about(shared, "Kim", "10423")
    await taps(shared.lee, "Yes", secret=yes)


async def test_R33a_who_is_told_reads_the_name_that_was_chosen_and_no_other_patients(tmp_path: Path) -> None:
    """The account that wrote the code is a patient's here, under her own name."""
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes('!enrol patient 10422 "Ann Burke" 1990-05-09')
        ann = Someone(shared.practice, Account("@ann:hs.test"), "AnnIdentity")
        await ann.enrol(shared.practice.last_code(shared.kim.own_room))
        await shared.kim.writes('!link 10421 decision-maker "Fay Newman"')
        code = shared.practice.last_code(shared.kim.own_room)
        await taps(shared.kim, "Tell them")
        before = len(shared.sam.heard)
        await ann.enrol(code)
        told = " ".join(shared.sam.heard[before:])
        assert "Fay Newman" in told and "Ann Burke" not in told
