"""What people really write, through a real app against the real bot, and what the record holds of it afterwards (R34).

Each conversation was once heard wrongly. What needs another hour, or an app that does what this one can't, is in
`tests/unit/test_one_ear.py` and beside it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from bot.domain.entries import EntryKind
from bot.domain.image import HeldFor, Image, State
from bot.domain.purposes import Purpose
from bot.domain.use import UseState
from tests.bot_process import Member, until
from tests.homeserver import Homeserver
from tests.integration.consulting import Consulting, asks, open_consulting, poll_of, taps
from tests.photos import small

ASKED = "What is the photo about"
FILED = "^I have your photo"
REFERENCE = r"IMG-[0-9A-Z]{4}"
_seeds = count(7000)


@pytest.fixture(scope="module")
def consulting(homeserver: Homeserver, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Consulting]:
    with open_consulting(homeserver, tmp_path_factory.mktemp("one-ear")) as consulting:
        consulting.photo()  # Sam has a record
        yield consulting


@pytest.fixture
def sam(consulting: Consulting) -> Member:
    return consulting.sam


@pytest.fixture
def lee(consulting: Consulting) -> Member:
    return consulting.lee


@pytest.fixture
def kim(consulting: Consulting) -> Member:
    return consulting.practice.kim


def sends(consulting: Consulting, sender: Member, caption: str | None = None, **more: Any) -> str:
    """A photo of its own, on its way; its event."""
    seed = next(_seeds)
    path = consulting.practice.home / f"IMG_{seed}.jpg"
    path.write_bytes(small(seed))
    return str(sender.app.send_image(sender.room, path, caption=caption, **more))


def asked_about(consulting: Consulting, sam: Member) -> Image:
    """A photo of Sam's without a word, and “What is it about?” is open."""
    mark = sam.app.mark()
    sent = sends(consulting, sam)
    sam.hears(ASKED, after=mark)
    return consulting.practice.image_of(sent, State.CAPTURED)


def now(consulting: Consulting, image: Image) -> Image:
    (found,) = consulting.practice.images(id=image.id)
    return found


def becomes(consulting: Consulting, image: Image, state: State) -> Image:
    def there() -> Image | None:
        found = now(consulting, image)
        return found if found.state is state else None

    return until(there, f"{image.ref} is {state.value}", observed=lambda: now(consulting, image).state)


# ---- in the lobby


def test_R34_in_the_lobby_a_clear_no_closes_the_code_and_a_clear_yes_lets_in(
    consulting: Consulting, homeserver: Homeserver
) -> None:
    practice, account = consulting.practice, homeserver.account("nora")
    line = f'!enrol clinician {account.user_id} "Dr Nora Quinn"'
    nora = Member(practice.app_of(account), practice.bot_account)
    for said, hears in (("no thanks", "code is now closed"), ("yeah thats me", "Welcome")):
        code = practice.enrol(line)
        nora.lobby = nora.app.create_dm(practice.bot_account)
        nora.app.wait_member(nora.lobby, practice.bot_account)
        nora.hears("code from your invitation", room=nora.lobby)
        nora.says(f"my code is {code.lower()} thanks!", nora.lobby)
        nora.hears("Are you Dr Nora Quinn", room=nora.lobby)
        nora.says(said, nora.lobby)
        if hears != "Welcome":
            nora.hears(hears, room=nora.lobby)
    nora.room = nora.invited()
    nora.hears("^Welcome")


# ---- what must never be swallowed


@pytest.mark.parametrize("words", ["pls delete that pic", "sorry wrong photo, please dont use it"])
def test_R34_a_wish_to_have_it_back_holds_the_photo_and_one_tap_withdraws_it(
    consulting: Consulting, sam: Member, words: str
) -> None:
    image = asked_about(consulting, sam)
    mark = sam.app.mark()
    sam.says(words)
    poll = poll_of(sam, f"{image.ref} on hold.*withdrawn", after=mark)
    held = becomes(consulting, image, State.HELD)
    assert (held.held_for, held.reason, held.purpose) == (HeldFor.ASKED_BACK, "", None)
    taps(sam, poll, "Yes")
    sam.hears("withdrawn before it was filed", after=mark)
    assert becomes(consulting, image, State.DISCARDED).reason == ""
    assert not consulting.entries(image.ref), "nothing of it is in the record"


def test_R34_alarm_words_bring_the_emergency_sentence_and_are_filed(
    consulting: Consulting, sam: Member, lee: Member
) -> None:
    image = asked_about(consulting, sam)
    words = "my lips are swelling and I cant breathe"
    mark, team_mark = sam.app.mark(), lee.app.mark()
    sam.says(words)
    sam.hears(r"call 000", after=mark)
    lee.hears("lips are swelling", after=team_mark, room=consulting.practice.team, edits=True)
    sam.hears(f"{FILED} {image.ref}", after=mark)
    assert becomes(consulting, image, State.VERIFIED).reason == words
    first, second = sam.heard("call 000|I have your photo", after=mark)[:2]
    assert "call 000" in first and image.ref in second, "the sentence comes first"


def test_R34_a_question_is_answered_passed_on_and_no_reason(consulting: Consulting, sam: Member, lee: Member) -> None:
    image = asked_about(consulting, sam)
    words = "has the doctor looked at it yet?"
    mark = lee.app.mark()
    assert "what is the photo about" in asks(sam, words, f"Nobody has looked at {image.ref}")
    lee.hears("has the doctor looked", after=mark, room=consulting.practice.team)
    assert now(consulting, image).reason == ""
    asks(sam, "mole on my back, it grew", f"{FILED} {image.ref}")
    assert becomes(consulting, image, State.VERIFIED).reason == "mole on my back, it grew"
    consulting.has_filed(image.ref, EntryKind.ANSWER, words)


def test_R13_after_a_deletion_a_clear_yes_withdraws_and_is_no_reason(consulting: Consulting, sam: Member) -> None:
    image = asked_about(consulting, sam)
    mark = sam.app.mark()
    sam.app.redact(sam.room, image.event_id)
    sam.hears(f"You deleted {image.ref}", after=mark)
    asks(sam, "ok", f"“yes {image.ref}” to withdraw it")
    assert (now(consulting, image).state, now(consulting, image).reason) == (State.HELD, "")
    asks(sam, "yes please", "withdrawn before it was filed")
    assert becomes(consulting, image, State.DISCARDED).reason == ""


def test_R34_stop_asks_what_to_stop_and_changes_nothing(consulting: Consulting, sam: Member) -> None:
    ref = consulting.photo("a cut on my thumb")
    mark = sam.app.mark()
    assert f"withdraw {ref}" in asks(sam, "STOP", "What should I stop")
    taps(sam, poll_of(sam, "What should I stop", after=mark), "Nothing")
    sam.hears("nothing changes", after=mark)
    assert not consulting.practice.images(ref=ref)[0].stopped


def test_R24_pictures_and_help_are_shown_however_they_are_asked_for(consulting: Consulting, sam: Member) -> None:
    ref = consulting.photo("a blister on my heel")
    assert "a blister on my heel" in asks(sam, "my pictures", f"{ref}, ")
    assert "my copy" in asks(sam, "!help", "my images")


# ---- what their words hang on


def test_R29_the_apps_reply_to_a_clinician_is_filed_under_that_photo_and_reaches_them(
    consulting: Consulting, sam: Member, lee: Member
) -> None:
    ref = consulting.photo("eczema on my elbow")
    asks(lee, f"!mine {ref}", f"{ref} is yours")
    mark = sam.app.mark()
    lee.says(f"!reply {ref} use the cream twice a day")
    said = sam.app.wait(sam.room, body_regex="use the cream twice", after=mark)
    other = asked_about(consulting, sam)
    lee_mark = lee.app.mark()
    sam.app.send_text(sam.room, "the cream made it worse", reply_to=said["id"])
    assert ref in lee.hears("the cream made it worse", after=lee_mark)
    consulting.has_filed(ref, EntryKind.ANSWER, "the cream made it worse")
    assert now(consulting, other).reason == ""
    asks(sam, "ringworm on my belly", f"{FILED} {other.ref}")


def test_R1_words_that_follow_are_the_reason_and_five_photos_are_one_question_at_most(
    consulting: Consulting, sam: Member
) -> None:
    image = asked_about(consulting, sam)
    asks(sam, "the burn on my wrist", f"{FILED} {image.ref}")
    assert becomes(consulting, image, State.VERIFIED).reason == "the burn on my wrist"
    mark = sam.app.mark()
    sent = [sends(consulting, sam, "all of my left foot" if number == 4 else None) for number in range(5)]
    assert consulting.practice.image_of(sent[4]).reason == "all of my left foot"
    if not all(consulting.practice.images(event_id=event)[0].reason for event in sent):
        asks(sam, "the same foot", FILED)
    reasons = {consulting.practice.image_of(event).reason for event in sent}
    assert reasons <= {"all of my left foot", "the same foot"}
    assert len(sam.heard(ASKED, after=mark)) <= 1


def test_R1_a_sign_of_more_is_no_quotation(consulting: Consulting, sam: Member) -> None:
    mark = sam.app.mark()
    image = asked_about(consulting, sam)
    question = sam.app.wait(sam.room, body_regex=ASKED, after=mark)
    words = "> 39 fever since Monday, left leg"
    sam.app.send_text(sam.room, words, reply_to=question["id"])
    assert becomes(consulting, image, State.VERIFIED).reason == words


def test_R1_a_purpose_counts_alone_or_before_a_colon_and_a_file_name_is_no_caption(
    consulting: Consulting, sam: Member
) -> None:
    words = "for the other doctor to look at, rash"
    image = consulting.practice.image_of(sends(consulting, sam, words))
    assert (image.purpose, image.reason) == (Purpose.CARE, words)
    mark = sam.app.mark()
    sent = sends(consulting, sam, "IMG_0001.HEIC", filename="IMG_0001.jpg")
    sam.hears(ASKED, after=mark)
    image = consulting.practice.image_of(sent, State.CAPTURED)
    asks(sam, "corn on my toe", f"{FILED} {image.ref}")
    assert becomes(consulting, image, State.VERIFIED).reason == "corn on my toe"


def test_R1_an_edited_reason_is_put_right_as_the_answer_says(consulting: Consulting, sam: Member) -> None:
    sent = sends(consulting, sam, "rash on my left arm")
    image = consulting.practice.image_of(sent)
    mark = sam.app.mark()
    sam.app.edit(sam.room, sent, "rash on my right arm")
    told = re.search(rf"(correct {REFERENCE}) and", sam.hears("don't follow edits", after=mark))
    assert told is not None and now(consulting, image).reason == "rash on my left arm"
    asks(sam, f"{told[1]} rash on my right arm", "Corrected")
    assert now(consulting, image).reason == "rash on my right arm"


# ---- yes and no


def test_R13_a_clear_no_is_a_no_and_a_yes_to_a_request_says_what_it_still_needs(
    consulting: Consulting, sam: Member, lee: Member
) -> None:
    ref = consulting.photo("bite on my neck")
    derm = consulting.derm_account.user_id
    mark = sam.app.mark()
    use = f'!use {ref} for education "registrar teaching" seen by "registrars" until 31 March 2027 recipient {derm}'
    asks(lee, use, "The patient is asked")
    number = re.search(r"“yes (\d{4})”", sam.hears("asks for permission", after=mark))
    assert number is not None
    for words in ("yeah ok", "sí"):
        asks(sam, words, f"“yes {number[1]}”")
        assert consulting.use_of(ref).state is UseState.AWAITING_CONSENT
    sam.says("no thanks")
    until(lambda: consulting.use_of(ref).state is UseState.REFUSED, "a plain no is a no")
    assert consulting.use_of(ref).recipients == (derm,)


def test_R33_a_code_and_a_birthday_are_read_among_words(consulting: Consulting, kim: Member) -> None:
    practice = consulting.practice
    answer = asks(kim, "!enroll patient 10471 Ann Lee 7 Mar 1984", "Code: ")
    assert "Ann Lee, born 7 March 1984" in answer
    code = re.search(r"Code: (\S+)", answer)
    assert code is not None
    ann = Member(practice.app_of(practice.homeserver.account("ann")), practice.bot_account)
    ann.lobby = ann.app.create_dm(practice.bot_account)
    ann.app.wait_member(ann.lobby, practice.bot_account)
    asks(ann, f"my code is {code[1].lower().replace('-', ' ')} thanks!", "the code is right", ann.lobby)
    ann.says("its 7/3/84 thanks", ann.lobby)
    ann.room = ann.invited()
    ann.hears("^Welcome")


# ---- staff


@pytest.mark.parametrize("words", ["mine verbal consent refused today", "no verbal consent"])
def test_R34_a_denied_consent_is_asked_about_and_never_counts(consulting: Consulting, lee: Member, words: str) -> None:
    mark = lee.app.mark()
    sent = sends(consulting, lee, f"body 10421 1984-03-07 {words}")
    assert "don't count that as consent" in lee.hears("the patient's consent", after=mark)
    image = consulting.practice.image_of(sent, State.CAPTURED)
    assert "File it" not in json.dumps(lee.app.timeline(lee.room, after=mark)), "there is nothing to tap yet"
    asks(lee, f"{image.ref} leave", "stays with you")
    assert not consulting.entries(image.ref)


def test_commands_are_understood_with_line_breaks_and_kind_words(
    consulting: Consulting, sam: Member, lee: Member
) -> None:
    ref = consulting.photo("a wart on my thumb")
    asks(lee, f"!note {ref}\nfrozen once", f"Noted on {ref}")
    consulting.has_filed(ref, EntryKind.NOTE, "frozen once")
    asks(lee, f"!show {ref} thanks", f"{ref}: Sam Patel")
    asks(lee, f"! show {ref}", f"{ref}: Sam Patel")
    asks(lee, f"show {ref}", f"{ref}: Sam Patel")
    for line in (f"withdraw {ref}\nplease", f"Withdraw {ref.lower().replace('-', ' ')}"):
        asks(sam, line, ref)
    assert consulting.practice.images(ref=ref)[0].stopped


def test_a_reply_to_the_announcement_takes_that_photo_and_bare_mine_takes_none(
    consulting: Consulting, lee: Member
) -> None:
    team, mark = consulting.practice.team, lee.app.mark()
    ref = consulting.photo("scab on my shin")
    announced = lee.app.wait(team, body_regex=f"New image {ref}", after=mark)
    asks(lee, "!mine", r"Which photo\?", team)
    assert not consulting.practice.images(ref=ref)[0].taken_by
    lee.app.send_text(team, "mine", reply_to=announced["id"])
    lee.hears(f"{ref} is yours", after=mark, room=team)
    assert consulting.practice.images(ref=ref)[0].taken_by


def test_R15_days_and_names_are_read_as_people_write_them(consulting: Consulting, kim: Member) -> None:
    first = asks(kim, "!enrol patient UR555 Zoë O'Brien 7.3.1990", "Code: ")
    assert "Zoë O'Brien, born 7 March 1990" in first
    again = asks(kim, '!enrol patient ur555 "zoë o’brien" 7 Mar 1990', "Code: ")
    assert "MRN UR555" in again and "its code no longer works" in again
    assert "UR555" in asks(kim, "!enrol patient ur555 Ann Lim 2 May 1990", "already")
    doubted = asks(kim, "!enrol patient UR556 Sam Obi 12/25/1984", "Is it 25 December 1984")
    assert "Sam Obi, born 25 December 1984" in asks(kim, doubted.splitlines()[-1], "Code: ")


def test_R15_a_colleague_is_named_by_pill_or_by_name(consulting: Consulting, lee: Member) -> None:
    ref = consulting.photo("lump on my lip")
    derm = consulting.derm_account.user_id
    mark = lee.app.mark()
    lee.says(f"!forward {ref} dr derm is this benign?")
    poll_of(lee, f"Dr Derm .{derm}.*is this benign", after=mark)
    mark = lee.app.mark()
    lee.app.send_text(
        lee.room,
        f"!forward {ref} Dr Derm is this benign?",
        formatted_body=f'!forward {ref} <a href="https://matrix.to/#/{derm}">Dr Derm</a> is this benign?',
    )
    poll_of(lee, f"Dr Derm .{derm}.*is this benign", after=mark)
    assert consulting.use_of(ref).recipients == (derm,)


def test_R15_the_manager_hears_whom_a_colleague_wants_to_ask(consulting: Consulting, lee: Member, kim: Member) -> None:
    ref = consulting.photo("stye on my eye")
    skin = f"@skin:{consulting.practice.homeserver.server_name}"
    mark = kim.app.mark()
    asks(lee, f"!forward {ref} {skin} is this a stye?", "not enrolled here.*has been asked to")
    assert "!enrol outside-clinician" in kim.hears(f"Dr Lee wants to share a photo with {skin}", after=mark)
