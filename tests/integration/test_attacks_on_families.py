"""Who may hear, see and agree, attacked in a family: two parents, a child who decides, a second child, a birthday.

Real parts throughout: the bot's process, Synapse, and people who look through an app that is not ours. One practice, whose
people change from test to test: they run in this order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.image import Image
from bot.domain.intents import CaptureImage
from bot.domain.planned import Planned
from bot.domain.use import UseState
from tests.bot_process import Member, RunningPractice, practice_of, until
from tests.homeserver import Homeserver
from tests.integration.consulting import (
    POLL,
    asks,
    asks_to_teach,
    confirmed,
    copy_of,
    entries_of,
    poll_of,
    polls_of,
    said_to,
    taps,
    use_of,
)
from tests.photos import small

CREAM = "use the cream twice a day"


@dataclass
class Family:
    """Ann and Bob Bell, parents of Mia, who turns 18 in ten days; Bob came last, and nobody has opened the record to him."""

    practice: RunningPractice
    ann: Member
    bob: Member
    born: date
    adviser: str
    refs: dict[str, str] = field(default_factory=dict)
    asked: dict[str, Any] = field(default_factory=dict)

    def photo(self, sender: Member, seed: int, caption: str) -> tuple[str, dict[str, Any]]:
        """The reference of a photo they send, once it is filed and gone from the chat; and the message as their app sent it."""
        path = self.practice.home / f"IMG_{seed}.jpg"
        path.write_bytes(small(seed))
        mark = sender.app.mark()
        sent = sender.app.send_image(sender.room, path, caption=caption)
        content = sender.app.event(sent)["content"]
        ref = self.practice.image_of(sent).ref
        sender.hears(f"^I have your photo.*{ref}", after=mark)
        sender.sees_redacted(sent)
        return ref, content

    def by_lee(self, seed: int) -> str:
        """The reference of a photo of Mia that Dr Lee sends, which a parent agreed to."""
        lee, mark = self.practice.lee, self.practice.lee.app.mark()
        path = self.practice.home / f"IMG_{seed}.jpg"
        path.write_bytes(small(seed))
        line = f"body 10430 {self.born.isoformat()} mine verbal from parent today advice"
        sent = lee.app.send_image(lee.room, path, caption=line)
        taps(lee, poll_of(lee, "Mia Bell", after=mark), "File it")
        return self.practice.image_of(sent).ref

    def teaching(self, ref: str, answer: str) -> None:
        asks_to_teach(self.practice.lee, ref, self.adviser, answer)

    def redeems(self, member: Member, command: str, told: str) -> None:
        """With an account that is known here already."""
        mark = member.app.mark()
        code = self.practice.enrol(command)
        self.practice.writes_code(member, code)
        self.practice.answers_code(member, code)
        member.hears(told, after=mark)


@pytest.fixture(scope="module")
def family(homeserver: Homeserver, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Family]:
    day = date.today() + timedelta(days=10)
    born = day.replace(year=day.year - 18, day=min(day.day, 28))
    with practice_of(homeserver, tmp_path_factory.mktemp("family")) as practice:
        ann = practice.enter(
            practice.homeserver.account("ann"),
            practice.enrol(f'!enrol patient 10430 "Mia Bell" {born.isoformat()} parent "Ann Bell"'),
        )
        taps(practice.lee, poll_of(practice.lee, "wiped from afar"), "All four are true")
        derm = practice.homeserver.account("derm")
        practice.enter(derm, practice.enrol(f'!enrol outside-clinician {derm.user_id} "Dr Derm"'))
        bells = Family(practice, ann, ann, born, derm.user_id)
        bells.refs["anns"], _ = bells.photo(ann, 7101, "her rash")
        bells.bob = practice.enter(practice.homeserver.account("bob"), practice.enrol('!link 10430 parent "Bob Bell"'))
        yield bells


def test_R33_an_account_that_nobody_opened_is_shown_nothing_and_is_not_asked(family: Family) -> None:
    """Neither for what was filed before it came nor for what came after."""
    lee, bob, ref = family.practice.lee, family.bob, family.refs["anns"]
    bobs, anns, lees = bob.app.mark(), family.ann.app.mark(), lee.app.mark()
    asks(bob, "my images", "We hold no images")
    family.teaching(ref, "patient is asked")
    family.asked = poll_of(family.ann, ref, after=anns)
    later = family.by_lee(7102)
    family.teaching(later, "whom shall I ask")
    whom = str(poll_of(lee, "whom shall I ask", after=lees)["content"][POLL])
    assert "Ann Bell" in whom and "Bob Bell" not in whom
    asks(bob, "my images", "We hold no images")
    assert polls_of(bob, bobs) == [] and "IMG-" not in said_to(bob, after=bobs)
    confirmed(lee, "10430", "Bob Bell")
    bob.hears("open to you now", after=bobs)
    assert later in asks(bob, "my images", ref)


def test_R29a_what_one_parent_refused_the_other_is_not_asked_though_their_name_is_tapped(family: Family) -> None:
    lee, ann, bob = family.practice.lee, family.ann, family.bob
    lees, anns, bobs = lee.app.mark(), ann.app.mark(), bob.app.mark()
    ref = family.by_lee(7103)
    family.teaching(ref, "whom shall I ask")
    whom = poll_of(lee, "whom shall I ask", after=lees)
    taps(lee, whom, "Ann Bell")
    taps(ann, poll_of(ann, ref, after=anns), "No")
    lee.hears("not agreed to", after=lees)
    anns, lees = ann.app.mark(), lee.app.mark()
    family.teaching(ref, "patient is asked")
    poll_of(ann, ref, after=anns)
    taps(lee, whom, "Bob Bell")
    lee.hears("answered already", after=lees)
    assert ref not in said_to(bob, after=bobs)


def test_R33a_a_mature_minors_own_stands_in_no_parents_list_or_copy(family: Family, tmp_path: Path) -> None:
    practice, lee, ref = family.practice, family.practice.lee, family.refs["anns"]
    mia = practice.enter(practice.homeserver.account("mia"), practice.enrol("!link 10430 self"))
    asks(lee, "!capacity 10430 mature-minor", "decides for themselves")
    confirmed(lee, "10430", "as the patient")
    mia.hears("open to you now")
    own, _ = family.photo(mia, 7104, "nobody else's business")
    assert ref in asks(mia, "my images", own)
    for parent in (family.ann, family.bob):
        assert ref in asks(parent, "my images", "IMG-")
        copy = copy_of(parent, tmp_path)
        assert ref in copy
        for words in (copy, said_to(parent)):
            assert own not in words and "nobody else" not in words


def test_R15_a_photo_of_one_child_forwarded_for_the_other_puts_no_word_into_the_firsts_record(family: Family) -> None:
    """Its media went once it was filed for Mia: it is looked for in vain, and never taken for hers."""
    practice, ann = family.practice, family.ann
    _, content = family.photo(ann, 7105, "her other arm")
    family.redeems(ann, '!enrol patient 10431 "Ben Bell" 2021-05-01 parent "Ann Bell"', "Ben Bell")
    mark = ann.app.mark()
    shown = content | {"body": "the knee he fell on", "filename": "forwarded.jpg"}
    sent = ann.app.call("send_event", room=ann.room, type="m.room.message", content=shown)["event_id"]
    number = re.search(r"(\d)\. Ben Bell", ann.hears("Whose photo is it", after=mark))
    assert number is not None
    ann.says(number[1])

    def whose() -> list[Image]:
        return [image for image in practice.images(event_id=sent) if image.patient_id]

    (image,) = until(whose, "it is Ben's")
    (fetched,) = _being_fetched(practice, image)
    until(lambda: fetched not in _being_fetched(practice, image), "it was looked for again")
    assert _being_fetched(practice, image), "and will be once more"
    assert not ann.heard("already have|I have your photo", after=mark)
    assert "the knee" not in "".join(str(entry) for entry in entries_of(practice, "10430"))


def _being_fetched(practice: RunningPractice, image: Image) -> list[Planned]:
    return [one for one in practice.intents("due") if one.intent == CaptureImage(image.id)]


# ---- fifteen days later: a code that was written, a birthday, capacity given back


def test_R33_a_code_that_was_written_and_is_confirmed_too_late_admits_nobody(family: Family) -> None:
    practice, bob = family.practice, family.bob
    code = practice.enrol('!link 10431 parent "Bob Bell"')
    practice.writes_code(bob, code)
    practice.later("15d")
    mark = bob.app.mark()
    practice.answers_code(bob, code)
    bob.hears("expired", room=bob.lobby, after=mark)
    assert "Ben" not in said_to(bob)


def test_R28_after_the_birthday_a_parent_hears_nothing_and_answers_nothing(family: Family) -> None:
    """Also of what they sent themselves, and of what they were asked before it: the parent's yes releases nothing."""
    lee, ref = family.practice.lee, family.refs["anns"]
    taps(family.ann, family.asked, "Yes")
    for parent in (family.ann, family.bob):
        assert ref not in asks(parent, "my images", "We hold no images|IMG-")
    assert use_of(family.practice, ref).state is not UseState.RELEASED
    lees = lee.app.mark()
    lee.says(f"!reply {ref} {CREAM}")
    poll = str(poll_of(lee, "Whom are your words", after=lees)["content"][POLL])
    assert "Mia Bell" in poll and "Ann" not in poll and "Bob" not in poll


def test_R28_capacity_given_back_ends_what_a_decision_maker_may_hear(family: Family) -> None:
    lee, ann, ref = family.practice.lee, family.ann, family.refs["anns"]
    family.redeems(ann, '!link 10430 decision-maker "Ann Bell"', "a second person")
    confirmed(lee, "10430", "Ann Bell")
    assert ref in asks(ann, "my images", ref)
    asks(lee, "!capacity 10430 has", "Mia Bell")
    assert ref not in asks(ann, "my images", "We hold no images|IMG-")
    lees, anns = lee.app.mark(), ann.app.mark()
    lee.says(f"!reply {ref} {CREAM}")
    poll = str(poll_of(lee, "Whom are your words", after=lees)["content"][POLL])
    assert "Mia Bell" in poll and "Ann Bell" not in poll
    assert CREAM not in said_to(ann, after=anns)
