"""Emoji verification as pure messages: both sides played, every message in every state, and each lie that must end it."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from bot.domain.emoji import EMOJI
from bot.domain.identifiers import Account
from bot.matrix.device_lists import Device, Identity
from bot.matrix.sas import Message, Ourselves, SasState, Verifying

BOT = Ourselves(Account("@bot:hs.test"), "BOTDEVICE", "bot-ed25519", "bot-master")
SAM = Ourselves(Account("@sam:hs.test"), "SAMDEVICE", "sam-ed25519", "sam-master")
MESSAGES = ("request", "ready", "start", "accept", "key", "mac", "done", "cancel", "unheard-of")
OURS = ("same", "different", "give-up")


def shown(who: Ourselves, *, signed: bool = True) -> Identity:
    return Identity(who.user_id, who.master, (Device(who.user_id, who.device_id, "curve", who.ed25519, signed),))


class Pair:
    """The bot and Sam's app; `log` is what passed between them."""

    def __init__(self, *, bot_asks: bool, in_room: bool = False, sam: Identity | None = None) -> None:
        self.bot = Verifying(BOT, sam or shown(SAM), "t", in_room=in_room, we_asked=bot_asks)
        self.sam = Verifying(SAM, shown(BOT), "t", in_room=in_room, we_asked=not bot_asks)
        self.log: list[tuple[str, Message]] = []
        asker, asked = (BOT, self.sam) if bot_asks else (SAM, self.bot)
        self.opening = {"from_device": asker.device_id, "methods": ["m.sas.v1"]}
        self.asked = asked

    @property
    def states(self) -> set[SasState]:
        return {self.bot.state, self.sam.state}

    def begin(self, change: Callable[[str, Message], Message] = lambda _who, message: message) -> Pair:
        self.pass_on(self.asked, self.asked.take("request", self.opening), change)
        return self

    def pass_on(
        self,
        sender: Verifying,
        messages: list[Message],
        change: Callable[[str, Message], Message] = lambda _who, message: message,
    ) -> None:
        for message in messages:
            name = "bot" if sender is self.bot else "sam"
            name_of, content = change(name, deepcopy(message))
            self.log.append((name, (name_of, content)))
            receiver = self.sam if sender is self.bot else self.bot
            self.pass_on(receiver, receiver.take(name_of, content), change)


def at(state: SasState) -> Verifying:
    """The bot in this state, talking with a Sam who behaves."""
    if state is SasState.NEW:
        return Verifying(BOT, shown(SAM), "t", in_room=False, we_asked=False)
    if state in (SasState.ASKED, SasState.STARTED, SasState.KEY_SENT):
        pair = Pair(bot_asks=True)
        if state is SasState.ASKED:
            return pair.bot
        [ready] = pair.sam.take("request", pair.opening)
        [start] = pair.bot.take(*ready)
        if state is SasState.KEY_SENT:
            [accept] = pair.sam.take(*start)
            pair.bot.take(*accept)
        return pair.bot
    pair = Pair(bot_asks=False)
    [ready] = pair.bot.take("request", pair.opening)
    [start] = pair.sam.take(*ready)
    if state is SasState.READY:
        return pair.bot
    [accept] = pair.bot.take(*start)
    if state is SasState.ACCEPTED:
        return pair.bot
    [key] = pair.sam.take(*accept)
    [answer] = pair.bot.take(*key)
    pair.sam.take(*answer)
    if state is SasState.ENDED:
        pair.bot.take("different")
    if state in (SasState.CONFIRMED, SasState.VERIFIED):
        [mac] = pair.bot.take("same")
        if state is SasState.VERIFIED:
            pair.sam.take(*mac)
            pair.bot.take(*pair.sam.take("same")[0])
    assert pair.bot.state is state
    return pair.bot


@pytest.mark.parametrize("in_room", [True, False])
@pytest.mark.parametrize("bot_asks", [True, False])
@pytest.mark.parametrize("faster", ["bot", "sam"])
def test_both_see_the_same_emoji_and_are_verified_when_two_people_say_so(
    bot_asks: bool, in_room: bool, faster: str
) -> None:
    pair = Pair(bot_asks=bot_asks, in_room=in_room).begin()
    assert pair.states == {SasState.SHOWN}
    assert len(pair.bot.emoji) == 7 and pair.bot.emoji == pair.sam.emoji
    first, second = (pair.bot, pair.sam) if faster == "bot" else (pair.sam, pair.bot)
    pair.pass_on(first, first.take("same"))
    assert second.state is SasState.SHOWN, "nothing confirms by itself"
    pair.pass_on(second, second.take("same"))
    assert pair.states == {SasState.VERIFIED}
    assert (pair.bot.identity, pair.bot.device_id) == (SAM.master, SAM.device_id)


def test_the_emoji_are_sixty_four() -> None:
    assert len(set(EMOJI)) == 64


# What each message does in each state; whatever is not named is let go and changes nothing.
GOES_ON = {
    (SasState.NEW, "request"): SasState.READY,
    (SasState.ASKED, "ready"): SasState.STARTED,
    (SasState.READY, "start"): SasState.ACCEPTED,
    (SasState.STARTED, "start"): SasState.STARTED,  # the bot's user id is the smaller: its own start counts
    (SasState.STARTED, "accept"): SasState.KEY_SENT,
    (SasState.ACCEPTED, "key"): SasState.SHOWN,
    (SasState.SHOWN, "mac"): SasState.SHOWN,
    (SasState.SHOWN, "same"): SasState.CONFIRMED,
    (SasState.SHOWN, "different"): SasState.ENDED,
}
HARMLESS = {"request", "ready", "start", "done", "unheard-of", "same", "different"}
WELL_FORMED: dict[str, dict[str, Any]] = {
    "request": {"from_device": SAM.device_id, "methods": ["m.sas.v1"]},
    "ready": {"from_device": SAM.device_id, "methods": ["m.sas.v1"]},
    "start": {
        "from_device": SAM.device_id,
        "method": "m.sas.v1",
        "key_agreement_protocols": ["curve25519-hkdf-sha256"],
        "hashes": ["sha256"],
        "message_authentication_codes": ["hkdf-hmac-sha256.v2"],
        "short_authentication_string": ["emoji"],
    },
    "accept": {
        "method": "m.sas.v1",
        "key_agreement_protocol": "curve25519-hkdf-sha256",
        "hash": "sha256",
        "message_authentication_code": "hkdf-hmac-sha256.v2",
        "short_authentication_string": ["emoji"],
        "commitment": "x",
    },
    "key": {"key": "3p7bfXt9wbTTW2HC7OQ1Nz+DQ8hbeGdNrfx+FG+IK08"},
    "mac": {"mac": {}, "keys": "x"},
}


@pytest.mark.parametrize("event", MESSAGES + OURS)
@pytest.mark.parametrize("state", list(SasState))
def test_every_message_in_every_state_is_carried_on_ignored_or_the_end(state: SasState, event: str) -> None:
    bot = at(state)
    out = bot.take(event, WELL_FORMED.get(event, {}))
    expected: SasState
    if state in (SasState.VERIFIED, SasState.ENDED):
        expected = state
    elif (state, event) in GOES_ON:
        expected = GOES_ON[state, event]
    else:
        expected = state if event in HARMLESS else SasState.ENDED
    assert bot.state is expected
    if expected is SasState.ENDED and state is not SasState.ENDED:
        assert [name for name, _ in out] == ([] if event == "cancel" else ["cancel"])
    elif (state, event) not in GOES_ON:
        assert out == []


@pytest.mark.parametrize(
    "junk", [{}, {"from_device": [], "methods": 7}, {"key": 5, "mac": [], "keys": None}, {"key": "ü"}]
)
@pytest.mark.parametrize("event", MESSAGES)
@pytest.mark.parametrize("state", list(SasState))
def test_nothing_malformed_raises_or_verifies(state: SasState, event: str, junk: dict[str, Any]) -> None:
    bot = at(state)
    bot.take(event, junk)
    assert (bot.state is SasState.VERIFIED) == (state is SasState.VERIFIED)


def test_when_both_start_the_smaller_user_id_has_started() -> None:
    pair = Pair(bot_asks=True)
    [ready] = pair.sam.take("request", pair.opening)
    [ours] = pair.bot.take(*ready)
    theirs = ("start", WELL_FORMED["start"])
    assert pair.bot.take(*theirs) == [], "@bot is smaller than @sam"
    zoe = Ourselves(Account("@zoe:hs.test"), "D", "e", "m")
    other = Verifying(zoe, shown(SAM), "t", in_room=False, we_asked=True)
    other.take("ready", WELL_FORMED["ready"])
    assert [name for name, _ in other.take(*theirs)] == ["accept"], "@sam is smaller than @zoe"
    pair.pass_on(pair.bot, [ours])
    assert pair.bot.emoji == pair.sam.emoji != ()


# ---- lies


def changed(who: str, name: str, **fields: Any) -> Callable[[str, Message], Message]:
    return lambda sender, message: (message[0], message[1] | fields) if (sender, message[0]) == (who, name) else message


@pytest.mark.parametrize("bot_asks", [True, False])
def test_a_key_put_in_between_shows_other_emoji_or_breaks_the_commitment(bot_asks: bool) -> None:
    """Whoever sits between both can't choose a key after having seen the other one."""
    pair = Pair(bot_asks=bot_asks).begin(changed("sam", "key", **WELL_FORMED["key"]))
    if bot_asks:
        assert pair.bot.because == "m.mismatched_commitment"
    else:
        assert pair.bot.emoji and pair.bot.emoji != pair.sam.emoji


@pytest.mark.parametrize("what", ["device", "master", "key-list", "other-master", "no-master"])
def test_what_the_other_side_does_not_prove_is_not_verified(what: str) -> None:
    pair = Pair(bot_asks=False).begin()
    pair.pass_on(pair.bot, pair.bot.take("same"))
    [(name, content), *_] = pair.sam.take("same")
    device, master = f"ed25519:{SAM.device_id}", f"ed25519:{SAM.master}"
    match what:
        case "device":
            content["mac"][device] = content["mac"][master]
        case "master":
            content["mac"][master] = content["mac"][device]
        case "key-list":
            content["keys"] = "AAAA"
        case "other-master":
            content["mac"]["ed25519:other"] = content["mac"].pop(master)
        case "no-master":
            del content["mac"][master]
    assert [each for each, _ in pair.bot.take(name, content)] == ["cancel"]
    assert (pair.bot.state, pair.bot.because) == (SasState.ENDED, "m.key_mismatch")


def test_no_proof_of_ours_leaves_before_a_person_has_spoken() -> None:
    pair = Pair(bot_asks=False).begin()
    pair.pass_on(pair.sam, pair.sam.take("same"))
    assert "mac" not in [name for who, (name, _) in pair.log if who == "bot"]
    pair.pass_on(pair.bot, pair.bot.take("different"))
    assert pair.bot.state is pair.sam.state is SasState.ENDED
    assert "mac" not in [name for who, (name, _) in pair.log if who == "bot"]


@pytest.mark.parametrize("identity", [shown(SAM, signed=False), Identity(SAM.user_id, "", shown(SAM).devices)])
def test_a_device_that_no_identity_signed_is_not_compared_with(identity: Identity) -> None:
    pair = Pair(bot_asks=False, sam=identity).begin()
    assert (pair.bot.state, pair.bot.because) == (SasState.ENDED, "m.key_mismatch")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("method", "m.qr"),
        ("key_agreement_protocols", ["curve25519"]),
        ("hashes", ["md5"]),
        ("message_authentication_codes", ["hkdf-hmac-sha256"]),
        ("short_authentication_string", ["decimal"]),
    ],
)
def test_only_what_is_safe_is_agreed_upon(key: str, value: object) -> None:
    pair = Pair(bot_asks=False).begin(changed("sam", "start", **{key: value}))
    assert pair.bot.because == "m.unknown_method"


def test_a_start_from_another_device_of_theirs_is_refused() -> None:
    pair = Pair(bot_asks=False).begin(changed("sam", "start", from_device="OTHER"))
    assert pair.bot.because == "m.user_mismatch"
