"""The uses under way that a no or a stop may be meant for, also where something else is asked (R13, R29a).

Words that name a purpose are about what is used, or asked for, for that. Where they may mean several, all of it is held, and one
tap says what was meant: to hold is cheap, to share is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.core.transaction import Transaction
from bot.domain.consent import Answer
from bot.domain.identifiers import ImageId, PersonId
from bot.domain.image import Image
from bot.domain.purposes import Purpose
from bot.domain.use import LIVE, SHOWN, Use, UseState
from bot.domain.words_said import WordsSaid

from .replies import replies_to

_UNDER_WAY = (LIVE | SHOWN) - {UseState.ASKED, UseState.AWAITING_CONSENT}
JUST_NOW = timedelta(days=1)  # for so long a bare "no" may be meant for the yes before it


@dataclass(frozen=True, slots=True)
class InUse:
    """What goes on with their photos; `agreed`: what they said yes to themselves, as the last that was asked of them."""

    under_way: tuple[Use, ...] = ()
    agreed: tuple[Use, ...] = ()

    @property
    def purposes(self) -> frozenset[Purpose]:
        """Return what their photos are used for, beside their care."""
        return frozenset(use.purpose for use in self.under_way if not use.is_advice)

    def for_purposes(self, purposes: frozenset[Purpose]) -> frozenset[ImageId]:
        """Return the photos that are used for one of these."""
        return _images([use for use in self.under_way if use.purpose in purposes])

    def meant_beside_a_request(self, said: WordsSaid) -> frozenset[ImageId]:
        """Return the photos in use that a no may be about, given while something else is asked."""
        if said.purposes:
            return self.for_purposes(said.purposes)
        return _images([use for use in self.under_way if use.state in LIVE]) if said.of_what_goes_on else frozenset()

    def meant_by_itself(self, said: WordsSaid, *, just_agreed: bool) -> frozenset[ImageId]:
        """Return the photos in use that words are about which take something back, where they say so."""
        if named := self.for_purposes(said.purposes):
            return named
        if just_agreed:
            return _images(self.agreed)
        return _images([use for use in self.under_way if use.state in LIVE]) if said.of_a_yes else frozenset()


async def in_use(theirs: Sequence[Image], person_id: PersonId, tx: Transaction) -> InUse:
    """Return what goes on with these photos. After a clinician's words a bare no may answer these, and not the yes before."""
    uses = await tx.rows.uses_of(*(image.id for image in theirs)) if theirs else []
    under_way = tuple(use for use in uses if use.state in _UNDER_WAY)
    agreed: list[Use] = []
    for use in under_way:
        mine = [answer for answer in await tx.rows.consent_answers.of_use(use.id) if answer.person_id == person_id]
        last = max(mine, key=lambda answer: answer.at, default=None)
        if last is None or last.answer is not Answer.GRANTED or tx.now >= last.at + JUST_NOW:
            continue
        if all(reply.at < last.at for reply in await replies_to(person_id, theirs, tx)):
            agreed.append(use)
    return InUse(under_way, tuple(agreed))


def _images(uses: Sequence[Use]) -> frozenset[ImageId]:
    return frozenset(image_id for use in uses for image_id in use.image_ids)
