"""What an image-like event carries: its encrypted file, and every media id that must be accounted for.

Of one event at most twenty ids are looked at, the photo and its preview first: an app names one or two, and somebody who
invents thousands must not keep everybody's purge waiting. A gallery may name two for each of its pictures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from bot.core.dispatch import GALLERIES
from bot.core.transaction import Transaction
from bot.domain import rooms
from bot.domain.arrivals import Arrival
from bot.domain.copies import Copy, What, claimed
from bot.domain.identifiers import NO_IMAGE, CopyId, ImageId, MediaId
from bot.domain.image import Image
from bot.domain.intents import EraseCopy
from bot.words.to_the_team import names_too_much, preview_in_clear

MOST_MEDIA = 20  # ids of one event
MOST_IN_A_GALLERY = 400
EXPECTED_WITHIN = timedelta(hours=1)  # in which a photo that was refused with "send it there" arrives there

_MEDIA = re.compile(r"mxc://[^/\s]{1,255}/[^/\s]{1,255}")


def claimed_size(content: Mapping[str, Any]) -> int:
    """Return the size in bytes that the sender's app claims, 0 when it does not say: only to plan with, never to believe."""
    info = content.get("info")
    size = info.get("size") if isinstance(info, dict) else None
    return size if isinstance(size, int) and not isinstance(size, bool) and 0 < size < 2**31 else 0


def encrypted_file(content: Mapping[str, Any]) -> dict[str, Any] | None:
    file = content.get("file")
    return dict(file) if isinstance(file, dict) and isinstance(file.get("url"), str) else None


async def tell_of_clear_preview(tx: Transaction, content: Mapping[str, Any], image: Image) -> None:
    """Tell the practice when a preview came in clear.

    The photo is encrypted, but what its app shows of it before it is opened need not be.
    """
    info = content.get("info")
    preview = info.get("thumbnail_url") if isinstance(info, dict) else None
    if isinstance(preview, str) and _MEDIA.fullmatch(preview):
        await tx.audit("bot", "image.preview-in-clear", image.id)
        await tx.tell_practice(preview_in_clear(image.ref), image_id=image.id)


def media_of(content: Mapping[str, Any]) -> Iterator[tuple[What, MediaId]]:
    """Every media id the event names, wherever: files, thumbnails, galleries, edits, what apps may think of next; each once.

    The photo itself comes first, then its preview.
    """
    seen: set[str] = set()
    info = content.get("info")
    preview = info.get("thumbnail_file") if isinstance(info, dict) else None
    open_: list[tuple[What, object]] = [
        (What.FILE, content),
        (What.THUMBNAIL, preview),
        (What.FILE, content.get("file")),
    ]
    while open_:
        what, value = open_.pop()
        if isinstance(value, dict):
            open_ += [(What.THUMBNAIL if "thumbnail" in key else what, inner) for key, inner in value.items()]
        elif isinstance(value, list):
            open_ += [(what, inner) for inner in value]
        elif isinstance(value, str) and _MEDIA.fullmatch(value) and value not in seen:
            seen.add(value)
            yield what, MediaId(value)


async def ledger_attachments(
    tx: Transaction,
    arrival: Arrival,
    image_id: ImageId = NO_IMAGE,
    *,
    keep_until: datetime | None = None,
    whose: Mapping[MediaId, ImageId] | None = None,
) -> None:
    """Account for the event and all its media. They go with the image, or at once if there is none or it needs no copies.

    `whose` says of media that are known already which image they are of; the rest is of `image_id`.
    With `keep_until` the message of something refused goes at once, and its media at that time unless a photo that arrives
    needs it.
    """
    event = Copy(CopyId(tx.ids.new()), What.MESSAGE, arrival.room_id, arrival.event_id, image_id=image_id)
    named = await _media_named(arrival, tx)
    known = whose or {}
    media = [replace(copy, image_id=known.get(copy.mxc, image_id), purge_after=keep_until) for copy in named]
    if image_id:
        await _claim(tx, media)
    await tx.rows.copies.add(*media, event)
    if keep_until is not None:
        await tx.hide_now(event)
        for copy in media:  # in no lane: if a photo needs it after all, what follows from that is not held up
            await tx.plan(EraseCopy(copy.id), due=keep_until)
    else:
        await tx.erase(*[copy for copy in (*media, event) if not await _is_needed(copy, tx)])


async def _is_needed(copy: Copy, tx: Transaction) -> bool:
    return bool(copy.image_id) and (await tx.rows.images.get(copy.image_id)).needs_its_copies


async def erase_what_is_left(tx: Transaction, arrival: Arrival) -> None:
    """Account for the media of a message that none of its pictures took, and erase it. The message goes with its pictures."""
    taken = {copy.mxc for copy in await tx.rows.copies.of_event(arrival.event_id)}
    left = [copy for copy in await _media_named(arrival, tx) if copy.mxc not in taken]
    await tx.rows.copies.add(*left)
    await tx.erase(*left)


async def _media_named(arrival: Arrival, tx: Transaction) -> list[Copy]:
    """Return a copy for each media id that the event names, as many as are looked at."""
    content = arrival.content or {}
    most = MOST_IN_A_GALLERY if content.get("msgtype") in GALLERIES else MOST_MEDIA
    named = list(islice(media_of(content), most + 1))
    if len(named) > most:
        named.pop()
        await tx.audit("stranger", "arrival.names-too-much", arrival.event_id, sender=arrival.sender)
        await tx.say_daily(rooms.PRACTICE, names_too_much(arrival.sender, most), "names-too-much")
    return [
        Copy(CopyId(tx.ids.new()), what, arrival.room_id, arrival.event_id, url, arrival.sender) for what, url in named
    ]


async def _claim(tx: Transaction, media: list[Copy]) -> None:
    """Give the photo the media that something refused, or an event before the photo, had named: it goes with the photo now."""
    for copy in media:
        for refused in await tx.rows.copies.unclaimed(copy.mxc, copy.owner):
            await tx.rows.copies.save(claimed(refused, copy.image_id))
            for event in await tx.rows.copies.naming_nothing(refused.event_id):
                await tx.rows.copies.save(claimed(event, copy.image_id))


def expected(since: datetime) -> datetime:
    """Return until when media that was sent or refused at `since` is kept for a photo that may yet arrive."""
    return since + EXPECTED_WITHIN
