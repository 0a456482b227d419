"""Who agreed to what, when, in which words: read from the journal, changed by nobody.

Promises: every answer ever given is there, with a withdrawal beside the consent it ends. A request that nobody answered is
there too, as such. The words are those the person saw. Consents that sending implies, or a colleague attests, stand apart from
those that were asked for. Each consent stands under the patient whose image it was then: moving an image to another record
moves no consent with it (R30). What a colleague attests of somebody who is no patient here appears once it is known who that
is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.core.circles import answered_for, whose_then
from bot.core.how_far import may_have_come
from bot.domain.consent import Answer, Basis, Consent, ConsentAnswer
from bot.domain.errors import Refused
from bot.domain.identifiers import AT_THE_COMPUTER, NO_ACCOUNT, Account, ImageId, PatientId, PersonId
from bot.domain.image import Image
from bot.domain.people import Patient, Person, Relation
from bot.domain.purposes import spoken
from bot.domain.references import as_reference
from bot.domain.use import Use, UseState
from bot.ports import Commit
from bot.words import at_the_computer
from bot.words.to_colleagues import GIVERS


@dataclass(frozen=True, slots=True)
class Agreement:
    """One answer, or one request without one.

    `answer` is "implied by sending", "attested, …", "granted", "refused", "withdrawn", "no answer" or "no answer yet".
    """

    at: datetime
    answer: str
    by: str
    capacity: str
    account: Account
    patient: Patient
    refs: tuple[str, ...]
    purpose: str
    words: str
    version: str
    asked_by: str = ""
    recipients: tuple[str, ...] = ()
    until: datetime | None = None
    state: str = ""  # of the use that was asked for
    proof: Mapping[str, object] | None = None
    unseen: bool = False  # whether their authority was confirmed at the computer, not seen by a second person (R33)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One patient (MRN), one image (reference) or one recipient (account) whose consents are wanted; empty means any."""

    mrn: str = ""
    ref: str = ""
    recipient: Account = NO_ACCOUNT


async def agreements(rows: Commit, wanted: Wanted) -> list[Agreement]:
    """Return the agreements, oldest first; raise `Refused` when patient, image or recipient is not known here."""
    patient = await _patient(rows, wanted.mrn)
    image = await _image(rows, wanted.ref)
    recipient = await _recipient(rows, wanted.recipient)
    looked_up = _LookedUp(
        {image.id: image for image in await rows.images.every()},
        {person.id: person for person in await rows.people.every()},
        {patient.id: patient for patient in await rows.patients.every()},
        await _unseen(rows),
    )
    uses = await rows.uses.every()
    if recipient is not None:
        uses = [use for use in uses if recipient.account in use.recipients]
    came = await may_have_come(rows, await rows.disclosures.forwarded())
    forwarded = {(disclosure.image_id, disclosure.to_person_id) for disclosure in came}
    shown_to = _shown_under_implied(uses, forwarded)
    found = [
        looked_up.without_asking(consent, patient_id, shown_to.get(consent.image_id, ()))
        for consent in await rows.consents.every()
        if (recipient is None or consent.image_id in shown_to)
        and (patient_id := consent.patient_id or await looked_up.whose(rows, consent.image_id, consent.at))
    ]
    for use in uses:
        if use.wording:
            found += await looked_up.asked(rows, use, await _answers(rows, use))
    of_patient = [agreement for agreement in found if patient is None or agreement.patient.id == patient.id]
    return sorted(
        (agreement for agreement in of_patient if image is None or image.ref in agreement.refs),
        key=lambda agreement: agreement.at,
    )


@dataclass(frozen=True, slots=True)
class _LookedUp:
    images: Mapping[ImageId, Image]
    people: Mapping[PersonId, Person]
    patients: Mapping[PatientId, Patient]
    unseen: frozenset[tuple[PersonId, PatientId, Relation]]

    async def whose(self, rows: Commit, image_id: ImageId, at: datetime) -> PatientId:
        return await whose_then(rows, self.images[image_id], at)

    def without_asking(self, consent: Consent, patient_id: PatientId, shown_to: tuple[PersonId, ...]) -> Agreement:
        """Return what sending implied, or what the colleague who sent it attests."""
        image, person = self.images[consent.image_id], self.people[consent.person_id]
        implied = consent.basis is Basis.IMPLIED
        obtained = f"the colleague who obtained it from {GIVERS[consent.capacity]}"
        return Agreement(
            at=consent.at,
            answer="implied by sending" if implied else f"attested, {consent.basis.value}",
            by=person.name,
            capacity=consent.capacity.value if implied else obtained,
            account=person.account,
            patient=self.patients[patient_id],
            refs=(image.ref,),
            purpose=spoken(consent.purpose, "the patient's"),
            words=consent.wording,
            version=consent.wording_version,
            recipients=tuple(self._named(person_id) for person_id in shown_to),
            proof=consent.proof,
            unseen=(consent.person_id, patient_id, consent.capacity) in self.unseen,
        )

    async def asked(self, rows: Commit, use: Use, answers: list[ConsentAnswer]) -> list[Agreement]:
        """Return the answers to one request, or one line saying that there was none."""
        if answers:
            image = self.images[use.image_ids[0]]
            whose = [await answered_for(rows, image, answer) for answer in answers]
            return [
                self._of_use(use, patient_id, answer.at, answer.answer.value, answer)
                for patient_id, answer in zip(whose, answers, strict=True)
            ]
        state = "no answer yet" if use.state is UseState.AWAITING_CONSENT else "no answer"
        patient_id = await self.whose(rows, use.image_ids[0], use.asked_at)
        return [self._of_use(use, patient_id, use.asked_at, state, None)]

    def _of_use(
        self, use: Use, patient_id: PatientId, at: datetime, answer: str, given: ConsentAnswer | None
    ) -> Agreement:
        images = [self.images[image_id] for image_id in use.image_ids]
        person = self.people[given.person_id] if given else None
        return Agreement(
            at=at,
            answer=answer,
            by=person.name if person else "",
            capacity=given.capacity.value if given else "",
            account=person.account if person else NO_ACCOUNT,
            patient=self.patients[patient_id],
            refs=tuple(image.ref for image in images),
            purpose="advice from a colleague" if use.is_advice else spoken(use.purpose),
            words=given.wording if given else use.wording,
            version=given.wording_version if given else use.wording_version,
            asked_by=self.people[use.asked_by].name,
            recipients=tuple(self._named(person_id) for person_id in use.recipient_ids) or use.recipients,
            until=use.until if answer == Answer.GRANTED.value else None,
            state=use.state.value,
            proof=given.proof if given else None,
            unseen=given is not None and (given.person_id, patient_id, given.capacity) in self.unseen,
        )

    def _named(self, person_id: PersonId) -> str:
        """Return the person it was for: not somebody who has the account now, or had it before (R31)."""
        person = self.people[person_id]
        return f"{person.name} ({person.account})"


def _shown_under_implied(
    uses: list[Use], forwarded: set[tuple[ImageId, PersonId]]
) -> dict[ImageId, tuple[PersonId, ...]]:
    """Return, by image id, the people it was shown to for advice without a consent of its own (R7), as the disclosures say."""
    shown: dict[ImageId, tuple[PersonId, ...]] = {}
    for use in uses:
        if use.is_advice and not use.wording:
            for image_id in use.image_ids:
                them = [person_id for person_id in use.recipient_ids if (image_id, person_id) in forwarded]
                shown[image_id] = tuple(dict.fromkeys((*shown.get(image_id, ()), *them)))
    return {image_id: them for image_id, them in shown.items() if them}


async def _unseen(rows: Commit) -> frozenset[tuple[PersonId, PatientId, Relation]]:
    """Return person, patient and capacity of each authority that was confirmed at the computer, or opened there."""
    held = (
        *await rows.authorities.seconded_by(PersonId(AT_THE_COMPUTER)),
        *await rows.authorities.opened_by(PersonId(AT_THE_COMPUTER)),
    )
    return frozenset((authority.person_id, authority.patient_id, authority.relation) for authority in held)


async def _answers(rows: Commit, use: Use) -> list[ConsentAnswer]:
    return await rows.consent_answers.of_use(use.id)


async def _patient(rows: Commit, mrn: str) -> Patient | None:
    patient = await rows.patients.with_mrn(mrn) if mrn else None
    if mrn and patient is None:
        raise Refused(at_the_computer.unknown_number())
    return patient


async def _image(rows: Commit, ref: str) -> Image | None:
    image = await rows.images.with_ref(as_reference(ref)) if ref else None
    if ref and image is None:
        raise Refused(at_the_computer.unknown_reference())
    return image


async def _recipient(rows: Commit, account: Account) -> Person | None:
    person = await rows.people.holder(account) if account else None
    if account and person is None:
        raise Refused(at_the_computer.unknown_account())
    return person
