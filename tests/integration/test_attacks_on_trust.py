"""Who is speaking and who is listening, attacked: by other people's accounts, and by a homeserver that lies.

After each attack the bot lives, did nothing it should not, and answers a good message.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from bot.core.polls import ask
from bot.domain.choices import Choice
from bot.domain.people import Standing
from handlers import HOUSE
from tests.attackers import Attacker, FalseIdentity
from tests.homeserver import Homeserver
from tests.live import Live, quiet_log, staffed_live
from tests.lying import renamed

pytestmark = pytest.mark.asyncio(loop_scope="module")

POLL = "org.matrix.msc3381.poll.start"
COMMAND = {"msgtype": "m.text", "body": "my images"}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def practice(homeserver: Homeserver, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Live]:
    async with staffed_live(homeserver, tmp_path_factory.mktemp("trust")) as live:
        yield live


@pytest_asyncio.fixture(loop_scope="module")
async def live(practice: Live) -> AsyncIterator[Live]:
    """The practice, and after the test the proof that it goes on, and that nobody logged what was said."""
    with quiet_log(COMMAND["body"], "Patel"):
        yield practice
        await practice.well()


ANSWERS = {"help": "my images", "my images": "We hold no images"}


async def said(live: Live, words: str) -> dict[str, Any]:
    """Sam said it, and was answered: the event as the homeserver stores it."""
    mark = await live.sam.app.aio.mark()
    event_id = await live.sam.app.aio.send_text(live.sam.room, words)
    await live.sam.hears(ANSWERS[words], after=mark, from_=live.bot_account)
    event: dict[str, Any] = await live.sam.app.aio.server_event(live.sam.room, event_id)
    event.pop("unsigned", None)
    return event


async def not_obeyed(live: Live, mark: int) -> None:
    """What Sam says is decided in order: the forged command would be answered before these words."""
    await live.well()
    answers = await live.sam.app.aio.timeline(live.sam.room, after=mark)
    assert sum("We hold no images" in str(answer["content"]) for answer in answers) == 1


async def mallory(live: Live) -> Attacker:
    return await Attacker.logged_in(live.homeserver.url, live.homeserver.account("mallory"))


# ---- who is speaking


async def test_somebody_elses_words_under_a_patients_name_are_not_obeyed(live: Live) -> None:
    attacker = await mallory(live)
    true = await said(live, "help")
    await attacker.give_room_key(live.bot_account, live.bot.matrix.device_id, live.sam.room)
    before, mark = await live.audited("unproved.unknown-device"), await live.sam.app.aio.mark()
    live.proxy.inject(live.sam.room, renamed(true, content=attacker.megolm(live.sam.room, COMMAND)))
    await live.becomes("unproved.unknown-device", before)
    await live.sam.hears("did not act", after=mark)
    await not_obeyed(live, mark)
    await attacker.close()


async def test_a_room_key_may_not_say_whose_device_it_is(live: Live) -> None:
    """Mallory's Olm message claims to be from Sam's device: the sender of a room key is who encrypted it."""
    attacker = await mallory(live)
    lying = Attacker(live.sam.app.user_id, live.sam.app.device_id, attacker.client, attacker.account)
    true = await said(live, "help")
    await lying.give_room_key(live.bot_account, live.bot.matrix.device_id, live.sam.room)
    mark = await live.sam.app.aio.mark()
    live.proxy.inject(live.sam.room, renamed(true, content=lying.megolm(live.sam.room, COMMAND)))
    await not_obeyed(live, mark)
    assert lying.group.session_id not in live.bot.matrix._machine._olm.rooms_sessions
    await attacker.close()


async def test_a_message_repeated_under_a_new_id_is_not_heard_twice_not_even_after_a_restart(live: Live) -> None:
    true = await said(live, "my images")
    for restart in (False, True):
        if restart:
            await live.stop()
            await live.start()
        before, mark = await live.audited("unproved.replayed"), await live.sam.app.aio.mark()
        live.proxy.inject(live.sam.room, renamed(true))
        await live.becomes("unproved.replayed", before)
        await not_obeyed(live, mark)


async def test_a_message_moved_to_another_room_is_not_heard_there(live: Live) -> None:
    true = await said(live, "my images")
    before = await live.audited("unproved.wrong-room")
    live.proxy.inject(live.kim.room, renamed(true, sender=live.kim.app.user_id, room_id=live.kim.room))
    await live.becomes("unproved.wrong-room", before)


async def test_an_answer_pointed_at_another_question_answers_only_its_own(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The homeserver can change what an event relates to; the secret inside the ciphertext decides."""
    heard: list[str] = []

    async def tap(choice: Choice, *_: object) -> str:
        heard.append(f"{choice.subject} {choice.value}")
        return "Noted."

    monkeypatch.setitem(HOUSE.taps, "my-copy", tap)
    polls = {}
    for subject in ("asked", "another"):
        async with live.bot.kept.journal.transaction() as rows:
            tx = live.bot.dispatch.transaction(rows)
            yes_no = (("yes", "Yes"), ("no", "No"))
            await ask(
                tx,
                live.sam.person,
                f"May {subject}?",
                yes_no,
                about="my-copy",
                subject=subject,
                lasts=timedelta(days=1),
            )
        polls[subject] = await live.sam.app.aio.wait(
            live.sam.room, type=POLL, content_regex=f"May {subject}", utd=False
        )

    def retarget(path: str, answer: Any) -> None:
        if path.endswith("/sync"):
            for room in answer.get("rooms", {}).get("join", {}).values():
                for event in room["timeline"]["events"]:
                    if "m.relates_to" in event.get("content", {}):
                        event["content"]["m.relates_to"]["event_id"] = polls["another"]["id"]

    answers = polls["asked"]["content"][POLL]["answers"]
    mark = await live.sam.app.aio.mark()
    with live.proxy.telling(retarget):
        await live.sam.app.aio.poll_answer(live.sam.room, polls["asked"]["id"], answers[0]["id"])
        await live.sam.hears("Noted", after=mark)
    assert heard == ["asked yes"]
    # Somebody else's secret, and one nobody has, decide nothing.
    mark = await live.kim.app.aio.mark()
    await live.kim.app.aio.send_event(
        room=live.kim.room,
        type="org.matrix.msc3381.poll.response",
        content={"org.matrix.msc3381.poll.response": {"answers": [_answer(polls["another"], 0)]}},
    )
    await live.kim.hears("wasn't yours", after=mark)
    assert heard == ["asked yes"]


async def test_words_put_in_clear_into_an_encrypted_room_are_not_obeyed(live: Live) -> None:
    true = await said(live, "help")
    before, mark = await live.audited("in-clear.refused"), await live.sam.app.aio.mark()
    live.proxy.inject(live.sam.room, renamed(true, type="m.room.message", content=COMMAND))
    await live.becomes("in-clear.refused", before)
    await live.sam.hears("without encryption", after=mark)
    await not_obeyed(live, mark)


async def test_a_device_put_beside_a_patients_own_is_neither_heard_nor_given_a_key(live: Live) -> None:
    true = await said(live, "help")
    rogue = Attacker(live.sam.app.user_id, "ROGUE")
    helper = await mallory(live)
    rogue.client = helper.client

    def add_device(path: str, answer: Any) -> None:
        if path.endswith("/keys/query") and rogue.user_id in answer.get("device_keys", {}):
            answer["device_keys"][rogue.user_id]["ROGUE"] = rogue.device_keys()
        if path.endswith("/keys/claim") and "ROGUE" in str(answer):
            answer["one_time_keys"][rogue.user_id]["ROGUE"] = rogue.one_time_keys(1)

    with live.proxy.telling(add_device):
        live.proxy.inject_sync(device_lists={"changed": [rogue.user_id]})
        await live.proxy.synced()
        before, mark = await live.audited("unproved.unsigned"), live.proxy.mark()
        await live.brings_key_of(rogue, live.sam.room)
        live.proxy.inject(live.sam.room, renamed(true, content=rogue.megolm(live.sam.room, COMMAND)))
        await live.becomes("unproved.unsigned", before)
        # The fixed sentence "verify this device" may go to any device; what is about the patient must not.
        await live.proxy.until(lambda: live.proxy.messages(live.sam.room, mark))
        mark = live.proxy.mark()
        await live.well()
        assert (rogue.user_id, "ROGUE") not in live.proxy.key_holders(mark)
        assert (rogue.user_id, live.sam.app.device_id) in live.proxy.key_holders(mark)
    live.proxy.inject_sync(device_lists={"changed": [rogue.user_id]})
    await helper.close()


async def test_a_replaced_identity_pauses_the_person_and_acts_on_nothing(live: Live) -> None:
    true = await said(live, "help")
    helper = await mallory(live)
    false = FalseIdentity(Attacker(live.sam.app.user_id, "FALSE", helper.client))

    def replace_identity(path: str, answer: Any) -> None:
        if path.endswith("/keys/query") and false.device.user_id in answer.get("device_keys", {}):
            for kind, keys in false.shown().items():
                answer[kind].update(keys)

    with live.proxy.telling(replace_identity):
        live.proxy.inject_sync(device_lists={"changed": [false.device.user_id]})
        await live.proxy.synced()
        before, mark = await live.audited("person.paused"), await live.kim.app.aio.mark()
        await live.brings_key_of(false.device, live.sam.room)
        live.proxy.inject(live.sam.room, renamed(true, content=false.device.megolm(live.sam.room, COMMAND)))
        await live.becomes("person.paused", before)
        await live.kim.app.aio.wait(live.team, body_regex="security identity", after=mark, utd=False)
        paused = await live.person(false.device.user_id)
        assert (paused.standing, paused.identity) == (Standing.PAUSED, live.sam.person.identity)
    live.proxy.inject_sync(device_lists={"changed": [false.device.user_id]})
    await live.proxy.synced()
    async with live.bot.kept.journal.transaction() as rows:  # what a new code does, shown elsewhere
        sam = await rows.people.get(live.sam.person.id)
        await rows.people.save(replace(sam, standing=Standing.ACTIVE))
    await helper.close()


# ---- who is listening


def _member(room: str, user: str) -> dict[str, Any]:
    return {"type": "m.room.member", "state_key": user, "room_id": room, "content": {"membership": "join"}}


def _extra_member(state: list[dict[str, Any]], room: str) -> None:
    state.append(_member(room, "@eve:practice.test"))


def _invited_member(state: list[dict[str, Any]], room: str) -> None:
    state.append({**_member(room, "@eve:practice.test"), "content": {"membership": "invite"}})


def _no_encryption(state: list[dict[str, Any]], _: str) -> None:
    state[:] = [event for event in state if event["type"] != "m.room.encryption"]


def _weaker_encryption(state: list[dict[str, Any]], _: str) -> None:
    for event in state:
        if event["type"] == "m.room.encryption":
            event["content"]["algorithm"] = "org.example.rot13"


def _open_history(state: list[dict[str, Any]], _: str) -> None:
    for event in state:
        if event["type"] == "m.room.history_visibility":
            event["content"]["history_visibility"] = "world_readable"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (_extra_member, "unsafe-room-stranger"),
        (_invited_member, "unsafe-room-stranger"),
        (_no_encryption, "unsafe-room-not-encrypted"),
        (_weaker_encryption, "unsafe-room-not-encrypted"),
        (_open_history, "unsafe-room-history-visible"),
    ],
)
async def test_nothing_is_sent_into_a_room_that_changed_at_the_last_moment(live: Live, change: Any, why: str) -> None:
    def lie(path: str, answer: Any) -> None:
        if path.endswith("/state") and isinstance(answer, list) and live.sam.room.removeprefix("!") in path:
            change(answer, live.sam.room)

    before, mark, told = await live.audited("say.refused"), live.proxy.mark(), await live.kim.app.aio.mark()
    with live.proxy.telling(lie):
        await live.sam.app.aio.send_text(live.sam.room, "my images")
        await live.becomes("say.refused", before)
        await live.kim.app.aio.wait(live.team, body_regex=why, after=told, utd=False)
        assert live.proxy.messages(live.sam.room, mark) == 0
        assert not {user for user, _ in live.proxy.key_holders(mark)} & {"@eve:practice.test"}


def _answer(poll: dict[str, Any], number: int) -> str:
    return str(poll["content"][POLL]["answers"][number]["id"])
