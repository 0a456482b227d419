"""Advice from an outside clinician, played through real apps against the real bot: asked, talked over, filed, purged (R5, R7)."""

from __future__ import annotations

import re
from pathlib import Path

from bot.domain.entries import EntryKind
from bot.domain.use import UseState
from tests.integration.consulting import POLL, Consulting

QUESTION = "is this a melanoma?"
SUMMARY = "looks benign, review in six weeks"


def test_advice_from_an_outside_clinician_from_the_question_to_the_empty_room(
    consulting: Consulting, tmp_path: Path
) -> None:
    lee, derm = consulting.lee, consulting.derm
    ref = consulting.photo()
    mark = lee.app.mark()
    lee.writes(f"!forward {ref} {derm.account} {QUESTION}")
    poll = lee.poll("rash on my arm, three days", after=mark)
    assert (poll["type"], poll["wire_type"], poll["shield"]) == (POLL, "m.room.encrypted", "none")
    lee.taps(poll, "Yes")
    case = derm.is_invited(": case")
    assert lee.is_invited(": case") == case
    intro = derm.hears("asks for advice", room=case)
    assert QUESTION in intro and "rash on my arm, three days" in intro and "Sam" not in intro

    shown = derm.picture(case)
    there = tmp_path / "shown.jpg"
    derm.app.download(case, shown["id"], there)
    data = there.read_bytes()
    assert data.startswith(b"\xff\xd8") and not re.search(b"Exif|GPS|http://ns.adobe.com|Photoshop", data)
    assert "sam" not in str(shown["content"]).casefold(), "no name travels, not even in a file name"
    lee.picture(case)

    derm.writes("no atypical network, I would wait", room=case)
    said = lee.app.wait(case, from_=derm.account, body_regex="atypical", timeout_s=30)
    assert said["shield"] == "none"
    answer = lee.asks_bot(f"!close {SUMMARY}", "filed|Filed", room=case)
    assert derm.account not in answer
    own_copy = derm.poll("own record", room=case)
    assert not derm.app.event(shown["id"])["redacted"], "nothing is purged before the recipient has answered"

    lee_tries = lee.poll("own record", room=case)
    mark = lee.app.mark()
    lee.taps(lee_tries, "Not needed")
    lee.hears("wasn't yours", room=case, after=mark)
    assert consulting.use_of(ref).state is UseState.RELEASED

    derm.taps(own_copy, "Not needed")
    for event in (shown["id"], said["id"], own_copy["id"]):
        derm.sees_redacted(event)
    assert derm.media_is_gone(shown["content"]["file"]["url"])
    assert consulting.use_of(ref).state is UseState.CLOSED
    left = [str(event["content"].get("body", "")) for event in derm.app.timeline(case) if not event["redacted"]]
    assert not any(words in body for body in left for words in (QUESTION, SUMMARY, "rash", "atypical"))
    notes = [entry for entry in consulting.entries("10421") if entry.kind is EntryKind.NOTE and entry.about == ref]
    assert SUMMARY in [note.text for note in notes]


def test_what_is_asked_in_two_apps_at_once_is_answered_once(consulting: Consulting) -> None:
    """A second tap on the attestation changes nothing and opens no second room."""
    lee, derm = consulting.lee, consulting.derm
    ref = consulting.photo("a mole that grew")
    mark = lee.app.mark()
    lee.writes(f"!forward {ref} {derm.account} {QUESTION}")
    poll = lee.poll("a mole that grew", after=mark)
    lee.taps(poll, "No")
    lee.hears("patient is asked", after=mark)
    lee.taps(poll, "Yes")
    lee.hears("answered already", after=mark)
    assert consulting.use_of(ref).state is UseState.AWAITING_CONSENT
