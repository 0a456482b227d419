"""What a handler writes with: one commit of state, audit and intents. It sends nothing, files nothing, erases nothing.

A handler decides here and returns; the worker acts later. Everything said through `say` about an image is ledgered as a copy
before it exists, and purged when its time is over.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.domain import rooms
from bot.domain.arrivals import Arrival
from bot.domain.authority import Circle, Matter, may_send, speaks
from bot.domain.copies import Copy, What, taken_back
from bot.domain.errors import Refused
from bot.domain.hours import outside_hours
from bot.domain.identifiers import (
    NO_COPY,
    NO_DOCUMENT,
    NO_IMAGE,
    Account,
    Actor,
    Address,
    CopyId,
    DocumentId,
    ImageId,
    PatientId,
    PersonId,
)
from bot.domain.image import Image, State
from bot.domain.intents import EraseCopy, Hearing, Intent, Remind, Say, SendCopy, ShowPicture
from bot.domain.marks import Mark, Meaning
from bot.domain.message import Message
from bot.domain.people import Patient, Person, Relation, Role, Standing
from bot.domain.planned import Planned, Progress
from bot.domain.policy import Policy
from bot.domain.references import as_reference
from bot.domain.reminders import Reminder
from bot.domain.taking_part import told_the_notice
from bot.ports import AuditEntry, Commit, Ids
from bot.words import phrases
from bot.words.acknowledgement import first_answer
from bot.words.sentence import in_words
from bot.words.typed import taken_apart

from .circles import circle_of, circles_of_person, matter_of


class Transaction:
    """One decision being made at `now`. `rows` is the commit itself, for reading and for saving what has no verb here."""

    def __init__(self, rows: Commit, now: datetime, ids: Ids, policy: Policy) -> None:
        self.rows = rows
        self.now = now
        self.ids = ids
        self.policy = policy
        self.words_told = False  # whether what a patient writes reaches the team in a message of its own

    @property
    def today(self) -> date:
        """Return the date at the practice."""
        return self.now.astimezone(self.policy.timezone).date()

    # ---- intents

    async def plan(self, intent: Intent, lane: str = "", due: datetime | None = None, crowd: str = "") -> None:
        if rooms.is_lobby(lane):
            crowd = "strangers"
        await self.rows.plan(Planned(self.ids.new(), lane, due or self.now, intent, planned_at=self.now, crowd=crowd))

    async def remind(self, what: Reminder, subject: str, after: timedelta) -> None:
        """Have the deadline `what` looked at again; a deadline that no longer matters does nothing."""
        await self.plan(Remind(what, subject), due=self.now + after)

    async def say(
        self,
        address: Address,
        said: Message | str,
        *,
        image_id: ImageId = NO_IMAGE,
        others: Sequence[ImageId] = (),
        document_id: DocumentId = NO_DOCUMENT,
        edits: Copy | None = None,
        private: bool = False,
        key: str = "",
        open: bool = False,
        lasts: timedelta | None = None,
        hearing: Hearing = Hearing.SPEAKS,
        reply_id: DocumentId = NO_DOCUMENT,
        thread: CopyId = NO_COPY,
        mark: Mark | None = None,
        patient_ids: Sequence[PatientId] = (),
    ) -> str:
        """Post to an address; return the words as they will stand there.

        With an image, a document or `private` details the post is ledgered and later purged; `others` are further images it is
        about, each of which has it among its copies.

        `lasts`: how long it stays at least, where people need it longer than other words; closing a question ends it sooner.
        Whether somebody may be told of these images, or of the patients that it names, is asked again when it is sent, as
        `hearing` says (R28).
        """
        text, parts = taken_apart(await self._with_notice(address, said if isinstance(said, str) else in_words(said)))
        mark = replace(mark or Mark(Meaning.PLAIN), typed=parts) if parts else mark
        copies: list[Copy] = []
        if image_id or document_id or private:
            until = self.now + max(self.policy.keep_messages, lasts or timedelta())
            if edits is not None and edits.purge_after is not None:
                until = min(until, edits.purge_after)  # what is added to a post leaves the chat with it
            for about in (image_id, *others):
                copies.append(
                    Copy(
                        CopyId(self.ids.new()),
                        What.POST,
                        image_id=about,
                        document_id=document_id,
                        post_key=key,
                        purge_after=until,
                    )
                )
            await self.rows.copies.add(*copies)
        ids = tuple(copy.id for copy in copies)
        changes = edits.id if edits else NO_COPY
        said_of = tuple(patient_ids)
        await self.plan(Say(address, text, ids, changes, open, hearing, reply_id, thread, mark, said_of), lane=address)
        return text

    async def _with_notice(self, address: Address, text: str) -> str:
        """Return the text; the first answer of a conversation with a patient adds what this is not for, and the opening hours."""
        if not rooms.is_own(address):
            return text
        person = await self.rows.people.known(rooms.person_at(address))
        if person is None or not person.notice_due:
            return text
        await self.rows.people.save(told_the_notice(person))
        closed = outside_hours(self.policy.hours, self.now, self.policy.timezone)
        return f"{text}\n\n{first_answer(self.policy.texts, self.policy.emergency_text, closed)}"

    async def tell_practice(
        self,
        said: Message | str,
        *,
        image_id: ImageId = NO_IMAGE,
        others: Sequence[ImageId] = (),
        key: str = "",
        edits: Copy | None = None,
    ) -> None:
        await self.say(rooms.PRACTICE, said, image_id=image_id, others=others, key=key, edits=edits)

    async def say_daily(self, address: Address, said: Message | str, key: str, *, open: bool = False) -> None:
        """Say it, unless it was said today under this key."""
        today = f"{key}:{self.today}"
        if not await self.rows.copies.of_post(today):
            await self.say(address, said, private=True, key=today, open=open)

    # ---- copies

    async def ledger_message(
        self,
        arrival: Arrival | None,
        *,
        image_id: ImageId = NO_IMAGE,
        document_id: DocumentId = NO_DOCUMENT,
        lasts: timedelta | None = None,
    ) -> None:
        """Account for a message a person sent: it goes in its time, or after `lasts`, once what it is about is in the record.

        Nothing is to be accounted for where what they asked came in no message.
        """
        if arrival is None:
            return
        until = self.now + (lasts or self.policy.keep_messages)
        copy = Copy(
            CopyId(self.ids.new()),
            What.MESSAGE,
            arrival.room_id,
            arrival.event_id,
            image_id=image_id,
            document_id=document_id,
            purge_after=until,
        )
        await self.rows.copies.add(copy)
        # With a document it goes when that is filed, with an image when that is verified, unless it is verified already.
        verified = bool(image_id) and (await self.rows.images.get(image_id)).state is State.VERIFIED
        if not document_id and (not image_id or verified):
            await self.erase(copy)

    async def hide_message(self, arrival: Arrival) -> None:
        """Account for a message a person sent where it does not belong: nobody sees it there any more."""
        copy = Copy(CopyId(self.ids.new()), What.MESSAGE, arrival.room_id, arrival.event_id)
        await self.rows.copies.add(copy)
        await self.hide_now(copy)

    async def erase(self, *copies: Copy) -> None:
        """Plan the erasure of copies, media before the events that show them."""
        for copy in sorted(copies, key=lambda copy: not copy.is_media):
            due = max(self.now, copy.purge_after) if copy.purge_after else self.now
            lane = f"erase:{copy.event_id or copy.post_key or copy.id}"
            await self.plan(EraseCopy(copy.id), lane=lane, due=due, crowd=copy.crowd)

    async def erase_now(self, *copies: Copy) -> None:
        """Plan the same without waiting for their time; what was planned for later finds nothing left to do."""
        for copy in sorted(copies, key=lambda copy: not copy.is_media):
            lane = f"erase-now:{copy.post_key or copy.event_id or copy.id}"
            await self.plan(EraseCopy(copy.id), lane=lane, crowd=copy.crowd)

    async def hide_now(self, *copies: Copy) -> None:
        """Plan a recall: the messages first, so that nobody sees them any more, then the media behind them (R25)."""
        for copy in sorted(copies, key=lambda copy: copy.is_media):
            lane = f"recall:{copy.post_key or copy.event_id or copy.id}"
            await self.plan(EraseCopy(copy.id, hide_first=True), lane=lane, crowd=copy.crowd)

    async def cancel(
        self, lane: str, *, only: Set[CopyId] | None = None, but: Set[CopyId] = frozenset()
    ) -> list[Intent]:
        """Cancel what waits in this lane, an address or another; with `only`, just what posts one of these copies. Return it.

        What posts one of `but` goes on.

        Words and pictures may have been sent by a try that died before it could say so. While there is a room they go on, find
        what was sent, say only that it was taken back, and go at once.
        """
        room = await self.rows.rooms.at(Address(lane))
        dropped: list[Intent] = []
        for planned in await self.rows.waiting_in(lane):
            posts = planned.posts
            if (only is not None and not only & set(posts)) or but & set(posts):
                continue
            if room is not None and planned.progress is Progress.DUE and posts:
                for copy in await self.rows.copies.among(posts):
                    await self.rows.copies.save(taken_back(copy, self.now))
            else:
                await self.give_up(planned)
                dropped.append(planned.intent)
        return dropped

    async def give_up(self, planned: Planned) -> None:
        """Do it no more. What a try of it uploaded goes at once: nobody opens the message any more that a try may have sent."""
        await self.rows.finish(planned)
        if isinstance(planned.intent, ShowPicture | SendCopy):
            await self.hide_now(*await self.rows.copies.among([planned.intent.media_copy_id]))

    # ---- people and images

    async def person(self, person_id: PersonId) -> Person:
        return await self.rows.people.get(person_id)

    async def managers(self) -> list[Person]:
        everyone = await self.rows.people.standing(Standing.ACTIVE)
        return [person for person in everyone if Role.MANAGER in person.roles]

    async def circle(self, patient_id: PatientId) -> Circle:
        """Return the facts that `domain.authority` decides from."""
        return await circle_of(self.rows, patient_id)

    async def matter(self, image: Image, circle: Circle | None = None) -> Matter:
        return await matter_of(self.rows, image, circle)

    async def holder(self, account: Account) -> Person | None:
        """Return whose account it is now, or else who had it last."""
        return await self.rows.people.holder(account)

    async def answers_for(self, person: Person) -> list[Patient]:
        """Return the patients whose photos are accepted from this person today, in the order they were linked."""
        circles = await circles_of_person(self.rows, person.id)
        return [circle.patient for circle in circles if may_send(circle, person.id, self.today)]

    async def capacity(self, person_id: PersonId, patient_id: PatientId) -> Relation | None:
        """Return in what capacity this person speaks for this patient today."""
        return speaks(await self.circle(patient_id), self.today).get(person_id)

    async def answerers(self, patient_id: PatientId) -> dict[PersonId, Relation]:
        """Return who speaks for this patient today, and in what capacity."""
        return speaks(await self.circle(patient_id), self.today)

    async def reached(self, people: Iterable[PersonId]) -> set[PersonId]:
        """Return those of these people who have not left the chat with the bot."""
        asked = set(people)
        own = [rooms.own(person_id) for person_id in sorted(asked)]
        left = await self.rows.rooms.deserted_at(own) if asked else []
        return asked - {room.person_id for room in left}

    async def image_named(self, ref: str) -> Image:
        """Return the image of a spoken reference, forgiving case and look-alike letters."""
        wanted = as_reference(ref)
        image = await self.rows.images.with_ref(wanted) if wanted else None
        if image is None:
            raise Refused(phrases.unknown_reference(ref[:20] or "that reference"))
        return image

    async def new_reference(self) -> str:
        """Return a reference that no other image has."""
        for _ in range(50):
            ref = f"IMG-{self.ids.reference()}"
            if await self.rows.images.with_ref(ref) is None:
                return ref
        raise Refused(phrases.no_reference_left())

    # ---- audit

    async def audit(self, actor: Actor, action: str, subject: str, **details: object) -> None:
        await self.rows.audit(AuditEntry(actor, action, subject, details), self.now)
