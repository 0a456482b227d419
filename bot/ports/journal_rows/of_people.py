"""Questions about people, the patients they answer for, and how they come here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Protocol

from bot.domain.identifiers import (
    Account,
    Address,
    AuthorityId,
    InvitationId,
    PatientId,
    PersonId,
    RoomId,
    VerificationId,
)
from bot.domain.invitations import Invitation, InvitationState, Tell
from bot.domain.invitee import Invitee
from bot.domain.people import STAFF_ROLES, Authority, Patient, Person, Relation, Role, Standing, holder
from bot.domain.rooms import Room
from bot.domain.spelling import same_name
from bot.domain.verification import Stage, Verification
from bot.domain.wrong_guesses import Guess, WrongGuess

from .one_table import Rows, Several, Table, given


class PersonRows(Rows[Person, PersonId]):
    async def with_account(self, account: Account) -> list[Person]:
        """Return everybody who has this account, or had it."""
        return await self._table.find(account=account)

    async def holder(self, account: Account) -> Person | None:
        """Return whose account it is now; if it is nobody's here any more, the last who had it."""
        return holder(await self.with_account(account))

    async def proved(self, account: Account, identity: str) -> Person | None:
        """Return the active person who has this account and this identity."""
        return await self._table.first(account=account, identity=identity, standing=Standing.ACTIVE)

    async def standing(self, standing: Standing) -> list[Person]:
        return await self._table.find(standing=standing)

    async def staff(self) -> list[Person]:
        """Return all who are, or were, on the staff."""
        return await self._table.find(roles=STAFF_ROLES)

    async def active_staff(self) -> list[Person]:
        return await self._table.find(roles=STAFF_ROLES, standing=Standing.ACTIVE)


class Spellings(Protocol):
    """Finds patients by what somebody typed, in capitals or not, in whatever form of its letters (`bot.domain.spelling`)."""

    async def numbered(self, numbers: Collection[str]) -> Sequence[Patient]: ...

    async def named(self, name: str) -> Sequence[Patient]: ...


class PatientRows(Rows[Patient, PatientId]):
    """Record numbers and names are compared folded, everywhere."""

    def __init__(self, table: Table[Patient], spellings: Spellings) -> None:
        super().__init__(table)
        self._spellings = spellings

    async def numbered(self, mrns: Collection[str]) -> list[Patient]:
        """Return those who have one of these record numbers."""
        return list(await self._spellings.numbered(mrns)) if mrns else []

    async def named(self, name: str) -> list[Patient]:
        return list(await self._spellings.named(name))

    async def with_mrn(self, mrn: str) -> Patient | None:
        return _the_one(await self.numbered([mrn]), mrn)

    async def identified(self, mrn: str, born: date) -> Patient | None:
        """Return the patient whom both the record number and the date of birth name."""
        return _the_one([patient for patient in await self.numbered([mrn]) if patient.born == born], mrn)


def _the_one(found: list[Patient], mrn: str) -> Patient | None:
    """Return the only one, or the one whose number is written just so: older versions took two that look alike for two."""
    return found[0] if len(found) == 1 else next((patient for patient in found if patient.mrn == mrn), None)


class AuthorityRows(Rows[Authority, AuthorityId]):
    async def of_person(self, person_id: PersonId) -> list[Authority]:
        return await self._table.find(person_id=person_id)

    async def of_patient(self, patient_id: PatientId) -> list[Authority]:
        return await self._table.find(patient_id=patient_id)

    async def between(
        self, person_id: PersonId, patient_id: PatientId, relation: Relation | None = None
    ) -> list[Authority]:
        """Return those of this person for this patient, in whatever relation unless one is named."""
        return await self._table.find(person_id=person_id, patient_id=patient_id, **given(relation=relation))

    async def of_invitation(self, invitation_id: InvitationId) -> Authority | None:
        return await self._table.first(invitation_id=invitation_id)

    async def owed_a_sentence(self, patient_id: PatientId) -> list[Authority]:
        """Return those for a patient who has died whose holders hear of it when they next write (R28a)."""
        return await self._table.find(patient_id=patient_id, sentence_due=True)

    async def waiting_for_a_second(self) -> list[Authority]:
        """Return those that a second person of the staff has not confirmed yet (R33)."""
        return await self._table.find(needs_second=True, seconded_by="")

    async def unopened(self) -> list[Authority]:
        """Return those to which what was filed before is still closed."""
        return await self._table.find(opened_at=None)

    async def seconded_by(self, person_id: PersonId) -> list[Authority]:
        return await self._table.find(seconded_by=person_id)

    async def opened_by(self, person_id: PersonId) -> list[Authority]:
        return await self._table.find(opened_by=person_id)


class InvitationRows(Rows[Invitation, InvitationId]):
    async def with_selector(self, selector: str) -> Invitation | None:
        """Return the one that a code names by its public half."""
        return await self._table.first(selector=selector)

    async def made_by(self, person_id: PersonId) -> list[Invitation]:
        return await self._table.find(invited_by=person_id)

    async def for_account(self, account: Account, patient_id: PatientId | None = None) -> list[Invitation]:
        """Return those that only this account may use; of all patients unless one is named."""
        return await self._table.find(account=account, **given(patient_id=patient_id))

    async def for_patient(
        self, patient_id: PatientId, relation: Relation | None = None, states: Collection[InvitationState] | None = None
    ) -> list[Invitation]:
        return await self._table.find(patient_id=patient_id, **given(relation=relation, state=states))

    async def for_managers(self, account: Account, states: Collection[InvitationState]) -> list[Invitation]:
        return await self._table.find(account=account, role=Role.MANAGER, state=states)

    async def for_the_same(self, invitee: Invitee, states: Collection[InvitationState]) -> list[Invitation]:
        """Return those made for the same person and the same purpose."""
        found = await self._table.find(
            role=invitee.role,
            account=invitee.account,
            patient_id=invitee.patient_id,
            relation=invitee.relation,
            state=states,
        )
        return [invitation for invitation in found if same_name(invitation.name, invitee.name)]

    async def matched_by(self, account: Account) -> list[Invitation]:
        """Return those whose code this account has typed, and that wait for its word."""
        return await self._table.find(matched_by=account, state=InvitationState.MATCHED)

    async def typed_in(self, account: Account, room_id: RoomId, state: InvitationState) -> Invitation | None:
        """Return the one whose code this account typed in this room, if that is how it stands."""
        return await self._table.first(matched_by=account, matched_room=room_id, state=state)

    async def matched_in(self, room_id: RoomId) -> Invitation | None:
        """Return the one whose code was typed in this room, and that waits for a word there."""
        return await self._table.first(matched_room=room_id, state=InvitationState.MATCHED)

    async def to_be_told(self, ids: Several[InvitationId]) -> list[Invitation]:
        """Return those of these of which the patient is told."""
        return await self._table.find(id=list(ids), tell=Tell.TELL) if ids else []


class RoomRows(Rows[Room, RoomId]):
    async def at(self, address: Address) -> Room | None:
        return await self._table.first(address=address)

    async def at_any(self, addresses: Several[Address]) -> list[Room]:
        return await self._table.find(address=list(addresses)) if addresses else []

    async def deserted_at(self, addresses: Several[Address]) -> list[Room]:
        """Return those of these that their owner has left."""
        return await self._table.find(address=list(addresses), deserted=True) if addresses else []


class WrongGuessRows(Rows[WrongGuess, str]):
    async def of_account(self, account: Account, guess: Guess) -> list[WrongGuess]:
        return await self._table.find(account=account, guess=guess)


class VerificationRows(Rows[Verification, VerificationId]):
    async def of_person(
        self, person_id: PersonId, stages: Collection[Stage] | None = None, room_id: RoomId | None = None
    ) -> list[Verification]:
        """Return this person's emoji checks, in all stages and rooms unless some are named."""
        return await self._table.find(person_id=person_id, **given(stage=stages, room_id=room_id))

    async def of_transaction(self, account: Account, transaction: str) -> Verification | None:
        return await self._table.first(account=account, transaction=transaction)

    async def not_compared(self) -> list[Verification]:
        """Return those that show emoji which nobody has compared yet."""
        return await self._table.find(stage=Stage.SHOWN, compared_by="")
