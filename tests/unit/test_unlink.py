"""A manager ends that one account answers for a patient: a court decided so, or a code reached the wrong person (R28, R33a)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.uses.still_allowed import subject_of
from bot.domain.identifiers import Account, AuthorityId
from bot.domain.image import HeldFor, Image, State
from bot.domain.people import Authority, Relation, Standing
from bot.domain.use import UseState
from bot.words import about_admission as words
from bot.words import about_handling, about_leaving
from tests.cases import TEACHING, Shared, answer_id, pictures_in, polls_in, shared_practice, taps
from tests.households import enrolled, heard_with, latest_image
from tests.practice import JPEG, POLICY, Someone
from tests.unit.test_two_people import authority_of, desk_of, holds, linked, person_of

BOBS = "!unlink 10423 @bob:hs.test"


async def parents(shared: Shared) -> tuple[Someone, Someone]:
    """Ann and Bob, who are Mia's parents. Both sent a photo of her."""
    ann = await enrolled(shared, '!enrol patient 10423 "Mia Patel" 2010-12-01 parent "Ann Patel"', "ann", "Ann")
    bob = await enrolled(shared, '!link 10423 parent "Bob Quill"', "bob", "Bob")
    await ann.sends_photo(JPEG + b"ann's", caption="her rash")
    await bob.sends_photo(JPEG + b"bob's", caption="her knee")
    return ann, bob


async def ends(shared: Shared, command: str = BOBS, how: str = "End it quietly") -> None:
    await shared.kim.writes(command)
    await taps(shared.kim, how)


async def test_R28_from_then_on_they_neither_send_nor_hear_and_the_other_parent_does(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann, bob = await parents(shared)
        await shared.kim.writes(BOBS)
        question = polls_in(shared.practice, shared.kim.own_room)[-1]["question"]["body"]
        assert all(part in question for part in ("Bob Quill", "@bob:hs.test", "Mia Patel", "10423", "1 December 2010"))
        assert await holds(bob), "nothing before the tap"
        heard = (len(ann.heard), len(bob.heard))
        await taps(shared.kim, "End it quietly")
        assert not await holds(bob) and await holds(ann)
        assert (len(ann.heard), len(bob.heard)) == heard, "R33a: nobody is told"
        await bob.writes("my images")
        assert "IMG" not in bob.last_heard
        await bob.sends_photo(JPEG + b"more", caption="a rash again")
        assert "don't answer for any patient" in bob.last_heard
        assert await shared.practice.audited("authority.unlinked") == 1


async def test_R33a_they_are_told_where_that_was_chosen(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        _, bob = await parents(shared)
        await ends(shared, how="End it and tell them")
        assert "You no longer answer for Mia Patel" in bob.last_heard


async def test_in_words_each_answer_means_itself(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        _, bob = await parents(shared)
        await shared.kim.writes(BOBS)
        question = shared.kim.heard[-2]
        heard = len(bob.heard)
        await shared.kim.writes(question[question.index("“End it quietly") + 1 :].partition("”")[0])
        assert not await holds(bob) and len(bob.heard) == heard


async def test_R31_what_only_they_agreed_to_releases_nothing_more(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        _, bob = await parents(shared)
        await shared.lee.writes(TEACHING.format(ref=(await latest_image(shared)).ref))
        yes = answer_id(shared.practice, bob.own_room, "Yes")
        await ends(shared)
        await taps(bob, "Yes", secret=yes)
        assert (await shared.uses())[-1].state is UseState.EXPIRED
        assert pictures_in(shared.practice, shared.derm.own_room) == []


async def johns_yes(shared: Shared) -> tuple[Someone, Image]:
    """John, who got Sam's code and birthday, is taken for Sam. He sent a photo, and agreed that Dr Derm teaches with it."""
    john = await enrolled(shared, '!enrol patient 10425 "Jo Sand" 1984-03-07', "john", "John")
    await john.sends_photo(JPEG + b"john's", caption="my rash")
    image = await latest_image(shared)
    await shared.lee.writes(TEACHING.format(ref=image.ref))
    await taps(john, "Yes")
    return john, image


async def test_R31_a_yes_of_somebody_who_was_never_the_patient_releases_nothing(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        john, image = await johns_yes(shared)
        assert (await shared.uses())[-1].state is UseState.RELEASED and (await implied(shared, image))
        shown = pictures_in(shared.practice, shared.derm.own_room)
        heard = len(john.heard)
        read = [post.event_id for post in shared.practice.posts_in(john.own_room) if "Jo Sand" in post.body]
        await ends(shared, "!unlink 10425 @john:hs.test", "It was never theirs")
        assert not await holds(john) and len(john.heard) == heard
        assert set(read) <= shared.practice.homeserver.redacted, "what they read is taken back (R25)"
        assert (await shared.uses())[-1].state is UseState.WITHDRAWN
        assert set(shown) <= shared.practice.homeserver.redacted
        assert heard_with(shared.derm, "was never one of the patient's people")
        assert heard_with(shared.lee, "was never one of the patient's people")
        assert not await implied(shared, image)


async def test_R30_who_is_let_in_rightly_later_implied_nothing_by_what_they_sent_before(tmp_path: Path) -> None:
    """John stays, as he is a child's guardian too."""
    async with shared_practice(tmp_path) as shared:
        john, image = await johns_yes(shared)
        await enrolled(shared, '!enrol patient 10423 "Mia Patel" 2010-12-01 guardian "John Reed"', "john", "John")
        await ends(shared, "!unlink 10425 @john:hs.test", "It was never theirs")
        await shared.practice.after(minutes=1)
        await enrolled(shared, "!link 10425 self", "john", "John")
        await shared.lee.writes("!confirm 10425")
        await taps(shared.lee, "Yes")
        assert await holds(john)
        await shared.lee.writes(f"!keep {image.ref} 10425 1984-03-07")
        assert (await latest_image(shared)).held_for is None and not await implied(shared, image)


async def test_R31_who_never_was_the_patient_comes_in_anew_under_their_own_name(tmp_path: Path) -> None:
    """R29: Jo's name is not to stand in Mia's list because John was taken for Jo before."""
    async with shared_practice(tmp_path) as shared:
        ann, _ = await parents(shared)
        john = await enrolled(shared, '!enrol patient 10425 "Jo Sand" 1984-03-07', "john", "John")
        await ends(shared, "!unlink 10425 @john:hs.test", "It was never theirs")
        assert (await person_of(john)).standing is Standing.LEFT
        john = await enrolled(shared, '!link 10423 guardian "John Reed"', "john", "John")
        assert (await person_of(john)).name == "John Reed"
        await shared.lee.writes("!confirm 10423")
        await taps(shared.lee, "Yes")
        await john.sends_photo(JPEG + b"john's", caption="her elbow")
        await ann.writes("my images")
        assert "Jo Sand" not in ann.last_heard


async def test_R29_who_has_another_patient_too_is_called_by_the_code_that_was_theirs(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await parents(shared)
        john = await enrolled(shared, '!enrol patient 10425 "Jo Sand" 1984-03-07', "john", "John")
        await enrolled(shared, '!link 10423 guardian "John Reed"', "john", "John")
        assert (await person_of(john)).name == "Jo Sand"
        await ends(shared, "!unlink 10425 @john:hs.test", "It was never theirs")
        now = await person_of(john)
        assert (now.name, now.standing) == ("John Reed", Standing.ACTIVE)


async def test_R30_what_somebody_let_in_who_was_never_the_patient_is_held_again(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        john = await enrolled(shared, '!enrol patient 10425 "Jo Sand" 1984-03-07', "john", "John")
        eve = await enrolled(shared, '!link 10425 child "Eve Sand"', "eve", "Eve")
        await eve.sends_photo(JPEG + b"eve's", caption="mum's knee")
        assert (await latest_image(shared)).state is State.HELD
        await taps(john, "Yes")
        assert (await latest_image(shared)).state is State.VERIFIED
        await ends(shared, "!unlink 10425 @john:hs.test", "It was never theirs")
        after = await latest_image(shared)
        assert (after.state, after.held_for) == (State.HELD, HeldFor.SOMEBODY_ELSE)
        assert f"They let in {after.ref}, which somebody else sent" in shared.kim.last_heard
        await shared.lee.writes(f"!keep {after.ref} 10425 1984-03-07")
        assert (await latest_image(shared)).state is State.VERIFIED


async def test_R33_what_somebody_opened_who_was_never_the_patient_closes_again(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        john, _ = await johns_yes(shared)
        await shared.practice.after(minutes=1)
        await shared.kim.writes("!link 10425 self")
        code = shared.practice.last_code(shared.kim.own_room)
        await taps(shared.kim, "Tell them")
        jo = Someone(shared.practice, Account("@jo:hs.test"), "joIdentity")
        await jo.enrol(code)
        await taps(john, "Yes")
        assert (await authority_of(jo)).is_open
        await ends(shared, "!unlink 10425 @john:hs.test", "It was never theirs")
        closed = await authority_of(jo)
        assert closed.holds_on(shared.practice.clock.now().date()) and not closed.is_open
        assert jo.last_heard == words.WAITS_TO_BE_OPENED.format(practice=POLICY.practice)
        await shared.lee.writes("!confirm 10425")
        await taps(shared.lee, "Yes")
        assert (await authority_of(jo)).is_open


async def test_R15_what_was_sent_by_somebody_who_was_never_the_patient_is_held_until_staff_say_whose_it_is(
    tmp_path: Path,
) -> None:
    async with shared_practice(tmp_path) as shared:
        _, image = await johns_yes(shared)
        await ends(shared, "!unlink 10425 @john:hs.test", "It was never theirs")
        after = await latest_image(shared)
        assert (after.state, after.held_for) == (State.HELD, HeldFor.SOMEBODY_ELSE)
        assert image.ref in shared.kim.last_heard
        await shared.lee.writes(f"!show {image.ref}")
        assert shared.lee.last_heard == about_handling.whose_must_be_settled.english(image.ref)
        await shared.lee.writes(f"!keep {image.ref}")
        assert (await latest_image(shared)).state is State.HELD, "two identifiers say whose it is"


async def test_R15_nothing_says_that_its_sender_doubted_it(tmp_path: Path) -> None:
    """Its sender, who was taken for the patient, said nothing of the kind."""
    async with shared_practice(tmp_path) as shared:
        _, image = await johns_yes(shared)
        await ends(shared, "!unlink 10425 @john:hs.test", "It was never theirs")
        await shared.lee.writes(f"!keep {image.ref}")
        told = shared.lee.last_heard
        await shared.lee.writes(f"!keep {image.ref} 10425 1984-03-07")
        await shared.practice.after(hours=1)
        assert (await latest_image(shared)).held_for is None
        entries = await shared.practice.record.entries(image.patient_id)
        filed = [f"{entry.text} {entry.facts}" for entry in entries]
        assert any("It was doubted whom this photo shows" in words for words in filed)
        room = await shared.practice.practice_room()
        said = [told, *shared.practice.seen_in(room), *filed]
        wrong = ("sender said", "shows somebody else", "its sender doesn't decide for")
        assert not [words for words in said if any(part in words for part in wrong)]


async def test_what_somebody_agreed_to_who_answers_no_longer_but_did_stands(tmp_path: Path) -> None:
    """R31: on the very day they were linked, too."""
    async with shared_practice(tmp_path) as shared:
        _, image = await johns_yes(shared)
        await ends(shared, "!unlink 10425 @john:hs.test")
        assert (await shared.uses())[-1].state is UseState.RELEASED and await implied(shared, image)


async def test_R31_that_it_was_never_theirs_can_be_found_out_after_it_ended(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        _, image = await johns_yes(shared)
        await ends(shared, "!unlink 10425 @john:hs.test")
        await ends(shared, "!unlink 10425 @john:hs.test", "It was never theirs")
        assert (await shared.uses())[-1].state is UseState.WITHDRAWN and not await implied(shared, image)
        await shared.kim.writes("!unlink 10425 @john:hs.test")
        assert shared.kim.last_heard == about_leaving.nobody_answers_so.english(), "and that is all there is to end"


async def test_a_link_of_today_is_not_ended_by_what_was_asked_about_the_one_before(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        _, bob = await parents(shared)
        await ends(shared)
        await shared.kim.writes(BOBS)
        late = answer_id(shared.practice, shared.kim.own_room, "It was never theirs")
        await shared.kim.writes('!link 10423 parent "Bob Quill"')
        await bob.enrol(shared.practice.last_code(shared.kim.own_room))
        await taps(shared.kim, "It was never theirs", secret=late)
        assert await holds(bob)


async def implied(shared: Shared, image: Image) -> bool:
    async with shared.practice.journal.reading() as rows:
        now = await rows.images.get(image.id)
        return (await subject_of(rows, now, shared.practice.clock.now().date())).implied


async def test_R33_whoever_waits_to_be_confirmed_waits_no_more(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann = await linked(shared, '!link 10421 decision-maker "Ann Patel"', "ann")
        await shared.lee.writes("!confirm 10421")
        late = answer_id(shared.practice, shared.lee.own_room, "Yes")
        await ends(shared, "!unlink 10421 @ann:hs.test")
        await taps(shared.lee, "Yes", secret=late)
        assert not await holds(ann)
        await shared.lee.writes("!confirm")
        assert shared.lee.last_heard == words.nobody_waits.english()


async def test_R33_a_code_for_their_lost_phone_ends_with_it(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        _, bob = await parents(shared)
        await shared.kim.writes("!lost @bob:hs.test")
        code = shared.practice.last_code(shared.kim.own_room)
        await ends(shared)
        await replace(bob, identity="BobNew").enrol(code)
        assert (await person_of(bob)).standing is Standing.PAUSED and not await holds(bob)


async def test_R33_nobody_does_it_for_a_patient_they_speak_for(tmp_path: Path) -> None:
    """Kim, who manages the practice, is Mia's mother."""
    async with shared_practice(tmp_path) as shared:
        rita = await desk_of(shared)
        bob = await linked(shared, '!enrol patient 10423 "Mia Patel" 2010-12-01 parent "Bob Quill"', "bob", rita)
        await shared.kim.writes(BOBS)
        late = answer_id(shared.practice, shared.kim.own_room, "End it quietly")
        await rita.writes('!link 10423 parent "Kim"')
        await shared.kim.enrol(shared.practice.last_code(rita.own_room))
        await taps(shared.kim, "End it", secret=late)
        assert shared.kim.last_heard == words.not_for_your_own.english()
        await shared.kim.writes(BOBS)
        assert shared.kim.last_heard == words.not_for_your_own.english() and await holds(bob)


async def test_a_late_tap_ends_nothing_that_was_linked_anew(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        _, bob = await parents(shared)
        await shared.kim.writes(BOBS)
        late = answer_id(shared.practice, shared.kim.own_room, "End it quietly")
        await ends(shared)
        await shared.kim.writes('!link 10423 parent "Bob Quill"')
        await bob.enrol(shared.practice.last_code(shared.kim.own_room))
        await taps(shared.kim, "End it", secret=late)
        assert (await authority_of(bob)).may_hold(shared.practice.clock.now().date())


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        ("!unlink", "Please write: !unlink 20417 @ann:server"),
        ("!unlink 10425", "Please write: !unlink 10425 @ann:server"),
        ("!unlink 9 @sam:hs.test", "Nobody of that name or account answers for a patient with that number."),
        ("!unlink 10421 @lee:hs.test", "Nobody of that name or account answers for a patient with that number."),
    ],
)
async def test_who_answers_for_nobody_there_is_said_to(tmp_path: Path, said: str, answered: str) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes(said)
        assert shared.kim.last_heard == answered
        await shared.lee.writes(said)
        assert "Only a manager can do that" in shared.lee.last_heard


async def test_it_is_written_in_ones_own_chat(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        room = await shared.practice.practice_room()
        await shared.kim.writes("!unlink 10421 @sam:hs.test", room=room)
        assert "own chat" in shared.practice.seen_in(room)[-1] and not heard_with(shared.kim, "shall they answer")


async def test_a_photo_whose_reason_is_still_asked_hinders_no_manager(tmp_path: Path) -> None:
    """R15: Bob answers for another child too, so what he was asked about Mia's photo is settled, and not only cancelled."""
    async with shared_practice(tmp_path) as shared:
        _, bob = await parents(shared)
        await bob.sends_photo(JPEG + b"no reason")
        await enrolled(shared, '!enrol patient 10424 "Leo Quill" 2015-04-01 parent "Bob Quill"', "bob", "Bob")
        await ends(shared, how="It was never theirs")
        assert (await links_of(bob))[0].never_theirs
        assert (await latest_image(shared)).held_for is HeldFor.SOMEBODY_ELSE
        assert heard_with(shared.kim, "never answered for Mia Patel")


async def test_only_the_capacity_that_was_asked_about_was_never_theirs(tmp_path: Path) -> None:
    """R15: Ann, Mia's mother, had also redeemed the code for Mia's own account."""
    async with shared_practice(tmp_path) as shared:
        ann, _ = await parents(shared)
        await enrolled(shared, "!link 10423 self", "ann", "Ann")
        await ends(shared, "!unlink 10423 @ann:hs.test", "It was never theirs")
        held = await links_of(ann)
        assert {link.relation: link.never_theirs for link in held} == {Relation.PARENT: False, Relation.SELF: True}
        assert not any(image.held_for for image in await shared.practice.images()), "what a parent sent stays"
        assert "still answer as parent" in shared.kim.last_heard
        await ends(shared, "!unlink 10423 @ann:hs.test", "It was never theirs")
        assert all(link.never_theirs for link in await links_of(ann))


async def test_a_yes_in_the_capacity_that_was_never_theirs_ends_though_another_stays(tmp_path: Path) -> None:
    """R31: John, who agreed as Jo, was prepared as Jo's decision maker, too; that he is Jo is asked about."""
    async with shared_practice(tmp_path) as shared:
        john, _ = await johns_yes(shared)
        await enrolled(shared, '!link 10425 decision-maker "John"', "john", "John")
        async with shared.practice.journal.transaction() as rows:
            own = (await links_of(john))[0]
            await rows.authorities.remove(own)
            await rows.authorities.add(replace(own, id=AuthorityId("linked-last"), version=0))
        await ends(shared, "!unlink 10425 @john:hs.test", "It was never theirs")
        assert (await shared.uses())[-1].state is UseState.WITHDRAWN
        assert "still answer as decision maker" in shared.kim.last_heard


async def test_R33a_what_a_parent_sent_is_not_the_childs_own_by_a_code_that_was_never_theirs(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann, _ = await parents(shared)
        await shared.lee.writes("!capacity 10423 mature-minor")
        await enrolled(shared, "!link 10423 self", "ann", "Ann")
        await shared.lee.writes("!confirm 10423")
        await taps(shared.lee, "Yes")
        await ann.sends_photo(JPEG + b"another", caption="her elbow")
        ref = (await latest_image(shared)).ref
        await ends(shared, "!unlink 10423 @ann:hs.test", "It was never theirs")
        assert "They answered as parent before" in shared.kim.last_heard, "being the patient had ended that"
        await enrolled(shared, '!link 10423 parent "Ann Patel"', "ann", "Ann")
        await ann.writes("my images")
        assert ref in ann.last_heard


async def test_what_ended_before_was_never_theirs_either(tmp_path: Path) -> None:
    """R31: else what they agreed to then would count on."""
    async with shared_practice(tmp_path) as shared:
        john, image = await johns_yes(shared)
        await ends(shared, "!unlink 10425 @john:hs.test")
        await enrolled(shared, "!link 10425 self", "john", "John")
        await ends(shared, "!unlink 10425 @john:hs.test", "It was never theirs")
        assert len(await links_of(john)) > 1 and all(link.never_theirs for link in await links_of(john))
        assert not await implied(shared, image)
        assert (await latest_image(shared)).held_for is HeldFor.SOMEBODY_ELSE


async def links_of(someone: Someone) -> list[Authority]:
    person = await person_of(someone)
    async with someone.practice.journal.reading() as rows:
        return await rows.authorities.find(person_id=person.id)
