"""Deeds about who was let in, and what they do then: staff as patients, newcomers, minors, and who lost their capacity."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from .. import observed as o
from ..cast import ANN, ANNS, CHEN, DERM, FRESH, KIM, LEE, MAY, MIA, MIAS, PAT, RITA, SID, SIDS, WISHES, ZOES, Wish
from ..observed import Account, Kind, Mrn, Relation
from .base import BIRTHDAY, OWNERS, more_scenes
from .people import CAPACITY
from .uses import Uses


class Admitted(Uses):
    """What somebody may do once they were let in, and what not."""

    @precondition(more_scenes)
    @rule(who=st.sampled_from((LEE, KIM)), second=st.sampled_from((CHEN, CHEN, LEE, KIM, None)))
    def who_works_here_acts_for_a_patient_they_are(self, who: Account, second: Account | None) -> None:
        self.scene(self._as_a_patient(who, second))

    @precondition(more_scenes)
    @rule(by=st.sampled_from((MAY, KIM)), fresh=st.booleans(), wish=st.sampled_from((CAPACITY, WISHES[0], WISHES[1])))
    def who_made_a_code_writes_it(self, by: Account, fresh: bool, wish: Wish) -> None:
        self.scene(self._own_code(by, FRESH if fresh else by, wish))

    async def _own_code(self, by: Account, account: Account, wish: Wish) -> None:
        await self._send(OWNERS[wish.mrn])
        made = await self.invite(wish, by)
        if made and await self.world.redeems(made, account):
            await self.second(CHEN, wish.mrn)
            await self._asks_for_theirs(account, "my copy")
            await self._agrees_as_a_patient(account, wish.mrn)

    async def _agrees_as_a_patient(self, who: Account, mrn: Mrn) -> None:
        """Whoever asks taps their name: it is a colleague's picture."""
        photo = await self._from_colleague(CHEN, mrn, Kind.BODY)
        if photo is not None and photo in self.world.refs:
            await self._asked_and_answered(photo, "research", who, 0, CHEN)

    async def _as_a_patient(self, who: Account, second: Account | None) -> None:
        """Somebody who works here is let in as a patient too; then they do as staff what concerns that patient."""
        made = await self.invite(Wish(who, ANNS, Relation.SELF), MAY)
        if made and await self.world.redeems(made, who) and second is not None:
            await self.second(second, ANNS)
        photo = await self._send(ANN)
        if photo not in self.world.refs:
            return
        await self._agrees_as_a_patient(who, ANNS)
        if who == KIM:
            await self.refile(photo, SIDS, KIM)
            return
        await self.asks(photo, o.ADVICE, LEE)
        await self.answer_open(LEE, 0, most=1)
        await self._asked_and_answered(photo, "education", ANN, 0, LEE)
        await self._from_colleague(LEE, ANNS, Kind.BODY)

    @precondition(more_scenes)
    @rule(choice=st.sampled_from((0, 0, 1)))
    def a_patient_who_lost_their_capacity_goes_on(self, choice: int) -> None:
        self.scene(self._impaired(choice))

    async def _impaired(self, choice: int) -> None:
        """They send, and answer whatever they are asked; nothing is implied by it, and their yes does not count."""
        if not await self._let_in(CAPACITY) or not self.world.apps[SID].own_room:
            return
        photo = await self._send(SID)
        if photo in self.world.refs:
            await self.asks(photo, o.ADVICE)
            await self.answer_open(LEE, 0)
            await self._answers_all(SID, choice)
            await self._asked_and_answered(photo, "education", SID, choice)
            await self._answers_all(SID, choice)

    @precondition(more_scenes)
    @rule(second=st.sampled_from((LEE, CHEN)), words=st.sampled_from(("my images", "my copy")))
    def somebody_else_decides_now(self, second: Account, words: str) -> None:
        self.scene(self._another_decides(second, words))

    async def _another_decides(self, second: Account, words: str) -> None:
        """Capacity is given back, and taken again: whoever decided the first time does not decide now."""
        if not await self._let_in(CAPACITY):
            return
        photo = await self._send(RITA)
        await self._capacity_back(KIM)
        made = await self.invite(Wish(FRESH, SIDS, Relation.DECISION_MAKER), MAY)
        if made and await self.world.redeems(made, FRESH):
            await self.second(second, SIDS)
        await self._asks_for_theirs(RITA, words)
        if photo in self.world.refs:
            await self.replies(photo)

    @precondition(more_scenes)
    @rule(sender=st.sampled_from((PAT, PAT, MIA)), own=st.sampled_from((None, 0, 1)))
    def a_minor_must_agree_too(self, sender: Account, own: int | None) -> None:
        self.scene(self._beside_a_minor(sender, own))

    async def _beside_a_minor(self, sender: Account, own: int | None) -> None:
        """A parent agrees to what is not care; the minor agrees too, or refuses, or says nothing."""
        world = self.world
        if not await self._minor_is_here(CHEN) or not world.apps[PAT].own_room:
            return
        photo = await self._send(sender)
        if photo not in world.refs:
            return
        await self._asked_and_answered(photo, "education", PAT, 0)
        if own is not None:
            await self._answers_all(MIA, own)
        await self._asks_for_theirs(PAT, "my copy")

    @precondition(more_scenes)
    @rule(
        wish=st.sampled_from((Wish(FRESH, MIAS, Relation.GUARDIAN), Wish(FRESH, ANNS, Relation.SELF))),
        tell=st.booleans(),
        second=st.sampled_from((None, None, KIM, CHEN)),
    )
    def a_newcomer_finds_what_was_there(self, wish: Wish, tell: bool, second: Account | None) -> None:
        self.scene(self._newcomer(wish, tell, second))

    async def _newcomer(self, wish: Wish, tell: bool, second: Account | None) -> None:
        """What is older is closed to them; whether the others know of them was chosen."""
        if wish.mrn == MIAS and self.today() >= BIRTHDAY:
            return
        world, before = self.world, PAT if wish.mrn == MIAS else ANN
        old = await self._send(before)
        made = await self.invite(wish, KIM, tell=tell)
        if not made or not await world.redeems(made, wish.account):
            return
        if second is not None:
            await self.second(second, wish.mrn)
        new = await self._send(wish.account)
        for account in (wish.account, before):
            for words in ("my images", "my copy"):
                await self._asks_for_theirs(account, words)
        for photo in (old, new):
            if photo in world.refs:
                await self.replies(photo)
                await self._asked_and_answered(photo, "education", wish.account, 0)

    @precondition(more_scenes)
    @rule(before=st.booleans(), words=st.sampled_from(("my images", "my copy")))
    def another_parent_is_linked_after_tell_was_chosen(self, before: bool, words: str) -> None:
        self.scene(self._linked_after_the_choice(before, words))

    async def _linked_after_the_choice(self, before: bool, words: str) -> None:
        """Of whom the chooser did not read, nobody is told: linked before the newcomer writes the code, or after."""
        newcomer, late = Wish(FRESH, MIAS, Relation.GUARDIAN), Wish(RITA, MIAS, Relation.PARENT)
        made = await self.invite(newcomer, KIM, tell=True) if self.today() < BIRTHDAY else None
        if made is None:
            return
        if before:
            await self._let_in(late)
        if not await self.world.redeems(made, FRESH):
            return
        if not before:
            await self._let_in(late)
        await self._send(FRESH)
        for account in (PAT, RITA):
            await self._asks_for_theirs(account, words)

    @precondition(more_scenes)
    @rule(stays=st.booleans(), words=st.booleans())
    def who_advises_leaves_a_case(self, stays: bool, words: bool) -> None:
        self.scene(self._leaves_a_case(stays, words))

    async def _leaves_a_case(self, stays: bool, words: bool) -> None:
        """Somebody outside who gives advice leaves, but may stay a patient."""
        world = self.world
        if stays:
            made = await self.invite(Wish(DERM, ZOES, Relation.SELF))
            if made:
                await world.redeems(made, DERM)
        photo = await self._send(SID) if world.apps[SID].own_room else None
        if photo is None or photo not in world.refs:
            return
        await self.asks(photo, o.ADVICE)
        await self.answer_open(LEE, 0, most=1)
        await self._staff_leaves(DERM)
        await self.asks(photo, o.ADVICE)
        await self.answer_open(LEE, 0, most=1)
        if words:
            await self._asks_for_theirs(DERM, "my images")
        await self._returns(DERM)
