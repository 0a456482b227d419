"""Advice from an outside clinician, played through real apps against the real bot: asked, talked over, filed, purged (R5, R7)."""

from __future__ import annotations

from pathlib import Path

from bot.domain.entries import EntryKind
from bot.domain.use import UseState
from tests.bot_process import until
from tests.integration.consulting import POLL, Consulting, asks, is_clean, picture_in, poll_of, taps

QUESTION = "is this a melanoma?"
SUMMARY = "looks benign, review in six weeks"


def test_advice_from_an_outside_clinician_from_the_question_to_the_empty_room(
    consulting: Consulting, tmp_path: Path
) -> None:
    lee, derm = consulting.lee, consulting.derm
    ref = consulting.photo()
    mark = lee.app.mark()
    lee.says(f"!forward {ref} {derm.app.user_id} {QUESTION}")
    poll = poll_of(lee, "rash on my arm, three days", after=mark)
    assert (poll["type"], poll["wire_type"], poll["shield"]) == (POLL, "m.room.encrypted", "none")
    taps(lee, poll, "Yes")
    case = derm.invited()
    intro = derm.hears("asks for advice", room=case)
    assert QUESTION in intro and "rash on my arm, three days" in intro and "Sam" not in intro

    shown = picture_in(derm, case)
    there = tmp_path / "shown.jpg"
    derm.app.download(case, shown["id"], there)
    assert is_clean(there.read_bytes())
    assert "sam" not in str(shown["content"]).casefold(), "no name travels, not even in a file name"
    assert lee.invited() == case, "who asked comes later"
    picture_in(lee, case)

    derm.says("no atypical network, I would wait", room=case)
    said = lee.app.wait(case, from_=derm.app.user_id, body_regex="atypical")
    assert said["shield"] == "none"
    answer = asks(lee, f"!close {SUMMARY}", "goes to the record", room=case)
    assert derm.app.user_id not in answer
    own_copy = poll_of(derm, "own record", room=case)
    assert not derm.app.event(shown["id"])["redacted"], "nothing is purged before the recipient has answered"

    lee_tries = poll_of(lee, "own record", room=case)
    mark = lee.app.mark()
    taps(lee, lee_tries, "Not needed")
    lee.hears("wasn't yours", room=case, after=mark)
    assert consulting.use_of(ref).state is UseState.RELEASED

    taps(derm, own_copy, "Not needed")
    for event in (shown["id"], said["id"], own_copy["id"]):
        derm.sees_redacted(event)
    derm.sees_gone(shown["content"]["file"]["url"])
    assert consulting.use_of(ref).state is UseState.CLOSED

    def left() -> list[str]:
        bodies = [str(event["content"].get("body", "")) for event in derm.app.timeline(case) if not event["redacted"]]
        return [body for body in bodies if any(words in body for words in (QUESTION, SUMMARY, "rash", "atypical"))]

    until(lambda: not left(), "nothing of it is left in the room", observed=left)
    consulting.has_filed(ref, EntryKind.NOTE, SUMMARY)


def test_what_is_asked_in_two_apps_at_once_is_answered_once(consulting: Consulting) -> None:
    """A second tap on the attestation changes nothing and opens no second room."""
    lee, derm = consulting.lee, consulting.derm
    ref = consulting.photo("a mole that grew")
    mark = lee.app.mark()
    lee.says(f"!forward {ref} {derm.app.user_id} {QUESTION}")
    poll = poll_of(lee, "a mole that grew", after=mark)
    taps(lee, poll, "No")
    lee.hears("patient is asked", after=mark)
    taps(lee, poll, "Yes")
    lee.hears("answered already", after=mark)
    assert consulting.use_of(ref).state is UseState.AWAITING_CONSENT


def test_whoever_asked_hears_that_a_colleague_or_the_patient_has_left_the_room(consulting: Consulting) -> None:
    """Nothing reaches somebody who is not there: said clearly, and nothing is sent. The patient is invited back."""
    lee, derm, sam = consulting.lee, consulting.derm, consulting.sam
    ref = consulting.photo("a bite")
    mark = lee.app.mark()
    lee.says(f"!forward {ref} {derm.app.user_id} {QUESTION}")
    taps(lee, poll_of(lee, "a bite", after=mark), "Yes")
    case = derm.invited()
    lee.invited()
    derm.hears("asks for advice", room=case)
    derm.app.call("leave", room=case)
    lee.hears("Dr Derm has left the room", after=mark)

    teaching = f'!use {ref} for education "x" seen by "y" until 2031-03-31 recipient {derm.app.user_id} recognisable no'
    sam.app.call("leave", room=sam.room)
    lee.hears("left their chat", room=consulting.practice.team, after=mark)
    asks(lee, teaching, "has left the chat with me")
    assert sam.invited() == sam.room
    asks(sam, "my images", ref)
    asks(lee, teaching, "patient is asked")
