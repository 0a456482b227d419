"""A check by emoji, as the practice lives it: who may begin, who compares, what it changes, and what changes nothing.

The other side's app is played by a fake; the protocol itself is in test_sas, and with a real app in tests/integration.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.commands.verify import _choose
from bot.domain.arrivals import Arrival, ArrivalKind, Proof, TrustVerdict
from bot.domain.errors import Refused
from bot.domain.identifiers import NO_PERSON, NO_ROOM, OPERATOR, Account, EventId, PersonId, RoomId, VerificationId
from bot.domain.image import HeldFor, State
from bot.domain.people import Person, Standing
from bot.domain.planned import Progress
from bot.domain.verification import MOST_IN_AN_HOUR, Reached, Stage, Verification, compared, ended_because
from bot.words import about_emoji as words
from bot.words import about_lost_phones
from handlers.people import compare_emoji
from tests.practice import POLICY, Practice, Someone, Staffed, open_practice, people_of, staffed_practice

EMOJI = ("🐶 Dog", "🐱 Cat", "🦁 Lion", "🐎 Horse", "🦄 Unicorn", "🐷 Pig", "🐘 Elephant")


@pytest_asyncio.fixture
async def people(tmp_path: Path) -> AsyncIterator[Staffed]:
    async with staffed_practice(tmp_path) as people:
        yield people


def to_device(someone: Someone, step: str, **content: Any) -> Arrival:
    return Arrival(
        ArrivalKind.TO_DEVICE,
        NO_ROOM,
        someone.practice.event_id(),
        someone.account,
        someone.practice.clock.now(),
        f"m.key.verification.{step}",
        {"transaction_id": "t", **content},
    )


def request_of(someone: Someone, transaction: str = "t") -> Arrival:
    return to_device(
        someone,
        "request",
        transaction_id=transaction,
        from_device="DEVICE",
        methods=["m.sas.v1"],
        timestamp=someone.practice.clock.now().timestamp() * 1000,
    )


async def show_emoji(someone: Someone, identity: str) -> Verification:
    """Somebody's app asks, device to device, and both sides have come to the emoji."""
    reached = Reached(Stage.SHOWN, identity=identity, emoji=EMOJI)
    someone.practice.verifier.reaches |= {
        "key": reached,
        "same": replace(reached, stage=Stage.CONFIRMED),
        "different": replace(reached, stage=Stage.ENDED, because="m.mismatched_sas"),
        "mac": replace(reached, stage=Stage.VERIFIED),
        "give-up": replace(reached, stage=Stage.ENDED, because="m.timeout"),
    }
    await someone.practice.receive(request_of(someone))
    await someone.practice.settle()
    await someone.practice.receive(to_device(someone, "key"))
    await someone.practice.settle()
    return await last(someone.practice)


async def last(practice: Practice) -> Verification:
    async with practice.journal.reading() as rows:
        return (await rows.verifications.find())[-1]


async def person(someone: Someone) -> Person:
    async with someone.practice.journal.reading() as rows:
        found = await rows.people.first(account=someone.account)
    assert found is not None
    return found


async def taps(someone: Someone, value: str) -> None:
    async with someone.practice.journal.reading() as rows:
        me = await rows.people.first(account=someone.account)
        assert me is not None
        open_ = await rows.choices.find(person_id=me.id, about="compare-emoji", used_at=None, value=value)
    content = {"org.matrix.msc3381.poll.response": {"answers": [open_[-1].id]}}
    arrival = replace(someone.arrival(someone.own_room, content), type="org.matrix.msc3381.poll.response")
    await someone.practice.receive(arrival)
    await someone.practice.settle()


async def gets_mac(someone: Someone) -> None:
    await someone.practice.receive(to_device(someone, "mac"))
    await someone.practice.settle()


async def change_identity(someone: Someone, identity: str) -> None:
    someone.identity = identity
    await someone.writes("hello")


async def test_a_manager_compares_and_only_then_it_is_verified_and_vouched_for(people: Staffed) -> None:
    sam, kim, practice = people.sam, people.kim, people.practice
    await show_emoji(sam, "SamIdentity")
    assert all(one in kim.last_heard for one in EMOJI)
    assert not any(one in text for one in EMOJI for text in sam.heard)
    await gets_mac(sam)  # a homeserver or an app in a hurry proves nothing before a person has spoken
    assert (await person(sam)).verified_at is None and practice.verifier.signed == []


async def test_a_yes_pins_signs_and_is_in_the_log_before_anything_leaves(people: Staffed) -> None:
    sam, kim, practice = people.sam, people.kim, people.practice
    check = await show_emoji(sam, "SamIdentity")
    await taps(kim, "same")
    assert await practice.audited("verification.same") == 1
    assert (check.id, "same") in practice.verifier.steps and (await person(sam)).verified_at is None
    await gets_mac(sam)
    assert (await person(sam)).verified_at == practice.clock.now()
    assert practice.verifier.signed == [(sam.account, "SamIdentity")]
    assert sam.last_heard == words.VERIFIED and "is verified" in kim.last_heard


async def test_a_no_changes_nothing_and_the_practice_hears_of_it(people: Staffed) -> None:
    sam, kim, practice = people.sam, people.kim, people.practice
    await show_emoji(sam, "SamIdentity")
    await taps(kim, "different")
    assert (await last(practice)).because == "m.mismatched_sas"
    await gets_mac(sam)
    assert (await person(sam)).verified_at is None and practice.verifier.signed == []
    assert words.SOMEBODY_DIFFERENT in practice.seen_in(await practice.practice_room())


async def test_nobody_vouches_for_themselves_and_a_manager_is_compared_by_the_operator(people: Staffed) -> None:
    kim, practice = people.kim, people.practice
    check = await show_emoji(kim, "KimIdentity")
    assert not any(one in text for one in EMOJI for text in kim.heard)
    async with practice.journal.transaction() as rows:
        tx = practice.dispatch.transaction(rows)
        await compare_emoji.decide(check, OPERATOR, True, tx)
    await practice.settle()
    await gets_mac(kim)
    assert (await person(kim)).verified_at is not None


async def test_a_comparison_is_made_once(people: Staffed) -> None:
    """After a no nobody can still say yes, also not at the computer in the same moment."""
    practice = people.practice
    check = await show_emoji(people.sam, "SamIdentity")
    async with practice.journal.transaction() as rows:
        await compare_emoji.decide(check, OPERATOR, False, practice.dispatch.transaction(rows))
    with pytest.raises(Refused):
        async with practice.journal.transaction() as rows:
            tx = practice.dispatch.transaction(rows)
            await compare_emoji.decide(await rows.verifications.get(check.id), OPERATOR, True, tx)


async def test_a_new_identity_is_paused_and_an_emoji_check_lets_it_in_with_what_was_held(people: Staffed) -> None:
    sam, practice = people.sam, people.practice
    await sam.writes("hello")
    sent = sam.photo(caption="itchy wrist")
    await practice.receive(sent)
    await practice.inbox.drain()
    await change_identity(sam, "NewIdentity")
    image = await practice.only_image()
    assert image.held_for is HeldFor.IDENTITY_CHANGED and (await person(sam)).standing is Standing.PAUSED
    await show_emoji(sam, "NewIdentity")
    assert "new one" in people.kim.last_heard
    await taps(people.kim, "same")
    await gets_mac(sam)
    assert ((await person(sam)).standing, (await person(sam)).identity) == (Standing.ACTIVE, "NewIdentity")
    assert (await practice.only_image()).state is State.VERIFIED
    await sam.writes("my images")
    assert "IMG-" in sam.last_heard


async def test_the_identity_of_a_lost_phone_is_never_pinned_again_whatever_the_emoji_say(people: Staffed) -> None:
    sam, kim, practice = people.sam, people.kim, people.practice
    await kim.writes(f"!lost {sam.account}")
    check = await show_emoji(sam, "SamIdentity")
    assert check.stage is Stage.ENDED and not any(EMOJI[0] in text for text in kim.heard)
    assert sam.last_heard == about_lost_phones.LOST.format(practice=practice.policy.practice)
    # Lost while the emoji are being compared: as well.
    await kim.writes('!enrol patient 10422 "Ann Roe" 1984-03-07')
    ann = Someone(practice, Account("@ann:hs.test"), "AnnIdentity")
    await ann.enrol(practice.last_code(kim.own_room))
    await show_emoji(ann, "AnnIdentity")
    await taps(kim, "same")
    await kim.writes(f"!lost {ann.account}")
    await gets_mac(ann)
    assert (await person(ann)).standing is Standing.PAUSED and practice.verifier.signed == []


async def test_a_check_ends_after_ten_minutes_and_both_sides_hear(people: Staffed) -> None:
    sam, practice = people.sam, people.practice
    check = await show_emoji(sam, "SamIdentity")
    await practice.after(minutes=10)
    assert ((await last(practice)).stage, (await last(practice)).because) == (Stage.ENDED, "m.timeout")
    assert practice.verifier.steps[-1] == (check.id, "give-up")
    assert sam.last_heard == words.ENDED.format(command="verify")
    await gets_mac(sam)
    assert (await person(sam)).verified_at is None


async def test_words_said_of_an_earlier_check_and_held_back_confirm_nothing(people: Staffed) -> None:
    """A manager writes instead of tapping; the homeserver keeps that, ends the check, and puts itself into the next one."""
    held_back = people.kim.arrival(people.kim.own_room, {"msgtype": "m.text", "body": "The same"})
    await show_emoji(people.sam, "FalseIdentity")
    await people.practice.receive(held_back)
    await people.practice.settle()
    assert (await last(people.practice)).compared_by == ""
    async with people.practice.journal.reading() as rows:
        asked = await rows.choices.find(about="compare-emoji", used_at=None)
        [number] = {choice.number for choice in asked} - {""}
    await people.kim.writes(f"the same {number}")
    assert (await last(people.practice)).compared_by == (await person(people.kim)).id


async def test_of_a_check_that_is_past_only_the_log_is_left(people: Staffed) -> None:
    await show_emoji(people.sam, "SamIdentity")
    await taps(people.kim, "same")
    await gets_mac(people.sam)
    practice, verified = people.practice, (await person(people.sam)).verified_at
    await practice.after(minutes=10)
    await practice.after(days=6)
    assert (await last(practice)).stage is Stage.VERIFIED
    await practice.after(days=1)
    async with practice.journal.reading() as rows:
        assert await rows.verifications.find() == []
    assert (await person(people.sam)).verified_at == verified is not None
    assert await practice.audited("verification.same") == await practice.audited("verification.removed") == 1
    assert await practice.audit_is_whole()


@asynccontextmanager
async def started_again(people: Staffed, directory: Path) -> AsyncIterator[Staffed]:
    """The bot, which knows of no check any more."""
    before = people.practice
    await before.database.close()
    async with open_practice(directory, reopen=before) as after:
        yield people_of(after, (people.kim.own_room, people.lee.own_room, people.sam.own_room))


async def test_a_check_that_a_restart_cut_off_ends_when_it_is_touched(people: Staffed, tmp_path: Path) -> None:
    await show_emoji(people.sam, "SamIdentity")
    async with started_again(people, tmp_path) as again:
        await taps(again.kim, "same")
        ended = await last(again.practice)
        assert (ended.stage, ended.because) == (Stage.ENDED, "restarted")
        assert again.sam.last_heard == words.ENDED.format(command="verify")
        assert (await person(again.sam)).verified_at is None


async def test_who_compared_hears_that_a_restart_cut_it_off_before_it_was_finished(
    people: Staffed, tmp_path: Path
) -> None:
    await show_emoji(people.sam, "SamIdentity")
    await taps(people.kim, "same")
    assert people.kim.last_heard == words.same_noted.english()
    async with started_again(people, tmp_path) as again:
        await gets_mac(again.sam)
        assert again.sam.last_heard == words.ENDED.format(command="verify")
        assert again.kim.last_heard == words.not_finished("Sam Patel", again.sam.account)


async def test_a_no_is_told_to_the_practice_though_a_restart_ended_the_check(people: Staffed, tmp_path: Path) -> None:
    """Said while the bot was down on its way to say so: somebody may be in between, and that must not be lost."""
    check = await show_emoji(people.sam, "SamIdentity")
    async with people.practice.journal.transaction() as rows:
        await compare_emoji.decide(check, OPERATOR, False, people.practice.dispatch.transaction(rows))
    async with started_again(people, tmp_path) as again:
        await again.practice.settle()
        assert words.SOMEBODY_DIFFERENT in again.practice.seen_in(await again.practice.practice_room())
        assert again.sam.last_heard == words.DIFFERENT.format(practice=POLICY.practice)


async def test_a_second_request_ends_the_first_and_too_many_are_let_go(people: Staffed) -> None:
    sam, practice = people.sam, people.practice
    for number in range(MOST_IN_AN_HOUR + 3):
        await practice.receive(request_of(sam, f"t{number}"))
        await practice.settle()
    async with practice.journal.reading() as rows:
        checks = await rows.verifications.find()
    assert len(checks) == MOST_IN_AN_HOUR
    assert [one.stage for one in checks].count(Stage.ASKED) == 1
    assert await practice.audited("verification.stray") == 3
    await sam.writes("verify")
    assert sam.last_heard == words.too_often.english()
    await practice.after(hours=1, minutes=1)
    await sam.writes("verify")
    assert sam.last_heard.startswith("I have asked your app")


async def test_what_belongs_to_no_check_of_its_sender_changes_nothing(people: Staffed) -> None:
    sam, lee, practice = people.sam, people.lee, people.practice
    await practice.receive(request_of(sam))
    await practice.settle()
    steps = list(practice.verifier.steps)
    mallory = Someone(practice, Account("@mallory:hs.test"), "M")
    old = request_of(sam, "old")
    strays = [
        to_device(lee, "key"),  # somebody else's, with the right transaction
        to_device(sam, "key", transaction_id="another"),
        to_device(sam, "key", transaction_id=[]),
        request_of(sam),  # the same request again
        request_of(mallory, "x"),
        replace(old, content={**(old.content or {}), "timestamp": 0}),
        replace(old, content={**(old.content or {}), "timestamp": "now"}),
        replace(old, content={**(old.content or {}), "from_device": None}),
    ]
    for stray in strays:
        await practice.receive(replace(stray, event_id=practice.event_id()))
    await practice.settle()
    assert practice.verifier.steps == steps
    assert await practice.audited("verification.stray") == len(strays)
    assert await practice.audited("quarantined") == 0


def in_room(someone: Someone, room: str, content: dict[str, Any], kind: str = "m.room.message") -> Arrival:
    return replace(someone.arrival(room, content), type=kind)


async def test_in_a_room_only_ones_own_counts_and_only_the_device_that_began(people: Staffed) -> None:
    sam, kim, practice = people.sam, people.kim, people.practice
    asked = {
        "msgtype": "m.key.verification.request",
        "to": POLICY.bot_account,
        "from_device": "DEVICE",
        "methods": ["m.sas.v1"],
    }
    team = await practice.practice_room()
    await practice.receive(in_room(kim, team, asked), in_room(sam, sam.own_room, {**asked, "to": kim.account}))
    await practice.settle()
    assert practice.verifier.steps == []
    began = in_room(sam, sam.own_room, asked)
    relation = {"m.relates_to": {"rel_type": "m.reference", "event_id": began.event_id}}
    key = in_room(sam, sam.own_room, relation, "m.key.verification.key")
    other = replace(key, event_id=EventId("$other"), verdict=replace(key.verdict, device_id="OTHER"))
    in_clear = replace(key, event_id=EventId("$clear"), kind=ArrivalKind.PLAINTEXT, verdict=TrustVerdict(Proof.NONE))
    await practice.receive(began, key, other, in_clear)
    await practice.settle()
    assert [event for _, event in practice.verifier.steps] == ["request", "key", "key"]


async def test_only_a_manager_asks_for_a_check_with_somebody_else(people: Staffed) -> None:
    await people.lee.writes(f"!verify {people.sam.account}")
    assert people.lee.last_heard == words.others_only.english()
    await people.kim.writes("!verify @nobody:hs.test")
    assert "@nobody:hs.test" in people.kim.last_heard
    await people.kim.writes(f"!verify {people.sam.account}")
    assert people.sam.account in people.kim.last_heard
    assert [event for _, event in people.practice.verifier.steps] == ["ask"]
    check = await last(people.practice)
    assert check.room_id == people.sam.own_room and check.person_id == (await person(people.sam)).id


async def test_clinicians_are_compared_before_images_come_or_go_where_policy_says_so(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path, replace(POLICY, verify_clinicians=True)) as people:
        await people.sam.sends_photo(caption="itchy wrist")
        ref = (await people.practice.only_image()).ref
        await people.lee.writes(f"!show {ref}")
        assert people.lee.last_heard == words.clinician_not_verified.english()
        await show_emoji(people.lee, "LeeIdentity")
        await taps(people.kim, "same")
        await gets_mac(people.lee)
        await people.lee.writes(f"!show {ref}")
        assert words.clinician_not_verified.english() not in people.lee.heard[-2:]


async def test_a_new_code_for_a_new_identity_begins_unverified(people: Staffed) -> None:
    await show_emoji(people.sam, "SamIdentity")
    await taps(people.kim, "same")
    await gets_mac(people.sam)
    await people.kim.writes("!link 10421")
    people.sam.identity = "NewIdentity"
    await people.sam.enrol(people.practice.last_code(people.kim.own_room))
    assert ((await person(people.sam)).identity, (await person(people.sam)).verified_at) == ("NewIdentity", None)


async def test_nothing_is_left_over(people: Staffed) -> None:
    """After a whole check nothing waits, nothing is stuck, and the audit chain holds."""
    await show_emoji(people.sam, "SamIdentity")
    await taps(people.kim, "same")
    await gets_mac(people.sam)
    await people.practice.after(days=2)
    assert await people.practice.left(Progress.HELD) == [] and await people.practice.audit_is_whole()


async def test_of_several_checks_the_operator_chooses_one_by_its_number(
    people: Staffed, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`consentry verify`. What is no number of the list is asked for again."""
    now = people.practice.clock.now()
    found = [
        (
            Verification(VerificationId(f"check-{who.account}"), NO_PERSON, who.account, NO_ROOM, "", now),
            await person(who),
        )
        for who in (people.kim, people.sam)
    ]
    monkeypatch.setattr("sys.stdin", StringIO("\nKim\n0\n3\n 2 \n"))
    assert _choose(found) == found[1]
    assert capsys.readouterr().out.count("choose a number from 1 to 2") == 3


# ---- what a person says of it


def test_only_the_same_emoji_lead_on_and_why_it_ended_is_what_a_person_said() -> None:
    asked_at = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    shown = Verification(
        VerificationId("id"),
        PersonId("sam"),
        Account("@sam:hs.test"),
        RoomId("!room"),
        "transaction",
        asked_at,
        Stage.SHOWN,
    )
    assert compared(shown, PersonId("kim"), same=True).stage is Stage.CONFIRMED
    differ = compared(shown, PersonId("kim"), same=False)
    assert (differ.stage, differ.compared_by) == (Stage.SHOWN, "kim")
    assert ended_because(differ, "m.timeout").because == differ.because
    for over in (differ, compared(shown, PersonId("kim"), same=True), ended_because(shown, "m.timeout")):
        with pytest.raises(Refused):
            compared(over, PersonId("lee"), same=True)
    vouched = replace(shown, stage=Stage.VERIFIED, compared_by=PersonId("kim"))
    assert ended_because(vouched, "m.timeout") == vouched
    assert (ended_because(shown, "m.timeout").stage, ended_because(shown, "m.timeout").because) == (
        Stage.ENDED,
        "m.timeout",
    )
