"""How much a busy person must do in each conversation, counted by playing it; docs/conversations.md says the same numbers."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.domain.arrivals import ArrivalKind
from bot.domain.image import Image
from bot.domain.use import UseState
from tests.practice import Practice, Snapshot, Someone, Staffed, staffed_snapshot
from tests.unit.test_uses import USE, case_room, only_use, taps

PAGE = Path(__file__).parents[2] / "docs" / "conversations.md"


@dataclass
class Cast:
    """Everybody, and a filed photo of Sam's."""

    practice: Practice
    kim: Someone
    lee: Someone
    sam: Someone
    derm: Someone
    image: Image

    async def is_asked_for_teaching(self) -> None:
        await self.lee.writes(USE.format(ref=self.image.ref))


@dataclass(frozen=True)
class Conversation:
    """`most`: what this person may have to send and tap at the most (issue: a person gets it right the first time)."""

    name: str
    who: str
    most: int
    play: Callable[[Cast], Awaitable[None]]
    before: Callable[[Cast], Awaitable[None]] | None = None


async def photo_with_caption(cast: Cast) -> None:
    await cast.sam.sends_photo(b"\xff\xd8\xff\xe0 another", caption="my toe is blue")
    assert (await cast.practice.images())[-1].reason == "my toe is blue"


async def five_photos_without_words(cast: Cast) -> None:
    for number in range(5):
        await cast.sam.sends_photo(b"\xff\xd8\xff\xe0 another" + bytes([number]))
    await cast.sam.writes("my toe is blue")
    assert (await cast.practice.images())[-1].reason == "my toe is blue"


async def code_and_yes(cast: Cast) -> None:
    await cast.kim.writes('!enrol patient 10999 "Noor Haddad" 1990-01-02')
    noor = Someone(cast.practice, "@noor:hs.test", "NoorIdentity")
    await noor.enrol(cast.practice.last_code(cast.kim.own_room))
    assert noor.own_room


async def is_seen_and_answered(cast: Cast) -> None:
    for words in ("!mine {ref}", "!show {ref}", "!reply {ref} use the cream"):
        await cast.lee.writes(words.format(ref=cast.image.ref))
    assert "use the cream" in cast.sam.last_heard


async def forward(cast: Cast) -> None:
    await cast.lee.writes(f"!forward {cast.image.ref} @derm:hs.test is this a melanoma?")
    await taps(cast.lee, "Yes")
    assert await case_room(cast.practice)


async def close(cast: Cast) -> None:
    await cast.lee.writes("!close benign", room=await case_room(cast.practice))


async def settle_a_copy(cast: Cast) -> None:
    await taps(cast.derm, "Not needed", room=await case_room(cast.practice))
    assert (await only_use(cast.practice)).state is UseState.CLOSED


async def forwarded_and_closed(cast: Cast) -> None:
    await forward(cast)
    await close(cast)


async def ask_in_one_line(cast: Cast) -> None:
    await cast.is_asked_for_teaching()
    assert (await only_use(cast.practice)).state is UseState.AWAITING_CONSENT


async def ask_step_by_step(cast: Cast) -> None:
    await cast.lee.writes(f"!use {cast.image.ref}")
    for label in ("education", "Probably not", "Six months"):
        await taps(cast.lee, label)
    await cast.lee.writes("how: registrar teaching\nseen by: registrars\nrecipient: @derm:hs.test")
    assert (await only_use(cast.practice)).state is UseState.AWAITING_CONSENT


async def answer_by_tap(cast: Cast) -> None:
    await taps(cast.sam, "Yes")
    assert (await only_use(cast.practice)).state is UseState.RELEASED


async def answer_in_words(cast: Cast) -> None:
    async with cast.practice.journal.reading() as rows:
        number = (await rows.choices.find(about="specific-consent"))[0].number
    await cast.sam.writes(f"no {number}")
    assert (await only_use(cast.practice)).state is UseState.REFUSED


async def agreed(cast: Cast) -> None:
    await cast.is_asked_for_teaching()
    await taps(cast.sam, "Yes")


async def withdraw(cast: Cast) -> None:
    await cast.sam.writes(f"withdraw {cast.image.ref}")
    assert (await only_use(cast.practice)).state is UseState.WITHDRAWN


async def my_images(cast: Cast) -> None:
    await cast.sam.writes("my images")
    assert cast.image.ref in cast.sam.last_heard


CONVERSATIONS = (
    Conversation("Joining with an invitation", "@noor:hs.test", 2, code_and_yes),
    Conversation("A photo with a caption", "@sam:hs.test", 1, photo_with_caption),
    Conversation("Five photos without a word", "@sam:hs.test", 6, five_photos_without_words),
    Conversation("Seeing what is held", "@sam:hs.test", 1, my_images),
    Conversation(
        "Answering a request for consent, by tap", "@sam:hs.test", 1, answer_by_tap, Cast.is_asked_for_teaching
    ),
    Conversation("Answering it in words", "@sam:hs.test", 1, answer_in_words, Cast.is_asked_for_teaching),
    Conversation("Taking it back", "@sam:hs.test", 1, withdraw, agreed),
    Conversation("Taking a photo, looking at it, replying", "@lee:hs.test", 3, is_seen_and_answered),
    Conversation("Forwarding for advice", "@lee:hs.test", 2, forward),
    Conversation("Closing the case", "@lee:hs.test", 1, close, forward),
    Conversation("Giving advice, and settling a copy", "@derm:hs.test", 1, settle_a_copy, forwarded_and_closed),
    Conversation("Asking for another use, in one line", "@lee:hs.test", 1, ask_in_one_line),
    Conversation("Asking for another use, step by step", "@lee:hs.test", 5, ask_step_by_step),
)

_snapshots: list[tuple[Snapshot, str]] = []


async def snapshot() -> tuple[Snapshot, str]:
    """With Dr Derm enrolled and one photo filed, and Dr Derm's own room; made once."""

    async def prelude(people: Staffed) -> None:
        await people.kim.writes('!enrol outside-clinician @derm:hs.test "Dr Derm"')
        derm = Someone(people.practice, "@derm:hs.test", "DermIdentity")
        await derm.enrol(people.practice.last_code(people.kim.own_room))
        await people.sam.sends_photo(caption="rash on my arm, three days")
        rooms.append(derm.own_room)

    if not _snapshots:
        rooms: list[str] = []
        made = await Snapshot.of(prelude, await staffed_snapshot())
        _snapshots.append((made, rooms[0]))
    return _snapshots[0]


async def counted(conversation: Conversation, directory: Path) -> tuple[int, int, int]:
    """Messages (photos among them) and taps of one person, and the messages of the bot that they get to read."""
    ready, derm_room = await snapshot()
    async with ready.opened(directory) as people:
        practice = people.practice
        derm = Someone(practice, "@derm:hs.test", "DermIdentity", derm_room)
        cast = Cast(practice, people.kim, people.lee, people.sam, derm, await practice.only_image())
        if conversation.before is not None:
            await conversation.before(cast)
        heard, said = len(practice.homeserver.posts), len(practice.homeserver.timeline)
        await conversation.play(cast)
        theirs = [
            one
            for one in practice.homeserver.timeline[said:]
            if one.sender == conversation.who and one.kind is ArrivalKind.MESSAGE
        ]
        tapped = sum(one.type.endswith("poll.response") for one in theirs)
        rooms = {one.room_id for one in practice.homeserver.timeline if one.sender == conversation.who}
        read = [
            post
            for post in practice.homeserver.posts[heard:]
            if post.room_id in rooms and "m.new_content" not in post.content
        ]
        return len(theirs) - tapped, tapped, len(read)


@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=lambda one: one.name)
async def test_nobody_has_to_do_more_than_was_promised_and_the_page_says_so(
    conversation: Conversation, tmp_path: Path
) -> None:
    messages, tapped, read = await counted(conversation, tmp_path)
    assert messages + tapped <= conversation.most
    row = rf"\| {re.escape(conversation.name)} \| {messages} \| {tapped} \| {read} \| {conversation.most} \|"
    assert re.search(row, PAGE.read_text(encoding="utf-8")), f"docs/conversations.md should say: {row}"


def test_the_page_says_nothing_that_is_not_counted() -> None:
    rows = re.findall(r"^\| ([^|]+) \| \d+ \| \d+ \| \d+ \| \d+ \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == [one.name for one in CONVERSATIONS]
