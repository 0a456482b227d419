"""Photos from colleagues through real apps against the real bot: one line or a tap, one confirming tap, or nothing is kept."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from bot.domain.entries import EntryKind
from tests.bot_process import Member, until
from tests.integration.consulting import Consulting, asks, poll_of, taps
from tests.photos import small

PDF = b"%PDF-1.7\n% the signed consent form\n"


def sends(consulting: Consulting, sender: Member, seed: int, caption: str | None = None) -> tuple[str, dict[str, Any]]:
    """A photo of its own; its reference, and its event as the sender's app shows it."""
    path = consulting.practice.home / f"IMG_wound_{seed}.jpg"
    path.write_bytes(small(seed))
    mark = sender.app.mark()
    sent = sender.app.send_image(sender.room, path, caption=caption)
    poll = poll_of(sender, "IMG-", after=mark)
    return re.findall(r"IMG-[0-9A-Z]{4}", json.dumps(poll["content"]))[0], sender.app.event(sent)


def test_a_photo_answered_by_tap_is_filed_under_the_senders_name_and_leaves_the_chat(consulting: Consulting) -> None:
    """R2, R4, R18, R21."""
    lee = consulting.lee
    taps(lee, poll_of(lee, "wiped from afar"), "All four are true")
    lee.hears("again in 6 months")

    ref, photo = sends(consulting, lee, 901)
    mark = lee.app.mark()
    taps(lee, poll_of(lee, ref), "Body: I took it, verbal consent today, sharing")
    assert "record number" in lee.hears("still needs", after=mark)
    lee.says("10421 1984-03-07 wound on the left shin")
    echo = poll_of(lee, "Sam Patel", after=mark)
    assert (echo["wire_type"], echo["shield"]) == ("m.room.encrypted", "none")
    assert "7 March 1984" in json.dumps(echo["content"]) and "advice was agreed" in json.dumps(echo["content"])
    assert not lee.app.event(photo["id"])["redacted"], "nothing happens before the tap"
    taps(lee, echo, "File it under my name")
    gone = poll_of(lee, "recently deleted", after=mark)
    lee.sees_redacted(photo["id"])
    lee.sees_gone(photo["content"]["file"]["url"])

    (image,) = [entry for entry in consulting.entries(ref) if entry.kind is EntryKind.IMAGE]
    assert (image.by, image.facts["kind"], image.facts["reason"]) == (
        "Dr Lee, clinician",
        "body",
        "wound on the left shin",
    )
    assert image.facts["consent"]["basis"] == "verbal" and image.facts["consent"]["covers_advice"]
    assert image.facts["consent"]["proof"]["sender"] == lee.app.user_id
    taps(lee, gone, "Deleted everywhere")
    lee.hears("that is recorded", after=mark)
    until(lambda: any("said to be deleted" in str(one.facts) for one in consulting.entries(ref)), "it is in the record")

    assert ref in asks(consulting.sam, "my images", ref)


def test_an_outside_clinician_sends_the_signed_form_and_another_photo_stays_with_them(
    consulting: Consulting, tmp_path: Path
) -> None:
    """R2, R4, R5."""
    derm = consulting.derm
    ref, _ = sends(consulting, derm, 902)
    asks(derm, "body 10421 1984-03-07 mine written", "signed form")
    form = tmp_path / "consent.pdf"
    form.write_bytes(PDF)
    mark = derm.app.mark()
    sent = derm.app.send_file(derm.room, form, mimetype="application/pdf")
    taps(derm, poll_of(derm, "Written consent from the patient", after=mark), "File it with the practice")
    derm.sees_redacted(sent)
    filed = {EntryKind.IMAGE, EntryKind.CONSENT}
    until(lambda: filed <= {entry.kind for entry in consulting.entries(ref)}, "photo and form are in the record")
    assert "its case is closed" in asks(consulting.lee, f"!note {ref} No discussion took place", "Noted")

    other, photo = sends(consulting, derm, 903)
    mark = derm.app.mark()
    taps(derm, poll_of(derm, other), "Leave it with me")
    assert "Nothing of it is kept" in derm.hears(other, after=mark)
    derm.sees_redacted(photo["id"])
    derm.sees_gone(photo["content"]["file"]["url"])
    assert not consulting.entries(other)
