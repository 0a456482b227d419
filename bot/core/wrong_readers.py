"""What the bot told, asked or sent somebody about photos that prove not to be for them, and taking it back (R15, R25, R29).

All that was posted about them in that person's own chat is found by the ledger, and hidden at once; so are the files with
copies of the record that held one. What they read of it, also where it has left the chat since, is a breach. What concerned only
a photo that they sent themselves goes too, and is none: they knew it. People who work here read as staff; of theirs goes only
what was for them as a patient.

Nothing is taken back twice: it is asked of the ledger what still stands.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from bot.domain import rooms
from bot.domain.copies import LAW, TAKEN_BACK, Copy, CopyState, What, asks, copy_key, is_for_patients, taken_back
from bot.domain.document import Document, DocumentState
from bot.domain.entries import EntryKind
from bot.domain.identifiers import DocumentId, ImageId, PatientId, RoomId
from bot.domain.image import Image
from bot.domain.people import Person
from bot.words import about_wrong_readers as words

from .documents import REPLY, whose_words
from .how_far import may_have_come
from .transaction import Transaction

_SHOWN = frozenset({What.POST, What.RENDITION})


@dataclass(frozen=True, slots=True)
class WronglyReached:
    """What reached one person, and which of the images that is `about`.

    `standing` is all that still stands in their chat, also what concerned only their own sending; `files`: the copies among it.
    """

    person: Person
    about: tuple[Image, ...]
    copied: tuple[str, ...]
    replies: int
    asked: int
    other: bool
    standing: tuple[Copy, ...]
    files: tuple[Copy, ...]

    @property
    def is_read(self) -> bool:
        """Return whether they read what was somebody else's."""
        return bool(self.replies or self.asked or self.other)

    @property
    def is_breach(self) -> bool:
        return bool(self.copied) or self.is_read

    @property
    def messages(self) -> int:
        """Return how many messages still stand."""
        return len({copy.event_id for copy in self.standing if copy.event_id})

    def in_words(self) -> str:
        return words.what_reached(self.copied, self.replies, self.asked, other=self.other)


async def what_reached(
    tx: Transaction, person: Person, images: Sequence[Image], patient_id: PatientId, since: datetime | None = None
) -> WronglyReached:
    """Return what reached this person about these images, while they were this patient's; `since` then, if it is not always."""
    by_id = {image.id: image for image in images}
    replies = await _replies(tx, person, by_id, since)
    posts = await _posts(tx, person, by_id, {reply.id for reply in replies}, since)
    got = await may_have_come(tx.rows, await tx.rows.disclosures.of_images(by_id, person.id))
    copied = {copy.image_id for copy in got if copy.how == "copy" and (since is None or copy.at >= since)}
    files = await files_of_copy(tx, person, patient_id) if copied else []
    asking = {asks(use.id) for use in await tx.rows.uses_of(*by_id)} if by_id else set[str]()
    asked = [post for post in posts if post.post_key in asking]
    other = [
        post
        for post in posts
        if (by_id[post.image_id].sender_id != person.id or post.post_key.startswith(LAW))
        and not post.post_key.startswith(REPLY)
        and post.post_key not in asking
    ]
    about = copied.union(reply.image_id for reply in replies).union(post.image_id for post in (*asked, *other))
    standing = [post for post in posts if post.state is CopyState.KNOWN]
    return WronglyReached(
        person,
        tuple(image for image in images if image.id in about),
        tuple(by_id[id].ref for id in by_id if id in copied),
        len(replies),
        len({post.post_key for post in asked}),
        bool(other),
        (*standing, *files),
        tuple(files),
    )


async def take_back(tx: Transaction, reached: WronglyReached) -> None:
    """Hide it at once: the messages first, then the media behind them."""
    standing = [await tx.rows.copies.save(taken_back(copy, tx.now)) for copy in reached.standing]
    await tx.hide_now(*standing)


async def _replies(
    tx: Transaction, person: Person, by_id: dict[ImageId, Image], since: datetime | None
) -> list[Document]:
    """Return the replies about these images that reached this person."""
    written = [document for document in await tx.rows.documents.of_images(by_id) if document.kind is EntryKind.REPLY]
    theirs = [reply for reply in written if whose_words(reply, by_id[reply.image_id]) == person.id]
    return [
        reply
        for reply in theirs
        if reply.state is not DocumentState.DRAFT
        and not reply.is_called_back
        and (since is None or reply.at >= since)
        and await _was_sent(tx, reply.id)
    ]


async def _was_sent(tx: Transaction, reply_id: DocumentId) -> bool:
    posts = await tx.rows.copies.of_post(f"{REPLY}{reply_id}")
    return not posts or any(post.event_id for post in posts)


async def _posts(
    tx: Transaction, person: Person, by_id: dict[ImageId, Image], replies: Set[DocumentId], since: datetime | None
) -> list[Copy]:
    """Return what was posted about these images in this person's own chat, and was not taken back before."""
    room = await tx.rows.rooms.at(rooms.own(person.id))
    if room is None:
        return []
    carrying = {f"{REPLY}{reply_id}" for reply_id in replies}
    return [
        copy
        for copy in await tx.rows.copies.of_images(by_id)
        if _is_there(copy, room.id)
        and (since is None or copy.settled_at is None or copy.settled_at >= since)
        and (not person.is_professional or copy.post_key in carrying or is_for_patients(copy))
    ]


def _is_there(copy: Copy, room_id: RoomId) -> bool:
    """Return whether it was posted there by the bot, and not taken back before."""
    return copy.what in _SHOWN and copy.room_id == room_id and bool(copy.event_id) and copy.because != TAKEN_BACK


async def files_of_copy(tx: Transaction, person: Person, patient_id: PatientId) -> list[Copy]:
    """Return the copies of this record that still stand in their chat: the messages, and the files they bring."""
    room = await tx.rows.rooms.at(rooms.own(person.id))
    said = await tx.rows.copies.in_room(room.id, What.POST) if room is not None else []
    posts = [post for post in said if post.post_key.startswith(copy_key(person.id, patient_id))]
    media = await tx.rows.copies.of_posts([post.post_key for post in posts], state=CopyState.KNOWN, what=What.FILE)
    return [*posts, *media]
