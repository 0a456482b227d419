"""Who may hear, see, answer, consent and admit, by the facts of a day: one truth table for each rule (R28–R33a)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.authority import (
    Circle,
    Matter,
    consent_stands,
    hears,
    holds_by_a_no,
    implied_consent,
    implies_consent,
    is_linked,
    is_or_was_the_patient,
    is_recipient,
    may_act_for_the_practice,
    may_answer,
    may_hear,
    may_hear_of_access,
    may_hear_of_patient,
    may_hear_of_sending,
    may_look_after,
    may_open,
    may_redeem,
    may_second,
    may_send,
    may_write,
    might_be_told,
    needs_second,
    said_no,
    speaks,
    takes_part,
    whom_to_ask,
)
from bot.domain.authority_events import never_theirs
from bot.domain.consent import Answer, Basis, Consent, ConsentAnswer
from bot.domain.identifiers import (
    AT_THE_COMPUTER,
    SETUP,
    Account,
    ConsentId,
    ImageId,
    InvitationId,
    PatientId,
    PersonId,
    UseId,
)
from bot.domain.invitations import Invitation
from bot.domain.people import Authority, Patient, Person, Relation, Role, Standing
from bot.domain.purposes import Purpose
from bot.domain.use import Use

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
TODAY = AT.date()
SAM = Patient(PatientId("sam"), "10421", "Sam Patel", date(1984, 3, 7))
MIA = Patient(PatientId("mia"), "10422", "Mia Patel", date(2011, 3, 1))
LATER = TODAY.replace(year=2029)  # Mia is grown up


def person(id: str, *roles: Role, standing: Standing = Standing.ACTIVE) -> Person:
    return Person(
        PersonId(id), Account(f"@{id}:hs.test"), id.title(), frozenset(roles or (Role.PATIENT,)), "key", standing
    )


def circle(patient: Patient, *held: Authority, **people: Person) -> Circle:
    named = {id for one in held for id in (one.person_id, one.invited_by) if id and id != AT_THE_COMPUTER}
    return Circle(patient, held, {PersonId(id): people.get(id, person(id)) for id in named | people.keys()})


def held(who: str, relation: Relation, patient: str = "sam", **more: object) -> Authority:
    return replace(Authority(f"{who}-{relation}", who, patient, relation), **more)  # type: ignore[arg-type]


def matter(sender: str, patient: str = "sam", **more: object) -> Matter:
    return replace(Matter("i", sender, patient, False, AT, False), **more)  # type: ignore[arg-type]


OWN, DECIDER = held("sam", Relation.SELF), held("rita", Relation.DECISION_MAKER)
PARENT = held("ann", Relation.PARENT, "mia", until=date(2029, 3, 1))
FATHER = held("raj", Relation.PARENT, "mia", until=date(2029, 3, 1))
HERSELF = held("mia", Relation.SELF, "mia")

# ---- who speaks


@pytest.mark.parametrize("relation", list(Relation))
@pytest.mark.parametrize("mature_minor", [False, True])
@pytest.mark.parametrize("impaired", [False, True])
@pytest.mark.parametrize("day", [TODAY, LATER])
def test_who_may_answer_in_every_case(relation: Relation, mature_minor: bool, impaired: bool, day: date) -> None:
    patient = replace(MIA, mature_minor=mature_minor, impaired=impaired)
    if day == LATER:
        allowed = {Relation.GUARDIAN, Relation.DECISION_MAKER} if impaired else {Relation.SELF}
    else:
        allowed = {Relation.PARENT, Relation.GUARDIAN} | ({Relation.SELF} if mature_minor else set())
    answer = may_answer(circle(patient, held("ann", relation, "mia")), day)
    assert answer == ({"ann": relation} if relation in allowed else {})


def test_R28_authority_is_what_holds_that_day() -> None:
    mia = circle(MIA, PARENT, HERSELF)
    assert speaks(mia, date(2029, 2, 28)) == {"ann": Relation.PARENT}
    assert speaks(mia, date(2029, 3, 1)) == {"mia": Relation.SELF}
    prepared = circle(replace(MIA, impaired=True), held("rita", Relation.DECISION_MAKER, "mia", since=date(2029, 3, 1)))
    assert (speaks(prepared, TODAY), speaks(prepared, date(2029, 3, 1))) == ({}, {"rita": Relation.DECISION_MAKER})


def test_a_29_february_child_is_grown_up_on_1_march() -> None:
    leap = circle(replace(MIA, born=date(2012, 2, 29)), HERSELF)
    assert (speaks(leap, date(2030, 2, 28)), speaks(leap, date(2030, 3, 1))) == ({}, {"mia": Relation.SELF})


@pytest.mark.parametrize("standing", [Standing.PAUSED, Standing.LEFT])
def test_R28_who_is_paused_or_has_left_speaks_for_nobody(standing: Standing) -> None:
    sam = circle(SAM, OWN, sam=person("sam", standing=standing))
    assert speaks(sam, TODAY) == {} and may_answer(sam, TODAY) == {"sam": Relation.SELF}


def test_R28a_death_ends_every_authority_and_every_message() -> None:
    dead = circle(replace(SAM, died_on=TODAY), OWN, DECIDER)
    assert speaks(dead, TODAY) == hears(dead, TODAY) == {}
    assert not may_send(dead, PersonId("sam"), TODAY) and not may_hear(dead, matter("sam"), PersonId("sam"), TODAY)
    assert not may_hear_of_sending(dead, matter("sam"), PersonId("sam"))


# ---- hearing


def test_R29_a_sender_who_does_not_speak_for_the_patient_hears_only_of_their_sending() -> None:
    sam = circle(SAM, OWN)
    sent_by_ann = matter("ann")
    assert not may_hear(sam, sent_by_ann, PersonId("ann"), TODAY)
    assert may_hear(sam, sent_by_ann, PersonId("sam"), TODAY)
    assert may_hear_of_sending(sam, sent_by_ann, PersonId("ann")) and not may_hear_of_sending(
        sam, sent_by_ann, PersonId("sam")
    )


def test_R28_who_may_be_told_of_a_patient_and_who_answers_for_them() -> None:
    later = held("rita", Relation.DECISION_MAKER, "mia", since=date(2029, 3, 1))
    ended = held("raj", Relation.PARENT, "mia", until=TODAY)
    mia = circle(MIA, PARENT, later, ended, HERSELF)
    people = [PersonId(who) for who in ("ann", "rita", "raj", "mia", "zoe")]
    assert [bool(is_linked(mia, who, TODAY)) for who in people] == [True, True, False, True, False]
    assert [bool(may_hear_of_access(mia, who, TODAY)) for who in people] == [True, False, False, False, False]
    dead = circle(replace(MIA, died_on=TODAY), PARENT)
    assert not is_linked(dead, PersonId("ann"), TODAY) and not may_hear_of_access(dead, PersonId("ann"), TODAY)


def test_R15_until_it_is_settled_whose_it_is_nobody_hears_of_it() -> None:
    sam, filed = circle(SAM, OWN, held("zoe", Relation.CHILD)), matter("sam", filed_at=AT)
    moving, doubted = replace(filed, being_moved=True), replace(filed, held_as_anothers=True)
    assert may_hear(sam, filed, PersonId("sam"), TODAY)
    assert not may_hear(sam, moving, PersonId("sam"), TODAY) and not may_write(sam, moving, PersonId("sam"), TODAY)
    assert not may_hear(sam, doubted, PersonId("sam"), TODAY)
    assert may_write(sam, doubted, PersonId("sam"), TODAY), "a no counts, and words stay with it"
    by_zoe = matter("zoe", filed_at=None, held_as_anothers=True)
    assert may_hear(sam, by_zoe, PersonId("sam"), TODAY), "nobody doubts whose it is: Sam is asked about it"
    assert not may_hear(sam, replace(by_zoe, filed_at=AT), PersonId("sam"), TODAY)


def test_an_impaired_patient_still_sends_hears_and_sees_and_implies_nothing() -> None:
    sam = circle(replace(SAM, impaired=True), OWN, DECIDER)
    assert may_send(sam, PersonId("sam"), TODAY) and may_hear(sam, matter("sam"), PersonId("sam"), TODAY)
    assert implies_consent(sam, PersonId("sam"), AT, TODAY, TODAY) is None
    assert implies_consent(sam, PersonId("rita"), AT, TODAY, TODAY) is Relation.DECISION_MAKER


def test_R30_sending_is_no_consent_of_who_decides_only_since() -> None:
    """An impaired patient sends, and is found able to decide before the reason comes; a child, who turns 18."""
    able = replace(SAM, capacity_at=AT + timedelta(hours=1))
    assert implies_consent(circle(able, OWN), PersonId("sam"), AT, TODAY, TODAY) is None
    assert implies_consent(circle(able, OWN), PersonId("sam"), AT + timedelta(hours=2), TODAY, TODAY) is Relation.SELF
    mature = circle(replace(MIA, mature_minor=True, capacity_at=AT + timedelta(hours=1)), HERSELF, PARENT)
    assert implies_consent(mature, PersonId("mia"), AT, TODAY, TODAY) is None
    assert implies_consent(mature, PersonId("ann"), AT, TODAY, TODAY) is Relation.PARENT
    young = circle(MIA, HERSELF)
    assert implies_consent(young, PersonId("mia"), AT, TODAY, LATER) is None


def test_R33a_what_is_a_mature_minors_own_reaches_no_parent() -> None:
    mia = circle(replace(MIA, mature_minor=True), HERSELF, PARENT)
    own, sent_by_ann = matter("mia", "mia", own=True), matter("ann", "mia")
    assert [bool(may_hear(mia, own, PersonId(who), TODAY)) for who in ("mia", "ann")] == [True, False]
    assert [bool(may_hear(mia, sent_by_ann, PersonId(who), TODAY)) for who in ("mia", "ann")] == [True, True]
    assert not may_hear(circle(MIA, HERSELF, PARENT), own, PersonId("mia"), TODAY)  # not recorded as one


def test_R33_what_was_filed_before_is_closed_until_it_is_opened() -> None:
    """And so is what is filed since: until then an account sends, and receives what concerns what it sent itself."""
    new = held("rita", Relation.SELF, recorded_at=AT + timedelta(days=1))
    before, after = matter("sam"), matter("sam", filed_at=AT + timedelta(days=2))
    sam = circle(SAM, OWN, new)
    assert not may_hear(sam, before, PersonId("rita"), TODAY) and not may_hear(sam, after, PersonId("rita"), TODAY)
    assert not may_hear_of_patient(sam, PersonId("rita"), TODAY)
    assert PersonId("rita") not in whom_to_ask(sam, [after], Purpose.EDUCATION, PersonId("kim"), TODAY).able
    assert may_hear(sam, replace(before, sender_id=PersonId("rita")), PersonId("rita"), TODAY)  # what it sent itself
    opened = circle(SAM, OWN, replace(new, opened_at=AT, opened_by=PersonId("kim")))
    assert may_hear(opened, before, PersonId("rita"), TODAY)


# ---- consent


@pytest.mark.parametrize("relation", list(Relation))
def test_R30_sending_is_consent_only_of_who_may_answer(relation: Relation) -> None:
    implied = implies_consent(circle(SAM, held("rita", relation)), PersonId("rita"), AT, TODAY, TODAY)
    assert implied is (Relation.SELF if relation is Relation.SELF else None)
    assert may_send(circle(SAM, held("rita", relation)), PersonId("rita"), TODAY)


def test_R30_an_implied_consent_is_for_whose_it_was() -> None:
    given = Consent(
        ConsentId("c"),
        ImageId("i"),
        PersonId("sam"),
        Relation.SELF,
        Basis.IMPLIED,
        Purpose.CARE,
        "",
        "",
        "",
        AT,
        {},
        PatientId("sam"),
    )
    assert implied_consent(None, matter("sam"), [given]) == given
    assert implied_consent(None, matter("sam", "ann"), [given]) is None
    assert implied_consent(None, matter("sam"), [replace(given, capacity=Relation.CHILD)]) is None
    assert implied_consent(None, matter("sam"), [replace(given, basis=Basis.VERBAL)]) is None
    assert implied_consent(None, matter("sam", from_wrong_person=True), [given]) is None
    never = never_theirs(held("sam", Relation.SELF, recorded_at=AT), TODAY)
    other = held("sam", Relation.CHILD, recorded_at=AT, until=TODAY)
    assert implied_consent(circle(SAM, OWN, other), matter("sam"), [given]) == given
    assert implied_consent(circle(SAM, other, never), matter("sam"), [given]) is None, "it was never theirs to give"


def use(**more: object) -> Use:
    plain = Use(
        UseId("u"),
        (ImageId("i"),),
        PersonId("lee"),
        AT,
        Purpose.EDUCATION,
        (Account("@derm:hs.test"),),
        recipient_ids=(PersonId("derm"),),
    )
    return replace(plain, **{"until": AT + timedelta(days=90), **more})  # type: ignore[arg-type]


def answered(
    who: str, answer: Answer, capacity: Relation = Relation.PARENT, at: datetime = AT, to: str = "u"
) -> ConsentAnswer:
    return ConsentAnswer(f"{who}-{answer}-{at}", UseId(to), PersonId(who), capacity, answer, "", "", at, {})


YES, NO = Answer.GRANTED, Answer.REFUSED
ANN_YES = answered("ann", YES)


def test_R29a_a_no_of_one_of_two_parents_stands_until_they_change_it_or_may_not_answer() -> None:
    both = circle(MIA, PARENT, FATHER)
    sent = [matter("ann", "mia")]
    no = answered("raj", NO)
    assert said_no(both, sent, [(no, use())], Purpose.EDUCATION, TODAY) == {"raj"}
    assert not said_no(both, sent, [(no, use())], Purpose.RESEARCH, TODAY)
    assert not said_no(both, sent, [(no, use(image_ids=("other",)))], Purpose.EDUCATION, TODAY)
    changed = [(no, use()), (answered("raj", YES, at=AT + timedelta(days=1)), use())]
    assert not said_no(both, sent, changed, Purpose.EDUCATION, TODAY)
    assert not said_no(circle(MIA, PARENT), sent, [(no, use())], Purpose.EDUCATION, TODAY)
    assert not consent_stands(both, use(), sent, [(ANN_YES, use()), (no, use(id="before"))], AT, TODAY)
    assert consent_stands(both, use(), sent, [(ANN_YES, use())], AT, TODAY)


def test_R29a_a_yes_to_one_image_changes_no_no_to_another() -> None:
    both, sent = (
        circle(MIA, PARENT, FATHER),
        [replace(matter("ann", "mia"), image_id=ImageId(id)) for id in ("i1", "i2")],
    )
    no = (answered("raj", NO, to="of two"), use(id="of two", image_ids=("i2",)))
    yes = (answered("raj", YES, at=AT + timedelta(days=1), to="of one"), use(id="of one", image_ids=("i1",)))
    assert said_no(both, sent, [no, yes], Purpose.EDUCATION, TODAY) == {"raj"}
    assert not said_no(both, sent[:1], [no, yes], Purpose.EDUCATION, TODAY)


def test_R29a_a_request_goes_to_the_sender_who_speaks_now_else_to_whom_is_tapped() -> None:
    both = circle(MIA, PARENT, FATHER)
    assert whom_to_ask(both, [matter("raj", "mia")], Purpose.RESEARCH, PersonId("lee"), TODAY).sender == "raj"
    asked = whom_to_ask(both, [matter("sam", "mia")], Purpose.RESEARCH, PersonId("lee"), TODAY)
    assert (asked.sender, set(asked.able)) == ("", {"ann", "raj"})


def test_R33_who_asks_is_never_who_answers() -> None:
    both = circle(MIA, PARENT, FATHER)
    assert set(whom_to_ask(both, [matter("ann", "mia")], Purpose.RESEARCH, PersonId("ann"), TODAY).able) == {"raj"}
    assert not consent_stands(both, use(asked_by="ann"), [matter("ann", "mia")], [(ANN_YES, use())], AT, TODAY)


def test_R9_a_mature_minors_own_yes_is_needed_beside_the_parents() -> None:
    mia = circle(replace(MIA, mature_minor=True), HERSELF, PARENT)
    sent, own = [matter("ann", "mia")], [matter("mia", "mia", own=True)]
    asked = whom_to_ask(mia, sent, Purpose.EDUCATION, PersonId("lee"), TODAY)
    assert (set(asked.able), asked.also) == ({"ann"}, frozenset({"mia"}))
    alone = whom_to_ask(mia, own, Purpose.EDUCATION, PersonId("lee"), TODAY)
    assert (set(alone.able), alone.sender, alone.also) == ({"mia"}, "mia", frozenset())
    hers = answered("mia", YES, Relation.SELF)
    for said, of, stands in (
        ([ANN_YES], sent, False),
        ([hers], sent, False),
        ([ANN_YES, hers], sent, True),
        ([hers], own, True),
        ([ANN_YES], own, False),
    ):
        assert bool(consent_stands(mia, use(), of, [(one, use()) for one in said], AT, TODAY)) == stands, said
    care = [(ANN_YES, use(purpose=Purpose.CARE))]
    assert consent_stands(mia, use(purpose=Purpose.CARE), sent, care, AT, TODAY)


@pytest.mark.parametrize(
    ("change", "because"),
    [
        ({"until": AT}, "over"),
        ({"held": True}, "held"),
        ({"id": "another"}, "nobody-agreed"),
    ],
)
def test_R31_a_consent_covers_its_own_use_and_time(change: dict[str, object], because: str) -> None:
    mia = circle(MIA, PARENT)
    said = [(ANN_YES, use())]
    assert consent_stands(mia, use(**change), [matter("ann", "mia")], said, AT, TODAY).because == because


def test_R31_what_was_given_for_somebody_else_ends_with_the_capacity_and_the_patients_own_does_not() -> None:
    mia = circle(MIA, PARENT, HERSELF)
    long = use(until=AT + timedelta(days=2000))
    parents, own = [(ANN_YES, long)], [(answered("mia", YES, Relation.SELF), long)]
    assert not consent_stands(mia, long, [matter("ann", "mia")], parents, AT, LATER)
    endless = circle(MIA, held("ann", Relation.PARENT, "mia"), HERSELF)
    assert consent_stands(endless, long, [matter("ann", "mia")], parents, AT, TODAY)
    assert not consent_stands(endless, long, [matter("ann", "mia")], parents, AT, LATER), (
        "whatever day was written down"
    )
    impaired = circle(replace(MIA, impaired=True), HERSELF)
    assert consent_stands(impaired, long, [matter("mia", "mia")], own, AT, LATER)
    taken_back = [*own, (answered("mia", Answer.WITHDRAWN, Relation.SELF), long)]
    assert not consent_stands(impaired, long, [matter("mia", "mia")], taken_back, AT, LATER)
    by_who_answered_then = [*own, (answered("ann", Answer.WITHDRAWN), long)]
    assert not consent_stands(mia, long, [matter("mia", "mia")], by_who_answered_then, AT, LATER)


def test_R33a_what_is_a_mature_minors_own_is_not_looked_after_by_their_parent() -> None:
    ann, lee = person("ann", Role.CLINICIAN, Role.PATIENT), person("lee", Role.CLINICIAN)
    mature = circle(replace(MIA, mature_minor=True), HERSELF, PARENT)
    own, sent = matter("mia", "mia", own=True), matter("ann", "mia")
    assert not may_look_after(mature, own, ann, TODAY) and may_look_after(mature, own, lee, TODAY)
    assert may_look_after(mature, sent, ann, TODAY), "what is not the minor's own is open to those who treat (R31)"
    unfiled = replace(own, filed_at=None)
    assert not may_look_after(circle(MIA, HERSELF, PARENT), unfiled, ann, TODAY), (
        "it would show that the child has an account"
    )
    assert not may_look_after(mature, sent, person("kim", Role.MANAGER), TODAY), "who does not treat has nothing to see"


def test_R31_a_yes_of_somebody_who_was_never_the_patient_counts_for_nothing() -> None:
    yes = [(answered("john", YES, Relation.SELF), use())]
    once = held("john", Relation.SELF, until=TODAY, recorded_at=AT)
    never = never_theirs(held("john", Relation.SELF, recorded_at=AT), TODAY)
    stands = consent_stands(circle(SAM, OWN, once), use(), [matter("sam")], yes, AT, TODAY)
    assert stands, "their word of when it was theirs, also where it ended on the day it began"
    wrong = circle(SAM, OWN, never)
    assert not consent_stands(wrong, use(), [matter("sam")], yes, AT, TODAY)
    again = circle(SAM, OWN, never, held("john", Relation.SELF, recorded_at=AT + timedelta(days=1)))
    assert not consent_stands(again, use(), [matter("sam")], yes, AT, TODAY), (
        "nor by a code that was meant for them, later"
    )
    assert not holds_by_a_no(wrong, matter("john"), PersonId("john"), TODAY)
    assert not is_or_was_the_patient(wrong.authorities, PersonId("john"))


def test_R31_a_yes_for_somebody_else_does_not_revive_when_they_are_linked_anew() -> None:
    yes = [(ANN_YES, use())]
    before = held("ann", Relation.PARENT, "mia", recorded_at=AT)
    anew = held("ann", Relation.PARENT, "mia", recorded_at=AT + timedelta(hours=1))
    assert consent_stands(circle(MIA, before), use(), [matter("raj", "mia")], yes, AT, TODAY)
    for gone in (replace(before, until=TODAY), never_theirs(before, TODAY)):
        assert not consent_stands(circle(MIA, gone, anew), use(), [matter("raj", "mia")], yes, AT, TODAY)


def test_R31_a_yes_for_a_grown_up_ends_where_they_decided_for_themselves_since() -> None:
    yes, rita = [(answered("rita", YES, Relation.DECISION_MAKER), use())], replace(DECIDER, recorded_at=AT)
    before, since = (replace(SAM, impaired=True, capacity_at=at) for at in (AT, AT + timedelta(hours=1)))
    assert consent_stands(circle(before, OWN, rita), use(), [matter("sam")], yes, AT, TODAY)
    assert not consent_stands(circle(since, OWN, rita), use(), [matter("sam")], yes, AT, TODAY)
    mature = replace(MIA, mature_minor=True, capacity_at=AT + timedelta(hours=1))
    of_a_child = [(ANN_YES, use())]
    assert consent_stands(
        circle(mature, PARENT), use(purpose=Purpose.CARE), [matter("raj", "mia")], of_a_child, AT, TODAY
    )


def test_R31_a_new_human_on_an_account_is_no_recipient() -> None:
    assert is_recipient(use(), person("derm", Role.OUTSIDE_CLINICIAN))
    assert not is_recipient(use(), replace(person("other", Role.OUTSIDE_CLINICIAN), account=Account("@derm:hs.test")))
    assert not is_recipient(use(), person("derm", standing=Standing.LEFT))
    assert not is_recipient(use(), person("derm", Role.PATIENT)), "who left stays as a patient only"


def test_R28a_who_left_takes_no_part_in_a_case_also_where_they_stay_a_patient() -> None:
    assert takes_part(use(), person("derm", Role.OUTSIDE_CLINICIAN)) and takes_part(
        use(), person("lee", Role.CLINICIAN)
    )
    assert not takes_part(use(), person("derm", Role.PATIENT))
    assert not takes_part(use(), person("lee", Role.CLINICIAN, standing=Standing.PAUSED))


# ---- two people


INVITED = Invitation(
    InvitationId("n"),
    "ABC",
    "",
    "",
    Role.PATIENT,
    "Rita",
    AT + timedelta(days=7),
    PersonId("kim"),
    PatientId("sam"),
    Relation.DECISION_MAKER,
)
KIM = person("kim", Role.RECEPTION)


@pytest.mark.parametrize(
    ("change", "maker", "redeemer", "patient", "because"),
    [
        ({}, KIM, None, SAM, ""),
        ({}, KIM, KIM, SAM, "own-invitation"),
        ({"expires_at": AT}, KIM, None, SAM, "expired"),
        ({}, replace(KIM, standing=Standing.LEFT), None, SAM, "maker-left"),
        ({}, replace(KIM, roles=frozenset({Role.PATIENT})), None, SAM, "maker-left"),
        ({}, KIM, None, replace(SAM, died_on=TODAY), "patient-left"),
        ({}, KIM, None, replace(SAM, left_on=TODAY), "patient-left"),
        ({"relation": Relation.PARENT}, KIM, None, SAM, "grown-up"),
        ({"until": TODAY}, KIM, None, SAM, "over"),
        ({"invited_by": SETUP}, None, KIM, SAM, "maker-unknown"),
        ({"invited_by": SETUP}, None, person("sam", Role.PATIENT), SAM, ""),
        ({"invited_by": SETUP, "role": Role.MANAGER}, None, KIM, SAM, ""),
    ],
)
def test_R33_an_invitation_is_judged_again_when_it_is_confirmed(
    change: dict[str, object], maker: Person, redeemer: Person | None, patient: Patient, because: str
) -> None:
    invitation = replace(INVITED, **change)  # type: ignore[arg-type]
    verdict = may_redeem(invitation, maker, redeemer, circle(patient), AT, TODAY)
    assert (verdict.holds, verdict.because) == (not because, because)


def test_R33_capacity_is_taken_and_staff_act_as_patients_only_with_a_second_person() -> None:
    assert needs_second(SAM, Relation.DECISION_MAKER, None, TODAY) and needs_second(SAM, Relation.SELF, KIM, TODAY)
    assert not needs_second(SAM, Relation.SELF, None, TODAY) and not needs_second(MIA, Relation.PARENT, None, TODAY)
    assert needs_second(MIA, Relation.DECISION_MAKER, None, TODAY)  # prepared: it takes capacity on the birthday
    pending = replace(DECIDER, needs_second=True, invited_by=PersonId("kim"))
    sam = circle(replace(SAM, impaired=True), OWN, pending, kim=KIM)
    assert speaks(sam, TODAY) == {}
    confirmed = circle(replace(SAM, impaired=True), OWN, replace(pending, seconded_by=PersonId("lee")), kim=KIM)
    assert speaks(confirmed, TODAY) == {"rita": Relation.DECISION_MAKER}


@pytest.mark.parametrize(
    ("second", "holds"),
    [
        (KIM, False),  # made it
        (person("rita", Role.CLINICIAN), False),  # gains by it
        (person("max", Role.RECEPTION), False),  # capacity is attested by a clinician
        (person("lee", Role.CLINICIAN), True),
        (person("lee", Role.CLINICIAN, standing=Standing.LEFT), False),
        (person("derm", Role.OUTSIDE_CLINICIAN), False),
        (person("sam", Role.CLINICIAN), False),  # is the patient
    ],
)
def test_R33_who_is_a_second_person(second: Person, holds: bool) -> None:
    pending = replace(DECIDER, needs_second=True, invited_by=PersonId("kim"), recorded_at=AT)
    assert bool(may_second(circle(SAM, OWN, pending, kim=KIM), pending, second, TODAY)) == holds
    by_second = replace(pending, invited_by=second.id)
    assert not may_second(circle(SAM, OWN, by_second, kim=KIM), by_second, second, TODAY)


def test_R33_the_patients_own_earlier_account_opens_where_it_was_told() -> None:
    new = held("rita", Relation.CHILD, recorded_at=AT, invited_by="kim")
    sam = circle(SAM, OWN, new, kim=KIM)
    assert may_open(sam, new, person("sam"), told=True, day=TODAY)
    assert not may_open(sam, new, person("sam"), told=False, day=TODAY)
    closed = replace(OWN, recorded_at=AT)  # itself closed to what was filed before
    assert not may_open(circle(SAM, closed, new, kim=KIM), new, person("sam"), told=True, day=TODAY)
    assert not may_open(sam, new, person("rita"), told=True, day=TODAY)


def test_R33_nobody_acts_as_staff_for_a_patient_they_are_or_speak_for() -> None:
    both = replace(person("sam", Role.CLINICIAN, Role.PATIENT))
    assert not may_act_for_the_practice(circle(SAM, OWN), both, TODAY)
    assert may_act_for_the_practice(circle(MIA, PARENT), both, TODAY)
    pending = replace(OWN, needs_second=True)
    assert not may_act_for_the_practice(circle(SAM, pending), both, TODAY), "nor while it waits to be confirmed"
    assert may_act_for_the_practice(circle(SAM, replace(OWN, until=TODAY)), both, TODAY)


@pytest.mark.parametrize(
    ("patient", "relation", "told"),
    [
        (SAM, Relation.DECISION_MAKER, {"sam"}),
        (SAM, Relation.SELF, {"sam"}),
        (MIA, Relation.PARENT, {"ann"}),
        (MIA, Relation.SELF, set()),  # it may be a mature minor's
        (replace(MIA, mature_minor=True), Relation.SELF, set()),
        (replace(MIA, mature_minor=True), Relation.PARENT, {"ann", "mia"}),
    ],
)
def test_R33a_whom_it_might_be_told(patient: Patient, relation: Relation, told: set[str]) -> None:
    around = circle(patient, OWN) if patient is SAM else circle(patient, PARENT, HERSELF)
    assert set(might_be_told(around, relation, PersonId("new"), TODAY)) == told
    assert set(might_be_told(around, relation, PersonId("ann"), TODAY)) == told - {"ann"}
