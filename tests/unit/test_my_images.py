"""What is held about somebody, every consent and every disclosure, is told them in plain words (R24)."""

from __future__ import annotations

from pathlib import Path

from bot.domain.identifiers import Account
from tests.cases import TEACHING, shared_practice, taps
from tests.practice import JPEG, Someone


async def test_consents_and_disclosures_are_told_in_plain_words(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(f"!show {shared.image.ref}")
        await shared.taught()
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref).replace("12 March", "13 March"))
        await taps(shared.sam, "No")
        law = (
            f'!required-by-law {shared.image.ref} basis "subpoena 12" authority "Local Court" recipient "the registrar"'
        )
        await shared.kim.writes(law)
        await shared.sam.writes("my images")
        told = shared.sam.last_heard
        for words in (
            "For your care, “rash on my arm, three days”. Seen by Dr Lee",
            "you sent it for your care, and for nothing else",
            "you said yes: education, “registrar teaching, 12 March”, for @derm:hs.test, until 31 Mar 2027",
            "you said no: education, “registrar teaching, 13 March”",
            "Dr Derm",
            "given to the registrar (subpoena 12), as the law requires",
        ):
            assert words in told, told
        assert told.endswith(f"write for example “withdraw {shared.image.ref}”.")
        await shared.sam.writes(f"withdraw {shared.image.ref}")
        await shared.sam.writes("my images")
        assert "you took it back: education" in shared.sam.last_heard


async def test_wanting_it_back_in_other_words_is_asked_about_with_how_to_do_it(tmp_path: Path) -> None:
    """R24: nothing is withdrawn on a guess, and nobody has to guess the words."""
    async with shared_practice(tmp_path) as shared:
        await shared.sam.writes("Withdraw my photo please")
        assert f"write “yes {shared.image.ref}” to withdraw it" in "\n".join(shared.sam.heard[-2:])
        assert not (await shared.now()).stopped
        await shared.sam.writes("withdraw IMG-ZZZZ")
        assert "“my images” lists your photos" in shared.sam.last_heard and "!" not in shared.sam.last_heard


async def test_nobody_is_told_of_a_photo_of_somebody_they_do_not_answer_for(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes('!enrol patient 10422 "Alex Ng" 2001-12-01')
        alex = Someone(shared.practice, Account("@alex:hs.test"), "AlexIdentity")
        await alex.enrol(shared.practice.last_code(shared.kim.own_room))
        await alex.sends_photo(JPEG + b"2", caption="knee")
        await alex.writes("my images")
        assert "knee" in alex.last_heard and shared.image.ref not in alex.last_heard
        await alex.writes(f"correct {shared.image.ref} elbow")
        assert "don't know" in alex.last_heard
        await shared.kim.writes(f"!refile {shared.image.ref} 10422 2001-12-01")
        await taps(shared.kim, "Move")
        await shared.sam.writes("my images")
        assert shared.image.ref not in shared.sam.last_heard and "Alex" not in shared.sam.last_heard
        await alex.writes("my images")
        assert shared.image.ref in alex.last_heard


async def test_a_long_story_is_told_in_part_and_says_so(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        for number in range(14):
            await shared.sam.writes(f"correct {shared.image.ref} words {number}")
        await shared.sam.writes("my images")
        assert "earlier lines are left out" in shared.sam.last_heard
        assert shared.sam.last_heard.count("·") == 13
