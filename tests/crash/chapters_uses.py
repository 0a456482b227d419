"""Chapters about colleagues: photos they send, advice asked of them, other uses agreed to, refused and taken back."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.arrivals import ArrivalKind
from bot.domain.identifiers import Account, RoomId
from tests.cases import TEACHING, answer_id, polls_in
from tests.colleagues import FILE, LEAVE, LINE
from tests.crash.chapters import FILED, Chapter, L, V, Who, invited_room, kim, lee, sam, says, sends
from tests.crash.mortality import Act
from tests.practice import JPEG, Someone, Staffed

POLL = "org.matrix.msc3381.poll"


def derm(people: Staffed) -> Someone:
    return Someone(
        people.practice, Account("@derm:hs.test"), "DermIdentity", RoomId(invited_room(people, "@derm:hs.test"))
    )


def taps(who: Who, label: str, *, in_case: bool = False) -> Act:
    """Somebody answers the poll asked last, in their own room or in that of the case."""

    async def act(people: Staffed) -> None:
        someone = who(people)
        room = case_room(people) if in_case else someone.own_room
        chosen = answer_id(people.practice, room, label)
        tapped = someone.arrival(room, {f"{POLL}.response": {"answers": [chosen]}})
        people.practice.homeserver.timeline.append(replace(tapped, type=f"{POLL}.response"))

    return act


def taps_again(who: Who, label: str) -> Act:
    """The first answer of this label to any poll, once more: used up, whatever it was."""

    async def act(people: Staffed) -> None:
        someone = who(people)
        found = [
            one["id"]
            for poll in polls_in(people.practice, someone.own_room)
            for one in poll["answers"]
            if one["org.matrix.msc1767.text"].startswith(label)
        ]
        tapped = someone.arrival(someone.own_room, {f"{POLL}.response": {"answers": [found[-1]]}})
        people.practice.homeserver.timeline.append(replace(tapped, type=f"{POLL}.response"))

    return act


def in_case(who: Who, words: str) -> Act:
    async def act(people: Staffed) -> None:
        await says(who, words, room=case_room(people))(people)

    return act


def case_room(people: Staffed) -> str:
    made = people.practice.homeserver.rooms.items()
    return [room_id for room_id, wish in made if wish is not None and wish.name.endswith(": case")][-1]


async def _derm_enters(people: Staffed) -> None:
    people.practice.homeserver.timeline.append(derm(people).arrival("!lobby-derm", {}, ArrivalKind.INVITED))


WITH_DERM = (
    says(kim, '!enrol outside-clinician @derm:hs.test "Dr Derm"'),
    _derm_enters,
    says(derm, "CODE", room="!lobby-derm"),
    says(derm, "yes", room="!lobby-derm"),
)
FORWARD = (says(lee, "!forward REF @derm:hs.test is this a melanoma?"), taps(lee, "Yes"))
TEACH = says(lee, TEACHING.replace("{ref}", "REF"))
BEFORE = (*WITH_DERM, *FILED)

USES = (
    Chapter(
        "a colleague's photo, attested",
        (sends(lee, JPEG), says(lee, LINE), taps(lee, FILE), taps(lee, "Deleted")),
        (V,),
    ),
    Chapter("a colleague's photo, left with them", (sends(lee, JPEG, LINE), taps(lee, LEAVE)), (L,)),
    Chapter(
        "advice asked, given and closed",
        (
            *FORWARD,
            in_case(derm, "looks benign to me"),
            in_case(lee, "!close benign, review in six weeks"),
            taps(derm, "Not needed", in_case=True),
        ),
        (V,),
        BEFORE,
    ),
    Chapter(
        "a use agreed to, and taken back by a no tapped after",
        (TEACH, taps(sam, "Yes"), taps_again(sam, "No")),
        (V,),
        BEFORE,
    ),
    Chapter("a use refused, and asked of nobody again", (TEACH, taps(sam, "No"), taps_again(sam, "Yes")), (V,), BEFORE),
    Chapter("a use nobody answers", (TEACH,), (V,), BEFORE),
    Chapter("a use taken back", (TEACH, taps(sam, "Yes"), says(sam, "withdraw REF")), (V,), BEFORE),
)
