"""How much a busy person must do in each conversation, counted by playing it; docs/conversations.md says the same numbers."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain import rooms
from bot.domain.arrivals import ArrivalKind
from bot.domain.entries import EntryKind
from bot.domain.identifiers import Account
from bot.domain.image import State
from bot.domain.policy import Policy
from bot.domain.use import UseState
from tests.cases import TEACHING, Shared, shared_practice, taps
from tests.practice import JPEG, POLICY, Someone
from tests.unit.test_verify import EMOJI, gets_mac, show_emoji
from tests.unit.test_verify import taps as compares

PAGE = Path(__file__).parents[2] / "docs" / "conversations.md"
NEW = JPEG + b" another"
LINE = "body 10421 1984-03-07 mine verbal today advice wound on the shin"
Played = Callable[[Shared], Awaitable[None]]


@dataclass(frozen=True)
class Conversation:
    """`most`: what this person may have to send and tap at the most (issue: a person gets it right the first time)."""

    name: str
    who: str
    most: int
    play: Played
    before: Played | None = None
    policy: Policy = POLICY


def says(who: str, *lines: str, ends: str = "") -> Played:
    """Somebody writes these lines; the last thing they hear holds `ends`."""

    async def play(shared: Shared) -> None:
        person = getattr(shared, who)
        for line in lines:
            await person.writes(line.format(ref=shared.image.ref))
        assert ends in person.last_heard, person.last_heard

    return play


def one_after_another(*plays: Played) -> Played:
    async def play(shared: Shared) -> None:
        for one in plays:
            await one(shared)

    return play


def tapped(who: str, *labels: str, ends: str = "") -> Played:
    async def play(shared: Shared) -> None:
        for label in labels:
            await taps(getattr(shared, who), label)
        assert ends in getattr(shared, who).last_heard

    return play


async def state_of_use(shared: Shared, state: UseState) -> None:
    assert [use.state for use in await shared.uses()] == [state]


def now(state: UseState) -> Played:
    async def check(shared: Shared) -> None:
        await state_of_use(shared, state)

    return check


# ---- patients


async def code_and_birthday(shared: Shared) -> None:
    await shared.kim.writes('!enrol patient 10999 "Noor Haddad" 1990-01-02')
    noor = Someone(shared.practice, Account("@noor:hs.test"), "NoorIdentity")
    await noor.enrol(shared.practice.last_code(shared.kim.own_room))
    assert noor.own_room


async def photo_with_caption(shared: Shared) -> None:
    await shared.sam.sends_photo(NEW, caption="my toe itches")
    assert (await shared.practice.images())[-1].reason == "my toe itches"


async def ten_photos_at_once(shared: Shared) -> None:
    photos = [shared.sam.photo(NEW + bytes([number]), "my toe itches") for number in range(10)]
    await shared.practice.receive(*photos)
    await shared.practice.settle()
    assert all(image.ref in shared.sam.last_heard for image in (await shared.practice.images())[-10:])


async def five_photos_without_words(shared: Shared) -> None:
    for number in range(5):
        await shared.sam.sends_photo(NEW + bytes([number]))
    await shared.sam.writes("my toe itches")
    assert (await shared.practice.images())[-1].reason == "my toe itches"


async def answer_in_words(shared: Shared) -> None:
    async with shared.practice.journal.reading() as rows:
        number = (await rows.choices.find(about="specific-consent"))[0].number
    await shared.sam.writes(f"no {number}")
    await state_of_use(shared, UseState.REFUSED)


async def emoji_are_shown(shared: Shared) -> None:
    await show_emoji(shared.sam, "SamIdentity")


async def sam_asks_for_emoji(shared: Shared) -> None:
    await shared.sam.writes("verify")
    await show_emoji(shared.sam, "SamIdentity")
    await compares(shared.kim, "same")
    await gets_mac(shared.sam)
    assert "The emoji were the same" in shared.sam.last_heard


async def kim_compares_emoji(shared: Shared) -> None:
    assert EMOJI[0] in shared.kim.last_heard
    await compares(shared.kim, "same")
    await gets_mac(shared.sam)
    assert "is verified" in shared.kim.last_heard


# ---- clinicians

ASKED = says("lee", TEACHING)
AGREED = one_after_another(ASKED, tapped("sam", "Yes"))
QUESTION = "!forward {ref} @derm:hs.test is this a melanoma?"


async def forward(shared: Shared) -> None:
    await shared.forwarded()


async def case_room(shared: Shared) -> str:
    return await shared.practice.room(rooms.case((await shared.uses())[-1].id))


async def close(shared: Shared) -> None:
    await shared.lee.writes("!close benign", room=await case_room(shared))


async def settle_a_copy(shared: Shared) -> None:
    await taps(shared.derm, "Not needed", room=await case_room(shared))
    await state_of_use(shared, UseState.CLOSED)


async def filed(shared: Shared) -> None:
    image = next(one for one in await shared.practice.images() if one.size == len(NEW))
    assert image.state is State.VERIFIED


def sends(who: str, caption: str = "") -> Played:
    async def play(shared: Shared) -> None:
        await getattr(shared, who).sends_photo(NEW, caption=caption)

    return play


async def form_follows(shared: Shared) -> None:
    form = {"mimetype": "application/pdf", "size": 3}
    await shared.derm.sends_photo(b"%PDF-1.7 a signed form", msgtype="m.file", info=form)


FILE = tapped("lee", "File it")

# ---- reception and managers


async def photo_of_nobody_yet(shared: Shared) -> None:
    """Ann answers for two children and says nothing: the photo waits to be matched."""
    ann = Someone(shared.practice, Account("@ann:hs.test"), "AnnIdentity")
    for number, name in (("20001", "Ada"), ("20002", "Ben")):
        await shared.kim.writes(f'!enrol patient {number} "{name} Bell" 2019-05-01 parent "Ann Bell"')
        await ann.enrol(shared.practice.last_code(shared.kim.own_room))
    await ann.sends_photo(NEW)
    await shared.practice.after(minutes=16)


async def match(shared: Shared) -> None:
    image = next(one for one in await shared.practice.images() if one.size == len(NEW))
    await shared.kim.writes(f"!match {image.ref} 20002 2019-05-01")
    await taps(shared.kim, "Yes")
    assert image.ref in shared.kim.last_heard


async def another_patient(shared: Shared) -> None:
    await shared.kim.writes('!enrol patient 10999 "Noor Haddad" 1990-01-02')


async def assessed(shared: Shared) -> None:
    async with shared.practice.journal.reading() as rows:
        (breach,) = await rows.breaches.find()
    await shared.kim.writes(f"!breach {breach.ref} outcome no serious harm is likely")
    assert "closed" in shared.kim.last_heard


async def years_go_by(shared: Shared) -> None:
    shared.practice.clock.move(timedelta(days=8 * 366))


async def destroyed(shared: Shared) -> None:
    entries = await shared.practice.record.entries(shared.image.patient_id)
    assert not [one for one in entries if one.kind is EntryKind.IMAGE]


RECALLED = one_after_another(AGREED, says("lee", "!recall {ref}"))
LAW = '!required-by-law {ref} basis "subpoena 12/2026" authority "Local Court" recipient "Registrar"'
SAM, LEE, DERM, KIM = "@sam:hs.test", "@lee:hs.test", "@derm:hs.test", "@kim:hs.test"
CHECKED = replace(POLICY, device_check_months=6)

CONVERSATIONS = (
    Conversation("Joining with an invitation", "@noor:hs.test", 2, code_and_birthday),
    Conversation("A photo with a caption", SAM, 1, photo_with_caption),
    Conversation("Ten photos at once, with a caption", SAM, 10, ten_photos_at_once),
    Conversation("Five photos without a word", SAM, 6, five_photos_without_words),
    Conversation("Correcting the words", SAM, 1, says("sam", "correct {ref} it is the left arm", ends="left arm")),
    Conversation("Saying that it shows somebody else", SAM, 1, says("sam", "of somebody else", ends="on hold")),
    Conversation("Seeing what is held", SAM, 1, says("sam", "my images", ends="rash on my arm")),
    Conversation("Getting a copy of it", SAM, 1, says("sam", "my copy")),
    Conversation(
        "Answering a request for consent, by tap",
        SAM,
        1,
        one_after_another(tapped("sam", "Yes"), now(UseState.RELEASED)),
        ASKED,
    ),
    Conversation("Answering it in words", SAM, 1, answer_in_words, ASKED),
    Conversation(
        "Answering it later",
        SAM,
        2,
        one_after_another(tapped("sam", "Ask me later", "No"), now(UseState.REFUSED)),
        ASKED,
    ),
    Conversation(
        "Answering about an intimate photo",
        SAM,
        2,
        one_after_another(tapped("sam", "Yes", "Yes, I am sure"), now(UseState.RELEASED)),
        says("lee", TEACHING + " intimate"),
    ),
    Conversation(
        "Taking it back",
        SAM,
        1,
        one_after_another(says("sam", "withdraw {ref}"), now(UseState.WITHDRAWN)),
        AGREED,
    ),
    Conversation(
        "Taking it back in words of one's own",
        SAM,
        2,
        one_after_another(
            says("sam", "pls delete that pic"), tapped("sam", "Yes, withdraw it"), now(UseState.WITHDRAWN)
        ),
        AGREED,
    ),
    Conversation("Saying that a phone is lost", SAM, 1, says("sam", "my phone is lost", ends="reported lost")),
    Conversation("Comparing emoji", SAM, 1, sam_asks_for_emoji),
    Conversation(
        "Taking a photo, looking at it, replying",
        LEE,
        3,
        says("lee", "!mine {ref}", "!show {ref}", "!reply {ref} use the cream"),
    ),
    Conversation("Writing a note", LEE, 1, says("lee", "!note {ref} dermatitis", ends="Noted")),
    Conversation("Forwarding for advice", LEE, 2, forward),
    Conversation("Closing the case", LEE, 1, close, forward),
    Conversation("Giving advice, and settling a copy", DERM, 1, settle_a_copy, one_after_another(forward, close)),
    Conversation(
        "Asking for another use, in one line", LEE, 1, one_after_another(ASKED, now(UseState.AWAITING_CONSENT))
    ),
    Conversation(
        "Asking for another use, step by step",
        LEE,
        5,
        one_after_another(
            says("lee", "!use {ref}"),
            tapped("lee", "education", "Probably not", "Six months"),
            says("lee", "how: registrar teaching\nseen by: registrars\nrecipient: @derm:hs.test"),
            now(UseState.AWAITING_CONSENT),
        ),
    ),
    Conversation(
        "Filing a photo of a patient, all in its caption", LEE, 2, one_after_another(sends("lee", LINE), FILE, filed)
    ),
    Conversation(
        "Filing it with a line of its own", LEE, 3, one_after_another(sends("lee"), says("lee", LINE), FILE, filed)
    ),
    Conversation(
        "Filing it by taps",
        LEE,
        4,
        one_after_another(
            sends("lee"),
            tapped("lee", "Body: I took it, verbal consent today, sharing"),
            says("lee", "10421 1984-03-07"),
            FILE,
            filed,
        ),
    ),
    Conversation(
        "Filing a photo of a document",
        LEE,
        2,
        one_after_another(sends("lee", "document 10421 1984-03-07 mine"), FILE, filed),
    ),
    Conversation(
        "Sending one from outside, with the signed form",
        DERM,
        3,
        one_after_another(
            sends("derm", "body 10421 1984-03-07 mine written"), form_follows, tapped("derm", "File it"), filed
        ),
    ),
    Conversation(
        "Keeping it oneself", LEE, 2, one_after_another(sends("lee"), tapped("lee", "Leave it", ends="stays with you"))
    ),
    Conversation(
        "Deleting it from one's own device",
        LEE,
        1,
        tapped("lee", "Deleted everywhere", ends="that is recorded"),
        one_after_another(sends("lee", LINE), FILE),
    ),
    Conversation(
        "The device check",
        LEE,
        2,
        one_after_another(says("lee", "!device"), tapped("lee", "All four", ends="again in 6 months")),
        policy=CHECKED,
    ),
    Conversation("Calling it back", LEE, 1, says("lee", "!recall {ref}", ends="called back"), AGREED),
    Conversation("Answering what became of it", DERM, 1, tapped("derm", "Deleted", ends="noted"), RECALLED),
    Conversation("Enrolling a patient", KIM, 1, another_patient),
    Conversation("Saying whose photo it is", KIM, 2, match, photo_of_nobody_yet),
    Conversation(
        "Moving a photo to the right record",
        KIM,
        2,
        one_after_another(
            says("kim", "!refile {ref} 10999 1990-01-02"), tapped("kim", "Move", ends="in the right record now")
        ),
        another_patient,
    ),
    Conversation(
        "A patient leaves", KIM, 2, one_after_another(says("kim", "!patient-leaves 10421"), tapped("kim", "Leaves"))
    ),
    Conversation("A phone is lost", KIM, 1, says("kim", "!lost @sam:hs.test", ends="Scan to write")),
    Conversation("Comparing emoji with somebody", KIM, 1, kim_compares_emoji, emoji_are_shown),
    Conversation("A colleague leaves", KIM, 1, says("kim", "!leaves @derm:hs.test", ends="has left")),
    Conversation("What the law requires", KIM, 1, says("kim", LAW)),
    Conversation("Closing a breach assessment", KIM, 1, assessed, RECALLED),
    Conversation(
        "Destroying what is due",
        KIM,
        3,
        one_after_another(says("kim", "!due", "!destroy {ref}"), tapped("kim", "Destroy"), destroyed),
        years_go_by,
    ),
)


async def counted(conversation: Conversation, directory: Path) -> tuple[int, int, int]:
    """Messages (photos among them) and taps of one person, and the messages of the bot that they get to read."""
    async with shared_practice(directory, conversation.policy) as shared:
        if conversation.before is not None:
            await conversation.before(shared)
        homeserver = shared.practice.homeserver
        heard, said = len(homeserver.posts), len(homeserver.timeline)
        await conversation.play(shared)
        theirs = [
            one
            for one in homeserver.timeline[said:]
            if one.sender == conversation.who and one.kind is ArrivalKind.MESSAGE
        ]
        tapped = sum(one.type.endswith("poll.response") for one in theirs)
        here = {one.room_id for one in homeserver.timeline if one.sender == conversation.who}
        read = [
            post for post in homeserver.posts[heard:] if post.room_id in here and "m.new_content" not in post.content
        ]
        return len(theirs) - tapped, tapped, len(read)


@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=lambda one: one.name)
async def test_nobody_has_to_do_more_than_was_promised_and_the_page_says_so(
    conversation: Conversation, tmp_path: Path
) -> None:
    messages, tapped, read = await counted(conversation, tmp_path)
    assert messages + tapped <= conversation.most
    row = f"| {conversation.name} | {messages} | {tapped} | {read} | {conversation.most} |"
    assert row in PAGE.read_text(encoding="utf-8"), f"docs/conversations.md should say: {row}"


def test_the_page_says_nothing_that_is_not_counted() -> None:
    rows = re.findall(r"^\| ([^|]+) \| \d+ \| \d+ \| \d+ \| \d+ \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == [one.name for one in CONVERSATIONS]
