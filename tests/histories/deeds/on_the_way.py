"""Deeds about what is on its way while something ends: words, lists, questions, and what somebody agreed to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from .. import observed as o
from ..cast import ANN, ANNS, CHEN, DERM, JO, KIM, LEE, MIAS, PAT, RITA, SID, SIDS, Wish
from ..observed import Account, Kind, Relation
from .base import BIRTHDAY, more_scenes
from .ended import NEVER, QUIETLY, Ended
from .people import CAPACITY

FOR_WHOM = {
    SID: Wish(SID, SIDS, Relation.SELF),
    ANN: Wish(ANN, ANNS, Relation.SELF),
    PAT: Wish(PAT, MIAS, Relation.PARENT),
    JO: Wish(JO, MIAS, Relation.PARENT),
    RITA: CAPACITY,
}
GONE, PAUSED = ("death", "leaving"), ("phone", "identity")
ELSEWHERE = ("refiled", "refiled", "person", "capacity", "unlinked", "never theirs")
STOPPED = ("stopped", "withdrawn", "recalled")
RECIPIENT, ASKER = ("recipient", "recipient leaves"), ("asker leaves", "asker phone")
ANYBODY, WITH_A_PARENT = st.sampled_from((SID, ANN, PAT)), st.sampled_from((SID, PAT, PAT))


class OnTheWay(Ended):
    """What is on its way when something ends, and comes through only afterwards."""

    @asynccontextmanager
    async def _held_back(self, account: Account) -> AsyncIterator[None]:
        """Let nothing through to somebody, and then all of it."""
        world = self.world
        world.take(o.HeldBack(at=world.now, account=account))
        world.server.held_back = world.apps[account].own_room
        yield
        world.server.held_back = ""
        world.take(o.LetThrough(at=world.now, account=account))
        await world.waits(hours=2)

    @precondition(more_scenes)
    @rule(whom=ANYBODY, how=st.sampled_from(GONE), back=st.sampled_from((True, True, False)))
    def words_are_on_their_way_to_who_is_gone(self, whom: Account, how: str, back: bool) -> None:
        self.scene(self._words_on_the_way(whom, how, back))

    @precondition(more_scenes)
    @rule(whom=ANYBODY, how=st.sampled_from((*PAUSED, *ELSEWHERE)), back=st.sampled_from((True, True, False)))
    def words_are_on_their_way_to_who_hears_no_more(self, whom: Account, how: str, back: bool) -> None:
        self.scene(self._words_on_the_way(whom, how, back))

    @precondition(more_scenes)
    @rule(whom=st.sampled_from((PAT, JO, RITA)), how=st.sampled_from(("birthday", "capacity", "person", "phone")))
    def words_are_on_their_way_when_a_capacity_ends(self, whom: Account, how: str) -> None:
        self.scene(self._words_on_the_way(whom, how, True))

    async def _words_on_the_way(self, whom: Account, how: str, back: bool) -> None:
        world, wish = self.world, FOR_WHOM[whom]
        if not await self._let_in(wish):
            return
        if how == "birthday":
            await world.waits(days=max(0, (BIRTHDAY - self.today()).days - 1))
        photo = await self._send(whom)
        if photo not in world.refs:
            return
        async with self._held_back(whom):
            for words in ("my images", "my copy"):
                await self._asks_for_theirs(whom, words)
            await self.replies(photo)
            await self.asks(photo, "education")
            await self.answer_open(LEE, 0, most=1)
            await self._send(whom)
            await self._ends(how, wish, photo)
        await self.writes_about(whom, photo)
        if back:
            await self._recovers(how, wish)

    @precondition(more_scenes)
    @rule(whom=ANYBODY, how=st.sampled_from((*GONE, *PAUSED, *ELSEWHERE, "time")), held=st.booleans())
    def what_was_agreed_to_is_on_its_way_when_something_ends(self, whom: Account, how: str, held: bool) -> None:
        self.scene(self._use_on_the_way(whom, how, held))

    @precondition(more_scenes)
    @rule(whom=WITH_A_PARENT)
    def what_was_agreed_to_is_refused_on_its_way(self, whom: Account) -> None:
        self.scene(self._use_on_the_way(whom, "refused", True))

    @precondition(more_scenes)
    @rule(first=st.sampled_from((PAT, JO)), purpose=st.sampled_from(("education", "research")))
    def what_one_parent_agreed_to_the_other_refuses(self, first: Account, purpose: str) -> None:
        self.scene(self._parents_differ(first, purpose))

    async def _parents_differ(self, first: Account, purpose: str) -> None:
        """Of a colleague's picture, so that whoever asks taps whom; the other says no while it is on its way."""
        for parent in (PAT, JO):
            if not await self._let_in(FOR_WHOM[parent]):
                return
        photo = await self._from_colleague(CHEN, MIAS, Kind.BODY)
        if photo is not None and photo in self.world.refs:
            async with self._held_back(DERM):
                await self._asked_and_answered(photo, purpose, first, 0)
                await self._asked_and_answered(photo, purpose, JO if first == PAT else PAT, 1)

    @precondition(more_scenes)
    @rule(whom=WITH_A_PARENT, how=st.sampled_from(STOPPED))
    def what_was_agreed_to_is_stopped_on_its_way(self, whom: Account, how: str) -> None:
        self.scene(self._use_on_the_way(whom, how, True))

    @precondition(more_scenes)
    @rule(
        whom=WITH_A_PARENT, how=st.sampled_from((*RECIPIENT, *ASKER, "time")), held=st.sampled_from((True, True, False))
    )
    def what_was_agreed_to_is_on_its_way_to_or_from_who_is_gone(self, whom: Account, how: str, held: bool) -> None:
        self.scene(self._use_on_the_way(whom, how, held))

    @precondition(more_scenes)
    @rule(how=st.sampled_from(("capacity", "capacity", "birthday")))
    def what_was_agreed_to_for_somebody_else_is_on_its_way(self, how: str) -> None:
        self.scene(self._use_on_the_way({"capacity": RITA, "birthday": PAT}[how], how, True))

    @precondition(more_scenes)
    @rule(how=st.sampled_from(ASKER), number=st.integers(0, 3))
    def a_picture_is_on_its_way_to_a_clinician_who_is_gone(self, how: str, number: int) -> None:
        self.scene(self._picture_on_the_way(how, number))

    async def _picture_on_the_way(self, how: str, number: int) -> None:
        photo = self.photo(number) or await self._send(SID)
        if photo in self.world.refs:
            async with self._held_back(CHEN):
                await self.world.says(CHEN, f"!show {self.world.refs[photo]}")
                await self._ends(how, FOR_WHOM[SID], photo)
            await self._recovers(how, FOR_WHOM[SID])

    async def _use_on_the_way(self, whom: Account, how: str, held: bool) -> None:
        """Somebody agrees to one use, and another goes on what sending implied; both are on their way when something ends."""
        world, wish, by = self.world, FOR_WHOM[whom], CHEN if how in ASKER else LEE
        if not await self._let_in(wish) or not world.apps[by].own_room:
            return
        if how == "birthday":
            await world.waits(days=max(0, (BIRTHDAY - self.today()).days - 1))
        photo = await self._send(whom)
        if photo not in world.refs:
            return
        if not held:
            await self._asked_for_twice(photo, whom, by)
            await self._ends(how, wish, photo)
            await self._asked_for_twice(photo, whom, by)
        else:
            async with self._held_back(DERM):
                await self._asked_for_twice(photo, whom, by)
                await self._ends(how, wish, photo)
        await self._recovers(how, wish)

    async def _asked_for_twice(self, photo: o.Photo, whom: Account, by: Account) -> None:
        await self.asks(photo, o.ADVICE, by)
        await self.answer_open(by, 0, most=1)
        await self._asked_and_answered(photo, "education", whom, 0, by)

    async def _ends(self, how: str, wish: Wish, photo: o.Photo) -> None:
        world, whom = self.world, wish.account
        match how:
            case "death" | "leaving":
                await self._patient_leaves(wish.mrn, "!died" if how == "death" else "!patient-leaves")
            case "phone" | "asker phone":
                await self._lost(whom if how == "phone" else CHEN, back=False)
            case "identity":
                await self._new_identity(whom)
            case "refiled":
                await self.refile(photo, ANNS if wish.mrn == SIDS else SIDS)
            case "person" | "recipient":
                await self._passes_on(whom if how == "person" else DERM)
            case "capacity":
                await (self._capacity_back(KIM) if whom == RITA else self._let_in(CAPACITY))
            case "unlinked" | "never theirs":
                await self._answers_no_more(whom, wish.mrn, QUIETLY if how == "unlinked" else NEVER)
            case "birthday":
                await world.waits(days=max(0, (BIRTHDAY - self.today()).days), hours=1)
            case "refused":
                await self._asked_and_answered(photo, "education", whom, 1)
            case "stopped" | "withdrawn":
                if how == "stopped":
                    await self._lost(whom, back=False)
                await self.withdraws(whom, photo)
            case "time":
                await world.waits(days=62)
            case "recipient leaves" | "asker leaves":
                await self._staff_leaves(DERM if how == "recipient leaves" else CHEN)
            case "recalled":
                await world.says(LEE, f"!recall {world.refs[photo]}", o.Recalled(at=world.now, by=LEE, photo=photo))

    async def _recovers(self, how: str, wish: Wish) -> None:
        """Let whoever is gone come back, so that the history has people in it."""
        match how:
            case "death":
                await self._undone(wish.mrn)
                await self._let_in(wish)
            case "leaving" | "unlinked" | "never theirs":
                await self._let_in(wish)
            case "phone" | "identity" | "stopped":
                await self._lost(wish.account, back=True)
            case "asker phone":
                await self._lost(CHEN, back=True)
            case "capacity":
                await self._capacity_back(KIM)
            case "recipient leaves" | "asker leaves":
                await self._returns(DERM if how == "recipient leaves" else CHEN)
