"""Questions about what people were asked, and what they may answer."""

from __future__ import annotations

from collections.abc import Collection

from bot.domain.choices import Choice
from bot.domain.conversation import About, Burst, Question, QuestionState
from bot.domain.identifiers import BurstId, ChoiceId, CopyId, PersonId, PollId, QuestionId

from .one_table import Rows, Several, given


class BurstRows(Rows[Burst, BurstId]):
    async def of_sender(self, sender_id: PersonId) -> Burst | None:
        return await self._table.first(sender_id=sender_id)


class QuestionRows(Rows[Question, QuestionId]):
    async def of_person(self, person_id: PersonId, about: Collection[About] | None = None) -> list[Question]:
        """Return what this person was asked, about anything unless something is named."""
        return await self._table.find(person_id=person_id, **given(about=about))

    async def open_of_person(self, person_id: PersonId, about: About | None = None) -> list[Question]:
        return await self._table.find(person_id=person_id, state=QuestionState.OPEN, **given(about=about))

    async def closed_of_person(self, person_id: PersonId) -> list[Question]:
        """Return what they are asked no more, answered or not."""
        return await self._table.find(person_id=person_id, state=[QuestionState.ANSWERED, QuestionState.UNANSWERED])

    async def open_about(self, about: About) -> list[Question]:
        return await self._table.find(about=about, state=QuestionState.OPEN)


class ChoiceRows(Rows[Choice, ChoiceId]):
    """The answers that people may tap, or write with their numbers. An answer is open until it is used."""

    async def of_person(self, person_id: PersonId) -> list[Choice]:
        return await self._table.find(person_id=person_id)

    async def offered_to(self, choice_id: ChoiceId, person_id: PersonId) -> Choice | None:
        """Return the one with this id, if it was offered to this person."""
        return await self._table.first(id=choice_id, person_id=person_id)

    async def numbered(self, person_id: PersonId, number: str) -> list[Choice]:
        return await self._table.find(person_id=person_id, number=number)

    async def numbered_about(self, person_id: PersonId, about: str, numbers: Several[str]) -> list[Choice]:
        return await self._table.find(person_id=person_id, about=about, number=list(numbers)) if numbers else []

    async def open_of_person(self, person_id: PersonId, *, needs_number: bool | None = None) -> list[Choice]:
        return await self._table.find(person_id=person_id, used_at=None, **given(needs_number=needs_number))

    async def of_poll(self, poll_id: PollId) -> list[Choice]:
        return await self._table.find(poll_id=poll_id)

    async def open_of_poll(self, poll_id: PollId) -> list[Choice]:
        return await self._table.find(poll_id=poll_id, used_at=None)

    async def about(self, subject: str, person_id: PersonId | None = None) -> list[Choice]:
        """Return those about this; of everybody unless somebody is named."""
        return await self._table.find(subject=subject, **given(person_id=person_id))

    async def about_any(self, subjects: Several[str]) -> list[Choice]:
        return await self._table.find(subject=list(subjects)) if subjects else []

    async def open_about(self, subject: str, person_id: PersonId | None = None) -> list[Choice]:
        return await self._table.find(subject=subject, used_at=None, **given(person_id=person_id))

    async def carried_by(self, copy_id: CopyId, about: str) -> Choice | None:
        """Return the first that this post carries."""
        return await self._table.first(copy_id=copy_id, about=about)
