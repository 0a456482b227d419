"""Texts a practice may replace: nothing but values comes into them, and what the rules demand can't be left out."""

from __future__ import annotations

from string import Template

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.built_in_texts import AS_THEY_COME, BUILT_IN, CONSENT, REQUEST_FOR_CONSENT, WELCOME_PATIENT
from bot.domain.texts import LONGEST, Text, Texts, missing_elements, problems

ALL = list(BUILT_IN.values())

# docs/rules.md, "Specific consent tells the patient": each element, and the placeholder that says it.
DEMANDED = {
    "who asks": "asker",
    "in what role they ask": "role",
    "which image it is": "refs",
    "the purpose": "purpose",
    "how it will be used": "how",
    "who will see it": "seen_by",
    "whether they could be recognised": "recognisable",
    "for how long": "until",
    "that they may refuse or withdraw without difference to their care": "freedom",
}


@pytest.mark.parametrize("text", ALL, ids=lambda text: text.name)
def test_every_built_in_text_may_be_used_itself(text: Text) -> None:
    assert list(problems(text, text.body)) == []
    assert "$" not in AS_THEY_COME.render(text.name, **text.sample)


@pytest.mark.parametrize(("element", "placeholder"), DEMANDED.items())
def test_a_request_for_consent_without_an_element_is_refused_by_its_name(element: str, placeholder: str) -> None:
    """R9."""
    without = REQUEST_FOR_CONSENT.body.replace(f"${placeholder}", "somebody")
    assert missing_elements(REQUEST_FOR_CONSENT, without) == [
        f"must say {element}: put ${placeholder} where it belongs"
    ]


def test_an_implied_consent_says_that_it_is_for_nothing_else() -> None:
    """R1."""
    (missing,) = missing_elements(CONSENT, "You agree to its use for $purpose.")
    assert "nothing else" in missing


@pytest.mark.parametrize("text", ALL, ids=lambda text: text.name)
def test_what_must_be_said_is_said_in_the_rendered_words(text: Text) -> None:
    rendered = AS_THEY_COME.render(text.name, **text.sample)
    for one in text.placeholders:
        if one.must:
            assert one.sample.strip() in rendered


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "is empty"),
        ("Welcome to $practise", "did you mean $practice?"),
        ("Welcome to $practice, $5 off", "write $$"),
        ("Welcome to ${practice.__class__}", "write $$"),
        ("Welcome to $practice" + "!" * LONGEST, "longer than"),
        ("Welcome to $practice \u202egnp", "invisible"),
    ],
)
def test_a_text_that_could_not_be_read_as_written_is_refused(body: str, words: str) -> None:
    assert any(words in problem for problem in problems(WELCOME_PATIENT, body))


@given(st.text())
def test_a_value_is_never_read_as_a_template(value: str) -> None:
    texts = Texts(BUILT_IN, {"welcome_patient": "<$practice>"})
    assert texts.render("welcome_patient", practice=value) == f"<{value}>".strip()


@given(st.text(max_size=200))
def test_whatever_passes_the_check_can_be_rendered(body: str) -> None:
    body = f"$practice {body}"
    if not list(problems(WELCOME_PATIENT, body)):
        Texts(BUILT_IN, {"welcome_patient": body}).render("welcome_patient", practice="Hill Street")


def test_the_same_words_have_the_same_version_and_other_words_another() -> None:
    ours = AS_THEY_COME.version("consent")
    assert Texts(BUILT_IN, {"consent": CONSENT.body}).version("consent") == ours
    assert Texts(BUILT_IN, {"consent": CONSENT.body + " "}).version("consent") != ours
    assert Template(CONSENT.body).is_valid()
