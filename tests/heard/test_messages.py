"""Try the messages themselves: that there are enough of each kind, and that a faulty entry is refused."""

from collections import Counter

import pytest

from tests.heard.messages import COMMANDS, Consent, HangsOn, Meaning, Open, OutOfPlace, load, parse

MESSAGES = load()
ENTRY = """
[[message]]
id = "hold-patient-01"
who = "patient"
text = "delete that"
means = "hold"
never = ["yes"]
"""
STATEMENT = """
[[message]]
id = "statement-clinician-01"
who = "clinician"
open = "statement missing"
text = "10421 she said no"
means = "statement"
facts = { mrn = "10421", consent = "denied" }
never = ["yes"]
"""


def test_there_are_enough_of_every_kind_and_most_meet_an_open_question() -> None:
    least = {
        Meaning.HOLD: 60,
        Meaning.ALARM: 40,
        Meaning.QUESTION: 40,
        Meaning.REASON: 60,
        Meaning.CONSENT_NEEDS_TAP: 25,
        Meaning.COMMAND: 60,
        Meaning.STATEMENT: 40,
        Meaning.CODE: 15,
        Meaning.LOST_PHONE: 15,
        Meaning.PASS_ON: 15,
    }
    of = Counter(message.means for message in MESSAGES)
    assert {meaning: of[meaning] for meaning, count in least.items() if of[meaning] < count} == {}
    assert sum(of[meaning] for meaning in (Meaning.YES, Meaning.NO, Meaning.LATER)) >= 40
    assert set(of) == set(Meaning)
    assert sum(message.open is not Open.NOTHING for message in MESSAGES) * 2 >= len(MESSAGES)
    assert sum(message.hangs_on is not HangsOn.NOTHING for message in MESSAGES) >= 40


def test_every_command_is_written_by_somebody() -> None:
    assert {message.command for message in MESSAGES} - {None} == set(COMMANDS.split())


def test_R34_nobody_may_read_a_hold_an_alarm_a_question_or_a_refusal_as_a_yes() -> None:
    guarded = {Meaning.HOLD, Meaning.ALARM, Meaning.QUESTION, Meaning.NO, Meaning.STATEMENT}
    unguarded = [message.id for message in MESSAGES if message.means in guarded and Meaning.YES not in message.never]
    assert unguarded == []
    denied = [message for message in MESSAGES if message.facts and message.facts.consent is Consent.DENIED]
    assert len(denied) >= 20


def test_the_entries_the_faults_are_made_of_are_sound() -> None:
    assert [message.id for message in parse(ENTRY + STATEMENT)] == ["hold-patient-01", "statement-clinician-01"]


@pytest.mark.parametrize(
    "faulty",
    [
        ENTRY + ENTRY,
        ENTRY + ENTRY.replace("-01", "-02"),
        ENTRY + 'mood = "angry"',
        ENTRY + "photos = -1",
        ENTRY + 'photos = "1"',
        ENTRY + 'also = ["yes"]',
        ENTRY + 'also = ["hold"]',
        ENTRY + 'also = ["ask", "ask"]',
        ENTRY + 'also = ["command"]',
        ENTRY + 'also = ["maybe"]',
        ENTRY + 'photo = "7f3k"',
        ENTRY + 'command = "show"',
        ENTRY + 'args = ["IMG-7F3K"]',
        ENTRY + 'facts = { mrn = "10421" }',
        ENTRY + 'unsure = ["born"]',
        ENTRY.replace('"hold"', '"stop"'),
        ENTRY.replace('"hold"', '"command"'),
        ENTRY.replace('"hold"', '"code"'),
        ENTRY.replace('"hold"', '"statement"'),
        ENTRY.replace('who = "patient"', 'who = "dog"'),
        ENTRY.replace('["yes"]', "[]"),
        ENTRY.replace('never = ["yes"]', ""),
        ENTRY.replace("delete that", " "),
        ENTRY.replace("hold-patient-01", "Hold 1"),
        ENTRY.replace("[[message]]", "[[entry]]"),
        STATEMENT.replace('"denied"', '"refused"'),
        STATEMENT.replace("mrn", "number"),
        STATEMENT.replace('mrn = "10421"', 'born = "7/3/84"'),
        STATEMENT + 'unsure = ["name"]',
        STATEMENT + 'command = "show"',
    ],
)
def test_a_faulty_entry_is_refused(faulty: str) -> None:
    with pytest.raises(OutOfPlace):
        parse(faulty)
