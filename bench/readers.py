"""Readers of what others write: how long each takes for a text, and for twice as much of it. A reader that is not linear shows.

`READERS` is every function of the program that reads words somebody else wrote, `TEXTS` what they are read on: each repeated as
often as it fits. The suite counts steps over the same two (`tests/unit/test_readers.py`).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bench.tables import Row
from bot.core.dispatch.reading import caption_of, words_said
from bot.domain import references
from bot.domain.choices import almost_chosen, chosen_in_words, named_in_words
from bot.domain.errors import Refused
from bot.domain.identifiers import Account, PersonId, UseId
from bot.domain.invitation_codes import read_code
from bot.domain.people import Person, Role, as_account
from bot.domain.purposes import Purpose, purpose_named, read_purpose
from bot.domain.rooms import RoomKind
from bot.domain.spelling import folded
from bot.domain.use import Use
from bot.heard import a_no, staff
from bot.heard.by_itself import read_words
from bot.heard.enrolment_line import read_answering, read_enrolment
from bot.heard.mentions import with_accounts
from bot.heard.named_people import who_begins, who_is
from bot.heard.patient import gives_reason
from bot.heard.quoted_words import straight
from bot.heard.statement_line import read_line, says_nothing
from bot.heard.use_details import DETAIL, read_details
from bot.heard.use_line import read_use
from bot.heard.whose import shows_somebody_else
from bot.heard.withheld import advice_withheld, consent_withheld
from bot.heard.written_days import as_day, days_in
from bot.matrix import foreign_json
from bot.words.phrases import quoted
from handlers.photos.media_named import media_of

TODAY, NOW, ZONE = date(2026, 11, 27), datetime(2026, 11, 27, tzinfo=UTC), ZoneInfo("UTC")
A_USE = Use(UseId("use"), (), PersonId("lee"), NOW, Purpose.OTHER, ())
LARGEST = 64_000  # characters: an event has 64 KB
REPLY = {"m.in_reply_to": {"event_id": "$x"}}


def typed(text: str) -> staff.Typed:
    return staff.Typed(text, frozenset(Role), RoomKind.OWN, TODAY)


def media(text: str) -> object:
    return list(media_of({"also": text.split(), "file": {"url": text}}))


def replied(text: str) -> object:
    return words_said({"body": text, "m.relates_to": REPLY})


def pills(text: str) -> object:
    return with_accounts(text, {"formatted_body": f'<a href="https://matrix.to/#/@a:b">{text}</a>' + text})


def enrolment(text: str) -> object:
    return [read_enrolment(f"{role.value} {text}", TODAY) for role in (Role.PATIENT, Role.CLINICIAN)]


A_COLLEAGUE = Person(PersonId("osei"), Account("@a:b"), "Dr A Photo", frozenset({Role.CLINICIAN}), "")


READERS: Mapping[str, Callable[[str], object]] = {
    "all that words say by themselves": lambda text: read_words(text, {}, TODAY, of_a_colleague=True),
    "a statement's line": lambda text: read_line(text, TODAY).reason(),
    "a consent withheld": consent_withheld,
    "advice withheld": advice_withheld,
    "the line of a use": lambda text: read_use(text, TODAY),
    "the details of a use": DETAIL.split,
    "what the details say": lambda text: read_details(f"how: {text}\nrecipient: {text}\nuntil: {text}", TODAY),
    "the words of a command": straight,
    "a day": as_day,
    "days in a text": days_in,
    "an account": as_account,
    "pills": pills,
    "a person first": lambda text: who_begins(text, [A_COLLEAGUE]),
    "a person": lambda text: who_is(text, [A_COLLEAGUE]),
    "a name folded": folded,
    "an enrolment": enrolment,
    "who answers": read_answering,
    "a reference": references.as_reference,
    "references in words": references.references_in,
    "numbers of a no": a_no.numbers_in,
    "a no": a_no.says_no,
    "a colleague's reason": gives_reason,
    "a command": lambda text: staff.read(typed(f"!{text}")),
    "a command's words": lambda text: [
        staff.read(typed(f"!{name} {text}")) for name in ("use", "note", "recall", "attest")
    ],
    "what the law asks for": lambda text: staff.read(typed(f"!required-by-law IMG-7F3K {text}")),
    "a command without its mark": lambda text: staff.suggest(typed(text)),
    "words that say nothing": says_nothing,
    "a choice in words": lambda text: chosen_in_words(text, (), NOW),
    "a choice nearly made": lambda text: almost_chosen(text, (), NOW),
    "a choice named": lambda text: named_in_words(text, ()),
    "a purpose and a reason": read_purpose,
    "a purpose's name": lambda text: purpose_named(text.split()),
    "somebody else": shows_somebody_else,
    "a code": read_code,
    "quoted words": quoted,
    "a caption": lambda text: caption_of({"body": text, "filename": "photo.jpg"}),
    "media ids": media,
    "words of a reply": replied,
    "JSON": foreign_json.parse,
    "JSON of a string": lambda text: foreign_json.parse(json.dumps({"body": text})),
    "depth of JSON": lambda text: foreign_json.too_deep(foreign_json.parse(text)),
}


# What is repeated, and what stands before and behind: most faults show where a long run fails at its end.
TEXTS: tuple[tuple[str, str, str], ...] = (
    ("", "a ", "photo mine"),
    ("mine ", "a photo of ", "x"),
    ("", "by ", ""),
    ("", "taken by Chen ", ""),
    ("", "from the ", "mother"),
    ("", "no advice ", ""),
    ("", "1 ", "1984-03-07"),
    ("", "mrn ", "7"),
    ("", "1984-03-07 ", ""),
    ("", "1 jan ", "x"),
    ("1 jan", "a", "x"),
    ("1", " ", "x"),
    ("1 jan", "-", "x"),
    ("", "jan 1, ", "x"),
    ("", "1. ", "1984"),
    ("", "<a href='", ">"),
    ("", "<a href='https://matrix.to/#/@a:b'>", "</a>"),
    ("", "[a](https://matrix.to/#/@a:b) ", "x"),
    ("[", "a", "]("),
    ("verbal ", "not ", "x"),
    ("", "verbal ", "?"),
    ("", "verbal not the patients own ", "given"),
    ('"', "a ", ""),
    ("", '"', '"'),
    ("", "IMG-", "x"),
    ("", "IMG ", "x"),
    ("IMG-7F3K", " ", "x"),
    ("IMG-7F3K this", " ", "x"),
    ("not of me my own body", " ", "x"),
    ("this", " is ", "x"),
    ("somebody", " ", "'"),
    ("", "@a:b ", "x"),
    ("@", "a", " "),
    ("for ", "the ", "x"),
    ("for care", ":", "x"),
    ("", "for care ", "x"),
    ("seen by ", "by ", "x"),
    ("", "until ", "x"),
    ("", "how: x\n", ""),
    ("intimate", " ", "x"),
    ("", "• \t", "how: x"),
    ("", "> quoted\n", "yes"),
    ("yes", "!", "?"),
    ("yes", " ", "x"),
    ("please ", "no ", "x"),
    ("", "withdra ", "x"),
    ("K7M", "-", "4QXD"),
    ("", "\n", "x"),
    ("", " \n", "x"),
    ("", "👍", "x"),
    ("", "mxc://a/b ", "x"),
    ("mxc://", "a", "/"),
    ("", "[", ""),
    ("[", "1,", "1]"),
    ("[", "9", "]"),
    ("", '{"a":', ""),
    ("", "\\ud800", ""),
)


def text_of(kind: tuple[str, str, str], length: int) -> str:
    before, again, behind = kind
    return before + again * (length // len(again)) + behind


def read(reader: Callable[[str], object], text: str) -> None:
    """A refusal is an answer like any other."""
    with suppress(Refused):
        reader(text)


def by_doubling(length: int = LARGEST // 2) -> list[Row]:
    """For each reader the text that takes longest, and how much longer twice as much of it takes."""
    rows = []
    for name, reader in READERS.items():
        took = [(_seconds(reader, text_of(kind, length)), kind) for kind in TEXTS]
        once, worst = max(took)
        twice = _seconds(reader, text_of(worst, 2 * length))
        rows.append(Row(f"{name}, of {worst}", f"{twice * 1000:.1f} ms", f"{twice / once:.1f}", "≤ 2.5"))
    return rows


def _seconds(reader: Callable[[str], object], text: str) -> float:
    """CPU time, the best of three: what else the machine does only makes it longer."""
    took = []
    for _ in range(3):
        began = time.thread_time()
        read(reader, text)
        took.append(time.thread_time() - began)
        if took[-1] > 1:
            break
    return min(took)
