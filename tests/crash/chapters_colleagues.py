"""Chapters about photos of colleagues: by taps, of a document, changed, unattested, with no note; and what nobody keeps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.domain.arrivals import ArrivalKind, Proof
from tests.colleagues import CHANGE, FILE, LINE
from tests.crash.chapters import Chapter, D, L, V, Who, kim, lee, sam, says, sends
from tests.crash.chapters_people import enrols, known_as, time_passes
from tests.crash.chapters_uses import WITH_DERM, derm, taps
from tests.crash.mortality import Act
from tests.practice import JPEG, Staffed

DESK = known_as("@desk:hs.test", "DeskIdentity")


def sends_to(who: Who, whose: Who, **more: Any) -> Act:
    """Into somebody's own room."""

    async def act(people: Staffed) -> None:
        sent = who(people).photo(JPEG, room=whose(people).own_room, **more)
        people.practice.homeserver.timeline.append(sent)

    return act


def unvouched(who: Who) -> Who:
    """From a device nobody vouches for."""
    return lambda people: replace(who(people), standing=Proof.UNSIGNED)


async def sends_in_clear(people: Staffed) -> None:
    photo = people.sam.photo(JPEG)
    content = dict(photo.content or {})
    content["url"] = content.pop("file")["url"]
    people.practice.homeserver.timeline.append(replace(photo, kind=ArrivalKind.PLAINTEXT, content=content))


eve = known_as("@eve:hs.test", "EveIdentity")

COLLEAGUES = (
    Chapter(
        "a colleague's photo, by taps, and changed",
        (
            sends(lee, JPEG),
            taps(lee, "Body: I took it, verbal consent today"),
            says(lee, "10421 1984-03-07"),
            taps(lee, CHANGE),
            says(lee, "by Nurse Chen"),
            taps(lee, FILE),
            taps(lee, "Not yet"),
            time_passes(days=1),
        ),
        (V,),
    ),
    Chapter(
        "a colleague's photo of a document", (sends(lee, JPEG, "document 10421 1984-03-07 mine"), taps(lee, FILE)), (V,)
    ),
    Chapter(
        "a colleague's photo nobody attests", (sends(lee, JPEG, LINE), time_passes(days=2), says(lee, "leave")), (L,)
    ),
    Chapter(
        "unattested, and discarded", (sends(lee, JPEG, LINE), time_passes(days=2), says(kim, "!discard REF")), (D,)
    ),
    Chapter(
        "from outside, and no note for weeks",
        (
            sends(derm, JPEG, LINE),
            taps(derm, FILE),
            says(lee, "!mine REF"),
            time_passes(days=8),
            time_passes(days=8),
            says(lee, "!note REF no discussion took place"),
        ),
        (V,),
        WITH_DERM,
    ),
    Chapter(
        "a clinician's own body",
        (sends(lee, JPEG), taps(lee, "It is of me"), says(lee, "my toe")),
        (V,),
        (
            says(kim, '!enrol reception @desk:hs.test "Max"'),
            *enrols(DESK, "!lobby-desk", "yes"),
            says(kim, '!enrol patient 20003 "Lee Wong" 1980-01-02'),
            *enrols(lee, "!lobby-lee"),
            says(DESK, "!confirm 20003"),
            taps(DESK, "Yes"),
        ),
    ),
    Chapter(
        "neither heard nor kept",
        (
            sends_to(eve, sam),
            says(unvouched(sam), "my images"),
            sends_in_clear,
            sends_to(sam, sam, msgtype="m.audio"),
            sends_to(sam, kim),
        ),
        (),
    ),
)
