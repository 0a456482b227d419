"""Another purpose, through real apps: asked in full by message and poll, answered by tap or words, taken back (R9, R12, R13).

Whatever is wrong with an answer, no copy leaves: each test looks at the recipient's app and at the decision in the journal.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.domain.entries import EntryKind
from bot.domain.use import UseState
from tests.integration.consulting import (
    POLL,
    Consulting,
    asks,
    is_clean,
    picture_in,
    pictures_in,
    poll_of,
    secret_of,
    taps,
)

RESPONSE = "org.matrix.msc3381.poll.response"


def asked(consulting: Consulting) -> tuple[str, dict[str, Any], int]:
    """An education request for a new photo: its reference, Sam's poll, and where the recipient's chat stood before."""
    ref = consulting.photo()
    lee, sam, derm = consulting.lee, consulting.sam, consulting.derm
    mark, before = sam.app.mark(), derm.app.mark()
    asks(
        lee,
        f'!use {ref} for education "registrar teaching, 12 March" seen by "registrars of the clinic" '
        f"until 2031-03-31 recipient {derm.app.user_id} recognisable no",
        "patient is asked",
    )
    return ref, poll_of(sam, ref, after=mark), before


def nothing_left(consulting: Consulting, ref: str, before: int) -> bool:
    """Once the bot has answered the recipient anything at all, whatever it had to show before has been shown."""
    asks(consulting.derm, "!help", "help")
    state = consulting.use_of(ref).state
    shown = pictures_in(consulting.derm, consulting.derm.room, before)
    return not shown and state in {UseState.AWAITING_CONSENT, UseState.REFUSED, UseState.WITHDRAWN}


def test_the_request_says_everything_and_is_shown_as_a_poll(consulting: Consulting) -> None:
    mark = consulting.sam.app.mark()
    ref, poll, _ = asked(consulting)
    assert (poll["wire_type"], poll["shield"]) == ("m.room.encrypted", "none")
    assert poll["content"][POLL]["max_selections"] == 1
    request = consulting.sam.hears("difference to", after=mark)
    for element in (
        ref,
        "Dr Lee",
        "clinician",
        "education",
        "registrar teaching, 12 March",
        "registrars of the clinic",
    ):
        assert element in request
    number = consulting.sam.hears("in words", after=mark)
    assert "yes" in number and "no" in number


def test_no_by_tap_shares_nothing_and_the_requester_hears_no_reasons(consulting: Consulting) -> None:
    ref, poll, before = asked(consulting)
    mark, lee_mark = consulting.sam.app.mark(), consulting.lee.app.mark()
    taps(consulting.sam, poll, "No")
    assert "no difference to any treatment" in consulting.sam.hears("don't agree", after=mark)
    assert "because" not in consulting.lee.hears(ref, after=lee_mark)
    assert nothing_left(consulting, ref, before)
    assert consulting.use_of(ref).state is UseState.REFUSED


def test_yes_by_tap_gives_the_named_recipient_a_clean_copy_and_withdrawing_takes_it_back(
    consulting: Consulting, tmp_path: Path
) -> None:
    ref, poll, before = asked(consulting)
    sam, derm = consulting.sam, consulting.derm
    lees = consulting.lee.app.mark()
    taps(sam, poll, "Yes")
    consulting.lee.hears("agreed to, until 31 March 2031", after=lees)
    shown = picture_in(derm, derm.room, after=before)
    terms = derm.hears("nothing else", after=before)
    assert "registrar teaching, 12 March" in terms and "Sam" not in terms
    there = tmp_path / "shared.jpg"
    derm.app.download(derm.room, shown["id"], there)
    assert is_clean(there.read_bytes())
    consents = [e for e in consulting.entries(ref) if e.kind is EntryKind.CONSENT]
    assert [consent.facts["answer"] for consent in consents] == ["granted"]
    assert consents[0].facts["proof"]["payload"][RESPONSE]["answers"] == [secret_of(poll, "Yes")]

    derm_mark = derm.app.mark()
    answer = asks(sam, f"withdraw {ref}", "health record")
    assert "Dr Derm" in answer
    derm.hears("delete every copy", after=derm_mark)
    derm.sees_redacted(shown["id"])
    derm.sees_gone(shown["content"]["file"]["url"])
    assert consulting.use_of(ref).state is UseState.WITHDRAWN
    asks(consulting.lee, f"!forward {ref} {derm.app.user_id} and now?", "may not be used")


# ---- answers that don't count


def from_another_person(consulting: Consulting, poll: dict[str, Any]) -> None:
    """The secret of Sam's answer, sent by another patient and by the recipient, each in their own room."""
    content = {RESPONSE: {"answers": [secret_of(poll, "Yes")]}}
    for other in (consulting.noor, consulting.derm):
        mark = other.app.mark()
        other.app.call("send_event", room=other.room, type=RESPONSE, content=content)
        other.hears("wasn't yours", after=mark)


def twice(consulting: Consulting, poll: dict[str, Any]) -> None:
    mark = consulting.sam.app.mark()
    taps(consulting.sam, poll, "No")
    consulting.sam.hears("don't agree", after=mark)
    taps(consulting.sam, poll, "Yes")
    consulting.sam.hears("answered already", after=mark)


def edited_afterwards(consulting: Consulting, poll: dict[str, Any]) -> None:
    """ "no" in words, then made into "yes" by an edit."""
    sam, number = consulting.sam, number_of(consulting)
    mark = sam.app.mark()
    said = sam.says(f"no {number}")
    sam.hears("don't agree", after=mark)
    sam.app.edit(sam.room, said, f"yes {number}")
    sam.hears("don't follow edits", after=mark)


def redacted_afterwards(consulting: Consulting, poll: dict[str, Any]) -> None:
    """A refusal that is deleted from the chat stays a refusal."""
    sam = consulting.sam
    mark = sam.app.mark()
    said = taps(sam, poll, "No")
    sam.hears("don't agree", after=mark)
    mark = sam.app.mark()
    sam.app.redact(sam.room, said)
    sam.hears("still counts as you gave it", after=mark)


def by_reaction(consulting: Consulting, poll: dict[str, Any]) -> None:
    mark = consulting.sam.app.mark()
    consulting.sam.app.react(consulting.sam.room, poll["id"], "👍")
    consulting.sam.hears("reaction", after=mark)


def yes_but(consulting: Consulting, poll: dict[str, Any]) -> None:
    number = number_of(consulting)
    asks(consulting.sam, f"yes {number} but only the hand", "only a clear yes or no")


def with_two_answers(consulting: Consulting, poll: dict[str, Any]) -> None:
    both = [secret_of(poll, "Yes"), secret_of(poll, "No")]
    sam = consulting.sam
    mark = sam.app.mark()
    sam.app.call("poll_answer", room=sam.room, event_id=poll["id"], answer_ids=both)
    sam.hears("one answer|wasn't yours", after=mark)


def number_of(consulting: Consulting) -> str:
    said = consulting.sam.app.timeline(consulting.sam.room)
    bodies = [str(event["content"].get("body", "")) for event in said]
    return next(body for body in reversed(bodies) if "in words" in body).partition("“yes ")[2][:4]


@pytest.mark.parametrize(
    "answer",
    [from_another_person, twice, edited_afterwards, redacted_afterwards, by_reaction, yes_but, with_two_answers],
)
def test_no_copy_leaves_on_an_answer_that_does_not_count(
    consulting: Consulting, answer: Callable[[Consulting, dict[str, Any]], None]
) -> None:
    ref, poll, before = asked(consulting)
    answer(consulting, poll)
    assert nothing_left(consulting, ref, before)
