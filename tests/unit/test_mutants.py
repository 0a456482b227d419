"""What `make mutants` changes is still there, and what it says must notice exists; and promises only a death can break."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.dispatch import Request
from bot.core.polls import ask
from bot.core.transaction import Transaction
from bot.domain.choices import Choice
from bot.domain.errors import Refused
from bot.domain.identifiers import Account, ImageId, PersonId, UseId
from bot.domain.purposes import Purpose
from bot.domain.use import ConsentAsked, ConsentGiven, Use, UseState, decide
from handlers import HOUSE
from tests.cases import answer_id, polls_in, taps
from tests.crash.accounts import who_heard_what
from tests.crash.chapters import FILED, sam, says
from tests.crash.mortality import Act, Fate, Life
from tests.fakes import ManualClock
from tests.mutants.every import EVERY
from tests.mutants.mutant import Mutant
from tests.practice import staffed_practice, staffed_snapshot

SOURCES = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("mutant", EVERY, ids=lambda mutant: mutant.breaks)
def test_what_a_mutant_changes_is_there_once_and_its_test_exists(mutant: Mutant) -> None:
    assert (SOURCES / mutant.file).read_text(encoding="utf-8").count(mutant.text) == 1, mutant.file
    file, _, name = mutant.killed_by.partition("[")[0].partition("::")
    assert re.search(rf"^(async )?def {name}\(", (SOURCES / file).read_text(encoding="utf-8"), re.MULTILINE)


def test_the_histories_notice_twenty_mutants_of_authority_and_of_who_asks_it() -> None:
    """`python -m tests.mutants histories` shows that they do."""
    seen = [mutant for mutant in EVERY if mutant.seen_by_histories]
    assert len(seen) >= 20
    assert all(mutant.file.startswith(("bot/", "handlers/", "storage/")) for mutant in seen)


async def lived(directory: Path, fate: Fate, *acts: Act) -> Life:
    life = Life(directory, await staffed_snapshot(), fate)
    async with life.awake():
        for act in acts:
            await life.lives_through(act)
    return life


async def test_what_was_sent_just_before_a_death_is_not_said_again(tmp_path: Path) -> None:
    acts = (*FILED, says(sam, "my images"))
    fate = Fate()
    expected = who_heard_what((await lived(tmp_path / "undisturbed", fate, *acts)).people.practice)
    sent = [step for step, what in enumerate(fate.steps, 1) if what == "after chat.send"]
    assert len(sent) >= 3
    for step in sent:
        life = await lived(tmp_path / str(step), Fate(step), *acts)
        assert life.deaths == 1 and who_heard_what(life.people.practice) == expected


async def test_dying_between_hearing_and_storing_loses_nothing(tmp_path: Path) -> None:
    for first in (1, 2):  # before the commit that stores what arrived, and just after it
        life = await lived(tmp_path / str(first), Fate(first), *FILED)
        assert life.deaths == 1
        async with life.awake() as people:
            assert (await people.practice.only_image()).reason == "rash on my arm"


def test_a_yes_that_comes_too_late_grants_nothing() -> None:
    """R13."""
    now = ManualClock().now()
    use = Use(UseId("use1"), (ImageId("image1"),), PersonId("lee"), now, Purpose.EDUCATION, (Account("@derm:hs.test"),))
    asked = decide(use, ConsentAsked("R9", "the words", "1", now + timedelta(days=7), "“a rash”"))
    assert decide(asked, ConsentGiven(now + timedelta(days=6))).state is UseState.GRANTED
    with pytest.raises(Refused):
        decide(asked, ConsentGiven(now + timedelta(days=7)))


async def test_an_answer_is_handed_on_once_in_its_time_and_from_whom_was_asked(tmp_path: Path) -> None:
    """R13. Every handler looks again; this is about the gate before them all."""
    handed_on: list[str] = []

    async def tapped(choice: Choice, request: Request, tx: Transaction) -> None:
        handed_on.append(choice.value)

    async with staffed_practice(tmp_path) as people:
        practice = people.practice
        practice.dispatch._house = replace(HOUSE, taps={"my-copy": tapped})
        for _ in range(2):
            async with practice.journal.transaction() as rows:
                sam = await rows.people.first(account=people.sam.account)
                assert sam is not None
                asked = [("yes", "Yes"), ("no", "No")]
                tx = practice.dispatch.transaction(rows)
                await ask(tx, sam, "Shall it?", asked, about="my-copy", subject="it", lasts=timedelta(hours=1))
            await practice.settle()
        room = people.sam.own_room
        yes, no = answer_id(practice, room, "Yes"), answer_id(practice, room, "No")
        await taps(people.lee, "", secret=yes)
        assert handed_on == []
        await taps(people.sam, "", secret=yes)
        await taps(people.sam, "", secret=no)
        assert handed_on == ["yes"]
        earlier = polls_in(practice, room)[-2]["answers"][0]["id"]
        practice.clock.move(timedelta(hours=1))
        await taps(people.sam, "", secret=earlier)
        assert handed_on == ["yes"]
