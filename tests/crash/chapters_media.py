"""The story of media that several events show: an edit before its photo's key, a photo sent to the wrong room, one sent again.
And of events that show several.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, repeat

from bot.domain.arrivals import ArrivalKind
from tests.colleagues import FILE, LINE
from tests.crash.chapters import FILED, Chapter, D, V, Who, lee, sam
from tests.crash.chapters_people import time_passes
from tests.crash.chapters_uses import taps
from tests.crash.mortality import Act
from tests.practice import JPEG, Staffed, locked


async def edits_a_caption_before_its_photo_can_be_read(people: Staffed) -> None:
    photo = people.sam.photo(JPEG, "rash")
    assert photo.content is not None
    relation = {"rel_type": "m.replace", "event_id": photo.event_id}
    new = photo.content | {"m.new_content": photo.content, "m.relates_to": relation}
    edit = people.sam.arrival(people.sam.own_room, new)
    people.practice.homeserver.timeline += [locked(photo), edit]


async def the_key_comes(people: Staffed) -> None:
    homeserver = people.practice.homeserver
    unread = next(one for one in reversed(homeserver.timeline) if one.kind is ArrivalKind.UNDECRYPTABLE)
    edit = homeserver.timeline[homeserver.timeline.index(unread) + 1]
    assert edit.content is not None
    homeserver.opened[unread.event_id] = replace(edit, event_id=unread.event_id, content=edit.content["m.new_content"])


async def sends_it_to_the_team(people: Staffed) -> None:
    homeserver = people.practice.homeserver
    team = next(room_id for room_id, wish in homeserver.rooms.items() if wish is not None and wish.name == "team")
    homeserver.timeline.append(people.lee.photo(JPEG, room=team))


def shows_the_last_photo_again(who: Who, caption: str) -> Act:
    """As apps forward: the same media in another message."""

    async def act(people: Staffed) -> None:
        someone, timeline = who(people), people.practice.homeserver.timeline
        photo = [one for one in timeline if one.sender == someone.account and "file" in (one.content or {})][-1]
        timeline.append(someone.arrival(someone.own_room, (photo.content or {}) | {"body": caption}))

    return act


def sends_a_gallery(who: Who, *pictures: tuple[bytes, str], caption: str = "") -> Act:
    """Some pictures and a film in one message."""

    async def act(people: Staffed) -> None:
        someone = who(people)
        photos = [someone.photo(*picture).content or {} for picture in pictures]
        items = [
            photo | {"itemtype": kind}
            for photo, kind in zip(photos, chain(["m.video"], repeat("m.image")), strict=False)
        ]
        gallery = {"msgtype": "m.gallery", "body": caption, "itemtypes": items}
        people.practice.homeserver.timeline.append(someone.arrival(someone.own_room, gallery))

    return act


async def deletes_the_gallery(people: Staffed) -> None:
    timeline = people.practice.homeserver.timeline
    gallery = [arrival for arrival in timeline if "itemtypes" in (arrival.content or {})][-1]
    gone = people.sam.arrival(gallery.room_id, {}, ArrivalKind.REDACTION)
    timeline.append(replace(gone, target=gallery.event_id))


async def sends_what_cannot_be_read_at_all(people: Staffed) -> None:
    arrival = people.sam.arrival(people.sam.own_room, {"error": "Malformed"}, ArrivalKind.MALFORMED)
    people.practice.homeserver.timeline.append(arrival)


MEDIA = (
    Chapter(
        "a caption edited before its photo could be read",
        (edits_a_caption_before_its_photo_can_be_read, the_key_comes),
        (V,),
    ),
    Chapter(
        "sent to the team, then forwarded to the bot",
        (
            sends_it_to_the_team,
            time_passes(minutes=50),
            shows_the_last_photo_again(lee, LINE),
            taps(lee, FILE),
            taps(lee, "Deleted everywhere"),
        ),
        (V,),
    ),
    Chapter(
        "forwarded once more after it was filed",
        (shows_the_last_photo_again(sam, "still there"),),
        (V, D),
        FILED,
    ),
    Chapter("sent to the team and never forwarded", (sends_it_to_the_team,), ()),
    Chapter(
        "a gallery with a film and what is no photo",
        (
            sends_a_gallery(
                sam, (b"film", ""), (JPEG + b"1", ""), (b"GIF89a no photo", ""), (JPEG + b"2", ""), caption="it itches"
            ),
        ),
        (V, D, V),
    ),
    Chapter(
        "a gallery that is deleted, and goes",
        (
            sends_a_gallery(sam, (b"film", ""), (JPEG + b"1", ""), (JPEG + b"2", "")),
            deletes_the_gallery,
            taps(sam, "All of them"),
        ),
        (D, D),
    ),
    Chapter(
        "a colleague's gallery",
        (
            sends_a_gallery(lee, (b"film", ""), (JPEG + b"1", ""), (JPEG + b"2", ""), caption=LINE),
            taps(lee, FILE),
            taps(lee, "Deleted everywhere"),
        ),
        (V, V),
    ),
    Chapter("what can't be read at all", (sends_what_cannot_be_read_at_all,), ()),
)
