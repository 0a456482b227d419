"""Marks: an app reads what a message is and what it is about, and no sentence of the bot."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bot.domain import rooms
from bot.domain.identifiers import PersonId
from bot.domain.intents import Say, from_json, to_json
from bot.domain.marks import KEY, Mark, Meaning
from bot.domain.screening import Findings
from tests.bot_process import SOURCES
from tests.cases import TEACHING, Shared, answer_id, shared_practice, taps
from tests.fakes import PlainScreener, Post
from tests.practice import JPEG, Staffed, staffed_practice

PAGE = SOURCES / "bot" / "page" / "web" / "src"
TABLES = {"words.js", "writing.js"}  # what the page says, and what its buttons write for the patient


def marks(posts: list[Post]) -> list[dict[str, Any]]:
    return [post.content[KEY] for post in posts if KEY in post.content]


async def test_joining_is_marked_step_by_step(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        posts = [post for post in people.practice.homeserver.posts if post.room_id.startswith("!lobby-@sam")]
        assert [mark["id"] for mark in marks(posts)] == ["asks-code", "asks-birthday", "joined"]


async def test_who_was_let_in_is_told_by_mark_for_whom_they_send(tmp_path: Path) -> None:
    """R15: a photo that waits on a phone for days says whose it is."""
    async with staffed_practice(tmp_path) as people:
        told = marks(people.practice.posts_in(people.sam.own_room))
        _, who = told
        assert (who["id"], who["whose"]) == ("who-you-are", ("Sam Patel, born 7 March 1984",))


async def test_a_wrong_birthday_is_marked_and_so_is_the_code_that_closes_by_it(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.kim.writes("!link 10421")
        await people.sam.enters_lobby("!another")
        for words in (people.practice.last_code(people.kim.own_room), "hm", *(f"{day} May 1984" for day in (1, 2, 3))):
            await people.sam.writes(words, room="!another")
        asked, wrong = {"id": "asks-birthday"}, {"id": "birthday-wrong"}
        said = marks(people.practice.posts_in("!another"))
        assert said[1:] == [asked, asked, wrong, wrong, {"id": "birthday-locked"}]


async def test_a_code_that_is_not_right_is_refused_by_mark(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.enters_lobby("!another")
        await people.sam.writes("K7M-4QXD-9TRP", room="!another")
        assert marks(people.practice.posts_in("!another"))[-1] == {"id": "code-refused"}


class FindsAPlace(PlainScreener):
    async def screen(self, data: bytes) -> Findings:
        return Findings(place=True)


async def test_the_answer_to_a_photo_is_marked_with_its_reference_also_when_it_is_edited(tmp_path: Path) -> None:
    def around(name: str, port: Any) -> Any:
        return FindsAPlace() if name == "screener" else port

    async with staffed_practice(tmp_path, around=around) as people:
        await people.sam.sends_photo(JPEG, "rash on my arm")
        image = await people.practice.only_image()
        posts = [post.content for post in people.practice.posts_in(people.sam.own_room)[-2:]]
        safe = posts[0][KEY]
        assert (safe["id"], safe["refs"]) == ("photo-safe", (image.ref,))
        assert posts[1][KEY] == posts[1]["m.new_content"][KEY] == safe


async def test_a_list_is_marked_with_what_it_names(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo(JPEG, "rash on my arm")
        await people.sam.writes("my images")
        image = await people.practice.only_image()
        post = people.practice.posts_in(people.sam.own_room)[-1]
        assert post.content[KEY] | {"typed": ()} == {"id": "photos-listed", "refs": (image.ref,), "typed": ()}


async def test_the_words_of_a_question_are_marked_before_its_poll(tmp_path: Path) -> None:
    """An app that shows the poll can leave them out; one that shows none has them."""
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo(JPEG, "rash on my arm")
        await people.sam.writes("wrong photo, sorry")
        words, poll = people.practice.posts_in(people.sam.own_room)[-2:]
        assert words.content[KEY] == {"id": "asked-in-words"}
        assert "org.matrix.msc3381.poll.start" in poll.content


async def test_the_answer_that_leaves_a_request_open_is_marked_as_one(tmp_path: Path) -> None:
    """R13: "later" uses up nothing, so an app must not close the question by it."""
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        poll = shared.practice.posts_in(shared.sam.own_room)[-1].content
        later = answer_id(shared.practice, shared.sam.own_room, "Ask me later")
        assert poll[KEY] == {"id": "can-be-put-off", "stays": (later,)}


async def test_whose_photo_it_may_be_is_marked_in_the_order_of_the_numbers(tmp_path: Path) -> None:
    """R15."""
    async with staffed_practice(tmp_path) as people:
        ann = await _with_two_children(people)
        await ann.sends_photo(JPEG, "rash")
        post = people.practice.posts_in(ann.own_room)[-1]
        whose = post.content[KEY]["whose"]
        assert [f"{number}. {name}" in post.body for number, name in enumerate(whose, 1)] == [True, True]


async def test_a_tap_says_whose_it_is_by_name_and_closes_the_question_it_stood_under(tmp_path: Path) -> None:
    """R15: not of what is asked by then, and once; a question that is answered in words is closed as well."""
    async with staffed_practice(tmp_path) as people:
        ann, practice = await _with_two_children(people), people.practice
        await ann.sends_photo(JPEG, "rash")
        asked = practice.posts_in(ann.own_room)[-1]
        tap = {KEY: {"answers": asked.content[KEY]["question"], "whose": asked.content[KEY]["whose"][1]}}
        await ann.writes("1", **tap)  # the number it had in another order
        image = await practice.only_image()
        async with practice.journal.reading() as rows:
            assert (await rows.patients.get(image.patient_id)).name == "Ben Lee"
        await ann.writes("1", **tap)
        assert "time is over" in ann.last_heard and (await practice.only_image()).patient_id == image.patient_id
        await ann.sends_photo(JPEG + b"2", "rash")
        second = practice.posts_in(ann.own_room)[-1]
        await ann.writes("Mia")
        assert [post.closes for post in practice.posts_in(ann.own_room) if post.closes] == [
            asked.event_id,
            second.event_id,
        ]


@pytest.mark.parametrize("unclear", ["a tap of a name from before", "a number that nobody has"])
async def test_R15_an_answer_that_fits_nobody_is_asked_again_with_buttons(tmp_path: Path, unclear: str) -> None:
    """A page leaves out how to type an answer, so it must have what to tap; of several that ask, only the last waits."""
    async with staffed_practice(tmp_path) as people:
        ann, practice = await _with_two_children(people), people.practice
        await ann.sends_photo(JPEG, "rash")
        asked = [practice.posts_in(ann.own_room)[-1]]
        question, whose = asked[0].content[KEY]["question"], asked[0].content[KEY]["whose"]
        for _ in range(2):
            if "tap" in unclear:
                await ann.writes("2", **{KEY: {"answers": question, "whose": "Ben Leigh, born 1 May 2021"}})
            else:
                await ann.writes("5")
            asked.append([post for post in practice.posts_in(ann.own_room) if not post.closes][-1])
        again = [post.content[KEY] for post in asked]
        assert [(mark["id"], mark["question"], mark["whose"]) for mark in again] == [
            ("asks-whose", question, whose)
        ] * 3
        await ann.writes("2", **{KEY: {"answers": question, "whose": whose[1]}})
        assert f"of {whose[1]}" in ann.last_heard
        closed = [post.closes for post in practice.posts_in(ann.own_room) if post.closes]
        assert closed == [post.event_id for post in asked]


async def _with_two_children(people: Staffed | Shared) -> Any:
    first = '!enrol patient 10430 "Mia Lee" 2019-05-01 parent "Ann Lee"'
    second = '!enrol patient 10431 "Ben Lee" 2021-05-01 parent "Ann Lee"'
    ann = await people.kim.joins_as("@ann:hs.test", "AnnIdentity", first)
    await people.kim.writes(second)
    await ann.enrol(people.practice.last_code(people.kim.own_room))
    return ann


async def test_who_adds_somebody_they_answer_for_already_is_told_for_whom_all_the_same(tmp_path: Path) -> None:
    """R15: from the tap on "add" the page names nobody on a photo, until it hears for whom one answers now."""
    async with staffed_practice(tmp_path) as people:
        ann = await _with_two_children(people)
        await people.kim.writes('!enrol patient 10431 "Ben Lee" 2021-05-01 parent "Ann Lee"')
        await ann.enrol(people.practice.last_code(people.kim.own_room))
        before, after = [mark for mark in marks(people.practice.posts_in(ann.own_room)) if mark["id"] == "answers-for"]
        assert before == after and len(after["whose"]) == 2


async def test_who_answers_for_several_can_choose_before_sending_and_is_not_asked(tmp_path: Path) -> None:
    """R15: they are told apart by two identifiers, and the answer names whose photo it was taken for."""
    async with staffed_practice(tmp_path) as people:
        ann = await _with_two_children(people)
        (told,) = [mark for mark in marks(people.practice.posts_in(ann.own_room)) if mark["id"] == "answers-for"]
        mia, ben = told["whose"]
        await ann.sends_photo(JPEG, "rash", **{KEY: {"whose": ben}})
        assert f"of {ben}" in ann.last_heard and mia not in ann.last_heard
        async with people.practice.journal.reading() as rows:
            patient = await rows.patients.get((await people.practice.only_image()).patient_id)
        assert ben.startswith(patient.name)


@pytest.mark.parametrize("chosen", ["Ben Lee", "Ben Lee, born 5 May 2021", "Sam Patel, born 7 March 1984"])
async def test_who_was_chosen_but_is_not_one_of_theirs_is_asked_for(tmp_path: Path, chosen: str) -> None:
    """R15, R28: a page that knows an old name, or one that lies, decides nothing."""
    async with staffed_practice(tmp_path) as people:
        ann = await _with_two_children(people)
        await ann.sends_photo(JPEG, "rash", **{KEY: {"whose": chosen}})
        assert not (await people.practice.only_image()).patient_id
        assert people.practice.posts_in(ann.own_room)[-1].content[KEY]["id"] == "asks-whose"


async def test_a_photo_for_somebody_else_is_not_taken_for_the_only_patient(tmp_path: Path) -> None:
    """R15: somebody answered for two, and does for one; what was chosen in between is not that one's."""
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo(JPEG, "rash", **{KEY: {"whose": "Mia Lee, born 1 May 2019"}})
        assert not (await people.practice.only_image()).patient_id
        assert "1. Sam Patel, born 7 March 1984" in people.sam.last_heard


async def test_a_mark_says_nothing_that_the_words_do_not_say(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        ann = await _with_two_children(people)
        await ann.sends_photo(JPEG, "rash")
        await people.sam.sends_photo(JPEG + b"2", "rash on my arm")
        await people.sam.writes("my images")
        marked = [post for post in people.practice.homeserver.posts if KEY in post.content]
        assert {post.content[KEY]["id"] for post in marked} > {"photo-safe", "photos-listed", "asks-whose"}
        for post in marked:
            said = post.content[KEY]
            whose = () if said["id"] == "answers-for" else said.get("whose", ())
            assert all(words in post.body for words in (*said.get("refs", ()), *whose, *said.get("typed", ())))


COMMAND = re.compile(r"“[^”]*(?:IMG-|my images|my copy|more)[^”]*”|not me|\n1\. ")


async def test_what_only_says_how_to_type_an_answer_is_marked_wherever_a_page_has_a_button_for_it(
    tmp_path: Path,
) -> None:
    """A patient in a browser is told to type nothing that can be tapped; whoever has an app reads the whole."""
    async with shared_practice(tmp_path) as shared:
        sam, ref = shared.sam, shared.image.ref
        await shared.lee.writes(TEACHING.format(ref=ref))
        await sam.writes("hm, perhaps")
        await taps(sam, "Ask me later")
        await taps(sam, "Yes")
        for words in ("my images", "help", f"withdraw {ref}", "correct IMG-2222 a"):
            await sam.writes(words)
        ann = await _with_two_children(shared)
        await ann.sends_photo(JPEG, "rash")
        said = [
            post
            for post in (*shared.practice.posts_in(sam.own_room), *shared.practice.posts_in(ann.own_room))
            if post.content.get("msgtype") == "m.text" and post.content.get(KEY, {}).get("id") != "asked-in-words"
        ]
        assert sum(bool(COMMAND.search(post.body)) for post in said) > 8
        assert [left for post in said if COMMAND.search(left := _without_typed(post))] == []


def _without_typed(post: Post) -> str:
    left = post.body
    for part in post.content.get(KEY, {}).get("typed", ()):
        left = left.replace(part, "")
    return left


@pytest.mark.parametrize("mark", [None, Mark(Meaning.ASKS_WHOSE, refs=("IMG-7F3K",), whose=("Mia", "Ben"))])
def test_a_mark_waits_in_storage_with_its_message(mark: Mark | None) -> None:
    waiting = Say(rooms.own(PersonId("sam")), "words", mark=mark)
    assert from_json("say", json.loads(json.dumps(to_json(waiting)))) == waiting


def sources() -> dict[str, str]:
    """The page's modules without their comments."""
    found = {path.name: path.read_text(encoding="utf-8") for path in PAGE.glob("*.js")}
    assert found.keys() >= TABLES
    return {name: re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", "", text, flags=re.DOTALL) for name, text in found.items()}


FOR_DEVELOPERS = re.compile(r"new \w*Error\([^)]*\)")
QUOTED = re.compile(r"\"([^\"\n]*)\"|`([^`]*)`")
SENTENCE = re.compile(r"[A-Za-z’']{2,}[,.:]? [A-Za-z’']{2,}")
PATTERN = re.compile(r"(?<=[(=] )/[^/\n]+/|(?<=\()/[^/\n]+/")
A_WORD = re.compile(r"(?<![\[\\])\b[A-Za-z]{3,}\b")


def test_no_sentence_stands_in_the_page_but_in_its_own_tables() -> None:
    """Neither as words to be found in what the bot says nor as words of its own: whatever is said, the page works."""
    found = {
        f"{name}: {literal}"
        for name, text in sources().items()
        if name not in TABLES
        for literal in ["".join(parts) for parts in QUOTED.findall(FOR_DEVELOPERS.sub("", text))]
        if SENTENCE.search(literal)
    }
    assert found == set()


def test_the_page_looks_for_no_word_in_what_was_said() -> None:
    reading = sources()
    del reading["place.js"]  # it reads photos, where programs write English names
    patterns = [pattern for text in reading.values() for pattern in PATTERN.findall(text)]
    assert patterns, "links are read by patterns"
    assert [pattern for pattern in patterns if A_WORD.search(pattern)] == []


def test_the_page_and_the_bot_know_the_same_marks() -> None:
    quoted = {word for text in sources().values() for word in re.findall(r'"([a-z]+(?:-[a-z]+)+)"', text)}
    assert set(Meaning) - quoted == {Meaning.IS_THIS_YOU, Meaning.JOINED, Meaning.PLAIN}, (
        "a colleague has an app; one word is no name"
    )


async def test_R15_what_is_said_of_one_child_is_not_taken_as_said_of_the_other(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        ann = await _with_two_children(people)
        (told,) = [mark for mark in marks(people.practice.posts_in(ann.own_room)) if mark["id"] == "answers-for"]
        mia, ben = told["whose"]
        await ann.sends_photo(JPEG, **{KEY: {"whose": mia}})
        await ann.sends_photo(JPEG + b"ben's", **{KEY: {"whose": ben}})
        of_mia, of_ben = await people.practice.images()
        assert f"what is {of_mia.ref} about? After that I will ask about {of_ben.ref}" in ann.last_heard
        await ann.sends_photo(JPEG + b"ben's other", **{KEY: {"whose": ben}})
        await ann.writes("her rash is worse")
        first, second, third = await people.practice.images()
        assert (first.reason, second.reason, third.reason) == ("her rash is worse", "", "")
        assert f"what is {second.ref} and {third.ref} about" in ann.last_heard
        await ann.writes("he fell on his knee")
        assert [image.reason for image in await people.practice.images()] == [
            first.reason,
            *["he fell on his knee"] * 2,
        ]
