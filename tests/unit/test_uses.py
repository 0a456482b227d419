"""Conversations about using an image: advice, another purpose, change of mind. Each as people would have it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain import rooms
from bot.domain.arrivals import ArrivalKind
from bot.domain.entries import EntryKind
from bot.domain.errors import OutsideFailure
from bot.domain.identifiers import EventId, RoomId
from bot.domain.image import Image
from bot.domain.planned import Progress
from bot.domain.policy import Policy
from bot.domain.purposes import Purpose
from bot.domain.screening import Findings, Hint
from bot.domain.use import Use, UseState
from bot.domain.use_rules import UsePolicy
from bot.words.about_pictures import LOOKS_SECONDARY
from tests.cases import POLL, TEACHING, answer_id, pictures_in, polls_in, shared_practice, taps
from tests.practice import POLICY, Practice, Someone, Staffed, staffed_practice


@asynccontextmanager
async def with_derm(
    directory: Path, policy: Policy = POLICY
) -> AsyncIterator[tuple[Practice, Staffed, Someone, Image]]:
    """A practice with a filed photo of Sam's rash, and Dr Derm, an outside clinician."""
    async with shared_practice(directory, policy) as shared:
        people = Staffed(shared.practice, shared.kim, shared.lee, shared.sam)
        yield shared.practice, people, shared.derm, shared.image


async def only_use(practice: Practice) -> Use:
    async with practice.journal.reading() as rows:
        (use,) = await rows.uses.find()
        return use


async def case_room(practice: Practice) -> str:
    return await practice.room(rooms.case((await only_use(practice)).id))


async def shown_to(practice: Practice, person: Someone) -> int:
    async with practice.journal.reading() as rows:
        someone = await rows.people.first(account=person.account)
        assert someone is not None
        return len(await rows.disclosures.find(to_person_id=someone.id, how="forwarded"))


async def test_advice_is_one_command_and_one_tap(tmp_path: Path) -> None:
    """R7."""
    async with with_derm(tmp_path) as (practice, people, derm, image):
        await people.lee.writes(f"!forward {image.ref} @derm:hs.test is this a melanoma?")
        assert "rash on my arm, three days" in people.lee.last_heard
        assert await shown_to(practice, derm) == 0
        await taps(people.lee, "Yes")
        room = await case_room(practice)
        assert len(pictures_in(practice, room)) == 1
        intro = practice.seen_in(room)[0]
        assert "is this a melanoma?" in intro and "rash on my arm" in intro and "mislead" in intro
        assert "Sam" not in " ".join(practice.seen_in(room)) and "Patel" not in " ".join(practice.seen_in(room))
        assert await shown_to(practice, derm) == 1
        assert (await only_use(practice)).rule == "R7"


async def test_a_case_is_filed_before_it_is_purged_and_the_recipient_settles_a_copy(tmp_path: Path) -> None:
    async with with_derm(tmp_path) as (practice, people, derm, image):
        await people.lee.writes(f"!forward {image.ref} @derm:hs.test is this a melanoma?")
        await taps(people.lee, "Yes")
        room = await case_room(practice)
        await derm.writes("looks benign to me, review in six weeks", room=room)
        await people.lee.writes("!close benign, review in six weeks", room=room)
        entries = await practice.record.entries(image.patient_id)
        assert any(entry.kind is EntryKind.NOTE and entry.text == "benign, review in six weeks" for entry in entries)
        picture = next(post for post in practice.posts_in(room) if post.content.get("msgtype") == "m.image")
        assert picture.event_id not in practice.homeserver.redacted, "not before the recipient has answered"
        await taps(derm, "Not needed", room=room)
        assert (await only_use(practice)).state is UseState.CLOSED
        assert picture.event_id in practice.homeserver.redacted
        assert picture.content["file"]["url"] not in practice.homeserver.media


async def test_a_case_whose_adviser_has_left_is_cleared_at_once(tmp_path: Path) -> None:
    """R5: nobody is left to say whether they keep a copy, so nobody is asked, or told to wait for it."""
    async with with_derm(tmp_path) as (practice, people, _, image):
        await people.lee.writes(f"!forward {image.ref} @derm:hs.test is this a melanoma?")
        await taps(people.lee, "Yes")
        room = await case_room(practice)
        await people.kim.writes("!leaves @derm:hs.test")
        await people.lee.writes("!close no advice came", room=room)
        assert (await only_use(practice)).state is UseState.CLOSED and not polls_in(practice, room)
        assert "not here any more" in practice.seen_in(room)[-1]


async def test_the_recipient_cannot_close_the_case(tmp_path: Path) -> None:
    async with with_derm(tmp_path) as (practice, people, derm, image):
        await people.lee.writes(f"!forward {image.ref} @derm:hs.test melanoma?")
        await taps(people.lee, "Yes")
        await derm.writes("!close done", room=await case_room(practice))
        assert (await only_use(practice)).state is UseState.RELEASED


@pytest.mark.parametrize(
    ("account", "words"),
    [("@nobody:hs.test", "not enrolled"), ("@derm:elsewhere.test", "homeserver"), ("@sam:hs.test", "patient")],
)
async def test_nothing_is_forwarded_to_somebody_unknown_or_elsewhere_or_to_the_patient(
    tmp_path: Path, account: str, words: str
) -> None:
    """R15, R26, R24."""
    async with with_derm(tmp_path) as (practice, people, _, image):
        await people.lee.writes(f"!forward {image.ref} {account} melanoma?")
        assert words in people.lee.last_heard
        assert not polls_in(practice, people.lee.own_room)


async def test_one_line_asks_the_patient_in_full_and_yes_releases_to_the_named_recipient_only(tmp_path: Path) -> None:
    """R9, R12."""
    async with with_derm(tmp_path) as (practice, people, derm, image):
        await people.lee.writes(TEACHING.format(ref=image.ref))
        asked = "\n".join(people.sam.heard)
        for element in ("Dr Lee", "clinician", image.ref, "education", "registrar teaching, 12 March", "registrars of"):
            assert element in asked
        for element in (
            "probably not",
            "31 March 2027",
            "no difference to Sam Patel's care",
            "Dr Derm (@derm:hs.test)",
        ):
            assert element in asked
        assert len(pictures_in(practice, derm.own_room)) == 0
        await taps(people.sam, "Yes")
        assert len(pictures_in(practice, derm.own_room)) == 1
        assert "agreed to, until 31 March 2027. Dr Derm gets it now" in people.lee.last_heard
        assert (await only_use(practice)).state is UseState.RELEASED
        entries = await practice.record.entries(image.patient_id)
        consent = next(entry for entry in entries if entry.kind is EntryKind.CONSENT)
        assert consent.facts["answer"] == "granted" and "no difference to Sam Patel's care" in consent.facts["wording"]
        assert consent.facts["proof"]["identity"] == "SamIdentity"


async def test_what_leaves_is_a_clean_copy_with_its_terms_and_a_name_that_says_nothing(tmp_path: Path) -> None:
    """R19. What a clinician looks at inside the practice is a smaller rendition."""
    async with with_derm(tmp_path) as (practice, people, derm, image):
        await people.lee.writes(TEACHING.format(ref=image.ref))
        await taps(people.sam, "Yes")
        left = next(p for p in practice.posts_in(derm.own_room) if p.content.get("msgtype") == "m.image")
        copy = practice.homeserver.media[left.content["file"]["url"]]
        assert copy.startswith(b"clean copy: Hill Street Practice") and b"education only" in copy
        await people.lee.writes(f"!show {image.ref}")
        shown = practice.posts_in(people.lee.own_room)[-1]
        assert practice.homeserver.media[shown.content["file"]["url"]] == b"rendition"
        assert left.content["filename"] not in {shown.content["filename"], "photo.jpg"}


async def test_what_looks_like_a_film_or_a_screen_carries_the_caution_wherever_it_goes(tmp_path: Path) -> None:
    """R20: shown, forwarded, agreed to, or required by law. It is a hint: the sender hears nothing of it."""
    async with with_derm(tmp_path) as (practice, people, derm, image):
        async with practice.journal.transaction() as rows:
            screening = await rows.screenings.get(image.id)
            await rows.screenings.save(replace(screening, findings=Findings(hints=(Hint.SECONDARY,)).as_json()))
        await people.lee.writes(f"!show {image.ref}")
        await people.lee.writes(f"!forward {image.ref} @derm:hs.test is this a melanoma?")
        await taps(people.lee, "Yes")
        room = await case_room(practice)
        await people.lee.writes(TEACHING.format(ref=image.ref))
        await taps(people.sam, "Yes")
        await people.kim.writes(
            f'!required-by-law {image.ref} basis "subpoena 12" authority "Court" recipient "registrar"'
        )
        for where in (people.lee.own_room, room, derm.own_room, people.kim.own_room):
            pictures = [post for post in practice.posts_in(where) if post.content.get("msgtype") == "m.image"]
            assert pictures[-1].body.endswith(LOOKS_SECONDARY)
        assert not any("film" in line for line in people.sam.heard)


async def test_no_releases_nothing_and_the_requester_hears_no_reasons(tmp_path: Path) -> None:
    """R13."""
    async with with_derm(tmp_path) as (practice, people, derm, image):
        await people.lee.writes(TEACHING.format(ref=image.ref))
        await taps(people.sam, "No")
        assert (await only_use(practice)).state is UseState.REFUSED
        assert len(pictures_in(practice, derm.own_room)) == 0
        assert "not agreed" in people.lee.last_heard


async def test_the_same_answer_in_words_needs_the_number(tmp_path: Path) -> None:
    async with with_derm(tmp_path) as (practice, people, _derm, image):
        await people.lee.writes(TEACHING.format(ref=image.ref))
        async with practice.journal.reading() as rows:
            number = (await rows.choices.find(about="specific-consent"))[0].number
        for words in ("yes", f"yes but only the hand {number}", "yes 0000"):
            await people.sam.writes(words)
            assert "only a clear yes or no" in people.sam.last_heard and number in people.sam.last_heard
            assert (await only_use(practice)).state is UseState.AWAITING_CONSENT
        await people.sam.writes(f"Yes {number}")
        assert (await only_use(practice)).state is UseState.RELEASED


async def test_an_answer_counts_once_from_the_right_person_before_it_expires(tmp_path: Path) -> None:
    async with with_derm(tmp_path) as (practice, people, derm, image):
        await people.lee.writes(TEACHING.format(ref=image.ref))
        yes, no = (answer_id(practice, people.sam.own_room, label) for label in ("Yes", "No"))
        await taps(derm, "", secret=yes)
        assert (await only_use(practice)).state is UseState.AWAITING_CONSENT
        await taps(people.sam, "", secret=no)
        await taps(people.sam, "", secret=yes)
        assert (await only_use(practice)).state is UseState.REFUSED
        assert len(pictures_in(practice, derm.own_room)) == 0


async def test_no_answer_is_one_reminder_and_then_expired(tmp_path: Path) -> None:
    async with with_derm(tmp_path) as (practice, people, derm, image):
        await people.lee.writes(TEACHING.format(ref=image.ref))
        yes = answer_id(practice, people.sam.own_room, "Yes")
        for _ in range(8):
            await practice.after(days=1)
        assert sum("still open" in words for words in people.sam.heard) == 1
        assert (await only_use(practice)).state is UseState.EXPIRED
        await taps(people.sam, "", secret=yes)
        assert (await only_use(practice)).state is UseState.EXPIRED
        assert len(pictures_in(practice, derm.own_room)) == 0


async def test_withdrawing_stops_the_use_tells_the_recipient_purges_and_names_what_is_beyond_reach(
    tmp_path: Path,
) -> None:
    """R13."""
    async with with_derm(tmp_path) as (practice, people, derm, image):
        await people.lee.writes(TEACHING.format(ref=image.ref))
        await taps(people.sam, "Yes")
        picture = next(p for p in practice.posts_in(derm.own_room) if p.content.get("msgtype") == "m.image")
        await people.sam.writes(f"withdraw {image.ref}")
        assert (await only_use(practice)).state is UseState.WITHDRAWN
        assert picture.event_id in practice.homeserver.redacted
        assert any("delete every copy" in words for words in derm.heard)
        assert (
            "Dr Derm may have saved" in people.sam.last_heard and "stays in the health record" in people.sam.last_heard
        )
        await people.lee.writes(f"!forward {image.ref} @derm:hs.test and now?")
        assert "may not be used any further" in people.lee.last_heard


async def test_withdrawn_between_decision_and_sending_nothing_leaves(tmp_path: Path) -> None:
    async with with_derm(tmp_path) as (practice, people, derm, image):
        await people.lee.writes(TEACHING.format(ref=image.ref))
        yes = answer_id(practice, people.sam.own_room, "Yes")
        arrival = people.sam.arrival(people.sam.own_room, {f"{POLL}.response": {"answers": [yes]}})
        await practice.receive(replace(arrival, type=f"{POLL}.response"))
        await people.sam.writes(f"withdraw {image.ref}", settle=False)
        await practice.settle()
        assert len(pictures_in(practice, derm.own_room)) == 0


async def test_the_guided_request_asks_by_taps_and_for_all_words_at_once(tmp_path: Path) -> None:
    async with with_derm(tmp_path) as (practice, people, derm, image):
        await people.lee.writes(f"!use {image.ref}")
        await taps(people.lee, "education")
        await taps(people.lee, "Probably not")
        await taps(people.lee, "Six months")
        assert all(line in people.lee.last_heard for line in ("how:", "seen by:", "recipient:"))
        await people.lee.writes("How: registrar teaching,\nin March\nseen by: registrars of the clinic")
        assert "how:" not in people.lee.last_heard and "recipient:" in people.lee.last_heard
        await people.lee.writes("recipient: @derm:hs.test")
        use = await only_use(practice)
        assert (use.how, use.seen_by) == ("registrar teaching,\nin March", "registrars of the clinic")
        assert use.state is UseState.AWAITING_CONSENT
        await taps(people.sam, "Yes")
        assert len(pictures_in(practice, derm.own_room)) == 1


async def test_eleven_images_in_one_request_are_too_many(tmp_path: Path) -> None:
    async with with_derm(tmp_path) as (_practice, people, _, _image):
        refs = " ".join(f"IMG-7F3{last}" for last in "0123456789A")
        await people.lee.writes(f"!use {refs} for education")
        assert "At most 10" in people.lee.last_heard


@pytest.mark.parametrize(
    "words",
    [
        'for education registrar teaching seen by "registrars" until 2027-03-31 recipient @derm:hs.test',
        'for education "teaching" seen by registrars of the clinic until 2027-03-31 recipient @derm:hs.test',
    ],
)
async def test_words_without_quotation_marks_are_told_whole_and_never_in_half(tmp_path: Path, words: str) -> None:
    """R9: the patient is told the whole of it."""
    async with with_derm(tmp_path) as (_practice, people, _, image):
        await people.lee.writes(f"!use {image.ref} {words} recognisable no")
        asked = "\n".join(people.sam.heard)
        assert all(
            f"“{said}”" in asked for said in re.findall(r'education "?(.*?)"? seen by "?(.*?)"? until', words)[0]
        )


async def test_what_was_agreed_ends_on_its_day(tmp_path: Path) -> None:
    """R12."""
    async with with_derm(tmp_path) as (practice, people, derm, image):
        await people.lee.writes(TEACHING.format(ref=image.ref))
        await taps(people.sam, "Yes")
        practice.clock.move(timedelta(days=200))
        await practice.settle()
        assert (await only_use(practice)).state is UseState.CLOSED
        assert any("may not be used any longer" in words for words in derm.heard)


async def test_agreed_advice_is_shown_no_longer_than_was_agreed(tmp_path: Path) -> None:
    """R8, R12: the picture goes on its day, however long the practice keeps what it shares; the case waits for its summary."""
    async with with_derm(tmp_path, replace(POLICY, keep_shared=timedelta(days=365))) as (practice, people, derm, image):
        await people.lee.writes(f"!forward {image.ref} @derm:hs.test what about the knee?")
        await taps(people.lee, "No, something else")
        await taps(people.sam, "Yes")
        (picture,) = pictures_in(practice, await case_room(practice))
        await practice.after(days=89)
        assert picture not in practice.homeserver.redacted
        await practice.after(days=2)
        assert picture in practice.homeserver.redacted
        assert any("may not be used any longer" in words for words in derm.heard)
        assert (await only_use(practice)).state is UseState.RELEASED
        await people.lee.writes("!close nothing more", room=await case_room(practice))
        assert (await only_use(practice)).summarised_at is not None


async def test_a_question_stays_readable_as_long_as_it_can_be_answered_and_no_longer(tmp_path: Path) -> None:
    async with with_derm(tmp_path) as (practice, people, _, image):
        await people.lee.writes(TEACHING.format(ref=image.ref))
        asked = [post for post in practice.posts_in(people.sam.own_room) if "registrar teaching" in post.body]
        poll = next(post for post in practice.posts_in(people.sam.own_room) if f"{POLL}.start" in post.content)
        await practice.after(days=5)
        gone = practice.homeserver.redacted
        assert not {poll.event_id, asked[0].event_id} & set(gone), "Sam opens the app on the fifth day"
        await taps(people.sam, "No")
        await practice.after(days=1, minutes=1)
        assert {poll.event_id, asked[0].event_id} <= set(gone)


async def test_words_of_people_about_a_filed_image_leave_the_chat_in_their_time(tmp_path: Path) -> None:
    """R17: commands and answers hold the reason and the question too."""
    async with with_derm(tmp_path) as (practice, people, _, image):
        asked = await people.lee.writes(f"!forward {image.ref} @derm:hs.test is this a melanoma?")
        await practice.after(hours=25)
        assert asked.event_id in practice.homeserver.redacted


async def test_a_case_can_be_read_for_as_long_as_it_is_open(tmp_path: Path) -> None:
    async with with_derm(tmp_path) as (practice, people, derm, image):
        await people.lee.writes(f"!forward {image.ref} @derm:hs.test is this a melanoma?")
        await taps(people.lee, "Yes")
        room = await case_room(practice)
        said = await derm.writes("I would wait", room=room)
        await practice.after(days=5)
        in_case = {post.event_id for post in practice.posts_in(room)} | {said.event_id}
        assert not in_case & set(practice.homeserver.redacted)
        await people.lee.writes("!close wait", room=room)
        await taps(derm, "Not needed", room=room)
        late = await derm.writes("one more thing about the mole", room=room)
        assert "closed" in practice.seen_in(room)[-1]
        await practice.after(days=1, minutes=1)
        assert in_case | {late.event_id} <= set(practice.homeserver.redacted)
        async with practice.journal.reading() as rows:
            assert not any(line.text for line in await rows.lines.find())


async def test_the_patient_and_the_record_see_with_whom_it_was_shared(tmp_path: Path) -> None:
    """R24."""
    async with with_derm(tmp_path) as (practice, people, _, image):
        await people.lee.writes(TEACHING.format(ref=image.ref))
        await taps(people.sam, "Yes")
        await people.sam.writes("my images")
        assert "Shown to Dr Derm for education, as you agreed" in people.sam.last_heard
        filed = await practice.record.entries(image.patient_id)
        shown = [entry.facts for entry in filed if entry.kind is EntryKind.DISCLOSURE]
        assert [(fact["to"], fact["how"], fact["purpose"]) for fact in shown] == [("Dr Derm", "forwarded", "education")]


async def test_a_reaction_is_no_answer_and_is_told_so_only_where_one_is_awaited(tmp_path: Path) -> None:
    async with with_derm(tmp_path) as (practice, people, derm, image):
        content = {"m.relates_to": {"rel_type": "m.annotation", "event_id": "$poll", "key": "👍"}}

        async def react() -> str:
            before = len(people.sam.heard)
            arrival = people.sam.arrival(people.sam.own_room, content, ArrivalKind.PLAINTEXT)
            await practice.receive(replace(arrival, type="m.reaction"))
            await practice.settle()
            return " ".join(people.sam.heard[before:])

        assert await react() == ""
        await people.lee.writes(TEACHING.format(ref=image.ref))
        assert "can't count a reaction" in await react()
        assert (await only_use(practice)).state is UseState.AWAITING_CONSENT
        assert len(pictures_in(practice, derm.own_room)) == 0


async def test_a_picture_sent_just_before_the_bot_died_is_found_and_erased_although_the_use_was_stopped_meanwhile(
    tmp_path: Path,
) -> None:
    """R13, R17: the homeserver remembers the transaction id, so the second try finds what the first one sent."""
    async with with_derm(tmp_path) as (practice, people, derm, image):
        send = practice.homeserver.send

        async def dies_after_sending(room_id: RoomId, content: Any, audience: Any, **more: Any) -> EventId:
            event_id = await send(room_id, content, audience, **more)
            if content.get("msgtype") == "m.image":
                practice.homeserver.send = send
                raise OutsideFailure("died here")
            return event_id

        await people.lee.writes(TEACHING.format(ref=image.ref))
        practice.homeserver.send = dies_after_sending
        await taps(people.sam, "Yes")
        picture = next(p for p in practice.posts_in(derm.own_room) if p.content.get("msgtype") == "m.image")
        await people.sam.writes(f"withdraw {image.ref}")
        await practice.after(minutes=1)
        assert len(pictures_in(practice, derm.own_room)) == 1
        assert picture.event_id in practice.homeserver.redacted


@pytest.mark.parametrize("stop", ["withdraw", "!recall"])
async def test_words_sent_into_a_case_just_before_the_bot_died_are_found_and_erased_although_it_was_stopped_meanwhile(
    tmp_path: Path, stop: str
) -> None:
    """R13, R25: they name what the photo was sent for, and would stay as long as the case was meant to."""
    async with with_derm(tmp_path) as (practice, people, _, image):
        send = practice.homeserver.send

        async def dies_after_sending(room_id: RoomId, content: Any, audience: Any, **more: Any) -> EventId:
            event_id = await send(room_id, content, audience, **more)
            if "asks for advice" in str(content.get("body")):
                practice.homeserver.send = send
                raise OutsideFailure("died here")
            return event_id

        practice.homeserver.send = dies_after_sending
        await people.lee.writes(f"!forward {image.ref} @derm:hs.test is this a melanoma?")
        await taps(people.lee, "Yes")
        (intro,) = [post for post in practice.homeserver.posts if "asks for advice" in post.body]
        await (people.sam if stop == "withdraw" else people.lee).writes(f"{stop} {image.ref}")
        await practice.after(minutes=1)
        assert intro.event_id in practice.homeserver.redacted
        assert [post for post in practice.homeserver.posts if "asks for advice" in post.body] == [intro]


async def stop(people: Staffed, how: str, image: Image) -> None:
    if how == "the patient withdraws":
        await people.sam.writes(f"withdraw {image.ref}")
    elif how == "the patient may want it back":
        await people.sam.writes("please don't use that photo")
    elif how == "it is called back":
        await people.lee.writes(f"!recall {image.ref}")
    else:
        await people.kim.writes("!patient-leaves 10421")
        await taps(people.kim, "Leaves")


@pytest.mark.parametrize(
    "how", ["the patient withdraws", "the patient may want it back", "it is called back", "the patient leaves"]
)
async def test_nothing_is_said_in_a_case_that_ended_before_anybody_could_read_it(tmp_path: Path, how: str) -> None:
    async with with_derm(tmp_path) as (practice, people, _, image):
        send = practice.homeserver.send

        async def nobody_here(room_id: RoomId, content: Any, audience: Any, **more: Any) -> EventId:
            if "asks for advice" in str(content.get("body")):
                raise OutsideFailure("nobody-here-yet")
            return await send(room_id, content, audience, **more)

        practice.homeserver.send = nobody_here
        await people.lee.writes(f"!forward {image.ref} @derm:hs.test is this a melanoma?")
        await taps(people.lee, "Yes")
        await stop(people, how, image)
        practice.homeserver.send = send
        await practice.after(hours=1)
        said = practice.posts_in(await case_room(practice))
        assert said and not [post for post in said if "melanoma" in post.body or "rash" in post.body]
        assert {post.event_id in practice.homeserver.redacted for post in said if "taken back" in post.body} == {True}
        assert not await practice.left(Progress.HELD)


async def test_R13_words_that_are_taken_back_while_they_wait_are_not_said_whoever_might_hear_them(
    tmp_path: Path,
) -> None:
    async with staffed_practice(tmp_path) as people:
        practice = people.practice
        async with practice.journal.reading() as rows:
            sam = await rows.people.holder(people.sam.account)
        assert sam is not None
        own = rooms.own(sam.id)
        send = practice.homeserver.send

        async def away(*_: Any, **__: Any) -> EventId:
            raise OutsideFailure("away")

        practice.homeserver.send = away
        async with practice.journal.transaction() as rows:
            await practice.dispatch.transaction(rows).say(own, "your biopsy", private=True)
        await practice.settle()
        async with practice.journal.transaction() as rows:
            await practice.dispatch.transaction(rows).cancel(own)
        practice.homeserver.send = send
        await practice.after(hours=1)
        assert not [post for post in practice.posts_in(people.sam.own_room) if "biopsy" in post.body]
        assert not await practice.left(Progress.HELD)


@pytest.mark.parametrize("how", ["the patient withdraws", "it is called back", "the patient leaves"])
async def test_a_case_that_ended_before_its_room_was_made_gets_none(tmp_path: Path, how: str) -> None:
    async with with_derm(tmp_path) as (practice, people, _, image):
        create = practice.homeserver.create_room

        async def away(wish: Any) -> RoomId:
            raise OutsideFailure("away")

        practice.homeserver.create_room = away
        await people.lee.writes(f"!forward {image.ref} @derm:hs.test is this a melanoma?")
        await taps(people.lee, "Yes")
        await stop(people, how, image)
        rooms_before = set(practice.homeserver.rooms)
        practice.homeserver.create_room = create
        await practice.after(hours=1)
        assert set(practice.homeserver.rooms) == rooms_before
        assert not [post for post in practice.homeserver.posts if "asks for advice" in post.body]


async def test_a_practice_may_ask_before_every_advice_and_the_patient_is_told_what_it_is_about(tmp_path: Path) -> None:
    """R22."""
    policy = replace(POLICY, uses=UsePolicy(advice_always_asks=True))
    async with with_derm(tmp_path, policy) as (practice, people, derm, image):
        await people.lee.writes(f"!forward {image.ref} @derm:hs.test is this a melanoma?")
        await taps(people.lee, "Yes")
        asked = "\n".join(people.sam.heard)
        assert "advice from a colleague, about what it was sent for" in asked and "is this a melanoma?" in asked
        assert "Dr Derm (@derm:hs.test)" in asked and await shown_to(practice, derm) == 0
        await taps(people.sam, "Yes")
        assert len(pictures_in(practice, await case_room(practice))) == 1


async def test_what_a_practice_never_does_is_not_even_offered(tmp_path: Path) -> None:
    """R22."""
    policy = replace(POLICY, uses=UsePolicy(never=frozenset({Purpose.SOCIAL_MEDIA})))
    async with with_derm(tmp_path, policy) as (practice, people, _, image):
        await people.lee.writes(f"!use {image.ref}")
        labels = [one["org.matrix.msc1767.text"] for one in polls_in(practice, people.lee.own_room)[-1]["answers"]]
        assert "education" in labels and "social-media" not in labels
        await people.lee.writes(TEACHING.format(ref=image.ref).replace("education", "social-media") + ' at "our page"')
        assert "does not use images for that" in people.lee.last_heard
        assert not any("asks for permission" in words for words in people.sam.heard)


async def test_ask_me_later_says_until_when_and_leaves_the_answer_open(tmp_path: Path) -> None:
    async with with_derm(tmp_path) as (practice, people, _, image):
        await people.lee.writes(TEACHING.format(ref=image.ref))
        await taps(people.sam, "Ask me later")
        expires = (await only_use(practice)).expires_at
        assert expires is not None and f"until {expires.day} {expires:%b %Y}" in people.sam.last_heard
        await taps(people.sam, "Yes")
        assert (await only_use(practice)).state is UseState.RELEASED


async def test_withdrawing_what_is_only_asked_for_does_not_speak_of_copies(tmp_path: Path) -> None:
    """R13: nothing that is said of it is untrue when it is said."""
    async with with_derm(tmp_path) as (practice, people, derm, image):
        await people.lee.writes(TEACHING.format(ref=image.ref))
        heard = len(derm.heard)
        await people.sam.writes(f"Withdraw {image.ref.lower()}!")
        assert (await only_use(practice)).state is UseState.WITHDRAWN
        for told in (people.lee.last_heard, people.sam.last_heard):
            assert "stopped before anything was shared" in told and "copies" not in told
        assert len(derm.heard) == heard
        await people.sam.writes(f"withdraw {image.ref}")
        assert "  " not in people.sam.last_heard and " \n" not in people.sam.last_heard, (
            "nor holes where it says nothing"
        )


@pytest.mark.parametrize("gone", ["!leaves @derm:hs.test", "!lost @derm:hs.test", "their chat"])
async def test_a_recipient_who_cannot_be_told_is_named_to_who_asked_and_to_the_patient(
    tmp_path: Path, gone: str
) -> None:
    """R13: every recipient is reached, or somebody knows that they have to be called."""
    async with with_derm(tmp_path) as (practice, people, derm, image):
        await people.lee.writes(TEACHING.format(ref=image.ref))
        await taps(people.sam, "Yes")
        if gone.startswith("!"):
            await people.kim.writes(gone)
        else:
            left = derm.arrival(derm.own_room, {"membership": "leave"}, ArrivalKind.MEMBERSHIP)
            await practice.receive(replace(left, target=derm.account))
        await people.sam.writes(f"withdraw {image.ref}")
        assert "Dr Derm may have saved a copy, and can't be told from here" in people.sam.last_heard
        assert "Dr Derm can't be told from here: please call them." in people.lee.last_heard


async def test_withdrawing_names_what_the_law_took_and_only_if_the_patient_may_know(tmp_path: Path) -> None:
    """R13, R13a."""
    async with with_derm(tmp_path) as (_practice, people, _, image):
        law = f'!required-by-law {image.ref} basis "subpoena" authority "Court" recipient '
        await people.kim.writes(f'{law} "the Registrar"')
        await people.kim.writes(f'{law} "Sgt Low" without telling the patient')
        await people.sam.writes(f"withdraw {image.ref}")
        assert "a copy was made for the Registrar" in people.sam.last_heard and "Low" not in people.sam.last_heard
