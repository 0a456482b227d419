"""Chapters about who people are: phones that are lost, accounts that are added, children who grow up, devices, leaving a chat."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.arrivals import ArrivalKind
from bot.domain.identifiers import Account, RoomId
from tests.crash.chapters import FILED, Chapter, V, Who, ada, invited_room, kim, lee, sam, says, sends
from tests.crash.chapters_more import enters
from tests.crash.chapters_uses import BEFORE, FORWARD, TEACH, WITH_DERM, case_room, derm, in_case, taps, taps_again
from tests.crash.mortality import Act
from tests.practice import JPEG, POLICY, Someone, Staffed


def known_as(account: str, identity: str) -> Who:
    """Somebody by their account, in the room that was made for them."""
    return lambda people: Someone(people.practice, Account(account), identity, RoomId(invited_room(people, account)))


def sam_anew(people: Staffed) -> Someone:
    """Sam, whose security identity was made anew."""
    return replace(people.sam, identity="SamNewIdentity")


ANN, SAM_TOO, NEW = (
    known_as("@ann:hs.test", "AnnIdentity"),
    known_as("@sam.too:hs.test", "SamTooIdentity"),
    known_as("@new:hs.test", "NewIdentity"),
)

PAGE = known_as("@p00000000000000a1:hs.test", "PageIdentity")
NEWER_PAGE = known_as("@p00000000000000b2:hs.test", "NewerPageIdentity")


def enrols(who: Who, lobby: str, proof: str = "BORN") -> tuple[Act, ...]:
    """With the code made last; a colleague's `proof` is a yes."""
    return enters(who, lobby), says(who, "CODE", room=lobby), says(who, proof, room=lobby)


def goes_through(who: Who, membership: str, *, case: bool = False) -> Act:
    """Somebody leaves their own room or that of the case, or comes in again."""

    async def act(people: Staffed) -> None:
        someone = who(people)
        room = case_room(people) if case else someone.own_room
        moved = someone.arrival(room, {"membership": membership}, ArrivalKind.MEMBERSHIP)
        people.practice.homeserver.timeline.append(replace(moved, target=someone.account))

    return act


async def puts_the_bot_out(people: Staffed) -> None:
    moved = people.sam.arrival(people.sam.own_room, {"membership": "ban"}, ArrivalKind.MEMBERSHIP)
    people.practice.homeserver.timeline.append(replace(moved, target=POLICY.bot_account))


def time_passes(**time: float) -> Act:
    async def act(people: Staffed) -> None:
        people.practice.clock.move(timedelta(**time))

    return act


async def guesses_the_code(people: Staffed) -> None:
    """Five times: the code that was made, and a number wrong in it."""
    right = people.practice.last_code(people.kim.own_room)
    for digit in range(5):
        wrong = f"{right[:-1]}{(int(right[-1]) + 1 + digit) % 10}"
        await says(ada, wrong, room="!lobby-ada")(people)


CONFIRMED = (says(lee, "!confirm 10421"), taps(lee, "Yes"))  # Dr Lee is the second person, who knows Sam
YES_SAFE, NOT_SAFE = "All four", "Not all"

PEOPLE = (
    Chapter(
        "a phone its owner lost, and a fresh code",
        (sends(sam, JPEG), says(sam, "my phone is lost"), says(kim, "!link 10421"), *enrols(sam_anew, "!lobby-sam")),
        (V,),
    ),
    Chapter(
        "a new security identity, and a fresh code",
        (sends(sam, JPEG), says(sam_anew, "my toe"), says(kim, "!link 10421"), *enrols(sam_anew, "!lobby-sam")),
        (V,),
    ),
    Chapter(
        "a name told in its parts, and a photo",
        (says(kim, "!name 10421 Patel, Sam"), sends(sam, JPEG)),
        (V,),
    ),
    Chapter(
        "a code guessed at, and a birthday guessed at",
        (
            says(kim, '!enrol patient 20001 "Ada Byron" 1990-12-10'),
            enters(ada, "!lobby-ada"),
            guesses_the_code,
            time_passes(days=1),
            says(kim, '!enrol patient 20001 "Ada Byron" 1990-12-10'),
            says(ada, "CODE", room="!lobby-ada"),
            *(says(ada, f"{day} June 1984", room="!lobby-ada") for day in (1, 2, 3)),
        ),
        (),
    ),
    Chapter(
        "of two accounts the one that sent it is asked, and answers",
        (
            says(kim, "!link 10421"),
            *enrols(SAM_TOO, "!lobby-too"),
            *CONFIRMED,
            TEACH,
            taps(sam, "Yes"),
            taps_again(sam, "No"),
        ),
        (V,),
        BEFORE,
    ),
    Chapter(
        "a death, and its undoing by two",
        (
            TEACH,
            says(kim, "!died 10421"),
            taps(kim, "Has died"),
            says(sam, "how is my photo?"),
            says(lee, "!not-dead 10421"),
            taps(kim, "Is alive"),
        ),
        (V,),
        BEFORE,
    ),
    Chapter(
        "a second account answers, and answers no longer",
        (
            says(kim, "!link 10421"),
            *enrols(SAM_TOO, "!lobby-too"),
            says(kim, "!unlink 10421 @sam.too:hs.test"),
            taps(kim, "End it and tell them"),
            says(lee, "!confirm"),
        ),
        (V,),
        BEFORE,
    ),
    Chapter(
        "a page that a browser forgot, and another in its place",
        (says(kim, "!link 10421"), *enrols(NEWER_PAGE, "!lobby-newer"), says(lee, "!confirm 10421"), taps(lee, "Yes")),
        (V,),
        (*BEFORE, says(kim, "!link 10421"), *enrols(PAGE, "!lobby-page"), *CONFIRMED),
    ),
    Chapter(
        "a page whose phone is lost",
        (TEACH, says(kim, "!lost @p00000000000000a1:hs.test"), *enrols(NEWER_PAGE, "!lobby-newer")),
        (V,),
        (*BEFORE, says(kim, "!link 10421"), *enrols(PAGE, "!lobby-page"), *CONFIRMED),
    ),
    Chapter(
        "a no from an identity that is not heard, and another of the staff lets it go on",
        (TEACH, says(sam_anew, "no"), says(kim, "!go-on REF")),
        (V,),
        BEFORE,
    ),
    Chapter(
        "capacity is taken by two, told, and given back by one",
        (
            says(kim, '!link 10421 decision-maker "Ann Patel"'),
            taps(kim, "Tell them"),
            *enrols(ANN, "!lobby-ann"),
            taps(sam, "No"),
            *CONFIRMED,
            says(lee, "!capacity 10421 has"),
        ),
        (V,),
        BEFORE,
    ),
    Chapter(
        "a child who comes of age",
        (time_passes(days=30), *enrols(ada, "!lobby-ada"), says(ada, "my images")),
        (V,),
        (
            says(kim, '!enrol patient 20001 "Ada Bell" 2008-12-10 parent "Ann Bell"'),
            *enrols(ANN, "!lobby-ann"),
            sends(ANN, JPEG, "a rash"),
        ),
    ),
    Chapter(
        "the device check, put off until it is overdue",
        (
            *WITH_DERM,
            taps(derm, NOT_SAFE),
            time_passes(days=15),
            sends(derm, JPEG, "body 10421 1984-03-07 mine verbal today"),
            taps(derm, YES_SAFE),
            says(derm, "!device"),
            taps(derm, YES_SAFE),
        ),
        (),
        policy=replace(POLICY, device_check_months=6),
    ),
    Chapter(
        "who is asked leaves their chat, and comes back",
        (TEACH, goes_through(sam, "leave"), goes_through(sam, "join"), taps(sam, "Yes")),
        (V,),
        BEFORE,
    ),
    Chapter("the bot is put out of a chat", (puts_the_bot_out,), ()),
    Chapter(
        "an adviser leaves the case",
        (goes_through(derm, "leave", case=True), in_case(lee, "!close no discussion took place")),
        (V,),
        (*BEFORE, *FORWARD),
    ),
    Chapter(
        "an adviser leaves instead of answering",
        (in_case(lee, "!close benign"), goes_through(derm, "leave", case=True)),
        (V,),
        (*BEFORE, *FORWARD),
    ),
    Chapter(
        "who asked leaves, and another closes the case",
        (says(kim, "!leaves @lee:hs.test to @new:hs.test"), in_case(NEW, "!close benign"), in_case(derm, "thank you")),
        (V,),
        (*BEFORE, *FORWARD, says(kim, '!enrol clinician @new:hs.test "Dr New"'), *enrols(NEW, "!lobby-new", "yes")),
    ),
    Chapter(
        "what one may ask",
        (*(says(kim, one) for one in ("!help", "!list", "!status", "!due", "!breach", "!retry")), says(sam, "status")),
        (V,),
        FILED,
    ),
)
