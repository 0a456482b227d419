"""One entry as an HL7 v2.4 message, ORU^R01, as Australian practice software takes it (ADRM 2021.1).

What is shown to people is the page, and stands last, as the display segment. A photo in another form than the page stands before
it. Nothing leaves that the receiver's character set can't say: a name that it can't is refused, words that it can't stand on the
page alone.

A message can be taken back by one of its own kind: under the same order number and for the same patient, it says that the result
was wrong (W), or is deleted (D). What a receiver does then is its own affair.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from unicodedata import normalize

from bot.domain.assurance import CopyForm
from bot.domain.consignment import Consignment
from bot.domain.delivery_reasons import NO_FORMAL_NAME
from bot.domain.entries import EntryKind
from bot.domain.errors import Permanent
from bot.domain.formal_names import Sex

LONGEST_CONTROL_ID = 20
_ESCAPES = str.maketrans({"\\": "\\E\\", "|": "\\F\\", "^": "\\S\\", "&": "\\T\\", "~": "\\R\\"})
_SEXES: Mapping[Sex | None, str] = MappingProxyType({Sex.FEMALE: "F", Sex.MALE: "M", Sex.OTHER: "O", None: "U"})
_CODES: Mapping[EntryKind, str] = MappingProxyType(
    {EntryKind.IMAGE: "72170-4^Photographic image^LN", EntryKind.CONSENT: "59284-0^Consent Document^LN"}
)
_WORDS: Final = "34109-9^Note^LN"
_PAGE: Final = "PDF^Display format in PDF^AUSPDI"
_TEXT: Final = "TXT^Display format in text^AUSPDI"
_VERSION: Final = "2.4^AUS&Australia&ISO3166_1^HL7AU-OO-201701&&L"


class Charset(StrEnum):
    """What the receiver takes, as MSH-18 says it."""

    ASCII = "ASCII"
    LATIN = "8859/1"
    UNICODE = "UNICODE UTF-8"


class TakenBack(StrEnum):
    """Why a result does not hold any more, as OBX-11 says it."""

    WRONG = "W"
    DELETED = "D"


_SAID: Mapping[TakenBack, str] = MappingProxyType(
    {
        TakenBack.WRONG: "This was sent for the wrong patient. Please remove it from this record.",
        TakenBack.DELETED: "This was deleted in the record it came from. Please remove it.",
    }
)
_CODECS: Mapping[Charset, str] = MappingProxyType(
    {Charset.ASCII: "ascii", Charset.LATIN: "latin-1", Charset.UNICODE: "utf-8"}
)


@dataclass(frozen=True, slots=True)
class Sender:
    """The practice, as the message names it. `guid` is its own for ever; `receiver` is the program that is to take it."""

    facility: str
    guid: str
    receiver: str
    zone: tzinfo
    charset: Charset = Charset.ASCII


@dataclass(frozen=True, slots=True)
class Hl7Message:
    """`patient` and `order` are its PID and OBR segments, by which it can be taken back."""

    control_id: str
    content: bytes
    patient: str
    order: str


def control_id(copy_id: str, *which: object) -> str:
    """Return the one MSH-10 of a message: the same when it is sent again, and no other message's."""
    said = "\n".join((copy_id, *map(str, which)))
    return hashlib.sha256(said.encode()).hexdigest()[:LONGEST_CONTROL_ID]


def result(leaving: Consignment, sender: Sender, control: str, now: datetime) -> Hl7Message:
    """Return the message that brings an entry; `Permanent` where its patient can't be named."""
    patient, order = _patient(leaving, sender), _order(leaving, sender)
    code, observed = _code(leaving), list[tuple[str, str, str]]()
    page = leaving.summary
    if leaving.form is CopyForm.SUMMARY:
        page = leaving.content
    elif not leaving.is_text:
        observed.append(("ED", code, _encapsulated(leaving.media_type, leaving.content)))
    elif _can_say(words := leaving.content.decode(errors="replace"), sender.charset):
        observed.append(("FT", code, _formatted(words)))
    if page is not None:
        observed.append(("ED", _PAGE, _encapsulated("application/pdf", page)))
    segments = [_header(sender, control, now), patient, "PV1|1|O", order, *_observations(observed, "F")]
    return Hl7Message(control, _encoded(segments, sender.charset), patient, order)


def taking_back(patient: str, order: str, why: TakenBack, sender: Sender, control: str, now: datetime) -> bytes:
    """Return the message by which another one, of these segments, is taken back."""
    fields = order.split("|")
    code, fields[25] = fields[4], "C"
    observed = [("FT", code, _SAID[why]), ("FT", _TEXT, _SAID[why])]
    segments = [
        _header(sender, control, now),
        patient,
        "PV1|1|O",
        "|".join(fields),
        *_observations(observed, why.value),
    ]
    return _encoded(segments, sender.charset)


def _header(sender: Sender, control: str, now: datetime) -> str:
    here = _facility(sender, "^")
    charset = "" if sender.charset is Charset.ASCII else sender.charset.value
    fields = {
        1: "^~\\&",
        2: "consentry",
        3: here,
        4: _field(_plain(sender.receiver)),
        5: here,
        6: _moment(now, sender.zone),
        8: "ORU^R01^ORU_R01",
        9: control,
        10: "P",
        11: _VERSION,
        14: "AL",
        15: "AL",
        16: "AUS",
        17: charset,
        18: "en^English^ISO639",
    }  # the mark after MSH is its first field, so that each number here is one less than HL7's
    return _segment("MSH", fields)


def _patient(leaving: Consignment, sender: Sender) -> str:
    named = leaving.formal
    if named is None:
        raise Permanent(NO_FORMAL_NAME)
    name = (named.family, *(named.given or "").split(maxsplit=1))
    number = leaving.patient.mrn
    if not all(_can_say(said, sender.charset) for said in (*name, number)):
        raise Permanent("not-in-charset")
    fields = {
        1: "1",
        3: f"{_field(number)}^^^{_facility(sender, '&')}^MR",
        5: "^".join(_field(part) for part in name),
        7: f"{leaving.patient.born:%Y%m%d}",
        8: _SEXES[leaving.sex],
    }
    return _segment("PID", fields)


def _order(leaving: Consignment, sender: Sender) -> str:
    at = _moment(leaving.at, sender.zone)
    number = leaving.copy_id.replace("-", "")[:LONGEST_CONTROL_ID]
    fields = {1: "1", 3: f"{number}^{_facility(sender, '^')}", 4: _code(leaving), 7: at, 22: at, 24: "PHY", 25: "F"}
    return _segment("OBR", fields)


def _observations(observed: list[tuple[str, str, str]], status: str) -> list[str]:
    return [
        _segment("OBX", {1: str(number), 2: kind, 3: code, 4: "1", 5: value, 11: status})
        for number, (kind, code, value) in enumerate(observed, 1)
    ]


def _code(leaving: Consignment) -> str:
    return _CODES.get(leaving.kind, _WORDS)


def _facility(sender: Sender, between: str) -> str:
    return between.join((_field(_plain(sender.facility)), sender.guid, "GUID"))


def _encapsulated(media_type: str, content: bytes) -> str:
    kind, _, more = media_type.partition("/")
    return f"^{kind}^{more}^Base64^{base64.b64encode(content).decode('ascii')}"


def _segment(name: str, fields: Mapping[int, str]) -> str:
    return "|".join((name, *(fields.get(number, "") for number in range(1, max(fields) + 1))))


def _field(text: str) -> str:
    """Return a text of one line with its marks escaped; no control character leaves."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable()).translate(_ESCAPES)


def _formatted(text: str) -> str:
    return "\\.br\\".join(_field(line) for line in text.splitlines())


def _plain(text: str) -> str:
    """Return the name of a place without accents: no patient is found by it."""
    return normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")


def _can_say(text: str, charset: Charset) -> bool:
    try:
        text.encode(_CODECS[charset])
    except UnicodeEncodeError:
        return False
    return True


def _encoded(segments: list[str], charset: Charset) -> bytes:
    return "".join(f"{segment}\r" for segment in segments).encode(_CODECS[charset])


def _moment(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%Y%m%d%H%M%S%z}"
