"""Deeds in words: what patients write, what clinicians reply and note."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from .. import observed as o
from ..cast import ANN, CHEN, JO, LEE, MIA, PAT, RITA, SID
from ..observed import Account
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
