"""Photos that come together are told of together: one answer, one line for the team, and each keeps an account of its own."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote

import pytest

from bot.core.telling import ANNOUNCED, ON_ITS_WAY, RECEIVED, WAIT
from bot.domain.consent import Basis
from bot.domain.conversation import MOST_TOLD_TOGETHER
from bot.domain.copies import CopyState, What
from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.identifiers import Account
from bot.domain.image import State
from bot.domain.people import Standing
from bot.domain.planned import Hands
from bot.domain.screening import Findings
from bot.matrix.homeserver_client import HomeserverAnswer, HomeserverClient
from bot.operate.doctor.deep import Deep
from bot.operate.kept import Kept
from bot.words.about_pictures import ITS_PLACE
from storage.vault.master_keys import MasterKeys
from tests.cases import matches
from tests.fakes import PlainScreener
from tests.practice import JPEG, POLICY, Practice, Staffed, staffed_practice

RASH = "rash on my arm"
MANY_HANDS = dict.fromkeys(Hands, 4)


@dataclass
class SlowServer:
    """A homeserver that can't serve some photos yet, and counts what it is asked to redact."""

    chat: Any
    slow: set[bytes] = field(default_factory=set)
    redactions: Counter[str] = field(default_factory=Counter)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.chat, name)

    async def fetch(self, file: Any, limit: int) -> bytes:
        data: bytes = await self.chat.fetch(file, limit)
        if data in self.slow:
            raise OutsideFailure("HTTP 504")
        return data

    async def redact(self, room_id: str, event_id: str, *, transaction_id: str) -> None:
        self.redactions[event_id] += 1
        await self.chat.redact(room_id, event_id, transaction_id=transaction_id)


def behind(server: SlowServer) -> Callable[[str, Any], Any]:
    def around(name: str, port: Any) -> Any:
        server.chat = port if name == "chat" else server.chat
        return server if name == "chat" else port

    return around


async def send_together(people: Staffed, *photos: tuple[bytes, str]) -> None:
    """All there before the bot looks, as after a journey without a network."""
    practice = people.practice
    await practice.receive(*(people.sam.photo(data, caption) for data, caption in photos))
    await practice.settle()


def three(caption: str = RASH) -> list[tuple[bytes, str]]:
    return [(JPEG + bytes([number]), caption) for number in range(3)]


async def refs(practice: Practice) -> list[str]:
    return [image.ref for image in await practice.images()]


async def team_hears(practice: Practice) -> list[str]:
    return practice.seen_in(await practice.practice_room())


async def test_photos_that_come_together_have_one_answer_and_one_line_for_the_team(tmp_path: Path) -> None:
    """R1, R14: each is filed with the consent it rests on, whatever was said of it when."""
    async with staffed_practice(tmp_path) as people:
        before, team_before = len(people.sam.heard), len(await team_hears(people.practice))
        await send_together(people, *three())
        one, two, last = await refs(people.practice)
        (answer,), (line,) = people.sam.heard[before:], (await team_hears(people.practice))[team_before:]
        assert f"I have your photos {one}, {two} and {last}." in answer and RASH in answer
        assert line.splitlines()[0] == "3 new images from a patient."
        assert [words.split(":")[0] for words in line.splitlines()[1:]] == [one, two, last]
        assert line.count(f"Reason: “{RASH}”. Nobody has taken it yet: !mine IMG-") == 3
        async with people.practice.journal.reading() as rows:
            consents = await rows.consents.find(basis=Basis.IMPLIED)
            assert not await rows.bursts.find(), "nothing waits to be told"
        images = await people.practice.images()
        assert [one.image_id for one in consents] == [image.id for image in images]
        assert {image.state for image in images} == {State.VERIFIED}


async def test_who_sends_one_photo_waits_for_nothing(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo(JPEG + b"1", RASH)
        await people.sam.sends_photo(JPEG + b"2", RASH)
        one, two = await refs(people.practice)
        assert all(
            f"I have your photo {ref}." in said for ref, said in zip((one, two), people.sam.heard[-2:], strict=True)
        )
        assert (await team_hears(people.practice))[-1].startswith(f"New image {two} from a patient.")


async def test_what_was_sent_for_different_things_is_answered_apart(tmp_path: Path) -> None:
    """R1: nobody reads under one photo the reason of another."""
    async with staffed_practice(tmp_path) as people:
        await send_together(people, (JPEG + b"1", RASH), (JPEG + b"2", "my toe is blue"), (JPEG + b"3", RASH))
        one, two, last = await refs(people.practice)
        rash, toe = people.sam.heard[-2:]
        assert f"photos {one} and {last}." in rash and RASH in rash and "toe" not in rash
        assert f"photo {two}." in toe and "my toe is blue" in toe and RASH not in toe


async def test_what_is_asked_about_is_announced_with_the_others_and_answered_once_it_is_known(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await send_together(people, (JPEG + b"1", RASH), (JPEG + b"2", ""))
        one, two = await refs(people.practice)
        assert f"{two}: Reason not stated yet." in (await team_hears(people.practice))[-1]
        assert f"photo {one}." in people.sam.last_heard and two not in people.sam.last_heard
        await people.sam.writes("my toe is blue")
        assert f"photo {two}." in people.sam.last_heard and "blue" in people.sam.last_heard


async def test_ten_seconds_at_most_those_that_are_safe_are_told_of(tmp_path: Path) -> None:
    server = SlowServer(None, {JPEG + b"2"})
    async with staffed_practice(tmp_path, around=behind(server)) as people:
        before = len(people.sam.heard)
        await send_together(people, (JPEG + b"1", RASH), (JPEG + b"2", RASH), (JPEG + b"3", RASH))
        one, two, last = await refs(people.practice)
        assert people.sam.heard[before:] == [], "one more is on its way"
        assert {image.state for image in await people.practice.images()} == {State.VERIFIED, State.RECEIVED}
        await people.practice.after(seconds=WAIT.total_seconds())
        (answer,) = people.sam.heard[before:]
        assert f"photos {one} and {last}." in answer
        server.slow.clear()
        await people.practice.after(minutes=1)
        assert f"photo {two}." in people.sam.last_heard
        assert (await team_hears(people.practice))[-1].startswith(f"New image {two} ")
        await people.practice.after(hours=1)
        assert len(people.sam.heard[before:]) == 2, "and nobody is told twice"


async def test_what_can_t_be_fetched_for_a_minute_keeps_no_other_photo_waiting(tmp_path: Path) -> None:
    server = SlowServer(None, {JPEG + b"1"})
    async with staffed_practice(tmp_path, around=behind(server)) as people:
        await send_together(people, (JPEG + b"1", RASH))
        people.practice.clock.move(ON_ITS_WAY)
        await people.sam.sends_photo(JPEG + b"2", RASH)
        assert f"photo {(await refs(people.practice))[1]}." in people.sam.last_heard


async def test_when_the_last_is_not_kept_the_others_are_told_of_at_once(tmp_path: Path) -> None:
    for number, (last, said) in enumerate(((b"PK\x03\x04", "isn't a kind"), (JPEG + b"1", "already have this photo"))):
        async with staffed_practice(tmp_path / str(number)) as people:
            await send_together(people, (JPEG + b"1", RASH), (JPEG + b"2", RASH), (last, RASH))
            one, two, _ = await refs(people.practice)
            failed, answer = people.sam.heard[-2:]
            assert said in failed.replace("’", "'")
            assert f"photos {one} and {two}." in answer


async def test_what_is_on_hold_is_told_of_by_itself_and_at_once(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        before = len(await team_hears(people.practice))
        await send_together(
            people, (JPEG + b"1", "not me: my neighbour's knee"), (JPEG + b"2", RASH), (JPEG + b"3", RASH)
        )
        held, *others = await refs(people.practice)
        first, needs, together = (await team_hears(people.practice))[before:]
        assert first.startswith(f"New image {held} ") and needs.startswith(f"{held} needs a person")
        assert held not in together and all(ref in together for ref in others)


async def test_taking_one_of_them_shows_in_the_line_of_all(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await send_together(people, *three())
        one, two, last = await refs(people.practice)
        await people.lee.writes(f"!mine {two}")
        room = await people.practice.practice_room()
        edit = people.practice.posts_in(room)[-1].content["m.new_content"]["body"].splitlines()
        assert edit[0] == "3 new images from a patient."
        assert "has taken it" in edit[2] and edit[2].startswith(two)
        assert all("Nobody has taken it yet" in edit[line] for line in (1, 3))
        assert (one, last) == (edit[1][:8], edit[3][:8])


async def test_each_has_what_was_said_of_it_among_its_copies_and_it_is_redacted_once(tmp_path: Path) -> None:
    """R17."""
    server = SlowServer(None)
    async with staffed_practice(tmp_path, around=behind(server)) as people:
        await send_together(people, *three())
        images = await people.practice.images()
        async with people.practice.journal.reading() as rows:
            for key in (ANNOUNCED, RECEIVED):
                posts = await rows.copies.find(post_key=f"{key}{images[0].id}", what=What.POST)
                assert [post.image_id for post in posts] == [image.id for image in images]
                assert len({post.event_id for post in posts} - {""}) == 1
        await people.practice.after(seconds=POLICY.keep_messages.total_seconds() + 1)
        async with people.practice.journal.reading() as rows:
            keys = [f"{key}{images[0].id}" for key in (ANNOUNCED, RECEIVED)]
            posts = await rows.copies.find(what=What.POST, post_key=keys)
            assert [post.state for post in posts] == [CopyState.HIDDEN] * 6
        assert {server.redactions[post.event_id] for post in posts} == {1}


async def test_a_recall_takes_the_words_about_all_of_them_back_at_once(tmp_path: Path) -> None:
    """R25, R17: what was said of one goes with it, though it speaks of others too."""
    async with staffed_practice(tmp_path) as people:
        await send_together(people, *three())
        images = await people.practice.images()
        async with people.practice.journal.transaction() as rows:
            tx = people.practice.dispatch.transaction(rows)
            (second,) = await rows.copies.find(image_id=images[1].id, post_key=f"{ANNOUNCED}{images[0].id}")
            await tx.hide_now(second)
        await people.practice.settle()
        assert second.event_id in people.practice.homeserver.redacted


async def test_one_line_about_the_files_of_all_is_put_to_the_answer(tmp_path: Path) -> None:
    """R19: the bot reports what it found; once, when it has looked at all of them."""

    class Looking(PlainScreener):
        async def screen(self, data: bytes) -> Findings:
            return Findings(place=data.endswith(b"\x01"))

    def around(name: str, port: Any) -> Any:
        return Looking() if name == "screener" else port

    async with staffed_practice(tmp_path, around=around) as people:
        await send_together(people, *three())
        said = people.practice.posts_in(people.sam.own_room)
        edits = [post.content["m.new_content"]["body"] for post in said if "m.new_content" in post.content]
        answer = next(
            post.body for post in said if "I have your photos" in post.body and "m.new_content" not in post.content
        )
        assert edits == [f"{answer}\n{ITS_PLACE}"]
        async with people.practice.journal.reading() as rows:
            assert {one.answered for one in await rows.screenings.find()} == {""}


async def test_however_many_come_and_whatever_is_said_of_them_no_message_is_larger_than_a_homeserver_takes(
    tmp_path: Path,
) -> None:
    """R14: a line that is refused as too large is a line nobody reads."""
    async with staffed_practice(tmp_path) as people:
        photos = [(JPEG + bytes([number]), f"{number} {'🩹' * 400}") for number in range(MOST_TOLD_TOGETHER + 2)]
        before = len(await team_hears(people.practice))
        await send_together(people, *photos)
        first, *_ = await refs(people.practice)
        await people.lee.writes(f"!mine {first}")
        ten, two, edit = (await team_hears(people.practice))[before:]
        assert (
            ten.startswith(f"{MOST_TOLD_TOGETHER} new images")
            and two.startswith("2 new images")
            and edit.startswith(ten[:8])
        )
        sent = [json.dumps({"content": post.content}) for post in people.practice.homeserver.posts]
        assert max(len(words) for words in sent) * 4 / 3 < 60_000  # encrypted, it is in base64


async def test_one_that_can_t_be_looked_at_keeps_the_line_about_the_others_from_nobody(tmp_path: Path) -> None:
    """R19."""

    class Looking(PlainScreener):
        async def screen(self, data: bytes) -> Findings:
            if data.endswith(b"\x02"):
                raise Permanent("damaged")
            return Findings(place=data.endswith(b"\x01"))

    def around(name: str, port: Any) -> Any:
        return Looking() if name == "screener" else port

    async with staffed_practice(tmp_path, around=around) as people:
        await send_together(people, *three())
        assert people.sam.last_heard.endswith(ITS_PLACE)
        assert "could not be completed (damaged)" in (await team_hears(people.practice))[-1]


async def test_a_message_found_to_be_there_all_the_same_is_redacted_anew_for_all_it_is_about(tmp_path: Path) -> None:
    """R17: none of its copies counts as hidden because another of them does. The homeserver goes away during the look."""

    @dataclass
    class Showing:
        homeserver: Any
        answers: int = 1

        async def get_bytes(self, path: str, limit: int) -> bytes:
            raise Permanent("gone")

        async def ask(self, method: str, path: str) -> HomeserverAnswer:
            if not self.answers:
                raise OutsideFailure("homeserver: TimeoutError")
            event_id = unquote(path.rpartition("/")[2])
            self.answers -= event_id not in self.homeserver.redacted
            return HomeserverAnswer(
                200, {"content": {} if event_id in self.homeserver.redacted else {"body": "words"}}, []
            )

    async with staffed_practice(tmp_path) as people:
        practice = people.practice
        await send_together(people, *three())
        await practice.after(seconds=POLICY.keep_messages.total_seconds() + 1)
        key = f"{ANNOUNCED}{(await practice.images())[0].id}"
        async with practice.journal.reading() as rows:
            (lost,) = {copy.event_id for copy in await rows.copies.find(post_key=key)}
        practice.homeserver.redacted.remove(lost)
        kept = Kept(
            practice.keys,
            MasterKeys(practice.database, practice.keys),
            practice.database,
            practice.journal,
            practice.vault,
            practice.record,
        )
        deep = Deep(
            kept, practice.clock.now(), Account("@bot:hs.test"), cast(HomeserverClient, Showing(practice.homeserver))
        )
        with pytest.raises(OutsideFailure):
            async for deviation in deep.deviations():
                assert deviation.repair is not None
                await deviation.repair()
        await practice.settle()
        assert lost in practice.homeserver.redacted
        async with practice.journal.reading() as rows:
            assert {copy.state for copy in await rows.copies.find(post_key=key)} == {CopyState.HIDDEN}


async def test_it_is_redacted_once_also_by_many_hands(tmp_path: Path) -> None:
    """R17: what each image has of one message is settled one after another."""
    server = SlowServer(None)
    async with staffed_practice(tmp_path, around=behind(server)) as people:
        await send_together(people, *three())
        people.practice.clock.move(POLICY.keep_messages + timedelta(seconds=1))
        while due := await people.practice.journal.due(people.practice.clock.now(), MANY_HANDS, frozenset()):
            await asyncio.gather(*(people.practice.worker.carry_out(one) for one in due))
        assert set(server.redactions.values()) == {1}


async def test_one_answer_about_all_of_them_brings_the_team_s_line_up_to_date_once(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await send_together(people, *three(caption=""))
        before = len(await team_hears(people.practice))
        await people.sam.writes("my toe is blue")
        (line,) = (await team_hears(people.practice))[before:]
        assert line.count("Reason: “my toe is blue”") == 3


async def test_nothing_is_put_to_a_line_that_is_gone_from_the_room(tmp_path: Path) -> None:
    """One of them was destroyed, and the words about it with it (R23)."""
    async with staffed_practice(tmp_path) as people:
        await send_together(people, *three())
        images = await people.practice.images()
        async with people.practice.journal.transaction() as rows:
            (last,) = await rows.copies.find(image_id=images[2].id, post_key=f"{ANNOUNCED}{images[0].id}")
            await people.practice.dispatch.transaction(rows).erase_now(last)
        await people.practice.settle()
        before = len(await team_hears(people.practice))
        await people.lee.writes(f"!mine {images[0].ref}")
        assert len(await team_hears(people.practice)) == before


async def test_the_team_s_line_says_on_hold_no_longer_than_it_is(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo(JPEG, "not me: my neighbour's knee")
        (ref,) = await refs(people.practice)
        await matches(people.kim, ref, "10421 1984-03-07")
        await people.lee.writes(f"!keep {ref}")
        *_, line = (line for line in await team_hears(people.practice) if line.startswith(f"New image {ref} "))
        assert "On hold" not in line


async def test_the_team_does_not_read_that_they_are_of_one_patient_when_nobody_knows_whose_they_are(
    tmp_path: Path,
) -> None:
    """R15: one account may answer for several."""
    async with staffed_practice(tmp_path) as people:
        await people.kim.writes('!enrol patient 10422 "Mia Patel" 2015-02-01 parent "Sam Patel"')
        await people.sam.enrol(people.practice.last_code(people.kim.own_room))
        await send_together(people, *three())
        line = (await team_hears(people.practice))[-1]
        assert line.startswith("3 new images from one sender, perhaps of several patients.\n")


async def test_a_clock_that_was_set_back_keeps_no_answer_waiting(tmp_path: Path) -> None:
    server = SlowServer(None, {JPEG + b"1"})
    async with staffed_practice(tmp_path, around=behind(server)) as people:
        await send_together(people, (JPEG + b"1", RASH), (JPEG + b"2", RASH))
        people.practice.clock.move(timedelta(hours=-1))
        await people.sam.sends_photo(JPEG + b"3", RASH)
        _, two, three_ = await refs(people.practice)
        assert f"photos {two} and {three_}." in people.sam.last_heard


async def test_what_was_doubted_while_it_waited_is_not_answered_as_if_it_were_on_its_way(tmp_path: Path) -> None:
    """Never “it goes into your record” of what is on hold."""
    server = SlowServer(None, {JPEG + b"3"})
    async with staffed_practice(tmp_path, around=behind(server)) as people:
        await send_together(people, (JPEG + b"1", RASH), (JPEG + b"2", RASH), (JPEG + b"3", RASH))
        one, two, _ = await refs(people.practice)
        await people.sam.writes(f"{one}: somebody else")
        assert "on hold" in people.sam.last_heard
        await people.practice.after(seconds=WAIT.total_seconds())
        assert f"I have your photo {two}." in people.sam.last_heard and one not in people.sam.last_heard
        assert f"{one}: " in (await team_hears(people.practice))[-1]


async def test_whoever_left_meanwhile_is_told_nothing_more(tmp_path: Path) -> None:
    server = SlowServer(None, {JPEG + b"2"})
    async with staffed_practice(tmp_path, around=behind(server)) as people:
        await send_together(people, (JPEG + b"1", RASH), (JPEG + b"2", RASH))
        async with people.practice.journal.transaction() as rows:
            (sam,) = await rows.people.find(account=people.sam.account)
            await rows.people.save(replace(sam, standing=Standing.LEFT))
        before = len(people.sam.heard)
        await people.practice.after(seconds=WAIT.total_seconds())
        assert len(people.sam.heard) == before
        assert (await refs(people.practice))[0] in (await team_hears(people.practice))[-1], (
            "the team hears all the same"
        )
