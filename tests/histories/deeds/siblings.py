"""Deeds of a parent of two children, who must say of each picture whose it is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from .. import observed as o
from ..cast import JO, LEE, LEOS, MIAS, PAT, PATIENTS, Wish
from ..observed import Mrn, Photo, Relation
from .base import BIRTHDAY, more_scenes
from .ended import Ended

GIVEN = {mrn: PATIENTS[mrn].name.split()[0] for mrn in (MIAS, LEOS)}
LISTED = re.compile(r"(\d)\. (Mia|Leo) Holt")
WAYS = ("number", "name", "words", "number and words", "both")


class Siblings(Ended):
    """What is sent, said and written by somebody who answers for two."""

    @precondition(more_scenes)
    @rule(
        child=st.sampled_from((MIAS, LEOS)),
        together=st.integers(1, 2),
        worded=st.booleans(),
        how=st.sampled_from(WAYS),
        purpose=st.sampled_from((None, "education")),
    )
    def a_parent_of_two_says_whose_it_is(
        self, child: Mrn, together: int, worded: bool, how: str, purpose: str | None
    ) -> None:
        self.scene(self._of_two(child, together, worded, how, purpose))

    async def _of_two(self, child: Mrn, together: int, worded: bool, how: str, purpose: str | None) -> None:
        """A parent sends and says whose it is, or seems to mean both; and writes about the other child then.

        A clinician replies and asks for a use, and both parents ask for all, of whom one answers for one child only.
        """
        world, other = self.world, MIAS if child == LEOS else LEOS
        if self.today() >= BIRTHDAY or not await self._has_two():
            return
        photos = [await world.sends(PAT, world.mark("word") if worded else "") for _ in range(together)]
        await self._says_whose(photos, child, how)
        if how == "both":
            await self._says_whose(photos, child, "name")
        await self._writes_of(other, photos[-1])
        if photos[0] in world.refs:
            await self.replies(photos[0])
            if purpose:
                await self.asks(photos[0], purpose)
                await self.answer_open(LEE, 0, most=1)
                await self.answer_open(PAT, 0, most=1)
        for parent in (PAT, JO):
            for asked in ("my images", "my copy"):
                await world.says(parent, asked, o.AskedForTheirs(at=world.now, account=parent))

    async def _has_two(self) -> bool:
        """See to it that the parent answers for the second child too, and say whether they have a chat."""
        world = self.world
        if LEOS not in {made.wish.mrn for made in world.codes}:
            made = await self.invite(Wish(PAT, LEOS, Relation.PARENT))
            if made:
                await world.redeems(made, PAT)
        return bool(world.apps[PAT].own_room)

    async def _says_whose(self, photos: Sequence[Photo], child: Mrn, how: str) -> None:
        """Answer in words, where it was asked; with *both*, the number is of the one and the name of the other."""
        world = self.world
        numbers = self._numbers()
        if not numbers:
            return
        other = MIAS if child == LEOS else LEOS
        said = [o.SaidWhose(at=world.now, account=PAT, photo=photo, mrn=child) for photo in photos]
        if how == "number":
            await world.says(PAT, numbers[child], *said)
        elif how == "name":
            await world.says(PAT, GIVEN[child], *said)
        else:
            words, whose = self._words_of(other if how == "both" else child, photos[-1])
            number = "" if how == "words" else f"{numbers[child]} "
            await world.says(PAT, number + words, whose, *([] if how == "both" else said))

    async def _writes_of(self, child: Mrn, photo: Photo) -> None:
        words, said = self._words_of(child, photo)
        await self.world.says(PAT, words, said)

    def _words_of(self, child: Mrn, photo: Photo) -> tuple[str, o.Said]:
        world, nonce = self.world, self.world.mark("word")
        said = o.Said(at=world.now, account=PAT, nonce=o.Nonce(nonce), manner=o.Manner.WORDS, photo=photo, of=child)
        return f"{GIVEN[child]}'s knee is {nonce} today", said

    def _numbers(self) -> dict[Mrn, str]:
        """Return the number of each child in the question that was asked last, as it was asked just now."""
        whose = {given: mrn for mrn, given in GIVEN.items()}
        told = [seen for _, seen in self.world.oracle.history.of(o.Delivered, self.world.oracle.history.now)]
        for seen in reversed(told):
            listed = LISTED.findall(seen.body)
            if PAT in seen.readers and listed and not seen.taps:
                return {whose[name]: number for number, name in listed}
        return {}
