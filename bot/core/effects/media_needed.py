"""Whether media is still needed, whoever wants it erased: by a photo that is not safe yet, or by an event nobody has read yet.

Apps show one medium in several events: an edited caption names its photo's, a forward the first message's. So while a person's
event can't be read, for a day at most, nothing they sent in that room is erased. That holds for people the bot hears, in rooms
of theirs: what a stranger sends goes at once (R6), and so does what was taken back or recalled.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain import rooms
from bot.domain.arrivals import KEY_MAY_COME
from bot.domain.copies import Copy, What
from bot.domain.people import Person, Standing
from bot.domain.rooms import Room, RoomKind
from bot.ports import Commit

A_PHOTO_WAITS = timedelta(hours=1)
A_KEY_IS_LATE = timedelta(minutes=5)
_SENT = frozenset({What.FILE, What.THUMBNAIL})


@dataclass(frozen=True, slots=True)
class NotYet:
    """It may not go yet, and is looked at again later; or as soon as something hurries `lane`."""

    look_again: timedelta
    lane: str = ""


async def needed_by_a_photo(media: list[Copy], rows: Commit) -> bool:
    """Return whether a photo that is not verified needs any of these media, even one that another message than this named."""
    sent = {copy.mxc: copy.owner for copy in media if copy.what in _SENT}
    same = await rows.copies.of_media(sent)
    about = {copy.image_id for copy in same if copy.image_id and copy.owner == sent[copy.mxc]}
    return any(image.needs_its_copies for image in (await rows.images.among(about)))


async def needed_by_an_event(media: Copy, rows: Commit, now: datetime) -> bool:
    """Return whether an event of its sender's that is not decided yet shows this medium, or may show it."""
    if media.what not in _SENT or (media.image_id and (await rows.images.get(media.image_id)).must_go):
        return False
    person = await rows.people.holder(media.owner)
    room = await rows.rooms.known(media.room_id)
    if person is None or room is None or not _is_heard(person, room):
        return False
    where = {media.room_id}
    if media.purge_after is not None:  # refused there, expected here
        own = await rows.rooms.at(rooms.own(person.id))
        where |= {own.id} if own is not None else set()
    return await rows.may_show(media.mxc, media.owner, where, now - KEY_MAY_COME)


def _is_heard(person: Person, room: Room) -> bool:
    if person.standing is Standing.LEFT or room.kind is RoomKind.LOBBY:
        return False
    return person.is_professional if room.kind is not RoomKind.OWN else room.address == rooms.own(person.id)
