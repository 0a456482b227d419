"""Who may hear, see, answer, consent and admit: a small change to each rule of `domain.authority`, and who notices."""

from __future__ import annotations

from dataclasses import replace

from .mutant import Mutant

CIRCLE = "bot/domain/authority/circle.py"
HEARING = "bot/domain/authority/hearing.py"
CONSENTING = "bot/domain/authority/consenting.py"
ADMITTING = "bot/domain/authority/admitting.py"
TABLES = "tests/unit/test_authority.py"


def _mutant(breaks: str, text: str, instead: str, test: str, file: str) -> Mutant:
    return Mutant(f"authority: {breaks}", file, text, instead, f"{TABLES}::{test}")


def _seen(breaks: str, text: str, instead: str, test: str, file: str) -> Mutant:
    """One that the histories notice too."""
    return replace(_mutant(breaks, text, instead, test, file), seen_by_histories=True)


DEAD = "test_R28a_death_ends_every_authority_and_every_message"
MATURE = "test_R33a_what_is_a_mature_minors_own_reaches_no_parent"
OWN_YES = "test_R9_a_mature_minors_own_yes_is_needed_beside_the_parents"
TWO_PARENTS = "test_R29a_a_no_of_one_of_two_parents_stands_until_they_change_it_or_may_not_answer"
COVERS = "test_R31_a_consent_covers_its_own_use_and_time"
OUTLASTS = "test_R31_what_was_given_for_somebody_else_ends_with_the_capacity_and_the_patients_own_does_not"
NEW_HUMAN = "test_R31_a_new_human_on_an_account_is_no_recipient"
CASE = "test_R28a_who_left_takes_no_part_in_a_case_also_where_they_stay_a_patient"
REDEEMED = "test_R33_an_invitation_is_judged_again_when_it_is_confirmed"
SECOND = "test_R33_who_is_a_second_person"
TWO_PEOPLE = "test_R33_capacity_is_taken_and_staff_act_as_patients_only_with_a_second_person"
BEFORE = "test_R33_what_was_filed_before_is_closed_until_it_is_opened"
OPENS = "test_R33_the_patients_own_earlier_account_opens_where_it_was_told"
IMPLIED = "test_R30_an_implied_consent_is_for_whose_it_was"
IMPAIRED = "test_an_impaired_patient_still_sends_hears_and_sees_and_implies_nothing"

NEVER = "test_R31_a_yes_of_somebody_who_was_never_the_patient_counts_for_nothing"

AUTHORITY = (
    _mutant(
        "R31: a yes of somebody who was never the patient counts for nothing",
        "        and not held.never_theirs\n        and was_recorded(held, answer.at)\n",
        "        and was_recorded(held, answer.at)\n",
        NEVER,
        CONSENTING,
    ),
    _mutant(
        "R33a: what is a mature minor's own is not looked after by their parent",
        "    if theirs and not may_act_for_the_practice(circle, person, day):",
        "    if False:",
        "test_R33a_what_is_a_mature_minors_own_is_not_looked_after_by_their_parent",
        HEARING,
    ),
    _mutant(
        "R31: nor does a later code bring it back",
        "        and was_recorded(held, answer.at)\n",
        "",
        NEVER,
        CONSENTING,
    ),
    _mutant(
        "R31: nor does a capacity that is given anew",
        " and any(held.holds_on(day) for held in had)",
        "",
        "test_R31_a_yes_for_somebody_else_does_not_revive_when_they_are_linked_anew",
        CONSENTING,
    ),
    _mutant(
        "R31: nor where the patient decided for themselves since",
        "    if _decided_since(circle, answer.capacity, answer.at, day):",
        "    if False:",
        "test_R31_a_yes_for_a_grown_up_ends_where_they_decided_for_themselves_since",
        CONSENTING,
    ),
    _mutant(
        "R30: nothing is implied in a capacity that was never theirs",
        "        and not never_had(held, consent.person_id, consent.capacity, consent.at)\n",
        "",
        IMPLIED,
        CONSENTING,
    ),
    _mutant(
        "R30: nothing is implied by whoever only seemed to be one of the patient's people",
        "    if matter.from_wrong_person:",
        "    if False:",
        IMPLIED,
        CONSENTING,
    ),
    _mutant(
        "R28a: nobody answers for the dead",
        "    if circle.patient.died_on is not None:\n        return {}\n    wanted",
        "    wanted",
        DEAD,
        CIRCLE,
    ),
    _mutant(
        "R28a: of their sending nobody hears after a death",
        "    if circle is not None and circle.patient.died_on is not None:",
        "    if False:",
        DEAD,
        HEARING,
    ),
    _mutant(
        "R28: a paused account speaks for nobody",
        "for id, relation in may_answer(circle, day).items() if is_active(circle, id)}",
        "for id, relation in may_answer(circle, day).items()}",
        "test_R28_who_is_paused_or_has_left_speaks_for_nobody",
        CIRCLE,
    ),
    _mutant(
        "R28: a parent's authority ends on the birthday",
        "    if day >= eighteenth_birthday(patient.born):\n        return {Relation",
        "    if day > eighteenth_birthday(patient.born):\n        return {Relation",
        "test_R28_authority_is_what_holds_that_day",
        CIRCLE,
    ),
    _seen(
        "a grown-up answers for themselves",
        "return {Relation.DECISION_MAKER, Relation.GUARDIAN} if patient.impaired else {Relation.SELF}",
        "return {Relation.DECISION_MAKER, Relation.GUARDIAN, Relation.SELF}",
        "test_who_may_answer_in_every_case",
        CIRCLE,
    ),
    _mutant(
        "an impaired patient still hears",
        "    return speaks(circle, day) | themselves",
        "    return speaks(circle, day)",
        IMPAIRED,
        CIRCLE,
    ),
    _mutant(
        "R30: who may not answer implies no consent by sending",
        "    relation = speaks(circle, day).get(person_id)\n    if relation not in who_decides(circle.patient, sent_on) or",
        "    relation = hears(circle, day).get(person_id)\n    if False and",
        IMPAIRED,
        CONSENTING,
    ),
    _seen(
        "R29: a sender who does not speak for the patient hears nothing about the image",
        "    if relation is None:\n        return Verdict(False",
        "    if relation is None:\n        return Verdict(matter.sender_id == person_id",
        "test_R29_a_sender_who_does_not_speak_for_the_patient_hears_only_of_their_sending",
        HEARING,
    ),
    _mutant(
        "R28: of a sending only its sender hears",
        '    return Verdict(matter.sender_id == person_id, "R28", "own-sending")',
        '    return Verdict(True, "R28", "own-sending")',
        "test_R29_a_sender_who_does_not_speak_for_the_patient_hears_only_of_their_sending",
        HEARING,
    ),
    _seen(
        "R33a: a parent hears nothing of a mature minor's own",
        "    if relation is not Relation.SELF and (is_their_own(circle, matter, day) or _of_a_child_alone(circle, matter, day)):",
        "    if False:",
        MATURE,
        HEARING,
    ),
    _mutant(
        "R33a: and answers nothing about it",
        "    return {id: relation for id, relation in able.items() if (relation is Relation.SELF) is own}",
        "    return able",
        OWN_YES,
        CONSENTING,
    ),
    _seen(
        "R33: what was filed before is closed",
        "not any(authority.is_open for authority in held)",
        "False",
        BEFORE,
        HEARING,
    ),
    _mutant(
        "R33: what one sent oneself is not",
        "    if matter.sender_id != person_id and not any(",
        "    if not any(",
        BEFORE,
        HEARING,
    ),
    _mutant(
        "R33: it opens when it was opened",
        "        return self.recorded_at is None or self.opened_at is not None",
        "        return self.recorded_at is None",
        BEFORE,
        "bot/domain/people.py",
    ),
    _mutant(
        "R33: without the second person it does not hold",
        "return not self.needs_second or bool(self.seconded_by)",
        "return True",
        TWO_PEOPLE,
        "bot/domain/people.py",
    ),
    _mutant(
        "R33: who works here acts as a patient with a second person",
        "    return works_here or _decides_for_a_grown_up(patient, relation, day)",
        "    return _decides_for_a_grown_up(patient, relation, day)",
        TWO_PEOPLE,
        ADMITTING,
    ),
    _mutant(
        "R33: capacity is taken with a second person",
        "    return works_here or _decides_for_a_grown_up(patient, relation, day)",
        "    return works_here",
        TWO_PEOPLE,
        ADMITTING,
    ),
    _mutant(
        "R33: who asks is not whom is asked",
        "        if id != asked_by and all(",
        "        if all(",
        "test_R33_who_asks_is_never_who_answers",
        CONSENTING,
    ),
    _mutant(
        "R33: the yes of who asks is none",
        " or answer.person_id == use.asked_by:",
        ":",
        "test_R33_who_asks_is_never_who_answers",
        CONSENTING,
    ),
    _seen(
        "R29a: one of two parents' no stands",
        "    if said_no(circle, matters, said, use.purpose, day):",
        "    if False:",
        TWO_PARENTS,
        CONSENTING,
    ),
    _mutant(
        "R29a: until they change it",
        "latest = {answer.person_id: answer.answer for answer in about}",
        "latest = {answer.person_id: answer.answer for answer in reversed(about)}",
        TWO_PARENTS,
        CONSENTING,
    ),
    _mutant(
        "R29a: for the same purpose",
        "if use.purpose is purpose and matter.image_id in use.image_ids]",
        "if matter.image_id in use.image_ids]",
        TWO_PARENTS,
        CONSENTING,
    ),
    _mutant(
        "R29a: of this image",
        "if use.purpose is purpose and matter.image_id in use.image_ids]",
        "if use.purpose is purpose and {m.image_id for m in matters} & {*use.image_ids}]",
        "test_R29a_a_yes_to_one_image_changes_no_no_to_another",
        CONSENTING,
    ),
    _mutant(
        "R30: nor who decides only by what was attested since",
        "_decided_since(circle, relation, sent_at, day):",
        "False:",
        "test_R30_sending_is_no_consent_of_who_decides_only_since",
        CONSENTING,
    ),
    _seen(
        "R9: a mature minor's own yes is needed",
        "    if _needs_own_yes(circle, use.purpose, day) and",
        "    if False and",
        OWN_YES,
        CONSENTING,
    ),
    _mutant(
        "R12: a consent ends",
        "    if use.until is None or at >= use.until:",
        "    if use.until is None:",
        COVERS,
        CONSENTING,
    ),
    _mutant("R28a: what is held releases nothing", "    if use.waits:", "    if False:", COVERS, CONSENTING),
    _mutant(
        "R31: it covers its own use",
        "    answers = [answer for answer, to in said if to.id == use.id]",
        "    answers = [answer for answer, to in said]",
        COVERS,
        CONSENTING,
    ),
    _seen(
        "R31: what was given for somebody else ends with the capacity",
        "may_answer(circle, day).get(answer.person_id) is answer.capacity",
        "True",
        OUTLASTS,
        CONSENTING,
    ),
    _mutant(
        "R31: the patient's own outlasts their capacity",
        "    if answer.capacity is Relation.SELF:\n        return bool(had)",
        "    if False:\n        return bool(had)",
        OUTLASTS,
        CONSENTING,
    ),
    _mutant(
        "R13: what was withdrawn is none",
        "    if any(answer.answer is Answer.WITHDRAWN for answer in answers):",
        "    if False:",
        OUTLASTS,
        CONSENTING,
    ),
    _mutant(
        "R30: an implied consent is for whose it was",
        "        and consent.patient_id == matter.patient_id\n",
        "",
        IMPLIED,
        CONSENTING,
    ),
    _mutant(
        "R30: and by who could answer", "        and consent.capacity is not Relation.CHILD\n", "", IMPLIED, CONSENTING
    ),
    _mutant(
        "R31: a new human on the account is no recipient",
        'person.id in use.recipient_ids, "R31"',
        'person.account in use.recipients, "R31"',
        NEW_HUMAN,
        CONSENTING,
    ),
    _mutant(
        "R28a: who left takes no part in a case",
        "    here = person.standing is Standing.ACTIVE and person.is_clinician",
        "    here = person.standing is Standing.ACTIVE",
        CASE,
        CONSENTING,
    ),
    _mutant(
        "R33: nobody redeems their own invitation",
        "    if redeemer is not None and maker is not None and redeemer.id == maker.id:",
        "    if False:",
        REDEEMED,
        ADMITTING,
    ),
    _mutant("R33: an invitation ends", "    if at >= invitation.expires_at:", "    if False:", REDEEMED, ADMITTING),
    _mutant(
        "R33: and when its maker left",
        "    if maker.standing is Standing.LEFT:\n        return False\n",
        "",
        REDEEMED,
        ADMITTING,
    ),
    _seen(
        "R33: who made it is no second person",
        "    if is_same_human(circle, authority.invited_by, person):",
        "    if False:",
        SECOND,
        ADMITTING,
    ),
    _mutant(
        "R33: nor who gains by it",
        "    if not may_act_for_the_practice(circle, person, day):  # nor",
        "    if False:  # nor",
        SECOND,
        ADMITTING,
    ),
    _mutant(
        "R33: capacity is a clinician's to attest",
        "    if takes_capacity(circle.patient, authority.relation, day) and not attested:",
        "    if False:",
        SECOND,
        ADMITTING,
    ),
    _mutant(
        "R33: nobody acts as staff for a patient they are",
        '    return Verdict(not any(is_same_human(circle, id, person) for id in involved), "R33", "speaks-for-them")',
        '    return Verdict(True, "R33", "speaks-for-them")',
        "test_R33_nobody_acts_as_staff_for_a_patient_they_are_or_speak_for",
        ADMITTING,
    ),
    _mutant(
        "R33a: who was not told opens nothing",
        "    themselves = told and bool(earlier)",
        "    themselves = bool(earlier)",
        OPENS,
        ADMITTING,
    ),
    _mutant(
        "R33: who is closed opens nothing",
        "if held.id != authority.id and held.is_open]",
        "if held.id != authority.id]",
        OPENS,
        ADMITTING,
    ),
    Mutant(
        "R29: whoever sent a photo does not read the answer to what somebody else wrote",
        "handlers/team/reply.py",
        "and not others_wrote and not",
        "and not",
        "tests/unit/test_reply.py::test_R29_where_somebody_else_wrote_last_the_sender_does_not_read_the_answer_unasked",
    ),
)
