"""Chapters about what goes on in the middle of something else: advice taken back, a photo moved meanwhile, a purger away."""

from __future__ import annotations

from dataclasses import replace

from bot.core.schedule import BACK_OFF
from bot.domain.arrivals import ArrivalKind
from tests.colleagues import FILE, LINE
from tests.crash.chapters import FILED, Chapter, V, kim, lee, sam, says, sends
from tests.crash.chapters_incidents import CLOSED, DEMANDED, SHARED
from tests.crash.chapters_more import ann, with_child
from tests.crash.chapters_people import time_passes
from tests.crash.chapters_uses import BEFORE, FORWARD, POLL, TEACH, derm, in_case, taps
from tests.crash.mortality import Act
from tests.practice import JPEG, POLICY, Staffed

ADA = says(kim, '!enrol patient 20001 "Ada Byron" 1990-12-10')
MOVED = (says(kim, "!refile REF 20001 1990-12-10"), says(kim, "move NUMBER"))
TWO_CHILDREN = (*with_child("20001", "Ada"), *with_child("20002", "Ben"))


async def reacts(people: Staffed) -> None:
    """A thumb up, which no app encrypts."""
    thumb = people.sam.arrival(people.sam.own_room, {}, ArrivalKind.PLAINTEXT)
    people.practice.homeserver.timeline.append(replace(thumb, type="m.reaction"))


async def deletes_the_answer(people: Staffed) -> None:
    timeline = people.practice.homeserver.timeline
    tap = [one for one in timeline if one.sender == people.sam.account and one.type == f"{POLL}.response"][-1]
    gone = people.sam.arrival(tap.room_id, {}, ArrivalKind.REDACTION)
    timeline.append(replace(gone, target=tap.event_id))


def purger_is(*, away: bool) -> Act:
    async def act(people: Staffed) -> None:
        people.practice.purger.away = away

    return act


CASES = (
    Chapter(
        "taken back in the middle of a case",
        (in_case(derm, "looks benign"), says(sam, "withdraw REF"), in_case(lee, "!close benign")),
        (V,),
        (*BEFORE, *FORWARD),
    ),
    Chapter(
        "advice called back",
        (
            in_case(derm, "looks benign"),
            says(lee, "!recall REF"),
            taps(derm, "I need to talk"),
            says(kim, '!breach BREACH step "called Dr Derm"'),
            CLOSED,
            in_case(lee, "!close benign"),
        ),
        (V,),
        (*BEFORE, *FORWARD),
    ),
    Chapter(
        "moved in the middle of a case",
        (*MOVED, in_case(lee, "!close benign")),
        (V,),
        (*BEFORE, *FORWARD, ADA),
    ),
    Chapter(
        "a colleague's photo, moved and attested anew",
        (
            says(kim, "!refile REF 20001 1990-12-10"),
            says(kim, "move NUMBER"),
            says(lee, "!attest REF verbal today advice"),
            taps(lee, "Attest"),
        ),
        (V,),
        (ADA, sends(lee, JPEG, LINE), taps(lee, FILE)),
    ),
    Chapter("moved after a use was agreed to", (*MOVED, CLOSED), (V,), (*BEFORE, TEACH, taps(sam, "Yes"), ADA)),
    Chapter(
        "advice about something else, and a case nobody closes for weeks",
        (
            says(lee, "!forward REF @derm:hs.test is this a melanoma?"),
            taps(lee, "No"),
            taps(sam, "Yes"),
            time_passes(days=8),
            time_passes(days=8),
            in_case(lee, "!close benign"),
        ),
        (V,),
        BEFORE,
    ),
    Chapter(
        "advice, and a transcript of it",
        (in_case(derm, "looks benign"), in_case(lee, "!close benign"), taps(derm, "Stored", in_case=True)),
        (V,),
        (*BEFORE, *FORWARD),
        replace(POLICY, keep_transcripts=True),
    ),
    Chapter("a use whose time is over", (time_passes(days=130),), (V,), SHARED),
    Chapter(
        "an assessment nobody closes in its time",
        (says(lee, "!recall REF"), *(time_passes(days=days) for days in (15, 11, 6, 8)), CLOSED),
        (V,),
        SHARED,
    ),
    Chapter("a use begun, and left", (says(lee, "!use REF"), taps(lee, "education")), (V,), BEFORE),
    Chapter(
        "answers that are none, and one that was deleted",
        (TEACH, reacts, says(sam, "yes, perhaps"), taps(sam, "Yes"), deletes_the_answer),
        (V,),
        BEFORE,
    ),
    Chapter(
        "a child's photo: yes, and yes once more",
        (TEACH, taps(ann, "Yes"), taps(ann, "Yes, I am sure")),
        (V, V),
        (*BEFORE, *with_child("20001", "Ada"), sends(ann, JPEG + b"2", "a rash")),
    ),
    Chapter(
        "whose photo, and what about",
        (sends(ann, JPEG), says(ann, "2 a rash")),
        (V,),
        TWO_CHILDREN,
    ),
    Chapter(
        "a copy of whose record",
        (says(ann, "my copy"), taps(ann, "Ben")),
        (V,),
        (*TWO_CHILDREN, sends(ann, JPEG), says(ann, "2 a rash")),
    ),
    Chapter(
        "moved to whom it shows, and agreed to",
        (says(sam, "of somebody else"), *MOVED, says(lee, "!keep REF")),
        (V,),
        (*FILED, ADA),
    ),
    Chapter(
        "required by law, without telling",
        (says(kim, f"{DEMANDED} without telling the patient"), says(sam, "my images")),
        (V,),
        FILED,
    ),
    Chapter(
        "given up, and tried again",
        (
            purger_is(away=True),
            *FILED,
            *(time_passes(seconds=wait + 1) for wait in BACK_OFF),
            purger_is(away=False),
            says(kim, "!retry"),
        ),
        (V,),
    ),
)
