"""What a practice on the fake homeserver holds at the end, and what everybody heard: the same however often it died."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bot.core.effects.show_picture import INTERRUPTED
from bot.words.about_rights import COPY_INTERRUPTED
from tests.crash.invariants import Kept, assert_all_hold, kept
from tests.practice import Practice

NAMES = re.compile(r"Sam Patel|Ada Byron|MRN \d")


async def at_the_end(practice: Practice, directory: Path) -> Kept:
    found = await kept(practice.journal, practice.record, practice.database, directory)
    return replace(found, served=frozenset(practice.homeserver.media), readable=tuple(_still_readable(practice)))


async def everything_is_accounted_for(practice: Practice, directory: Path) -> None:
    assert_all_hold(await at_the_end(practice, directory))


def _still_readable(practice: Practice) -> Iterator[str]:
    homeserver = practice.homeserver
    for arrival in homeserver.timeline:
        if "file" in (arrival.content or {}) and arrival.event_id not in homeserver.redacted:
            yield f"a photo of {arrival.sender}"
    for post in homeserver.posts:
        if NAMES.search(post.body) and "Careful" not in post.body and post.event_id not in homeserver.redacted:
            yield post.body


def who_heard_what(practice: Practice) -> dict[str, list[str]]:
    """Everything said, room by room, with references, codes and ids numbered in the order they appear."""
    seen: dict[str, str] = {}

    def numbered(found: re.Match[str]) -> str:
        return seen.setdefault(found[0], f"<{len(seen)}>")

    heard: dict[str, list[str]] = {}
    for post in practice.homeserver.posts:
        # Dying between a picture's upload and its message loses the picture, and says so instead.
        shown = post.content.get("msgtype") in {"m.image", "m.file"} or post.body in {INTERRUPTED, COPY_INTERRUPTED}
        body = "a picture" if shown else re.sub(r"(?:IMG|BR)-\w{4}|Code: \S+|“[^“”]+ \d{4}”", numbered, post.body)
        kind = "edit of " if "m.new_content" in post.content else ""
        made = practice.homeserver.rooms.get(post.room_id)
        room = f"{made.name} {made.invite}" if made else post.room_id
        heard.setdefault(room, []).append(kind + body)
    return heard


def heard_by(practice: Practice, who: str) -> str:
    """All that was said in a room, or to an account in any room made for it, whoever has the account."""
    made = practice.homeserver.rooms.items()
    theirs = {who} | {room_id for room_id, wish in made if wish is not None and who in wish.invite}
    return "\n".join(post.body for post in practice.homeserver.posts if post.room_id in theirs)


async def who_has_what(practice: Practice) -> dict[str, Counter[str]]:
    """What came of it in rows: each consent, answer, disclosure and use, as often as it is there."""
    async with practice.journal.reading() as rows:
        return {
            "images": Counter(f"{one.state} {one.reason}" for one in await rows.images.find()),
            "consents": Counter(f"{one.basis} {one.purpose} {one.reason}" for one in await rows.consents.find()),
            "answers": Counter(f"{one.answer} {one.capacity}" for one in await rows.consent_answers.find()),
            "disclosures": Counter(f"{one.how} {one.purpose} {one.rule}" for one in await rows.disclosures.find()),
            "uses": Counter(f"{one.state} {one.purpose}" for one in await rows.uses.find()),
            "filed": Counter(f"{one.kind}" for one in await rows.documents.find()),
        }
