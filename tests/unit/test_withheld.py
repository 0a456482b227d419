"""A consent that is refused, doubtful or still to come is never read as given, however it is said (R2, R34)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.domain.statement import ConsentKind
from bot.heard.statement_line import read_line
from tests.cases import polls_in
from tests.colleagues import FILE, LINE, answers, asked, image_of, with_derm

TODAY = date(2026, 11, 23)
WITHHELD = (
    "mine verbal consent refused today",
    "no verbal consent",
    "verbal consent not given",
    "consent declined",
    "she didn't consent",
    "she didn’t consent, verbal",
    "without consent",
    "consent pending",
    "verbal consent pending",
    "hasn't consented yet",
    "hasn’t verbally consented",
    "consent? verbal",
    "never consented",
    "never consented verbally",
    "verbal consent? today",
    "verbal today?",
    "verbal?",
    "mine w/o verbal consent",
    "w/o consent, verbal",
    "non-consenting, verbal",
    "nonconsenting verbal",
    "unconsented, verbal attempt today",
    "verbal consent: none",
    "verbal consent - no",
    "verbal: no",
    "verbal no",
    "verbal consent n/a",
    "verbal not yet",
    "consent not obtained verbal",
    "did not give verbal consent",
    "did'nt give verbal consent",
    "didnt really want to give verbal consent",
    "doesn`t consent, verbal",
    "can't give verbal consent",
    "unable to give verbal consent",
    "unable to consent verbally",
    "verbal consent refsued today",
    "verbal consent declind",
    "verbal consent wihtout",
    "dident consent verbal",
    "refused verbal consent",
    "the patient refused, verbal",
    "she declines verbal consent",
    "declined written consent today",
    "written form not signed",
    "written, unsigned",
    "written, no form",
    "no signed form",
    "signed form pending",
    "written consent to be obtained",
    "will get verbal consent tomorrow",
    "need verbal consent",
    "needs to give verbal consent",
    "verbal consent needed",
    "asked for verbal consent",
    "verbal consent requested",
    "awaiting verbal consent",
    "verbal consent tbc",
    "verbal consent later",
    "verbal consent unclear",
    "not sure she gave verbal consent",
    "unsure about verbal consent",
    "I think verbal consent",
    "verbal today, I think",
    "maybe verbal today",
    "probably verbal",
    "verbal if she agrees",
    "verbal consent withdrawn",
    "withdrew verbal consent today",
    "verbal consent was denied",
    "denied verbal consent",
    "consent verbal was never obtained",
    "lacks verbal consent",
    "verbal consent is lacking",
    "lack of written consent",
    "forgot to get verbal consent",
    "neither verbal nor written",
    "verbal consent ❌",
    "nobody gave verbal consent",
    "verbal consent implied",
    "mother didn't sign, written",
    "she hasn't signed, written",
    "no consent for the photo, verbal advice",
    "parent objected, verbal",
    "consent not applicable, verbal",
    "verbal consent not possible",
    "pt unconscious, no consent, verbal",
    "verbal consent in progress",
    "verbal consent from no one",
    "verbal consent attempted",
    "patient said no to verbal",
    "verbal but she said no",
    "she was against it, verbal consent",
    "hasnt agreed verbal",
    "not agreed verbal",
    "verbal consent under review",
    "verbal consent unavailable",
    "verbal consent didn't happen",
    "verbal, he wouldn't",
    "verbal he won't",
    "haven't asked for verbal consent",
    "did not ask for verbal consent",
    "no-one consented, verbal",
    "zero verbal consent",
    "refused to sign, written",
    "would not sign written",
    "she wouldn't let me, verbal",
    "verbal consent (not)",
    "verbal consent NOT",
    "he has yet to consent verbally",
    "yet to give verbal consent",
    "still to give verbal consent",
    "verbal consent impossible",
    "consent by phone later verbal",
    "verbal consent not recorded",
    "consent was not verbal",
    "no verbal",
    "not verbal",
    "verbal consent missing",
    "verbal consent absent",
    "pt doesn't agree, verbal",
    "verbal: refused",
    "verbal/refused",
    "verbal (refused)",
    "declined, verbal",
    "verbal consent not required",
    "verbal: pending",
    "verbal consent awaited from mother",
    "i don't have verbal consent",
    "I have no consent written",
    "haven't got the form, written",
    "written but form missing",
    "unsigned form, written",
    "signed? written",
    "is verbal consent enough?",
    "verbal consent ok?",
    "Does she consent? verbal",
    "verbal consent won't be given",
    "verbal consent could not be obtained",
    "verbal consent cannot be obtained",
    "verbal consent could not obtain",
    "not consented today verbal",
    "nope, verbal",
    "verbal consent isn't there",
    "verbal consent hasnt been obtained yet",
    "verbally not consented",
    "orally refused, verbal",
    "oral consent withheld, verbal",
    "consent verbal - declined by mother",
    "no-consent verbal",
    "verbal -ve",
    "consent-less verbal",
    "without verbal or written consent",
    "w/out verbal consent",
    "verbal consent wasnt given",
    "verbal cosnent not given",
    "verbal consent nit given",
    "verbal consent not gievn",
    "has not cosented verbal",
    "refuesd verbal consent",
    "verbal consent rejected",
    "rejected verbal consent",
    "verbal consent revoked",
    "she changed her mind, verbal",
    "verbal, then changed his mind",
    "verbal consent with doubts",
    "verbal consent i doubt it",
    "doubt she gave verbal consent",
)
GIVEN = (
    "verbal today",
    "mine verbal today advice",
    "verbal consent given today",
    "patient consented verbally today",
    "verbally consented yesterday",
    "she gave verbal consent today",
    "consent: verbal, today",
    "got verbal consent from mother today",
    "signed form attached",
    "written consent obtained",
    "written, form to follow",
    "written, the form comes next",
    "oral consent from the patient today",
    "verbal consent today, no advice",
    "verbal no advice",
    "verbal not for advice",
    "verbal consent given, without advice",
    "verbal consent today wound not healing",
    "verbal today, no fever",
    "rash not itchy verbal consent today",
    "can't move the finger, verbal today",
    "verbal today cannot bend it",
    "never healed since, verbal today",
    "verbal today no known allergies",
    "verbal consent without hesitation",
    "no objections, verbal today",
    "verbal today; is this a melanoma?",
    "verbal today is this a melanoma?",
    "MRN no 10421, verbal today",
    "verbal today awaiting biopsy results",
    "verbal today denies pain",
    "has verbally agreed today",
    "happy to consent verbally today",
    "verbal today, wound without discharge",
    "verbal today not responding to antibiotics",
    "verbal today non-healing ulcer",
    "verbal consent today, ulcer that won't heal",
    "verbal today no sign of infection",
    "consented verbally today, can't weight bear",
    "verbal today unable to move the arm",
    "verbal today, needs review",
    "verbal today needs dressing",
    "verbal today, will see dermatology tomorrow",
    "verbal today unclear lesion",
    "verbal today possible cellulitis",
    "probable cellulitis, verbal today",
    "maybe infected, verbal today",
    "verbal today, swollen since yesterday, not better",
    "written consent, signed form attached, wound needs debridement",
    "verbal consent from mother today, child refuses to walk",
    "consent verbal from guardian yesterday",
    "verbal consent for photo and advice today",
    "she agreed verbally today to the photo",
    "obtained verbal consent today",
    "verbal consent obtained from patient today by me",
    "informed verbal consent today",
    "full verbal consent given today, advice",
    "verbal today, unhealed",
    "verbal today unknown bite",
    "taken with verbal consent today",
    "after verbal consent today",
    "consents verbally today advice ok",
    "verbal consent today, advice only",
    "verbal consent today advice if needed",
    "verbal today advice, rash not healing, only on the arm",
    "patient has given verbal consent today",
    "verbal ✓ today",
    "verbal today 3 cm, no pus",
    "verbal today; wound, minus the dressing",
    "verbal consent given yesterday, never had this before",
)


@pytest.mark.parametrize(
    "line", ["advice only", "advice if needed", "advice, rash not healing", "rash only on arm, advice"]
)
def test_R7_sharing_for_advice_is_agreed_to_where_only_something_else_is_limited(line: str) -> None:
    assert read_line(f"body mine verbal today, {line}", TODAY).advice is True


@pytest.mark.parametrize("line", WITHHELD)
def test_R34_what_is_denied_doubted_or_to_come_is_never_given(line: str) -> None:
    said = read_line(f"body 10421 1984-03-07 {line}", TODAY)
    assert said.withheld and said.consent is None and said.given_by is None and not said.advice


@pytest.mark.parametrize("line", GIVEN)
def test_R2_what_is_given_is_read_without_a_question(line: str) -> None:
    said = read_line(f"body 10421 1984-03-07 {line}", TODAY)
    assert not said.withheld and said.consent is not None
    assert said.consent is (ConsentKind.WRITTEN if "written" in line or "signed" in line else ConsentKind.VERBAL)


@pytest.mark.parametrize(
    "line",
    [
        "no advice",
        "not for advice",
        "without any advice",
        "w/o advice",
        "advice not discussed",
        "advice: no",
        "advice?",
        "advice declined",
        "advice pending",
        "didn't discuss advice",
        "didn’t agree to advice",
        "refused advice",
        "maybe advice",
        *("advice but not outside the practice", "advice, not outside", "advice only inside the practice"),
        *("advice, only to Dr Chen", "advice except dermatology", "advice unless outside", "advice just for us"),
        *("advice within the practice only", "advice if it stays here", "no outside advice", "internal advice"),
    ],
)
def test_R7_sharing_for_advice_that_is_denied_or_doubted_is_not_agreed_to(line: str) -> None:
    assert read_line(f"body mine verbal today, {line}", TODAY).advice is False


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("not mine", "mine"),
        ("isn't mine", "mine"),
        ("not a document", "kind"),
        ("not body", "kind"),
        ("verbal not today", "day"),
        ("not from the mother", "given_by"),
    ],
)
def test_what_is_denied_is_not_taken_for_said(line: str, field: str) -> None:
    assert not getattr(read_line(line, TODAY), field)


@pytest.mark.parametrize("line", ["consent refused", "she didn’t consent", "consent? not sure", "no form"])
async def test_R34_a_denial_undoes_the_consent_that_was_said_and_is_no_reason(tmp_path: Path, line: str) -> None:
    async with with_derm(tmp_path) as (practice, people, _):
        await people.lee.sends_photo(caption=f"{LINE} rash")
        polls = len(polls_in(practice, people.lee.own_room))
        await people.lee.writes(line)
        assert "don't count that as consent" in people.lee.last_heard
        assert len(polls_in(practice, people.lee.own_room)) == polls, "nothing to tap"
        statement = (await image_of(practice)).statement
        assert statement is not None and statement.reason == "rash"
        assert (statement.consent, statement.consent_on, statement.covers_advice) == (None, None, False)
        await people.lee.writes("verbal today")
        assert FILE in answers(people.lee)[0] and "advice was not discussed" in asked(people.lee)
