"""Photos: of patients and colleagues, answered or not, filed, held for each cause, moved, taken back and left."""

from __future__ import annotations

from typing import Any

from bot.domain.errors import Permanent
from bot.domain.planned import BACK_OFF
from bot.domain.screening import Findings
from tests.cases import taps
from tests.colleagues import CHANGE, FILE, LEAVE, LINE, sends_form
from tests.crash.chapters import deletes_last_photo
from tests.practice import JPEG, Someone, Staffed
from tests.upgrade.made_at_97487ff.before import newest, photo
from tests.upgrade.outside import Trouble


async def of_patients(people: Staffed, known: dict[str, Someone]) -> None:
    practice, kim, lee, sam, ann = people.practice, people.kim, people.lee, people.sam, known["Ann"]
    ref = await photo(sam, b"itch", "it itches")
    await lee.writes(f"!mine {ref}")
    await lee.writes(f"!show {ref}")
    await lee.writes(f"!note {ref} contact dermatitis")
    await lee.writes(f"!reply {ref} use the cream")
    await sam.writes("thank you, it is better")
    await sam.writes(f"correct {ref} it itches at night")
    await sam.sends_photo(JPEG + b"itch", "the same again")
    await sam.sends_photo(b"GIF89a no photo")
    await sam.sends_photo(JPEG + b"work", "for insurance: my back")
    thumbnail = {"url": "mxc://hs.test/small", "sha256": "0", "key": {"k": "k"}}
    info = {"mimetype": "image/jpeg", "size": len(JPEG), "thumbnail_file": thumbnail}
    await sam.sends_photo(JPEG + b"small", "with a small one", info=info)
    await photo(sam, b"unsaid")
    await practice.after(minutes=20)
    await photo(sam, b"back")
    await sam.writes(f"withdraw {await newest(practice)}")
    await photo(ann, b"ada", "Ada has a rash")
    await photo(known["Gus"], b"ben")
    await known["Gus"].writes("1 a bite")
    for name in ("Mia", "Dan", "Cora"):
        await photo(known[name], name.encode(), f"from {name}")
    moved = await photo(ann, b"moved", "a fall")
    await kim.writes(f"!refile {moved} 20002 2015-03-03")
    await taps(kim, "Move")
    await sam.writes("my copy")
    await sam.writes("my images")


async def rarer(people: Staffed, known: dict[str, Someone], ports: dict[str, Trouble]) -> None:
    """For another purpose, with an origin, not erased, with words that were dropped, with words that can't be filed."""
    practice, sam = people.practice, people.sam
    for purpose in ("teaching", "research", "publication", "social media", "audit", "other"):
        await photo(sam, purpose.encode(), f"for {purpose}: my elbow")

    async def found(_data: bytes) -> Findings:
        return Findings(format="JPEG", width=9, height=9, camera="Phone 7", taken="2026:11:20 10:00:00", place=True)

    ports["screener"].instead = {"screen": found}
    await photo(sam, b"origin", "with a place in it")
    ports["screener"].instead = {}
    practice.homeserver.powerless.add(sam.own_room)
    await photo(sam, b"stays", "the bot may not redact here")
    practice.homeserver.powerless.clear()
    await photo(sam, b"dropped")
    await sam.writes("of somebody else")
    await sam.writes(f"withdraw {await newest(practice)}")
    ports["record"].instead = {"file": refused}
    await people.lee.writes(f"!note {(await practice.images())[-3].ref} that can't be filed")
    ports["record"].instead = {}
    practice.purger.away = True
    await photo(sam, b"never erased", "given up")
    for wait in BACK_OFF:
        await practice.after(seconds=wait + 1)
    practice.purger.away = False


async def refused(*_: Any) -> None:
    raise Permanent("record-refuses", "the record refuses it")


async def of_colleagues(people: Staffed, derm: Someone) -> None:
    practice, lee = people.practice, people.lee
    for who in (lee, derm):
        await photo(who, b"verbal" + who.identity.encode(), LINE)
        await taps(who, FILE)
        await taps(who, "Deleted" if who is lee else "Not yet")
    await photo(derm, b"written", "body 10421 1984-03-07 mine written")
    await sends_form(derm)
    await taps(derm, FILE)
    await photo(lee, b"sheet", "document 10421 1984-03-07 mine")
    await taps(lee, FILE)
    await photo(lee, b"left", LINE)
    await taps(lee, LEAVE)
    await photo(lee, b"asked", "body")
    await photo(lee, b"unattested", LINE)
    await practice.after(days=2)
    await photo(lee, b"changing", LINE)
    await taps(lee, CHANGE)


async def held(people: Staffed, ports: dict[str, Trouble]) -> None:
    practice, sam, record = people.practice, people.sam, ports["record"]

    async def other_bytes(*_: Any) -> str:
        return "0" * 64

    record.instead = {"file": refused}
    await photo(sam, b"refused", "filing failed")
    record.instead = {"read_back": other_bytes}
    await photo(sam, b"differs", "read back differed")
    record.instead = {}
    await photo(sam, b"else", "a friend")
    await sam.writes("of somebody else")
    await photo(sam, b"deleted")
    await deletes_last_photo(sam_of)(people)
    await practice.pull()
    await practice.settle()


def sam_of(people: Staffed) -> Someone:
    return people.sam
