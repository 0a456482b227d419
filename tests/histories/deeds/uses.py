"""Deeds about uses: asked for, answered early, late, twice and by others, held back and lost on the way."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from .. import observed as o
from ..cast import ANN, CHEN, DERM, JO, KIM, LEE, MAY, MIA, MIAS, NAMES, PAT, RITA, SID, SIDS, Wish
from ..observed import Account, Relation
from ..texts import numbers_of_four
from .base import more_scenes
from .people import People
from .photos import Photos

PURPOSES = (o.ADVICE, o.ADVICE, "education", "research")
ANSWERERS = (SID, ANN, PAT, JO, MIA, RITA, LEE, DERM, KIM, MAY, CHEN)


class Uses(People, Photos):
    """What is asked for, and what comes of it."""

    @precondition(lambda self: self.world.refs)
    @rule(
        number=st.integers(0, 3),
        purpose=st.sampled_from(PURPOSES),
        by=st.sampled_from((LEE, LEE, CHEN)),
        choice=st.integers(0, 1),
    )
    def a_use_is_asked_for(self, number: int, purpose: str, by: Account, choice: int) -> None:
        photo = self.photo(number)
        if photo:
            self.do(self._use(photo, purpose, by, choice))

    async def _use(self, photo: o.Photo, purpose: str, by: Account, choice: int) -> None:
        await self.asks(photo, purpose, by)
        await self.answer_open(by, choice, most=1)

    @rule(account=st.sampled_from(ANSWERERS), number=st.integers(0, 2), choice=st.sampled_from((0, 0, 0, 1, 2)))
    def somebody_answers(self, account: Account, number: int, choice: int) -> None:
        mine = self.world.questions.get(account, [])
        if mine:
            self.do(self.world.taps(account, mine[-1 - number % len(mine)], choice))

    @rule(account=st.sampled_from(ANSWERERS), whose=st.sampled_from(ANSWERERS))
    def somebody_else_answers(self, account: Account, whose: Account) -> None:
        theirs = self.world.questions.get(whose, [])
        if theirs and account != whose and self.world.apps[account].own_room:
            self.do(self.world.taps(account, theirs[-1], 0))

    @precondition(lambda self: self.world.used)
    @rule(number=st.integers(0, 5))
    def an_answer_comes_again(self, number: int) -> None:
        account, event_id, tap_id = self.world.used[-1 - number % len(self.world.used)]
        seen = self.world.oracle.history.delivery(event_id, self.world.oracle.history.now)
        if seen:
            self.do(self.world.taps_again(account, seen[1], tap_id))

    @rule(account=st.sampled_from((SID, PAT, JO, RITA)), word=st.sampled_from(("yes", "yes", "no")))
    def somebody_answers_in_words(self, account: Account, word: str) -> None:
        self.do(self._in_words(account, word))

    async def _in_words(self, account: Account, word: str) -> None:
        seen = self.world.with_number(account)
        if seen is not None:
            (number, *_) = sorted(numbers_of_four(seen.body))
            tapped = o.Tapped(at=self.world.now, account=account, event_id=seen.event_id, label=word, yes=word == "yes")
            await self.world.says(account, f"{word} {number}", tapped)

    @precondition(more_scenes)
    @rule(other=st.sampled_from((JO, PAT)), purpose=st.sampled_from(("education", "research")), of_two=st.booleans())
    def one_parent_says_no_and_the_other_is_asked(self, other: Account, purpose: str, of_two: bool) -> None:
        self.scene(self._two_parents(other, purpose, of_two))

    async def _two_parents(self, other: Account, purpose: str, of_two: bool) -> None:
        """`of_two`: they say yes to another picture, and then one use of both is asked for."""
        world = self.world
        if not world.apps[JO].own_room:
            made = await self.invite(Wish(JO, MIAS, Relation.PARENT))
            if not made or not await world.redeems(made, JO):
                return
            await self.second(CHEN, MIAS)
        one = PAT if other == JO else JO
        photo = await self._send(one)
        if photo in world.refs:
            await self._asked_and_answered(photo, purpose, one, 1)
            another = await self._send(one) if of_two else None
            also = [another] if another is not None and another in world.refs else []
            for yes in also:
                await self._asked_and_answered(yes, purpose, one, 0)
            await self._asked_and_answered(photo, purpose, other, 0, also=also)

    async def _asked_and_answered(
        self,
        photo: o.Photo,
        purpose: str,
        whom: Account,
        choice: int,
        by: Account = LEE,
        *,
        also: Sequence[o.Photo] = (),
    ) -> None:
        """Ask for a use; whoever asks taps the name they mean; whoever is asked answers, and once more if that is asked."""
        world, nonce = self.world, await self.asks(photo, purpose, by, also=also)
        for seen in [seen for seen in world.questions.get(by, []) if seen.at == world.now][-1:]:
            named = [index for index, tap in enumerate(seen.taps) if NAMES[whom] in tap.label]
            await world.taps(by, seen, named[0] if named else 0)
        asked = self.question_about(whom, nonce)
        if asked:
            await world.taps(whom, asked, choice)
            await self.answer_open(whom, choice, most=1)

    async def _answers_all(self, account: Account, choice: int) -> None:
        for seen in list(self.world.questions.get(account, [])):
            await self.world.taps(account, seen, choice)

    @precondition(more_scenes)
    @rule(other=st.sampled_from((JO, PAT)), purpose=st.sampled_from((o.ADVICE, "education")))
    def one_parent_stops_it_from_afar_and_the_other_is_asked(self, other: Account, purpose: str) -> None:
        self.scene(self._stopped_from_afar(other, purpose))

    async def _stopped_from_afar(self, other: Account, purpose: str) -> None:
        one = PAT if other == JO else JO
        photo = await self._send(one)
        if photo in self.world.refs:
            await self._lost(one, back=False)
            await self.withdraws(one, photo)
            await self._asked_and_answered(photo, purpose, other, 0)
            await self._goes_on(photo)
            await self._asked_and_answered(photo, purpose, other, 0)

    @precondition(lambda self: self.world.refs)
    @rule(number=st.integers(0, 3))
    def a_photo_may_go_on(self, number: int) -> None:
        photo = self.photo(number)
        if photo:
            self.do(self._goes_on(photo))

    async def _goes_on(self, photo: o.Photo) -> None:
        went = o.WentOn(at=self.world.now, by=KIM, photo=photo)
        await self.world.says(KIM, f"!go-on {self.world.refs[photo]}", went)

    @precondition(more_scenes)
    @rule(account=st.sampled_from((SID, PAT)), first=st.sampled_from((True, True, False)))
    def the_text_of_a_question_is_lost(self, account: Account, first: bool) -> None:
        self.scene(self._lost_text(account, first))

    async def _lost_text(self, account: Account, first: bool) -> None:
        photo = await self._send(account)
        if photo in self.world.refs:
            self.world.server.lose_next_in = self.world.apps[account].own_room if first else ""
            await self._asked_and_answered(photo, "education", account, 0)
            self.world.server.lose_next_in = ""

    @precondition(more_scenes)
    @rule(by=st.sampled_from((KIM, MAY)))
    def two_questions_are_open(self, by: Account) -> None:
        self.scene(self._two_questions(by))

    async def _two_questions(self, by: Account) -> None:
        photo = self.photo(0)
        if photo:
            await self.refile(photo, MIAS, by, confirm=False)
            await self.world.says(by, f"!patient-leaves {SIDS}")

    @precondition(more_scenes)
    @rule(wish=st.sampled_from((Wish(LEE, SIDS, Relation.SELF),)))
    def who_works_here_answers_their_own_request(self, wish: Wish) -> None:
        self.scene(self._own_request(wish))

    async def _own_request(self, wish: Wish) -> None:
        made = await self.invite(wish, MAY)
        photo = self.photo(0)
        if made and photo and await self.world.redeems(made, LEE):
            await self.asks(photo, "education")
            await self.answer_open(LEE, 0)
