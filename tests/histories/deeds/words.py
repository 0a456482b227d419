"""Deeds in words: what patients write, what clinicians reply and note."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from .. import observed as o
from ..cast import ANN, CHEN, JO, LEE, MIA, PAT, RITA, SID
from ..observed import Account, Photo
from .base import Deeds


class Words(Deeds):
    """What people write."""

    @precondition(lambda self: self.world.refs)
    @rule(number=st.integers(0, 3), by=st.sampled_from((LEE, LEE, CHEN)))
    def a_clinician_replies(self, number: int, by: Account) -> None:
        photo = self.photo(number)
        if photo:
            self.do(self.replies(photo, by))

    @precondition(lambda self: self.world.refs)
    @rule(number=st.integers(0, 3), by=st.sampled_from((LEE, CHEN)))
    def a_clinician_notes(self, number: int, by: Account) -> None:
        photo = self.photo(number)
        if photo:
            self.do(self.notes(photo, "", by))

    @rule(account=st.sampled_from((SID, ANN, PAT, JO, MIA, RITA)))
    def a_patient_writes(self, account: Account) -> None:
        mine = [photo for photo in self.world.photos if self.sender(photo) == account]
        if self.world.apps[account].own_room and mine:
            nonce = self.world.mark("word")
            said = o.Said(
                at=self.world.now, account=account, nonce=o.Nonce(nonce), manner=o.Manner.WORDS, photo=mine[-1]
            )
            self.do(self.world.says(account, f"it is {nonce} now", said))

    @precondition(lambda self: self.world.refs)
    @rule(number=st.integers(0, 3), copied=st.booleans(), deleted=st.booleans())
    def a_reply_is_called_back(self, number: int, copied: bool, deleted: bool) -> None:
        photo = self.photo(number)
        if photo:
            self.do(self._called_back(photo, copied, deleted))

    async def _called_back(self, photo: Photo, copied: bool, deleted: bool) -> None:
        """A clinician replies, perhaps deletes it and sees that this takes nothing back, and calls back the newest reply."""
        world = self.world
        nonce = await self.replies(photo)
        if deleted:
            await world.deletes_last_words(LEE)
        if copied:
            sender = self.sender(photo)
            await world.says(sender, "my copy", o.AskedForTheirs(at=world.now, account=sender))
        for _uses_first in range(2):
            recalled = o.Recalled(at=world.now, by=LEE, photo=photo)
            heard = await world.says(LEE, f"!recall {world.refs[photo]}", recalled)
            which = [seen for seen in heard if LEE in seen.readers and "Which reply" in seen.body and seen.taps]
            if which:
                before = len(world.oracle.history.events)
                await world.taps(LEE, which[-1], 0)
                after = world.oracle.history.events[before:]
                heard = [seen for seen in after if isinstance(seen, o.Delivered)]
            if any(LEE in seen.readers and "The reply about" in seen.body for seen in heard):
                world.called_back(nonce, world.refs[photo], heard)
                return

    @precondition(lambda self: self.world.refs)
    @rule(account=st.sampled_from((SID, ANN, PAT, JO, MIA, RITA)), photo=st.integers(0, 3))
    def somebody_deletes_their_words(self, account: Account, photo: int) -> None:
        about = self.photo(photo)
        if about and self.world.apps[account].own_room:
            self.do(self._deletes_words(account, about))

    async def _deletes_words(self, account: Account, photo: Photo) -> None:
        await self.writes_about(account, photo)
        await self.world.deletes_last_words(account)
