"""Questions about what images are used for, and what was agreed to."""

from __future__ import annotations

from collections.abc import Collection

from bot.domain.consent import Consent, ConsentAnswer, Disclosed, Disclosure, Line, UnheardNo
from bot.domain.identifiers import ConsentId, ImageId, PatientId, PersonId, UseId
from bot.domain.use import Use, UseState

from .one_table import Rows, Several, given


class UseRows(Rows[Use, UseId]):
    """Uses. For those of an image see `Commit.uses_of`."""

    async def asked_by(self, person_id: PersonId, states: Collection[UseState]) -> list[Use]:
        return await self._table.find(asked_by=person_id, state=states)

    async def in_states(self, states: Collection[UseState]) -> list[Use]:
        return await self._table.find(state=states)


class ConsentRows(Rows[Consent, ConsentId]):
    async def of_image(self, image_id: ImageId, patient_id: PatientId | None = None) -> list[Consent]:
        """Return what was agreed for an image; for whatever patient unless one is named, "" for one who was not known yet."""
        return await self._table.find(image_id=image_id, **given(patient_id=patient_id))

    async def of_images(self, image_ids: Several[ImageId], patient_id: PatientId) -> list[Consent]:
        return await self._table.find(image_id=list(image_ids), patient_id=patient_id) if image_ids else []


class ConsentAnswerRows(Rows[ConsentAnswer, str]):
    async def of_use(self, use_id: UseId) -> list[ConsentAnswer]:
        return await self._table.find(use_id=use_id)

    async def of_uses(self, use_ids: Several[UseId]) -> list[ConsentAnswer]:
        return await self._table.find(use_id=list(use_ids)) if use_ids else []

    async def given_by(self, person_id: PersonId) -> list[ConsentAnswer]:
        return await self._table.find(person_id=person_id)


class UnheardNoRows(Rows[UnheardNo, str]):
    async def standing_on(self, image_id: ImageId) -> list[UnheardNo]:
        return await self._table.find(image_id=image_id, ended_at=None)

    async def about(self, image_id: ImageId) -> list[UnheardNo]:
        """Return those that stand, and those that have ended."""
        return await self._table.find(image_id=image_id)


class DisclosureRows(Rows[Disclosure, str]):
    async def of_image(self, image_id: ImageId) -> list[Disclosure]:
        return await self._table.find(image_id=image_id)

    async def of_images(self, image_ids: Several[ImageId], to_person_id: PersonId | None = None) -> list[Disclosure]:
        return await self._table.find(image_id=list(image_ids), **given(to_person_id=to_person_id)) if image_ids else []

    async def latest(self, image_id: ImageId, to_person_id: PersonId, how: Disclosed) -> Disclosure | None:
        """Return the last that was so disclosed to this person."""
        found = await self._table.find(image_id=image_id, to_person_id=to_person_id, how=how)
        return max(found, key=lambda disclosure: disclosure.at, default=None)

    async def required_by_law(self, image_id: ImageId) -> list[Disclosure]:
        """Return those that the law required and that the patient may know of (R13a)."""
        return await self._table.find(image_id=image_id, how="required-by-law", concealed=False)

    async def forwarded(self) -> list[Disclosure]:
        return await self._table.find(how="forwarded")


class LineRows(Rows[Line, str]):
    async def of_use(self, use_id: UseId) -> list[Line]:
        return await self._table.find(use_id=use_id)
