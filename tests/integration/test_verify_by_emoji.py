"""Emoji verification with an app that is not ours, in strict mode, on a real homeserver: from either side, over either way.

After each, the app shows the bot's device and identity as verified, the person is marked in the bot's store, and their identity
carries the signature of the bot's user-signing key.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.domain.people import Standing
from bot.domain.verification import Stage, Verification
from bot.matrix.homeserver_client import path
from bot.operate.emoji_checks import decide, waiting
from tests.attackers import Attacker
from tests.homeserver import Homeserver
from tests.live import Live, Someone, staffed_live
from tests.patience import PATIENCE
from tests.peer.driver import DriverError
from tests.photos import small
from tests.terminal import terminal

pytestmark = pytest.mark.asyncio(loop_scope="module")

POLL = "org.matrix.msc3381.poll.start"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def live(homeserver: Homeserver, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Live]:
    async with staffed_live(homeserver, tmp_path_factory.mktemp("emoji")) as live:
        yield live


def names(seen: dict[str, Any]) -> list[str]:
    """The emoji of an app, as they are read out."""
    return [f"{picture} {name}" for picture, name in seen["emoji"]]


async def asked_of_kim(live: Live, after: int) -> tuple[dict[str, Any], list[str]]:
    """The poll Kim got, and the emoji in it."""
    poll = await live.kim.app.aio.wait(live.kim.room, type=POLL, content_regex="compares emoji", after=after, utd=False)
    question = poll["content"][POLL]["question"]["body"]
    return poll, re.findall(r"^\d\. (.+)$", question, re.MULTILINE)


async def kim_says(live: Live, poll: dict[str, Any], answer: int) -> None:
    answers = poll["content"][POLL]["answers"]
    await live.kim.app.aio.poll_answer(live.kim.room, poll["id"], answers[answer]["id"])


async def verified(live: Live, someone: Someone) -> None:
    """Both sides know each other: what the app shows, what is stored, what is signed."""
    async with asyncio.timeout(PATIENCE):
        while not _shows_as_verified(await someone.app.aio.device_trust(live.bot_account)):
            await asyncio.sleep(0.1)  # its own signature comes back to it from the homeserver
    identity = (await someone.app.aio.device_trust(someone.app.user_id))["master_key"]
    end = time.monotonic() + PATIENCE
    while not await signed_by_bot(live, someone, identity):
        assert time.monotonic() < end, "their identity was never signed"
        await asyncio.sleep(0.1)
    person = await live.person(someone.app.user_id)
    assert person.verified_at is not None and person.identity == identity and person.standing is Standing.ACTIVE


def _shows_as_verified(trust: dict[str, Any]) -> bool:
    [device] = trust["devices"]
    return bool(trust["verified"] and device["verified"] and device["cross_signing_verified"])


async def signed_by_bot(live: Live, someone: Someone, identity: str) -> bool:
    query: dict[str, dict[str, list[str]]] = {"device_keys": {someone.app.user_id: [], live.bot_account: []}}
    body = await live.bot.matrix._client.call("POST", "/_matrix/client/v3/keys/query", body=query)
    master = body["master_keys"][someone.app.user_id]
    assert list(master["keys"].values()) == [identity]
    return set(master["signatures"].get(live.bot_account, {})) == set(
        body["user_signing_keys"][live.bot_account]["keys"]
    )


async def test_a_patients_app_starts_device_to_device_and_a_manager_compares(live: Live) -> None:
    mark, sams = await live.kim.app.aio.mark(), await live.sam.app.aio.mark()
    shown = await live.sam.app.aio.call("verify_start", user=live.bot_account, device=live.bot.matrix.device_id)
    poll, emoji = await asked_of_kim(live, mark)
    assert emoji == names(shown)
    told = await live.sam.hears("seven emoji", after=sams)
    assert not any(one in told["content"]["body"] for one in emoji), "they are never shown to whoever is checked"
    await kim_says(live, poll, 0)
    await live.sam.app.aio.call("verify_confirm")
    await live.sam.hears("The emoji were the same", after=sams)
    await live.kim.hears("is verified", after=mark)
    await verified(live, live.sam)


async def test_a_manager_starts_in_the_room_and_the_operator_compares(live: Live) -> None:
    mark = await live.kim.app.aio.mark()
    shown = await live.kim.app.aio.call("verify_start", user=live.bot_account, room=live.kim.room)
    await live.kim.hears("seven emoji", after=mark)
    [(check, person)] = await waiting(live.config)
    assert (person.account, list(check.emoji)) == (live.kim.app.user_id, names(shown))
    await live.kim.app.aio.absent(live.kim.room, content_regex="compares emoji", after=mark, timeout_s=0.5)
    confirming = asyncio.create_task(live.kim.app.aio.call("verify_confirm"))  # faster than the operator
    await asyncio.sleep(0)
    await decide(live.config, check.id, same=True)
    await confirming
    await live.kim.hears("The emoji were the same", after=mark)
    await verified(live, live.kim)


async def test_it_is_begun_in_a_chat_that_an_app_has_just_made_and_only_by_who_is_enrolled(live: Live) -> None:
    """Apps offer to verify from a person's profile, and make a new chat for it."""
    lobby = await live.sam.app.aio.create_dm(live.bot_account)
    await live.sam.app.aio.wait_member(lobby, live.bot_account)
    mark, sams = await live.kim.app.aio.mark(), await live.sam.app.aio.mark()
    shown = await live.sam.app.aio.call("verify_start", user=live.bot_account, room=lobby)
    poll, emoji = await asked_of_kim(live, mark)
    assert emoji == names(shown)
    await kim_says(live, poll, 0)
    await live.sam.app.aio.call("verify_confirm")
    await live.sam.hears("The emoji were the same", after=sams)
    await verified(live, live.sam)

    before = await live.audited("verification.stray")
    eve = await Attacker.logged_in(live.homeserver.url, live.homeserver.account("eve"))
    await eve.call("POST", path("keys", "upload"), {"one_time_keys": eve.one_time_keys(5)})
    wish = {"preset": "trusted_private_chat", "invite": [live.bot_account]}
    room = str((await eve.call("POST", path("createRoom"), wish))["room_id"])
    request = {
        "msgtype": "m.key.verification.request",
        "body": "",
        "from_device": eve.device_id,
        "methods": ["m.sas.v1"],
        "to": live.bot_account,
    }
    proxied = live.proxy.mark()
    await live.proxy.until(lambda: live.proxy.messages(room, 0))
    await eve.send(room, request, "m.room.message")
    await live.becomes("verification.stray", before)
    await live.well()
    assert not any(one.sent_to == room and "verification" in one.path for one in live.proxy.asked[proxied:])
    await eve.close()


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [(["different"], 1, "Noted: not the same."), (["yes", "same"], 0, "Verified: Kim,")],
)
async def test_consentry_verify_at_a_terminal_shows_what_the_app_shows_and_does_what_is_typed(
    live: Live, typed: list[str], status: int, said: str
) -> None:
    kim, file = live.kim.app, live.config.data.directory.parent / "config.toml"
    before = (await live.person(kim.user_id)).verified_at
    async with terminal("verify", "--config", str(file)) as screen:
        await screen.shows("I wait here")
        shown = await kim.aio.call("verify_start", user=live.bot_account, room=live.kim.room)
        await screen.shows("read out the same")
        rows = re.findall(r"│ (\d) +│ (\S+) +│ ([\w ]+?) +│", screen.text)
        assert [int(number) for number, _, _ in rows] == list(range(1, 8))
        assert [f"{picture} {name}" for _, picture, name in rows] == names(shown)
        assert (await live.person(kim.user_id)).verified_at == before, "showing them confirms nothing"
        for answer in typed[:-1]:
            screen.types(answer)
            await screen.shows("Please write same or different")
        screen.types(typed[-1])
        await screen.shows("Noted:")
        if typed[-1] == "same":
            await kim.aio.call("verify_confirm")
        else:
            with pytest.raises(DriverError, match="mismatched_sas"):
                await kim.aio.call("verify_confirm")
        assert await screen.ends() == status
        assert said in screen.text
    assert ((await live.person(kim.user_id)).verified_at == before) == (typed[-1] == "different")


async def test_the_bot_starts_and_a_no_ends_it_then_a_yes_lets_a_new_identity_back_in(
    live: Live, tmp_path: Path
) -> None:
    """Sam has reset the identity: paused, the photo held; a manager asks for a check with `!verify`, twice."""
    app = live.sam.app
    photo = tmp_path / "x.jpg"
    photo.write_bytes(small(3))
    await app.aio.send_image(live.sam.room, photo, caption="itchy wrist")
    await app.aio.wait(live.sam.room, body_regex="IMG-", utd=False)
    await app.aio.call("reset_identity")
    await app.aio.call("withdraw_verification", user=live.bot_account)  # the app asks: send all the same?
    await app.aio.send_text(live.sam.room, "hello")
    await live.becomes("person.paused", 0)
    for answer, ends in ((1, "^Noted: not the same"), (0, "is verified")):
        mark = await live.kim.app.aio.mark()
        accepting = asyncio.create_task(app.aio.call("verify_accept", user=live.bot_account))
        await live.kim.app.aio.send_text(live.kim.room, f"!verify {app.user_id}")
        shown = await accepting
        poll, emoji = await asked_of_kim(live, mark)
        assert emoji == names(shown)
        await kim_says(live, poll, answer)
        if answer:
            with pytest.raises(DriverError, match="mismatched_sas"):
                await app.aio.call("verify_confirm")
            assert (await live.person(app.user_id)).standing is Standing.PAUSED
        else:
            await app.aio.call("verify_confirm")
        await live.kim.hears(ends, after=mark)
    await verified(live, live.sam)
    mark = await app.aio.mark()
    await app.aio.send_text(live.sam.room, "my images")
    await live.sam.hears("IMG-", after=mark)


async def test_a_restart_in_the_middle_ends_it_for_both_sides_and_nothing_is_verified(live: Live) -> None:
    before = (await live.person(live.sam.app.user_id)).verified_at
    mark, kims = await live.sam.app.aio.mark(), await live.kim.app.aio.mark()
    await live.sam.app.aio.call("verify_start", user=live.bot_account, device=live.bot.matrix.device_id)
    poll, _ = await asked_of_kim(live, kims)
    await live.stop()
    await live.start()
    await kim_says(live, poll, 0)
    with pytest.raises(DriverError, match=r"SAS failed|cancelled"):
        await live.sam.app.aio.call("verify_confirm")
    await live.sam.hears("check has ended", after=mark)
    async with live.bot.kept.journal.reading() as rows:
        last: Verification = (await rows.verifications.find())[-1]
    assert (last.stage, last.because) == (Stage.ENDED, "restarted")
    assert (await live.person(live.sam.app.user_id)).verified_at == before
