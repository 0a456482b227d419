"""One truth table per rule (docs/rules.md), and what holds over the whole input space."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.answering import may_invoke_the_law, second_yes
from bot.domain.identifiers import Account
from bot.domain.people import Role
from bot.domain.purposes import Purpose
from bot.domain.use_rules import (
    VENUE_NAMED,
    Allowed,
    Decision,
    Kind,
    NeedsConsent,
    NotAllowed,
    Recipient,
    Relatedness,
    Source,
    SpecificConsent,
    Subject,
    UseAsked,
    UsePolicy,
    decide_use,
    may_be_implied,
)

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
RASH = Subject("aa", Source.PATIENT, Kind.BODY, Purpose.CARE, reason_stated=True, implied=True)
DERM = Recipient(Account("@derm:hospital"), known=True, homeserver_allowed=True)
RELATED = UseAsked(Purpose.CARE, Relatedness.RELATED)
TEACHING = UseAsked(Purpose.EDUCATION)
CONSENT = SpecificConsent(
    "c1", frozenset({"aa"}), Purpose.EDUCATION, frozenset({DERM.account}), "", NOW - timedelta(1), NOW + timedelta(30)
)
LAX = UsePolicy()


def decide(
    image: Subject = RASH,
    asked: UseAsked = RELATED,
    recipient: Recipient = DERM,
    consents: tuple[SpecificConsent, ...] = (),
    policy: UsePolicy = LAX,
    at: datetime = NOW,
) -> tuple[type[Decision], str]:
    decision = decide_use(image, asked, recipient, consents, policy, at)
    return type(decision), decision.rule


def test_R1_no_forward_until_the_reason_is_stated() -> None:
    assert decide(replace(RASH, reason_stated=False)) == (NotAllowed, "R1")
    assert decide(RASH) == (Allowed, "R7")


def test_R30_nothing_is_implied_where_its_sender_could_not_answer_for_that_patient() -> None:
    assert decide(replace(RASH, implied=False)) == (NeedsConsent, "R30")


def test_R30_a_misfiled_photo_of_a_colleague_needs_a_new_attestation_and_a_document_none() -> None:
    photo = replace(RASH, source=Source.COLLEAGUE, implied=False, misfiled=True)
    assert decide(photo) == (NotAllowed, "R30")
    assert decide(replace(photo, covers_advice=True)) == (NotAllowed, "R30")
    assert decide(replace(photo, kind=Kind.DOCUMENT)) == (Allowed, "R3")
    assert decide(photo, TEACHING) == (NeedsConsent, "R9")


def test_R28a_of_a_patient_who_has_died_nothing_is_shared() -> None:
    assert decide(replace(RASH, died=True), TEACHING, consents=(CONSENT,)) == (NotAllowed, "R28a")


def test_R31_a_new_human_on_the_account_gets_nothing() -> None:
    assert decide(recipient=replace(DERM, meant=False), consents=(CONSENT,)) == (NotAllowed, "R31")


def test_R3_a_document_from_a_colleague_needs_no_specific_consent_for_advice() -> None:
    document = Subject("aa", Source.COLLEAGUE, Kind.DOCUMENT, Purpose.CARE, reason_stated=True)
    assert decide(document) == (Allowed, "R3")
    assert decide(replace(document, source=Source.OUTSIDE)) == (Allowed, "R3")
    assert decide(document, TEACHING) == (NeedsConsent, "R9")


@pytest.mark.parametrize(
    ("source", "covers", "expected"),
    [
        (Source.PATIENT, False, (Allowed, "R7")),
        (Source.COLLEAGUE, True, (Allowed, "R7")),
        (Source.COLLEAGUE, False, (NeedsConsent, "R7")),
        (Source.OUTSIDE, True, (Allowed, "R7")),
        (Source.OUTSIDE, False, (NeedsConsent, "R7")),
    ],
)
def test_R7_related_advice(source: Source, covers: bool, expected: tuple[type[Decision], str]) -> None:
    assert decide(replace(RASH, source=source, covers_advice=covers)) == expected


def test_R7_nothing_is_forwarded_before_the_clinician_attests() -> None:
    assert decide(asked=UseAsked(Purpose.CARE)) == (NotAllowed, "R7")


def test_R8_care_that_is_not_related_needs_specific_consent() -> None:
    unrelated = UseAsked(Purpose.CARE, Relatedness.UNRELATED)
    assert decide(asked=unrelated) == (NeedsConsent, "R8")
    agreed = replace(CONSENT, purpose=Purpose.CARE)
    assert decide(asked=unrelated, consents=(agreed,)) == (Allowed, "R8")


@pytest.mark.parametrize("purpose", [purpose for purpose in Purpose if purpose is not Purpose.CARE])
def test_R9_any_other_purpose_needs_specific_consent(purpose: Purpose) -> None:
    venue = "a journal" if purpose in VENUE_NAMED else ""
    asked = UseAsked(purpose, venue=venue)
    assert decide(asked=asked)[0] is NeedsConsent
    assert decide(asked=asked, consents=(replace(CONSENT, purpose=purpose, venue=venue),)) == (Allowed, "R9")


def test_R10_calling_it_de_identified_changes_nothing() -> None:
    assert decide(asked=replace(TEACHING, deidentified=True)) == decide(asked=TEACHING) == (NeedsConsent, "R9")


def test_R11_the_venue_is_named_in_what_the_patient_agreed_to() -> None:
    post = UseAsked(Purpose.SOCIAL_MEDIA, venue="practice page")
    agreed = replace(CONSENT, purpose=Purpose.SOCIAL_MEDIA, venue="practice page")
    assert decide(asked=replace(post, venue="")) == (NotAllowed, "R11")
    assert decide(asked=post) == (NeedsConsent, "R11")
    assert decide(asked=post, consents=(agreed,)) == (Allowed, "R9")
    assert decide(asked=replace(post, venue="somewhere else"), consents=(agreed,)) == (NeedsConsent, "R11")


def test_R12_an_old_consent_never_stretches() -> None:
    assert decide(asked=TEACHING, consents=(CONSENT,)) == (Allowed, "R9")
    assert decide(asked=UseAsked(Purpose.RESEARCH), consents=(CONSENT,)) == (NeedsConsent, "R9")
    other = replace(DERM, account=Account("@other:hospital"))
    assert decide(asked=TEACHING, recipient=other, consents=(CONSENT,)) == (NeedsConsent, "R9")
    assert decide(asked=TEACHING, consents=(CONSENT,), at=CONSENT.until) == (NeedsConsent, "R9")
    assert decide(replace(RASH, sha256="bb"), TEACHING, consents=(CONSENT,)) == (NeedsConsent, "R9")
    sent_for_insurance = replace(RASH, purpose=Purpose.LEGAL)
    assert decide(sent_for_insurance) == (NeedsConsent, "R12")


def test_R13_withdrawn_is_refused_whatever_was_agreed_before() -> None:
    assert decide(asked=TEACHING, consents=(replace(CONSENT, withdrawn_at=NOW),)) == (NeedsConsent, "R9")
    assert decide(replace(RASH, stopped=True), TEACHING, consents=(CONSENT,)) == (NotAllowed, "R13")
    assert decide(replace(RASH, stopped=True)) == (NotAllowed, "R13")


def test_R13a_only_the_manager_and_only_with_basis_and_authority() -> None:
    manager = frozenset({Role.MANAGER})
    assert may_invoke_the_law(manager, "subpoena 12/26", "District Court")
    assert not may_invoke_the_law(manager, "", "District Court")
    assert not may_invoke_the_law(manager, "subpoena 12/26", " ")
    assert not may_invoke_the_law(frozenset({Role.CLINICIAN, Role.RECEPTION}), "subpoena 12/26", "District Court")


def test_R22_policy_tightens() -> None:
    assert decide(policy=UsePolicy(advice_always_asks=True)) == (NeedsConsent, "R22")
    never = UsePolicy(never=frozenset({Purpose.EDUCATION}))
    assert decide(asked=TEACHING, consents=(CONSENT,), policy=never) == (NotAllowed, "R22")


def test_R26_a_homeserver_that_is_not_on_the_list_is_refused() -> None:
    assert decide(recipient=replace(DERM, homeserver_allowed=False)) == (NotAllowed, "R26")


def test_a_recipient_whose_identity_is_not_pinned_gets_nothing() -> None:
    assert decide(recipient=replace(DERM, known=False), consents=(CONSENT,)) == (NotAllowed, "R15")


def test_R14_an_image_that_is_not_in_the_record_is_used_for_nothing() -> None:
    """R14."""
    assert decide(replace(RASH, in_record=False), TEACHING, consents=(CONSENT,)) == (NotAllowed, "R14")


ADULT, CHILD = date(1984, 3, 7), date(2015, 2, 1)
TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("born", "intimate", "confirm_twice", "twice"),
    [
        (ADULT, False, True, False),
        (ADULT, True, True, True),
        (CHILD, False, True, True),
        (CHILD, True, True, True),
        (CHILD, True, False, False),
        (date(2008, 11, 23), False, True, False),  # 18 today
        (date(2008, 11, 24), False, True, True),
    ],
)
def test_R9_a_yes_about_a_child_or_an_intimate_image_is_asked_for_twice(
    born: date, intimate: bool, confirm_twice: bool, twice: bool
) -> None:
    assert second_yes(born, TODAY, intimate=intimate, policy=UsePolicy(confirm_twice=confirm_twice)) is twice


subjects = st.builds(
    Subject,
    sha256=st.sampled_from(["aa", "bb"]),
    source=st.sampled_from(Source),
    kind=st.sampled_from(Kind),
    purpose=st.sampled_from(Purpose),
    reason_stated=st.booleans(),
    covers_advice=st.booleans(),
    in_record=st.booleans(),
    stopped=st.booleans(),
    implied=st.booleans(),
    misfiled=st.booleans(),
    died=st.booleans(),
)
recipients = st.builds(
    Recipient,
    account=st.sampled_from(["@derm:hospital", "@teacher:x"]),
    known=st.booleans(),
    homeserver_allowed=st.booleans(),
    is_patient=st.booleans(),
)
asked_for = st.builds(
    UseAsked,
    purpose=st.sampled_from(Purpose),
    relatedness=st.sampled_from(Relatedness),
    venue=st.sampled_from(["", "a journal", "practice page"]),
    deidentified=st.booleans(),
)
days = st.integers(-40, 40).map(lambda days: NOW + timedelta(days))
specific = st.builds(
    SpecificConsent,
    id=st.just("c"),
    images=st.frozensets(st.sampled_from(["aa", "bb"])),
    purpose=st.sampled_from(Purpose),
    recipients=st.frozensets(st.sampled_from(["@derm:hospital", "@teacher:x"])),
    venue=st.sampled_from(["", "a journal", "practice page"]),
    given_at=days,
    until=days,
    withdrawn_at=st.none() | days,
)
policies = st.builds(
    UsePolicy,
    advice_always_asks=st.booleans(),
    never=st.frozensets(st.sampled_from(Purpose)),
)


@given(subjects, asked_for, recipients, st.lists(specific, max_size=3), policies)
def test_no_path_uses_an_image_for_another_purpose_without_an_active_specific_consent(
    image: Subject, asked: UseAsked, recipient: Recipient, consents: list[SpecificConsent], policy: UsePolicy
) -> None:
    """R9, R12, R13, under every policy."""
    decision = decide_use(image, asked, recipient, consents, policy, NOW)
    if isinstance(decision, Allowed) and asked.purpose is not Purpose.CARE:
        assert any(
            consent.withdrawn_at is None
            and consent.purpose is asked.purpose
            and consent.venue == asked.venue
            and recipient.account in consent.recipients
            and image.sha256 in consent.images
            and consent.given_at <= NOW < consent.until
            for consent in consents
        )


@given(subjects, asked_for, recipients, st.lists(specific, max_size=3), policies)
def test_L_rules_hold_under_every_policy(
    image: Subject, asked: UseAsked, recipient: Recipient, consents: list[SpecificConsent], policy: UsePolicy
) -> None:
    """R22: whatever no policy allows, no policy allows."""
    strict = decide_use(image, asked, recipient, consents, policy, NOW)
    plain = decide_use(image, asked, recipient, consents, LAX, NOW)
    if isinstance(strict, Allowed):
        assert isinstance(plain, Allowed)
    if image.stopped or not image.in_record or not recipient.known:
        assert isinstance(strict, NotAllowed)


@given(subjects, asked_for, recipients, st.lists(specific, max_size=3), policies)
def test_R10_over_everything(
    image: Subject, asked: UseAsked, recipient: Recipient, consents: list[SpecificConsent], policy: UsePolicy
) -> None:
    claimed = replace(asked, deidentified=not asked.deidentified)
    assert decide_use(image, asked, recipient, consents, policy, NOW) == decide_use(
        image, claimed, recipient, consents, policy, NOW
    )


@given(subjects, asked_for, recipients, policies)
def test_R30_without_an_own_consent_nothing_leaves_that_may_not_be_implied(
    image: Subject, asked: UseAsked, recipient: Recipient, policy: UsePolicy
) -> None:
    """What is asked again when the picture is sent is never laxer or stricter than what was decided."""
    if isinstance(decide_use(image, asked, recipient, [], policy, NOW), Allowed):
        assert may_be_implied(image)
