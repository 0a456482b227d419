"""Deeds about what ends: an account answers for a patient no more, or it is found out that it never did."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from .. import observed as o
from ..cast import ANN, ANNS, CHEN, FRESH, KIM, LEE, MIAS, PAT, PATIENTS, RITA, SID, SIDS, WISHES, ZOE, Wish
from ..observed import Account, Mrn, Photo, Relation
from .base import BIRTHDAY, more_scenes
from .uses import Uses

CALLED = {
    "as the patient": Relation.SELF,
    "as parent": Relation.PARENT,
    "as guardian": Relation.GUARDIAN,
    "as grown-up child": Relation.GROWN_CHILD,
    "as decision maker": Relation.DECISION_MAKER,
}
TOLD, QUIETLY, NEVER = "End it and tell them", "End it quietly", "It was never theirs"
NOT_ME = "not me"
MEANT = (Wish(ANN, ANNS, Relation.SELF), Wish(RITA, MIAS, Relation.PARENT), Wish(RITA, SIDS, Relation.DECISION_MAKER))
BESIDE = {ANNS: ANN, MIAS: PAT, SIDS: SID}  # who is there already


class Ended(Uses):
    """Who answers no more, and who never did."""

    @rule(wish=st.sampled_from(WISHES), how=st.sampled_from((TOLD, QUIETLY, NEVER)))
    def somebody_answers_no_more(self, wish: Wish, how: str) -> None:
        self.do(self._answers_no_more(wish.account, wish.mrn, how))

    async def _answers_no_more(self, account: Account, mrn: Mrn, how: str) -> None:
        """A manager says so, and how it is meant; where it has ended already, only that it never was."""
        world = self.world

        def ended(tap: o.Tap) -> list[o.Step]:
            if tap.label == NEVER:
                (relation,) = {CALLED[called] for called in CALLED if called in question.body}
                return [o.NeverTheirs(at=world.now, by=KIM, account=account, mrn=mrn, relation=relation)]
            end = o.LinkEnded(at=world.now, by=KIM, account=account, mrn=mrn, told=tap.label == TOLD)
            return [end] if tap.label in {TOLD, QUIETLY} else []

        asked = await world.says(KIM, f"!unlink {mrn} {account}", then=ended)
        for question in [seen for seen in asked if seen.taps and KIM in seen.readers]:
            labels = [tap.label for tap in question.taps]
            await world.taps(KIM, question, labels.index(how) if how in labels else -1)

    @precondition(more_scenes)
    @rule(
        meant=st.sampled_from((*MEANT, MEANT[0])),
        how=st.sampled_from((NOT_ME, NEVER, NEVER, NEVER)),
        first=st.sampled_from((None, None, QUIETLY)),
        second=st.booleans(),
        again=st.booleans(),
    )
    def a_code_reaches_the_wrong_person(
        self, meant: Wish, how: str, first: str | None, second: bool, again: bool
    ) -> None:
        self.scene(self._wrong_person(meant, how, first, second, again))

    async def _wrong_person(self, meant: Wish, how: str, first: str | None, second: bool, again: bool) -> None:
        """Somebody redeems a code that was meant for another, and says so; or sends, agrees, and then it is found out.

        *first* it may be ended otherwise; they may be let in *again* later, as it was a mistake.
        """
        world, mrn = self.world, meant.mrn
        if world.apps[FRESH].own_room or (mrn == MIAS and self.today() >= BIRTHDAY):
            return
        await self._send(BESIDE[mrn])
        made = await self.invite(meant)
        if made is None or not await world.redeems(made, FRESH):
            return
        if how == NOT_ME:
            not_me = o.NeverTheirs(at=world.now, by=FRESH, account=FRESH)
            await world.says(FRESH, NOT_ME, not_me)
            await self._asks_for_all(mrn)
            return
        if second:
            await self.second(CHEN, mrn)
        await self._asks_for_theirs(FRESH, "my copy")
        photo = await self._send(FRESH)
        if photo in world.refs:
            await self._is_asked_about(photo, FRESH)
        if first is not None:
            await self._answers_no_more(FRESH, mrn, first)
        await self._answers_no_more(FRESH, mrn, how)
        await self._asks_for_all(mrn)
        if again and await self._let_in(Wish(FRESH, mrn, meant.relation)):
            await self._asks_for_theirs(FRESH, "my images")
        if photo in world.refs:
            await self._is_asked_about(photo, BESIDE[mrn])
            await self._is_theirs(photo, mrn)
            await self._is_asked_about(photo, BESIDE[mrn])
            await self._asks_for_all(mrn)

    @precondition(more_scenes)
    @rule(second=st.booleans())
    def what_the_wrong_person_opened_is_asked_for(self, second: bool) -> None:
        self.scene(self._opened_wrongly(second))

    async def _opened_wrongly(self, second: bool) -> None:
        """Somebody taken for Ann says that a newcomer may see all; then it is found out; a second person may confirm them."""
        world, newcomer = self.world, Wish(RITA, ANNS, Relation.SELF)
        if world.apps[FRESH].own_room:
            return
        await self._send(ANN)
        made = await self.invite(MEANT[0])
        if made is None or not await world.redeems(made, FRESH):
            return
        await self.second(CHEN, ANNS)
        made = await self.invite(newcomer, tell=True)
        if made is None or not await world.redeems(made, RITA):
            return
        await self._answers_all(FRESH, 0)
        await self._asks_for_theirs(RITA, "my copy")
        await self._answers_no_more(FRESH, ANNS, NEVER)
        if second:
            await self.second(LEE, ANNS)
        for words in ("my images", "my copy"):
            await self._asks_for_theirs(RITA, words)

    @precondition(more_scenes)
    @rule(settled=st.booleans())
    def what_the_wrong_person_let_in_is_asked_for(self, settled: bool) -> None:
        self.scene(self._let_in_wrongly(settled))

    async def _let_in_wrongly(self, settled: bool) -> None:
        """Somebody taken for Ann says that what a grown-up child sent may be kept; then it is found out."""
        world, child = self.world, Wish(ZOE, ANNS, Relation.GROWN_CHILD)
        if world.apps[FRESH].own_room or world.apps[ZOE].own_room:
            return
        for wish, account in ((MEANT[0], FRESH), (child, ZOE)):
            made = await self.invite(wish)
            if made is None or not await world.redeems(made, account):
                return
            await self.second(CHEN, ANNS)
        photo = await self._send(ZOE)
        await self._answers_all(FRESH, 0)
        if photo in world.refs:
            await self._asks_for_all(ANNS)
            await self._answers_no_more(FRESH, ANNS, NEVER)
            await self._is_asked_about(photo, ANN)
            await self._asks_for_all(ANNS)
            if settled:
                await self._is_theirs(photo, ANNS)
                await self._is_asked_about(photo, ANN)

    async def _is_asked_about(self, photo: Photo, whom: Account) -> None:
        """A clinician replies, asks for advice, and asks somebody to agree to a use."""
        await self.replies(photo)
        await self.asks(photo, o.ADVICE)
        await self.answer_open(LEE, 0, most=1)
        await self._asked_and_answered(photo, "education", whom, 0)

    async def _is_theirs(self, photo: Photo, mrn: Mrn) -> None:
        """A clinician says by two identifiers that it shows the patient it lies under, and that it is kept."""
        world = self.world
        placed = o.Placed(at=world.now, by=LEE, photo=photo, mrn=mrn)
        kept = o.Kept(at=world.now, by=LEE, photo=photo)
        await world.says(LEE, f"!keep {world.refs[photo]} {mrn} {PATIENTS[mrn].born}", placed, kept)

    async def _asks_for_all(self, mrn: Mrn) -> None:
        for account in (FRESH, BESIDE[mrn]):
            for words in ("my images", "my copy"):
                await self._asks_for_theirs(account, words)
