"""Who is let in and who is not: codes, lobbies, strangers, devices nobody vouches for, identities that change."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain import rooms
from bot.domain.arrivals import ArrivalKind, Proof
from bot.domain.identifiers import Account
from bot.domain.image import State
from bot.domain.invitations import InvitationState
from bot.domain.people import Standing
from bot.words import greetings, phrases, to_the_team
from tests.practice import JPEG, POLICY, Practice, Someone, Staffed, staffed_practice

ADA = '!enrol patient 20001 "Ada Byron" 1990-12-10'
BORN = "10 December 1990"
ROE = '!enrol clinician @roe:hs.test "Dr Roe"'


async def code_for_ada(people: Staffed) -> str:
    await people.kim.writes(ADA)
    return people.practice.last_code(people.kim.own_room)


def ada(practice: Practice, account: str = "@ada:hs.test") -> Someone:
    return Someone(practice, Account(account), f"{account} Identity")


def lobby_of(practice: Practice) -> str:
    return [room for room in practice.homeserver.rooms if room.startswith("!lobby")][-1]


async def test_R15_no_name_is_said_before_the_birthday_was_right(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, someone = people.practice, ada(people.practice)
        code = await code_for_ada(people)
        await someone.enters_lobby("!lobby")
        for words in ("hello", code, "yes", "who are you?", "11 December 1990"):
            await someone.writes(words, room="!lobby")
        assert not any("Ada" in line or "10 December" in line for line in practice.seen_in("!lobby"))
        await someone.writes("10 December 1990", room="!lobby")
        assert not any("Ada" in line or "10 December" in line for line in practice.seen_in("!lobby")), (
            "nor there at all"
        )
        assert practice.seen_in("!lobby")[-1] == greetings.room_ready.english() and "!lobby" in practice.homeserver.left
        own = await own_room_of(someone)
        assert "You are Ada Byron, born 10 December 1990." in practice.seen_in(own)[-1]
        wrong = next(post for post in practice.posts_in("!lobby") if "11 December 1990" in post.body)
        assert wrong.event_id in practice.homeserver.redacted, "what they wrote is not left standing in our words"


async def test_R15_a_parent_is_asked_for_the_childs_birthday_and_named_after_it(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, ann = people.practice, ada(people.practice, "@ann:hs.test")
        await people.kim.writes('!enrol patient 20003 "Mia Patel" 2015-12-01 parent "Ann Patel"')
        code = practice.last_code(people.kim.own_room)
        await ann.enters_lobby("!lobby")
        await ann.writes(code, room="!lobby")
        assert "the date of birth of the patient you answer for" in practice.seen_in("!lobby")[-1]
        await ann.writes("she was born on the 1st of December 2015", room="!lobby")
        assert "You are Ann Patel, the parent of Mia Patel, born 1 December 2015." in "".join(
            practice.seen_in(await own_room_of(ann))
        )


async def test_R15_three_wrong_birthdays_close_the_code_and_the_practice_hears(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, someone = people.practice, ada(people.practice)
        code = await code_for_ada(people)
        await someone.enters_lobby("!lobby")
        await someone.writes(code, room="!lobby")
        for wrong in ("11.12.1990", "12/10/1990"):
            await someone.writes(wrong, room="!lobby")
            assert "doesn't go with this code" in practice.seen_in("!lobby")[-1]
        await someone.writes("10 December 1991", room="!lobby")
        closed = greetings.birthday_locked.english(POLICY.practice)
        assert practice.seen_in("!lobby")[-1] == closed
        assert to_the_team.BIRTHDAY_TROUBLE in practice.seen_in(await practice.practice_room())
        await someone.writes("10 December 1990", room="!lobby")
        assert "locked" in practice.seen_in("!lobby")[-1]
        await someone.enrol(code)
        assert someone.own_room == "" and await invitation_state(people) is InvitationState.LOCKED
        assert await practice.audited("birthday.wrong") == 2 and await practice.audited("birthday.now-locked") == 1


async def test_R15_wrong_birthdays_are_counted_over_chats_and_codes(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, someone = people.practice, ada(people.practice)
        code = await code_for_ada(people)
        await people.kim.writes('!enrol patient 20002 "Eve Moss" 1991-12-10')
        other = practice.last_code(people.kim.own_room)
        for room, written in (("!one", code), ("!one", other), ("!two", code)):
            await someone.enters_lobby(room)
            await someone.writes(written, room=room)
            await someone.writes("1 January 1990", room=room)
        await someone.writes("2 January 1990", room="!two")
        assert "closed now" in practice.seen_in("!two")[-1], "the third for the same code"
        await someone.writes(other, room="!two")
        await someone.writes("10 December 1991", room="!two")
        assert await own_room_of(someone), "the other code is not closed by that"


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("yes", "To go on I need your date of birth"),
        ("no", "To go on I need your date of birth"),
        ("I'd rather not say", "To go on I need your date of birth"),
        ("10 December 1890 or 10 December 1990", "one date only"),
        ("10 December 24", "may be 10 December 1924 or 10 December 2024"),
        ("12/13/1990", "Is it 13 December 1990?"),
        ("31 February 1990", "is not a date"),
        ("10 December 2090", "can't be a date of birth"),
    ],
)
async def test_R15_what_is_no_clear_date_is_asked_about_and_tells_nothing(
    tmp_path: Path, written: str, answer: str
) -> None:
    """It is compared with nobody's birthday, so it is no try, and nothing can be learnt by it."""
    async with staffed_practice(tmp_path) as people:
        practice, someone = people.practice, ada(people.practice)
        code = await code_for_ada(people)
        await someone.enters_lobby("!lobby")
        await someone.writes(code, room="!lobby")
        for _ in range(5):
            await someone.writes(written, room="!lobby")
        assert all(answer in line for line in practice.seen_in("!lobby")[-5:])
        assert await practice.audited("birthday.wrong") == 0
        await someone.writes("10.12.1990", room="!lobby")
        assert await own_room_of(someone)


@pytest.mark.parametrize("written", ["7th June 1984", "13April1984", "07June84"])
async def test_a_birthday_that_has_the_shape_of_a_code_is_a_birthday(tmp_path: Path, written: str) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, someone = people.practice, ada(people.practice)
        day = "1984-04-13" if "April" in written else "1984-06-07"
        await people.kim.writes(f'!enrol patient 20004 "June Moss" {day}')
        await someone.enters_lobby("!lobby")
        await someone.writes(practice.last_code(people.kim.own_room), room="!lobby")
        await someone.writes(written, room="!lobby")
        assert await own_room_of(someone) and await practice.audited("code.unknown") == 0


async def test_the_invitation_pasted_again_is_its_code_and_no_birthday(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, someone = people.practice, ada(people.practice)
        code = await code_for_ada(people)
        await someone.enters_lobby("!lobby")
        for _ in range(4):
            await someone.writes(f"Code: {code}\nIt works once, until 30 Nov 2017, 10:00.", room="!lobby")
        assert "What is your date of birth?" in practice.seen_in("!lobby")[-1]
        assert await practice.audited("birthday.wrong") == 0


async def test_R34_an_alarm_beside_a_birthday_brings_the_emergency_sentence_first(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, someone = people.practice, ada(people.practice)
        code = await code_for_ada(people)
        await someone.enters_lobby("!lobby")
        await someone.writes(code, room="!lobby")
        await someone.writes("I can't breathe", room="!lobby")
        assert practice.seen_in("!lobby")[-2] == POLICY.emergency_text
        assert "date of birth" in practice.seen_in("!lobby")[-1]


async def own_room_of(someone: Someone) -> str:
    """Return the room of whoever is here with this account, or ""."""
    async with someone.practice.journal.reading() as rows:
        person = await rows.people.holder(someone.account)
        room = await rows.rooms.at(rooms.own(person.id)) if person else None
    return room.id if room else ""


async def invitation_state(people: Staffed) -> InvitationState:
    async with people.practice.journal.reading() as rows:
        return (await rows.invitations.find())[-1].state


async def test_five_wrong_codes_lock_it_and_the_practice_hears(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, someone = people.practice, ada(people.practice)
        code = await code_for_ada(people)
        await someone.enters_lobby("!lobby")
        wrong = code[:4] + ("0000-0000" if code[4:] != "0000-0000" else "1111-1111")
        for _ in range(5):
            await someone.writes(wrong, room="!lobby")
        assert practice.seen_in("!lobby")[-5:] == [greetings.code_wrong.english()] * 5
        assert to_the_team.CODE_TROUBLE in practice.seen_in(await practice.practice_room())
        await someone.writes(code, room="!lobby")
        assert practice.seen_in("!lobby")[-1] == greetings.code_wrong.english(), "nothing is looked at for a day"
        await practice.after(days=1)
        await someone.writes(code, room="!lobby")
        assert "locked" in practice.seen_in("!lobby")[-1], "whoever knows the secret hears why"
        assert await practice.audited("code.wrong") == 4 and await practice.audited("code.now-locked") == 1


async def test_a_code_no_invitation_has_is_wrong_and_locks_nothing(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        someone = ada(people.practice)
        await someone.enters_lobby("!lobby")
        for _ in range(6):
            await someone.writes("ZZZ-ZZZZ-ZZZZ", room="!lobby")
        assert people.practice.seen_in("!lobby")[-1] == greetings.code_wrong.english()
        assert await people.practice.audited("code.unknown") == 5
        assert await people.practice.audited("code.too-many-tries") == 1


async def test_R33_one_account_guesses_five_times_a_day_whatever_the_selectors(tmp_path: Path) -> None:
    """An unknown selector and a known one sound alike and count alike; another account is not slowed down by it."""
    async with staffed_practice(tmp_path) as people:
        practice, someone = people.practice, ada(people.practice)
        code = await code_for_ada(people)
        await someone.enters_lobby("!lobby")
        for guess in (
            "ZZZ-ZZZZ-ZZZZ",
            code[:4] + "0000-0000",
            "YYY-ZZZZ-ZZZZ",
            "XXX-ZZZZ-ZZZZ",
            code[:4] + "1111-1111",
        ):
            await someone.writes(guess, room="!lobby")
        await someone.writes(code, room="!lobby")
        assert practice.seen_in("!lobby")[-6:] == [greetings.code_wrong.english()] * 6
        await ada(practice, "@ada.two:hs.test").enrol(code)
        async with practice.journal.reading() as rows:
            assert await rows.people.first(account="@ada.two:hs.test") is not None


async def test_an_expired_code_says_so(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        code = await code_for_ada(people)
        await people.practice.after(days=7)
        someone = ada(people.practice)
        await someone.enrol(code)
        assert someone.own_room == ""
        assert "expired" in people.practice.seen_in(lobby_of(people.practice))[1]
        assert await people.practice.audited("code.expired") == 1


async def test_a_code_works_once(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        code = await code_for_ada(people)
        await ada(people.practice).enrol(code)
        second = ada(people.practice, "@eve:hs.test")
        await second.enrol(code)
        assert second.own_room == "" and await people.practice.audited("code.closed") == 1


async def test_a_colleague_s_code_is_not_taken_from_another_account(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.kim.writes(ROE)
        code = people.practice.last_code(people.kim.own_room)
        eve = Someone(people.practice, Account("@eve:hs.test"), "EveIdentity")
        await eve.enrol(code)
        assert eve.own_room == "" and await people.practice.audited("code.another-account") == 1
        roe = Someone(people.practice, Account("@roe:hs.test"), "RoeIdentity")
        await roe.enrol(code)
        assert roe.own_room


async def test_a_colleagues_no_closes_the_code_and_the_practice_hears(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.kim.writes(ROE)
        someone = ada(people.practice, "@roe:hs.test")
        await someone.enrol(people.practice.last_code(people.kim.own_room), answer="no")
        assert someone.own_room == ""
        assert any("not theirs" in line for line in people.practice.seen_in(await people.practice.practice_room()))
        assert await invitation_state(people) is InvitationState.REFUSED


async def test_a_colleague_who_says_neither_yes_nor_no_is_asked_again(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.kim.writes(ROE)
        someone = ada(people.practice, "@roe:hs.test")
        await someone.enters_lobby("!lobby")
        await someone.writes(people.practice.last_code(people.kim.own_room), room="!lobby")
        await someone.writes("who else should I be?", room="!lobby")
        asked = [line for line in people.practice.seen_in("!lobby") if "Are you Dr Roe, joining as clinician?" in line]
        assert len(asked) == 2


async def test_nobody_else_in_the_lobby_can_write_the_birthday(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        code = await code_for_ada(people)
        someone, eve = ada(people.practice), Someone(people.practice, Account("@eve:hs.test"), "EveIdentity")
        await someone.enters_lobby("!lobby")
        await someone.writes(code, room="!lobby")
        await eve.writes(BORN, room="!lobby")
        await replace(someone, identity="another").writes(BORN, room="!lobby")
        async with people.practice.journal.reading() as rows:
            assert await rows.people.first(account="@eve:hs.test") is None
            assert await rows.people.first(account="@ada:hs.test") is None


async def test_R6_a_photo_in_a_lobby_is_not_kept_and_purged(tmp_path: Path) -> None:
    """R6."""
    async with staffed_practice(tmp_path) as people:
        someone = ada(people.practice)
        await someone.enters_lobby("!lobby")
        sent = await someone.sends_photo(room="!lobby", caption="rash")
        assert await people.practice.images() == []
        assert "don't send photos" in people.practice.seen_in("!lobby")[-1]
        assert sent.event_id in people.practice.homeserver.redacted and not people.practice.homeserver.media
        assert await people.practice.audited("lobby.not-kept") == 1


async def test_R6_a_stranger_in_somebody_s_room_is_told_and_nothing_is_kept(tmp_path: Path) -> None:
    """R6."""
    async with staffed_practice(tmp_path) as people:
        eve = Someone(people.practice, Account("@eve:hs.test"), "EveIdentity")
        sent = await eve.sends_photo(room=people.sam.own_room, caption="rash")
        assert "I kept nothing" in people.sam.last_heard and "Sam" not in people.sam.last_heard
        assert await people.practice.images() == []
        assert sent.event_id in people.practice.homeserver.redacted
        assert await people.practice.audited("stranger.refused") == 1


async def test_R6_a_patient_in_the_practice_room_is_a_stranger_there(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        room = await people.practice.practice_room()
        await people.sam.writes("!list", room=room)
        assert "I don't know you here" in people.practice.seen_in(room)[-1]


async def test_an_unencrypted_room_gets_one_sentence_and_is_left(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        someone = ada(people.practice)
        await someone.enters_lobby("!lobby")
        await people.practice.receive(someone.arrival("!lobby", {"body": "hello"}, ArrivalKind.PLAINTEXT))
        await people.practice.settle()
        assert people.practice.homeserver.clear == [greetings.NOT_ENCRYPTED_ROOM]
        assert "!lobby" in people.practice.homeserver.left


async def test_an_unencrypted_photo_from_a_patient_is_refused_purged_and_told(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, sam = people.practice, people.sam
        practice.homeserver.media["mxc://hs.test/clear"] = JPEG
        arrival = sam.arrival(sam.own_room, {"msgtype": "m.image", "url": "mxc://hs.test/clear"}, ArrivalKind.PLAINTEXT)
        await practice.receive(arrival)
        await practice.settle()
        assert phrases.SENT_IN_CLEAR in sam.last_heard
        assert "mxc://hs.test/clear" not in practice.homeserver.media
        assert arrival.event_id in practice.homeserver.redacted
        assert "came without encryption" in practice.seen_in(await practice.practice_room())[-1]
        assert await practice.images() == [] and await practice.audited("in-clear.refused") == 1


async def test_words_in_clear_never_change_anything(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo()
        said = {"msgtype": "m.text", "body": "my toe"}
        await people.practice.receive(people.sam.arrival(people.sam.own_room, said, ArrivalKind.PLAINTEXT))
        await people.practice.settle()
        assert (await people.practice.only_image()).state is State.CAPTURED


NOT_PROVED = [standing for standing in Proof if standing is not Proof.SIGNED]


@pytest.mark.parametrize("standing", NOT_PROVED)
async def test_a_device_nobody_vouches_for_is_told_what_to_do_and_changes_nothing(
    standing: Proof, tmp_path: Path
) -> None:
    async with staffed_practice(tmp_path) as people:
        rogue = replace(people.sam, standing=standing)
        await rogue.sends_photo(caption="rash")
        await rogue.writes("my images")
        assert await people.practice.images() == []
        assert people.sam.last_heard == phrases.UNSIGNED
        assert await people.practice.audited(f"unproved.{standing.value}") == 2


async def test_an_unverified_app_in_the_lobby_learns_how_to_verify(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        code = await code_for_ada(people)
        rogue = replace(ada(people.practice), standing=Proof.UNSIGNED)
        await rogue.enters_lobby("!lobby")
        await rogue.writes(code, room="!lobby")
        assert people.practice.seen_in("!lobby")[-1] == greetings.UNSIGNED_LOBBY
        async with people.practice.journal.reading() as rows:
            assert (await rows.invitations.find())[-1].state is InvitationState.OPEN


async def test_a_changed_identity_pauses_holds_and_tells_and_a_new_code_lets_go_on(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, sam = people.practice, people.sam
        await sam.sends_photo()  # waits for its reason
        changed = replace(sam, identity="AnotherIdentity")
        await changed.writes("it is a rash")
        image = await practice.only_image()
        assert image.state is State.HELD and image.purpose is None
        assert "security identity has changed" in sam.last_heard
        assert to_the_team.SOMEBODY_PAUSED in practice.seen_in(await practice.practice_room())
        await sam.writes("it is a rash")
        assert "security identity has changed" in sam.last_heard, "the old identity is not heard either"
        assert (await practice.only_image()).state is State.HELD
        await people.kim.writes("!link 10421")
        await changed.enrol(practice.last_code(people.kim.own_room))
        await changed.writes("it is a rash")
        image = await practice.only_image()
        assert (image.state, image.reason) == (State.VERIFIED, "it is a rash")
        async with practice.journal.reading() as rows:
            person = await rows.people.first(account=sam.account)
            authorities = await rows.authorities.find(person_id=person.id) if person else []
        assert person and person.standing is Standing.ACTIVE and person.identity == "AnotherIdentity"
        assert len(authorities) == 1
        assert await practice.audited("person.paused") == 1


async def test_a_photo_on_its_way_in_is_held_too_when_its_sender_s_identity_changes(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, sam = people.practice, people.sam
        practice.homeserver.down = True
        await_pull = sam.photo(caption="rash")
        practice.homeserver.down = False
        changed = replace(sam, identity="AnotherIdentity")
        await practice.receive(await_pull, changed.arrival(sam.own_room, {"msgtype": "m.text", "body": "hi"}))
        await practice.settle()
        assert (await practice.only_image()).state is State.HELD
        await people.kim.writes("!link 10421")
        await changed.enrol(practice.last_code(people.kim.own_room))
        assert (await practice.only_image()).state is State.VERIFIED


async def test_a_photo_deleted_while_its_sender_is_paused_is_asked_about_before_it_is_filed(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, sam = people.practice, people.sam
        sent = await sam.sends_photo()
        changed = replace(sam, identity="AnotherIdentity")
        await changed.writes("it is a rash")
        await changed.deletes(sent)
        await people.kim.writes("!link 10421")
        await changed.enrol(practice.last_code(people.kim.own_room))
        assert (await practice.only_image()).state is State.HELD
        assert any("Should it be withdrawn" in line for line in sam.heard)
        await changed.writes(f"yes {(await practice.only_image()).ref}")
        assert (await practice.only_image()).state is State.DISCARDED


async def test_an_account_on_a_homeserver_not_on_the_list_is_refused(tmp_path: Path) -> None:
    """R26."""
    async with staffed_practice(tmp_path) as people:
        await people.kim.writes('!enrol clinician @roe:elsewhere.example "Dr Roe"')
        assert "not allowed by this practice's policy" in people.kim.last_heard
        assert await people.practice.audited("refused") == 1


@pytest.mark.parametrize("who", ["lee", "sam"])
async def test_a_code_made_for_somebody_else_pins_no_new_identity_to_a_known_account(tmp_path: Path, who: str) -> None:
    """A homeserver that makes an identity up for a colleague's or patient's account, and a patient who lends it a code."""
    async with staffed_practice(tmp_path) as people:
        practice, code, victim = people.practice, await code_for_ada(people), getattr(people, who)
        false = Someone(practice, victim.account, "FalseIdentity")
        await false.enters_lobby("!lobby1")
        await false.writes(code, room="!lobby1")
        await false.writes(BORN, room="!lobby1")
        assert "was not made for this account" in "\n".join(practice.seen_in("!lobby1"))
        async with practice.journal.reading() as rows:
            person = await rows.people.first(account=victim.account)
        assert person is not None and (person.identity, person.name) == (victim.identity, NAMES[who])
        await ada(practice).enrol(code)
        async with practice.journal.reading() as rows:
            assert await rows.people.first(account="@ada:hs.test") is not None


NAMES = {"lee": "Dr Lee", "sam": "Sam Patel"}


async def test_the_front_desk_makes_nobody_a_colleague(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        desk = await people.kim.joins_as("@desk:hs.test", "DeskIdentity", '!enrol reception @desk:hs.test "Max"')
        for enrolment in (
            'clinician @desk:hs.test "Max"',
            'outside-clinician @max:hs.test "M"',
            'reception @x:hs.test "X"',
        ):
            await desk.writes(f"!enrol {enrolment}")
            assert "for a manager to enrol" in desk.last_heard
        await desk.writes(ADA)
        assert people.practice.last_code(desk.own_room)


async def test_R26_a_patients_code_is_not_used_up_from_a_homeserver_that_is_not_on_the_list(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, code = people.practice, await code_for_ada(people)
        elsewhere = ada(practice, "@ada:elsewhere.example")
        await elsewhere.enters_lobby("!lobby1")
        await elsewhere.writes(code, room="!lobby1")
        assert "takes accounts of certain homeservers only" in practice.seen_in("!lobby1")[-1]
        assert not any("Ada" in line for line in practice.seen_in("!lobby1"))
        await ada(practice).enrol(code)
        async with practice.journal.reading() as rows:
            assert await rows.people.first(account="@ada:elsewhere.example") is None
            assert await rows.people.first(account="@ada:hs.test") is not None
        welcome = [post for post in practice.homeserver.posts if post.body.startswith("Welcome")][-1]
        assert welcome.audience.homeservers == {"hs.test"}


async def test_without_a_list_any_homeserver_will_do(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path, replace(POLICY, allowed_homeservers=frozenset())) as people:
        await people.kim.writes('!enrol clinician @roe:elsewhere.example "Dr Roe"')
        assert any("Dr Roe, clinician, as @roe:elsewhere.example" in line for line in people.kim.heard)
