"""What `consentry confirm` reads and writes, with the bot running or stopped: everything that takes a second person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.config import Config
from bot.config.policy_of import policy_of
from bot.core.transaction import Transaction
from bot.domain.errors import Refused
from bot.domain.identifiers import AuthorityId
from bot.domain.people import Patient, Person, Relation
from bot.ids import RandomIds, SystemClock
from bot.ports import Commit
from bot.words import at_the_computer
from handlers.people import not_dead
from handlers.people.confirm_person import confirm_at_the_computer, waiting

from .kept import opened


@dataclass(frozen=True, slots=True)
class Waiting:
    authority_id: AuthorityId
    patient: Patient
    newcomer: Person
    relation: Relation


async def who_waits(config: Config, mrn: str) -> Sequence[Waiting]:
    async with opened(config, read_only=True) as kept, kept.journal.reading() as rows:
        return [
            Waiting(authority.id, circle.patient, circle.people[authority.person_id], authority.relation)
            for circle, authority in await waiting(_transaction(rows, config), mrn)
        ]


async def confirm(config: Config, authority_id: AuthorityId, reason: str) -> None:
    """Confirm it; `Refused` where a second person could, where no reason is given, or where nothing waits any more."""
    async with opened(config) as kept, kept.journal.transaction() as rows:
        tx = _transaction(rows, config)
        meant = [pair for pair in await waiting(tx) if pair[1].id == authority_id]
        if not meant:
            raise Refused(at_the_computer.waits_no_more(), "R33")
        await confirm_at_the_computer(*meant[0], reason, tx)


async def recorded_as_dead(config: Config, mrn: str) -> Patient | None:
    async with opened(config, read_only=True) as kept, kept.journal.reading() as rows:
        patient = await rows.patients.with_mrn(mrn)
        return patient if patient is not None and patient.died_on is not None else None


async def is_alive(config: Config, mrn: str, reason: str) -> None:
    """Undo a death that was recorded by mistake; raise `Refused` when two people could do it, or without a reason."""
    async with opened(config) as kept, kept.journal.transaction() as rows:
        patient = await rows.patients.with_mrn(mrn)
        if patient is None:
            raise Refused(at_the_computer.nobody_has_that_number(), "R33")
        await not_dead.confirm_at_the_computer(patient, reason, _transaction(rows, config))


def _transaction(rows: Commit, config: Config) -> Transaction:
    return Transaction(rows, SystemClock().now(), RandomIds(), policy_of(config))
