"""Patients by what somebody typed: looked up by the folded forms that the database keeps beside them (0006)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Select, bindparam, select, text

from bot.domain.people import Patient
from bot.domain.spelling import folded, folded_number
from storage.sql.rows import TableRows

from .tables import patient_spellings as spellings
from .tables import patients


def _whose(found: ColumnElement[bool]) -> Select[tuple[object, ...]]:
    ids = select(spellings.c.patient_id).where(found)
    return select(patients).where(patients.c.id.in_(ids)).order_by(text("patients.rowid"))


_NUMBERED = _whose(spellings.c.number.in_(bindparam("typed", expanding=True)))
_NAMED = _whose(spellings.c.name == bindparam("typed"))


class PatientSpellings:
    """Implements `bot.ports.journal_rows.of_people.Spellings`."""

    def __init__(self, rows: TableRows[Patient]) -> None:
        self._rows = rows

    async def numbered(self, numbers: Collection[str]) -> Sequence[Patient]:
        return await self._rows.among(_NUMBERED, {"typed": sorted({folded_number(number) for number in numbers})})

    async def named(self, name: str) -> Sequence[Patient]:
        return await self._rows.among(_NAMED, {"typed": folded(name)})
