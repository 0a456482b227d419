"""Who may hear, see and agree, attacked: by a homeserver that drops, delays and puts nobody out, and by who comes after somebody.

Real parts throughout: between the bot's process and Synapse stands a proxy that lies, and people look through an app that is not
ours. One practice, whose people change from test to test: they run in this order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.domain.use import UseState
from storage.vault.key_ring import FILE, KeyRing
from storage.vault.recovery_key import decode_recovery_key, encode_recovery_key
from tests.bot_process import Member, RunningPractice, until
from tests.homeserver import Homeserver
from tests.integration.consulting import (
    POLL,
    TEXT,
    Consulting,
    asks,
    asks_to_teach,
    confirmed,
    copy_of,
    entries_of,
    open_consulting,
    picture_in,
    pictures_in,
    poll_of,
    polls_of,
    said_to,
    taps,
)
from tests.lying import Drops, Holds, LyingProxy, lying_in_between
from tests.old_recovery_key import mistyped_unnoticed, written_before
from tests.photos import small
from tests.terminal import terminal

WHOLE = ("registrar teaching", "registrars of the clinic", "Dr Derm", "31 March 2031", "free to say no")
CREAM = "use the cream twice a day"


@dataclass
class Attacked:
    people: Consulting
    proxy: LyingProxy
    refs: dict[str, str] = field(default_factory=dict)

    def teaching(self, ref: str, answer: str = "patient is asked") -> None:
        """Dr Lee asks for a use, and is told that the patient is asked, or something else."""
        asks_to_teach(self.people.lee, ref, self.people.derm.app.user_id, answer)


@pytest.fixture(scope="module")
def attacked(homeserver: Homeserver, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    directory = tmp_path_factory.mktemp("authority")
    with (
        lying_in_between(homeserver.url) as proxy,
        open_consulting(homeserver, directory, proxy.url) as people,
    ):
        yield Attacked(people, proxy, {"sams": people.photo()})


def whole(text: str) -> bool:
    return all(words in text for words in WHOLE)


# ---- R32: what may not have arrived is no basis


def test_R32_where_the_words_are_dropped_the_poll_alone_is_whole_and_answering_it_is_enough(attacked: Attacked) -> None:
    sam, derm, ref = attacked.people.sam, attacked.people.derm, attacked.refs["sams"]
    mark, derms = sam.app.mark(), derm.app.mark()
    with attacked.proxy.failing(Drops(sam.room, 1)):
        attacked.teaching(ref)
        poll = poll_of(sam, ref, after=mark)
    assert whole(str(poll["content"][POLL]["question"]["body"]))
    assert not sam.heard("registrar", after=mark), "the words never came"
    assert not pictures_in(derm, derm.room, derms) and _waits(attacked, ref)
    taps(sam, poll, "Yes")
    picture_in(derm, derm.room, after=derms)


def test_R32_where_the_poll_is_dropped_the_words_alone_are_whole_and_answering_them_is_enough(
    attacked: Attacked,
) -> None:
    sam, derm, ref = attacked.people.sam, attacked.people.derm, attacked.refs["sams"]
    mark, derms, drops = sam.app.mark(), derm.app.mark(), Drops(sam.room, 2)
    with attacked.proxy.failing(drops):
        attacked.teaching(ref)
        request = sam.hears("in words", after=mark)
        until(lambda: len(drops.came) > 1, "the poll was sent")
    assert whole(request)
    asks(derm, "!help", "help")
    assert polls_of(sam, mark) == [] and not pictures_in(derm, derm.room, derms) and _waits(attacked, ref)
    found = re.search(r"“(yes \d{4})", request)
    assert found is not None
    sam.says(found[1])
    picture_in(derm, derm.room, after=derms)


def test_R32_two_questions_that_draw_the_same_number_have_two_and_each_is_answered_by_its_own(
    attacked: Attacked,
) -> None:
    people, bot = attacked.people, attacked.people.practice.bot
    sam, derm = people.sam, people.derm
    assert bot.stop() == 0
    bot.start("tests.few_numbers_bot", str(bot.config_file))
    older, newer = people.photo(), people.photo()
    numbers = [_asked_in_words(attacked, ref) for ref in (older, newer)]
    assert len(set(numbers)) == len(numbers)
    derms = derm.app.mark()
    sam.says(f"yes {numbers[0]}")
    picture_in(derm, derm.room, after=derms)
    assert people.use_of(older).state is UseState.RELEASED and _waits(attacked, newer)
    assert bot.stop() == 0
    bot.start()


def _asked_in_words(attacked: Attacked, ref: str) -> str:
    """The number that agrees to what Dr Lee asks of this photo."""
    sam = attacked.people.sam
    mark = sam.app.mark()
    attacked.teaching(ref)
    found = re.search(r"“yes (\d{4})", sam.hears(f"{ref}.*in words", after=mark))
    assert found is not None
    return found[1]


def _waits(attacked: Attacked, ref: str) -> bool:
    return attacked.people.use_of(ref).state is UseState.AWAITING_CONSENT


# ---- R29: a sender is a fact about origin, never an address


def test_R29_after_a_refile_a_reply_goes_to_whom_the_clinician_taps_by_name_and_never_to_the_sender(
    attacked: Attacked,
) -> None:
    people = attacked.people
    sam, noor, lee, kim = people.sam, people.noor, people.lee, people.practice.kim
    ref = attacked.refs["noors"] = people.photo("blisters after the hike")
    kims = kim.app.mark()
    kim.says(f"!refile {ref} 10422 1990-01-02")
    taps(kim, poll_of(kim, "Noor Haddad", after=kims), "Move")
    kim.hears("in the right record now", after=kims)
    sam.hears("put right how", after=0)
    sams, noors, lees = sam.app.mark(), noor.app.mark(), lee.app.mark()
    lee.says(f"!reply {ref} {CREAM}")
    poll = poll_of(lee, "Whom are your words", after=lees)
    assert "Noor Haddad, the patient" in str(poll["content"][POLL]) and "Sam" not in str(poll["content"][POLL])
    assert not noor.heard(CREAM), "nothing before the tap"
    taps(lee, poll, "Noor Haddad")
    noor.hears(CREAM, after=noors)
    sam.says("it weeps a little now")
    assert ref not in asks(sam, "my images", "IMG-")
    assert "weeps" not in "".join(str(entry) for entry in entries_of(people.practice, "10422"))
    told = said_to(sam)
    assert CREAM not in told and "Noor" not in told
    assert ref not in said_to(sam, after=sams)


def test_R30_what_sending_it_implied_does_not_go_with_a_photo_into_another_record(attacked: Attacked) -> None:
    """Dr Lee attests that it is related; Noor, whose it is, is asked all the same, and not told whose record it lay in."""
    lee, noor, derm, ref = attacked.people.lee, attacked.people.noor, attacked.people.derm, attacked.refs["noors"]
    lees, noors, derms = lee.app.mark(), noor.app.mark(), derm.app.mark()
    lee.says(f"!forward {ref} {derm.app.user_id} are these blisters?")
    taps(lee, poll_of(lee, "are these blisters", after=lees), "Yes")
    taps(lee, poll_of(lee, "whom shall I ask", after=lees), "Noor Haddad")
    question = poll_of(noor, ref, after=noors)
    asked = str(question["content"][POLL])
    assert "in another record by mistake" in asked and "Sam" not in asked
    assert attacked.people.use_of(ref).state is UseState.AWAITING_CONSENT
    taps(noor, question, "No")
    lee.hears("not agreed to", after=lees)
    assert ref not in said_to(derm, after=derms) and not pictures_in(derm, derm.room, derms)
    assert [room for room in derm.app.call("rooms")["rooms"] if room["membership"] == "invite"] == []


# ---- R15, R31: who looks, and who guesses


def test_R31_every_look_is_listed_for_whom_the_photo_shows(attacked: Attacked) -> None:
    lee, sam, ref = attacked.people.lee, attacked.people.sam, attacked.refs["sams"]
    lees = lee.app.mark()
    lee.says(f"!show {ref}")
    picture_in(lee, lee.room, after=lees)
    assert re.search(rf"{ref}.*Dr Lee looked at it", asks(sam, "my images", ref), re.DOTALL)


def test_R15_an_outside_clinician_who_tries_pairs_reads_the_same_of_a_right_and_a_wrong_one(attacked: Attacked) -> None:
    """Before they tap, and after."""
    derm, home = attacked.people.derm, attacked.people.practice.home
    read = []
    for seed, born in ((7201, "1984-03-07"), (7202, "1985-03-07")):
        path, mark = home / f"IMG_{seed}.jpg", derm.app.mark()
        path.write_bytes(small(seed))
        derm.app.send_image(derm.room, path, caption=f"body 10421 {born} mine verbal today advice")
        poll = poll_of(derm, "10421", after=mark)
        asked = poll["content"][POLL]["question"]["body"], [answer[TEXT] for answer in poll["content"][POLL]["answers"]]
        mark = derm.app.mark()
        taps(derm, poll, "File it")
        told = derm.hears("will be in the record", after=mark)
        read.append(re.sub(r"IMG-[0-9A-Z]{4}|198[45]", "…", f"{asked} {told}"))
    assert read[0] == read[1] and "Sam" not in read[0] and "Patel" not in read[0]


# ---- R28a: leaving


def test_R28a_an_adviser_who_leaves_gets_nothing_more_where_the_homeserver_delays_and_puts_nobody_out(
    attacked: Attacked,
) -> None:
    """The picture is being uploaded when they leave; then the homeserver says that they were put out, and leaves them in."""
    people, holds = attacked.people, Holds()
    lee, derm, kim, ref = people.lee, people.derm, people.practice.kim, attacked.refs["sams"]
    sams = people.sam.app.mark()
    attacked.teaching(ref)  # to be agreed to once another person has the account
    attacked.refs["asked"] = str(poll_of(people.sam, ref, after=sams)["id"])
    lees = lee.app.mark()
    lee.says(f"!forward {ref} {derm.app.user_id} is this a melanoma?")
    with attacked.proxy.failing(holds):
        try:
            taps(lee, poll_of(lee, "is this a melanoma", after=lees), "Yes")
            case = attacked.refs["case"] = derm.invited()
            assert lee.invited() == case
            derm.hears("asks for advice", room=case)
            until(holds.holding.is_set, "the picture is being uploaded")
            derms, kims = derm.app.mark(), kim.app.mark()
            kim.says(f"!leaves {derm.app.user_id}")
            kim.hears("has left", after=kims)
        finally:
            holds.let_go()
        lee.hears("nothing was shared", after=lees)
        derm.hears("You have left", after=derms)
        since = attacked.proxy.mark()
        asks(lee, "!help", "!close", case)
        unreadable = derm.app.wait(case, from_=people.practice.bot_account, utd=True, after=derms)
    assert unreadable["wire_type"] == "m.room.encrypted", "they are in the room, and can't read what is said in it"
    assert {user for user, _ in attacked.proxy.key_holders(since)} == {lee.app.user_id}
    everywhere = (case, derm.room)
    assert not [shown for room in everywhere for shown in pictures_in(derm, room, derms)]
    assert not any(ref in said_to(derm, room, derms) for room in everywhere)


# ---- R31: another human on the same account


def test_R31_whoever_has_the_account_next_gets_nothing_that_was_agreed_for_the_one_before(attacked: Attacked) -> None:
    people, practice = attacked.people, attacked.people.practice
    lee, sam, account, ref = people.lee, people.sam, people.derm_account, attacked.refs["sams"]
    people.derm.app.close()
    code = practice.enrol(f'!enrol outside-clinician {account.user_id} "Dr Nova"')
    nova = Member(practice.app_of(account, reset_cross_signing=True), practice.bot_account)
    practice.confirm_code(nova, code)
    sams, case = sam.app.mark(), attacked.refs["case"]
    taps(sam, sam.app.event(attacked.refs["asked"]), "Yes")
    sam.hears("answered already|wasn't yours|not possible|over", after=sams)
    asks(lee, "!help", "!close", case)
    asks(nova, "!help", "help")
    rooms = {room["room"] for room in nova.app.call("rooms")["rooms"]}
    assert case in rooms, "this homeserver put nobody out"
    shown = [
        event for room in rooms for event in nova.app.timeline(room) if event["content"].get("msgtype") == "m.image"
    ]
    assert shown == []
    assert not any(ref in said_to(nova, room) for room in rooms)
    by_bot = [event for event in nova.app.timeline(case) if event["sender"] == practice.bot_account]
    sealed = [one for one in by_bot if one["wire_type"] == "m.room.encrypted" and not one["redacted"]]
    assert sealed and all(event["utd"] for event in sealed), "nor can they read what the bot says in the case"


# ---- R33: a new account is shown nothing that was filed before


def test_R33_a_decision_maker_on_a_fresh_account_gets_nothing_filed_before_until_a_second_person_confirms(
    attacked: Attacked, tmp_path: Path
) -> None:
    people, practice = attacked.people, attacked.people.practice
    lee, sam, ref = people.lee, people.sam, attacked.refs["sams"]
    sams = sam.app.mark()
    code = practice.enrol('!link 10421 decision-maker "Bo Patel"')
    bo = practice.enter(practice.homeserver.account("bo"), code)
    assert "I can only send a copy" in asks(bo, "my copy", "copy")
    asks(bo, "my images", "We hold no images")
    assert "IMG-" not in said_to(bo) and not files_of(bo)
    asked = confirmed(lee, "10421", "Bo Patel")
    assert "decision maker of Sam Patel" in asked and "Invited by" in asked
    bo.hears("open to you now")
    assert ref in copy_of(bo, tmp_path)
    asks(sam, "my images", ref)
    assert "Bo Patel" not in said_to(sam, after=sams), "nobody chose to tell (R33a)"


def files_of(member: Member) -> list[dict[str, Any]]:
    return [event for event in member.app.timeline(member.room) if event["content"].get("msgtype") == "m.file"]


# ---- R28a: death


def test_R28a_when_a_patient_has_died_nothing_is_pushed_and_one_sentence_answers_what_is_written_next(
    attacked: Attacked,
) -> None:
    people = attacked.people
    noor, lee, kim, ref = people.noor, people.lee, people.practice.kim, attacked.refs["noors"]
    lees, kims = lee.app.mark(), kim.app.mark()
    lee.says(f"!reply {ref} and come back on Monday")
    poll = poll_of(lee, "Whom are your words", after=lees)
    noors, sent = noor.app.mark(), attacked.proxy.mark()
    kim.says("!died 10422")
    taps(kim, poll_of(kim, "has this patient died", after=kims), "Has died")
    kim.hears("Recorded for Noor", after=kims)
    taps(lee, poll, "Noor Haddad")
    lee.hears(ref, after=lees)
    assert attacked.proxy.messages(noor.room, sent) == 0
    noor.says("my images")
    noor.hears("very sorry", after=noors)
    noor.says("hello?")
    noor.hears("don't know you here", after=noors)
    heard = noor.heard(".", after=noors)
    assert len(heard) == 2 and "Noor" not in heard[0] and "Monday" not in said_to(noor)


# ---- R33: who acts for themselves, and who comes too late


def test_R33_who_asks_for_a_use_neither_confirms_nor_answers_it_as_the_patients_decision_maker(
    attacked: Attacked,
) -> None:
    people, practice = attacked.people, attacked.people.practice
    lee, sam, ref = people.lee, people.sam, attacked.refs["sams"]
    lees, sams = lee.app.mark(), sam.app.mark()
    code = practice.enrol('!link 10421 decision-maker "Prof Famous"')
    practice.writes_code(lee, code)
    practice.answers_code(lee, code)
    lee.hears("a second person", after=lees)
    asks(lee, "!confirm 10421", "[Nn]obody waits")
    attacked.teaching(ref, "a colleague has to do this")
    assert polls_of(lee, lees) == [] and polls_of(sam, sams) == []
    lee.says(f"!reply {ref} {CREAM}")
    sam.hears(f"^Dr Lee about.*{CREAM}", after=sams)  # a patient's code never changes who works here
    assert "Famous" not in said_to(sam)


def test_R33_a_code_that_was_written_ends_with_what_it_was_for(attacked: Attacked) -> None:
    practice = attacked.people.practice
    kim, code = practice.kim, practice.enrol('!enrol patient 10460 "Lucy Late" 1991-02-03')
    lucy = Member(practice.app_of(practice.homeserver.account("lucy")), practice.bot_account)
    practice.writes_code(lucy, code)
    mark = kim.app.mark()
    kim.says("!patient-leaves 10460")
    poll = poll_of(kim, "Lucy Late", after=mark)
    mark = kim.app.mark()
    taps(kim, poll, "Leaves")
    kim.hears("Done for Lucy Late", after=mark)
    practice.answers_code(lucy, code)
    lucy.hears("this invitation has ended", room=lucy.lobby)


# ---- the key on paper


async def test_a_recovery_key_with_one_wrong_character_puts_back_nothing_and_the_right_one_everything(
    attacked: Attacked,
) -> None:
    practice = attacked.people.practice
    keys = practice.config.data.keys_directory
    paper = encode_recovery_key(KeyRing.load(keys).recovery_secret())
    assert practice.bot.stop() == 0
    there = {path.name: path.read_bytes() for path in keys.iterdir()}
    (keys / FILE).unlink()
    for place in (place for place in range(len("consentry1 "), len(paper), 7) if paper[place] != " "):
        wrong = "q" if paper[place] != "q" else "p"
        assert "mistyped: look at group" in await _restored(practice, paper[:place] + wrong + paper[place + 1 :], 1)
    old = mistyped_unnoticed(written_before(decode_recovery_key(paper)))
    assert "does not open" in await _restored(practice, old, 1), "its checksum is right, by chance"
    assert {path.name for path in keys.iterdir()} == there.keys() - {FILE}
    await _restored(practice, paper, 0)
    assert {path.name: path.read_bytes() for path in keys.iterdir()} == there
    practice.bot.start()
    asks(attacked.people.sam, "my images", attacked.refs["sams"])


async def _restored(practice: RunningPractice, typed: str, status: int) -> str:
    """Type this as the recovery key; return what is shown until it ends with this status."""
    async with terminal("keys", "restore", "--config", str(practice.config_file)) as screen:
        await screen.shows("Recovery key: ")  # to its last blank: from then on it is read, and not shown
        screen.types(typed)
        assert await screen.ends() == status, screen.text
        return screen.text
