"""A way back for whoever uses the page: a new link, and the page that the browser forgot ends (R28a, R33, R33a)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.identifiers import Account
from bot.domain.image import State
from bot.domain.page_account import is_page_account
from bot.domain.people import Standing
from bot.words import about_access as words
from bot.words import about_people
from tests.bot_process import SOURCES
from tests.cases import TEACHING, Shared, polls_in, shared_practice, taps
from tests.practice import JPEG, POLICY, Someone
from tests.unit.test_two_people import authority_of, desk_of, holds, person_of

FIRST, SECOND = Account("@p00000000000000a1:hs.test"), Account("@p00000000000000b2:hs.test")
ENDED = about_people.PAGE_ENDED.format(practice=POLICY.practice)
LINK = "!link 10421"


async def opens(shared: Shared, account: Account, command: str = LINK) -> Someone:
    """A browser opens the link that Kim was given for this, some time after the last one did."""
    await shared.practice.after(minutes=1)
    return await shared.kim.joins_as(account, f"identity of {account}", command)


async def confirmed(shared: Shared) -> None:
    await shared.lee.writes("!confirm 10421")
    await taps(shared.lee, "Yes")


def asked(person: Someone) -> str:
    """The question they were asked last."""
    return str(polls_in(person.practice, person.own_room)[-1]["question"]["body"])


async def has_ended(page: Someone) -> bool:
    """Whether nobody reads there any more, and nothing of what was said is left to read."""
    practice, left = page.practice, (await person_of(page)).standing is Standing.LEFT
    said = [post for post in practice.posts_in(page.own_room) if "Sam" in post.body or "IMG-" in post.body]
    assert not left or all(post.event_id in practice.homeserver.redacted for post in said)
    assert not left or page.last_heard == ENDED
    return left and not await holds(page)


async def test_R33_the_page_before_ends_when_a_second_person_confirms_the_new_one(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        old = await opens(shared, FIRST)
        await confirmed(shared)
        await old.sends_photo(JPEG + b"old", caption="elbow")
        new = await opens(shared, SECOND)
        await new.sends_photo(JPEG + b"new", caption="knee")
        assert (await shared.practice.images())[-1].state is State.VERIFIED, "it sends at once"
        assert not await has_ended(old) and not (await authority_of(new)).is_open
        await shared.lee.writes("!confirm 10421")
        assert f"With your yes their earlier page ends: {FIRST}." in asked(shared.lee)
        await taps(shared.lee, "Yes")
        assert await has_ended(old) and (await authority_of(new)).is_open
        assert await holds(shared.sam), "an app is no page: somebody can still sign in to it"
        await old.sends_photo(JPEG + b"late", caption="thumb")
        assert len(await shared.practice.images()) == 3, "R6: nothing is kept of it any more"


async def test_R33_the_page_before_lets_the_new_one_in_and_ends_by_that(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        old = await opens(shared, FIRST)
        await confirmed(shared)
        await shared.kim.writes(LINK)
        code = shared.practice.last_code(shared.kim.own_room)
        await taps(shared.kim, "Tell them")
        new = Someone(shared.practice, SECOND, "another")
        await shared.practice.after(minutes=1)
        await new.enrol(code)
        assert words.THIS_PAGE_ENDS in asked(old)
        assert words.THIS_PAGE_ENDS not in asked(shared.sam)
        await taps(old, "Yes")
        assert (await authority_of(new)).is_open and await has_ended(old)


async def test_R33_an_earlier_page_does_not_end_a_later_one(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        first, second = await opens(shared, FIRST), await opens(shared, SECOND)
        await shared.lee.writes("!confirm 10421")
        of_first = polls_in(shared.practice, shared.lee.own_room)[-2]
        assert FIRST in of_first["question"]["body"]
        await taps(shared.lee, "Yes", secret=of_first["answers"][0]["id"])
        assert (await authority_of(first)).is_open
        assert await holds(first) and await holds(second)


async def test_R33_a_mother_s_new_page_ends_hers_and_not_the_father_s_nor_hers_for_another_child(
    tmp_path: Path,
) -> None:
    async with shared_practice(tmp_path) as shared:
        hers = await opens(shared, FIRST, '!enrol patient 10423 "Mia Patel" 2015-12-01 parent "Ann Patel"')
        await shared.kim.writes('!enrol patient 10424 "Tom Patel" 2017-12-01 parent "Ann Patel"')
        await hers.enrol(shared.practice.last_code(shared.kim.own_room))
        fathers = await opens(shared, Account("@p00000000000000c3:hs.test"), '!link 10423 parent "Bob Patel"')
        await opens(shared, SECOND, '!link 10423 parent "Ann Patel"')
        async with shared.practice.journal.reading() as rows:
            held = await rows.authorities.of_person((await person_of(hers)).id)
        today = shared.practice.clock.now().date()
        assert [authority.holds_on(today) for authority in held] == [False, True]
        assert (await person_of(hers)).standing is Standing.ACTIVE and await holds(fathers)


async def test_R28a_a_page_reported_lost_ends_at_once_and_a_new_link_is_made(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        page = await opens(shared, FIRST)
        await confirmed(shared)
        rita = await desk_of(shared)
        await rita.writes(f"!lost {FIRST}")
        assert await has_ended(page)
        assert any("has ended" in line and str(FIRST) in line for line in rita.heard)
        new = Someone(shared.practice, SECOND, "another")
        await new.enrol(shared.practice.last_code(rita.own_room))
        assert await holds(new) and not (await authority_of(new)).is_open, "R33: judged like any new account"


async def test_R28a_there_is_a_new_link_for_each_child_whose_mother_lost_the_page(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        hers = await opens(shared, FIRST, '!enrol patient 10423 "Mia Patel" 2015-12-01 parent "Ann Patel"')
        await shared.kim.writes('!enrol patient 10424 "Tom Patel" 2017-12-01 parent "Ann Patel"')
        await hers.enrol(shared.practice.last_code(shared.kim.own_room))
        before = len(shared.kim.heard)
        await shared.kim.writes(f"!lost {FIRST}")
        links = [line for line in shared.kim.heard[before:] if "for Ann Patel, who answers for them (parent)" in line]
        assert await has_ended(hers)
        assert ["Mia" in links[0], "Tom" in links[1]] == [True, True] and len(links) == 2


async def test_R28a_who_says_on_the_page_that_the_phone_is_lost_ends_it(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        page = await opens(shared, FIRST)
        await page.writes("my phone is lost")
        assert await has_ended(page)


async def test_R28a_who_waits_for_a_consent_from_an_ended_page_hears_that_none_comes(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        page = await opens(shared, FIRST)
        await page.sends_photo(JPEG + b"page", caption="elbow")
        ref = (await shared.practice.images())[-1].ref
        await shared.lee.writes(TEACHING.format(ref=ref))
        await shared.kim.writes(f"!lost {FIRST}")
        assert any(f"{ref}: whoever was asked can't answer this any more" in line for line in shared.lee.heard)
        async with shared.practice.journal.reading() as rows:
            assert not await rows.choices.open_of_person((await person_of(page)).id)


async def test_R33a_the_last_words_are_the_same_whatever_the_reason(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        old = await opens(shared, FIRST)
        await opens(shared, SECOND)
        await shared.lee.writes("!confirm 10421")
        await taps(shared.lee, "Yes")
        assert await has_ended(old)
        assert old.last_heard == ENDED and "new account" not in ENDED and "another" not in ENDED


@pytest.mark.parametrize(
    ("account", "so"),
    [
        (FIRST, True),
        (Account("@p0123456789abcdef:practice.example:8448"), True),
        (Account("@p0123456789abcdeg:hs.test"), False),
        (Account("@patient:hs.test"), False),
        (Account("@p0123456789abcdef0:hs.test"), False),
    ],
)
def test_a_page_is_known_by_the_name_it_chose(account: Account, so: bool) -> None:
    assert is_page_account(account) is so


def test_the_page_chooses_such_a_name() -> None:
    source = (SOURCES / "bot" / "page" / "web" / "src" / "homeserver.js").read_text(encoding="utf-8")
    assert "username: `p${random(8)}`" in source, "eight bytes, sixteen letters"
