"""Words in and out: what people mean is read with care, and what they wrote can do nothing inside the bot's own words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from unicodedata import bidirectional
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.built_in_texts import AS_THEY_COME
from bot.domain.conversation import SILENCE, begins_anew
from bot.domain.identifiers import EventId, ImageId, PatientId, PersonId, RoomId
from bot.domain.image import HeldFor, Image, State
from bot.domain.people import Patient, Relation
from bot.domain.purposes import NOT_STATED, Purpose, read_purpose, spoken
from bot.domain.references import as_reference
from bot.words import about_reading, about_rights, acknowledgement, phrases, to_the_team

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SAM = Patient(PatientId("sam"), "10421", "Sam Patel", date(1984, 3, 7))
NOBODY_SAW_IT = about_rights.SeenBy([], [], by_anybody=False)


def test_a_conversation_begins_anew_after_a_silence_and_not_before() -> None:
    assert begins_anew(None, AT)
    assert not begins_anew(AT - SILENCE, AT)
    assert begins_anew(AT - SILENCE - timedelta(seconds=1), AT)


@pytest.mark.parametrize(
    ("text", "purpose", "reason"),
    [
        ("rash on my arm", Purpose.CARE, "rash on my arm"),
        ("for insurance: my broken wrist", Purpose.LEGAL, "my broken wrist"),
        ("For my insurance, wrist", Purpose.LEGAL, "wrist"),
        ("for teaching", Purpose.EDUCATION, NOT_STATED),
        ("for social media - my scar", Purpose.SOCIAL_MEDIA, "my scar"),
        ("for the doctor to look at", Purpose.CARE, "for the doctor to look at"),
        ("for the other doctor to look at, rash", Purpose.CARE, "for the other doctor to look at, rash"),
        ("for other people to stop asking: rash", Purpose.CARE, "for other people to stop asking: rash"),
        ("for audit purposes: my foot", Purpose.AUDIT, "my foot"),
        ("for research.", Purpose.RESEARCH, NOT_STATED),
        ("for legal reasons I can't say: wrist", Purpose.CARE, "for legal reasons I can't say: wrist"),
        ("it is for insurance", Purpose.CARE, "it is for insurance"),
        ("for careful eyes", Purpose.CARE, "for careful eyes"),
        ("   ", Purpose.CARE, NOT_STATED),
    ],
)
def test_a_purpose_is_care_unless_the_sender_says_otherwise(text: str, purpose: Purpose, reason: str) -> None:
    """R9: no other purpose is ever guessed."""
    assert read_purpose(text) == (purpose, reason)


@given(st.text(max_size=200))
def test_reading_a_purpose_never_fails_and_always_has_a_reason(text: str) -> None:
    _, reason = read_purpose(text)
    assert reason


def test_every_purpose_can_be_said() -> None:
    assert all(spoken(purpose) for purpose in Purpose)


RTL_MARKS = (
    [chr(c) for c in range(0x202A, 0x202F)] + [chr(c) for c in range(0x2066, 0x206A)] + ["\u200e", "\u200f", "\u061c"]
)


@pytest.mark.parametrize("mark", RTL_MARKS, ids=lambda mark: f"U+{ord(mark):04X}")
def test_marks_that_turn_text_around_do_not_reach_the_bot_s_words(mark: str) -> None:
    assert phrases.quoted(f"rash{mark}gpj.exe") == "“rash gpj.exe”"


@given(st.text(max_size=2000))
def test_somebody_s_words_inside_ours_are_one_bounded_line_of_visible_text(text: str) -> None:
    said = phrases.quoted(text)
    assert said.startswith("“") and said.endswith("”") and len(said) <= 302
    assert said.isprintable() and "\n" not in said
    assert not {bidirectional(c) for c in said} & {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def test_ten_thousand_characters_make_a_short_message_back() -> None:
    image = Image(
        ImageId("id"),
        "IMG-7F3K",
        PersonId("sam"),
        RoomId("!r"),
        EventId("$e"),
        AT,
        State.READY,
        PatientId("sam"),
        Purpose.CARE,
        "pain " * 2000,
    )
    assert len(acknowledgement.received(AS_THEY_COME, [image], None, Relation.SELF)) < 1000
    assert len(to_the_team.announcement(image, "")) < 600
    assert len(about_rights.held_image(image, SAM, "in the record", NOBODY_SAW_IT, {}, ZoneInfo("UTC"))) < 600
    assert len(about_reading.words_from_patient("Sam Patel", "IMG-7F3K", "pain " * 2000)) < 2200


def test_markup_in_words_stays_words() -> None:
    """The bot sends plain text only: no formatted body, so tags are shown as they were typed."""
    assert phrases.quoted("<b>rash</b><img src=x>") == "“<b>rash</b><img src=x>”"


def test_the_practice_room_hears_no_name() -> None:
    image = Image(
        ImageId("id"),
        "IMG-7F3K",
        PersonId("sam"),
        RoomId("!r"),
        EventId("$e"),
        AT,
        State.READY,
        PatientId("sam"),
        Purpose.CARE,
        "rash",
    )
    for said in (
        to_the_team.announcement(image, ""),
        to_the_team.on_duty(image),
        to_the_team.needs_a_person(image),
    ):
        assert "IMG-7F3K" in said and "Sam" not in said and "10421" not in said


@pytest.mark.parametrize("held_for", HeldFor)
def test_every_hold_is_explained(held_for: HeldFor) -> None:
    image = Image(
        ImageId("id"), "IMG-7F3K", PersonId("sam"), RoomId("!r"), EventId("$e"), AT, State.HELD, held_for=held_for
    )
    assert to_the_team.HELD[held_for] in to_the_team.needs_a_person(image)


@pytest.mark.parametrize(
    "state", [state for state in State if state not in {State.DISCARDED, State.LEFT_WITH_SENDER, State.DESTROYED}]
)
def test_every_state_that_is_held_about_somebody_can_be_told(state: State) -> None:
    """R24."""
    image = Image(
        ImageId("id"),
        "IMG-7F3K",
        PersonId("sam"),
        RoomId("!r"),
        EventId("$e"),
        AT,
        state,
        PatientId("sam"),
        Purpose.CARE,
        "rash",
    )
    seen = about_rights.SeenBy(["Dr Lee"], [], by_anybody=True)
    assert "Sam Patel" in about_rights.held_image(image, SAM, "in the record", seen, {}, ZoneInfo("UTC"))


@pytest.mark.parametrize(
    "typed", ["IMG-7F3K", "img-7f3k", "7F3K", " 7f3k. ", "IMG 7F3K", "IMG–7F3K", "“IMG-7F3K”", "IMG7F3K"]
)
def test_a_reference_is_read_however_it_is_typed(typed: str) -> None:
    assert as_reference(typed) == "IMG-7F3K"


def test_look_alikes_in_a_reference_are_forgiven() -> None:
    assert as_reference("IMG-oIlU") == "IMG-011V"


@pytest.mark.parametrize(
    "typed", ["", "rash", "photo", "skin", "both", "this", "IMG-", "IMG-7F", "the toe", "IMG-7F3K9QWERT", "7F3Ké"]
)
def test_other_words_are_no_reference(typed: str) -> None:
    assert as_reference(typed) == ""
