"""Every named question to the journal is answered by an index, or stands here with the reason why it need not be."""

from __future__ import annotations

import ast
import inspect
import types
import typing
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from bot.domain.copies import Copy, CopyState, What
from bot.domain.identifiers import CopyId, ImageId, PatientId, PersonId
from bot.domain.image import State
from bot.domain.invitee import Invitee
from bot.domain.people import Role
from bot.ports.journal_rows.of_lists import AFTER_ALL, BEFORE_ALL, FIRST_BORN, FIRST_ENTERED, Lists
from bot.ports.journal_rows.one_table import Rows
from storage.journal.encrypted_journal import EncryptedJournal
from storage.journal.journal_commit import JournalCommit
from storage.journal.list_rows import ListRows
from storage.sql.database import Database

ROOT = Path(__file__).parents[2]
SCANNED = {
    "authorities.opened_by": "a command of the operator lists what was opened at the computer",
    "authorities.seconded_by": "a command of the operator lists what was confirmed at the computer",
    "authorities.of_invitation": "once for each invitation that is confirmed, among as many as there are patients",
    "authorities.unopened": "!confirm, now and then, among as many as there are patients",
    "authorities.waiting_for_a_second": "!confirm, now and then, among as many as there are patients",
    "breaches.open": "!breach, among the few there ever are",
    "choices.carried_by": "only where a question could not be sent",
    "consent_answers.given_by": "only where a message is deleted in an app",
    "disclosures.forwarded": "a command of the operator lists what was agreed to",
    "invitations.for_account": "only where somebody leaves, or is unlinked",
    "invitations.for_managers": "a command of the operator makes the codes of the first managers",
    "invitations.for_patient": "only where a patient comes of age, leaves or dies",
    "invitations.for_the_same": "!enrol and !link, among those who were ever enrolled",
    "invitations.made_by": "only where somebody leaves, or loses a phone",
    "invitations.matched_in": "once for each room that is made",
    "legal_holds.of_image": "only where an image is destroyed, among the few there ever are",
    "legal_holds.standing": "retention, among the few there ever are",
    "legal_holds.standing_on_image": "!release-hold, among the few there ever are",
    "legal_holds.standing_on_records": "retention, among the few there ever are",
    "questions.open_about": "only where somebody died, or wants a photo back: among the questions of all time",
    "verifications.of_transaction": "once for each emoji check that is asked for, of which each person has few",
}


def questions() -> Iterator[tuple[str, str]]:
    hints = {name: made for name, made in inspect.getmembers(JournalCommit(None)) if isinstance(made, Rows)}  # type: ignore[arg-type]
    for kind, rows in hints.items():
        for name, method in vars(type(rows)).items():
            if inspect.iscoroutinefunction(method):
                yield kind, name
        yield kind, "known"
        yield kind, "among"


def argument(annotation: Any) -> Any:
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (types.UnionType, typing.Union):
        return argument(next(one for one in inner if one is not type(None)))
    if origin in (Collection, list):
        return [argument(inner[0])]
    if origin is typing.Literal:
        return inner[0]
    if isinstance(annotation, typing.NewType | typing.TypeVar):  # an id
        return "x"
    if issubclass(annotation, Enum):
        return next(iter(annotation))
    return {
        str: "x",
        bool: True,
        date: date(2026, 11, 23),
        datetime: datetime(2026, 11, 23, tzinfo=UTC),
        Copy: Copy(CopyId("c"), What.MESSAGE),
        Invitee: Invitee(Role.PATIENT, "x"),
    }[annotation]


async def plan_of(database: Database, kind: str, name: str, *, narrowed: bool) -> list[str]:
    """How the database answers this question, with all that may be named in it or with as little as can be."""
    async with EncryptedJournal(database).transaction() as rows:
        ask = getattr(getattr(rows, kind), name)
        hints = typing.get_type_hints(ask)
        asked = {
            parameter.name: argument(hints[parameter.name])
            for parameter in inspect.signature(ask).parameters.values()
            if narrowed or parameter.default is parameter.empty
        }
        return await explained(database, ask(**asked))


async def explained(database: Database, asking: Awaitable[object]) -> list[str]:
    plan: list[str] = []

    def explain(_connection: object, cursor: Any, statement: str, parameters: Any, *_: object) -> None:
        explaining = cursor.connection.cursor()
        explaining.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
        plan.extend(row[-1] for row in explaining.fetchall())

    engine = database._writer
    assert engine is not None
    event.listen(engine, "before_cursor_execute", explain)
    try:
        await asking
    finally:
        event.remove(engine, "before_cursor_execute", explain)
    return plan


async def test_every_question_is_answered_by_an_index_or_excused(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "journal.db", bytes(32))
    scanned: dict[str, list[str]] = {}
    try:
        for kind, name in questions():
            for narrowed in (False, True):
                plan = await plan_of(database, kind, name, narrowed=narrowed)
                assert plan, f"{kind}.{name} asked nothing"
                if any(step.startswith("SCAN") for step in plan):
                    scanned[f"{kind}.{name}"] = plan
    finally:
        await database.close()
    assert {name: plan for name, plan in scanned.items() if name not in SCANNED} == {}
    assert set(SCANNED) - set(scanned) == set(), "they have an index by now"


NOW = datetime(2026, 11, 23, tzinfo=UTC)
LISTS: Mapping[str, Callable[[Lists], Awaitable[object]]] = {
    "waiting": lambda lists: lists.waiting(BEFORE_ALL, 21),
    "without_a_note": lambda lists: lists.without_a_note(BEFORE_ALL, 21),
    "taken_by": lambda lists: lists.taken_by(PersonId("lee"), AFTER_ALL, 21),
    "sent_by": lambda lists: lists.sent_by(PersonId("sam"), AFTER_ALL, 21),
    "of_patient": lambda lists: lists.of_patient(PatientId("10421"), AFTER_ALL, 21),
    "records_of_grown_ups": lambda lists: lists.records_of_grown_ups(NOW, FIRST_ENTERED, 21),
    "records_of_children": lambda lists: lists.records_of_children(NOW, NOW.date(), FIRST_BORN, 21),
    "images_in": lambda lists: lists.images_in((State.RECEIVED, State.HELD)),
    "copies_in": lambda lists: lists.copies_in(CopyState.BEYOND_REACH, 1000),
    "given_up": lambda lists: lists.given_up(),
    "failing": lambda lists: lists.failing(1000),
    "kept_in_chat": lambda lists: lists.kept_in_chat(["share", "server"], 1000),
}


@pytest.mark.parametrize("asked", LISTS)
async def test_a_page_of_a_list_is_read_in_the_order_of_an_index_and_nothing_is_sorted(
    tmp_path: Path, asked: str
) -> None:
    """What must be sorted, or read from its beginning, takes longer with every image there ever was."""
    database = await Database.open(tmp_path / "journal.db", bytes(32))
    try:
        async with EncryptedJournal(database).transaction() as rows:
            plan = await explained(database, LISTS[asked](rows.lists))
    finally:
        await database.close()
    slow = [
        step for step in plan if (step.startswith("SCAN") and "INDEX" not in step) or "TEMP B-TREE FOR ORDER" in step
    ]
    assert plan and (slow == [] or asked in SMALL), plan


SMALL = {"given_up", "copies_in"}  # as many as wait for a person; and a count that ends at its limit


async def test_every_question_of_a_list_is_tried() -> None:
    asked = {name for name, method in vars(ListRows).items() if inspect.iscoroutinefunction(method)}
    assert {name for name in asked if not name.startswith("_")} == set(LISTS)


OF_THE_WHOLE: Mapping[str, Callable[[JournalCommit], Awaitable[object]]] = {
    "set_aside": lambda rows: rows.set_aside(NOW),  # the inbox remembers every event there ever was
    "uses_with": lambda rows: rows.uses_with(PersonId("lee")),
}


@pytest.mark.parametrize("asked", OF_THE_WHOLE)
async def test_questions_to_the_whole_journal_are_looked_up(tmp_path: Path, asked: str) -> None:
    database = await Database.open(tmp_path / "journal.db", bytes(32))
    try:
        async with EncryptedJournal(database).transaction() as rows:
            plan = await explained(database, OF_THE_WHOLE[asked](rows))
    finally:
        await database.close()
    assert plan and not any(step.startswith("SCAN") for step in plan), plan


IN_A_LANE: Mapping[str, Callable[[JournalCommit], Awaitable[object]]] = {
    "waiting_in": lambda rows: rows.waiting_in("a lane"),
    "hurry": lambda rows: rows.hurry("a lane", NOW),
}


@pytest.mark.parametrize("asked", IN_A_LANE)
async def test_a_lane_is_looked_up_and_not_searched_for_among_all_that_is_due(tmp_path: Path, asked: str) -> None:
    """Every photo hurries its lane, and for each one that was kept something is due a month later."""
    database = await Database.open(tmp_path / "journal.db", bytes(32))
    try:
        async with EncryptedJournal(database).transaction() as rows:
            first, *_ = await explained(database, IN_A_LANE[asked](rows))
    finally:
        await database.close()
    assert first == "SEARCH intents USING INDEX ix_intents_lane (progress=? AND lane=?)"


async def test_the_uses_of_an_image_are_looked_up(tmp_path: Path) -> None:
    """Whether an image may be shown is asked all day, and uses are never removed."""
    database = await Database.open(tmp_path / "journal.db", bytes(32))
    try:
        async with EncryptedJournal(database).transaction() as rows:
            plan = await explained(database, rows.uses_of(ImageId("one"), ImageId("two")))
    finally:
        await database.close()
    assert plan and not any(step.startswith("SCAN") for step in plan), plan


async def test_what_waits_for_a_further_copy_is_looked_up(tmp_path: Path) -> None:
    """It is asked every few seconds, of all that was ever filed."""
    database = await Database.open(tmp_path / "journal.db", bytes(32))
    try:
        async with EncryptedJournal(database).transaction() as rows:
            plan = await explained(database, rows.deliveries_due("share", datetime(2026, 11, 23, tzinfo=UTC), 100))
            plan += await explained(database, rows.deliveries_failing("share"))
            plan += await explained(database, rows.delivery_begun("share"))
            plan += await explained(database, rows.deliveries.moving("share"))
            plan += await explained(database, rows.deliveries.lacking_beside("share"))
            counted = await explained(database, rows.delivery_counts())
    finally:
        await database.close()
    assert plan and not any(step.startswith("SCAN") for step in plan), plan
    assert counted == ["SCAN delivery USING COVERING INDEX ix_delivery_state"], "nothing is sorted, and no row is read"


def test_the_program_asks_only_by_name() -> None:
    """`find` and `first` take any column and any value: no checker sees a wrong one."""
    unnamed = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for part in ("bot", "handlers")
        for path in (ROOT / part).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in {"find", "first"}
        and isinstance(node.value, ast.Attribute)
        and ast.unparse(node.value.value).endswith("rows")
    ]
    assert unnamed == []
