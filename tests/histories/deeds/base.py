"""Begin and end a history, and let it do one thing after another."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from datetime import date, timedelta
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine

from .. import observed as o
from ..cast import ANN, ANNS, CHEN, DERM, KIM, LEE, MAY, NAMES, PATIENTS, SID, SIDS, Wish
from ..observed import Account, Mrn, Photo, Relation
from ..table import TABLE
from ..world import Made, World

SPOKEN = {
    Relation.SELF: "self",
    Relation.PARENT: "parent",
    Relation.GUARDIAN: "guardian",
    Relation.GROWN_CHILD: "child",
    Relation.DECISION_MAKER: "decision-maker",
}
BIRTHDAY = date(2027, 5, 20)  # on which Mia turns 18
OWNERS = {ANNS: ANN, SIDS: SID}
DESK, CLINICIANS, STAFF = (KIM, MAY), (LEE, CHEN), (KIM, MAY, LEE, CHEN)

SCENES, TWICE = 4, 2
DESTROYED = 4  # in one history of so many a lifetime passes at its end, and something is destroyed


def more_scenes(history: Deeds) -> bool:
    """Say whether a history has room for another scene."""
    return history.scenes_left > 0


class AtOnce(asyncio.SelectorEventLoop):
    """Does in its own thread, and at once, what is for others: a sixth of the time was handing over."""

    def run_in_executor(self, _: object, work: Callable[..., Any], *arguments: Any) -> asyncio.Future[Any]:  # type: ignore[override]
        done = self.create_future()
        try:
            done.set_result(work(*arguments))
        except Exception as error:
            done.set_exception(error)
        return done


class Deeds(RuleBasedStateMachine):
    """A history. Deeds are asynchronous; each runs to its end before the next."""

    def __init__(self) -> None:
        super().__init__()
        self._loop = AtOnce()
        self.scenes_left = SCENES
        self.played = Counter[str]()
        self.world = World()
        self.do(self.world.open())

    def do(self, deed: Coroutine[Any, Any, Any]) -> Any:
        """Run a deed to its end."""
        done = self._loop.run_until_complete(deed)
        assert not (TABLE.end_at_first and self.world.oracle.violations), self.world.oracle.violations[0]
        return done

    def scene(self, deeds: Coroutine[Any, Any, Any]) -> None:
        """Run a few deeds that belong together: some among the single deeds of a history, and each twice at most."""
        name = getattr(deeds, "__name__", "")
        self.scenes_left -= 1
        self.played[name] += 1
        if self.played[name] > TWICE:
            deeds.close()
        else:
            self.do(deeds)

    def teardown(self) -> None:
        """Count what this history had in it, keep what it broke, and throw the practice away."""
        try:
            if TABLE.histories % DESTROYED == 0:
                self.do(self.world.destroys(KIM))
        finally:  # where a history ends at the first rule it breaks, that rule is counted
            TABLE.add(self.world.oracle)
            self._loop.run_until_complete(self.world.close())
            self._loop.close()

    # ---- deeds that several topics need

    def photo(self, number: int) -> Photo | None:
        """Choose one of the pictures sent last that have a reference."""
        known = [photo for photo in self.world.photos if photo in self.world.refs]
        return known[-1 - number % min(len(known), 4)] if known else None

    def sender(self, photo: Photo) -> Account:
        """Return who sent a picture."""
        sent = self.world.oracle.history.sent(photo, self.world.oracle.history.now)
        assert sent is not None
        return sent[1].account

    async def invite(self, wish: Wish, by: Account = KIM, *, remark: str = "", tell: bool = False) -> Made | None:
        """Have somebody at the desk make a code; a choice that it asks for is taken, and a second person confirms."""
        world, before = self.world, len(self.world.codes)
        world.hopes(wish, by)
        whom = (
            SPOKEN[wish.relation]
            if wish.relation is Relation.SELF
            else f'{SPOKEN[wish.relation]} "{NAMES[wish.account]}"'
        )
        await world.says(by, f"!link {wish.mrn} {whom} {remark}".rstrip())
        asked = [seen for seen in world.questions.get(by, []) if seen.at == world.now][-1:]
        for second in (CHEN, MAY, LEE):  # where a second person must see it before there is a code
            if len(world.codes) == before and second != by:
                await self.answer_open(second, 0)
        world.forget_hopes()
        if len(world.codes) == before:
            return None
        for seen in asked:
            if tell:
                world.take(o.TellChosen(at=world.now, code=o.Code(world.codes[-1].code), event_id=seen.event_id))
            await world.taps(by, seen, 0 if tell else 1)
        return world.codes[-1]

    async def answer_open(self, account: Account, choice: int, *, most: int = 2) -> None:
        """Have somebody answer the newest questions they have open, one after the other."""
        for _ in range(most):
            mine = self.world.questions.get(account, [])
            fresh = [seen for seen in mine if seen.at == self.world.now]
            if not fresh:
                return
            await self.world.taps(account, fresh[-1], choice)

    async def second(self, by: Account, mrn: Mrn) -> None:
        """Have somebody of the staff confirm who waits for a second person."""
        world = self.world
        await world.says(by, f"!confirm {mrn}", o.SetOutToConfirm(at=world.now, account=by))
        await self.answer_open(by, 0)

    async def refile(self, photo: Photo, to: Mrn, by: Account = KIM, *, confirm: bool = True) -> None:
        """Have a picture moved."""
        world, patient = self.world, PATIENTS[to]

        def moved(tap: o.Tap) -> list[o.Step]:
            no = tap.label.casefold().startswith("no")
            return [] if no else [o.Placed(at=world.now, by=by, photo=photo, mrn=to)]

        asked = await world.says(by, f"!refile {world.refs[photo]} {patient.mrn} {patient.born}", then=moved)
        questions = [seen for seen in asked if seen.taps and by in seen.readers]
        if confirm and questions:
            await world.taps(by, questions[-1], 0)

    async def asks(
        self, photo: Photo, purpose: str, by: Account = LEE, *, recipient: Account = DERM, also: Sequence[Photo] = ()
    ) -> str:
        """Have a clinician ask for a use, or for advice, which they attest to be related; return the request's mark.

        `also`: other pictures that the same use is of.
        """
        world, nonce = self.world, self.world.mark("plan")
        until = (world.now + timedelta(days=60)).date()
        asked = o.Asked(
            at=world.now,
            by=by,
            nonce=o.Nonce(nonce),
            photos=(photo, *also),
            purpose=purpose,
            recipient=recipient,
            until=None if purpose == o.ADVICE else until,
        )
        ref = " ".join(world.refs[one] for one in asked.photos)
        if purpose == o.ADVICE:
            await world.says(by, f"!forward {ref} {recipient} is it {nonce}?", asked)
        else:
            who = f'seen by "registrars" until {until} recipient {recipient} recognisable no'
            line = f'!use {ref} for {purpose} "{nonce} evening" {who}'
            await world.says(by, line, asked)
        return nonce

    async def replies(self, photo: Photo, by: Account = LEE) -> o.Nonce:
        """Have a clinician reply, and tap whatever they are asked; return the mark of the reply."""
        nonce = self.world.mark("word")
        said = o.Said(at=self.world.now, account=by, nonce=o.Nonce(nonce), manner=o.Manner.REPLY, photo=photo)
        await self.world.says(by, f"!reply {self.world.refs[photo]} it looks {nonce}", said)
        await self.answer_open(by, 0, most=1)
        return said.nonce

    async def notes(self, photo: Photo, words: str, by: Account = LEE) -> None:
        """Have a clinician note something for the record."""
        nonce = self.world.mark("word")
        said = o.Said(at=self.world.now, account=by, nonce=o.Nonce(nonce), manner=o.Manner.NOTE, photo=photo)
        await self.world.says(by, f"!note {self.world.refs[photo]} it looks {nonce} {words}".rstrip(), said)

    async def writes_about(self, account: Account, photo: Photo) -> None:
        """Have somebody write words, after sending a picture."""
        nonce = self.world.mark("word")
        said = o.Said(at=self.world.now, account=account, nonce=o.Nonce(nonce), manner=o.Manner.WORDS, photo=photo)
        await self.world.says(account, f"it is {nonce} today", said)

    def question_about(self, account: Account, mark: str) -> o.Delivered | None:
        """Return the open question of somebody that came with, or just after, a text with this mark."""
        history, open_ones = self.world.oracle.history, self.world.questions.get(account, [])
        for seen in reversed(open_ones):
            if mark in seen.body:
                return seen
        told = [event for event in history.events if isinstance(event, o.Delivered) and mark in event.body]
        later = [seen for seen in open_ones if told and seen.at == told[0].at]
        return later[-1] if later else (open_ones[-1] if open_ones else None)

    def today(self) -> date:
        """Return the day it is."""
        today: date = self.world.now.date()
        return today
