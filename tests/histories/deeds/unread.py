"""Deeds about what nobody has read yet: a case whose room is empty when something changes; and words under others' pictures."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from .. import observed as o
from ..cast import ANN, DERM, JO, LEE, PAT, RITA, SID
from ..observed import Account
from .base import more_scenes
from .on_the_way import ELSEWHERE, FOR_WHOM, GONE, OnTheWay


class Unread(OnTheWay):
    """What waits for a reader, and what patients write about pictures that somebody else sent."""

    @precondition(more_scenes)
    @rule(
        whom=st.sampled_from((SID, SID, PAT, RITA)),
        how=st.sampled_from((*GONE, "death", *ELSEWHERE, "refused", "withdrawn", "time")),
        back=st.sampled_from((True, True, False)),
    )
    def a_case_that_nobody_reads_yet_waits_when_something_changes(self, whom: Account, how: str, back: bool) -> None:
        self.scene(self._unread_case(whom, how, back))

    async def _unread_case(self, whom: Account, how: str, back: bool) -> None:
        """Advice is asked for, once as what was sent implies it and once as somebody agrees.

        `back`: what changed is undone before anybody reads.
        """
        world, wish = self.world, FOR_WHOM[whom]
        if not await self._let_in(wish):
            return
        photo = await self._send(whom)
        if photo not in world.refs:
            return
        world.take(o.HeldBack(at=world.now, account=DERM))
        world.server.cases_are_empty = True
        await self.asks(photo, o.ADVICE)
        await self.answer_open(LEE, 0, most=1)
        await self.asks(photo, o.ADVICE)
        await self.answer_open(LEE, 1, most=1)
        await self._answers_all(whom, 0)
        await self._ends(how, wish, photo)
        if back:
            await self._recovers(how, wish)
        world.server.cases_are_empty = False
        world.take(o.LetThrough(at=world.now, account=DERM))
        await world.waits(hours=2)
        if not back:
            await self._recovers(how, wish)

    @precondition(lambda self: self.world.refs)
    @rule(number=st.integers(0, 3), account=st.sampled_from((SID, ANN, PAT, JO, RITA)))
    def somebody_writes_under_what_they_did_not_send(self, number: int, account: Account) -> None:
        photo = self.photo(number)
        if photo and self.world.apps[account].own_room and self.sender(photo) != account:
            self.do(self._writes_under(photo, account))

    async def _writes_under(self, photo: o.Photo, account: Account) -> None:
        """Somebody writes about a picture by its name; then a clinician replies, who may have meant either."""
        nonce = self.world.mark("word")
        manner, now = o.Manner.WORDS, self.world.now
        said = o.Said(at=now, account=account, nonce=o.Nonce(nonce), manner=manner, photo=photo, by_reference=True)
        await self.world.says(account, f"{self.world.refs[photo]} it is {nonce} today", said)
        await self.replies(photo)
