"""The further copies are made and looked after, and a person is told once when a place fails, and once when it is well again.

Filing goes on meanwhile; what waits for a place waits as long as that takes.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.core.delivery_round import Round, Troubles
from bot.core.dispatch import Dispatch
from bot.core.further_copies import FurtherCopies
from bot.domain.delivery_events import pause_after
from bot.domain.errors import OutsideFailure
from bot.ports import CopyPlace, Journal, PatientRecord
from bot.words import about_further_copies as words


class DeliveryWatch:
    """Looks after one destination. `run_for_ever` calls `look` as soon as something is due there.

    While nothing is, the place is asked whether it is there, ever less often: trouble is to be known before it is needed.
    """

    def __init__(
        self, journal: Journal, dispatch: Dispatch, record: PatientRecord, copies: FurtherCopies, place: CopyPlace
    ) -> None:
        self._journal = journal
        self._dispatch = dispatch
        self._record = record
        self._copies = copies
        self._place = place
        self._troubles = Troubles()
        self._knows_what_was_told = False
        self._alike = 0  # looks in a row at which nothing was due, or the place failed
        self._filled = not place.destination.sealed  # others get what was filed before when somebody asks for it

    @property
    def pause(self) -> timedelta:
        """Return how long to leave the place alone unless something falls due: the more looks brought nothing new, the longer."""
        return pause_after(max(self._alike, 1))

    async def run_for_ever(self) -> None:
        while True:
            try:
                if await self.look():
                    await self._until_due()
                    continue
            except OutsideFailure:  # the journal's own disk: reported elsewhere, and looked at again
                pass
            await asyncio.sleep(self.pause.total_seconds())

    async def look(self) -> bool:
        """Deliver what is due; return whether the place answered, so that what comes next may go there at once."""
        if not self._filled:
            await self._record.fill(self._place.destination)
            await self._copies.try_refused(self._place)  # the doctor may have put back what could not be read
            self._filled = True
        await self._know_what_was_told()
        troubles, before, round, name = self._troubles, self._troubles.of_place, Round(), self._place.destination.name
        answers, failing = True, set[str]()
        try:
            round = await self._copies.deliver_due(self._place, troubles.apart)
            failing = await self._copies.account.failing(name)
            troubles.ended(round, failing)
        except OutsideFailure as why:
            answers = False
            troubles.stopped(str(why).partition(":")[0])
        changed = troubles.of_place != before
        self._alike = 0 if changed or (round.done and not troubles.of_place) else self._alike + 1
        if changed:
            await self._tell(before, has_all=not failing)
        if answers:
            await self._tell_of_entries(round, failing)
        return answers

    async def _know_what_was_told(self) -> None:
        """Go on, after a start, from what people were told before it: nothing is told twice, and its end is."""
        if not self._knows_what_was_told:
            async with self._journal.reading() as rows:
                self._troubles.begin(await rows.troubles_told(self._place.destination.name))
            self._knows_what_was_told = True

    async def _until_due(self) -> None:
        """Wait until something is due, or until it is time to ask whether the place is there."""
        clock, listener = asyncio.get_running_loop(), f"copies:{self._place.destination.name}"
        end = clock.time() + self.pause.total_seconds()
        while (left := timedelta(seconds=end - clock.time())) > timedelta():
            due_in = await self._copies.account.due_in(self._place.destination.name)
            if due_in == timedelta():
                return
            await self._journal.news(listener, left if due_in is None else min(left, due_in))

    async def _tell(self, before: str, *, has_all: bool) -> None:
        to, trouble = self._place.destination, self._troubles.of_place
        try:
            async with self._journal.transaction() as rows:
                tx = self._dispatch.transaction(rows)
                await tx.audit("bot", "destination.trouble" if trouble else "destination.well", to.name, why=trouble)
                told = words.trouble(to, trouble) if trouble else words.well_again(to, has_all=has_all)
                await tx.tell_practice(told)
                await rows.keep_troubles_told(to.name, self._troubles.as_told(self._troubles.told))
        except OutsideFailure:
            self._troubles.of_place = before  # nobody heard of it
            raise

    async def _tell_of_entries(self, round: Round, failing: set[str]) -> None:
        """Tell once which entries do not go there while others do, and once that they went after all."""
        to, told = self._place.destination, self._troubles.told
        anew = self._troubles.to_tell(round)
        found = {entry_id: await self._copies.account.to(to.name, entry_id) for entry_id in told.keys() - failing}
        ended = [entry_id for entry_id, delivery in found.items() if delivery is None or not delivery.is_still_to_go]
        went = [entry_id for entry_id in ended if (delivery := found[entry_id]) is not None and delivery.is_there]
        left = {entry_id: about for entry_id, about in told.items() if entry_id not in ended}
        left |= {entry_id: failed.about for entry_id, failed in anew.items()}
        if anew or ended:
            async with self._journal.transaction() as rows:
                tx = self._dispatch.transaction(rows)
                for entry_id, failed in anew.items():
                    await tx.audit("bot", "delivery.fails", entry_id, to=to.name, why=failed.why)
                for why in dict.fromkeys(failed.why for failed in anew.values()):
                    refs = [failed.about for failed in anew.values() if failed.why == why]
                    await tx.tell_practice(words.fails_alone(to, refs, why))
                if went:
                    await tx.tell_practice(words.went_after_all(to, [told[entry_id] for entry_id in went]))
                await rows.keep_troubles_told(to.name, self._troubles.as_told(left))
        self._troubles.told = left
