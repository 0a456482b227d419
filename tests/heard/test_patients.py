"""What patients write is heard as what it means; above all, nothing is heard as more than it says (R34)."""

from __future__ import annotations

import time
import tracemalloc

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.conversation import Open
from bot.domain.deeds import GiveAnswer, HoldPhoto, PlainAnswer, Puzzle, SayStop, StateReason
from bot.heard.alarm import alarm_words
from bot.heard.codes import code_in
from bot.heard.patient import HangsOn, Heard, Written, hear

from .messages import Meaning, WrittenMessage
from .score import FILES, patients_messages
from .scored import read

MESSAGES = [message for file in FILES for message in patients_messages(file)]
OPEN = st.sampled_from([frozenset[Open](), *(frozenset({one}) for one in Open), frozenset(Open)])
HANGING = st.sampled_from([None, *HangsOn])
YES = ["yes 4821", "Yes", "4821", "ok", "sure", "I agree", "go ahead", "please", "thanks"]
TALK = [
    "my left knee",
    "it is red",
    "since Monday",
    "hello doctor",
    "rash on my arm",
    "it itches at night",
    "Kind regards, Sam",
]
DENIALS = [
    "no",
    "not",
    "never",
    "don't",
    "nope",
    "nein",
    "non",
    "I refuse",
    "I can't",
    "won't",
    "only if",
    "but",
    "unless",
    "👎",
]
WITHDRAWALS = [
    "please delete it",
    "wrong photo",
    "don't use it",
    "please remove that picture",
    "I changed my mind",
    "sent by mistake",
    "take it down",
    "I withdraw my consent",
    "don't show it to anyone",
    "delete",
    "unsend",
    "that was meant for my wife",
]
ALARMS = [
    "I can't breathe",
    "chest pain",
    "my throat is swelling",
    "he is unconscious",
    "I want to die",
    "took an overdose",
]
JOINED = st.sampled_from([" ", ", ", ". ", "\n", "! ", " - "])


def wrong(messages: list[WrittenMessage]) -> list[tuple[WrittenMessage, Meaning]]:
    return [(message, meaning) for message in messages if not message.accepts(meaning := read(message))]


def test_ninety_five_of_a_hundred_messages_are_read_right() -> None:
    mistakes = wrong(MESSAGES)
    for message, meaning in mistakes:
        print(message.id, "is", message.means, "read as", meaning)
    assert len(mistakes) <= len(MESSAGES) * 0.05


def test_no_message_is_read_in_the_wrong_direction() -> None:
    assert [(message.text, meaning) for message, meaning in wrong(MESSAGES) if meaning in message.never] == []


@st.composite
def with_one_of(draw: st.DrawFn, words: list[str]) -> str:
    parts = draw(st.lists(st.sampled_from([*YES, *TALK]), max_size=4))
    parts.insert(draw(st.integers(0, len(parts))), draw(st.sampled_from(words)))
    text = parts[0]
    for part in parts[1:]:
        text += draw(JOINED) + part
    return draw(st.sampled_from([text, text.upper(), text.replace("'", "’")]))


def heard(text: str, open_: frozenset[Open], hangs_on: HangsOn | None) -> Heard:
    return hear(Written(text, open_, hangs_on, photos=1, refs=frozenset({"IMG-7F3K"}), numbers=frozenset({"4821"})))


@settings(max_examples=400, deadline=None)
@given(with_one_of([*DENIALS, *WITHDRAWALS, *ALARMS]), OPEN, HANGING)
def test_a_denial_a_withdrawal_or_an_alarm_makes_no_yes_to_a_request(
    text: str, open_: frozenset[Open], hangs_on: HangsOn | None
) -> None:
    deed = heard(text, open_, hangs_on).deed
    assert not (isinstance(deed, GiveAnswer) and deed.answer is PlainAnswer.YES and deed.numbers)


GUARDED = frozenset({Meaning.ALARM, Meaning.HOLD, Meaning.NO, Meaning.NOT_ME})
WRITTEN = [message for message in MESSAGES if message.means in GUARDED and " " in message.text]
CLEAR = ["yes 4821", "4821 yes", "yes IMG-7F3K", "Yes please 4821 thanks", "I agree 4821"]


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(WRITTEN), st.sampled_from(CLEAR), st.booleans(), JOINED, OPEN)
def test_what_people_write_beside_a_clear_yes_takes_its_effect_away(
    message: WrittenMessage, clear: str, first: bool, joined: str, open_: frozenset[Open]
) -> None:
    text = f"{clear}{joined}{message.text}" if first else f"{message.text}{joined}{clear}"
    said = heard(text, open_, None)
    assert not (isinstance(said.deed, GiveAnswer) and said.deed.answer is PlainAnswer.YES and said.deed.numbers)


@pytest.mark.parametrize(
    ("words", "so"),
    [
        ("yes 4821 happy to help", True),
        ("help me please yes 4821", False),
        ("yes 4821 help", False),
        ("4821 yes help us", False),
    ],
)
def test_R34_a_cry_for_help_beside_a_yes_makes_it_none(words: str, so: bool) -> None:
    deed = heard(words, frozenset({Open.CONSENT}), None).deed
    assert (isinstance(deed, GiveAnswer) and deed.answer is PlainAnswer.YES and deed.numbers == ("4821",)) is so


@pytest.mark.parametrize("words", ["{}, i agree you can use the photo", "yes 4821, {}", "you can use my photo. {}"])
def test_R34_a_yes_beside_an_alarm_drowns_none(words: str) -> None:
    texts = [message.text for message in WRITTEN if message.means is Meaning.ALARM and not message.text.startswith(">")]
    drowned = [text for text in texts if not heard(words.format(text), frozenset({Open.CONSENT}), None).alarm]
    assert len(drowned) <= len(texts) * 0.01, drowned


@settings(max_examples=400, deadline=None)
@given(with_one_of(WITHDRAWALS), OPEN, HANGING)
@example("my left knee delete yes 4821", frozenset({Open.WHICH}), None)
def test_a_withdrawal_is_no_reason(text: str, open_: frozenset[Open], hangs_on: HangsOn | None) -> None:
    assert not isinstance(heard(text, open_, hangs_on).deed, StateReason)


@pytest.mark.parametrize("text", ["1 (not 2)", "2 no allergies", "the first, not the second", "2 sorry", "neither"])
def test_R15_an_answer_to_whose_photo_it_is_takes_none_back(text: str) -> None:
    deed = heard(text, frozenset({Open.WHICH}), None).deed
    assert not (isinstance(deed, HoldPhoto) or (isinstance(deed, Puzzle) and "hold" in deed.likely))


@settings(max_examples=400, deadline=None)
@given(with_one_of(ALARMS), OPEN, HANGING)
def test_an_alarm_is_heard_whatever_is_open(text: str, open_: frozenset[Open], hangs_on: HangsOn | None) -> None:
    assert heard(text, open_, hangs_on).alarm


@settings(max_examples=400, deadline=None)
@given(st.text(), OPEN, HANGING)
def test_any_text_is_heard(text: str, open_: frozenset[Open], hangs_on: HangsOn | None) -> None:
    heard(text, open_, hangs_on)
    code_in(text)


@pytest.mark.parametrize(
    "words", ["a ", "stop ", "no ", "not ", "((((", "be worried ", "a,", "1.1.", "\n", "delete it ", "cant ", "😀"]
)
def test_the_longest_message_takes_a_moment(words: str) -> None:
    text = (words * 100_000)[:100_000]
    heard("warm", frozenset(), None)
    before = time.process_time()
    heard(text, frozenset({Open.REASON}), None)
    assert time.process_time() - before < 2  # 0.05 where nothing else runs


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("yes 4821", "4821"),
        ("yes 4812", ""),
        ("yes", ""),
        ("yes 4821 thanks", "4821"),
        ("yes 4821, my knee is better", ""),
    ],
)
def test_a_yes_to_a_request_has_its_number_and_nothing_else(text: str, number: str) -> None:
    deed = heard(text, frozenset({Open.CONSENT}), None).deed
    assert (deed.numbers if isinstance(deed, GiveAnswer) else ()) == ((number,) if number else ())


def test_what_is_too_long_to_be_read_whole_is_no_yes_and_no_reason() -> None:
    long = "yes 4821" + " " * 10_000
    assert not getattr(heard(long, frozenset({Open.CONSENT}), None).deed, "number", "")
    assert not isinstance(heard("my knee " * 1_000, frozenset({Open.REASON}), None).deed, StateReason)
    assert isinstance(heard("my knee " * 1_000 + ". Please delete it", frozenset({Open.REASON}), None).deed, HoldPhoto)


def test_alarm_words_of_the_practice_count_too() -> None:
    assert hear(Written("the pump alarm is on"), ["Pump alarm"]).alarm == ("pump alarm",)


@pytest.mark.parametrize("answer", ["yes IMG-7F3K", "yes 4821", "4821 yes", "I agree 4821", "Yes please 4821 thanks"])
def test_R34_an_alarm_that_runs_on_into_an_answer_is_heard(answer: str) -> None:
    texts = [message.text for message in WRITTEN if message.means is Meaning.ALARM and not message.text.startswith(">")]
    heard_alone = [text for text in texts if alarm_words(text)]
    assert [text for text in heard_alone if not alarm_words(f"{text} {answer}")] == []
    assert [text for text in heard_alone if not alarm_words(f"{answer} {text}")] == []


@pytest.mark.parametrize("words", ["stop yes 4821", "Stop. Yes 4821", "yes 4821\nstop", "STOP\nyes 4821"])
@pytest.mark.parametrize("open_", [frozenset[Open](), *(frozenset({one}) for one in Open), frozenset(Open)])
def test_a_stop_beside_a_yes_to_a_request_answers_nothing_and_is_no_reason(words: str, open_: frozenset[Open]) -> None:
    assert isinstance(heard(words, open_, None).deed, SayStop | HoldPhoto | Puzzle)


@pytest.mark.parametrize(
    "words",
    [
        "what time you shut xmas eve",
        "am i meant to write something here",
        "4821 yes as long as you cant see the tattoo",
        "cooking gimme 20",
        "Mum passed on Thursday. Please do not use her picture for anything",
        "excuse my spelling, it's my left ear",
        "who is going to see it",
        "its my mums leg",
    ],
)
def test_words_that_tell_of_nobody_in_trouble_are_no_alarm(words: str) -> None:
    assert alarm_words(words) == ()


def test_a_doubt_in_words_of_health_is_no_word_about_a_photo() -> None:
    assert isinstance(heard("id feel better if it was just you looking", frozenset({Open.CONSENT}), None).deed, Puzzle)
    assert isinstance(heard("that photo of my back, ive had a rethink", frozenset(), None).deed, HoldPhoto)


def test_a_word_of_thousands_of_letters_takes_no_memory() -> None:
    word = "\u337f" * 4_000  # four letters each, once it is plain
    heard("warm", frozenset(), None)
    tracemalloc.start()
    try:
        heard(f"{word} please delete the photo", frozenset({Open.REASON}), None)
        assert tracemalloc.get_traced_memory()[1] < 10 << 20
    finally:
        tracemalloc.stop()
