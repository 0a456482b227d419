"""Deeds about pictures: sent, placed, moved there and back, held and taken back."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from .. import observed as o
from ..cast import ANN, ANNS, CHEN, DERM, JO, KIM, LEE, MAY, MIA, MIAS, PAT, PATIENTS, RITA, SID, SIDS, ZOE, Wish
from ..observed import Account, Kind, Mrn, Relation
from ..world import Effect
from .base import BIRTHDAY, OWNERS, STAFF, Deeds, more_scenes

SENDERS = (SID, SID, ANN, PAT, PAT, JO, MIA, RITA, ZOE)
LINES = {
    Kind.BODY: "body {mrn} {born} mine verbal today {giver}advice",
    Kind.DOCUMENT: "document {mrn} {born} mine",
}


class Photos(Deeds):
    """What is sent, and under whom it is."""

    @rule(account=st.sampled_from(SENDERS), worded=st.booleans())
    def a_photo_is_sent(self, account: Account, worded: bool) -> None:
        if self.world.apps[account].own_room:
            self.do(self._send(account, worded))

    async def _send(self, account: Account, worded: bool = True) -> o.Photo:
        photo = await self.world.sends(account, self.world.mark("word") if worded else "")
        await self.answer_open(account, 0, most=1)
        return photo

    @rule(by=st.sampled_from((LEE, CHEN, DERM)), mrn=st.sampled_from((SIDS, ANNS)), kind=st.sampled_from(Kind))
    def a_colleague_sends_a_photo(self, by: Account, mrn: Mrn, kind: Kind) -> None:
        self.do(self._from_colleague(by, mrn, kind))

    async def _from_colleague(self, by: Account, mrn: Mrn, kind: Kind) -> o.Photo | None:
        world, patient = self.world, PATIENTS[mrn]
        if not world.apps[by].own_room:
            return None

        def filed(photo: o.Photo) -> Effect:
            def done(tap: o.Tap) -> list[o.Step]:
                placed = o.Placed(at=world.now, by=by, photo=photo, mrn=mrn)
                attested = o.Attested(at=world.now, by=by, photo=photo, covers_advice=kind is Kind.BODY)
                return [placed, attested] if tap.label.startswith("File") else []

            return done

        giver = "from parent " if mrn == MIAS and self.today() < BIRTHDAY else ""
        line = LINES[kind].format(mrn=mrn, born=patient.born, giver=giver)
        photo = await world.sends(by, kind=kind, line=line, named=mrn, then=filed)
        await self.answer_open(by, 0, most=1)
        return photo

    @precondition(lambda self: self.world.refs)
    @rule(number=st.integers(0, 3), to=st.sampled_from((SIDS, ANNS, MIAS)), by=st.sampled_from((KIM, KIM, MAY)))
    def a_photo_is_refiled(self, number: int, to: Mrn, by: Account) -> None:
        photo = self.photo(number)
        if photo:
            self.do(self.refile(photo, to, by))

    @precondition(more_scenes)
    @rule(
        sender=st.sampled_from((SID, ANN, PAT)),
        to=st.sampled_from((ANNS, SIDS)),
        back=st.booleans(),
        words=st.booleans(),
    )
    def a_photo_goes_wrong_and_words_follow(self, sender: Account, to: Mrn, back: bool, words: bool) -> None:
        self.scene(self._wrong(sender, to, back, words))

    async def _wrong(self, sender: Account, to: Mrn, back: bool, words: bool) -> None:
        """A picture is moved; then its sender writes, its clinician replies, and it is sent on for advice.

        The patient it is moved to asks what is held about them.
        """
        world, owner = self.world, OWNERS[to]
        photo = await self._send(sender)
        if photo not in world.refs:
            return
        if words:
            await self.writes_about(sender, photo)
        await self.refile(photo, to)
        for asked in ("my images", "my copy"):
            await world.says(owner, asked, o.AskedForTheirs(at=world.now, account=owner))
        if back:
            await self.refile(photo, {SID: SIDS, ANN: ANNS, PAT: MIAS}[sender])
        if words:
            nonce = world.mark("word")
            said = o.Said(at=world.now, account=sender, nonce=o.Nonce(nonce), manner=o.Manner.WORDS, photo=photo)
            await world.says(sender, f"it is {nonce} today", said)
        await self.replies(photo)
        if not words:
            await self.asks(photo, o.ADVICE)
            await self.answer_open(LEE, 0)

    @precondition(more_scenes)
    @rule(
        by=st.sampled_from((LEE, DERM)),
        kind=st.sampled_from(Kind),
        right=st.sampled_from((SIDS, ANNS)),
        back=st.booleans(),
    )
    def a_colleagues_photo_goes_wrong(self, by: Account, kind: Kind, right: Mrn, back: bool) -> None:
        self.scene(self._colleagues_wrong(by, kind, right, back))

    async def _colleagues_wrong(self, by: Account, kind: Kind, right: Mrn, back: bool) -> None:
        """A colleague's picture is moved; it is replied to and sent on for advice, and the patient asks what is held."""
        world, owner, wrong = self.world, OWNERS[right], SIDS if right == ANNS else ANNS
        photo = await self._from_colleague(by, wrong, kind)
        if photo is None or photo not in world.refs:
            return
        await self.refile(photo, right)
        for asked in ("my images", "my copy"):
            await world.says(owner, asked, o.AskedForTheirs(at=world.now, account=owner))
        if back:
            await self.refile(photo, wrong)
        await self.replies(photo)
        await self.asks(photo, o.ADVICE)
        await self.answer_open(LEE, 0, most=1)

    @precondition(more_scenes)
    @rule(by=st.sampled_from((LEE, CHEN)))
    def a_grown_child_sends_for_a_capable_adult(self, by: Account) -> None:
        self.scene(self._grown_child(by))

    async def _grown_child(self, by: Account) -> None:
        world = self.world
        if not world.apps[ZOE].own_room:
            made = await self.invite(Wish(ZOE, ANNS, Relation.GROWN_CHILD))
            if not made or not await world.redeems(made, ZOE):
                return
        photo = await self._send(ZOE)
        if photo in world.refs:
            await world.says(by, f"!keep {world.refs[photo]}", o.Kept(at=world.now, by=by, photo=photo))
            await self.asks(photo, o.ADVICE)
            await self.answer_open(LEE, 0)

    @precondition(more_scenes)
    @rule(second=st.sampled_from((*STAFF, None)), words=st.sampled_from(("my images", "my copy")))
    def a_minor_sends_beside_a_parent(self, second: Account | None, words: str) -> None:
        self.scene(self._minor(second, words))

    async def _minor(self, second: Account | None, words: str) -> None:
        world = self.world
        if not await self._minor_is_here(second):
            return
        parents = await self._send(PAT) if world.apps[PAT].own_room else None
        photo = await self._send(MIA)
        if photo in world.refs and parents is not None and parents in world.refs:
            await self.notes(parents, f"like {world.refs[photo]}")
        await world.says(PAT, words, o.AskedForTheirs(at=world.now, account=PAT))
        if photo in world.refs:
            await self.replies(photo)
            await self.asks(photo, "education")

    async def _minor_is_here(self, second: Account | None) -> bool:
        """See to it that the minor has an account of their own, and say whether they do."""
        world = self.world
        if not world.apps[MIA].own_room:
            await world.says(LEE, f"!capacity {MIAS} mature-minor", o.Matured(at=world.now, mrn=MIAS, by=LEE))
            minor = Wish(MIA, MIAS, Relation.SELF)
            made = await self.invite(minor, remark="mature-minor") or await self.invite(minor)
            if made and await world.redeems(made, MIA) and second is not None:
                await self.second(second, MIAS)
        return bool(world.apps[MIA].own_room)

    @precondition(lambda self: self.world.refs)
    @rule(number=st.integers(0, 3), account=st.sampled_from((None, None, SID, PAT, JO, RITA)))
    def a_photo_is_withdrawn(self, number: int, account: Account | None) -> None:
        photo = self.photo(number)
        if photo:
            self.do(self.withdraws(account or self.sender(photo), photo))

    async def withdraws(self, account: Account, photo: o.Photo) -> None:
        """Have somebody take back what was agreed to for a picture."""
        withdrew = o.Withdrew(at=self.world.now, account=account, photo=photo)
        await self.world.says(account, f"withdraw {self.world.refs[photo]}", withdrew)

    @precondition(more_scenes)
    @rule(account=st.sampled_from((SID, ANN, PAT)))
    def a_photo_is_withdrawn_and_asked_for(self, account: Account) -> None:
        self.scene(self._withdrawn_and_asked_for(account))

    async def _withdrawn_and_asked_for(self, account: Account) -> None:
        photo = await self._send(account)
        if photo in self.world.refs:
            await self.withdraws(account, photo)
            await self.asks(photo, o.ADVICE)
            await self.answer_open(LEE, 0)

    @precondition(more_scenes)
    @rule(sender=st.sampled_from((SID, PAT, JO)), settled=st.sampled_from((None, ANNS, SIDS)))
    def a_photo_is_said_to_show_somebody_else(self, sender: Account, settled: Mrn | None) -> None:
        self.scene(self._anothers(sender, settled))

    async def _anothers(self, sender: Account, settled: Mrn | None) -> None:
        """Its sender doubts a picture in the record; a clinician replies, and those who speak for its patient ask for all."""
        world, photo = self.world, await self._send(sender)
        if photo not in world.refs:
            return
        said = o.SaidAnothers(at=world.now, account=sender, photo=photo)
        await world.says(sender, f"{world.refs[photo]} of somebody else", said)
        await self.replies(photo)
        for account in (SID,) if sender == SID else (PAT, JO):
            for asked in ("my images", "my copy"):
                await world.says(account, asked, o.AskedForTheirs(at=world.now, account=account))
        if settled is not None:
            await self.refile(photo, settled)
            await world.says(LEE, f"!keep {world.refs[photo]}", o.Kept(at=world.now, by=LEE, photo=photo))
            await self.replies(photo)

    @precondition(more_scenes)
    @rule(sender=st.sampled_from((SID, PAT, LEE)), to=st.sampled_from((ANNS, SIDS)))
    def a_copy_is_asked_for_while_a_photo_is_being_moved(self, sender: Account, to: Mrn) -> None:
        self.scene(self._being_moved(sender, to))

    async def _being_moved(self, sender: Account, to: Mrn) -> None:
        """The record can't move a picture for a while; those in whose record it lies ask for all, and a clinician replies."""
        world, record = self.world, self.world.watched
        lee = sender == LEE
        photo = await (self._from_colleague(LEE, MIAS, Kind.BODY) if lee else self._send(sender))
        if photo is None or photo not in world.refs:
            return
        record.holds_moves, record.moves_tried = True, 0
        await self.refile(photo, to)
        if record.moves_tried:
            world.take(o.MoveBegun(at=world.now, photo=photo))
        for asked in ("my images", "my copy"):
            account = PAT if lee else sender
            await world.says(account, asked, o.AskedForTheirs(at=world.now, account=account))
        if not lee:
            await self.replies(photo)
        record.holds_moves = False
        await world.waits(hours=2)

    @precondition(lambda self: self.world.refs)
    @rule(number=st.integers(0, 3))
    def a_photo_is_recalled(self, number: int) -> None:
        photo = self.photo(number)
        if photo:
            recalled = o.Recalled(at=self.world.now, by=LEE, photo=photo)
            self.do(self.world.says(LEE, f"!recall {self.world.refs[photo]}", recalled))

    @precondition(lambda self: self.world.refs)
    @rule(number=st.integers(0, 3), by=st.sampled_from((LEE, CHEN, KIM, MAY)))
    def a_photo_is_shown(self, number: int, by: Account) -> None:
        photo = self.photo(number)
        if photo:
            self.do(self.world.says(by, f"!show {self.world.refs[photo]}"))

    @precondition(more_scenes)
    @rule(mrn=st.sampled_from((SIDS, ANNS)), first=st.booleans())
    def somebody_outside_guesses(self, mrn: Mrn, first: bool) -> None:
        self.scene(self._guesses(mrn, first))

    async def _guesses(self, mrn: Mrn, first: bool) -> None:
        """Two guesses, one of them right, in either order; nothing is confirmed."""
        for right in (first, not first):
            born = str(PATIENTS[mrn].born) if right else "1971-01-01"
            await self.world.guesses(DERM, LINES[Kind.BODY].format(mrn=mrn, born=born, giver=""), mrn, right)
            await self.world.waits(minutes=30)
