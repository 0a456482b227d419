"""What the purger, the bot's side of it, and the confined children of the screener may say; what an administrator may write."""

from __future__ import annotations

import json
import math
import re
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.config import parse
from bot.config.practice_texts import WordingInvalid, texts_in
from bot.config.report import ConfigInvalid
from bot.domain.built_in_texts import BUILT_IN
from bot.domain.errors import Permanent
from bot.domain.screening import Findings, read
from bot.domain.terms import Terms
from bot.domain.texts import Texts
from bot.imaging.child_protocol import PAGE, REPLY, Form
from bot.imaging.screener import _checked_copy, _checked_findings, _checked_rendition, _checked_sheets
from bot.purger.protocol import (
    Error,
    PurgerAnswer,
    PurgerRequest,
    Verb,
    encode_request,
    parse_answer,
    parse_media,
    parse_request,
)

from . import ANYTHING, NUMBER, TEXT, fuzzed, objects

LINES = st.binary(max_size=120) | objects(
    {
        "do": st.sampled_from(["ping", "erase", "list"]),
        "media": st.sampled_from(["mxc://h/a", "mxc://h/../a", "mxc://h/a?b"]) | TEXT,
        "owner": TEXT,
        "alive": st.just(True),
        "gone": st.booleans(),
        "reason": TEXT,
        "error": st.sampled_from([*Error, "other"]),
        "retry_after": NUMBER,
    }
).map(lambda said: json.dumps(said).encode())


@fuzzed()
@given(line=LINES)
def test_a_line_to_the_purger_is_one_of_two_requests_or_none(line: bytes) -> None:
    request = parse_request(line)
    if request is not None:
        assert parse_request(encode_request(request)) == request
        media = parse_media(request.media)
        assert media is None or not set(str(media)[6:].replace("/", "", 1)) & set("/?#%\\ \n")


@fuzzed()
@given(line=LINES)
def test_a_line_of_the_purger_is_an_answer_or_none_and_its_wait_can_be_waited(line: bytes) -> None:
    answer = parse_answer(line)
    if answer is not None:
        assert math.isfinite(answer.retry_after) and timedelta(0) <= timedelta(seconds=answer.retry_after) <= timedelta(
            hours=2
        )
        assert not (answer.gone and (answer.error or answer.reason))


@fuzzed()
@given(media=TEXT, owner=TEXT, gone=st.booleans(), wait=st.floats(0, 3600))
def test_what_is_said_over_the_socket_comes_across(media: str, owner: str, gone: bool, wait: float) -> None:
    request = PurgerRequest(Verb.ERASE, media, owner)
    assert parse_request(encode_request(request)) == request
    for answer in (
        PurgerAnswer(gone=True) if gone else PurgerAnswer(reason="not-local"),
        PurgerAnswer(error=Error.RATE_CAPPED, retry_after=round(wait, 1)),
    ):
        assert parse_answer(answer.encode()) == answer


# ---- the children of the screener

DATA = st.one_of(
    st.binary(max_size=200),
    st.builds(
        lambda start, rest: start + rest,
        st.sampled_from(
            [
                PAGE.pack(2, 8, 8, 72.0, 72.0, 60) + b"\x89PNG\r\n\x1a\n",
                b"\xff\xd8\xff\xe0",
                b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
                b"%PDF-1.4\n",
                b"\xff\xd8\xff\xdb\xff\xff",
            ]
        ),
        st.binary(max_size=120),
    ),
    objects({name: NUMBER | TEXT | st.lists(TEXT, max_size=3) for name in Findings().as_json()}).map(
        lambda found: json.dumps(found).encode()
    ),
)
REPLIES = st.binary(max_size=60) | st.builds(
    lambda form, orientation, width, height, data: b"\0" + REPLY.pack(form, orientation, width, height) + data,
    st.sampled_from([*map(int, Form), 0, 255]),
    st.integers(0, 255),
    st.integers(0, 2**32 - 1),
    st.integers(0, 2**32 - 1),
    DATA,
)
CHECKS: dict[str, Callable[[bytes], object]] = {
    "rendition": lambda reply: _checked_rendition(reply, 1600),
    "copy": lambda reply: _checked_copy(reply, Terms("IMG-0001", "terms")),
    "findings": _checked_findings,
    "pages": lambda reply: _checked_sheets(reply, 3),
}


@fuzzed(2)
@given(reply=REPLIES, check=st.sampled_from(sorted(CHECKS)))
def test_a_reply_of_a_child_is_whole_or_not_viewable(reply: bytes, check: str) -> None:
    try:
        CHECKS[check](reply)
    except Permanent as refused:
        assert refused.code == "not-viewable"


@fuzzed()
@given(found=ANYTHING | objects(dict.fromkeys(Findings().as_json(), NUMBER | TEXT)))
def test_findings_are_read_twice_the_same_or_refused(found: Any) -> None:
    with suppress(ValueError):
        assert read(json.loads(json.dumps(read(found).as_json()))) == read(found)


# ---- what an administrator writes

EXAMPLE = (Path(__file__).parents[2] / "config.example.toml").read_text(encoding="utf-8").splitlines()
SETTINGS = [re.sub(r"^# ?(?=[a-z_]+ = )", "", line) for line in EXAMPLE]
SETTINGS = [line for line in SETTINGS if line and not line.startswith("#")]
VALUES = st.sampled_from(
    [
        '""',
        '"~nobody-here/x"',
        '"\\u0000"',
        "[]",
        "{}",
        "9" * 30,
        "-1",
        "1e400",
        "nan",
        "1979-05-27",
        '"24:00"',
        '"http://[::1"',
        "[" * 400,
        "[" * 100_000,
    ]
)
MUTATED = st.lists(
    st.tuples(st.integers(0, len(SETTINGS) - 1), VALUES | TEXT | st.just("drop") | st.just("again")), max_size=5
)


@fuzzed(0.5)
@given(changes=MUTATED, ending=TEXT)
def test_a_configuration_is_used_whole_or_every_mistake_is_told(changes: list[tuple[int, str]], ending: str) -> None:
    lines = list(SETTINGS)
    for at, value in changes:
        key = SETTINGS[at].partition("=")[0]
        lines[at] = {"drop": "", "again": f"{SETTINGS[at]}\n{SETTINGS[at]}"}.get(value, f"{key}= {value}")
    try:
        parse("\n".join([*lines, ending]), Path("/etc/consentry/config.toml"))
    except ConfigInvalid as invalid:
        assert str(invalid).strip()


NAMES = st.sampled_from(
    [*(f"{name}.txt" for name in sorted(BUILT_IN)), "welcome.txt", "x.md", ".hidden", "conſent.txt"]
)
SAYS = st.sampled_from([one for text in BUILT_IN.values() for one in (text.body, text.body[: len(text.body) // 2])])
BODIES = st.one_of(SAYS, TEXT, st.lists(SAYS | TEXT, max_size=3).map("".join)).map(
    lambda body: body.encode("utf-8", "surrogatepass")
) | st.binary(max_size=60)


@fuzzed(0.5)
@given(files=st.dictionaries(NAMES, BODIES, max_size=4))
def test_a_directory_of_texts_is_used_whole_or_every_mistake_is_told(files: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        for name, body in files.items():
            (Path(directory) / name).write_bytes(body)
        try:
            texts = texts_in(Path(directory))
        except WordingInvalid as invalid:
            assert invalid.mistakes and all(directory in mistake for mistake in invalid.mistakes)
            return
    for name, text in BUILT_IN.items():
        assert texts.render(name, **text.sample)


def test_the_built_in_texts_are_such_a_directory() -> None:
    assert Texts(BUILT_IN, MappingProxyType({})).render("consent", **BUILT_IN["consent"].sample)
