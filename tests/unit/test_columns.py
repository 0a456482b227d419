"""What a column holds comes back as it went in, is written as it always was, and has no other shape."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError
from pydantic_core import PydanticSerializationError
from sqlalchemy.dialects.sqlite import dialect

from bot.domain.identifiers import PatientId
from bot.domain.sealed import SealedObject
from bot.domain.statement import ConsentKind, Statement
from storage.sql.schema import Shaped

DIALECT = dialect()
SEALED = SealedObject("abc123", PatientId("p1"), "a2V5", 1, 1000, "f" * 64)
STATED = Statement(photographer="Dr Lee", consent=ConsentKind.WRITTEN, consent_on=date(2026, 11, 23))
KEPT: list[tuple[Any, Any, str]] = [
    (tuple[str, ...], ("b", "a"), '["b","a"]'),
    (tuple[str, ...], (), "[]"),
    (
        SealedObject,
        SEALED,
        '{"key_version":1,"object_id":"abc123","patient_id":"p1","sha256":"'
        + "f" * 64
        + '","size":1000,"wrapped_key":"a2V5"}',
    ),
    (
        Statement,
        STATED,
        '{"born":null,"consent":"written","consent_on":"2026-11-23","covers_advice":false,"form_id":"","form_kept":false,'
        '"given_by":null,"kind":null,"number":"","patient_id":"","photographer":"Dr Lee","reason":""}',
    ),
]


@pytest.mark.parametrize(("of", "value", "text"), KEPT)
def test_it_comes_back_as_it_was_and_is_written_as_it_always_was(of: Any, value: Any, text: str) -> None:
    column = Shaped(of)
    assert column.process_bind_param(value, DIALECT) == text
    assert column.process_result_value(text, DIALECT) == value
    assert type(column.process_result_value(text, DIALECT)) is type(value)


def test_what_a_version_of_before_did_not_know_is_as_if_it_was_not_said() -> None:
    read = Shaped(Statement).process_result_value('{"photographer":"Dr Lee"}', DIALECT)
    assert read == Statement(photographer="Dr Lee")


@pytest.mark.parametrize("value", ["one string", ("a", 7)])
def test_another_shape_does_not_go_in(value: Any) -> None:
    with pytest.raises(PydanticSerializationError):
        Shaped(tuple[str, ...]).process_bind_param(value, DIALECT)


@pytest.mark.parametrize("text", ['{"a":1}', '"one string"', "[7]", "no JSON"])
def test_another_shape_does_not_come_out(text: str) -> None:
    with pytest.raises(ValidationError):
        Shaped(tuple[str, ...]).process_result_value(text, DIALECT)
