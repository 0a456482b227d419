"""Say how far what was disclosed has come: each look and each copy is recorded before it can leave (R27), and some never leave.

Asked of what still waits to be carried out, held or not, so it is true at every moment: nobody is said to have seen what is only
on its way, and they are named again once it has come (R24). A try that was begun may have got through.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum

from bot.domain import rooms
from bot.domain.consent import Disclosed, Disclosure
from bot.domain.identifiers import Address, ImageId, PersonId
from bot.domain.intents import Intent, ReservePicture, Say, SendCopy, ShowPicture
from bot.domain.planned import Planned, Progress
from bot.domain.purposes import Purpose
from bot.domain.use import Use
from bot.ports import Commit

# Troubles of a try that let nothing leave.
_NOTHING_LEFT = frozenset({"no-room-yet", "nobody-here-yet", "not-known-now"})
_SENDS = (Say, SendCopy, ShowPicture)


class Come(Enum):
    ARRIVED = "arrived"
    PERHAPS = "perhaps"  # a try to send it was begun, and nobody knows yet what came of it
    NOT_YET = "not yet"
    STOPPED = "stopped"

    @property
    def may_have(self) -> bool:
        """Return whether somebody has it, or may have it."""
        return self in {Come.ARRIVED, Come.PERHAPS}


async def how_far(rows: Commit, disclosures: Sequence[Disclosure]) -> dict[str, Come]:
    """Return how far each has come, by its id."""
    far = {given.id: Come.ARRIVED if given.reached else Come.STOPPED for given in disclosures}
    left = sorted((given for given in disclosures if given.reached), key=lambda given: given.at, reverse=True)
    for lane in await _lanes(rows, left):
        for planned, come in _in_order(await rows.waiting_in(lane)):
            for on_its_way in await _shown_by(planned.intent, rows):
                found = next((given for given in left if _is(given, *on_its_way)), None)
                if found is not None:
                    left.remove(found)
                    far[found.id] = come
    return far


async def may_have_come(rows: Commit, disclosures: Sequence[Disclosure]) -> list[Disclosure]:
    """Return those that somebody has got, or may have got: not what is only planned, nor what was stopped."""
    far = await how_far(rows, disclosures)
    return [given for given in disclosures if far[given.id].may_have]


async def how_far_in_case(rows: Commit, use: Use) -> Come:
    """Return whether anything was read in the room of a case: also words there are about the patient."""
    address = rooms.case(use.id)
    room = await rows.rooms.at(address)
    if room is None:
        return Come.NOT_YET
    if any(copy.event_id and copy.room_id == room.id for copy in await rows.copies.of_images(use.image_ids)):
        return Come.ARRIVED
    begun = [come for planned, come in _in_order(await rows.waiting_in(address)) if isinstance(planned.intent, _SENDS)]
    return Come.PERHAPS if Come.PERHAPS in begun else Come.NOT_YET


def _in_order(waiting: Iterable[Planned]) -> Iterator[tuple[Planned, Come]]:
    """Yield what waits in a lane, with whether a try of it may have got through: one that is due is not begun before its turn."""
    is_first = True
    for planned in waiting:
        is_due = planned.progress is Progress.DUE
        begun = bool(planned.attempts) or not is_due or is_first
        is_first = is_first and not is_due
        yield planned, Come.PERHAPS if begun and may_have_left(planned) else Come.NOT_YET


def may_have_left(begun: Planned) -> bool:
    """Return whether a try of it that was begun may have sent something."""
    return isinstance(begun.intent, _SENDS) and begun.trouble not in _NOTHING_LEFT


async def _lanes(rows: Commit, disclosures: Sequence[Disclosure]) -> list[Address]:
    own = [rooms.own(person_id) for person_id in dict.fromkeys(given.to_person_id for given in disclosures)]
    forwarded = dict.fromkeys(given.image_id for given in disclosures if given.how == "forwarded")
    uses = await rows.uses_of(*forwarded) if forwarded else []
    return [*own, *(rooms.case(use.id) for use in uses if use.is_advice)]


async def _shown_by(intent: Intent, rows: Commit) -> list[tuple[ImageId, PersonId, Disclosed, Purpose | None]]:
    """Return what this shows to whom, how, and for what where it is for a use."""
    if isinstance(intent, SendCopy):
        return [(ImageId(entry_id), intent.person_id, "copy", None) for entry_id in intent.entry_ids]
    if not isinstance(intent, ReservePicture | ShowPicture) or not intent.image_id or intent.page:
        return []
    use = await rows.uses.known(intent.use_id) if intent.use_id else None
    readers = [rooms.person_at(intent.address)] if rooms.is_own(intent.address) else use.recipient_ids if use else []
    purpose = use.purpose if use is not None else None
    return [(intent.image_id, person_id, how_shown(intent), purpose) for person_id in readers]


def how_shown(picture: ReservePicture | ShowPicture) -> Disclosed:
    """Return how a picture is disclosed that is shown by this."""
    if picture.leaves_for:
        return "required-by-law"
    return "forwarded" if picture.use_id else "viewed"


def _is(given: Disclosure, image_id: ImageId, to: PersonId, how: Disclosed, purpose: Purpose | None) -> bool:
    same = (given.image_id, given.to_person_id, given.how) == (image_id, to, how)
    return same and purpose in {None, given.purpose}
