"""What staff write is read in one place: done where it is certain, else given back as the line to send, and nothing is done."""

from __future__ import annotations

import ast
import re
import typing
from dataclasses import MISSING, fields
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import staff_deeds as deeds
from bot.domain.command import Command, Takes
from bot.domain.command_table import COMMANDS, DAILY
from bot.domain.deeds import CorrectReason, SeeHelp, SeeImages
from bot.domain.image import HeldFor, Image, State
from bot.domain.people import Relation, Role
from bot.domain.purposes import Purpose
from bot.domain.rooms import RoomKind
from bot.domain.staff_deeds import StaffDeed
from bot.heard.patient import read_correction
from bot.heard.places import READERS
from bot.heard.staff import CommandRead, NotClear, Typed, read, suggest
from bot.words import about_commands
from handlers import HOUSE
from tests.cases import Shared, polls_in, shared_practice, taps
from tests.households import documents, latest_image
from tests.practice import JPEG, Someone
from tests.unit.test_patients_who_work_here import confirmed, works_here, works_here_as_a_patient_too

TODAY = date(2026, 12, 1)
ROOT = Path(__file__).parents[2]
ANN = deeds.Answering(Relation.PARENT, "Ann Patel")
CLINICIAN, PATIENT = frozenset({Role.CLINICIAN}), frozenset({Role.PATIENT})
EVERYBODY = frozenset(Role)


def typed(
    text: str, roles: frozenset[Role] = EVERYBODY, room: RoomKind = RoomKind.OWN, about: tuple[str, ...] = ()
) -> Typed:
    return Typed(text, roles, room, TODAY, about)


def deed_of(said: Typed) -> StaffDeed | NotClear | None:
    asked = read(said)
    return asked.deed if isinstance(asked, CommandRead) else asked


def lines_of(said: Typed) -> tuple[str, ...]:
    unclear = deed_of(said)
    assert isinstance(unclear, NotClear), unclear
    return unclear.lines


# ---- the table


def test_every_deed_has_a_command_and_somebody_who_does_it() -> None:
    assert set(HOUSE.deeds) == set(typing.get_args(StaffDeed)) == {command.makes for command in COMMANDS}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_a_command_fills_every_field_of_its_deed(command: Command) -> None:
    made = command.makes
    assert isinstance(made, type)
    needed = {field.name for field in fields(made) if field.default is MISSING}
    every = {field.name for field in fields(made)}
    places = {place.field: place for place in command.parameters if place.takes is not Takes.REMARK}
    assert set(places) <= every
    assert {name for name, place in places.items() if place.needed} == needed


def test_every_kind_of_place_has_a_reader() -> None:
    assert set(READERS) == set(Takes)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_example_is_a_line_that_works(command: Command) -> None:
    for example in command.examples:
        mark = "" if command.roles == PATIENT else "!"
        deed = deed_of(typed(f"{mark}{example}", command.roles))
        assert type(deed) is command.makes, (example, deed)


def test_every_handler_takes_the_deed_that_it_stands_for() -> None:
    for deed, handle in HOUSE.deeds.items():
        takes = typing.get_type_hints(handle)["deed"]
        assert takes is deed or deed in typing.get_args(takes), (deed, takes)


def test_the_day_of_each_role_is_made_of_commands_it_may_ask() -> None:
    assert set(DAILY) == set(Role)
    for role, names in DAILY.items():
        theirs = {command.name for command in COMMANDS if role in command.roles}
        assert set(names) <= theirs and len(set(names)) == 5


def test_every_command_that_a_page_teaches_is_understood() -> None:
    """A bare name may stand for the command; whatever stands behind it is a line that works."""
    taught = [
        (page.name, span)
        for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
        for span in re.findall(r"`(![a-z][^`]*)`", page.read_text(encoding="utf-8"))
    ]
    assert len(taught) > 40
    for page, span in taught:
        asked = read(typed(span))
        assert isinstance(asked, CommandRead), (page, span)
        assert not isinstance(asked.deed, NotClear) or " " not in span, (page, span, asked.deed)


def test_every_command_that_a_sentence_names_is_one() -> None:
    named = {
        name
        for top in ("bot", "handlers")
        for path in sorted((ROOT / top).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for name in re.findall(r"(?:^|[\s(“`])!([a-z]+(?:-[a-z]+)*)", node.value)
    }
    assert len(named) > 30
    assert named <= {name for command in COMMANDS for name in (command.name, *command.aliases)}


def test_the_readme_says_of_each_command_who_may_ask_it() -> None:
    table = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Who types what")[2].partition("\n## ")[0]
    who = ""
    for row in table.splitlines():
        if not row.startswith("| ") or row.startswith("| Who"):
            continue
        cells = row.split("|")
        who = cells[1].strip() or who
        for span in re.findall(r"`(![^`]+)`", cells[2]):
            asked = read(typed(span, EVERYBODY - PATIENT))
            assert isinstance(asked, CommandRead)
            named = {role for role in Role if role.value in who}
            if named and "everybody" not in who:
                assert named <= asked.command.roles, (who, span)


# ---- understood as people type


@pytest.mark.parametrize(
    ("text", "deed"),
    [
        ("!show IMG-7F3K", deeds.ShowPhoto("IMG-7F3K")),
        ("! show IMG-7F3K", deeds.ShowPhoto("IMG-7F3K")),
        ("!SHOW img 7f3k", deeds.ShowPhoto("IMG-7F3K")),
        ("!show IMG-7F3K thanks", deeds.ShowPhoto("IMG-7F3K")),
        ("!show 7F3K, please 🙏", deeds.ShowPhoto("IMG-7F3K")),
        ("show IMG-7F3K", deeds.ShowPhoto("IMG-7F3K")),
        ("Show img–7f3k please", deeds.ShowPhoto("IMG-7F3K")),
        ("!note IMG-7F3K\ncream twice a day", deeds.WriteNote("IMG-7F3K", "cream twice a day")),
        ("!note\nIMG-7F3K cream,\ntwice", deeds.WriteNote("IMG-7F3K", "cream,\ntwice")),
        ("!reply\tIMG-7F3K\tuse the cream", deeds.WriteReply("IMG-7F3K", "use the cream")),
        ('!enroll patient 1 "A B" 1990-01-01', deeds.Enrol(deeds.NewPatient("1", "A B", date(1990, 1, 1)))),
        ("!link MRN 10421, mum is Ann Patel", deeds.LinkAccount("10421", ANN)),
        ("!link 10421", deeds.LinkAccount("10421")),
        ("!forward img 7f3k dr derm is it?", deeds.AskAdvice("IMG-7F3K", "dr derm is it?")),
        ("!use 7F3K, IMG-0079", deeds.AskUse(("IMG-7F3K", "IMG-0079"))),
        ("!use for audit img 7f3k", deeds.AskUse(("IMG-7F3K",), deeds.UseWanted(Purpose.AUDIT))),
        ("!go on IMG-7F3K", deeds.LetUsesGoOn("IMG-7F3K")),
        ("!legal hold 10421 complaint", deeds.PlaceHold("10421", "complaint")),
        ("!not dead 10421", deeds.UndoDeath("10421")),
        ("!match img 7f3k 10421 7 March 1984", deeds.MatchPhoto("IMG-7F3K", "10421", date(1984, 3, 7))),
        ("!recall IMG-7F3K it went to the wrong doctor", deeds.CallBack("IMG-7F3K")),
        ("!capacity 10421 mature minor", deeds.AttestCapacity("10421", deeds.Capacity.MATURE_MINOR)),
        ("!help enroll", SeeHelp("enrol")),
        ("!lost", deeds.ReportLost()),
        ("!lost @sam:hs.test please", deeds.ReportLost("@sam:hs.test")),
        ("!lost “Sam Patel”", deeds.ReportLost("Sam Patel")),
        ("!leaves @lee:hs.test to @chen:hs.test", deeds.EndWork("@lee:hs.test", "@chen:hs.test")),
        ("!leaves Dr Lee to Dr Chen", deeds.EndWork("Dr Lee", "Dr Chen")),
        ("!match IMG-7F3K MRN 10421 born 7 March 1984", deeds.MatchPhoto("IMG-7F3K", "10421", date(1984, 3, 7))),
    ],
)
def test_a_command_is_understood_as_people_type_it(text: str, deed: StaffDeed) -> None:
    assert deed_of(typed(text, EVERYBODY - PATIENT)) == deed


@pytest.mark.parametrize(
    ("text", "deed"),
    [
        ("withdraw IMG-0079\nplease", deeds.TakeBack("IMG-0079")),
        ("Withdraw img xht3", deeds.TakeBack("IMG-XHT3")),
        ("withdraw", deeds.TakeBack()),
        ("correct IMG-0079\nit is the left one", CorrectReason("IMG-0079", read_correction("it is the left one"))),
        ("My images.", SeeImages()),
        ("withdraw IMG-0079?", None),
        ("withdraw IMG-0079 no wait", None),
        ("my phone is lost?", None),
        ("show IMG-0079", None),
        ("!show IMG-0079", None),
    ],
)
def test_a_patients_command_is_its_exact_words_and_everything_else_is_heard_as_words(
    text: str, deed: StaffDeed | None
) -> None:
    assert deed_of(typed(text, PATIENT)) == deed


# ---- almost


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("!shwo IMG-7F3K", "!show IMG-7F3K"),
        ("!fowrard img 7f3k @derm:hs.test is it?", "!forward IMG-7F3K @derm:hs.test is it?"),
        ("!not-ded 10421", "!not-dead 10421"),
        ("!note IMG-7F3K", "!note IMG-7F3K what was discussed"),
        ("!note the cream helps", "!note IMG-7F3K the cream helps"),
        ("!match 10421 1984-03-07", "!match IMG-7F3K 10421 1984-03-07"),
        ("!match IMG-0079 10421 7.13.84", "!match IMG-0079 10421 1990-05-14"),
        ("!refile IMG-0079 10421 2033-01-01", "!refile IMG-0079 10421 1990-05-14"),
        ("!leaves", "!leaves @lee:server"),
        ("!breach 7F3K", "!breach BR-7F3K"),
        ("!discard IMG-7F3K and IMG-0079", "!discard IMG-7F3K"),
        ("!recall IMG-7F3K no, wait", "!recall IMG-7F3K"),
        ("!go-on IMG-7F3K not yet", "!go-on IMG-7F3K"),
        ("!keep IMG-7F3K not", "!keep IMG-7F3K"),
        ("!capacity 10421", "!capacity 10421 has"),
        ("!required-by-law IMG-7F3K", "basis"),
        ('!required-by-law IMG-7F3K basis "x" authority ""', "basis"),
        ("!breach BR-7F3K outcome", '!breach BR-7F3K outcome "how it was assessed"'),
        ("!leaves @lee:hs.test and @chen:hs.test", "!leaves @lee:hs.test to @chen:server"),
        ("!destroy 10421 now", "!destroy 10421"),
        ("!lsit", "!list"),
        ("!lst", "!list"),
        ("!lsot", "!lost"),
        ("!note looks fine IMG-0079", "!note IMG-0079 looks fine"),
        ("!reply to img 0079: come in", "!reply IMG-0079 to come in"),
        ("!forward @derm:hs.test IMG-0079 is it bad?", "!forward IMG-0079 @derm:hs.test is it bad?"),
        ("!mine please IMG-0079", "!mine IMG-0079"),
        ("!enroll 20012 Sam Patel 7 Mar 1984", "!enrol patient 20012 Sam Patel 7 Mar 1984"),
        ("!enrol 20012 Mia Patel 7 Mar 2018 mum Ann Patel", "!enrol patient 20012 Mia Patel 7 Mar 2018 mum Ann Patel"),
    ],
)
def test_what_is_almost_a_command_is_given_back_as_the_line_to_send(text: str, line: str) -> None:
    (offered,) = lines_of(typed(text, EVERYBODY - PATIENT))
    assert line in offered and "though" not in offered
    assert isinstance(read(typed(offered, EVERYBODY - PATIENT)), CommandRead), "and it would work"
    assert not isinstance(deed_of(typed(offered, EVERYBODY - PATIENT)), NotClear)


def test_what_is_offered_to_others_who_read_says_nobodys_words_again() -> None:
    (offered,) = lines_of(typed("!note Sam Patel has eczema", CLINICIAN, RoomKind.PRACTICE))
    assert offered == "!note IMG-7F3K …"
    assert lines_of(typed(offered, CLINICIAN)), "which files no dots"


def test_a_reply_stands_for_the_reference_only_where_nothing_is_sent_filed_or_destroyed_for_it() -> None:
    """The homeserver can change what a message replies to (R15)."""
    ref = ("IMG-0079",)
    by_reply = {command.name for command in COMMANDS if command.by_reply}
    assert by_reply == {"mine", "show", "forward", "refile", "attest"}, "looked at, or echoed for a tap"
    for command in COMMANDS:
        if not any(place.takes is Takes.PHOTO and place.needed for place in command.parameters):
            continue
        words = command.examples[0].replace("IMG-7F3K", "").replace(command.name, "", 1)
        deed = deed_of(typed(f"!{command.name} {words}", command.roles - PATIENT or EVERYBODY, about=ref))
        if command.by_reply:
            assert getattr(deed, "ref", "") == "IMG-0079", command.name
        else:
            assert isinstance(deed, NotClear) and "IMG-0079" in deed.lines[0], command.name


def test_a_reference_that_was_mistyped_is_not_put_right_by_the_reply() -> None:
    for words in ("!show IMG-7F3", "!attest IMG-7F3 verbal 2026-11-20", "!forward IMG-7F3 @derm:hs.test is it?"):
        assert lines_of(typed(words, CLINICIAN, about=("IMG-0079",)))


def test_of_several_photos_replied_to_each_is_offered() -> None:
    assert lines_of(typed("!mine", CLINICIAN, about=("IMG-0001", "IMG-0002"))) == ("!mine IMG-0001", "!mine IMG-0002")


def test_the_photo_that_is_named_is_offered_before_the_one_replied_to() -> None:
    said = typed("!note looks fine IMG-0079", CLINICIAN, about=("IMG-7F3K",))
    assert lines_of(said) == ("!note IMG-0079 looks fine", "!note IMG-7F3K looks fine IMG-0079")


def test_without_its_mark_a_command_is_read_only_where_it_is_the_whole_message_and_names_its_photo() -> None:
    ref = ("IMG-0079",)
    room = RoomKind.PRACTICE
    assert deed_of(typed("mine", CLINICIAN, room, ref)) == deeds.TakePhoto("IMG-0079")
    for thanked in ("Mine, thanks", "mine 👍", "Mine!"):
        assert deed_of(typed(thanked, CLINICIAN, room, ref)) == deeds.TakePhoto("IMG-0079")
    assert deed_of(typed("Mine please", CLINICIAN, room, ref)) is None, "a colleague may be meant"
    assert deed_of(typed("mine", CLINICIAN, room)) is None
    assert deed_of(typed("mine IMG-0079", CLINICIAN)) is None, "in their own chat it says who took a photo"
    assert deed_of(typed("show", CLINICIAN, room, ref)) is None
    for text in ("note he is better", "reply to her", "discard IMG-7F3K", "keep IMG-7F3K", "close", "recall IMG-7F3K"):
        assert isinstance(deed_of(typed(text, CLINICIAN, RoomKind.OWN, ref)), NotClear | None)
        assert deed_of(typed(text, CLINICIAN, room, ref)) is None


@pytest.mark.parametrize(
    "text", ["hello", "use the cream twice a day", "thanks, all good", "yes 4821", "mine", "note that"]
)
def test_words_that_are_no_command_are_not_offered_one(text: str) -> None:
    assert suggest(typed(text, CLINICIAN)) is None


@settings(deadline=None)
@given(
    st.text(max_size=80)
    | st.builds(
        lambda name, text: f"!{name}{text}", st.sampled_from(COMMANDS).map(lambda c: c.name), st.text(max_size=40)
    )
)
def test_whatever_is_written_reads_without_fault_and_the_same_again(text: str) -> None:
    for roles in (EVERYBODY, PATIENT, CLINICIAN):
        for room in RoomKind:
            said = typed(text, roles, room, ("IMG-0079",))
            assert read(said) == read(said)
            suggest(said)


# ---- in the rooms


async def facts(shared: Shared) -> object:
    """What must not change: photos, words, uses."""
    async with shared.practice.journal.reading() as rows:
        return (
            await rows.images.find(),
            await rows.documents.find(),
            await rows.uses.find(),
            await rows.disclosures.find(),
        )


async def replies(person: Someone, text: str, to: str, *, room: str = "") -> None:
    relation = {"m.relates_to": {"m.in_reply_to": {"event_id": to}}}
    content = {"msgtype": "m.text", "body": text, **relation}
    await person.practice.receive(person.arrival(room or person.own_room, content))
    await person.practice.settle()


async def announced(shared: Shared) -> tuple[str, str]:
    """The team's room, and the line in it about the photo."""
    room = await shared.practice.practice_room()
    (event_id,) = [post.event_id for post in shared.practice.posts_in(room) if shared.image.ref in post.body][:1]
    return room, event_id


@pytest.mark.parametrize("words", ["mine", "!mine", "! mine"])
async def test_a_reply_to_the_announcement_takes_the_photo(tmp_path: Path, words: str) -> None:
    async with shared_practice(tmp_path) as shared:
        room, event_id = await announced(shared)
        await replies(shared.lee, words, event_id, room=room)
        assert (await shared.now()).taken_by
        assert f"{shared.image.ref} is yours" in shared.practice.seen_in(room)[-1], "it is said which"


async def test_who_talks_to_a_colleague_takes_nothing(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        room, event_id = await announced(shared)
        said = len(shared.practice.seen_in(room))
        await shared.lee.writes("mine", room=room)
        await replies(shared.lee, "mine is the other one", event_id, room=room)
        assert not (await shared.now()).taken_by and len(shared.practice.seen_in(room)) == said


async def test_bare_mine_names_the_one_photo_that_waits_and_takes_nothing(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes("!mine")
        assert f"Only {shared.image.ref} is waiting" in shared.lee.last_heard
        assert f"!mine {shared.image.ref}" in shared.lee.last_heard
        assert not (await shared.now()).taken_by
        await shared.sam.sends_photo(JPEG + b"2", caption="knee")
        await shared.lee.writes("!mine")
        assert "Which photo?" in shared.lee.last_heard and shared.image.ref not in shared.lee.last_heard


@pytest.mark.parametrize("words", ["!shwo {ref}", "!fowrard {ref} @derm:hs.test is it?", "!replly {ref} use the cream"])
async def test_a_mistyped_command_does_nothing_and_is_given_back(tmp_path: Path, words: str) -> None:
    async with shared_practice(tmp_path) as shared:
        before, polls = await facts(shared), len(polls_in(shared.practice, shared.lee.own_room))
        await shared.lee.writes(words.format(ref=shared.image.ref))
        assert "Did you mean" in shared.lee.last_heard and shared.image.ref in shared.lee.last_heard
        assert await facts(shared) == before and len(polls_in(shared.practice, shared.lee.own_room)) == polls
        await shared.lee.writes(shared.lee.last_heard.splitlines()[-1])
        assert "Did you mean" not in shared.lee.last_heard


async def test_what_answers_a_patients_words_without_a_command_is_given_back_as_a_reply_that_works(
    tmp_path: Path,
) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(f"!mine {shared.image.ref}")
        await shared.sam.writes("it is getting worse")
        theirs = shared.practice.posts_in(shared.lee.own_room)[-1]
        before = await facts(shared)
        await replies(shared.lee, "thanks", theirs.event_id)
        assert "didn't understand" in shared.lee.last_heard
        await replies(shared.lee, "come in tomorrow", theirs.event_id)
        assert "Did you mean" in shared.lee.last_heard and await facts(shared) == before
        await shared.lee.writes(shared.lee.last_heard.splitlines()[-1])
        assert shared.sam.last_heard == f"Dr Lee about {shared.image.ref}:\ncome in tomorrow"


@pytest.mark.parametrize("words", ["!reply use the cream", "!note use the cream", "!discard", "!keep", "!recall"])
async def test_R15_a_reply_sends_files_and_destroys_nothing_and_the_line_is_given_back(
    tmp_path: Path, words: str
) -> None:
    async with shared_practice(tmp_path) as shared:
        room, event_id = await announced(shared)
        before = await facts(shared)
        await replies(shared.lee, words, event_id, room=room)
        said = shared.practice.seen_in(room)[-1]
        assert await facts(shared) == before and words.split(maxsplit=1)[0] in said and shared.image.ref in said


async def test_show_without_its_mark_is_understood_in_ones_own_chat(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(f"show {shared.image.ref}")
        assert (await shared.now()).seen_at is not None


@pytest.mark.parametrize("words", ["discard {ref}", "list", "keep {ref}", "recall {ref}"])
async def test_any_other_without_its_mark_is_given_back(tmp_path: Path, words: str) -> None:
    async with shared_practice(tmp_path) as shared:
        before = await facts(shared)
        await shared.lee.writes(words.format(ref=shared.image.ref))
        assert f"!{words.format(ref=shared.image.ref)}" in shared.lee.last_heard and await facts(shared) == before


# ---- help


@pytest.mark.parametrize(
    "roles", [{Role.CLINICIAN, Role.MANAGER}, {Role.RECEPTION, Role.PATIENT}, *({role} for role in Role)]
)
def test_help_shows_five_things_first_then_the_names_of_the_rest(roles: set[Role]) -> None:
    said = about_commands.all_they_can_do.english(frozenset(roles), "!", "Call 000.")
    first, _, rest = said.partition("More: ")
    assert first.count("\n   ") == 5
    for command in COMMANDS:
        if command.roles & roles:
            assert f"!{command.name}" in said
    assert len(rest) < 600


async def test_in_the_room_of_a_case_help_shows_what_works_there_and_nothing_else(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        room = await shared.forwarded()
        for who, names in ((shared.lee, ["close", "recall", "lost", "help"]), (shared.derm, ["lost", "help"])):
            await who.writes("!help", room=room)
            assert re.findall(r"^!(\S+)", shared.practice.seen_in(room)[-1], re.MULTILINE) == names


def test_help_with_a_name_shows_lines_that_work() -> None:
    said = about_commands.how_to_write.english([command for command in COMMANDS if command.name == "breach"], "!")
    assert '!breach BR-7F3K step "what was done"' in said


# ---- staff who are patients too


async def lee_is_a_patient(shared: Shared) -> Image:
    """Sam works here as a clinician, and sent a photo as a patient."""
    await works_here(shared, shared.sam, "Sam Patel", "clinician")
    await confirmed(shared)
    await shared.sam.sends_photo(JPEG + b"2")
    await taps(shared.sam, "It is of me")
    return await latest_image(shared)


async def test_R34_who_works_here_and_is_a_patient_is_told_of_emergencies(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await works_here_as_a_patient_too(shared)
        before = len(shared.sam.heard)
        await shared.sam.writes("!!! I can't breathe")
        assert "Not for emergencies: call 000." in shared.sam.heard[before], "marks alone make no command"
        before = len(shared.sam.heard)
        await shared.sam.writes("I can't breathe")
        assert "Not for emergencies: call 000." in shared.sam.heard[before]
        room = await shared.practice.practice_room()
        assert "I can't breathe" in "\n".join(shared.practice.seen_in(room)), "and the team reads it"


async def test_R33_a_command_of_staff_is_said_as_staff(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await lee_is_a_patient(shared)
        before = len(shared.sam.heard)
        await shared.sam.writes(f"!note {shared.image.ref} he can't breathe")
        assert not any("call 000" in line for line in shared.sam.heard[before:])


async def test_R34_who_works_here_takes_a_photo_back_in_any_words(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await lee_is_a_patient(shared)
        await shared.sam.writes("sorry wrong photo, please delete it")
        image = await latest_image(shared)
        assert (image.state, image.held_for) == (State.HELD, HeldFor.ASKED_BACK)
        await taps(shared.sam, "Yes")
        assert (await latest_image(shared)).state is State.DISCARDED


async def test_R15_what_they_say_as_a_patient_is_not_about_what_they_sent_as_a_colleague(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await works_here(shared, shared.sam, "Sam Patel", "clinician")
        await confirmed(shared)
        await shared.kim.writes('!enrol patient 20001 "Ada Byron" 1990-12-10')
        await shared.sam.sends_photo(JPEG + b"2", caption="body 20001 1990-12-10 mine verbal today advice")
        await taps(shared.sam, "File it")
        theirs = await latest_image(shared)
        await shared.sam.writes("of somebody else")
        await shared.sam.writes("I can't breathe")
        assert await latest_image(shared) == theirs
        assert not [
            document
            for document in await documents(shared)
            if document.image_id == theirs.id and document.text == "I can't breathe"
        ]


async def test_R33_a_bare_no_that_may_answer_something_else_is_no_answer(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await works_here_as_a_patient_too(shared)
        await shared.sam.sends_photo(JPEG + b"2")
        await shared.sam.writes("wrong photo, please delete it")
        await shared.kim.writes('!enrol patient 20001 "Ada Byron" 1990-12-10')
        await shared.sam.writes("!patient-leaves 20001")
        before = await latest_image(shared)
        await shared.sam.writes("no")
        assert await latest_image(shared) == before and before.held_for is HeldFor.ASKED_BACK
        await shared.sam.writes(f"no {before.ref}")
        assert (await latest_image(shared)).held_for is None


async def test_R33_what_is_not_certain_of_staff_does_nothing(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await lee_is_a_patient(shared)
        before = await facts(shared)
        for words in (
            "hello",
            "why do you need that?",
            "yes",
            "thanks",
            "what is it?",
            f"!shwo {shared.image.ref}",
            "list",
        ):
            await shared.sam.writes(words)
            assert await facts(shared) == before, words
        await shared.sam.writes("a rash on my arm")
        assert (await latest_image(shared)).reason == "a rash on my arm"


TALK = [
    *(
        "hello",
        "thanks!",
        "yes",
        "no",
        "ok, later",
        "mine",
        "yes 4821",
        "the cream helps",
        "please delete it",
        "wrong patient",
    ),
    *(
        "list them",
        "show me the photo",
        "note to self",
        "reply soon",
        "forward it to derm",
        "close the door",
        "keep it",
        "discard",
    ),
    *(
        "!",
        "!!",
        "!frob",
        "!mine now",
        "!show me",
        "!note",
        "!reply",
        "!discard all",
        "!keep it",
        "!recall it",
        "!forward",
    ),
    *(
        "!go-on",
        "!died Sam",
        "!patient-leaves 10421 no",
        "!destroy",
        "!legal-hold",
        "!match {ref} 10421",
        "!use for teaching",
    ),
    *(
        "!discard {ref} not",
        "!recall {ref} wait",
        "!keep {ref}?",
        "!lost Sam",
        "!leaves Nobody",
        "!unlink 10421",
        "discard {ref}",
    ),
]


async def test_whatever_is_not_read_with_certainty_changes_nothing(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        before, room = await facts(shared), await shared.practice.practice_room()
        polls = len(polls_in(shared.practice, shared.kim.own_room))
        for someone in (shared.lee, shared.kim, shared.derm):
            for words in TALK:
                for where in (someone.own_room, *([room] if someone is not shared.derm else [])):
                    await someone.writes(words.format(ref=shared.image.ref), room=where)
                    assert await facts(shared) == before, (someone.account, words)
        assert len(polls_in(shared.practice, shared.kim.own_room)) == polls, "and nothing is asked that a tap would do"
        assert await shared.practice.audited("quarantined") == 0
