"""Chapters about what changed before something took effect: a photo moved, a code in wrong hands, somebody gone, a use stopped.

What must not be said is looked for as well: a law that is broken whether or not the process dies changes nothing by dying.
"""

from __future__ import annotations

from tests.crash.chapters import FILED, Chapter, V, ada, kim, lee, sam, says, sends
from tests.crash.chapters_authority import BOB, OF_ANN, QUESTION
from tests.crash.chapters_colleagues import DESK
from tests.crash.chapters_incidents import CLOSED, MOVED_TO_ADA
from tests.crash.chapters_more import enters
from tests.crash.chapters_people import ANN, enrols, known_as
from tests.crash.chapters_uses import BEFORE, TEACH, WITH_DERM, derm, taps
from tests.crash.mortality import Act
from tests.practice import JPEG, Staffed

CARL = known_as("@carl:hs.test", "CarlIdentity")
ADA = (says(kim, '!enrol patient 20001 "Ada Byron" 1990-12-10'), *enrols(ada, "!lobby-ada"))
WITH_DESK = (says(kim, '!enrol reception @desk:hs.test "Rita Hall"'), *enrols(DESK, "!lobby-desk", "yes"))


def derm_takes_messages(*, safely: bool) -> Act:
    """While somebody else is in their room nothing is sent there."""

    async def act(people: Staffed) -> None:
        unsafe, room = people.practice.homeserver.unsafe, derm(people).own_room
        if safely:
            unsafe.pop(room)
        else:
            unsafe[room] = "stranger"

    return act


MOMENTS = (
    Chapter(
        "words of who sent a photo that was moved",
        (says(sam, "it weeps a little"), says(ada, "my images")),
        (V,),
        MOVED_TO_ADA,
        heard=(("@sam:hs.test", "To begin, please send the photo"),),
        unheard=(("@ada:hs.test", "weeps"),),
    ),
    Chapter(
        "advice about a photo that was moved",
        (
            says(lee, "!forward REF @derm:hs.test is this a melanoma?"),
            taps(lee, "Yes"),
            taps(lee, "Ada Byron"),
            taps(ada, "No"),
        ),
        (V,),
        (*WITH_DERM, *MOVED_TO_ADA),
        heard=(("@ada:hs.test", "in another record by mistake"), ("@lee:hs.test", "not agreed to")),
        unheard=(("@derm:hs.test", "melanoma"), ("@ada:hs.test", "Sam")),
    ),
    Chapter(
        "a use that was stopped, and a look that is listed",
        (says(sam, "withdraw REF"), says(lee, "!show REF"), says(sam, "my images")),
        (V,),
        (*BEFORE, TEACH, taps(sam, "Yes")),
        heard=(("@sam:hs.test", "Dr Lee looked at it"),),
    ),
    Chapter(
        "an adviser leaves before the picture comes",
        (
            derm_takes_messages(safely=False),
            TEACH,
            taps(sam, "Yes"),
            says(kim, "!leaves @derm:hs.test"),
            derm_takes_messages(safely=True),
        ),
        (V,),
        BEFORE,
        heard=(("@derm:hs.test", "You have left"), ("@lee:hs.test", "nothing was shared")),
        unheard=(("@derm:hs.test", QUESTION),),
    ),
    Chapter(
        "a patient's code with another name, written by who works here",
        (
            says(kim, '!link 10421 decision-maker "Prof Famous"'),
            *enrols(lee, "!lobby-lee"),
            says(lee, "!reply REF use the cream"),
        ),
        (V,),
        FILED,
        heard=(("@sam:hs.test", "Dr Lee about"),),
        unheard=(("@sam:hs.test", "Famous"),),
    ),
    Chapter(
        "a code written by who made it",
        (
            says(DESK, '!link 10421 decision-maker "Rita Vale"'),
            enters(DESK, "!lobby-rita"),
            says(DESK, "CODE", room="!lobby-rita"),
        ),
        (V,),
        (*FILED, *WITH_DESK),
        heard=(("!lobby-rita", "You made this invitation"),),
        unheard=(("!lobby-rita", "date of birth"),),
    ),
    Chapter(
        "a code in wrong hands, and what was sent and agreed to with it",
        (
            says(kim, "!unlink 20001 @ada:hs.test"),
            taps(kim, "It was never theirs"),
            says(ada, "my images"),
            says(lee, "!keep REF 20001 1990-12-10"),
            CLOSED,
        ),
        (V,),
        (*WITH_DERM, *ADA, sends(ada, JPEG, "it itches"), TEACH, taps(ada, "Yes")),
        heard=(("@derm:hs.test", "was never one of the patient's people"),),
    ),
    Chapter(
        "a code in wrong hands, and who says so",
        (*ADA, says(ada, "not me"), sends(ada, JPEG, "it itches")),
        (),
        heard=(("@ada:hs.test", "what stood in it is taken back"),),
        unheard=(("@ada:hs.test", "I have your photo"),),
    ),
    Chapter(
        "who is told of a newcomer: those there when it was chosen",
        (
            says(kim, '!link 20001 guardian "Bob Bell"'),
            taps(kim, "Tell them"),
            enters(BOB, "!lobby-bob"),
            says(BOB, "CODE", room="!lobby-bob"),
            says(kim, '!link 20001 parent "Carl Bell"'),
            *enrols(CARL, "!lobby-carl"),
            says(BOB, "BORN", room="!lobby-bob"),
            says(CARL, "my images"),
        ),
        (V,),
        (*OF_ANN, sends(ANN, JPEG, "her rash")),
        heard=(("@ann:hs.test", "Bob Bell was added"),),
        unheard=(("@carl:hs.test", "Bob Bell"),),
    ),
)
