"""Deeds about who people are: invitations, phones, identities, capacity, death, and leaving."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from .. import observed as o
from ..cast import (
    ANN,
    ANNS,
    CHEN,
    DERM,
    JO,
    KIM,
    LEE,
    MAY,
    MIA,
    NAMES,
    PAT,
    PATIENTS,
    RITA,
    SID,
    SIDS,
    WISHES,
    ZOE,
    ZOES,
    Wish,
)
from ..hearing import speaks
from ..observed import Account, Mrn, Relation
from ..speaking import links
from ..staff import paused
from ..world import Made
from .base import BIRTHDAY, CLINICIANS, DESK, STAFF, Deeds, more_scenes

CAPACITY = Wish(RITA, SIDS, Relation.DECISION_MAKER)


class People(Deeds):
    """Who people are, and whom they answer for."""

    @rule(wish=st.sampled_from(WISHES), by=st.sampled_from(DESK), tell=st.booleans())
    def somebody_is_invited(self, wish: Wish, by: Account, tell: bool) -> None:
        self.do(self.invite(wish, by, tell=tell))

    @precondition(lambda self: self.world.codes)
    @rule(number=st.integers(0, 2), second=st.sampled_from((*STAFF, None)), days=st.sampled_from((0, 0, 3)))
    def a_code_is_written(self, number: int, second: Account | None, days: int) -> None:
        made = self.world.codes[-1 - number % len(self.world.codes)]
        self.do(self._redeem(made.wish.account, number, second, days))

    @precondition(lambda self: self.world.codes)
    @rule(number=st.integers(0, 2), wrong=st.sampled_from((1, 2, 3)))
    def a_birthday_is_guessed(self, number: int, wrong: int) -> None:
        made = self.world.codes[-1 - number % len(self.world.codes)]
        self.do(self._guesses_birthday(made, wrong))

    async def _guesses_birthday(self, made: Made, wrong: int) -> None:
        await self.world.redeems(made, made.wish.account, wrong=wrong)
        await self._asks_for_theirs(made.wish.account, "my images")

    async def _redeem(self, account: Account, number: int, second: Account | None, days: int = 0) -> None:
        if days:
            await self.world.waits(days=days)
        made = self.world.codes[-1 - number % len(self.world.codes)]
        await self.world.redeems(made, account)
        if second is not None:
            await self.second(second, made.wish.mrn)

    async def _asks_for_theirs(self, account: Account, words: str) -> None:
        await self.world.says(account, words, o.AskedForTheirs(at=self.world.now, account=account))

    @precondition(more_scenes)
    @rule(account=st.sampled_from(CLINICIANS), wish=st.sampled_from((WISHES[7], WISHES[1])))
    def somebody_who_works_here_writes_a_patients_code(self, account: Account, wish: Wish) -> None:
        self.scene(self._code_of_staff(account, wish))

    async def _code_of_staff(self, account: Account, wish: Wish) -> None:
        made = await self.invite(wish, KIM)
        if made:
            await self.world.redeems(made, account)
            photo = self.photo(0)
            if photo:
                await self.asks(photo, "education", account)
                await self.world.says(account, f"!note {self.world.refs[photo]} seen")

    @precondition(more_scenes)
    @rule(
        wish=st.sampled_from(WISHES),
        what=st.sampled_from(("months", "maker", "subject")),
        by=st.sampled_from((MAY, KIM)),
    )
    def a_code_is_confirmed_too_late(self, wish: Wish, what: str, by: Account) -> None:
        self.scene(self._late(wish, what, by))

    async def _late(self, wish: Wish, what: str, by: Account) -> None:
        made = await self.invite(wish, by)

        async def meanwhile() -> None:
            if what == "months":
                await self.world.waits(days=70)
            elif what == "maker":
                await self._staff_leaves(by)
            else:
                await self._patient_leaves(wish.mrn)

        if made and await self.world.redeems(made, wish.account, meanwhile=meanwhile):
            await self.world.sends(wish.account, self.world.mark("word"))
            await self._asks_for_theirs(wish.account, "my copy")

    @rule(account=st.sampled_from((SID, PAT, MIA, RITA, LEE, DERM)), back=st.booleans())
    def a_phone_is_lost(self, account: Account, back: bool) -> None:
        self.do(self._lost(account, back))

    async def _lost(self, account: Account, back: bool) -> None:
        if not self.world.apps[account].own_room:
            return
        before = set(self.world.all_codes)
        await self.world.says(KIM, f"!lost {account}", o.PhoneLost(at=self.world.now, account=account))
        codes = [code for code in self.world.all_codes if code not in before]
        if back and codes and account not in self.world.passed_on:  # the code is handed to who had the phone
            self.world.new_identity(account)
            await self.world.readmitted(account, codes[-1])

    @rule(account=st.sampled_from((SID, PAT, LEE, DERM)))
    def an_identity_is_new(self, account: Account) -> None:
        self.do(self._new_identity(account))

    async def _new_identity(self, account: Account) -> None:
        self.world.new_identity(account)
        await self.world.says(account, "my images", o.IdentityChanged(at=self.world.now, account=account))

    @precondition(more_scenes)
    @rule(account=st.sampled_from((SID, PAT, DERM)))
    def an_account_passes_to_another_person(self, account: Account) -> None:
        self.scene(self._passes_on(account))

    async def _passes_on(self, account: Account) -> None:
        """A new person on an account comes with a new identity, and with a code of their own."""
        world = self.world
        if account == DERM:
            await self._staff_leaves(account)
        world.passed_on.add(account)
        world.new_identity(account)
        world.take(o.Held(at=world.now, account=account, person=o.Person(f"New {account}"), name="Noa Winter"))
        world.take(o.IdentityChanged(at=world.now, account=account))
        if account == DERM:
            before = set(world.all_codes)
            await world.says(KIM, f'!enrol outside-clinician {account} "Noa Winter"')
            codes = [code for code in world.all_codes if code not in before]
            if codes:
                await world.hired(account, codes[-1], o.Role.OUTSIDE, "Noa Winter")
            return
        made = await self.invite(Wish(account, ZOES, Relation.SELF))
        if made:
            await world.redeems(made, account, by_the_next=True)
            await self._asks_for_theirs(account, "my images")

    @precondition(more_scenes)
    @rule(by=st.sampled_from((MAY, KIM)), second=st.sampled_from((*STAFF, LEE, CHEN, None)))
    def capacity_is_lost(self, by: Account, second: Account | None) -> None:
        self.scene(self._capacity_lost(second, by))

    async def _capacity_lost(self, second: Account | None, by: Account = MAY) -> None:
        await self.world.sends(SID, self.world.mark("word"))
        made = await self.invite(CAPACITY, by)
        if made and await self.world.redeems(made, RITA):
            if second is not None:
                await self.second(second, SIDS)
            await self._asks_for_theirs(RITA, "my images")

    @rule(by=st.sampled_from((KIM,)))
    def capacity_is_regained(self, by: Account) -> None:
        self.do(self._capacity_back(by))

    async def _capacity_back(self, by: Account) -> None:
        """Some clinician who is not, and does not wait to be, one of the patient's people gives it back (R33)."""
        history = self.world.oracle.history
        theirs = {link.account for link in links(history, history.now) if link.mrn == SIDS}
        for clinician in [one for one in CLINICIANS if one not in theirs][:1]:
            back = o.CapacityBack(at=self.world.now, mrn=SIDS, by=clinician)
            await self.world.says(clinician, f"!capacity {SIDS} has", back)
        await self.invite(Wish(SID, SIDS, Relation.SELF), by, remark="has-capacity")

    @precondition(more_scenes)
    @rule(mrn=st.sampled_from((SIDS, ANNS)), died=st.booleans(), undone=st.booleans(), back=st.booleans())
    def a_patient_leaves_or_dies(self, mrn: Mrn, died: bool, undone: bool, back: bool) -> None:
        self.scene(self._leaves_and_returns(mrn, died, undone, back))

    async def _leaves_and_returns(self, mrn: Mrn, died: bool, undone: bool, back: bool) -> None:
        await self._patient_leaves(mrn, "!died" if died else "!patient-leaves")
        if died and undone:
            await self._undone(mrn)
        wish = next(one for one in WISHES if one.mrn == mrn)
        for words in ("my images", "my copy"):  # nothing revives by itself
            await self._asks_for_theirs(wish.account, words)
        if back:
            await self._let_in(wish)

    async def _let_in(self, wish: Wish, by: Account = KIM) -> bool:
        """See to it that somebody speaks for a patient, if they do not already, and say whether they do."""
        world = self.world
        if wish.account in world.passed_on:
            return False
        if speaks(world.oracle.history, wish.account, wish.mrn, world.oracle.history.now):
            if paused(world.oracle.history, wish.account, world.oracle.history.now):
                await self._lost(wish.account, back=True)
            made = await self.invite(wish, by)
            if made and await world.redeems(made, wish.account):
                await self.second(LEE, wish.mrn)
        return not speaks(world.oracle.history, wish.account, wish.mrn, world.oracle.history.now)

    async def _undone(self, mrn: Mrn) -> None:
        """A manager says that it was a mistake, and a second member of staff confirms it."""
        world = self.world
        await world.says(KIM, f"!not-dead {mrn}")
        asked = [seen for seen in world.questions.get(CHEN, []) if seen.at == world.now]
        if asked and PATIENTS[mrn].name in asked[-1].body:
            world.take(o.DeathUndone(at=world.now, mrn=mrn, by=KIM, second=CHEN))
            await world.taps(CHEN, asked[-1], 0)

    async def _patient_leaves(self, mrn: Mrn, command: str = "!patient-leaves") -> None:
        world = self.world

        def gone(tap: o.Tap) -> list[o.Step]:
            if tap.label.casefold().startswith("no"):
                return []
            return [(o.Died if command == "!died" else o.PatientLeft)(at=world.now, mrn=mrn)]

        await world.says(KIM, f"{command} {mrn}", then=gone)
        await self.answer_open(KIM, 0, most=1)

    @precondition(more_scenes)
    @rule(account=st.sampled_from((CHEN, DERM, MAY)))
    def somebody_leaves(self, account: Account) -> None:
        self.scene(self._staff_leaves(account))

    async def _staff_leaves(self, account: Account) -> None:
        world = self.world

        to = LEE if account == CHEN else None

        def left() -> list[o.Step]:
            own = world.server.members.get(world.apps[account].own_room, set())
            return [] if account in own else [o.StaffLeft(at=world.now, account=account, to=to)]

        command = f"!leaves {account} to {to}" if to else f"!leaves {account}"
        await world.says(KIM, command, outcome=left)

    @rule(account=st.sampled_from((CHEN, DERM, MAY)))
    def somebody_returns(self, account: Account) -> None:
        self.do(self._returns(account))

    async def _returns(self, account: Account) -> None:
        roles = {CHEN: "clinician", DERM: "outside-clinician", MAY: "reception"}
        before = set(self.world.all_codes)
        await self.world.says(KIM, f'!enrol {roles[account]} {account} "{NAMES[account]}"')
        codes = [code for code in self.world.all_codes if code not in before]
        if codes:
            role = {CHEN: o.Role.CLINICIAN, DERM: o.Role.OUTSIDE, MAY: o.Role.RECEPTION}[account]
            await self.world.hired(account, codes[-1], role, NAMES[account])

    @rule(days=st.sampled_from((0, 1, 1, 5, 26)))
    def time_passes(self, days: int) -> None:
        self.do(self.world.waits(days=days, minutes=20))

    @precondition(more_scenes)
    @rule(parent=st.sampled_from((PAT, JO)))
    def a_child_grows_up(self, parent: Account) -> None:
        self.scene(self._grows_up(parent))

    async def _grows_up(self, parent: Account) -> None:
        """A parent's picture is replied to after the birthday, and the parent writes."""
        if not self.world.apps[parent].own_room:
            return
        photo = await self.world.sends(parent, self.world.mark("word"))
        await self.world.waits(days=max(0, (BIRTHDAY - self.today()).days), hours=1)
        if photo in self.world.refs:
            await self.replies(photo)
            await self.writes_about(parent, photo)

    @rule(account=st.sampled_from((SID, ANN, PAT, MIA, RITA, ZOE)), words=st.sampled_from(("my images", "my copy")))
    def somebody_asks_for_theirs(self, account: Account, words: str) -> None:
        if self.world.apps[account].own_room:
            self.do(self._asks_for_theirs(account, words))
