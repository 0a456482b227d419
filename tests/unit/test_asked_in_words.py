"""Every question stands in words beside its poll, for apps that show no polls; either is answered, once (R13, R32)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot.domain.choices import Choice, chosen_in_words, digest_of, told_apart
from bot.domain.identifiers import ChoiceId, PersonId, PollId
from tests.cases import POLL, shared_practice, taps
from tests.practice import Practice

ROOT = Path(__file__).parents[2]
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SAID_BY_THE_CALLER = {  # each says it in words of its own, before the poll
    "bot/core/uses/request_consent.py",
    "handlers/incidents/lost.py",
    "handlers/photos/hold_photo.py",
    "handlers/photos/stop_what.py",
}


async def open_polls(practice: Practice) -> int:
    async with practice.journal.reading() as rows:
        return len({choice.poll_id for choice in await rows.choices.find(used_at=None)})


async def test_R32_a_question_to_staff_stands_whole_in_words_with_what_to_write_and_answering_it_is_enough(
    tmp_path: Path,
) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes("!patient-leaves 10421")
        words, poll = shared.practice.posts_in(shared.kim.own_room)[-2:]
        asked = poll.content[f"{POLL}.start"]["question"]["body"]
        assert words.body.startswith(f"{asked}\n") and "msgtype" in words.content
        number = re.findall(r"“leaves (\d{4})” or “no \1”", words.body)
        assert len(number) == 1 and number[0] not in asked
        async with shared.practice.journal.reading() as rows:
            stood = {choice.number: choice.digest for choice in await rows.choices.find(about="patient-leaves")}
        assert stood == {number[0]: digest_of(words.body), "": digest_of(asked)}

        await shared.kim.writes("leaves")
        assert await open_polls(shared.practice) == 1, "only with the number that stands there"
        await shared.kim.writes(f"Leaves {number[0]}")
        async with shared.practice.journal.reading() as rows:
            patient = await rows.patients.first(mrn="10421")
        assert patient is not None and patient.left_on is not None


async def test_R13_one_answer_uses_up_the_words_and_the_poll(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes("!died 10421")
        [number] = re.findall(r"“no (\d{4})”", shared.kim.heard[-2])
        await taps(shared.kim, "No")
        assert await open_polls(shared.practice) == 0
        await shared.kim.writes(f"has died {number}")
        assert "answered already" in shared.kim.last_heard
        async with shared.practice.journal.reading() as rows:
            patient = await rows.patients.first(mrn="10421")
        assert patient is not None and patient.died_on is None


def test_answers_that_begin_alike_are_told_apart_by_the_whole_of_them_and_neither_is_guessed() -> None:
    labels = ["Ann Patel, the patient (@ann:a)", "Ann Patel, the patient (@ann:b)", "Nobody, let it go"]
    first, second, nobody = (
        Choice(
            ChoiceId(label),
            PollId("poll"),
            "4821",
            PersonId("lee"),
            "reply",
            "draft",
            label,
            label,
            AT.replace(year=2027),
        )
        for label in labels
    )
    choices = [first, second, nobody]
    typed = told_apart(labels)
    assert typed == ["Ann Patel the patient (@ann:a)", "Ann Patel the patient (@ann:b)", "nobody"]
    assert [chosen_in_words(f"{words} 4821", choices, AT) for words in typed] == choices
    assert chosen_in_words("Ann Patel 4821", choices, AT) is None
    assert chosen_in_words("Ann Patel", [replace(first, needs_number=True), second], AT) == second


def test_no_question_is_only_a_poll() -> None:
    """One place plans polls, and says them in words; who says them in other words is known by name."""
    sources = {
        str(path.relative_to(ROOT)): path.read_text()
        for place in ("bot/core", "handlers")
        for path in (ROOT / place).rglob("*.py")
    }
    assert [name for name, text in sources.items() if re.search(r"\.plan\(Ask\(", text)] == ["bot/core/polls.py"]
    assert {name for name, text in sources.items() if "said_already=True" in text} == SAID_BY_THE_CALLER
