"""What people type: codes, references, dates, lines, purposes, answers, commands."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.dispatch import caption_of, is_edit, is_picture, parts_of, tapped_answer
from bot.domain.arrivals import Arrival, ArrivalKind, storable
from bot.domain.choices import Choice, almost_chosen, chosen_in_words
from bot.domain.command_table import COMMANDS
from bot.domain.errors import Refused
from bot.domain.identifiers import Account, EventId, RoomId
from bot.domain.invitation_codes import read_code
from bot.domain.planned import Progress
from bot.domain.purposes import read_purpose
from bot.domain.references import as_reference
from bot.heard.patient import gives_reason
from bot.heard.quoted_words import straight
from bot.heard.statement_line import read_line
from bot.heard.whose import shows_somebody_else
from bot.words.phrases import quoted
from handlers.photos.media_named import encrypted_file, media_of
from tests.cases import shared_practice
from tests.one_by_one import run_what_is_due

from . import ANYTHING, TEXT, fuzzed, json_of, objects, sentences

TODAY = date(2026, 11, 27)
NOW = datetime(2026, 11, 27, tzinfo=UTC)
LINE = sentences(
    [
        "body",
        "document",
        "10421",
        "1984-03-07",
        "7/3/1984",
        "31.2.2020",
        "0000-00-00",
        "9999-12-31",
        "7",
        "March",
        "1984",
        "mine",
        "today",
        "yesterday",
        "verbal",
        "written",
        "advice",
        "no",
        "not",
        "by",
        "Nurse",
        "Chen",
        "taken",
        "from",
        "mother",
        "the",
        "MRN",
        "mrn:",
        "MRN:7",
        "leave",
        "IMG-7F3K",
        "for",
        "social",
        "media",
        "insurance",
        "of",
        "somebody",
        "else",
        "yes",
        "yes,",
        "4821",
        "stored",
        "“",
        "”",
        '"',
        "'",
        "–",
        "—",
        "K7M-4QXD-9TRP",
        "K7M",
        "4QXD",
        "9TRP",
    ]
)
LONG = [
    "a" * 60_000,
    "-" * 60_000,
    "by " * 20_000,
    "1 jan " * 10_000,
    "IMG-" * 15_000,
    " \n" * 30_000,
    '"' * 60_001,
    "not of me my own body " * 3_000,
    "\ud800" * 9_999,
]


@fuzzed()
@given(text=LINE | TEXT)
def test_no_words_make_a_reader_of_words_fail(text: str) -> None:
    read_everything(text)


@pytest.mark.parametrize("text", LONG, ids=lambda text: repr(text[:6]))
def test_nor_do_very_long_ones(text: str) -> None:
    read_everything(text)


def read_everything(text: str) -> None:
    said = read_line(text, TODAY)
    assert read_line(said.reason(), TODAY).reason() == read_line(said.reason(), TODAY).reason()
    assert list(said.dates) == sorted(said.dates) and len(said.dates) <= 2
    purpose, reason = read_purpose(text)
    assert reason and (purpose, reason) == read_purpose(text)
    code = read_code(text)
    assert code is None or (len(code[0]), len(code[1])) == (3, 8)
    if code is not None:
        assert read_code(f"{code[0]}-{code[1][:4]}-{code[1][4:]}") == code
    reference = as_reference(text)
    assert reference == "" or as_reference(reference) == reference
    gives_reason(text)
    shows_somebody_else(text)
    assert "\n" not in quoted(text, 80)
    with suppress(Refused):
        straight(text)


CHOICES = st.lists(
    st.builds(
        Choice,
        id=st.uuids().map(str),
        poll_id=st.sampled_from(["a", "b"]),
        number=st.sampled_from(["4821", "1000"]),
        person_id=st.just("sam"),
        about=st.just("x"),
        subject=st.just("s"),
        value=st.just("v"),
        label=st.sampled_from(
            ["Yes", "No", "Yes, it concerns that", "Stored, in my own record", "Ask me later", ",", ""]
        ),
        expires_at=st.sampled_from([NOW, NOW + timedelta(hours=1)]),
        needs_number=st.booleans(),
        used_at=st.none() | st.just(NOW),
    ),
    max_size=6,
)


@fuzzed()
@given(
    text=LINE | TEXT | st.sampled_from(["yes", "no.", "yes 4821", "YES 4821!", "no 1000", "", ".", "!"]),
    choices=CHOICES,
)
def test_words_choose_only_what_is_open_and_where_a_number_is_needed_only_with_it(
    text: str, choices: list[Choice]
) -> None:
    """R13."""
    chosen = chosen_in_words(text, choices, NOW)
    if chosen is not None:
        assert chosen.used_at is None and chosen.expires_at > NOW
        assert not chosen.needs_number or chosen.number in text
    almost = almost_chosen(text, choices, NOW)
    assert almost is None or (almost.used_at is None and almost.expires_at > NOW)


FILE = objects(
    {
        "url": st.sampled_from(["mxc://hs.test/a", "mxc://", "mxc:///x", "http://x"]),
        "key": st.just({"k": "x"}),
        "v": st.just("v2"),
    }
)
CONTENT = objects(
    {
        "msgtype": st.sampled_from(["m.text", "m.image", "m.file", "m.video", "m.location", "m.notice"]),
        "body": TEXT,
        "filename": TEXT,
        "file": FILE,
        "url": st.just("mxc://hs.test/b"),
        "info": objects(
            {"mimetype": st.just("image/png"), "thumbnail_file": FILE, "thumbnail_url": st.just("mxc://hs.test/c")}
        ),
        "m.relates_to": objects({"rel_type": st.just("m.replace"), "event_id": st.just("$x")}),
        "m.new_content": FILE,
        "org.matrix.msc3381.poll.response": objects({"answers": st.lists(TEXT, max_size=2)}),
        "m.selections": st.lists(TEXT, max_size=2),
    }
)
TYPES = st.sampled_from(
    [
        "m.room.message",
        "m.sticker",
        "m.reaction",
        "org.matrix.msc3381.poll.response",
        "m.poll.response",
        "m.call.invite",
        "x",
        "",
    ]
)


@fuzzed()
@given(content=CONTENT | json_of(TEXT).filter(lambda value: isinstance(value, dict)), kind=TYPES)
def test_no_content_makes_its_readers_fail_and_all_its_media_is_named_once(content: dict[str, Any], kind: str) -> None:
    caption_of(content)
    for part in parts_of({"itemtypes": [content, *content.values()], "body": kind}):
        caption_of(part), is_picture(part), encrypted_file(part)
    named = [url for _, url in media_of(content)]
    assert len(named) == len(set(named))
    file = encrypted_file(content)
    if file is not None and str(file["url"]) == "mxc://hs.test/a":
        assert file["url"] in named
    is_edit(content), is_picture(content)
    arrival = Arrival(ArrivalKind.MESSAGE, RoomId("!r"), EventId("$e"), Account("@s:h"), NOW, kind, content)
    assert isinstance(tapped_answer(arrival), str | None)
    assert storable(storable(arrival)) == storable(arrival)


NAMES = [f"!{command.name}" for command in COMMANDS]
ARGUMENTS = [
    *("patient", "clinician", "reception", "outside-clinician", "self", "parent", "mature-minor", "decision-maker"),
    *("10421", "1984-03-07", "0001-01-01", "-1", "2027-03-31", "9999-12-31", "IMG-0107", "IMG-9999", "BR-0001"),
    *("@derm:hs.test", "@lee:hs.test", "@sam:hs.test", '"Sam Patel"', '"Dr Derm"', '""', "for", "education"),
    *("publication", "seen", "by", "until", "recipient", "at", "venue:", "how:", "basis", "authority", "outcome"),
    *("step", "to", "recognisable", "yes", "no", "yes,", "de-identified", "without", "telling"),
]
SAID = st.builds(
    lambda who, name, rest: (who, {"msgtype": "m.text", "body": f"{name} {rest}"}),
    st.sampled_from(["kim", "lee", "sam", "derm"]),
    st.sampled_from([*NAMES, *(name[1:] for name in NAMES), "yes", "1", "", "recipient:", "how:"]),
    sentences(ARGUMENTS, 8) | TEXT,
)
SENT = st.tuples(st.sampled_from(["kim", "lee", "sam", "derm"]), CONTENT)


@fuzzed(0.1)
@given(messages=st.lists(st.tuples(SAID | SENT, TYPES), min_size=1, max_size=12))
@example(messages=[(("sam", {"msgtype": []}), "m.room.message")])
async def test_no_message_of_anybody_is_poison_and_no_intent_of_theirs_a_bug(messages: list[Any]) -> None:
    """Everything is decided or refused in words, and whatever follows can be carried out or fails as the world fails."""
    with tempfile.TemporaryDirectory() as directory:
        async with shared_practice(Path(directory)) as world:
            people = {"kim": world.kim, "lee": world.lee, "sam": world.sam, "derm": world.derm}
            for (who, content), kind in messages:
                someone = people[who]
                meant = "m.room.message" if set(content) == {"msgtype", "body"} else kind
                await world.practice.receive(replace(someone.arrival(someone.own_room, content), type=meant))
                await world.practice.inbox.drain()
                await run_what_is_due(world.practice.worker)
            await world.practice.after(hours=20)
            assert await world.practice.audited("quarantined") == 0
            stuck = {one.trouble for one in await world.practice.left(Progress.DUE, Progress.HELD) if one.attempts}
            assert not {trouble for trouble in stuck if trouble.endswith("Error")}, stuck
            assert await world.practice.audit_is_whole()


@fuzzed()
@given(value=ANYTHING)
@example(value={"a": "\ud800"})
def test_what_is_made_storable_can_be_stored(value: Any) -> None:
    arrival = storable(
        Arrival(ArrivalKind.MESSAGE, RoomId("!r"), EventId("$e"), Account("@s:h"), NOW, "x", {"value": value})
    )
    repr(arrival.content).encode()
