"""The practice of before has every kind of row: each table, each word a column may hold, and both sides of what is yes or no."""

from __future__ import annotations

from typing import Any

import pytest

from tests.upgrade.before import BEFORE

ROWS: dict[str, list[dict[str, Any]]] = BEFORE["rows"]

# What no row of 97487ff holds, and why.
NEVER_KEPT = {
    "copies.what": {"edit", "reply"},  # the domain named them, and nothing made one
    "copies.state": {"erasing"},  # only within the commit that settles it
    "documents.kind": {"image"},  # an image is no document
    "consent_answers.capacity": {"child"},  # nobody is asked in it
}
ALWAYS_EMPTY = {
    "bursts.version",  # never changed while there is only one photo in it
    "consent_answers.version",  # never an edit
    "disclosures.version",
    "people.notice_due",  # spent by the answer in the same commit
}
BOTH = (
    "breaches.closed_at",
    "legal_holds.released_at",
    "choices.used_at",
    "rooms.deserted",
    "patients.mature_minor",
    "patients.impaired",
    "patients.left_on",
    "disclosures.concealed",
    "images.stopped",
    "images.sealed",
    "images.moving_to",
    "images.statement",
    "authorities.until",
    "record_entry.mirrored",
    "registration_tokens.invitation_id",
    "screenings.findings",
    "destructions.done_at",
    "uses.intimate",
    "uses.deidentified",
)
UNSET: tuple[Any, ...] = (None, "", 0, [], {})


def values(place: str) -> list[Any]:
    table, column = place.split(".")
    return [row[column] for row in ROWS[table]]


def test_every_table_has_rows() -> None:
    assert [table for table, rows in ROWS.items() if not rows] == []


@pytest.mark.parametrize("place", BEFORE["words"])
def test_every_word_a_column_may_hold_is_in_a_row(place: str) -> None:
    """The words as 97487ff knew them."""
    assert set(BEFORE["words"][place]) - set(values(place)) == NEVER_KEPT.get(place, set())


def test_no_column_is_empty_in_every_row() -> None:
    places = [f"{table}.{column}" for table, rows in ROWS.items() for column in rows[0]]
    assert {place for place in places if all(value in UNSET for value in values(place))} == ALWAYS_EMPTY


def test_a_yes_a_stop_and_an_open_end_stand_beside_their_opposites() -> None:
    for place in BOTH:
        assert {value in UNSET for value in values(place)} == {True, False}, place
    assert {"viewed", "forwarded", "copy", "required-by-law"} <= set(values("disclosures.how"))
    assert {"new", "waiting-for-key", "unreadable", "handled", "quarantined"} == set(values("inbox.state"))
    assert any(why.startswith("same as IMG-") for why in values("images.discarded_because"))
    states = {use["id"]: use["state"] for use in ROWS["uses"]}
    answered = {(row["capacity"], row["answer"], states[row["use_id"]]) for row in ROWS["consent_answers"]}
    assert {
        ("parent", "granted", "released"),
        ("self", "granted", "granted"),
        ("self", "withdrawn", "withdrawn"),
    } <= answered
    waiting = {(row["kind"], row["progress"]) for row in ROWS["intents"]}
    assert {("destroy-image", "held"), ("file-image", "due"), ("move-image", "due")} <= waiting
