"""What images are asked for: advice and every other purpose, in every state that a use can be left in."""

from __future__ import annotations

import re

from bot.domain import rooms
from tests.cases import taps
from tests.practice import Practice, Someone, Staffed
from tests.upgrade.made_at_97487ff.before import photo

ASKED = '!use {ref} for {purpose} "{how}" seen by "registrars" until 2027-03-31 recipient @derm:hs.test recognisable no'
DEMANDED = '!required-by-law {ref} basis "subpoena {number}" authority "Local Court" recipient "the registrar"'


def asking(ref: str, purpose: str, more: str = "") -> str:
    return ASKED.format(ref=ref, purpose=purpose, how=f"for {purpose}") + more


async def case_of(practice: Practice) -> str:
    async with practice.journal.reading() as rows:
        return await practice.room(rooms.case((await rows.uses.find())[-1].id))


async def settled(people: Staffed, known: dict[str, Someone], derm: Someone) -> None:
    """Released, closed, refused, taken back, called back, left without an answer; for every purpose, by all who may."""
    practice, kim, lee, sam = people.practice, people.kim, people.lee, people.sam
    ref = await photo(sam, b"uses", "a mole, for some weeks")
    await lee.writes(asking(ref, "social-media", ' at "the practice page"'))
    await practice.after(days=8)
    await lee.writes(asking(ref, "research"))
    await taps(sam, "No")
    for purpose in ("education", "legal", "quality-audit", "other"):
        await lee.writes(asking(ref, purpose))
        await taps(sam, "Yes")
    for mark, purpose in ((b"posted", "social-media"), (b"printed", "publication")):
        another = await photo(sam, mark, f"a mole to be {mark.decode()}")
        await lee.writes(asking(another, purpose, ' at "a congress"'))
        await taps(sam, "Yes")
    await sam.writes(f"withdraw {another}")
    called = await photo(sam, b"called", "a third mole")
    await lee.writes(asking(called, "research"))
    await taps(sam, "Yes")
    await lee.writes(f"!recall {called}")
    await taps(derm, "Deleted")
    await kim.writes(f'!breach {breach_of(kim)} outcome "no serious harm is likely"')
    await lee.writes(f"!forward {ref} @derm:hs.test is this a melanoma?")
    await taps(lee, "Yes")
    case = await case_of(practice)
    await derm.writes("looks benign to me", room=case)
    await lee.writes("!close benign, review in six weeks", room=case)
    await taps(derm, "Not needed", room=case)
    await kim.writes(DEMANDED.format(ref=ref, number=1))
    await kim.writes(DEMANDED.format(ref=ref, number=2) + " without telling the patient")
    for name in ("Ann", "Gus", "Dan", "Mia"):
        theirs = await photo(known[name], f"use of {name}".encode(), "once more")
        if name == "Gus":  # who answers for two
            await known[name].writes("1")
        await lee.writes(asking(theirs, "education"))
        await taps(known[name], "Yes")
        if name in {"Ann", "Gus", "Mia"}:  # a child's is confirmed
            await taps(known[name], "Yes")


def breach_of(kim: Someone) -> str:
    return str(re.findall(r"BR-\w{4}", "\n".join(kim.heard))[-1])


async def under_way(people: Staffed, known: dict[str, Someone]) -> None:
    """Asked of the requester, awaiting an answer, a case with lines in it, a breach that is assessed."""
    practice, kim, lee, sam = people.practice, people.kim, people.lee, people.sam
    ref = await photo(sam, b"advice", "a spot on my back")
    await lee.writes(f"!forward {ref} @derm:hs.test and this one?")
    await taps(lee, "Yes")
    case = await case_of(practice)
    await lee.writes("it has grown", room=case)
    await lee.writes(f"!forward {ref} @derm:hs.test and what of his knee?")
    await taps(lee, "No")
    await lee.writes(asking(ref, "legal"))
    await lee.writes(asking(await photo(known["Ann"], b"later", "Ada's knee"), "other", " intimate deidentified"))
    await lee.writes(f"!use {ref}")
    await taps(lee, "education")
    two = await photo(sam, b"breach", "a wart")
    await lee.writes(asking(two, "education"))
    await taps(sam, "Yes")
    await lee.writes(f"!recall {two}")
    await kim.writes(f'!breach {breach_of(kim)} step "called Dr Derm"')
