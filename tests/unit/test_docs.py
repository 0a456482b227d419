"""The page about the workflow says what the tables say, and says it about every cell."""

from __future__ import annotations

import pytest

from bot.domain import copies, image
from bot.domain.image import State
from docs.generate import PAGE, page, reachable
from docs.words import COPY_EVENTS, EVENTS


def test_the_committed_page_is_what_the_tables_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "docs/workflow.md is out of date: python -m docs.generate"


def test_a_changed_rule_changes_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    cell = (State.VERIFIED, image.WithdrawalAsked)
    monkeypatch.setitem(image.TRANSITIONS, cell, image.TRANSITIONS[State.DISCARDED, image.WithdrawalAsked])
    assert PAGE.read_text(encoding="utf-8") != page()


def test_every_event_is_tried() -> None:
    assert {type(event) for event in EVENTS.values()} == set(image.Event.__args__)
    assert {type(event) for event in COPY_EVENTS.values()} == set(copies.Event.__args__)


def test_nothing_is_on_its_way_to_the_record_while_something_is_missing() -> None:
    """Holds for every image that can come about, not only for those a test thought of (R14, R15)."""
    ready = reachable()[State.READY]
    assert ready and not any(image.what_is_missing(one) for one in ready)
