"""Codes: used once, locked after five wrong tries, expired on time, read however people type them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import invitation_events as law
from bot.domain.errors import Refused
from bot.domain.identifiers import Account, AuthorityId, InvitationId, PatientId, PersonId, RoomId
from bot.domain.invitation_codes import Tried, read_code, secret_hash, try_code
from bot.domain.invitations import Invitation, InvitationState, Tell
from bot.domain.people import Authority, Relation, Role, eighteenth_birthday
from bot.ids import SPOKEN
from bot.words.sentence import in_words

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SECRET = "4QXD9TRP"
OPEN = Invitation(
    id=InvitationId("id"),
    selector="K7M",
    salt="salt",
    secret_hash=secret_hash("salt", SECRET),
    role=Role.PATIENT,
    name="Sam Patel",
    expires_at=AT + timedelta(days=7),
    invited_by=PersonId("kim"),
)


def tried(
    invitation: Invitation, secret: str = SECRET, *, account: str = "@sam:hs", identity: str = "Sam", at: datetime = AT
) -> tuple[Invitation, Tried]:
    return try_code(invitation, secret, account=Account(account), identity=identity, room_id=RoomId("!lobby"), at=at)


def test_the_right_code_notes_who_wrote_it_and_where() -> None:
    matched, how = tried(OPEN)
    assert how is Tried.RIGHT and matched.state is InvitationState.MATCHED
    assert (matched.matched_by, matched.matched_identity, matched.matched_room) == ("@sam:hs", "Sam", "!lobby")


@pytest.mark.parametrize(
    ("state", "how"),
    [
        (InvitationState.USED, Tried.CLOSED),
        (InvitationState.LOCKED, Tried.LOCKED),
        (InvitationState.REFUSED, Tried.CLOSED),
    ],
)
def test_a_closed_code_stays_closed_even_for_who_knows_it(state: InvitationState, how: Tried) -> None:
    closed = replace(OPEN, state=state, matched_by=Account("@sam:hs"))
    assert tried(closed) == (closed, how)


@pytest.mark.parametrize("state", list(InvitationState))
@pytest.mark.parametrize("account", ["", "@lee:hs"])
@pytest.mark.parametrize("days", [0, 8])
def test_R33_without_the_secret_nothing_shows_of_an_invitation(state: InvitationState, account: str, days: int) -> None:
    at = AT + timedelta(days=days)
    assert tried(replace(OPEN, state=state, account=Account(account)), "00000000", at=at)[1] is Tried.WRONG


def test_a_matched_code_is_nobody_else_s() -> None:
    matched, _ = tried(OPEN)
    assert tried(matched, account="@eve:hs") == (matched, Tried.CLOSED)


def test_five_wrong_tries_lock_and_then_the_right_one_does_not_open() -> None:
    invitation, answers = OPEN, []
    for _ in range(5):
        invitation, how = tried(invitation, "00000000")
        answers.append(how)
    assert answers == [Tried.WRONG] * 4 + [Tried.NOW_LOCKED]
    assert tried(invitation)[1] is Tried.LOCKED


def test_four_wrong_tries_still_leave_one() -> None:
    invitation = OPEN
    for _ in range(4):
        invitation, _ = tried(invitation, "00000000")
    assert tried(invitation)[1] is Tried.RIGHT


def test_a_code_made_for_an_account_is_not_taken_from_any_other() -> None:
    lee = replace(OPEN, account=Account("@lee:hs"))
    assert tried(lee, account="@eve:hs") == (lee, Tried.ANOTHER_ACCOUNT)
    assert tried(lee, account="@lee:hs")[1] is Tried.RIGHT


def test_a_code_ends_at_its_hour_and_not_before() -> None:
    assert tried(OPEN, at=OPEN.expires_at - timedelta(seconds=1))[1] is Tried.RIGHT
    expired, how = tried(OPEN, at=OPEN.expires_at)
    assert how is Tried.EXPIRED and expired.state is InvitationState.EXPIRED
    assert tried(expired, at=AT)[1] is Tried.EXPIRED, "a clock that goes back opens nothing"


BORN = date(1984, 3, 7)
EVENTS: tuple[law.InvitationEvent, ...] = (
    law.CodeWritten(Account("@sam:hs"), "Sam", RoomId("!lobby")),
    law.CodeWritten(Account("@eve:hs"), "Eve", RoomId("!lobby")),
    law.SecretWrong(),
    law.BirthdayWritten(BORN, BORN),
    law.BirthdayWritten(date(1984, 3, 8), BORN),
    law.Confirmed(),
    law.Denied(),
    law.LetGo(),
    law.Ended(),
    law.TellingAsked((PersonId("ann"),)),
    law.TellingChosen(Tell.NOT_NOW, "they are estranged"),
)
MATCHED = replace(
    OPEN,
    state=InvitationState.MATCHED,
    matched_by=Account("@sam:hs"),
    matched_identity="Sam",
    matched_room=RoomId("!lobby"),
)
OF_PATIENT = replace(MATCHED, patient_id=PatientId("patient"))


def outcome(invitation: Invitation, event: law.InvitationEvent) -> Invitation | None:
    try:
        return law.invitation_after(invitation, event)
    except Refused as refused:
        assert in_words(refused.said).endswith("."), refused.said
        return None


def test_every_state_and_event_is_in_the_table_and_decided_or_refused_with_a_sentence() -> None:
    kinds: tuple[type, ...] = law.InvitationEvent.__args__
    assert {type(event) for event in EVENTS} == set(kinds)
    assert set(law.TRANSITIONS) == set(product(InvitationState, kinds))
    for state, event, before in product(InvitationState, EVENTS, (OPEN, OF_PATIENT)):
        after = outcome(replace(before, state=state), event)
        assert after is None or (after.role, after.name, after.secret_hash) == (OPEN.role, OPEN.name, OPEN.secret_hash)


def test_R33_nobody_is_admitted_by_an_invitation_whose_code_they_did_not_write() -> None:
    for state, event, before in product(InvitationState, EVENTS, (MATCHED, OF_PATIENT)):
        after = outcome(replace(before, state=state), event)
        if after is not None and after.state is InvitationState.USED is not state:
            assert state is InvitationState.MATCHED and isinstance(event, law.Confirmed | law.BirthdayWritten)
        if after is not None and after.state is InvitationState.MATCHED is not state:
            assert state is InvitationState.OPEN and isinstance(event, law.CodeWritten)


def test_R15_what_names_a_patient_opens_by_the_birthday_alone_and_anything_else_by_no_birthday() -> None:
    def opening(invitation: Invitation) -> list[law.InvitationEvent]:
        after = {event: outcome(invitation, event) for event in EVENTS}
        return [event for event, now in after.items() if now is not None and now.state is InvitationState.USED]

    assert opening(OF_PATIENT) == [law.BirthdayWritten(BORN, BORN)]
    assert opening(MATCHED) == [law.Confirmed()]


def test_R15_the_third_wrong_birthday_locks_whatever_was_written_in_between() -> None:
    wrong, invitation = law.BirthdayWritten(date(1984, 3, 8), BORN), OF_PATIENT
    for _ in range(2):
        invitation = law.invitation_after(law.invitation_after(invitation, wrong), law.LetGo())
        invitation = law.invitation_after(invitation, EVENTS[0])
    assert invitation.state is InvitationState.MATCHED
    assert law.invitation_after(invitation, wrong).state is InvitationState.LOCKED


@pytest.mark.parametrize("state", list(InvitationState)[2:])
def test_an_invitation_that_is_over_never_opens_again(state: InvitationState) -> None:
    over = {after.state for event in EVENTS if (after := outcome(replace(MATCHED, state=state), event)) is not None}
    assert over <= {state, InvitationState.EXPIRED}


def test_R32_a_code_that_was_written_and_not_answered_is_as_if_it_had_not_been_written() -> None:
    assert law.invitation_after(MATCHED, law.LetGo()) == OPEN
    assert law.invitation_after(OPEN, law.LetGo()) == OPEN


def test_R33a_whether_others_are_told_is_chosen_until_it_is_over_and_still_once_it_is_used() -> None:
    may = {state for state in InvitationState if outcome(replace(OPEN, state=state), EVENTS[-1]) is not None}
    assert may == {InvitationState.OPEN, InvitationState.MATCHED, InvitationState.USED}


def test_the_secret_is_kept_as_a_salted_hash() -> None:
    assert SECRET not in repr(OPEN)
    assert secret_hash("salt", SECRET) != secret_hash("other", SECRET)


@given(st.text(SPOKEN, min_size=3, max_size=3), st.text(SPOKEN, min_size=8, max_size=8), st.data())
def test_a_code_is_read_however_it_is_typed(selector: str, secret: str, data: st.DataObject) -> None:
    between = st.sampled_from(["-", " ", "", " - ", "–", "."])
    typed = selector + data.draw(between) + secret[:4] + data.draw(between) + secret[4:]
    typed = data.draw(st.sampled_from([typed, typed.lower(), f"  {typed}. ", f"“{typed}”"]))
    looks_alike = {"0": "o", "1": "l", "V": "u"}
    typed = "".join(data.draw(st.sampled_from([c, looks_alike.get(c, c)])) for c in typed)
    assert read_code(typed) == (selector, secret)


@pytest.mark.parametrize(
    "text", ["", "hello", "K7M-4QXD", "my code is K7M-4QXD-9TRP", "K7M-4QXD-9TRP-1", "ÄÖÜ-4QXD-9TRP"]
)
def test_other_words_are_no_code(text: str) -> None:
    assert read_code(text) is None


@given(st.text(max_size=60))
def test_reading_a_code_never_fails(text: str) -> None:
    read_code(text)


def test_a_parent_s_authority_ends_on_the_eighteenth_birthday() -> None:
    until = eighteenth_birthday(date(2010, 5, 4))
    authority = Authority(AuthorityId("id"), PersonId("parent"), PatientId("child"), Relation.PARENT, until)
    assert authority.holds_on(date(2028, 5, 3)) and not authority.holds_on(date(2028, 5, 4))
    assert eighteenth_birthday(date(2008, 2, 29)) == date(2026, 3, 1)
    assert replace(authority, until=None).holds_on(date(2100, 1, 1))
