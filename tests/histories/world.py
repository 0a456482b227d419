"""Let people do things in a practice that is real but for its homeserver, and show all that comes of it to the oracle."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain import identifiers, rooms
from bot.domain.arrivals import Arrival, ArrivalKind
from bot.heard.written_days import spelt
from tests.practice import JPEG, Practice, Someone

from . import observed as o
from .cast import HERE_ALREADY, LEE, NAMES, PATIENTS, STAFF, Wish, beginning, snapshot
from .elsewhere import Elsewhere
from .observed import Account, Delivered, Event, Photo, Step
from .oracle import Oracle
from .reader import Reader, Watched
from .server import POLL, MarkedScreener, Server
from .texts import mentions, numbers_of_four

MEMORY = Path("/dev/shm")  # where no history waits for a disk
_CODE = re.compile(r"(?<![\w-])\d{3}-\d{4}-\d{4}(?![\w-])")
_NO = ("no", "not", "leave it", "don't", "later", "ask me later")
Effect = Callable[[o.Tap], list[Step]]
Placing = Callable[[Photo], Effect]


@dataclass
class Made:
    """An invitation that was made: for whom, by whom, and the code if it was seen."""

    wish: Wish
    by: Account
    code: str


class World:
    """One practice, from its beginning."""

    def __init__(self) -> None:
        self.oracle = Oracle(ZoneInfo("UTC"))
        self.apps: dict[Account, Someone] = {}
        self.codes: list[Made] = []
        self.photos: list[Photo] = []
        self.refs: dict[Photo, str] = {}
        self.questions: dict[Account, list[Delivered]] = {}
        self.used: list[tuple[Account, str, str]] = []  # taps: whose, in which event, which answer
        self.passed_on: set[Account] = set()  # accounts that another person has now
        self._events: dict[str, Photo] = {}  # arrival to picture
        self._effects: dict[str, Effect] = {}
        self._wishes: list[tuple[Wish, Account]] = []
        self._posts = 0
        self._marks = 0
        self._last_words: dict[Account, Arrival] = {}
        self._identities = 0
        self._stack = AsyncExitStack()

    async def open(self) -> None:
        """Open a practice of its own, at rest, with everybody enrolled."""
        directory = Path(tempfile.mkdtemp(prefix="consentry-history-", dir=MEMORY if MEMORY.is_dir() else None))
        self._stack.callback(shutil.rmtree, directory, ignore_errors=True)
        self.elsewhere = Elsewhere(directory)
        opened = (await snapshot()).opened(directory, around=self._around, places=lambda _keys: self.elsewhere.places)
        people = await self._stack.enter_async_context(opened)
        self.practice: Practice = people.practice
        self.elsewhere.watch(self.practice)
        few = FewNumbers()
        self.practice.ids.number = few.number
        self.reader = Reader(self.practice.record, self.watched)
        for account in NAMES:
            app = Someone(self.practice, identifiers.Account(account), f"{account}-first")
            app.identity = {"@kim:hs.test": "KimIdentity", LEE: "LeeIdentity"}.get(account, app.identity)
            self.apps[account] = app
        for account in (*STAFF, *(wish.account for wish in HERE_ALREADY)):
            await self._find_room(account)
        for event in beginning(self.practice.clock.now()):
            self.oracle.take(event)
        self._posts = len(self.practice.homeserver.posts)
        await self.reader.new(self.practice.clock.now())

    async def close(self) -> None:
        """Throw the practice away."""
        await self._stack.aclose()

    def _around(self, name: str, port: Any) -> Any:
        if name == "chat":
            self.server = Server(port)
            return self.server
        if name == "record":
            self.watched = Watched(port)
            return self.watched
        return MarkedScreener() if name == "screener" else port

    # ---- what people do

    def take(self, *steps: Step) -> None:
        """Tell the oracle what was done."""
        for step in steps:
            self.oracle.take(step)

    @property
    def now(self) -> Any:
        """Return what the clock shows."""
        return self.practice.clock.now()

    def mark(self, kind: str) -> str:
        """Return a mark nobody has used."""
        self._marks += 1
        return f"{kind}{self._marks}x"

    async def says(
        self,
        account: Account,
        text: str,
        *steps: Step,
        room: str = "",
        then: Effect | None = None,
        outcome: Callable[[], list[Step]] | None = None,
    ) -> list[Delivered]:
        """Have somebody write. What it asks them is tapped later, and *then* says what their tap does.

        *outcome* says what was done by it, once that can be seen.
        """
        command = account in STAFF and text.startswith("!") and not steps
        self.take(*steps, *([o.Commanded(at=self.now, account=account)] if command else []))
        self.practice.clock.move(timedelta(seconds=1))
        app = self.apps[account]
        where = room or app.own_room or f"!lobby-{account}"
        self._last_words[account] = app.arrival(where, {"msgtype": "m.text", "body": text})
        await self.practice.receive(self._last_words[account])
        return await self.look(account, then, outcome)

    async def deletes_last_words(self, account: Account) -> list[Delivered]:
        """Have somebody delete in their app what they wrote last."""
        self.take(o.WordsDeleted(at=self.now, account=account))
        await self.apps[account].deletes(self._last_words[account], settle=False)
        return await self.look(account)

    def called_back(self, nonce: o.Nonce, ref: str, heard: list[Delivered]) -> None:
        """Show the oracle what stands by now, and who heard of the picture, once it is said that a reply is called back."""
        redacted = self.practice.homeserver.redacted
        standing = {post.event_id for post in self.practice.homeserver.posts if post.event_id not in redacted}
        told = {account for seen in heard if mentions(seen.body, [ref]) for account in seen.readers}
        self.oracle.take(o.CalledBack(at=self.now, nonce=nonce, standing=frozenset(standing), told=frozenset(told)))

    async def sends(
        self,
        account: Account,
        caption: str = "",
        *,
        kind: o.Kind = o.Kind.BODY,
        line: str = "",
        named: o.Mrn | None = None,
        then: Placing | None = None,
    ) -> Photo:
        """Have somebody send a picture of a pattern of its own."""
        photo = Photo(self.mark("pattern"))
        sent = o.PhotoSent(
            at=self.now,
            account=account,
            photo=photo,
            caption=o.Nonce(caption) if caption else None,
            kind=kind,
            named=named,
        )
        app = self.apps[account]
        arrival = app.photo(JPEG + photo.encode(), line or (f"it itches {caption}" if caption else ""))
        self.take(sent)
        if not app.own_room:
            return photo
        self._events[arrival.event_id] = photo
        await self.practice.receive(arrival)
        self.photos.append(photo)
        await self.look(account, then(photo) if then else None)
        return photo

    async def taps(self, account: Account, question: Delivered, choice: int) -> None:
        """Have somebody choose an answer, whoever was asked."""
        tap = question.taps[choice % len(question.taps)]
        effect = self._effects.get(question.event_id)
        asked = account in question.readers and account in self.questions
        self.take(
            o.Tapped(
                at=self.now, account=account, event_id=question.event_id, label=tap.label, yes=meaning(tap, question)
            )
        )
        if effect and asked:
            self.take(*effect(tap))
        if account in question.readers:
            self.questions[account] = [one for one in self.questions.get(account, []) if one is not question]
            self.used.append((account, question.event_id, tap.id))
        await self._tap(account, question.room, tap.id)

    async def taps_again(self, account: Account, question: Delivered, tap_id: str) -> None:
        """Have an answer that was given come once more."""
        label = next(tap.label for tap in question.taps if tap.id == tap_id)
        self.take(o.Tapped(at=self.now, account=account, event_id=question.event_id, label=label))
        await self._tap(account, question.room, tap_id)

    async def _tap(self, account: Account, room: str, tap_id: str) -> None:
        arrival = self.apps[account].arrival(room, {f"{POLL}.response": {"answers": [tap_id]}})
        await self.practice.receive(replace(arrival, type=f"{POLL}.response"))
        await self.look(account)

    async def waits(self, **time: float) -> None:
        """Let time pass."""
        self.practice.clock.move(timedelta(**time))
        self.take(o.ClockMoved(at=self.now))
        await self.look()

    async def destroys(self, by: Account) -> None:
        """Have what was sent last destroyed, when its time is over, while both shares are there."""
        self.elsewhere.all_there = True
        await self.waits(days=26 * 366)
        for photo in [photo for photo in self.photos if photo in self.refs][-1:]:
            asked = await self.says(by, f"!destroy {self.refs[photo]}")
            questions = [seen for seen in asked if seen.taps and by in seen.readers]
            if questions:
                await self.taps(by, questions[-1], 0)
        await self.waits(hours=2)

    # ---- accounts

    def hopes(self, wish: Wish, by: Account) -> None:
        """Remember for whom the next code that shows up is."""
        self._wishes.append((wish, by))

    def forget_hopes(self) -> None:
        """Expect no code any more for whoever was hoped for."""
        self._wishes.clear()

    @property
    def all_codes(self) -> list[str]:
        """Return every code that anybody was told, in order."""
        history = self.oracle.history
        return [code for event in history.events if isinstance(event, Delivered) for code in _CODE.findall(event.body)]

    async def readmitted(self, account: Account, code: str) -> None:
        """Have the same person come back on their account, under a new identity, with a code made for that."""
        await self._enters(account, code, o.Readmitted(at=self.now, account=account))

    async def hired(self, account: Account, code: str, role: o.Role, name: str) -> None:
        """Have a colleague write the code made for their account, under this name."""
        await self._enters(account, code, o.Hired(at=self.now, account=account, role=role, name=name))

    async def _enters(self, account: Account, code: str, step: Step) -> None:
        app = self.apps[account]
        lobby = f"!lobby-{account}-{self.mark('n')}"
        self.server.members[lobby] = {account}
        await self.practice.receive(app.arrival(lobby, {}, ArrivalKind.INVITED))
        await self.look()
        await self.says(account, code, room=lobby)
        self.take(step)
        await self.says(account, await self.practice.opened_by(code), room=lobby)
        await self._find_room(account)

    async def guesses(self, account: Account, line: str, mrn: o.Mrn, right: bool) -> None:
        """Have somebody outside send a picture and name two identifiers that they know, or do not."""
        photo = Photo(self.mark("pattern"))
        self.take(o.PhotoSent(at=self.now, account=account, photo=photo))
        self.take(o.Guessed(at=self.now, account=account, right=right, mrn=mrn))
        await self.practice.receive(self.apps[account].photo(JPEG + photo.encode(), line))
        placed = o.Placed(at=self.now, by=account, photo=photo, mrn=mrn)
        await self.look(account, lambda tap: [placed] if right and meaning(tap) is not False else [])

    async def redeems(
        self, made: Made, account: Account, *, meanwhile: Any = None, by_the_next: bool = False, wrong: int = 0
    ) -> bool:
        """Have somebody write a code in a new chat and the birthday, with something happening in between; say whether it took.

        A code is handed to whoever it was made for; *by_the_next* says that it was made for who has their account now. So many
        *wrong* birthdays are written first.
        """
        if account in self.passed_on and made.wish.account == account and not by_the_next:
            return False
        app = self.apps[account]
        lobby = f"!lobby-{account}-{self.mark('n')}"
        self.server.members[lobby] = {account}
        await self.practice.receive(app.arrival(lobby, {}, ArrivalKind.INVITED))
        await self.look()
        written = o.CodeWritten(at=self.now, code=o.Code(made.code), account=account)
        heard = await self.says(account, made.code, written, room=lobby)
        if not any(account in seen.readers and "date of birth" in seen.body for seen in heard):
            return False  # the code was not taken: it is used up, too old, or not for this account
        for day in range(wrong):
            await self._writes_birthday(made, account, lobby, PATIENTS[made.wish.mrn].born + timedelta(days=day + 1))
        if meanwhile is not None:
            await meanwhile()
        self.take(o.Redeemed(at=self.now, code=o.Code(made.code), account=account))
        await self._writes_birthday(made, account, lobby, PATIENTS[made.wish.mrn].born)
        await self._find_room(account)
        return bool(app.own_room)

    async def _writes_birthday(self, made: Made, account: Account, lobby: str, day: date) -> None:
        right = day == PATIENTS[made.wish.mrn].born
        written = o.BirthdayWritten(at=self.now, code=o.Code(made.code), account=account, right=right)
        await self.says(account, spelt(day), written, room=lobby)

    async def _find_room(self, account: Account) -> None:
        async with self.practice.journal.reading() as rows:
            person = await rows.people.holder(identifiers.Account(account))  # not who had it before
            room = await rows.rooms.first(address=rooms.own(person.id)) if person else None
        if room is not None:
            self.apps[account].own_room = room.id

    def new_identity(self, account: Account) -> None:
        """Give an account a new cryptographic identity."""
        self._identities += 1
        self.apps[account].identity = f"{account}-anew-{self._identities}"

    # ---- what comes of it

    async def look(
        self,
        asker: Account | None = None,
        then: Effect | None = None,
        outcome: Callable[[], list[Step]] | None = None,
    ) -> list[Delivered]:
        """Let the practice settle, and show the oracle what was filed and delivered; return what was delivered."""
        await self.practice.settle()
        before = self.practice.database.stamp()
        await self.elsewhere.look()
        if self.practice.database.stamp() != before:
            await self.practice.settle()
        self.take(*(outcome() if outcome else ()))
        posts = self.practice.homeserver.posts[self._posts :]
        self._posts += len(posts)
        identities = {str(account): app.identity for account, app in self.apps.items()}
        delivered = [self.server.seen(post, identities, self.now) for post in posts]
        self._notice_codes(delivered)
        for image in await self.practice.images() if self._events else []:
            photo = self._events.pop(image.event_id, None)
            if photo is not None:
                self.refs[photo] = image.ref
                self.take(o.Referenced(at=self.now, photo=photo, ref=image.ref))
        filed = await self.reader.new(self.now)
        first = sorted(filed, key=lambda entry: isinstance(entry, o.Unfiled) or not entry.pictures)
        new: list[Event] = [*first, *delivered, *self.elsewhere.seen(self.now, anew=bool(filed))]
        for event in new:
            self.oracle.take(event)
        for seen in delivered:
            if seen.event_id in self.server.lost:
                self.take(o.Dropped(at=self.now, event_id=seen.event_id))
            for account in seen.readers if seen.taps else ():
                self.questions.setdefault(account, []).append(seen)
                if account == asker and then is not None:
                    self._effects[seen.event_id] = then
        return delivered

    def _notice_codes(self, delivered: list[Delivered]) -> None:
        for seen in delivered:
            for code in _CODE.findall(seen.body):
                if self._wishes and code not in {made.code for made in self.codes}:
                    wish, by = self._wishes.pop(0)
                    self.codes.append(Made(wish, by, code))
                    invited = o.Invited(
                        at=self.now,
                        code=o.Code(code),
                        by=by,
                        mrn=wish.mrn,
                        relation=wish.relation,
                        name=NAMES[wish.account],
                    )
                    self.take(invited)

    def with_number(self, account: Account) -> Delivered | None:
        """Return the whole question with the last number that somebody was told: what repeats a number has fewer words."""
        told = [seen for seen in self.oracle.history.events if isinstance(seen, Delivered) and account in seen.readers]
        latest = next((numbers for seen in reversed(told) if (numbers := numbers_of_four(seen.body))), None)
        if latest is None:
            return None
        return max((seen for seen in told if numbers_of_four(seen.body) & latest), key=lambda seen: len(seen.body))


class FewNumbers:
    """Give every number twice in a row, so that numbers that may collide do."""

    def __init__(self) -> None:
        self._count = 0

    def number(self) -> str:
        """Return the next number of four digits."""
        self._count += 1
        return f"{4700 + self._count // 2 % 200}"


def meaning(tap: o.Tap, question: Delivered | None = None) -> bool | None:
    """Say whether an answer is a yes or a no: the first that is asked for is a yes, unless it says otherwise."""
    said = tap.label.casefold()
    if any(said == no or said.startswith((f"{no} ", f"{no},")) for no in _NO):
        return False if not said.startswith(("ask me", "later")) else None
    return True if (question and tap == question.taps[0]) or said.startswith("yes") else None
