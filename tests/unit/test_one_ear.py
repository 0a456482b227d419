"""What patients write is heard as what it means; nothing changes for good by words that may mean something else (R34)."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from bot.domain.deeds import Deed, Puzzle
from bot.domain.entries import EntryKind
from bot.domain.identifiers import Account
from bot.domain.image import HeldFor, State
from bot.domain.people import Standing
from bot.domain.use import UseState
from bot.words import about_lost_phones, to_patients
from handlers.photos import listen
from tests.cases import TEACHING, Shared, shared_practice, taps
from tests.households import documents, latest_image, person_id
from tests.practice import JPEG, Someone, staffed_practice

BACK = ["pls delete that pic", "sorry wrong photo, please dont use it", "Delete it!!", "i dont want you to keep this"]
OTHER = JPEG + b" of something else"


def test_everything_that_can_be_meant_is_done() -> None:
    assert set(listen._DOING) == {*get_args(Deed), Puzzle}


def heard_since(person: Someone, before: int) -> str:
    return "\n".join(person.heard[before:])


async def team(shared: Shared) -> str:
    return "\n".join(shared.practice.seen_in(await shared.practice.practice_room()))


# ---- delete that pic


@pytest.mark.parametrize("words", BACK)
async def test_R34_a_wish_to_have_it_back_holds_the_photo_and_a_tap_withdraws_it(tmp_path: Path, words: str) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo()
        await people.sam.writes(words)
        image = await people.practice.only_image()
        assert (image.state, image.held_for, image.reason) == (State.HELD, HeldFor.ASKED_BACK, "")
        assert not image.deleted_by_sender, "no message was deleted"
        assert f"“yes {image.ref}”" in "\n".join(people.sam.heard), "apps without polls read the same"
        await people.practice.after(hours=1)
        assert (await people.practice.only_image()).state is State.HELD, "no deadline files it"
        await taps(people.sam, "Yes")
        assert (await people.practice.only_image()).state is State.DISCARDED
        assert "withdrawn before it was filed" in people.sam.last_heard


async def test_R34_a_no_lets_it_go_on_and_what_it_is_about_is_still_asked(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo()
        await people.sam.writes("pls delete that pic")
        await taps(people.sam, "No")
        assert (await people.practice.only_image()).state is State.CAPTURED
        await people.sam.writes("a mole")
        image = await people.practice.only_image()
        assert (image.state, image.reason) == (State.VERIFIED, "a mole")


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("yes please", State.DISCARDED),
        ("sí", State.DISCARDED),
        ("ok", State.HELD),
        ("delete it", State.HELD),
        ("yes {ref}", State.DISCARDED),
        ("yes please {ref}", State.DISCARDED),
        ("yes but keep {ref}", State.HELD),
        ("no thanks", State.CAPTURED),
        ("nope", State.CAPTURED),
    ],
)
async def test_R13_in_words_a_clear_yes_or_no_counts_and_what_is_neither_is_asked_about(
    tmp_path: Path, words: str, state: State
) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo()
        await people.sam.writes("wrong photo sorry")
        ref = (await people.practice.only_image()).ref
        await people.sam.writes(words.format(ref=ref))
        image = await people.practice.only_image()
        assert (image.state, image.reason) == (state, "")
        if state is State.HELD:
            assert f"“yes {ref}”" in people.sam.last_heard


@pytest.mark.parametrize("delete_first", [True, False])
async def test_R13_what_is_asked_of_several_in_words_names_every_photo_and_works_as_it_stands(
    tmp_path: Path, delete_first: bool
) -> None:
    async with staffed_practice(tmp_path) as people:
        sent = [await people.sam.sends_photo(JPEG + bytes([n])) for n in range(2)]
        if delete_first:
            for photo in sent:
                await people.sam.deletes(photo)
        else:
            await people.sam.writes("delete those two please")
        first, second = await people.practice.images()
        line = f"yes {first.ref} and {second.ref}"
        assert f"“{line}”" in people.sam.heard[-2], "beside the poll"
        await people.sam.writes("yes please")
        assert f"“{line}”" in people.sam.last_heard
        await people.sam.writes(line)
        assert [image.state for image in await people.practice.images()] == [State.DISCARDED, State.DISCARDED]


async def test_R34_of_several_photos_the_tap_says_which(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        for n in range(3):
            await people.sam.sends_photo(JPEG + bytes([n]))
        await people.sam.writes("please delete the photo")
        first, second, third = await people.practice.images()
        assert {image.held_for for image in (first, second, third)} == {HeldFor.ASKED_BACK}
        await taps(people.sam, second.ref)
        states = [image.state for image in await people.practice.images()]
        assert states == [State.CAPTURED, State.DISCARDED, State.CAPTURED]


async def test_R34_in_a_caption_too_and_before_it_is_fetched(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo(caption="sorry wrong photo, please dont use it")
        image = await people.practice.only_image()
        assert (image.state, image.held_for, image.reason) == (State.HELD, HeldFor.ASKED_BACK, "")
        await taps(people.sam, "Yes")
        assert (await people.practice.only_image()).state is State.DISCARDED


async def test_R34_unanswered_by_the_next_day_the_team_hears_and_a_clinician_decides(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo()
        await people.sam.writes("pls delete that pic")
        await people.practice.after(hours=25)
        image = await people.practice.only_image()
        seen = "\n".join(people.practice.seen_in(await people.practice.practice_room()))
        assert f"{image.ref} needs a person: the sender, or whoever answers for the patient, may want it back" in seen
        await people.lee.writes(f"!keep {image.ref}")
        assert (await people.practice.only_image()).state is State.VERIFIED
        before = len(people.sam.heard)
        await taps(people.sam, "Yes")
        assert "answered already" in heard_since(people.sam, before)
        assert (await people.practice.only_image()).state is State.VERIFIED


async def test_R34_what_is_in_the_record_is_shared_with_nobody_before_they_answer(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        await taps(shared.sam, "Yes")
        (use,) = await shared.uses()
        assert use.state is UseState.RELEASED
        await shared.sam.writes("please don't use that photo any more")
        (use,) = await shared.uses()
        assert use.state is UseState.RELEASED and use.doubted and not use.held
        assert "stays in the record" in "\n".join(shared.sam.heard[-2:])
        await taps(shared.sam, "No")
        (use,) = await shared.uses()
        assert not use.waits, "released by a no"
        await shared.sam.writes("please don't use that photo any more")
        await taps(shared.sam, "Yes")
        (use,) = await shared.uses()
        assert use.state is UseState.WITHDRAWN and (await shared.now()).stopped


async def test_R34_what_is_asked_for_meanwhile_waits_too_and_go_on_lets_it_go(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.writes("pls delete that pic")
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        (use,) = await shared.uses()
        assert use.doubted
        await shared.practice.after(hours=25)
        assert "has not answered" in await team(shared)
        await shared.kim.writes(f"!go-on {shared.image.ref}")
        (use,) = await shared.uses()
        assert not use.waits


async def test_R34_the_photo_is_the_one_replied_to_or_else_the_one_a_clinician_wrote_about_last(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.sends_photo(OTHER, caption="my toe")
        second = await latest_image(shared)
        await shared.practice.after(minutes=5)
        await shared.lee.writes(f"!reply {shared.image.ref} use the cream")
        await shared.sam.writes("please delete that picture")
        assert f"I have put {shared.image.ref} on hold" in "\n".join(shared.sam.heard[-2:])
        await shared.practice.after(minutes=5)
        third = await shared.sam.sends_photo(OTHER + b"3", caption="my knee")
        reply = {"m.relates_to": {"m.in_reply_to": {"event_id": third.event_id}}}
        content = {"msgtype": "m.text", "body": "delete this one", **reply}
        await shared.practice.receive(shared.sam.arrival(shared.sam.own_room, content))
        await shared.practice.settle()
        assert (await latest_image(shared)).ref in "\n".join(shared.sam.heard[-2:])
        assert second.ref not in "\n".join(shared.sam.heard[-2:])


# ---- stop, a lost phone


async def test_R34_stop_alone_asks_what_to_stop(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        await shared.sam.writes("STOP")
        assert "What should I stop?" in shared.sam.last_heard and f"withdraw {shared.image.ref}" in shared.sam.heard[-2]
        (use,) = await shared.uses()
        assert use.state is UseState.AWAITING_CONSENT
        await taps(shared.sam, "Say no")
        (use,) = await shared.uses()
        assert use.state is UseState.REFUSED
        await shared.sam.writes("stop")
        await taps(shared.sam, "Take back")
        assert (await shared.now()).stopped


async def test_R34_stop_offers_the_photo_that_is_in_use_before_the_latest_and_says_so_first(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.taught()
        await shared.sam.sends_photo(OTHER, caption="my toe")
        before = len(shared.sam.heard)
        await shared.sam.writes("STOP")
        words, poll = shared.sam.heard[before:]
        in_use, latest = shared.image.ref, (await latest_image(shared)).ref
        assert f"“withdraw {in_use}” or “withdraw {latest}”" in words, "apps without polls read the same"
        assert "write:" not in poll, "what is tapped below stands below"
        await taps(shared.sam, f"Take back {in_use}")
        (use,) = await shared.uses()
        assert use.state is UseState.WITHDRAWN and not (await latest_image(shared)).stopped


async def test_R34_stop_with_nothing_to_stop(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.writes("stop")
        assert "There is nothing to stop" in people.sam.last_heard


async def test_R34_a_phone_that_may_be_lost_takes_one_tap(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.writes("i think somebody stole my phone")
        assert about_lost_phones.PERHAPS_LOST in "\n".join(people.sam.heard)
        async with people.practice.journal.reading() as rows:
            assert (await rows.people.get(await person_id(people.sam))).standing is Standing.ACTIVE
        await people.sam.writes("yes")
        async with people.practice.journal.reading() as rows:
            assert (await rows.people.get(await person_id(people.sam))).standing is Standing.ACTIVE, "words end nothing"
        await taps(people.sam, "Yes")
        async with people.practice.journal.reading() as rows:
            assert (await rows.people.get(await person_id(people.sam))).standing is Standing.PAUSED


# ---- questions


async def test_R34_a_question_is_answered_from_what_is_known_and_the_reason_stays_asked_for(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.sends_photo(OTHER)
        await shared.sam.writes("has the doctor looked at it yet?")
        image = await latest_image(shared)
        assert image.reason == "" and "Nobody has looked at" in shared.sam.last_heard
        assert to_patients.what_is_it_about.english() in shared.sam.last_heard
        (said,) = await documents(shared, kind=EntryKind.ANSWER)
        assert (said.image_id, said.text) == (image.id, "has the doctor looked at it yet?")
        await shared.lee.writes(f"!mine {image.ref}")
        await shared.sam.writes("has anyone seen my photo?")
        assert f"Dr Lee has taken {image.ref}" in shared.sam.last_heard
        await shared.sam.writes("rash on my arm")
        assert (await latest_image(shared)).reason == "rash on my arm"


# ---- plain words


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("no thanks", UseState.REFUSED),
        ("nope", UseState.REFUSED),
        ("no {number}, sorry", UseState.REFUSED),
        ("yes please", UseState.AWAITING_CONSENT),
        ("sí", UseState.AWAITING_CONSENT),
        ("ok", UseState.AWAITING_CONSENT),
        ("ok {number}", UseState.RELEASED),
        ("yes {number} thanks", UseState.RELEASED),
        ("yes {number}, but not my face", UseState.AWAITING_CONSENT),
        ("rash is better now", UseState.AWAITING_CONSENT),
    ],
)
async def test_R13_a_request_is_answered_by_a_clear_no_and_by_a_yes_with_its_number(
    tmp_path: Path, words: str, state: UseState
) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        async with shared.practice.journal.reading() as rows:
            number = next(
                choice.number for choice in await rows.choices.find(about="specific-consent") if choice.number
            )
        await shared.sam.writes(words.format(number=number))
        (use,) = await shared.uses()
        assert use.state is state
        if words in {"yes please", "sí", "ok"}:
            assert f"“yes {number}”" in shared.sam.last_heard, "it says what it still needs"


@pytest.mark.parametrize("words", ["my pictures", "can I see my photos please", "my images"])
async def test_their_images_are_shown_however_they_ask(tmp_path: Path, words: str) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.writes(words)
        assert shared.image.ref in shared.sam.last_heard and "withdraw" in shared.sam.last_heard


@pytest.mark.parametrize("words", ["!help", "Help me please", "what can I do here?"])
async def test_help_is_shown_however_they_ask(tmp_path: Path, words: str) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.writes(words)
        assert "my images" in people.sam.last_heard and "!list" not in people.sam.last_heard


async def test_a_reason_is_put_right_in_their_own_words(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.writes(f"please correct {shared.image.ref} to: rash on the left arm")
        assert (await shared.now()).reason == "rash on the left arm"
        await shared.sam.writes(f"correct {shared.image.ref} please delete it")
        assert (await shared.now()).reason == "rash on the left arm"
        assert "Should it be withdrawn?" in "\n".join(shared.sam.heard[-2:])


async def test_a_reply_to_a_clinician_is_filed_under_that_photo_and_reaches_them(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(f"!reply {shared.image.ref} use the cream")
        replied_to = shared.practice.posts_in(shared.sam.own_room)[-1].event_id
        await shared.sam.sends_photo(OTHER)
        content = {
            "msgtype": "m.text",
            "body": "the cream made it worse",
            "m.relates_to": {"m.in_reply_to": {"event_id": replied_to}},
        }
        await shared.practice.receive(shared.sam.arrival(shared.sam.own_room, content))
        await shared.practice.settle()
        (said,) = await documents(shared, kind=EntryKind.ANSWER)
        assert said.image_id == shared.image.id and "the cream made it worse" in shared.lee.last_heard
        assert (await latest_image(shared)).reason == ""


@pytest.mark.parametrize("words", ["my code is {code} thanks!", "Code: {code}", "hi, I was given {code}"])
async def test_a_code_is_read_wherever_it_stands_and_a_birthday_too(tmp_path: Path, words: str) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.kim.writes('!enrol patient 10499 "Ann Lee" 1990-05-02')
        code = people.practice.last_code(people.kim.own_room).lower().replace("-", " ")
        ann = Someone(people.practice, Account("@ann:hs.test"), "AnnIdentity")
        await ann.enrol(words.format(code=code), answer="its 2/5/1990 thanks")
        assert await person_id(ann)
