"""What works behind the page's form, by its own modules, run by Node: the sealed queue, the meeting, the one way to send."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest

from bot.domain.marks import Meaning
from tests.bot_process import SOURCES
from tests.patience import PATIENCE
from tests.peer.driver import node_alone

SCENES = SOURCES / "tests" / "browser" / "engine.mjs"
ASKED, WRONG, LOCKED, REFUSED, JOINED = (
    Meaning.ASKS_BIRTHDAY,
    Meaning.BIRTHDAY_WRONG,
    Meaning.BIRTHDAY_LOCKED,
    Meaning.CODE_REFUSED,
    Meaning.JOINED,
)


US = ["@me:here", "@bot:here"]


def played(scene: str, *given: object) -> Any:
    words = [node_alone(), str(SCENES), scene, json.dumps(given)]
    return json.loads(subprocess.run(words, capture_output=True, text=True, check=True, timeout=PATIENCE).stdout)


def test_what_waits_is_sealed_with_a_key_that_nobody_can_take_out() -> None:
    scene = played("sealed")
    assert len(scene["kept"]) > 60
    assert not any(words in scene["kept"] for words in ("what is seen", "left_arm", "itchy"))
    assert (scene["extractable"], scene["opensUnderAnotherName"]) == (False, False)


def test_what_was_uploaded_is_not_uploaded_again_when_the_connection_is_lost() -> None:
    scene = played("lostConnection")
    assert (scene["sent"], scene["uploads"], scene["url"], scene["left"]) == (1, 1, "mxc://here/1", "")
    assert scene["told"] == ["encrypting", "sending", "offline", "offline", "sent"]
    assert scene["as"] == "Blob", "a buffer takes Chromium a second more"


def test_a_page_that_was_closed_in_between_sends_the_same_once() -> None:
    came = {"why": "NotReady", "sameId": True, "uploads": 1, "sent": 1}
    assert played("closedInBetween") == came | {"isWrittenAgain": False}, "what was uploaded is not kept any longer"


def test_a_queue_that_is_asked_twice_sends_each_once_and_in_order() -> None:
    assert played("askedTwice") == {"sent": ["itchy rash", "and a word"]}


def test_what_the_homeserver_does_not_take_stays_and_does_not_hold_up_the_rest() -> None:
    came = {"sent": ["next"], "told": ["notTaken", "sent", "sent"]}
    assert played("notTaken") == came | {"stayed": 1, "later": "too much", "left": 0}


def test_what_fails_again_and_again_stays_and_does_not_hold_up_the_rest() -> None:
    """A later visit tries it anew. That there is no connection is said of none."""
    told = ["again", "again", "notTaken", "sent"]
    assert played("neverPasses", 403, "M_FORBIDDEN", 9) == {
        "tries": 3,
        "told": told,
        "sent": ["next"],
        "later": ["refused"],
    }


@pytest.mark.parametrize("when", ["uploaded", "encrypted"])
def test_what_is_thrown_away_while_it_is_on_its_way_is_not_sent_and_does_not_come_back(when: str) -> None:
    """It is told that it was not sent."""
    assert played("thrownAway", when) == {"said": "notSent", "sent": [], "last": "sending", "left": 0}


def test_of_what_had_left_when_it_was_thrown_away_it_is_not_said_that_it_was_not_sent() -> None:
    assert played("thrownAway", "answered") == {"said": "maybeSent", "sent": ["itchy rash"], "last": "sent", "left": 0}


def test_what_was_refused_and_thrown_away_is_not_told_of_with_what_is_refused_next() -> None:
    assert played("oneOfTwoRefused") == [1, 1]


def test_of_several_photos_none_is_kept_before_all_can_be() -> None:
    """Else those that were, of a page closed meanwhile, would go without the rest, and without a word."""
    assert played("several", True) == {"came": "kept", "meanwhile": 0, "kept": 2}
    assert played("several", False) == {"came": "Unreadable", "meanwhile": 0, "kept": 0}


@pytest.mark.parametrize(("status", "code"), [(502, ""), (408, ""), (403, ""), (429, "M_LIMIT_EXCEEDED")])
def test_what_may_pass_is_tried_as_long_as_it_takes(status: int, code: str) -> None:
    """What a proxy says, too, which gives no code."""
    scene = played("neverPasses", status, code, 9)
    assert (scene["tries"], scene["sent"]) == (9, ["refused", "next"])
    assert set(scene["told"]) == {"slowDown" if status == 429 else "offline", "sent"}


def test_an_answer_that_is_not_the_homeservers_is_no_upload() -> None:
    page_of_a_network = "<html>Please sign in</html>"
    assert played("answeredByAnother", page_of_a_network, "{}", '{"content_uri":"mxc://here/1"}') == [
        "TypeError",
        "TypeError",
        "mxc://here/1",
    ]


def test_of_many_photos_one_is_open_at_a_time_so_that_an_old_phone_has_room_for_it() -> None:
    """Each as large as the camera has it. Not opened at all: those in whose place others were chosen. One more for the tip."""
    shown, from_the_room, tip = 4, 2, 1
    assert played("choosesMany", 5) == {
        "openAtOnce": 1,
        "left": 0,
        "opened": shown + from_the_room + tip,
        "shown": shown,
    }


def test_a_second_tab_waits_for_as_long_as_the_first_is_open() -> None:
    assert played("tabs") == {"seen": ["first works", "second waits"], "waiting": 1, "only": [True, False]}


def test_a_second_tab_takes_the_place_of_the_first_which_stops_and_is_the_one_no_more() -> None:
    """Also where the first slept, and could not hear of it: before it sends, it asks."""
    seen = ["first works", "second waits", "first stops", "second works"]
    assert played("tabs", "here") == {"seen": seen, "waiting": 1, "only": [False, True]}


def test_ciphertext_is_sent_to_a_room_that_is_known_encrypted_and_shared_with_the_bot_of_the_link_or_nothing_is() -> (
    None
):
    """What is asked of the homeserver stands beside what became of it."""
    assert played("puts") == {
        "ready": ["sent", ["rooms/!room/send/m.room.encrypted/1"]],
        "readers": US,
        "somebodyElseIsThere": ["NotAlone", []],
        "somebodyElseWasAskedIn": ["NotAlone", []],
        "somebodyElseWasThere": ["sent", ["rooms/!room/send/m.room.encrypted/1"]],
        "somebodyElseComesMeanwhile": ["NotAlone", []],
        "whoCouldRead": US,
        "notCompared": ["NotReady", []],
        "unknown": ["NotReady", []],
        "notJoined": ["NotReady", []],
        "notEncrypted": ["NotReady", []],
        "cameOutInClear": ["Error", []],
        "anotherBot": ["OtherBot", []],
        "anotherBotFromTheStart": "OtherBot",
    }


def test_a_rooms_key_is_given_beforehand_only_where_something_might_be_sent() -> None:
    assert played("prepares") == {
        "ready": ["shared", ["OnlySignedDevicesIsolationMode"]],
        "notCompared": ["NotReady", []],
        "somebodyElseIsThere": ["NotAlone", []],
        "unknown": ["NotReady", []],
        "notJoined": ["NotReady", []],
        "notEncrypted": ["NotReady", []],
        "anotherBot": ["OtherBot", []],
    }


def met(*answers: list[list[object]]) -> tuple[str, list[str]]:
    """Where somebody comes when the bot answers so, one after another; and what the page has written."""
    scene = played("meets", *answers)
    return scene["came"], scene["written"]


def test_code_and_birthday_lead_into_a_room_of_ones_own() -> None:
    assert met([[ASKED]], [[JOINED]]) == ("!own", ["CODE", "1984-03-07"])


def test_a_wrong_birthday_is_asked_again_until_the_code_is_closed() -> None:
    assert met([[ASKED]], [[WRONG]], [[JOINED]]) == ("!own", ["CODE", "1984-03-07", "again 1"])
    assert met([[ASKED]], [[WRONG]], [[WRONG]], [[LOCKED]]) == ("NotYou", ["CODE", "1984-03-07", "again 1", "again 2"])


def test_a_code_that_is_refused_is_followed_by_no_birthday() -> None:
    assert met([[REFUSED]]) == ("LinkEnded", ["CODE"])


@pytest.mark.parametrize("said", ["", "That code can't be used any more."])
def test_whoever_opened_a_link_before_somewhere_else_is_told_to_go_on_there(said: str) -> None:
    told = played("linkEnds", said)
    assert told.startswith(said) and "before in another app or browser, please go on there" in told


def test_only_the_bot_and_what_a_device_of_its_own_signed_is_believed() -> None:
    forged, of_somebody = [LOCKED, False], [LOCKED, True, "@somebody:here"]
    assert met([forged, of_somebody, [ASKED]], [[JOINED]]) == ("!own", ["CODE", "1984-03-07"])
