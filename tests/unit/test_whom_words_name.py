"""A person is named as an app or somebody in a hurry writes them: all of it counts, and is echoed by name and account (R15)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.domain.identifiers import Account, PersonId
from bot.domain.people import Person, Role, Standing, as_account
from bot.heard.named_people import fits, who_begins
from tests.cases import TEACHING, Shared, polls_in, shared_practice, taps
from tests.households import person_id
from tests.practice import Someone

OSEI, SAM = Account("@osei:hs.test"), Account("@sam:hs.test")
ECHO = "Dr. Amy Osei (@osei:hs.test)"
QUESTION = "is this a melanoma?"


@asynccontextmanager
async def with_osei(directory: Path, role: str = "outside-clinician") -> AsyncIterator[tuple[Shared, Someone]]:
    async with shared_practice(directory) as shared:
        osei = await shared.kim.joins_as(OSEI, "OseiIdentity", f'!enrol {role} {OSEI} "Dr. Amy Osei"')
        yield shared, osei


async def sends(someone: Someone, body: str, **more: Any) -> None:
    await someone.practice.receive(someone.arrival(someone.own_room, {"msgtype": "m.text", "body": body} | more))
    await someone.practice.settle()


def pill(command: str, account: str, shown: str, behind: str = "") -> dict[str, Any]:
    """As apps send it: the name in the plain words, the account in the formatted ones."""
    return {
        "format": "org.matrix.custom.html",
        "formatted_body": f'{command} <a href="https://matrix.to/#/{account}">{shown}</a> {behind}',
        "m.mentions": {"user_ids": [account]},
    }


def question(someone: Someone) -> str:
    polls = polls_in(someone.practice, someone.own_room)
    return str(polls[-1]["question"]["body"]) if polls else ""


# ---- the words alone


def person(account: str, name: str) -> Person:
    return Person(PersonId(account), Account(account), name, frozenset({Role.CLINICIAN}), "")


AMY, BEN = person(OSEI, "Dr. Amy Osei"), person("@ben:hs.test", "Ben Osei-Smith")


@pytest.mark.parametrize(
    "written",
    [
        "osei",
        "Osei,",
        "dr osei",
        "Dr. Osei:",
        "DR  OSEI",
        "amy",
        "Amy Osei",
        "Dr Amy Osei",
        "@osei",
        "@Osei",
        "osei:hs.test",
    ],
)
def test_these_name_her(written: str) -> None:
    assert fits(AMY, written)


@pytest.mark.parametrize(
    "written", ["", "dr", "ose", "oseis", "amy smith", "osei amy smith", "@amy", "dr amy lee", "."]
)
def test_these_do_not(written: str) -> None:
    assert not fits(AMY, written)


@pytest.mark.parametrize(
    ("text", "written", "rest"),
    [
        ("dr osei is this a melanoma?", "dr osei", QUESTION),
        ("Amy Osei: is this a melanoma?", "Amy Osei:", QUESTION),
        ('"Dr Osei" is this a melanoma?', "Dr Osei", QUESTION),
        ("osei\nis this a melanoma?", "osei", QUESTION),
        ("osei mr smith has a rash", "osei", "mr smith has a rash"),
        ("nobody is this", "nobody", "is this"),
        ("to Dr Osei: is this a melanoma?", "Dr Osei:", QUESTION),
    ],
)
def test_a_name_ends_where_it_is_nobodys_any_more(text: str, written: str, rest: str) -> None:
    named = who_begins(text, [AMY, BEN])
    assert (named.written, named.rest) == (written, rest)
    assert named.people == ((AMY,) if written != "nobody" else ())


@pytest.mark.parametrize(
    "written",
    [
        "https://matrix.to/#/@osei:hs.test",
        "https://matrix.to/#/%40osei%3Ahs.test",
        "https://matrix.to/#/@osei:hs.test?via=hs.test",
        "<https://matrix.to/#/@Osei:hs.test>",
        "matrix.to/#/@osei:hs.test",
        "matrix:u/osei:hs.test",
        "matrix:u/osei:hs.test?action=chat",
        "@osei:hs.test:",
    ],
)
def test_an_address_is_read_as_its_account(written: str) -> None:
    assert as_account(written) == OSEI


@pytest.mark.parametrize(
    "written", ["https://matrix.to/#/!room:hs.test", "matrix:r/room:hs.test", "https://hs.test/@osei"]
)
def test_no_other_address_is_an_account(written: str) -> None:
    assert as_account(written) == ""


# ---- in commands


@pytest.mark.parametrize(
    "written",
    [
        "dr osei",
        "Dr. Osei",
        "osei",
        "@osei",
        "osei:hs.test",
        "@osei:hs.test",
        "https://matrix.to/#/@osei:hs.test",
        "matrix:u/osei:hs.test",
        "[Dr Osei](https://matrix.to/#/@osei:hs.test)",
        "“Dr Osei”",
        "to @osei:hs.test",
    ],
)
async def test_a_colleague_is_asked_however_they_are_named(tmp_path: Path, written: str) -> None:
    async with with_osei(tmp_path) as (shared, _):
        await shared.lee.writes(f"!forward {shared.image.ref} {written} {QUESTION}")
        assert ECHO in question(shared.lee) and f"“{QUESTION}”" in question(shared.lee)
        assert (await shared.uses())[-1].recipients == (OSEI,)


@pytest.mark.parametrize("account", [OSEI, "%40osei%3Ahs.test", "@osei:hs.test?via=hs.test"])
async def test_a_pill_is_read_by_the_account_it_links_to(tmp_path: Path, account: str) -> None:
    async with with_osei(tmp_path) as (shared, _):
        command = f"!forward {shared.image.ref}"
        await sends(
            shared.lee, f"{command} Amy (she/her) {QUESTION}", **pill(command, account, "Amy (she/her)", QUESTION)
        )
        assert ECHO in question(shared.lee) and f"“{QUESTION}”" in question(shared.lee)


@pytest.mark.parametrize(
    "shape", ["{asked} {who}", "{asked} to {who}", "is this {who} a melanoma?", "{asked} – {who}", "{asked} ({who})"]
)
async def test_an_account_counts_wherever_it_stands(tmp_path: Path, shape: str) -> None:
    async with with_osei(tmp_path) as (shared, _):
        await shared.lee.writes(f"!forward {shared.image.ref} {shape.format(asked=QUESTION, who=OSEI)}")
        assert ECHO in question(shared.lee) and f"“{QUESTION}”" in question(shared.lee)
        assert "missing" not in "\n".join(shared.kim.heard), "the managers hear of nobody"


async def test_a_pill_counts_wherever_it_stands(tmp_path: Path) -> None:
    async with with_osei(tmp_path) as (shared, _):
        command = f"!forward {shared.image.ref} {QUESTION}"
        await sends(shared.lee, f"{command} Amy (she/her)", **pill(command, OSEI, "Amy (she/her)"))
        assert ECHO in question(shared.lee) and f"“{QUESTION}”" in question(shared.lee)


async def test_R15_of_two_accounts_behind_the_question_neither_is_chosen(tmp_path: Path) -> None:
    async with with_osei(tmp_path) as (shared, _):
        await shared.lee.writes(f"!forward {shared.image.ref} {QUESTION} {OSEI} @derm:hs.test")
        assert await shared.uses() == []


@pytest.mark.parametrize("written", ["dr osei", "Dr Osei", "to Dr Amy Osei", "osei"])
async def test_R15_a_name_at_the_end_is_offered_and_never_taken(tmp_path: Path, written: str) -> None:
    async with with_osei(tmp_path) as (shared, _):
        await shared.lee.writes(f"!forward {shared.image.ref} {QUESTION} {written}")
        assert f"\n!forward {shared.image.ref} {OSEI} {QUESTION}" in shared.lee.last_heard
        assert await shared.uses() == [] and "manager" not in shared.lee.last_heard


async def test_R15_the_name_that_a_pill_shows_is_never_trusted_over_its_account(tmp_path: Path) -> None:
    async with with_osei(tmp_path) as (shared, _):
        command = f"!forward {shared.image.ref}"
        await sends(shared.lee, f"{command} Dr Osei {QUESTION}", **pill(command, "@derm:hs.test", "Dr Osei", QUESTION))
        assert "Dr Derm (@derm:hs.test)" in question(shared.lee) and "Osei" not in question(shared.lee)
        await sends(shared.lee, f"{command} Dr Osei {QUESTION}", **pill(command, "@evil:hs.test", "Dr Osei", QUESTION))
        assert "@evil:hs.test is not enrolled here" in shared.lee.last_heard
        assert [use.recipients for use in await shared.uses()] == [("@derm:hs.test",)]


async def test_R15_of_two_whom_the_words_fit_neither_is_chosen(tmp_path: Path) -> None:
    async with with_osei(tmp_path) as (shared, _):
        await shared.kim.joins_as("@kofi:hs.test", "KofiIdentity", '!enrol outside-clinician @kofi:hs.test "Kofi Osei"')
        await shared.lee.writes(f"!forward {shared.image.ref} dr osei {QUESTION}")
        for account in (OSEI, "@kofi:hs.test"):
            assert f"\n!forward {shared.image.ref} {account} {QUESTION}" in shared.lee.last_heard
        assert await shared.uses() == []
        await sends(
            shared.lee,
            f"!forward {shared.image.ref} dr osei {QUESTION}",
            **{"m.mentions": {"user_ids": ["@kofi:hs.test"]}},
        )
        assert "Kofi Osei (@kofi:hs.test)" in question(shared.lee)


async def test_a_reply_mentions_nobody_by_itself(tmp_path: Path) -> None:
    async with with_osei(tmp_path) as (shared, _):
        await shared.kim.joins_as("@kofi:hs.test", "KofiIdentity", '!enrol outside-clinician @kofi:hs.test "Kofi Osei"')
        await sends(
            shared.lee,
            f"!forward {shared.image.ref} dr osei {QUESTION}",
            **{"m.mentions": {"user_ids": ["@kofi:hs.test"]}, "m.relates_to": {"m.in_reply_to": {"event_id": "$x"}}},
        )
        assert "Please write one of" in shared.lee.last_heard and await shared.uses() == []


@pytest.mark.parametrize("written", ["dr nobody", "nobody", "@nobody"])
async def test_whom_nobody_knows_is_said_and_nothing_is_asked(tmp_path: Path, written: str) -> None:
    async with with_osei(tmp_path) as (shared, _):
        await shared.lee.writes(f"!forward {shared.image.ref} {written} {QUESTION}")
        assert f"I know no colleague here called “{written}”" in shared.lee.last_heard
        assert "manager" in shared.lee.last_heard and await shared.uses() == []


async def test_patients_are_no_colleagues(tmp_path: Path) -> None:
    async with with_osei(tmp_path) as (shared, _):
        await shared.lee.writes(f"!forward {shared.image.ref} sam patel {QUESTION}")
        assert "I know no colleague here called" in shared.lee.last_heard


async def left(shared: Shared, osei: Someone) -> bool:
    async with shared.practice.journal.reading() as rows:
        person = await rows.people.get(await person_id(osei))
    assert person.standing is not Standing.LEFT or person.succeeded_by == await person_id(shared.lee)
    return person.standing is Standing.LEFT


@pytest.mark.parametrize(
    "written", ["dr osei", "@osei", "osei:hs.test", "[Dr Osei](https://matrix.to/#/@osei:hs.test)"]
)
async def test_R15_who_leaves_by_name_leaves_by_a_tap_that_names_them(tmp_path: Path, written: str) -> None:
    async with with_osei(tmp_path) as (shared, osei):
        await shared.kim.writes(f"!leaves {written} to @lee:hs.test")
        assert "Dr. Amy Osei, @osei:hs.test, leaves? Dr Lee, @lee:hs.test, takes over" in question(shared.kim)
        assert not await left(shared, osei)
        await taps(shared.kim, "Leaves")
        assert "Dr. Amy Osei has left (@osei:hs.test)" in shared.kim.last_heard and await left(shared, osei)


async def test_who_takes_over_by_name_is_named_in_the_tap_too(tmp_path: Path) -> None:
    async with with_osei(tmp_path) as (shared, osei):
        await shared.kim.writes("!leaves @osei:hs.test to dr lee")
        assert "Dr Lee, @lee:hs.test, takes over" in question(shared.kim) and not await left(shared, osei)
        await taps(shared.kim, "No, nothing changes")
        assert not await left(shared, osei) and polls_in(shared.practice, shared.kim.own_room)


@pytest.mark.parametrize("written", ["@osei:hs.test", "https://matrix.to/#/@osei:hs.test"])
async def test_who_is_named_by_their_whole_account_leaves_at_once(tmp_path: Path, written: str) -> None:
    async with with_osei(tmp_path) as (shared, osei):
        await shared.kim.writes(f"!leaves {written} to @lee:hs.test")
        assert "Dr. Amy Osei has left (@osei:hs.test)" in shared.kim.last_heard and await left(shared, osei)


async def test_R28_a_tap_that_somebody_leaves_is_a_managers_when_it_is_tapped(tmp_path: Path) -> None:
    async with with_osei(tmp_path) as (shared, osei):
        await shared.kim.joins_as("@ada:hs.test", "AdaIdentity", '!enrol clinician @ada:hs.test "Ada"')
        await shared.kim.writes("!leaves dr osei to @lee:hs.test")
        async with shared.practice.journal.transaction() as rows:
            kim = await rows.people.get(await person_id(shared.kim))
            await rows.people.save(replace(kim, roles=frozenset({Role.RECEPTION})))
        await taps(shared.kim, "Leaves")
        assert "for a manager" in shared.kim.last_heard and not await left(shared, osei)


async def test_in_the_practices_room_the_tap_is_asked_for_in_ones_own_chat(tmp_path: Path) -> None:
    async with with_osei(tmp_path) as (shared, osei):
        room = await shared.practice.practice_room()
        await shared.kim.writes("!leaves dr osei to dr lee", room=room)
        assert "in your own chat" in shared.practice.seen_in(room)[-1] and not await left(shared, osei)
        assert "Dr. Amy Osei, @osei:hs.test, leaves?" in question(shared.kim)


async def test_a_lost_phone_is_its_owners_however_they_are_named(tmp_path: Path) -> None:
    async with with_osei(tmp_path) as (shared, _):
        await shared.kim.writes("!lost dr osei")
        assert "Dr. Amy Osei, @osei:hs.test, is paused" in "\n".join(shared.kim.heard[-3:])
        await shared.lee.writes("!lost sam patel")
        assert "Sam Patel (@sam:hs.test) is paused" in shared.lee.last_heard


async def test_no_patient_is_named_in_the_practices_room(tmp_path: Path) -> None:
    async with with_osei(tmp_path) as (shared, _):
        room = await shared.practice.practice_room()
        await shared.lee.writes("!lost sam patel", room=room)
        assert "Nobody enrolled here" in shared.practice.seen_in(room)[-1]
        await shared.lee.writes("!lost @sam:hs.test", room=room)
        assert "@sam:hs.test is paused" in shared.practice.seen_in(room)[-1]
        assert "Sam" not in shared.practice.seen_in(room)[-1]


async def test_an_outside_clinician_learns_of_nobody_by_name(tmp_path: Path) -> None:
    async with with_osei(tmp_path) as (shared, _):
        for written in ("dr osei", "sam patel", "@sam:hs.test"):
            await shared.derm.writes(f"!lost {written}")
            assert "Nobody enrolled here" in shared.derm.last_heard


async def test_emoji_are_compared_with_somebody_by_name(tmp_path: Path) -> None:
    async with with_osei(tmp_path) as (shared, _):
        await shared.kim.writes("!verify osei")
        assert ECHO in shared.kim.last_heard


async def test_an_account_is_unlinked_by_the_name_of_its_holder(tmp_path: Path) -> None:
    async with with_osei(tmp_path) as (shared, _):
        await shared.kim.writes("!unlink 10421 sam")
        assert "Sam Patel, @sam:hs.test" in question(shared.kim)
        await shared.kim.writes("!unlink 10421 osei")
        assert "Nobody of that name" in shared.kim.last_heard


@pytest.mark.parametrize(("who", "written"), [("kim", "!verify sam"), ("lee", "!lost sam"), ("kim", "!lost sam")])
async def test_R17_the_name_of_a_patient_goes_from_the_chat_in_the_command_and_in_its_answer(
    tmp_path: Path, who: str, written: str
) -> None:
    async with with_osei(tmp_path) as (shared, _):
        homeserver, asker = shared.practice.homeserver, getattr(shared, who)
        asked = (await asker.writes(written)).event_id
        echoed = [post.event_id for post in homeserver.posts if "Sam Patel" in post.body and SAM in post.body]
        assert echoed and asked not in homeserver.redacted
        await shared.practice.after(days=2)
        assert {asked, *echoed} <= homeserver.redacted


# ---- who is not enrolled


async def test_the_managers_hear_once_a_day_that_a_colleague_named_somebody_unknown_and_none_of_the_words(
    tmp_path: Path,
) -> None:
    async with with_osei(tmp_path) as (shared, _):
        for _again in range(2):
            await shared.lee.writes(f"!forward {shared.image.ref} Dr Skin is this a melanoma?")
        told = [words for words in shared.kim.heard if "whose name I don't know" in words]
        assert len(told) == 1 and "Dr Lee" in told[0] and "melanoma" not in told[0]


async def test_the_managers_hear_once_whom_a_colleague_wants_to_ask_with_the_line_to_write(tmp_path: Path) -> None:
    async with with_osei(tmp_path, "clinician") as (shared, osei):
        for someone in (shared.lee, shared.lee, osei):
            await someone.writes(f"!forward {shared.image.ref} @skin:hs.test {QUESTION}")
            assert "not enrolled here" in someone.last_heard and "A manager can enrol them" in someone.last_heard
        asked = [words for words in shared.kim.heard if "@skin:hs.test" in words]
        assert len(asked) == 1 and asked[0].startswith("Dr Lee wants to share a photo with @skin:hs.test")
        line = asked[0].splitlines()[-1]
        assert shared.image.ref not in asked[0] and QUESTION not in asked[0]
        await shared.kim.writes(line.replace("THEIR NAME", "Dr Skin"))
        skin = Someone(shared.practice, Account("@skin:hs.test"), "SkinIdentity")
        await skin.enrol(shared.practice.last_code(shared.kim.own_room))
        await shared.lee.writes(f"!forward {shared.image.ref} dr skin {QUESTION}")
        assert "Dr Skin (@skin:hs.test)" in question(shared.lee)
        await taps(shared.lee, "Yes")


async def test_the_managers_hear_whom_a_colleague_wants_to_share_with_for_another_use_too(tmp_path: Path) -> None:
    async with with_osei(tmp_path) as (shared, _):
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref).replace("@derm", "@skin"))
        assert "not enrolled here" in shared.lee.last_heard and "A manager can enrol them" in shared.lee.last_heard
        assert sum("Dr Lee wants to share a photo with @skin:hs.test" in words for words in shared.kim.heard) == 1


async def test_R26_a_homeserver_that_is_not_allowed_is_said_and_no_manager_is_asked(tmp_path: Path) -> None:
    async with with_osei(tmp_path) as (shared, _):
        heard = len(shared.kim.heard)
        await shared.lee.writes(f"!forward {shared.image.ref} @skin:elsewhere.test {QUESTION}")
        assert "homeserver" in shared.lee.last_heard and len(shared.kim.heard) == heard
