"""Deeds of two parents of one child, of whom neither may know what the other writes unless that was chosen."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from .. import observed as o
from ..cast import JO, LEE, MIAS, PAT, Wish
from ..observed import Account, Relation
from .base import more_scenes
from .ended import QUIETLY, Ended


class Parents(Ended):
    """What two parents send, write, hear and ask for, one beside the other."""

    @precondition(more_scenes)
    @rule(first=st.sampled_from((PAT, JO)), tell=st.booleans(), purpose=st.sampled_from((None, o.ADVICE, "education")))
    def two_parents_send_and_write_and_ask(self, first: Account, tell: bool, purpose: str | None) -> None:
        self.scene(self._parents_apart(first, tell, purpose))

    async def _parents_apart(self, first: Account, tell: bool, purpose: str | None) -> None:
        """Two parents send and write; a clinician replies about each photo, and asks for a use. Then both ask for all.

        With *tell* one of them is let in anew, and the other is told of it.
        """
        world, other = self.world, JO if first == PAT else PAT
        if tell:
            await self._let_in_anew(other)
        if not (world.apps[first].own_room and world.apps[other].own_room):
            return
        for parent in (first, other):
            photo = await self._send(parent)
            if photo in world.refs:
                await self.writes_about(parent, photo)
                await self.replies(photo)
            if purpose and photo in world.refs:
                await self.asks(photo, purpose)
                await self.answer_open(LEE, 0)
        for parent in (other, first):
            await self.answer_open(parent, 0)
            for asked in ("my images", "my copy"):
                await world.says(parent, asked, o.AskedForTheirs(at=world.now, account=parent))

    async def _let_in_anew(self, parent: Account) -> None:
        """Have what a parent is to the child ended, and made again with a new code; *tell* is chosen."""
        await self._answers_no_more(parent, MIAS, QUIETLY)
        made = await self.invite(Wish(parent, MIAS, Relation.PARENT), tell=True)
        if made:
            await self.world.redeems(made, parent)
