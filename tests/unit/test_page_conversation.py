"""What the page shows of what was said, and what it takes from a link: its pure modules, run by Node."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest

from bot.domain.identifiers import Account
from bot.domain.marks import KEY, Meaning
from bot.domain.page_link import page_link
from tests.bot_process import SOURCES
from tests.peer.driver import node_alone

MODULES = SOURCES / "bot" / "page" / "web" / "src"
BOT, ME = "@consentry:practice.test", "@p1:practice.test"
POLL = "org.matrix.msc3381.poll"
TEXT = "org.matrix.msc1767.text"


def run(module: str, function: str, *arguments: object) -> Any:
    """What a function of the page returns."""
    script = (
        f"import {{ {function} }} from {json.dumps(str(MODULES / module))};"
        f"console.log(JSON.stringify({function}(...JSON.parse(process.argv[1])) ?? null))"
    )
    words = [node_alone(), "--input-type=module", "-e", script, json.dumps(arguments)]
    return json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout)


def event(
    id: str, content: dict[str, Any], sender: str = BOT, kind: str = "m.room.message", **more: Any
) -> dict[str, Any]:
    relation = content.get("m.relates_to")
    plain = {"id": id, "type": kind, "content": content, "relation": relation, "sender": sender, "mine": sender == ME}
    return plain | {"redacted": False, "trusted": True} | more


def words(body: str) -> dict[str, Any]:
    return {"msgtype": "m.text", "body": body}


def edit(of: str, body: str) -> dict[str, Any]:
    return words(f"* {body}") | {
        "m.new_content": words(body),
        "m.relates_to": {"rel_type": "m.replace", "event_id": of},
    }


def shown(*said: dict[str, Any]) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = run("conversation.js", "conversation", said, BOT)
    return items


def test_an_edit_of_who_wrote_it_is_put_in() -> None:
    [item] = shown(event("$1", words("before")), event("$2", edit("$1", "after")))
    assert item["text"] == "after"


@pytest.mark.parametrize(
    "forged",
    [
        event("$2", edit("$1", "forged"), sender=ME),
        event("$2", edit("$1", "forged"), sender="@eve:practice.test"),
        event("$2", edit("$1", "forged"), trusted=False),
    ],
)
def test_an_edit_of_somebody_else_or_that_nobody_signed_changes_nothing(forged: dict[str, Any]) -> None:
    assert shown(event("$1", words("before")), forged)[0]["text"] == "before"


def test_words_that_nobody_vouches_for_are_not_shown() -> None:
    assert [item["kind"] for item in shown(event("$1", words("forged"), trusted=False))] == ["unsure"]
    assert shown(event("$1", words("hello"), sender="@eve:practice.test")) == []


def test_a_photo_that_was_filed_is_not_there() -> None:
    photo = {"msgtype": "m.image", "body": "rash", "filename": "a.jpg", "file": {}, "info": {"mimetype": "image/jpeg"}}
    [item] = shown(event("$1", photo, sender=ME))
    assert (item["kind"], item["text"], item["name"]) == ("file", "rash", "a.jpg")
    assert shown(event("$1", {}, sender=ME, redacted=True, trusted=False)) == []


def test_a_question_that_was_answered_keeps_its_answer() -> None:
    question = poll("$1")
    about = {"m.relates_to": {"rel_type": "m.reference", "event_id": "$1"}}
    answer = {f"{POLL}.response": {"answers": ["n"]}} | about
    mine = event("$2", answer, sender=ME, kind=f"{POLL}.response")
    others = event("$3", answer, sender=BOT, kind=f"{POLL}.response")
    assert [shown(question, later)[0]["chosen"] for later in (mine, others)] == ["n", None]


@pytest.mark.parametrize("kind", [f"{POLL}.end", "org.consentry.closed"])
def test_a_question_that_was_closed_elsewhere_waits_for_no_answer(kind: str) -> None:
    """As the bot says inside the ciphertext: where a homeserver points its relation closes nothing."""
    about = {
        "m.relates_to": {"rel_type": "m.reference", "event_id": "$2"},
        KEY: {"id": "question-closed", "asked": "$1"},
    }
    questions = poll("$1"), event("$2", marked("Whose?", Meaning.ASKS_WHOSE, whose=["Mia", "Ben"], question="q"))
    closed, forged = event("$3", about, kind=kind), event("$4", about, sender=ME, kind=kind)
    assert are_open(*questions, closed) == [False, True]
    assert are_open(*questions, forged) == [True, True]
    assert are_open(*questions, event("$5", about | {KEY: {}}, kind=kind)) == [True, True]


def test_R15_a_question_that_a_tap_cannot_name_is_answered_in_words_alone() -> None:
    """It was asked before taps named their question: one would answer what is asked now, whatever that is."""
    assert are_open(event("$1", marked("Whose?", Meaning.ASKS_WHOSE, whose=["Mia", "Ben"]))) == [False]


def are_open(*said: dict[str, Any]) -> list[bool]:
    return [run("conversation.js", "isOpen", item) for item in shown(*said)]


def test_a_question_that_is_put_off_is_open_until_it_is_answered() -> None:
    """R13: "later" uses up nothing. What counts once counts on the page too: a later "later" opens nothing again."""
    question = poll("$1")
    question["content"][KEY] = {"id": Meaning.CAN_BE_PUT_OFF.value, "stays": ["l"]}
    later, no, again = (answered(f"${number}", "$1", answer) for number, answer in enumerate("lnl", 2))
    items = [shown(question, *said)[0] for said in ([], [later], [later, no], [later, no, again])]
    assert [item["chosen"] for item in items] == [None, "l", "n", "n"]
    assert [run("conversation.js", "isOpen", item) for item in items] == [True, True, False, False]


def answered(id: str, question: str, answer: str) -> dict[str, Any]:
    about = {"m.relates_to": {"rel_type": "m.reference", "event_id": question}}
    return event(id, {f"{POLL}.response": {"answers": [answer]}} | about, sender=ME, kind=f"{POLL}.response")


def marked(body: str, meaning: Meaning, **more: Any) -> dict[str, Any]:
    return words(body) | {KEY: {"id": meaning.value, **more}}


def test_each_photo_has_its_buttons_once_whatever_the_words_are() -> None:
    items = shown(
        event("$1", marked("…", Meaning.PHOTO_SAFE, refs=["IMG-7F3K", "IMG-9B2M"])),
        event("$2", words("IMG-8C4P was seen.")),
        event("$3", marked("…", Meaning.PHOTOS_LISTED, refs=["IMG-7F3K", "IMG-8C4P"])),
        event("$4", marked("I have your photo", Meaning.PHOTO_SAFE, refs=["IMG-5D2Q"]), sender=ME),
    )
    assert [item["refs"] for item in items] == [["IMG-7F3K", "IMG-9B2M"], [], ["IMG-8C4P"], []]


def test_an_edit_brings_its_own_mark() -> None:
    changed = edit("$1", "after")
    changed["m.new_content"] |= {KEY: {"id": "photo-safe", "refs": ["IMG-7F3K"]}}
    [item] = shown(event("$1", words("before")), event("$2", changed))
    assert item["refs"] == ["IMG-7F3K"]


def poll(id: str) -> dict[str, Any]:
    answers = [{"id": "y", TEXT: "Yes"}, {"id": "n", TEXT: "No"}]
    return event(id, {f"{POLL}.start": {"question": {TEXT: "May we?"}, "answers": answers}}, kind=f"{POLL}.start")


def test_the_words_of_a_question_stand_there_only_where_its_poll_does_not() -> None:
    """R32: either is whole."""
    asked = [event(f"$w{number}", marked("May we? Yes or no", Meaning.ASKED_IN_WORDS)) for number in (1, 2)]
    between = event("$b", words("Not for emergencies"))
    assert [item["id"] for item in shown(asked[0], between, poll("$p1"))] == ["$b", "$p1"]
    assert [item["id"] for item in shown(asked[0], asked[1], poll("$p2"))] == ["$w1", "$p2"]
    assert [item["id"] for item in shown(asked[0])] == ["$w1"]


def test_whose_photo_it_is_is_answered_by_a_tap_under_that_question_and_by_no_words() -> None:
    """R15: "2 days now" chooses nobody, and what was tapped under one question answers no other."""
    asked = event("$1", marked("Whose?", Meaning.ASKS_WHOSE, whose=["Mia", "Ben"], question="q1"))
    tap = run("conversation.js", "whoseIs", "q1", 2, "Ben")
    assert tap["content"]["body"] == "2"
    elsewhere = run("conversation.js", "whoseIs", "q0", 2, "Ben")["content"]
    for said in ([], [event("$2", words("2 days now"), sender=ME)], [event("$2", elsewhere, sender=ME)]):
        assert shown(asked, *said)[0]["chosen"] is None
    assert shown(asked, event("$2", tap["content"], sender=ME))[0]["chosen"] == "Ben"


def test_a_name_that_was_tapped_answers_nothing_that_was_asked_after_it() -> None:
    """Where the assistant knows nobody by that name, it asks again: what is asked again can be tapped."""
    asked, again = (
        event(id, marked("Whose?", Meaning.ASKS_WHOSE, whose=names, question="q1"))
        for id, names in (("$1", ["Mia", "Ben"]), ("$3", ["Mia", "Benjamin"]))
    )
    first, second = (
        event(id, run("conversation.js", "whoseIs", "q1", 2, name)["content"], sender=ME)
        for id, name in (("$2", "Ben"), ("$4", "Benjamin"))
    )
    chosen = [
        [item["chosen"] for item in shown(*said) if "chosen" in item]
        for said in ([asked, first], [asked, first, again], [asked, first, again, second], [asked, again, second])
    ]
    assert chosen == [["Ben"], ["Ben", None], ["Ben", "Benjamin"], ["Benjamin", "Benjamin"]]
    assert are_open(asked, first, again) == [False, False, True]


def test_what_only_says_how_to_type_an_answer_is_left_out_and_nothing_else_is() -> None:
    """Where the mark is another's, or of words that don't stand there, all is shown."""
    how = "\nSomething wrong? Write “correct IMG-7F3K …” ($& $1)."
    whole = f"I have your photo.{how}\n\nNot for emergencies."
    first = event("$1", marked(whole, Meaning.PHOTO_SAFE, typed=[how, "not there"]))
    changed = edit("$1", f"{whole}\nOne line more.")
    changed["m.new_content"] |= {KEY: {"id": "photo-safe", "typed": [how]}}
    without = "I have your photo.\n\nNot for emergencies."
    assert [item["text"] for item in shown(first)] == [without]
    assert [item["text"] for item in shown(first, event("$2", changed))] == [f"{without}\nOne line more."]
    assert [item["text"] for item in shown(event("$1", first["content"], sender=ME))] == [whole]


def test_whose_photo_it_is_was_tapped_by_name_and_stands_there_so() -> None:
    tap = run("conversation.js", "whoseIs", "q1", 2, "Ben")
    assert [item["text"] for item in shown(event("$2", tap["content"], sender=ME))] == ["Ben"]


def test_whoever_was_let_in_as_another_can_say_so_until_their_first_photo() -> None:
    """R15, R33; and the page knows whose a photo is where there is only one."""
    told = event("$1", marked("You are Sam", Meaning.WHO_YOU_ARE, whose=["Sam"]))
    safe = event("$2", marked("I have it", Meaning.PHOTO_SAFE, refs=["IMG-7F3K"]))
    assert [shown(*said)[0]["isNewcomer"] for said in ([told], [told, safe])] == [True, False]
    assert run("conversation.js", "whoseIn", shown(told)) == {"names": ["Sam"], "saidIn": "$1"}


def test_what_is_said_to_be_seen_ends_before_what_could_not_be_shown() -> None:
    """Else nobody would ring about a reply that stands there as one that could not be checked."""
    said, forged = [event(f"${number}", words("hello")) for number in range(3)], event("$9", words("?"), trusted=False)
    assert run("conversation.js", "latestShown", shown(*said)) == "$2"
    assert run("conversation.js", "latestShown", shown(said[0], forged, said[1])) == "$0"
    assert run("conversation.js", "latestShown", shown(said[0], event("$4", words("hello"), sender=ME))) == "$0"
    assert run("conversation.js", "latestShown", []) == ""


def with_waiting(*said: dict[str, Any]) -> list[dict[str, Any]]:
    """What is shown where this was said, and an answer to `$1` waits as transaction `t`."""
    script = (
        f"import {{ noteWaiting, withWaiting }} from {json.dumps(str(MODULES / 'waiting.js'))};"
        f"import {{ answerTo, conversation }} from {json.dumps(str(MODULES / 'conversation.js'))};"
        "const [said, me, bot] = JSON.parse(process.argv[1]); const { type, content } = answerTo('$1', 'n');"
        "noteWaiting('t', type, content);"
        "console.log(JSON.stringify(conversation(withWaiting(said, me), bot)))"
    )
    given = json.dumps([said, ME, BOT])
    words = [node_alone(), "--input-type=module", "-e", script, given]
    items: list[dict[str, Any]] = json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout)
    return items


def test_an_answer_that_waits_is_given_and_once_it_has_come_back_does_not_wait() -> None:
    [item] = with_waiting(poll("$1"))
    assert (item["chosen"], item.get("waits")) == ("n", True)
    about = {"m.relates_to": {"rel_type": "m.reference", "event_id": "$1"}}
    answer = {f"{POLL}.response": {"answers": ["n"]}} | about
    [item] = with_waiting(poll("$1"), event("$2", answer, sender=ME, kind=f"{POLL}.response", transaction="t"))
    assert (item["chosen"], item.get("waits")) == ("n", None)


def registered(*answers: tuple[int, dict[str, Any]]) -> tuple[Any, list[str]]:
    """What becomes of somebody who registers when the homeserver answers so; and the stages that were asked for."""
    script = (
        f"import {{ register }} from {json.dumps(str(MODULES / 'homeserver.js'))};"
        "const answers = JSON.parse(process.argv[1]), stages = [];"
        "globalThis.fetch = async (_, { body }) => { stages.push(JSON.parse(body).auth?.type ?? '');"
        " const [status, answer] = answers.shift(); if (!status) throw new TypeError('no connection');"
        " return { status, ok: status === 200, headers: new Headers(), json: async () => answer,"
        " text: async () => JSON.stringify(answer) }; };"
        "globalThis.addEventListener = globalThis.removeEventListener = () => {};"
        "const wait = globalThis.setTimeout; globalThis.setTimeout = (done) => wait(done, 1);"
        "const account = await register('token').catch((failure) => failure.code);"
        "console.log(JSON.stringify([account, stages]))"
    )
    words = [node_alone(), "--input-type=module", "-e", script, json.dumps(answers)]
    account, stages = json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout)
    return account, stages


ASKED = (401, {"session": "s", "flows": []})
MADE = (200, {"user_id": ME, "device_id": "D", "access_token": "t"})
STAGES = ["", "m.login.registration_token", "m.login.dummy"]


def test_an_account_is_made_with_the_token_also_when_the_homeserver_says_slow_down() -> None:
    slow_down = (429, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 1})
    account, stages = registered(ASKED, slow_down, ASKED, slow_down, MADE)
    assert account == {"userId": ME, "deviceId": "D", "accessToken": "t"}
    assert stages == [STAGES[0], STAGES[1], STAGES[1], STAGES[2], STAGES[2]]


def test_an_account_is_made_where_the_line_breaks_or_the_practice_s_proxy_has_nobody_behind_it() -> None:
    account, stages = registered((0, {}), ASKED, ASKED, (0, {}), (502, {}), MADE)
    assert account == {"userId": ME, "deviceId": "D", "accessToken": "t"}
    assert stages == [STAGES[0], STAGES[0], STAGES[1], STAGES[2], STAGES[2], STAGES[2]]


def test_a_token_that_was_used_makes_no_account_and_is_not_tried_for_ever() -> None:
    assert registered(ASKED, (401, {"session": "s", "errcode": "M_UNAUTHORIZED"}))[0] == "M_UNAUTHORIZED"
    assert registered(ASKED, ASKED, ASKED, ASKED) == ("", STAGES)


FINGERPRINT = "a+b/" * 10 + "abc"
WHOLE = page_link("https://photos.example", "K7M-4QXD-9TRP", "tOk_en-1234567890", Account(BOT), FINGERPRINT)


def test_the_page_reads_the_link_that_the_bot_makes() -> None:
    assert WHOLE is not None
    start, _, fragment = WHOLE.partition("#")
    assert start == "https://photos.example/"
    assert run("link.js", "readLink", f"#{fragment}") == {
        "code": "K7M-4QXD-9TRP",
        "token": "tOk_en-1234567890",
        "bot": BOT,
        "key": FINGERPRINT,
    }


@pytest.mark.parametrize("part", ["c=", "t=", "b=", "k="])
def test_a_link_that_is_not_whole_is_none(part: str) -> None:
    assert WHOLE is not None
    fragment = WHOLE.partition("#")[2]
    assert run("link.js", "readLink", fragment.replace(part, "x=")) is None
    assert run("link.js", "readLink", fragment.replace(part, f"{part}<")) is None


def test_there_is_no_link_without_a_page_or_without_a_token() -> None:
    assert page_link(None, "K7M-4QXD-9TRP", "token", Account(BOT), FINGERPRINT) is None
    assert page_link("https://photos.example", "K7M-4QXD-9TRP", "", Account(BOT), FINGERPRINT) is None


def test_every_sentence_stands_in_every_language() -> None:
    english, pseudo = (run("words.js", "languageOf", [name]) for name in ("en", "ar-XB"))
    assert english["words"].keys() == pseudo["words"].keys()
    assert (english["direction"], pseudo["direction"]) == ("ltr", "rtl")
    assert "{ref}" in pseudo["words"]["correct"]
