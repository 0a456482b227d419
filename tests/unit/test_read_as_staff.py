"""Whoever works here, and is one of a patient's people, reads as staff no more of the others' words than as that (R33a)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.identifiers import Account
from bot.domain.image import Image
from bot.words.phrases import A_REASON_WAS_GIVEN
from tests.cases import Shared, shared_practice, taps
from tests.households import latest_image
from tests.practice import JPEG, Someone
from tests.unit.test_who_may_know import invited

SEEN = "the bruises I saw on Sunday"
AFRAID = "I am worried about her school"


async def _ann(shared: Shared, role: str, born: str = "2015-12-01") -> Someone:
    """Ann, who works here and is Mia's parent."""
    ann = await shared.kim.joins_as("@ann:hs.test", "AnnIdentity", f'!enrol {role} @ann:hs.test "Ann Patel"')
    await shared.kim.writes(f'!enrol patient 10423 "Mia Patel" {born} parent "Ann Patel"')
    await ann.enrol(shared.practice.last_code(shared.kim.own_room))
    await shared.lee.writes("!confirm 10423")
    await taps(shared.lee, "Yes")
    return ann


async def _bobs_photo(shared: Shared, how: str) -> tuple[Someone, Image]:
    """Bob, Mia's other parent, and the photo he sent."""
    await shared.kim.writes('!link 10423 parent "Bob Quill"')
    code = shared.practice.last_code(shared.kim.own_room)
    await taps(shared.kim, how)
    bob = Someone(shared.practice, Account("@bob:hs.test"), "BobIdentity")
    await bob.enrol(code)
    await bob.sends_photo(JPEG + b"b", caption=SEEN)
    return bob, await latest_image(shared)


async def _in_the_team(shared: Shared) -> str:
    return "\n".join(shared.practice.seen_in(await shared.practice.practice_room()))


@pytest.mark.parametrize(
    ("role", "line"), [("reception", "!list"), ("clinician", "!list"), ("clinician", "!show {ref}")]
)
async def test_R33a_a_parent_reads_as_staff_none_of_the_other_parents_words(
    tmp_path: Path, role: str, line: str
) -> None:
    async with shared_practice(tmp_path) as shared:
        ann = await _ann(shared, role)
        _, image = await _bobs_photo(shared, "Not now: it could")
        await ann.writes(line.format(ref=image.ref))
        heard = "\n".join(ann.heard[-2:])
        assert image.ref in heard and SEEN not in heard
        await shared.lee.writes(line.format(ref=image.ref))
        assert SEEN in shared.lee.last_heard, "who is none of Mia's people reads it"


async def test_R33a_a_parent_who_was_told_of_the_other_reads_the_words(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann = await _ann(shared, "reception")
        await _bobs_photo(shared, "Tell them")
        await ann.writes("!list")
        assert SEEN in ann.last_heard and SEEN in await _in_the_team(shared)


async def test_R33a_the_teams_room_does_not_show_them_and_who_treats_reads_them_in_their_own_chat(
    tmp_path: Path,
) -> None:
    async with shared_practice(tmp_path) as shared:
        await _ann(shared, "reception")
        bob, image = await _bobs_photo(shared, "Not now: it could")
        await bob.writes(AFRAID)
        team = await _in_the_team(shared)
        assert SEEN not in team and AFRAID not in team
        assert A_REASON_WAS_GIVEN in team and f"has written about {image.ref}" in team
        assert AFRAID in shared.lee.last_heard
        await shared.lee.writes(f"!mine {image.ref}")
        assert SEEN not in await _in_the_team(shared), "nor once its line is brought up to date"


@pytest.mark.parametrize("role", ["reception", "clinician"])
async def test_R33a_a_mature_minors_words_are_not_read_by_their_parent_as_staff(tmp_path: Path, role: str) -> None:
    async with shared_practice(tmp_path) as shared:
        ann = await _ann(shared, role, "2010-12-01")
        await shared.lee.writes("!capacity 10423 mature-minor")
        mia = await invited(shared, "!link 10423 self", "mia")
        await mia.sends_photo(JPEG + b"b", caption="spots on my private parts")
        await ann.writes("!list")
        assert "private parts" not in ann.last_heard and "private parts" not in await _in_the_team(shared)
        await shared.lee.writes("!list")
        assert "private parts" in shared.lee.last_heard
