"""Sent to the wrong person: called back at once, recorded, assessed within 30 days (R25)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.breach import ASSESSMENT, Breach, closed, emptied_breach, uses_to_recall, with_step, with_step_by_hand
from bot.domain.entries import EntryKind
from bot.domain.errors import OutsideFailure, Refused
from bot.domain.identifiers import Account, BreachId, ImageId, PersonId, RoomId, UseId
from bot.domain.people import Role
from bot.domain.purposes import Purpose
from bot.domain.use import Use, UseState
from bot.ports import MediaErased
from tests.cases import POLL, Shared, answer_id, pictures_in, shared_practice, taps

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
USE = Use(UseId("u1"), (ImageId("i1"),), PersonId("lee"), NOW, Purpose.CARE, (Account("@derm:hs.test"),))
BREACH = Breach(BreachId("b1"), "BR-7F3K", ImageId("i1"), UseId("u1"), "sent wrongly", (), NOW, NOW + ASSESSMENT)
CLINICIAN, MANAGER = frozenset({Role.CLINICIAN}), frozenset({Role.MANAGER})

# ---- the rule


@pytest.mark.parametrize(
    ("person", "roles", "may"),
    [
        ("lee", CLINICIAN, True),
        ("other", CLINICIAN, False),
        ("other", frozenset({Role.RECEPTION}), False),
        ("derm", frozenset({Role.OUTSIDE_CLINICIAN}), False),
        ("kim", MANAGER, True),
    ],
)
def test_R25_whoever_sent_it_on_or_a_manager_calls_it_back(person: str, roles: frozenset[Role], may: bool) -> None:
    released = replace(USE, state=UseState.RELEASED)
    assert uses_to_recall([released], {PersonId(person)}, roles) == ([released] if may else [])


@pytest.mark.parametrize("state", list(UseState))
@pytest.mark.parametrize("was_released", [False, True])
def test_R25_live_and_closed_uses_are_called_back_and_what_ended_otherwise_if_somebody_had_it(
    state: UseState, was_released: bool
) -> None:
    over = {UseState.REFUSED, UseState.EXPIRED, UseState.RECALLED} | (set() if was_released else {UseState.WITHDRAWN})
    use = replace(USE, state=state, was_released=was_released)
    assert uses_to_recall([use], {PersonId("kim")}, MANAGER) == ([] if state in over else [use])


@pytest.mark.parametrize("role", list(Role))
def test_R25_only_a_manager_closes_an_assessment(role: Role) -> None:
    if role is Role.MANAGER:
        assert closed(BREACH, frozenset({role}), "no harm", NOW).closed_at == NOW
    else:
        with pytest.raises(Refused):
            closed(BREACH, frozenset({role}), "no harm", NOW)


def test_R25_an_assessment_is_closed_once_and_with_words() -> None:
    with pytest.raises(Refused):
        closed(BREACH, MANAGER, "  ", NOW)
    done = closed(BREACH, MANAGER, "no harm", NOW)
    with pytest.raises(Refused):
        closed(done, MANAGER, "something else", NOW)
    assert done.outcome == "no harm"


def test_R25_a_step_is_added_and_no_earlier_one_is_lost() -> None:
    twice = with_step(with_step(BREACH, "Kim", "called", NOW), "Kim", "wrote", NOW)
    assert [step["what"] for step in twice.steps] == ["called", "wrote"]


def test_R25_once_it_is_closed_nothing_is_written_by_hand_and_a_late_answer_is_added_all_the_same() -> None:
    assert with_step_by_hand(BREACH, "Kim", "called", NOW) == with_step(BREACH, "Kim", "called", NOW)
    done = closed(BREACH, MANAGER, "no harm", NOW)
    with pytest.raises(Refused):
        with_step_by_hand(done, "Kim", "called", NOW)
    assert [step["what"] for step in with_step(done, "Dr Derm", "deleted it", NOW).steps] == ["deleted it"]


def test_R23_of_a_breach_of_what_is_destroyed_is_left_that_there_was_one_and_whether_it_was_closed() -> None:
    done = closed(with_step(BREACH, "Kim", "called", NOW), MANAGER, "no harm", NOW)
    assert emptied_breach(done) == replace(BREACH, what="", closed_at=NOW)


# ---- the conversation


async def only_breach(shared: Shared) -> Breach:
    async with shared.practice.journal.reading() as rows:
        (found,) = await rows.breaches.find()
        return found


async def test_R25_a_recall_hides_the_message_before_its_media_is_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shared_practice(tmp_path) as shared:
        practice, room = shared.practice, await shared.forwarded()
        (picture,) = pictures_in(practice, room)
        hidden_first = []

        erase = practice.purger.erase_media

        async def erase_media(*asked: Any) -> MediaErased:
            hidden_first.append(picture in practice.homeserver.redacted)
            return await erase(*asked)

        monkeypatch.setattr(practice.purger, "erase_media", erase_media)
        await shared.lee.writes(f"!recall {shared.image.ref}")
        assert hidden_first == [True]
        (shown,) = [post for post in practice.posts_in(room) if post.event_id == picture]
        assert shown.content["file"]["url"] not in practice.homeserver.media


async def test_R25_the_wrong_recipient_stays_in_the_room_until_their_app_was_told_to_hide_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shared_practice(tmp_path) as shared:
        practice, room = shared.practice, await shared.forwarded()
        redact = practice.homeserver.redact

        async def busy(*asked: Any, **more: Any) -> None:
            raise OutsideFailure("busy")

        monkeypatch.setattr(practice.homeserver, "redact", busy)
        await shared.lee.writes(f"!recall {shared.image.ref}")
        assert practice.homeserver.removed == []
        monkeypatch.setattr(practice.homeserver, "redact", redact)
        await practice.after(minutes=5)
        (picture,) = pictures_in(practice, room)
        assert picture in practice.homeserver.redacted
        assert practice.homeserver.removed == [(room, "@derm:hs.test")]


async def test_a_recall_ends_the_use_tells_the_recipient_and_starts_the_clock(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        room = await shared.forwarded()
        await shared.derm.writes("looks benign", room=room)
        await shared.lee.writes(f"!recall {shared.image.ref}")
        (use,) = await shared.uses()
        breach = await only_breach(shared)
        assert use.state is UseState.RECALLED
        assert breach.assess_by - breach.opened_at == timedelta(days=30)
        assert "delete every copy" in shared.derm.last_heard
        assert "rash" not in shared.derm.last_heard, "no health information goes to the wrong person"
        assert (room, "@derm:hs.test") in shared.practice.homeserver.removed
        said = [post for post in shared.practice.posts_in(room) if "msgtype" in post.content]
        assert all(post.event_id in shared.practice.homeserver.redacted for post in said)
        assert breach.ref in shared.lee.last_heard and "Dr Derm" in shared.lee.last_heard
        assert any(breach.ref in words and "23 Dec 2026" in words for words in shared.kim.heard)
        entries = await shared.practice.record.entries(shared.image.patient_id)
        assert any(e.kind is EntryKind.DISCLOSURE and e.facts.get("breach") == breach.ref for e in entries)


async def test_what_the_wrong_recipient_says_becomes_a_step(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.taught()
        await shared.kim.writes(f"!recall {shared.image.ref}")
        await taps(shared.derm, "I need to talk")
        breach = await only_breach(shared)
        assert [step["by"] for step in breach.steps] == ["Kim", "consentry", "Dr Derm"]
        assert "wants to talk" in shared.kim.last_heard
        assert all(
            event in shared.practice.homeserver.redacted for event in pictures_in(shared.practice, shared.derm.own_room)
        )


async def test_managers_are_reminded_until_the_assessment_is_closed(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.forwarded()
        await shared.lee.writes(f"!recall {shared.image.ref}")
        breach = await only_breach(shared)
        reminded = []
        for day in range(1, 46):
            before = len(shared.kim.heard)
            await shared.practice.after(days=1)
            if any("not assessed yet" in words for words in shared.kim.heard[before:]):
                reminded.append(day)
        assert reminded == [14, 25, 30, 37, 44]
        await shared.kim.writes(f'!breach {breach.ref} step "called Dr Derm"')
        await shared.kim.writes(f"!breach {breach.ref.lower()} outcome “deleted unopened, no harm likely”")
        done = await only_breach(shared)
        assert (done.outcome, done.steps[-1]["what"]) == ("deleted unopened, no harm likely", "called Dr Derm")
        before = len(shared.kim.heard)
        await shared.practice.after(days=30)
        assert not any("not assessed yet" in words for words in shared.kim.heard[before:])


async def test_only_a_manager_closes_it_by_command_and_a_step_after_that_is_refused(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.forwarded()
        await shared.lee.writes(f"!recall {shared.image.ref}")
        ref = (await only_breach(shared)).ref
        await shared.lee.writes(f'!breach {ref} outcome "fine"')
        assert "Only a manager can do that" in shared.lee.last_heard
        await shared.kim.writes(f"!breach {ref} outcome")
        assert (await only_breach(shared)).closed_at is None
        await shared.kim.writes(f'!breach {ref} outcome "fine"')
        await shared.kim.writes(f'!breach {ref} step "late"')
        assert "closed already" in shared.kim.last_heard
        assert not [s for s in (await only_breach(shared)).steps if s["what"] == "late"]


async def test_nobody_else_calls_back_what_they_did_not_send(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.forwarded()
        await shared.derm.writes(f"!recall {shared.image.ref}")
        await shared.sam.writes(f"!recall {shared.image.ref}")
        (use,) = await shared.uses()
        assert use.state is UseState.RELEASED


async def test_what_has_reached_nobody_is_stopped_without_an_assessment(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(f"!forward {shared.image.ref} @derm:hs.test melanoma?")
        yes = answer_id(shared.practice, shared.lee.own_room, "Yes")
        await shared.lee.writes(f"!recall {shared.image.ref}")
        assert "had not reached anybody" in shared.lee.last_heard
        await taps(shared.lee, "", secret=yes)
        (use,) = await shared.uses()
        assert use.state is UseState.RECALLED
        async with shared.practice.journal.reading() as rows:
            assert not await rows.breaches.find()


async def test_recalled_between_decision_and_sending_nothing_is_shown_and_nothing_said(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        practice = shared.practice
        await shared.lee.writes(f"!forward {shared.image.ref} @derm:hs.test melanoma?")
        yes = answer_id(practice, shared.lee.own_room, "Yes")
        tapped = shared.lee.arrival(shared.lee.own_room, {f"{POLL}.response": {"answers": [yes]}})
        await practice.receive(replace(tapped, type=f"{POLL}.response"))
        await shared.lee.writes(f"!recall {shared.image.ref}", settle=False)
        await practice.settle()
        assert not [post for post in practice.homeserver.posts if "melanoma?" in post.body and "advice" in post.body]
        assert len([post for post in practice.homeserver.posts if post.content.get("msgtype") == "m.image"]) == len(
            pictures_in(practice, shared.kim.own_room)
        ), "only the QR pictures of the enrolments"


async def test_a_picture_that_left_while_it_was_called_back_is_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check before sending passed; the recall was committed before the sending was."""
    async with shared_practice(tmp_path) as shared:
        practice = shared.practice
        await shared.lee.writes(f"!forward {shared.image.ref} @derm:hs.test melanoma?")
        send = practice.homeserver.send
        asked: list[str] = []

        async def send_slowly(room_id: str, content: Any, *more: Any, **named: Any) -> str:
            event_id = await send(RoomId(room_id), content, *more, **named)
            if not asked and content.get("msgtype") == "m.image":
                asked.append(content["file"]["url"])
                recall = shared.lee.arrival(
                    shared.lee.own_room, {"msgtype": "m.text", "body": f"!recall {shared.image.ref}"}
                )
                await practice.receive(recall)
                await practice.inbox.drain()
            return event_id

        monkeypatch.setattr(practice.homeserver, "send", send_slowly)
        await taps(shared.lee, "Yes")
        assert asked and asked[0] not in practice.homeserver.media
        (use,) = await shared.uses()
        assert use.state is UseState.RECALLED
        posted = [p for p in practice.homeserver.posts if p.content.get("file", {}).get("url") == asked[0]]
        assert posted and all(post.event_id in practice.homeserver.redacted for post in posted)


async def test_words_that_left_while_it_was_called_back_are_taken_back_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They name what the photo was sent for, and would stay as long as the case was meant to."""
    async with shared_practice(tmp_path) as shared:
        practice = shared.practice
        await shared.lee.writes(f"!forward {shared.image.ref} @derm:hs.test melanoma?")
        send = practice.homeserver.send
        intro: list[str] = []

        async def send_slowly(room_id: str, content: Any, *asked: Any, **more: Any) -> str:
            event_id = await send(RoomId(room_id), content, *asked, **more)
            if "asks for advice" in str(content.get("body")) and not intro:
                intro.append(event_id)
                words = {"msgtype": "m.text", "body": f"!recall {shared.image.ref}"}
                await practice.receive(shared.lee.arrival(shared.lee.own_room, words))
                await practice.inbox.drain()
            return event_id

        monkeypatch.setattr(practice.homeserver, "send", send_slowly)
        await taps(shared.lee, "Yes")
        assert intro and intro[0] in practice.homeserver.redacted
