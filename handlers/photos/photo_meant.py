"""Which of their photos somebody's words are about: the one they name, or the one they reply to (R15, R29).

Words about one child must not be filed under another because somebody answers for both. A homeserver could change what a
message replies to, so it is only ever one of their own photos, and they are told which.
"""

from __future__ import annotations

from bot.domain.errors import Refused
from bot.domain.image import Image
from bot.words import about_reading

from .around import Surroundings


def photo_meant(around: Surroundings) -> Image | None:
    """Return the photo that the words name or reply to; None when they do neither. `Refused` when it can't be one of theirs."""
    found, named = around.meant, around.request.said.refs
    unknown = sorted(named - {image.ref for image in found})
    if unknown:
        raise Refused(about_reading.unknown_not_passed_on(unknown[0]), "R15")
    of_one = len({image.patient_id for image in found}) == 1
    if named and not of_one:
        raise Refused(about_reading.one_at_a_time(), "R15")
    return found[-1] if of_one else None
