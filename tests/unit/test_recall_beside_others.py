"""A recall settles nobody else's question, shows nobody what they may not know, and finds who else had the reply (R25, R33a)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.entries import EntryKind
from handlers.incidents.recall_reply import MOST
from tests.cases import shared_practice, taps
from tests.colleagues import answers
from tests.households import documents, heard_with, latest_image, moved_to_ann, with_ann
from tests.practice import JPEG
from tests.unit.test_answers_that_do_not_count import moves
from tests.unit.test_breach_names_nobody import a_breach_names, with_two_managers
from tests.unit.test_my_copy import files_sent
from tests.unit.test_parents_apart import copy_of, names, two_parents
from tests.unit.test_recall_reply import breaches, is_hidden, replied

CREAM = "Please use the cream twice a day"


async def test_R25_what_one_person_answers_leaves_anothers_question_open(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        first = await replied(shared)
        await shared.lee.writes(f"!reply {shared.image.ref} and call me")
        await shared.lee.writes(f"!recall {shared.image.ref}")
        await shared.kim.writes(f"!recall {shared.image.ref}")
        await taps(shared.kim, "None of these")
        await taps(shared.lee, answers(shared.lee)[1])
        assert is_hidden(shared.practice, first) and len(await breaches(shared.practice)) == 1


async def test_R25_of_more_replies_than_a_poll_holds_the_older_ones_are_a_tap_away(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        oldest = await replied(shared)
        for number in range(MOST):
            await shared.lee.writes(f"!reply {shared.image.ref} and this, number {number}")
            await shared.practice.after(minutes=2)
        await shared.lee.writes(f"!recall {shared.image.ref}")
        await taps(shared.lee, "An older one")
        assert not is_hidden(shared.practice, oldest)
        await taps(shared.lee, answers(shared.lee)[0])
        assert is_hidden(shared.practice, oldest) and len(await breaches(shared.practice)) == 1


@pytest.mark.parametrize("told", [False, True])
async def test_R33a_a_copy_goes_only_where_it_held_the_reply_and_then_its_reader_is_asked_to_delete(
    tmp_path: Path, told: bool
) -> None:
    async with shared_practice(tmp_path) as shared:
        ann, bob = await two_parents(shared, told=told)
        await ann.sends_photo(JPEG + b"ann's", caption="bruise")
        ref = (await latest_image(shared)).ref
        await bob.writes("I am afraid for her")
        await shared.lee.writes(f"!reply {ref} {CREAM}")
        await taps(shared.lee, "Bob Quill")
        held = names(CREAM, await copy_of(shared, ann))
        assert bool(held) is told
        sent = files_sent(shared, ann.own_room)[-1]
        await shared.lee.writes(f"!recall {ref}")
        assert is_hidden(shared.practice, sent) is told
        assert bool(heard_with(ann, "delete every copy that you saved")) is told
        assert bool(heard_with(ann, "taking the copy")) is told
        (breach,) = await breaches(shared.practice)
        assert any("Ann Patel" in step["what"] for step in breach.steps) is told
        assert (len(breach.reader_ids) == 2) is told


async def test_R25_the_note_of_a_called_back_reply_stays_in_the_record_that_holds_it(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, _):
        await replied(shared)
        await shared.lee.writes(f"!recall {shared.image.ref}")
        await shared.practice.after(minutes=5)
        await moved_to_ann(shared)
        found = await documents(shared, image_id=shared.image.id)
        (reply,) = [one for one in found if one.kind is EntryKind.REPLY]
        (note,) = [one for one in found if one.facts.get("reply") == reply.id]
        assert note.patient_id == reply.patient_id


async def test_R33a_a_manager_who_may_not_read_a_breach_neither_adds_to_it_nor_closes_it(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        pat, mia = await with_two_managers(shared)
        breach = await a_breach_names(shared, mia)
        for entry in ('step "called"', 'outcome "no serious harm is likely"'):
            await shared.kim.writes(f"!breach {breach.ref} {entry}")
            assert "another manager" in shared.kim.last_heard
        await pat.writes(f'!breach {breach.ref} outcome "no serious harm is likely"')
        assert "is closed" in pat.last_heard


async def test_R25_a_breach_is_not_told_to_a_chat_that_nobody_reads(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await replied(shared)
        await moves(shared.kim, "leave")
        await shared.lee.writes(f"!recall {shared.image.ref}")
        room = shared.practice.seen_in(await shared.practice.practice_room())
        assert any("no manager is here to be told" in words for words in room)
