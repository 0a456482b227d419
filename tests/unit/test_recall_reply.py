"""A reply that reached the wrong person is called back, recorded, and assessed; the record keeps it (R25)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.breach import Breach, replies_to_recall
from bot.domain.document import CALLED_BACK, Document
from bot.domain.entries import EntryKind
from bot.domain.identifiers import Account, DocumentId, ImageId, PatientId, PersonId
from bot.domain.people import Role
from tests.cases import Shared, shared_practice, taps
from tests.colleagues import FILE, LINE, answers, entries_of, image_of, with_derm
from tests.fakes import Post
from tests.households import heard_with, latest_image, person_id
from tests.practice import Practice, Someone
from tests.unit.test_breach_names_nobody import with_two_managers
from tests.unit.test_my_copy import files_sent, unzipped

CREAM = "use the cream twice a day"
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
REPLY = Document(
    DocumentId("d1"),
    EntryKind.REPLY,
    ImageId("i1"),
    PatientId("p1"),
    PersonId("lee"),
    NOW,
    CREAM,
    {},
    "",
    reader_id=PersonId("mia"),
)

# ---- the rule


@pytest.mark.parametrize(
    ("person", "work_of", "roles", "unheard_of", "may"),
    [
        ("lee", {"lee"}, {Role.CLINICIAN}, (), True),
        ("lee", {"lee"}, {Role.CLINICIAN}, ("mia",), True),  # who wrote it knows whom it went to
        ("chen", {"lee", "chen"}, {Role.CLINICIAN}, (), True),
        ("chen", {"lee", "chen"}, {Role.CLINICIAN}, ("mia",), False),
        ("other", set(), {Role.CLINICIAN}, (), False),
        ("kim", set(), {Role.MANAGER}, (), True),
        ("kim", set(), {Role.MANAGER}, ("mia",), False),
        ("rita", set(), {Role.RECEPTION}, (), False),
        ("lee", {"lee"}, {Role.RECEPTION}, (), False),  # a clinician no more
        ("derm", set(), {Role.OUTSIDE_CLINICIAN}, (), False),
    ],
)
def test_R25_its_author_who_took_over_or_a_manager_calls_a_reply_back(
    person: str, work_of: set[str], roles: set[Role], unheard_of: tuple[str, ...], may: bool
) -> None:
    theirs = {PersonId(one) for one in work_of}
    hidden = {PersonId(one) for one in unheard_of}
    found = replies_to_recall([REPLY], PersonId(person), theirs, frozenset(roles), hidden)
    assert found == ([REPLY] if may else [])


# ---- the conversation


async def breaches(practice: Practice) -> list[Breach]:
    async with practice.journal.reading() as rows:
        return await rows.breaches.find()


def with_words(practice: Practice, words: str) -> list[Post]:
    """The bot's posts with these words, in any chat."""
    return [post for post in practice.homeserver.posts if words in post.body]


def is_hidden(practice: Practice, post: Post) -> bool:
    return post.event_id in practice.homeserver.redacted


async def replied(shared: Shared) -> Post:
    await shared.lee.writes(f"!reply {shared.image.ref} {CREAM}")
    (post,) = with_words(shared.practice, CREAM)
    return post


async def test_R25_a_reply_is_taken_back_its_reader_told_and_the_clock_started(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        typed = await shared.lee.writes(f"!reply {shared.image.ref} {CREAM}")
        (post,) = with_words(shared.practice, CREAM)
        await shared.lee.writes(f"!recall {shared.image.ref}")
        assert is_hidden(shared.practice, post) and typed.event_id in shared.practice.homeserver.redacted
        assert "sent to you by mistake" in shared.sam.last_heard and "can't be undone" in shared.sam.last_heard
        assert CREAM not in shared.sam.last_heard and len(with_words(shared.practice, CREAM)) == 1
        (breach,) = await breaches(shared.practice)
        assert (breach.assess_by - breach.opened_at).days == 30
        assert "reached Sam Patel" in breach.what and CREAM not in breach.what
        assert [step["by"] for step in breach.steps] == ["Dr Lee", "consentry", "consentry"]
        assert "one message that still stood" in breach.steps[1]["what"]
        assert breach.ref in shared.lee.last_heard and "can't be unread" in shared.lee.last_heard
        assert any(breach.ref in words for words in shared.kim.heard)
        assert await shared.practice.audited("reply.called-back") == 1


async def test_R25_a_receipt_says_what_became_of_the_copies(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        post = await replied(shared)
        await shared.lee.writes(f"!recall {shared.image.ref}")
        await shared.practice.after(days=2)
        receipts = await entries_of(shared.practice, EntryKind.RECEIPT)
        lines = [line for receipt in receipts for line in receipt.facts["copies"] if line["event_id"] == post.event_id]
        assert [(line["state"], line["detail"]) for line in lines] == [("hidden", "taken-back")]


async def test_R25_the_record_keeps_it_with_a_note_and_nobody_gets_it_in_a_copy(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await replied(shared)
        await shared.sam.writes("my copy")
        (first,) = files_sent(shared, shared.sam.own_room)
        before = unzipped(shared.practice, first).namelist()
        assert any("reply" in name for name in before)
        await shared.lee.writes(f"!recall {shared.image.ref}")
        assert is_hidden(shared.practice, first), "it holds the reply"
        assert heard_with(shared.sam, "I am taking the copy out of this chat")
        (kept,) = await entries_of(shared.practice, EntryKind.REPLY)
        (note,) = await entries_of(shared.practice, EntryKind.CORRECTION)
        assert kept.facts["to"] == "Sam Patel" and note.facts["as"] == CALLED_BACK
        await shared.sam.writes("my copy")
        second = files_sent(shared, shared.sam.own_room)[-1]
        assert second != first
        names = unzipped(shared.practice, second).namelist()
        assert not any("reply" in name or "correction" in name for name in names)


async def test_R25_of_several_replies_a_tap_chooses_without_their_words(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        first = await replied(shared)
        await shared.practice.after(minutes=5)
        await shared.lee.writes(f"!reply {shared.image.ref} and call me")
        await shared.kim.writes(f"!recall {shared.image.ref}")
        assert not await breaches(shared.practice)
        asked = answers(shared.kim)
        assert len(asked) == 3 and all("Dr Lee" in label and "Sam Patel" in label for label in asked[:2])
        assert not any("cream" in label or "call me" in label for label in asked)
        await taps(shared.kim, asked[1])
        assert is_hidden(shared.practice, first)
        (second,) = [post for post in shared.practice.posts_in(shared.sam.own_room) if "and call me" in post.body]
        assert not is_hidden(shared.practice, second)
        assert len(await breaches(shared.practice)) == 1
        assert "Kim has called back your reply" in shared.lee.last_heard


async def test_R25_of_several_none_may_be_meant(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await replied(shared)
        await shared.lee.writes(f"!reply {shared.image.ref} {CREAM}")
        await shared.lee.writes(f"!recall {shared.image.ref}")
        asked = answers(shared.lee)
        assert len(set(asked)) == 3, "those written in the same minute can be told apart"
        await taps(shared.lee, "None")
        assert not await breaches(shared.practice) and "No reply" in shared.lee.last_heard


async def test_R25_what_is_called_back_is_called_back_once(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await replied(shared)
        await shared.lee.writes(f"!recall {shared.image.ref}")
        await shared.lee.writes(f"!recall {shared.image.ref}")
        assert (
            len(await breaches(shared.practice)) == 1 and "no reply, that could be called back" in shared.lee.last_heard
        )
        await shared.kim.writes(f"!recall {shared.image.ref}")
        assert "There is nothing to call back" in shared.kim.last_heard


async def test_R25_uses_come_first_and_it_is_said_that_replies_stay(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        post = await replied(shared)
        await shared.forwarded()
        await shared.lee.writes(f"!recall {shared.image.ref}")
        assert (
            not is_hidden(shared.practice, post) and f"once more: !recall {shared.image.ref}" in shared.lee.last_heard
        )
        await shared.lee.writes(f"!recall {shared.image.ref}")
        assert is_hidden(shared.practice, post) and len(await breaches(shared.practice)) == 2


async def test_R25_nobody_else_calls_a_reply_back(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        post = await replied(shared)
        await shared.kim.writes('!enrol clinician @chen:hs.test "Dr Chen"')
        chen = Someone(shared.practice, Account("@chen:hs.test"), "ChenIdentity")
        await chen.enrol(shared.practice.last_code(shared.kim.own_room))
        for person in (chen, shared.derm, shared.sam):
            await person.writes(f"!recall {shared.image.ref}")
        assert not is_hidden(shared.practice, post) and not await breaches(shared.practice)


async def test_R5_a_reply_to_a_colleague_is_called_back_and_they_are_asked_what_became_of_it(tmp_path: Path) -> None:
    async with with_derm(tmp_path) as (practice, people, derm):
        await derm.sends_photo(caption=LINE)
        await taps(derm, FILE)
        ref = (await image_of(practice)).ref
        await people.lee.writes(f"!reply {ref} {CREAM}")
        (post,) = with_words(practice, CREAM)
        await people.lee.writes(f"!recall {ref}")
        assert is_hidden(practice, post) and "sent to you by mistake" in derm.last_heard
        await taps(derm, "Never opened")
        (breach,) = await breaches(practice)
        assert breach.steps[-1]["what"] == "answers: Never opened, and deleted" and not breach.reader_ids


async def test_R25_a_reply_still_on_its_way_is_not_sent_and_nobody_is_told_a_wrong_reason(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(f"!reply {shared.image.ref} {CREAM}", settle=False)
        await shared.practice.inbox.drain()
        await shared.lee.writes(f"!recall {shared.image.ref}")
        assert not with_words(shared.practice, CREAM)
        assert not heard_with(shared.lee, "did not reach")
        assert len(await breaches(shared.practice)) == 1, "a first try may have got through"
        (breach,) = await breaches(shared.practice)
        assert "may have reached" in breach.what and "stopped on its way" in breach.steps[1]["what"]


async def test_R25_a_reply_that_left_while_it_was_called_back_is_taken_back_and_assessed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shared_practice(tmp_path) as shared:
        practice = shared.practice
        send = practice.homeserver.send
        sent: list[str] = []

        async def send_slowly(room_id, content, *more, **named):  # type: ignore[no-untyped-def]
            event_id = await send(room_id, content, *more, **named)
            if CREAM in str(content.get("body")) and not sent:
                sent.append(event_id)
                recall = {"msgtype": "m.text", "body": f"!recall {shared.image.ref}"}
                await practice.receive(shared.lee.arrival(shared.lee.own_room, recall))
                await practice.inbox.drain()
            return event_id

        monkeypatch.setattr(practice.homeserver, "send", send_slowly)
        await shared.lee.writes(f"!reply {shared.image.ref} {CREAM}")
        assert sent and sent[0] in practice.homeserver.redacted
        assert len(await breaches(practice)) == 1 and not heard_with(shared.lee, "did not reach")


async def test_R25_what_an_older_version_sent_is_said_not_to_be_found_and_is_assessed(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        post = await replied(shared)
        async with shared.practice.journal.transaction() as rows:
            for copy in await rows.copies.of_event(post.event_id):
                await rows.copies.save(replace(copy, post_key=""))
        await shared.lee.writes(f"!recall {shared.image.ref}")
        assert (
            "can't take the reply" in shared.lee.last_heard and "only Sam Patel can delete it" in shared.lee.last_heard
        )
        assert "I can't take it out of this chat" in shared.sam.last_heard
        (breach,) = await breaches(shared.practice)
        said = "\n".join(step["what"] for step in breach.steps)
        assert "did not note where it stands" in said and "nothing of it stood" not in said


async def test_R25_a_reply_that_was_called_back_waits_for_nobody_to_open_it(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await replied(shared)
        await shared.lee.writes(f"!recall {shared.image.ref}")
        await shared.practice.after(days=2)
        assert not heard_with(shared.lee, "Nothing shows")


# ---- whom it names (R33a)


async def test_R33a_what_a_mature_minor_read_is_not_her_parents_to_call_back_or_to_hear_of(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        pat, mia = await with_two_managers(shared)
        image = await latest_image(shared)
        await shared.lee.writes(f"!reply {image.ref} {CREAM}")
        assert heard_with(mia, CREAM)
        already = len(shared.kim.heard)
        await shared.kim.writes(f"!recall {image.ref}")
        assert "nothing to call back" in shared.kim.last_heard and not await breaches(shared.practice)
        await pat.writes(f"!recall {image.ref}")
        (breach,) = await breaches(shared.practice)
        assert "Mia Patel" in "\n".join(pat.heard) and breach.reader_ids == (await person_id(mia),)
        assert any(breach.ref in words for words in shared.kim.heard[already:])
        assert not any("Mia" in words or "reply" in words for words in shared.kim.heard[already + 1 :])
