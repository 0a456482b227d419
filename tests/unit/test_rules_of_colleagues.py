"""Images from colleagues: one truth table per rule (docs/rules.md), the line they type, and what holds for every image."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.devices import Check, check_of, next_check
from bot.domain.errors import Refused
from bot.domain.identifiers import NO_IMAGE, NO_PATIENT, Account, EventId, ImageId, PatientId, PersonId, RoomId, UseId
from bot.domain.image import (
    TRANSITIONS,
    Attested,
    Captured,
    Described,
    Event,
    FormKept,
    FormLost,
    HeldFor,
    Image,
    KeepAsked,
    LeftWithSender,
    OwnPhoto,
    PatientChosen,
    PurposeStated,
    ReadBack,
    State,
    Then,
    Unattested,
    decide,
    what_is_missing,
)
from bot.domain.people import Relation
from bot.domain.purposes import Purpose
from bot.domain.sealed import SealedObject
from bot.domain.statement import ConsentKind, Missing, Statement, StatementLine, quick_lines, who_gives_consent
from bot.domain.use import Use
from bot.domain.use_rules import (
    Allowed,
    Kind,
    NeedsConsent,
    NotAllowed,
    Recipient,
    Relatedness,
    Source,
    UseAsked,
    UsePolicy,
    decide_use,
)
from bot.heard.statement_line import read_line
from bot.words import about_statements, about_uses, phrases
from bot.words.about_typed_lines import not_a_date
from docs.generate import reachable
from tests.practice import POLICY

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
TODAY = NOW.date()
SEALED = SealedObject("i", NO_PATIENT, "key", 1, 3, "digest")
VERBAL = Statement(Kind.BODY, PatientId("p"), "Dr Lee", ConsentKind.VERBAL, TODAY, Relation.SELF)
WRITTEN = replace(VERBAL, consent=ConsentKind.WRITTEN, consent_on=None, form_id=ImageId("f"), form_kept=True)
DOCUMENT = Statement(Kind.DOCUMENT, PatientId("p"), "Dr Lee")
RECEIVED = Image(
    ImageId("i"), "IMG-7F3K", PersonId("lee"), RoomId("!room"), EventId("$event"), NOW, source=Source.COLLEAGUE
)


def through(image: Image, *events: Event) -> tuple[Image, list[Then]]:
    follows: list[Then] = []
    for event in events:
        image, then = decide(image, event)
        follows += then
    return image, follows


def captured(statement: Statement | None = None, source: Source = Source.COLLEAGUE) -> Image:
    described = (Described(statement),) if statement else ()
    return through(replace(RECEIVED, source=source), Captured(SEALED, "image/jpeg"), *described)[0]


@pytest.mark.parametrize(
    ("statement", "missing"),
    [
        (VERBAL, set()),
        (WRITTEN, set()),
        (replace(VERBAL, kind=None), {Missing.KIND}),
        (replace(VERBAL, patient_id=NO_PATIENT), {Missing.PATIENT}),
        (replace(VERBAL, photographer=""), {Missing.PHOTOGRAPHER}),
        (replace(VERBAL, consent=None, consent_on=None), {Missing.CONSENT}),
        (replace(VERBAL, consent_on=None), {Missing.CONSENT_DAY}),
        (replace(VERBAL, given_by=None), {Missing.CONSENT_GIVER}),
        (replace(WRITTEN, form_id=NO_IMAGE, form_kept=False), {Missing.FORM}),
        (replace(WRITTEN, form_kept=False), {Missing.FORM}),
        (Statement(), {Missing.KIND, Missing.PATIENT, Missing.PHOTOGRAPHER, Missing.CONSENT}),
    ],
)
def test_R2_a_body_needs_consent_and_the_attestation(statement: Statement, missing: set[Missing]) -> None:
    image = captured(statement)
    assert what_is_missing(image) == missing | {Missing.ATTESTATION}
    if missing <= {Missing.FORM} and (not missing or statement.form_id):
        attested, follows = through(image, Attested(NOW))
        assert (attested.state, Then.FILE in follows) == ((State.CAPTURED, False) if missing else (State.READY, True))
    else:
        with pytest.raises(Refused) as refused:
            decide(image, Attested(NOW))
        assert refused.value.rule == "R2"


def test_R2_without_attestation_it_is_held_never_filed_never_anybodys() -> None:
    held, follows = through(captured(VERBAL), Unattested())
    assert (held.state, held.held_for, follows) == (State.HELD, HeldFor.UNATTESTED, [Then.TELL_HELD])
    assert held.patient_id == "" and held.purpose is None
    with pytest.raises(Refused) as refused:
        decide(held, KeepAsked())
    assert refused.value.rule == "R2"
    late, follows = through(held, Attested(NOW))
    assert (late.state, late.patient_id) == (State.READY, "p")


def test_R2_other_words_undo_what_was_attested() -> None:
    attested = through(captured(replace(WRITTEN, form_kept=False)), Attested(NOW))[0]
    assert attested.patient_id == "p"
    changed = through(attested, Described(replace(WRITTEN, patient_id=PatientId("q"))))[0]
    assert (changed.attested_at, changed.patient_id) == (None, "")
    assert through(changed, FormKept(ImageId("f")))[0].state is State.CAPTURED


def test_R2_the_filing_waits_for_the_form_and_a_lost_form_undoes_the_attestation() -> None:
    attested = through(captured(replace(WRITTEN, form_kept=False)), Attested(NOW))[0]
    assert through(attested, FormKept(ImageId("another")))[0].state is State.CAPTURED
    assert through(attested, FormKept(ImageId("f")))[0].state is State.READY
    lost = through(attested, FormLost(ImageId("f")))[0]
    assert (lost.attested_at, lost.patient_id) == (None, "")
    assert Missing.FORM in what_is_missing(lost)


def test_R3_a_document_needs_no_consent_and_is_still_filed() -> None:
    image = captured(DOCUMENT)
    assert what_is_missing(image) == {Missing.ATTESTATION}
    ready, follows = through(image, Attested(NOW))
    assert (ready.state, ready.kind, ready.purpose) == (State.READY, Kind.DOCUMENT, Purpose.CARE)
    assert Then.FILE in follows
    assert what_is_missing(captured(replace(DOCUMENT, kind=None))) >= {Missing.KIND, Missing.CONSENT}, "unsure = body"


def test_R4_filed_under_the_senders_name_or_left_with_them_and_then_nothing_is_kept() -> None:
    ready, follows = through(captured(VERBAL), Attested(NOW))
    assert ready.taken_by == ready.sender_id
    assert follows == [Then.FILE], "nobody else is asked for consent, or to take it"
    left, follows = through(captured(VERBAL), LeftWithSender())
    assert (left.state, follows) == (State.LEFT_WITH_SENDER, [Then.LEAVE])
    nothing = (left.sealed, left.statement, left.patient_id, left.sha256, left.proof, left.reason)
    assert nothing == (None, None, "", "", {}, "")
    with pytest.raises(Refused) as refused:
        decide(left, Attested(NOW))
    assert refused.value.rule == "R4"


def test_R4_left_while_it_was_being_fetched_the_bytes_go_too() -> None:
    left = through(RECEIVED, LeftWithSender())[0]
    assert decide(left, Captured(SEALED, "image/jpeg")) == (left, (Then.LEAVE,))


@pytest.mark.parametrize("source", list(Source))
def test_R5_only_what_comes_from_outside_awaits_a_note(source: Source) -> None:
    image = replace(RECEIVED, source=source, state=State.FILED)
    assert (Then.AWAIT_NOTE in decide(image, ReadBack(NOW, True))[1]) is (source is Source.OUTSIDE)
    form = replace(image, form_of=ImageId("x"))
    assert Then.AWAIT_NOTE not in decide(form, ReadBack(NOW, True))[1]


def test_R5_the_practice_hears_of_it_once_its_sender_stands_for_it() -> None:
    outside = replace(RECEIVED, source=Source.OUTSIDE)
    image, follows = through(outside, Captured(SEALED, "image/jpeg"), Described(VERBAL))
    assert Then.ANNOUNCE not in follows
    ready, follows = through(image, Attested(NOW))
    assert follows == [Then.ANNOUNCE, Then.FILE] and ready.taken_by == ""


@pytest.mark.parametrize(
    ("source", "covers", "kind", "expected"),
    [
        (Source.COLLEAGUE, True, Kind.BODY, Allowed),
        (Source.COLLEAGUE, False, Kind.BODY, NeedsConsent),
        (Source.OUTSIDE, False, Kind.BODY, NeedsConsent),
        (Source.COLLEAGUE, False, Kind.DOCUMENT, Allowed),
    ],
)
def test_R7_what_was_attested_about_advice_decides(
    source: Source, covers: bool, kind: Kind, expected: type[object]
) -> None:
    statement = replace(VERBAL if kind is Kind.BODY else DOCUMENT, covers_advice=covers)
    ready = through(captured(statement, source), Attested(NOW))[0]
    subject = replace(ready, state=State.VERIFIED).subject
    asked = UseAsked(Purpose.CARE, Relatedness.RELATED)
    decision = decide_use(subject, asked, Recipient(Account("@derm:h"), True, True), (), UsePolicy(), NOW)
    assert isinstance(decision, expected)


def test_R15_only_its_sender_says_whose_and_what_for_it_is() -> None:
    for event, rule in ((PatientChosen(PatientId("q")), "R15"), (PurposeStated(Purpose.RESEARCH, "x", "answer"), "R2")):
        for image in (RECEIVED, captured(VERBAL)):
            with pytest.raises(Refused) as refused:
                decide(image, event)
            assert refused.value.rule == rule


@pytest.mark.parametrize("source", list(Source))
def test_R18_clinicians_are_asked_to_delete_their_own_and_patients_never(source: Source) -> None:
    image = replace(RECEIVED, source=source, state=State.FILED)
    assert (Then.ASK_DELETED in decide(image, ReadBack(NOW, True))[1]) is (source is not Source.PATIENT)


@pytest.mark.parametrize(
    ("source", "kind", "needs"),
    [
        (Source.PATIENT, Kind.BODY, False),
        (Source.COLLEAGUE, Kind.BODY, False),
        (Source.COLLEAGUE, Kind.DOCUMENT, True),
        (Source.OUTSIDE, Kind.BODY, True),
        (Source.OUTSIDE, Kind.DOCUMENT, True),
    ],
)
def test_R20_secondary_and_third_party_images_ask_for_the_original(source: Source, kind: Kind, needs: bool) -> None:
    image = replace(RECEIVED, source=source, kind=kind)
    use = Use(UseId("use"), (image.id,), PersonId("lee"), image.received_at, Purpose.CARE, (), question="?")
    assert image.needs_its_original is needs
    assert (phrases.REVIEW_ORIGINAL in phrases.see_original(image)) is needs
    assert (phrases.REVIEW_ORIGINAL in about_uses.case_intro(POLICY.texts, "Dr Lee", image, use)) is needs


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("due_at", "months", "expected"),
    [
        (NOW + DAY, 6, Check.CURRENT),
        (NOW, 6, Check.DUE),
        (NOW - 14 * DAY + timedelta(seconds=1), 6, Check.DUE),
        (NOW - 14 * DAY, 6, Check.OVERDUE),
        (None, 6, Check.DUE),
        (NOW - 99 * DAY, 0, Check.CURRENT),
        (None, 0, Check.CURRENT),
    ],
)
def test_R21_due_is_asked_and_overdue_blocks(due_at: datetime | None, months: int, expected: Check) -> None:
    assert check_of(due_at, months, 14 * DAY, NOW) is expected


def test_R21_the_next_check_is_the_same_day_some_months_on() -> None:
    assert next_check(NOW, 6) == NOW.replace(year=2027, month=5)
    assert next_check(datetime(2026, 8, 31, tzinfo=UTC), 6) == datetime(2027, 2, 28, tzinfo=UTC)
    assert next_check(datetime(2026, 12, 5, tzinfo=UTC), 24) == datetime(2028, 12, 5, tzinfo=UTC)


def test_R21_who_is_overdue_gets_no_images_whatever_was_agreed() -> None:
    ready = replace(through(captured(replace(VERBAL, covers_advice=True)), Attested(NOW))[0], state=State.VERIFIED)
    overdue = Recipient(Account("@derm:h"), True, True, device_overdue=True)
    asked = UseAsked(Purpose.CARE, Relatedness.RELATED)
    decision = decide_use(ready.subject, asked, overdue, (), UsePolicy(), NOW)
    assert isinstance(decision, NotAllowed) and decision.rule == "R21"


# ---- every image there can be


def test_no_colleagues_image_is_anybodys_before_it_is_attested() -> None:
    """R2, R15: over everything the table can make."""
    everything = [image for images in reachable().values() for image in images if image.from_colleague]
    assert everything
    for image in everything:
        assert bool(image.patient_id) == bool(image.attested_at), image
        if image.state in {State.READY, State.FILED, State.VERIFIED}:
            assert not what_is_missing(image), image


def test_the_table_is_total() -> None:
    assert {(state, event) for state in State for event in Event.__args__} == set(TRANSITIONS)


def test_a_patients_photo_knows_no_attestation() -> None:
    patients = through(
        replace(RECEIVED, source=Source.PATIENT, patient_id=PatientId("p")), Captured(SEALED, "image/jpeg")
    )[0]
    for event in (Described(VERBAL), Attested(NOW), LeftWithSender(), OwnPhoto(PatientId("p"))):
        with pytest.raises(Refused):
            decide(patients, event)
    assert decide(patients, Unattested()) == (patients, ())


def test_what_a_clinician_sent_of_themselves_becomes_a_patients_photo_unless_it_was_described() -> None:
    own = through(captured(), OwnPhoto(PatientId("p")), PurposeStated(Purpose.CARE, "rash", "answer"))[0]
    assert (own.source, own.state, own.patient_id) == (Source.PATIENT, State.READY, "p")
    with pytest.raises(Refused):
        decide(captured(VERBAL), OwnPhoto(PatientId("p")))


def test_who_gives_consent() -> None:
    assert who_gives_consent(date(1984, 3, 7), TODAY) is Relation.SELF
    assert who_gives_consent(date(2015, 2, 1), TODAY) is None, "for a child it must be said"


# ---- the line

SAM = date(1984, 3, 7)
EXPECTED = StatementLine(
    Kind.BODY, ("10421",), (SAM,), TODAY, True, consent=ConsentKind.VERBAL, advice=True, rest=("10421",)
)


@pytest.mark.parametrize(
    "line",
    [
        "body 10421 1984-03-07 mine verbal today advice",
        "Advice, today verbal MINE 1984-03-07 10421 Body.",
        "Body photo of 10421 born 7/3/1984, taken by me, verbal consent today for advice",
        "verbal today; body; by me; advice; 7 March 1984; 10421",
        "10421 07.03.1984 BODY mine VERBAL TODAY ADVICE",
        "body 10421 7mar1984 mine verbal today advice",
    ],
)
def test_the_line_is_read_in_any_order_and_spelling(line: str) -> None:
    assert read_line(line, TODAY) == EXPECTED


def test_a_tap_says_what_the_line_says_that_it_stands_for() -> None:
    lines = quick_lines(TODAY)
    assert lines == {line: read_line(line, TODAY) for line in lines}
    offered = dict(about_statements.quick_answers(written_only=False, also_a_patient=True))
    assert offered.keys() == {*lines, "own"}


def test_of_two_dates_the_earlier_is_the_birthday() -> None:
    for line in ("body verbal 2026-11-20 10421 1984-03-07", "1984-03-07 10421 2026-11-20 verbal"):
        assert read_line(line, TODAY).dates == (SAM, date(2026, 11, 20))


def test_what_is_not_recognised_is_the_reason_in_its_own_words() -> None:
    said = read_line("body 10421 1984-03-07 mine verbal today infected wound on the left shin, 3 cm", TODAY)
    assert said.reason("10421") == "infected wound on the left shin 3 cm"
    assert read_line('body "verbal abuse, no advice" 10421', TODAY).consent is None
    assert read_line("bitten by dog 2026-11-20, body mine verbal today 10421 1984-03-07", TODAY).reason("10421") == (
        "bitten by dog 2026-11-20"
    )


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("by Nurse Chen verbal", "Nurse Chen"),
        ("taken by chen", "chen"),
        ('by "the night nurse" body', "the night nurse"),
        ("bitten by dog", ""),
        ("by Dr Chen Verbal today", "Dr Chen"),
    ],
)
def test_who_took_it(words: str, name: str) -> None:
    assert read_line(words, TODAY).photographer == name


def test_no_advice_is_no() -> None:
    assert read_line("verbal no advice", TODAY).advice is False
    assert read_line("verbal not for advice", TODAY).advice is False
    assert read_line("verbal", TODAY).advice is None


def test_a_date_that_does_not_exist_is_said_to() -> None:
    assert read_line("10421 1984-02-30", TODAY).unclear == not_a_date("1984-02-30")


@given(st.text(max_size=200))
def test_whatever_is_typed_is_read(line: str) -> None:
    said = read_line(line, TODAY)
    assert len(said.dates) <= 2 and list(said.dates) == sorted(said.dates)


@given(st.permutations(["body", "10421", "1984-03-07", "mine", "verbal", "today", "advice"]))
def test_every_order_says_the_same(words: list[str]) -> None:
    assert replace(read_line(" ".join(words), TODAY)) == EXPECTED


def test_the_quick_answers_are_lines_that_can_be_read() -> None:
    for line, label in about_statements.quick_answers(False, also_a_patient=False):
        said = read_line(line, TODAY)
        assert said.leave or (said.kind is not None and said.mine), label
    only_written = about_statements.quick_answers(True, also_a_patient=False)
    assert all(read_line(line, TODAY).consent is not ConsentKind.VERBAL for line, _ in only_written)
