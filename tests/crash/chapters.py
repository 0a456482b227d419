"""The story in chapters: what people do, in the chat alone. Each begins on a practice at rest and ends a day later."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.domain.arrivals import ArrivalKind
from bot.domain.identifiers import Account, RoomId
from bot.domain.image import State
from bot.domain.policy import Policy
from tests.crash.mortality import Act, Life
from tests.practice import JPEG, POLICY, Someone, Staffed

Who = Callable[[Staffed], Someone]


def sam(people: Staffed) -> Someone:
    return people.sam


def lee(people: Staffed) -> Someone:
    return people.lee


def kim(people: Staffed) -> Someone:
    return people.kim


def ada(people: Staffed) -> Someone:
    """Somebody new."""
    return Someone(
        people.practice, Account("@ada:hs.test"), "AdaIdentity", RoomId(invited_room(people, "@ada:hs.test"))
    )


def invited_room(people: Staffed, account: str) -> str:
    """The first room the bot invited somebody to."""
    made = people.practice.homeserver.rooms.items()
    own = [room_id for room_id, wish in made if wish is not None and account in wish.invite]
    return own[0] if own else ""


def says(who: Who, words: str, *, room: str = "") -> Act:
    """Somebody writes. “REF” stands for the reference announced last, “CODE” for the invitation code made last, “BORN” for the
    birthday of the patient it is for, “NUMBER” for the number by which words answer the question asked last, “BREACH” for the
    assessment opened last."""

    async def act(people: Staffed) -> None:
        someone = who(people)
        text = words.replace("REF", last(r"IMG-\w{4}", people)).replace("CODE", last(r"Code: (\S+)", people))
        text = text.replace("BORN", last(r"born (\d+ \w+ \d{4}), MRN", people))
        text = text.replace("NUMBER", last(r"“\w+ (\d{4})”", people)).replace("BREACH", last(r"BR-\w{4}", people))
        there = room or someone.own_room
        people.practice.homeserver.timeline.append(someone.arrival(there, {"msgtype": "m.text", "body": text}))

    return act


def sends(who: Who, data: bytes, caption: str = "") -> Act:
    async def act(people: Staffed) -> None:
        people.practice.homeserver.timeline.append(who(people).photo(data, caption))

    return act


def sends_together(who: Who, *photos: tuple[bytes, str]) -> Act:
    """All of them are there before the bot looks."""

    async def act(people: Staffed) -> None:
        people.practice.homeserver.timeline.extend(who(people).photo(*photo) for photo in photos)

    return act


def deletes_last_photo(who: Who) -> Act:
    async def act(people: Staffed) -> None:
        someone, timeline = who(people), people.practice.homeserver.timeline
        photo = [one for one in timeline if one.sender == someone.account and "file" in (one.content or {})][-1]
        gone = someone.arrival(photo.room_id, {}, ArrivalKind.REDACTION)
        timeline.append(replace(gone, target=photo.event_id))

    return act


def deletes_last_words(who: Who) -> Act:
    async def act(people: Staffed) -> None:
        someone, timeline = who(people), people.practice.homeserver.timeline
        words = [
            one for one in timeline if one.sender == someone.account and (one.content or {}).get("msgtype") == "m.text"
        ][-1]
        gone = someone.arrival(words.room_id, {}, ArrivalKind.REDACTION)
        timeline.append(replace(gone, target=words.event_id))

    return act


async def years_pass(people: Staffed) -> None:
    people.practice.clock.move(timedelta(days=8 * 366))


async def enters_lobby(people: Staffed) -> None:
    people.practice.homeserver.timeline.append(ada(people).arrival("!lobby-ada", {}, ArrivalKind.INVITED))


def last(pattern: str, people: Staffed) -> str:
    found = re.findall(pattern, "\n".join(post.body for post in people.practice.homeserver.posts))
    return str(found[-1]) if found else ""


Play = Callable[[Life, Act | None], Awaitable[None]]


@dataclass(frozen=True)
class Chapter:
    """What people do, one thing after another; `before` was done already; `ends` is the state of each photo of the end.

    Of what was `heard` and must stay `unheard`: an account, or a room, and words of which the bot says all or none there.
    """

    name: str
    acts: tuple[Act, ...]
    ends: tuple[State, ...]
    before: tuple[Act, ...] = ()
    policy: Policy = POLICY
    heard: tuple[tuple[str, str], ...] = ()
    unheard: tuple[tuple[str, str], ...] = ()


V, D, L = State.VERIFIED, State.DISCARDED, State.LEFT_WITH_SENDER
FILED = (sends(sam, JPEG, "rash on my arm"),)
SHOWN = (*FILED, says(lee, "!mine REF"), says(lee, "!show REF"))

CHAPTERS = (
    Chapter(
        "enrolment",
        (
            says(kim, '!enrol patient 20001 "Ada Byron" 1990-12-10'),
            enters_lobby,
            says(ada, "CODE", room="!lobby-ada"),
            says(ada, "BORN", room="!lobby-ada"),
            sends(ada, JPEG, "it itches"),
        ),
        (V,),
    ),
    Chapter("a photo with a caption", FILED, (V,)),
    Chapter(
        "two photos without a caption, one answer",
        (sends(sam, JPEG + b"1"), sends(sam, JPEG + b"2"), says(sam, "my toe is blue")),
        (V, V),
    ),
    Chapter(
        "photos that come together, one of which is no photo",
        (sends_together(sam, (JPEG + b"1", "it itches"), (JPEG + b"2", "it itches"), (b"GIF89a no photo", "")),),
        (V, V, D),
    ),
    Chapter("a photo nobody says a word about", (sends(sam, JPEG),), (V,)),
    Chapter("very long words", (sends(sam, JPEG, "it hurts " * 400),), (V,)),
    Chapter("taken and shown", (says(lee, "!mine REF"), says(lee, "!show REF")), (V,), FILED),
    Chapter(
        "note and reply", (says(lee, "!note REF no infection"), says(lee, "!reply REF use the cream")), (V,), FILED
    ),
    Chapter("an answer", (says(sam, "thank you, it is better"),), (V,), SHOWN),
    Chapter("a correction", (says(sam, "correct REF rash on my leg"),), (V,), FILED),
    Chapter("the same photo twice", (sends(sam, JPEG, "the same again"),), (V, D), FILED),
    Chapter("withdrawn before filing", (sends(sam, JPEG), says(sam, "withdraw REF")), (D,)),
    Chapter("deleted, and withdrawn", (sends(sam, JPEG), deletes_last_photo(sam), says(sam, "yes REF")), (D,)),
    Chapter(
        "deleted, and kept after all",
        (sends(sam, JPEG), deletes_last_photo(sam), says(sam, "no"), says(sam, "blue toe")),
        (V,),
    ),
    Chapter("deleted after filing", (deletes_last_photo(sam),), (V,), FILED),
    Chapter("what is held", (says(sam, "my images"),), (V,), SHOWN),
    Chapter(
        "of somebody else, and kept",
        (says(sam, "of somebody else"), says(lee, "!keep REF 10421 1984-03-07")),
        (V,),
        FILED,
    ),
    Chapter(
        "moved to the right record",
        (says(kim, "!refile REF 20001 1990-12-10"), says(kim, "move NUMBER")),
        (V,),
        (*FILED, says(lee, "!note REF no infection"), says(kim, '!enrol patient 20001 "Ada Byron" 1990-12-10')),
    ),
    Chapter("a copy of the record", (says(sam, "my copy"),), (V,), FILED),
    Chapter("a lost phone", (says(kim, "!lost @lee:hs.test"),), (V,), SHOWN),
    Chapter(
        "destroyed when its time is over",
        (says(kim, "!destroy REF"), says(kim, "destroy NUMBER")),
        (State.DESTROYED,),
        (*SHOWN, says(lee, "!note REF no infection"), years_pass),
    ),
    Chapter("not a photo", (sends(sam, b"GIF89a no photo"),), (D,)),
)
