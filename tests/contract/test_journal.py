"""What the core relies on of its journal: one commit or nothing, order kept, nothing read twice, nothing slept through."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.domain.arrivals import Arrival, ArrivalKind, Batch, Proof, TrustVerdict
from bot.domain.consent import Basis, Consent, Disclosure
from bot.domain.conversation import About, Question
from bot.domain.copies import Copy, CopyState, What
from bot.domain.document import Document
from bot.domain.entries import EntryKind
from bot.domain.errors import OutsideFailure
from bot.domain.identifiers import (
    Account,
    Address,
    AuthorityId,
    ConsentId,
    CopyId,
    DocumentId,
    EventId,
    ImageId,
    InvitationId,
    MediaId,
    PatientId,
    PersonId,
    QuestionId,
    RoomId,
    UseId,
)
from bot.domain.image import HeldFor, Image, State
from bot.domain.intents import KINDS, DestroySealed, Intent, Invite, OpenRoom, Say, from_json, to_json
from bot.domain.invitations import Invitation
from bot.domain.people import Authority, Patient, Person, Relation, Role
from bot.domain.planned import Hands, Planned, Progress
from bot.domain.purposes import Purpose
from bot.domain.rooms import Room, RoomKind
from bot.domain.screening import Screening
from bot.domain.sealed import SealedObject
from bot.domain.use import Use
from bot.ports import AuditEntry, Conflict
from storage.journal.encrypted_journal import EncryptedJournal
from storage.sql.database import Database
from storage.vault.key_ring import KeyRing
from storage.vault.master_keys import MasterKeys
from tests.patience import PATIENCE

LONG = timedelta(hours=1)
AT = datetime(2026, 11, 23, 10, 0, 0, 123456, tzinfo=UTC)
ONE = ImageId("one")
PERSON = Person(PersonId("sam"), Account("@sam:hs.test"), "Sam Patel", frozenset({Role.PATIENT}), "identity")


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[EncryptedJournal]:
    database = await Database.open(tmp_path / "journal.db", bytes(32))
    try:
        await MasterKeys(database, KeyRing(bytes(32))).current()
        yield EncryptedJournal(database)
    finally:
        await database.close()


def arrival(event_id: str, kind: ArrivalKind = ArrivalKind.MESSAGE, **more: Any) -> Arrival:
    verdict = TrustVerdict(Proof.SIGNED, "DEVICE", "identity", "curve", "ed", "session", 7)
    content = {"msgtype": "m.text", "body": "rash \U0001f912", "nested": {"list": [1, 2.5, None, True]}}
    return Arrival(
        kind,
        RoomId("!room"),
        EventId(event_id),
        Account("@sam:hs.test"),
        AT,
        "m.room.message",
        content,
        verdict=verdict,
        **more,
    )


def planned(name: str, lane: str = "", due: datetime = AT) -> Planned:
    return Planned(name, lane, due, DestroySealed(name), planned_at=AT)


async def plan(journal: EncryptedJournal, *intents: Planned) -> None:
    async with journal.transaction() as rows:
        await rows.plan(*intents)


async def due(
    journal: EncryptedJournal, at: datetime = AT, limit: int = 10, busy: frozenset[str] = frozenset()
) -> list[str]:
    return [one.id for one in await journal.due(at, dict.fromkeys(Hands, limit), busy)]


# ---- inbox


async def test_what_arrives_is_read_back_exactly_and_in_order(journal: EncryptedJournal) -> None:
    sent = (arrival("$one"), arrival("$two", target="$one"), arrival("$three", ArrivalKind.REDACTION))
    await journal.receive(Batch("token", sent), AT)
    assert tuple(one for _, one in await journal.next_arrivals(10)) == sent
    assert await journal.token() == "token"


async def test_the_same_event_is_stored_once_also_when_it_was_handled(journal: EncryptedJournal) -> None:
    await journal.receive(Batch("one", (arrival("$one"),)), AT)
    await journal.receive(Batch("two", (arrival("$one"), arrival("$two"))), AT)
    ((first, _), _) = await journal.next_arrivals(10)
    async with journal.transaction() as rows:
        await rows.handled(first)
    await journal.receive(Batch("three", (arrival("$one"),)), AT)
    assert [one.event_id for _, one in await journal.next_arrivals(10)] == ["$two"]


async def test_a_batch_and_its_token_are_one_commit(journal: EncryptedJournal) -> None:
    await journal.receive(Batch("before", ()), AT)
    no_token: Any = object()
    with pytest.raises(Exception, match="unsupported type"):
        await journal.receive(Batch(no_token, (arrival("$good"),)), AT)
    assert await journal.token() == "before" and await journal.next_arrivals(10) == []


async def test_what_was_handled_is_wiped_and_so_is_what_was_quarantined(journal: EncryptedJournal) -> None:
    await journal.receive(Batch("t", (arrival("$one"), arrival("$two"))), AT)
    async with journal.transaction() as rows:
        for (inbox_id, _), poison in zip(await journal.next_arrivals(2), ("", "KeyError"), strict=True):
            await rows.handled(inbox_id, quarantined=poison)
    assert await journal.next_arrivals(10) == []
    async with journal._database.reading() as connection:
        kept = (await connection.execute(text("SELECT state, trouble, arrival FROM inbox ORDER BY id"))).all()
    assert [tuple(row) for row in kept] == [("handled", "", None), ("quarantined", "KeyError", None)]


async def test_what_cannot_be_decrypted_waits_apart_and_takes_its_place_when_its_key_comes(
    journal: EncryptedJournal,
) -> None:
    locked = arrival("$locked", ArrivalKind.UNDECRYPTABLE)
    await journal.receive(Batch("t", (locked, arrival("$later"))), AT)
    assert [one.event_id for _, one in await journal.next_arrivals(10)] == ["$later"]
    ((inbox_id, waiting),) = await journal.undecrypted()
    assert waiting == locked
    await journal.decrypted(inbox_id, arrival("$locked"))
    assert [one.event_id for _, one in await journal.next_arrivals(10)] == ["$locked", "$later"]
    assert await journal.undecrypted() == []
    await journal.decrypted(inbox_id, arrival("$locked"))
    assert len(await journal.next_arrivals(10)) == 2


async def test_whose_key_is_overdue_is_told_once(journal: EncryptedJournal) -> None:
    await journal.receive(Batch("t", (arrival("$locked", ArrivalKind.UNDECRYPTABLE),)), AT)
    assert await journal.overdue_for_key(AT) == []
    ((inbox_id, _),) = await journal.overdue_for_key(AT + timedelta(seconds=1))
    async with journal.transaction() as rows:
        await rows.told_unreadable([inbox_id])
    assert await journal.overdue_for_key(AT + timedelta(hours=1)) == []
    assert len(await journal.undecrypted()) == 1, "it still waits for its key"


# ---- rows

ROWS: dict[str, Any] = {
    "people": PERSON,
    "patients": Patient(PatientId("patient"), "10421", "Sam Patel", date(1984, 3, 7)),
    "authorities": Authority(
        AuthorityId("authority"), PersonId("sam"), PatientId("patient"), Relation.PARENT, date(2030, 1, 1)
    ),
    "invitations": Invitation(
        InvitationId("inv"), "K7M", "salt", "hash", Role.PATIENT, "Sam", AT, PersonId("kim"), relation=Relation.SELF
    ),
    "rooms": Room(RoomId("!room"), RoomKind.OWN, Address("own:sam"), PersonId("sam")),
    "images": Image(
        ImageId("image"),
        "IMG-7F3K",
        PersonId("sam"),
        RoomId("!room"),
        EventId("$event"),
        AT,
        State.HELD,
        PatientId("patient"),
        Purpose.CARE,
        "rash",
        sealed=SealedObject("image", PatientId("patient"), "key", 1, 3, "digest"),
        attachment={"url": "mxc://hs/one"},
        proof={"payload": {"body": "rash"}, "message_index": 7},
        held_for=HeldFor.WITHDRAWAL,
        seen_at=AT,
    ),
    "copies": Copy(
        CopyId("copy"), What.FILE, mxc=MediaId("mxc://hs/one"), state=CopyState.HIDDEN, hidden_until=AT, purge_after=AT
    ),
    "documents": Document(
        DocumentId("doc"),
        EntryKind.NOTE,
        ImageId("image"),
        PatientId("patient"),
        PersonId("lee"),
        AT,
        "words",
        {"a": [1]},
        "digest",
    ),
    "screenings": Screening(ImageId("image"), {"viewable": True, "also": ["xmp"]}, "Received, thank you."),
    "consents": Consent(
        ConsentId("consent"),
        ImageId("image"),
        PersonId("sam"),
        Relation.SELF,
        Basis.IMPLIED,
        Purpose.CARE,
        "rash",
        "wording",
        "1",
        AT,
        {"a": {"b": 1}},
    ),
    "disclosures": Disclosure("disclosure", ImageId("image"), PersonId("lee"), "viewed", Purpose.CARE, "R7", AT),
    "questions": Question(
        QuestionId("question"),
        PersonId("sam"),
        About.PATIENT,
        (ImageId("image"), ImageId("two")),
        (PatientId("patient"),),
        AT,
        AT,
    ),
}


@pytest.mark.parametrize("kind", ROWS)
async def test_a_row_comes_back_as_the_value_it_was(kind: str, journal: EncryptedJournal) -> None:
    row = ROWS[kind]
    async with journal.transaction() as rows:
        await getattr(rows, kind).add(row)
    async with journal.reading() as rows:
        back = await getattr(rows, kind).get(row.id)
    assert back == row
    assert [type(getattr(back, f.name)) for f in fields(row)] == [type(getattr(row, f.name)) for f in fields(row)]


@pytest.mark.parametrize("kind", ROWS)
async def test_a_row_that_somebody_changed_meanwhile_is_not_overwritten(kind: str, journal: EncryptedJournal) -> None:
    async with journal.transaction() as rows:
        await getattr(rows, kind).add(ROWS[kind])
        newer = await getattr(rows, kind).save(ROWS[kind])
    assert newer.version == 1
    with pytest.raises(Conflict):
        async with journal.transaction() as rows:
            await rows.audit(AuditEntry("bot", "lost", "race", {}), AT)
            await getattr(rows, kind).save(ROWS[kind])
    async with journal.transaction() as rows:
        assert (await getattr(rows, kind).save(newer)).version == 2


@pytest.mark.parametrize("kind", ROWS)
async def test_a_commit_reads_what_it_wrote_itself(kind: str, journal: EncryptedJournal) -> None:
    row = ROWS[kind]
    async with journal.transaction() as commit:
        rows = getattr(commit, kind)
        assert (await rows.find(), await rows.first(id=row.id), await rows.first()) == ([], None, None)
        await rows.add(row)
        assert (await rows.find(), await rows.get(row.id), await rows.first()) == ([row], row, row)
        newer = await rows.save(row)
        assert (await rows.find(), await rows.get(row.id), await rows.first()) == ([newer], newer, newer)
        await rows.remove(newer)
        assert (await rows.find(), await rows.first(id=row.id), await rows.first()) == ([], None, None)


async def test_what_a_commit_found_is_the_callers_own_list(journal: EncryptedJournal) -> None:
    async with journal.transaction() as rows:
        await rows.people.add(PERSON)
        (await rows.people.find()).clear()
        assert await rows.people.find() == [PERSON]


async def test_a_row_that_is_not_there_is_an_error_or_none(journal: EncryptedJournal) -> None:
    async with journal.reading() as rows:
        with pytest.raises(LookupError):
            await rows.people.get(PersonId("nobody"))
        assert await rows.people.first(account="@nobody:hs") is None
        assert await rows.people.find() == []
    with pytest.raises(Conflict):
        async with journal.transaction() as rows:
            await rows.people.save(PERSON)


async def test_rows_are_found_by_equal_values_or_one_of_several_oldest_first(journal: EncryptedJournal) -> None:
    people = [replace(PERSON, id=PersonId(name), account=Account(f"@{name}:hs")) for name in ("zoe", "ann", "bob")]
    async with journal.transaction() as rows:
        await rows.people.add(*people)
    async with journal.reading() as rows:
        assert await rows.people.find() == people
        assert await rows.people.find(id=("bob", "zoe", "nobody")) == [people[0], people[2]]
        assert await rows.people.find(id="ann", name="Sam Patel") == [people[1]]
        assert await rows.people.find(id=()) == []
        assert await rows.people.first(name="Sam Patel") == people[0]


async def test_uses_are_found_by_any_of_their_images_oldest_first_and_each_once(journal: EncryptedJournal) -> None:
    of = {"zoe": (ONE,), "ann": (ImageId("two"), ONE), "bob": (ImageId("one-more"),)}
    uses = [Use(UseId(name), images, PersonId("lee"), AT, Purpose.CARE, ()) for name, images in of.items()]
    async with journal.transaction() as rows:
        await rows.uses.add(*uses)
        assert await rows.uses_of(ImageId("one")) == uses[:2]
        assert await rows.uses_of(ImageId("two"), ImageId("one"), ImageId("one-more")) == uses
        assert await rows.uses_of(ImageId("two")) == [uses[1]]
        assert await rows.uses_of() == await rows.uses_of(ImageId("on_")) == []
        newer = await rows.uses.save(uses[1])
        assert await rows.uses_of(ImageId("two")) == [newer]
        elsewhere = await rows.uses.save(replace(newer, image_ids=(ImageId("three"),)))
        assert await rows.uses_of(ImageId("two")) == [] and await rows.uses_of(ImageId("three")) == [elsewhere]
        await rows.uses.remove(elsewhere)
        assert await rows.uses_of(ImageId("three")) == []


async def test_uses_are_found_by_whoever_takes_part_oldest_first_and_each_once(journal: EncryptedJournal) -> None:
    lee, derm, kim = PersonId("lee"), PersonId("derm"), PersonId("kim")
    of = {"zoe": (lee, (derm,)), "ann": (derm, (lee, derm)), "bob": (kim, ())}
    made = [Use(UseId(name), (ONE,), by, AT, Purpose.CARE, (), recipient_ids=to) for name, (by, to) in of.items()]
    async with journal.transaction() as rows:
        await rows.uses.add(*made)
        assert await rows.uses_with(derm) == await rows.uses_with(lee) == made[:2]
        assert await rows.uses_with(kim) == made[2:] and await rows.uses_with(PersonId("le_")) == []
        handed_over = await rows.uses.save(replace(made[0], asked_by=kim, recipient_ids=(lee,)))
        assert await rows.uses_with(derm) == [made[1]] and await rows.uses_with(kim) == [handed_over, made[2]]
        await rows.uses.remove(handed_over)
        assert await rows.uses_with(kim) == [made[2]]


async def test_what_waits_in_a_lane_is_found_without_the_rest(journal: EncryptedJournal) -> None:
    several = [
        Planned(name, lane, AT, DestroySealed(name)) for name, lane in (("b", "here"), ("c", "there"), ("a", "here"))
    ]
    async with journal.transaction() as rows:
        await rows.plan(*several)
        await rows.settle(replace(several[0], progress=Progress.HELD))
        assert [planned.id for planned in await rows.waiting_in("here")] == ["b", "a"]
        assert await rows.waiting_in("nowhere") == []


async def test_a_look_at_the_journal_waits_for_nobody_and_holds_up_nobody(journal: EncryptedJournal) -> None:
    """Lists are read so. Whoever writes commits while somebody looks, and that look sees the moment it began with."""
    async with journal.transaction() as rows:
        await rows.people.add(PERSON)
    async with journal.transaction() as rows:
        await rows.people.save(replace(PERSON, name="changed"))
        async with asyncio.timeout(PATIENCE), journal.reading() as look:
            assert await look.people.get(PERSON.id) == PERSON
    async with journal.reading() as look:
        before = await look.people.get(PERSON.id)
        async with asyncio.timeout(PATIENCE), journal.transaction() as rows:
            await rows.people.save(replace(before, name="changed again"))
        assert (await look.people.first(account=PERSON.account)) == before
    async with journal.reading() as look:
        assert (await look.people.get(PERSON.id)).name == "changed again"
    with pytest.raises(OutsideFailure):
        async with journal.reading() as look:
            await look.people.save(before)


async def test_a_commit_is_whole_or_nothing(journal: EncryptedJournal) -> None:
    await journal.receive(Batch("t", (arrival("$one"),)), AT)
    ((inbox_id, _),) = await journal.next_arrivals(1)
    with pytest.raises(ZeroDivisionError):
        async with journal.transaction() as rows:
            await rows.people.add(PERSON)
            await rows.plan(planned("one"))
            await rows.audit(AuditEntry("bot", "action", "subject", {"a": 1}), AT)
            await rows.handled(inbox_id)
            raise ZeroDivisionError
    async with journal.reading() as rows:
        assert await rows.people.find() == [] and await rows.waiting(*Progress) == []
    assert len(await journal.next_arrivals(1)) == 1
    async with journal._database.reading() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM audit"))).scalar() == 0


async def test_a_reader_sees_only_what_was_committed(journal: EncryptedJournal) -> None:
    async with journal.transaction() as rows:
        await rows.people.add(PERSON)
        async with journal.reading() as beside:
            assert await beside.people.find() == []
    async with journal.reading() as rows:
        assert await rows.people.find() == [PERSON]


# ---- intents


async def test_an_intent_comes_back_as_it_was_planned(journal: EncryptedJournal) -> None:
    intents: tuple[Intent, ...] = (
        Say(Address("own:sam"), "words", (CopyId("copy"),), CopyId("edits"), True),
        OpenRoom(Address("own:sam"), "key", "name", (Account("@sam:hs"),)),
        Invite(Address("practice"), Account("@sam:hs")),
    )
    for number, intent in enumerate(intents):
        one = Planned(f"id{number}", "lane", AT, intent, planned_at=AT)
        await plan(journal, one)
        async with journal.transaction() as rows:
            (back,) = await rows.waiting(Progress.DUE)
            assert back == replace(one, seq=back.seq)
            await rows.finish(one)


def test_every_kind_of_intent_has_a_name_of_its_own() -> None:
    assert len(KINDS) == len(set(KINDS.values()))
    assert from_json("destroy-sealed", to_json(DestroySealed("one"))) == DestroySealed("one")
    with pytest.raises(KeyError):
        from_json("of another version", {})


async def test_what_is_due_comes_in_the_order_it_was_planned_and_not_early(journal: EncryptedJournal) -> None:
    later = AT + timedelta(microseconds=1)
    await plan(journal, planned("b"), planned("a"), planned("later", due=later))
    assert await due(journal) == ["b", "a"]
    assert await due(journal, limit=1) == ["b"]
    assert await due(journal, later) == ["b", "a", "later"]
    assert await journal.next_due_at(AT) == later
    assert await journal.next_due_at(later) is None


async def test_only_the_first_of_a_lane_is_due_whatever_its_hour(journal: EncryptedJournal) -> None:
    await plan(journal, planned("first", "lane", AT + timedelta(hours=1)), planned("second", "lane"), planned("free"))
    assert await due(journal) == ["free"]
    assert await due(journal, AT + timedelta(hours=1)) == ["free", "first"], "what was due first goes first"


async def test_what_is_in_flight_is_not_given_out_again_nor_its_lane(journal: EncryptedJournal) -> None:
    await plan(journal, planned("one", "lane"), planned("two", "another"), planned("three"))
    assert await due(journal, busy=frozenset({"lane", "three"})) == ["two"]


async def test_what_is_finished_or_held_lets_its_lane_go_on(journal: EncryptedJournal) -> None:
    await plan(journal, planned("one", "lane"), planned("two", "lane"), planned("three", "lane"))
    async with journal.transaction() as rows:
        await rows.finish(planned("one", "lane"))
    assert await due(journal) == ["two"]
    async with journal.transaction() as rows:
        await rows.settle(replace(planned("two", "lane"), progress=Progress.HELD, trouble="away", attempts=3))
    assert await due(journal) == ["three"]


async def test_of_what_is_done_nothing_is_kept_and_what_is_held_keeps_its_words(journal: EncryptedJournal) -> None:
    await plan(journal, planned("one"), planned("two"))
    async with journal.transaction() as rows:
        await rows.finish(planned("one"))
        await rows.settle(replace(planned("two"), progress=Progress.HELD, trouble="away"))
    async with journal.reading() as rows:
        (held,) = await rows.waiting(Progress.HELD)
    assert held.intent == DestroySealed("two") and held.trouble == "away"
    async with journal._database.reading() as connection:
        assert (await connection.execute(text("SELECT id FROM intents"))).scalars().all() == ["two"]


async def test_hurrying_a_lane_makes_what_waits_in_it_due_and_nothing_else(journal: EncryptedJournal) -> None:
    later = AT + timedelta(hours=1)
    await plan(journal, planned("one", "lane", later), planned("other", "another", later))
    async with journal.transaction() as rows:
        await rows.hurry("lane", AT)
    assert await due(journal) == ["one"]


async def test_the_order_of_planning_survives_a_restart(tmp_path: Path) -> None:
    for name in ("one", "two", "three"):
        database = await Database.open(tmp_path / "journal.db", bytes(32))
        await plan(EncryptedJournal(database), planned(name, "lane"))
        await database.close()
    database = await Database.open(tmp_path / "journal.db", bytes(32))
    async with EncryptedJournal(database).reading() as rows:
        assert [one.id for one in await rows.waiting(Progress.DUE)] == ["one", "two", "three"]
    await database.close()


async def test_what_was_cancelled_while_it_was_under_way_is_not_tried_again(journal: EncryptedJournal) -> None:
    await plan(journal, planned("one"))
    async with journal.transaction() as rows:
        await rows.finish(planned("one"))
    async with journal.transaction() as rows:
        await rows.settle(replace(planned("one"), attempts=1))  # it failed meanwhile, and would be tried later
    assert await due(journal) == []


# ---- news


async def test_a_commit_is_news_for_everyone_who_waits(journal: EncryptedJournal) -> None:
    waiting = [asyncio.create_task(journal.news(name, LONG)) for name in ("another", "worker")]
    await asyncio.sleep(0)
    await plan(journal, planned("one"))
    await asyncio.wait_for(asyncio.gather(*waiting), PATIENCE)


async def test_whoever_was_looking_elsewhere_when_it_rang_hears_it_all_the_same(journal: EncryptedJournal) -> None:
    listening = asyncio.create_task(journal.news("worker", LONG))
    await asyncio.sleep(0)
    await plan(journal, planned("one"))
    await listening  # the worker has heard; the inbox was busy
    await asyncio.wait_for(journal.news("another", LONG), PATIENCE)


async def test_no_news_is_no_news(journal: EncryptedJournal) -> None:
    await plan(journal, planned("one"))
    await journal.news("another", LONG)
    waiting = asyncio.create_task(journal.news("another", LONG))
    for _ in range(5):
        await asyncio.sleep(0)
    assert not waiting.done()
    waiting.cancel()
    await journal.news("another", timedelta(0))


# ---- set-up


async def test_a_registration_token_is_given_out_once_and_only_while_it_is_good(journal: EncryptedJournal) -> None:
    await journal.offer_registration_token("short", AT + timedelta(hours=1))
    await journal.offer_registration_token("long", AT + timedelta(days=8))
    await journal.offer_registration_token("long", AT + timedelta(days=99))
    week = AT + timedelta(days=7)
    assert await journal.free_registration_tokens(week) == 1
    async with journal.transaction() as rows:
        given = [
            await rows.registration_token(InvitationId("inv"), week),
            await rows.registration_token(InvitationId("inv"), week),
        ]
    assert given == ["long", ""] and await journal.free_registration_tokens(week) == 0


async def test_a_setting_is_kept_and_replaced(journal: EncryptedJournal) -> None:
    assert await journal.setting("key") is None
    await journal.set("key", "one")
    await journal.set("key", "two")
    assert await journal.setting("key") == "two"
