"""An invitation carries a link where the practice has a page: said to whoever invites, and in the QR picture."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.identifiers import Account
from bot.domain.intents import ReservePicture
from bot.domain.invitation_events import WRONG_TRIES_ALLOWED
from bot.domain.policy import Policy
from tests.fakes import Post
from tests.practice import POLICY, Someone, Staffed, staffed_practice

PAGE = replace(POLICY, page_url="https://photos.example", own_homeserver="https://hs.example")
TOKEN = "tOken-1234567890"


async def invited(people: Staffed) -> tuple[str, str]:
    """What Kim is told when a patient is enrolled, and what the QR picture says."""
    await people.kim.writes('!enrol patient 20001 "Flo Po" 1999-01-02', settle=False)
    await people.practice.inbox.drain()
    [qr] = [each.intent.qr for each in await people.practice.left() if isinstance(each.intent, ReservePicture)]
    await people.practice.settle()
    return next(line for line in people.kim.heard if "Code: " in line and "Flo Po" in line), qr


async def offer_token(people: Staffed) -> None:
    until = people.practice.clock.now() + timedelta(days=30)
    await people.practice.journal.offer_registration_token(TOKEN, until)


async def test_the_link_is_said_and_pictured(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path, PAGE) as people:
        await offer_token(people)
        said, qr = await invited(people)
        code = said.partition("Code: ")[2].split()[0]
        assert qr == f"https://photos.example/#c={code}&t={TOKEN}&b={POLICY.bot_account}&k=BotIdentity"
        assert qr in said.split()


@pytest.mark.parametrize(("policy", "has_token"), [(PAGE, False), (replace(PAGE, page_url=None), True)])
async def test_without_a_token_or_a_page_the_picture_is_of_the_bots_address(
    policy: Policy, has_token: bool, tmp_path: Path
) -> None:
    async with staffed_practice(tmp_path, policy) as people:
        if has_token:
            await offer_token(people)
        said, qr = await invited(people)
        assert "https://photos.example" not in said
        assert ("has no link" in said) is not has_token, "why there is none"
        assert qr == f"https://matrix.to/#/{POLICY.bot_account}"


def pictures_of(people: Staffed) -> list[Post]:
    """The pictures that Kim has been shown, also those that were taken back."""
    posts = people.practice.posts_in(people.kim.own_room)
    return [post for post in posts if post.content.get("msgtype") == "m.image"]


def is_gone(post: Post, people: Staffed) -> bool:
    """Whether message and media are gone; one of them alone is wrong."""
    redacted = post.event_id in people.practice.homeserver.redacted
    assert redacted is (post.content["file"]["url"] not in people.practice.homeserver.media)
    return redacted


async def test_the_picture_goes_once_somebody_came_in_by_the_invitation(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path, PAGE) as people:
        await people.kim.writes('!enrol patient 20001 "Flo Po" 1999-01-02')
        picture = pictures_of(people)[-1]
        assert not is_gone(picture, people)
        await Someone(people.practice, Account("@flo:hs.test"), "Flo").enrol(
            people.practice.last_code(people.kim.own_room)
        )
        assert is_gone(picture, people)


async def test_the_picture_of_an_invitation_that_was_written_anew_goes_at_once(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path, PAGE) as people:
        for _ in range(2):
            await people.kim.writes('!enrol patient 20001 "Flo Po" 1999-01-02')
        first, second = pictures_of(people)[-2:]
        assert is_gone(first, people) and not is_gone(second, people)


async def test_R28_what_ended_before_it_was_shown_is_not_shown_and_its_words_are_taken_back(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path, PAGE) as people:
        before = len(pictures_of(people))
        for _ in range(2):
            await people.kim.writes('!enrol patient 20001 "Flo Po" 1999-01-02', settle=False)
            await people.practice.inbox.drain()
        people.practice.homeserver.down = True
        await people.practice.settle()
        people.practice.homeserver.down = False
        await people.practice.after(minutes=10)
        [picture] = pictures_of(people)[before:]
        assert not is_gone(picture, people)
        said = [
            post
            for post in people.practice.posts_in(people.kim.own_room)
            if "Flo Po" in post.body and "Code: " in post.body
        ]
        redacted = [post.event_id in people.practice.homeserver.redacted for post in said]
        assert redacted == [True, False]


async def test_the_picture_goes_with_a_code_that_was_locked(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path, PAGE) as people:
        await people.kim.writes('!enrol patient 20001 "Flo Po" 1999-01-02')
        picture, code = pictures_of(people)[-1], people.practice.last_code(people.kim.own_room)
        for number in range(WRONG_TRIES_ALLOWED):
            assert not is_gone(picture, people)
            eve = Someone(people.practice, Account(f"@eve{number}:hs.test"), "Eve")
            await eve.enters_lobby(f"!eve{number}")
            await eve.writes(f"{code[:3]}-9999-999{number}", room=f"!eve{number}")
        assert is_gone(picture, people)
