"""The last hour: everything outside fails, and people go on. What is in the middle of being done stays so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.domain.consents import Answer, ConsentAnswer
from storage.rotation import Rotation

from bot.domain.arrivals import Arrival, ArrivalKind
from bot.domain.errors import OutsideFailure
from bot.domain.people import Relation
from bot.domain.use import UseState
from tests.cases import taps
from tests.crash.chapters_emoji import app_sends
from tests.crash.mortality import ACTIONS
from tests.practice import JPEG, Practice, Someone, Staffed
from tests.upgrade.made_at_97487ff.before import away, photo
from tests.upgrade.outside import Trouble


async def unheard(people: Staffed, cora: Someone) -> None:
    """Arrivals that can't be read, or not be acted upon; somebody who left their chat."""
    practice = people.practice
    thumb = people.sam.arrival(people.sam.own_room, {}, ArrivalKind.PLAINTEXT)
    left = replace(cora.arrival(cora.own_room, {"membership": "leave"}, ArrivalKind.MEMBERSHIP), target=cora.account)
    malformed = people.sam.arrival("", {"error": "ValueError"}, ArrivalKind.MALFORMED)
    await practice.receive(undecryptable(people.sam), replace(thumb, type="m.reaction"), left, malformed)
    poison = people.sam.arrival(people.sam.own_room, {"msgtype": "m.text", "body": "poison"})
    await practice.receive(poison)
    async with practice.journal.transaction() as rows:
        [(inbox_id, _)] = [each for each in await practice.journal.next_arrivals(9) if each[1] == poison]
        await rows.handled(inbox_id, quarantined="ValueError")
    await practice.settle()
    practice.clock.move(timedelta(days=31))
    await practice.inbox.tell_unreadable()
    await practice.receive(undecryptable(people.lee))
    await practice.settle()


def undecryptable(someone: Someone) -> Arrival:
    return someone.arrival(someone.own_room, {"ciphertext": "…"}, ArrivalKind.UNDECRYPTABLE)


async def everything_fails(people: Staffed, known: dict[str, Someone], ports: dict[str, Trouble]) -> None:
    practice, kim, lee, sam = people.practice, people.kim, people.lee, people.sam
    record, chat, vault = ports["record"], ports["chat"], ports["vault"]
    ready = await photo(sam, b"here", "the last one that was filed")
    await Rotation(practice.database, practice.vault._keys, practice.vault, practice.clock.now)._begun()
    record.instead = {"read_back": away}
    await photo(sam, b"on its way", "filed, and not read back")
    record.instead = {"file": away, "move": away, "read_back": away}
    ports["screener"].instead = {"screen": away}
    await photo(sam, b"ready", "ready to be filed")
    await lee.writes(f"!note {ready} written and not filed")
    await kim.writes(f"!refile {ready} 20006 1990-09-09")
    await taps(kim, "Move")
    await photo(known["Dan"], b"captured")
    await photo(known["Cora"], b"captured too")
    fetch = chat.fetch

    async def only_the_first(file: dict[str, Any], limit: int) -> bytes:
        if file["url"] == second.content["file"]["url"]:  # type: ignore[index]
            raise OutsideFailure("away")
        return bytes(await fetch(file, limit))

    first, second = (known["Ann"].photo(JPEG + mark, "two at once") for mark in (b"one", b"two"))
    chat.instead = {"fetch": only_the_first}
    await practice.receive(first, second)
    await practice.settle()
    await some_fails(people, known, ports)
    vault.instead = {"destroy": away}
    record.instead |= {"inventory": away}
    chat.instead = dict.fromkeys((*ACTIONS["chat"], "reserve_media", "media_is_gone"), away)
    await photo(sam, b"not fetched", "nobody has it yet")
    await sam.writes("of somebody else")
    for someone, words in (
        (sam, "my copy"),
        (known["Gus"], "my copy"),
        (known["Mia"], "my copy"),
        (known["Ann"], "my phone is lost"),
        (lee, f"!show {(await practice.images())[4].ref}"),
        (lee, f"!mine {(await practice.images())[-2].ref}"),
        (kim, "!link 20003"),
        (kim, "!patient-leaves 20005"),
        (kim, "!leaves @rita:hs.test"),
        (known["Gus"], f"withdraw {(await practice.images())[-3].ref}"),
    ):
        await someone.writes(words)
    await Someone(practice, "@new:hs.test", "NewIdentity").enters_lobby("!lobby-new")
    await withdrawn(known["Dan"], practice)
    ports["verifier"].instead = {"step": away, "sign_identity": away}
    await sam.writes("verify")
    await practice.receive(sam.arrival(sam.own_room, {"msgtype": "m.text", "body": "not read yet"}))


async def some_fails(people: Staffed, known: dict[str, Someone], ports: dict[str, Trouble]) -> None:
    """Words arrive; pictures, rooms and whoever is invited into them do not."""
    practice, kim, lee, sam = people.practice, people.kim, people.lee, people.sam
    ports["verifier"].instead = {"sign_identity": away}
    some = ("put", "upload", "create_room", "invite", "leave", "send_in_clear")
    ports["chat"].instead |= dict.fromkeys(some, away)
    await app_sends(lambda _people: known["Dan"], "mac")(people)
    clear = sam.arrival("!lobby-ada", {"msgtype": "m.text", "body": "hello?"}, ArrivalKind.PLAINTEXT)
    practice.homeserver.timeline.append(clear)
    await practice.pull()
    await practice.settle()
    await known["Mia"].writes("my copy")
    await lee.writes(f"!show {(await practice.images())[4].ref}")
    await kim.joins_as("@nina:hs.test", "NinaIdentity", '!enrol patient 20007 "Nina Noon" 1977-07-07')
    await kim.writes('!link 20002 parent "Ann Bell"')
    again = Someone(practice, known["Ann"].account, known["Ann"].identity)
    await again.enrol(practice.last_code(kim.own_room))
    ports["chat"].instead["reserve_media"] = away
    await known["Dan"].writes("my copy")
    await sam.writes(f"correct {(await practice.images())[5].ref} it is the left one")


async def withdrawn(dan: Someone, practice: Practice) -> None:
    async with practice.journal.reading() as rows:
        person = await rows.people.first(account=dan.account)
        assert person is not None
        images = await rows.images.find(state="captured", sender_id=person.id)
    await dan.writes(f"withdraw {images[-1].ref}")


async def in_between(practice: Practice) -> None:
    """Two states that a use is in only within one commit, put there as an older or a later hand may leave them."""
    async with practice.journal.transaction() as rows:
        released = next(use for use in await rows.uses.find(state=UseState.RELEASED) if not use.is_advice)
        advice = next(use for use in await rows.uses.find(state=UseState.RELEASED) if use.is_advice)
        [answer, *_] = await rows.consent_answers.find(use_id=released.id, answer=Answer.GRANTED)
        granted = replace(released, id=practice.ids.new(), state=UseState.GRANTED)
        await rows.uses.add(granted, replace(advice, id=practice.ids.new(), state=UseState.PERMITTED))
        again = ConsentAnswer(
            practice.ids.new(),
            granted.id,
            answer.person_id,
            Relation.SELF,
            Answer.GRANTED,
            answer.wording,
            answer.wording_version,
            practice.clock.now(),
            answer.proof,
        )
        await rows.consent_answers.add(again)
