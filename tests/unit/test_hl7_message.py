"""Messages for practice software, read by two parsers that are not ours."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.assurance import CopyForm
from bot.domain.consignment import Consignment, copy_id
from bot.domain.entries import EntryKind, PatientIdentity
from bot.domain.errors import Permanent
from bot.domain.formal_names import FormalName, Sex
from bot.domain.identifiers import PatientId
from storage.records.hl7_acknowledgement import Acknowledgement, acknowledged_in
from storage.records.hl7_message import Charset, Sender, TakenBack, control_id, result, taking_back
from tests.hl7_judge import judged

NOW = datetime(2026, 11, 30, 9, 30, tzinfo=UTC)
HERE = Sender(
    "Café & Harbour Street",
    "0d8e3a1c-6b6e-4c5b-9b6d-3c1c0d3b8a11",
    "Best Practice",
    ZoneInfo("Australia/Sydney"),
)
PHOTO, PAGE = b"\xff\xd8 a photo of a rash" * 500, b"%PDF-1.4 a page\r\n|^~\\&"
SAM = PatientIdentity(PatientId("p1"), "10421|A", "Sam Patel", date(1984, 3, 7))
IMAGE = Consignment(
    copy_id("i1", SAM.patient_id, "Best Practice"),
    "i1",
    EntryKind.IMAGE,
    SAM,
    "IMG-7F3K",
    NOW,
    "Sam Patel, patient",
    {},
    "image/jpeg",
    False,
    PHOTO,
    hashlib.sha256(PHOTO).hexdigest(),
    summary=PAGE,
    formal=FormalName("O'Brien|Test^x&y~z\\", "Sam James"),
    sex=Sex.MALE,
)
CONTROL = control_id(IMAGE.copy_id, 1)


def note(words: str) -> Consignment:
    content = words.encode()
    return replace(IMAGE, kind=EntryKind.NOTE, media_type="text/plain", is_text=True, content=content)


def test_a_photo_stands_before_the_page_which_is_shown_and_both_come_back_byte_for_byte() -> None:
    (found,) = judged(result(IMAGE, HERE, CONTROL, NOW).content)
    assert found["faults"] == []
    assert (found["type"], found["control"], found["result"]) == ("ORU^R01^ORU_R01", CONTROL, "F")
    assert (found["number"], found["born"], found["sex"]) == ("10421|A", "19840307", "M")
    assert found["name"] == ["O'Brien|Test^x&y~z\\", "Sam", "James"], "escaped, and whole again"
    assert found["order"][1:] == ["Cafe & Harbour Street", HERE.guid, "GUID"], "all four parts, or it is turned down"
    photo, page = found["observed"]
    assert photo["about"] == ["", "image", "jpeg", "Base64"] and base64.b64decode(photo["value"]) == PHOTO
    assert page["code"] == "PDF^Display format in PDF^AUSPDI" and base64.b64decode(page["value"]) == PAGE


def test_the_judge_finds_what_is_wrong() -> None:
    sent = result(IMAGE, HERE, CONTROL, NOW).content
    (found,) = judged(sent.replace(b"|72170-4^Photographic image^LN|||", b"||||", 1))
    assert found["faults"] != []


def test_where_the_page_alone_is_sent_no_photo_is_in_the_message() -> None:
    leaving = replace(IMAGE, form=CopyForm.SUMMARY, content=PAGE, media_type="application/pdf")
    (found,) = judged(result(leaving, HERE, CONTROL, NOW).content)
    (page,) = found["observed"]
    assert base64.b64decode(page["value"]) == PAGE and found["faults"] == []


def test_words_stand_before_the_page_in_their_lines_and_without_control_characters() -> None:
    words = "healing well | really\nL forearm & wrist\x07\x0b"
    (found,) = judged(result(note(words), HERE, CONTROL, NOW).content)
    text, page = found["observed"]
    assert text["value"] == "healing well | really\nL forearm & wrist" and text["kind"] == "FT"
    assert base64.b64decode(page["value"]) == PAGE and found["faults"] == []


@pytest.mark.parametrize("charset", Charset)
def test_a_name_goes_out_only_in_letters_that_the_receiver_was_said_to_take(charset: Charset) -> None:
    named = replace(IMAGE, formal=FormalName("Nguyễn", "Thị"))
    if charset is not Charset.UNICODE:
        with pytest.raises(Permanent, match="not-in-charset"):
            result(named, replace(HERE, charset=charset), CONTROL, NOW)
        return
    (found,) = judged(result(named, replace(HERE, charset=charset), CONTROL, NOW).content)
    assert found["name"] == ["Nguyễn", "Thị"]


def test_words_that_the_receiver_can_not_read_stand_on_the_page_alone() -> None:
    (found,) = judged(result(note("Thị says “it itches”"), HERE, CONTROL, NOW).content)
    (page,) = found["observed"]
    assert base64.b64decode(page["value"]) == PAGE


def test_a_name_that_nobody_parted_is_refused_and_never_guessed() -> None:
    with pytest.raises(Permanent, match="no-formal-name"):
        result(replace(IMAGE, formal=None), HERE, CONTROL, NOW)


def test_who_has_one_name_only_and_no_sex_said_is_sent_so() -> None:
    (found,) = judged(result(replace(IMAGE, formal=FormalName("Suharto"), sex=None), HERE, CONTROL, NOW).content)
    assert (found["name"], found["sex"], found["faults"]) == (["Suharto"], "U", [])


@pytest.mark.parametrize("why", TakenBack)
def test_a_result_is_taken_back_under_its_own_order_number_from_its_own_patient(why: TakenBack) -> None:
    sent = result(IMAGE, HERE, CONTROL, NOW)
    back = taking_back(sent.patient, sent.order, why, HERE, control_id(IMAGE.copy_id, 1, why), NOW)
    first, second = judged(sent.content, back)
    for same in ("number", "name", "born", "sex", "order"):
        assert first[same] == second[same]
    assert second["control"] != first["control"] and second["faults"] == []
    assert {observed["status"] for observed in second["observed"]} == {why.value}
    assert second["observed"][-1]["code"].endswith("AUSPDI")


def test_a_message_number_is_short_and_no_two_messages_share_one() -> None:
    several = [control_id(IMAGE.copy_id, which) for which in (1, 2, "W", "D")]
    assert len(set(several)) == 4 and all(len(number) == 20 for number in several)
    assert control_id(IMAGE.copy_id, 1) == CONTROL, "sent again, it is the same"


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("AA", Acknowledgement.ACCEPTED),
        ("CA", Acknowledgement.RECEIVED),
        *((code, Acknowledgement.TURNED_DOWN) for code in ("AE", "AR", "CE", "CR")),
        *((code, Acknowledgement.UNCLEAR) for code in ("", "W", "??")),
    ],
)
def test_an_answer_counts_for_the_message_whose_number_it_repeats(code: str, answer: Acknowledgement) -> None:
    for end in ("\r", "\r\n", "\n"):
        lines = ("MSH|^~\\&|BP|X|consentry|Y|20261130||ACK|1|P|2.4", f"MSA|{code}|{CONTROL}|fine", "ERR|x")
        assert list(acknowledged_in(end.join(lines).encode())) == [(CONTROL, answer)]


@pytest.mark.parametrize(
    "content",
    [b"", b"MSH", b"\xff\xd8 a photo", b"MSH|^~\\&|\rMSA|AA", b"MSA\rMSA\n", b"\x0b\x1c\r"],
)
def test_what_is_no_answer_says_nothing(content: bytes) -> None:
    assert list(acknowledged_in(content)) == []


def test_another_mark_between_fields_is_read_as_the_answer_says_it() -> None:
    assert list(acknowledged_in(f"MSH#^~\\&#BP\rMSA#AA#{CONTROL}".encode())) == [(CONTROL, Acknowledgement.ACCEPTED)]
