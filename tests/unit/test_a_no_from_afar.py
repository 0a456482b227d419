"""A no from somebody who is paused, or has left, is no answer, but nothing leaves until a person looked (R28a)."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.consent import ConsentAnswer
from bot.domain.identifiers import Account
from bot.domain.people import Relation
from bot.domain.use import Use, UseState
from bot.heard.a_no import says_no
from tests.cases import TEACHING, Shared, answer_id, matches, shared_practice, taps
from tests.colleagues import FILE, LINE
from tests.households import answers_as, enrolled, latest_image, moved_to_ann, with_ann
from tests.practice import JPEG, Someone

ADVICE = "!forward {ref} @derm:hs.test is this a melanoma?"


async def asked(shared: Shared) -> None:
    await shared.lee.writes(TEACHING.format(ref=shared.image.ref))


async def only_use(shared: Shared) -> Use:
    (use,) = await shared.uses()
    return use


async def answers(shared: Shared) -> list[ConsentAnswer]:
    async with shared.practice.journal.reading() as rows:
        return await rows.consent_answers.find()


async def team(shared: Shared) -> list[str]:
    return shared.practice.seen_in(await shared.practice.practice_room())


@pytest.mark.parametrize("words", ["no", "No!", "withdraw {ref}", "please stop", "don't use it", "no {number}"])
async def test_R28a_a_no_from_a_changed_identity_holds_the_use_and_is_no_answer(tmp_path: Path, words: str) -> None:
    async with shared_practice(tmp_path) as shared:
        await asked(shared)
        number = re.findall(r"“no (\d{4})”", "\n".join(shared.sam.heard))[-1]
        changed = replace(shared.sam, identity="Changed")
        await changed.writes(words.format(ref=shared.image.ref, number=number))
        use = await only_use(shared)
        assert (use.held, use.state) == (True, UseState.AWAITING_CONSENT)
        assert await answers(shared) == []
        line = next(text for text in await team(shared) if "!go-on" in text)
        assert shared.image.ref in line and "Sam" not in line


async def test_R28a_so_does_one_that_is_tapped(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await asked(shared)
        secret = answer_id(shared.practice, shared.sam.own_room, "No")
        await shared.kim.writes("!lost @sam:hs.test")
        await taps(shared.sam, "No", secret=secret)
        assert (await only_use(shared)).held and await answers(shared) == []


@pytest.mark.parametrize(
    ("words", "label"),
    [("stop", "Take back"), ("pls delete that pic", "Yes, withdraw it")],
)
async def test_R28a_so_does_a_tap_that_takes_a_photo_back(tmp_path: Path, words: str, label: str) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.writes(words)
        secret = answer_id(shared.practice, shared.sam.own_room, label)
        await shared.kim.writes("!lost @sam:hs.test")
        await taps(shared.sam, label, secret=secret)
        await shared.lee.writes(ADVICE.format(ref=shared.image.ref))
        assert "is on hold" in shared.lee.last_heard
        assert (await shared.now()).stopped is False, "it is no withdrawal"


@pytest.mark.parametrize(
    ("words", "label"),
    [("stop", "Nothing, go on"), ("pls delete that pic", "No, keep it")],
)
async def test_R28a_a_tap_that_takes_nothing_back_holds_nothing(tmp_path: Path, words: str, label: str) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.writes(words)
        secret = answer_id(shared.practice, shared.sam.own_room, label)
        await shared.kim.writes("!lost @sam:hs.test")
        await taps(shared.sam, label, secret=secret)
        await shared.lee.writes(ADVICE.format(ref=shared.image.ref))
        assert "is on hold" not in shared.lee.last_heard


async def test_R28a_and_one_of_a_patient_who_has_left_about_what_they_sent(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes("!patient-leaves 10421")
        await taps(shared.kim, "Leaves")
        await shared.sam.writes(f"withdraw {shared.image.ref}")
        assert any(shared.image.ref in text and "!go-on" in text for text in await team(shared))
        assert (await shared.now()).stopped is False, "it is no withdrawal"


async def test_R28a_so_does_one_of_a_childs_parent(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        pat = await enrolled(shared, '!enrol patient 10430 "Mia Holt" 2015-05-20 parent "Pat Holt"', "pat", "Pat")
        await pat.sends_photo(JPEG + b"of Mia", caption="a rash")
        image = (await shared.practice.images())[-1]
        await shared.lee.writes(TEACHING.format(ref=image.ref))
        await shared.kim.writes("!lost @pat:hs.test")
        await pat.writes(f"withdraw {image.ref}")
        assert (await only_use(shared)).held
        assert any(image.ref in text and "!go-on" in text for text in await team(shared))


async def test_R28a_an_advice_case_under_way_is_held_too(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.forwarded()
        await replace(shared.sam, identity="Changed").writes("stop")
        assert (await only_use(shared)).held


@pytest.mark.parametrize("line", [TEACHING, "!forward {ref} @derm:hs.test is this a melanoma?"])
async def test_R28a_nothing_new_may_be_asked_for_before_somebody_lets_it_go_on(tmp_path: Path, line: str) -> None:
    async with shared_practice(tmp_path) as shared:
        await asked(shared)
        await replace(shared.sam, identity="Changed").writes(f"withdraw {shared.image.ref}")
        await shared.lee.writes(line.format(ref=shared.image.ref))
        assert "is on hold" in shared.lee.last_heard
        assert (await only_use(shared)).held


@pytest.mark.parametrize("line", [TEACHING, ADVICE])
@pytest.mark.parametrize("words", ["withdraw {ref}", "stop", "please don't use my photo"])
async def test_R28a_a_no_stays_with_the_image_where_nothing_is_under_way(tmp_path: Path, words: str, line: str) -> None:
    async with shared_practice(tmp_path) as shared:
        await replace(shared.sam, identity="Changed").writes(words.format(ref=shared.image.ref))
        assert any(shared.image.ref in text and "!go-on" in text for text in await team(shared))
        await shared.lee.writes(line.format(ref=shared.image.ref))
        assert "is on hold" in shared.lee.last_heard and await shared.uses() == []
        await shared.kim.writes(f"!go-on {shared.image.ref}")
        await shared.lee.writes(line.format(ref=shared.image.ref))
        assert "on hold" not in shared.lee.last_heard, "the usual rules decide again"


async def test_R28a_one_that_only_answers_holds_nothing_where_nothing_is_asked(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await replace(shared.sam, identity="Changed").writes("no, I can't find the code")
        await shared.forwarded()
        assert not (await only_use(shared)).held


async def test_R28a_a_no_outlasts_the_use_it_was_said_to(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await asked(shared)
        secret = answer_id(shared.practice, shared.sam.own_room, "No")
        await shared.kim.writes("!lost @sam:hs.test")
        await shared.practice.after(days=8)
        assert (await only_use(shared)).state is UseState.EXPIRED
        await taps(shared.sam, "No", secret=secret)
        await shared.lee.writes(ADVICE.format(ref=shared.image.ref))
        assert "is on hold" in shared.lee.last_heard


async def test_R28a_one_about_a_photo_that_is_nobodys_yet_goes_with_it_into_the_record(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, ann):
        await answers_as(ann, "10421", Relation.PARENT)
        await answers_as(ann, "10422", Relation.SELF)
        await ann.sends_photo(JPEG + b"of one of two", caption="a mole")
        photo = await latest_image(shared)
        assert not photo.patient_id
        await shared.kim.writes("!lost @ann:hs.test")
        await ann.writes(f"withdraw {photo.ref}")
        await matches(shared.kim, photo.ref, "10422 1990-05-02")
        await shared.lee.writes(f"!keep {photo.ref}")
        assert (await latest_image(shared)).in_record
        await shared.lee.writes(ADVICE.format(ref=photo.ref))
        assert "is on hold" in shared.lee.last_heard


async def test_R30_under_another_patient_it_holds_nothing(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, _):
        await replace(shared.sam, identity="Changed").writes(f"withdraw {shared.image.ref}")
        await moved_to_ann(shared)
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        assert (await only_use(shared)).state is UseState.ASKED


async def test_R28a_nobody_else_is_asked_for_consent_either_before_somebody_lets_it_go_on(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, ann):
        await answers_as(ann, "10421", Relation.SELF)
        await shared.lee.sends_photo(JPEG + b"by a colleague", caption=LINE)
        await taps(shared.lee, FILE)
        image = await latest_image(shared)
        await shared.lee.writes(TEACHING.format(ref=image.ref))
        await replace(shared.sam, identity="Changed").writes(f"withdraw {image.ref}")
        await taps(shared.lee, "Sam Patel, here as Ann")
        assert "is on hold" in shared.lee.last_heard and "registrar" not in "".join(ann.heard)
        await shared.kim.writes(f"!go-on {image.ref}")
        await taps(shared.lee, "Sam Patel, here as Ann")
        assert "registrar" in "".join(ann.heard)


async def test_R28a_a_use_of_two_images_waits_until_neither_is_held(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.sends_photo(JPEG + b"another", caption="rash on my leg")
        one, other = shared.image.ref, (await latest_image(shared)).ref
        await shared.lee.writes(TEACHING.format(ref=f"{one} {other}"))
        await replace(shared.sam, identity="Changed").writes("stop")
        await shared.kim.writes(f"!go-on {one}")
        assert f"!go-on {other}" in shared.kim.last_heard and (await only_use(shared)).held
        await shared.kim.writes(f"!go-on {other}")
        assert not (await only_use(shared)).held


async def test_R34_an_unanswered_wish_to_have_it_back_is_settled_by_go_on_where_nothing_is_asked_for(
    tmp_path: Path,
) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.writes("pls delete that pic")
        await shared.practice.after(hours=25)
        await shared.kim.writes(f"!go-on {shared.image.ref}")
        assert "may be asked for" in shared.kim.last_heard
        await shared.lee.writes(ADVICE.format(ref=shared.image.ref))
        assert not (await only_use(shared)).doubted


@pytest.mark.parametrize(
    ("relation", "impaired", "holds"),
    [
        (Relation.DECISION_MAKER, True, True),
        (Relation.DECISION_MAKER, False, False),  # the patient decides again
        (Relation.CHILD, False, False),  # a grown-up child never did
        (Relation.SELF, True, True),  # the patient's own no always counts
    ],
)
async def test_R29a_it_holds_as_long_as_nothing_else_keeps_them_from_answering(
    tmp_path: Path, relation: Relation, impaired: bool, holds: bool
) -> None:
    async with with_ann(tmp_path) as (shared, ann):
        await answers_as(ann, "10421", relation)
        await impair(shared, impaired=True)
        await replace(ann, identity="Changed").writes(f"withdraw {shared.image.ref}")
        await impair(shared, impaired=impaired)
        await shared.lee.writes(ADVICE.format(ref=shared.image.ref))
        assert ("is on hold" in shared.lee.last_heard) is holds


async def impair(shared: Shared, *, impaired: bool) -> None:
    async with shared.practice.journal.transaction() as rows:
        patient = await rows.patients.first(mrn="10421")
        assert patient is not None
        await rows.patients.save(replace(patient, impaired=impaired))


async def test_R33_who_speaks_for_the_patient_lets_nothing_go_on(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await answers_as(shared.kim, "10421", Relation.PARENT)
        await replace(shared.sam, identity="Changed").writes(f"withdraw {shared.image.ref}")
        await shared.kim.writes(f"!go-on {shared.image.ref}")
        assert "somebody else decides" in shared.kim.last_heard
        await shared.lee.writes(ADVICE.format(ref=shared.image.ref))
        assert "is on hold" in shared.lee.last_heard


@pytest.mark.parametrize("words", ["yes", "yes please use it", "hello", "my images", "I have no pain today"])
async def test_R28a_other_words_hold_nothing(tmp_path: Path, words: str) -> None:
    async with shared_practice(tmp_path) as shared:
        await asked(shared)
        await replace(shared.sam, identity="Changed").writes(words)
        assert not (await only_use(shared)).held


async def test_R28a_nobody_unknown_holds_anything_nor_who_never_spoke_for_the_patient(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await asked(shared)
        stranger = Someone(shared.practice, Account("@mallory:hs.test"), "Mallory", shared.sam.own_room)
        await stranger.writes(f"withdraw {shared.image.ref}")
        await replace(shared.lee, identity="Changed").writes(f"withdraw {shared.image.ref}")
        assert not (await only_use(shared)).held


async def test_R28a_it_goes_on_when_another_than_who_asked_says_so(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await asked(shared)
        await replace(shared.sam, identity="Changed").writes("no")
        await shared.lee.writes(f"!go-on {shared.image.ref}")
        assert (await only_use(shared)).held and "somebody else decides" in shared.lee.last_heard
        await shared.kim.writes(f"!go-on {shared.image.ref}")
        assert not (await only_use(shared)).held
        await shared.kim.writes(f"!go-on {shared.image.ref}")
        assert "nothing to decide" in shared.kim.last_heard


async def test_R28a_who_lets_it_go_on_does_not_ask_for_it_then(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await replace(shared.sam, identity="Changed").writes("stop")
        await shared.lee.writes(f"!go-on {shared.image.ref}")
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        assert "a colleague must be the one who asks" in shared.lee.last_heard
        await shared.lee.writes(f"!forward {shared.image.ref} @derm:hs.test is it a melanoma?")
        assert "a colleague must be the one who asks" in shared.lee.last_heard
        async with shared.practice.journal.reading() as rows:
            assert not await rows.uses_of(shared.image.id)


@pytest.mark.parametrize(
    ("words", "so"),
    [
        ("no", True),
        ("NO, please", True),
        ("Please withdraw IMG-7F3K", True),
        ("Stop.", True),
        ("rather they didn’t", True),
        ("not for me, thanks", True),
        ("wrong photo, sorry", True),
        ("yes", False),
        ("not now", False),
        ("there is no change", False),
        ("", False),
    ],
)
def test_R28a_what_is_clearly_a_no(words: str, so: bool) -> None:
    assert says_no(words) is so
