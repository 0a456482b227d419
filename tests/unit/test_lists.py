"""What is read out when somebody asks: the longest waiting first, a page at a time, and nothing that may not be said by then."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.effects import read_out
from bot.core.lists.pages import MOST, ListPage
from bot.core.lists.waiting_images import by_patient
from bot.core.retention_due import kept_images
from bot.domain.identifiers import EventId, ImageId, PatientId, PersonId, RoomId
from bot.domain.image import HeldFor, Image, State
from bot.domain.intents import ReadOut
from bot.domain.people import Patient, Relation
from bot.domain.planned import Planned
from bot.ports import Conflict
from bot.words.about_lists import age
from tests.cases import shared_practice, taps
from tests.colleagues import LINE, with_derm
from tests.fakes import ManualClock
from tests.households import answers_as, family, latest_image, person_id, with_ann
from tests.one_by_one import next_due
from tests.practice import JPEG, Practice, Someone, staffed_practice

NOW = ManualClock().now()
LONG_AGO = timedelta(days=40 * 365)


def image_of(number: int, received_at: datetime, **what: object) -> Image:
    made = Image(
        ImageId(f"image{number:03d}"),
        f"IMG-W{number:03d}",
        PersonId("a-sender"),
        RoomId("!elsewhere:hs.test"),
        EventId(f"$waits{number}"),
        received_at,
        State.VERIFIED,
        reason=f"reason {number}",
        filed_at=received_at,
        verified_at=received_at,
    )
    return replace(made, **what)  # type: ignore[arg-type]  # each test names fields of an image


async def add(practice: Practice, *images: Image) -> None:
    async with practice.journal.transaction() as rows:
        await rows.images.add(*images)


def refs_in(text: str) -> list[str]:
    return re.findall(r"^(?:· )?(IMG-\w+)", text, re.MULTILINE)


async def pages(person: Someone, first: str, more: str, room: str = "") -> list[list[str]]:
    """Ask until nothing more is offered; return the references of each page."""
    found: list[list[str]] = []
    words = first
    for _ in range(20):
        await person.writes(words, room=room)
        said = person.practice.seen_in(room or person.own_room)[-1]
        found.append(refs_in(said))
        if "There is more" not in said:
            return found
        words = more
    raise AssertionError("it never ends")


# ---- !list


async def test_the_longest_waiting_comes_first_and_the_oldest_is_never_hidden(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        now = people.practice.clock.now()
        waiting = [image_of(number, now - timedelta(hours=number)) for number in range(45)]
        await add(people.practice, *waiting)
        found = await pages(people.lee, "!list", "more")
        assert [len(page) for page in found] == [MOST, MOST, 5]
        assert [ref for page in found for ref in page] == [image.ref for image in reversed(waiting)]


async def test_in_the_teams_room_more_is_asked_for_by_the_command(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, now = people.practice, people.practice.clock.now()
        await add(practice, *(image_of(number, now - timedelta(hours=number)) for number in range(25)))
        room = await practice.practice_room()
        found = await pages(people.lee, "!list", "!list more", room)
        assert [len(page) for page in found] == [MOST, 5]
        await people.lee.writes("!list more", room=room)
        assert "no more to read out" in practice.seen_in(room)[-1]


async def test_more_goes_on_with_what_was_read_last_and_is_nothing_else_to_anybody(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, now = people.practice, people.practice.clock.now()
        await add(practice, *(image_of(number, now - timedelta(hours=number)) for number in range(25)))
        await people.lee.writes("!list")
        await people.lee.writes("!list")
        await people.kim.writes("more")
        assert not refs_in(people.kim.last_heard)
        await people.lee.writes("More.")
        assert len(refs_in(people.lee.last_heard)) == 5
        heard = len(people.lee.heard)
        await people.lee.writes("more")
        assert not [line for line in people.lee.heard[heard:] if refs_in(line)]
        async with practice.journal.reading() as rows:
            assert await rows.choices.find(about="list-more") == [], "nothing of it is kept"


async def test_a_line_says_since_when_it_waits_and_who_has_it(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.sends_photo(JPEG + b"2", caption="itchy toe")
        await shared.practice.after(days=2, hours=3)
        ref = (await latest_image(shared)).ref
        await shared.lee.writes("!list")
        assert f"{ref} · 2 days · “itchy toe” · in the record · taken by nobody yet" in shared.lee.last_heard
        await shared.lee.writes(f"!mine {ref}")
        await shared.lee.writes("!list")
        yours = shared.lee.last_heard.partition("Yours, in the record:")[2]
        assert refs_in(yours) == [ref] and "taken by Dr Lee" in yours
        await shared.kim.writes("!list")
        assert refs_in(shared.kim.last_heard) == [shared.image.ref], "it is Dr Lee's, and waits for nobody"


async def test_photos_of_one_patient_stand_together_and_nobody_is_named(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, ann):
        await ann.sends_photo(JPEG + b"2", caption="knee")
        between = (await latest_image(shared)).ref
        await shared.practice.after(hours=1)
        await shared.sam.sends_photo(JPEG + b"3", caption="the rash again")
        last = (await latest_image(shared)).ref
        room = await shared.practice.practice_room()
        await shared.lee.writes("!list", room=room)
        said = shared.practice.seen_in(room)[-1]
        assert f"Same patient: {shared.image.ref}, {last}" in said
        assert refs_in(said) == [shared.image.ref, last, between]
        assert "Patel" not in said and "Ann" not in said and "1042" not in said


@pytest.mark.parametrize("held_for", [HeldFor.SOMEBODY_ELSE, HeldFor.WITHDRAWAL])
def test_whose_it_may_be_is_not_said_while_it_is_doubted(held_for: HeldFor) -> None:
    """R15: a photo that is said to show somebody else is of no patient's yet."""
    sam = PatientId("sam")
    sure, also = (image_of(number, NOW, patient_id=sam) for number in range(2))
    doubted = image_of(2, NOW, patient_id=sam, state=State.HELD, held_for=held_for)
    moving = image_of(3, NOW, patient_id=sam, moving_to=PatientId("ann"))
    unknown = [image_of(number, NOW) for number in (4, 5)]
    assert by_patient([sure, doubted, moving, *unknown, also]) == [
        [sure, also],
        [doubted],
        [moving],
        *([image] for image in unknown),
    ]


async def test_R15_words_of_somebody_in_whose_record_it_lay_are_not_read_out(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, _):
        await shared.kim.writes(f"!refile {shared.image.ref} 10422 1990-05-02")
        await taps(shared.kim, "Move")
        await shared.lee.writes("!list")
        assert shared.image.ref in shared.lee.last_heard and "rash" not in shared.lee.last_heard


@pytest.mark.parametrize(
    ("past", "said"),
    [
        (timedelta(), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=59, seconds=59), "59 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=23, minutes=59), "23 hours"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=400), "400 days"),
        (timedelta(hours=-1), "just now"),  # the clock was set back
    ],
)
def test_an_age_is_said_in_its_largest_unit(past: timedelta, said: str) -> None:
    assert age(NOW - past, NOW) == said


# ---- asked for, read, said (R28)


async def asked_for(person: Someone, words: str) -> tuple[Planned, ReadOut]:
    """Return what was planned when they asked; nothing was read yet."""
    practice = person.practice
    await person.writes(words, settle=False)
    await practice.inbox.drain()
    planned = await next_due(practice.worker)
    assert planned is not None and isinstance(planned.intent, ReadOut)
    return planned, planned.intent


async def read(practice: Practice, intent: ReadOut) -> ListPage:
    page = await read_out.perform(practice.worker._world, intent)
    assert page is not None
    return page


async def say(practice: Practice, intent: ReadOut, page: ListPage) -> None:
    async with practice.journal.transaction() as rows:
        await read_out.settle(practice.dispatch.transaction(rows), intent, page)


async def test_a_list_is_read_while_somebody_writes_and_said_once_they_are_done(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        practice = shared.practice
        planned, intent = await asked_for(shared.lee, "!list")
        async with practice.journal.transaction() as rows:
            await rows.images.save(replace(shared.image, reason="not committed yet"))
            page = await read(practice, intent)
            assert shared.image.ref in page.text and "not committed yet" not in page.text
        await practice.worker.carry_out(planned)
        await practice.settle()
        assert "not committed yet" in shared.lee.last_heard, "what was committed meanwhile is what is said"


async def test_what_changed_after_it_was_read_is_read_again_before_it_is_said(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        practice = shared.practice
        _, intent = await asked_for(shared.lee, "!list")
        page = await read(practice, intent)
        async with practice.journal.transaction() as rows:
            await rows.images.save(replace(shared.image, reason=""))
        with pytest.raises(Conflict):
            await say(practice, intent, page)
        await practice.settle()
        assert shared.image.ref in shared.lee.last_heard and "rash" not in shared.lee.last_heard


@pytest.mark.parametrize("words", ["!list", "!status", "my images"])
async def test_R28_nothing_is_read_out_to_somebody_who_lost_a_phone_meanwhile(tmp_path: Path, words: str) -> None:
    async with shared_practice(tmp_path) as shared:
        practice = shared.practice
        asks = shared.sam if words == "my images" else shared.lee
        _, intent = await asked_for(asks, words)
        page = await read(practice, intent)
        await shared.kim.writes(f"!lost {asks.account}", settle=False)
        await practice.inbox.drain()
        heard = len(practice.posts_in(asks.own_room))
        await say(practice, intent, page)
        await practice.settle()
        said = practice.seen_in(asks.own_room)[heard:]
        assert not [line for line in said if "IMG-" in line or "safely filed" in line], said
        assert await practice.audited("list.not-said") >= 1


async def test_R28_a_role_that_was_taken_away_is_asked_for_again(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.practice.after(days=LONG_AGO.days)
        _, intent = await asked_for(shared.kim, "!due")
        page = await read(shared.practice, intent)
        kim = await person_id(shared.kim)
        async with shared.practice.journal.transaction() as rows:
            await rows.people.save(replace(await rows.people.get(kim), roles=frozenset()))
        await say(shared.practice, intent, page)
        assert await shared.practice.audited("list.not-said") == 1


# ---- !due (R23)


async def test_what_is_due_is_read_out_a_page_at_a_time_and_each_once(tmp_path: Path) -> None:
    """R23: grown-ups' records first, then those of children; what is destroyed meanwhile hides nothing that follows."""
    async with staffed_practice(tmp_path) as people:
        practice, kim = people.practice, people.kim
        began = practice.clock.now() - LONG_AGO
        grown = Patient(PatientId("grown"), "501", "Greta Old", date(1950, 1, 1))
        child = Patient(PatientId("child"), "502", "Colin Young", began.date() - timedelta(days=5 * 365))
        here = Patient(PatientId("here"), "503", "Nell Now", date(1950, 1, 1))
        async with practice.journal.transaction() as rows:
            await rows.patients.add(grown, child, here)
        images = [
            image_of(number, began + timedelta(hours=number), patient_id=(grown if number < 30 else child).id)
            for number in range(50)
        ]
        still = image_of(60, practice.clock.now(), patient_id=here.id)
        await add(practice, *images, still)
        await kim.writes("!due")
        first = refs_in(kim.last_heard)
        await destroy(practice, images[3].id)
        await kim.writes("more")
        second = refs_in(kim.last_heard)
        await kim.writes("!due more")
        third = refs_in(kim.last_heard)
        assert [*first, *second, *third] == [image.ref for image in images]
        assert (len(first), len(second), len(third)) == (MOST, MOST, 10)
        assert "There is more" not in kim.last_heard and still.ref not in kim.last_heard
        await kim.writes("!due")
        assert images[3].ref not in kim.last_heard


async def destroy(practice: Practice, image_id: ImageId) -> None:
    async with practice.journal.transaction() as rows:
        await rows.images.save(replace(await rows.images.get(image_id), state=State.DESTROYED))


async def test_what_one_command_says_is_due_the_other_says_too(tmp_path: Path) -> None:
    """The index only leaves out what is not due: around both birthdays, and on the day itself, the rule decides."""
    async with staffed_practice(tmp_path) as people:
        practice, today = people.practice, people.practice.clock.now().date()
        patients, images = [], []
        for number in range(60):
            born = today.replace(year=today.year - 25 - number % 3) + timedelta(days=number % 7 - 3)
            last = today.replace(year=today.year - 7) + timedelta(days=number // 7 - 4)
            patients.append(Patient(PatientId(f"p{number}"), f"6{number:02d}", f"Pat {number}", born))
            at = datetime(last.year, last.month, last.day, 23 * (number % 2), 30, tzinfo=NOW.tzinfo)
            images.append(image_of(number, at, patient_id=PatientId(f"p{number}")))
        async with practice.journal.transaction() as rows:
            await rows.patients.add(*patients)
        await add(practice, *images)
        async with practice.journal.reading() as rows:
            due = (
                await practice.due_for_everybody(rows)
                if hasattr(practice, "due_for_everybody")
                else await due_of_all(practice)
            )
        found = await pages(people.kim, "!due", "more")
        assert sorted(ref for page in found for ref in page) == sorted(due)
        assert 10 < len(due) < 50


async def due_of_all(practice: Practice) -> list[str]:
    """Return what is due of all there is, without any index."""
    async with practice.journal.reading() as rows:
        kept = await kept_images(rows, practice.policy.retention, practice.policy.timezone)
    return [candidate.image.ref for candidate in kept if candidate.until <= practice.clock.now().date()]


# ---- my images (R24, R33a)


async def test_my_images_come_newest_first_a_page_at_a_time(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        practice, sam = shared.practice, shared.sam
        older = [
            image_of(number, shared.image.received_at - timedelta(hours=1 + number), patient_id=shared.image.patient_id)
            for number in range(24)
        ]
        await add(practice, *(replace(image, sender_id=shared.image.sender_id) for image in older))
        await sam.writes("my images")
        first = refs_in(sam.last_heard)
        await sam.writes("more")
        second = refs_in(sam.last_heard)
        assert [*first, *second] == [shared.image.ref, *(image.ref for image in older)]
        assert len(first) == MOST and "There is more" not in sam.last_heard


async def test_R24_each_look_is_listed_and_who_filed_it(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.writes("my images")
        assert "Nobody is listed as having seen it" in shared.sam.last_heard
        await shared.lee.writes(f"!show {shared.image.ref}")
        await shared.practice.after(hours=2)
        await shared.lee.writes(f"!show {shared.image.ref}")
        await shared.sam.writes("my images")
        assert shared.sam.last_heard.count("Dr Lee looked at it") == 2
        assert "Nobody is listed" not in shared.sam.last_heard


async def test_R24_a_photo_that_a_colleague_filed_says_who_did(tmp_path: Path) -> None:
    async with with_derm(tmp_path) as (_, people, derm):
        await derm.sends_photo(caption=f"{LINE} lesion on the back")
        await people.sam.writes("my images")
        assert not refs_in(people.sam.last_heard), "nobody stands for it yet"
        await taps(derm, "File it")
        await people.sam.writes("my images")
        assert "in the record, filed by Dr Derm" in people.sam.last_heard


async def test_R5_what_lacks_a_note_waits_though_it_is_filed_and_taken(tmp_path: Path) -> None:
    async with with_derm(tmp_path) as (practice, people, derm):
        await derm.sends_photo(caption=f"{LINE} lesion on the back")
        await taps(derm, "File it")
        ref = (await practice.only_image()).ref
        await people.lee.writes(f"!mine {ref}")
        await people.kim.writes("!list")
        assert f"{ref} · just now" in people.kim.last_heard and "needs a note" in people.kim.last_heard
        await people.lee.writes(f"!note {ref} No discussion took place")
        await people.kim.writes("!list")
        assert people.kim.last_heard == "Nothing is waiting."


async def test_R24_a_photo_that_is_said_to_be_of_somebody_else_says_that_it_is_held_as_that(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.writes("That photo is of somebody else")
        assert (await shared.now()).held_for is HeldFor.SOMEBODY_ELSE
        await shared.sam.writes("my images")
        assert "on hold as somebody else’s, until the practice has settled whose it is" in shared.sam.last_heard


async def test_R24_what_waits_for_a_tap_says_so_to_who_is_to_tap(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        sam, practice = people.sam, people.practice
        sent = sam.photo(caption="rash on my arm")
        await practice.receive(sent)
        await sam.deletes(sent, settle=False)
        await practice.settle()
        image = await practice.only_image()
        assert (image.state, image.held_for) == (State.HELD, HeldFor.SENDER_DELETED)
        await sam.writes("my images")
        assert "on hold until you tap: you deleted its message" in sam.last_heard


async def test_R24_what_is_held_before_anybody_said_whose_it_is_says_why(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        of = {"sender_id": shared.image.sender_id, "state": State.HELD, "filed_at": None}
        asked_back = image_of(1, NOW, held_for=HeldFor.ASKED_BACK, **of)
        doubted = image_of(2, NOW, held_for=HeldFor.SOMEBODY_ELSE, **of)
        await add(shared.practice, asked_back, doubted)
        await shared.sam.writes("my images")
        assert f"{asked_back.ref}: on hold until you tap whether you take it back." in shared.sam.last_heard
        assert f"{doubted.ref}: on hold as somebody else’s" in shared.sam.last_heard


async def test_R33a_a_parents_list_shows_nothing_that_is_a_mature_minors_own(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann, mia = await family(shared)
        own = await latest_image(shared)
        await ann.writes("my images")
        parents = ann.last_heard
        assert own.ref not in parents and "nobody else's business" not in parents and "There is more" not in parents
        await mia.writes("my images")
        assert own.ref in mia.last_heard
        await answers_as(mia, "10423", Relation.SELF)
        await ann.writes("my images")
        assert ann.last_heard == parents, "whatever becomes of the account, this list shows nothing of it"
