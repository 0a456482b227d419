"""A no and a stop are heard: while something else is asked, right after a yes, and of the other parent (R13, R29a, R34)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.domain.identifiers import Account
from bot.domain.image import Image
from bot.domain.use import UseState
from tests.cases import POLL, TEACHING, Shared, answer_id, pictures_in, polls_in, shared_practice, taps
from tests.households import answered_in_app, enrolled, latest_image
from tests.practice import JPEG, Someone

RESEARCH = TEACHING.replace("education", "research").replace("registrar teaching, 12 March", "study of rashes")


async def in_research(shared: Shared) -> None:
    await shared.lee.writes(RESEARCH.format(ref=shared.image.ref))
    await taps(shared.sam, "Yes")


async def asked(shared: Shared) -> str:
    """Ask Sam for teaching; return the number of the request."""
    await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
    lines = [line for line in shared.sam.heard if "“yes " in line]
    return lines[-1].split("“yes ")[1][:4]


async def edits(person: Someone, event_id: str, words: str) -> None:
    content: dict[str, Any] = {
        "m.new_content": {"msgtype": "m.text", "body": words},
        "m.relates_to": {"rel_type": "m.replace", "event_id": event_id},
    }
    await person.writes(f"* {words}", **content)


async def states(shared: Shared) -> list[str]:
    return [use.state.value for use in await shared.uses()]


@pytest.mark.parametrize(
    "words",
    [
        "please stop using my photo for research",
        "stop the research",
        "don't use it for the study any more",
        "no more research please",
        "I take back my yes to the research",
        "can you please stop the research",
        "can you please stop the research?",
    ],
)
async def test_R13_a_stop_that_names_what_is_under_way_holds_it_and_answers_no_other_request(
    tmp_path: Path, words: str
) -> None:
    async with shared_practice(tmp_path) as shared:
        await in_research(shared)
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        await shared.sam.writes(words)
        assert "on hold" in shared.sam.heard[-1] and "Nothing is shared" not in shared.sam.heard[-1]
        research, teaching = await shared.uses()
        assert research.doubted and teaching.state is UseState.AWAITING_CONSENT
        await taps(shared.sam, "Yes, withdraw")
        assert (await states(shared))[0] == "withdrawn"


async def test_R13_a_stop_that_names_a_purpose_holds_the_photo_used_for_it_and_no_later_one(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await in_research(shared)
        await shared.sam.sends_photo(JPEG + b"z", caption="mole on back")
        await shared.sam.writes("I take back my consent to the research")
        assert shared.image.ref in shared.sam.heard[-1] and (await latest_image(shared)).ref not in shared.sam.heard[-1]


async def test_R13_a_stop_of_what_it_does_not_name_refuses_what_is_asked_and_holds_what_is_under_way(
    tmp_path: Path,
) -> None:
    async with shared_practice(tmp_path) as shared:
        await in_research(shared)
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        await shared.sam.writes("please stop using my photo")
        research, teaching = await shared.uses()
        assert research.doubted and teaching.state is UseState.REFUSED


@pytest.mark.parametrize(
    "words", ["no", "actually no", "sorry I meant no", "no wait", "wait", "I don't agree any more"]
)
async def test_R13_a_no_right_after_the_yes_holds_the_use_and_is_asked_about(tmp_path: Path, words: str) -> None:
    async with shared_practice(tmp_path) as shared:
        await asked(shared)
        await taps(shared.sam, "Yes")
        await shared.sam.writes(words)
        assert "on hold" in shared.sam.last_heard and (await shared.uses())[-1].doubted


async def test_R34_a_no_to_what_a_clinician_wrote_since_the_yes_is_passed_on_to_them(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await asked(shared)
        await taps(shared.sam, "Yes")
        await shared.lee.writes(f"!reply {shared.image.ref} Does it itch?")
        await shared.sam.writes("no")
        assert not (await shared.uses())[-1].doubted


@pytest.mark.parametrize("how", ["tap", "words"])
async def test_R13_a_no_to_the_request_after_the_yes_takes_it_back(tmp_path: Path, how: str) -> None:
    async with shared_practice(tmp_path) as shared:
        number = await asked(shared)
        no = answer_id(shared.practice, shared.sam.own_room, "No")
        await taps(shared.sam, "Yes")
        if how == "tap":
            await taps(shared.sam, "", secret=no)
        else:
            await shared.sam.writes(f"no {number}")
        assert await states(shared) == ["withdrawn"]
        assert "stopped" in shared.sam.last_heard and "Dr Derm" in shared.sam.last_heard
        assert any("Please delete every copy" in line for line in shared.derm.heard)
        async with shared.practice.journal.reading() as rows:
            answers = await rows.consent_answers.of_use((await shared.uses())[-1].id)
        assert [one.answer.value for one in answers] == ["granted", "withdrawn"], "a change of mind is a new record"


async def test_R13_a_no_before_the_picture_left_keeps_it_here(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        number = await asked(shared)
        await shared.sam.writes(f"yes {number}", settle=False)
        await shared.sam.writes("no wait", settle=False)
        await shared.practice.settle()
        assert pictures_in(shared.practice, shared.derm.own_room) == []


@pytest.mark.parametrize("before", ["yes", "maybe"])
@pytest.mark.parametrize("after", ["no", "no thanks", "no {n}"])
async def test_R13_an_edit_to_no_is_a_no(tmp_path: Path, before: str, after: str) -> None:
    async with shared_practice(tmp_path) as shared:
        number = await asked(shared)
        event = await shared.sam.writes(f"yes {number}" if before == "yes" else "maybe")
        await edits(shared.sam, event.event_id, after.format(n=number))
        use = (await shared.uses())[-1]
        assert use.state in {UseState.WITHDRAWN, UseState.REFUSED} or use.doubted


async def test_R34_what_else_an_edited_no_says_reaches_the_team(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await asked(shared)
        event = await shared.sam.writes("maybe")
        await edits(shared.sam, event.event_id, "No. And I can't breathe since this morning")
        team = shared.practice.seen_in(await shared.practice.practice_room())
        assert any("I can't breathe since this morning" in line for line in team)


async def test_R34_an_edit_to_yes_stays_no_consent(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        number = await asked(shared)
        event = await shared.sam.writes("maybe")
        await edits(shared.sam, event.event_id, f"yes {number}")
        assert await states(shared) == ["awaiting-consent"]


@pytest.mark.parametrize("words", ["I don't want Mia used for teaching", "no teaching with Mia's photo"])
async def test_R29a_the_other_parents_no_to_a_use_under_way_holds_it(tmp_path: Path, words: str) -> None:
    async with shared_practice(tmp_path) as shared:
        ann, bob = await parents(shared)
        await ann.sends_photo(JPEG + b"a", caption="bruise on her arm")
        image = await latest_image(shared)
        await shared.lee.writes(TEACHING.format(ref=image.ref))
        await taps(ann, "Yes")
        await taps(ann, "Yes")
        await bob.writes(words)
        assert "on hold" in bob.last_heard and (await shared.uses())[-1].doubted


async def parents(shared: Shared) -> tuple[Someone, Someone]:
    """Ann answers for Mia, and Bob for Mia and Leo."""
    mia = '!enrol patient 10423 "Mia Patel" 2015-12-01 parent "Ann Patel"'
    ann = await enrolled(shared, mia, "ann", "Ann")
    await shared.kim.writes('!link 10423 parent "Bob Quill"')
    code = shared.practice.last_code(shared.kim.own_room)
    await taps(shared.kim, "Not now: it could")
    bob = Someone(shared.practice, Account("@bob:hs.test"), "BobIdentity")
    await bob.enrol(code)
    await shared.kim.writes('!enrol patient 10424 "Leo Patel" 2018-05-06 parent "Bob Quill"')
    await bob.enrol(shared.practice.last_code(shared.kim.own_room))
    return ann, bob


async def both_asked(shared: Shared) -> tuple[Someone, Image, Image]:
    """Bob is asked about a photo of Mia, and then about one of Leo."""
    _, bob = await parents(shared)
    photos: list[Image] = []
    for name in ("Mia, rash", "Leo, cut knee"):
        await bob.sends_photo(JPEG + name.encode())
        await bob.writes(name)
        photos.append(await latest_image(shared))
    for photo in photos:
        await shared.lee.writes(TEACHING.format(ref=photo.ref))
    return bob, photos[0], photos[1]


async def test_R13_a_no_for_one_child_counts_under_the_question_about_another(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        bob, _, _ = await both_asked(shared)
        poll = [post.event_id for post in shared.practice.posts_in(bob.own_room) if f"{POLL}.start" in post.content][-1]
        await bob.writes("no, leave Mia out of it", **answered_in_app(poll))
        assert await states(shared) == ["refused", "awaiting-consent"]


async def test_R13_stop_offers_a_no_to_each_request(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        bob, mia, leo = await both_asked(shared)
        await bob.writes("STOP")
        offered = str(polls_in(shared.practice, bob.own_room)[-1])
        assert f"Say no to the request about {mia.ref}" in offered
        assert f"Say no to the request about {leo.ref}" in offered


@pytest.mark.parametrize("words", ["no to both please", "no for both", "neither", "not for either"])
async def test_R13_a_no_to_both_counts_for_both(tmp_path: Path, words: str) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        await shared.lee.writes(RESEARCH.format(ref=shared.image.ref))
        await shared.sam.writes(words)
        assert await states(shared) == ["refused", "refused"]


@pytest.mark.parametrize("words", ["no to the research", "not for research please"])
async def test_R13_a_no_that_names_a_purpose_refuses_that_request_alone(tmp_path: Path, words: str) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        await shared.lee.writes(RESEARCH.format(ref=shared.image.ref))
        await shared.sam.writes(words)
        assert await states(shared) == ["awaiting-consent", "refused"]


async def test_R32_requests_about_one_photo_are_told_apart_by_their_purpose(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        await shared.lee.writes(RESEARCH.format(ref=shared.image.ref))
        await shared.sam.writes("ok, yes to the teaching")
        assert "education" in shared.sam.last_heard and "research" in shared.sam.last_heard
        await shared.sam.writes("STOP")
        offered = str(polls_in(shared.practice, shared.sam.own_room)[-1])
        assert "for education" in offered and "for research" in offered
