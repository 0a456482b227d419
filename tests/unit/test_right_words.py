"""Words, lists, copies and photos of patients stay with those who answer for them now (R28–R30, R33, R33a)."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot.domain.document import DocumentState
from bot.domain.entries import EntryKind
from bot.domain.image import HeldFor, State
from bot.domain.people import Relation
from bot.domain.references import references_in
from tests.cases import Shared, polls_in, shared_practice, taps
from tests.colleagues import asked
from tests.households import (
    answers_as,
    documents,
    enrolled,
    family,
    heard_with,
    latest_image,
    moved_to_ann,
    person_id,
    speaks_no_more,
    with_ann,
)
from tests.practice import JPEG, Someone

# ---- a patient's words


async def test_R29_words_are_not_filed_under_a_photo_that_is_somebody_elses_now(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, _ann):
        await moved_to_ann(shared)
        await shared.sam.writes("zebra itches more")
        assert "To begin, please send the photo" in shared.sam.last_heard
        assert not await documents(shared, kind=EntryKind.ANSWER)
        assert not any("zebra" in line for line in shared.practice.seen_in(await shared.practice.practice_room()))
        await shared.sam.sends_photo(JPEG + b"2", caption="my knee")
        await shared.sam.writes("zebra itches more")
        (filed,) = await documents(shared, kind=EntryKind.ANSWER)
        assert filed.image_id == (await latest_image(shared)).id and filed.state is DocumentState.VERIFIED


async def test_R29_words_whose_author_may_not_write_there_any_more_are_kept_and_the_practice_is_told(
    tmp_path: Path,
) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.writes("zebra itches more", settle=False)
        await shared.practice.inbox.drain()
        await speaks_no_more(shared.sam)
        await shared.practice.settle()
        (kept,) = await documents(shared, kind=EntryKind.ANSWER)
        assert (kept.state, kept.text) == (DocumentState.HELD, "zebra itches more")
        assert any("were not filed" in line for line in shared.practice.seen_in(await shared.practice.practice_room()))
        assert not [e for e in await shared.practice.record.entries(kept.patient_id) if e.kind is EntryKind.ANSWER]
        assert await shared.practice.audited("document.not-theirs") == 1
        await answers_as(shared.sam, "10421", Relation.SELF)
        await shared.kim.writes("!retry")
        (filed,) = await documents(shared, kind=EntryKind.ANSWER)
        assert filed.state is DocumentState.VERIFIED


async def test_R29_the_same_photo_sent_again_carries_no_words_into_another_record(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, _ann):
        await moved_to_ann(shared)
        await shared.sam.sends_photo(caption="zebra rash")
        assert "not passed on" in shared.sam.last_heard and shared.image.ref not in shared.sam.last_heard
        answers = await documents(shared, kind=EntryKind.ANSWER)
        assert not [one for one in answers if one.state is not DocumentState.DROPPED]


async def test_R29_deleting_what_is_in_another_record_now_says_nothing_of_any_record(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, _ann):
        photo = await shared.sam.sends_photo(JPEG + b"3", caption="knee")
        image = await latest_image(shared)
        await shared.kim.writes(f"!refile {image.ref} 10422 1990-05-02")
        await taps(shared.kim, "Move")
        await shared.sam.deletes(photo)
        assert image.ref in shared.sam.last_heard and "record" not in shared.sam.last_heard


async def test_R1_what_somebody_else_sent_is_not_corrected_in_their_name(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        other = await enrolled(shared, "!link 10421 self", "sam2", "Sam2")
        await answers_as(other, "10421", Relation.SELF)
        await other.writes(f"correct {shared.image.ref} zebra")
        assert "sent by somebody else" in other.last_heard
        assert (await shared.now()).reason == shared.image.reason


# ---- lists and copies


def copied(shared: Shared, person: Someone) -> str:
    """All that stands in the copies this person got."""
    files = [post for post in shared.practice.posts_in(person.own_room) if post.content.get("msgtype") == "m.file"]
    text = ""
    for post in files:
        archive = zipfile.ZipFile(io.BytesIO(shared.practice.homeserver.media[post.content["file"]["url"]]))
        text += " ".join(archive.namelist())
        text += " ".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
    return text


async def test_R33a_a_mature_minors_own_stands_in_no_parents_list_or_copy_nor_words_that_mention_it(
    tmp_path: Path,
) -> None:
    async with shared_practice(tmp_path) as shared:
        ann, mia = await family(shared)
        hers, own = [image for image in await shared.practice.images() if image.id != shared.image.id]
        await shared.lee.writes(f"!note {hers.ref} compare zebra with {own.ref.casefold().replace('-', ' ')}")
        await shared.lee.writes(f"!note {hers.ref} a giraffe")
        await ann.writes("my images")
        assert hers.ref in ann.last_heard and own.ref not in ann.last_heard
        await ann.writes(f"withdraw {own.ref}")
        assert "I don't know" in ann.last_heard
        await ann.writes("withdraw")
        assert "Which photo" not in ann.last_heard, "there is only one to her knowledge"
        await ann.writes("my copy")
        assert "giraffe" in copied(shared, ann)
        assert own.ref not in copied(shared, ann) and "zebra" not in copied(shared, ann)
        assert "nobody else's business" not in copied(shared, ann)
        await mia.writes("my images")
        assert own.ref in heard_with(mia, own.ref)[-1] and hers.ref in heard_with(mia, own.ref)[-1]
        await mia.writes("my copy")
        assert own.ref in copied(shared, mia)


async def test_R33_what_was_filed_before_an_authority_is_closed_to_it(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.practice.after(minutes=5)
        new = await enrolled(shared, "!link 10421 self", "sam2", "Sam2")
        await answers_as(new, "10421", Relation.SELF)
        async with shared.practice.journal.transaction() as rows:
            (held,) = await rows.authorities.find(person_id=await person_id(new))
            recorded = shared.practice.clock.now()
            await rows.authorities.save(replace(held, recorded_at=recorded))
        await new.writes("my images")
        assert not heard_with(new, shared.image.ref)
        await new.writes("my copy")
        assert shared.image.ref not in copied(shared, new)
        await shared.lee.writes(f"!reply {shared.image.ref} cream")
        assert not heard_with(new, "cream")
        await shared.practice.after(minutes=1)
        await shared.sam.sends_photo(JPEG + b"later", caption="a burn")
        later = await latest_image(shared)
        await new.writes("my images")
        assert later.ref not in new.last_heard and shared.image.ref not in new.last_heard, "nor what came since"
        async with shared.practice.journal.transaction() as rows:
            (held,) = await rows.authorities.find(person_id=await person_id(new))
            await rows.authorities.save(replace(held, opened_at=recorded))
        await new.writes("my images")
        assert later.ref in new.last_heard and shared.image.ref in new.last_heard


def test_references_are_found_however_they_are_written() -> None:
    assert references_in("see img 7f3k, IMG-0O1l.") == {"IMG-7F3K", "IMG-0011"}


async def test_R24_R33a_what_may_not_be_copied_any_more_is_left_out_at_the_sending(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.writes("my copy", settle=False)
        await shared.practice.inbox.drain()
        async with shared.practice.journal.transaction() as rows:
            (held,) = await rows.authorities.find(patient_id=shared.image.patient_id)
            await rows.authorities.save(replace(held, recorded_at=datetime(2030, 1, 1, tzinfo=UTC), opened_at=None))
            image = await rows.images.get(shared.image.id)
            await rows.images.save(replace(image, sender_id=await person_id(shared.lee)))
        await shared.practice.settle()
        assert shared.image.ref not in copied(shared, shared.sam)


async def test_R33a_a_parent_is_not_told_what_the_law_took_of_a_mature_minors_own(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann, mia = await family(shared)
        own = await latest_image(shared)
        await shared.kim.writes(
            f'!required-by-law {own.ref} basis "subpoena 12" authority "Local Court" recipient "Registrar"'
        )
        assert heard_with(mia, own.ref) and not heard_with(ann, own.ref)


async def test_R31_each_look_is_listed(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(f"!show {shared.image.ref}")
        await shared.practice.after(hours=3)
        await shared.lee.writes(f"!show {shared.image.ref}")
        await shared.sam.writes("my images")
        assert shared.sam.last_heard.count("Dr Lee looked at it") == 2


# ---- a photo of somebody whom the sender doesn't decide for


async def with_daughter(shared: Shared) -> Someone:
    """Dana is Sam's grown-up daughter; Sam decides for himself."""
    dana = await enrolled(shared, '!enrol patient 10424 "Dana Patel" 2000-01-02', "dana", "Dana")
    await speaks_no_more(dana)
    await answers_as(dana, "10421", Relation.CHILD)
    return dana


async def test_R30_a_grown_up_childs_photo_is_held_and_implies_nothing_until_the_patient_agrees(
    tmp_path: Path,
) -> None:
    async with shared_practice(tmp_path) as shared:
        dana = await with_daughter(shared)
        await dana.sends_photo(JPEG + b"d", caption="dad's back")
        image = await latest_image(shared)
        assert (image.state, image.held_for) == (State.HELD, HeldFor.SOMEBODY_ELSE)
        assert "agrees to nothing" in dana.last_heard
        assert "said to show Sam Patel" in asked(shared.sam) and "Dana" not in asked(shared.sam)
        await taps(shared.sam, "Yes")
        image = await latest_image(shared)
        assert image.state is State.VERIFIED
        async with shared.practice.journal.reading() as rows:
            assert not await rows.consents.find(image_id=image.id), "nothing is implied"


async def test_R30_the_patients_no_destroys_it_and_no_deadline_files_it(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        dana = await with_daughter(shared)
        await dana.sends_photo(JPEG + b"d")
        await shared.practice.after(hours=1)
        assert (await latest_image(shared)).state is State.HELD
        await taps(shared.sam, "No")
        assert (await latest_image(shared)).state is State.DISCARDED
        assert heard_with(dana, "withdrawn before it was filed")


async def test_R30_chosen_among_several_it_is_held_too(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        dana = await with_daughter(shared)
        await answers_as(dana, "10424", Relation.SELF)
        await dana.sends_photo(JPEG + b"d", caption="his back")
        number = next(line[0] for line in dana.last_heard.splitlines() if "Sam Patel" in line)
        await dana.writes(number)
        image = await latest_image(shared)
        assert (image.state, image.held_for) == (State.HELD, HeldFor.SOMEBODY_ELSE)
        assert "agrees to nothing" in dana.last_heard
        assert polls_in(shared.practice, shared.sam.own_room)


async def test_R6_who_speaks_for_nobody_any_more_hears_why_and_nothing_is_kept(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await speaks_no_more(shared.sam)
        await shared.sam.sends_photo(JPEG + b"x", caption="rash")
        assert "don't answer for any patient" in shared.sam.last_heard
        assert (await latest_image(shared)).id == shared.image.id
