"""Chapters about who may hear, see and agree: two parents, a mature minor, late codes, accounts handed on, lost questions.

What must not be said is looked for as well: a law that is broken whether or not the process dies changes nothing by dying.
"""

from __future__ import annotations

from tests.colleagues import FILE
from tests.crash.chapters import Chapter, V, ada, kim, lee, sam, says, sends
from tests.crash.chapters_colleagues import DESK
from tests.crash.chapters_more import enters
from tests.crash.chapters_people import ANN, enrols, known_as, time_passes
from tests.crash.chapters_uses import BEFORE, TEACH, WITH_DERM, taps
from tests.crash.mortality import Act
from tests.practice import JPEG, Staffed

BOB, MIA = known_as("@bob:hs.test", "BobIdentity"), known_as("@mia:hs.test", "MiaIdentity")
NOVA = known_as("@derm:hs.test", "NovaIdentity")
BEN = known_as("@ben:hs.test", "BenIdentity")
QUESTION = "registrar teaching"

OF_ANN = (says(kim, '!enrol patient 20001 "Mia Bell" 2010-12-01 parent "Ann Bell"'), *enrols(ANN, "!lobby-ann"))
OF_BOB = (says(kim, '!link 20001 parent "Bob Bell"'), *enrols(BOB, "!lobby-bob"))
BY_LEE = (
    sends(lee, JPEG, "body 20001 2010-12-01 mine verbal from parent today advice"),
    taps(lee, FILE),
    taps(lee, "Deleted"),
)
OF_MIA = (
    says(kim, "!link 20001 self"),
    *enrols(MIA, "!lobby-mia"),
    says(lee, "!capacity 20001 mature-minor"),
    says(lee, "!confirm 20001"),
    taps(lee, "Yes"),
)


def takes_messages(*, safely: bool) -> Act:
    """While somebody else is in Sam's room nothing is sent there."""

    async def act(people: Staffed) -> None:
        unsafe = people.practice.homeserver.unsafe
        if safely:
            unsafe.pop(people.sam.own_room)
        else:
            unsafe[people.sam.own_room] = "stranger"

    return act


AUTHORITY = (
    Chapter(
        "one parent says no, and the other is to be asked",
        (TEACH, taps(lee, "Ann"), taps(ANN, "No"), TEACH, taps(lee, "Bob")),
        (V,),
        (*WITH_DERM, *OF_ANN, *OF_BOB, *BY_LEE),
        heard=(("@ann:hs.test", QUESTION),),
        unheard=(("@bob:hs.test", QUESTION),),
    ),
    Chapter(
        "a mature minor's photo, and a parent who asks what there is",
        (sends(MIA, JPEG + b"2", "nobody else's business"), says(ANN, "my images"), says(ANN, "my copy")),
        (V, V),
        (*OF_ANN, sends(ANN, JPEG, "her rash"), *OF_MIA),
        heard=(("@ann:hs.test", "her rash"),),
        unheard=(("@ann:hs.test", "nobody else's business"), ("@ann:hs.test", "For Mia Bell's care. ")),
    ),
    Chapter(
        "codes that are confirmed too late, and after their maker left",
        (
            says(kim, '!enrol patient 20001 "Ada Byron" 1990-12-10'),
            enters(ada, "!lobby-ada"),
            says(ada, "CODE", room="!lobby-ada"),
            time_passes(days=8),
            says(ada, "BORN", room="!lobby-ada"),
            says(DESK, '!enrol patient 20002 "Ben Ode" 1991-02-03'),
            enters(BEN, "!lobby-ben"),
            says(BEN, "CODE", room="!lobby-ben"),
            says(kim, "!leaves @desk:hs.test"),
            says(BEN, "BORN", room="!lobby-ben"),
        ),
        (),
        (says(kim, '!enrol reception @desk:hs.test "Rita Hall"'), *enrols(DESK, "!lobby-desk", "yes")),
        heard=(("!lobby-ada", "date of birth"), ("!lobby-ben", "date of birth"), ("@kim:hs.test", "Ben Ode")),
        unheard=(("@ada:hs.test", "Welcome"), ("@ben:hs.test", "Welcome")),
    ),
    Chapter(
        "an account handed on before what was asked for it is agreed to",
        (
            says(kim, "!leaves @derm:hs.test"),
            says(kim, '!enrol outside-clinician @derm:hs.test "Dr Nova"'),
            *enrols(NOVA, "!lobby-nova", "yes"),
            taps(sam, "Yes"),
        ),
        (V,),
        (*BEFORE, TEACH),
        heard=(("@lee:hs.test", "Dr Derm has left, so"), ("!lobby-nova", "Please go on in our own private chat")),
        unheard=(("@derm:hs.test", QUESTION),),
    ),
    Chapter(
        "a question that never arrives",
        (takes_messages(safely=False), TEACH, takes_messages(safely=True)),
        (V,),
        BEFORE,
        heard=(("@lee:hs.test", "could not deliver the question to Sam Patel"),),
        unheard=(("@sam:hs.test", QUESTION),),
    ),
)
