"""For tests about whom words and pictures may reach: Ann Patel, another patient, and families."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from bot.domain.document import Document
from bot.domain.identifiers import Account, AuthorityId, PersonId
from bot.domain.image import Image
from bot.domain.invitee import Invitee
from bot.domain.people import Authority, Relation, Role
from handlers.people.enrol import new_invitation
from tests.cases import Shared, shared_practice, taps
from tests.practice import JPEG, Someone

LONG_AGO = date(2020, 1, 1)


@asynccontextmanager
async def with_ann(directory: Path) -> AsyncIterator[tuple[Shared, Someone]]:
    """Sam's photo is filed; Ann Patel is a patient too, with an account."""
    async with shared_practice(directory) as shared:
        yield shared, await enrolled(shared, '!enrol patient 10422 "Ann Patel" 1990-05-02', "ann", "Ann")


async def enrolled(shared: Shared, words: str, account: str, name: str) -> Someone:
    await shared.kim.writes(words)
    new = Someone(shared.practice, Account(f"@{account}:hs.test"), f"{name}Identity")
    await new.enrol(shared.practice.last_code(shared.kim.own_room))
    return new


async def another_manager(shared: Shared) -> Someone:
    """Pat, a manager like Kim."""
    async with shared.practice.journal.transaction() as rows:
        tx = shared.practice.dispatch.transaction(rows)
        invitee = Invitee(Role.MANAGER, "Pat", account=Account("@pat:hs.test"))
        _, code = await new_invitation(invitee, "setup", tx)
    pat = Someone(shared.practice, Account("@pat:hs.test"), "PatIdentity")
    await pat.enrol(code)
    return pat


async def moved_to_ann(shared: Shared) -> None:
    await shared.kim.writes(f"!refile {shared.image.ref} 10422 1990-05-02")
    await taps(shared.kim, "Move")


async def person_id(someone: Someone) -> PersonId:
    async with someone.practice.journal.reading() as rows:
        person = await rows.people.first(account=someone.account)
    assert person is not None
    return person.id


async def answers_as(someone: Someone, mrn: str, relation: Relation, *, until: date | None = None) -> None:
    """Whatever they were to this patient, this is what they are from now on."""
    async with someone.practice.journal.transaction() as rows:
        patient = await rows.patients.first(mrn=mrn)
        person = await rows.people.first(account=someone.account)
        assert patient is not None and person is not None
        for held in await rows.authorities.find(person_id=person.id, patient_id=patient.id):
            await rows.authorities.remove(held)
        await rows.authorities.add(Authority(AuthorityId(f"{person.id}-{mrn}"), person.id, patient.id, relation, until))


async def speaks_no_more(someone: Someone) -> None:
    """Their authority has ended, for everybody."""
    async with someone.practice.journal.transaction() as rows:
        person = await rows.people.first(account=someone.account)
        assert person is not None
        for held in await rows.authorities.find(person_id=person.id):
            await rows.authorities.save(replace(held, until=LONG_AGO))


async def family(shared: Shared) -> tuple[Someone, Someone]:
    """Ann, and Mia Patel, her child, a mature minor with an account of her own, confirmed. Both sent a photo of Mia."""
    ann = await enrolled(shared, '!enrol patient 10423 "Mia Patel" 2010-12-01 parent "Ann Patel"', "ann", "Ann")
    await ann.sends_photo(JPEG + b"ann's", caption="her rash")
    mia = await enrolled(shared, "!link 10423 self", "mia", "Mia")
    await shared.lee.writes("!capacity 10423 mature-minor")
    await shared.lee.writes("!confirm 10423")
    await taps(shared.lee, "Yes")
    await mia.sends_photo(JPEG + b"mia's", caption="nobody else's business")
    return ann, mia


async def latest_image(shared: Shared) -> Image:
    return (await shared.practice.images())[-1]


async def documents(shared: Shared, **equal: object) -> list[Document]:
    async with shared.practice.journal.reading() as rows:
        return await rows.documents.find(**equal)


def heard_with(someone: Someone, words: str) -> list[str]:
    return [line for line in someone.heard if words in line]


@asynccontextmanager
async def with_children(directory: Path) -> AsyncIterator[tuple[Shared, Someone]]:
    """Ann Patel is a patient herself (1), and the mother of Mia (2) and Leo (3)."""
    async with with_ann(directory) as (shared, ann):
        for mrn, name, born in (("10431", "Mia Patel", "2016-03-04"), ("10432", "Leo Patel", "2018-05-06")):
            await shared.kim.writes(f'!enrol patient {mrn} "{name}" {born} parent "Ann Patel"')
            await ann.enrol(shared.practice.last_code(shared.kim.own_room))
        yield shared, ann


def answered_in_app(event_id: str) -> dict[str, Any]:
    """What an app adds to a message that replies to another."""
    return {"m.relates_to": {"m.in_reply_to": {"event_id": event_id}}}
