"""The one line that asks for a use, as busy people write it; and the same in steps (R9)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.domain.people import as_account
from bot.domain.purposes import Purpose
from bot.domain.staff_deeds import UseWanted
from bot.domain.use import Use, UseState
from bot.domain.use_rules import UsePolicy
from bot.heard.use_line import read_use
from tests.cases import Shared, polls_in, shared_practice, taps
from tests.practice import POLICY
from tests.refusals import refused

TODAY = date(2026, 11, 23)


def read(line: str) -> UseWanted:
    return read_use(line, TODAY)


@pytest.mark.parametrize(
    "line",
    [
        'for education "registrar teaching" seen by "registrars" until 2027-03-31 recipient @derm:hs.test',
        "For Teaching, “registrar teaching”, Seen by “registrars”, until 31/3/2027, recipient @Derm:hs.test.",
        'recipient @derm:hs.test until "31 March 2027" by "registrars" for EDUCATION "registrar teaching"',
        'to @derm:hs.test for education: "registrar teaching" seen by "registrars" until 31.3.2027',
        "for education 'registrar teaching' seen by 'registrars' until '31 March 2027' recipient @derm:hs.test",
        "for education ‘registrar teaching’, seen by ‘registrars’, until 31 March 2027 recipient @derm:hs.test",
        "for education registrar teaching seen by registrars until 31 March 2027 recipient @derm:hs.test",
        "for education, registrar teaching, seen by registrars, until 31.3.27, recipient: @derm:hs.test",
        "seen by registrars until March 31, 2027 to https://matrix.to/#/@derm:hs.test for teaching registrar teaching",
        'until "31st of March 2027" recipients @derm:hs.test seen by registrars for education registrar teaching',
    ],
)
def test_the_line_says_the_same_in_any_order_spelling_and_date(line: str) -> None:
    use = read(line)
    assert (use.purpose, use.how, use.seen_by) == (Purpose.EDUCATION, "registrar teaching", "registrars")
    assert use.until == date(2027, 3, 31)
    assert use.recipients == ("@derm:hs.test",)


@pytest.mark.parametrize(
    ("seen_by", "read_as"),
    [
        ("'the patient's own doctor'", "the patient's own doctor"),
        ("the patient's own doctor", "the patient's own doctor"),
        ("the registrars' teacher", "the registrars' teacher"),
        ("\"the 'new' registrars\"", "the 'new' registrars"),
    ],
)
def test_an_apostrophe_ends_no_words(seen_by: str, read_as: str) -> None:
    assert read(f"for education teaching seen by {seen_by} until 31 March 2027").seen_by == read_as


def test_R9_words_behind_what_may_be_a_quotation_mark_are_asked_about() -> None:
    with refused("teacher'"):
        read("for education teaching seen by 'the registrars' teacher' until 31 March 2027")


@pytest.mark.parametrize(
    ("written", "purpose"),
    [
        ("social media", Purpose.SOCIAL_MEDIA),
        ("Social-Media", Purpose.SOCIAL_MEDIA),
        ("conference", Purpose.PUBLICATION),
        ("legal or insurance", Purpose.LEGAL),
        ("insurance", Purpose.LEGAL),
        ("quality_audit", Purpose.AUDIT),
        ("audit", Purpose.AUDIT),
    ],
)
def test_a_purpose_is_known_by_other_names(written: str, purpose: Purpose) -> None:
    assert read(f'for {written} "the how"').purpose is purpose
    assert read(f'for {written} "the how"').how == "the how"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("for selling", "Please name one of"),
        ("for care", "!forward"),
        ("for education teaching in dermatology", "Where does “in dermatology” belong"),
        ("for education teaching seen by those at work", "Where does “at work” belong"),
        ("for education teaching by me until 2027-03-31", "Where does “by me” belong"),
        ("“rash” for education", "Where does “rash” belong"),
        ("for education until 3/25/2027", "25 March 2027"),
        ("for education until tomorrow", "not a date"),
        ("for education until 31/2/2027", "not a date"),
        ("for education until 2020-01-01", "has passed"),
    ],
)
def test_what_cannot_be_meant_is_said_by_name(line: str, says: str) -> None:
    with refused("(?s)" + says.replace("?", r"\?")):
        read(line)


@pytest.mark.parametrize("written", ["@derm:hs.test", "@Derm:HS.test", "@derm:hs.test.", "(@derm:hs.test),"])
def test_an_account_is_read_however_it_is_typed(written: str) -> None:
    assert as_account(written) == "@derm:hs.test"


@pytest.mark.parametrize("written", ["derm", "@derm", "@derm:", "Dr Derm", "derm@hs.test"])
def test_nothing_else_is_an_account(written: str) -> None:
    assert as_account(written) == ""


# ---- in steps


async def begun(shared: Shared) -> None:
    await shared.lee.writes(f"!use {shared.image.ref}")
    await taps(shared.lee, "education")


async def only_use(shared: Shared) -> Use:
    (use,) = await shared.uses()
    return use


async def test_words_may_come_before_they_are_asked_for_and_leave_no_second_question_open(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(f"!use {shared.image.ref}")
        await shared.lee.writes("How: teaching\nseen by: registrars\n• Until: 31 March 2027")
        await taps(shared.lee, "education")
        await taps(shared.lee, "Possibly")
        async with shared.practice.journal.reading() as rows:
            assert await rows.choices.find(about="use-detail", used_at=None) == []
        await shared.lee.writes("recipient: @derm:hs.test")
        use = await only_use(shared)
        assert use.state is UseState.AWAITING_CONSENT and use.how == "teaching"
        assert "until 31 March 2027" in next(words for words in shared.sam.heard if "asks for permission" in words)


@pytest.mark.parametrize("words", ["Intimate", "intimate: yes", "INTIMATE."])
async def test_in_steps_too_a_photo_can_be_said_to_be_intimate(tmp_path: Path, words: str) -> None:
    """The rules' default: a yes about an intimate image is asked for twice, however the request was written."""
    async with shared_practice(tmp_path) as shared:
        await begun(shared)
        await taps(shared.lee, "Possibly")
        await taps(shared.lee, "Six months")
        assert "If the photo is intimate" in shared.lee.last_heard
        await shared.lee.writes(f"how: teaching\nseen by: registrars\nrecipient: @derm:hs.test\n{words}")
        await taps(shared.sam, "Yes")
        assert "is intimate" in shared.sam.last_heard
        assert (await only_use(shared)).state is UseState.AWAITING_CONSENT


@pytest.mark.parametrize(
    ("recipient", "says"),
    [("Dr Nobody", "not an account"), ("@nobody:hs.test", "not enrolled"), ("@sam:hs.test", "patient's own account")],
)
async def test_a_wrong_recipient_is_said_at_once_and_the_rest_of_the_message_stays_said(
    tmp_path: Path, recipient: str, says: str
) -> None:
    async with shared_practice(tmp_path) as shared:
        await begun(shared)
        await shared.lee.writes(f"how: teaching\nseen by: registrars\nrecipient: {recipient}")
        assert says in " ".join(shared.lee.heard[-2:])
        use = await only_use(shared)
        assert (use.how, use.seen_by, use.recipients) == ("teaching", "registrars", ())


@pytest.mark.parametrize("line", ["!use {ref}", "!use {ref} for education recipient @derm:hs.test"])
async def test_what_would_be_refused_at_the_end_is_refused_at_the_beginning(tmp_path: Path, line: str) -> None:
    """R13: nobody answers five questions about an image that the patient has taken back."""
    async with shared_practice(tmp_path) as shared:
        await shared.sam.writes(f"withdraw {shared.image.ref}")
        await shared.lee.writes(line.format(ref=shared.image.ref))
        assert "may not be used any further" in shared.lee.last_heard
        assert await shared.uses() == [] and not polls_in(shared.practice, shared.lee.own_room)


async def test_what_a_practice_never_does_is_refused_before_anything_else_is_asked(tmp_path: Path) -> None:
    """R22."""
    never = replace(POLICY, uses=UsePolicy(never=frozenset({Purpose.SOCIAL_MEDIA})))
    async with shared_practice(tmp_path, never) as shared:
        await shared.lee.writes(f"!use {shared.image.ref} for social media")
        assert "does not use images for that" in shared.lee.last_heard
        assert await shared.uses() == [] and not polls_in(shared.practice, shared.lee.own_room)


async def test_a_word_of_four_letters_is_no_reference(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(f'!use {shared.image.ref} for research "skin 2027" seen by both until 2027-01-01')
        assert (await only_use(shared)).seen_by == "both"


# ---- in one line


README_LINE = re.compile(r"`(!use IMG-7F3K for [^`]*)`")


async def test_the_line_in_the_readme_asks_its_writer_nothing_more(tmp_path: Path) -> None:
    """R9: what it leaves open, whether somebody could be recognised, the patient is told as open."""
    (line,) = README_LINE.findall((Path(__file__).parents[2] / "README.md").read_text())
    async with shared_practice(tmp_path) as shared:
        typed = line.replace("IMG-7F3K", shared.image.ref).replace("@teacher:server", "@derm:hs.test")
        await shared.lee.writes(typed)
        use = await only_use(shared)
        assert use.state is UseState.AWAITING_CONSENT and not polls_in(shared.practice, shared.lee.own_room)
        asked = next(words for words in shared.sam.heard if "asks for permission" in words)
        assert "Dr Lee did not say, and nobody can be certain" in asked and "“registrar teaching”" in asked


@pytest.mark.parametrize("written", ["dr derm", "derm", "@derm", "Dr Derm.", "https://matrix.to/#/@derm:hs.test"])
async def test_a_recipient_may_be_named(tmp_path: Path, written: str) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(
            f"!use {shared.image.ref} for education teaching seen by registrars until 31.3.27 recipient {written}"
        )
        assert (await only_use(shared)).recipients == ("@derm:hs.test",)
        assert "Dr Derm (@derm:hs.test)" in "\n".join(shared.sam.heard)


async def test_several_recipients_are_named_and_in_steps_too(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.joins_as("@osei:hs.test", "OseiIdentity", "!enrol clinician @osei:hs.test Amy Osei")
        await begun(shared)
        await taps(shared.lee, "Possibly")
        await taps(shared.lee, "Six months")
        await shared.lee.writes("how: teaching\nseen by: registrars\nrecipients: dr derm and Amy Osei")
        assert set((await only_use(shared)).recipients) == {"@derm:hs.test", "@osei:hs.test"}


async def test_R15_a_recipient_whom_two_names_fit_is_asked_about_with_the_line_to_write(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.joins_as("@two:hs.test", "TwoIdentity", "!enrol clinician @two:hs.test Ben Derm")
        start = f"!use {shared.image.ref} for education teaching seen by registrars until 31.3.27 recipient"
        await shared.lee.writes(f"{start} derm")
        assert (
            f"\n{start} @two:hs.test" in shared.lee.last_heard and f"\n{start} @derm:hs.test" in shared.lee.last_heard
        )
        await shared.lee.writes(f"{start} nobody")
        assert "“nobody” is not an account" in shared.lee.last_heard and await shared.uses() == []
