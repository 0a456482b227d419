"""A breach that names one of a patient's people is read by no manager who may not know of them (R25, R33a)."""

from __future__ import annotations

from pathlib import Path

from bot.core.breaches import breaches_in_words, new_breach, open_breach
from bot.core.not_told import tell_not_told
from bot.domain import rooms
from bot.domain.breach import Breach
from bot.domain.copies import What
from bot.domain.people import Relation
from bot.words.about_incidents import SOMEBODY_NOT_TOLD
from tests.cases import Shared, shared_practice
from tests.households import another_manager, answers_as, family, latest_image, person_id
from tests.practice import Someone


async def with_two_managers(shared: Shared) -> tuple[Someone, Someone]:
    """Pat is a manager too, and Kim is the mother of Mia, a mature minor, as far as the record goes."""
    _, mia = await family(shared)
    pat = await another_manager(shared)
    await answers_as(shared.kim, "10423", Relation.PARENT)
    return pat, mia


async def a_breach_names(shared: Shared, reader: Someone) -> Breach:
    image = await latest_image(shared)
    async with shared.practice.journal.transaction() as rows:
        tx = shared.practice.dispatch.transaction(rows)
        person = await tx.person(await person_id(reader))
        breach = await new_breach(tx, image.id, f"A reply reached {person.name}.", [person])
        await open_breach(tx, breach, "bot")
    await shared.practice.settle()
    return breach


async def test_R33a_a_breach_does_not_name_a_mature_minor_to_the_manager_who_is_her_parent(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        pat, mia = await with_two_managers(shared)
        already = len(shared.kim.heard)
        breach = await a_breach_names(shared, mia)
        assert any("Mia" in words for words in pat.heard if breach.ref in words)
        await shared.practice.after(days=14)
        assert "not assessed yet" in pat.last_heard and "Mia" in pat.last_heard
        await shared.kim.writes("!breach")
        await shared.kim.writes(f"!breach {breach.ref}")
        told = [words for words in shared.kim.heard[already:] if breach.ref in words]
        assert len(told) == 4, "that it was opened, the reminder, the list, and the one she asks for"
        assert all("another manager" in words and "Mia" not in words for words in told)


async def test_R25_who_reads_it_may_read_whom_it_names(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        pat, mia = await with_two_managers(shared)
        breach = await a_breach_names(shared, mia)
        await pat.writes(f"!breach {breach.ref}")
        assert "A reply reached Mia Patel." in pat.last_heard
        sams = await a_breach_names(shared, shared.sam)
        assert any("Sam Patel" in words for words in shared.kim.heard if sams.ref in words)


async def test_R25_that_somebody_was_not_told_is_noted_and_names_nobody_to_a_parent(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        pat, mia = await with_two_managers(shared)
        breach = await a_breach_names(shared, mia)
        already = len(shared.kim.heard)
        address = rooms.own(await person_id(mia))
        async with shared.practice.journal.transaction() as rows:
            tx = shared.practice.dispatch.transaction(rows)
            posts = await rows.copies.of_image(breach.image_id, what=What.POST)
            await tell_not_told(tx, address, [posts[0].id])
        await shared.practice.settle()
        assert pat.last_heard.startswith(f"{breach.ref}: Mia Patel was not told after all")
        assert not any("Mia" in words for words in shared.kim.heard[already:])
        async with shared.practice.journal.reading() as rows:
            assert (await rows.breaches.get(breach.id)).steps[-1]["what"] == "Mia Patel was not told after all"


async def test_R25_what_no_manager_may_read_is_told_to_the_practice_and_is_whole_at_the_computer(
    tmp_path: Path,
) -> None:
    async with shared_practice(tmp_path) as shared:
        _, mia = await family(shared)
        await answers_as(shared.kim, "10423", Relation.PARENT)
        breach = await a_breach_names(shared, mia)
        await shared.practice.after(days=14)
        room = shared.practice.seen_in(await shared.practice.practice_room())
        for told in (shared.kim.heard, room):
            said = [words for words in told if breach.ref in words]
            assert len(said) == 2, "that it was opened, and the reminder"
            assert all("consentry audit breaches" in words and "Mia" not in words for words in said)
        async with shared.practice.journal.reading() as rows:
            (whole,) = await breaches_in_words(rows, shared.practice.policy.timezone)
        assert breach.ref in whole and "A reply reached Mia Patel." in whole


async def test_R25_that_somebody_was_not_told_goes_unnoticed_nowhere(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        _, mia = await family(shared)
        await answers_as(shared.kim, "10423", Relation.PARENT)
        address = rooms.own(await person_id(mia))
        async with shared.practice.journal.transaction() as rows:
            tx = shared.practice.dispatch.transaction(rows)
            posts = await rows.copies.of_image((await latest_image(shared)).id, what=What.POST)
            await tell_not_told(tx, address, [posts[0].id])
        await shared.practice.settle()
        for heard in (shared.kim.last_heard, shared.practice.seen_in(await shared.practice.practice_room())[-1]):
            assert heard == SOMEBODY_NOT_TOLD
