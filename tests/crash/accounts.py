"""What must be true when everything is over, however often the process died on the way."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from bot.domain.copies import SETTLED, CopyState
from bot.domain.entries import EntryKind
from bot.domain.image import State
from bot.domain.intents import Progress
from bot.domain.wording_rights import COPY_INTERRUPTED
from bot.effects.show import INTERRUPTED
from storage import audit
from tests.practice import Practice

NAMES = re.compile("Sam Patel|Ada Byron|MRN")


async def everything_is_accounted_for(practice: Practice, directory: Path) -> None:
    """Each image filed once or destroyed, each copy accounted for, nothing left to do, nothing kept that is nobody's."""
    async with practice.journal.reading() as rows:
        images, copies = await rows.images.find(), await rows.copies.find()
        documents, patients = await rows.documents.find(), await rows.patients.find()
        left = await rows.waiting(Progress.DUE, Progress.HELD)
        consents = Counter([one.image_id for one in await rows.consents.find()])
    assert not left, f"left to do: {left}"
    assert not await practice.journal.next_arrivals(1)
    entries = [entry for patient in patients for entry in await practice.record.entries(patient.id)]
    in_record = Counter(entry.entry_id for entry in entries if entry.kind is EntryKind.IMAGE)
    for image in images:
        assert in_record[image.id] == (image.state is State.VERIFIED), (
            f"{image.state} and filed {in_record[image.id]} times"
        )
        assert consents[image.id] or image.state is State.DISCARDED, "filed without its consent"
    assert sum(in_record.values()) == sum(image.state is State.VERIFIED for image in images)
    for entry in entries:
        assert await practice.record.read_back(entry.entry_id) == entry.sha256
    kept = {path.name for path in (directory / "objects").rglob("*") if path.is_file()}
    assert kept == set(in_record), f"sealed objects at rest {kept}, in the record {set(in_record)}"
    assert {document.text for document in documents} <= {""}, "words not filed"
    await _chat_is_clean(practice)
    copies = [copy for copy in copies if copy.event_id or copy.mxc]  # what was planned and never sent is none
    unsettled = [copy for copy in copies if copy.state not in SETTLED]
    assert not unsettled, f"not accounted for: {unsettled}"
    assert not [copy for copy in copies if copy.state is CopyState.BEYOND_REACH]
    filed = {image.id for image in images if image.in_record}
    unreceipted = [copy for copy in copies if copy.image_id in filed and not copy.receipted]
    assert not unreceipted, f"no receipt for: {unreceipted}"
    async with practice.database.reading() as connection:
        chain = await audit.verify(connection)
    assert chain.broken is None


async def _chat_is_clean(practice: Practice) -> None:
    homeserver = practice.homeserver
    assert not homeserver.media, f"media still served: {set(homeserver.media)}"
    for arrival in homeserver.timeline:
        if "file" in (arrival.content or {}):
            assert arrival.event_id in homeserver.redacted, "a photo's message is still there"
    for post in homeserver.posts:
        if NAMES.search(post.body) and "Careful" not in post.body:
            assert post.event_id in homeserver.redacted, f"still readable in the chat: {post.body!r}"


def who_heard_what(practice: Practice) -> dict[str, list[str]]:
    """Everything said, room by room, with references, codes and ids numbered in the order they appear."""
    seen: dict[str, str] = {}

    def numbered(found: re.Match[str]) -> str:
        return seen.setdefault(found[0], f"<{len(seen)}>")

    heard: dict[str, list[str]] = {}
    for post in practice.homeserver.posts:
        # Dying between a picture's upload and its message loses the picture, and says so instead.
        shown = post.content.get("msgtype") in {"m.image", "m.file"} or post.body in {INTERRUPTED, COPY_INTERRUPTED}
        body = "a picture" if shown else re.sub(r"IMG-\w{4}|Code: \S+|“\w+ \d{4}”", numbered, post.body)
        kind = "edit of " if "m.new_content" in post.content else ""
        made = practice.homeserver.rooms.get(post.room_id)
        room = f"{made.name} {made.invite}" if made else post.room_id
        heard.setdefault(room, []).append(kind + body)
    return heard
