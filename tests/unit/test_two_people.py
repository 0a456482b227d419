"""Two people: who admits whom, who takes a grown-up's capacity, and when what was filed before opens (R33, R33a)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.identifiers import AT_THE_COMPUTER, Account
from bot.domain.image import HeldFor, State
from bot.domain.invitations import InvitationState, Tell
from bot.domain.people import Authority, Patient, Person, Role, Standing
from bot.words import about_admission as words
from bot.words import greetings
from handlers.people.confirm_person import confirm_at_the_computer, waiting
from tests.cases import TEACHING, Shared, polls_in, shared_practice, taps
from tests.practice import JPEG, Practice, Someone, staffed_practice
from tests.refusals import refused

RITA = '!link 10421 decision-maker "Rita Smith"'


async def desk_of(shared: Shared) -> Someone:
    """Rita, who works at the front desk."""
    return await shared.kim.joins_as("@rita:hs.test", "RitaIdentity", '!enrol reception @rita:hs.test "Rita Smith"')


async def linked(shared: Shared, command: str, account: str, by: Someone | None = None) -> Someone:
    maker = by or shared.kim
    await shared.practice.after(minutes=1)  # what was filed until now was filed before
    await maker.writes(command)
    someone = Someone(shared.practice, Account(f"@{account}:hs.test"), f"{account}Identity")
    await someone.enrol(shared.practice.last_code(maker.own_room))
    return someone


async def patient(practice: Practice, mrn: str = "10421") -> Patient:
    async with practice.journal.reading() as rows:
        found = await rows.patients.first(mrn=mrn)
    assert found is not None
    return found


async def person_of(someone: Someone) -> Person:
    async with someone.practice.journal.reading() as rows:
        return (await rows.people.find(account=someone.account))[-1]


async def authority_of(someone: Someone) -> Authority:
    person = await person_of(someone)
    async with someone.practice.journal.reading() as rows:
        return (await rows.authorities.find(person_id=person.id))[-1]


async def holds(someone: Someone) -> bool:
    return (await authority_of(someone)).holds_on(someone.practice.clock.now().date())


# ---- nobody redeems an invitation they made; capacity takes two


async def test_R33_nobody_redeems_an_invitation_they_made(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        rita = await desk_of(shared)
        await rita.writes(RITA)
        await rita.enrol(shared.practice.last_code(rita.own_room))
        assert any(words.own_invitation.english() in post.body for post in shared.practice.homeserver.posts)
        assert Role.PATIENT not in (await person_of(rita)).roles
        async with shared.practice.journal.reading() as rows:
            invitation = (await rows.invitations.find())[-1]
            assert len(await rows.authorities.find()) == 1
        assert invitation.state is InvitationState.OPEN, "whom it is for may still use it"


async def test_R33_linking_takes_nobodys_capacity(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann = await linked(shared, '!link 10421 decision-maker "Ann Patel"', "ann")
        assert not (await patient(shared.practice)).impaired and not await holds(ann)
        await ann.writes("my copy")
        assert shared.practice.homeserver.posts[-1].content.get("msgtype") != "m.file"
        await shared.sam.sends_photo(JPEG + b"2", caption="elbow")
        assert (await shared.practice.images())[-1].patient_id == shared.image.patient_id, "Sam is heard as before"
        room = await shared.practice.practice_room()
        said = shared.practice.seen_in(room)
        assert words.SOMEBODY_WAITS in said and not any("Ann" in line or "10421" in line for line in said)


async def test_R33_capacity_is_taken_with_a_clinician_as_second_person(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        rita = await desk_of(shared)
        ann = await linked(shared, '!link 10421 decision-maker "Ann Patel"', "ann")
        await rita.writes("!confirm 10421")
        assert rita.last_heard == words.nobody_waits.english(), "capacity is a clinician's to attest"
        await shared.kim.writes("!confirm")
        assert shared.kim.last_heard == words.nobody_waits.english(), "Kim made the invitation"
        await shared.lee.writes("!confirm")
        assert "Ann Patel" in shared.lee.last_heard and "10421" in shared.lee.last_heard
        await shared.lee.writes("!confirm 10421")
        question = polls_in(shared.practice, shared.lee.own_room)[-1]["question"]["body"]
        wanted = ("decision maker of Sam Patel", "Invited by Kim", "I attest", "all that is filed, by now 1 photo.")
        assert all(part in question for part in wanted)
        await taps(shared.lee, "Yes")
        now, held = await patient(shared.practice), await authority_of(ann)
        assert now.impaired and held.holds_on(shared.practice.clock.now().date()) and held.is_open
        lee = await person_of(shared.lee)
        assert (held.seconded_by, held.opened_by) == (lee.id, lee.id)
        assert "decision maker of Sam Patel" in ann.last_heard and "open to you now" in ann.last_heard
        assert await shared.practice.audited("patient.capacity", now.id) == 1


async def test_R33_a_no_ends_it_and_who_invited_them_hears(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        rita = await desk_of(shared)
        ann = await linked(shared, '!link 10421 decision-maker "Ann Patel"', "ann", rita)
        await shared.lee.writes("!confirm 10421")
        await taps(shared.lee, "No")
        assert not await holds(ann) and not (await patient(shared.practice)).impaired
        assert all("did not confirm Ann Patel" in someone.last_heard for someone in (rita, shared.kim))
        await shared.lee.writes("!confirm 10421")
        assert shared.lee.last_heard == words.nobody_waits.english()


async def test_R33_the_tap_is_judged_again(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann = await linked(shared, '!link 10421 decision-maker "Ann Patel"', "ann")
        await shared.lee.writes("!confirm 10421")
        async with shared.practice.journal.transaction() as rows:
            lee = await rows.people.get((await person_of(shared.lee)).id)
            await rows.people.save(replace(lee, roles=frozenset({Role.RECEPTION})))
        await taps(shared.lee, "Yes")
        assert shared.lee.last_heard == words.nobody_waits.english()
        assert not await holds(ann) and not (await patient(shared.practice)).impaired


async def test_R33_confirming_is_for_ones_own_chat(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        room = await shared.practice.practice_room()
        await shared.lee.writes("!confirm", room=room)
        assert "own chat" in shared.practice.seen_in(room)[-1]


# ---- what was filed before


async def test_R33_what_was_filed_before_opens_by_a_second_person(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        too = await linked(shared, "!link 10421", "too")
        before = await authority_of(too)
        assert before.holds_on(shared.practice.clock.now().date()) and not before.is_open
        rita = await desk_of(shared)
        await rita.writes("!confirm 10421")
        await taps(rita, "Yes")
        assert (await authority_of(too)).is_open and words.OPEN_NOW in too.last_heard
        assert (await authority_of(too)).seconded_by == "", "there was nothing else to confirm"


async def test_R33_an_account_that_nobody_opened_answers_no_request_and_takes_nothing_back(tmp_path: Path) -> None:
    """Kim, who asks, holds the second phone: what is filed after it came is no more open to it than what was before."""
    async with shared_practice(tmp_path) as shared:
        too = await linked(shared, "!link 10421", "too")
        await shared.practice.after(minutes=1)
        await shared.sam.sends_photo(JPEG + b"later", caption="my knee, for care")
        later = (await shared.practice.images())[-1]
        assert later.state is State.VERIFIED
        for asked in ("my images", "my copy", f"withdraw {later.ref}"):
            await too.writes(asked)
            assert later.ref not in too.last_heard or "don't know" in too.last_heard
        assert not (await shared.practice.images())[-1].stopped
        await shared.lee.writes(TEACHING.format(ref=later.ref))
        assert not any("@too" in poll["question"]["body"] for poll in polls_in(shared.practice, shared.lee.own_room))
        assert not polls_in(shared.practice, too.own_room)
        await shared.lee.writes(f"!reply {later.ref} a cream twice a day")
        assert "cream" not in "\n".join(too.heard)
        rita = await desk_of(shared)
        await rita.writes("!confirm 10421")
        await taps(rita, "Yes")
        await too.writes("my images")
        assert later.ref in too.last_heard, "a second person opens what came before and since"


async def test_R33_where_nothing_was_filed_there_is_nothing_to_confirm(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        ada = await people.kim.joins_as("@ada:hs.test", "Ada", '!enrol patient 20001 "Ada Byron" 1990-12-10')
        assert (await authority_of(ada)).is_open
        await people.lee.writes("!confirm")
        assert people.lee.last_heard == words.nobody_waits.english()
        assert words.SOMEBODY_WAITS not in people.practice.seen_in(await people.practice.practice_room())


async def test_R33_a_lost_phone_closes_nothing_that_was_open(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes("!lost @sam:hs.test")
        again = replace(shared.sam, identity="SamNewIdentity")
        await again.enrol(shared.practice.last_code(shared.kim.own_room))
        held = await authority_of(again)
        assert held.is_open and (await person_of(again)).identity == "SamNewIdentity"
        assert words.SOMEBODY_WAITS not in shared.practice.seen_in(await shared.practice.practice_room())


# ---- who works here, and is a patient


async def test_R33_who_works_here_acts_as_a_patient_with_a_second_person(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes('!enrol patient 20003 "Prof Famous" 1980-01-02')
        await shared.lee.enrol(shared.practice.last_code(shared.kim.own_room))
        lee = await person_of(shared.lee)
        assert (lee.name, set(lee.roles)) == ("Dr Lee", {Role.CLINICIAN}), (
            "a patient's code never changes who a colleague is"
        )
        assert not await holds(shared.lee)
        await shared.lee.writes("!confirm")
        assert shared.lee.last_heard == words.nobody_waits.english(), "nobody is their own second person"
        rita = await desk_of(shared)
        await rita.writes("!confirm 20003")
        await taps(rita, "Yes")
        assert Role.PATIENT in (await person_of(shared.lee)).roles and await holds(shared.lee)


async def test_R33_a_patient_who_begins_to_work_here_is_confirmed_anew(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes('!enrol reception @sam:hs.test "Sam Patel"')
        await shared.sam.enrol(shared.practice.last_code(shared.kim.own_room))
        assert (await person_of(shared.sam)).roles == {Role.RECEPTION} and not await holds(shared.sam)
        await shared.lee.writes("!confirm 10421")
        await taps(shared.lee, "Yes")
        assert (await person_of(shared.sam)).roles == {Role.RECEPTION, Role.PATIENT} and await holds(shared.sam)


async def test_R33_who_works_here_and_is_a_patient_says_of_each_photo_that_it_is_theirs(tmp_path: Path) -> None:
    """It may be a patient's of the practice, photographed at the desk: it must not lie in their own record (R15)."""
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes('!enrol reception @sam:hs.test "Sam Patel"')
        await shared.sam.enrol(shared.practice.last_code(shared.kim.own_room))
        await shared.lee.writes("!confirm 10421")
        await taps(shared.lee, "Yes")
        await shared.sam.sends_photo(JPEG + b"at the desk", caption="a rash")
        image = (await shared.practice.images())[-1]
        assert (image.state, image.patient_id) == (State.CAPTURED, "")
        assert "Whose photo is it?" in shared.sam.last_heard and "1. Sam Patel" in shared.sam.last_heard
        await shared.sam.writes("1")
        assert (await shared.practice.images())[-1].state is State.VERIFIED


@pytest.mark.parametrize("command", ["!match {} 20003 1980-01-02", "!keep {}", "!discard {}"])
async def test_R33_nobody_decides_as_staff_about_what_they_sent_as_a_patient(tmp_path: Path, command: str) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes('!enrol patient 20003 "Dr Lee" 1980-01-02')
        await shared.kim.writes('!enrol reception @sam:hs.test "Sam Patel"')
        await shared.sam.sends_photo(JPEG + b"2")
        image = (await shared.practice.images())[-1]
        async with shared.practice.journal.transaction() as rows:
            sam = await rows.people.get((await person_of(shared.sam)).id)
            await rows.people.save(replace(sam, roles=sam.roles | {Role.MANAGER, Role.RECEPTION}))
            await rows.images.save(
                replace(await rows.images.get(image.id), state=State.HELD, held_for=HeldFor.SOMEBODY_ELSE)
            )
        await shared.sam.writes(command.format(image.ref))
        assert shared.sam.last_heard == words.not_for_your_own.english()


# ---- capacity is given back by one clinician, at once


async def test_R33_one_clinician_gives_capacity_back_at_once(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann = await linked(shared, '!link 10421 decision-maker "Ann Patel"', "ann")
        await shared.lee.writes("!confirm 10421")
        await taps(shared.lee, "Yes")
        heard = (len(shared.sam.heard), len(ann.heard))
        await shared.kim.writes("!capacity 10421 has")
        assert (await patient(shared.practice)).impaired, "it is for a clinician"
        await shared.lee.writes("!capacity 10421 has")
        assert not (await patient(shared.practice)).impaired
        assert (len(shared.sam.heard), len(ann.heard)) == heard, "R33a: nobody is told"
        assert (await authority_of(ann)).until is None, "it stays recorded"
        assert await shared.practice.audited("patient.capacity") == 2
        again = await linked(shared, '!link 10421 decision-maker "Ann Patel"', "ann")
        assert not (await patient(shared.practice)).impaired and not await holds(again), "losing it takes two each time"


async def test_R33_a_clinician_says_nothing_of_the_capacity_of_their_own(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes('!enrol patient 20003 "Dr Lee" 1980-01-02')
        await shared.lee.enrol(shared.practice.last_code(shared.kim.own_room))
        await shared.lee.writes("!capacity 20003 has")
        assert shared.lee.last_heard == words.not_for_your_own.english()


@pytest.mark.parametrize(
    ("said", "taught"),
    [
        ("!capacity", "Please write: !capacity 20417 has"),
        ("!capacity 10425", "Please write: !capacity 10425 has"),
        ("!capacity 10425 lost", "Please write: !capacity 10425 has"),
        ("!capacity 9 has", "No patient here has that number."),
    ],
)
async def test_a_capacity_that_nobody_can_record_teaches(tmp_path: Path, said: str, taught: str) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(said)
        assert shared.lee.last_heard == taught


async def test_a_decision_maker_is_prepared_before_the_birthday(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await linked(shared, '!enrol patient 10422 "Mia Patel" 2008-12-20 parent "Ann Patel"', "ann")
        bob = await linked(shared, '!link 10422 decision-maker "Bob Patel"', "bob")
        assert "20 December 2026" in bob.last_heard
        await shared.lee.writes("!confirm 10422")
        await taps(shared.lee, "Yes")
        assert not await holds(bob)
        await shared.practice.after(days=40)
        assert await holds(bob)
        async with shared.practice.journal.reading() as rows:
            tx = shared.practice.dispatch.transaction(rows)
            mia = await patient(shared.practice, "10422")
            assert set(await tx.answerers(mia.id)) == {(await person_of(bob)).id}


# ---- whom an account belongs to


async def test_R31_whoever_has_the_account_of_somebody_who_left_is_somebody_new(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        before = await person_of(shared.derm)
        await shared.kim.writes("!leaves @derm:hs.test")
        await shared.kim.writes('!enrol clinician @derm:hs.test "Dr Else"')
        other = Someone(shared.practice, Account("@derm:hs.test"), "ElseIdentity")
        await other.enrol(shared.practice.last_code(shared.kim.own_room))
        after = await person_of(other)
        assert after.id != before.id and (after.name, after.standing) == ("Dr Else", Standing.ACTIVE)
        assert other.own_room != shared.derm.own_room
        async with shared.practice.journal.reading() as rows:
            assert (await rows.people.get(before.id)).name == "Dr Derm"


async def test_R31_an_account_is_not_handed_on_while_somebody_has_it(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes('!enrol clinician @derm:hs.test "Dr Else"')
        assert "!leaves @derm:hs.test" in shared.kim.last_heard
        await shared.kim.writes('!enrol clinician @derm:hs.test "dr derm"')
        assert "Code: " in "".join(shared.kim.heard[-2:])


async def test_R31_an_ended_authority_pins_no_new_identity(tmp_path: Path) -> None:
    """The parent's account in other hands, and the child's own code, once the child is grown up."""
    async with shared_practice(tmp_path) as shared:
        ann = await linked(shared, '!enrol patient 10422 "Mia Patel" 2008-12-01 parent "Ann Patel"', "ann")
        await shared.practice.after(days=30)
        code = shared.practice.last_code(shared.kim.own_room)
        await replace(ann, identity="SomebodyElses").enrol(code)
        assert (await person_of(ann)).identity == "annIdentity"


# ---- judged again at the answer


async def at_the_question(shared: Shared, command: str) -> Someone:
    await shared.kim.writes(command)
    ada = Someone(shared.practice, Account("@ada:hs.test"), "AdaIdentity")
    await ada.enters_lobby("!ada")
    await ada.writes(shared.practice.last_code(shared.kim.own_room), room="!ada")
    assert "date of birth" in shared.practice.seen_in("!ada")[-1]
    return ada


async def nobody_came(shared: Shared) -> bool:
    async with shared.practice.journal.reading() as rows:
        return await rows.people.first(account="@ada:hs.test") is None


async def test_R33_a_code_that_was_written_ends_like_any_other(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ada = await at_the_question(shared, '!enrol patient 20001 "Ada Byron" 1990-12-10')
        await shared.practice.after(days=8)
        await ada.writes("10 December 1990", room="!ada")
        assert shared.practice.seen_in("!ada")[-1] == greetings.code_expired.english("Hill Street Practice")
        await ada.writes("10 December 1990", room="!ada")
        assert "this invitation has ended" in shared.practice.seen_in("!ada")[-1]
        assert await nobody_came(shared)


async def test_R33_an_invitation_ends_with_its_maker_and_the_managers_hear_whom_to_invite(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        rita = await desk_of(shared)
        await rita.writes('!enrol patient 20001 "Ada Byron" 1990-12-10')
        code = shared.practice.last_code(rita.own_room)
        async with shared.practice.journal.transaction() as rows:
            await rows.people.save(replace(await rows.people.get((await person_of(rita)).id), standing=Standing.LEFT))
        ada = Someone(shared.practice, Account("@ada:hs.test"), "AdaIdentity")
        await ada.enrol(code)
        assert await nobody_came(shared) and "Ada Byron" in shared.kim.last_heard


async def test_R33_no_parent_is_admitted_for_a_child_who_has_grown_up(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ada = await at_the_question(shared, '!enrol patient 10422 "Mia Patel" 2008-11-27 parent "Ada Patel"')
        await shared.practice.after(days=6)
        await ada.writes("27 November 2008", room="!ada")
        assert "this invitation has ended" in shared.practice.seen_in("!ada")[-1] and await nobody_came(shared)


# ---- who is told


async def test_R33a_nobody_is_told_before_it_was_chosen(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        heard = len(shared.sam.heard)
        await linked(shared, '!link 10421 decision-maker "Ann Patel"', "ann")
        await taps(shared.kim, "Not now: it could put")
        await shared.lee.writes("!confirm 10421")
        await taps(shared.lee, "Yes")
        assert len(shared.sam.heard) == heard
        async with shared.practice.journal.reading() as rows:
            invitation = (await rows.invitations.find())[-1]
        assert (invitation.tell, invitation.not_now_because) == (Tell.NOT_NOW, "risk")


@pytest.mark.parametrize("first", [True, False])
async def test_R33a_the_patients_own_account_is_told_where_that_was_chosen_and_opens(
    tmp_path: Path, first: bool
) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes("!link 10421")
        too = Someone(shared.practice, Account("@too:hs.test"), "TooIdentity")
        code = shared.practice.last_code(shared.kim.own_room)
        if first:
            await taps(shared.kim, "Tell them")
            await too.enrol(code)
        else:
            await too.enrol(code)
            await taps(shared.kim, "Tell them")
        question = polls_in(shared.practice, shared.sam.own_room)[-1]["question"]["body"]
        assert "@too:hs.test" in question and "all that is filed" in question
        await taps(shared.sam, "Yes")
        held, sam = await authority_of(too), await person_of(shared.sam)
        assert held.opened_by == sam.id and too.last_heard == words.OPEN_NOW
        await shared.lee.writes("!confirm")
        assert shared.lee.last_heard == words.nobody_waits.english()


async def test_R33_who_was_asked_before_an_upgrade_may_still_open(tmp_path: Path) -> None:
    """Of whom makers read was not kept then; that they were asked shows that they were told."""
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes("!link 10421")
        too = Someone(shared.practice, Account("@too:hs.test"), "TooIdentity")
        await taps(shared.kim, "Tell them")
        await too.enrol(shared.practice.last_code(shared.kim.own_room))
        async with shared.practice.journal.transaction() as rows:
            await rows.invitations.save(replace((await rows.invitations.find())[-1], asked_of=()))
        await taps(shared.sam, "Yes")
        assert (await authority_of(too)).opened_by == (await person_of(shared.sam)).id


async def test_R33a_an_objection_is_heard_by_the_managers_and_decides_nothing(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes('!link 10421 decision-maker "Ann Patel"')
        await taps(shared.kim, "Tell them")
        ann = Someone(shared.practice, Account("@ann:hs.test"), "AnnIdentity")
        await ann.enrol(shared.practice.last_code(shared.kim.own_room))
        await taps(shared.sam, "No")
        assert "Sam Patel objects" in shared.kim.last_heard
        held = await authority_of(ann)
        assert held.until is None and not held.is_open
        await shared.lee.writes("!confirm 10421")
        await taps(shared.lee, "Yes")
        assert "Ann Patel decides for you" in shared.sam.last_heard


async def test_R33a_no_tap_where_there_is_nobody_to_tell_and_never_of_a_childs_own_account(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann = await linked(shared, '!enrol patient 10422 "Mia Patel" 2010-12-01 parent "Ann Patel"', "ann")
        heard = len(ann.heard)
        await linked(shared, "!link 10422", "mia")
        assert polls_in(shared.practice, shared.kim.own_room) == [] and len(ann.heard) == heard
        await shared.kim.writes('!link 10422 parent "Bob Patel"')
        assert "Ann Patel (parent)" in polls_in(shared.practice, shared.kim.own_room)[-1]["question"]["body"]


# ---- where there is no second person


async def test_R33_at_the_computer_only_where_nobody_else_could_and_with_a_reason(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann = await linked(shared, '!link 10421 decision-maker "Ann Patel"', "ann")

        async def at_the_computer(reason: str) -> None:
            async with shared.practice.journal.transaction() as rows:
                tx = shared.practice.dispatch.transaction(rows)
                [(circle, authority)] = await waiting(tx, "10421")
                await confirm_at_the_computer(circle, authority, reason, tx)

        with refused("Dr Lee"):
            await at_the_computer("nobody else works here")
        async with shared.practice.journal.transaction() as rows:
            lee = await rows.people.get((await person_of(shared.lee)).id)
            await rows.people.save(replace(lee, standing=Standing.LEFT))
        with refused("why nobody else"):
            await at_the_computer(" ")
        await at_the_computer("nobody else works here")
        held = await authority_of(ann)
        assert (held.seconded_by, held.opened_by) == (AT_THE_COMPUTER, AT_THE_COMPUTER)
        assert (await patient(shared.practice)).impaired
        assert await shared.practice.audited("authority.confirmed-at-the-computer") == 1
