"""One use of images: what was asked, by whom, for whom, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.identifiers import Account, ImageId, PersonId, UseId
from bot.domain.purposes import Purpose
from bot.domain.use_rules import Relatedness


class UseState(StrEnum):
    ASKED = "asked"
    PERMITTED = "permitted"
    AWAITING_CONSENT = "awaiting-consent"
    GRANTED = "granted"
    RELEASED = "released"
    CLOSED = "closed"
    REFUSED = "refused"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    RECALLED = "recalled"


LIVE = frozenset({UseState.ASKED, UseState.PERMITTED, UseState.AWAITING_CONSENT, UseState.GRANTED, UseState.RELEASED})
PURPOSE_SAID = "purpose-said"  # stands for the rule of a request whose purpose the requester has named
NOT_SAID = "not-said"  # whether somebody could be recognised: the requester gave no estimate
SHOWN = frozenset({UseState.RELEASED, UseState.CLOSED})  # somebody has it


@dataclass(frozen=True, slots=True)
class Use:
    """One use. `recipients` are accounts, `recipient_ids` the people who had them when it was asked for: nobody else gets it
    (R31).

    `how`, `seen_by`, `recognisable` and `until` are what the patient is told (R9). `reason_shown` is what its question says that
    the image was sent for, and all that its recipients read of it: no words that came later (R12, R32).
    """

    id: UseId
    image_ids: tuple[ImageId, ...]
    asked_by: PersonId
    asked_at: datetime
    purpose: Purpose
    recipients: tuple[Account, ...]
    question: str = ""
    reason_shown: str = ""
    how: str = ""
    seen_by: str = ""
    recognisable: str = ""
    venue: str = ""
    until: datetime | None = None
    deidentified: bool = False
    intimate: bool = False
    relatedness: Relatedness = Relatedness.NOT_ATTESTED
    state: UseState = UseState.ASKED
    rule: str = ""
    expires_at: datetime | None = None  # of the request for consent
    wording: str = ""
    wording_version: str = ""
    summarised_at: datetime | None = None
    recipient_ids: tuple[PersonId, ...] = ()
    held: bool = False  # somebody who may not be heard now said no or stop: nothing leaves until a person looked (R28a)
    doubted: bool = (
        False  # somebody is asked whether to withdraw one of its images: nothing leaves before they answered (R34)
    )
    was_released: bool = False  # it left for its recipients, however it ended
    version: int = 0

    @property
    def waits(self) -> bool:
        """Whether nothing of it may leave for now."""
        return self.held or self.doubted

    @property
    def lacks_summary(self) -> bool:
        """Return whether advice was asked, and what was discussed is still to be filed, however the case ended (R5)."""
        over = {UseState.RELEASED, UseState.WITHDRAWN, UseState.RECALLED}
        return self.is_advice and self.was_released and self.state in over and self.summarised_at is None

    @property
    def lacks_purpose(self) -> bool:
        """Return whether the requester has still to say what it is for."""
        return self.state is UseState.ASKED and not self.is_advice and self.rule != PURPOSE_SAID

    @property
    def is_advice(self) -> bool:
        """Return whether it is a forward to a colleague, with a room to talk in."""
        return self.purpose is Purpose.CARE
