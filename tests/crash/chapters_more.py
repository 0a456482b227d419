"""Chapters about what is rarer: a form that follows, a photo of nobody yet, words instead of taps, edits, legal holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.arrivals import ArrivalKind
from bot.domain.identifiers import Account, RoomId
from tests.crash.chapters import FILED, Chapter, D, V, Who, invited_room, kim, lee, sam, says, sends, years_pass
from tests.crash.chapters_incidents import CLOSED, SHARED
from tests.crash.chapters_uses import BEFORE, TEACH, WITH_DERM, derm, taps
from tests.crash.mortality import Act
from tests.practice import JPEG, POLICY, Someone, Staffed

CHILD = '!enrol patient {} "{} Bell" 2019-05-01 parent "Ann Bell"'


def ann(people: Staffed) -> Someone:
    return Someone(
        people.practice, Account("@ann:hs.test"), "AnnIdentity", RoomId(invited_room(people, "@ann:hs.test"))
    )


def enters(who: Who, lobby: str) -> Act:
    async def act(people: Staffed) -> None:
        people.practice.homeserver.timeline.append(who(people).arrival(lobby, {}, ArrivalKind.INVITED))

    return act


def sends_form(who: Who) -> Act:
    async def act(people: Staffed) -> None:
        form = {"mimetype": "application/pdf", "size": 3}
        sent = who(people).photo(b"%PDF-1.7 a signed form", msgtype="m.file", info=form)
        people.practice.homeserver.timeline.append(sent)

    return act


async def edits_the_caption(people: Staffed) -> None:
    timeline = people.practice.homeserver.timeline
    photo = [one for one in timeline if one.sender == people.sam.account and "file" in (one.content or {})][-1]
    new = {"msgtype": "m.text", "body": "it is the other leg"}
    relation = {"rel_type": "m.replace", "event_id": photo.event_id}
    timeline.append(people.sam.arrival(photo.room_id, {**new, "m.new_content": new, "m.relates_to": relation}))


def with_child(number: str, name: str) -> tuple[Act, ...]:
    lobby = f"!lobby-ann-{number}"
    return (
        says(kim, CHILD.format(number, name)),
        enters(ann, lobby),
        says(ann, "CODE", room=lobby),
        says(ann, "BORN", room=lobby),
    )


UNREAD = replace(POLICY, duty="@kim:hs.test", hours=())


def waits(**time: float) -> Act:
    async def act(people: Staffed) -> None:
        people.practice.clock.move(timedelta(**time))

    return act


MORE = (
    Chapter(
        "words and a reply that nobody opens",
        (says(sam, "it itches more"), waits(hours=2), says(lee, "!reply REF use the cream"), waits(days=1, hours=1)),
        (V,),
        (*FILED, says(lee, "!mine REF")),
        UNREAD,
    ),
    Chapter(
        "from outside, with the signed form",
        (
            sends(derm, JPEG, "body 10421 1984-03-07 mine written"),
            sends_form(derm),
            taps(derm, "File it"),
            taps(derm, "Deleted"),
            says(lee, "!note REF benign, no discussion took place"),
        ),
        (V, V),
        WITH_DERM,
    ),
    Chapter(
        "the front desk says whose it is",
        (sends(ann, JPEG), says(kim, "!match REF 20002 2019-05-01"), taps(kim, "Yes"), says(ann, "a rash")),
        (V,),
        (*with_child("20001", "Ada"), *with_child("20002", "Ben")),
    ),
    Chapter("agreed to later, in words", (TEACH, taps(sam, "Ask me later"), says(sam, "yes NUMBER")), (V,), BEFORE),
    Chapter(
        "asked for step by step",
        (
            says(lee, "!use REF"),
            taps(lee, "education"),
            taps(lee, "Probably not"),
            taps(lee, "Six months"),
            says(lee, "how: registrar teaching\nseen by: registrars\nrecipient: @derm:hs.test"),
            taps(sam, "Yes"),
        ),
        (V,),
        BEFORE,
    ),
    Chapter(
        "what became of it, after a recall", (says(lee, "!recall REF"), taps(derm, "Deleted"), CLOSED), (V,), SHARED
    ),
    Chapter("an edit", (edits_the_caption,), (V,), FILED),
    Chapter(
        "discarded while on hold", (sends(sam, JPEG), says(sam, "of somebody else"), says(lee, "!discard REF")), (D,)
    ),
    Chapter("kept by a court", (says(kim, "!legal-hold REF subpoena"), says(kim, "!release-hold REF")), (V,), FILED),
    Chapter(
        "notes of no image destroyed",
        (says(kim, "!destroy 10421"), says(kim, "destroy NUMBER")),
        (V,),
        (*FILED, says(kim, "!patient-leaves 10421"), taps(kim, "Leaves"), years_pass),
    ),
)
