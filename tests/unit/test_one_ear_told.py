"""What tells of a body is read by people, whatever else the words do; and nobody is shown commands for it (R34)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.conversation import Open
from bot.domain.deeds import AskPractice, Deed, GetCopy, Puzzle, SeeHelp, SeeImages, StateReason, WriteAbout
from bot.domain.entries import EntryKind
from bot.domain.use import UseState
from bot.heard.in_turn import hear_in_turn
from bot.heard.patient import Written
from tests.cases import TEACHING, Shared, shared_practice

OPEN = [frozenset[Open](), frozenset({Open.REASON}), frozenset({Open.CONSENT}), frozenset({Open.WITHDRAW})]


def heard(words: str, asked: frozenset[Open]) -> Deed | Puzzle:
    return hear_in_turn(Written(words, asked, photos=1, refs=frozenset({"IMG-7F3K"}))).deed


@pytest.mark.parametrize("asked", OPEN)
@pytest.mark.parametrize(
    "words",
    [
        *("Help, my dressing fell off", "can you tell me how to use the ointment?", "not sure how to use the cream"),
        *("how to use the spray", "dont know how to work the inhaler", "what can I do, its spreading"),
        *("im confused, which cream", "please help, its bleeding again", "can you help me with this?"),
    ],
)
def test_R34_a_cry_for_help_with_a_body_is_answered_with_no_command(words: str, asked: frozenset[Open]) -> None:
    deed = heard(words, asked)
    assert isinstance(deed, AskPractice | WriteAbout | StateReason) or deed == Puzzle(("yes", "no", "pass on"))


@pytest.mark.parametrize("asked", OPEN)
@pytest.mark.parametrize(
    "words",
    [
        *("help", "Help me please", "hi, help please", "I need help", "how to use this app", "what can i do here"),
        *("not sure how to use this", "how do i use this", "help me use the app", "help with the app", "im confused"),
    ],
)
def test_help_is_shown_where_nothing_else_is_asked_for(words: str, asked: frozenset[Open]) -> None:
    assert heard(words, asked) == SeeHelp()


@pytest.mark.parametrize(
    ("words", "deed"),
    [
        ("you can see what I have on my arm, 3 days", StateReason()),
        ("see what i sent you, the lump", StateReason()),
        ("how many photos do you need?", AskPractice()),
        ("did you get my medical records from the hospital?", AskPractice()),
        ("do you want my records?", AskPractice()),
        ("how many photos have I sent?", SeeImages()),
        ("how many photos do you have", SeeImages()),
        ("can you see what I sent", SeeImages()),
        ("show me what I sent", SeeImages()),
        ("can i have a copy of my records", GetCopy()),
        ("send me back the photo of my ankle", GetCopy()),
    ],
)
def test_R1_what_is_shown_is_what_was_asked_for(words: str, deed: Deed) -> None:
    assert heard(words, frozenset({Open.REASON})) == deed


@pytest.mark.parametrize(
    "words", ["please send my records to my insurer", "I want you to get my medical records from Dr Smith"]
)
def test_papers_for_or_from_somebody_else_are_no_copy_for_them(words: str) -> None:
    assert heard(words, frozenset()) not in {GetCopy(), SeeImages()}


async def filed(shared: Shared) -> list[str]:
    """What Sam wrote that is in the record."""
    entries = await shared.practice.record.entries(shared.image.patient_id)
    return [entry.text or "" for entry in entries if entry.kind is EntryKind.ANSWER]


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("No, don't use it. The wound has opened again", UseState.REFUSED),
        ("can I see my photos. it smells now", UseState.AWAITING_CONSENT),
        ("no, my rash is worse", UseState.AWAITING_CONSENT),
        ("yes use the photo of my arm, I agree", UseState.AWAITING_CONSENT),
    ],
)
async def test_R34_what_ails_them_is_filed_once_and_read_whatever_else_they_say(
    tmp_path: Path, words: str, state: UseState
) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        await shared.sam.writes(words)
        assert await filed(shared) == [words]
        assert words in "\n".join(shared.practice.seen_in(await shared.practice.practice_room()))
        (use,) = await shared.uses()
        assert use.state is state


async def test_R34_what_ails_them_is_read_beside_a_no_to_taking_a_photo_back(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.writes("please don't use that photo any more")
        await shared.sam.writes("no keep it, its spreading")
        assert "no keep it, its spreading" in await filed(shared)
        assert "no keep it, its spreading" in "\n".join(shared.practice.seen_in(await shared.practice.practice_room()))
