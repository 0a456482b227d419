"""Whoever deletes words of their own hears what stays in the record and what to write; nothing is done by it (R13, R25)."""

from __future__ import annotations

from pathlib import Path

from bot.domain.entries import EntryKind
from tests.cases import shared_practice
from tests.colleagues import entries_of
from tests.households import speaks_no_more
from tests.practice import staffed_practice

DELETED = "You deleted your"


async def test_a_patient_hears_that_their_filed_words_stay_and_how_to_put_them_right(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        said = await shared.sam.writes("it itches more since yesterday and it is spreading")
        assert await entries_of(shared.practice, EntryKind.ANSWER)
        await shared.sam.deletes(said)
        assert shared.sam.last_heard.startswith(DELETED) and f"withdraw {shared.image.ref}" in shared.sam.last_heard
        assert "itches" not in shared.sam.last_heard
        assert await entries_of(shared.practice, EntryKind.ANSWER)
        await shared.sam.writes(f"withdraw {shared.image.ref}")
        assert (await shared.now()).stopped, "what is named works"


async def test_R25_a_clinician_hears_that_deleting_a_reply_takes_it_from_nobody_and_how_to(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        reply = await shared.lee.writes(f"!reply {shared.image.ref} use the cream")
        await shared.lee.deletes(reply)
        assert shared.lee.last_heard.endswith(f"!recall {shared.image.ref}")
        (post,) = [post for post in shared.practice.posts_in(shared.sam.own_room) if "use the cream" in post.body]
        assert post.event_id not in shared.practice.homeserver.redacted
        await shared.lee.writes(f"!recall {shared.image.ref}")
        await shared.lee.deletes(reply)
        assert "called back already" in shared.lee.last_heard


async def test_a_clinician_hears_that_a_note_stays(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.deletes(await shared.lee.writes(f"!note {shared.image.ref} seen by the nurse"))
        assert shared.lee.last_heard.startswith(DELETED) and f"!note {shared.image.ref}" in shared.lee.last_heard


async def test_nothing_is_said_where_nothing_was_filed_or_the_words_were_anothers(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        note = await shared.lee.writes(f"!note {shared.image.ref} seen by the nurse")
        listed = await shared.sam.writes("my images")
        heard = len(shared.sam.heard), len(shared.kim.heard), len(shared.lee.heard)
        await shared.sam.deletes(listed)
        await shared.kim.deletes(note)
        assert (len(shared.sam.heard), len(shared.kim.heard), len(shared.lee.heard)) == heard


async def test_R28_who_does_not_speak_for_the_patient_any_more_hears_nothing_of_the_record(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        said = await shared.sam.writes("it itches more since yesterday and it is spreading")
        await speaks_no_more(shared.sam)
        heard = len(shared.sam.heard)
        await shared.sam.deletes(said)
        assert len(shared.sam.heard) == heard


async def test_words_that_wait_for_their_photo_are_named_as_kept_with_it(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo()
        image = await people.practice.only_image()
        note = await people.lee.writes(f"!note {image.ref} seen by the nurse")
        await people.lee.deletes(note)
        assert image.ref in people.lee.last_heard and people.lee.last_heard.startswith(DELETED)
