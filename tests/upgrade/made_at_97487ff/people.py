"""Who is enrolled, in every capacity and every standing, and each fate of an invitation."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.cases import taps
from tests.crash.chapters import Who
from tests.crash.chapters_emoji import app_sends, asks
from tests.crash.mortality import Act
from tests.practice import Someone, Staffed
from tests.upgrade.made_at_97487ff.before import enrols

INVITED = (
    ("@ann:hs.test", "Ann", 'patient 20001 "Ada Bell" 2019-05-01 parent "Ann Bell"'),
    ("@gus:hs.test", "Gus", 'patient 20002 "Ben Hill" 2015-03-03 guardian "Gus Hill"'),
    ("@mia:hs.test", "Mia", 'patient 20003 "Mia Young" 2011-02-02 self mature-minor'),
    ("@dan:hs.test", "Dan", 'patient 20004 "Iris Long" 1950-04-04 decision-maker "Dan Long"'),
    ("@cora:hs.test", "Cora", 'patient 20005 "Tom Wood" 1940-06-06 child "Cora Wood"'),
    ("@rita:hs.test", "Rita", 'reception @rita:hs.test "Rita Desk"'),
    ("@noor:hs.test", "Noor", 'patient 20006 "Noor Ali" 1990-09-09'),
)
COMPARED = (
    ("Ann", "The same"),
    ("Gus", "Not the same"),
    ("Mia", ""),
    ("Dan", "The same"),
    ("Noor", "The same"),
    ("Cora", ""),
)


async def everybody(people: Staffed, derm: Someone) -> dict[str, Someone]:
    practice, kim = people.practice, people.kim
    for token in ("token-one", "token-two", "token-three"):
        await practice.journal.offer_registration_token(token, practice.clock.now() + practice.policy.code_lifetime * 9)
    await practice.journal.offer_registration_token("token-free", practice.clock.now() + timedelta(days=1))
    known = {name: await enrols(people, account, f"{name}Identity", line) for account, name, line in INVITED}
    await kim.writes('!link 20001 guardian "Gus Hill"')
    await known["Gus"].enrol(practice.last_code(kim.own_room))
    await invitations(people)
    for clinician in (people.lee, derm):
        await clinician.writes("!device")
        await taps(clinician, "All four")
    return known


async def invitations(people: Staffed) -> None:
    """Expired, locked, refused, matched and open; those that are used are everybody's."""
    practice, kim = people.practice, people.kim
    late, ada = (Someone(practice, f"@{name}:hs.test", f"{name}Identity") for name in ("late", "ada"))

    async def code_for(number: int) -> str:
        await kim.writes(f'!enrol patient 3000{number} "Nobody {number}" 1990-12-10')
        return practice.last_code(kim.own_room)

    await late.enters_lobby("!lobby-late")
    expired = await code_for(1)
    await practice.after(days=8)
    await late.writes(expired, room="!lobby-late")
    locked = await code_for(2)
    for digit in range(5):
        await late.writes(f"{locked[:-1]}{(int(locked[-1]) + 1 + digit) % 10}", room="!lobby-late")
    await late.writes(await code_for(3), room="!lobby-late")
    await late.writes("no", room="!lobby-late")
    await ada.enters_lobby("!lobby-ada")
    await ada.writes(await code_for(4), room="!lobby-ada")
    await code_for(5)


async def paused(noor: Someone) -> None:
    """A photo that waits for an answer, and then another identity of the same account."""
    await noor.sends_photo(b"\xff\xd8\xff\xe0 noor " * 9)
    await replace(noor, identity="NoorNewIdentity").writes("my toe")


async def checks(people: Staffed, known: dict[str, Someone]) -> None:
    """Emoji compared, different, being compared, confirmed and only asked for."""
    practice, kim = people.practice, people.kim

    async def settled(act: Act) -> None:
        await act(people)
        await practice.pull()
        await practice.settle()

    for name, label in COMPARED:
        await settled(asks(known_as(known[name])))
        if name != "Cora":
            await settled(app_sends(known_as(known[name]), "key"))
        if label:
            await taps(kim, label)
        if name == "Ann":
            await settled(app_sends(known_as(known[name]), "mac"))


def known_as(someone: Someone) -> Who:
    return lambda _people: someone
