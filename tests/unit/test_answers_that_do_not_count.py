"""Bad input about a use, one by one: no copy leaves, a clear sentence is said, and the log says so (R13, R27)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.circles import answers_about, circle_of, matter_of
from bot.core.polls import ask
from bot.core.watches.clock_jumps import ClockWatch
from bot.domain.arrivals import Arrival, ArrivalKind, Proof
from bot.domain.authority import said_no
from bot.domain.consent import Answer
from bot.domain.identifiers import Account, ImageId, RoomId
from bot.domain.purposes import Purpose
from bot.domain.use import UseState
from tests.cases import TEACHING, Shared, answer_id, pictures_in, polls_in, shared_practice, taps
from tests.practice import POLICY, Someone

SHOWN = {UseState.GRANTED, UseState.RELEASED, UseState.CLOSED}


@dataclass
class Asked:
    """Sam has been asked; `yes` is the secret of that answer, `number` the one that words need."""

    shared: Shared
    yes: str
    no: str
    number: str

    @property
    def sam(self) -> Someone:
        return self.shared.sam

    async def says(self, words: str) -> str:
        await self.sam.writes(words)
        return self.sam.last_heard

    async def taps(self, secret: str) -> str:
        await taps(self.sam, "", secret=secret)
        return self.sam.last_heard

    async def arrives(self, arrival: Arrival) -> str:
        await self.shared.practice.receive(arrival)
        await self.shared.practice.settle()
        return self.sam.last_heard


async def asked_of(shared: Shared) -> Asked:
    await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
    room = shared.sam.own_room
    async with shared.practice.journal.reading() as rows:
        number = (await rows.choices.find(about="specific-consent", used_at=None))[0].number
    yes, no = (answer_id(shared.practice, room, label) for label in ("Yes", "No"))
    return Asked(shared, yes, no, number)


# ---- answers


async def another_member(asked: Asked) -> str:
    """Dr Derm has come into Sam's room, and taps there."""
    await taps(asked.shared.derm, "", room=asked.sam.own_room, secret=asked.yes)
    return asked.sam.last_heard


async def another_person_in_their_own_room(asked: Asked) -> str:
    await taps(asked.shared.derm, "", secret=asked.yes)
    return asked.shared.derm.last_heard


async def unverified_device(asked: Asked) -> str:
    await taps(replace(asked.sam, standing=Proof.UNSIGNED), "", secret=asked.yes)
    return asked.sam.last_heard


async def twice(asked: Asked) -> str:
    await asked.taps(asked.no)
    return await asked.taps(asked.yes)


async def twice_in_words(asked: Asked) -> str:
    await asked.says(f"No, {asked.number}")
    return await asked.says(f"yes {asked.number}")


async def after_expiry(asked: Asked) -> str:
    await asked.shared.practice.after(days=8)
    return await asked.taps(asked.yes)


async def after_expiry_in_words(asked: Asked) -> str:
    await asked.shared.practice.after(days=8)
    return await asked.says(f"yes {asked.number}")


async def to_another_question(asked: Asked) -> str:
    """The secret of an answer to a question that nobody asked."""
    return await asked.taps("a" * 26)


async def with_another_number(asked: Asked) -> str:
    return await asked.says(f"yes {(int(asked.number) + 1) % 10000:04d}")


async def edited_afterwards(asked: Asked) -> str:
    said = await asked.sam.writes(f"no {asked.number}")
    content: dict[str, Any] = {"msgtype": "m.text", "body": f"yes {asked.number}"}
    content |= {"m.relates_to": {"rel_type": "m.replace", "event_id": said.event_id}}
    return await asked.arrives(asked.sam.arrival(asked.sam.own_room, content))


async def redacted_afterwards(asked: Asked) -> str:
    """A refusal that is deleted from the chat stays a refusal."""
    said = await asked.sam.writes(f"no {asked.number}")
    await asked.sam.deletes(said)
    return asked.sam.last_heard


async def reaction(asked: Asked) -> str:
    thumb = asked.sam.arrival(asked.sam.own_room, {"m.relates_to": {"key": "👍"}}, ArrivalKind.PLAINTEXT)
    return await asked.arrives(replace(thumb, type="m.reaction"))


async def yes_but(asked: Asked) -> str:
    return await asked.says(f"yes {asked.number} but only the hand")


async def yes_and_no(asked: Asked) -> str:
    content = {"org.matrix.msc3381.poll.response": {"answers": [asked.yes, asked.no]}}
    both = asked.sam.arrival(asked.sam.own_room, content)
    return await asked.arrives(replace(both, type="org.matrix.msc3381.poll.response"))


async def patient_has_left_the_practice(asked: Asked) -> str:
    """Kim says that Sam has left the practice; then the answer comes."""
    await asked.shared.kim.writes("!patient-leaves 10421")
    await taps(asked.shared.kim, "Leaves")
    return await asked.taps(asked.yes)


async def patient_has_left_the_room(asked: Asked) -> str:
    """Their app left the chat: who asked hears that no answer may come, and Sam is invited back once."""
    await moves(asked.sam, "leave")
    await moves(asked.sam, "leave")
    assert asked.shared.practice.homeserver.invited.count((asked.sam.own_room, asked.sam.account)) == 1
    return asked.shared.lee.last_heard


async def clock_set_forward(asked: Asked) -> str:
    """An answer's own hour is not moved with the clock: it is too late, which is the safe way to be wrong."""
    await clock_is_set(asked.shared, timedelta(days=30))
    return await asked.taps(asked.yes)


async def clock_set_back_after_expiry(asked: Asked) -> str:
    await asked.shared.practice.after(days=8)
    await clock_is_set(asked.shared, timedelta(days=-20))
    return await asked.taps(asked.yes)


async def moves(person: Someone, membership: str) -> None:
    change = person.arrival(person.own_room, {"membership": membership}, ArrivalKind.MEMBERSHIP)
    await person.practice.receive(replace(change, target=person.account))
    await person.practice.settle()


async def clock_is_set(shared: Shared, by: timedelta) -> None:
    """And the bot notices, as it does within seconds."""
    practice = shared.practice
    watch = ClockWatch(practice.journal, practice.dispatch, practice.clock)
    practice.clock.move(by)
    await watch.look()
    await practice.settle()


ANSWERS: list[tuple[Callable[[Asked], Awaitable[str]], str, str]] = [
    (another_member, "I kept nothing", "stranger.refused"),
    (another_person_in_their_own_room, "wasn't yours", "refused"),
    (unverified_device, "isn't verified as yours", "unproved.unsigned"),
    (twice, "answered already", "refused"),
    (twice_in_words, "answered already", "refused"),
    (after_expiry, "has expired", "refused"),
    (after_expiry_in_words, "has expired", "refused"),
    (to_another_question, "wasn't yours", "refused"),
    (with_another_number, "only a clear yes or no", "answer.unclear"),
    (edited_afterwards, "don't follow edits", "use.ConsentRefused"),
    (redacted_afterwards, "It still counts as you gave it", "deletion.of-answer"),
    (reaction, "can't count a reaction", "in-clear.refused"),
    (yes_but, "only a clear yes or no", "answer.unclear"),
    (yes_and_no, "exactly one answer", "refused"),
    (patient_has_left_the_practice, "I kept nothing", "stranger.refused"),
    (patient_has_left_the_room, "has left the chat with me", "member.leave"),
    (clock_set_forward, "has expired", "clock.jumped"),
    (clock_set_back_after_expiry, "has expired", "clock.jumped"),
]


@pytest.mark.parametrize(("answer", "sentence", "entry"), ANSWERS, ids=lambda one: getattr(one, "__name__", ""))
async def test_no_copy_leaves_a_sentence_is_said_and_it_is_audited(
    tmp_path: Path, answer: Callable[[Asked], Awaitable[str]], sentence: str, entry: str
) -> None:
    async with shared_practice(tmp_path) as shared:
        asked = await asked_of(shared)
        before = await shared.practice.audited(entry)
        assert sentence in await answer(asked)
        assert await shared.practice.audited(entry) > before
        await nothing_left(shared)


async def nothing_left(shared: Shared) -> None:
    assert not SHOWN & {use.state for use in await shared.uses()}
    assert pictures_in(shared.practice, shared.derm.own_room) == []
    async with shared.practice.journal.reading() as rows:
        assert await rows.disclosures.find(how="forwarded") == []


@pytest.mark.parametrize("in_words", [False, True])
async def test_R29a_a_no_that_comes_late_is_kept_once_and_nobody_else_is_asked_in_their_place(
    tmp_path: Path, in_words: bool
) -> None:
    async with shared_practice(tmp_path) as shared:
        asked = await asked_of(shared)
        await shared.practice.after(days=8)
        for _ in range(2):
            heard = await (asked.says(f"no {asked.number}") if in_words else asked.taps(asked.no))
        assert "answered already" in heard
        assert [use.state for use in await shared.uses()] == [UseState.EXPIRED]
        async with shared.practice.journal.reading() as rows:
            (kept,) = await rows.consent_answers.find()
            image = await rows.images.get(shared.image.id)
            circle = await circle_of(rows, image.patient_id)
            said = await answers_about(rows, [image])
            standing = said_no(circle, [await matter_of(rows, image)], said, Purpose.EDUCATION, date(2026, 12, 1))
        assert kept.answer is Answer.REFUSED
        assert standing == {kept.person_id}, "the next request goes to them, and to nobody in their place"


async def test_a_yes_that_is_deleted_stays_a_yes_until_it_is_taken_back_in_words(tmp_path: Path) -> None:
    """R13: a deletion is not authenticated, and a change of mind is a record of its own."""
    async with shared_practice(tmp_path) as shared:
        asked = await asked_of(shared)
        said = await asked.sam.writes(f"yes {asked.number}")
        await asked.sam.deletes(said)
        assert f"withdraw {shared.image.ref}" in asked.sam.last_heard
        await asked.says(f"withdraw {shared.image.ref}")
        (use,) = await shared.uses()
        assert use.state is UseState.WITHDRAWN


async def test_the_first_yes_about_an_intimate_image_shares_nothing_and_the_second_does(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(f"{TEACHING.format(ref=shared.image.ref)} intimate")
        first = answer_id(shared.practice, shared.sam.own_room, "Yes")
        await taps(shared.sam, "", secret=first)
        assert "are you sure?" in shared.sam.last_heard
        await nothing_left(shared)
        await taps(shared.sam, "", secret=first)
        assert "answered already" in shared.sam.last_heard
        await nothing_left(shared)
        await taps(shared.sam, "Yes, I am sure")
        assert [use.state for use in await shared.uses()] == [UseState.RELEASED]


async def test_an_image_once_called_intimate_stays_so_for_later_requests(tmp_path: Path) -> None:
    """Also for advice, whose one command has no place to say it."""
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(f"{TEACHING.format(ref=shared.image.ref)} intimate")
        await taps(shared.sam, "No")
        await shared.lee.writes(f"!forward {shared.image.ref} @derm:hs.test what about the knee?")
        await taps(shared.lee, "No, something else")
        await taps(shared.sam, "Yes")
        assert "is intimate" in shared.sam.last_heard
        await nothing_left(shared)


@pytest.mark.parametrize("written", ["Yes. {}", "yes {} 👍🏽", "YES, {}!", " yes  {} 🙂."])
async def test_what_a_phone_adds_does_not_unmake_an_answer(tmp_path: Path, written: str) -> None:
    async with shared_practice(tmp_path) as shared:
        asked = await asked_of(shared)
        await asked.says(written.format(asked.number))
        assert [use.state for use in await shared.uses()] == [UseState.RELEASED]


@pytest.mark.parametrize("written", ["yes {}?", "yes {} 👎", "yes {} 🤔", "{} yes"])
async def test_what_casts_doubt_on_an_answer_is_no_answer(tmp_path: Path, written: str) -> None:
    async with shared_practice(tmp_path) as shared:
        asked = await asked_of(shared)
        assert "only a clear yes or no" in await asked.says(written.format(asked.number))
        await nothing_left(shared)


async def test_words_between_two_questions_are_answered_with_the_number_of_the_one_they_name(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        first = await asked_of(shared)
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref).replace("education", "research"))
        assert f"“yes {first.number}”" in await first.says(f"yes {first.number} but only the hand")
        assert f"“yes {first.number}”" not in await first.says("yes but only the hand"), "the latest is meant"


async def test_a_bare_yes_of_staff_is_told_the_number_it_needs(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(FORWARD.format(ref=shared.image.ref))
        async with shared.practice.journal.reading() as rows:
            number = (await rows.choices.find(about="attest-related", used_at=None))[0].number
        await shared.lee.writes("Yes")
        assert f"“yes {number}” or “no {number}”" in shared.lee.last_heard
        await shared.kim.writes("!patient-leaves 10421")
        await shared.kim.writes("leaves")
        assert "“leaves " in shared.kim.last_heard
        await nothing_left(shared)


async def test_no_to_the_second_question_is_no(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(f"{TEACHING.format(ref=shared.image.ref)} intimate")
        await taps(shared.sam, "Yes")
        await taps(shared.sam, "No")
        assert [use.state for use in await shared.uses()] == [UseState.REFUSED]
        await nothing_left(shared)


async def test_the_second_yes_must_come_in_the_time_of_the_first(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(f"{TEACHING.format(ref=shared.image.ref)} intimate")
        await shared.practice.after(days=6)
        await taps(shared.sam, "Yes")
        await shared.practice.after(days=2)
        await taps(shared.sam, "Yes, I am sure")
        assert "has expired" in shared.sam.last_heard
        await nothing_left(shared)


async def test_two_requests_at_once_are_two_answers(tmp_path: Path) -> None:
    """Yes to one is nothing for the other."""
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref).replace("education", "research"))
        await taps(shared.sam, "Yes")
        states = {use.purpose.value: use.state for use in await shared.uses()}
        assert states == {"education": UseState.AWAITING_CONSENT, "research": UseState.RELEASED}
        assert len(pictures_in(shared.practice, shared.derm.own_room)) == 1
        assert await shared.practice.audited("choice.made") == 1


async def test_a_clock_set_back_makes_nobody_wait_longer_than_was_promised(tmp_path: Path) -> None:
    """The deadline is moved with the clock: after seven days of waiting it is over, whatever the wall says."""
    async with shared_practice(tmp_path) as shared:
        await asked_of(shared)
        await clock_is_set(shared, timedelta(days=-3))
        await shared.practice.after(days=7, minutes=1)
        assert [use.state for use in await shared.uses()] == [UseState.EXPIRED]
        assert "not agreed" in shared.lee.last_heard


# ---- requests


async def taken_back(shared: Shared) -> None:
    await shared.sam.writes(f"withdraw {shared.image.ref}")


async def on_hold(shared: Shared) -> None:
    await shared.sam.writes("of somebody else")


async def of_a_signed_form(shared: Shared) -> None:
    async with shared.practice.journal.transaction() as rows:
        await rows.images.save(replace(await shared.now(), form_of=ImageId("another")))


async def derm_is_paused(shared: Shared) -> None:
    await shared.kim.writes("!lost @derm:hs.test")


async def sam_has_left_the_room(shared: Shared) -> None:
    await moves(shared.sam, "leave")


async def as_it_is(shared: Shared) -> None:
    pass


FORWARD = "!forward {ref} @derm:hs.test is this a melanoma?"
ELEVEN = " ".join(f"IMG-7F3{last}" for last in "0123456789A")
REQUESTS: list[tuple[str, Callable[[Shared], Awaitable[None]], str, str]] = [
    ("lee", taken_back, FORWARD, "may not be used any further"),
    ("lee", taken_back, TEACHING, "may not be used any further"),
    ("lee", on_hold, FORWARD, "safely in the record first"),
    ("lee", on_hold, TEACHING, "safely in the record first"),
    ("lee", of_a_signed_form, FORWARD, "stays in the record"),
    ("derm", as_it_is, FORWARD, "Only a clinician can do that"),
    ("kim", as_it_is, FORWARD, "Only a clinician can do that"),
    ("lee", as_it_is, FORWARD.replace("{ref}", "IMG-0000"), "don't know IMG-0000"),
    ("lee", as_it_is, FORWARD.replace("@derm", "@sam"), "the patient's own account"),
    ("lee", as_it_is, TEACHING.replace("@derm", "@sam"), "the patient's own account"),
    ("lee", as_it_is, FORWARD.replace("@derm", "@lee"), "your own account"),
    ("lee", as_it_is, FORWARD.replace("@derm", "@nobody"), "not enrolled here"),
    ("lee", as_it_is, TEACHING.replace("@derm", "@nobody"), "not enrolled here"),
    ("lee", derm_is_paused, FORWARD, "identity is not confirmed"),
    ("lee", as_it_is, FORWARD.replace("hs.test", "elsewhere.test"), "does not allow"),
    ("lee", as_it_is, TEACHING.replace("hs.test", "elsewhere.test"), "does not allow"),
    ("lee", as_it_is, TEACHING.replace("{ref}", ELEVEN), "At most 10"),
    ("lee", as_it_is, TEACHING.replace("2027-03-31", "2020-03-31"), "has passed"),
    ("lee", sam_has_left_the_room, TEACHING, "has left the chat with me"),
]


@pytest.mark.parametrize(("who", "before", "line", "sentence"), REQUESTS)
async def test_nobody_is_asked_nothing_is_sent_a_sentence_is_said_and_it_is_audited(
    tmp_path: Path, who: str, before: Callable[[Shared], Awaitable[None]], line: str, sentence: str
) -> None:
    async with shared_practice(tmp_path) as shared:
        await before(shared)
        asker, refused = getattr(shared, who), await shared.practice.audited("refused")
        questions = len(polls_in(shared.practice, shared.sam.own_room))
        await asker.writes(line.format(ref=shared.image.ref))
        assert sentence in asker.last_heard
        assert await shared.practice.audited("refused") == refused + 1
        assert len(polls_in(shared.practice, shared.sam.own_room)) == questions
        assert not polls_in(shared.practice, shared.lee.own_room)
        await nothing_left(shared)


async def test_a_colleague_whose_emoji_were_not_compared_gets_nothing_where_policy_wants_that(tmp_path: Path) -> None:
    """R22: also as who is asked, not only as who asks."""
    async with shared_practice(tmp_path, replace(POLICY, verify_clinicians=True)) as shared:
        async with shared.practice.journal.transaction() as rows:
            lee = await rows.people.first(account=shared.lee.account)
            assert lee is not None
            await rows.people.save(replace(lee, verified_at=shared.practice.clock.now()))
        for line in (FORWARD, TEACHING):
            await shared.lee.writes(line.format(ref=shared.image.ref))
            assert "compares emoji" in shared.lee.last_heard
        await nothing_left(shared)


async def test_a_patient_types_no_command_of_staff(tmp_path: Path) -> None:
    """The image is Sam's own, and forwarding it is still not Sam's to do: the words are passed on."""
    async with shared_practice(tmp_path) as shared:
        await shared.sam.writes(FORWARD.format(ref=shared.image.ref))
        assert "passed that on" in shared.sam.last_heard and await shared.uses() == []


async def test_images_of_two_people_are_never_asked_for_together(tmp_path: Path) -> None:
    """R15."""
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes('!enrol patient 10999 "Noor Haddad" 1990-01-02')
        noor = Someone(shared.practice, Account("@noor:hs.test"), "NoorIdentity")
        await noor.enrol(shared.practice.last_code(shared.kim.own_room))
        await noor.sends_photo(b"\xff\xd8\xff\xe0 another", caption="a burn")
        other = next(one for one in await shared.practice.images() if one.id != shared.image.id)
        await shared.lee.writes(TEACHING.replace("{ref}", f"{shared.image.ref} {other.ref}"))
        assert "of different people" in shared.lee.last_heard and await shared.uses() == []


async def test_what_was_refused_stands_in_the_story_of_the_image(tmp_path: Path) -> None:
    """R27: the entry names the image, not only the message that was refused."""
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(FORWARD.replace("@derm", "@nobody").format(ref=shared.image.ref))
        assert await shared.practice.audited("refused", shared.image.id) == 1


# ---- people who leave a room, and come back


async def test_whoever_comes_back_into_their_chat_can_be_asked_again(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await moves(shared.sam, "leave")
        assert "left their chat" in shared.practice.seen_in(await shared.practice.practice_room())[-1]
        await moves(shared.sam, "join")
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        assert [use.state for use in await shared.uses()] == [UseState.AWAITING_CONSENT]


async def test_a_colleague_who_leaves_the_room_of_the_case_is_shown_nothing_more(tmp_path: Path) -> None:
    """R7: who asked hears it, in their own chat."""
    async with shared_practice(tmp_path) as shared:
        case = await shared.forwarded()
        await moves(replace(shared.derm, own_room=RoomId(case)), "leave")
        assert "Dr Derm has left the room" in shared.lee.last_heard
        await shared.lee.writes("!close no advice came", room=case)
        await moves(replace(shared.derm, own_room=RoomId(case)), "leave")
        (use,) = await shared.uses()
        assert use.state is UseState.CLOSED, "nobody waits for an answer of somebody who is gone"
        assert await shared.practice.audited("own-copy.unanswered") == 1


# ---- a thumb up


async def test_a_reaction_where_a_tap_without_a_number_is_awaited_means_nothing(tmp_path: Path) -> None:
    """Only what must be answered clearly is worth a sentence: a thumb up under another poll is just that."""
    async with shared_practice(tmp_path) as shared:
        async with shared.practice.journal.transaction() as rows:
            tx = shared.practice.dispatch.transaction(rows)
            sam = await rows.people.first(account=shared.sam.account)
            assert sam is not None
            await ask(tx, sam, "Whose?", [("a", "Ada")], about="my-copy", subject=sam.id, lasts=timedelta(hours=1))
        await shared.practice.settle()
        before = len(shared.sam.heard)
        thumb = shared.sam.arrival(shared.sam.own_room, {"m.relates_to": {"key": "👍"}}, ArrivalKind.PLAINTEXT)
        await shared.practice.receive(replace(thumb, type="m.reaction"))
        await shared.practice.settle()
        assert len(shared.sam.heard) == before
